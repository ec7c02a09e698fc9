"""Tables that are only text: CSV, tab-separated text, a web page named .xls, the XML spreadsheet of Excel 2003.

Part of the reading child (see `app/sheets/child.py`): nothing but the standard library here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

COLUMNS = 500

Row = list[Any]
Merge = tuple[int, int, int, int]


class Refused(Exception):
    """The file is not read: one Chinese sentence."""


class Texts(dict[str, str | None]):
    """Each text as one and the same object, however often it was met; blank ones become None."""

    def __missing__(self, text: str) -> str | None:
        kept = self[text] = text if text and not text.isspace() else None
        return kept


def tidy(row: Row, texts: Texts) -> Row:
    """Blank text becomes None, 1.0 becomes 1 (not beyond 15 digits: there the number is already damaged).

    Equal texts are one object: a roster repeats most of its words, so less is sent, made again and held by the parent.
    """
    return [
        texts[value] if type(value) is str
        else int(value) if type(value) is float and value.is_integer() and -1e15 < value < 1e15
        else value if isinstance(value, (float, int, date, datetime)) or value is None
        else str(value)
        for value in row
    ]


def decode(data: bytes) -> str:
    """Text in UTF-8, UTF-16 or GB18030, whichever fits. Raises Refused when none does."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codecs = ["utf-16"]
    elif data[1::2].count(0) > len(data) // 4:
        codecs = ["utf-16-le"]
    else:
        codecs = ["utf-8-sig", "gb18030"]
    for codec in codecs:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1a]", text):
            return text
    raise Refused("不是电子表格，请选 Excel、WPS 表格或 CSV 文件")


def table_of_text(text: str) -> Iterable[Row]:
    """Rows of a comma-, tab-, semicolon- or bar-separated text. Every cell stays text."""
    sample = text[:64 * 1024]
    try:
        mark = csv.Sniffer().sniff(sample, ",\t;|").delimiter
    except csv.Error:
        mark = max(",\t;|", key=sample.count)
    csv.field_size_limit(1024**2)
    return csv.reader(io.StringIO(text, newline=""), delimiter=mark)


class Tables(HTMLParser):
    """All tables of a web page saved as .xls, and of the XML spreadsheet of Excel 2003, one under the other."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.merges: list[Merge] = []
        self.taken: dict[tuple[int, int], None] = {}
        self.words: list[str] | None = None
        self.place = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("tr", "row"):
            self.rows.append([])
        elif tag in ("td", "th", "cell") and self.rows:
            said = dict(attrs)
            r, c = len(self.rows) - 1, len(self.rows[-1])
            if (said.get("ss:index") or "").isdigit():
                c = max(c, min(int(said["ss:index"] or 0) - 1, COLUMNS))
            while (r, c) in self.taken:
                c += 1
            down = count(said.get("rowspan"), said.get("ss:mergedown"))
            across = count(said.get("colspan"), said.get("ss:mergeacross"))
            self.rows[-1] += [None] * (c - len(self.rows[-1])) + [""] + [None] * (across - 1)
            if down * across > 1:
                self.merges.append((r, c, r + down - 1, c + across - 1))
                self.taken.update(((r + i, c + j), None) for i in range(1, down) for j in range(across))
            self.words, self.place = [], c
        elif tag == "br" and self.words is not None:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data if data == "\n" else re.sub(r"\s+", " ", data))
            self.rows[-1][self.place] = "".join(self.words).strip() or None

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "cell"):
            self.words = None


def count(span: str | None, more: str | None) -> int:
    """How many cells a span covers: HTML counts all of them, Excel 2003 the further ones. 1 to 500."""
    for text, plus in ((span, 0), (more, 1)):
        if text and text.isdigit():
            return max(1, min(int(text) + plus, COLUMNS))
    return 1
