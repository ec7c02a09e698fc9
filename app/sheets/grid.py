"""A sheet as the eye sees it: merged cells say what their first cell says, and every row is of some kind.

Knows shapes only; which field a column fills is the business of `headings.py`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Literal

from app.sheets.captions import plain
from app.sheets.read import Cell, Sheet

DEPTH = 4  # heading rows at most
SEARCH = 60  # rows looked at for a heading

Kind = Literal["data", "blank", "heading", "total", "note"]

ID_TEXT = re.compile(r"\d{14,17}[\dXx]")
TOTAL = re.compile(
    r"^(?:本页|本村|本组|本表|全[镇乡村县])?(?:合计|小计|总计|共计|累计)(?:$|[\d:(元户人,，])|大写|^.{1,6}小计$")
SIGNED = re.compile(
    r"^(?:注|备注|说明|附注|填表说明)[:\d]"
    r"|^(?:制表|填表|填报|审核|复核|审批|监督|发放|经办|负责|分管|主要|单位|联系|领导|制作|核对|见证)[^:]{0,8}:|^[^:]{0,10}(?:签字|签名|签章|盖章):")


class Grid:
    """A sheet with its merges at hand. Rows and columns count from 0 in `Sheet.rows`."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows = sheet.rows
        self.width = len(sheet.rows[0]) if sheet.rows else 0
        self.ends = {(r1, c1): (r2, c2) for r1, c1, r2, c2 in sheet.merges}
        self.first: dict[tuple[int, int], tuple[int, int]] = {}  # a cell near the top → the first cell of its merge
        for r1, c1, r2, c2 in sheet.merges:
            for r in range(r1, min(r2, SEARCH + DEPTH) + 1):
                self.first.update(dict.fromkeys(((r, c) for c in range(c1, c2 + 1)), (r1, c1)))
        self.last = self._last()

    def _last(self) -> list[int]:
        """For each column the last row in which it says anything, -1 where it is blank all the way."""
        last, blank = [-1] * self.width, list(range(self.width))
        for r in range(len(self.rows) - 1, -1, -1):
            row = self.rows[r]
            if said := [c for c in blank if row[c] is not None]:
                blank = [c for c in blank if row[c] is None]
                for c in said:
                    last[c] = r
            if not blank:
                break
        return last

    def text(self, r: int, c: int) -> str:
        """What a cell says, a merge for all its cells; without the blanks that only space Chinese words out."""
        at = self.first.get((r, c), (r, c))
        value = self.rows[at[0]][at[1]] if r < len(self.rows) else None
        return re.sub(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])", "", str(value)) if value is not None else ""

    def blocks(self, top: int) -> list[range]:
        """The tables that stand side by side from a row down, parted by columns that are blank all the way."""
        found: list[range] = []
        start: int | None = None
        for c in range(self.width + 1):
            used = c < self.width and (self.last[c] >= top or bool(self.text(top, c)))
            if used and start is None:
                start = c
            elif not used and start is not None:
                found.append(range(start, c))
                start = None
        return found

    def bottom(self, top: int, span: range) -> int | None:
        """The last row of a heading that begins at `top`; None where none can begin.

        A cell merged downwards takes its rows in; a cell over several columns takes in the row that names them.
        """
        shown = [c for c in span if self.rows[top][c] is not None]
        if not shown or (len(shown) == 1 and (len(span) > 2 or (top, shown[0]) in self.ends)):
            return None
        if any(self.first.get((top, c), (top, c))[0] != top for c in span):
            return None  # a merge from above reaches in: the heading would be cut in half
        bottom = top
        while True:
            merges = [(c, *self.ends[r, c]) for r in range(top, bottom + 1) for c in span if (r, c) in self.ends]
            deeper = max((r2 for _, r2, _ in merges if r2 > bottom), default=bottom)
            wide = [range(c1, c2 + 1) for c1, r2, c2 in merges if r2 == bottom and c2 > c1]
            if deeper == bottom and (self.named_under(bottom, wide) or self.named_apart(bottom, span)):
                deeper = bottom + 1
            if deeper - top >= DEPTH:
                return None
            if deeper == bottom:
                return bottom
            bottom = deeper

    def named(self, r: int, columns: Sequence[int]) -> bool:
        """Whether a row holds words and nothing that can only be data."""
        cells = [self.rows[r][c] for c in columns if self.rows[r][c] is not None] if r < len(self.rows) else []
        return bool(cells) and not any(is_data(cell) for cell in cells) and not is_counted(cells)

    def named_under(self, r: int, wide: Sequence[range]) -> bool:
        """Whether the row below names the columns of a cell merged sideways in row `r`."""
        under = [c for span in wide for c in span]
        enough = any(sum(self.rows[r + 1][c] is not None for c in span) > 1 for span in wide if r + 1 < len(self.rows))
        return enough and self.named(r + 1, under)

    def named_apart(self, r: int, span: range) -> bool:
        """Whether the row below names columns under a wider word that was not merged, and says nothing else."""
        if not self.named(r + 1, span):
            return False
        below = [c for c in span if self.rows[r + 1][c] is not None]
        under = [c for c in below if not self.text(r, c)]
        leaders = {c - 1 for c in under if c > span[0] and self.text(r, c - 1)}
        return bool(under) and len(below) > 1 and all(c in under or c in leaders for c in below)

    def levels(self, top: int, bottom: int, c: int) -> list[str]:
        """The words over a column in a heading, from the widest to its own."""
        words: list[str] = []
        for r in range(top, bottom + 1):
            word = self.text(r, c)
            if not word and any(self.text(below, c) for below in range(r + 1, bottom + 1)):
                left = next((x for x in range(c - 1, -1, -1) if self.text(r, x)), None)
                if left is not None and (r, left) not in self.first and self.text(r + 1, left):
                    word = self.text(r, left)  # the wider word was written over its first column and not merged
            if word and word not in words[-1:]:
                words.append(word)
        return words

    def kind(self, r: int, columns: Sequence[int], persons: Collection[int], words: frozenset[str]) -> tuple[Kind, str]:
        """What a row below the heading is, and why, in Chinese, unless it is data or blank.

        `persons` are the columns with names or ID numbers: who has an ID number is no total, whatever his name.
        `words` are those of the heading, by which it is known again on the next printed page.
        """
        row = self.rows[r]
        for c in persons:
            cell = row[c]
            if isinstance(cell, str) and ID_TEXT.search(cell):
                return "data", ""
        filled = [c for c in columns if row[c] is not None]
        if not filled:
            return "blank", ""
        said = [plain(str(row[c])) for c in filled]
        if len(filled) > 1 and sum(word in words for word in said) > 0.6 * len(said):
            return "heading", "重复的表头"
        if any(ID_TEXT.search(word) for c, word in zip(filled, said, strict=True) if c in persons):
            return "data", ""  # an ID number spaced out or in full-width digits
        if any(TOTAL.search(word) for word in said[:3]):
            return "total", f"合计行（{said[0][:20]}）"
        if all(str(row[c]).rstrip().endswith((":", "：")) for c in filled):
            return "note", f"说明或签名行（{said[0][:20]}）"
        if SIGNED.search(said[0]) and len(filled) <= max(2, 0.4 * len(columns)):
            return "note", f"说明或签名行（{said[0][:20]}）"
        if len(filled) == 1 < len(columns) - 1 and isinstance(row[filled[0]], str):
            wide = self.ends.get((r, filled[0]), (r, filled[0]))[1] - filled[0] + 1
            if len(said[0]) > 15 or wide > 0.5 * len(columns):
                return "note", f"只有一格文字（{said[0][:20]}）"
        if len(filled) > 0.6 * len(columns) and is_counted([row[c] for c in filled]):
            return "heading", "只有列号的行"
        return "data", ""


def is_data(cell: Cell) -> bool:
    """Whether a cell can hardly stand in a heading: a number, a date, an ID number, a long text."""
    if not isinstance(cell, str):
        return cell is not None
    text = plain(cell)
    figure = re.fullmatch(r"[-+￥¥]?[\d.,]+[元%]?", text)
    return len(text) > 40 or len(re.findall(r"\d", text)) >= 6 or text.startswith("#") or figure is not None


def is_counted(cells: Sequence[Cell]) -> bool:
    """Whether cells only number the columns: 1 2 3, 甲 乙 1 2, (1) (2), or N N N where figures are to stand."""
    words = [str(cell).split("=")[0].strip(" ()（）").upper() for cell in cells if cell is not None]  # 7=5-6 is 7
    if all(word == "N" for word in words):
        return True
    numbers = [int(word) for word in words if word.isdecimal() and len(word) < 4]
    others = [word for word in words if not word.isdecimal()]
    rising = all(b - a == 1 for a, b in pairwise(numbers))
    return rising and len(numbers) > 2 and numbers[0] < 2 and all(word in set("甲乙丙丁戊己庚辛") for word in others)
