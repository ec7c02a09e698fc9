"""A blank roster (空花名册): the heading and the rows under it, one row for each record of a listing."""

from __future__ import annotations

from typing import Any

from app.ledgers.ledger import Column
from app.models.paths import label_of
from app.sheets.blank import SERIAL, Blank, Spot
from app.sheets.columns import Column as HeadingColumn
from app.sheets.fill import FilledSheet
from app.sheets.form_source import ROSTER, Match, Source, Taken
from app.sheets.grid import TOTAL
from app.sheets.headings import Heading, find_heading
from app.sheets.references import Insertion

LEAST = 2  # columns that must be known, and more than half of a short heading


def match(blank: Blank, source: Source) -> Match | None:
    """The sheet filled as a roster, or None where it is none."""
    heading = find_heading(blank.sheet, source.captions)
    if heading is None or not _is_blank(blank, heading):
        return None
    known = {column.index + blank.sheet.left + 1: column for column in heading.columns}
    columns = {at: told for at, column in known.items() if (told := _told(source, column)) is not None}
    if len(columns) < LEAST:
        return None
    found = Match(blank.name, ROSTER)
    serial = [at for at, column in known.items() if SERIAL.match(column.caption.rpartition("/")[2])]
    found.taken = [
        Taken(column.caption, "行号", fixed=True) if at in serial
        else Taken(column.caption, label_of(source.ledger.record, columns[at].text) if at in columns else "")
        for at, column in known.items()
    ]
    found.private = any(column.path.private for column in columns.values())
    _fill(found, blank, source, columns, serial, heading)
    return found


def _told(source: Source, column: HeadingColumn) -> Column | None:
    """What a column is filled from: what the clerk chose for its caption, else the fact that it names."""
    if column.caption in source.choices:
        return source.chosen(column.caption)
    return source.ledger.column(column.path) if column.path and not column.doubt else None


def _is_blank(blank: Blank, heading: Heading) -> bool:
    """Whether the rows under the heading wait to be filled: nothing but serial numbers stands in the first."""
    first = heading.first_data_row + blank.top
    known = [column.index + blank.sheet.left + 1 for column in heading.columns if column.path]
    return not any(blank.text((first, at)) for at in known)


def _fill(
    found: Match, blank: Blank, source: Source, columns: dict[int, Column], serial: list[int], heading: Heading
) -> None:
    first = heading.first_data_row + blank.top
    captions = {column.index + blank.sheet.left + 1: column.caption for column in heading.columns}
    rows = blank.blank_rows(first, captions, serial)
    keys = source.listing.keys()
    needed, after = len(keys), rows.stop
    moves = []
    if needed > len(rows) and len(rows):
        moves = [Insertion(after, needed - len(rows), after - 1)]
    values: dict[Spot, Any] = {}
    for at, row in enumerate(source.values(list(columns.values()), keys)):
        for column, value in zip(columns, row, strict=True):
            if value is not None:
                values[first + at, column] = value
        for column in serial:
            values[first + at, column] = at + 1
    moved = moves[0].number if moves else 0
    values |= _totals(blank, source, columns, after, moved)
    settled = {*columns, *serial, *(at for at, caption in captions.items() if caption in source.choices)}
    lacking = [at for at in captions if at not in settled]
    marked = [(first + at, column) for at in range(needed) for column in lacking]
    found.filled = [FilledSheet(blank.name, values, moves, marked=marked)]
    found.cells, found.rows = len(values), needed


def _totals(blank: Blank, source: Source, columns: dict[int, Column], after: int, moved: int) -> dict[Spot, Any]:
    """The sums in a row 合计 below, where no formula stands."""
    line = next((row for row in blank.said_below(after) if any(
        TOTAL.match(blank.text((row, column))) for column in blank.columns)), None)
    adding = {at: column for at, column in columns.items() if column.path.adds}
    if line is None or not adding:
        return {}
    sums = source.listing.but(columns=tuple(adding.values())).sums()
    return {
        (line + moved, at): _number(sums[column.text])
        for at, column in adding.items() if blank.free((line, at)) and column.text in sums
    }  # fmt: skip


def _number(shown: str) -> Any:
    from decimal import Decimal

    number = Decimal(shown.replace(",", ""))
    return int(number) if number == number.to_integral_value() else number
