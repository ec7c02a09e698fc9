"""A blank form as the eye sees it (空表): what is written where, which cells are blank, and where a block of rows ends.

Rows and columns count from 1, as in the file. Knows shapes only; what a caption means is decided above.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.models.progress import Progress, unwatched
from app.sheets.cells import lines_of
from app.sheets.fill import opened_form
from app.sheets.markup import Part
from app.sheets.read import Cell, Sheet, read_book

SERIAL = re.compile(r"^(?:序号|编号|序|号|No\.?|NO\.?)$")
Spot = tuple[int, int]


@dataclass
class Blank:
    """One sheet of a blank form. `lines` are the rows that stand in the file, also those without a word in them."""

    sheet: Sheet
    formulas: set[Spot] = field(default_factory=set)
    lines: list[int] = field(default_factory=list)
    _ends: dict[Spot, Spot] = field(default_factory=dict)
    _first: dict[Spot, Spot] = field(default_factory=dict)

    def __post_init__(self) -> None:
        top, left = self.sheet.top + 1, self.sheet.left + 1
        for r1, c1, r2, c2 in self.sheet.merges:
            first = (r1 + top, c1 + left)
            self._ends[first] = (r2 + top, c2 + left)
            for row in range(r1 + top, min(r2 + top, first[0] + 500) + 1):
                self._first.update(((row, column), first) for column in range(c1 + left, c2 + left + 1))

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def top(self) -> int:
        return self.sheet.top + 1

    @property
    def bottom(self) -> int:
        """The last row with anything in it, a border at least."""
        return max([*self.lines, self.sheet.top + len(self.sheet.rows)], default=0)

    @property
    def columns(self) -> range:
        width = len(self.sheet.rows[0]) if self.sheet.rows else 0
        return range(self.sheet.left + 1, self.sheet.left + width + 1)

    def first(self, spot: Spot) -> Spot:
        """The cell that holds what is seen here: the first of its merge."""
        return self._first.get(spot, spot)

    def end(self, spot: Spot) -> Spot:
        """The last cell of the merge that begins here."""
        return self._ends.get(spot, spot)

    def value(self, spot: Spot) -> Cell:
        row, column = spot[0] - self.sheet.top - 1, spot[1] - self.sheet.left - 1
        if 0 <= row < len(self.sheet.rows) and 0 <= column < len(self.sheet.rows[row]):
            return self.sheet.rows[row][column]
        return None

    def text(self, spot: Spot) -> str:
        """What is seen in a cell, without the blanks that space Chinese words out."""
        value = self.value(self.first(spot))
        return "" if value is None else re.sub(r"\s+", "", str(value))

    def free(self, spot: Spot) -> bool:
        """Whether something may be written here: a cell of its own, without a word or a formula."""
        return self.first(spot) == spot and not self.text(spot) and spot not in self.formulas

    def words(self) -> Iterator[tuple[Spot, str]]:
        """Every cell with a text, in the order of reading."""
        for row in range(self.top, self.top + len(self.sheet.rows)):
            for column in self.columns:
                if self.first((row, column)) == (row, column) and (text := self.text((row, column))):
                    yield (row, column), text

    def blank_rows(self, first: int, columns: Iterable[int], serial: Collection[int] = ()) -> range:
        """The rows from `first` on that wait for values in these columns; in those `serial` numbers may stand."""
        row = first
        while row <= self.bottom and all(
            not (text := self.text((row, column))) or (column in serial and text.isdigit()) for column in columns
        ):
            row += 1
        return range(first, row)

    def said_below(self, row: int) -> list[int]:
        """The rows from `row` on in which something is written."""
        return [at for at in range(row, self.bottom + 1) if any(self.text((at, column)) for column in self.columns)]


def read_blank(path: Path, progress: Progress = unwatched) -> list[Blank]:
    """The sheets of a blank form (.xlsx, .xlsm, .xls), hidden ones left out. Trouble in one sentence."""
    package, _ = opened_form(path, progress)
    parts, found = package.sheets(), []
    for sheet in read_book(path, progress):
        if sheet.hidden or sheet.name not in parts:
            continue
        blank = Blank(sheet)
        part = Part(package.parts[parts[sheet.name]])
        for line in lines_of(part):
            if line.cells:
                blank.lines.append(line.number)
            blank.formulas.update((line.number, column) for column, cell in line.cells if cell.child("f") is not None)
        found.append(blank)
    return found
