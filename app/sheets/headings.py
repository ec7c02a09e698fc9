"""Which rows of a sheet are the heading (表头), where its list begins and where it ends.

Nothing here is learned or hidden: every row that could be a heading is tried, every column adds a number that a clerk
could add up himself, and the best sum wins. The reasons travel along in `why`. Which field a column fills is the
business of `columns.py`.

    a column whose words are those of a field       the match, 1 at most
    a column whose words all mean something         0.5
    another column with something like a name       0.15
    a column with a remark or a long text           −0.15
    a column with a cell that can only be data,
        or that says the same in the row below      −0.5
    rows with 填报单位：, 盖章 and the like            −0.3
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.sheets.captions import Caption, bare, plain, undated
from app.sheets.columns import Column, read_columns
from app.sheets.grid import ID_TEXT, SEARCH, Grid, is_counted, is_data
from app.sheets.read import Cell, Sheet, letters
from app.sheets.readings import Fields
from app.sheets.words import explained

WIDER = 0.5  # of the best sum: what a heading with a wider word above may have
SAMPLE = 200  # data rows looked at to see what a column holds

REMARK = re.compile(r"盖章|填报(?:单位|日期|时间|人)|制表|[:：]\s*$|[:：]\s{2}|(?:单位|日期|时间)[:：]|年\s*月\s*日")
PERSONS = re.compile("姓名|名单|身份证|证件号|公民身份|^户主$")
SEVERAL = re.compile(r"[^\d\s][、，,;；\n]+[^\d\s]")


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a sheet. All rows count from 0 in `Sheet.rows`, both ends included.

    `last_data_row` is before `first_data_row` where the form is blank. `title` is the text above, line by line.
    """

    rows: tuple[int, int]
    columns: tuple[Column, ...]
    first_data_row: int
    last_data_row: int
    title: str
    score: float
    why: str

    def column(self, path: str) -> Column | None:
        """The column that fills a field."""
        return next((column for column in self.columns if column.path == path), None)


def find_heading(sheet: Sheet, captions: Sequence[Caption] | Fields) -> Heading | None:
    """The heading that fits best, or None where nothing on the sheet looks like one.

    A heading of which no field is known is found by its shape; then no column has a path.
    """
    fields, grid = captions if isinstance(captions, Fields) else Fields(captions), Grid(sheet)
    found: list[tuple[float, int, int, range]] = []
    for top in range(min(SEARCH, len(sheet.rows))):
        for span in grid.blocks(top):
            bottom = grid.bottom(top, span)
            score = 0.0 if bottom is None else _worth(grid, top, bottom, span, fields)
            if bottom is not None and score > 0:
                found.append((score, top, bottom, span))
    if not found:
        return None
    best = max(found, key=lambda one: (round(one[0], 6), -one[1]))
    wider = [one for one in found if one[2] == best[2] and one[3] == best[3] and one[1] <= best[1]]
    score, top, bottom, span = min(
        (one for one in wider if one[0] >= WIDER * best[0] and not _remarks(grid, one[1], best[1] - 1, one[3])),
        key=lambda one: one[1],
    )
    return _described(sheet, grid, fields, top, bottom, span, score)


def heading_at(sheet: Sheet, first_row: int, last_row: int, captions: Sequence[Caption] | Fields) -> Heading:
    """The heading in the rows that the clerk points at, from 0 in `Sheet.rows`, both ends included.

    Of several tables side by side the one with most known columns is meant, then the one with most words.
    """
    fields, grid = captions if isinstance(captions, Fields) else Fields(captions), Grid(sheet)
    top = min(max(first_row, 0), max(len(sheet.rows) - 1, 0))
    bottom = min(max(last_row, top), max(len(sheet.rows) - 1, 0))
    worths = [
        (_worth(grid, top, bottom, span, fields), sum(bool(grid.levels(top, bottom, c)) for c in span), span)
        for span in grid.blocks(top)
    ]
    score, _, span = max(worths, key=lambda worth: worth[:2], default=(0.0, 0, range(grid.width)))
    return _described(sheet, grid, fields, top, bottom, span, score)


def _described(
    sheet: Sheet, grid: Grid, fields: Fields, top: int, bottom: int, span: range, score: float
) -> Heading:
    """The heading in these rows and columns, with everything that follows from where it stands."""
    indexes, left_out = _tables(sheet, grid, top, bottom, span, fields)
    first = bottom + 1
    while first < len(sheet.rows) and is_counted([sheet.rows[first][c] for c in indexes]) and any(
            sheet.rows[first][c] is not None for c in indexes):
        first += 1
    columns = _columns(grid, top, bottom, indexes, fields)
    columns = [column for column in columns if column.caption or grid.last[column.index] >= first]
    known = sum(column.path is not None for column in columns)
    lines = f"第 {sheet.top + top + 1} 行" if top == bottom else f"第 {sheet.top + top + 1}–{sheet.top + bottom + 1} 行"
    why = f"{lines}是表头，{len(columns)} 列里认得 {known} 列{left_out}"
    title = _title(sheet, top, indexes)
    found = Heading((top, bottom), tuple(columns), first, len(sheet.rows) - 1, title, round(score, 2), why)
    return replace(found, last_data_row=_last_data_row(sheet, grid, found))


def fingerprint(heading: Heading) -> str:
    """16 hex digits, the same for headings with the same captions in whatever order, spacing and month (表头指纹)."""
    words = sorted(undated(column.caption) for column in heading.columns if column.caption)
    return hashlib.blake2b("\n".join(words).encode(), digest_size=8).hexdigest()


def persons(heading: Heading) -> frozenset[int]:
    """The columns that hold names or ID numbers."""
    return frozenset(column.index for column in heading.columns if PERSONS.search(bare(column.caption)))


def printed_words(sheet: Sheet, heading: Heading) -> frozenset[str]:
    """The words of the heading, by which it is known again on the next printed page."""
    rows = sheet.rows[heading.rows[0]:heading.rows[1] + 1]
    return frozenset(plain(cell) for row in rows for cell in row if isinstance(cell, str))


# ---- which rows ----------------------------------------------------------------------------------------------------

def _worth(grid: Grid, top: int, bottom: int, span: range, fields: Fields) -> float:
    """The sum at the head of this file for one possible heading; 0 where too little speaks for it."""
    score, named = 0.0, 0
    matched: set[str] = set()
    for c in span:
        levels = grid.levels(top, bottom, c)
        if not levels:
            continue
        match = next((m for m in fields.known(levels) if m.caption.path not in matched), None)
        if any(is_data(grid.rows[r][c]) for r in range(top, bottom + 1)) or grid.text(bottom + 1, c) == levels[-1]:
            score -= 0.5
        elif match:
            matched.add(match.caption.path)
            score += match.words
            named += 1
        elif REMARK.search(levels[-1]) or len(plain(levels[-1])) > 25:
            score -= 0.15
        else:
            score += 0.5 if explained(levels[-1]) else 0.15
            named += 1
    if _remarks(grid, top, bottom, span):
        score -= 0.3
    return score if matched or (named > 2 and named >= 0.6 * len(span)) else 0.0


def _remarks(grid: Grid, top: int, bottom: int, span: range) -> bool:
    """Whether 填报单位：, 盖章 and the like stand in these rows."""
    cells = (grid.rows[r][c] for r in range(top, bottom + 1) for c in span)
    return any(isinstance(cell, str) and REMARK.search(cell) for cell in cells)


def _tables(sheet: Sheet, grid: Grid, top: int, bottom: int, span: range, fields: Fields) -> tuple[list[int], str]:
    """The columns of the table, and what is said of tables beside it that are left out.

    A block behind a blank column belongs to the table when it brings other fields for the same rows; a look-up list
    does not.
    """
    indexes, left_out, blocks = list(span), "", grid.blocks(top)
    if len(blocks) == 1:
        return indexes, ""
    mine = {column.path for column in _columns(grid, top, bottom, span, fields) if column.path}
    for other in blocks:
        if other == span:
            continue
        theirs = {column.path for column in _columns(grid, top, bottom, other, fields) if column.path}
        beside = all(any(sheet.rows[r][c] is not None for c in span) for r in range(bottom + 1, len(sheet.rows))
                     if any(sheet.rows[r][c] is not None for c in other))
        if theirs and not theirs & mine and len(theirs) >= 0.3 * len(other) and beside:
            indexes += other
        else:
            names = dict.fromkeys((letters(sheet.left + other[0]), letters(sheet.left + other[-1])))
            left_out += f"；隔着空列的 {'–'.join(names)} 列是另一张表，没有读"
    return sorted(indexes), left_out


def _title(sheet: Sheet, top: int, indexes: Sequence[int]) -> str:
    """The text above the table, line by line."""
    lines = []
    for row in sheet.rows[:top]:
        parts = [re.sub(r"\s+", " ", cell).strip() for cell in (row[c] for c in indexes) if isinstance(cell, str)]
        if parts:
            lines.append(" ".join(parts))
    return "\n".join(lines)


def _last_data_row(sheet: Sheet, grid: Grid, heading: Heading) -> int:
    """The last row with data. Behind a total or a signature only a row as full as the others still counts."""
    columns = [column.index for column in heading.columns]
    who, known = persons(heading), printed_words(sheet, heading)
    data: list[int] = []
    marker: int | None = None
    for r in range(heading.first_data_row, len(sheet.rows)):
        kind, _ = grid.kind(r, columns, who, known)
        if kind == "data":
            data.append(r)
        elif kind in ("total", "note") and marker is None:
            marker = r
    if not data:
        return heading.first_data_row - 1

    def filled(r: int) -> int:
        return sum(sheet.rows[r][c] is not None for c in columns)

    fills = sorted(count for count in map(filled, data[:SAMPLE]) if count > 1)
    full = 0.5 * fills[len(fills) // 2] if fills else 0.5
    return next((r for r in reversed(data) if marker is None or r < marker or filled(r) > full),
                heading.first_data_row - 1)


# ---- which columns -------------------------------------------------------------------------------------------------

def _columns(grid: Grid, top: int, bottom: int, indexes: Sequence[int], fields: Fields) -> list[Column]:
    """What every column of the table fills, those with several persons in one cell marked as such."""
    levels = {c: grid.levels(top, bottom, c) for c in indexes}
    rows = grid.rows[bottom + 1:bottom + 1 + SAMPLE]
    return [_unless_several(column, rows, fields) for column in read_columns(fields, levels, rows)]


def _unless_several(column: Column, rows: Sequence[Sequence[Cell]], fields: Fields) -> Column:
    """The column, marked where its cells hold several persons; without its field where that is not his own."""
    if column.path is None or not PERSONS.search(plain(column.caption)):
        return column
    cells = [str(row[column.index]).strip() for row in rows if row[column.index] is not None]
    several = sum(len(ID_TEXT.findall(cell)) > 1 or SEVERAL.search(cell) is not None for cell in cells)
    if several < 2 or several <= 0.1 * len(cells):
        return column
    if fields.tells_members and not column.member and "." not in column.path:
        return replace(column, member="*", doubt="一格里写了几个人，按顿号或逗号拆成一人一行，请核对")
    return Column(column.index, column.caption, why="一格里写了几个人，请先拆成一人一行")
