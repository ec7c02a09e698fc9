"""One row of a sheet, several persons of one household (一行几个人): laid out sideways, or several in one cell.

    户主 | 身份证号 | 成员姓名 | 身份证号 | 成员姓名 | 身份证号          户主 | 家庭成员姓名 | 家庭成员身份证号
    甲   | 11…      | 乙       | 22…      |          |                   甲   | 甲、乙       | 11…、22…

What is said of the household holds for all of them, everything else for the row's own person. Cells of several persons
are parted only where all of them hold equally many; otherwise they stay as they are and the row is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from app.sheets.headings import Heading
from app.sheets.read import Cell
from app.sheets.words import meaning

MANY = "*"
PARTING = re.compile(r"[、，,;；/|\n]+")
NAME, RELATION, HEAD = "name", "relation", "household.head"

Person = tuple[dict[str, Cell], dict[str, int]]  # path → cell, path → column


class Members:
    """Parts the rows of a sheet into persons. `own` are the columns of the row itself, column → path."""

    def __init__(self, heading: Heading, mapping: Mapping[int, str]) -> None:
        known = {column.index: column.member for column in heading.columns}
        self.own = {c: path for c, path in mapping.items() if not known.get(c)}
        self.many = {c: path for c, path in mapping.items() if known.get(c) == MANY}
        beside = sorted({known[c] for c in mapping if known.get(c, "") not in ("", MANY)})
        self.beside = [{c: path for c, path in mapping.items() if known.get(c) == one} for one in beside]
        said = {path for columns in (self.many, *self.beside) for path in columns.values()}
        self.there = bool(said)
        self.own_person = not self.there or bool(said & set(self.own.values()))
        called = next((column.caption for column in heading.columns if column.path == NAME and not column.member), "")
        self.of_head = RELATION not in mapping.values() and meaning(tuple(called.split("/"))).whose == "户主"
        self.plain = not self.there and not self.of_head  # each row is one person, as it stands

    def persons(self, row: Sequence[Cell], values: dict[str, Cell]) -> Iterator[Person]:
        """The persons of one row. `values` are those of its own columns, merges filled in."""
        places = {path: c for c, path in self.own.items()}
        if self.of_head and values.get(NAME) is not None:
            values[RELATION], places[RELATION] = "户主", places[NAME]
        if not self.there:
            yield values, places
            return
        if self.beside and values.get(NAME) is not None and HEAD not in values:
            values[HEAD], places[HEAD] = values[NAME], places[NAME]
        home = {path: cell for path, cell in values.items() if path.startswith("household.")}
        others: list[Person] = []
        for columns in (*self.beside, self.many):
            others += self._told(row, columns)
        if self.own_person:
            yield values, places
        for at, (told, where) in enumerate(others):
            if self.own_person and all(values.get(path) == cell for path, cell in told.items() if cell is not None):
                continue  # the row's own person is named among his household once more
            first = not at and not self.own_person
            yield {**(values if first else home), **told}, {**places, **where}

    def _told(self, row: Sequence[Cell], columns: Mapping[int, str]) -> list[Person]:
        """The persons that some columns tell of: none, one, or as many as their cells hold."""
        where = {path: c for c, path in columns.items()}
        cells = {path: row[c] for path, c in where.items()}
        if all(cell is None for cell in cells.values()):
            return []
        if columns is not self.many:
            return [(cells, where)]
        parted = {path: [part.strip() for part in PARTING.split(str(cell)) if part.strip()]
                  for path, cell in cells.items() if cell is not None}
        counts = {len(parts) for parts in parted.values()}
        if len(counts) > 1:
            return [(cells, where)]
        return [({path: parts[n] for path, parts in parted.items()}, where) for n in range(counts.pop())]
