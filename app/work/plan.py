"""Rows → plan → commit: what a list would do to the file, shown before anything is done (导入计划).

A row is {path: what the cell holds}. A plan says of each row whether it is new, changed, the same, to be decided by the
clerk, or refused, with old and new values side by side. Nothing is written until `commit`, which is one operation and
checks that the plan is still true. A blank cell never wipes a value.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.models import roles
from app.models.faults import Fault, Stale
from app.models.operation import demand, operation
from app.models.part import Part
from app.models.progress import Progress, unwatched
from app.models.query import outside
from app.models.record import put_all, stored
from app.work.led_away import led_away

NEW, CHANGED, SAME, DECIDE, REFUSED = "new", "changed", "same", "decide", "refused"
WORDS = {NEW: "新增", CHANGED: "修改", SAME: "相同", DECIDE: "待定", REFUSED: "退回"}
STEP = 500  # rows between two words of progress
PIECE = 2_000  # rows read or written together: all of a long list at once would take several times its memory


@contextmanager
def undisturbed() -> Iterator[None]:
    """No search for circles of garbage meanwhile: rows make none, and looking takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Given(Protocol):
    """A row as a sheet or the clipboard yields it."""

    sheet: str
    row: int
    values: dict[str, Any]
    block: int | None
    sure: bool
    done: bool  # taken in before, and not to be taken in again

    def address(self, path: str) -> str: ...


@dataclass(frozen=True)
class Choice:
    """One answer to a row that has to be decided: the row meant, or None for a new one, and what it is called."""

    key: int | None
    text: str


@dataclass(slots=True)
class Item:
    """What becomes of one row: `values` are what it says, `old` what the file says of the same facts.

    `defaults` stand in for what a new row leaves unsaid; they never change a row that is known already. `left_out` are
    cells that could not be read and that the row can do without: it is taken in, the cell is told and marked. `doubts`
    are cells that were taken as they are but that somebody should look at. Questions of one kind share `about`, so that
    one answer can be given to all of them.
    """

    given: Given
    kind: str = NEW
    key: int | None = None
    rev: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    parent: Parent | None = None
    faults: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)
    choices: tuple[Choice, ...] = ()
    question: str = ""
    about: str = ""
    tells: frozenset[str] = frozenset()  # the facts of the parent that this very row says
    derived: frozenset[str] = frozenset()  # facts that follow from others of the row and are not written in it

    def refuse(self, path: str, sentence: str) -> None:
        self.kind = REFUSED
        self.faults.append(Fault(path, sentence))

    def hide(self, sentence: str) -> None:
        """Refuse it and show nothing of what it meant."""
        self.kind, self.key, self.old, self.parent, self.choices, self.question = REFUSED, None, {}, None, (), ""
        self.faults = [Fault("", sentence)]

    def ask(self, about: str, question: str, *choices: Choice) -> None:
        """Leave this to the clerk, unless it is refused already."""
        if self.kind != REFUSED:
            self.kind, self.about, self.question, self.choices = DECIDE, about, question, choices

    def where(self) -> str:
        """Where the row stands, and the cell of its first fault."""
        return self.cell(self.faults[0].path if self.faults else "")

    def cell(self, path: str) -> str:
        """Where the value of a path stands in the file, or the row where the list has no such column."""
        return self.given.address(path) if path in self.given.values else f"{self.given.sheet}!第{self.given.row}行"

    def remarks(self) -> list[tuple[str, str]]:
        """Everything there is to say of this row: (cell, sentence)."""
        told = [(self.cell(fault.path), fault.sentence) for fault in (*self.faults, *self.left_out, *self.doubts)]
        return told + ([(self.where(), self.question)] if self.question else [])

    def why(self) -> str:
        return "".join(fault.sentence for fault in self.faults) or self.question


@dataclass(slots=True, eq=False)
class Parent:
    """A row that is made or changed along with those that link to it, as the household of a roster's members."""

    values: dict[str, Any]
    key: int | None = None
    rev: int = 0
    old: dict[str, Any] = field(default_factory=dict)

    def changes(self) -> dict[str, Any]:
        """What it says that the stored row does not."""
        return {name: value for name, value in self.values.items() if self.old.get(name) != value}

    @property
    def changed(self) -> bool:
        """Whether it is new or says something that the stored row does not."""
        return self.key is None or bool(self.changes())


@dataclass
class Plan:
    """`link` is the fact of `record` that leads to the parents, empty where there are none.

    `along` are rows of other records that the list names first and that are made in the same operation, as the
    villagers' groups of a new village: key → (record, its values).
    """

    record: Any
    items: list[Item]
    link: str = ""
    notes: list[str] = field(default_factory=list)
    along: dict[int, tuple[Any, dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keep_within()

    def keep_within(self) -> None:
        """Nothing is shown of the rows of other villages that a list happens to mean, and nothing written there."""
        who = roles.clerk()
        if who is None or who.village is None:
            return
        meant = [key for item in self.items for key in (item.key, *(choice.key for choice in item.choices)) if key]
        hidden, elsewhere = outside(self.record, meant), led_away(self.record, self.link, self.items, who.village)
        for item in self.items:
            asked, item.choices = item.choices, tuple(one for one in item.choices if one.key not in hidden)
            if item.key in hidden or (asked and not item.choices):
                item.hide(f"这是别的村的{self.record.word}，您的账号只能办理本村的。")
            elif item.kind != SAME and id(item) in elsewhere:
                item.hide(f"这一行的{self.record.word}在别的村，您的账号只能办理本村的。")

    def counts(self) -> dict[str, int]:
        """How many rows there are of each kind; they add up to the rows read."""
        counted = Counter(item.kind for item in self.items)
        return {kind: counted[kind] for kind in WORDS}

    def sentence(self) -> str:
        counts = self.counts()
        parts = " + ".join(f"{WORDS[kind]} {number:,}" for kind, number in counts.items())
        cells = sum(len(item.left_out) for item in self.items if item.kind != REFUSED)
        unread = f"另有 {cells:,} 个单元格读不懂，没有采用。" if cells else ""
        return f"共读到 {len(self.items):,} 行 = {parts}。{unread}"

    def of_kind(self, kind: str) -> list[Item]:
        return [item for item in self.items if item.kind == kind]

    def like(self, item: Item) -> list[Item]:
        """All rows that wait for an answer to the same kind of question."""
        return [other for other in self.items if other.kind == DECIDE and other.about == item.about]

    def decide(self, items: Iterable[Item], answer: Callable[[Item], Choice | None]) -> None:
        """Answer the question of each of these rows; None leaves the row out. One stored row is meant only once."""
        taken = {item.key: item for item in self.items if item.key and item.kind in (CHANGED, SAME)}
        for item in items:
            choice = answer(item)
            if choice is None:
                continue
            if choice.key is None:
                item.kind, item.key = NEW, None
            elif (first := taken.setdefault(choice.key, item)) is not item:
                where = f"{first.given.sheet} 第 {first.given.row} 行"
                item.refuse("", f"与 {where}指的是同一{self.record.word}，只取前一行。")
            else:
                settle_on(self.record, item, choice.key)

    def commit(self, title: str, progress: Progress = unwatched) -> str:
        """Write what is new and changed in one operation. Raises Reject or Stale; then nothing is written."""
        demand("import", title)
        wanted = self.of_kind(NEW) + self.of_kind(CHANGED)
        with undisturbed(), operation(title):
            parents = list({id(item.parent): item.parent for item in wanted if item.parent}.values())
            self._write_along([*(item.values for item in wanted), *(parent.values for parent in parents)])
            self._write_parents(parents)
            progress(1, 3, "写入")
            keys: list[int] = []
            for start in range(0, len(wanted), PIECE):
                keys += put_all(self.record, map(self._row, wanted[start : start + PIECE]))
            self._write_parts(wanted, keys)
            progress(2, 3, "核对并写入操作日志")
        counts = self.counts()
        left = ""
        if counts[DECIDE] + counts[REFUSED]:
            left = f"，{counts[DECIDE]:,} 行待定、{counts[REFUSED]:,} 行退回，都没有写入"
        return f"已写入 {counts[NEW]:,} 行新增、{counts[CHANGED]:,} 行修改{left}。"

    def _row(self, item: Item) -> dict[str, Any]:
        """The row of an item as it is written; what it says of parts, too, which `put_all` passes over."""
        row = {**(item.old if item.key else item.defaults), **item.values, "id": item.key, "rev": item.rev}
        if item.parent:
            row[self.link] = item.parent.key
        return row

    def _write_along(self, written: Iterable[dict[str, Any]]) -> None:
        """Make the rows that are named by what is written, and no others."""
        if not self.along:
            return
        named = {value for values in written for value in values.values() if type(value) is int} & self.along.keys()
        records: dict[Any, list[dict[str, Any]]] = {}
        for key in sorted(named):
            record, values = self.along[key]
            records.setdefault(record, []).append({**values, "id": key})
        for record, rows in records.items():
            put_all(record, rows)

    def _write_parts(self, wanted: Sequence[Item], keys: Sequence[int]) -> None:
        """Write what the rows say of their parts (专项)."""
        for part in parts_named(self.record, wanted):
            told = {key: said for key, item in zip(keys, wanted, strict=True) if (said := of_part(part, item.values))}
            known = part.rows(list(told))
            rows = [
                {**(known[key].__data__ if key in known else {}), **said, part.link: key} for key, said in told.items()
            ]
            put_all(part.record(), rows)

    def _write_parents(self, parents: Sequence[Parent]) -> None:
        fresh = [parent for parent in parents if parent.changed]
        if not fresh:
            return
        rows = [{**parent.old, **parent.values, "id": parent.key, "rev": parent.rev} for parent in fresh]
        keys = put_all(self.record.facts()[self.link].rel_model, rows)
        for parent, key in zip(fresh, keys, strict=True):
            parent.key = key


def same_answer(item: Item, choice: Choice, other: Item) -> Choice | None:
    """The answer that means for another row with the same kind of question what `choice` means for `item`: that it is
    new, or the one stored row that it can be. None where it can be several, which is never guessed."""
    mine, theirs = (
        [one for one in asked.choices if (one.key is None) == (choice.key is None)] for asked in (item, other)
    )
    return theirs[0] if len(mine) == len(theirs) == 1 else None


def python_image(record: Any, image: dict[str, Any]) -> dict[str, Any]:
    """A stored image as values of Python by the facts' names; empty ones are left out."""
    return {
        name: fact.python_value(image[fact.column_name])
        for name, fact in record.facts().items()
        if fact.column_name in image
    }


def parts_named(record: Any, items: Iterable[Item]) -> list[Part]:
    """The parts of which any of these rows says something."""
    named = set[str]().union(*(item.values for item in items))
    return [part for part in record.parts().values() if any(path.startswith(f"{part.name}.") for path in named)]


def of_part(part: Part, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that belong to a part, by the names of its own facts."""
    before = f"{part.name}."
    return {path.removeprefix(before): value for path, value in values.items() if path.startswith(before)}


def values_of_parts(record: Any, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the parts of these rows say, by key, under paths such as `child.school`."""
    found: dict[int, dict[str, Any]] = {}
    for part in record.parts().values():
        for owner, row in part.rows(keys).items():
            said = {f"{part.name}.{name}": row.__data__.get(name) for name in part.facts()}
            found.setdefault(owner, {}).update({path: value for path, value in said.items() if value is not None})
    return found


def settle_on(record: Any, item: Item, key: int) -> None:
    """Say that an item is the stored row `key`: changed where a known value differs, else the same."""
    image = stored(record, [key]).get(key)
    if image is None:
        raise Stale(f"这条{record.word}记录已被删除，请重新核对。", {}, None)
    old = python_image(record, image) | values_of_parts(record, [key]).get(key, {})
    settle_with(item, key, image["rev"], old)


def settle_with(item: Item, key: int, rev: int, old: dict[str, Any]) -> None:
    item.key, item.rev, item.old = key, rev, old
    differs = any(item.old.get(name) != value for name, value in item.values.items())
    item.kind = CHANGED if (differs or news_of_parent(item)) and not item.given.done else SAME


def news_of_parent(item: Item) -> dict[str, Any]:
    """What this very row says of the row it hangs on that is not stored: the household's new address, say."""
    parent = item.parent
    if parent is None:
        return {}
    return {name: value for name, value in parent.changes().items() if name in item.tells}


def differences(plan: Plan, item: Item) -> list[tuple[str, Any, Any]]:
    """What a changed row changes, its household too: (path, old value, new value)."""
    own = [(name, item.old.get(name), value) for name, value in item.values.items() if item.old.get(name) != value]
    old = item.parent.old if item.parent else {}
    return own + [(f"{plan.link}.{name}", old.get(name), value) for name, value in news_of_parent(item).items()]
