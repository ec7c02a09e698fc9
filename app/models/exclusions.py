"""Who may not be enrolled (不得纳入): the dead, those who left, and those in a category that excludes this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.models.faults import Fault
from app.models.here import here

BLOCK, EXPLAIN, WARN = "1", "2", "3"  # of the code table exclusion_effect
PART = 400
FAR = "9999-12-31"

GONE = """
SELECT p.name, p.until, c.name FROM enrolment e
JOIN person p ON p.id = e.person_id JOIN category c ON c.id = e.category_id
WHERE e.id IN ({keys}) AND p.until IS NOT NULL AND (e.until IS NULL OR e.until > p.until)
"""

# Those whom an enrolment is about: in whose name it stands, and whom it covers.
ABOUT = """
SELECT id AS enrolment, person_id AS person FROM enrolment
UNION SELECT enrolment_id, person_id FROM covered_person
"""

PAIRS = f"""
SELECT DISTINCT p.name, mine.name, other.name, x.effect, x.reason, e.explained, o.explained
FROM enrolment e
JOIN ({ABOUT}) am ON am.enrolment = e.id
JOIN ({ABOUT}) ao ON ao.person = am.person AND ao.enrolment <> e.id
JOIN enrolment o ON o.id = ao.enrolment
JOIN exclusion x ON (x.first_id = e.category_id AND x.second_id = o.category_id)
    OR (x.second_id = e.category_id AND x.first_id = o.category_id)
JOIN person p ON p.id = am.person
JOIN category mine ON mine.id = e.category_id JOIN category other ON other.id = o.category_id
WHERE e.id IN ({{keys}}) AND e.since < coalesce(o.until, '{FAR}') AND o.since < coalesce(e.until, '{FAR}')
"""


TWICE = """
SELECT a.name, b.name FROM exclusion x
JOIN exclusion y ON y.first_id = x.second_id AND y.second_id = x.first_id
JOIN category a ON a.id = x.first_id JOIN category b ON b.id = x.second_id
WHERE x.id IN ({keys})
"""


def _asked(sql: str, keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(keys), PART):
        part = list(keys[start : start + PART])
        yield from here().file.run(sql.format(keys=", ".join("?" * len(part))), part).fetchall()


def clashes(keys: Sequence[int]) -> Iterator[Fault]:
    """Why these enrolments cannot stand as they are, by name."""
    for name, left, category in _asked(GONE, keys):
        yield Fault("person", f"{name}已于 {left} 离开或去世，不能在这之后仍是“{category}”，请填退出日期。")
    for name, mine, other, effect, reason, *explained in _asked(PAIRS, keys):
        why = f"（{reason}）" if reason else ""
        if effect == BLOCK:
            yield Fault("category", f"{name}已纳入“{other}”，不能同时纳入“{mine}”{why}，请先办退出。")
        elif effect == EXPLAIN and not any(explained):
            yield Fault("explained", f"{name}已纳入“{other}”，同时纳入“{mine}”须填写并存说明{why}。")


def said_twice(keys: Sequence[int]) -> Iterator[Fault]:
    """Exclusions that are said already the other way round."""
    for first, second in _asked(TWICE, keys):
        yield Fault("second", f"“{second}”与“{first}”互斥已有规定，请打开那一条修改，不要反过来再登记一条。")


def remarks(keys: Sequence[int]) -> list[str]:
    """What should be looked at though it may stand, in sentences."""
    return [
        f"{name}同时在“{other}”{f'，{reason}' if reason else ''}，请核对。"
        for name, mine, other, effect, reason, *_ in _asked(PAIRS, keys)
        if effect not in (BLOCK, EXPLAIN)
    ]
