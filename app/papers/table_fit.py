"""How texts fit a table: the widths of its columns; the size, lines and place of a text in its cell. All in points."""

from __future__ import annotations

from collections.abc import Sequence

from app.papers import fonts
from app.papers.fonts import Ink, Style
from app.papers.page import Align

Cell = tuple[str, float, str]
"""A line of a cell: its x as written in the PDF, its baseline above the middle of the row, its operators."""
SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5)
LEAST = 5.5           # no smaller type is printed
PAD = 3.0             # between a text and the line beside it
LEADING = 1.14        # distance of lines within a cell, in em
KNOWN_AT_MOST = 20_000


def one_line(ink: Ink, x: float, middle: float, text: str, style: Style, size: float, align: Align = "left") -> str:
    """Operators of one text with its middle height at `middle`, for use inside a text object."""
    wide = fonts.width(text, style, size)
    x -= {"left": 0, "right": wide, "center": wide / 2}[align]
    return f"1 0 0 1 {x:.2f} {middle - size * 0.38:.2f} Tm {ink.operators(text, style, size)}"


class Fitter:
    """The cells of one column: what a text looks like there is worked out once."""

    def __init__(self, ink: Ink, align: Align, left: float, width: float, size: float, height: float,
                 style: Style = "sans") -> None:
        self.ink, self.align, self.style, self.size, self.height = ink, align, style, size, height
        self.left, self.right = left + PAD, left + width - PAD
        self.room = width - 2 * PAD
        self.most_lines = max(int((height - 1) / (LEAST * LEADING)), 1)
        self.known: dict[str, list[Cell]] = {}
        self.shortened = False

    def fit(self, text: str) -> list[Cell]:
        """The lines of a text. `shortened` becomes true if it does not fit at the smallest size."""
        size, lines, whole = self.arranged(text)
        step = size * LEADING
        above = (len(lines) - 1) * step / 2 - size * 0.38
        cells = [(f"{self._start(line, size):.2f}", above - number * step, self.ink.operators(line, self.style, size))
                 for number, line in enumerate(lines)]
        if len(self.known) >= KNOWN_AT_MOST:
            self.known.clear()
        if whole:
            self.known[text] = cells
        else:
            self.shortened = True          # not kept: worked out anew, so that every page with one says so
        return cells

    def _start(self, line: str, size: float) -> float:
        if self.align == "left":
            return self.left
        spare = self.room - fonts.width(line, self.style, size)
        return self.left + (spare if self.align == "right" else spare / 2)

    def arranged(self, text: str) -> tuple[float, list[str], bool]:
        """Size, lines, and whether they are all of the text.

        As set; else smaller on one line; else on more lines if that is larger; else the smallest, cut off with ….
        """
        wide = fonts.width(text, self.style, self.size)
        if wide <= self.room and "\n" not in text:
            return self.size, [text], True
        single = int(self.size * self.room / max(wide, 0.1) * 10) / 10 if "\n" not in text else 0.0
        if single >= max(LEAST, self.size * 0.85):
            return single, [text], True
        size = self.size
        while size >= LEAST and size > single:
            lines = fonts.lines(text, self.style, size, self.room)
            if len(lines) * size * LEADING <= self.height - 1 and len(lines) <= self.most_lines:
                return size, lines, True
            size = round(size - 0.5, 1)
        if single >= LEAST:
            return single, [text], True
        lines = fonts.lines(text, self.style, LEAST, self.room)
        kept, rest = lines[:self.most_lines - 1], "".join(lines[self.most_lines - 1:])
        cut = fonts.shortened(rest, self.style, LEAST, self.room)
        return LEAST, [*kept, cut], cut == rest


def column_widths(captions: Sequence[tuple[str, float]], samples: Sequence[Sequence[str]],
                  fixed: Sequence[Sequence[str]], room: float) -> tuple[float, list[float]]:
    """The largest size of type at which a table fits `room`, and the widths of its columns, which fill it.

    `captions` come with least widths, `samples` hold texts of each column, `fixed` such as must fit for certain (sums).
    Where not everything fits, columns of long texts give way first: they have a second line.
    """
    needs = [_Need(caption, least, sample, sure)
             for (caption, least), sample, sure in zip(captions, samples, fixed, strict=True)]
    for generous, sizes in ((True, SIZES[:5]), (False, SIZES[1:]), (True, SIZES[5:])):
        for size in sizes:
            widths = [need.width(size, generous) for need in needs]
            if sum(widths) <= room:
                return size, _spread(widths, [need.width(size, True) for need in needs], room)
    widths = [need.width(SIZES[-1], False) for need in needs]
    return SIZES[-1], [width * room / sum(widths) for width in widths]


def row_lines(widths: Sequence[float], samples: Sequence[Sequence[str]], size: float, most: int) -> int:
    """How many lines of type `size` make 19 of 20 texts of every column whole; at most `most`."""
    needed = 1
    for width, sample in zip(widths, samples, strict=True):
        room = width - 2 * PAD
        counts = sorted(len(fonts.lines(text, "sans", size, room)) for text in sample
                        if text and (fonts.width(text, "sans", size) > room or "\n" in text))
        allowed = len(sample) // 20
        if len(counts) > allowed:
            needed = max(needed, counts[-1 - allowed])
    return min(needed, most)


def _spread(widths: list[float], wished: list[float], room: float) -> list[float]:
    """Give what is left first to the columns that had to give way, then to all in proportion."""
    lacking = [max(wish - width, 0) for wish, width in zip(wished, widths, strict=True)]
    share = min((room - sum(widths)) / sum(lacking), 1) if sum(lacking) else 0.0
    widths = [width + lack * share for width, lack in zip(widths, lacking, strict=True)]
    return [width * room / sum(widths) for width in widths]


class _Need:
    """What one column asks for, in em."""

    def __init__(self, caption: str, least: float, sample: Sequence[str], sure: Sequence[str]) -> None:
        sizes = sorted(max(fonts.width(line, "sans", 1) for line in text.split("\n")) for text in sample if text)
        sizes = sizes or [0.0]
        self.least = least
        self.caption = min(_broken(caption, count) for count in (1, 2, 3) if count == 1 or len(caption) > 2 * count)
        self.sure = max([fonts.width(text, "sans-bold", 1) for text in sure], default=0.0)
        self.all, self.most = sizes[-1], sizes[int(len(sizes) * 0.9)] if len(sizes) > 1 else sizes[-1]

    def width(self, size: float, generous: bool) -> float:
        """Points at a size of type: room for the longest text, or where that is long, for most texts on two lines."""
        text = self.all or 4.0
        if self.all > 12 and not generous:
            text = min(max(self.most * 0.5, 8.0), 30.0)
        elif self.all > 18:
            text = max(min(self.all, self.most * 1.05), 12.0)
        return max(max(text, self.sure) * size + 2 * PAD, self.caption * (size + 0.5) + 6, self.least)


def _broken(caption: str, count: int) -> float:
    """Width in em of a caption on `count` lines."""
    room = fonts.width(caption, "sans-bold", 1) / count
    while len(fonts.lines(caption, "sans-bold", 1, room)) > count:
        room += 0.25
    return room
