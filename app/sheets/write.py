"""Any ledger as a spreadsheet (导出): title, the condition in words, a frozen heading, real dates and numbers.

ID numbers, accounts and telephones are text, and so is everything that begins with = + - @: nothing in an exported
file is ever a formula. A sheet with masked facts says so, and import refuses it.
"""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from app.ledgers.ledger import Column
from app.ledgers.listing import Listing
from app.models.derived import Age, Count, First, Total
from app.models.fields import Day, Flag, Money, Whole
from app.models.progress import Progress, unwatched
from app.work.files import put_in_place
from app.work.office import demo_mark
from app.work.outgoing import leave

MASKED = "部分内容已隐去，不能导回"
MOST_CHARACTERS = 32_767  # of one cell
STEP = 500
WIDEST, NARROWEST = 40, 6  # of a column, in characters
SAMPLE = 300  # rows looked at for the widths
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # in the name of a sheet


def export(listing: Listing, path: Path, progress: Progress = unwatched, mark: str = "") -> str:
    """Write all rows of a listing to an .xlsx file. Trouble when it cannot be written.

    `mark` stands behind the title; a demonstration file always has its own.
    """
    if path.suffix.lower() != ".xlsx":
        raise ValueError("导出的表格要以 .xlsx 结尾，请改文件名。")
    keys = listing.keys()
    leave("export", listing.ledger.title, len(keys), listing.bares, listing.ledger.record.seen_by)
    with put_in_place(path) as beside:
        _write(listing, beside, progress, mark or demo_mark())
    return f"已导出“{listing.ledger.title}”{len(keys):,} 行到 {path.name}。"


def _write(listing: Listing, path: Path, progress: Progress, mark: str) -> None:
    import xlsxwriter

    whole = BytesIO()  # in memory: when it is cancelled no half of it stays behind in the system's temporary folder
    book = xlsxwriter.Workbook(whole, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _fill(book, listing, progress, mark)
    book.close()
    path.write_bytes(whole.getbuffer())


def _fill(book: Any, listing: Listing, progress: Progress, mark: str) -> None:
    columns, keys = listing.shown, listing.keys()
    book.set_properties({"title": listing.ledger.title})
    sheet = book.add_worksheet(_FORBIDDEN.sub(" ", listing.ledger.title)[:31])
    formats = _Formats(book)
    first = listing.cells(keys[:SAMPLE])
    for number, column in enumerate(columns):
        sheet.set_column(number + 1, number + 1, _width(column, [row[number] for row in first]))
    sheet.set_column(0, 0, 6)
    last = len(columns)
    sheet.merge_range(0, 0, 0, last, listing.ledger.title + (f"（{mark}）" if mark else ""), formats.title)
    sheet.merge_range(1, 0, 1, last, _under_title(listing, len(keys)), formats.soft)
    sheet.write_row(2, 0, ["序号", *(column.caption for column in columns)], formats.heading)
    writers = [formats.writer(column, listing.whole) for column in columns]
    for start in range(0, len(keys), STEP):
        progress(start, len(keys), "写入表格")
        for offset, row in enumerate(listing.values(keys[start : start + STEP])):
            at = 3 + start + offset
            sheet.write_number(at, 0, start + offset + 1, formats.text)
            for number, (value, write) in enumerate(zip(row, writers, strict=True)):
                write(sheet, at, number + 1, value)
    _total(sheet, listing, 3 + len(keys), formats)
    sheet.freeze_panes(3, 2)
    sheet.autofilter(2, 0, 2 + len(keys), last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _under_title(listing: Listing, number: int) -> str:
    on = listing.on
    parts = [f"截至 {on.year}年{on.month}月{on.day}日", f"共 {number:,} 行"]
    if words := listing.sentence():
        parts.insert(0, f"条件：{words}")
    if not listing.whole and any(column.path.private for column in listing.shown):
        parts.append(MASKED)
    return "　".join(parts)


def _total(sheet: Any, listing: Listing, row: int, formats: _Formats) -> None:
    sums = listing.sums()
    if not sums or not listing.count():
        return
    sheet.write_string(row, 0, "合计", formats.heading)
    for number, column in enumerate(listing.shown, 1):
        shown = sums.get(column.text)
        if shown is None:
            sheet.write_blank(row, number, None, formats.heading)
        else:
            sheet.write_number(row, number, float(shown.replace(",", "")), formats.sum_of(column))


def _width(column: Column, texts: list[str]) -> float:
    """Characters of the column: a Chinese character takes two."""
    widest = max((_places(text) for text in (column.caption + "　", *texts)), default=0)
    return max(NARROWEST, min(WIDEST, widest + 2))


def _places(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)


class _Formats:
    """The cell formats of one workbook, and which writer a column takes."""

    def __init__(self, book: Any) -> None:
        line = {"border": 1, "border_color": "#BFC5CB", "valign": "vcenter", "font_name": "宋体", "font_size": 10}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "font_name": "宋体"})
        self.soft = book.add_format({"font_size": 10, "font_color": "#55616D", "align": "left"})
        bold = {**line, "bold": True, "bg_color": "#F0F2F4"}
        self.heading = book.add_format({**bold, "text_wrap": True, "align": "center"})
        self.text = book.add_format({**line, "num_format": "@"})
        self.number = book.add_format({**line, "num_format": "0"})
        self.money = book.add_format({**line, "num_format": "#,##0.00"})
        self.day = book.add_format({**line, "num_format": "yyyy-mm-dd", "align": "left"})
        self.sum_money = book.add_format({**bold, "num_format": "#,##0.00"})
        self.sum_number = book.add_format({**bold, "num_format": "0"})

    def sum_of(self, column: Column) -> Any:
        return self.sum_money if isinstance(_kind(column), Money) else self.sum_number

    def writer(self, column: Column, whole: bool) -> Any:
        """A function (sheet, row, column, value) for the values of this column."""
        fact, kind = column.path.fact, _kind(column)
        if column.path.private and not whole:
            return lambda sheet, row, at, value: self._text(sheet, row, at, fact.mask(value))
        if isinstance(kind, Money):
            return lambda sheet, row, at, value: self._number(
                sheet, row, at, None if value is None else value / 100, self.money
            )
        if isinstance(kind, Age):
            return lambda sheet, row, at, value: (
                self._number(sheet, row, at, value[0], self.number)
                if value and value[0] == value[1]
                else self._text(sheet, row, at, fact.show(value))
            )
        if isinstance(kind, Whole | Count) and not isinstance(kind, Flag):
            return lambda sheet, row, at, value: self._number(sheet, row, at, value, self.number)
        if isinstance(kind, Day):
            return self._day
        return lambda sheet, row, at, value: self._text(sheet, row, at, fact.show(value))

    def _text(self, sheet: Any, row: int, at: int, text: str) -> None:
        sheet.write_string(row, at, text[:MOST_CHARACTERS], self.text)

    def _number(self, sheet: Any, row: int, at: int, number: float | None, form: Any) -> None:
        if number is None:
            sheet.write_blank(row, at, None, form)
        else:
            sheet.write_number(row, at, number, form)

    def _day(self, sheet: Any, row: int, at: int, value: date | None) -> None:
        if value is None:
            sheet.write_blank(row, at, None, self.day)
        elif value.year < 1900:
            self._text(sheet, row, at, str(value))
        else:
            sheet.write_datetime(row, at, value, self.day)


def _kind(column: Column) -> Any:
    """The field whose kind says how a value is written: a total is written like what it adds."""
    fact = column.path.fact
    if isinstance(fact, Total):
        return fact.record().facts()[fact.of]
    return fact.fact if isinstance(fact, First) else fact
