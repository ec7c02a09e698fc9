"""A blank form in the old format (.xls) made anew as .xlsx (旧格式空表), in a process apart: the form is a stranger's.

Run as ``python -m app.sheets.renewal FILE`` (a frozen program: ``--renew-form FILE``) under the limits of `child.py`.
On standard output comes one pickle: ("made", bytes of the .xlsx, sentences) or ("trouble", what is said of the file).
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from collections.abc import Iterator
from copy import copy
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from app.sheets.child import ADVICE, FILE_BYTES, limit, sentence, sniff
from app.sheets.old_look import Dress
from app.sheets.old_records import Rule, Told, told_by_records
from app.sheets.references import letters_of
from app.sheets.text import Refused

BROKEN = (
    struct.error, AssertionError, AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError,
    ValueError, MemoryError, OSError,
)  # fmt: skip
LOCKED = "设了打开密码，请用 WPS 去掉密码另存后再试"
MOST_ROWS = 20_000
UNITS = {"图片": "张", "数据有效性": "处", "条件格式": "处"}
VISIBLE = ("visible", "hidden", "veryHidden")


def made_anew(path: Path) -> tuple[str, bytes, list[str]] | tuple[str, str]:
    """What this process says of the file at `path`."""
    from xlrd import XLRDError, open_workbook
    from xlrd.compdoc import CompDocError

    try:
        if path.stat().st_size > FILE_BYTES:
            raise Refused(f"超过 {FILE_BYTES // 1024**2} MB，不像一张空表，{ADVICE}")
        data = path.read_bytes()
        if sniff(data) != "cfb":
            raise Refused(f"不是 .xls 表格，{ADVICE}")
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused(LOCKED)
        old = open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=StringIO()
        )
        return "made", *_Renewal(old, data).done()
    except XLRDError as fault:
        locked = "encrypted" in str(fault)
        return "trouble", LOCKED if locked else sentence(fault)
    except (Refused, CompDocError, *BROKEN) as fault:
        return "trouble", sentence(fault)


class _Renewal:
    """An old workbook on its way into a new one."""

    def __init__(self, old: Any, data: bytes) -> None:
        import openpyxl

        self.old, self.book = old, openpyxl.Workbook()
        self.book.remove(self.book.active)
        self.dress = Dress(old, self.book)
        self.lost: list[str] = []
        if "_VBA_PROJECT".encode("utf-16-le") in data:
            self.lost.append("表里的宏没有保留（填好的表里不带宏）。")
        if old.datemode:
            from openpyxl.utils.datetime import CALENDAR_MAC_1904

            self.book.epoch = CALENDAR_MAC_1904

    def done(self) -> tuple[bytes, list[str]]:
        for number, name in enumerate(self.old.sheet_names()):
            self._sheet(self.old.sheet_by_index(number), self.book.create_sheet(name), number)
        self._names()
        self.book.active = next((n for n, sheet in enumerate(self.book) if sheet.sheet_state == "visible"), 0)
        whole = BytesIO()
        self.book.save(whole)
        return whole.getvalue(), self.lost

    def _sheet(self, old: Any, sheet: Any, number: int) -> None:
        if old.nrows > MOST_ROWS:
            raise Refused(f"的“{old.name}”有 {old.nrows:,} 行，不像一张空表，请删去多余的行再试")
        told = told_by_records(self.old, number)
        sheet.sheet_state = VISIBLE[min(old.visibility, 2)]
        self._lines(old, sheet)
        unread = self._cells(old, sheet, told)
        for top, bottom, left, right in old.merged_cells:
            sheet.merged_cells.add(_area(top, bottom, left, right))  # merge_cells would forget the lines around it
        self._notes_and_links(old, sheet)
        for rule in told.rules:
            sheet.add_data_validation(_validation(rule))
        _view(old, sheet)
        _page(old, sheet, told)
        if unread:
            self.lost.append(f"“{old.name}”有 {len(unread):,} 处公式认不出，只保留了结果：{'、'.join(unread[:5])}。")
        for word, count in told.lost.items():
            self.lost.append(f"“{old.name}”里的{word} {count:,} {UNITS.get(word, '个')}没有保留。")

    # ---- cells ----

    def _cells(self, old: Any, sheet: Any, told: Told) -> list[str]:
        """Write values, formulas and looks; the places of formulas that could not be read."""
        unread = []
        for row in range(old.nrows):
            for column in range(old.row_len(row)):
                cell = old.cell(row, column)
                if cell.ctype == 0 and cell.xf_index is None:
                    continue
                new = sheet.cell(row + 1, column + 1)
                self.dress.put_on(new, cell.xf_index)
                formula = told.formulas.get((row, column))
                if formula is not None:
                    new.value, new.data_type = "=" + formula, "f"
                    continue
                self._value(old, new, cell)
                if (row, column) in told.formulas:
                    unread.append(f"{letters_of(column + 1)}{row + 1}")
        return unread

    def _value(self, old: Any, new: Any, cell: Any) -> None:
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
        from xlrd.biffh import error_text_from_code

        if cell.ctype == 1 and cell.value:
            runs = old.rich_text_runlist_map.get((new.row - 1, new.column - 1))
            text = ILLEGAL_CHARACTERS_RE.sub("", cell.value)
            if runs and text == cell.value:
                new.value = self.dress.rich(text, runs, cell.xf_index)
            else:
                new.value, new.data_type = text, "s"  # a text that begins with = stays a text
        elif cell.ctype in (2, 3):
            new.value = int(cell.value) if float(cell.value).is_integer() else cell.value
        elif cell.ctype == 4:
            new.value = bool(cell.value)
        elif cell.ctype == 5:
            new.value, new.data_type = error_text_from_code.get(cell.value, "#N/A"), "e"

    def _lines(self, old: Any, sheet: Any) -> None:
        """Widths and heights, what is hidden, outlines, and the looks of whole rows and columns."""
        for column, info in old.colinfo_map.items():
            if column < 256:
                line = sheet.column_dimensions[letters_of(column + 1)]
                line.width, line.hidden, line.outlineLevel = info.width / 256, bool(info.hidden), info.outline_level
                self.dress.put_on(line, info.xf_index)
        for row, info in old.rowinfo_map.items():
            line = sheet.row_dimensions[row + 1]
            line.hidden, line.outlineLevel = bool(info.hidden), info.outline_level
            if not info.has_default_height:
                line.height = info.height / 20
            if info.has_default_xf_index:
                self.dress.put_on(line, info.xf_index)
        form = sheet.sheet_format
        if old.default_row_height is not None:
            form.defaultRowHeight = old.default_row_height / 20
            form.customHeight = bool(old.default_row_height_mismatch) or None
        if old.standardwidth is not None:
            form.defaultColWidth = old.standardwidth / 256
        elif old.defcolwidth is not None:
            form.baseColWidth = old.defcolwidth

    def _notes_and_links(self, old: Any, sheet: Any) -> None:
        from openpyxl.comments import Comment
        from openpyxl.worksheet.hyperlink import Hyperlink

        for (row, column), note in old.cell_note_map.items():
            sheet.cell(row + 1, column + 1).comment = Comment(note.text, note.author or "")
        for link in old.hyperlink_list:
            cell = sheet.cell(link.frowx + 1, link.fcolx + 1)
            look = copy(cell._style)
            target = link.url_or_path
            if isinstance(target, bytes):
                target = target.decode("gb18030", "replace")
            cell.hyperlink = Hyperlink(ref="", target=target, location=link.textmark)
            cell._style = look

    # ---- the workbook ----

    def _names(self) -> None:
        from openpyxl.workbook.defined_name import DefinedName

        for name in self.old.name_obj_list:
            result = name.result
            if name.macro or name.func or result is None or name.evaluated == 0 or name.scope < -1:
                continue
            if name.builtin:
                self._builtin(name)
            elif name.hidden == 0 and result.text and "#REF!" not in result.text:
                holder = self.book if name.scope == -1 else self.book.worksheets[name.scope]
                holder.defined_names[name.name] = DefinedName(name.name, attr_text=result.text)

    def _builtin(self, name: Any) -> None:
        """Print area, print titles and the range of a filter."""
        if not 0 <= name.scope < len(self.book.worksheets):
            return
        sheet, areas = self.book.worksheets[name.scope], list(_areas(name.result))
        kind = name.name.lower()
        if kind.endswith("print_area") and areas:
            sheet.print_area = ",".join(_area(*one) for one in areas)
        elif kind.endswith("print_titles"):
            for top, bottom, left, right in areas:
                if right >= 256:
                    sheet.print_title_rows = f"{top + 1}:{bottom}"
                else:
                    sheet.print_title_cols = f"{letters_of(left + 1)}:{letters_of(right)}"
        elif kind.endswith("_filterdatabase") and areas:
            sheet.auto_filter.ref = _area(*areas[0])


def _areas(result: Any) -> Iterator[tuple[int, int, int, int]]:
    """Top, bottom, left, right of what a name names: from 0, the ends one behind."""
    for place in result.value if isinstance(result.value, list) else []:
        yield place.coords[2:]


def _area(top: int, bottom: int, left: int, right: int) -> str:
    return f"{letters_of(left + 1)}{top + 1}:{letters_of(right)}{bottom}"


def _validation(rule: Rule) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    blank, no_arrow, beside, refused = rule.shows
    areas = [_area(top, bottom + 1, left, right + 1) for top, left, bottom, right in rule.areas]
    return DataValidation(
        type=rule.kind if rule.kind != "any" else None, operator=rule.operator, errorStyle=rule.style,
        formula1=rule.formulas[0], formula2=rule.formulas[1], sqref=" ".join(areas), allow_blank=blank,
        showDropDown=no_arrow or None, showInputMessage=beside, showErrorMessage=refused,
        promptTitle=rule.texts[0] or None, prompt=rule.texts[1] or None,
        errorTitle=rule.texts[2] or None, error=rule.texts[3] or None,
    )  # fmt: skip


def _view(old: Any, sheet: Any) -> None:
    view = sheet.sheet_view
    view.showGridLines, view.showZeros = bool(old.show_grid_lines), bool(old.show_zero_values)
    if 10 <= (old.cooked_normal_view_mag_factor or 0) <= 400:
        view.zoomScale = view.zoomScaleNormal = old.cooked_normal_view_mag_factor
    if old.panes_are_frozen and (old.horz_split_pos or old.vert_split_pos):
        sheet.freeze_panes = f"{letters_of(old.vert_split_pos + 1)}{old.horz_split_pos + 1}"


def _page(old: Any, sheet: Any, told: Told) -> None:
    """Print setup and protection."""
    from openpyxl.worksheet.header_footer import HeaderFooterItem
    from openpyxl.worksheet.pagebreak import Break

    for side, inches in told.margins.items():
        setattr(sheet.page_margins, side, inches)
    if told.header_at is not None:
        sheet.page_margins.header, sheet.page_margins.footer = told.header_at
    if told.setup is not None and not told.setup[5] & 0x04:
        paper, scale, first, wide, high, switches = told.setup
        setup = sheet.page_setup
        setup.paperSize = paper or None
        setup.orientation = None if switches & 0x40 else "portrait" if switches & 0x02 else "landscape"
        setup.scale = scale if 10 <= scale <= 400 else None
        setup.fitToWidth, setup.fitToHeight = wide, high
        if switches & 0x80:
            setup.firstPageNumber, setup.useFirstPageNumber = first, True
    sheet.sheet_properties.pageSetUpPr.fitToPage = told.fits
    for name, text in (("oddHeader", told.header), ("oddFooter", told.footer)):
        if text:
            node = Element(name)
            node.text = text if text[:2] in ("&L", "&C", "&R") else "&C" + text
            setattr(sheet, name, HeaderFooterItem.from_tree(node))
    options = sheet.print_options
    options.horizontalCentered, options.verticalCentered, options.gridLines = (
        told.switches.get(word) or None for word in ("centred", "centred_down", "grid_lines")
    )
    for row, *_ in old.horizontal_page_breaks:
        sheet.row_breaks.append(Break(id=row))
    for column, *_ in old.vertical_page_breaks:
        sheet.col_breaks.append(Break(id=column))
    sheet.protection.sheet = told.switches.get("protected", False)
    if told.password:
        sheet.protection.set_password(f"{told.password:04X}", already_hashed=True)


def main(path: str) -> None:
    limit()
    sys.stdout.buffer.write(pickle.dumps(made_anew(Path(path)), 5))
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
