"""Every write is an operation (操作): one transaction, one line in the history, one change per row under it.

    with operation("登记户"):
        household.save()

Operations nest; only the outermost commits, and only after the checks over what was touched have passed. After the
commit one piece of news tells which tables changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from app.models import roles
from app.models.database import DataFile
from app.models.faults import Denied
from app.models.here import here, today

Image = dict[str, Any]  # a row as stored: column name → whole number or text, without NULLs and without `rev`

PIECE = 2_000  # changes that are written into the history together

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # images are compared as values: no order


class Operation:
    """What is being written. `touched` are the keys of each record that were saved or removed so far.

    Its changes go into the history in pieces: those of a long import, held to the end, would take as much memory as
    all the rest of it.
    """

    def __init__(self, file: DataFile, title: str, undoes: int | None) -> None:
        self.file, self.title, self.undoes = file, title, undoes
        self.number = 0  # in the history; known when its first changes are written down
        self.waiting: list[tuple[str, int, int, str | None, str | None]] = []  # changes not yet in the history
        self.written = 0  # how many stand there
        self.touched: dict[Any, list[int]] = {}
        self.kept = False  # leaves its line in the history even where it changed nothing
        self.counted: list[Any] = []  # rows in memory whose `rev` was counted up, to be taken back if all this fails
        self.settle: Callable[[Operation], None] | None = None

    def note(self, record: Any, key: int, rev: int, before: Image | None, after: Image | None) -> None:
        """Remember one change of one row of `record`."""
        self.waiting.append(
            (
                record._meta.table_name,
                key,
                rev,
                None if before is None else _written(before),
                None if after is None else _written(after),
            )
        )
        self.touched.setdefault(record, []).append(key)
        if len(self.waiting) == PIECE:
            self._write_down()

    def close(self) -> None:
        """Write the history and run the checks, still inside the transaction."""
        if not (self.touched or self.kept):
            return
        self._write_down()
        if self.settle:
            self.settle(self)

    def _write_down(self) -> None:
        """Put the changes that wait into the history, under the line of this operation."""
        run, more = self.file.run, len(self.waiting)
        if self.number:
            run("UPDATE operation SET changes = changes + ? WHERE id = ?", (more, self.number))
        else:
            self.number = run("SELECT coalesce(max(id), 0) + 1 FROM operation").fetchone()[0]
            moment, day = datetime.now().isoformat(" ", "seconds"), str(today())
            run(
                "INSERT INTO operation (id, title, who, at, day, undoes, changes) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (self.number, self.title, here().who, moment, day, self.undoes, more),
            )
        self.file.run_many(
            'INSERT INTO "change" (operation, number, "table", "key", rev, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)',
            ((self.number, number, *change) for number, change in enumerate(self.waiting, self.written + 1)),
        )
        self.written += more
        self.waiting.clear()


_current: ContextVar[Operation | None] = ContextVar("operation", default=None)


def current() -> Operation:
    """The operation that is open here. A write outside one is a fault of the program."""
    found = _current.get()
    if found is None:
        raise RuntimeError("a row was written outside an operation")
    return found


@contextmanager
def operation(title: str, *, undoes: int | None = None) -> Iterator[Operation]:
    """Open an operation called `title`, or join the one already open on this file.

    Raises Reject, Stale or Trouble when it cannot be kept; then nothing of it is.
    """
    outer, file = _current.get(), here().file
    if outer is not None and outer.file is file:
        yield outer
        return
    opened = Operation(file, title, undoes)
    try:
        with _kept(opened):
            yield opened
    except Denied as denied:
        tell(f"被拒绝：{title}（{denied}）")
        raise


@contextmanager
def _kept(opened: Operation) -> Iterator[None]:
    """One transaction for what is done while it lasts, committed with its line and its changes, or nothing of it."""
    try:
        with opened.file.writing():
            token = _current.set(opened)
            try:
                yield
                opened.close()
            finally:
                _current.reset(token)
        opened.counted.clear()
    finally:
        for row in opened.counted:
            row.rev -= 1
    if opened.touched:
        opened.file.say(frozenset(record._meta.table_name for record in opened.touched))


def tell(title: str) -> None:
    """Leave a line in the history about what changed no row: a sign-in, a print, a try that was denied."""
    opened = Operation(here().file, title, None)
    opened.kept = True
    with _kept(opened):
        pass


@contextmanager
def trying(doing: str) -> Iterator[None]:
    """Leave a line in the history where what is tried in the block is denied."""
    try:
        yield
    except Denied as denied:
        if _current.get() is None:  # else the open operation tells it, after all of it was taken back
            tell(f"被拒绝：{doing}（{denied}）")
        raise


def demand(power: str, doing: str) -> None:
    """Raise Denied where who is at the desk may not do this, and leave a line about the try in the history."""
    with trying(doing):
        roles.require(power)
