"""The history (操作日志): what every operation changed, and the proof that the facts follow from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date

import peewee

from app.models.database import DataFile
from app.models.fields import Day, Moment, Text, Whole
from app.models.here import here, standing
from app.models.operation import Image, encode, operation
from app.models.record import Record, put_back
from app.models.view import View

PART = 500  # keys in one IN (…)
NOTES_OF_THE_DESK = (  # tables that are no facts: outside the hash, not in any backup's count of facts
    "operation", "change", "search", "scan", "note", "draft", "migration",
    "finding", "finding_row", "password", "sign_in",
)  # fmt: skip


class HistoryLine(View):
    """One operation (操作)."""

    id = Whole("编号", 0, 2**31, required=True, primary_key=True)
    title = Text("操作", required=True)
    who = Text("经办人", required=True)
    at = Moment("时间", required=True)
    day = Day("业务日期", required=True)
    undoes = Whole("撤销的编号", 0, 2**31)
    changes = Whole("改动行数", 0, 2**31, adds=True, required=True)

    word = "操作"
    shown_by = "title"
    seen_by = "history"

    class Meta:
        table_name = "operation"


class Change(peewee.Model):
    """One row that an operation changed: its images before and after, as JSON; None for no row."""

    operation = peewee.ForeignKeyField(HistoryLine, backref="+", column_name="operation")
    number = peewee.IntegerField()
    table = peewee.TextField()
    key = peewee.BigIntegerField()
    rev = peewee.IntegerField()
    before = peewee.TextField(null=True)
    after = peewee.TextField(null=True)

    class Meta:
        database = View._meta.database
        table_name = "change"
        primary_key = peewee.CompositeKey("operation", "number")


def records() -> dict[str, type[Record]]:
    """Every record that the program knows, by table."""
    found: dict[str, type[Record]] = {}
    waiting = list(Record.__subclasses__())
    while waiting:
        record = waiting.pop()
        waiting.extend(record.__subclasses__())
        if record.word:  # else only others are made from it
            found[record._meta.table_name] = record
    return dict(sorted(found.items()))


def last_number() -> int:
    """The number of the newest operation: what another window looks at to see whether anything is new."""
    number: int = here().file.run("SELECT coalesce(max(id), 0) FROM operation").fetchone()[0]
    return number


def tables_since(number: int) -> frozenset[str]:
    """Which tables operations after `number` changed; all of them when a restore went back to before it."""
    if number > last_number():
        return frozenset(records())
    rows = here().file.run('SELECT DISTINCT "table" FROM "change" WHERE operation > ?', (number,))
    return frozenset(row[0] for row in rows)


def changes_of(number: int, most: int | None = None) -> list[tuple[str, int, int, Image | None, Image | None]]:
    """What operation `number` changed, in order: (table, key, rev, before, after); at most so many."""
    sql = 'SELECT "table", "key", rev, before, after FROM "change" WHERE operation = ? ORDER BY number'
    sql += f" LIMIT {most}" if most else ""
    return [(*row[:3], _image(row[3]), _image(row[4])) for row in here().file.run(sql, (number,)).fetchall()]


def changes_to(key: int) -> list[tuple[int, Image | None, Image | None]]:
    """What happened to one row, oldest first: (number of the operation, before, after)."""
    sql = 'SELECT operation, before, after FROM "change" WHERE "key" = ? ORDER BY operation, number'
    return [(row[0], _image(row[1]), _image(row[2])) for row in here().file.run(sql, (key,)).fetchall()]


def changes_to_rows(table: str, keys: Sequence[int]) -> list[tuple[HistoryLine, int, Image | None, Image | None]]:
    """What happened to rows of one table, newest first: (operation, key, before, after)."""
    found: list[tuple[HistoryLine, int, Image | None, Image | None]] = []
    lines: dict[int, HistoryLine] = {}
    for start in range(0, len(keys), PART):
        part = keys[start : start + PART]
        sql = f"""
            SELECT c.operation, c."key", c.before, c.after, o.title, o.who, o.at, o.day
            FROM "change" c JOIN operation o ON o.id = c.operation
            WHERE c."key" IN ({", ".join("?" * len(part))}) AND c."table" = ? ORDER BY c.operation, c.number
        """
        for number, key, before, after, title, who, at, day in here().file.run(sql, (*part, table)).fetchall():
            line = HistoryLine(id=number, title=title, who=who, at=at, day=date.fromisoformat(day))
            found.append((lines.setdefault(number, line), key, _image(before), _image(after)))
    return sorted(found, key=lambda change: -change[0].id)


def _image(text: str | None) -> Image | None:
    image: Image | None = None if text is None else json.loads(text)
    return image


def facts() -> Iterator[tuple[str, Image]]:
    """Every fact of the open file: (table, image), tables by name and rows by key."""
    database = here().file.database
    tables = set(database.get_tables()) - set(NOTES_OF_THE_DESK)
    for table in sorted(name for name in tables if not name.startswith(("search_words", "sqlite_"))):
        columns = sorted(column.name for column in database.get_columns(table) if column.name != "rev")
        named = ", ".join(f'"{column}"' for column in columns)
        for row in here().file.run(f'SELECT {named} FROM "{table}" ORDER BY id'):
            yield table, {name: value for name, value in zip(columns, row, strict=True) if value is not None}


def facts_hash() -> str:
    """SHA-256 over all facts: equal for two files that know the same, whatever database holds them."""
    digest = hashlib.sha256()
    for table, image in facts():
        digest.update(f"{table}\t{encode(image)}\n".encode())
    return digest.hexdigest()


def strangers() -> list[tuple[str, int]]:
    """Rows whose facts do not follow from the history: (table, key). Empty when all is well."""
    expected: dict[tuple[str, int], Image] = {}
    sql = 'SELECT "table", "key", after FROM "change" ORDER BY operation, number'
    for table, key, after in here().file.run(sql):
        if after is None:
            expected.pop((table, key), None)
        else:
            expected[table, key] = json.loads(after)
    wrong = []
    for table, image in facts():
        if expected.pop((table, image["id"]), None) != image:
            wrong.append((table, image["id"]))
    return wrong + list(expected)


def replay(into: DataFile) -> None:
    """Play the history of the open file into an empty one, operation by operation, each on its own day."""
    known = records()
    for number, day in here().file.run("SELECT id, day FROM operation ORDER BY id").fetchall():
        changes = changes_of(number)
        with standing(into, who="重放", day=date.fromisoformat(day)), operation(f"重放第 {number} 号操作"):
            for table, key, rev, _, after in changes:  # one by one: an operation may change a row more than once
                put_back(known[table], [(key, after, rev)])
