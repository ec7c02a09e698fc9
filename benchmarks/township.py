"""A data file with any number of invented persons, for measuring: written straight into the tables, without history."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from app.ledgers import contents  # noqa: F401  (brings every record)
from app.models import words
from app.models.database import DataFile
from app.models.here import standing
from app.models.rules import id_check_digit
from app.models.search import dotted
from app.models.upgrade import upgrade

DAY = date(2026, 11, 21)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单仇解曾区盖查朴"
GIVEN = "秀英建国志强桂兰玉珍永昌德福春花小梅明华丽芳军伟杰娟敏静涛勇艳强磊洋超霞平刚"
HOMES, PEOPLE = 10_000_000, 20_000_000  # first keys
VILLAGES, GROUPS, SIZE = 40, 10, 3.32  # SIZE: persons in a household, as in 牛街乡


def build(path: Path, persons: int, seed: int = 7) -> DataFile:
    """Make the file; its rows stand as an import would leave them, their search words included."""
    draw, file = random.Random(seed), DataFile(path)
    with standing(file, who="测量", day=DAY):
        upgrade(file)
        with file.writing():
            _places(file)
            households = max(1, int(persons / SIZE))
            file.run_many(
                "INSERT INTO household (id, rev, number, village_id, group_id, telephone) VALUES (?, 1, ?, ?, ?, ?)",
                [
                    (HOMES + i, f"{i % VILLAGES:02}-{i:06}", 100 + i % VILLAGES, 1000 + i % (VILLAGES * GROUPS), None)
                    for i in range(households)
                ],
            )
            taken: set[str] = set()
            rows = [_person(draw, i, households, taken) for i in range(persons)]
            file.run_many(
                "INSERT INTO person (id, rev, name, id_number, sex, birth, household_id, relation, telephone, away) "
                "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            file.run_many(
                'INSERT INTO search ("key", names, initials, digits) VALUES (?, ?, ?, ?)',
                [(row[0], dotted(row[1]), dotted(*words.initials(row[1])), f"{row[2]} {row[7]}") for row in rows],
            )
        file.run("ANALYZE")
    return file


def _places(file: DataFile) -> None:
    insert = "INSERT INTO place (id, rev, name, level, parent_id) VALUES (?, 1, ?, ?, ?)"
    file.run_many(insert, [(1, "弥渡县", "1", None), (2, "牛街乡", "2", 1)])
    file.run_many(insert, [(100 + i, f"第{i + 1}村", "3", 2) for i in range(VILLAGES)])
    groups = range(VILLAGES * GROUPS)
    file.run_many(insert, [(1000 + i, f"{i // VILLAGES + 1}组", "4", 100 + i % VILLAGES) for i in groups])


def _person(draw: random.Random, i: int, households: int, taken: set[str]) -> tuple[object, ...]:
    name = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2, 2))))
    born = date(1935, 1, 1) + timedelta(days=draw.randrange(33_000))
    order = i % 1000
    while (first := f"990001{born:%Y%m%d}{order:03}") in taken:
        order = (order + 2) % 1000  # still the same sex
    taken.add(first)
    number = first + id_check_digit(first)
    telephone = f"199{draw.randrange(10**8):08}"
    relation = "02" if i < households else draw.choice(("10", "20", "22", "51") if i % 2 else ("10", "30", "32", "52"))
    home = HOMES + i % households
    return PEOPLE + i, name, number, str(2 - i % 2), str(born), home, relation, telephone, int(i % 5 == 0)
