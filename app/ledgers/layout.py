"""The picture of a form (表单版式) in text: a line a row, blanks between facts, `== 标题` before a section.

    == 基本情况
    name  former_name
    note
    lines[person goods value]

The last line is the table of the record's lines, with the facts to fill in for each. `child.school` is a fact of the
record's part `child`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from app.models.own_facts import OwnFacts
from app.models.record import Lines

_PART = re.compile(r"(\w+)\[([^\]]*)\]|(\S+)")


@dataclass(frozen=True)
class Place:
    """One field of a form."""

    name: str
    fact: Any


@dataclass(frozen=True)
class Table:
    """The record's lines inside its form, a column for each fact."""

    name: str
    lines: Lines
    columns: tuple[Place, ...]


@dataclass(frozen=True)
class Section:
    title: str
    rows: tuple[tuple[Place | Table, ...], ...]


def picture(text: str, record: Any) -> tuple[Section, ...]:
    """The sections that the picture shows. LookupError for a name the record does not have."""
    sections: list[tuple[str, list[tuple[Place | Table, ...]]]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("=="):
            sections.append((line.strip("= "), []))
            continue
        if not sections:
            sections.append(("", []))
        sections[-1][1].append(tuple(_part(record, match) for match in _PART.finditer(line)))
    return tuple(Section(title, tuple(rows)) for title, rows in sections)


def own_section(record: Any) -> tuple[Section, ...]:
    """The office's own columns of a record, two in a row: the last section of every form."""
    places = [
        Place(f"{name}.{slot}", fact)
        for name, part in record.parts().items() if issubclass(part.rel_model, OwnFacts)
        for slot, fact in part.facts().items()
    ]  # fmt: skip
    rows = tuple(tuple(places[at : at + 2]) for at in range(0, len(places), 2))
    return (Section("自设项目", rows),) if rows else ()


def _part(record: Any, match: re.Match[str]) -> Place | Table:
    table, columns, name = match.groups()
    if table is None:
        return Place(name, _fact(record, name))
    lines = getattr(record, table, None)
    if not isinstance(lines, Lines):
        raise LookupError(f"{record.__name__} has no lines {table}")
    return Table(table, lines, tuple(Place(one, _fact(lines.record(), one)) for one in columns.split()))


def _fact(record: Any, name: str) -> Any:
    part, _, rest = name.rpartition(".")
    try:
        return record.parts()[part].facts()[rest] if part else record.facts()[name]
    except KeyError:
        raise LookupError(f"{record.__name__} has no {name} to fill in") from None
