"""Headings as county offices draw them."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sheets.captions import Caption, synonyms
from app.sheets.headings import Heading, find_heading, fingerprint, heading_at
from app.sheets.read import Cell, Sheet, read_book

LABELS = {
    "name": "姓名",
    "id_number": "身份证号",
    "sex": "性别",
    "birth": "出生日期",
    "phone": "联系电话",
    "relation": "与户主关系",
    "household.head.name": "户主姓名",
    "household.head.id_number": "户主身份证号",
    "household.number": "户编号",
    "household.village": "行政村",
    "household.address": "住址",
    "amount": "金额",
    "account": "账号",
    "bank": "开户行",
    "account_name": "户名",
    "disability.number": "残疾证号",
    "disability.kind": "残疾类别",
    "work": "劳动能力",
    "note": "备注",
    "helper.phone": "帮扶人电话",
    "since": "起始月",
}
FIELDS = [Caption(path, (label, *synonyms()[label])) for path, label in LABELS.items()]
ID = "99000119500101001{}"


def sheet(*rows: list[Cell], merges: list[tuple[int, int, int, int]] | None = None) -> Sheet:
    width = max(len(row) for row in rows)
    return Sheet("东风村", rows=[row + [None] * (width - len(row)) for row in rows], merges=merges or [])


def found(*rows: list[Cell], merges: list[tuple[int, int, int, int]] | None = None) -> Heading:
    heading = find_heading(sheet(*rows, merges=merges), FIELDS)
    assert heading is not None
    return heading


def paths(heading: Heading) -> list[str | None]:
    return [column.path for column in heading.columns]


def people(count: int) -> list[list[Cell]]:
    return [[n + 1, "张三", ID.format(n), "19900001234", 300] for n in range(count)]


def test_title_remark_and_heading_in_the_third_row() -> None:
    heading = found(
        ["测试镇低保花名册"],
        ["填报单位（盖章）：      填报日期：2025年 9 月"],
        ["序号", "姓  名", "公民身份\n号码", "联系方式", "发放金额（元）"],
        *people(3),
        merges=[(0, 0, 0, 4), (1, 0, 1, 4)],
    )
    assert heading.rows == (2, 2)
    assert (heading.first_data_row, heading.last_data_row) == (3, 5)
    assert paths(heading) == [None, "name", "id_number", "phone", "amount"]
    assert heading.title == "测试镇低保花名册\n填报单位（盖章）： 填报日期：2025年 9 月"
    assert heading.why == "第 3 行是表头，5 列里认得 4 列"
    assert heading.columns[3].why == "“联系方式”是“联系电话”的另一种写法"


def test_a_remark_of_two_cells_is_not_a_heading_row() -> None:
    heading = found(
        ["调查表"],
        ["贫困村（盖章）", None, "帮扶单位（盖章）"],
        ["户号", "姓名", "身份证号", "金额"],
        ["1", "张三", ID.format(1), 5],
    )
    assert heading.rows == (2, 2)


def test_three_merged_levels_read_from_the_widest_down() -> None:
    heading = found(
        ["村名", "户主", None, "补助", None, None],
        [None, "姓名", "身份证号", "标准", "账户", None],
        [None, None, None, None, "开户行", "账号"],
        ["东风村", "张三", ID.format(1), 300, "农商行", "6217"],
        merges=[(0, 0, 2, 0), (0, 1, 0, 2), (1, 1, 2, 1), (1, 2, 2, 2), (0, 3, 0, 5), (1, 3, 2, 3), (1, 4, 1, 5)],
    )
    assert heading.rows == (0, 2)
    assert [column.caption for column in heading.columns] == [
        "村名",
        "户主/姓名",
        "户主/身份证号",
        "补助/标准",
        "补助/账户/开户行",
        "补助/账户/账号",
    ]
    assert paths(heading) == [
        "household.village",
        "household.head.name",
        "household.head.id_number",
        None,
        "bank",
        "account",
    ]


def test_two_levels_that_were_not_merged() -> None:
    heading = found(
        ["序号", "姓名", "银行信息", None, "备注"],
        [None, None, "开户行", "账号", None],
        [1, "张三", "农商行", "6217", None],
        [2, "李四", "农商行", "6218", "外出"],
    )
    assert heading.rows == (0, 1)
    assert [column.caption for column in heading.columns] == [
        "序号",
        "姓名",
        "银行信息/开户行",
        "银行信息/账号",
        "备注",
    ]
    assert heading.first_data_row == 2


def test_the_first_person_is_not_taken_for_a_second_heading_row() -> None:
    heading = found(["姓名", "性别", "联系电话", "备注"], ["张三", "男", None, "外出"], ["李四", "女", None, None])
    assert heading.rows == (0, 0)
    assert (heading.first_data_row, heading.last_data_row) == (1, 2)


def test_a_household_merged_right_below_the_heading_is_data() -> None:
    heading = found(
        ["户主姓名", "姓名", "身份证号"],
        ["张三", "张三", ID.format(1)],
        [None, "李四", ID.format(2)],
        merges=[(1, 0, 2, 0)],
    )
    assert heading.rows == (0, 0)
    assert heading.last_data_row == 2


def test_column_numbers_below_the_heading_are_no_data() -> None:
    for numbers in ([1, 2, 3, 4], ["N", "N", None, "N"], ["甲", "乙", 1, 2], ["（1）", "（2）", "（3）", "（4）"]):
        cells: list[Cell] = list(numbers)
        if numbers[0] == "甲":
            cells += [3]
        heading = found(["姓名", "身份证号", "联系电话", "金额", "年龄"], cells, ["张三", ID.format(1), None, 5, 7])
        assert heading.first_data_row == 2, numbers


def test_somebody_else_s_name_is_not_the_person_s() -> None:
    heading = found(
        ["儿童姓名", "监护人", None],
        [None, "姓名", "联系电话"],
        ["小明", "张三", "19900001234"],
        merges=[(0, 0, 1, 0), (0, 1, 0, 2)],
    )
    assert [column.caption for column in heading.columns] == ["儿童姓名", "监护人/姓名", "监护人/联系电话"]
    assert paths(heading) == ["name", None, None]


def test_members_laid_out_sideways_are_told_apart() -> None:
    heading = found(
        ["户主姓名", "户主身份证号", "家庭成员情况", None, None, None],
        [None, None, "姓名", "身份证号", "姓名", "身份证号"],
        ["张三", ID.format(1), "李四", ID.format(2), None, None],
        merges=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 5)],
    )
    assert paths(heading) == ["household.head.name", "household.head.id_number", *["name", "id_number"] * 2]
    assert [column.member for column in heading.columns] == ["", "", "1", "1", "2", "2"]


def test_what_stands_twice_and_is_no_member_is_left_to_the_clerk() -> None:
    heading = found(["姓名", "身份证号", "金额", "银行", "金额"], ["张三", ID.format(1), 5, "农商行", 6])
    assert paths(heading)[2:] == [None, "bank", None]
    assert heading.columns[2].why == "“金额”在表头里出现 2 次，分不清是谁的，请指定"


def test_numbered_pairs_are_left_to_the_clerk_too() -> None:
    heading = found(["户主姓名", "身份证号1", "身份证号2"], ["张三", ID.format(1), ID.format(2)])
    assert paths(heading) == ["household.head.name", None, None]


def test_several_persons_in_one_cell_are_marked() -> None:
    heading = found(
        ["户主姓名", "成员姓名", "身份证号"],
        *[["张三", "李四、王五", f"{ID.format(1)}，{ID.format(2)}"] for _ in range(3)],
    )
    assert paths(heading) == ["household.head.name", "name", "id_number"]
    assert [column.member for column in heading.columns] == ["", "*", "*"]
    assert heading.columns[1].doubt.startswith("一格里写了几个人")


def test_several_heads_in_one_cell_are_left_to_the_clerk() -> None:
    heading = found(["户主姓名", "金额"], *[["张三、李四", n] for n in range(3)])
    assert paths(heading) == [None, "amount"]
    assert heading.columns[0].why == "一格里写了几个人，请先拆成一人一行"


def test_a_field_goes_to_its_best_column_only() -> None:
    heading = found(["姓名", "手机号码", "联系电话"], ["张三", "19900001234", "19900001235"])
    assert paths(heading) == ["name", None, "phone"]
    assert heading.columns[1].why == "与“联系电话”意思相同，已用“联系电话”一列"


def test_a_slip_of_the_pen_is_found_and_said() -> None:
    heading = found(["姓名", "身份证号吗", "金额"], ["张三", ID.format(1), 5])
    assert paths(heading) == ["name", "id_number", "amount"]
    assert heading.columns[1].score < 0.9 and heading.columns[1].why.endswith("请核对")


def test_a_lookup_table_on_the_right_is_left_out_and_told() -> None:
    rows: list[list[Cell]] = [["村名", "姓名", "身份证号", None, "从化市", "温泉镇", "密石村"]]
    rows += [["东风村", "张三", ID.format(n), None, "从化市", "温泉镇", f"村{n}"] for n in range(6)]
    heading = found(*rows)
    assert [column.index for column in heading.columns] == [0, 1, 2]
    assert heading.why.endswith("；隔着空列的 E–G 列是另一张表，没有读")


def test_other_fields_behind_a_blank_column_belong_to_the_table() -> None:
    heading = found(["村名", "姓名", None, "联系电话", "备注"], ["东风村", "张三", None, "19900001234", "外出"])
    assert paths(heading) == ["household.village", "name", "phone", "note"]


def test_the_data_ends_before_totals_signatures_and_notes() -> None:
    head: list[Cell] = ["序号", "姓名", "身份证号", "联系电话", "金额"]
    tail: list[list[Cell]] = [
        ["合  计", None, None, None, 900],
        ["合计（大写）：玖佰元整"],
        ["制表人：张", None, "审核人："],
        ["注：一式三份"],
        ["类别", "A"],
    ]
    heading = found(head, *people(3), *tail)
    assert heading.last_data_row == 3


def test_a_subtotal_in_the_middle_is_not_the_end() -> None:
    head: list[Cell] = ["序号", "姓名", "身份证号", "联系电话", "金额"]
    heading = found(head, *people(3), ["小计", None, None, None, 900], *people(2), ["总计", None, None, None, 1500])
    assert heading.last_data_row == 6


def test_who_is_called_total_is_still_a_person() -> None:
    heading = found(["姓名", "身份证号", "金额"], ["合计", ID.format(1), 5], ["小计", ID.format(2), 5])
    assert heading.last_data_row == 2


def test_blank_form_has_no_data() -> None:
    heading = found(["姓名", "身份证号", "金额"])
    assert heading.last_data_row < heading.first_data_row


def test_no_heading() -> None:
    assert find_heading(sheet(["封面"]), FIELDS) is None
    assert find_heading(sheet(*[["太平街道", f"撤销第{n}村,并入某社区"] for n in range(9)]), FIELDS) is None
    assert find_heading(Sheet("空"), FIELDS) is None


def test_an_unknown_heading_is_found_by_its_shape() -> None:
    heading = found(["统计表（一）"], ["乡镇", "户数", "人次", "件数"], ["甲", 1, 2, 3], merges=[(0, 0, 0, 3)])
    assert heading.rows == (1, 1)
    assert paths(heading) == [None] * 4
    assert all(column.why == "列名不认得，请指定" for column in heading.columns)


@settings(max_examples=30)
@given(st.permutations(list(LABELS.values())))
def test_the_fingerprint_does_not_mind_the_order(labels: list[str]) -> None:
    first = found(list(LABELS.values()))
    spaced: list[Cell] = [f" {label[0]}　{label[1:]}* " for label in labels]
    assert fingerprint(found(spaced)) == fingerprint(first)
    assert fingerprint(found(spaced[1:])) != fingerprint(first)


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(0, 6))
def test_any_label_or_synonym_in_any_order_below_any_title_is_mapped(seed: int, above: int) -> None:
    dice = random.Random(seed)
    order = dice.sample(sorted(LABELS), len(LABELS))
    words: list[Cell] = [dice.choice((LABELS[path], *synonyms()[LABELS[path]])) for path in order]
    filling: list[Cell] = [f"值{n}" for n in range(len(words))]
    heading = found(
        *[[f"第{n}行说明"] for n in range(above)],
        words,
        filling,
        merges=[(n, 0, n, len(words) - 1) for n in range(above)],
    )
    assert heading.rows == (above, above)
    assert paths(heading) == order


def test_through_a_real_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page["B2"] = "测试镇花名册"
    page.merge_cells("B2:D2")
    for column, (wide, narrow) in enumerate((("户主", "姓名"), (None, "身份证号"), ("备注", None)), 2):
        page.cell(3, column, wide)
        page.cell(4, column, narrow)
    page.merge_cells("B3:C3")
    page.merge_cells("D3:D4")
    page["B5"], page["C5"] = "张三", ID.format(1)
    book.save(tmp_path / "a.xlsx")
    heading = find_heading(read_book(tmp_path / "a.xlsx")[0], FIELDS)
    assert heading is not None
    assert heading.rows == (1, 2) and heading.why.startswith("第 3–4 行是表头")
    assert paths(heading) == ["household.head.name", "household.head.id_number", "note"]


SHARED = Path(__file__).resolve().parents[3] / "shared" / "sheets"


@pytest.mark.parametrize(
    ("file", "page", "rows", "first"),
    [
        ("cn/gzfupin__report1.xls", 0, (3, 5), 6),
        ("cn/gzfupin__report2.xls", 0, (3, 5), 6),
        ("cn/gzfupin__q1_2011.xls", 0, (2, 2), 3),
        ("cn/gzfupin__stat.xls", 0, (0, 1), 2),
        ("cn/gzfupin__report_12.xls", 0, (0, 1), 2),
        ("cn/jsgov2014__xiaoe-month.xls", 0, (0, 3), 5),
        ("cn/jsgov2014__income.xls", 0, (0, 2), 4),
        ("cn/jsgov2014__member.xls", 0, (0, 0), 2),
        ("cn/poorInfo__poor.xlsx", 0, (0, 0), 1),
        ("synthetic/01_农村低保备案表_成员横排_第2张表.xlsx", 1, (0, 1), 2),
        ("synthetic/02_户主合并块_重复表头_合计注释.xlsx", 0, (2, 2), 3),
        ("synthetic/06_花名册_WPS.et", 0, (0, 0), 1),
    ],
)
def test_real_forms(file: str, page: int, rows: tuple[int, int], first: int) -> None:
    if not (SHARED / file).is_file():
        pytest.skip("the folder of sample sheets is not beside the repository")
    heading = find_heading(read_book(SHARED / file)[page], FIELDS)
    assert heading is not None
    assert (heading.rows, heading.first_data_row) == (rows, first)


def test_the_clerk_points_at_the_heading() -> None:
    rows: list[list[Cell]] = [
        ["姓名", "备注", None, None],
        ["第一种写法", "已作废", None, None],
        ["甲", "身份信息", None, "电话"],
        [None, "身份证号", "性别", None],
        *[["张三", ID.format(n), "男", "19900001234"] for n in range(3)],
    ]
    heading = heading_at(sheet(*rows, merges=[(2, 1, 2, 2)]), 2, 3, FIELDS)
    assert heading.rows == (2, 3)
    assert (heading.first_data_row, heading.last_data_row) == (4, 6)
    assert [column.caption for column in heading.columns] == ["甲", "身份信息/身份证号", "身份信息/性别", "电话"]
    assert paths(heading) == [None, "id_number", "sex", "phone"]
    assert heading.title == "姓名 备注\n第一种写法 已作废"
    assert heading.why.startswith("第 3–4 行是表头")


def test_pointing_where_the_finder_would_point_gives_the_same() -> None:
    rows: list[list[Cell]] = [[*row[1:3], None, "甲", "乙"] for row in people(3)]
    given = sheet(["名单"], ["姓名", "身份证号", None, "单位", "电话"], *rows)
    heading = find_heading(given, FIELDS)
    assert heading is not None
    assert heading_at(given, *heading.rows, FIELDS) == heading


def test_pointing_beside_the_sheet_or_at_a_blank_row_gives_a_heading_without_fields() -> None:
    given = sheet(["姓名", "电话"], [None, None], ["张三", "19900001234"])
    assert heading_at(given, 1, 1, FIELDS).rows == (1, 1)
    assert not any(paths(heading_at(given, 1, 1, FIELDS)))
    beyond = heading_at(given, 7, 9, FIELDS)
    assert beyond.rows == (2, 2)
    assert beyond.last_data_row < beyond.first_data_row


def test_words_merged_sideways_only_come_to_an_end() -> None:
    rows: list[list[Cell]] = [["一", "人员", None], ["x", "姓名", "身份证号"], [1, "张三", "990001197005010011"]]
    sheet = Sheet("表", rows=rows, merges=[(0, 1, 0, 2)])
    heading = find_heading(sheet, FIELDS)
    assert heading is not None
    assert heading.first_data_row == 2
