"""Undo (撤销): an operation that puts back what another one changed, where nobody has touched it since.

Undoing an undo brings the operation back (恢复), and undoing that undoes it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.models import roles
from app.models.faults import Fault, Reject
from app.models.fields import Link
from app.models.here import here
from app.models.history import HistoryLine, changes_of, records
from app.models.operation import Image, demand, operation
from app.models.paths import resolve
from app.models.progress import Progress, unwatched
from app.models.query import rows
from app.models.record import holders, put_back, stored

UNDO, REDO = "撤销", "恢复"
STEP = 500  # rows between two words of progress


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
    """What an undo did to the operation `title`: how many rows came back, and those it left alone."""

    verb: str
    title: str
    count: int
    left: tuple[Left, ...]

    def sentence(self) -> str:
        came = "恢复原样" if self.verb == UNDO else "重新生效"
        said = f"已{self.verb}“{self.title}”，{self.count:,} 行{came}。"
        if not self.left:
            return said
        return said + f"另有 {len(self.left):,} 行后来又改过或被用到，保留不动：{self.left[0].why}"


@dataclass(frozen=True)
class _Step:
    """One row to put back: its image before the operation, and what the operation made of it."""

    record: Any
    key: int
    before: Image | None
    after: Image | None


def undo(number: int, progress: Progress = unwatched) -> Undone:
    """Undo operation `number`. Raises Reject when it is not there, was undone already, or nothing can be put back."""
    line = HistoryLine.get_or_none(HistoryLine.id == number)
    if line is None:
        raise Reject(Fault("", f"操作日志里没有第 {number} 号操作。"))
    demand("undo" if line.who == here().who else "undo_others", f"撤销：{line.title}")
    if not line.changes:
        raise Reject(Fault("", f"第 {number} 号操作“{line.title}”没有改动登记内容，不用撤销。"))
    if _undone(number):
        raise Reject(Fault("", f"第 {number} 号操作“{line.title}”已经撤销过了。"))
    verb, title = _what_it_does(line)
    left: list[Left] = []
    with operation(f"{verb}：{title}", undoes=number):
        wanted = _Wanted(_to_put_back(number))
        many = 2 * len(wanted.steps)  # each is looked at, then put back
        for done, step in enumerate(wanted.steps):
            if done % STEP == 0:
                progress(done, many, f"正在{verb}")
            if why := wanted.why_left(step):
                left.append(Left(step.record.word, step.key, step.after, wanted.now.get(step.key), why))
            else:
                wanted.take(step)
        done = len(wanted.steps)
        for (record, _), alike in groupby(wanted.taken, lambda step: (step.record, step.before is None)):
            progress(done, many, f"正在{verb}")
            rows_back = [(step.key, step.before, wanted.rev(step.key) + 1) for step in alike]
            put_back(record, rows_back)
            done += len(rows_back)
        progress(many, many, "核对并写入操作日志")
        if not wanted.taken:
            raise Reject(Fault("", f"“{line.title}”改过的内容后来都又改过或被用到，没有可以撤销的。"))
    return Undone(verb, title, len(wanted.taken), tuple(left))


def _what_it_does(line: HistoryLine) -> tuple[str, str]:
    """Whether undoing this operation undoes (撤销) or brings back (恢复), and the title of what it does so to."""
    undos = 0
    while line.undoes is not None:
        line, undos = HistoryLine.get_by_id(line.undoes), undos + 1
    return REDO if undos % 2 else UNDO, line.title


class _Wanted:
    """The rows to put back, looked at together: how they stand now, and who links to those that would go."""

    def __init__(self, steps: list[_Step]) -> None:
        self.steps, self.taken = steps, list[_Step]()
        self.now: dict[int, Image] = {}
        self._revs: dict[int, int] = {}
        self._holders: dict[int, list[tuple[int, str]]] = {}
        self._gone: set[int] = set()
        self._back: set[int] = set()
        for record in {step.record for step in steps}:
            mine = [step for step in steps if step.record is record]
            self.now |= stored(record, [step.key for step in mine])
            self._holders |= holders(record, [step.key for step in mine if step.before is None])
        for key, image in self.now.items():
            self._revs[key] = image.pop("rev")

    def rev(self, key: int) -> int:
        """The last `rev` of a row, which only grows."""
        return self._revs[key] if key in self._revs else _last_rev(key)

    def take(self, step: _Step) -> None:
        self.taken.append(step)
        (self._gone if step.before is None else self._back).add(step.key)

    def why_left(self, step: _Step) -> str | None:
        """Why a row must stay as it is, or None when it can be put back."""
        word, now = step.record.word, self.now.get(step.key)
        if now != step.after:
            return f"{word}“{_called(step.record, step.key)}”后来又改过。" if now else f"有一条{word}后来已删除。"
        if step.before is None:
            moved = self._gone | self._back  # these link to it no more once they are put back
            using = [other for child, other in self._holders.get(step.key, ()) if child not in moved]
            called = "、".join(dict.fromkeys(using))
            return f"{word}“{_called(step.record, step.key)}”已被{called}用到。" if using else None
        for link in (fact for fact in step.record.facts().values() if isinstance(fact, Link)):
            linked = step.before.get(link.column_name)
            if linked in (None, step.key, (now or {}).get(link.column_name)) or linked in self._back:
                continue
            if linked in self._gone or not stored(link.rel_model, [linked]):
                return f"有一条{word}原来的{link.label}后来已删除。"
        return None


def _undone(number: int) -> bool:
    """Whether an operation was undone, and that undo was not undone itself."""
    undos = here().file.run("SELECT id FROM operation WHERE undoes = ?", (number,)).fetchall()
    return any(not _undone(row[0]) for row in undos)


def _to_put_back(number: int) -> list[_Step]:
    """The rows that an operation changed, each once, in the order of putting back.

    The last first; a row that was made goes where its making stands, below all that came to use it.
    """
    known = records()
    rows: dict[tuple[str, int], tuple[int, Image | None, Image | None]] = {}
    for place, (table, key, _, before, after) in enumerate(changes_of(number)):
        first, before, _ = rows.get((table, key), (place, before, None))
        rows[table, key] = (first if before is None else place, before, after)
    ordered = sorted(rows.items(), key=lambda row: row[1][0], reverse=True)
    steps = [_Step(known[table], key, before, after) for (table, key), (_, before, after) in ordered]
    return [step for step in steps if step.before != step.after]


def _called(record: Any, key: int) -> str:
    path = resolve(record, record.shown_by)
    (value,) = rows(record, [path], [key])[0]
    return path.fact.mask(value) or str(key)


def _last_rev(key: int) -> int:
    rev: int = here().file.run('SELECT max(rev) FROM "change" WHERE "key" = ?', (key,)).fetchone()[0]
    return rev


def last_of(who: str) -> tuple[int, str] | None:
    """Number and title of the newest operation of this clerk that is no undo and is not undone."""
    sql = "SELECT id, title FROM operation WHERE who = ? AND undoes IS NULL AND changes > 0 ORDER BY id DESC"
    lines: Any = here().file.run(sql, (who,))
    return next(((number, title) for number, title in lines if not _undone(number)), None)


def undo_chosen(keys: Sequence[int], progress: Progress = unwatched) -> str:
    """Undo the operation chosen in the history and say what came back."""
    return undo(keys[0], progress).sentence()


def why_not_undone(keys: Sequence[int]) -> str | None:
    """Why the chosen operation cannot be undone, or None."""
    line = HistoryLine.get_or_none(HistoryLine.id == keys[0])
    if line is not None and line.who != here().who and (why := roles.why_not("undo_others")):
        return why
    if line is not None and not line.changes:
        return "这一条没有改动登记内容，不用撤销。"
    return "这次操作已经撤销过了。" if _undone(keys[0]) else None


def undo_last(who: str, progress: Progress = unwatched) -> str:
    """Undo the newest operation of this clerk and say in a sentence what came back."""
    found = last_of(who)
    if found is None:
        raise Reject(Fault("", "没有可以撤销的操作。"))
    return undo(found[0], progress).sentence()
