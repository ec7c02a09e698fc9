"""The heading of a table: captions over columns, some under a caption they share. In points."""

from __future__ import annotations

from collections.abc import Sequence

from app.papers import fonts
from app.papers.fonts import Style
from app.papers.page import Align

LEADING = 1.35        # distance of lines within a caption, in em
HeadText = tuple[float, float, str, Style, float, Align]


class Heading:
    """Captions and their groups (caption, group or ""), broken to the widths between `edges`, in type of `size`."""

    def __init__(self, captions: Sequence[tuple[str, str]], edges: Sequence[float], size: float) -> None:
        self.edges, self.size = edges, size
        self.in_group = [bool(group) for _, group in captions]
        self.groups = _together([group for _, group in captions])
        self.captions = [fonts.lines(caption, "sans-bold", size, right - left - 4)
                         for (caption, _), left, right in zip(captions, edges[:-1], edges[1:], strict=True)]
        deepest = max(len(caption) for caption in self.captions)
        self.group_height = size * LEADING + 6 if any(self.in_group) else 0.0
        self.height = max(deepest * size * LEADING + 8, 21) + self.group_height

    def texts(self, top: float) -> list[HeadText]:
        """Every line of every caption, the heading's upper edge being at `top`: x, middle, text, style, size, align."""
        placed, step = list[HeadText](), self.size * LEADING
        for first, past, group in self.groups:
            if group:
                left, right = self.edges[first], self.edges[past]
                text = fonts.shortened(group, "sans-bold", self.size, right - left - 4)
                placed.append(((left + right) / 2, top - self.group_height / 2, text, "sans-bold", self.size, "center"))
        for place, caption in enumerate(self.captions):
            under = top - (self.group_height if self.in_group[place] else 0)
            middle = (under + top - self.height) / 2 + (len(caption) - 1) * step / 2
            for line in caption:
                x = (self.edges[place] + self.edges[place + 1]) / 2
                placed.append((x, middle, line, "sans-bold", self.size, "center"))
                middle -= step
        return placed

    def lines(self, top: float) -> list[str]:
        """The lines inside the heading as PDF operators."""
        edges, under, bottom = self.edges, top - self.group_height, top - self.height
        drawn = list[str]()
        for first, past, group in self.groups:
            if group:
                drawn.append(f"{edges[first]:.2f} {under:.2f} m {edges[past]:.2f} {under:.2f} l")
            if first:
                drawn.append(f"{edges[first]:.2f} {top:.2f} m {edges[first]:.2f} {bottom:.2f} l")
            drawn += [f"{x:.2f} {under:.2f} m {x:.2f} {bottom:.2f} l" for x in edges[first + 1:past]]
        return drawn


def _together(groups: Sequence[str]) -> list[tuple[int, int, str]]:
    """Runs of neighbouring columns of one group: (first, past the last, group); a column without one is alone."""
    runs = list[tuple[int, int, str]]()
    for place, group in enumerate(groups):
        if runs and group and runs[-1][2] == group:
            runs[-1] = (runs[-1][0], place + 1, group)
        else:
            runs.append((place, place + 1, group))
    return runs
