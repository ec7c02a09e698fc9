"""Where references point after rows were inserted (引用随行移动), in formulas, ranges and names.

Rows count from 1. What spans the new rows grows, as in WPS; what only ends at the sample row grows too, because the
new rows go on from it: the total under a table of one sample row counts all the rows that it became.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})$")
_ROW = re.compile(r"(\$?)(\d{1,7})$")
_SHEET = re.compile(r"('(?:[^']|'')+'|[^'!\s]+)!(.*)$", re.DOTALL)


@dataclass(frozen=True)
class Insertion:
    """`number` rows that come above row `at` of a sheet and look like row `like`, which stands above them."""

    at: int
    number: int
    like: int

    def __post_init__(self) -> None:
        if not (1 <= self.like < self.at <= LAST_ROW) or self.number < 1:
            raise ValueError(f"rows like {self.like} above {self.at}: the sample row must stand above the new rows")

    def row(self, row: int) -> int:
        """Where a row stands afterwards."""
        return row + self.number if row >= self.at else row

    def span(self, top: int, bottom: int, grows: bool = True) -> tuple[int, int]:
        """Where rows `top` to `bottom` stand afterwards; `grows`: also where they end at the sample row."""
        if grows and bottom == self.like == self.at - 1:
            return top, bottom + self.number
        return self.row(top), min(self.row(bottom), LAST_ROW)

    @property
    def new(self) -> range:
        return range(self.at, self.at + self.number)


def column_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def cell_at(address: str) -> tuple[int, int]:
    """B7 → (7, 2). ValueError when it names no cell."""
    found = _CELL.match(address)
    if found is None:
        raise ValueError(address)
    return int(found[4]), column_of(found[2])


def letters_of(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def box(area: str) -> tuple[int, int, int, int]:
    """A1:C3 or A1 → (top, left, bottom, right), from 1; whole rows and columns reach to the edge."""
    first, _, last = area.replace("$", "").partition(":")
    last = last or first
    if first.isdigit():
        return int(first), 1, int(last), LAST_COLUMN
    if first.isalpha():
        return 1, column_of(first), LAST_ROW, column_of(last)
    (top, left), (bottom, right) = cell_at(first), cell_at(last)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def moved_area(area: str, move: Insertion, grows: bool = True) -> str:
    """A cell, a range of cells or of rows after the insertion; whole columns and what is no area stay."""
    first, colon, last = area.partition(":")
    if not colon:
        return _with_row(area, move.row(_row_of(area))) if _CELL.match(area) else area
    if not all(_CELL.match(end) or _ROW.match(end) for end in (first, last)):
        return area
    upside_down = _row_of(first) > _row_of(last)
    top, bottom = sorted((_row_of(first), _row_of(last)))
    top, bottom = move.span(top, bottom, grows)
    ends = (bottom, top) if upside_down else (top, bottom)
    return f"{_with_row(first, ends[0])}:{_with_row(last, ends[1])}"


def moved_areas(areas: str, move: Insertion) -> str:
    """The areas for which a rule holds (conditional format, validation): the new rows get what the sample row has."""
    after = []
    for area in areas.split():
        now = moved_area(area, move)
        top, left, bottom, right = box(now)
        after.append(now)
        was = box(area)
        if was[0] <= move.like <= was[2] and not (top <= move.new[0] and move.new[-1] <= bottom):
            after.append(f"{letters_of(left)}{move.new[0]}:{letters_of(right)}{move.new[-1]}")
    return " ".join(after)


def _row_of(end: str) -> int:
    return int(re.sub(r"\D", "", end))


def _with_row(end: str, row: int) -> str:
    return re.sub(r"\d+$", str(row), end)


# ---- formulas ----------------------------------------------------------------------------------------------------

def references(formula: str, change: Callable[[str, str], str]) -> str:
    """A formula (without =) with each reference changed by `change(sheet as written or "", area)`."""
    from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

    try:
        tokens = Tokenizer("=" + formula).items
    except (TokenizerError, IndexError):
        return formula
    written = []
    for token in tokens:
        value = token.value
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            value = _changed(value, change)
        elif token.type == Token.FUNC and ":" in value:  # A6:INDEX(
            first, _, function = value.rpartition(":")
            value = f"{_changed(first, change)}:{function}"
        written.append(value)
    return "".join(written)


def _changed(reference: str, change: Callable[[str, str], str]) -> str:
    found = _SHEET.match(reference)
    if found is None:
        return change("", reference)
    if "!" in found[2]:  # 表1!A1:表1!B2, which some programs write
        first, colon, last = found[2].partition(":")
        return change(found[1], first) + colon + _changed(last, change)
    return change(found[1], found[2])


def plain_name(sheet: str) -> str:
    """The name of a sheet as written in a formula, without its quotes, for comparing."""
    if sheet[:1] == sheet[-1:] == "'":
        sheet = sheet[1:-1].replace("''", "'")
    return sheet.casefold()


def written_name(sheet: str) -> str:
    """The name of a sheet as a formula writes it."""
    return "'" + sheet.replace("'", "''") + "'"


def moved_formula(formula: str, sheet: str, home: str | None, move: Insertion, row: int | None = None) -> str:
    """A formula after rows were inserted in `sheet`. It stands in the sheet `home`, in `row` before the insertion.

    A sum over one line of the sample row stays a sum over that line; a sum from elsewhere takes the new rows in.
    """
    mine, here = sheet.casefold(), (home or "").casefold()

    def change(named: str, area: str) -> str:
        prefix = f"{named}!" if named else ""
        if (plain_name(named) if named else here) != mine:
            return prefix + area
        return prefix + moved_area(area, move, grows=not _beside(area, row if here == mine else None))

    return references(formula, change)


def _beside(area: str, row: int | None) -> bool:
    """Whether an area is one line of cells and `row` is that line."""
    if row is None or not re.match(r"\$?[A-Za-z]{1,3}\$?\d", area):
        return False
    try:
        top, _, bottom, _ = box(area)
    except ValueError:
        return False
    return top == bottom == row


def renamed_formula(formula: str, old: str, new: str) -> str:
    """A formula that names the sheet `new` where it named `old`."""
    was = old.casefold()

    def change(named: str, area: str) -> str:
        if not named:
            return area
        return f"{written_name(new) if plain_name(named) == was else named}!{area}"

    return references(formula, change)


def shifted_formula(formula: str, start: tuple[int, int], end: tuple[int, int]) -> str:
    """What a formula of the cell `start` (row, column) says when it is copied to the cell `end`."""
    from openpyxl.formula.tokenizer import TokenizerError
    from openpyxl.formula.translate import Translator, TranslatorError

    places = [f"{letters_of(column)}{row}" for row, column in (start, end)]
    try:
        return str(Translator("=" + formula, places[0]).translate_formula(places[1]))[1:]
    except (TranslatorError, TokenizerError, IndexError):
        return formula


def grown(areas: Iterable[str]) -> str | None:
    """The smallest area around all of them; None for none."""
    boxes = [box(area) for area in areas]
    if not boxes:
        return None
    top, left = min(one[0] for one in boxes), min(one[1] for one in boxes)
    bottom, right = max(one[2] for one in boxes), max(one[3] for one in boxes)
    return f"{letters_of(left)}{top}:{letters_of(right)}{bottom}"
