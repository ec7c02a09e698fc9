"""Invented names for the people of the demonstration file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from app.work.demo_people import FEMALE, Member

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "demo"
TOWNSHIP_NAME = "牛街乡"  # of the files of places and organisations
COUNTY_LEVEL = "3"  # of the code table organisation_level
HAN = "01"
PEOPLES = {"01": 700, "07": 220, "14": 50, "03": 30}  # ethnicity → of a thousand


@cache
def rows(name: str) -> list[dict[str, str]]:
    """The rows of one file of `resources/demo`."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def villages(townships: int = 1) -> list[dict[str, str]]:
    """The villages of so many townships: those of the file, then the same under names made of their township's."""
    found = [row | {"township": TOWNSHIP_NAME} for row in rows("villages")]
    for township in rows("townships")[: townships - 1]:
        for side, row in zip("东南西北", rows("villages"), strict=True):
            stem = township["township"][:-1] + side
            grids = " ".join(stem + name for name in row["grids"].split())
            found.append(row | {"township": township["township"], "village": f"{stem}村", "former": "", "grids": grids})
    return found


def organisations(townships: int = 1) -> list[dict[str, str]]:
    """Those of the county, of the township of the file, and the like of each further one; `village` by its number."""
    found = list(rows("organisations"))
    for order, township in enumerate(rows("townships")[: townships - 1], 1):
        for row in rows("organisations"):
            at = order * len(rows("villages")) + int(row["village"] or 0)
            name = row["name"].replace("牛街", township["township"][:-1])
            if row["village"]:
                name = villages(townships)[at]["village"] + ("委会" if row["kind"] == "9" else "党总支")
            if row["level"] != COUNTY_LEVEL:
                found.append(row | {"name": name, "village": str(at) if row["village"] else ""})
    return found


@dataclass(frozen=True)
class _Given:
    first: list[str]
    second: list[str]
    whole: list[str]


class Names:
    """Draws names: surnames by how frequent they are among a people, given names by sex and year of birth."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._surnames: dict[Member, tuple[str, str]] = {}
        self._lists = {
            people: ([row["surname"] for row in rows("surnames")], [int(row[people]) for row in rows("surnames")])
            for people in PEOPLES
        }
        self._given: dict[tuple[str, int], _Given] = {}
        for row in rows("given"):
            given = _Given(row["first"].split(), row["second"].split(), row["whole"].split())
            for year in range(int(row["from"]), int(row["until"]) + 1):
                self._given[row["sex"], year] = given

    def surname(self, member: Member) -> tuple[str, str]:
        """Surname and ethnicity, both of the person whose line he continues."""
        found = self._surnames.get(member)
        if found is None:
            if member.line is not None:
                found = self.surname(member.line)
            else:
                people = self._rng.choices(list(PEOPLES), weights=list(PEOPLES.values()))[0]
                surnames, weights = self._lists[people]
                found = self._rng.choices(surnames, weights=weights)[0], people
            self._surnames[member] = found
        return found

    def given(self, sex: str, year: int) -> str:
        """A given name as parents chose it in that year."""
        given, rng = self._given[sex, max(year, 1900)], self._rng
        kind = rng.random()
        if kind < 0.18:
            return rng.choice(given.whole)
        if kind < 0.26:
            return rng.choice(given.second if sex == FEMALE else given.first)
        first = rng.choice(given.first)
        return first + rng.choice([second for second in given.second if second != first])

    def of(self, member: Member, year: int, taken: set[str]) -> str:
        """A whole name that nobody in the household has yet."""
        surname = self.surname(member)[0]
        while True:
            name = surname + self.given(member.sex, year)
            if name not in taken:
                taken.add(name)
                return name
