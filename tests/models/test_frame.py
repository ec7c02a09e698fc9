"""Conditions as SQL against the slow walk in Python, now and on past days, on both databases."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from app.ledgers.listing import has_value
from app.models import query
from app.models.categories import Enrolment
from app.models.conditions import And, Empty, Not, OneOf, read, show
from app.models.database import DataFile
from app.models.dates import PartialDate
from app.models.derived import Age
from app.models.help import HelpLine
from app.models.here import standing, today
from app.models.operation import operation
from app.models.paths import resolve
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import put_all
from tests import town
from tests.proof import many
from tests.walk import World, draw, nameable

RECORDS = (Person, Person, Household, HelpLine, Place, Enrolment)
DAYS = (None, None, date(2024, 2, 29), date(2019, 12, 31), date(2017, 3, 1))


@pytest.fixture
def filled(file: DataFile) -> DataFile:
    town.build(seed=3)
    return file


class Values:
    """Values that stand in the file at a path, near ones, and some that nobody has."""

    def __init__(self, rng: Random, worlds: dict[Any, World]) -> None:
        self.rng, self.worlds, self.known = rng, worlds, {}

    def __call__(self, path: Any, fact: Any) -> Any:
        mark = path.record, path.text
        if mark not in self.known:
            world = self.worlds[None]
            values = {world.value(path.record, row, path) for row in world.rows[path.record].values()}
            self.known[mark] = sorted((value for value in values if value is not None), key=str)
        if isinstance(fact, Age) and self.rng.random() < 0.7:
            return self.rng.choice((0, 1, 2, 15, 16, 18, 37, 60, 62, 76, 90))
        if self.known[mark] and self.rng.random() < 0.9:
            value = self.rng.choice(self.known[mark])
            return value[0] if isinstance(value, tuple) and value[0] == value[1] else value
        return self.strange(getattr(fact, "fact", fact))

    def strange(self, fact: Any) -> Any:
        number = town.id_number(date(1996, 1, 1), 123)
        for cell in ("2019-06-01", "99", "是", "王五", "13900001111", number, "622202000000000"):
            try:
                return fact.read(fact.codes.choices()[0][1] if hasattr(fact, "codes") else cell)
            except ValueError:
                continue
        raise AssertionError(f"no value for {fact}")


def test_every_condition_means_the_same_in_sql_as_in_a_slow_walk(filled: DataFile) -> None:
    rng = Random(20)
    worlds = {day: World(day) for day in set(DAYS)}
    values, met = Values(rng, worlds), 0
    for _ in range(many(3000, 60)):
        record, day = rng.choice(RECORDS), rng.choice(DAYS)
        condition = draw(rng, record, values)
        expected = worlds[day].keys(record, condition)
        found = sorted(query.keys(record, condition, day=day))
        assert found == expected, f"{record.__name__} on {day or today()}: {show(condition, record)}\n{condition}"
        assert query.count(record, condition, day) == len(expected)
        met += 0 < len(expected) < len(worlds[day].keys(record, None))
    assert met > many(3000, 60) / 4, "most of these conditions must tell rows apart, or they prove little"


@pytest.mark.parametrize("day", [*sorted(set(DAYS) - {None}), None], ids=str)
def test_every_value_is_the_same_as_in_a_slow_walk(filled: DataFile, day: date | None) -> None:
    world = World(day)
    for record in dict.fromkeys(RECORDS):
        paths = [resolve(record, text) for text in nameable(record)]
        keys = sorted(world.rows[record])
        for key, values in zip(keys, query.rows(record, paths, keys, day), strict=True):
            expected = tuple(world.value(record, world.rows[record][key], path) for path in paths)
            assert values == expected, [
                (path.text, value, right)
                for path, value, right in zip(paths, values, expected, strict=True)
                if value != right
            ]
            assert [path.fact.show(value) for path, value in zip(paths, values, strict=True)], key


def order_mark(value: Any, fact: Any) -> tuple[bool, Any]:
    marked = (len(value), value) if value is not None and getattr(fact, "numbered", False) else value
    return (value is not None, marked if value is not None else 0)


@pytest.mark.parametrize("day", [None, date(2019, 12, 31)], ids=str)
def test_rows_stand_in_order_with_empty_values_first(filled: DataFile, day: date | None) -> None:
    world = World(day)
    for record in dict.fromkeys(RECORDS):
        for text in nameable(record):
            path = resolve(record, text)
            if isinstance(path.fact, Age):
                continue
            present = world.keys(record, None)
            value = {key: order_mark(world.value(record, world.rows[record][key], path), path.fact) for key in present}
            assert list(query.keys(record, None, [text], day)) == sorted(present, key=lambda key: (value[key], key)), (
                text
            )
            down = list(query.keys(record, None, [f"-{text}"], day))
            assert [value[key] for key in down] == sorted(value.values(), reverse=True), text


def test_household_numbers_are_in_order_as_numbers(file: DataFile) -> None:
    with operation("登记"):
        (village,) = put_all(Place, [{"name": "牛街乡", "level": "2"}])
        numbers = ("10", "2", "02-0010", "1", "02-0009", "100", "9")
        put_all(Household, [{"number": number, "village": village} for number in numbers])
    path, expected = resolve(Household, "number"), ["1", "2", "9", "10", "100", "02-0009", "02-0010"]
    for order, right in (("number", expected), ("-number", expected[::-1])):
        assert [row[0] for row in query.rows(Household, [path], query.keys(Household, None, [order]))] == right


def test_the_older_stand_behind_the_younger(filled: DataFile) -> None:
    ages = query.rows(Person, [resolve(Person, "birth")], query.keys(Person, Not(Empty("birth")), ["age"]))
    assert ages == sorted(ages, reverse=True)
    ages = query.rows(Person, [resolve(Person, "birth")], query.keys(Person, Not(Empty("birth")), ["-age"]))
    assert ages == sorted(ages)


@pytest.mark.parametrize("day", [None, date(2019, 12, 31)], ids=str)
def test_groups_count_every_row_once_and_open_into_their_rows(filled: DataFile, day: date | None) -> None:
    for record in dict.fromkeys(RECORDS):
        whole = len(query.keys(record, None, day=day))
        for text in nameable(record):
            path = resolve(record, text)
            found = query.groups(record, path, day=day)
            assert sum(number for _, number in found) == whole, text
            assert [number for _, number in found] == sorted((number for _, number in found), reverse=True)
            assert len({value for value, _ in found}) == len(found), text
            for value, number in found:
                assert query.count(record, has_value(path, value), day) == number, (text, value)


@pytest.mark.parametrize("day", [None, date(2019, 12, 31)], ids=str)
def test_sums_are_those_of_the_rows(filled: DataFile, day: date | None) -> None:
    for record in dict.fromkeys(RECORDS):
        paths = [path for path in (resolve(record, text) for text in nameable(record)) if path.fact.adds]
        keys = query.keys(record, None, day=day)
        columns = list(zip(*query.rows(record, paths, keys, day), strict=True))
        expected = [sum(value or 0 for value in column) for column in columns]
        assert query.sums(record, paths, None, day) == expected
        assert query.sums(record, paths, None, day, keys) == expected
        nobody = And((Empty("name"), Not(Empty("name")))) if record is Person else OneOf(nameable(record)[0], ())
        assert query.sums(record, paths, nobody, day) == [0] * len(paths)


def test_a_row_that_is_gone_leaves_empty_cells(filled: DataFile) -> None:
    paths = [resolve(Person, "name"), resolve(Person, "age")]
    keys = list(query.keys(Person))
    (known,) = query.rows(Person, paths, keys[:1])
    assert query.rows(Person, paths, [keys[0], 5, keys[0]]) == [known, (None, None), known]


def test_a_thousand_values_are_no_trouble(filled: DataFile) -> None:
    names = tuple(f"某人{number}" for number in range(1000))
    somebody = Person.select().where(Person.until.is_null()).order_by(Person.id).first()
    assert list(query.keys(Person, OneOf("name", (*names, somebody.name)))) == [
        row.id
        for row in Person.select().where((Person.name == somebody.name) & Person.until.is_null()).order_by(Person.id)
    ]
    assert query.count(Household, OneOf("head", names)) == 0
    assert query.count(Person, OneOf("household.village", names)) == 0


@pytest.mark.parametrize(
    ("born", "day", "condition", "met"),
    [
        ("1963", "2026-11-21", "年龄 >= 62", True),
        ("1963", "2026-11-21", "年龄 >= 63", False),
        ("1963", "2026-11-21", "年龄 <= 63", True),
        ("1963", "2026-11-21", "年龄 = 62", False),
        ("1963", "2026-11-21", "年龄 = 62–63", True),
        ("1963", "2026-11-21", "年龄 != 62–63", False),
        ("1963", "2026-12-31", "年龄 = 63", True),
        ("1946-11", "2026-11-21", "年龄 >= 80", False),
        ("1946-11", "2026-11-30", "年龄 >= 80", True),
        ("1946-11-21", "2026-11-21", "年龄 >= 80", True),
        ("1946-11-22", "2026-11-21", "年龄 >= 80", False),
        ("2008-02-29", "2026-02-28", "年龄 < 18", True),
        ("2008-02-29", "2026-03-01", "年龄 < 18", False),
        ("2026", "2026-11-21", "年龄 = 0", True),
        ("2026-11-21", "2026-11-20", "年龄 <= 5", False),  # not yet born
        ("2026-11-21", "2026-11-20", "年龄 为空", True),
        ("2026-11-21", "2026-11-20", "年龄 != 3", True),
        ("2026-11-21", "2026-11-21", "年龄 为空", False),
    ],
)
def test_ages_are_met_only_where_they_are_certain(
    file: DataFile, born: str, day: str, condition: str, met: bool
) -> None:
    with operation("登记"):
        (village,) = put_all(Place, [{"name": "牛街乡", "level": "2"}])
        (home,) = put_all(Household, [{"number": "1", "village": village}])
        facts = {"name": "杨一", "household": home, "relation": "02", "no_id_reason": "5"}
        with standing(day=date(2026, 12, 31)):
            put_all(Person, [{**facts, "birth": PartialDate.parse(born)}])
    on = date.fromisoformat(day)
    assert (query.count(Person, read(condition, Person), on) == 1) is met


def test_who_moved_is_found_where_he_was(file: DataFile) -> None:
    """Moved between households twice and between villages once; every past day finds the household as it was."""
    from app.models.people import FormerHome, Stay

    with operation("登记"):
        old, new = put_all(Place, [{"name": "老村", "level": "2"}, {"name": "新村", "level": "2"}])
        first, second = put_all(Household, [{"number": "1", "village": new}, {"number": "2", "village": new}])
        (person,) = put_all(Person, [
            {"name": "杨一", "household": second, "relation": "12", "no_id_reason": "5", "since": date(2020, 1, 1)}
        ])  # fmt: skip
        put_all(Stay, [{"person": person, "household": first, "relation": "02", "until": date(2020, 1, 1)}])
        put_all(FormerHome, [{"household": first, "village": old, "until": date(2022, 1, 1)}])
    paths = [
        resolve(Person, text)
        for text in ("household.number", "household.village", "household.group", "relation", "until")
    ]
    assert query.rows(Person, paths, [person], date(2019, 1, 1)) == [("1", "老村", None, "02", None)]
    assert query.rows(Person, paths, [person]) == [("2", "新村", None, "12", None)]
    then = date(2019, 1, 1)
    assert list(query.keys(Household, read("户主姓名 = 杨一", Household), day=then)) == [first]
    assert query.rows(Household, [resolve(Household, "size")], [first, second], then) == [(1,), (0,)]
    assert query.rows(Household, [resolve(Household, "size")], [first, second]) == [(0,), (1,)]
    assert query.count(Person, read("离开日期 为空", Person), then) == 1, "a stay's end is no leaving"
