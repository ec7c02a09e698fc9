"""The check-up of 100,000 persons: as SQL, and the same checks as Python loops over Peewee objects, in one run.

    python benchmarks/checkup.py [persons]

Faults of every kind are planted; both sides must find the same. They run by turns, medians are told.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.models import findings, rules
from app.models.here import standing, today
from app.models.people import MEN, SHARED_BY, WOMEN, Household, Person
from app.models.places import Place
from benchmarks.township import DAY, PEOPLE, build

ROUNDS = 3
MOST_SECONDS, LEAST_TIMES = 3.0, 20
Told = set[tuple[str, frozenset[int]]]


def plant(file: Any, persons: int) -> None:
    """Twelve faults of each kind, as old data has them."""
    draw = random.Random(3)
    chosen = iter(draw.sample(range(PEOPLE, PEOPLE + persons), 12 * 24))
    with file.writing():
        for _ in range(12):
            for setting in (
                "relation = '02'", "relation = '80'", "id_number = substr(id_number, 1, 17) || 'Q'", "sex = '9'",
                "birth = '1901'", "away_place = '昆明', away = 0", "telephone = '13800000000'",
                "account = '990000000000001'", "sex = CASE sex WHEN '1' THEN '2' ELSE '1' END",
            ):  # fmt: skip
                file.run(f"UPDATE person SET {setting} WHERE id = ?", (next(chosen),))
            one, other, third = next(chosen), next(chosen), next(chosen)
            alike = "SELECT {} FROM person WHERE id = ?"
            (number,) = file.run(alike.format("id_number"), (one,)).fetchone()
            file.run("UPDATE person SET id_number = ? WHERE id = ?", (number, other))
            name, birth, home = file.run(alike.format("name, birth, household_id"), (one,)).fetchone()
            settings = "id_number = NULL, name = ?, birth = ?, household_id = ?"
            file.run(f"UPDATE person SET {settings} WHERE id = ?", (name, birth, home, third))
            for setting in ("until = '2026-01-01'", "village_id = 2"):
                home = "id IN (SELECT household_id FROM person WHERE id = ?)"
                file.run(f"UPDATE household SET {setting} WHERE {home}", (next(chosen),))
        file.run("UPDATE place SET until = '2026-01-01' WHERE id = 1005")


def by_sql() -> Told:
    return {(one.check, frozenset(one.group)) for one in findings.find()}


def by_loops(kept: bool = False) -> Told:
    """The same checks as one writes them over the objects; a link is followed by its attribute, as Peewee offers it.

    With `kept` every row is fetched once and links are looked up in dictionaries made by hand.
    """
    people, households = list(Person.select()), list(Household.select())
    if kept:
        places, homes = {place.id: place for place in Place.select()}, {home.id: home for home in households}
        for home in households:
            home.village, home.group = places[home.village_id], places.get(home.group_id)
        for one in people:
            one.household = homes[one.household_id]
    members = defaultdict(list)
    for one in people if kept else ():
        members[one.household_id].append(one)

    def standing_in(home: Any) -> list[Any]:
        found = members[home.id] if kept else Person.select().where(Person.household == home)
        return [one for one in found if is_here(one)]

    return {
        *((name, frozenset([key])) for home in households for name, key in household_faults(home, standing_in)),
        *((name, frozenset([key])) for one in people if is_here(one) for name, key in person_faults(one)),
        *shared_by_people(people), *shared_by_others(households, list(Place.select())),
    }  # fmt: skip


def is_here(row: Any) -> bool:
    return (row.since is None or row.since <= today()) and (row.until is None or row.until > today())


def household_faults(home: Any, standing_in: Callable[[Any], list[Any]]) -> Iterator[tuple[str, int]]:
    if not is_here(home):
        return
    members = standing_in(home)
    heads, village, group = sum(one.relation == "02" for one in members), home.village, home.group
    for name, wrong in (
        ("一户两个户主", heads > 1), ("没有户主", heads == 0 and members), ("空户", not members),
        ("所属村已撤销", village.until and village.until <= today()),
        ("所属组已撤销", group and group.until and group.until <= today()),
        ("行政村不对", village.level != "3"), ("村民小组不对", group and group.level != "4"),
        ("小组不在本村", group and group.parent_id != village.id),
    ):  # fmt: skip
        if wrong:
            yield name, home.id


def person_faults(one: Any) -> Iterator[tuple[str, int]]:
    number, home = one.id_number, one.household
    if number is not None:
        try:
            right = rules.read_id_number(number) == number
        except ValueError:
            right = False
        if not right:
            yield "身份证号有误", one.id
        if len(number) == 18 and number[:17].isdigit() and number[17] in "0123456789X":
            born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
            if one.birth is not None and not born.startswith(str(one.birth)):
                yield "出生日期与身份证不符", one.id
            if one.sex in ("1", "2") and one.sex != rules.id_sex(number):
                yield "性别与身份证不符", one.id
    if (one.sex == "2" and one.relation in MEN) or (one.sex == "1" and one.relation in WOMEN):
        yield "关系与性别不符", one.id
    if home.until and home.until <= today():
        yield "户已注销人在册", one.id
    if one.away_place and one.away is not True:
        yield "务工地与外出不符", one.id


def shared_by_people(people: list[Any]) -> Iterator[tuple[str, frozenset[int]]]:
    here = [one for one in people if is_here(one)]
    kinds: list[tuple[str, list[Any], Callable[[Any], Any], Callable[[list[Any]], bool]]] = [
        ("同一人两张卡", people, lambda one: one.id_number, lambda some: len(some) > 1),
        (
            "疑似同一人", people, lambda one: one.birth and (one.name, one.birth, one.household.village_id),
            lambda some: len(some) > 1 and any(one.id_number is None for one in some),
        ),
        ("多人共用电话", here, lambda one: one.telephone, lambda some: len(some) >= SHARED_BY),
        (
            "账号户名不一", here, lambda one: one.account,
            lambda some: len({one.payee or one.name for one in some}) > 1,
        ),
    ]  # fmt: skip
    for name, among, value, strange in kinds:
        sharing = defaultdict(list)
        for one in among:
            if (shared := value(one)) is not None:
                sharing[shared].append(one)
        yield from ((name, frozenset(one.id for one in some)) for some in sharing.values() if strange(some))


def shared_by_others(homes: list[Any], places: list[Any]) -> Iterator[tuple[str, frozenset[int]]]:
    for name, among, value in (
        ("户重复登记", homes, lambda home: (home.village_id, home.number)),
        ("村组重复登记", places, lambda place: (place.parent_id, place.level, place.name)),
    ):  # fmt: skip
        sharing = defaultdict(list)
        for row in among:
            if None not in value(row):
                sharing[value(row)].append(row.id)
        yield from ((name, frozenset(some)) for some in sharing.values() if len(some) > 1)


def seconds(work: Callable[[], Told]) -> tuple[float, Told]:
    began = time.perf_counter()
    told = work()
    return time.perf_counter() - began, told


def measure(persons: int, folder: Path) -> bool:
    file = build(folder / "checkup.db", persons)
    with standing(file, who="测量", day=DAY):
        assert by_sql() == by_loops(kept=True) == set(), "the file is clean"
        plant(file, persons)
        sides: dict[str, Callable[[], Told]] = {"sql": by_sql, "loops": by_loops, "kept": partial(by_loops, kept=True)}
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(ROUNDS):
            told = []
            for name, work in sides.items():
                spent, found = seconds(work)
                taken[name].append(spent)
                told.append(found)
            assert told[0] == told[1] == told[2], sorted(told[0] ^ told[1], key=str)[:5]
        file.close()
    one, other, by_hand = (statistics.median(taken[name]) for name in sides)
    print(f"{persons:>9,} persons, {len(told[0])} findings by both sides, {ROUNDS} rounds by turns, medians")
    print(f"          check-up by SQL                  {one:8.2f} s   (≤ {MOST_SECONDS:g})")
    print(f"          loops over the objects           {other:8.2f} s   {other / one:.1f} times (≥ {LEAST_TIMES})")
    print(f"          loops, links kept by hand        {by_hand:8.2f} s   {by_hand / one:.1f} times")
    return one <= MOST_SECONDS and other / one >= LEAST_TIMES


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        sys.exit(0 if measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, Path(place)) else 1)
