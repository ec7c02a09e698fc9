"""The sheet of paper: sizes, margins, page numbers, what hand-drawn papers draw with, and putting the file in place.

Whoever draws a paper measures in millimetres from the upper left corner of the sheet, downwards; points stay in here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from app.papers import fonts
from app.papers.fonts import Style
from app.work.files import put_in_place

MM = 72 / 25.4
Footer = Literal["pages", "dashes", "none"]
Align = Literal["left", "right", "center"]


@dataclass(frozen=True)
class PageSetup:
    """A sheet and its margins (页面设置), in millimetres."""

    width: float
    height: float
    top: float = 16
    right: float = 14
    bottom: float = 16
    left: float = 18

    def turned(self) -> PageSetup:
        """The same sheet lying on its side, with the same margins."""
        return replace(self, width=self.height, height=self.width)

    @property
    def room(self) -> float:
        """Width between the margins."""
        return self.width - self.left - self.right


A4 = PageSetup(210, 297)
A3 = PageSetup(297, 420)
A4_LANDSCAPE = A4.turned()
A3_LANDSCAPE = A3.turned()
OFFICIAL = PageSetup(210, 297, top=37, right=26, bottom=35, left=28)
"""公文 (GB/T 9704-2012): upper margin 37, left 28, printed area 156 x 225 mm."""


class Document:
    """One PDF being drawn. Texts are black unless a grey (0 black … 1 white) is said; sizes of type are in points."""

    def __init__(self, setup: PageSetup, title: str, *, footer: Footer = "pages", mark: str = "",
                 pages: int | None = None) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.setup, self.footer, self.mark, self.pages = setup, footer, mark, pages
        size = setup.width * MM, setup.height * MM
        self.canvas: Any = Canvas(io.BytesIO(), pagesize=size, invariant=1, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor("")
        self.canvas.setSubject("")
        self.canvas.setCreator("连心台账")
        self.canvas.setProducer("连心台账")
        self._forget_helvetica()
        self.ink = fonts.Ink(self.canvas._doc)
        self.number = 1
        self._kept: list[dict[str, Any]] = []
        self._begin_page()

    def _forget_helvetica(self) -> None:
        """ReportLab begins every page by choosing Helvetica, which is not embedded; an archive wants all fonts in."""
        inner = self.canvas._doc
        self.canvas._preamble = "1 0 0 1 0 0 cm"
        inner.idToObject["BasicFonts"].dict.clear()
        inner.fontMapping.clear()

    def put(self, operators: str) -> None:
        """Add raw PDF operators (points, from the lower left corner) to the page."""
        self.canvas._code.append(operators)

    def new_page(self) -> None:
        """Close this page, begin the next."""
        self._end_page()
        self.number += 1
        self._begin_page()

    def _begin_page(self) -> None:
        if self.mark:
            self._draw_mark()

    def _end_page(self) -> None:
        if self.pages is None:
            self._kept.append(dict(self.canvas.__dict__))    # the number of pages is not known yet: kept until it is
            self.canvas._startPage()
        else:
            self._draw_footer(self.number, self.pages)
            self.canvas.showPage()

    def finish(self) -> bytes:
        """Close the last page and give the whole file."""
        self._end_page()
        for number, state in enumerate(self._kept, start=1):
            self.canvas.__dict__.update(state)
            self._draw_footer(number, len(self._kept))
            self.canvas.showPage()
        self.canvas._code = []
        data: bytes = self.canvas.getpdfdata()
        return data

    def _draw_mark(self) -> None:
        """A pale diagonal word over the whole page, under everything else.

        Character by character: one long slanted text makes PDFium take sparse pages for vertical writing.
        """
        wide, high = self.setup.width * MM, self.setup.height * MM
        size = round(min(wide, high) / max(len(self.mark), 3) * 0.9, 1)
        cos, sin = 0.8660, 0.5
        for place, char in enumerate(self.mark):
            along, below = (place - len(self.mark) / 2) * size, -size * 0.36
            x, y = wide / 2 + along * cos - below * sin, high / 2 + along * sin + below * cos
            text = self.ink.operators(char, "sans-bold", size)
            self.put(f"q 0.94 g BT {cos} {sin} {-sin} {cos} {x:.2f} {y:.2f} Tm {text} ET Q")

    def _draw_footer(self, number: int, total: int) -> None:
        if self.footer == "pages":
            self.text(self.setup.left + self.setup.room / 2, self.setup.height - self.setup.bottom * 0.5,
                      f"第 {number:,} 页 / 共 {total:,} 页", "sans", 8.5, "center", grey=0.25)
        elif self.footer == "dashes":     # GB/T 9704: 4 号宋体, 7 mm under the printed area, odd pages right, even left
            left = number % 2 == 0
            x = self.setup.left + 5 if left else self.setup.width - self.setup.right - 5
            y = self.setup.height - self.setup.bottom + 7 + 4
            self.text(x, y, f"— {number} —", "serif", 14, "left" if left else "right")

    def text(self, x: float, y: float, text: str, style: Style = "serif", size: float = 10.5, align: Align = "left",
             *, grey: float = 0, room: float | None = None) -> None:
        """Write one line with its baseline at `y`; `x` is its left end, right end or middle.

        Wider than `room` mm: smaller type.
        """
        wide = fonts.width(text, style, size)
        if room is not None and wide > room * MM:
            size = max(size * room * MM / wide - 0.05, 1)
            wide = fonts.width(text, style, size)
        start = x * MM - {"left": 0, "right": wide, "center": wide / 2}[align]
        self.put(f"{grey:g} g BT 1 0 0 1 {start:.2f} {(self.setup.height - y) * MM:.2f} Tm "
                 f"{self.ink.operators(text, style, round(size, 2))} ET")

    def paragraph(self, x: float, y: float, room: float, text: str, style: Style = "serif", size: float = 10.5,
                  *, leading: float = 1.6, indent: float = 0) -> float:
        """Write a text over as many lines as `room` mm needs; the first is moved in by `indent` em.

        `leading` is the distance of lines in em. Gives the baseline (mm) that the next line would have. No page break.
        """
        first = "\u3000" * round(indent)
        for line in fonts.lines(first + text, style, size, room * MM):
            self.text(x, y, line, style, size)
            y += size * leading / MM
        return y

    def line(self, x0: float, y0: float, x1: float, y1: float, *, weight: float = 0.4, grey: float = 0.2) -> None:
        """A straight line, `weight` points thick."""
        high = self.setup.height
        start, end = f"{x0 * MM:.2f} {(high - y0) * MM:.2f}", f"{x1 * MM:.2f} {(high - y1) * MM:.2f}"
        self.put(f"{weight:g} w {grey:g} G {start} m {end} l S")

    def frame(self, x: float, y: float, width: float, height: float, *, weight: float = 0.4, grey: float = 0.2,
              fill: float | None = None) -> None:
        """A rectangle from its upper left corner, filled with a grey if one is said; weight 0 draws no line."""
        box = f"{x * MM:.2f} {(self.setup.height - y - height) * MM:.2f} {width * MM:.2f} {height * MM:.2f} re"
        self.put(f"{fill:g} g {box} f" if fill is not None else "")
        self.put(f"{weight:g} w {grey:g} G {box} S" if weight else "")

    def row(self, x: float, y: float, widths: Sequence[float], height: float, cells: Sequence[str],
            style: Style = "serif", size: float = 10.5) -> float:
        """One row of a small form: a frame for every width, its text inside, centred and broken or made smaller to fit.

        Gives the `y` of the row below.
        """
        for width, cell in zip(widths, cells, strict=True):
            self.frame(x, y, width, height)
            fitted, broken = size, fonts.lines(cell, style, size, (width - 2) * MM)
            while len(broken) * fitted * 1.25 > height * MM and fitted > 5.5:
                fitted -= 0.5
                broken = fonts.lines(cell, style, fitted, (width - 2) * MM)
            step = fitted * 1.25 / MM
            baseline = y + height / 2 - (len(broken) - 1) * step / 2 + fitted * 0.38 / MM
            for number, line in enumerate(broken):
                self.text(x + width / 2, baseline + number * step, line, style, fitted, "center")
            x += width
        return y + height


@contextmanager
def document(path: Path, setup: PageSetup, title: str, *, footer: Footer = "pages", mark: str = "",
             pages: int | None = None) -> Iterator[Document]:
    """Draw a PDF in memory and put it in place when the block ends well; an exception inside leaves nothing behind.

    `mark` (演示数据) stands pale across every page. `pages`, where known beforehand, saves keeping them all to the end.
    Raises Trouble when the file cannot be written.
    """
    drawn = Document(setup, title, footer=footer, mark=mark, pages=pages)
    yield drawn
    with put_in_place(path) as beside:
        beside.write_bytes(drawn.finish())
