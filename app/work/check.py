"""Whether the data file is whole (检查): the database, the links, the history against the facts, the check-up."""

from __future__ import annotations

from typing import Any

from app.models import history
from app.models.conditions import read
from app.models.here import here
from app.models.operation import demand
from app.models.query import keys
from app.models.settle import duplicates


def check(*, quick: bool = False) -> list[str]:
    """A sentence for everything that is not as it should be; empty when all is well."""
    demand("check", "检查数据文件")
    return [*_database(), *([] if quick else _history()), *_check_up()]


def _database() -> list[str]:
    file = here().file
    if file.is_server:
        return []  # the server watches its own pages, and its links cannot be broken
    found = [f"数据文件损坏：{row[0]}" for row in file.run("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
    broken = file.run("PRAGMA foreign_key_check").fetchall()
    return found + [f"{table} 第 {row} 行指向不存在的 {parent}。" for table, row, parent, _ in broken]


def _history() -> list[str]:
    known = history.records()
    strange = history.strangers()
    return [f"{known[table].word}（{key}）与操作日志不一致，可能在程序外被改过。" for table, key in strange]


def _check_up() -> list[str]:
    found = []
    for record in history.records().values():
        for one in record.checks:
            met = keys(record, read(one.where, record))
            found += [f"{_called(record, key)}：{one.sentence}" for key in met]
        every = [row[0] for row in here().file.run(f'SELECT id FROM "{record._meta.table_name}"').fetchall()]
        found += [fault.sentence for fault in duplicates(record, every)]
    return found


def _called(record: Any, key: int) -> str:
    from app.models.paths import resolve
    from app.models.query import rows

    path = resolve(record, record.shown_by)
    (value,) = rows(record, [path], [key])[0]
    return f"{record.word}“{path.fact.mask(value) or key}”"
