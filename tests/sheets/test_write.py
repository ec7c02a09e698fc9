"""An exported ledger, read back by two readers that are not ours."""

from __future__ import annotations

import re
import resource
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from app.ledgers.help import help_records
from app.ledgers.ledger import Ledger
from app.ledgers.listing import Listing
from app.ledgers.people import persons
from app.models.conditions import read
from app.models.faults import Cancelled, Trouble
from app.models.fields import Day, Money
from app.models.help import HelpLine, HelpRecord
from app.models.operation import operation
from app.models.people import Person
from app.models.record import put_all
from app.sheets.write import MASKED, export
from tests.work.rows_given import family, number_of, planned, township

LEDGER = Ledger(
    "人员[全部]/资料",
    Person,
    columns="name id_number birth age account telephone away_since height note household.village",
    order="name",
)


@pytest.fixture
def listing(file: Any) -> Listing:
    township()
    planned(
        *family(
            "1",
            {"name": "张一", "relation": "户主", "id_number": number_of(11), "account": "6217990000000000001",
             "telephone": "13887654321", "away_since": "2024-02-18", "height": 171, "note": "=1+1"},
            {"name": "李二", "relation": "妻", "birth": "1963年", "telephone": "0872-8123456", "note": "+八六"},
            {"name": "王三", "relation": "子", "note": "-说明"}, {"name": "赵四", "relation": "女", "note": "@某人"},
            {"name": "𠮷祥", "relation": "孙子", "note": "两行\n备注"},
        )
    ).commit("导入")  # fmt: skip
    return Listing(LEDGER, whole=True)


def read_back(path: Path) -> tuple[Any, list[list[Any]]]:
    book = openpyxl.load_workbook(path)
    return book.active, python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()


def test_both_readers_see_the_values_of_the_listing(listing: Listing, tmp_path: Path) -> None:
    said = export(listing, tmp_path / "台账.xlsx")
    assert said == "已导出“人员[全部]/资料”5 行到 台账.xlsx。"
    sheet, rows = read_back(tmp_path / "台账.xlsx")
    assert [cell.value for cell in sheet[3]] == ["序号", *(column.caption for column in listing.shown)]
    for at, values in enumerate(listing.values(listing.keys())):
        ours = [cell.value for cell in sheet[4 + at]][1:]
        theirs = rows[3 + at][1:]
        for column, value, mine, other in zip(listing.shown, values, ours, theirs, strict=True):
            shown = column.path.fact.show(value)
            if isinstance(column.path.fact, Day) and value:
                assert (mine, other) == (datetime(value.year, value.month, value.day), value)
            elif isinstance(value, int):
                assert (mine, other) == (value, value)
            elif column.text == "age" and value and value[0] == value[1]:
                assert (mine, other) == (value[0], value[0])
            else:
                assert (mine or "", other) == (shown, shown)


def test_identity_numbers_accounts_and_telephones_are_text(listing: Listing, tmp_path: Path) -> None:
    export(listing, tmp_path / "a.xlsx")
    sheet, _ = read_back(tmp_path / "a.xlsx")
    row = next(row for row in sheet.iter_rows(min_row=4) if row[1].value == "张一")
    for place, value in ((2, number_of(11)), (5, "6217990000000000001"), (6, "13887654321")):
        assert (row[place].value, row[place].data_type, row[place].number_format) == (value, "s", "@")
    assert row[7].is_date
    assert (row[8].value, row[8].data_type) == (171, "n")


def test_nothing_in_the_file_is_a_formula(listing: Listing, tmp_path: Path) -> None:
    export(listing, tmp_path / "a.xlsx")
    sheet, _ = read_back(tmp_path / "a.xlsx")
    notes = {row[9].value for row in sheet.iter_rows(min_row=4)}
    assert {"=1+1", "+八六", "-说明", "@某人"} <= notes
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        assert not re.search(rb"<f[ >]", package.read("xl/worksheets/sheet1.xml"))


def test_the_condition_stands_in_words_under_the_title(listing: Listing, tmp_path: Path) -> None:
    narrow = listing.but(where=read("与户主关系 = 户主", Person))
    export(narrow, tmp_path / "a.xlsx", mark="样稿")
    sheet, _ = read_back(tmp_path / "a.xlsx")
    assert sheet["A1"].value == "人员[全部]/资料（样稿）"
    assert sheet["A2"].value == "条件：与户主关系 = 户主　截至 2026年11月21日　共 1 行"
    assert MASKED not in sheet["A2"].value
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref


def test_a_masked_sheet_says_so_and_holds_no_whole_number(listing: Listing, tmp_path: Path) -> None:
    export(listing.but(whole=False), tmp_path / "a.xlsx")
    sheet, _ = read_back(tmp_path / "a.xlsx")
    assert MASKED in sheet["A2"].value
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        content = b"".join(package.read(name) for name in package.namelist())
    for secret in (number_of(11), "6217990000000000001", "13887654321"):
        assert secret.encode() not in content


def test_amounts_are_numbers_and_their_sum_stands_below(file: Any, tmp_path: Path) -> None:
    township()
    planned(*family("1", {"name": "张一", "relation": "户主", "id_number": number_of(11)})).commit("导入")
    with operation("记帮扶"):
        days = date(2026, 9, 1), date(2026, 9, 2)
        keys = put_all(HelpRecord, [{"kind": "5", "day": day, "subject": f"{day.day} 日"} for day in days])
        person = Person.get().id
        put_all(HelpLine, [{"help": key, "person": person, "cash": 12_050} for key in keys])
    listing = Listing(help_records)
    export(listing, tmp_path / "a.xlsx")
    sheet, _ = read_back(tmp_path / "a.xlsx")
    at = next(number for number, column in enumerate(listing.shown, 2) if column.text == "cash")
    assert [sheet.cell(row, at).value for row in (4, 5, 6)] == [120.5, 120.5, 241]
    assert sheet.cell(6, 1).value == "合计"
    assert Money("x").show(24_100) == "241.00"


def test_a_demonstration_file_marks_its_sheets(
    listing: Listing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sheets.write.demo_mark", lambda: "演示数据")
    export(listing, tmp_path / "a.xlsx")
    assert read_back(tmp_path / "a.xlsx")[0]["A1"].value.endswith("（演示数据）")


# --- the disk ---------------------------------------------------------------------------------------------------------


def test_a_full_disk_costs_nothing(listing: Listing, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"what stood there")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(Trouble, match="磁盘空间不足"):
            export(listing, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"what stood there"
    assert list(tmp_path.glob(".*")) == []


def test_a_file_that_is_open_elsewhere_costs_nothing(
    listing: Listing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(source: Any, target: Any) -> None:
        raise PermissionError(13, "in use")

    path = tmp_path / "a.xlsx"
    path.write_bytes(b"what stood there")
    monkeypatch.setattr("os.replace", locked)
    with pytest.raises(Trouble, match="正被其他程序打开"):
        export(listing, path)
    assert path.read_bytes() == b"what stood there"
    assert list(tmp_path.glob(".*")) == []


def test_a_folder_that_is_not_there_and_a_wrong_ending(listing: Listing, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="文件夹"):
        export(listing, tmp_path / "没有" / "a.xlsx")
    with pytest.raises(ValueError, match="xlsx"):
        export(listing, tmp_path / "a.et")


def test_cancelling_leaves_nothing_behind(listing: Listing, tmp_path: Path) -> None:
    def cancel(done: int, total: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        export(Listing(persons, whole=True), tmp_path / "a.xlsx", cancel)
    assert not (tmp_path / "a.xlsx").exists()
    assert list(tmp_path.glob(".*")) == []
