"""Questions to the file: keys in order, rows by window, counts, sums and groups; one query each.

Ledgers, the check-up and the commands ask here and nowhere else. Rows that who is signed in may not see are not there.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from peewee import SQL, Case, Field, fn

from app.models import roles, scope
from app.models.conditions import And, Condition, Of, parts_of
from app.models.database import troubles
from app.models.derived import Age
from app.models.frame import Frame
from app.models.here import here, today
from app.models.paths import Path, resolve

PART = 500
CELLS = 60  # counts in one SELECT
MOST_GROUPS = 1000  # values of a column that are told apart
MANY = 10_000  # keys taken from the file at once
ANY_ROW = -(1 << 60)  # stands for the key of a row in SQL that is kept
AS_STORED = Field.python_value  # what a field does that keeps its values as they are


def _run(query: Any) -> Any:
    with troubles():
        return here().file.database.execute(query)


def _meeting(frame: Frame, where: Condition | None, gone: bool = False) -> Any:
    """The WHERE of the rows that meet a condition and may be seen; with `gone` also those not present."""
    meets = frame.where(where) & frame.seen()
    return meets if gone else frame.present() & meets


def outside(record: Any, keys: Sequence[int]) -> set[int]:
    """Those of the rows that are another village's than that of who is signed in."""
    who = roles.clerk()
    if who is None or who.village is None or not keys:
        return set()
    frame, found = Frame(record), set[int]()
    within = scope.within(frame, who.village)
    if within is None:
        return found
    for start in range(0, len(keys), PART):
        part = frame.root.id.in_(list(keys[start : start + PART]))
        found.update(row[0] for row in _run(frame.select(frame.root.id, where=part & ~within)).fetchall())
    return found


def visible(record: Any, keys: Sequence[int]) -> list[int]:
    """Those of the rows that who is signed in may see, in their order."""
    hidden = set(keys) if scope.limit(record) == scope.NOTHING else outside(record, keys)
    return [key for key in keys if key not in hidden]


def keys(
    record: Any, where: Condition | None = None, order: Sequence[str] = (), day: date | None = None, gone: bool = False
) -> array[int]:
    """Keys of the rows that meet a condition, in order; `-path` is descending. With `gone` also those not present."""
    found, cursor = array("q"), _asked(record, where, day or today(), gone, tuple(order))
    while part := cursor.fetchmany(MANY):  # a million rows at once would be a million tuples at once
        found.extend([row[0] for row in part])
    return found


def lines(record: Any, link: str, key: int, order: Sequence[str] = (), day: date | None = None) -> list[int]:
    """Keys of the rows of `record` present on the day that hang on one row by this link (明细), in order."""
    frame = Frame(record, day)
    ordering = [mark for text in order for mark in _ordered(frame, text)]
    hang = frame.present() & (getattr(frame.root, link) == key) & frame.seen()
    query = frame.select(frame.root.id, where=hang).order_by(*ordering, frame.root.id)
    return [row[0] for row in _run(query).fetchall()]


def _ordered(frame: Frame, text: str) -> list[Any]:
    """What a path adds to ORDER BY; numbers kept as texts stand by their length first, so that 10 comes behind 9."""
    path = resolve(frame.record, text.lstrip("-"))
    column, down = frame.column(path), text.startswith("-")
    if isinstance(path.fact, Age):
        down = not down  # the older were born earlier
    marks = [fn.LENGTH(column), column] if getattr(path.fact, "numbered", False) else [column]
    return [mark.desc(nulls="last") if down else mark.asc(nulls="first") for mark in marks]


def rows(record: Any, paths: Sequence[Path], wanted: Sequence[int], day: date | None = None) -> list[tuple[Any, ...]]:
    """For each wanted key, in that order, the values of Python at the paths; all None where it is gone or unseen."""
    found: dict[int, tuple[Any, ...]] = {}
    day = day or today()
    for start in range(0, len(wanted), PART):
        part = list(wanted[start : start + PART])
        sql, values, at = _window(record, tuple(paths), day, len(part), here().file.is_server)
        values[at : at + len(part)] = part
        with troubles():
            stored = here().file.database.execute_sql(sql, values).fetchall()
        found.update(zip((row[0] for row in stored), _python(record, paths, stored, day), strict=True))
    nothing = (None,) * len(paths)
    return [found.get(key, nothing) for key in wanted]


def _window(record: Any, paths: tuple[Path, ...], day: date, number: int, server: bool) -> tuple[str, list[Any], int]:
    """The query for the rows of so many keys: its SQL, its values, and where the keys stand among them."""
    sql, values, at = _compiled(record, paths, day, day < today(), number, server, scope.limits())
    return sql, list(values), at


@lru_cache(maxsize=128)
def _compiled(
    record: Any, paths: tuple[Path, ...], day: date, past: bool, number: int, server: bool, limits: Hashable
) -> tuple[str, list[Any], int]:
    """Put into SQL once for a page that is scrolled: composing takes longer than asking. A day that passes is past."""
    frame, stand_ins = Frame(record, day), list(range(-number, 0))
    columns = [frame.column(path) for path in paths]
    query = frame.select(frame.root.id, *columns, where=frame.root.id.in_(stand_ins) & frame.seen())
    sql, values = here().file.database.get_sql_context().sql(query).query()
    return sql, values, values.index(-number)


def _python(record: Any, paths: Sequence[Path], stored: Sequence[Any], day: date) -> Iterator[tuple[Any, ...]]:
    """The stored values behind the key of each row, as values of Python; column by column, most are so already."""
    if not (stored and paths):
        return iter([()] * len(stored))
    frame = Frame(record, day)
    columns = list(zip(*stored, strict=True))[1:]
    for at, path in enumerate(paths):
        convert = frame.python(path)
        if getattr(convert, "__func__", None) is not AS_STORED:
            columns[at] = tuple(map(convert, columns[at]))
    return iter(zip(*columns, strict=True))


def count(record: Any, where: Condition | None = None, day: date | None = None, gone: bool = False) -> int:
    total: int = _asked(record, where, day or today(), gone, None).fetchone()[0]
    return total


def _asked(record: Any, where: Condition | None, day: date, gone: bool, order: tuple[str, ...] | None) -> Any:
    """The keys that meet a condition, in order; their number where no order is asked for.

    What belongs to one row is put into SQL once for all rows: composing takes longer than asking.
    """
    about = next((part for part in parts_of(where) if isinstance(part, Of)), None)
    if about is None:
        sql, values = _composed(record, where, day, gone, order)
    else:
        others = [part for part in parts_of(where) if part is not about]
        where = And((Of(about.word, ANY_ROW), *others))
        file = here().file
        sql, kept = _composed_once(record, where, day, day < today(), gone, order, file.is_server, scope.limits())
        values = [about.key if value == ANY_ROW else value for value in kept]
    with troubles():
        return here().file.database.execute_sql(sql, values)


def _composed(
    record: Any, where: Condition | None, day: date, gone: bool, order: tuple[str, ...] | None
) -> tuple[str, list[Any]]:
    frame = Frame(record, day)
    meets = _meeting(frame, where, gone)
    if order is None:
        query = frame.select(fn.COUNT(frame.root.id), where=meets)
    else:
        ordering = [mark for text in order for mark in _ordered(frame, text)]
        query = frame.select(frame.root.id, where=meets).order_by(*ordering, frame.root.id)
    sql, values = here().file.database.get_sql_context().sql(query).query()
    return sql, values


@lru_cache(maxsize=256)
def _composed_once(
    record: Any, where: Condition, day: date, past: bool, gone: bool, order: tuple[str, ...] | None, server: bool,
    limits: Hashable,
) -> tuple[str, list[Any]]:
    return _composed(record, where, day, gone, order)


def sums(
    record: Any, paths: Sequence[Path], where: Condition | None = None, day: date | None = None,
    among: Sequence[int] | None = None,
) -> list[int]:
    """The sum at each path over the rows that meet a condition, or over the rows `among`."""
    if among is not None:
        columns = list(zip(*rows(record, paths, among, day), strict=True))
        return [sum(value or 0 for value in column) for column in columns] if columns else [0] * len(paths)
    if not paths:
        return []
    frame = Frame(record, day)
    measures = [fn.COALESCE(fn.SUM(frame.column(path)), 0) for path in paths]
    found = _run(frame.select(*measures, where=_meeting(frame, where))).fetchone()
    return [int(value) for value in found]


def tallies(
    record: Any, conditions: Sequence[Condition | None], where: Condition | None = None, of: Path | None = None,
    day: date | None = None, gone: bool = False,
) -> list[int]:
    """For each condition how many rows meet it and `where`; with `of` how many different values they have there, or
    their sum where its sum means something. One query for so many conditions as a database takes at once."""
    found: list[int] = []
    for start in range(0, len(conditions), CELLS):
        frame = Frame(record, day)
        column = frame.column(of) if of else 1
        measures = []
        for condition in conditions[start : start + CELLS]:
            mine = Case(None, ((frame.where(condition), column),), None)
            adds = of is not None and of.adds
            measures.append(fn.COALESCE(fn.SUM(mine), 0) if adds else fn.COUNT(mine.distinct() if of else mine))
        row = _run(frame.select(*measures, where=_meeting(frame, where, gone))).fetchone()
        found.extend(int(value) for value in row)
    return found


def groups(
    record: Any, path: Path, where: Condition | None = None, day: date | None = None, gone: bool = False,
    most: int = MOST_GROUPS,
) -> list[tuple[Any, int]]:
    """The values at a path with how many rows have each, most first: heading filters and 分类汇总."""
    frame = Frame(record, day)
    column, convert = frame.column(path), frame.python(path)
    number = fn.COUNT(frame.root.id)
    meets = _meeting(frame, where, gone)
    query = frame.select(column, number, where=meets)
    if isinstance(path.fact, Age):  # ages are ranges of birth dates: counted here, not in SQL
        ages: dict[Any, int] = {}
        for value, many in _run(query.group_by(column)).fetchall():
            ages[convert(value)] = ages.get(convert(value), 0) + many
        return sorted(ages.items(), key=lambda pair: (-pair[1], str(pair[0])))[:most]
    first = SQL("1")  # PostgreSQL takes a column with values in it for another one when it is said twice
    query = query.group_by(first).order_by(number.desc(), first.asc(nulls="first")).limit(most)
    return [(convert(value), many) for value, many in _run(query).fetchall()]
