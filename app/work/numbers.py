"""Numbers of households (户编号): two digits for the village, four counted on, as 03-0127."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from app.models.people import Household
from app.models.places import VILLAGE, Place

_shape = re.compile(r"(?:(\w+)-)?(\d+)", re.ASCII).fullmatch


def next_number(village: int) -> str:
    """The next free number in this village, shaped as the ones it has.

    The prefix is the one most of its households have, else the village's place among those of its township.
    """
    return next_numbers(village, 1)[0]


def next_numbers(village: int, many: int) -> list[str]:
    """So many free numbers, one after another."""
    found = _numbers(village)
    prefix = Counter(start for start, _ in found).most_common(1)[0][0] if found else _prefix(village)
    counted = [digits for start, digits in found if start == prefix]
    last, length = max(map(int, counted), default=0), max(map(len, counted), default=4)
    numbers = [str(number).zfill(length) for number in range(last + 1, last + 1 + many)]
    return [f"{prefix}-{number}" if prefix else number for number in numbers]


def _numbers(village: int) -> list[tuple[str, str]]:
    rows: Any = Household.select(Household.number).where(Household.village == village).tuples()
    shaped = [_shape(row[0]) for row in rows]
    return [(match[1] or "", match[2]) for match in shaped if match]


def _prefix(village: int) -> str:
    """Two digits that no other village of the township begins its numbers with."""
    place = Place.by_key(village)
    of_township = (Place.parent == place.__data__["parent"]) & (Place.level == VILLAGE)
    sisters = [row.id for row in Place.select().where(of_township).order_by(Place.id)]
    used = {start for other in sisters if other != village for start, _ in _numbers(other)}
    ordinal = sisters.index(village) + 1 if village in sisters else 1
    while f"{ordinal:02}" in used:
        ordinal += 1
    return f"{ordinal:02}"
