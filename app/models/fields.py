"""Fields: what is true of a value wherever it appears.

A field knows its Chinese label, whether it may be empty, whether it is a private fact, and how a value is written for a
person (`show`) and read from one (`read`): exact opposites, `read(show(value)) == value`. It never names a widget, a
width or a colour; those belong to the faces. Stored values are whole numbers, text or NULL, the same in SQLite and
PostgreSQL, so that two files can be compared byte by byte.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import peewee

from app.models import codes, dates, money, rules
from app.models.dates import PartialDate

Cell = str | int | float | bool | date | datetime | None


class Fact(peewee.Field):
    """A stored fact about a row (数据项). `label` is what the clerk calls it, `note` a word more."""

    field_type = "TEXT"
    private = False  # masked in lists
    adds = False  # its sum means something

    def __init__(self, label: str, *, note: str = "", required: bool = False, index: bool = False, **more: Any) -> None:
        self.label, self.note, self.required = label, note, required
        super().__init__(null=not required, index=index, verbose_name=label, help_text=note or None, **more)

    def show(self, value: Any) -> str:
        """The value as a person reads it; empty text for no value."""
        return "" if value is None else str(value)

    def read(self, cell: Cell) -> Any:
        """The value a person wrote; None for an empty cell; ValueError with one whole Chinese sentence."""
        raise NotImplementedError(type(self).__name__)

    def mask(self, value: Any) -> str:
        """The value as a list shows it to somebody who need not know it whole."""
        return self.show(value)


class Text(Fact):
    """One line of text (文字), at most `most` characters. Those `numbered` (编号) are in order 2, 10, not 10, 2."""

    reader = staticmethod(rules.read_text)

    def __init__(self, label: str, *, most: int = 200, numbered: bool = False, **more: Any) -> None:
        self.most, self.numbered = most, numbered
        super().__init__(label, **more)

    def read(self, cell: Cell) -> str | None:
        text = self.reader(cell)
        if text is not None and len(text) > self.most:
            raise ValueError(f"最多 {self.most:,} 个字，现有 {len(text):,} 个字。")
        return text


class Remark(Text):
    """Several lines of text (备注)."""

    reader = staticmethod(rules.read_lines)

    def __init__(self, label: str, *, most: int = 2000, **more: Any) -> None:
        super().__init__(label, most=most, **more)


class Password(Text):
    """A password as it is typed (密码): asked for, shown as dots, and stored in no record."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, most=100, **more)

    def read(self, cell: Cell) -> str | None:
        return str(cell) if cell else None


class PersonName(Text):
    """A person's name (姓名): blanks between the characters go, the dot of minority names is one and the same."""

    def read(self, cell: Cell) -> str | None:
        return rules.read_name(cell)


class IdNumber(Fact):
    """Citizen identity number (公民身份号码, GB 11643-1999): 18 characters with the check digit of ISO 7064."""

    private = True

    def read(self, cell: Cell) -> str | None:
        return rules.read_id_number(cell)

    def mask(self, value: Any) -> str:
        return f"{value[:6]}{'*' * (len(value) - 8)}{value[-2:]}" if value else ""


class Telephone(Fact):
    """A mobile number, or a land line with its area code (联系电话)."""

    private = True

    def read(self, cell: Cell) -> str | None:
        return rules.read_telephone(cell)

    def mask(self, value: Any) -> str:
        return f"{value[:3]}****{value[-4:]}" if value else ""


class Account(Fact):
    """A bank account or card number (账号), 12 to 19 digits."""

    private = True

    def read(self, cell: Cell) -> str | None:
        return rules.read_account(cell)

    def mask(self, value: Any) -> str:
        return f"****{value[-4:]}" if value else ""


class DocumentNumber(Text):
    """Number of a paper other than the identity card (证件号码)."""

    private = True

    def read(self, cell: Cell) -> str | None:
        text = super().read(cell)
        if text is not None and "*" in text:
            raise ValueError("这是打了星号的证件号码，请换成完整的号码。")
        return text

    def mask(self, value: Any) -> str:
        return f"****{value[-4:]}" if value else ""


class Code(Fact):
    """A value of a code table (代码), stored as its code and shown as its text."""

    def __init__(self, label: str, table: str, **more: Any) -> None:
        self.table = table
        super().__init__(label, **more)

    @property
    def codes(self) -> codes.CodeTable:
        return codes.table(self.table)

    def show(self, value: Any) -> str:
        return "" if value is None else self.codes.show(value)

    def read(self, cell: Cell) -> str | None:
        return self.codes.read(cell)


class Flag(Fact):
    """Yes or no (是 / 否)."""

    field_type = "SMALLINT"

    def db_value(self, value: Any) -> int | None:
        return None if value is None else int(value)

    def python_value(self, value: Any) -> bool | None:
        return None if value is None else bool(value)

    def show(self, value: Any) -> str:
        return "" if value is None else "是" if value else "否"

    def read(self, cell: Cell) -> bool | None:
        return rules.read_flag(cell)


class Whole(Fact):
    """A whole number between `low` and `high` (整数), in the `unit` its label names."""

    field_type = "INTEGER"

    def __init__(self, label: str, low: int = 0, high: int = 999_999, *, adds: bool = False, **more: Any) -> None:
        self.low, self.high, self.adds = low, high, adds
        super().__init__(label, **more)

    def show(self, value: Any) -> str:
        """What adds up is a quantity and gets its thousands apart; a year or a serial number does not."""
        return "" if value is None else f"{value:,}" if self.adds else str(value)

    def read(self, cell: Cell) -> int | None:
        return rules.read_whole(cell, self.low, self.high)


class Money(Fact):
    """An amount (金额): kept in fen, shown in yuan with two decimals."""

    field_type = "BIGINT"
    adds = True

    def show(self, value: Any) -> str:
        return "" if value is None else money.show_money(value)

    def read(self, cell: Cell) -> int | None:
        return money.read_money(cell)


class Day(Fact):
    """A calendar day (日期), stored and shown as 2026-11-21."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else str(value)

    def python_value(self, value: Any) -> date | None:
        return date.fromisoformat(value) if value else None

    def read(self, cell: Cell) -> date | None:
        return dates.read_day(cell)


class Month(Fact):
    """A calendar month (月份), stored and shown as 2026-11."""

    def read(self, cell: Cell) -> str | None:
        return dates.read_month(cell)


class Birth(Fact):
    """A date of which the month or the day may be unknown (出生日期): 1963年, 1963年5月, 1963-05-12."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else str(value)

    def python_value(self, value: Any) -> PartialDate | None:
        return PartialDate.parse(value) if value else None

    def show(self, value: Any) -> str:
        return "" if value is None else value.show()

    def read(self, cell: Cell) -> PartialDate | None:
        return dates.read_partial_date(cell)


class Moment(Fact):
    """A moment of the clock (时间), for the history only: local time to the second."""

    def read(self, cell: Cell) -> str | None:
        return rules.read_text(cell)


class Scan(Fact):
    """A photograph or scan (照片、扫描件): the SHA-256 of its bytes, which stand in the table `scan`."""

    def read(self, cell: Cell) -> str | None:
        return rules.read_text(cell)


class Link(peewee.ForeignKeyField):
    """A row of another record (关联): stored as its key, shown by that record's own title.

    `among` is a condition that the linked row meets; `within` names the link of the same row that its parent must be.
    In what an action asks, `within=".household"` means the household of the chosen rows, which the linked row shares.
    With `made_along` a list that is taken in may bring new rows of that record with it, as a roster brings households.
    """

    private = False
    adds = False

    def __init__(
        self, record: Any, label: str, *, note: str = "", required: bool = False, among: str = "", within: str = "",
        made_along: bool = False, **more: Any,
    ) -> None:  # fmt: skip
        self.label, self.note, self.required = label, note, required
        self.among, self.within, self.made_along = among, within, made_along
        super().__init__(
            record, backref="+", null=not required, on_delete="RESTRICT", verbose_name=label, index=True, **more
        )


Reader = Callable[[Cell], Any]
