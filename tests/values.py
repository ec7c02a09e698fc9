"""Values that each kind of fact can have, for properties (hypothesis strategies)."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from app.models import fields
from app.models.dates import FIRST_YEAR, LAST_YEAR, PartialDate
from app.models.derived import Age, Apart, Count, First, Total
from app.models.here import today
from app.models.money import MOST
from app.models.rules import id_check_digit

HAN = st.sampled_from("杨李王单仇曾翟解牛街村组一二三〇䶮𠮷𫚕且或非有含")
LINE = st.text(
    HAN | st.sampled_from("abcXYZ019 -—,.;:，。、；：（）()[]{}<>=!%_\\\"'/&|+*?#~@$^`·×√今天"), min_size=1, max_size=20
)
DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def readable(fact: Any, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """What the fact reads out of any of these texts."""

    def read(text: str) -> Any:
        try:
            return fact.read(text)
        except ValueError:
            return None

    return texts.map(read).filter(lambda value: value is not None)


def digits(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=least, max_size=most)


@st.composite
def partial(draw: Any) -> PartialDate:
    day = draw(DAYS)
    known = draw(st.integers(1, 3))
    return PartialDate(day.year, day.month if known > 1 else 0, day.day if known > 2 else 0)


@st.composite
def id_numbers(draw: Any) -> str:
    born = draw(st.dates(date(FIRST_YEAR, 1, 1), today()))
    first = f"990001{born:%Y%m%d}{draw(digits(3, 3))}"
    return first + id_check_digit(first)


def values(fact: Any) -> st.SearchStrategy[Any]:
    """Any value that this fact can have, other than none."""
    match fact:
        case Age():
            ages = st.integers(0, 150)
            return ages | st.tuples(ages, ages).filter(lambda pair: pair[0] < pair[1])
        case Apart():
            return st.booleans()
        case Total():
            return st.integers(-MOST + 1, MOST - 1)
        case Apart():
            return st.booleans()
        case Count():
            return st.integers(0, 9_999_999)
        case First():
            return values(fact.fact)
        case fields.Code():
            return st.sampled_from([code for code, _ in fact.codes.choices()])
        case fields.Flag():
            return st.booleans()
        case fields.Whole():
            return st.integers(fact.low, fact.high)
        case fields.Money():
            return st.integers(-MOST + 1, MOST - 1)
        case fields.Day():
            return DAYS
        case fields.Month():
            return DAYS.map(lambda day: f"{day:%Y-%m}")
        case fields.Birth():
            return partial()
        case fields.IdNumber():
            return id_numbers()
        case fields.Telephone():
            return readable(
                fact, digits(9, 9).map(lambda text: "13" + text) | digits(7, 7).map(lambda text: "0873-2" + text[1:])
            )
        case fields.Account():
            return digits(12, 19)
        case fields.PersonName():
            return readable(
                fact, st.text(HAN, min_size=1, max_size=8) | st.sampled_from(["Mary Ann", "阿依·买买提", "o'Neil"])
            )
        case fields.Remark():
            return readable(fact, st.lists(LINE, min_size=1, max_size=3).map("\n".join))
        case fields.DocumentNumber():
            return readable(fact, st.text("ABCXYZ0123456789-", min_size=1, max_size=12))
        case fields.Text() | fields.Moment() | fields.Scan():
            return readable(fact, LINE)
    raise LookupError(f"no values for {fact!r}")
