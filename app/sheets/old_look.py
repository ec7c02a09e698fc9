"""The looks of an old workbook's cells (XF records), put on the cells of a new one."""

from __future__ import annotations

from copy import copy
from typing import Any

LINES = (
    None, "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot", "mediumDashDot",
    "dashDotDot", "mediumDashDotDot", "slantDashDot",
)  # fmt: skip
PATTERNS = (
    None, "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal", "darkVertical", "darkDown", "darkUp",
    "darkGrid", "darkTrellis", "lightHorizontal", "lightVertical", "lightDown", "lightUp", "lightGrid", "lightTrellis",
    "gray125", "gray0625",
)  # fmt: skip
ACROSS = ("general", "left", "center", "right", "fill", "justify", "centerContinuous", "distributed")
DOWN = ("top", "center", "bottom", "justify", "distributed")
UNDERLINES = {1: "single", 2: "double", 0x21: "singleAccounting", 0x22: "doubleAccounting"}
PLAIN = 15  # the look of a cell that nobody touched, by the format's own rule
RAISED = {1: "superscript", 2: "subscript"}


class Dress:
    """Looks by the number that the old workbook gave them; each is made once."""

    def __init__(self, old: Any, book: Any) -> None:
        self.old = old
        self._model = book.create_sheet("looks")["A1"]
        book.remove(self._model.parent)
        self._made: dict[int, Any] = {}
        self._plain(book)

    def _plain(self, book: Any) -> None:
        """Let cells that nobody touched look as they did, and widths count in the digits of the same font."""
        from openpyxl.utils.indexed_list import IndexedList

        if len(self.old.xf_list) > PLAIN:
            book._fonts = IndexedList([self._font(self.old.xf_list[PLAIN].font_index)])
            book._named_styles["Normal"].font = book._fonts[0]
            book._cell_styles = IndexedList([self._make(self.old.xf_list[PLAIN])])

    def put_on(self, target: Any, number: int | None) -> None:
        """Let a cell, a row or a column look as the look of that number."""
        if number is None or not 0 <= number < len(self.old.xf_list):
            return
        if number not in self._made:
            self._made[number] = self._make(self.old.xf_list[number])
        target._style = copy(self._made[number])

    def _make(self, old: Any) -> Any:
        from openpyxl.styles import Alignment, Protection
        from openpyxl.styles.cell_style import StyleArray

        model, how = self._model, old.alignment
        model._style = StyleArray()
        model.font = self._font(old.font_index)
        model.border, model.fill = self._border(old.border), self._fill(old.background)
        model.alignment = Alignment(
            horizontal=ACROSS[how.hor_align] if how.hor_align < len(ACROSS) else None,
            vertical=DOWN[how.vert_align] if how.vert_align < len(DOWN) else None,
            textRotation=how.rotation if how.rotation <= 180 or how.rotation == 255 else 0,
            wrap_text=bool(how.text_wrapped), shrink_to_fit=bool(how.shrink_to_fit), indent=how.indent_level,
        )  # fmt: skip
        model.protection = Protection(bool(old.protection.cell_locked), bool(old.protection.formula_hidden))
        form = self.old.format_map.get(old.format_key)
        model.number_format = form.format_str if form is not None and form.format_str else "General"
        return model._style

    def _colour(self, index: int | None) -> str | None:
        found = self.old.colour_map.get(index)
        return None if found is None else "FF{:02X}{:02X}{:02X}".format(*found)

    def _font(self, number: int) -> Any:
        from openpyxl.styles import Font

        old = self.old.font_list[number]
        return Font(
            name=old.name, sz=old.height / 20, b=bool(old.bold) or old.weight >= 600, i=bool(old.italic),
            strike=bool(old.struck_out), u=UNDERLINES.get(old.underline_type), vertAlign=RAISED.get(old.escapement),
            color=self._colour(old.colour_index), charset=old.character_set or None, family=old.family or None,
            outline=bool(old.outline) or None, shadow=bool(old.shadow) or None,
        )  # fmt: skip

    def _border(self, old: Any) -> Any:
        from openpyxl.styles import Border, Side

        def side(style: int, colour: int) -> Any:
            return Side(LINES[style], self._colour(colour)) if 0 < style < len(LINES) else Side()

        return Border(
            **{word: side(getattr(old, f"{word}_line_style"), getattr(old, f"{word}_colour_index"))
               for word in ("left", "right", "top", "bottom")},
            diagonal=side(old.diag_line_style, old.diag_colour_index),
            diagonalUp=bool(old.diag_up), diagonalDown=bool(old.diag_down),
        )  # fmt: skip

    def _fill(self, old: Any) -> Any:
        from openpyxl.styles import PatternFill

        pattern = PATTERNS[old.fill_pattern] if old.fill_pattern < len(PATTERNS) else None
        if pattern is None:
            return PatternFill()
        front, back = self._colour(old.pattern_colour_index), self._colour(old.background_colour_index)
        colours = {name: colour for name, colour in (("fgColor", front), ("bgColor", back)) if colour is not None}
        return PatternFill(pattern, **colours)

    def rich(self, text: str, runs: list[tuple[int, int]], number: int) -> Any:
        """A text of which parts look otherwise: each run is where it begins and its font."""
        from openpyxl.cell.rich_text import CellRichText, TextBlock
        from openpyxl.cell.text import InlineFont

        pieces: list[Any] = [text[: runs[0][0]]] if runs[0][0] else []
        ends = [start for start, _ in runs[1:]] + [len(text)]
        for (start, font), end in zip(runs, ends, strict=True):
            made = self._font(font)
            inline = InlineFont(
                rFont=made.name, sz=made.sz, b=made.b, i=made.i, strike=made.strike, u=made.u, color=made.color,
                vertAlign=made.vertAlign, charset=made.charset, family=made.family,
            )  # fmt: skip
            if text[start:end]:
                pieces.append(TextBlock(inline, text[start:end]))
        return CellRichText(*pieces)
