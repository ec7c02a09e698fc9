"""The text of a cell: comparable, without what cannot be seen, and the ways of writing nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache

Cell = str | int | float | bool | date | None  # a datetime is a date

EMPTY = frozenset(["", *"无空-—―/\\、Nn", "--", "——", "//", "N/A", "null", "NULL", "待补", "待补充", "暂无"])
_SAME = frozenset(["同上", "同左", "同前", "同户主", "同户", "〃", "″", '"'])
HAN = "〇一-鿿㐀-䶿\U00020000-\U0002ee5d\U00030000-\U0003347f"

_excel_control = re.compile("_x000[0-9A-Fa-f]_")
_excel_error = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|未计算)", re.IGNORECASE).match
scientific = re.compile(r"[+-]?\d(\.\d+)?[Ee]\+?\d+").fullmatch


@cache
def _plain() -> Callable[[str], object]:
    """Compiled when the first text is read: classes of so many characters take milliseconds at the start."""
    return re.compile(f"[!-~·{HAN}]*").fullmatch


def _half_width() -> dict[int, int | None]:
    """Code point → its plain form, or None where it is invisible and dropped."""
    table: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    table.update(dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)]))
    table.update(dict.fromkeys([9, 10, 11, 12, 13, 0x85, 0x2028, 0x2029], 0x20))
    table.update(dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], 0x20))
    table.update(dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]))
    table.update(dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))  # variation selectors
    return table


_HALF_WIDTH = _half_width()
_KEPT = {10, 13, *(code for code in range(0xFF01, 0xFF5F) if not chr(code - 0xFEE0).isalnum())}  # breaks, punctuation
_TIDY = {code: plain for code, plain in _HALF_WIDTH.items() if code not in _KEPT}


def squash(text: str) -> str:
    """Text as one comparable line: half-width, NFC, without invisible signs and outer blanks.

    A line break or tab inside becomes one blank. Rare characters (extensions A to J) are kept as they are.
    """
    if _plain()(text) and "_x" not in text:
        return text
    return unicodedata.normalize("NFC", _excel_control.sub("\n", text).translate(_HALF_WIDTH)).strip()


def tidy(text: str) -> str:
    """Free text with its line breaks and Chinese punctuation; letters and digits half-width, invisible signs gone."""
    if _plain()(text) and "_x" not in text:
        return refused_formula(text)
    lines = _excel_control.sub("\n", text).translate(_TIDY).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    whole = "\n".join(line.strip() for line in lines).strip("\n")
    return refused_formula(unicodedata.normalize("NFC", re.sub("\n{2,}", "\n", whole)))


def refused_formula(text: str) -> str:
    """The same text, unless it is what a sheet leaves of a formula without a result."""
    if text.startswith("#") and _excel_error(text):
        raise ValueError(f"单元格里是公式错误“{text}”，请填写实际内容。")
    return text


def text_of(cell: str) -> str:
    """`squash`, "" for the ways of writing nothing; formula errors and 同上 are refused."""
    text = squash(cell)
    if text in EMPTY:
        return ""
    refused_formula(text)
    if text.startswith("="):
        raise ValueError("单元格里是没有算出结果的公式，请填写算好的内容。")
    if text in _SAME:
        raise ValueError(f"“{text}”请换成实际内容，每一行都要写全。")
    return text


def digits_of_number(cell: int | float, damaged: str) -> str:
    """The digits of a number cell, for values that are texts of digits.

    Sheets keep 15 significant digits: a longer number has lost its end and is refused with the sentence `damaged`.
    """
    if isinstance(cell, bool) or cell != cell or abs(cell) >= 1e15:
        raise ValueError(damaged)
    if cell != int(cell) or cell < 0:
        raise ValueError(f"“{cell}”不是号码，请按文本填写完整的号码。")
    return str(int(cell))
