"""Undo (撤销): an operation that puts back what another one changed, where nobody has touched it since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.models.faults import Fault, Reject
from app.models.fields import Link
from app.models.here import here
from app.models.history import HistoryLine, changes_of, records
from app.models.operation import Image, operation
from app.models.paths import resolve
from app.models.query import rows
from app.models.record import put_back, referring, stored


@dataclass(frozen=True)
class Left:
    """A row that was not put back: what the undone operation made of it, what it is now, and why it stays."""

    word: str
    key: int
    made: Image | None
    now: Image | None
    why: str


@dataclass(frozen=True)
class Undone:
    """What an undo did: how many rows came back, and those it left alone."""

    title: str
    count: int
    left: tuple[Left, ...]

    def sentence(self) -> str:
        said = f"已撤销“{self.title}”，{self.count} 行恢复原样。"
        if not self.left:
            return said
        return said + f"另有 {len(self.left)} 行后来又改过或被用到，保留不动：{self.left[0].why}"


def undo(number: int) -> Undone:
    """Undo operation `number`. Raises Reject when it is not there, was undone already, or nothing can be put back."""
    line = HistoryLine.get_or_none(HistoryLine.id == number)
    if line is None:
        raise Reject(Fault("", f"操作日志里没有第 {number} 号操作。"))
    if _undone(number):
        raise Reject(Fault("", f"第 {number} 号操作“{line.title}”已经撤销过了。"))
    known, left, count = records(), [], 0
    with operation(f"撤销：{line.title}", undoes=number):
        for table, key, before, after in _to_put_back(number):
            record = known[table]
            now = stored(record, [key]).get(key)
            rev = now.pop("rev") if now else _last_rev(key)
            if why := _why_left(record, key, before, after, now):
                left.append(Left(record.word, key, after, now, why))
            else:
                put_back(record, key, before, rev + 1)
                count += 1
        if not count:
            raise Reject(Fault("", f"“{line.title}”改过的内容后来都又改过或被用到，没有可以撤销的。"))
    return Undone(line.title, count, tuple(left))


def _undone(number: int) -> bool:
    """Whether an operation was undone, and that undo was not undone itself."""
    undos = here().file.run("SELECT id FROM operation WHERE undoes = ?", (number,)).fetchall()
    return any(not _undone(row[0]) for row in undos)


def _to_put_back(number: int) -> list[tuple[str, int, Image | None, Image | None]]:
    """The rows that an operation changed, each once: (table, key, first image before, last image after).

    In the order of putting back: the last first; a row that was made goes where its making stands, below all that came
    to use it.
    """
    rows: dict[tuple[str, int], tuple[int, Image | None, Image | None]] = {}
    for place, (table, key, _, before, after) in enumerate(changes_of(number)):
        first, before, _ = rows.get((table, key), (place, before, None))
        rows[table, key] = (first if before is None else place, before, after)
    ordered = sorted(rows.items(), key=lambda row: row[1][0], reverse=True)
    return [(*row, before, after) for row, (_, before, after) in ordered if before != after]


def _why_left(record: Any, key: int, before: Image | None, after: Image | None, now: Image | None) -> str | None:
    if now != after:
        return f"{record.word}“{_called(record, key)}”后来又改过。" if now else f"有一条{record.word}后来已删除。"
    if before is None:
        holders = "、".join(dict.fromkeys(referring(record, key)))
        return f"{record.word}“{_called(record, key)}”已被{holders}用到。" if holders else None
    for link in (fact for fact in record.facts().values() if isinstance(fact, Link)):
        linked = before.get(link.column_name)
        if linked is not None and linked != key and not stored(link.rel_model, [linked]):
            return f"有一条{record.word}原来的{link.label}后来已删除。"
    return None


def _called(record: Any, key: int) -> str:
    path = resolve(record, record.shown_by)
    (value,) = rows(record, [path], [key])[0]
    return path.fact.mask(value) or str(key)


def _last_rev(key: int) -> int:
    rev: int = here().file.run('SELECT max(rev) FROM "change" WHERE "key" = ?', (key,)).fetchone()[0]
    return rev


def last_of(who: str) -> tuple[int, str] | None:
    """Number and title of the newest operation of this clerk that is no undo and is not undone."""
    sql = "SELECT id, title FROM operation WHERE who = ? AND undoes IS NULL ORDER BY id DESC"
    lines: Any = here().file.run(sql, (who,))
    return next(((number, title) for number, title in lines if not _undone(number)), None)


def undo_last(who: str) -> str:
    """Undo the newest operation of this clerk and say in a sentence what came back."""
    found = last_of(who)
    if found is None:
        raise Reject(Fault("", "没有可以撤销的操作。"))
    return undo(found[0]).sentence()
