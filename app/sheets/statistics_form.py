"""A blank statistics table (空统计表): captions down the side and across the top, each blank cell a tally's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.ledgers.meaning import Meaning, Words
from app.ledgers.tally import Line, Tally
from app.models.conditions import both, read, show
from app.models.fields import Money
from app.sheets.blank import SERIAL, Blank, Spot
from app.sheets.captions import plain
from app.sheets.fill import FilledSheet
from app.sheets.form_source import ALL, STATISTICS, Match, Source, Taken
from app.sheets.grid import SIGNED

LEAST = 4  # cells that must be understood
DEEPEST = 4  # rows of a heading


def match(blank: Blank, source: Source) -> Match | None:
    """The sheet with its tally filled in, or None where its captions name no rows of the ledger."""
    body = _body(blank)
    if body is None:
        return None
    top, side = body
    words = Words(source.ledger)
    rows = {row: _read(words, source, _side(blank, row, side)) for row in range(top, blank.bottom + 1)}
    columns = {column: _read(words, source, _above(blank, column, top)) for column in blank.columns if column >= side}
    spots = [
        (row, column) for row, across in rows.items() for column, over in columns.items()
        if blank.free((row, column)) and across and over and across.sure and over.sure
    ]  # fmt: skip
    said = {one.condition for one in (*rows.values(), *columns.values()) if one and one.condition is not None}
    if len(spots) < LEAST or len(said) < 2:
        return None
    found = Match(blank.name, STATISTICS)
    found.taken = [
        _taken(source, text, meaning)
        for text, meaning in (
            *((_side(blank, row, side), meaning) for row, meaning in rows.items()),
            *((_above(blank, column, top), meaning) for column, meaning in columns.items()),
        )
        if text in source.choices or (text and meaning and not SIGNED.match(plain(text) + ":"))
    ]
    values = _numbers(source, spots, rows, columns)
    marked = [
        (row, column) for row, across in rows.items() for column, over in columns.items()
        if across and over and (row, column) not in values and blank.free((row, column))
    ]  # fmt: skip
    found.filled, found.cells, found.rows = [FilledSheet(blank.name, values, marked=marked)], len(values), len(rows)
    return found


def _body(blank: Blank) -> Spot | None:
    """The first cell that waits for a number: with a caption at its left and one above."""
    for row in range(blank.top + 1, blank.bottom + 1):
        for column in list(blank.columns)[1:]:
            free = blank.free((row, column))
            if free and _side(blank, row, column) and _above(blank, column, row) and blank.text((row, column - 1)):
                return row, column
    return None


def _side(blank: Blank, row: int, side: int) -> str:
    """The words at the left of a row, serial numbers left out."""
    said = [blank.text((row, column)) for column in blank.columns if column < side]
    return " ".join(dict.fromkeys(text for text in said if text and not text.isdigit()))


def _above(blank: Blank, column: int, top: int) -> str:
    """The words above a column, from the top of its heading down; a line over the whole table is its title."""
    found: list[str] = []
    for row in range(top - 1, max(top - 1 - DEEPEST, 0), -1):
        spot = blank.first((row, column))
        text, wide = blank.text(spot), blank.end(spot)[1] - spot[1] + 1
        if not text or wide >= len(blank.columns) - 1:
            break
        if not found or found[0] != text:
            found.insert(0, text)
    return " ".join(found)


def _read(words: Words, source: Source, caption: str) -> Meaning | None:
    """What all parts of a caption say together, or what the clerk said of it; None for a row or column without one."""
    if said := source.choices.get(caption):
        return Meaning(None if said == ALL else read(said, source.ledger.record))
    if caption in source.choices:
        return None
    parts = [words.read(part) for part in caption.split() if not SERIAL.match(part)]
    if not parts:
        return None
    of = next((part.of for part in parts if part.of), "")
    return Meaning(both(*(part.condition for part in parts)), of, "".join(part.unknown for part in parts))


def _taken(source: Source, caption: str, meaning: Meaning | None) -> Taken:
    if meaning is None or not meaning.sure:
        return Taken(caption)
    return Taken(caption, show(meaning.condition, source.ledger.record) or ALL)


def _numbers(source: Source, spots: list[Spot], rows: dict[int, Any], columns: dict[int, Any]) -> dict[Spot, Any]:
    """The number of each cell; those that are counted in the same way are counted together."""
    found: dict[Spot, Any] = {}
    ways: dict[str, list[Spot]] = {}
    for row, column in spots:
        ways.setdefault(columns[column].of or rows[row].of, []).append((row, column))
    for of, some in ways.items():
        across = sorted({row for row, _ in some})
        over = sorted({column for _, column in some})
        tally = Tally(
            source.listing, tuple(Line("", rows[row].condition) for row in across),
            tuple(Line("", columns[column].condition) for column in over), of,
        )  # fmt: skip
        fen = of and isinstance(getattr(tally.measured, "fact", None), Money)
        for row, counted in zip(across, tally.numbers(), strict=True):
            for column, number in zip(over, counted, strict=True):
                if (row, column) in some:
                    found[row, column] = Decimal(number) / 100 if fen else number
    return found
