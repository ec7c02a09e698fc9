"""What an operation must still pass before it commits: no duplicates, no refused check; and its search words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import peewee

from app.models import search
from app.models.conditions import read
from app.models.faults import Fault, Reject
from app.models.fields import Link
from app.models.frame import TRUE, Frame
from app.models.guard import guard
from app.models.here import here
from app.models.paths import Path, resolve
from app.models.record import Check

PART = 500


def settle(operation: Any) -> None:
    """Run over everything that the operation touched. Raises Reject."""
    faults: list[Fault] = []
    for record, touched in list(operation.touched.items()):
        keys = list(dict.fromkeys(touched))
        guard(record, keys)
        faults.extend(record.together())
        faults.extend(duplicates(record, keys))
        faults.extend(_refused(record, keys))
        if record.checked_with:
            faults.extend(_refused(*_linked(record, record.checked_with, keys)))
        if record.search_by:
            search.refresh(record, keys)
    if faults:
        raise Reject(*faults)


def _parts(keys: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), PART):
        yield list(keys[start : start + PART])


def _among(column: Any, values: Sequence[Any]) -> Any:
    """column IN (…) with all values in one piece: composing it value by value takes longer than asking."""
    marks = ", ".join([here().file.database.param] * len(values))
    return peewee.Expression(column, peewee.OP.IN, peewee.SQL(f"({marks})", tuple(values)))


def _refused(record: Any, keys: Sequence[int]) -> Iterator[Fault]:
    for check in record.checks:
        if check.refuse:
            yield from _met(record, check, keys)


def _linked(record: Any, link: str, keys: Sequence[int]) -> tuple[Any, list[int]]:
    """The record that a link leads to, and the keys of the rows linked from `keys`."""
    field, found = record.facts()[link], set[Any]()
    for part in _parts(keys):
        rows = record.select(field).where(_among(record.id, part)).distinct()
        found.update(row[0] for row in here().file.database.execute(rows).fetchall())
    return field.rel_model, sorted(found - {None})


def _met(record: Any, check: Check, keys: Sequence[int]) -> Iterator[Fault]:
    condition = read(check.where, record)
    for part in _parts(keys):
        frame = Frame(record)
        meets = _among(frame.root.id, part) & frame.present() & frame.where(condition)
        met = frame.select(frame.root.id, where=meets)
        if here().file.database.execute(met).fetchone():
            yield Fault("", check.sentence)


def same(record: Any) -> list[list[str]]:
    """What makes two rows the same: alternatives, each a list of paths."""
    return [part.split() for part in record.same_as.split("|")] if record.same_as else []


def duplicates(record: Any, keys: Sequence[int]) -> Iterator[Fault]:
    """Rows that are the same as another: by the first alternative of `same_as` whose facts this row has all."""
    settled: set[int] = set()
    for texts in same(record):
        paths = [_as_key(resolve(record, text)) for text in texts]
        for part in _parts([key for key in keys if key not in settled]):
            frame = Frame(record)
            columns = [frame.column(path) for path in paths]
            known = _among(frame.root.id, part)
            for column in columns:
                known &= column.is_null(False)
            mine = here().file.database.execute(frame.select(frame.root.id, *columns, where=known)).fetchall()
            settled.update(row[0] for row in mine)
            labels = "、".join(path.label for path in paths)
            for found in _twins(record, paths, mine):
                yield Fault(texts[0], f"已有{labels}相同的{record.word}（{found}），请打开那一条修改，不要重复登记。")


def _as_key(path: Path) -> Path:
    """A link stands for the row it leads to, not for that row's title."""
    return resolve(path.record, f"{path.text}.id") if path.ends_in and path.fact is not path.ends_in else path


def _twins(record: Any, paths: Sequence[Path], rows: Sequence[Any]) -> dict[str, None]:
    """What the other rows are called that have the same values as one of `rows`, which are (key, *values)."""
    if not rows:
        return {}
    seen: dict[tuple[Any, ...], int] = {}
    for key, *values in rows:
        seen.setdefault(tuple(values), key)
    frame = Frame(record)
    columns = [frame.column(path) for path in paths]
    alike = TRUE
    for column, values in zip(columns, zip(*seen, strict=True), strict=True):
        alike &= _among(column, sorted(set(values)))
    found = here().file.database.execute(frame.select(frame.root.id, *columns, where=alike)).fetchall()
    return dict.fromkeys(
        " ".join(
            path.fact.mask(path.fact.python_value(value))
            for path, value in zip(paths, values, strict=True)
            if not isinstance(path.fact, Link)
        )
        for key, *values in found
        if seen.get(tuple(values), key) != key
    )
