"""Who is at the desk, which data file is open, and what day it is (经办人、数据文件、日期).

They travel in one context that the desk, a command or a test sets and that the task queue copies into its
threads. Nothing else in the program asks the clock for the day or keeps the open file in a variable of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from app.models.keys import Keys

if TYPE_CHECKING:
    from app.models.database import DataFile


@dataclass(frozen=True)
class Clerk:
    """Who is signed in (经办人): `roles` are codes of the table staff_role, `village` the key of the only one that he
    sees and writes, None for all of them. A clerk without any role is somebody who has not signed in yet."""

    account: str
    name: str = ""
    roles: tuple[str, ...] = ()
    village: int | None = None
    key: int = 0


NOBODY = Clerk("")


@dataclass(frozen=True)
class Here:
    """`day` is None where the clock's day counts; a demonstration file counts from its own day.

    `clerk` is None where the data file has no accounts: then there is nobody to ask, and everything may be done.
    """

    file: DataFile
    who: str
    day: date | None = None
    clerk: Clerk | None = None
    purpose: str = ""  # why private facts are looked at, printed or exported whole
    keys: Keys = field(default_factory=Keys)


_here: ContextVar[Here] = ContextVar("here")


def here() -> Here:
    """The context of this thread. Asking before one is set is a fault of the program (LookupError)."""
    return _here.get()


def here_or_none() -> Here | None:
    """The context of this thread, or None before a file is open."""
    return _here.get(None)


def stand(place: Here) -> None:
    """Set the context for the rest of this thread's life (the window, a command)."""
    _here.set(place)


@contextmanager
def standing(file: DataFile | None = None, **changes: Any) -> Iterator[Here]:
    """Set the context for a block: a whole one from `file` and `who`, or today's with some parts changed."""
    place = replace(_here.get(), **changes) if file is None else Here(file, **changes)
    token = _here.set(place)
    try:
        yield place
    finally:
        _here.reset(token)


def today() -> date:
    """The day that counts for ages, deadlines and current lists (当日)."""
    place = here_or_none()
    return place.day if place and place.day else date.today()
