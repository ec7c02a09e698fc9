"""A formula of an old workbook (.xls, BIFF8) as it is written ([MS-XLS] 2.5.198): a stack of operands, tokens in turn.

xlrd can say formulas too, but leaves out the brackets of a-(b-c); so it only lends its table of functions here.
"""

from __future__ import annotations

import struct
from typing import Any

from app.sheets.references import letters_of, written_name

BINARY = dict(zip(range(0x03, 0x12), ["+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":"],
                  strict=True))  # fmt: skip
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
SINCE_2007 = {"IFERROR", "SUMIFS", "COUNTIFS", "AVERAGEIF", "AVERAGEIFS"}  # an old file names them as strangers
LOST = {0x2A: 4, 0x2B: 8, 0x3C: 6, 0x3D: 10}  # references to what was deleted → how long they are
USER_DEFINED = 255
ROWS, COLUMNS = 65_536, 256

Place = tuple[int, int]  # row, column, from 0


class Unreadable(Exception):
    """A formula that holds something which cannot be said here."""


def formula_of(book: Any, body: bytes, at: Place) -> str | None:
    """The formula in the cell `at`, without =; None where it cannot be said.

    `at` also counts where references are kept as distances (shared formulas, validations).
    """
    if book.biff_version < 80:
        return None
    try:
        return _Formula(book, body, at).text()
    except (Unreadable, struct.error, IndexError, KeyError, UnicodeDecodeError):
        return None


def _today(name: str) -> str:
    """A name as a new workbook writes it."""
    plain = name.removeprefix("_xlfn.")
    return plain if plain in SINCE_2007 else name


class _Formula:
    def __init__(self, book: Any, body: bytes, at: Place) -> None:
        self.book, self.body, self.base, self.at = book, body, at, 0
        self.stack: list[str] = []

    def text(self) -> str:
        while self.at < len(self.body):
            token = self.body[self.at]
            self.at += 1
            self._token(token & 0x1F | 0x20 if token & 0x60 else token)
        if len(self.stack) != 1:
            raise Unreadable
        return self.stack[0]

    def _take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self.body, self.at)
        self.at += struct.calcsize(form)
        return found

    def _token(self, kind: int) -> None:
        stack = self.stack
        if kind in BINARY:
            right, left = stack.pop(), stack.pop()
            stack.append(left + BINARY[kind] + right)
        elif kind in (0x12, 0x13):
            stack.append("+-"[kind - 0x12] + stack.pop())
        elif kind == 0x14:
            stack.append(stack.pop() + "%")
        elif kind == 0x15:
            stack.append(f"({stack.pop()})")
        elif kind == 0x19:
            self._attribute()
        elif kind in (0x26, 0x27, 0x28):
            self.at += 6  # says how what follows is kept in memory; it follows all the same
        elif kind == 0x29:
            self.at += 2
        elif kind in (0x21, 0x22):
            self._function(kind)
        else:
            stack.append(self._operand(kind))

    def _operand(self, kind: int) -> str:
        if kind == 0x16:
            return ""
        if kind == 0x17:
            return '"' + self._string().replace('"', '""') + '"'
        if kind == 0x1C:
            return ERRORS[self._take("<B")[0]]
        if kind == 0x1D:
            return "TRUE" if self._take("<B")[0] else "FALSE"
        if kind == 0x1E:
            return str(self._take("<H")[0])
        if kind == 0x1F:
            number = self._take("<d")[0]
            return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
        if kind in LOST:
            self.at += LOST[kind]
            return "#REF!"
        if kind == 0x23:
            return _today(self.book.name_obj_list[self._take("<HH")[0] - 1].name)
        if kind == 0x39:
            return self._stranger()
        if kind in (0x24, 0x2C):
            return self._cell(kind == 0x2C)
        if kind in (0x25, 0x2D):
            return self._area(kind == 0x2D)
        if kind in (0x3A, 0x3B):
            return self._sheet() + (self._cell(False) if kind == 0x3A else self._area(False))
        raise Unreadable

    def _attribute(self) -> None:
        kind, value = self._take("<BH")
        if kind & 0x04:  # the jumps of CHOOSE
            self.at += 2 * (value + 1)
        elif kind & 0x10:
            self.stack.append(f"SUM({self.stack.pop()})")

    def _function(self, kind: int) -> None:
        from xlrd.formula import func_defs

        if kind == 0x21:
            code = self._take("<H")[0]
            count = func_defs[code][1]
        else:
            count, code = self._take("<BH")
            count, code = count & 0x7F, code & 0x7FFF
        given = self.stack[len(self.stack) - count :] if count else []
        if len(given) < count:
            raise Unreadable
        del self.stack[len(self.stack) - count :]
        name = given.pop(0) if code == USER_DEFINED else func_defs[code][0]
        self.stack.append(f"{name}({','.join(given)})")

    def _string(self) -> str:
        length, wide = self._take("<BB")
        raw = self.body[self.at : self.at + length * (2 if wide & 1 else 1)]
        self.at += len(raw)
        return raw.decode("utf-16-le" if wide & 1 else "latin-1")

    def _stranger(self) -> str:
        """A function that the old format does not know."""
        return _today(self.book.addin_func_names[self._take("<HHH")[1] - 1])

    # ---- references ----

    def _line(self, row: int, column: int, apart: bool) -> tuple[int, int, str, str]:
        """A cell as it is kept → row and column from 0, and a $ for each that is fixed."""
        across, down = bool(column & 0x4000), bool(column & 0x8000)
        column &= 0xFF
        if apart and down:
            row = (self.base[0] + row) % ROWS
        if apart and across:
            column = (self.base[1] + column) % COLUMNS
        return row, column, "" if down else "$", "" if across else "$"

    def _cell(self, apart: bool) -> str:
        kept, place = self._take("<HH")
        row, column, down, across = self._line(kept, place, apart)
        return f"{across}{letters_of(column + 1)}{down}{row + 1}"

    def _area(self, apart: bool) -> str:
        top, bottom, left, right = self._take("<HHHH")
        row, column, down, across = self._line(top, left, apart)
        last_row, last_column, last_down, last_across = self._line(bottom, right, apart)
        if (row, last_row) == (0, ROWS - 1):
            return f"{across}{letters_of(column + 1)}:{last_across}{letters_of(last_column + 1)}"
        if (column, last_column) == (0, COLUMNS - 1):
            return f"{down}{row + 1}:{last_down}{last_row + 1}"
        first = f"{across}{letters_of(column + 1)}{down}{row + 1}"
        return f"{first}:{last_across}{letters_of(last_column + 1)}{last_down}{last_row + 1}"

    def _sheet(self) -> str:
        from xlrd.formula import get_externsheet_local_range

        first, last = get_externsheet_local_range(self.book, self._take("<H")[0])
        if not 0 <= first <= last < self.book.nsheets:
            raise Unreadable
        names = [self.book.sheet_names()[number] for number in (first, last)]
        return written_name(names[0] if first == last else ":".join(names)) + "!"
