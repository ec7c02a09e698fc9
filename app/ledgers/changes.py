"""What happened to rows (变动记录): the operations that changed them, and each fact before and after, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.models import query
from app.models.fields import Link, Scan
from app.models.history import HistoryLine, changes_of, changes_to_rows, records
from app.models.operation import Image
from app.models.paths import resolve
from app.work.choices import described

EMPTY, GONE = "（空）", "（已删除）"
TOLD = 30  # changes of one operation that are told


@dataclass(frozen=True)
class RowChange:
    """What an operation made of one row: new, removed, or (caption, before, after) for each fact that changed."""

    row: str  # the word for it and its name; nothing for the row itself
    what: str  # 新登记, 删除, or nothing
    facts: tuple[tuple[str, str, str], ...] = ()

    def sentence(self) -> str:
        facts = [f"{caption} {before or EMPTY} → {after or EMPTY}" for caption, before, after in self.facts]
        return (f"{self.row}：" if self.row else "") + (self.what or "；".join(facts))


@dataclass(frozen=True)
class Happened:
    """One operation, and what it did to the rows asked about."""

    number: int
    at: str
    who: str
    title: str
    rows: tuple[RowChange, ...]


def happened(own: int, rows: Sequence[tuple[Any, Sequence[int]]], whole: bool = False) -> tuple[Happened, ...]:
    """The operations that changed these rows, given as (record, keys), newest first; `own` is the row itself.

    Private facts are masked unless `whole`.
    """
    changes = [(record, *change) for record, keys in rows for change in changes_to_rows(record._meta.table_name, keys)]
    changes.sort(key=lambda change: -change[1].id)
    names = _names(changes)
    found = []
    for number, several in groupby(changes, lambda change: change[1].id):
        group = list(several)
        line = group[0][1]
        told = [_told(change, names, whole, own) for change in _once(group)]
        if kept := tuple(one for one in told if one.what or one.facts):
            found.append(Happened(number, line.at, line.who, line.title, kept))
    return tuple(found)


def told_of(number: int) -> list[str]:
    """What one operation did to each row, in sentences, for whoever looks through the history; private facts masked.

    Only the first rows, and how many there are.
    """
    ((changed,),) = query.rows(HistoryLine, [resolve(HistoryLine, "changes")], [number])
    line, known = HistoryLine(id=number), records()
    changes = [
        (known[table], line, key, before, after)
        for table, key, _, before, after in changes_of(number, TOLD)
        if table in known
    ]
    names = _names(changes)
    told = [_told(change, names, False, 0).sentence() for change in _once(changes)]
    return [*told, f"……这次操作一共改动 {changed:,} 行。"] if (changed or 0) > TOLD else told


Change = tuple[Any, HistoryLine, int, Image | None, Image | None]  # record, operation, key, before, after
Names = dict[tuple[Any, int], str]


def _once(group: Sequence[Change]) -> list[Change]:
    """Each row once, though an operation may have changed it several times: the first image and the last."""
    rows: dict[int, Change] = {}
    for record, line, key, before, after in group:
        first = rows[key][3] if key in rows else before
        rows[key] = (record, line, key, first, after)
    return list(rows.values())


def _names(changes: Sequence[Change]) -> Names:
    """How the changed rows and those that they link to are called."""
    wanted: dict[Any, set[int]] = {}
    for record, _, key, before, after in changes:
        wanted.setdefault(record, set()).add(key)
        for link in (fact for fact in record.facts().values() if isinstance(fact, Link)):
            linked = {image.get(link.column_name) for image in (before, after) if image}
            wanted.setdefault(link.rel_model, set()).update(one for one in linked if one)
    return {
        (record, one.key): one.whole if record.shown_by != "name" else one.title
        for record, keys in wanted.items()
        for one in described(record, list(keys))
    }


def _told(change: Change, names: Names, whole: bool, own: int) -> RowChange:
    record, _, key, before, after = change
    row = "" if key == own else f"{record.word} {names.get((record, key), '')}".strip()
    if before is None or after is None:
        return RowChange(row, "新登记" if after else "删除" if before else "")
    facts = []
    for fact in record.facts().values():
        was, now = before.get(fact.column_name), after.get(fact.column_name)
        if was != now:
            facts.append((fact.label, _text(fact, was, names, whole), _text(fact, now, names, whole)))
    return RowChange(row, "", tuple(facts))


def _text(fact: Any, stored: Any, names: Names, whole: bool) -> str:
    """A stored value as a person reads it."""
    if stored is None:
        return ""
    if isinstance(fact, Link):
        return names.get((fact.rel_model, stored)) or GONE
    if isinstance(fact, Scan):
        return "（有照片）"
    write = fact.mask if fact.private and not whole else fact.show
    return str(write(fact.python_value(stored)))
