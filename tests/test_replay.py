"""The proof of the history: replayed into an empty file it gives the same facts, and both databases know the same."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.models.database import DataFile
from app.models.faults import Reject, Stale
from app.models.fields import Link
from app.models.help import HelpLine, HelpRecord
from app.models.here import standing, today
from app.models.history import facts_hash, last_number, replay, strangers
from app.models.keys import Keys
from app.models.operation import operation
from app.models.people import FormerHome, Household, Person, Stay
from app.models.places import FormerPlace, Grid, Place
from app.models.record import Record, put_all, stored
from app.models.upgrade import upgrade
from app.work.undo import undo
from tests import town
from tests.conftest import DAY, new_file
from tests.proof import many

RECORDS: tuple[type[Record], ...] = (
    Person, Person, Person, Household, Place, Stay, HelpLine, HelpRecord, FormerHome, FormerPlace, Grid,
)  # fmt: skip


class Clerk:
    """A clerk who does one thing after another, drawn from a seed; many of them are refused."""

    def __init__(self, seed: int) -> None:
        self.rng, self.did = Random(seed), Counter[str]()

    def work(self, times: int) -> None:
        verbs = (
            self.enter,
            self.enter,
            self.change,
            self.change,
            self.change,
            self.remove,
            self.take_in,
            self.undo,
            self.fail,
        )
        for _ in range(times):
            verb = self.rng.choice(verbs)
            try:
                verb()
                self.did[verb.__name__] += 1
            except (Reject, Stale) as refused:
                self.did[type(refused).__name__] += 1

    def key(self, record: type[Record]) -> int | None:
        keys = [row[0] for row in record.select(record.id).order_by(record.id).tuples()]
        return self.rng.choice(keys) if keys else None

    def value(self, record: type[Record], name: str, fact: Any) -> Any:
        """Something that stands in that place in another row, or nothing."""
        if isinstance(fact, Link):
            return self.key(fact.rel_model)
        known = sorted({row.__data__[name] for row in record.select() if row.__data__[name] is not None}, key=str)
        return self.rng.choice(known) if known and self.rng.random() < 0.8 else None

    def some_facts(self, record: type[Record]) -> dict[str, Any]:
        number = self.rng.randint(1, 6)
        names = self.rng.sample(list(record.facts()), min(number, len(record.facts())))
        return {name: self.value(record, name, record.facts()[name]) for name in names}

    def new_row(self, record: type[Record]) -> dict[str, Any]:
        template = record.by_key(self.key(record) or 0).__data__
        row = {name: template[name] for name in record.facts()} | self.some_facts(record)
        if record is Person:
            row |= {
                "name": f"新人{self.rng.randrange(10**6)}",
                "id_number": None,
                "no_id_reason": "5",
                "relation": "80",
            }
        if record is Household:
            row["number"] = f"新{self.rng.randrange(10**6)}"
        if record is Place:
            row["name"] = f"新村{self.rng.randrange(10**6)}"
        return row

    def enter(self) -> None:
        record = self.rng.choice(RECORDS)
        with operation(f"登记{record.word}"):
            record(**self.new_row(record)).save()

    def change(self) -> None:
        record = self.rng.choice(RECORDS)
        row = record.by_key(self.key(record) or 0)
        for name, value in self.some_facts(record).items():
            setattr(row, name, value)
        with operation(f"修改{record.word}"):
            row.save()
            if self.rng.random() < 0.3:
                row.save()

    def remove(self) -> None:
        record = self.rng.choice(RECORDS)
        with operation(f"删除{record.word}"):
            record.by_key(self.key(record) or 0).remove()

    def take_in(self) -> None:
        record = self.rng.choice((Person, Household, HelpLine))
        rows: list[dict[str, Any]] = [self.new_row(record) for _ in range(self.rng.randint(1, 5))]
        for key in sorted({self.key(record) or 0 for _ in range(3)}):
            rows.append({**record.by_key(key).__data__, **self.some_facts(record)})
        self.rng.shuffle(rows)
        with operation("导入"):
            put_all(record, rows)
            if self.rng.random() < 0.3:
                self.change()

    def undo(self) -> None:
        undo(self.rng.randint(max(last_number() - 30, 1), last_number()))

    def fail(self) -> None:
        with operation("半途而废"):
            self.enter()
            Person.by_key(1)


def worked(file: DataFile, seed: int) -> Counter[str]:
    """Fill the open file from a seed: a small town, then two hundred operations of a clerk, over two months."""
    clerk = Clerk(seed)
    with standing(keys=Keys(seed * 10**6), day=DAY - timedelta(days=60)):
        town.build(seed, households=8, persons=25, helped=8)
    for part in range(4):
        with standing(keys=Keys(seed * 10**6 + (part + 1) * 10**5), day=DAY - timedelta(days=45 - part * 15)):
            clerk.work(50)
    return clerk.did


@pytest.mark.parametrize("seed", range(1, many(20) + 1))
def test_two_hundred_operations_replay_to_the_same_facts_on_both_databases(
    request: pytest.FixtureRequest, tmp_path: Path, seed: int
) -> None:
    hashes: dict[str, str] = {}
    for kind in ("sqlite", "postgres"):
        file = new_file(request, kind, tmp_path, "worked")
        with standing(file, who="测试员", day=DAY):
            upgrade(file)
            did = worked(file, seed)
            assert all(did[verb] for verb in ("enter", "change", "remove", "take_in", "undo", "Reject")), did
            assert strangers() == [], "every fact follows from the history"
            revs = [
                stored(record, [row.id])[row.id]["rev"] for record in {Person, Household} for row in record.select()
            ]
            assert min(revs) >= 1 and max(revs) > 2
            hashes[kind] = facts_hash()
            for into in ("sqlite", "postgres"):
                copy = new_file(request, into, tmp_path, f"copy_{kind}")
                upgrade(copy)
                with standing(day=date(2020, 1, 1)):  # whatever day it is when somebody replays
                    assert today() == date(2020, 1, 1)
                    replay(copy)
                with standing(copy, who="测试员", day=DAY):
                    assert facts_hash() == hashes[kind], f"{kind} replayed into {into}"
                    assert strangers() == []
                copy.close()
        file.close()
    assert hashes["sqlite"] == hashes["postgres"]
