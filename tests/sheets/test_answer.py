"""A county's list of doubts: its blank cells answered with what is registered, nothing else touched, no guess."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from app.models.faults import Reject, Trouble
from app.models.here import Clerk, here, standing
from app.models.operation import operation
from app.models.people import Person
from app.sheets.answer import answer_file
from tests import town
from tests.work.rows_given import family, number_of, planned, township

HEADING = ["序号", "姓名", "身份证号", "疑点", "是否在册", "所在村", "去世日期"]
HEADING += ["联系电话", "户主姓名", "备注", "核实人"]


def county(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["疑点核查名单"])
    sheet.merge_cells("A1:K1")
    sheet.append(HEADING)
    for at, row in enumerate(rows, 1):
        sheet.append([at, *row])
    sheet.append(["填报人：", None, None, "审核人："])
    for row in sheet.iter_rows():
        for cell in row:
            cell.font = Font(name="仿宋", size=11)
    book.save(path)
    return path


@pytest.fixture
def homes(file: Any) -> None:
    township()
    planned(
        *family(
            "1",
            {"name": "张三", "relation": "户主", "id_number": number_of(11), "telephone": "13887654321", "note": "注"},
            {"name": "李四", "relation": "妻", "id_number": number_of(12)},
            {"name": "王五", "relation": "子", "id_number": number_of(13)},
        ),
        *family("2", {"name": "王五", "relation": "户主", "id_number": number_of(15)}, village="保邑村", block=2),
    ).commit("导入")
    with operation("去世"):
        dead = Person.get(Person.name == "李四")
        dead.until, dead.leaving = date(2025, 3, 4), "1"
        dead.save()


def test_blank_cells_are_answered_and_nothing_else_is_touched(homes: None, tmp_path: Path) -> None:
    path = county(
        tmp_path / "疑点.xlsx",
        ["张三", number_of(11), "车辆", None, None, None, None, None, None, None],
        ["李四", number_of(12), "死亡", None, "某某村", None, None, None, None, None],
        ["王五", None, "工商", None, None, None, None, None, None, None],
        ["赵六", number_of(99), "车辆", None, None, None, None, None, None, None],
        ["张三", number_of(97), "号码", None, None, None, None, None, None, None],
    )
    report = answer_file(path, tmp_path / "答复.xlsx")
    before, after = (openpyxl.load_workbook(one).active for one in (path, tmp_path / "答复.xlsx"))
    told = [[after.cell(row, column).value for column in range(5, 12)] for row in range(3, 8)]
    assert told == [
        ["是", "牛街村", None, "13887654321", "张三", None, None],
        ["否", "某某村", datetime(2025, 3, 4), None, "张三", None, None],
        [None] * 7,  # two of that name
        ["否", *[None] * 6],  # nobody registered
        [None] * 7,  # his name, but another number: nothing is guessed
    ]
    assert after["H3"].data_type == "s" and after["G4"].is_date
    for row in before.iter_rows():
        for cell in row:
            mine = after[cell.coordinate]
            assert repr(mine.font) == repr(cell.font)
            assert cell.value is None or mine.value == cell.value
    assert report.counts == {"asked": 5, "known": 2, "unknown": 1, "unclear": 2, "filled": 8, "left": 15}
    assert report.refused == 15
    assert [after[cell].fill.fgColor.rgb == "FFFBEAE9" for cell in ("E5", "G3")] == [True, False]
    reasons = {row[-1] for row in report.parts[0].rows}
    assert "有 2 个人可能是他。" in reasons and any("请核对号码" in why for why in reasons)


def test_every_answer_is_what_a_slow_walk_says(file: Any, tmp_path: Path) -> None:
    town.build(seed=8)
    sql = (
        "SELECT person.id_number, person.until, person.leaving, place.name FROM person JOIN household"
        " ON household.id = person.household_id JOIN place ON place.id = household.village_id"
        " WHERE person.id_number IS NOT NULL"
    )
    known = {row[0]: row[1:] for row in here().file.run(sql).fetchall()}
    path = county(tmp_path / "疑点.xlsx", *([None, number, "车辆", *[None] * 7] for number in known))
    answer_file(path, tmp_path / "答复.xlsx")
    sheet, seen = openpyxl.load_workbook(tmp_path / "答复.xlsx").active, {"是": 0, "否": 0, "dead": 0}
    for at, (until, leaving, village) in enumerate(known.values(), 3):
        gone = until is not None and str(until) <= str(here().day)
        assert sheet.cell(at, 5).value == ("否" if gone else "是")
        assert sheet.cell(at, 6).value == village
        died = str(until) if gone and leaving in ("1", "5") else None
        assert (str(sheet.cell(at, 7).value.date()) if sheet.cell(at, 7).value else None) == died
        seen[sheet.cell(at, 5).value] += 1
        seen["dead"] += died is not None
    assert min(seen.values()) > 0, seen


def test_what_cannot_be_answered_ends_in_a_sentence(homes: None, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["姓名", "身份证号", "别的"], ["张三", number_of(11), None]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Trouble, match="没有认得的空列"):
        answer_file(tmp_path / "a.xlsx", tmp_path / "x.xlsx")
    path = county(tmp_path / "疑点.xlsx", ["张三", number_of(11), "车辆", *[None] * 7])
    with standing(clerk=Clerk("yxz", "某人", ("1",), None, 1), who="yxz"), pytest.raises(Reject, match="用途"):
        answer_file(path, tmp_path / "x.xlsx")
    assert not (tmp_path / "x.xlsx").exists()


def test_whose_number_is_somebody_else_s_is_not_answered(homes: None, tmp_path: Path) -> None:
    path, out = county(tmp_path / "疑点.xlsx", ["张三", number_of(13), "疑似死亡"]), tmp_path / "反馈.xlsx"
    report = answer_file(path, out)
    assert (report.counts["known"], report.counts["unclear"], report.counts["filled"]) == (0, 1, 0)
    assert {row[-1] for row in report.parts[0].rows} == {"身份证号登记的是王五，姓名不同，请核对号码和姓名。"}


def test_the_answer_is_never_written_over_the_list_it_answers(homes: None, tmp_path: Path) -> None:
    path = county(tmp_path / "疑点.xlsx", ["张三", number_of(11), "疑似死亡"])
    before = path.read_bytes()
    with pytest.raises(Trouble, match="请换一个文件名"):
        answer_file(path, path)
    assert path.read_bytes() == before
