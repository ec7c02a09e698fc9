"""Days, months and half-known dates as clerks write them, and age.

A day is a `date`, a month the text "YYYY-MM", a half-known date (只知年或年月) a `PartialDate`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app.models.text import Cell, text_of

FIRST_YEAR, LAST_YEAR = 1850, 2199
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of spreadsheet serial numbers (1900 epoch)

_shape = re.compile(
    r"(\d{4})\s*[-./、年\s]\s*(?:(\d{1,2})\s*(?:(?:[-./、\s]|月份?)\s*(?:(\d{1,2})\s*[日号.]?)?)?)?"
    r"(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
    re.ASCII,
).fullmatch
_digits = re.compile(r"(\d{4})(\d\d)?(\d\d)?", re.ASCII).fullmatch
_RIGHT = "请写成 2023-05-01 的样子。"


def _parts(cell: Cell) -> tuple[int, int, int] | None:
    """Year, month, day of any shape clerks use; 0 where month or day is not said. None for an empty cell."""
    if cell is None:
        return None
    if isinstance(cell, date):
        return _right(cell.year, cell.month, cell.day, str(cell))
    if isinstance(cell, bool):
        raise ValueError(f"这一格不是日期，{_RIGHT}")
    if isinstance(cell, (int, float)):
        return _number_parts(cell)
    text = text_of(cell)
    if not text:
        return None
    found = _digits(text) or _shape(text)
    if not found:
        raise ValueError(_why_no_date(text))
    return _right(int(found[1]), int(found[2] or 0), int(found[3] or 0), text)


def _number_parts(cell: int | float) -> tuple[int, int, int]:
    """A number cell: a spreadsheet's serial, 20230501, 202305, a year, or 2023.5 meant as a month."""
    if 20000 <= cell <= 60000:
        day = _SERIAL_ZERO + timedelta(days=int(cell))
        return day.year, day.month, day.day
    text = str(int(cell)) if cell == cell and abs(cell) < 1e9 and cell == int(cell) else str(cell)
    if re.fullmatch(r"\d{4}\.1", text):
        raise ValueError(f"“{text}”分不清是 1 月还是 10 月，请写成 {text[:4]}-01 或 {text[:4]}-10。")
    found = _digits(text) or re.fullmatch(r"(\d{4})\.(\d{1,2})()", text)
    if not found:
        raise ValueError(f"“{text}”不是日期，{_RIGHT}")
    return _right(int(found[1]), int(found[2] or 0), int(found[3] or 0), text)


def _right(year: int, month: int, day: int, text: str) -> tuple[int, int, int]:
    """The same parts if there is such a day, month or year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        if not re.match(r"[1-9]\d{3}(\D|\d{4}$|$)", text):
            raise ValueError(f"“{text}”的年份不对，年份要写四位，{_RIGHT}")
        raise ValueError(f"“{text}”的年份不对，应在 {FIRST_YEAR} 年到 {LAST_YEAR} 年之间，请更正。")
    if month > 12:
        raise ValueError(f"“{text}”里没有 {month} 月，请更正月份。")
    if day and (not month or day > monthrange(year, month)[1]):
        raise ValueError(f"“{text}”这一天不存在，{year} 年 {month} 月没有 {day} 日，请更正。")
    return year, month, day


def _why_no_date(text: str) -> str:
    """The sentence about a text that is no date."""
    if "民国" in text:
        return f"“{text}”是民国纪年，请换成公历，民国元年是 1912 年。"
    if re.search(r"\d\s*(周?岁|虚岁)", text):
        return f"“{text}”是年龄，请填出生年月日；只知道年份的填年份，如 1948年。"
    if re.fullmatch(r"\d{2}\s*[-./年]\s*\d{1,2}(\D+\d{1,2}日?)?(月份?)?", text):
        return f"“{text}”的年份只有两位，请写成四位，如 1963-05-12。"
    if text in ("至今", "长期", "永久", "现在", "长期有效"):
        return f"“{text}”不是日期，没有截止日期的请留空。"
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return f"“{text}”像是表格软件的日期序号，请把这一列设为日期格式，或{_RIGHT[1:]}"
    return f"“{text}”不是日期，{_RIGHT}"


def _plain_day(cell: Cell) -> date | None:
    """The day of a text like 2023-05-01, as most are; None for anything else, for which the longer way has words."""
    if type(cell) is str and len(cell) == 10 and cell[4] == "-" and cell[7] == "-" and "1850" <= cell < "2200":
        try:
            return date.fromisoformat(cell)
        except ValueError:
            pass
    return None


def read_day(cell: Cell) -> date | None:
    """A whole day: 2023.5.1, 2023年5月1日, 20230501, a date, or a serial number (20000–60000) in a number cell."""
    if found := _plain_day(cell):
        return found
    parts = _parts(cell)
    if parts is None:
        return None
    year, month, day = parts
    if not day:
        raise ValueError(f"“{cell}”没有写到日，{_RIGHT}")
    return date(year, month, day)


def read_month(cell: Cell) -> str | None:
    """A month as "YYYY-MM"; of a whole day its month. The number 2023.1 is refused: it may have been 2023.10."""
    parts = _parts(cell)
    if parts is None:
        return None
    if not parts[1]:
        raise ValueError(f"“{cell}”没有写月份，请写成 2023-05 的样子。")
    return f"{parts[0]:04d}-{parts[1]:02d}"


@dataclass(frozen=True, order=True, slots=True)
class PartialDate:
    """A date of which perhaps only the year, or year and month, are known (0 = not known).

    Its text, `str()`, is "1963", "1963-05" or "1963-05-12"; texts and values sort alike.
    """

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        _right(self.year, self.month, self.day, f"{self.year}-{self.month}-{self.day}")

    @staticmethod
    def parse(text: str) -> PartialDate:
        """The value of a stored text; `ValueError` for any other text. See `read_partial_date` for clerks' shapes."""
        return _parse(text)

    @property
    def first(self) -> date:
        """The earliest day it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        if self.day:
            return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"
        return f"{self.year:04d}-{self.month:02d}" if self.month else f"{self.year:04d}"

    def show(self) -> str:
        """1963年, 1963年5月 or 1963-05-12."""
        if self.day:
            return str(self)
        return f"{self.year}年{self.month}月" if self.month else f"{self.year}年"


_is_stored = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII).fullmatch


@lru_cache(maxsize=65536)
def _parse(text: str) -> PartialDate:
    found = _is_stored(text)
    if not found or found[2] == "00" or found[3] == "00":
        raise ValueError(f"“{text}”不是日期，{_RIGHT}")
    return PartialDate(int(found[1]), int(found[2] or 0), int(found[3] or 0))


def read_partial_date(cell: Cell) -> PartialDate | None:
    """A date of birth or the like in any shape, also 1963, 1963.05, 196305 and 19630500 (day not known)."""
    if found := _plain_day(cell):
        return PartialDate(found.year, found.month, found.day)
    parts = _parts(cell)
    return None if parts is None else PartialDate(*parts)


def age_on(born: PartialDate, day: date) -> tuple[int, int]:
    """Lowest and highest age in full years (周岁) on `day`; the same twice where the birth is fully known.

    A birthday counts from that day on; who was born on 29 February has it on 1 March in common years.
    (-1, -1) where even the earliest birth is after `day`; where only the latest one is, the lowest age is 0.
    """
    if born.first > day:
        return -1, -1
    return max(_years(born.last, day), 0), _years(born.first, day)


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
