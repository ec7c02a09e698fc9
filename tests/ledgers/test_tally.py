"""Tallies: every number is that of the names behind it, on both databases and on past days."""

from __future__ import annotations

from datetime import date

import pytest

from app.ledgers.contents import ledgers
from app.ledgers.listing import Listing
from app.ledgers.tally import Line, Tally, across
from app.models import query
from app.models.conditions import read
from app.models.database import DataFile
from app.models.help import HelpLine
from app.models.paths import resolve
from app.models.people import Person
from tests.town import build

DAYS = [None, date(2019, 12, 31)]
SIDE = ("年龄 >= 80", "性别 = 女", "没有(受助明细)", "有(纳入对象: 对象类别 = 残疾人)", "名称 = 甲 或 年龄 < 16", "")
TOP = ("外出 = 是", "行政村 不为空", "非 (外出 = 是)", "")


@pytest.fixture
def filled(file: DataFile) -> DataFile:
    build()
    return file


def lines(record: type, texts: tuple[str, ...]) -> tuple[Line, ...]:
    return tuple(Line(text or "合计", read(text.replace("名称 = 甲", "姓名 = 甲"), record)) for text in texts)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_number_is_that_of_the_names_behind_it(filled: DataFile, day: date | None) -> None:
    tally = Tally(Listing(ledgers()["persons"], day=day), lines(Person, SIDE), lines(Person, TOP))
    numbers = tally.numbers()
    assert len(numbers) == len(SIDE) and {len(row) for row in numbers} == {len(TOP)}
    for row, counted in zip(tally.rows, numbers, strict=True):
        for column, number in zip(tally.columns, counted, strict=True):
            assert number == len(tally.behind(row, column).keys()), (row.caption, column.caption)
    assert numbers[-1][-1] == Listing(ledgers()["persons"], day=day).count() > numbers[0][0]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_persons_households_and_sums_are_each_counted_in_their_way(filled: DataFile, day: date | None) -> None:
    listing = Listing(ledgers()["received"], day=day)
    side = lines(HelpLine, ("行政村 = 牛街村", "资金 >= 1000", ""))
    for of in ("person", "person.household", "cash"):
        tally = Tally(listing, side, (Line("合计"),), of)
        for row, (number,) in zip(side, tally.numbers(), strict=True):
            path = resolve(HelpLine, of if of == "cash" else f"{of}.id")
            values = [value for (value,) in query.rows(HelpLine, [path], tally.behind(row, Line("")).keys(), day)]
            known = [value for value in values if value is not None]
            assert number == (sum(known) if of == "cash" else len(set(known))), (of, row.caption)
    people = Tally(listing, side[-1:], (Line(""),), "person").numbers()[0][0]
    assert 0 < people < listing.count(), "somebody received more than once"


def test_two_columns_across_add_up(filled: DataFile) -> None:
    tally = across(Listing(ledgers()["persons"]), "household.village", "sex")
    numbers = tally.numbers()
    assert [row[-1] for row in numbers] == [sum(row[:-1]) for row in numbers]
    assert numbers[-1] == [sum(column) for column in zip(*numbers[:-1], strict=True)]
    assert tally.rows[-1].caption == tally.columns[-1].caption == "合计"


def test_many_cells_are_counted_in_a_few_questions(filled: DataFile) -> None:
    ages = tuple(Line(f"{age}岁", read(f"年龄 = {age}", Person)) for age in range(100))
    listing = Listing(ledgers()["persons"])
    counted = [number for (number,) in Tally(listing, ages, (Line("合计"),)).numbers()]
    assert counted == [listing.but(where=age.condition).count() for age in ages] and sum(counted) > 10
