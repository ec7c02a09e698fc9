"""What an operation must still pass before it commits: no duplicates, no refused check; and its search words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import peewee

from app.models import search
from app.models.faults import Fault, Reject
from app.models.fields import Link
from app.models.frame import TRUE, Frame
from app.models.guard import guard
from app.models.here import here
from app.models.paths import Path, resolve
from app.models.record import Check

PART = 5_000  # keys in one IN (…)


def settle(operation: Any) -> None:
    """Run over everything that the operation touched. Raises Reject."""
    faults: list[Fault] = []
    for record, touched in list(operation.touched.items()):
        keys = list(dict.fromkeys(touched))
        guard(record, keys)
        faults.extend(record.together())
        faults.extend(duplicates(record, keys))
        faults.extend(_refused(record, keys))
        faults.extend(record.clashes(keys))
        if record.checked_with:
            faults.extend(_refused(*_linked(record, record.checked_with, keys)))
        if record.search_by:
            search.refresh(record, keys)
    if faults:
        raise Reject(*faults)
    from app.models.findings import recheck  # what it looks at again was found by these questions

    recheck(operation)


def _parts(keys: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), PART):
        yield list(keys[start : start + PART])


class _Listed(peewee.Node):
    """Values in one piece, as they are stored: Peewee composing them one by one takes longer than asking."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values

    def __sql__(self, ctx: Any) -> Any:
        ctx._values.extend(self.values)
        return ctx.literal(f"({', '.join([ctx.state.param or '?'] * len(self.values))})")


def among(column: Any, values: Sequence[Any]) -> Any:
    """column IN (…)."""
    return peewee.Expression(column, peewee.OP.IN, _Listed(values))


def _refused(record: Any, keys: Sequence[int]) -> Iterator[Fault]:
    for check in record.checks:
        if check.refuse:
            yield from _met(record, check, keys)


def _linked(record: Any, link: str, keys: Sequence[int]) -> tuple[Any, list[int]]:
    """The record that a link leads to, and the keys of the rows linked from `keys`."""
    field, found = record.facts()[link], set[Any]()
    for part in _parts(keys):
        rows = record.select(field).where(among(record.id, part)).distinct()
        found.update(row[0] for row in here().file.database.execute(rows).fetchall())
    return field.rel_model, sorted(found - {None})


def _met(record: Any, check: Check, keys: Sequence[int]) -> Iterator[Fault]:
    for part in _parts(keys):
        frame = Frame(record)
        meets = among(frame.root.id, part) & frame.present() & check.over(frame)
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
        paths = [as_key(resolve(record, text)) for text in texts]
        for part in _parts([key for key in keys if key not in settled]):
            frame = Frame(record)
            columns = [frame.column(path) for path in paths]
            if record.again:
                columns += [frame.root.since, frame.root.until]
            known = among(frame.root.id, part)
            for column in columns[: len(paths)]:
                known &= column.is_null(False)
            mine = here().file.database.execute(frame.select(frame.root.id, *columns, where=known)).fetchall()
            settled.update(row[0] for row in mine)
            labels = "、".join(path.label for path in paths)
            for found in _twins(record, paths, mine):
                yield Fault(texts[0], f"已有{labels}相同的{record.word}（{found}），请打开那一条修改，不要重复登记。")


def as_key(path: Path) -> Path:
    """A link stands for the row it leads to, not for that row's title."""
    return resolve(path.record, f"{path.text}.id") if path.ends_in and path.fact is not path.ends_in else path


def _twins(record: Any, paths: Sequence[Path], rows: Sequence[Any]) -> dict[str, None]:
    """What the other rows are called that have the same values as one of `rows`, which are (key, *values)."""
    if not rows:
        return {}
    seen: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for key, *values in rows:
        seen.setdefault(tuple(values[: len(paths)]), []).append((key, *values[len(paths) :]))
    frame = Frame(record)
    columns = [frame.column(path) for path in paths]
    alike = TRUE
    for column, values in zip(columns, zip(*seen, strict=True), strict=True):
        alike &= among(column, sorted(set(values)))
    if record.again:
        columns += [frame.root.since, frame.root.until]
    titles = [(number, path) for number, path in enumerate(paths) if not isinstance(path.fact, Link)]
    if not titles:  # nothing but keys: the row is called what it is called everywhere
        titles = [(len(columns), resolve(record, record.shown_by))]
        columns.append(frame.column(titles[0][1]))
    found = here().file.database.execute(frame.select(frame.root.id, *columns, where=alike)).fetchall()
    times = slice(len(paths), len(paths) + 2 if record.again else len(paths))
    return dict.fromkeys(
        " ".join(path.fact.mask(path.fact.python_value(values[number])) for number, path in titles)
        for key, *values in found
        if any(_collide((key, *values[times]), mine) for mine in seen.get(tuple(values[: len(paths)]), ()))
    )


def _collide(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two rows of the same one, (key) or (key, since, until), are both true on some day."""
    if one[0] == other[0]:
        return False
    (since, until), (begun, ended) = ((row[1:] or (None, None)) for row in (one, other))
    return not ((until and begun and until <= begun) or (ended and since and ended <= since))
