"""Drawn lists of people for the tests of the list tools: namesakes, mistyped numbers, half-known births, blanks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl

from tests.work.rows_given import number_of

HEADING = ["序号", "姓名", "身份证号", "行政村", "出生日期", "联系电话", "补助金额（元）", "备注说明"]
SPELLED = {"牛街村": ("牛街村", "牛街", "牛街村委会"), "保邑村": ("保邑村", "保邑村民委员会"), "外乡村": ("外乡村",)}
NAMES = [f"{surname}{given}" for surname in "张李王赵阿" for given in ("三", "德福", "秀珍", "小妹", "依")]
BIRTHS = [date(1950, 1, 2), date(1950, 1, 9), date(1962, 7, 1), date(1990, 12, 31)]


@dataclass(frozen=True)
class Drawn:
    """One person as a list knows him; "" and None where it does not say. `wrong` is a number that cannot be right."""

    name: str
    number: str
    village: str
    birth: str
    telephone: str
    money: int | None
    note: str
    wrong: str = ""

    def born(self) -> str:
        """The birth that the line tells: written, or whole from the number where it is not written whole."""
        digits = self.number[6:14]
        whole = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if digits else ""
        return self.birth if len(self.birth) == 10 or not whole else whole


def draw(rng: Random, size: int) -> list[Drawn]:
    """People of few names, villages and births, so that many may be one another."""
    found = []
    for _ in range(size):
        born = rng.choice(BIRTHS)
        number = number_of(rng.randrange(1, 25), born) if rng.random() < 0.6 else ""
        birth = rng.choice([f"{born:%Y-%m-%d}", f"{born:%Y-%m-%d}", f"{born:%Y}", ""])
        wrong = f"{number_of(3, born)[:-1]}?" if not number and rng.random() < 0.2 else ""
        found.append(Drawn(
            rng.choice(NAMES) if rng.random() < 0.95 else "", number,
            rng.choice([*SPELLED, "牛街村", "牛街村", ""]), birth, rng.choice(["13887654321", "13887654322", ""]),
            rng.choice([None, 1200, 300]), rng.choice(["", "五保", "=1+1"]), wrong,
        ))  # fmt: skip
    return found


def changed(rng: Random, people: list[Drawn]) -> list[Drawn]:
    """The same people as another list has them: some gone, some new, some with another value, in another order."""
    kept = [person for person in people if rng.random() < 0.8]
    found = []
    for person in kept:
        match rng.randrange(8):
            case 0:
                person = replace(person, telephone="13887654329")
            case 1:
                person = replace(person, money=999)
            case 2:
                person = replace(person, number="")
            case 3:
                person = replace(person, village="")
            case _:
                pass
        found.append(person)
    found += draw(rng, max(1, len(people) // 5))
    rng.shuffle(found)
    return found


def write(path: Path, people: list[Drawn], rng: Random, heading: list[str] | None = None) -> Path:
    """A list with a title, its columns in the order of `heading`, each value in one of the ways clerks write it."""
    heading = heading or HEADING
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名单"
    sheet.append(["某某名单"])
    sheet.append(heading)
    for at, person in enumerate(people, 1):
        cells = {
            "序号": at, "姓名": person.name or None, "身份证号": person.number or person.wrong or None,
            "行政村": rng.choice(SPELLED[person.village]) if person.village else None,
            "出生日期": _birth(person.birth, rng), "联系电话": _telephone(person.telephone, rng),
            "补助金额（元）": _money(person.money, rng), "备注说明": person.note or None,
        }  # fmt: skip
        sheet.append([cells[caption] for caption in heading])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)
    return path


def _birth(birth: str, rng: Random) -> Any:
    if len(birth) == 10:
        return rng.choice([birth, birth.replace("-", "."), date.fromisoformat(birth)])
    return f"{birth}年" if birth else None


def _telephone(telephone: str, rng: Random) -> Any:
    return rng.choice([telephone, int(telephone)]) if telephone else None


def _money(money: int | None, rng: Random) -> Any:
    return None if money is None else rng.choice([money, float(money), f"{money:,}", f"{money}.00"])


def rows_of(people: list[Drawn]) -> dict[int, Drawn]:
    """The row of the file in which each stands."""
    return dict(enumerate(people, 3))
