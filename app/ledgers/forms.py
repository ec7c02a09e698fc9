"""Forms (表单): a record, its parts and its lines, read together, changed together and saved in one operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from app.ledgers.layout import Place, Table
from app.ledgers.ledger import Ledger, given
from app.models import roles, scans
from app.models.faults import Denied, Fault, Reject
from app.models.guard import guard_reading
from app.models.here import here
from app.models.operation import operation, trying
from app.models.query import lines as lines_of
from app.models.record import Record, Values, row_faults

Line = dict[str, Any]  # facts by name; "id" and "rev" of a stored one; "removed": True when it is to go


@dataclass
class Filled:
    """A form's facts as values of Python. A link's value is a key, a scan's its SHA-256.

    `values` may hold facts that the form does not show, and those of parts as `child.school`; `parts` are the key and
    `rev` of the parts that are stored. `scans` are bytes chosen in the form and not kept yet; `locked` says why the row
    may not be edited any more.
    """

    record: type[Record]
    key: int | None = None
    rev: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    scans: dict[str, bytes] = field(default_factory=dict)
    locked: str = ""

    def copy(self) -> Filled:
        return deepcopy(self)


@dataclass(frozen=True)
class Difference:
    """A fact of which two clerks have different versions; `open` when both changed it and one must choose."""

    path: str
    label: str
    fact: Any
    mine: Any
    theirs: Any
    open: bool


def places(ledger: Ledger) -> list[Place]:
    """The fields of the ledger's form, in order."""
    return [part for part in _parts(ledger) if isinstance(part, Place)]


def tables(ledger: Ledger) -> list[Table]:
    """The tables of lines of the ledger's form."""
    return [part for part in _parts(ledger) if isinstance(part, Table)]


def _parts(ledger: Ledger) -> Iterator[Place | Table]:
    for section in ledger.sections:
        for row in section.rows:
            yield from row


def empty(ledger: Ledger) -> Filled:
    """A form with nothing in it but what every row of this ledger has."""
    values = {place.name: None for place in places(ledger)} | given(ledger)
    return Filled(ledger.record, values=values, lines={table.name: [] for table in tables(ledger)})


def why_not_opened(ledger: Ledger, key: int | None) -> str | None:
    """Why who is signed in may not open this form, a new one for None; None where he may. A form shows all whole."""
    if key is None:
        return roles.why_not(ledger.record.written_by)
    facts = [place.fact for place in places(ledger)] + [one.fact for table in tables(ledger) for one in table.columns]
    private = any(fact.private for fact in facts)
    return roles.why_not(ledger.record.seen_by) or (roles.why_not("whole") if private else None)


def load(ledger: Ledger, key: int) -> Filled:
    """The form of one row, with the lines that are present today. Raises Stale when the row is gone, or Denied."""
    with trying(f"打开{ledger.record.word}"):
        if why := why_not_opened(ledger, key):
            raise Denied(Fault("", why))
        guard_reading(ledger.record, [key])
    row = ledger.record.by_key(key)
    kept = {name: part.rows([key]).get(key) for name, part in ledger.record.parts().items()}
    rows = {name: one for name, one in kept.items() if one}
    values = {}
    for place in places(ledger):
        part, _, name = place.name.rpartition(".")
        owner = rows.get(part) if part else row
        values[place.name] = owner.__data__.get(name) if owner else None
    lines = {table.name: _lines_of(table, key) for table in tables(ledger)}
    parts = {name: (one.id, one.rev) for name, one in rows.items()}
    locked = row.locked() or roles.why_not(ledger.record.written_by) or ""
    return Filled(ledger.record, key, row.rev, values, lines, parts, locked=locked)


def _lines_of(table: Table, key: int) -> list[Line]:
    record = table.lines.record()
    keys = lines_of(record, table.lines.link, key)
    rows = record.by_keys(keys)
    names = [place.name for place in table.columns]
    return [{"id": one, "rev": rows[one].rev, **{name: rows[one].__data__.get(name) for name in names}} for one in keys]


def save(ledger: Ledger, filled: Filled) -> int:
    """Save the row and its lines in one operation and give the row's key.

    Raises Reject with paths such as "id_number" and "members[2].birth" (lines counted from 0), or Stale.
    """
    record = filled.record
    with operation(f"{'修改' if filled.key else '登记'}{record.word}"):
        for content in filled.scans.values():
            scans.keep(content, scans.kind_of(content))
        row = _row(record, filled.key, filled.rev, _own(filled.values))
        faults = list(_tried(row.save, ""))
        for name, part in _part_rows(filled, row.id):
            faults.extend(_under(name, _faults(part)) if faults else _tried(part.save, name))
        for table in tables(ledger):
            lines = filled.lines.get(table.name, [])
            if faults:
                faults.extend(_checked(table, row.id, lines))
            else:
                faults.extend(_saved(table, row.id, lines))
        if faults:
            raise Reject(*faults)
    key: int = row.id
    return key


def faults_of(ledger: Ledger, filled: Filled) -> list[Fault]:
    """What the rules over single rows say, found without writing, so that all is told at once. Raises Stale."""
    row = _row(ledger.record, filled.key, filled.rev, _own(filled.values))
    found = list(_faults(row))
    for name, part in _part_rows(filled, row.id):
        found.extend(_under(name, _faults(part)))
    for table in tables(ledger):
        found.extend(_checked(table, row.id, filled.lines.get(table.name, [])))
    return found


def _faults(row: Record) -> Iterator[Fault]:
    record = type(row)
    record.complete(row.__data__)
    yield from row_faults(record, Values(row.__data__))


def _own(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if "." not in name}


def _part_rows(filled: Filled, owner: int) -> Iterator[tuple[str, Record]]:
    """The parts to save: those that are stored, and those of which anything is said."""
    for name, part in filled.record.parts().items():
        key, rev = filled.parts.get(name, (None, 0))
        begins = f"{name}."
        said = {path.removeprefix(begins): value for path, value in filled.values.items() if path.startswith(begins)}
        if said and (key or any(value is not None for value in said.values())):
            yield name, _row(part.record(), key, rev, {**said, part.link: owner})


def _row(record: type[Record], key: int | None, rev: int, values: dict[str, Any]) -> Record:
    """The row with these values; facts that the form does not show stay as they are."""
    if key is None:
        return record(id=here().keys(), **values)
    row = record.by_key(key)
    row.rev = rev
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _tried(write: Callable[[], None], path: str) -> Iterator[Fault]:
    try:
        write()
    except Reject as reject:
        yield from _under(path, reject.faults)


def _under(path: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    for fault in faults:
        yield Fault(".".join(filter(None, (path, fault.path))), fault.sentence)


def _facts(table: Table, line: Line, owner: int) -> dict[str, Any]:
    return {place.name: line.get(place.name) for place in table.columns} | {table.lines.link: owner}


def _saved(table: Table, owner: int, lines: list[Line]) -> Iterator[Fault]:
    """Save the lines of a row that was saved: first those that go, then the others in their order."""
    record = table.lines.record()
    for number, line in sorted(enumerate(lines), key=lambda pair: not pair[1].get("removed")):
        path = f"{table.name}[{number}]"
        if not line.get("removed"):
            row = _row(record, line.get("id"), line.get("rev", 0), _facts(table, line, owner))
            yield from _tried(row.save, path)
        elif "id" in line:
            row = _row(record, line["id"], line["rev"], {})
            yield from _tried(row.remove, path)


def _checked(table: Table, owner: int, lines: list[Line]) -> Iterator[Fault]:
    """What would be wrong with the lines of a row that itself was refused, so that all is told at once."""
    record = table.lines.record()
    keys = [line["id"] for line in lines if "id" in line]
    stored = record.by_keys(keys)
    for number, line in enumerate(lines):
        if not line.get("removed"):
            row = stored.get(line.get("id", 0)) or record(id=0)
            for name, value in _facts(table, line, owner).items():
                setattr(row, name, value)
            yield from _under(f"{table.name}[{number}]", _faults(row))


def merge(ledger: Ledger, base: Filled, mine: Filled, theirs: Filled) -> tuple[Filled, list[Difference]]:
    """My form laid over their newer version: (what to show, what differs).

    What only they changed is taken from them, what only I changed stays; what both changed stays mine and is open.
    """
    merged, found = mine.copy(), list[Difference]()
    merged.key, merged.rev, merged.locked, merged.parts = theirs.key, theirs.rev, theirs.locked, theirs.parts
    for place in places(ledger):
        _merge_fact(place, place.name, place.fact.label, base.values, merged.values, theirs.values, found)
    for table in tables(ledger):
        merged.lines[table.name] = _merge_lines(
            table, base.lines[table.name], merged.lines[table.name], theirs.lines[table.name], found
        )
    return merged, found


def _merge_fact(
    place: Place, path: str, label: str, base: Line, mine: Line, theirs: Line, found: list[Difference]
) -> None:
    """Decide one fact; `mine` is changed where the other's version is taken."""
    before, my_own, other = (version.get(place.name) for version in (base, mine, theirs))
    if my_own == other or other == before:
        return
    open_ = my_own != before
    if not open_:
        mine[place.name] = other
    found.append(Difference(path, label, place.fact, my_own, other, open_))


def _merge_lines(
    table: Table, base: list[Line], mine: list[Line], theirs: list[Line], found: list[Difference]
) -> list[Line]:
    before = {line["id"]: line for line in base if "id" in line}
    newest = {line["id"]: line for line in theirs}
    kept: list[Line] = []
    for line in mine:
        key = line.get("id")
        if key is None:
            kept.append(line)
        elif key in newest:
            other = newest.pop(key)
            if other["rev"] != line["rev"]:
                line.pop("removed", None)  # they changed it meanwhile: look at it again before it goes
            for place in table.columns:
                label = f"{table.lines.label}第 {len(kept) + 1} 行{place.fact.label}"
                path = f"{table.name}[{len(kept)}].{place.name}"
                _merge_fact(place, path, label, before.get(key, {}), line, other, found)
            kept.append(line | {"rev": other["rev"]})
        elif not line.get("removed") and line != before.get(key):
            kept.append({name: value for name, value in line.items() if name not in ("id", "rev")})
    return kept + list(newest.values())
