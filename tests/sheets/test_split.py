"""One file per village: nothing lost, nothing twice, the look of the whole cell by cell, sums counted anew."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from app import tour
from app.ledgers.contents import ledger_called
from app.ledgers.listing import Listing
from app.models.conditions import read
from app.models.faults import Denied, Reject, Trouble
from app.models.here import Clerk, here, standing
from app.models.people import Person
from app.sheets.lists import open_list
from app.sheets.split import NO_VILLAGE, split_file, split_listing
from tests import town
from tests.proof import many
from tests.sheets.people_lists import draw
from tests.work.rows_given import number_of, township

HEADING = ["序号", "姓名", "身份证号", "行政村", "补助金额", "折算"]
VILLAGES = ("牛街村", "牛街村委会", "保邑村", "外乡村", "")


def place(village: str) -> str:
    return village.removesuffix("委会").removesuffix("村")


def whole(path: Path, rng: Random, size: int) -> list[list[Any]]:
    """A list with a look of its own: title, heading, rows, a sum as a formula, a signature. Gives its rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "发放表"
    sheet.append(["某某补助发放表"])
    sheet.merge_cells("A1:F1")
    sheet["A1"].font = Font(name="黑体", size=18, bold=True)
    sheet.append(HEADING)
    rows: list[list[Any]] = []
    for at, one in enumerate(draw(rng, size), 1):
        rows.append([at, one.name or f"某人{at}", one.number or None, rng.choice(VILLAGES) or None, 100 + at, None])
    line = Border(*[Side(style="thin")] * 4)
    for at, row in enumerate(rows, 3):
        sheet.append([*row[:5], f"=E{at}*2"])
        sheet.row_dimensions[at].height = 20 + at % 3
        for cell in sheet[at]:
            cell.border = line
            cell.number_format = {3: "@", 5: "0.00", 6: "0.00"}.get(cell.column, "General")
            cell.fill = PatternFill("solid", fgColor="FFEEEE" if at % 2 else "EEFFEE")
    last = size + 2
    sheet.append(["合计", None, None, None, f"=SUM(E3:E{last})", f"=SUM(F3:F{last})"])
    sheet.append(["制表人：", None, None, "审核人："])
    sheet.merge_cells(start_row=last + 2, start_column=1, end_row=last + 2, end_column=3)
    sheet.column_dimensions["C"].width = 27
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "2:2"
    sheet.page_setup.orientation = "landscape"
    sheet["A2"].alignment = Alignment(horizontal="center")
    book.create_sheet("汇总").append(["行政村", "人数"])
    book.save(path)
    return rows


@pytest.mark.parametrize("seed", range(many(20, 4)))
def test_every_row_is_in_the_file_of_its_village_with_its_look(file: Any, tmp_path: Path, seed: int) -> None:
    township()
    rng = Random(seed)
    rows = whole(tmp_path / "发放.xlsx", rng, size := rng.choice([5, 12, 30]))
    report = split_file(tmp_path / "发放.xlsx", tmp_path / "各村")
    assert report.counts["rows"] == size
    assert report.refused == sum(row[3] is None for row in rows)
    assert "“汇总”不是名单，没有放进各村的文件。" in report.notes
    original = openpyxl.load_workbook(tmp_path / "发放.xlsx")["发放表"]
    seen = []
    for path in report.files:
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == ["发放表"]
        mine = look(book["发放表"], original, rows, path.stem.removeprefix("发放-"))
        assert [line.texts.get("name") for line in open_list(path).lines] == [rows[at][1] for at in mine]
        seen += mine
    assert sorted(seen) == list(range(size))
    assert {path.name for path in (tmp_path / "各村").iterdir()} == {path.name for path in report.files}


def look(sheet: Any, original: Any, rows: list[list[Any]], village: str) -> list[int]:
    """The rows (from 0) that stand in a village's file; everything that is seen of them is as in the whole."""
    village = "" if village == NO_VILLAGE else village
    mine = [at for at, row in enumerate(rows) if place(row[3] or "") == place(village)]
    sources = [1, 2, *(at + 3 for at in mine), len(rows) + 3, len(rows) + 4]
    assert sheet.max_row == len(sources)
    for to, source in enumerate(sources, 1):
        for column in range(1, 7):
            one, other = sheet.cell(to, column), original.cell(source, column)
            for part in ("font", "border", "fill", "number_format", "alignment"):
                assert repr(getattr(one, part)) == repr(getattr(other, part)), (to, column)
            if source <= 2 or (source in range(3, len(rows) + 3) and 1 < column < 6):
                assert one.value == other.value
        assert sheet.row_dimensions[to].height == original.row_dimensions[source].height
    lines = range(3, len(mine) + 3)
    assert [sheet.cell(to, 1).value for to in lines] == list(range(1, len(mine) + 1))
    assert [sheet.cell(to, 6).value for to in lines] == [f"=E{to}*2" for to in lines]
    assert sheet.cell(len(mine) + 3, 5).value == sum(rows[at][4] for at in mine)
    assert sheet.column_dimensions["C"].width == 27
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == ("A3", "$2:$2", "landscape")
    merges = {str(merge) for merge in sheet.merged_cells.ranges}
    assert merges == {"A1:F1", f"A{len(mine) + 4}:C{len(mine) + 4}"}
    return mine


def test_calculated_cells_and_several_sheets(file: Any, tmp_path: Path) -> None:
    """One sheet per village: each file has its own sheet; what the file says a formula came to stays as its value."""
    import xlsxwriter

    township()
    book = xlsxwriter.Workbook(tmp_path / "名单.xlsx")
    for village, serial in (("牛街村", 11), ("保邑村", 13)):
        sheet = book.add_worksheet(village)
        sheet.write_row(0, 0, ["姓名", "身份证号", "金额", "合计金额"])
        sheet.write_row(1, 0, ["张三", number_of(serial), 5])
        sheet.write_formula(1, 3, "=C2*2", None, 10)
        sheet.write_row(2, 0, ["合计", "", 5])
        sheet.write_formula(2, 3, "=SUM(D2:D2)", None, 10)
    book.add_worksheet("选项").hide()
    book.close()
    report = split_file(tmp_path / "名单.xlsx", tmp_path / "各村")
    assert [path.name for path in report.files] == ["名单-牛街村.xlsx", "名单-保邑村.xlsx"]
    for path, village in zip(report.files, ("牛街村", "保邑村"), strict=True):
        made = openpyxl.load_workbook(path)
        assert made.sheetnames == [village, "选项"]
        assert [made[village].cell(row, 4).value for row in (2, 3)] == [10, 10]


def test_nothing_is_written_over_and_what_cannot_be_split_is_said(file: Any, tmp_path: Path) -> None:
    township()
    whole(tmp_path / "发放.xlsx", Random(1), 5)
    split_file(tmp_path / "发放.xlsx", tmp_path / "各村")
    before = {path: path.read_bytes() for path in (tmp_path / "各村").iterdir()}
    with pytest.raises(Trouble, match="请另选一个空文件夹"):
        split_file(tmp_path / "发放.xlsx", tmp_path / "各村")
    assert before == {path: path.read_bytes() for path in (tmp_path / "各村").iterdir()}
    with pytest.raises(Trouble, match="不分行政村"):
        split_listing(Listing(ledger_called("categories")), tmp_path / "x")
    (tmp_path / "名单.csv").write_text("姓名,身份证号,行政村\n=张三,,牛街村\n李四,,保邑村\n", encoding="utf-8")
    report = split_file(tmp_path / "名单.csv", tmp_path / "csv")
    assert len(report.files) == 2 and any("不是 .xlsx" in note for note in report.notes)


def test_the_shipped_sample_is_split(file: Any, tmp_path: Path) -> None:
    """Its hidden sheet holds people too, and one of its sheets says no village."""
    tour.found_sample_township()
    report = split_file(tour.SAMPLE, tmp_path / "各村")
    assert report.counts["rows"] == len(open_list(tour.SAMPLE).lines) > 150
    for path in report.files:
        book = openpyxl.load_workbook(path)
        assert any(sheet.sheet_state == "visible" for sheet in book.worksheets)
    assert sum(len(open_list(path).lines) for path in report.files) == report.counts["rows"]
    (tmp_path / "没写.csv").write_text("姓名,身份证号\n张三,\n", encoding="utf-8")
    with pytest.raises(Trouble, match="没有一行写明行政村"):
        split_file(tmp_path / "没写.csv", tmp_path / "x")
    (tmp_path / "空.csv").write_text("姓名,身份证号,行政村\n", encoding="utf-8")
    with pytest.raises(Trouble, match="只有标题行"):
        split_file(tmp_path / "空.csv", tmp_path / "x")


def test_a_ledger_is_split_by_village_and_its_filter_holds(file: Any, tmp_path: Path) -> None:
    town.build(seed=4, households=20, persons=80)
    ledger = ledger_called("persons")
    listing = Listing(ledger, read("性别 = 女", Person), whole=True)
    report = split_listing(listing, tmp_path / "各村")
    village = next(column.text for column in ledger.shown if column.text.startswith("household.village"))
    at, name = [column.text for column in listing.shown].index(village), 1
    rows = listing.cells(listing.keys())
    seen = 0
    for path in report.files:
        sheet = openpyxl.load_workbook(path).active
        mine = [row for row in rows if row[at] == path.stem.removeprefix("人员台账-")]
        told = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=4, max_row=len(mine) + 3)]
        assert [row[at + 1] for row in told] == [row[at] for row in mine]
        assert sorted(row[name + 1] for row in told) == sorted(row[name] for row in mine)
        assert sheet.max_row == len(mine) + 3 and "性别 = 女" in sheet["A2"].value
        seen += len(mine)
    assert seen == listing.count() == report.counts["rows"] > 10
    assert report.counts["villages"] == len(report.files) > 2


def test_who_is_signed_in_says_what_for(file: Any, tmp_path: Path) -> None:
    township()
    whole(tmp_path / "发放.xlsx", Random(1), 5)
    with standing(clerk=Clerk("yxz", "某人", ("1",), None, 1), who="yxz"), pytest.raises(Reject, match="用途"):
        split_file(tmp_path / "发放.xlsx", tmp_path / "各村")
    assert not list(tmp_path.glob("各村/*"))
    with standing(clerk=Clerk("yxz", "某人", ("1",), None, 1), who="yxz", purpose="发给各村核对"):
        split_file(tmp_path / "发放.xlsx", tmp_path / "各村")
    told = [row[0] for row in here().file.run("SELECT title FROM operation ORDER BY id").fetchall()]
    assert told[-1] == "导出“按村拆分“发放.xlsx””5 行，写全号码，用途：发给各村核对"


def test_who_may_not_export_leaves_no_folder_behind(file: Any, tmp_path: Path) -> None:
    town.build(seed=4, households=5, persons=20)
    for role in ("3", "4"):
        with standing(clerk=Clerk("ld", "某人", (role,), None, 2), who="ld"), pytest.raises(Denied):
            split_listing(Listing(ledger_called("persons"), whole=True), tmp_path / role)
        assert not (tmp_path / role).exists()
