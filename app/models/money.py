"""Money: kept as whole fen (分), shown in yuan, written out in Chinese capitals.

Capitals follow 《支付结算办法》附一 (正确填写票据和结算凭证的基本规定).
"""

from __future__ import annotations

import re
from datetime import date

from app.models.text import Cell, text_of

MOST = 10**14  # fen: below one 万亿 yuan, more than any township's ledger

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿")

_is_written = re.compile(
    r"(?:人民币|RMB)?\s*[￥¥]?\s*([+-]?)\s*[￥¥]?\s*(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?"
    r"\s*(万元|元整|元正|元|圆整|圆)?(?:/月|每月|/人月|/人)?",
    re.ASCII,
).fullmatch
_is_capitals = re.compile(
    r"(?:人民币)?(负?)(?:([零一二两三四五六七八九十百千万亿]+)元)?"
    r"零?(?:([零一二三四五六七八九])角)?零?(?:([零一二三四五六七八九])分)?整?"
).fullmatch
_SIMPLE = str.maketrans(
    "〇壹贰叁肆伍陆柒捌玖拾佰仟圆正萬億貳參陸",
    "零一二三四五六七八九十百千元整万亿二三六",
)
_VALUE = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNIT = {"十": 10, "百": 100, "千": 1000}


def read_money(cell: Cell) -> int | None:
    """An amount in fen out of 350, "1,200.00元", "￥350", "350/月", "壹佰元整" or "1.2万元".

    At most two decimals of yuan; 万元 only where it is written out; a minus sign is kept.
    """
    if cell is None:
        return None
    if isinstance(cell, (bool, date)):
        raise ValueError("金额这一格不是数，请填以元为单位的数，如 350 或 350.50。")
    if isinstance(cell, int):
        return _within(cell * 100)
    if isinstance(cell, float):
        return _of_float(cell)
    if len(cell) < 10 and cell.isascii() and cell.isdigit():
        return int(cell) * 100
    text = text_of(cell)
    if not text:
        return None
    found = _is_written(text)
    if not found:
        return _of_capitals(text)
    sign, whole, decimals, unit = found[1], found[2].replace(",", ""), found[3] or "", found[4]
    places = 6 if unit == "万元" else 2
    if len(decimals.rstrip("0")) > places:
        raise ValueError(f"金额“{text}”的小数多于两位，最小到分，请改为两位小数以内。")
    fen = int(whole) * 10**places + int(decimals.rstrip("0").ljust(places, "0"))
    return _within(-fen if sign == "-" else fen)


def _within(fen: int) -> int:
    if abs(fen) >= MOST:
        raise ValueError("金额太大，请核对单位是不是元。")
    return fen


def _of_float(cell: float) -> int:
    """Fen of a number cell; the noise of binary arithmetic (350.00000000000006) is let go, a third decimal is not."""
    if not abs(cell) < MOST / 100:
        raise ValueError("金额太大，请核对单位是不是元。")
    fen = round(cell * 100)
    if abs(cell * 100 - fen) > 1e-4 + abs(fen) * 4e-16:
        raise ValueError(f"金额“{cell}”的小数多于两位，最小到分，请改为两位小数以内。")
    return fen


def _of_capitals(text: str) -> int:
    """Fen of 壹仟贰佰元整 or 一千二百元; whatever else stands there is refused with the sentence that fits it."""
    plain = text.translate(_SIMPLE).replace(" ", "")
    found = _is_capitals(plain)
    if found and (found[2] or found[3] or found[4]):
        yuan = _of_chinese(found[2] or "零")
        fen = yuan * 100 + _VALUE[found[3] or "零"] * 10 + _VALUE[found[4] or "零"]
        if not found[2] or _bare(_capitals(yuan)) == _bare(found[2]):  # the same words again, or the text is muddled
            return _within(-fen if found[1] else fen)
    if re.fullmatch(r"[\d.,]+万", text):
        raise ValueError(f"“{text}”的单位不清，请写成“{text}元”或以元为单位的数。")
    if re.search(r"/年|每年|/季", text):
        raise ValueError(f"“{text}”不是每月的金额，请换算后只填以元为单位的数。")
    if re.search(r"[/\d][~～至-]\d|、|;", text):
        raise ValueError(f"“{text}”里不止一个金额，一格只填一个数。")
    raise ValueError(f"“{text}”不是金额，请填以元为单位的数，如 350 或 1,200.50。")


def _bare(words: str) -> str:
    """Numerals without the freedoms of writing: 零 or not, 十 or 一十, 两 or 二."""
    return re.sub("^十", "一十", words.translate(_SIMPLE).replace("零", "").replace("两", "二"))


def _of_chinese(text: str) -> int:
    """Yuan of simple Chinese numerals; the caller checks that they were well formed."""
    total, section, digit = 0, 0, 0
    for sign in re.sub("^十", "一十", text):
        if sign in _VALUE:
            digit = _VALUE[sign]
        elif sign in _UNIT:
            section += digit * _UNIT[sign]
            digit = 0
        else:
            total += (section + digit) * (10**8 if sign == "亿" else 10**4)
            section = digit = 0
    return total + section + digit


def show_money(fen: int) -> str:
    """120000 → "1,200.00" (yuan)."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def capital_money(fen: int) -> str:
    """120000 → "人民币壹仟贰佰元整"; down to fen without 整, one 零 for the gaps. Below one 万亿 yuan."""
    if abs(fen) >= MOST:
        raise ValueError("金额太大，大写只到千亿元。")
    yuan, rest = divmod(abs(fen), 100)
    jiao, single = divmod(rest, 10)
    words = "人民币负" if fen < 0 else "人民币"
    if yuan or not rest:
        words += _capitals(yuan) + "元"
    if not rest:
        return words + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return words + _DIGITS[single] + "分" if single else words


def _capitals(yuan: int) -> str:
    """Capitals of a whole number below 万亿: sections of four digits, 零 where a section begins with noughts."""
    if not yuan:
        return "零"
    words = ""
    for power in (2, 1, 0):
        section = yuan // 10 ** (4 * power) % 10000
        if section:
            words += "零" if words and section < 1000 else ""
            words += _section(section) + _SECTIONS[power]
    return words


def _section(section: int) -> str:
    """Capitals of 1–9999 without leading or trailing 零."""
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = section // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return words
