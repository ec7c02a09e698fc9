"""A range copied in a spreadsheet (粘贴), read like a file: by the same child process, under the same limits.

The table of the HTML is read where there is one, since it tells merged cells; else the text with tabs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.ledgers.ledger import Column, Ledger
from app.models.faults import Trouble
from app.models.progress import Progress, unwatched
from app.sheets.grid import Grid
from app.sheets.headings import heading_at
from app.sheets.intake import Intake, Reading, intake_of
from app.sheets.read import Sheet, read_book
from app.sheets.readings import Fields
from app.work.cells import fillable

NAME = "剪贴板"
MOST_CHARACTERS, MOST_ROWS = 8_000_000, 20_000
NOTHING = "剪贴板里没有表格内容，请先在 WPS 或 Excel 里复制要粘贴的格子。"
WITHOUT_HEADING = "粘贴的内容没有标题行，第 1 行是照台账现在显示的列补上的，不对的请点列上面的框改"
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def open_paste(
    html: str, text: str, ledger: Ledger, columns: Sequence[Column], every: Mapping[str, Any],
    progress: Progress = unwatched,
) -> Intake:  # fmt: skip
    """What was copied, as it would be taken into this ledger. Without a heading its columns are those given, in order.

    Trouble in one sentence: nothing that is a table, too large, or not to be read.
    """
    sheets = _read(html, text, progress)
    rows = sum(len(sheet.rows) for sheet in sheets)
    if rows > MOST_ROWS:
        raise Trouble(f"粘贴的内容有 {rows:,} 行，最多 {MOST_ROWS:,} 行，请保存成文件再导入。")
    intake = intake_of(Path(NAME), sheets, ledger.record, every, ledger)
    for reading in intake.readings:
        if not reading.kept and not _has_heading(reading):
            assert intake.fields is not None
            _head_with(reading, columns, intake.fields, ledger.record)
    return intake


def _read(html: str, text: str, progress: Progress) -> list[Sheet]:
    page = html if "<table" in html.lower() else ""
    if len(page) > MOST_CHARACTERS and len(text) <= MOST_CHARACTERS:
        page = ""  # what stands between the cells may be much
    if len(page or text) > MOST_CHARACTERS:
        raise Trouble(f"剪贴板里的内容超过 {MOST_CHARACTERS // 1_000_000} 百万字，太多了，请保存成文件再导入。")
    if not page:
        page = _as_page(text)
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_text("<html>" + UNSEEN.sub("", page), encoding="utf-8", errors="replace")
        return read_book(path, progress)


def _as_page(text: str) -> str:
    """Text with tabs as a table; a cell with a tab or a line break stands in quotes, as spreadsheets write it."""
    if not text.strip():
        raise Trouble(NOTHING)
    clean = UNSEEN.sub("", text.replace("\r\n", "\n"))
    try:
        lines = [f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>"
                 for row in csv.reader(io.StringIO(clean, newline=""), delimiter="\t")]  # fmt: skip
    except csv.Error as error:
        raise Trouble("剪贴板里的内容读不懂，请在 WPS 或 Excel 里重新复制，或保存成文件再导入。") from error
    return f"<table>{''.join(lines)}</table>"


def _cell(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _has_heading(reading: Reading) -> bool:
    """Whether there is a heading: half of its captions are known, rows stand below it, and none of its words is said
    again in its column by another row."""
    heading, sheet = reading.heading, reading.sheet
    if heading is None or heading.last_data_row < heading.first_data_row:
        return False
    named = [column for column in heading.columns if column.caption]
    known = [column for column in named if column.path]
    last = sheet.rows[heading.rows[1]]
    others = [row for row in sheet.rows if row != last]  # a heading may be printed on every page
    values = [column for column in known if last[column.index] in {row[column.index] for row in others} - {None}]
    return bool(known) and not values and 2 * len(known) >= len(named)


def _head_with(reading: Reading, columns: Sequence[Column], fields: Fields, record: Any) -> None:
    """Put the captions of the ledger over the rows, and read each column as what stands there."""
    sheet = reading.sheet
    width = Grid(sheet).width
    captions = [column.caption for column in columns][:width]
    sheet.rows.insert(0, [*captions, *[None] * (width - len(captions))])
    sheet.merges = [(r1 + 1, c1, r2 + 1, c2) for r1, c1, r2, c2 in sheet.merges]
    heading, kept = heading_at(sheet, 0, 0, fields), fillable(record)
    mapping = {at: column.text for at, column in enumerate(columns[:width]) if column.text in kept}
    told = (replace(column, path=mapping.get(column.index), doubt="") for column in heading.columns)
    reading.heading = replace(heading, columns=tuple(told))
    reading.mapping, reading.use, reading.found, reading.pasted = mapping, True, True, True
    reading.why, reading.notes = heading.why, [WITHOUT_HEADING]
