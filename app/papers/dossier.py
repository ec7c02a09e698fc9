"""The household file (一户一档), and the file of any other row that has a page: what that page shows, on A4 upright.

Facts stand in a ruled form, its lines and every ledger that has something of it in tables under each other, whose
headings come again on every page; a few rows with very many columns are forms too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.ledgers.dossier import Dossier, Part, Told, counted_in, dossier, page_word
from app.models.here import today
from app.models.progress import Progress, unwatched
from app.papers import fonts
from app.papers.ledger import boxes, caption_of, is_number
from app.papers.page import A4, MM, Align, Document, document
from app.papers.table import FRAME, INK, LINE, SHADE
from app.papers.table_fit import LEADING, Fitter, column_widths, one_line, row_lines
from app.papers.table_head import Heading
from app.work.office import demo_mark, office_name

MOST = 2000  # rows of one part that are printed
ROW, CAPTION, GAP = 6.2, 7.0, 4.5  # mm: a row, the line above a table, the space before it
LABEL, TEXT, LINES = 26.0, 9.5, 7.5  # mm of a caption in the form; points of its texts; least points of a table's
COLUMNS, FORMS = 13, 8  # columns that a sheet upright takes; so few rows with more of them are forms
SIGNED = 14.0  # mm for who signs


def print_dossier(record: Any, key: int, path: Path, progress: Progress = unwatched, *, whole: bool = True) -> str:
    """Draw the file of one row and say how many pages it has. Stale when the row is gone, Trouble for the disk."""
    found = dossier(record, key, whole, MOST)
    word = page_word(record)
    with document(path, A4, f"{word} {found.title}", mark=demo_mark()) as paper:
        drawing = _Drawing(paper)
        drawing.head(word, found)
        drawing.form(found)
        parts = (*found.lines, *found.parts)
        for number, part in enumerate(parts):
            progress(number, len(parts), "正在绘制")
            drawing.part(part)
        drawing.end(found)
        pages = paper.number
    said = f"{found.title}的{word}共 {pages:,} 页，已生成 {path.name}。"
    return said + boxes("".join(_texts(found)))


def _texts(found: Dossier) -> list[str]:
    told = [text for _, facts in found.sections for one in facts for text in (one.caption, one.text)]
    return [found.title, *told, *(text for part in (*found.lines, *found.parts) for row in part.rows for text in row)]


class _Drawing:
    """The place reached on the sheet, in millimetres from its upper edge, and what is drawn from there."""

    def __init__(self, paper: Document) -> None:
        self.paper, self.setup = paper, paper.setup
        self.left, self.room = paper.setup.left, paper.setup.room
        self.y = paper.setup.top

    def need(self, height: float) -> bool:
        """Begin a new page where so much does not fit; whether it did."""
        if self.y + height <= self.setup.height - self.setup.bottom:
            return False
        self.paper.new_page()
        self.y = self.setup.top
        return True

    def head(self, word: str, found: Dossier) -> None:
        unit = counted_in(found.ledger.record.word)
        title = f"{office_name()}{word}" + (f"（一{unit}一档）" if unit != "条" else "")
        self.paper.text(self.left + self.room / 2, self.y + 7, title, "serif-bold", 18, "center", room=self.room)
        self.paper.text(self.left, self.y + 15, found.title, "sans-bold", 11, room=self.room / 2)
        day = today()
        said = f"截至 {day.year}年{day.month}月{day.day}日"
        self.paper.text(self.left + self.room, self.y + 15, said, "sans", 9, "right")
        self.paper.text(self.left, self.y + 20, found.under, "sans", 9, room=self.room, grey=0.25)
        self.y += 22.5

    # --- the ruled form ---

    def form(self, found: Dossier) -> None:
        """Two facts in a line, one where its text is long; the sections under each other."""
        for title, facts in found.sections:
            if title and len(found.sections) > 1:
                self.need(2 * ROW)
                self.paper.frame(self.left, self.y, self.room, ROW - 0.7, fill=0.95)
                self.paper.text(self.left + 2, self.y + ROW - 2.4, title, "sans-bold", TEXT - 0.5)
                self.y += ROW - 0.7
            self._facts(facts, 2)

    def _facts(self, facts: Sequence[Told], across: int) -> None:
        """So many in a line; one whose text is long has a line of its own."""
        room, waiting = (self.room / across - LABEL - 3) * MM, list[Told]()
        for one in facts:
            wide = fonts.width(one.text, "sans", TEXT) > room or "\n" in one.text
            if waiting and (wide or len(waiting) == across):
                self._line(waiting, across)
                waiting = []
            if wide:
                self._line([one], across)
            else:
                waiting.append(one)
        if waiting:
            self._line(waiting, across)

    def _line(self, facts: Sequence[Told], across: int) -> None:
        """One line of the form, in which so many would stand; the last takes what room is left."""
        share = self.room / across
        wide = [share] * (len(facts) - 1) + [self.room - share * (len(facts) - 1)]
        broken = [
            fonts.lines(one.text, "sans", TEXT, (room - LABEL - 3) * MM) for one, room in zip(facts, wide, strict=True)
        ]
        step = TEXT * 1.3 / MM
        height = max(ROW, max(map(len, broken)) * step + 2)
        self.need(height)
        for number, (one, room, lines) in enumerate(zip(facts, wide, broken, strict=True)):
            x = self.left + number * share
            self.paper.frame(x, self.y, LABEL, height, fill=0.97)
            self.paper.frame(x, self.y, room, height)
            self.paper.text(x + 2, self.y + height / 2 + 1.2, one.caption, "sans", TEXT - 0.5, room=LABEL - 3, grey=0.2)
            first = self.y + height / 2 - (len(lines) - 1) * step / 2 + 1.2
            for at, line in enumerate(lines):
                self.paper.text(x + LABEL + 1.5, first + at * step, line, "sans", TEXT)
        self.y += height

    # --- tables ---

    def part(self, part: Part) -> None:
        """As a table; of a few rows with too many columns for one, each is a ruled form."""
        self.y += GAP
        if len(part.listing.shown) > COLUMNS and len(part.rows) <= FORMS:
            self._forms(part)
        else:
            self._table(part)
        if part.count > len(part.rows):
            self.need(ROW)
            said = f"只印前 {len(part.rows):,} 条，其余请在台账中打印。"
            self.paper.text(self.left, self.y + 4.5, said, "sans", 8.5)
            self.y += ROW

    def _forms(self, part: Part) -> None:
        self.need(CAPTION + 4 * ROW)
        self._caption(part, "")
        for number, row in enumerate(part.rows):
            self.y += GAP / 2 if number else 0
            cells = zip(part.listing.shown, row, strict=True)
            self._facts([Told(column.caption, text) for column, text in cells if text], 3)

    def _table(self, part: Part) -> None:
        table = _Table(part, self.paper)
        self.need(CAPTION + table.head_height + 2 * table.row_height)
        self._caption(part, "")
        table.head(self.y)
        self.y += table.head_height
        for row in part.rows:
            if self.need(table.row_height):
                self._caption(part, "（续）")
                table.head(self.y)
                self.y += table.head_height
            table.row(self.y, row)
            self.y += table.row_height
        if table.shortened:
            self.need(ROW)
            self.paper.text(self.left, self.y + 4, "注：以“…”结尾的内容较长，未印全。", "sans", 7.5)
            self.y += ROW - 1

    def _caption(self, part: Part, more: str) -> None:
        title = part.title + more
        self.paper.text(self.left, self.y + 4.8, title, "sans-bold", 11)
        wide = fonts.width(title, "sans-bold", 11) / MM
        x, room = self.left + wide + 4, self.room - wide - 4
        self.paper.text(x, self.y + 4.8, part.counts(), "sans", 9, room=room, grey=0.2)
        self.y += CAPTION

    def end(self, found: Dossier) -> None:
        """What there is nothing of, and who signs."""
        lines = fonts.lines(f"没有：{'、'.join(found.lacking)}。", "sans", 9, self.room * MM) if found.lacking else []
        self.need(len(lines) * 5 + SIGNED + GAP)
        self.y += GAP
        for line in lines:
            self.paper.text(self.left, self.y + 3, line, "sans", 9, grey=0.2)
            self.y += 5
        signs = [f"{one}：" for one in found.ledger.paper.signs.split()] + ["日期：　　年　　月　　日"]
        for number, sign in enumerate(signs):
            self.paper.text(self.left + number * self.room / len(signs), self.y + SIGNED - 3, sign, "sans", 10)


class _Table:
    """One part as a table over the whole width; measures in points inside, in millimetres outside."""

    def __init__(self, part: Part, paper: Document) -> None:
        self.paper, shown = paper, part.listing.shown
        texts = [[row[at] for row in part.rows[:400]] for at in range(len(shown))]
        captions = [caption_of(column) for column in shown]
        none, room = [list[str]() for _ in shown], paper.setup.room * MM
        size, widths = column_widths([(one, _least(one)) for one in captions], texts, none, room)
        self.edges = [paper.setup.left * MM]
        for width in widths:
            self.edges.append(self.edges[-1] + width)
        self.heading = Heading([(one, "") for one in captions], self.edges, min(size + 0.5, 9.5))
        height = max(ROW * MM, row_lines(widths, texts, LINES, 3) * LINES * LEADING + 3)
        aligns: list[Align] = ["right" if is_number(column) else "left" for column in shown]
        self.fitters = [
            Fitter(paper.ink, align, left, width, size, height)
            for align, left, width in zip(aligns, self.edges[:-1], widths, strict=True)
        ]
        self.row_height, self.head_height = height / MM, self.heading.height / MM

    @property
    def shortened(self) -> bool:
        return any(fitter.shortened for fitter in self.fitters)

    def head(self, y: float) -> None:
        top, left, right = (self.paper.setup.height - y) * MM, self.edges[0], self.edges[-1]
        bottom = top - self.heading.height
        shade = f"{SHADE} {left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re f"
        self.paper.put("\n".join([shade, LINE, *self.heading.lines(top), "S"]))
        self.paper.put(f"{FRAME} {left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re S")
        texts = [one_line(self.paper.ink, *text) for text in self.heading.texts(top)]
        self.paper.put("\n".join([f"{INK} BT", *texts, "ET"]))

    def row(self, y: float, row: Sequence[str]) -> None:
        top = (self.paper.setup.height - y) * MM
        bottom, left, right = top - self.row_height * MM, self.edges[0], self.edges[-1]
        inner = [f"{x:.2f} {top:.2f} m {x:.2f} {bottom:.2f} l" for x in self.edges[1:-1]]
        inner.append(f"{left:.2f} {bottom:.2f} m {right:.2f} {bottom:.2f} l")
        outer = [f"{x:.2f} {top:.2f} m {x:.2f} {bottom:.2f} l" for x in (left, right)]
        self.paper.put("\n".join([LINE, *inner, "S", FRAME, *outer, "S"]))
        middle = (top + bottom) / 2
        cells = [
            f"1 0 0 1 {x} {middle + dy:.2f} Tm {ops}"
            for fitter, text in zip(self.fitters, row, strict=True)
            if text
            for x, dy, ops in fitter.known.get(text) or fitter.fit(text)
        ]
        self.paper.put("\n".join([f"{INK} BT", *cells, "ET"]))


def _least(caption: str) -> float:
    """Points in which a short caption stands on one line, its unit below."""
    return min(max(fonts.width(piece, "sans-bold", 9.5) for piece in caption.replace("（", "\n（").split("\n")), 50) + 6
