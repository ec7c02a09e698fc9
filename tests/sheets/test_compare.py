"""Two lists side by side, against a slow reference that looks at every pair: drawn lists with planted differences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from app.models.faults import Denied, Reject, Trouble
from app.models.here import Clerk, standing
from app.models.history import last_number
from app.sheets.compare import compare, compare_files
from app.sheets.lists import open_list
from tests.proof import many
from tests.sheets.people_lists import HEADING, Drawn, changed, draw, rows_of, write
from tests.work.rows_given import number_of, township

Found = dict[str, set[Any]]


# --- the slow reference -----------------------------------------------------------------------------------------------


def bare(village: str) -> str:
    return village.removesuffix("村")


def agree(one: Drawn, other: Drawn) -> bool:
    """Nothing that both say contradicts."""
    short = min(len(one.born()), len(other.born()))
    return (
        one.name == other.name != "" and (not one.village or not other.village or one.village == other.village)
        and one.born()[:short] == other.born()[:short]
    )  # fmt: skip


def reference(ones: dict[int, Drawn], others: dict[int, Drawn]) -> Found:
    """Rows of the first file: alone, certain pairs, doubtful; and of the second."""
    places = all(any(one.village for one in side.values()) for side in (ones, others))
    births = all(any(one.birth for one in side.values()) for side in (ones, others))
    found: Found = {"only_one": set(), "only_other": set(), "pairs": set(), "doubt_one": set(), "doubt_other": set()}
    shared = {one.number for one in ones.values()} & {other.number for other in others.values()} - {""}
    numbered_one = {row for row, one in ones.items() if one.number in shared}
    numbered_other = {row for row, other in others.items() if other.number in shared}
    for row in numbered_one:
        mine = [at for at in ones if ones[at].number == ones[row].number]
        theirs = [at for at in others if others[at].number == ones[row].number]
        if len(mine) == len(theirs) == 1:
            found["pairs"].add((row, theirs[0]))
        else:
            found["doubt_one"] |= set(mine)
            found["doubt_other"] |= set(theirs)
    left = {row: one for row, one in ones.items() if row not in numbered_one}
    right = {row: one for row, one in others.items() if row not in numbered_other}
    for row, one in left.items():
        may = [at for at, other in right.items() if agree(one, other)]
        back = [at for at, two in left.items() if may and agree(two, right[may[0]])]
        if not one.number and not one.name:
            found["doubt_one"].add(row)
        elif not may:
            found["only_one"].add(row)
        elif len(may) == len(back) == 1:
            other = right[may[0]]
            placed = bool(one.village and other.village) or not places
            if placed and (one.born() == other.born() != "" or not births) and not (one.number and other.number):
                found["pairs"].add((row, may[0]))
            else:
                found["doubt_one"].add(row)
        else:
            found["doubt_one"].add(row)
    paired = {at for _, at in found["pairs"]}
    for row, other in right.items():
        if row in paired:
            continue
        if (not other.number and not other.name) or any(agree(one, other) for one in left.values()):
            found["doubt_other"].add(row)
        else:
            found["only_other"].add(row)
    return found


def differing(one: Drawn, other: Drawn) -> set[str]:
    told = {
        "身份证号": (one.number or one.wrong, other.number or other.wrong), "姓名": (one.name, other.name),
        "行政村": (one.village, other.village), "出生日期": (one.birth, other.birth),
        "联系电话": (one.telephone, other.telephone), "补助金额（元）": (one.money, other.money),
        "备注说明": (one.note, other.note),
    }  # fmt: skip
    return {caption for caption, (mine, theirs) in told.items() if mine != theirs}


@pytest.mark.parametrize("seed", range(many(60, 12)))
def test_every_line_ends_where_the_reference_says(file: Any, tmp_path: Path, seed: int) -> None:
    township()
    rng = Random(seed)
    people = draw(rng, rng.choice([1, 6, 25, 60]))
    again = changed(rng, people)
    other_way = [caption for caption in HEADING if rng.random() < 0.9 or caption == "姓名"]
    rng.shuffle(other_way)
    if seed % 3:
        other_way = HEADING  # in a third of the lists columns are lacking
    one = open_list(write(tmp_path / "甲.xlsx", people, rng))
    other = open_list(write(tmp_path / "乙.xlsx", again, rng, other_way))
    blank = {"身份证号": ("number", "wrong"), "行政村": ("village",), "出生日期": ("birth",)}
    lacking = [name for caption, names in blank.items() if caption not in other_way for name in names]
    again = [replace(person, **dict.fromkeys(lacking, "")) for person in again]
    keys = [column.key for column in one.columns if column.key in {column.key for column in other.columns}]
    found = compare(one.lines, other.lines, keys)
    told = {column.key: column.caption for column in one.columns}
    ones = {line.row: person for line, person in zip(one.lines, kept(people), strict=True)}
    others = {line.row: person for line, person in zip(other.lines, kept(again, other_way), strict=True)}
    mine = {
        "only_one": {line.row for line in found.only_one}, "only_other": {line.row for line in found.only_other},
        "pairs": {(pair.one.row, pair.other.row) for pair in found.pairs},
        "doubt_one": {doubt.line.row for doubt in found.doubts if doubt.in_one},
        "doubt_other": {doubt.line.row for doubt in found.doubts if not doubt.in_one},
    }  # fmt: skip
    assert mine == reference(ones, others)
    for pair in found.pairs:
        expected = differing(ones[pair.one.row], others[pair.other.row]) & {told[key] for key in keys}
        assert {told[key] for key in pair.differing} == expected
    balanced(found.counts(), len(ones), len(others))


def kept(people: list[Drawn], heading: list[str] | None = None) -> list[Drawn]:
    """Those whose row says anything that is known: a row of nothing but other columns is not a line."""
    heading = heading or HEADING
    facts = {"姓名": "name", "行政村": "village", "出生日期": "birth", "联系电话": "telephone"}
    return [one for one in people
            if ("身份证号" in heading and (one.number or one.wrong))
            or any(getattr(one, name) for caption, name in facts.items() if caption in heading)]  # fmt: skip


def balanced(counts: dict[str, int], ones: int, others: int) -> None:
    both = counts["same"] + counts["different"]
    assert counts["one"] == ones == counts["only_one"] + both + counts["doubtful_one"]
    assert counts["other"] == others == counts["only_other"] + both + counts["doubtful_other"]


def test_the_reference_sees_something(tmp_path: Path) -> None:
    """The drawn lists hold every kind of line, or the comparison above would prove nothing."""
    seen: dict[str, int] = {}
    for seed in range(6):
        rng = Random(seed)
        people = draw(rng, 60)
        for kind, rows in reference(rows_of(people), rows_of(changed(rng, people))).items():
            seen[kind] = seen.get(kind, 0) + len(rows)
    assert all(seen[kind] > 10 for kind in ("only_one", "only_other", "pairs", "doubt_one", "doubt_other")), seen


# --- the file that is written -----------------------------------------------------------------------------------------


def sheet(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


HEAD = ["姓名", "身份证号", "行政村", "联系电话"]


@pytest.fixture
def two(file: Any, tmp_path: Path) -> tuple[Path, Path]:
    township()
    rows = [["张三", number_of(11), "牛街村", "13887654321"], ["李四", number_of(13), "牛街村", None]]
    more = [["张三", number_of(11), "牛街村委会", 13887654329], ["王五", number_of(15), "保邑村", None]]
    return sheet(tmp_path / "上月.xlsx", HEAD, *rows), sheet(tmp_path / "本月.xlsx", HEAD, *more)


def test_one_file_with_three_sheets_and_the_differing_cells_coloured(two: tuple[Path, Path], tmp_path: Path) -> None:
    report = compare_files(*two, tmp_path / "差异.xlsx")
    assert report.sentence == (
        "甲表 2 行，乙表 2 行：只在甲表 1 行，只在乙表 1 行，两表都有 1 人，其中内容不同 1 人。"
    )
    assert report.refused == 0
    book = openpyxl.load_workbook(tmp_path / "差异.xlsx")
    assert book.sheetnames == ["只在甲表", "只在乙表", "两表不同"]
    assert [cell.value for cell in book["只在甲表"][4]][1:3] == ["李四", number_of(13)]
    assert [cell.value for cell in book["只在乙表"][4]][1:3] == ["王五", number_of(15)]
    page = book["两表不同"]
    told = {cell.value: page.cell(4, cell.column) for cell in page[3]}
    old, new = told["联系电话（甲表）"], told["联系电话（乙表）"]
    assert (old.value, new.value, new.column - old.column) == ("13887654321", "13887654329", 1)
    assert old.fill.fgColor.rgb == new.fill.fgColor.rgb == "FFFBEAE9"
    assert told["姓名"].fill.fgColor.rgb != "FFFBEAE9"
    assert "行政村（甲表）" not in told, "牛街村委会 is 牛街村"
    assert told["身份证号"].data_type == "s"


def test_what_is_not_certain_is_a_sheet_of_its_own(file: Any, tmp_path: Path) -> None:
    township()
    one = sheet(tmp_path / "a.xlsx", HEAD, ["张三", number_of(11), "牛街村", None])
    other = sheet(tmp_path / "b.xlsx", HEAD, *[["张三", number_of(11), "牛街村", None]] * 2)
    report = compare_files(one, other, tmp_path / "差异.xlsx")
    assert report.refused == 3
    page = openpyxl.load_workbook(tmp_path / "差异.xlsx")["对不准"]
    assert {page.cell(row, 2).value for row in (4, 5, 6)} == {"身份证号相同的，甲表有 1 行，乙表有 2 行。"}


def test_numbers_that_lost_their_end_are_not_the_same_person(file: Any, tmp_path: Path) -> None:
    township()
    lost = 990001197005010000.0
    one = sheet(tmp_path / "a.xlsx", HEAD, ["张三", lost, "牛街村", None])
    other = sheet(tmp_path / "b.xlsx", HEAD, ["李四", lost, "牛街村", None])
    report = compare_files(one, other, tmp_path / "差异.xlsx")
    assert (report.counts["only_one"], report.counts["only_other"]) == (1, 1)


def test_what_cannot_be_compared_ends_in_a_sentence(two: tuple[Path, Path], tmp_path: Path) -> None:
    empty = sheet(tmp_path / "空.xlsx", ["说明"], ["没有名单"])
    with pytest.raises(Trouble, match="没有找到有姓名或身份证号的名单"):
        compare_files(two[0], empty, tmp_path / "x.xlsx")
    with pytest.raises(ValueError, match=r"\.xlsx 结尾"):
        compare_files(*two, tmp_path / "x.xls")
    with pytest.raises(Trouble, match="找不到了"):
        compare_files(two[0], tmp_path / "没有.xlsx", tmp_path / "x.xlsx")
    assert not (tmp_path / "x.xlsx").exists()


def test_who_is_signed_in_says_what_for_and_it_is_told(two: tuple[Path, Path], tmp_path: Path) -> None:
    before = last_number()
    with standing(clerk=Clerk("yxz", "某人", ("1",), None, 1), who="yxz"):
        with pytest.raises(Reject, match="用途"):
            compare_files(*two, tmp_path / "x.xlsx")
        assert not (tmp_path / "x.xlsx").exists()
        with standing(purpose="核对低保名单"):
            compare_files(*two, tmp_path / "x.xlsx")
    assert last_number() > before
    with standing(clerk=Clerk("ld", "某人", ("3",), None, 2), who="ld", purpose="看看"), pytest.raises(Denied):
        compare_files(*two, tmp_path / "y.xlsx")
    assert not (tmp_path / "y.xlsx").exists()


def test_a_unit_in_the_caption_hides_no_difference(file: Any, tmp_path: Path) -> None:
    for name, caption, money in (("甲", "金额", 100.5), ("乙", "金额（元）", "99元")):
        book = openpyxl.Workbook()
        book.active.append(["姓名", "身份证号", caption, "折合（万元）"])
        book.active.append(["张三", number_of(1), money, 1])
        book.active.append(["李四", number_of(2), 100 if name == "甲" else "100.00元", 1])
        book.save(tmp_path / f"{name}.xlsx")
    found = compare_files(tmp_path / "甲.xlsx", tmp_path / "乙.xlsx", tmp_path / "差异.xlsx")
    assert (found.counts["same"], found.counts["different"]) == (1, 1)
