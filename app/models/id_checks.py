"""What an identity number (GB 11643) says beside what the card says, as SQL for both databases: parts of checks.

Each gives what builds a condition over a Frame. They find what came into the file past the fields, or was changed in
one place only; `rules.py` says the same to who writes it. SQL is asked for every row: the fewer calls the better.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from peewee import Case, Expression, fn

from app.models.here import here
from app.models.paths import resolve
from app.models.rules import CHECK_DIGITS, WEIGHTS

DAYS = tuple(f"{date(2001, 1, 1) + timedelta(days=day):%m%d}" for day in range(365))  # of a common year
LONG_YEARS = tuple(str(year) for year in range(1850, 2200) if isleap(year))
EVERY_CHECK_DIGIT = CHECK_DIGITS * (9 * sum(WEIGHTS) // 11 + 1)  # by the weighted sum itself: no remainder to take

Built = Callable[[Any], Any]  # a Frame → the condition over it


def _at(frame: Any, path: str) -> Any:
    return frame.column(resolve(frame.record, path))


def _right_shape(number: Any) -> Any:
    """17 digits and one more or X."""
    if here().file.is_server:
        return Expression(number, "~", "^[0-9]{17}[0-9X]$")
    return Expression(number, "GLOB", "[0-9]" * 17 + "[0-9X]")


def _no_day(number: Any, today: date) -> Any:
    """Whether there is no such day in the calendar, or not yet, or long before anybody now alive."""
    leap_day = (fn.SUBSTR(number, 11, 4) == "0229") & fn.SUBSTR(number, 7, 4).in_(LONG_YEARS)
    in_calendar = fn.SUBSTR(number, 11, 4).in_(DAYS) | leap_day
    return ~in_calendar | ~fn.SUBSTR(number, 7, 8).between("18500101", f"{today:%Y%m%d}")


def wrong_number(number: str) -> Built:
    """The number at this path cannot be: its shape, its birth date or its check digit is wrong."""

    def over(frame: Any) -> Any:
        text = _at(frame, number)
        total: Any = 1
        for place, weight in enumerate(WEIGHTS, 1):
            total = fn.SUBSTR(text, place, 1).cast("INTEGER") * weight + total
        right = fn.SUBSTR(EVERY_CHECK_DIGIT, total, 1)
        wrong = ((~_right_shape(text), 1), (_no_day(text, frame.day), 1), (fn.SUBSTR(text, 18, 1) != right, 1))
        return text.is_null(False) & (Case(None, wrong, 0) == 1)  # a CASE asks in order: only digits are counted

    return over


def born_otherwise(birth: str, number: str) -> Built:
    """The birth at one path, as far as it is known, is not the one in the number at the other."""

    def over(frame: Any) -> Any:
        born, text = _at(frame, birth), _at(frame, number)
        digits = fn.REPLACE(born, "-", "")
        otherwise = fn.SUBSTR(text, 7, fn.LENGTH(digits)) != digits
        return born.is_null(False) & text.is_null(False) & otherwise & _right_shape(text)

    return over


def sex_otherwise(sex: str, number: str) -> Built:
    """The sex (GB/T 2261.1) at one path is not the one in the number at the other; not said is not otherwise."""

    def over(frame: Any) -> Any:
        said, text = _at(frame, sex), _at(frame, number)
        place = fn.SUBSTR(text, 17, 1)
        contrary = ((said == "1") & place.in_(tuple("02468"))) | ((said == "2") & place.in_(tuple("13579")))
        return said.is_null(False) & text.is_null(False) & contrary & _right_shape(text)

    return over


def not_begun_by(card: str, number: str) -> Built:
    """The card number at one path does not begin with the identity number at the other (残疾人证号)."""

    def over(frame: Any) -> Any:
        written, text = _at(frame, card), _at(frame, number)
        return written.is_null(False) & text.is_null(False) & (fn.SUBSTR(written, 1, 18) != text)

    return over


def contrary_sex(sex: str, relation: str, men: tuple[str, ...], women: tuple[str, ...]) -> Built:
    """A relation that only a man has (codes) with the sex of a woman, or the other way round."""

    def over(frame: Any) -> Any:
        said, code = _at(frame, sex), _at(frame, relation)
        contrary = ((said == "2") & code.in_(men)) | ((said == "1") & code.in_(women))
        return said.is_null(False) & code.is_null(False) & contrary

    return over
