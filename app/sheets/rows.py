"""The rows below a heading as {path: value}, and which of them belong to one household (一户).

Nothing is guessed into a cell: a value goes down only inside a merge (合并单元格). Nothing is lost unseen either: every
row with something in it comes out as a row or stands in `skipped` with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.sheets.captions import bare, plain, synonyms
from app.sheets.grid import Grid
from app.sheets.headings import Heading, persons, printed_words
from app.sheets.members import Members
from app.sheets.read import Cell, Sheet, letters

REASON = "原因"  # the column that a copy for mending (退回表) has besides those of the clerk
HEADS = frozenset({"户主", "本人", "户主本人", "本人或户主", "户主或本人", "01", "02"})
IDENTITY = ("head", "number", "code", "id", "key")  # words in a path that tell one household from another
PLACES = ("village", "group", "grid", "place", "town", "county")


@dataclass(slots=True)
class SheetRow:
    """One person's row: its number in the file (from 1), its cells by path, its household block.

    `filled` names the paths whose value came down inside a merge. `block` counts households from 1, None where the
    sheet does not tell; `sure` is False where the row was put into its block only because the household's cells are
    blank, not merged. `done` says that it was taken in before: hidden in a copy that was returned for mending.
    """

    sheet: str
    row: int
    values: dict[str, Any]  # path → Cell
    block: int | None = None
    sure: bool = True
    filled: frozenset[str] = frozenset()
    places: Mapping[str, int] = field(default_factory=dict, repr=False)
    done: bool = False

    def address(self, path: str) -> str:
        """Where the value stands in the file: 牛街村!C7."""
        return f"{self.sheet}!{letters(self.places[path])}{self.row}"


class Rows(Iterator[SheetRow]):
    """The data rows of a sheet, read as they are asked for. `skipped` is whole when they have all been read."""

    def __init__(self, sheet: Sheet, heading: Heading, mapping: Mapping[int, str]) -> None:
        self.skipped: list[tuple[int, str]] = []  # (row in the file from 1, reason)
        self._rows = self._read(sheet, heading, mapping)

    def __next__(self) -> SheetRow:
        return next(self._rows)

    def _read(self, sheet: Sheet, heading: Heading, mapping: Mapping[int, str]) -> Iterator[SheetRow]:
        grid, down, members = Grid(sheet), _downwards(sheet), Members(heading, mapping)
        columns = [column.index for column in heading.columns]
        who, words = persons(heading), printed_words(sheet, heading)
        blocks, count = Blocks(sheet, heading, members.own), 0
        places = {path: sheet.left + c for c, path in mapping.items()}
        reason_at = next((column.index for column in heading.columns if column.caption == REASON), None)
        for r in range(heading.rows[1] + 1, len(sheet.rows)):
            kind, reason = grid.kind(r, columns, who, words)
            if kind == "blank":
                continue
            row, number = sheet.rows[r], sheet.top + r + 1
            if kind == "data" and all(row[c] is None for c in mapping):
                said = "、".join(str(row[c]) for c in columns if row[c] is not None)
                kind, reason = "note", f"认得的列都是空的（{said[:20]}）"
            elif kind == "data" and (r < heading.first_data_row or r > heading.last_data_row):
                kind, reason = "note", "只有列号的行" if r < heading.first_data_row else "在表尾之后"
            if kind != "data":
                self.skipped.append((number, reason))
                continue
            values = {path: row[c] for c, path in members.own.items()}
            filled = {}
            for c, source in down.get(r, ()):
                if c in members.own and row[c] is None and sheet.rows[source][c] is not None:
                    filled[mapping[c]] = sheet.rows[source][c]
            values |= filled
            count += 1
            done = reason_at is not None and row[reason_at] is None and r in sheet.hidden_rows
            block, sure = (count, True) if members.there else blocks.place(values, filled, r)
            if members.plain:
                yield SheetRow(sheet.called, number, values, block, sure, frozenset(filled), places, done)
                continue
            for told, at in members.persons(row, values):
                where = {path: sheet.left + c for path, c in at.items()}
                yield SheetRow(sheet.called, number, told, block, sure, frozenset(filled), where, done)


def read_rows(sheet: Sheet, heading: Heading, mapping: dict[int, str] | None = None) -> Rows:
    """The data rows below a heading, one by one.

    `mapping` (column from 0 in `Sheet.rows` → path) takes the place of what the heading found. Passed over, and told in
    `skipped`: repeated headings, column numbers, subtotals and totals, notes and signatures, rows in which every known
    column is blank. Blank rows are passed over and not told.
    """
    if mapping is None:
        mapping = {column.index: column.path for column in heading.columns if column.path}
    return Rows(sheet, heading, mapping)


def _downwards(sheet: Sheet) -> dict[int, list[tuple[int, int]]]:
    """A row → its columns in a merge from above, each with the row the merge begins in. Sideways nothing is filled."""
    down: dict[int, list[tuple[int, int]]] = {}
    for r1, c1, r2, _ in sheet.merges:
        for r in range(r1 + 1, r2 + 1):
            down.setdefault(r, []).append((c1, r1))
    return down


class Blocks:
    """Numbers the households of a sheet while its rows go by.

    A household is told by its own columns (户编号, 户主姓名): they are merged over its rows, or repeat, or stay blank
    below its first row. Without such columns a row whose relation is 户主 begins one. Village and group tell nothing:
    they repeat over many households.
    """

    def __init__(self, sheet: Sheet, heading: Heading, mapping: Mapping[int, str]) -> None:
        self.own = {c: path for c, path in mapping.items()
                    if path.startswith("household.") and not any(place in path for place in PLACES)}
        telling = {c: path for c, path in self.own.items() if any(word in path.split(".", 1)[1] for word in IDENTITY)}
        self.paths = list((telling or self.own).values())
        self.villages = [path for path in mapping.values() if path.startswith("household.") and "village" in path]
        self.starts = {r1: r2 for r1, c1, r2, _ in sheet.merges if c1 in self.own and r2 > r1}
        known = frozenset(bare(word) for word in ("与户主关系", *synonyms().get("与户主关系", ())))
        named = {column.index for column in heading.columns if bare(column.caption) in known}
        self.relation = next((path for c, path in mapping.items() if path.endswith("relation") or c in named), None)
        self.block = self.count = 0
        self.seen: dict[str, Cell] = {}  # what identifies the household being read
        self.end: int | None = None  # the last row of its merged cells
        self.headed = False  # whether its head has been met
        self.known: dict[tuple[Cell, ...], int] = {}
        self.last: list[Cell] = []  # what the row before said of its household

    def place(self, values: Mapping[str, Cell], filled: Collection[str], r: int) -> tuple[int | None, bool]:
        """The block of the next row (at `r` in the sheet) and whether that is sure. `filled` came down in a merge."""
        if not self.paths and self.relation is None:
            return None, True
        head = self.relation is not None and plain(str(values[self.relation])) in HEADS
        before, self.last = self.last, [values[path] for path in (*self.paths, *self.villages)]
        if before == self.last and not (head or filled or self.starts) and any(self.last[: len(self.paths)]):
            return self.block, True  # another line of the same household, as most are
        said = {path: values[path] for path in self.paths if values[path] is not None}
        told = bool(said)
        if told:  # a number is only a household's own within its village
            said |= {path: values[path] for path in self.villages if values[path] is not None}
        shared = [path for path in said if path in self.seen]
        other = any(said[path] != self.seen[path] for path in shared)
        merged = bool(filled) and any(path in filled for path in self.own.values())
        if merged:
            new = other
        elif told:
            apart = r in self.starts or (self.end is not None and r > self.end)
            new = other or not any(path in self.paths for path in shared) or (head and self.headed)
            new = new or (apart and all(_is_name(path) for path in shared))
        else:
            new = head
        if new or (merged and not self.block):
            self._begin(said, r)
        self.headed = self.headed or head
        self.seen = said | self.seen
        return (self.block, merged or told or not self.paths) if self.block else (None, False)

    def _begin(self, said: Mapping[str, Cell], r: int) -> None:
        """Begin a household, or go back to one that has the same number in the same village."""
        self.seen, self.end, self.headed = {}, self.starts.get(r), False
        key = tuple(said.values())
        if all(_is_name(path) for path in said) or key not in self.known:
            self.count += 1
            self.known[key] = self.count
        self.block = self.known[key]


def _is_name(path: str) -> bool:
    """Whether a path tells a household only by a name, which two may share."""
    return path.endswith(("name", "head")) or "village" in path
