"""Rows, households and what is passed over."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from app.sheets.captions import Caption, synonyms
from app.sheets.headings import find_heading
from app.sheets.read import Cell, Sheet, read_book
from app.sheets.rows import Rows, SheetRow, read_rows

LABELS = {
    "person.name": "姓名",
    "person.id_number": "身份证号",
    "relation": "与户主关系",
    "household.head.name": "户主姓名",
    "household.number": "户编号",
    "household.village": "行政村",
    "household.size": "家庭人口",
    "amount": "金额",
}
FIELDS = [Caption(path, (label, *synonyms()[label])) for path, label in LABELS.items()]
NOTED = ["小计", None, None]


def identity(n: int) -> str:
    return f"990001{19500101 + n}0016"


def read(
    *rows: list[Cell],
    merges: list[tuple[int, int, int, int]] | None = None,
    top: int = 0,
    left: int = 0,
    mapping: dict[int, str] | None = None,
) -> tuple[list[SheetRow], Rows]:
    width = max(len(row) for row in rows)
    sheet = Sheet(
        "牛街村", rows=[row + [None] * (width - len(row)) for row in rows], merges=merges or [], top=top, left=left
    )
    heading = find_heading(sheet, FIELDS)
    assert heading is not None
    reader = read_rows(sheet, heading, mapping)
    return list(reader), reader


def blocks(rows: list[SheetRow]) -> list[tuple[int | None, bool]]:
    return [(row.block, row.sure) for row in rows]


def test_values_rows_and_addresses_are_those_of_the_file() -> None:
    rows, reader = read(
        ["姓名", "身份证号", "金额"], ["张三", identity(1), 5], ["李四", identity(2), None], top=3, left=1
    )
    assert [row.row for row in rows] == [5, 6]
    assert rows[1].values == {"person.name": "李四", "person.id_number": identity(2), "amount": None}
    assert rows[0].address("person.id_number") == "牛街村!C5"
    assert blocks(rows) == [(None, True), (None, True)]
    assert reader.skipped == []


def test_nothing_vanishes_silently() -> None:
    rows, reader = read(
        ["花名册", None, None],
        ["序号", "姓名", "身份证号", "金额"],
        [1, 2, 3, 4],
        [1, "张三", identity(1), 5],
        [],
        ["东风村"],
        ["小 计", None, None, 5],
        ["序号", "姓 名", "身份证号", "金额"],
        [2, "李四", identity(2), 6],
        [3],
        ["合计（大写）：拾壹元整"],
        ["制表人：王"],
        ["1", "附表", None, None],
        merges=[(0, 0, 0, 3)],
    )
    assert [row.row for row in rows] == [4, 9]
    assert reader.skipped == [
        (3, "只有列号的行"),
        (6, "认得的列都是空的（东风村）"),
        (7, "合计行（小计）"),
        (8, "重复的表头"),
        (10, "认得的列都是空的（3）"),
        (11, "合计行（合计(大写):拾壹元整）"),
        (12, "说明或签名行（制表人:王）"),
        (13, "在表尾之后"),
    ]


def test_every_filled_row_is_a_row_or_is_told() -> None:
    content: list[list[Cell]] = [
        ["姓名", "身份证号", "金额"],
        *[["张三", identity(n), n] for n in range(50)],
        list(NOTED),
        ["李四", None, None],
    ]
    content += [[], ["注：无", None, None], ["王五", identity(60), 3]]
    rows, reader = read(*content)
    told = {row.row for row in rows} | {row for row, _ in reader.skipped}
    assert told == {n + 1 for n, row in enumerate(content) if n and any(cell is not None for cell in row)}
    assert len(rows) == 52


def test_values_go_down_inside_a_merge_only() -> None:
    rows, _ = read(
        ["户主姓名", "姓名", "身份证号", "金额"],
        ["张三", "张三", identity(1), 900],
        [None, "李四", identity(2), None],
        ["王五", "王五", identity(3), 300],
        [None, "赵六", identity(4), None],
        merges=[(1, 0, 2, 0), (1, 3, 2, 3)],
    )
    assert [row.values["household.head.name"] for row in rows] == ["张三", "张三", "王五", None]
    assert [row.values["amount"] for row in rows] == [900, 900, 300, None]
    assert [row.filled for row in rows] == [
        frozenset(),
        frozenset({"household.head.name", "amount"}),
        frozenset(),
        frozenset(),
    ]
    assert blocks(rows) == [(1, True), (1, True), (2, True), (2, False)]


def test_nothing_is_filled_sideways() -> None:
    rows, _ = read(
        ["村", "姓名", "身份证号", "关系", "金额"],
        ["东风村", "张三", identity(1), "户主", 4],
        ["东风村", "不享受", None, "户主", 4],
        merges=[(2, 1, 2, 2)],
    )
    assert rows[1].values["person.name"] == "不享受"
    assert rows[1].values["person.id_number"] is None


def test_a_repeated_household_is_one_block() -> None:
    rows, _ = read(
        ["户编号", "户主姓名", "姓名", "身份证号"],
        ["1", "张三", "张三", identity(1)],
        ["1", "张三", "李四", identity(2)],
        ["2", "张三", "张三", identity(3)],
    )
    assert blocks(rows) == [(1, True), (1, True), (2, True)]


def test_a_household_number_met_again_further_down_is_the_same_household_in_the_same_village() -> None:
    rows, _ = read(
        ["行政村", "户编号", "姓名", "身份证号"],
        ["甲村", "1", "张三", identity(1)],
        ["甲村", "2", "王五", identity(2)],
        ["甲村", "1", "李四", identity(3)],
        ["乙村", "1", "赵六", identity(4)],
    )
    assert [row.block for row in rows] == [1, 2, 1, 3]


def test_two_households_of_one_name_side_by_side_stay_two() -> None:
    head: list[Cell] = ["户主姓名", "姓名", "与户主关系", "身份证号"]
    rows, _ = read(
        head,
        ["张三", "张三", "户主", identity(1)],
        ["张三", "李四", "妻", identity(2)],
        ["张三", "张三", "户主", identity(3)],
    )
    assert [row.block for row in rows] == [1, 1, 2]
    rows, _ = read(
        head,
        ["张三", "张三", None, identity(1)],
        [None, "李四", None, identity(2)],
        ["张三", "张三", None, identity(3)],
        [None, "王五", None, identity(4)],
        ["张三", "张三", None, identity(5)],
        merges=[(1, 0, 2, 0), (3, 0, 4, 0)],
    )
    assert blocks(rows) == [(1, True), (1, True), (2, True), (2, True), (3, True)]


def test_a_household_merged_only_over_its_size_is_sure() -> None:
    rows, _ = read(
        ["户主姓名", "家庭人口", "姓名", "身份证号"],
        ["张三", 2, "张三", identity(1)],
        [None, None, "李四", identity(2)],
        merges=[(1, 1, 2, 1)],
    )
    assert blocks(rows) == [(1, True), (1, True)]


def test_villages_are_not_households() -> None:
    rows, _ = read(
        ["行政村", "姓名", "身份证号"], *[["甲村", "张三", identity(n)] for n in range(3)], merges=[(1, 0, 3, 0)]
    )
    assert blocks(rows) == [(None, True)] * 3
    assert [row.values["household.village"] for row in rows] == ["甲村"] * 3


def test_without_household_columns_the_head_begins_one() -> None:
    rows, _ = read(
        ["姓名", "关系", "身份证号"],
        ["零", "妻", identity(0)],
        ["张三", "户  主", identity(1)],
        ["李四", "妻", identity(2)],
        ["王五", "本人", identity(3)],
        ["赵六", "长子", identity(4)],
    )
    assert blocks(rows) == [(None, False), (1, True), (1, True), (2, True), (2, True)]


def test_a_household_across_a_printed_page() -> None:
    head: list[Cell] = ["户主姓名", "姓名", "身份证号"]
    rows, reader = read(head, ["张三", "张三", identity(1)], list(head), [None, "李四", identity(2)])
    assert blocks(rows) == [(1, True), (1, False)]
    assert reader.skipped == [(3, "重复的表头")]


def test_the_clerk_s_mapping_takes_the_place_of_ours() -> None:
    rows, _ = read(["姓名", "身份证号", "领款"], ["张三", identity(1), "李四"], mapping={2: "person.name"})
    assert rows[0].values == {"person.name": "李四"}
    assert rows[0].address("person.name") == "牛街村!C2"


def test_rows_are_read_as_they_are_asked_for() -> None:
    sheet = Sheet("a", rows=[["姓名", "身份证号", "金额"], *[["张三", identity(n), 1] for n in range(3)]])
    heading = find_heading(sheet, FIELDS)
    assert heading is not None
    reader = read_rows(sheet, heading)
    assert next(reader).row == 2
    assert [row.row for row in reader] == [3, 4]


def test_through_a_real_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "牛街村"
    page.append(["牛街村花名册"])
    page.merge_cells("A1:D1")
    for row in (
        ["户主\n姓名", "姓 名", "身份证号码", "与户主关系"],
        ["张三", "张三", identity(1), "户主"],
        [None, "李四", identity(2), "妻"],
        ["王五", "王五", identity(3), "户主"],
        ["合计", None, None, None],
    ):
        page.append(row)
    page.merge_cells("A3:A4")
    page.row_dimensions[4].hidden = True
    book.save(tmp_path / "a.xlsx")
    (sheet,) = read_book(tmp_path / "a.xlsx")
    heading = find_heading(sheet, FIELDS)
    assert heading is not None
    reader = read_rows(sheet, heading)
    rows = list(reader)
    assert [(row.row, row.block, row.values["household.head.name"], row.values["person.name"]) for row in rows] == [
        (3, 1, "张三", "张三"),
        (4, 1, "张三", "李四"),
        (5, 2, "王五", "王五"),
    ]
    assert rows[1].address("person.name") == "牛街村!B4"
    assert reader.skipped == [(6, "合计行（合计）")]
    assert sheet.notes == ["本表有 1 个隐藏行也读入了"]
