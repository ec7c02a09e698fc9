"""A blank single form (空登记表): labels beside or above blank cells, one filled copy for each record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.ledgers.forms import tables
from app.ledgers.layout import Table
from app.ledgers.ledger import Column
from app.models.fields import Link
from app.models.paths import label_of, resolve
from app.models.query import lines, rows
from app.sheets.blank import SERIAL, Blank, Spot
from app.sheets.captions import Caption, plain, synonyms
from app.sheets.fill import FilledSheet
from app.sheets.form_source import SINGLE, Match, Source, Taken, as_cell
from app.sheets.grid import SIGNED
from app.sheets.headings import Heading, find_heading, heading_at
from app.sheets.read import Sheet
from app.sheets.references import Insertion
from app.work.choices import described

LEAST = 3  # labels that must be known
LONGEST = 12  # characters of a label


def match(blank: Blank, source: Source) -> Match | None:
    """The sheet filled once for each record of the listing, or None where it is no single form."""
    block = _block(blank, source)
    places, lacking = _places(blank, source, block.rows if block else range(0))
    if len(places) < LEAST:
        return None
    found = Match(blank.name, SINGLE)
    record = source.ledger.record
    found.taken = [Taken(caption, label_of(record, column.text)) for caption, column in places.values()]
    found.taken += [Taken(caption) for caption in lacking.values()]
    if block:
        said = block.table.lines.label
        found.taken += [Taken(f"{said}：{label}", label, fixed=True) for label in block.labels]
        found.taken += [Taken(f"{said}：{caption}", fixed=True) for caption in block.lacking]
    keys = source.listing.keys()
    columns = [column for _, column in places.values()]
    found.private = any(path.private for path in (*(one.path for one in columns), *(block.paths if block else ())))
    names = described(record, keys)
    for key, name, row in zip(keys, names, source.values(columns, keys), strict=True):
        values: dict[Spot, Any] = {spot: value for spot, value in zip(places, row, strict=True) if value is not None}
        moves: list[Insertion] = []
        if block:
            block.fill(key, values, moves, source.listing.unmasked)
        marked = [(_moved(moves, row), column) for (row, column), text in lacking.items() if text not in source.choices]
        found.filled.append(FilledSheet(blank.name, values, moves, name=name.title or blank.name, marked=marked))
        found.cells += len(values)
    found.rows = len(keys)
    return found


def _moved(moves: list[Insertion], row: int) -> int:
    """Where a row stands after all insertions."""
    return row + sum(move.number for move in moves if row >= move.at)


def _places(blank: Blank, source: Source, without: range) -> tuple[dict[Spot, tuple[str, Column]], dict[Spot, str]]:
    """Each blank cell that a label names, with the label and the fact; and those whose label nobody knows."""
    found: dict[Spot, tuple[str, Column]] = {}
    lacking: dict[Spot, str] = {}
    for spot, text in blank.words():
        if spot[0] in without:
            continue
        column, target = source.meant(text), _target(blank, spot)
        if target is None or target in found:
            continue
        if column is not None:
            found[target] = text, column
        elif text in source.choices or (
            len(text) <= LONGEST and target[0] == spot[0]
            and (plain(text) in synonyms() or not SIGNED.match(plain(text) + ":"))
        ):
            lacking[target] = text
    return found, lacking


def _target(blank: Blank, spot: Spot) -> Spot | None:
    """Where the value of a label is to stand: the blank cell to its right, else the one below it."""
    row, right = spot[0], blank.end(spot)[1] + 1
    below = blank.end(spot)[0] + 1
    if right in blank.columns and blank.free((row, right)):
        return row, right
    return (below, spot[1]) if below <= blank.bottom and blank.free((below, spot[1])) else None


class _Block:
    """The rows of a form for the lines of a record, as 家庭成员: where they stand and which facts they want."""

    def __init__(
        self, table: Table, columns: dict[int, str], serial: list[int], rows: range, first: int, lacking: list[str]
    ) -> None:
        self.table, self.columns, self.serial, self.rows, self.first = table, columns, serial, rows, first
        self.lacking = lacking
        self.record = table.lines.record()
        self.paths = [resolve(self.record, path) for path in columns.values()]
        self.labels = [path.label for path in self.paths]

    def fill(self, key: int, values: dict[Spot, Any], moves: list[Insertion], whole: bool) -> None:
        """Put the lines of one record into its rows; rows are added where there are too few."""
        keys = lines(self.record, self.table.lines.link, key)
        room = self.rows.stop - self.first
        if len(keys) > room > 0:
            move = Insertion(self.rows.stop, len(keys) - room, self.rows.stop - 1)
            moves.append(move)
            for spot in sorted((spot for spot in values if spot[0] >= move.at), reverse=True):
                values[move.row(spot[0]), spot[1]] = values.pop(spot)
        for at, row in enumerate(rows(self.record, self.paths, keys)):
            for column, path, value in zip(self.columns, self.paths, row, strict=True):
                cell = as_cell(path.fact, value, masked=path.private and not whole)
                if cell is not None:
                    values[self.first + at, column] = cell
            for column in self.serial:
                values[self.first + at, column] = at + 1


def _block(blank: Blank, source: Source) -> _Block | None:
    """The block for the lines of the ledger's record, if the form has one."""
    words = synonyms()
    for table in tables(source.ledger):
        captions = [
            Caption(place.name, (place.fact.label, *words.get(place.fact.label, ()))) for place in table.columns
        ]
        captions += [
            Caption(name, (fact.label, *words.get(fact.label, ())))
            for name, fact in (*table.lines.record().derived.items(), *table.lines.record().facts().items())
            if name not in {one.path for one in captions} and not isinstance(fact, Link)
        ]  # fmt: skip
        for heading in _headings(blank.sheet, captions):
            first = heading.first_data_row + blank.top
            at = {column.index + blank.sheet.left + 1: column for column in heading.columns}
            ends = {index: blank.end(blank.first((first - 1, index)))[0] for index in at}
            bottom = min((end for end in ends.values() if end >= first), default=blank.bottom)
            at = {index: column for index, column in at.items() if ends[index] < first}  # not 家庭成员 down the side
            columns = {index: column.path for index, column in at.items() if column.path}
            serial = [index for index, column in at.items() if SERIAL.match(column.caption)]
            waiting = blank.blank_rows(first, at, serial)[: bottom + 1 - first]
            if len(waiting) and len(columns) >= LEAST:
                lacking = [one.caption for index, one in at.items() if not one.path and index not in serial]
                rows = range(heading.rows[0] + blank.top, waiting.stop)
                return _Block(table, columns, serial, rows, first, list(filter(None, lacking)))
    return None


def _headings(sheet: Sheet, captions: Sequence[Caption]) -> Iterator[Heading]:
    """What may be the heading of a block: the likeliest, which may be a line of labels; then every row of captions that
    stand side by side, where 家庭成员 merged down the side does not make it look deeper than it is."""
    if found := find_heading(sheet, captions):
        yield found
    flat = replace(sheet, merges=[one for one in sheet.merges if one[0] == one[2]])
    for row in range(len(sheet.rows)):
        heading = heading_at(flat, row, row, captions)
        known = [at for at, column in enumerate(heading.columns) if column.path]
        if known and all(column.caption for column in heading.columns[known[0] : known[-1] + 1]):
            yield heading
