"""A county's blank forms filled from the ledgers: rosters, single forms and statistics, kept as they were laid out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Font, Side

from app.ledgers.contents import ledgers
from app.ledgers.listing import Listing
from app.models.conditions import read
from app.models.county_forms import BoundForm
from app.models.database import DataFile
from app.models.faults import Trouble
from app.models.history import strangers
from app.models.people import Household, Person
from app.sheets.bound_form import bind, blank_file, bound_forms, choices_of, drop_form, known_form, listing_of
from app.sheets.county_form import fill_form
from app.sheets.form_source import ROSTER, SINGLE, STATISTICS
from tests.town import build

THIN = Border(*(Side(style="thin"),) * 4)


@pytest.fixture
def filled(sqlite: DataFile) -> DataFile:
    build()
    return sqlite


def made(path: Path, draw: Callable[[Any], None]) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = "表一"
    draw(sheet)
    book.save(path)
    return path


def roster(sheet: Any) -> None:
    """Title, unit line, heading of two rows, three bordered rows, a total and who signs."""
    sheet.append(["弥渡县农村留守人员花名册"])
    sheet.merge_cells("A1:H1")
    sheet.append(["填报单位：", None, None, None, None, "单位：人、元"])
    sheet.append(["序号", "基本情况", None, None, None, "行政村", "承包地", "帮扶责任人"])
    sheet.append([None, "姓名", "性别", "公民身份号码", "年龄"])
    sheet.merge_cells("B3:E3")
    for column in "AFGH":
        sheet.merge_cells(f"{column}3:{column}4")
    for row in range(5, 8):
        sheet.row_dimensions[row].height = 24
        for column in range(1, 9):
            sheet.cell(row, column).border = THIN
    sheet.append(["合计"])
    sheet.cell(8, 8, "=SUM(A5:A7)")
    sheet.append(["填表人：", None, None, "审核人："])
    sheet.print_title_rows = "3:4"


def single(sheet: Any) -> None:
    sheet["A1"] = "家庭情况登记表"
    sheet.merge_cells("A1:F1")
    sheet["A2"], sheet["C2"], sheet["E2"] = "户主姓名", "户编号", "行政村"
    sheet["A3"], sheet["C3"], sheet["E3"] = "家庭人口", "户联系电话", "致贫原因"
    sheet["A4"] = "家庭成员情况"
    sheet.merge_cells("A4:F4")
    for at, text in enumerate(("序号", "姓名", "与户主关系", "性别", "年龄", "公民身份号码"), 1):
        sheet.cell(5, at, text).font = Font(bold=True)
    for row in (6, 7):
        for column in range(1, 7):
            sheet.cell(row, column).border = THIN
    sheet["A8"] = "填表人："


def statistics(sheet: Any) -> None:
    sheet["A1"] = "老年人和残疾人情况统计表"
    sheet.merge_cells("A1:F1")
    sheet["A2"], sheet["B2"], sheet["C2"], sheet["E2"], sheet["F2"] = "村名", "60岁以上", "80岁以上", "残疾人", "危房户"
    sheet["C3"], sheet["D3"] = "合计", "其中：女"
    sheet.merge_cells("C2:D2")
    for column in "ABEF":
        sheet.merge_cells(f"{column}2:{column}3")
    for at, name in enumerate(("牛街村", "大水村", "合计"), 4):
        sheet.cell(at, 1, name)
        for column in range(2, 7):
            sheet.cell(at, column).border = THIN


def test_a_roster_is_filled_and_what_stands_below_moves_down(filled: DataFile, tmp_path: Path) -> None:
    listing = Listing(ledgers()["persons"], read("年龄 >= 30", Person), whole=True)
    (match,), told = fill_form(made(tmp_path / "空.xlsx", roster), tmp_path / "填.xlsx", listing)
    number = listing.count()
    assert match.kind == ROSTER and match.rows == number > 10 and told == []
    marked = load_workbook(tmp_path / "填.xlsx")["表一"]
    pale = [row for row in range(5, 5 + number) if marked.cell(row, 8).fill.fill_type]
    assert len(pale) == number, "what could not be filled is marked"
    assert {one.caption.rpartition("/")[2] for one in match.taken if not one.source} == {"帮扶责任人"}
    sheet = load_workbook(tmp_path / "填.xlsx")["表一"]
    columns = [listing.ledger.column(path) for path in ("name", "sex", "id_number", "age", "household.village")]
    for at, cells in enumerate(listing.but(columns=tuple(columns)).cells(listing.keys())):
        row = [sheet.cell(5 + at, column).value for column in range(1, 7)]
        *texts, age, village = cells
        age = int(age) if age.isdigit() else age or None  # a number, which the form's own average reckons with
        assert row == [at + 1, *(text or None for text in texts), age, village or None]
        assert sheet.row_dimensions[5 + at].height == 24 and sheet.cell(5 + at, 8).border.top.style == "thin"
    last = 5 + number
    assert sheet.cell(last, 1).value == "合计" and sheet.cell(last, 8).value == f"=SUM(A5:A{last - 1})"
    own = next(text for text, path in listing_labels().items() if text == "承包地" and path)
    assert sheet.cell(last, 7).value == sum(sheet.cell(row, 7).value or 0 for row in range(5, last)) > 0, own
    assert sheet.cell(last + 1, 4).value == "审核人：" and "B3:E3" in map(str, sheet.merged_cells.ranges)


def listing_labels() -> dict[str, str]:
    from app.models.paths import labels

    return labels(Person)


def test_a_roster_of_nobody_stays_blank(filled: DataFile, tmp_path: Path) -> None:
    listing = Listing(ledgers()["persons"], read("年龄 >= 119", Person))
    (match,), _ = fill_form(made(tmp_path / "空.xlsx", roster), tmp_path / "填.xlsx", listing)
    sheet = load_workbook(tmp_path / "填.xlsx")["表一"]
    assert match.rows == 0 and [sheet.cell(row, 2).value for row in (5, 6, 7)] == [None] * 3


def test_numbers_are_masked_where_the_listing_masks_them(filled: DataFile, tmp_path: Path) -> None:
    listing = Listing(ledgers()["persons"], read("公民身份号码 不为空", Person))
    fill_form(made(tmp_path / "空.xlsx", roster), tmp_path / "填.xlsx", listing)
    sheet = load_workbook(tmp_path / "填.xlsx")["表一"]
    assert "****" in sheet.cell(5, 4).value


def test_a_single_form_is_filled_for_each_household_with_its_members(filled: DataFile, tmp_path: Path) -> None:
    listing = Listing(ledgers()["households"], read("家庭人口 >= 1", Household), whole=True)
    keys = listing.keys()
    (match,), _ = fill_form(made(tmp_path / "空.xlsx", single), tmp_path / "填.xlsx", listing)
    assert match.kind == SINGLE and match.rows == len(keys)
    assert [one.caption for one in match.taken if not one.source] == ["致贫原因"]
    book = load_workbook(tmp_path / "填.xlsx")
    assert len(book.worksheets) == len(keys)
    columns = tuple(listing.ledger.column(path) for path in ("head", "number", "village", "size"))
    for sheet, row in zip(book.worksheets, listing.but(columns=columns).values(keys), strict=True):
        assert [sheet[cell].value for cell in ("B2", "D2", "F2", "B3")] == list(row)
        members = row[3]
        names = [sheet.cell(6 + at, 2).value for at in range(members)]
        assert all(names) and sheet.cell(6 + max(members, 2), 1).value == "填表人："
        assert sheet.cell(5 + members, 6).border.top.style == "thin"


def test_single_forms_are_put_apart(filled: DataFile, tmp_path: Path) -> None:
    listing = Listing(ledgers()["households"], read("家庭人口 >= 3", Household))
    fill_form(made(tmp_path / "空.xlsx", single), tmp_path / "各户", listing, apart=True)
    assert len(list((tmp_path / "各户").glob("*.xlsx"))) == listing.count() > 1


def members_at_the_side(sheet: Any) -> None:
    for cell, text in {"A1": "户主姓名", "C1": "身份证号码", "E1": "户编号", "A2": "家庭成员", "A5": "备注"}.items():
        sheet[cell] = text
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("B5:F5")
    for at, text in enumerate(("姓名", "与户主关系", "民族", "公民身份号码", "职务"), 2):
        sheet.cell(2, at, text)


def test_members_are_filled_beside_a_label_that_runs_down_the_side(filled: DataFile, tmp_path: Path) -> None:
    listing = Listing(ledgers()["households"], read("家庭人口 >= 3", Household), whole=True)
    (match,), _ = fill_form(made(tmp_path / "空.xlsx", members_at_the_side), tmp_path / "填.xlsx", listing)
    assert [one.caption for one in match.taken if not one.source] == ["身份证号码", "家庭成员：职务"]
    for sheet, (number,) in zip(
        load_workbook(tmp_path / "填.xlsx").worksheets,
        listing.but(columns=(listing.ledger.column("size"),)).values(listing.keys()), strict=True,
    ):  # fmt: skip
        assert all(sheet.cell(3 + at, 2).value for at in range(number)) and number >= 3
        assert sheet.cell(3 + number, 1).value == "备注", "no member stands in the line of remarks"


def test_sheets_called_after_villages_hold_their_own_people(filled: DataFile, tmp_path: Path) -> None:
    book = Workbook()
    for name in ("牛街村", "大水村"):
        sheet = book.create_sheet(name)
        for row in (["老年人名册"], ["序号", "姓名", "性别", "身份证号"], [1], [2]):
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "空.xlsx")
    listing = Listing(ledgers()["persons"], whole=True)
    matches, _ = fill_form(tmp_path / "空.xlsx", tmp_path / "填.xlsx", listing)
    for match in matches:
        own = listing.but(where=read(f"行政村 = {match.sheet}", Person))
        assert 0 < match.rows == own.count() < listing.count() and match.sheet in match.told()[0]


def test_every_cell_of_statistics_is_that_of_its_names(filled: DataFile, tmp_path: Path) -> None:
    listing = Listing(ledgers()["persons"])
    (match,), _ = fill_form(made(tmp_path / "空.xlsx", statistics), tmp_path / "填.xlsx", listing)
    assert match.kind == STATISTICS and [one.caption for one in match.taken if not one.source] == ["危房户"]
    sheet = load_workbook(tmp_path / "填.xlsx")["表一"]
    side = {4: "行政村 = 牛街村", 5: "行政村 = 大水村", 6: ""}
    top = {2: "年龄 >= 60", 3: "年龄 >= 80", 4: "年龄 >= 80 且 性别 = 女", 5: "有(纳入对象: 对象类别 = 残疾人)"}
    for row, where in side.items():
        for column, over in top.items():
            condition = read(" 且 ".join(filter(None, (where, over))), Person)
            assert sheet.cell(row, column).value == listing.but(where=condition).count(), (row, column)
        assert sheet.cell(row, 6).value is None


def test_a_form_of_something_else_is_told(filled: DataFile, tmp_path: Path) -> None:
    def draw(sheet: Any) -> None:
        sheet.append(["设备名称", "规格", "产地"])

    with pytest.raises(Trouble, match="没有认出能填的地方"):
        fill_form(made(tmp_path / "空.xlsx", draw), tmp_path / "填.xlsx", Listing(ledgers()["persons"]))
    assert not (tmp_path / "填.xlsx").exists()


def test_what_the_clerk_chose_is_filled(filled: DataFile, tmp_path: Path) -> None:
    listing = Listing(ledgers()["persons"], read("年龄 >= 30", Person))
    choices = {"帮扶责任人": "村民小组", "行政村": ""}
    (match,), _ = fill_form(made(tmp_path / "空.xlsx", roster), tmp_path / "填.xlsx", listing, choices=choices)
    assert {one.caption: one.source for one in match.taken}["帮扶责任人"] == "村民小组"
    sheet = load_workbook(tmp_path / "填.xlsx")["表一"]
    groups = [text or None for (text,) in listing.but(columns=(listing.ledger.column("household.group"),)).rows(0, 99)]
    assert [sheet.cell(5 + at, 8).value for at in range(len(groups))] == groups
    blank = [cell for (cell,) in sheet.iter_rows(5, 4 + len(groups), 6, 6)]
    assert {(cell.value, cell.fill.fill_type) for cell in blank} == {(None, None)}, "不填 is no fault"
    listing = Listing(ledgers()["persons"])
    fill_form(made(tmp_path / "统.xlsx", statistics), tmp_path / "统填.xlsx", listing, choices={"危房户": "外出 = 是"})
    away = listing.but(where=read("外出 = 是 且 行政村 = 牛街村", Person)).count()
    assert load_workbook(tmp_path / "统填.xlsx")["表一"]["F4"].value == away > 0


def test_a_form_is_kept_known_again_and_filled_in_one_step(filled: DataFile, tmp_path: Path) -> None:
    template = made(tmp_path / "3月表.xlsx", roster)
    listing = Listing(ledgers()["persons"], read("年龄 >= 30", Person))
    choices = {"帮扶责任人": "村民小组", "行政村": ""}
    assert "一次填好" in bind("留守月报", template, listing, "persons", ROSTER, choices)
    ((key, title),) = ((key, title) for key, title in bound_forms().items() if title == "留守月报")
    row = BoundForm.by_key(key)
    assert title == "留守月报" and choices_of(row) == choices
    assert list(listing_of(row).keys()) == list(listing.keys())
    with blank_file(row) as again:
        assert again.read_bytes() == template.read_bytes()

    def next_month(sheet: Any) -> None:
        roster(sheet)
        sheet["A1"] = "弥渡县农村留守人员花名册（2027年4月）"

    def this_month(sheet: Any) -> None:
        roster(sheet)
        sheet["A1"] = "弥渡县农村留守人员花名册（2026年3月）"

    march = made(tmp_path / "3月.xlsx", this_month)
    bind("留守月报", march, listing, "persons")
    assert known_form(made(tmp_path / "4月表.xlsx", next_month)) == BoundForm.by_key(key), "only the digits differ"
    assert known_form(made(tmp_path / "别的.xlsx", single)) is None
    drop_form(key)
    assert "留守月报" not in bound_forms().values() and strangers() == []

