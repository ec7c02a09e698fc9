"""A slow walk: what a condition means, on plain rows in Python, as things stood on a day. The SQL must agree.

Also conditions drawn at random over every fact that a clerk can name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from app.models.conditions import (
    PARTS,
    And,
    Compare,
    Condition,
    Empty,
    Finds,
    Has,
    Not,
    OneOf,
    Or,
    Today,
    read,
)  # fmt: skip
from app.models.dates import age_on
from app.models.derived import Age, Apart, Count, First, Total
from app.models.fields import Birth, Code, Day, Flag, Link, Month
from app.models.here import today
from app.models.history import records
from app.models.part import Part
from app.models.paths import labels, related, resolve

Row = dict[str, Any]


class World:
    """Every row of the open file as values of Python."""

    def __init__(self, day: date | None = None) -> None:
        self.day, self.now = day or today(), today()
        self.rows: dict[Any, dict[int, Row]] = {
            record: {row.id: {"id": row.id, **row.__data__} for row in record.select()} for record in records().values()
        }

    # --- rows as they stood on the day ---

    def former(self, record: Any, row: Row) -> list[Row]:
        """The kept former values that held on the day, the one that ended first before the others."""
        if record.former is None or self.day >= self.now:
            return []
        kept = [one for one in self.rows[record.former].values() if one[record.former.of] == row["id"]]
        held = [one for one in kept if (one["since"] is None or one["since"] <= self.day) and one["until"] > self.day]
        return sorted(held, key=lambda one: (one["until"], one["id"]))

    def then(self, record: Any, row: Row, name: str) -> Any:
        if record.former and name in record.former.facts() and name != "until":
            for earlier in self.former(record, row):
                return earlier[name]
        return row[name]

    def present(self, record: Any, row: Row) -> bool:
        if not record.is_dated():
            return True
        began = row["since"] is None or row["since"] <= self.day
        ended = row["until"] is not None and row["until"] <= self.day
        dated = record.former is not None and "since" in record.former.facts()
        return (began and not ended) or (dated and bool(self.former(record, row)))

    def hanging(self, record: Any, link: str, key: int) -> list[Row]:
        """The present rows of `record` that linked to a row on the day, by key."""
        rows = sorted(self.rows[record].values(), key=lambda row: row["id"])
        return [row for row in rows if self.then(record, row, link) == key and self.present(record, row)]

    # --- values ---

    def value(self, record: Any, row: Row, path: Any) -> Any:
        reached = self.follow(record, row, path.links)
        return self.fact(*reached, path.fact, path.name) if reached else None

    def follow(self, record: Any, row: Row, links: Any) -> tuple[Any, Row] | None:
        """The record and row at the end of these links and parts; None where one of them leads nowhere."""
        for link in links:
            if isinstance(link, Part):
                part = link.record()
                found = next((one for one in self.rows[part].values() if one[link.link] == row["id"]), None)
            else:
                key = self.then(record, row, link.name)
                found = None if key is None else self.rows[link.rel_model][key]
            if found is None:
                return None
            record, row = link.rel_model, found
        return record, row

    def fact(self, record: Any, row: Row, fact: Any, name: str) -> Any:
        if isinstance(fact, Age):
            born = row[fact.born]
            return None if born is None or born.first > self.day else age_on(born, self.day)
        if isinstance(fact, Apart):
            one, other = (self.value(record, row, resolve(record, f"{text}.id")) for text in (fact.one, fact.other))
            return one is not None and other is not None and one != other
        if isinstance(fact, Count | First):
            inner = fact.record()
            rows = self.hanging(inner, fact.link, row["id"])
            if fact.where:
                rows = [one for one in rows if self.meets(read(fact.where, inner), inner, one)]
            if isinstance(fact, First):
                return self.then(inner, rows[0], fact.of) if rows else None
            return sum(one[fact.of] or 0 for one in rows) if isinstance(fact, Total) else len(rows)
        return self.then(record, row, name)

    # --- conditions ---

    def meets(self, condition: Condition | None, record: Any, row: Row) -> bool:
        match condition:
            case None:
                return True
            case And(parts):
                return all(self.meets(part, record, row) for part in parts)
            case Or(parts):
                return any(self.meets(part, record, row) for part in parts)
            case Not(part):
                return not self.meets(part, record, row)
            case Has(word, where):
                inner, link = related(record)[word]
                return any(self.meets(where, inner, one) for one in self.hanging(inner, link, row["id"]))
            case Empty(path):
                return self.value(record, row, resolve(record, path)) is None
            case OneOf(path, values, named):
                return any(self.compare(record, row, path, "=", value, named) for value in values)
            case Compare(path, operator, value):
                return self.compare(record, row, path, operator, value)
            case Finds(_):
                raise NotImplementedError("what the search box finds is tested in test_search.py")

    def compare(self, record: Any, row: Row, text: str, operator: str, wanted: Any, named: bool = False) -> bool:
        if operator == "!=":
            return not self.compare(record, row, text, "=", wanted)
        path = resolve(record, text)
        value = self.value(record, row, path)
        if isinstance(wanted, Today):
            wanted = path.fact.read(wanted.value(self.day))
        if isinstance(path.fact, Age):
            return value is not None and self.aged(value, operator, wanted)
        if operator == "=" and path.ends_in and not named and self.once_called(record, row, path, wanted):
            return True
        if value is None:
            return False
        if operator in PARTS:
            have, part = str(value).lower(), wanted.lower()
            return part in have if operator == "含" else have.startswith(part)
        tests = {
            "=": value == wanted, ">": value > wanted, ">=": value >= wanted, "<": value < wanted,
            "<=": value <= wanted,
        }  # fmt: skip
        return tests[operator]

    def aged(self, ages: tuple[int, int], operator: str, wanted: Any) -> bool:
        low, high = ages
        first, last = wanted if isinstance(wanted, tuple) else (wanted, wanted)
        return {
            "=": (low, high) == (first, last), ">": low > last, ">=": low >= last, "<": high < first,
            "<=": high <= first,
        }[operator]  # fmt: skip

    def once_called(self, record: Any, row: Row, path: Any, name: Any) -> bool:
        owner = path.owner
        if owner.former is None or path.name not in owner.former.facts():
            return False
        reached = self.follow(record, row, path.links)
        if reached is None:
            return False
        kept, at = self.rows[owner.former].values(), reached[1]
        return any(one[owner.former.of] == at["id"] and one[path.name] == name for one in kept)

    def keys(self, record: Any, condition: Condition | None) -> list[int]:
        found = [row for row in self.rows[record].values() if self.present(record, row)]
        return sorted(row["id"] for row in found if self.meets(condition, record, row))


# --- conditions at random ---------------------------------------------------------------------------------------------

ValueFor = Callable[[Any, Any], Any]  # (path, fact) → a value that the fact can have


def nameable(record: Any) -> list[str]:
    """Every path that a clerk can name from this record."""
    return sorted(set(labels(record).values()))


def draw(rng: Random, record: Any, value_for: ValueFor, depth: int = 3) -> Condition:
    """A condition over any fact that can be named, at most so deep."""
    kind = rng.choice(
        ("compare",) * 5 + ("one of", "empty", "today", "part") + ("has", "not", "and", "or") * (depth > 1)
    )
    path = resolve(record, rng.choice(nameable(record)))
    fact = getattr(path.fact, "fact", path.fact)
    match kind:
        case "empty":
            return Empty(path.text)
        case "one of":
            values = tuple(value_for(path, path.fact) for _ in range(rng.randint(1, 4)))
            return OneOf(path.text, values, rng.random() < 0.5)
        case "today" if isinstance(fact, Day | Month | Birth):
            return Compare(
                path.text, rng.choice(("=", "!=", ">=", "<=", ">", "<")), Today(rng.choice((0, -1, 30, -365, -9000)))
            )
        case "part" if getattr(fact, "field_type", "") == "TEXT" and not isinstance(fact, Code):
            return Compare(path.text, rng.choice(PARTS), part_of(rng, value_for(path, path.fact)))
        case "has" if related(record):
            word = rng.choice(sorted(related(record)))
            return Has(word, rng.choice((None, draw(rng, related(record)[word][0], value_for, depth - 1))))
        case "not":
            return Not(draw(rng, record, value_for, depth - 1))
        case "and" | "or":
            parts = tuple(draw(rng, record, value_for, depth - 1) for _ in range(rng.randint(2, 3)))
            return And(parts) if kind == "and" else Or(parts)
    value = value_for(path, path.fact)
    operators = ("=", "!=") if isinstance(value, tuple) or isinstance(fact, Flag) else ("=", "!=", ">=", "<=", ">", "<")
    return Compare(path.text, rng.choice(operators), value)


def part_of(rng: Random, value: Any) -> str:
    """A piece of a text, sometimes in other letters, sometimes a wildcard."""
    text = str(value)
    start = rng.randrange(len(text) or 1)
    piece = text[start : start + rng.randint(1, 3)]
    return rng.choice((piece, piece.upper(), piece.lower(), text[:2], "%", "_", "\\", "'", '"且"'))


def links_of(record: Any) -> list[Any]:
    return [fact for fact in record.facts().values() if isinstance(fact, Link)]
