"""A ledger as it lies open (清单): with a condition, an order, a day and columns of one's own.

Every face uses it: the page shows its rows by window, paper and sheet take them all, a county form is filled from it.
It is a value: `but` gives another one with some parts changed.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Self

from app.ledgers.ledger import Column, Ledger
from app.models import query, roles
from app.models.conditions import Compare, Condition, Empty, Finds, OneOf, Or, both, show
from app.models.derived import Age, Count
from app.models.fields import Day, Money, Month, Whole
from app.models.here import today
from app.models.paths import Path, resolve


@dataclass(frozen=True)
class Group:
    """One value of a column, how many rows have it, and the condition that finds them."""

    text: str
    count: int
    condition: Condition


@dataclass(frozen=True)
class Listing:
    """`gone` also shows rows no longer present on the day; `order` entries beginning with `-` are descending."""

    ledger: Ledger
    where: Condition | None = None
    search: str = ""
    order: tuple[str, ...] = ()
    day: date | None = None
    columns: tuple[Column, ...] = ()
    gone: bool = False
    whole: bool = False  # private facts as they are, not masked
    chosen: tuple[int, ...] | None = None  # only these rows, in this order
    _kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def but(self, **changes: Any) -> Self:
        """This listing with some parts changed; nothing read so far is kept."""
        return replace(self, **changes, _kept={})

    @cached_property
    def shown(self) -> tuple[Column, ...]:
        return self.columns or self.ledger.shown

    @cached_property
    def condition(self) -> Condition | None:
        """Everything that a row must meet."""
        finds = Finds(self.search.strip()) if self.search.strip() else None
        return both(self.ledger.condition, self.where, finds)

    @property
    def all_times(self) -> bool:
        return self.gone or self.ledger.tells_of_leaving

    @property
    def unmasked(self) -> bool:
        """Whether private facts are shown as they are: asked for, and allowed to who is signed in."""
        return self.whole and roles.may("whole")

    @property
    def bares(self) -> bool:
        """Whether private facts stand in its columns as they are."""
        return self.whole and any(column.path.private for column in self.shown)

    @property
    def on(self) -> date:
        return self.day or today()

    def keys(self) -> array[int]:
        """Keys of all rows in order; read once."""
        if self.chosen is not None:
            return array("q", self.chosen)
        if "keys" not in self._kept:
            order = self.order or tuple(self.ledger.order.split())
            self._kept["keys"] = query.keys(self.ledger.record, self.condition, order, self.on, self.all_times)
        keys: array[int] = self._kept["keys"]
        return keys

    def count(self) -> int:
        if self.chosen is not None or "keys" in self._kept:
            return len(self.keys())
        return query.count(self.ledger.record, self.condition, self.on, self.all_times)

    def values(self, keys: Sequence[int]) -> list[tuple[Any, ...]]:
        """For each key the values of Python in the columns shown."""
        return query.rows(self.ledger.record, [column.path for column in self.shown], keys, self.on)

    def cells(self, keys: Sequence[int]) -> list[tuple[str, ...]]:
        """For each key the texts in the columns shown; private facts masked unless `whole`."""
        writers = [
            column.path.fact.mask if column.path.private and not self.unmasked else column.path.fact.show
            for column in self.shown
        ]
        return [
            tuple(write(value) for write, value in zip(writers, row, strict=True)) for row in self.values(keys)
        ]

    def rows(self, first: int, number: int) -> list[tuple[str, ...]]:
        """The texts of `number` rows from the row `first` on."""
        return self.cells(self.keys()[first : first + number])

    def sums(self, keys: Sequence[int] | None = None) -> dict[str, str]:
        """The sums of the columns that add up, by path: over all rows, or over those chosen."""
        adding = [column for column in self.shown if column.path.adds]
        if not adding:
            return {}
        among = self.keys() if keys is None and (self.all_times or self.chosen is not None) else keys
        totals = query.sums(self.ledger.record, [column.path for column in adding], self.condition, self.on, among)
        return {column.text: column.path.fact.show(total) for column, total in zip(adding, totals, strict=True)}

    def groups(self, path: str) -> list[Group]:
        """The values of a column with their counts (列筛选、分类汇总); each opens into its rows."""
        known = resolve(self.ledger.record, path)
        write = known.fact.mask if known.private and not self.unmasked else known.fact.show
        found = []
        for value, number in query.groups(self.ledger.record, known, self.condition, self.on, self.all_times):
            condition = has_value(known, value)
            found.append(Group(write(value) or "（空）", number, condition))
        return found

    def sentence(self) -> str:
        """The condition in words, for the filter bar, the paper and the sheet."""
        finds = Finds(self.search.strip()) if self.search.strip() else None
        parts = [show(both(self.where, finds), self.ledger.record, masked=not self.whole)]
        if self.day and self.day != today():
            parts.append(f"截至 {self.day.year}年{self.day.month}月{self.day.day}日")
        if self.gone:
            parts.append("含已离开的")
        if self.chosen is not None:
            parts.append("只含选中的行")
        return "，".join(filter(None, parts))


def has_value(path: Path, value: Any) -> Condition:
    """The condition that finds just the rows of a group; half-known ages are (lowest, highest)."""
    if value is None:
        return Empty(path.text)
    if isinstance(value, tuple) and value[0] == value[1]:
        value = value[0]
    return OneOf(path.text, (value,), named=True) if path.former_too else Compare(path.text, "=", value)


def values_of(condition: Condition | None) -> list[Any]:
    """The values of one fact of which any will do, where that is what a condition says."""
    match condition:
        case Compare(_, "=", value):
            return [value]
        case OneOf(_, values):
            return list(values)
        case Or(parts):
            return [value for part in parts for value in values_of(part)]
    return []


def by_size(groups: Sequence[Group], fact: Any) -> list[Group]:
    """Numbers, days and ages from the least on; everything else as it stands, the most frequent first."""

    def size(group: Group) -> Any:
        value = next(iter(values_of(group.condition)), None)
        return value[0] if isinstance(value, tuple) else value

    if not isinstance(fact, Age | Count | Whole | Money | Day | Month):
        return list(groups)
    return sorted((one for one in groups if size(one) is not None), key=size) + [
        one for one in groups if size(one) is None
    ]


def any_of(groups: Sequence[Group]) -> Condition | None:
    """The rows of several groups of one column, as one condition that reads well."""
    conditions = [group.condition for group in groups]
    values = [value for one in conditions for value in values_of(one)]
    if not conditions:
        return None
    if len(values) == len(conditions) > 1:
        first = conditions[0]
        assert isinstance(first, Compare | OneOf)
        return OneOf(first.path, tuple(values), isinstance(first, OneOf) and first.named)
    return Or(tuple(conditions)) if len(conditions) > 1 else conditions[0]


def in_words(total: str) -> str:
    """A sum as it is said in a sentence: thousands apart, money with its unit."""
    return f"{int(total):,}" if total.isdigit() else f"{total} 元" if "." in total else total
