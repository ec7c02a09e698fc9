"""A reading that the office keeps, on the next sheet with the same heading (记住的读法).

A heading is known again by its captions, wherever its columns stand now; each column by its own caption, by the month
left out of it where that leaves it alone of its name. Where other rows look more like a heading, the kept one is looked
for row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.models.kept_readings import KeptReading
from app.sheets.captions import plain, undated
from app.sheets.columns import LEVEL, Column
from app.sheets.grid import DEPTH, ID_TEXT, SEARCH
from app.sheets.headings import Heading, fingerprint, heading_at
from app.sheets.read import Sheet
from app.sheets.readings import Fields
from app.work.cells import fillable

NAMELESS = "没有列名"
TITLE = 60  # characters


@dataclass(frozen=True)
class Recalled:
    """A kept reading on a sheet: the heading with its columns as they were kept, and which fields are gone."""

    row: KeptReading
    heading: Heading
    lost: tuple[tuple[str, str], ...]  # caption, what it was read as


def captions_of(heading: Heading) -> dict[int, str]:
    """By what each column is known again, by its place; the second of one name has a number behind it."""
    said = {column.index: plain(column.caption) or NAMELESS for column in heading.columns}
    short = {index: undated(caption) for index, caption in said.items()}
    there, seen = Counter(short.values()), Counter[str]()
    found = {}
    for index, caption in said.items():
        key = short[index] if there[short[index]] == 1 else caption
        seen[key] += 1
        found[index] = key if seen[key] == 1 else f"{key}#{seen[key]}"
    return found


def recall(
    sheet: Sheet, heading: Heading | None, fields: Fields, known: Mapping[str, KeptReading], record: Any
) -> Recalled | None:
    """The kept reading that fits this sheet, or None. `heading` is what was found without it."""
    row = known.get(fingerprint(heading)) if heading else None
    if row is None:
        heading, row = _look_for(sheet, fields, known)
    if row is None or heading is None:
        return None
    paths = {label: path for path, label in fillable(record).items()}
    told, keys = columns_of(row), captions_of(heading)
    columns: list[Column] = []
    lost, taken = [], set()
    for column in heading.columns:
        label = told.get(keys[column.index])
        path = paths.get(label or "")
        if label and path is None:
            lost.append((keys[column.index], label))
            columns.append(replace(column, path=None, why=f"原来读作“{label}”，这个项目已经没有了", doubt=""))
        elif label is None:
            columns.append(column)
        elif path is None or (path, column.member) in taken:
            columns.append(replace(column, path=None, why="按记住的读法不导入", doubt=""))
        else:
            taken.add((path, column.member))
            columns.append(replace(column, path=path, score=1.0, why=f"按记住的读法“{row.title}”", doubt=""))
    return Recalled(row, replace(heading, columns=tuple(columns)), tuple(lost))


def columns_of(row: KeptReading) -> dict[str, str]:
    """Caption → what it is read as, "" for left out."""
    lines = (line.rpartition(" =") for line in (row.columns or "").splitlines())
    return {caption.strip(): label.strip() for caption, sign, label in lines if sign}


def _look_for(
    sheet: Sheet, fields: Fields, known: Mapping[str, KeptReading]
) -> tuple[Heading | None, KeptReading | None]:
    """A heading that was kept, in rows that look less like one than others do."""
    there = [frozenset(_words(row)) for row in sheet.rows[: SEARCH + DEPTH]]
    for row in known.values():
        words = {undated(part) for line in row.captions.splitlines() for part in line.split(LEVEL)}
        for top in range(min(SEARCH, len(sheet.rows) - row.height + 1)):
            if words <= frozenset[str]().union(*there[top : top + row.height]):
                heading = heading_at(sheet, top, top + row.height - 1, fields)
                if fingerprint(heading) == row.words:
                    return heading, row
    return None, None


def _words(row: Sequence[Any]) -> Iterator[str]:
    for cell in (cell for cell in row if cell is not None):
        yield from (undated(part) for part in str(cell).split(LEVEL))


def kept(heading: Heading, mapping: Mapping[int, str], title: str, skip: bool, record: Any) -> dict[str, Any] | None:
    """A reading as it is kept, by the facts of `KeptReading`; None where its captions are not captions but people."""
    captions = [column.caption.replace("\n", "") for column in heading.columns if column.caption]
    if not captions or any(ID_TEXT.search(caption) for caption in captions):
        return None
    labels, keys = fillable(record), captions_of(heading)
    said = {keys[column.index]: labels.get(mapping.get(column.index, ""), "") for column in heading.columns}
    lines = (f"{caption} = {label}".rstrip() for caption, label in said.items())
    return {
        "title": title[:TITLE], "captions": "\n".join(captions), "columns": "\n".join(lines),
        "height": heading.rows[1] - heading.rows[0] + 1, "skip": skip or None, "words": fingerprint(heading),
    }  # fmt: skip
