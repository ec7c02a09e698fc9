"""Facts that are never stored because they follow from others: ages, counts and the first of several (推算项)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.models import rules
from app.models.fields import Cell

MOST = 150  # years


class Derived:
    """A fact computed when it is asked for. It is read and shown like a stored one, but never written."""

    private = False
    adds = False
    required = False

    def __init__(self, label: str, *, note: str = "") -> None:
        self.label, self.note = label, note

    def show(self, value: Any) -> str:
        return "" if value is None else str(value)

    def mask(self, value: Any) -> str:
        return self.show(value)

    def read(self, cell: Cell) -> Any:
        return rules.read_text(cell)

    def python_value(self, value: Any) -> Any:
        return value


class Age(Derived):
    """Full years (周岁) on the day that counts, from the birth date named by `born`.

    Stored in no column: the value is the pair (lowest, highest), because a birth date may be half known. A comparison
    is true only where it is certain for both.
    """

    def __init__(self, label: str, born: str) -> None:
        self.born = born
        super().__init__(label, note="周岁，按出生日期推算")

    def show(self, value: Any) -> str:
        if value is None:
            return ""
        low, high = value if isinstance(value, tuple) else (value, value)
        return str(low) if low == high else f"{low}–{high}"

    def read(self, cell: Cell) -> int | tuple[int, int] | None:
        """An age, or the range 62–63 of one that is half known."""
        low, dash, high = cell.partition("–") if isinstance(cell, str) else ("", "", "")
        if not dash:
            return rules.read_whole(cell, 0, MOST)
        first, last = rules.read_whole(low, 0, MOST), rules.read_whole(high, 0, MOST)
        if first is None or last is None or first >= last:
            raise ValueError(f"“{cell}”不是年龄，请填 0 到 {MOST} 之间的整数，或 62–63 这样的范围。")
        return first, last


class Apart(Derived):
    """Whether two links of a row, given as paths, lead to different rows (不一致); no where one is not known."""

    def __init__(self, label: str, one: str, other: str) -> None:
        self.one, self.other = one, other
        super().__init__(label)

    def db_value(self, value: Any) -> int | None:
        return None if value is None else int(value)

    def python_value(self, value: Any) -> bool | None:
        return None if value is None else bool(value)

    def show(self, value: Any) -> str:
        return "" if value is None else "是" if value else "否"

    def read(self, cell: Cell) -> bool | None:
        return rules.read_flag(cell)


class Count(Derived):
    """How many rows of another record link here and meet a condition (人数、次数)."""

    adds = True

    def __init__(self, label: str, record: Callable[[], Any], link: str, where: str = "") -> None:
        self.record, self.link, self.where = record, link, where
        super().__init__(label)

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value:,}"

    def read(self, cell: Cell) -> int | None:
        return rules.read_whole(cell, 0, 9_999_999)


class Total(Count):
    """The sum of a fact over the rows of another record that link here and meet a condition (合计)."""

    def __init__(self, label: str, record: Callable[[], Any], link: str, of: str, where: str = "") -> None:
        self.of = of
        super().__init__(label, record, link, where)

    def show(self, value: Any) -> str:
        shown: str = self.record().facts()[self.of].show(value or 0)
        return shown

    def read(self, cell: Cell) -> Any:
        return self.record().facts()[self.of].read(cell)


class First(Derived):
    """A fact of the first row (by key) of another record that links here and meets a condition, as 户主姓名."""

    def __init__(self, label: str, record: Callable[[], Any], link: str, of: str, where: str = "") -> None:
        self.record, self.link, self.of, self.where = record, link, of, where
        super().__init__(label)

    @property
    def fact(self) -> Any:
        return self.record().facts()[self.of]

    def show(self, value: Any) -> str:
        shown: str = self.fact.show(value)
        return shown

    def mask(self, value: Any) -> str:
        masked: str = self.fact.mask(value)
        return masked

    def read(self, cell: Cell) -> Any:
        return self.fact.read(cell)

    def python_value(self, value: Any) -> Any:
        return self.fact.python_value(value)
