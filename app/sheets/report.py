"""What a list tool found, as a value: parts with captions and rows, shown in the window and written as one .xlsx."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from app.models.progress import Progress, unwatched
from app.sheets.read import Cell
from app.work.files import put_in_place

MOST_CHARACTERS = 32_767  # of one cell
STEP = 500
WIDEST, NARROWEST, SAMPLE = 40, 6, 300  # width of a column in characters; rows looked at for it
PALE = "#FBEAE9"
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class Part:
    """One table of a result. `marked` are the cells (row, column) that differ, both from 0; `said` stands above."""

    title: str
    captions: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    marked: frozenset[tuple[int, int]] = frozenset()
    said: str = ""


@dataclass
class Report:
    """What a tool did: one sentence, what to mind besides, its numbers, its tables, and the files it wrote.

    `refused` counts what was not answered, matched or taken; a command then ends with 1.
    """

    sentence: str
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    parts: tuple[Part, ...] = ()
    files: list[Path] = field(default_factory=list)
    refused: int = 0


def must_be_xlsx(path: Path) -> None:
    """ValueError with a sentence where the result is not to be an .xlsx file."""
    if path.suffix.lower() != ".xlsx":
        raise ValueError("结果要以 .xlsx 结尾，请改文件名。")


def write_parts(parts: Sequence[Part], path: Path, progress: Progress = unwatched) -> None:
    """Write every part as a sheet. Trouble when the file cannot be written."""
    import xlsxwriter

    must_be_xlsx(path)
    with put_in_place(path) as beside:
        whole = BytesIO()
        book = xlsxwriter.Workbook(whole, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        formats = _Formats(book)
        for part in parts:
            _write_part(book.add_worksheet(NOT_IN_SHEET_NAMES.sub(" ", part.title)[:31]), part, formats, progress)
        book.close()
        beside.write_bytes(whole.getbuffer())


class _Formats:
    def __init__(self, book: Any) -> None:
        line = {"border": 1, "border_color": "#BFC5CB", "valign": "vcenter", "font_name": "宋体", "font_size": 10}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_name": "宋体"})
        self.soft = book.add_format({"font_size": 10, "font_color": "#55616D"})
        self.heading = book.add_format({**line, "bold": True, "bg_color": "#F0F2F4", "text_wrap": True})
        kinds = {"text": {"num_format": "@"}, "number": {}, "day": {"num_format": "yyyy-mm-dd", "align": "left"}}
        self.plain = {kind: book.add_format({**line, **more}) for kind, more in kinds.items()}
        self.marked = {kind: book.add_format({**line, **more, "bg_color": PALE}) for kind, more in kinds.items()}


def _write_part(sheet: Any, part: Part, formats: _Formats, progress: Progress) -> None:
    sheet.write_string(0, 0, part.title, formats.title)
    sheet.write_string(1, 0, part.said or f"共 {len(part.rows):,} 行", formats.soft)
    for at, caption in enumerate(part.captions):
        sheet.write_string(2, at, caption, formats.heading)
        shown = [caption, *(str(row[at] or "") for row in part.rows[:SAMPLE])]
        widest = max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in shown)
        sheet.set_column(at, at, max(NARROWEST, min(WIDEST, widest + 2)))
    for number, row in enumerate(part.rows):
        if number % STEP == 0:
            progress(number, len(part.rows), f"写入“{part.title}”")
        for at, cell in enumerate(row):
            _write_cell(sheet, number + 3, at, cell, formats.marked if (number, at) in part.marked else formats.plain)
    sheet.freeze_panes(3, 0)
    if part.rows:
        sheet.autofilter(2, 0, 2 + len(part.rows), len(part.captions) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _write_cell(sheet: Any, row: int, at: int, cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case None | "":
            sheet.write_blank(row, at, None, formats["text"])
        case bool():
            sheet.write_string(row, at, "是" if cell else "否", formats["text"])
        case int() | float() if cell == cell and abs(cell) < 1e15:
            sheet.write_number(row, at, cell, formats["number"])
        case datetime() | date() if cell.year >= 1900:
            sheet.write_datetime(row, at, cell, formats["day"])
        case _:
            sheet.write_string(row, at, str(cell)[:MOST_CHARACTERS], formats["text"])
