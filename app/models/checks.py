"""The checks of every record as SQL over the whole file (数据体检), and which facts each of them looked at.

What follows from the other declarations need not be declared again: `same_as` says what must not be there twice, and
a link's `among` which rows it may lead to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any

import peewee
from peewee import Case, fn

from app.models.conditions import Condition, Empty, Or, both, read
from app.models.database import troubles
from app.models.derived import Count, First
from app.models.fields import Link
from app.models.frame import TRUE, Frame
from app.models.here import here
from app.models.operation import encode
from app.models.paths import Path, resolve
from app.models.record import Check
from app.models.settle import PART, among, as_key, same

Group = tuple[int, ...]  # keys of the rows that a finding is about; the first stands for it


@cache
def checks_of(record: Any) -> tuple[Check, ...]:
    """The declared checks and those that follow from `same_as` and from links."""
    return (*record.checks, *_no_twins(record), *_right_links(record))


def _no_twins(record: Any) -> Iterator[Check]:
    declared = {check.same for check in record.checks}
    earlier: list[Condition] = []
    for texts in same(record):
        lacking = both(*earlier)
        earlier.append(Or(tuple(map(Empty, texts))) if len(texts) > 1 else Empty(texts[0]))
        if (shared := " ".join(texts)) in declared:
            continue
        labels = "、".join(resolve(record, text).label for text in texts)
        yield Check(
            _asking(lacking) if lacking else "",
            f"{labels}相同的{record.word}登记了不止一条，请核对后删去多余的。",
            title=f"{record.word}重复登记", same=shared, gone=not record.again,
        )  # fmt: skip


def _asking(condition: Condition) -> Callable[[Frame], Any]:
    return lambda frame: frame.where(condition)


def _right_links(record: Any) -> Iterator[Check]:
    for name, link in record.facts().items():
        if isinstance(link, Link) and link.among:
            sentence = f"{link.label}不是“{link.among}”的{link.rel_model.word}，请重新选择。"
            yield Check(_not_among(name, link), sentence, title=f"{link.label}不对")


def _not_among(name: str, link: Link) -> Any:
    def over(frame: Frame) -> Any:
        column, target = frame.column(resolve(frame.record, f"{name}.id")), Frame(link.rel_model, frame.day)
        right = target.select(target.root.id, where=target.where(read(link.among, link.rel_model)))
        return column.is_null(False) & column.not_in(right)

    return over


# --- the whole file ---------------------------------------------------------------------------------------------------


def met(record: Any, check: Check, keys: Sequence[int] | None = None) -> list[Group]:
    """The rows that meet a check, each alone or with those it shares its facts with; only among `keys` where given."""
    find = _sharing if check.same else _meeting
    if keys is None:
        return find(record, check, None)
    if check.same:  # whoever shares must be asked about together
        return find(record, check, keys)
    return [group for start in range(0, len(keys), PART) for group in find(record, check, keys[start : start + PART])]


def _rows(query: Any) -> list[tuple[Any, ...]]:
    with troubles():
        found: list[tuple[Any, ...]] = here().file.database.execute(query).fetchall()
    return found


def _whom(frame: Frame, check: Check, keys: Sequence[int] | None) -> Any:
    present = TRUE if check.gone else frame.present()
    return present if keys is None else present & among(frame.root.id, list(keys))


def _meeting(record: Any, check: Check, keys: Sequence[int] | None) -> list[Group]:
    frame = Frame(record)
    meets = _whom(frame, check, keys) & check.over(frame)
    return _rows(frame.select(frame.root.id, where=meets).order_by(frame.root.id))


def _sharing(record: Any, check: Check, keys: Sequence[int] | None) -> list[Group]:
    paths = _shared(record, check)
    groups, frame = Frame(record), Frame(record)
    number, strange = len(paths), fn.COUNT(groups.root.id) >= check.many
    whose = TRUE
    if check.where:
        strange &= fn.SUM(Case(None, ((check.over(groups), 1),), 0)) > 0
        whose = _sharing_one(groups.column(paths[0]), record, check, paths[0], keys)
    if check.differ:
        strange &= fn.COUNT(fn.DISTINCT(fn.COALESCE(*_differing(groups, check)))) > 1
    columns = [groups.column(path) for path in paths]
    shared = groups.select(*columns, where=_whom(groups, check, keys) & _known(columns) & whose)
    shared = shared.group_by(*(peewee.SQL(str(at)) for at in range(1, number + 1))).having(strange)
    columns = [frame.column(path) for path in paths]
    whom = _whom(frame, check, keys) & _known(columns)
    whom &= (columns[0] if number == 1 else peewee.Tuple(*columns)).in_(shared)
    rows = _rows(frame.select(*columns, frame.root.id, where=whom).order_by(*columns, frame.root.id))
    return [tuple(row[-1] for row in some) for _, some in groupby(rows, key=lambda row: row[:-1])]


def _sharing_one(column: Any, record: Any, check: Check, path: Path, keys: Sequence[int] | None) -> Any:
    """Only those that share the first fact with one that meets the condition: mostly few, so that few are grouped."""
    frame = Frame(record)
    meets = _whom(frame, check, keys) & check.over(frame)
    return column.in_(frame.select(frame.column(path), where=meets))


def _shared(record: Any, check: Check) -> list[Path]:
    return [as_key(resolve(record, text)) for text in check.same.split()]


def _differing(frame: Frame, check: Check) -> list[Any]:
    texts = check.differ.split("|")
    return [frame.column(resolve(frame.record, text)) for text in texts] + [""] * (len(texts) == 1)


def _known(columns: Sequence[Any]) -> Any:
    every = TRUE
    for column in columns:
        every &= column.is_null(False)
    return every


# --- what a check looked at -------------------------------------------------------------------------------------------


class Seen:
    """The facts that a check looked at in some rows, and the keys of the other rows it saw on the way."""

    def __init__(self, record: Any, check: Check, keys: Sequence[int]) -> None:
        self.record, self.check = record, check
        self.facts: dict[int, list[Any]] = {key: [] for key in keys}
        self.others: dict[int, set[int]] = {key: set() for key in keys}
        asked = Frame(record)
        if check.where:
            check.over(asked)
        if check.same:
            _ = [asked.column(path) for path in _shared(record, check)], check.differ and _differing(asked, check)
        self.paths, self.had = list(asked.asked.values()), asked.had
        for start in range(0, len(keys), PART):
            self._look(list(keys[start : start + PART]))

    def _look(self, part: list[int]) -> None:
        frame = Frame(self.record)
        columns = [frame.column(path) for path in self.paths]
        passed = {text: frame.column(resolve(self.record, text)) for path in self.paths for text in _passed(path)}
        wanted = (frame.root.id, *columns, *passed.values())
        for key, *values in _rows(frame.select(*wanted, where=among(frame.root.id, part))):
            self.facts[key] += values[: len(columns)]
            self.others[key].update(value for value in values[len(columns) :] if value)
        for record, link, where in self.had:
            for owner, other in _related(record, link, where, part):
                self.facts[owner].append(other)
        for record, link in {(one, link) for one, link, _ in self.had} | set(_counted(self.paths)):
            for owner, other in _related(record, link, None, part):
                self.others[owner].add(other)

    def digest(self, group: Group) -> int:
        """A positive whole number of 63 bits: the same as long as the check finds the same facts in the same rows."""
        told = [self.check.name, self.record._meta.table_name, [[key, *self.facts[key]] for key in group]]
        return int.from_bytes(hashlib.sha256(encode(told).encode()).digest()[:8]) >> 1

    def looked_at(self, group: Group) -> set[int]:
        """The rows whose change may put it right."""
        return set(group).union(*(self.others[key] for key in group))


def _passed(path: Path) -> Iterator[str]:
    """The links that a path goes through, as paths to their rows."""
    names = [link.name for link in path.links]
    return (".".join(names[: length + 1]) + ".id" for length in range(len(names)))


def _counted(paths: Sequence[Path]) -> Iterator[tuple[Any, str]]:
    for path in paths:
        if isinstance(path.fact, Count | First) and not path.links:
            yield path.fact.record(), path.fact.link


def _related(record: Any, link: str, where: Any, owners: list[int]) -> list[tuple[Any, ...]]:
    """(owner, key) of the rows present that hang on these by the link and meet a condition."""
    frame = Frame(record)
    column = getattr(frame.root, link)
    meets = among(column, owners) & frame.present() & frame.where(where)
    return _rows(frame.select(column, frame.root.id, where=meets).order_by(frame.root.id))
