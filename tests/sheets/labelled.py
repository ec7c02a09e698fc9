"""Sheets with what a clerk would make of them, read from `tests/sheets/labelled/*.txt`.

A file holds blocks of lines; a block is one sheet:

    ## T07 what is peculiar about it
    ledger persons            into which ledger the list is taken, by its English name; `none` where it holds no list
    sheet 牛街村              the sheet's name, where it matters
    hidden C E                hidden columns, where there are any
    t | 牛街村花名册 | <<
    h | 序号 | 户主   | <
    h | ^    | 姓名   | 身份证号
    d | 1    | 杨德贵 | 990001195203040015
    = | -    | name   | id_number

A line is a row. Its first letter says what it is: `t` what stands over the heading, `h` the heading, `n` the row that
numbers the columns, `d` a row of the list, `s` a sum between, `r` the heading once more, `b` blank as far as the list
goes, `e` what stands under the list, `x` a row of a sheet without a list. In a cell, `\\n` is a line break; `<` is
merged with the cell on its left, `^` with the one above, `<<` with the left as far as the sheet goes.

The line `=` says of each column what it fills, as a path from the record of the ledger:

    name            must be read as this         name/household.head   either of them is right
    (age)           this, or left out: the program works it out itself, or the office may do without
    name?           may be taken only with its doubt shown; to leave it out is right too
    -               is not kept: must be left out          ?      must not be taken without doubt
    name#2          of the second member beside the first  name#*  of several persons in one cell
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from app.sheets.read import Cell

FOLDER = Path(__file__).parent / "labelled"
HALVES = {"tuned": ("tuned", "more"), "unseen": ("unseen",), "sealed": ("sealed",)}  # and the files of each
ABOVE, HEADING, NUMBERS, LIST, SUM, AGAIN, BLANK, BELOW, NONE = "thndsrbex"
FIGURE = re.compile(r"-?(?:0|[1-9]\d{0,10})(?:\.\d+)?")

Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class Label:
    """What is right for a column."""

    paths: tuple[str, ...]  # any of them; none where the column is not kept
    optional: bool = False  # leaving it out is right too
    doubt: bool = False  # only with doubt
    member: str = ""  # "2" the second member beside the first, "*" several in one cell

    @classmethod
    def read(cls, text: str) -> Label:
        found = re.fullmatch(r"(\()?([a-z0-9_./]*|-)(?(1)\))(?:#(\d|\*))?(\?)?", text)
        if found is None or not text:
            raise ValueError(f"{text} is no label")
        words = () if found[2] in ("", "-") else tuple(found[2].split("/"))
        return cls(words, bool(found[1] or found[4] or not words), bool(found[4]), found[3] or "")


@dataclass
class Labelled:
    """One sheet: its cells, and what is right about it."""

    name: str
    about: str
    ledger: str = ""
    sheet: str = "Sheet1"
    marks: list[str] = field(default_factory=list)  # of each row
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)  # r1, c1, r2, c2, both ends included
    hidden: set[int] = field(default_factory=set)
    labels: list[Label] = field(default_factory=list)

    @property
    def heading(self) -> list[int]:
        """The rows of the heading, from 0."""
        return [r for r, mark in enumerate(self.marks) if mark == HEADING]

    @property
    def listed(self) -> list[int]:
        """The rows of the list, from 0; the last of them is where it ends."""
        return [r for r, mark in enumerate(self.marks) if mark == LIST]

    def captions(self) -> list[tuple[str, ...]]:
        """Of each column the words over it, from the widest to its own, as they stand."""
        first = {(r, c): (r1, c1) for r1, c1, r2, c2 in self.merges
                 for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)}  # fmt: skip
        over = []
        for c in range(len(self.labels)):
            cells = dict.fromkeys(first.get((r, c), (r, c)) for r in self.heading)
            over.append(tuple(str(self.rows[r][x]) for r, x in cells if self.rows[r][x] is not None))
        return over


@cache
def read(half: str) -> tuple[Labelled, ...]:
    """All sheets of a half. ValueError with the sheet's name where it is written wrongly."""
    texts = [(FOLDER / f"{name}.txt").read_text(encoding="utf-8") for name in HALVES[half]]
    return tuple(_sheet(block) for text in texts for block in re.split(r"^## ", text, flags=re.M)[1:])


def _sheet(block: str) -> Labelled:
    title, *lines = block.rstrip().split("\n")
    name, about = title.split(" ", 1)
    sheet = Labelled(name, about)
    written: list[list[str]] = []
    for line in lines:
        word, _, rest = line.partition(" ")
        cells = [cell.strip(" ").replace("\\n", "\n") for cell in rest.lstrip().removeprefix("|").split("|")]
        if word == "ledger":
            sheet.ledger = rest.strip()
        elif word == "sheet":
            sheet.sheet = rest.strip()
        elif word == "hidden":
            sheet.hidden = {ord(letter) - ord("A") for letter in rest.split()}
        elif word == "=":
            sheet.labels = [Label.read(cell) for cell in cells]
        elif len(word) == 1 and word in "thndsrbex":
            sheet.marks.append(word)
            written.append(cells)
        elif word:
            raise ValueError(f"{name}: {line}")
    width = len(sheet.labels) or max(map(len, written))
    if any(len(cells) > width for cells in written):
        raise ValueError(f"{name}: a row is longer than its labels")
    _fill(sheet, [cells + [""] * (width - len(cells)) for cells in written], width)
    return sheet


def _fill(sheet: Labelled, written: list[list[str]], width: int) -> None:
    """Put cells and merges into the sheet."""
    area: dict[tuple[int, int], tuple[int, int]] = {}
    for r, cells in enumerate(written):
        for c in range(width):
            whole = "<<" in cells and c > cells.index("<<")
            if cells[c] == "^":
                area[r, c] = area.get((r - 1, c), (r - 1, c))
            elif cells[c] in ("<", "<<") or whole:
                area[r, c] = area.get((r, c - 1), (r, c - 1))
            else:
                area[r, c] = (r, c)
        words = ["" if area[r, c] != (r, c) else cells[c] for c in range(width)]
        plain = sheet.marks[r] in (ABOVE, HEADING, AGAIN)
        sheet.rows.append([_cell(word, plain) for word in words])
    covered: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for at, first in area.items():
        covered.setdefault(first, []).append(at)
    for (r1, c1), cells in covered.items():
        r2, c2 = max(cells)
        if (r2 - r1 + 1) * (c2 - c1 + 1) != len(cells):
            raise ValueError(f"{sheet.name}: the merge at row {r1 + 1}, column {c1 + 1} is no rectangle")
        if len(cells) > 1:
            sheet.merges.append((r1, c1, r2, c2))


def _cell(word: str, plain: bool) -> Cell:
    """A cell as a spreadsheet keeps it: figures are numbers up to 11 digits, so telephones are, ID numbers are not."""
    if not word:
        return None
    if plain or not FIGURE.fullmatch(word):
        return word
    return float(word) if "." in word else int(word)
