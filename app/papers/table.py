"""The table of a paper ledger (纸质台账): any number of rows, drawn fast, with headings, totals, signatures.

Heights of rows are fixed, so the number of pages is known before the first is drawn. The rows of a page are one text
object, and what a text looks like in its column is worked out once. Long texts become smaller, then take more lines,
then end in ….
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

from app.models.progress import Progress, unwatched
from app.papers import fonts
from app.papers.page import A4_LANDSCAPE, MM, Align, Document, PageSetup, document
from app.papers.table_fit import LEADING, Cell, Fitter, column_widths, one_line, row_lines
from app.papers.table_head import Heading

SAMPLE = 400          # rows that decide the widths of columns
INK, LINE, FRAME, SHADE = "0 g", "0.25 G 0.4 w", "0.1 G 0.8 w", "0.945 0.953 0.961 rg"
TITLE, SMALL, TEXT_LINES = 18.0, 9.0, 7.0


@dataclass(frozen=True)
class TableColumn:
    """One column: its caption, where its texts stand, the caption shared with its neighbours, a least width in mm."""

    caption: str
    align: Align = "left"
    group: str = ""
    width: float = 0


@dataclass(frozen=True)
class Total:
    """A summed column: its place (序号 not counted), the number of every row (fen, persons), how a sum is written."""

    column: int
    numbers: Sequence[int | Decimal]
    show: Callable[[Any], str] = str


@dataclass(frozen=True)
class Table:
    """What stands on the paper. Every row has a text per column; `count` is needed where `rows` has no length.

    `left` and `right` stand under the title. `totals` give 本页小计 on every page and 合计 on the last; `grand_total`
    (one text per column) stands instead of the computed one. `closing` is a line over the whole width under it
    (合计大写).
    `serial` puts 序号 before the columns. `signs` (填报人 …) end every page, `notes` the last. `row_height` is a least
    height in mm: a signature sheet (签领表) takes 9 or more; where texts are long, rows take up to three lines.
    """

    title: str
    columns: Sequence[TableColumn]
    rows: Iterable[Sequence[str]]
    count: int | None = None
    left: str = ""
    right: str = ""
    totals: Sequence[Total] = ()
    grand_total: Sequence[str] | None = None
    closing: str = ""
    signs: Sequence[str] = ()
    notes: Sequence[str] = ()
    serial: bool = True
    row_height: float = 5.9

    @cached_property
    def length(self) -> int:
        """Number of rows."""
        return len(self.rows) if isinstance(self.rows, Sequence) else int(self.count or 0)


def draw_table(path: Path, table: Table, setup: PageSetup = A4_LANDSCAPE, progress: Progress = unwatched, *,
               mark: str = "") -> int:
    """Draw a table into a PDF; the number of pages. `progress` counts rows; if it raises, no file is left behind.

    Raises Trouble when the file cannot be written, ValueError when the rows are not as many as was said.
    """
    rows, sample = _sampled(table)
    drawing = _Drawing(table, setup, sample)
    pages = drawing.pages()
    with document(path, setup, table.title, mark=mark, pages=len(pages)) as paper:
        drawing.begin(paper)
        waiting = iter(rows)
        for number, (start, stop) in enumerate(pages):
            progress(start, table.length, "正在绘制")
            if number:
                paper.new_page()
            batch = list(islice(waiting, stop - start))
            if len(batch) < stop - start:
                raise ValueError(f"{table.title}: {table.length} rows were promised, {start + len(batch)} came")
            drawing.page(batch, start, last=number == len(pages) - 1)
        if next(waiting, None) is not None:
            raise ValueError(f"{table.title}: more rows came than the {table.length} that were promised")
        progress(table.length, table.length, "正在保存")
    return len(pages)


def _sampled(table: Table) -> tuple[Iterable[Sequence[str]], list[Sequence[str]]]:
    """All rows, and some of them to measure."""
    if isinstance(table.rows, Sequence):
        return table.rows, list(table.rows[::max(1, len(table.rows) // SAMPLE)])
    coming = iter(table.rows)
    first = list(islice(coming, SAMPLE))
    return chain(first, coming), first


class _Drawing:
    """One table on one kind of sheet; all measures in points, from the lower left corner."""

    def __init__(self, table: Table, setup: PageSetup, sample: list[Sequence[str]]) -> None:
        self.table, self.setup = table, setup
        self.columns = [*([TableColumn("序号", "center")] if table.serial else []), *table.columns]
        self.shift = 1 if table.serial else 0
        self.grand = self._grand_total()
        texts = [[row[place] for row in sample] for place in range(len(table.columns))]
        sums = [[text] for text in self.grand] or [[] for _ in table.columns]
        fixed = [*([["0" * len(str(table.length))]] if table.serial else []), *sums]
        self.size, self.widths = column_widths(
            [(column.caption, column.width * MM) for column in self.columns],
            [*([[]] if table.serial else []), *texts], fixed, setup.room * MM)
        self.edges = [setup.left * MM]
        for width in self.widths:
            self.edges.append(self.edges[-1] + width)
        lines = row_lines(self.widths[self.shift:], texts, TEXT_LINES, 3)
        self.least_height = max(table.row_height * MM, lines * TEXT_LINES * LEADING + 3)
        self._measure_heights()

    def _grand_total(self) -> list[str]:
        if self.table.grand_total is not None:
            return list(self.table.grand_total)
        return self._sums(0, self.table.length) if self.table.totals else []

    def _sums(self, start: int, stop: int) -> list[str]:
        """One text per column (without 序号): the sums of some rows."""
        written = [""] * len(self.table.columns)
        for total in self.table.totals:
            written[total.column] = total.show(sum(total.numbers[start:stop]))
        return written

    def _measure_heights(self) -> None:
        table, setup = self.table, self.setup
        captions = [(column.caption, column.group) for column in self.columns]
        self.heading = Heading(captions, self.edges, min(self.size + 0.5, SMALL + 1))
        self.title_y = (setup.height - setup.top) * MM - TITLE
        self.under_y = self.title_y - 24
        self.head_top = self.under_y - 6 if table.left or table.right else self.title_y - 12
        self.body_top = self.head_top - self.heading.height
        self.sum_height = 20.0
        self.page_sum = self.sum_height if table.totals else 0.0
        signs = 25.0 if table.signs else 4.0
        room = self.body_top - setup.bottom * MM - self.page_sum - signs
        note_lines = [fonts.lines(note, "sans", SMALL - 0.5, setup.room * MM) for note in table.notes]
        self.notes = [line for lines in note_lines for line in lines]
        tail = (self.sum_height if self.grand else 0) + (self.sum_height if table.closing else 0) + len(self.notes) * 13
        self.per_page = max(int(room / self.least_height), 1)
        self.row_height = max(room / self.per_page, 1)
        self.on_last = max(int((room - tail) / self.row_height), 0)

    def pages(self) -> list[tuple[int, int]]:
        """Rows of every page. The last has room for the totals too, and never has totals alone."""
        full, length = self.per_page, self.table.length
        starts = list(range(0, length, full)) or [0]
        if length - starts[-1] > self.on_last:
            starts.append(length - min(max(self.on_last, 1), 5, length - starts[-1]))
        return list(zip(starts, [*starts[1:], length], strict=True))

    def begin(self, paper: Document) -> None:
        """Work out what every page has in common."""
        self.paper = paper
        room = self.row_height
        self.fitters = [Fitter(paper.ink, column.align, left, width, self.size, room)
                        for column, left, width in zip(self.columns, self.edges[:-1], self.widths, strict=True)]
        captions = [one_line(paper.ink, *text) for text in self.heading.texts(self.head_top)]
        self.above = "\n".join([f"{INK} BT", *self._title(), *captions, "ET"])

    def page(self, rows: list[Sequence[str]], start: int, last: bool) -> None:
        """Draw one page: rows from the `start`-th of the table."""
        self.paper.put(self._grid(len(rows), last))
        self.paper.put(self.above)
        for fitter in self.fitters:
            fitter.shortened = False
        self.paper.put(f"{INK} BT\n" + "\n".join(self._row_texts(rows, start)) + "\nET")
        y = self.body_top - max(len(rows), 0 if self.table.length else 1) * self.row_height
        below = [f"{INK} BT"]
        if self.table.totals:
            below += self._sum_texts("本页小计", self._sums(start, start + len(rows)), y)
            y -= self.sum_height
        if last and self.grand:
            below += self._sum_texts("合计", self.grand, y)
            y -= self.sum_height
        if last and self.table.closing:
            closing = fonts.shortened(self.table.closing, "sans-bold", self.size, self.edges[-1] - self.edges[0] - 12)
            below.append(self._text(self.edges[0] + 6, y - self.sum_height / 2, closing, "sans-bold", self.size))
            y -= self.sum_height
        self.paper.put("\n".join([*below, *self._tail_texts(y, last), "ET"]))

    def _row_texts(self, rows: list[Sequence[str]], start: int) -> list[str]:
        """The operators of every cell of a page, row by row."""
        placed, height = list[str](), self.row_height
        known = [fitter.known for fitter in self.fitters[self.shift:]]
        fit = [fitter.fit for fitter in self.fitters[self.shift:]]
        width = len(known)
        middle = self.body_top - height / 2
        if not self.table.length:
            x = (self.edges[0] + self.edges[-1]) / 2
            placed.append(self._text(x, middle, "（无记录）", "sans", self.size, "center"))
        for number, row in enumerate(rows, start=start + 1):
            if len(row) != width:
                raise ValueError(f"{self.table.title}: row {number} has {len(row)} texts for {width} columns")
            if self.shift:
                placed += self._cells(self.fitters[0].fit(str(number)), middle)
            for place, text in enumerate(row):
                if text:
                    for start_x, dy, ops in known[place].get(text) or fit[place](text):
                        placed.append(f"1 0 0 1 {start_x} {middle + dy:.2f} Tm {ops}")
            middle -= height
        return placed

    def _sum_texts(self, label: str, texts: list[str], top: float) -> list[str]:
        """A row of totals: its label over the columns before the first sum, unless the first text is there."""
        middle, first = top - self.sum_height / 2, self._first_sum(texts)
        placed = list[str]()
        if first:
            wide = self.edges[first] - self.edges[0]
            cell = Fitter(self.paper.ink, "center", self.edges[0], wide, self.size, self.sum_height, "sans-bold")
            placed += self._cells(cell.fit(label), middle)
        for place, text in enumerate(texts, start=self.shift):
            if text and place >= first:
                cell = Fitter(self.paper.ink, self.columns[place].align, self.edges[place], self.widths[place],
                              self.size, self.sum_height, "sans-bold")
                placed += self._cells(cell.fit(text), middle)
        return placed

    def _first_sum(self, texts: list[str]) -> int:
        """The first column (序号 counted) that has a text of its own in a row of totals."""
        return next((place for place, text in enumerate(texts) if text), len(texts)) + self.shift

    @staticmethod
    def _cells(cells: Iterable[Cell], middle: float) -> list[str]:
        return [f"1 0 0 1 {x} {middle + dy:.2f} Tm {ops}" for x, dy, ops in cells]

    def _text(self, x: float, middle: float, text: str, style: fonts.Style, size: float, align: Align = "left") -> str:
        return one_line(self.paper.ink, x, middle, text, style, size, align)

    def _title(self) -> list[str]:
        table, left, right = self.table, self.edges[0], self.edges[-1]
        size = min(TITLE, TITLE * (right - left) / max(fonts.width(table.title, "serif-bold", TITLE), 1))
        parts = [self._text((left + right) / 2, self.title_y + TITLE * 0.38, table.title, "serif-bold", size, "center")]
        half = (right - left) * (0.49 if table.left and table.right else 1)
        if table.left:
            text = fonts.shortened(table.left, "sans", SMALL, half)
            parts.append(self._text(left, self.under_y + 3, text, "sans", SMALL))
        if table.right:
            text = fonts.shortened(table.right, "sans", SMALL, half)
            parts.append(self._text(right, self.under_y + 3, text, "sans", SMALL, "right"))
        return parts

    def _grid(self, count: int, last: bool) -> str:
        """Shading, thin lines and the frame of a page with `count` rows."""
        left, right, top = self.edges[0], self.edges[-1], self.head_top
        bottom = self.body_top - max(count, 0 if self.table.length else 1) * self.row_height
        parts = [f"{SHADE} {left:.2f} {self.body_top:.2f} {right - left:.2f} {self.heading.height:.2f} re f", LINE]
        parts += self.heading.lines(top)
        heights = [self.body_top - place * self.row_height for place in range(max(count, 1) + 1)]
        if self.table.length:
            parts += [f"{x:.2f} {self.body_top:.2f} m {x:.2f} {bottom:.2f} l" for x in self.edges[1:-1]]
        sums = [self._sums(0, 0)] if self.table.totals else []
        sums += [self.grand] if last and self.grand else []
        for texts in sums:
            first = max(self._first_sum(texts), 1)
            parts += [f"{x:.2f} {bottom:.2f} m {x:.2f} {bottom - self.sum_height:.2f} l" for x in self.edges[first:-1]]
            bottom -= self.sum_height
            heights.append(bottom)
        if last and self.table.closing:
            bottom -= self.sum_height
            heights.append(bottom)
        parts += [f"{left:.2f} {y:.2f} m {right:.2f} {y:.2f} l" for y in heights]
        return "\n".join([*parts, "S", f"{FRAME} {left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re S"])

    def _tail_texts(self, y: float, last: bool) -> list[str]:
        """Notes (last page), who signs, and a word on texts that did not fit."""
        placed, table = list[str](), self.table
        for line in self.notes if last else []:
            y -= 13
            placed.append(self._text(self.edges[0], y + 3, line, "sans", SMALL - 0.5))
        share = (self.edges[-1] - self.edges[0]) / max(len(table.signs), 1)
        placed += [self._text(self.edges[0] + place * share, y - 17, f"{sign}：", "sans", SMALL + 0.5)
                   for place, sign in enumerate(table.signs)]
        if any(fitter.shortened for fitter in self.fitters):
            text = "注：以“…”结尾的内容较长，未印全。"
            placed.append(self._text(self.edges[-1], self.setup.bottom * MM * 0.5 + 3, text, "sans", 7.5, "right"))
        return placed
