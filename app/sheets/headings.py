"""Which rows of a sheet are the heading (表头), and which column is which field.

Nothing here is learned or hidden: every row that could be a heading is tried, every column adds a number that a clerk
could add up himself, and the best sum wins. The reasons travel along in `why`.

    a column whose words are those of a field       the match, 1 at most
    another column with something like a name       0.15
    a column with a remark or a long text           −0.15
    a column with a cell that can only be data,
        or that says the same in the row below      −0.5
    rows with 填报单位：, 盖章 and the like            −0.3
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.sheets.captions import Caption, Lexicon, Match, bare, plain
from app.sheets.grid import ID_TEXT, SEARCH, Grid, is_counted, is_data
from app.sheets.read import Sheet, letters

SAMPLE = 200  # data rows looked at to see what a column holds
LEVEL = "/"

REMARK = re.compile(r"盖章|填报(?:单位|日期|时间|人)|制表|[:：]\s*$|[:：]\s{2}|(?:单位|日期|时间)[:：]|年\s*月\s*日")
PERSONS = re.compile("姓名|身份证|证件号|公民身份|^户主$")
SEVERAL = re.compile(r"[^\d\s][、，,;；\n]+[^\d\s]")
SOMEBODY = re.compile(
    "户主|父|母|监护|照料|照管|领款|收款|领取|代领|代办|受托|委托|帮扶|结对|联系人|网格|子女|配偶|经办|班主任|干部|包抓")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where (from 0 in `Sheet.rows`), what is written over it (上级/下级), which field it fills and why."""

    index: int
    caption: str
    path: str | None = None
    score: float = 0.0
    why: str = ""


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


def find_heading(sheet: Sheet, captions: Sequence[Caption]) -> Heading | None:
    """The heading that fits best, or None where nothing on the sheet looks like one.

    A heading of which no field is known is found by its shape; then no column has a path.
    """
    lexicon, grid = Lexicon(captions), Grid(sheet)
    best: tuple[float, int, int, range] | None = None
    for top in range(min(SEARCH, len(sheet.rows))):
        for span in grid.blocks(top):
            bottom = grid.bottom(top, span)
            score = 0.0 if bottom is None else _worth(grid, top, bottom, span, lexicon)
            if bottom is not None and score > (best[0] if best else 0.0) + 1e-9:
                best = score, top, bottom, span
    if best is None:
        return None
    score, top, bottom, span = best
    return _described(sheet, grid, lexicon, top, bottom, span, score)


def heading_at(sheet: Sheet, first_row: int, last_row: int, captions: Sequence[Caption]) -> Heading:
    """The heading in the rows that the clerk points at, from 0 in `Sheet.rows`, both ends included.

    Of several tables side by side the one with most known columns is meant, then the one with most words.
    """
    lexicon, grid = Lexicon(captions), Grid(sheet)
    top = min(max(first_row, 0), max(len(sheet.rows) - 1, 0))
    bottom = min(max(last_row, top), max(len(sheet.rows) - 1, 0))
    worths = [
        (_worth(grid, top, bottom, span, lexicon), sum(bool(grid.levels(top, bottom, c)) for c in span), span)
        for span in grid.blocks(top)
    ]
    score, _, span = max(worths, key=lambda worth: worth[:2], default=(0.0, 0, range(grid.width)))
    return _described(sheet, grid, lexicon, top, bottom, span, score)


def _described(
    sheet: Sheet, grid: Grid, lexicon: Lexicon, top: int, bottom: int, span: range, score: float
) -> Heading:
    """The heading in these rows and columns, with everything that follows from where it stands."""
    indexes, left_out = _tables(sheet, grid, top, bottom, span, lexicon)
    first = bottom + 1
    while first < len(sheet.rows) and is_counted([sheet.rows[first][c] for c in indexes]) and any(
            sheet.rows[first][c] is not None for c in indexes):
        first += 1
    columns = [_unless_several(grid, column, first) for column in _columns(grid, top, bottom, indexes, lexicon)]
    columns = [column for column in columns if column.caption or grid.last[column.index] >= first]
    known = sum(column.path is not None for column in columns)
    lines = f"第 {sheet.top + top + 1} 行" if top == bottom else f"第 {sheet.top + top + 1}–{sheet.top + bottom + 1} 行"
    why = f"{lines}是表头，{len(columns)} 列里认得 {known} 列{left_out}"
    title = _title(sheet, top, indexes)
    found = Heading((top, bottom), tuple(columns), first, len(sheet.rows) - 1, title, round(score, 2), why)
    return replace(found, last_data_row=_last_data_row(sheet, grid, found))


def fingerprint(heading: Heading) -> str:
    """16 hex digits, the same for headings with the same captions in whatever order and spacing (表头指纹)."""
    words = sorted(plain(column.caption) for column in heading.columns if column.caption)
    return hashlib.blake2b("\n".join(words).encode(), digest_size=8).hexdigest()


def persons(heading: Heading) -> frozenset[int]:
    """The columns that hold names or ID numbers."""
    return frozenset(column.index for column in heading.columns if PERSONS.search(bare(column.caption)))


def printed_words(sheet: Sheet, heading: Heading) -> frozenset[str]:
    """The words of the heading, by which it is known again on the next printed page."""
    rows = sheet.rows[heading.rows[0]:heading.rows[1] + 1]
    return frozenset(plain(cell) for row in rows for cell in row if isinstance(cell, str))


# ---- which rows ----------------------------------------------------------------------------------------------------

def _worth(grid: Grid, top: int, bottom: int, span: range, lexicon: Lexicon) -> float:
    """The sum at the head of this file for one possible heading; 0 where too little speaks for it."""
    score, named = 0.0, 0
    matched: set[str] = set()
    for c in span:
        levels = grid.levels(top, bottom, c)
        if not levels:
            continue
        match = next((m for m in _matches(levels, lexicon) if m.path not in matched), None)
        if any(is_data(grid.rows[r][c]) for r in range(top, bottom + 1)) or grid.text(bottom + 1, c) == levels[-1]:
            score -= 0.5
        elif match:
            matched.add(match.path)
            score += match.score
            named += 1
        elif REMARK.search(levels[-1]) or len(plain(levels[-1])) > 25:
            score -= 0.15
        else:
            score += 0.15
            named += 1
    cells = [grid.rows[r][c] for r in range(top, bottom + 1) for c in span]
    if any(isinstance(cell, str) and REMARK.search(cell) for cell in cells):
        score -= 0.3
    return score if matched or (named > 2 and named >= 0.6 * len(span)) else 0.0


def _tables(sheet: Sheet, grid: Grid, top: int, bottom: int, span: range, lexicon: Lexicon) -> tuple[list[int], str]:
    """The columns of the table, and what is said of tables beside it that are left out.

    A block behind a blank column belongs to the table when it brings other fields; a look-up list does not.
    """
    indexes, left_out = list(span), ""
    mine = {column.path for column in _columns(grid, top, bottom, span, lexicon) if column.path}
    for other in grid.blocks(top):
        theirs = {column.path for column in _columns(grid, top, bottom, other, lexicon) if column.path}
        if other == span:
            continue
        if theirs and not theirs & mine and len(theirs) >= 0.3 * len(other):
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

def _matches(levels: list[str], lexicon: Lexicon) -> list[Match]:
    """Fields for a column, best first: its words read together (户主/姓名 is 户主姓名), then its own word alone.

    Alone it does not count under a word that speaks of somebody else: 监护人/姓名 is not the person's name.
    """
    found: dict[str, Match] = {}
    for start in range(len(levels)):
        if start and SOMEBODY.search("".join(levels[:start])):
            break
        for match in lexicon.exact("".join(levels[start:])):
            match = replace(match, score=match.score - 0.05 * min(start, 1))
            if match.path not in found or match.score > found[match.path].score:
                found[match.path] = match
    return sorted(found.values(), key=lambda match: -match.score)


def _columns(grid: Grid, top: int, bottom: int, indexes: Sequence[int], lexicon: Lexicon) -> list[Column]:
    """Every column with at most one field, every field with at most one column: the best pair first."""
    levels = {c: grid.levels(top, bottom, c) for c in indexes}
    found = {c: _matches(levels[c], lexicon) for c in indexes}
    for c in indexes:
        if not found[c] and len(levels[c]) == 1:
            found[c] = lexicon.alike(levels[c][0])
    whole = {c: re.sub(r"\d", "", bare("".join(levels[c]))) for c in indexes}
    twins = Counter(whole.values())
    rivals = Counter((found[c][0].path, found[c][0].key) for c in indexes if found[c])
    columns = {c: Column(c, LEVEL.join(levels[c]), why="" if levels[c] else "这一列没有列名") for c in indexes}
    taken: dict[str, str] = {}
    pairs = [(match, c) for c in indexes for match in found[c]]
    for match, c in sorted(pairs, key=lambda pair: -pair[0].score):
        caption = columns[c].caption
        times = max(rivals[match.path, match.key], twins[whole[c]])
        if columns[c].why:
            continue
        if times > 1:
            columns[c] = Column(c, caption, why=f"“{levels[c][-1]}”在表头里出现 {times} 次，分不清是谁的，请指定")
        elif match.path in taken:
            columns[c] = Column(c, caption, why=f"与“{taken[match.path]}”意思相同，已用“{taken[match.path]}”一列")
        else:
            taken[match.path] = caption
            columns[c] = Column(c, caption, match.path, round(match.score, 2), match.why)
    return [columns[c] if columns[c].why else replace(columns[c], why="列名不认得，请指定") for c in indexes]


def _unless_several(grid: Grid, column: Column, first: int) -> Column:
    """The column, without its field where its cells hold several persons."""
    if column.path is None or not PERSONS.search(bare(column.caption)):
        return column
    cells = [str(row[column.index]).strip() for row in grid.rows[first:first + SAMPLE] if row[column.index] is not None]
    several = sum(len(ID_TEXT.findall(cell)) > 1 or SEVERAL.search(cell) is not None for cell in cells)
    if several > 1 and several > 0.1 * len(cells):
        return Column(column.index, column.caption, why="一格里写了几个人，请先拆成一人一行")
    return column
