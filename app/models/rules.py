"""Reading single values as clerks write them: identity number, name, telephone, account, whole number, yes or no.

Every reader takes the cell of a sheet or the text of an input, and answers a clean value, None for an empty one,
or raises `ValueError` with one whole Chinese sentence that says what is wrong and what would be right. The clean and
common shape is looked for first: an import calls these some 350,000 times.
What all of them share is in `text.py`; days, months and half-known dates are in `dates.py`, money in `money.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from operator import mul

from app.models.here import today as today_here
from app.models.text import EMPTY, HAN, digits_of_number, scientific, text_of, tidy
from app.models.text import Cell as Cell
from app.models.text import squash as squash

# Identity number: GB 11643-1999, check digit by ISO 7064 MOD 11-2

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = ord("0") * sum(WEIGHTS)
CHECK_DIGITS = "10X98765432"
_ID_DAMAGED = "身份证号被存成了数字，末几位已丢失，请按身份证重填。"
_ID_SIGNS = str.maketrans(dict.fromkeys(" '`‘’′´\"-‐‑–—−") | dict.fromkeys("×╳✕хХ", "X"))
_is_id = re.compile(r"\d{17}[\dX]", re.ASCII).fullmatch
_is_card = re.compile(r"(\d{17}[\dX])[1-7][1-4](B\d{1,2})?", re.ASCII).fullmatch


def id_check_digit(first17: str) -> str:
    """The 18th character ("0"–"9" or "X") that belongs to the first 17 digits."""
    return CHECK_DIGITS[(sum(map(mul, WEIGHTS, first17.encode("ascii"))) - _ZEROS) % 11]


@lru_cache(maxsize=65536)
def _birth(text: str) -> date | None:
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return born if born.year >= 1850 else None


def id_birth(number: str) -> date:
    """Date of birth in an 18-character number; `ValueError` where there is no such day."""
    born = _birth(number[6:14])
    if born is None:
        day = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        raise ValueError(f"身份证号里的出生日期 {day} 不存在，请对照身份证更正。")
    return born


def id_sex(number: str) -> str:
    """GB/T 2261.1 code in an 18-character number: "1" male (odd 17th digit), "2" female."""
    return "1" if int(number[16]) % 2 else "2"


def id_from_15(text: str) -> str:
    """The 18-character number that follows from an old one of 15 digits (born 1900–1999)."""
    first17 = f"{text[:6]}19{text[6:]}"
    return first17 + id_check_digit(first17)


def read_id_number(cell: Cell, *, today: date | None = None) -> str | None:
    """公民身份号码: 18 characters with a capital X, a right check digit and a birth not after `today` (or today's day).

    The address code is not judged: districts change, and 81/82/83 and 9 are right too.
    """
    if type(cell) is str and len(cell) == 18 and cell.isascii() and _is_id(cell):
        text = cell
    else:
        text = _tidy_id_number(cell)
        if not text:
            return None
    born = _birth(text[6:14]) or id_birth(text)
    if born > (today or today_here()):
        raise ValueError(f"身份证号里的出生日期 {born} 晚于今天，请对照身份证更正。")
    right = id_check_digit(text[:17])
    if right != text[17]:
        if text.endswith("000"):
            raise ValueError(_ID_DAMAGED)
        raise ValueError(f"身份证号校验不符，前 17 位若无误，末位应为 {right} 而不是 {text[17]}，请对照身份证更正。")
    return text


def _tidy_id_number(cell: Cell) -> str:
    """18 characters of the right shape out of anything else, "" where nothing is written."""
    if cell is None:
        return ""
    if isinstance(cell, (bool, date)):
        raise ValueError("身份证号这一格不是号码，请填写 18 位身份证号。")
    text = text_of(cell if isinstance(cell, str) else digits_of_number(cell, _ID_DAMAGED))
    if scientific(text) or re.fullmatch(r"\d{15,}\.0*", text):
        raise ValueError(_ID_DAMAGED)
    text = text.translate(_ID_SIGNS).upper()
    if len(text) == 18 and "O" in text:
        mended = text.replace("O", "0")
        if _is_id(mended) and id_check_digit(mended[:17]) == mended[17]:
            return mended
    if text and not _is_id(text):
        raise ValueError(_why_no_id(text))
    return text


def _why_no_id(text: str) -> str:
    """The sentence about a text that has not the shape of an identity number."""
    card = _is_card(text)
    if card:
        return f"这是残疾人证号，身份证号是它的前 18 位 {card[1]}，请分开填写。"
    if "*" in text:
        return "这是打了星号的身份证号，请换成完整的 18 位号码。"
    if text[0] == "G" and _is_id(text[1:]):
        return f"这是学籍号，身份证号请去掉开头的 G，填 {text[1:]}。"
    count = sum(sign in "0123456789" for sign in text)
    if count >= 28:
        return "一格里有两个身份证号，请分成两行或两格填写。"
    if count == len(text) == 15:
        new = id_from_15(text)
        if _birth(new[6:14]):
            return f"这是 15 位的旧身份证号，请核对后改为 18 位 {new}。"
        return "15 位的旧身份证号里出生日期不存在，请按身份证填写 18 位号码。"
    if not re.fullmatch(r"\d*[\dX]", text, re.ASCII):
        return f"身份证号“{text}”里有不该有的字，应是 17 位数字加 1 位数字或 X。"
    wrong = f"少了 {18 - len(text)} 位" if len(text) < 18 else f"多了 {len(text) - 18} 位"
    return f"身份证号应为 18 位，现在是 {len(text)} 位，{wrong}，请对照身份证更正。"


# Name

_DOTS = f"(?<=[{HAN}])\\s*[.•・･‧∙⋅●﹒·]\\s*(?=[{HAN}])"
_HAN_BLANK = f"(?<=[{HAN}·])\\s+|\\s+(?=[{HAN}·])"
_brackets = re.compile(r"[(\[{<【〔《](.*?)[)\]}>】〕》]").search
_UNSHOWN = frozenset("□■◇◆○●?\ufffd")
_COLUMN_OF = {"户主": "与户主关系"} | dict.fromkeys(["已故", "故", "去世", "死亡", "亡"], "人员状态")


@cache
def _is_han_name() -> Callable[[str], object]:
    return re.compile(f"[{HAN}]{{2,50}}").fullmatch


def read_name(cell: Cell) -> str | None:
    """A person's name (姓名): no blanks between Chinese characters, U+00B7 between the parts of a minority name."""
    if type(cell) is str and _is_han_name()(cell) and "计" not in cell and "待" not in cell and "同" not in cell:
        return cell if cell not in EMPTY else None
    if cell is None:
        return None
    if not isinstance(cell, str):
        raise ValueError(f"姓名不能是数字或日期，现在是“{cell}”，请核对这一列是不是姓名。")
    written = text_of(cell)
    text = re.sub(_DOTS, "·", re.sub(_HAN_BLANK, "", " ".join(written.lstrip("*★☆ ").split())))
    if text in EMPTY:
        return None
    if "*" in text or (written[0] == "*" and len(text) == 1):
        raise ValueError(f"“{written}”是打了星号的姓名，请换成完整的姓名。")
    note = _brackets(text)
    if note:
        column = _COLUMN_OF.get(note[1].strip(), "备注")
        alone = text.replace(note[0], "").strip()
        raise ValueError(f"姓名里带有“{note[0]}”，请把“{note[1]}”填到“{column}”一列，姓名只写“{alone}”。")
    if any(word in text for word in ("合计", "小计", "总计", "累计")):
        raise ValueError(f"“{text}”是合计行，不是姓名，这一行不用导入。")
    for sign in text:
        if not (unicodedata.category(sign)[0] in "LM" or sign in "〇·" or (sign in " .'-" and text[0] < "\u0250")):
            raise ValueError(_why_no_name(text, sign))
    if len(text) > 50:
        raise ValueError("姓名超过 50 个字，请核对这一格是不是姓名。")
    return text


def _why_no_name(text: str, sign: str) -> str:
    """The sentence about a sign that does not belong into a name."""
    if unicodedata.category(sign) == "Co":
        return f"姓名“{text}”里有自造字，别的电脑显示不出来，{_standard_form(sign)}"
    if sign in _UNSHOWN:
        return f"姓名“{text}”里有没显示出来的字“{sign}”，请照户口簿补上原字。"
    if sign.isdigit():
        return f"姓名“{text}”里有数字，请只写姓名。"
    return f"姓名“{text}”里有“{sign}”，一格只写一个人的姓名，不带标点。"


def _standard_form(sign: str) -> str:
    """What to do about a private-use character: the old GBK places of GB 18030 have a standard form today."""
    row, place = divmod(ord(sign) - 0xE815, 80)  # U+E815–E864 stood at FE50–FEA0 (without FE7F)
    if row == 0:
        code = 0x50 + place + (place >= 0x2F)
        standard = bytes([0xFE, code]).decode("gb18030")
        if unicodedata.category(standard) != "Co":
            return f"请改用标准字“{standard}”。"
    return "请照户口簿改用标准字。"


# Telephone, bank account

_is_mobile = re.compile(r"1[3-9]\d{9}", re.ASCII).fullmatch
_is_land_line = re.compile(r"(010|02\d|0[3-9]\d\d)([2-8]\d{6,7})", re.ASCII).fullmatch
_separated = re.compile(r"[、/,;|]|\d{7}\s+(?=\d{7})")
_TELEPHONE_DAMAGED = "电话被存成了科学计数，请按文本重新填写。"


def read_telephone(cell: Cell) -> str | None:
    """One telephone number: a mobile of 11 digits, or a land line as 0873-6123456."""
    if type(cell) is str and len(cell) == 11 and cell[0] == "1" and _is_mobile(cell):
        return cell
    if cell is None:
        return None
    if isinstance(cell, (bool, date)):
        raise ValueError("联系电话这一格不是号码，请填写 11 位手机号或带区号的固定电话。")
    text = text_of(cell if isinstance(cell, str) else digits_of_number(cell, _TELEPHONE_DAMAGED))
    if not text:
        return None
    if scientific(text):
        raise ValueError(_TELEPHONE_DAMAGED)
    if "同" in text:
        raise ValueError(f"“{text}”请换成实际的电话号码。")
    if "*" in text:
        raise ValueError("这是打了星号的电话，请换成完整的号码。")
    if _separated.search(text):
        raise ValueError("一格里有几个电话，这里只填一个，其余的填到“第二电话”。")
    digits = re.sub(r"[\s()'`‘’—–_-]", "", re.sub(r"(?<=\d{7})\.0*$", "", text))
    digits = re.sub(r"^(\+|00)?86(?=1\d{10}$|0\d{9,11}$)", "", digits)
    if _is_mobile(digits):
        return digits
    land = _is_land_line(digits)
    if land and (len(land[1]) == 4 or len(land[2]) == 8):
        return f"{land[1]}-{land[2]}"
    raise ValueError(_why_no_telephone(digits))


def _why_no_telephone(digits: str) -> str:
    if not digits.isdigit():
        return f"电话“{digits}”里有不是数字的字，只写号码，说明请写到备注。"
    if len(digits) in (7, 8):
        return f"固定电话“{digits}”没有区号，请写成 0873-6123456 的样子。"
    if digits[0] == "1":
        return f"手机号“{digits}”不对，应是 11 位、以 13 至 19 开头，现在是 {len(digits)} 位。"
    if digits[0] != "0" and _is_land_line("0" + digits):
        return f"固定电话“{digits}”的区号少了开头的 0。"
    return f"电话“{digits}”不对，应是 11 位手机号，或带区号的固定电话如 0873-6123456。"


def read_account(cell: Cell) -> str | None:
    """A bank account (账号): 12 to 19 digits as text. The Luhn digit is not asked: passbooks have none."""
    if type(cell) is str and 12 <= len(cell) <= 19 and cell.isascii() and cell.isdigit():
        return cell
    if cell is None:
        return None
    damaged = "账号被存成了数字，末几位已丢失，请按存折或银行卡重填。"
    if isinstance(cell, (bool, date)):
        raise ValueError("账号这一格不是号码，请填写 12 至 19 位数字的账号。")
    text = text_of(cell if isinstance(cell, str) else digits_of_number(cell, damaged))
    if scientific(text) or re.fullmatch(r"\d{12,}\.0*", text):
        raise ValueError(damaged)
    text = re.sub(r"[\s'`‘’—–-]", "", text)
    if not text:
        return None
    if "*" in text:
        raise ValueError("这是打了星号的账号，请换成完整的账号。")
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"账号“{text}”里有不是数字的字，一格只写一个账号。")
    if not 12 <= len(text) <= 19:
        raise ValueError(f"账号应是 12 至 19 位数字，现在是 {len(text)} 位，请对照存折或银行卡更正。")
    return text


# Free text, whole number, yes or no

_NOTHING = frozenset(["", "-", "--", "—", "——", "/", "\\", "、"])


def read_text(cell: Cell) -> str | None:
    """One line of free text (文字): a line break inside becomes a blank, Chinese punctuation stays as it is."""
    lines = read_lines(cell)
    return lines.replace("\n", " ") if lines and "\n" in lines else lines


def read_lines(cell: Cell) -> str | None:
    """Free text of several lines (备注), each tidied; a number or day as a person would write it."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = tidy(str(cell))
    return None if text in _NOTHING else text


_is_counted = re.compile(
    r"([+-]?\d+|[+-]?\d{1,3}(?:,\d{3})+)(?:\.0*)?\s*[人户口个件次岁月天年间台张份名亩只头]?", re.ASCII
).fullmatch


def read_whole(cell: Cell, low: int, high: int) -> int | None:
    """A whole number from `low` to `high`; a counting word behind it (3人) is let go."""
    if cell is None:
        return None
    if isinstance(cell, str):
        text = text_of(cell)
        if not text:
            return None
        found = _is_counted(text)
        if not found:
            raise ValueError(f"“{text}”不是整数，请填 {low} 到 {high} 之间的整数。")
        value = int(found[1].replace(",", ""))
    elif isinstance(cell, (bool, date)) or cell != cell or abs(cell) > 1e15 or cell != int(cell):
        raise ValueError(f"“{cell}”不是整数，请填 {low} 到 {high} 之间的整数。")
    else:
        value = int(cell)
    if not low <= value <= high:
        raise ValueError(f"{value} 不在范围内，请填 {low} 到 {high} 之间的整数。")
    return value


_YES = frozenset([*"是√✓✔☑●■有对∨1YTV", "YES", "TRUE", "1.0", "享受", "已享受"])
_NO = frozenset([*"否无不非未没×✗✘✕☐□○0NFX", "NO", "FALSE", "0.0", "没有", "不是", "不享受", "未享受"])


def read_flag(cell: Cell) -> bool | None:
    """Yes or no (是/否) in any of the ways clerks tick a box; 无 and N are no here, not empty."""
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)) and cell in (0, 1):
        return bool(cell)
    text = squash(str(cell)).upper()
    if text in _YES:
        return True
    if text in _NO:
        return False
    if text in EMPTY:
        return None
    raise ValueError(f"“{text}”看不出是还是否，请填“是”或“否”。")
