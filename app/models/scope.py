"""What who is signed in may see (可见范围): which registers, and of these which villages.

A row belongs to the village that its record's `placed_by` leads to, else to that of the row it hangs on. What leads to
no village, as a certificate or a sum of money over several of them, belongs to everybody.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any

import peewee

from app.models import roles
from app.models.fields import Link
from app.models.paths import resolve

EVERYTHING, NOTHING = None, 0  # else the key of the only village


def limit(record: Any) -> int | None:
    """How far who is signed in sees into a register: EVERYTHING, NOTHING, or the key of one village."""
    who = roles.clerk()
    if who is None:
        return EVERYTHING
    return who.village if roles.may(record.seen_by) else NOTHING


def seen(frame: Any) -> Any:
    """The WHERE of the rows that who is signed in may see; None where he sees all of them."""
    village = limit(frame.record)
    if village is EVERYTHING:
        return None
    if village == NOTHING:
        return peewee.SQL("(1 = 0)")
    return within(frame, village)


def within(frame: Any, village: int) -> Any:
    """The WHERE of the rows of one village; None for a register that belongs to no village."""
    if (own := frame.record.of_village) is not None:
        return own(frame.root, village)
    path = village_path(frame.record)
    if path is None:
        return None
    column = frame.column(resolve(frame.record, f"{path}.id"))
    return column.is_null() | (column == village)


def follows(record: Any, link: str) -> bool:
    """Whether a row that hangs on another by this link is seen wherever that one is: it belongs to the same village."""
    return limit(record) != NOTHING and (village_path(record) or "").startswith(f"{link}.")


def limits() -> Hashable:
    """What decides how far one sees into any register: the roles and the village of who is signed in."""
    who = roles.clerk()
    return who and (who.roles, who.village)


@cache
def village_path(record: Any) -> str | None:
    """The path from a row to its village: said by `placed_by`, else by the row that it cannot be without."""
    if record.placed_by:
        return str(record.placed_by.split()[0])
    for name, fact in record.facts().items():
        owner = isinstance(fact, Link) and (fact.required or name == record.of) and fact.rel_model is not record
        if owner and (further := village_path(fact.rel_model)) is not None:
            return f"{name}.{further}"
    return None
