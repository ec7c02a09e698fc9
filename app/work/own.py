"""Lists that an office puts together (临时台账), and columns of its own (自设项目)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.models.arrangements import Listed, OwnColumn, OwnLedger
from app.models.faults import Fault, Reject
from app.models.operation import operation
from app.models.own import RECORDS
from app.models.own_facts import OwnFacts
from app.models.paths import chains, resolve
from app.models.people import Household, Person
from app.models.query import rows
from app.models.record import Record, put_all

LISTED: dict[Any, str] = {Person: "person", Household: "household"}  # who may stand on a list, and the link to them
PART = 500


def whom(record: Any) -> Any:
    """The record to which the rows of a ledger lead and that may stand on a list: persons, else households, or None."""
    return next((one for one in LISTED if record is one or chains(record, one)), None)


def ways(record: Any, target: Any) -> list[str]:
    """The paths from a row to the persons or households that it is about; "" where it is one itself."""
    return [""] if record is target else [".".join(link.name for link in links) for links in chains(record, target)]


def meant(record: Any, keys: Sequence[int]) -> list[int]:
    """The keys of the persons or households that these rows are about, each once, in their order."""
    target = whom(record)
    if target is None:
        raise Reject(Fault("", f"{record.word}不是人也不是户，不能放进名单。"))
    if record is target:
        return list(dict.fromkeys(keys))
    paths = [resolve(record, f"{way}.id") for way in ways(record, target)]
    return list(dict.fromkeys(key for row in rows(record, paths, keys) for key in row if key is not None))


def put_on(ledger: int, target: Any, keys: Sequence[int]) -> tuple[int, int]:
    """Put these persons or households on a list: (how many were added, how many stood there already)."""
    link = LISTED[target]
    with operation("加入名单"):
        there = set(_listed(ledger, link))
        fresh = [key for key in keys if key not in there]
        put_all(Listed, [{"ledger": ledger, link: key} for key in fresh])
    return len(fresh), len(keys) - len(fresh)


def take_off(ledger: int, target: Any, keys: Sequence[int]) -> str:
    """Take these off a list; nothing else about them changes."""
    link = Listed.facts()[LISTED[target]]
    with operation("移出名单"):
        for start in range(0, len(keys), PART):
            part = list(keys[start : start + PART])
            for row in Listed.select().where((Listed.ledger == ledger) & link.in_(part)):
                row.remove()
    return f"已从名单里移出 {len(keys):,} {target.word[:1]}，登记内容没有变化。"


def drop_list(ledger: OwnLedger) -> None:
    """Remove a kept ledger with the list it is made of, inside the operation that is open."""
    for row in Listed.select().where(Listed.ledger == ledger.id):
        row.remove()
    ledger.remove()


def _listed(ledger: int, link: str) -> list[int]:
    rows_ = Listed.select().where(Listed.ledger == ledger)
    return [row.__data__[link] for row in rows_]


def new_column(record: Any, **facts: Any) -> str:
    """Add a column to the persons or households that this record leads to; gives its path from the record."""
    target = whom(record)
    if target is None:
        raise Reject(Fault("", f"{record.word}还不能加自设项目，请在人员或户的台账里新增。"))
    own = part_of(target)
    with operation(f"新增自设项目“{facts.get('title') or ''}”"):
        column = OwnColumn(register=own.register, **facts)
        column.save()
    return ".".join(filter(None, (ways(record, target)[0], "own", column.slot)))


def part_of(target: type[Record]) -> type[OwnFacts]:
    """The record of own facts of persons or households."""
    found: type[OwnFacts] = next(record for record in RECORDS.values() if record.owner_record() is target)
    return found
