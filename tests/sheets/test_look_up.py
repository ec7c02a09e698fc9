"""Columns of a ledger for a pasted list, against a slow walk over every row; in the order pasted, on both databases."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from app.ledgers.contents import ledger_called
from app.ledgers.listing import Listing
from app.models.conditions import read
from app.models.faults import Trouble
from app.models.here import Clerk, here, standing
from app.models.operation import operation
from app.models.people import Person
from app.sheets.look_up import listed, look_up, pasted, write_found
from tests import town
from tests.work.rows_given import number_of, planned, township


@pytest.fixture
def people(file: Any) -> list[dict[str, Any]]:
    """Everybody who is present, with what he is known by."""
    town.build(seed=3, households=15, persons=60)
    with operation("同名"):
        for key, in here().file.run("SELECT id FROM person WHERE until IS NULL ORDER BY id LIMIT 20").fetchall():
            row = Person.by_key(key)
            row.name = "杨德福"
            row.save()
    sql = (
        "SELECT person.id, person.name, person.id_number, place.name, household.id FROM person"
        " JOIN household ON household.id = person.household_id JOIN place ON place.id = household.village_id"
        f" WHERE (person.until IS NULL OR person.until > '{here().day}')"
        f" AND (person.since IS NULL OR person.since <= '{here().day}')"
    )
    names = ("key", "name", "number", "village", "home")
    return [dict(zip(names, row, strict=True)) for row in here().file.run(sql).fetchall()]


def persons(**changes: Any) -> Listing:
    return Listing(ledger_called("persons"), whole=True).but(**changes)


def slow(people: list[dict[str, Any]], line: str) -> list[int]:
    """The keys of all whom a line may mean, looked for in every row."""
    words = line.split()
    if words[0][0].isdigit():
        return [one["key"] for one in people if one["number"] == words[0]]
    return [one["key"] for one in people
            if one["name"] == words[0] and (len(words) < 2 or one["village"] == words[1])]  # fmt: skip


def test_everybody_is_found_as_a_slow_walk_finds_him(people: list[dict[str, Any]]) -> None:
    rng, lines = Random(1), []
    for one in rng.choices(people, k=80):
        ways = [one["name"].replace(" ", ""), f"{one['name']} {one['village']}", "没有此人", number_of(998)]
        lines.append(rng.choice([*ways, *([one["number"]] * 2 if one["number"] else [])]))
    wanted = pasted("\n".join(lines))
    assert [one.text for one in wanted] == lines
    found = look_up(wanted, persons())
    seen = {"one": 0, "several": 0, "none": 0}
    for line, answer in zip(lines, found, strict=True):
        keys = slow(people, line)
        if len(keys) == 1:
            assert (answer.rows, answer.missing, answer.said) == (keys, False, "")
            seen["one"] += 1
        elif keys:
            assert answer.rows == [] and answer.several and f"有 {len(keys)} 个" in answer.said
            seen["several"] += 1
        else:
            assert answer.missing == (not answer.rows) and (answer.said in ("没有找到。", "已不在册。"))
            seen["none"] += 1
    assert min(seen.values()) > 2, seen


def test_the_columns_stand_in_the_order_pasted(people: list[dict[str, Any]], tmp_path: Path) -> None:
    numbered = [one for one in people if one["number"]][:5]
    wanted = pasted("\n".join(one["number"] for one in reversed(numbered)) + "\n\n没有此人\n12345678901234567X")
    report = write_found(wanted, persons(), tmp_path / "x.xlsx")
    assert report.counts == {"asked": 7, "found": 5, "gone": 0, "several": 0, "missing": 2}
    assert report.refused == 2
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    told = [cell.value for cell in sheet[3]]
    at = told.index("姓名")
    assert [sheet.cell(row, at + 1).value for row in range(4, 9)] == [one["name"] for one in reversed(numbered)]
    assert sheet.cell(9, told.index("说明") + 1).value == "没有找到。"
    assert sheet.cell(9, at + 1).value is None
    assert "身份证号" in sheet.cell(10, told.index("说明") + 1).value
    assert sheet.cell(9, 2).fill.fgColor.rgb == "FFFBEAE9"


def test_who_left_is_said_to_be_gone(file: Any, people: list[dict[str, Any]]) -> None:
    sql = "SELECT id, id_number FROM person WHERE until IS NOT NULL AND id_number IS NOT NULL"
    gone = here().file.run(sql).fetchone()
    (found,) = look_up(pasted(gone[1]), persons())
    assert (found.rows, found.said) == ([gone[0]], "已不在册。")


def test_a_ledger_that_leads_to_persons_and_one_that_persons_lead_to(people: list[dict[str, Any]]) -> None:
    one = next(one for one in people if one["number"])
    (home,) = look_up(pasted(one["number"]), Listing(ledger_called("households"), whole=True))
    assert home.rows == [one["home"]]
    listing = Listing(ledger_called("enrolments"), whole=True)
    about = dict(zip(listing.keys(), (row[0] for row in listing.but(
        columns=(listing.ledger.column("person.id_number"),)).cells(listing.keys())), strict=True))  # fmt: skip
    number = next(number for number in about.values() if number)
    (found,) = look_up(pasted(number), listing)
    assert sorted(found.rows) == sorted(key for key, owner in about.items() if owner == number)
    outside = next(one for one in people if one["number"] and one["number"] not in about.values())
    (none,) = look_up(pasted(outside["number"]), listing)
    assert none.missing and none.said == "登记过，但不在“各类对象总台账”里。"
    with pytest.raises(Trouble, match="不是按人登记的"):
        look_up(pasted("张三"), Listing(ledger_called("categories")))


def test_a_list_in_a_file_and_names_without_a_heading(file: Any, tmp_path: Path) -> None:
    township()
    planned({"village": "牛街村", "number": "1", "name": "张三", "relation": "户主", "id_number": number_of(11)},
            {"village": "保邑村", "number": "1", "name": "张三", "relation": "户主", "id_number": number_of(13)},
            ).commit("导入")  # fmt: skip
    book = openpyxl.Workbook()
    for row in (["姓名", "行政村"], ["张三", "保邑"], ["张三", None], ["李四", "牛街村"]):
        book.active.append(row)
    book.save(tmp_path / "名单.xlsx")
    found = look_up(listed(tmp_path / "名单.xlsx"), persons())
    assert [(len(one.rows), one.several) for one in found] == [(1, False), (0, True), (0, False)]
    assert Person.by_key(found[0].rows[0]).id_number == number_of(13)
    (tmp_path / "名单.txt").write_text(f"{number_of(11)}\n张三 保邑村\n", encoding="utf-8")
    found = look_up(listed(tmp_path / "名单.txt"), persons())
    assert [Person.by_key(one.rows[0]).id_number for one in found] == [number_of(11), number_of(13)]


def test_a_condition_and_masked_numbers_hold(people: list[dict[str, Any]], tmp_path: Path) -> None:
    one = next(one for one in people if one["number"])
    elsewhere = read(f"行政村 != {one['village']}", Person)
    (none,) = look_up(pasted(one["number"]), persons(where=elsewhere))
    assert none.missing
    write_found(pasted(one["name"] + " " + one["village"]), persons(whole=False), tmp_path / "x.xlsx")
    cells = [cell.value for row in openpyxl.load_workbook(tmp_path / "x.xlsx").active.iter_rows() for cell in row]
    assert one["number"] not in cells
    assert any("不能导回" in str(cell) for cell in cells)


def test_a_village_clerk_finds_only_his_own(people: list[dict[str, Any]]) -> None:
    one = next(one for one in people if one["number"])
    others = here().file.run(f"SELECT id FROM place WHERE level = '3' AND name <> '{one['village']}'").fetchone()
    with standing(clerk=Clerk("c", "某人", ("1",), others[0], 1), who="c"):
        (none,) = look_up(pasted(one["number"]), persons())
    assert none.missing and none.said == "没有找到。"


def test_nothing_to_look_for_is_said(file: Any, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="没有要查找的人"):
        write_found(pasted("  \n\n"), persons(), tmp_path / "x.xlsx")
