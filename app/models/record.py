"""Records (登记的事实) and the three doors through which they are written: `save`, `remove` and `put_all`.

A record says which facts it has, what makes two of them the same, its rules over several of its own facts and its
checks over more than one row. No row is written in any other way; a test looks for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Self

import peewee

from app.models.declared import Check as Check
from app.models.declared import Lead as Lead
from app.models.declared import Lines as Lines
from app.models.faults import Fault, Reject, Stale
from app.models.fields import Code, Fact, Link
from app.models.guard import guard
from app.models.here import here
from app.models.operation import Image, current
from app.models.part import CHUNK
from app.models.view import View


class Values(dict[str, Any]):
    """The facts of one row as attributes, empty ones None: what rules look at, without building a whole record."""

    __slots__ = ()
    __getattr__: Any = dict.get


class Record(View):
    """A stored row. `rev` counts its saves, so that two clerks cannot overwrite each other unseen."""

    rev = peewee.IntegerField(default=0)

    again: ClassVar[bool] = False  # may be true again after it ended: two are the same only while both are true
    ends_with: ClassVar[str] = ""  # a link: when the row that it leads to ends, so does this one (`until`, `ending`)
    checks: ClassVar[tuple[Check, ...]] = ()
    checked_with: ClassVar[str] = ""  # a link: the checks of that row run too when this one is written
    written_by: ClassVar[str] = "write"  # the power (of roles.TABLE) without which none of its rows is written

    @staticmethod
    def complete(values: dict[str, Any]) -> None:
        """Fill in what follows from other facts of the same row, before the rules look at it."""

    @classmethod
    def complete_all(cls, rows: Sequence[dict[str, Any]]) -> None:
        """The same for rows that are written together."""
        for row in rows:
            cls.complete(row)

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        """Rules over several facts of one row; in `row`, which is `Values`, a link is the key that it leads to."""
        return iter(())

    @classmethod
    def clashes(cls, keys: Sequence[int]) -> Iterator[Fault]:
        """Rules that need other rows, asked of those that an operation touched; each sentence names whom it means."""
        return iter(())

    @classmethod
    def together(cls) -> Iterator[Fault]:
        """What must hold of all its rows together; asked before the commit of every operation that wrote one."""
        return iter(())

    def locked(self) -> str | None:
        """Why this row may not be edited any more, or None."""
        return None

    @classmethod
    def by_key(cls, key: int) -> Self:
        """The row with this key. Raises Stale when it is gone."""
        found = cls.get_or_none(cls.id == key)
        if found is None:
            raise Stale(f"这条{cls.word}记录已被删除。", {}, None)
        return found

    @classmethod
    def by_keys(cls, keys: Sequence[int]) -> dict[int, Self]:
        """The rows with these keys, by key; those that are gone are missing."""
        found: dict[int, Self] = {}
        for start in range(0, len(keys), CHUNK):
            rows = cls.select().where(cls.id.in_(list(keys[start : start + CHUNK])))
            found.update((row.id, row) for row in rows)
        return found

    def image(self) -> Image:
        return _image(type(self), self.__data__)

    def save(self) -> None:  # type: ignore[override]
        """Write this row, new or changed. Raises Reject or Stale; must stand inside an operation."""
        record, operation = type(self), current()
        before = stored(record, [self.id]).get(self.id) if self.rev else None
        guard(record, [self.id] if before else [])
        if self.rev and (before is None or before["rev"] != self.rev):
            raise Stale(f"这条{record.word}记录刚刚被别人改过，请看过新内容再改。", self.image(), before)
        if before is not None and (sentence := _locked(record, self.id)):
            raise Reject(Fault("", sentence))
        self._populate_unsaved_relations(self.__data__)  # type: ignore[attr-defined]  # a link made before its row was saved
        faults = list(_read_again(self))
        record.complete(self.__data__)
        if faults := [*faults, *row_faults(record, self)]:
            raise Reject(*faults)
        self.id = self.id or here().keys()
        after = self.image()
        if before is not None:
            del before["rev"]
            if before == after:
                return
        self.rev += 1
        operation.counted.append(self)
        _write(record, [(after, self.rev, before)])
        operation.settle = _settle

    def remove(self) -> None:
        """Take this row away (a mistake; what ended is ended by an operation of its own). Raises Reject or Stale."""
        record, operation = type(self), current()
        guard(record, [self.id])
        before = stored(record, [self.id]).get(self.id)
        if before is None or before.pop("rev") != self.rev:
            raise Stale(f"这条{record.word}记录刚刚被别人改过或删除。", self.image(), before)
        if sentence := _locked(record, self.id):
            raise Reject(Fault("", sentence))
        for part in record.parts().values():
            for row in part.rows([self.id]).values():
                row.remove()
        if holders := list(referring(record, self.id)):
            raise Reject(Fault("", f"不能删除：还有{'、'.join(holders)}用到它。"))
        here().file.run(f'DELETE FROM "{record._meta.table_name}" WHERE id = ?', (self.id,))
        operation.note(record, self.id, self.rev, before, None)
        operation.settle = _settle


def put_all(record: type[Record], rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Write many rows at once, by field name; a row with `id` and `rev` changes that one, other rows are new.

    Values are those that the fields read; the rules over whole rows are run here. Gives the keys in the rows' order.
    """
    operation, keys = current(), here().keys
    faults: list[Fault] = []
    prepared = [Values(row) for row in rows]
    images = stored(record, [row["id"] for row in prepared if row.get("rev")])
    guard(record, list(images))
    known = {key: (image.pop("rev"), image) for key, image in images.items()}
    writes: list[tuple[Image, int, Image | None]] = []
    record.complete_all(prepared)
    for row in prepared:
        rev = row.pop("rev", 0)
        row["id"] = row.get("id") or keys()
        known_rev, before = known.get(row["id"], (0, None))
        if rev != known_rev:
            raise Stale(f"有{record.word}记录刚刚被别人改过，请重新核对。", _image(record, row), before)
        if before is not None and (sentence := _locked(record, row["id"])):
            raise Reject(Fault("", sentence))
        faults.extend(row_faults(record, row))
        after = _image(record, row)
        if before != after:
            writes.append((after, rev + 1, before))
            known[row["id"]] = rev + 1, after
    if faults:
        raise Reject(*faults)
    _write(record, writes)
    operation.settle = _settle
    return [row["id"] for row in prepared]


def _locked(record: type[Record], key: int) -> str | None:
    """Why the row as it is stored may not be edited; what it is being changed into does not count."""
    return None if record.locked is Record.locked else record.by_key(key).locked()


def put_back(record: type[Record], rows: Sequence[tuple[int, Image | None, int]]) -> None:
    """Put rows back as their images say, or take them away for None: undo and replay, which trust the history.

    Each row is (key, image, rev). All are restored, or all are taken away, before what comes next.
    """
    known = stored(record, [key for key, _, _ in rows])
    guard(record, list(known))
    befores = {key: {name: value for name, value in image.items() if name != "rev"} for key, image in known.items()}
    here().file.run_many(
        f'DELETE FROM "{record._meta.table_name}" WHERE id = ?', [(key,) for key, image, _ in rows if image is None]
    )
    _write(record, [(image, rev, befores.get(key)) for key, image, rev in rows if image is not None])
    for key, image, rev in rows:
        if image is None:
            current().note(record, key, rev, befores.get(key), None)
    current().settle = _settle


def row_faults(record: type[Record], row: Any) -> Iterator[Fault]:
    """What is wrong with a row by itself: an empty fact that must be there, and the record's own rules."""
    values = row if isinstance(row, Values) else Values(row.__data__)
    for name, label in _required(record):
        if values.get(name) is None:
            yield Fault(name, f"请填写{label}。")
    yield from record.faults(values)


@cache
def _required(record: type[Record]) -> tuple[tuple[str, str], ...]:
    """Name and label of the facts that must be there."""
    return tuple((name, field.label) for name, field in record.facts().items() if field.required)


def _read_again(row: Record) -> Iterator[Fault]:
    """Take every value as its own field reads it: nothing set by code gets past what a clerk would be told."""
    for name, field in row.facts().items():
        value = row.__data__.get(name)
        if value is None or isinstance(field, Link):
            continue
        try:
            again = field.read(field.show(value))
        except ValueError as error:
            yield Fault(name, str(error))
        else:
            if not isinstance(field, Code):  # a retired code stays, though its text now means another one
                row.__data__[name] = again


def referring(record: type[Record], key: int) -> Iterator[str]:
    """The clerk's words for the records that still link to this row."""
    return (word for _, word in holders(record, [key]).get(key, ()))


def holders(record: type[Record], keys: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Which rows link to these: key → (key of the other row, the clerk's word for it)."""
    found: dict[int, list[tuple[int, str]]] = {}
    for field, other in record._meta.backrefs.items():
        if not (issubclass(other, Record) and other.word):  # what only others are made from has no rows
            continue
        for start in range(0, len(keys), CHUNK):
            query = other.select(other.id, field).where(field.in_(list(keys[start : start + CHUNK])))
            for child, key in here().file.database.execute(query).fetchall():
                found.setdefault(key, []).append((child, other.word))
    return found


@cache
def converters(record: type[Record]) -> list[tuple[str, str, Callable[[Any], Any] | None]]:
    """For each fact its name, its column and how its value is stored (None: as it is)."""
    plain = {peewee.Field.db_value, Fact.db_value}
    return [
        (name, field.column_name, None if isinstance(field, Link) or type(field).db_value in plain else field.db_value)
        for name, field in record.stored_facts().items()
    ]


def _image(record: type[Record], values: Mapping[str, Any]) -> Image:
    image: Image = {"id": values["id"]}
    known = _converter_of(record)
    for name, value in values.items():
        if value is not None and name in known:
            column, convert = known[name]
            image[column] = convert(value) if convert else value
    return image


@cache
def _converter_of(record: type[Record]) -> dict[str, tuple[str, Callable[[Any], Any] | None]]:
    return {name: (column, convert) for name, column, convert in converters(record)}


def stored(record: type[Record], keys: Sequence[int]) -> dict[int, Image]:
    """The images of these rows as they stand in the file, with their `rev`."""
    columns = ["id", "rev", *(field.column_name for field in record.stored_facts().values())]
    listed = ", ".join(f'"{column}"' for column in columns)
    found: dict[int, Image] = {}
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        marks = ", ".join("?" * len(part))
        sql = f'SELECT {listed} FROM "{record._meta.table_name}" WHERE id IN ({marks})'
        for row in here().file.run(sql, part).fetchall():
            found[row[0]] = {name: value for name, value in zip(columns, row, strict=True) if value is not None}
    return found


def _write(record: type[Record], writes: Sequence[tuple[Image, int, Image | None]]) -> None:
    """Insert or update rows, each given as (image, rev, image before or None), and note the changes."""
    table, every = record._meta.table_name, [field.column_name for field in record.stored_facts().values()]
    run_many, note = here().file.run_many, current().note
    writes = sorted(writes, key=lambda write: write[2] is not None)  # new rows first: changed ones may link to them
    fresh = [(image, rev) for image, rev, before in writes if before is None]
    changed = [(image, rev, before) for image, rev, before in writes if before is not None]
    if fresh:  # columns that no row fills are not named: binding NULLs takes longer than all the rest
        filled = set[str]().union(*(image for image, _ in fresh))
        columns = [column for column in every if column in filled]
        named = "".join(f', "{column}"' for column in columns)
        marks = ", ".join("?" * (len(columns) + 2))
        run_many(
            f'INSERT INTO "{table}" (id, rev{named}) VALUES ({marks})',
            [(image["id"], rev, *map(image.get, columns)) for image, rev in fresh],
        )
    if changed:
        columns = [name for name in every if any(image.get(name) != before.get(name) for image, _, before in changed)]
        settings = "".join(f', "{column}" = ?' for column in columns)
        run_many(
            f'UPDATE "{table}" SET rev = ?{settings} WHERE id = ?',
            [(rev, *map(image.get, columns), image["id"]) for image, rev, _ in changed],
        )
    for image, rev, before in writes:
        note(record, image["id"], rev, before, image)


def _settle(operation: Any) -> None:
    from app.models.settle import settle  # it asks questions of records, so it stands above them

    settle(operation)
