"""Own columns (自设项目): facts that an office adds to its persons and households without a change of the program.

Each of these records has a part whose table has so many places (`Slot`) for texts and for whole numbers. A row of
`own_column` says what stands in which place; from it a field like any other is made, so that on every floor the path
`own.t3` is a fact with a label, a kind, its rules and its mask.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.models import codes
from app.models.fields import (
    Account,
    Code,
    Day,
    DocumentNumber,
    Fact,
    Flag,
    Money,
    Month,
    Remark,
    Telephone,
    Text,
    Whole,
)  # fmt: skip
from app.models.here import here_or_none

TEXTS = tuple(f"t{number}" for number in range(1, 31))
NUMBERS = tuple(f"n{number}" for number in range(1, 21))
MOST = 999_999_999  # of a whole number
CHOICE = "8"  # of the code table own_kind
SEVERAL = re.compile(r"[\n|、，,;；]+")


class PrivateText(Text):
    """A text that lists do not show (私密文字), as an illness."""

    private = True

    def mask(self, value: Any) -> str:
        return "******" if value else ""


class Choice(Code):
    """One of the words that the office wrote down (选项); stored as it is shown."""

    def __init__(self, label: str, words: tuple[str, ...], **more: Any) -> None:
        super().__init__(label, "", **more)
        self._codes = codes.of_words(words)

    @property
    def codes(self) -> codes.CodeTable:
        return self._codes


KINDS: dict[str, Callable[[str, str, str], Fact]] = {  # code of own_kind → field of (label, words to choose from, note)
    "1": lambda label, words, note: Text(label, note=note),
    "2": lambda label, words, note: Remark(label, note=note),
    "3": lambda label, words, note: Whole(label, 0, MOST, adds=True, note=note),
    "4": lambda label, words, note: Money(label, note=note),
    "5": lambda label, words, note: Day(label, note=note),
    "6": lambda label, words, note: Month(label, note=note),
    "7": lambda label, words, note: Flag(label, note=note),
    CHOICE: lambda label, words, note: Choice(label, words_of(words), note=note),
    "9": lambda label, words, note: Telephone(label, note=note),
    "10": lambda label, words, note: Account(label, note=note),
    "11": lambda label, words, note: DocumentNumber(label, note=note),
    "12": lambda label, words, note: PrivateText(label, note=note),
}
IN_NUMBERS = frozenset({"3", "4", "7"})


def words_of(text: str | None) -> tuple[str, ...]:
    """What may be chosen, as the office wrote it down: a line each, or with 、 between."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, SEVERAL.split(text or "")))))


def places_for(kind: str) -> tuple[str, ...]:
    """The places in which a column of this kind may stand."""
    return NUMBERS if kind in IN_NUMBERS else TEXTS


@dataclass(frozen=True, eq=False)
class Known:
    """The own columns of one data file as fields: register → place → field. Itself it is a key for what is kept."""

    facts: dict[str, dict[str, Fact]]


NONE = Known({})
RECORDS: dict[str, Any] = {}  # register → the record that keeps the values, see own_facts.py


def known() -> Known:
    """The own columns of the file that is open here; asked of the file once, and again when they changed."""
    place = here_or_none()
    if place is None:
        return NONE
    if place.file.own is None:
        if not place.file.database.table_exists("own_column"):
            return NONE  # about to be upgraded
        place.file.own = _learn(place.file)
    found: Known = place.file.own
    return found


def _learn(file: Any) -> Known:
    found: dict[str, dict[str, Fact]] = {}
    sql = "SELECT register, slot, title, kind, words, note FROM own_column ORDER BY id"
    for register, slot, title, kind, words, note in file.run(sql).fetchall():
        fact = KINDS[kind](title, words or "", note or "")
        fact.bind(RECORDS[register], slot, set_attribute=False)
        found.setdefault(register, {})[slot] = fact
    return Known(found) if found else NONE


class Slot(Fact):
    """A place for the texts of an own column (存放位置); what stands in it is converted as that column says."""

    def _meant(self) -> Fact | None:
        return known().facts.get(self.model.register, {}).get(self.name)

    def db_value(self, value: Any) -> Any:
        convert: Callable[[Any], Any] | None = getattr(self._meant(), "db_value", None)
        return convert(value) if convert else value

    def python_value(self, value: Any) -> Any:
        convert: Callable[[Any], Any] | None = getattr(self._meant(), "python_value", None)
        return convert(value) if convert else value


class NumberSlot(Slot):
    """A place for whole numbers."""

    field_type = "BIGINT"
