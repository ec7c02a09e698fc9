"""The files that villages returned, as one: every row in one place, and whoever is told of differently is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from app.models.faults import Reject, Trouble
from app.models.here import Clerk, standing
from app.sheets.lists import plain_text
from app.sheets.merge import merge_files
from app.sheets.report import Report
from tests.proof import many
from tests.sheets.people_lists import HEADING, Drawn, changed, draw, write
from tests.work.rows_given import number_of, township

Row = tuple[str, int]  # file and row


def told(report: Report, title: str) -> list[dict[str, Any]]:
    part = next((part for part in report.parts if part.title == title), None)
    return [dict(zip(part.captions, row, strict=True)) for row in part.rows] if part else []


def source(row: dict[str, Any], caption: str = "来源") -> Row:
    name, _, rest = str(row[caption]).partition(" ")
    return name, int(rest.split()[2])


def numbered(rng: Random, size: int) -> list[Drawn]:
    """People who all have a number, each once."""
    drawn = draw(rng, size * 3)
    found = {one.number: one for one in drawn if one.number and one.name}
    return list(found.values())[:size]


@pytest.mark.parametrize("seed", range(many(30, 6)))
def test_people_with_numbers_are_merged_as_a_slow_walk_does(file: Any, tmp_path: Path, seed: int) -> None:
    township()
    rng = Random(seed)
    people = numbered(rng, 20)
    files = {}
    for name in ("一村.xlsx", "二村.xlsx", "三村.xlsx"):
        some = rng.sample(people, 12)
        files[name] = [replace(one, money=rng.choice([one.money, one.money, 777]), wrong="") for one in some]
        files[name] += files[name][:1]  # and the first of them twice
        write(tmp_path / name, files[name], rng)
    report = merge_files([tmp_path / name for name in files], tmp_path / "out.xlsx")
    first: dict[str, Drawn] = {}
    kept: list[Row] = []
    repeated, conflicts = [], []
    for name, some in files.items():
        for at, one in [*enumerate(some[:-1], 3), (len(some) + 2, some[-1])]:
            if one.number not in first:
                first[one.number] = one
                kept.append((name, at))
            elif one == first[one.number]:
                repeated.append((name, at))
            else:
                conflicts.append((name, at))
                kept.append((name, at))
    assert [source(row) for row in told(report, "合并")] == kept
    assert [source(row) for row in told(report, "没有合并的行")] == repeated
    pairs = told(report, "同一人内容不同")
    assert [source(row, "在后读到的") for row in pairs] == conflicts
    assert all("补助金额" in row["不同的项"] for row in pairs)
    assert report.counts["read"] == len(kept) + len(repeated) == 39
    assert report.counts["conflicts"] == len(conflicts)
    assert (report.refused == 0) is (not conflicts)


@pytest.mark.parametrize("seed", range(many(30, 6)))
def test_every_row_ends_in_one_place_and_no_two_numbers_are_taken_for_one(
    file: Any, tmp_path: Path, seed: int
) -> None:
    township()
    rng = Random(seed)
    people = draw(rng, 30)
    for number in range(3):
        rng.shuffle(people)
        heading = HEADING if number < 2 else [caption for caption in HEADING if caption != "补助金额（元）"]
        write(tmp_path / f"{number}村.xlsx", changed(rng, people)[:25], rng, heading)
    report = merge_files([tmp_path], tmp_path / "合并.xlsx")
    counts = report.counts
    assert counts["read"] == counts["merged"] + counts["repeated"] + counts["left_out"]
    rows = [source(row) for title in ("合并", "没有合并的行") for row in told(report, title)]
    assert len(rows) == len(set(rows)) == counts["read"] > 40
    by_source = {str(row["来源"]): row for title in ("合并", "没有合并的行") for row in told(report, title)}
    for row in told(report, "没有合并的行"):
        if "只留一份" in row["原因"]:
            twin = by_source[row["原因"].split("与 ")[1].split(" 相同")[0]]
            assert (row["身份证号"] or "") == (twin["身份证号"] or "") and row["姓名"] == twin["姓名"]
            assert row["备注说明"] == twin["备注说明"]
            money, kept = row["补助金额（元）"], twin["补助金额（元）"]
            assert money is None or plain_text(money) == plain_text(kept)
        else:
            assert not row["姓名"]
    for pair in told(report, "同一人内容不同"):
        one, other = pair.get("身份证号（先读到的）"), pair.get("身份证号（后读到的）")
        assert not (one and other) or one == other or "?" in f"{one}{other}", "two right numbers are two people"
    merged = told(report, "合并")
    for row in merged:
        same = [one for one in merged if one["身份证号"] == row["身份证号"] and row["身份证号"]]
        assert len(same) == 1 or all(one["说明"] for one in same), "who stands there twice is marked"


def sheet(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


HEAD = ["姓名", "身份证号", "行政村", "联系电话"]


def test_the_file_says_where_each_row_is_from_and_what_is_wrong_with_it(file: Any, tmp_path: Path) -> None:
    township()
    folder = tmp_path / "交回"
    (folder / "保邑").mkdir(parents=True)
    sheet(folder / "牛街.xlsx", HEAD, ["张三", number_of(11), "牛街村", "13887654321"],
          ["李四", number_of(13)[:-1], "牛街村"])  # fmt: skip
    sheet(folder / "保邑" / "保邑.xlsx", [*HEAD, "备注"], ["张三", number_of(11), "牛街村", "13887654322", "在外"],
          [None, None, "保邑村", "13887654321", None])  # fmt: skip
    (folder / "~$牛街.xlsx").write_bytes(b"lock")
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    report = merge_files([folder], tmp_path / "合并.xlsx")
    assert report.counts == {"files": 2, "unread": 1, "read": 4, "merged": 3, "repeated": 0, "left_out": 1,
                             "conflicts": 1, "doubtful": 0, "faults": 1}  # fmt: skip
    book = openpyxl.load_workbook(tmp_path / "合并.xlsx")
    assert book.sheetnames == ["合并", "同一人内容不同", "没有合并的行"]
    page = book["合并"]
    assert [cell.value for cell in page[3]] == ["序号", *HEAD, "备注", "来源", "说明"]
    said = [page.cell(row, 8).value or "" for row in (4, 5, 6)]
    assert ["不同：联系电话。" in text for text in said] == [True, True, False]
    assert ["身份证号：" in text for text in said] == [False, False, True]
    assert page["B4"].fill.fgColor.rgb == "FFFBEAE9"
    assert any("坏.xlsx" in note for note in report.notes)


def test_what_only_one_file_has_a_column_for_is_not_lost(file: Any, tmp_path: Path) -> None:
    township()
    one, other = tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"
    for path, rows in (
        (one, (["姓名", "行政村"], ["张三", "牛街村"])),
        (other, (["姓名", "行政村", "身份证号", "电话"], ["张三", "牛街村", number_of(11), "13887654321"])),
    ):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    report = merge_files([one, other], tmp_path / "合并.xlsx")
    (row,) = told(report, "合并")
    assert (row["身份证号"], row["电话"]) == (number_of(11), "13887654321")
    (left,) = told(report, "没有合并的行")
    assert left["原因"] == "与 甲.xlsx Sheet 第 2 行 相同，只留一份，它的身份证号、电话并进了那一行。"


def test_what_cannot_be_merged_ends_in_a_sentence(file: Any, tmp_path: Path) -> None:
    township()
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(Trouble, match=r"坏\.xlsx"):
        merge_files([tmp_path / "坏.xlsx"], tmp_path / "x.xlsx")
    one = sheet(tmp_path / "牛街.xlsx", HEAD, ["张三", number_of(11), "牛街村", None])
    with standing(clerk=Clerk("yxz", "某人", ("1",), None, 1), who="yxz"), pytest.raises(Reject, match="用途"):
        merge_files([one], tmp_path / "x.xlsx")
    assert not (tmp_path / "x.xlsx").exists()
