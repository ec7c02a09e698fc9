"""Rows copied with their headings: as text with tabs, and as a table in which long numbers stay text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QStandardItemModel

from app.ledgers.listing import Listing
from app.ui.ledger_rows import is_number

TEXT_CELL = "sdnum=\"0;0;@\" style=\"mso-number-format:'\\@'\""  # text to LibreOffice, to Excel and WPS
LINE_BREAK = '<br style="mso-data-placement:same-cell">'  # a plain one would begin a row of the spreadsheet


def copied(listing: Listing, keys: Sequence[int]) -> tuple[str, str]:
    """The rows with these keys as (text with tabs, HTML); private facts as the listing shows them."""
    columns, rows = listing.shown, listing.cells(keys)
    heads = [column.caption for column in columns]
    numbers = [is_number(column.path.fact) for column in columns]
    text = "\n".join("\t".join(_plain(cell) for cell in row) for row in (heads, *rows)) + "\n"
    head = "".join(f"<th>{escape(caption)}</th>" for caption in heads)
    lines = ("".join(_cell(cell, number) for cell, number in zip(row, numbers, strict=True)) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return text, f'<meta charset="utf-8"><table><tr>{head}</tr>{body}</table>'


def _cell(text: str, number: bool) -> str:
    written = escape(text).replace("\n", LINE_BREAK)
    return f"<td>{written}</td>" if number else f"<td {TEXT_CELL}>{written}</td>"


def _plain(text: str) -> str:
    """A cell of text with tabs: one that holds a tab, a quote or a line break is quoted as spreadsheets do."""
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in '\t\n"') else text


def as_mime(text: str, html: str) -> QMimeData:
    """Both as what the clipboard takes. Qt makes the object: one that Python made would crash when the program ends."""
    model = QStandardItemModel(1, 1)
    mime = model.mimeData([model.index(0, 0)])
    for shape in mime.formats():
        mime.removeFormat(shape)
    mime.setText(text)
    mime.setHtml(html)
    return mime
