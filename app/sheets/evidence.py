"""What the cells below a caption say about it (看内容): a field that can read them is more likely than one that cannot.

    most cells (70 %) are what only such a field holds: an ID number, a telephone, a code, a known village    +0.15
    the same where many fields hold such cells: a date, yes or no                                             +0.05
    few cells (30 %) can be read at all                                                                       −0.40
    some                                                                                                      −0.10

Fields that read anything, as a remark, are never confirmed; numbers that belong to other fields speak against them.
What cannot be a name speaks against one half as much again: many captions name a person and mean something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from app.models import dates
from app.models.codes import FOLDER
from app.models.fields import (
    Account,
    Birth,
    Code,
    Day,
    Flag,
    IdNumber,
    Link,
    Money,
    Month,
    PersonName,
    Telephone,
    Whole,
)
from app.models.text import EMPTY
from app.work.lookup import Lookup

LOOKED_AT = 40  # different cells of a column
FOR, AGAINST, MIXED = 0.15, -0.4, -0.1
CHOOSY = (IdNumber, Telephone, Account, Birth, Code)
COMMON, COMMON_FOR = (Day, Month, Flag), 0.05  # dates and yes or no stand in many columns
NAME = re.compile(r"[㐀-鿿\U00020000-\U0003347f·•]{2,10}[A-Z]?(?:[（(].{1,4}[）)])?")
PERSON = re.compile(r"[㐀-鿿\U00020000-\U0003347f]{2,4}(?:[·•][㐀-鿿]{1,8})?")
PLACE = re.compile("[村组社队屯寨镇乡县区市省校院厂店局站所会户]$")
PARTING = re.compile(r"[、，,;；\n]+")
PLACES = {  # what the names of places end with, where the file does not know them
    "村": re.compile(r"(?:村|社区|居委会|村委会|居|嘎查)$"),
    "组": re.compile(r"(?:组|社|队|屯|寨|小组|庄|湾|坪|坡)$|^\d{1,2}$"),
    "网格": re.compile("网格|格$"),
}

Fits = Callable[[Sequence[Any]], float]


def fits(fact: Any) -> Fits | None:
    """How well cells suit a fact, as a function of the cells; None where nothing can be said."""
    if isinstance(fact, Link):
        return _of_link(fact)
    if not hasattr(fact, "read"):
        return None
    if isinstance(fact, COMMON):
        return lambda cells: min(_weigh(cells, lambda cell: _can_read(fact, cell), True), COMMON_FOR)
    choosy = isinstance(fact, CHOOSY)
    if choosy or isinstance(fact, (Money, Whole)):
        return lambda cells: _weigh(cells, lambda cell: _can_read(fact, cell), choosy)
    if isinstance(fact, PersonName):
        return lambda cells: min(_weigh(cells, is_name, False) * 1.5, 0.0)
    return lambda cells: _weigh(cells, lambda cell: not is_number_of_somebody(cell), False)


def sample(rows: Sequence[Sequence[Any]], column: int) -> list[Any]:
    """Different cells of a column, blank ones and ways of writing nothing left out; of several values the first."""
    found: dict[Any, None] = {}
    for row in rows:
        cell = row[column]
        if isinstance(cell, str):
            cell = PARTING.split(cell.strip(), maxsplit=1)[0]
        if cell is not None and (not isinstance(cell, str) or cell.strip() not in EMPTY):
            found[cell] = None
            if len(found) == LOOKED_AT:
                break
    return list(found)


def is_name(cell: Any) -> bool:
    """Whether a cell may be what somebody is called: 杨德贵, 甘老汉, 支书刘勤."""
    return isinstance(cell, str) and NAME.fullmatch("".join(cell.split())) is not None


def are_people(cells: Sequence[Any]) -> bool:
    """Whether cells look like the names of different people: a surname and one to three characters, no places."""
    words = ["".join(cell.split()) for cell in cells if isinstance(cell, str)]
    people = sum(word[:1] in _surnames() and PERSON.fullmatch(word) is not None and not PLACE.search(word)
                 for word in words)
    return people > 1 and people >= 0.75 * len(cells)


@cache
def _surnames() -> frozenset[str]:
    """First characters of the common surnames (常见姓), from resources/codes/common_surnames.txt."""
    return frozenset((FOLDER / "common_surnames.txt").read_text(encoding="utf-8").strip())


def is_number_of_somebody(cell: Any) -> bool:
    """Whether a cell is an ID number or a mobile number."""
    text = str(cell).strip()
    return re.fullmatch(r"\d{17}[\dXx]|1[3-9]\d{9}", text) is not None


def _of_link(link: Link) -> Fits:
    """Rows that are there already are known by name; of places that are not, the ending of their name tells."""
    shape = next((shape for word, shape in PLACES.items() if link.label.endswith(word)), None)
    lookup = cache(lambda: Lookup(link))

    def weighed(cells: Sequence[Any]) -> float:
        found = _weigh(cells, lambda cell: lookup().knows(str(cell).strip()), True)
        if found > 0 or (lookup().titles and shape is None):
            return found
        return _weigh(cells, lambda cell: shape.search(str(cell).strip()) is not None, True) / 2 if shape else 0.0

    return weighed


def _can_read(fact: Any, cell: Any) -> bool:
    if isinstance(fact, Code):
        return fact.codes.knows(f"{cell:g}" if isinstance(cell, float) else str(cell))
    try:
        read = dates.read_partial_date if isinstance(fact, (Birth, Day, Month)) else fact.read
        return read(str(cell) if isinstance(cell, float) else cell) is not None
    except ValueError:
        return False


def _weigh(cells: Sequence[Any], suits: Callable[[Any], bool], choosy: bool) -> float:
    if not cells:
        return 0.0
    share = sum(map(suits, cells)) / len(cells)
    if not choosy and share >= 0.5:
        return 0.0
    if share >= 0.7:
        return FOR
    return AGAINST if share < 0.3 else MIXED
