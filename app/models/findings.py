"""What the last check-up found (体检结果), and what a clerk answered to it (体检说明).

Findings are notes of the desk: no facts, made anew by every check-up. A finding is known by a number made of the check,
the rows and the facts in which it was seen; an answer, which is a fact, names that number. So an answer holds as long
as these facts stay, and when they change the finding is another one that nobody has answered yet.

What was put right since the check-up stays until the next one as a finding about no rows, which no list shows: when its
rows change again, as by an undo, it is looked at again and comes back.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

from app.models import history, notes
from app.models.checks import Group, Seen, checks_of, met
from app.models.conditions import Compare, both
from app.models.derived import First
from app.models.faults import Stale
from app.models.fields import Day, Link, Text, Whole
from app.models.here import here, standing, today
from app.models.operation import Operation
from app.models.paths import resolve
from app.models.places import Place
from app.models.progress import Progress, unwatched
from app.models.query import keys as keys_of
from app.models.query import rows
from app.models.record import Check, Lead, Record
from app.models.settle import same
from app.models.view import View

NAMED = 3  # rows that a finding calls by name
GONE = "这条体检结果已经不在了，可能已改正，请重新体检。"
HIGHEST = 2**63 - 1
PART = 500
NOTE, EVERYBODY = "check-up", ""  # the desk note of the last check-up, and whose it is


class Finding(View):
    """One thing that a check found: a row, or several rows that share what they must not (体检结果)."""

    check = Text("体检项", required=True)
    subject = Text("对象", required=True)
    title = Text("名称", required=True)
    sentence = Text("问题", required=True)
    village = Link(Place, "行政村")
    rows = Whole("涉及条数", required=True)
    day = Day("体检日期", required=True)
    table = peewee.TextField()
    key = peewee.BigIntegerField()

    word = "体检结果"
    shown_by = "title"
    placed_by = "village"
    derived = {"reason": First("说明", lambda: Answer, "finding", "reason")}

    @staticmethod
    def told() -> str:
        """When the file was last checked up, by whom, and how much was found."""
        with standing(who=EVERYBODY):
            noted = notes.recall(NOTE)
        return "上次体检：{}，{}，发现 {:,} 条。".format(*noted) if noted else "还没有体检过。"

    @staticmethod
    def leads_to(key: int) -> Lead:
        """The row itself; of several the list of those that share the same facts. Raises Stale when it is gone."""
        finding = by_key(key)
        record = history.records()[finding.table]
        check = next(one for one in checks_of(record) if one.name == finding.check)
        if not check.same:
            return Lead(record, (finding.key,))
        paths = [resolve(record, text.removesuffix(".id")) for text in check.same.split()]
        (values,) = rows(record, paths, [finding.key])
        if None in values:
            raise Stale(GONE, {}, None)
        where = both(*(Compare(path.text, "=", value) for path, value in zip(paths, values, strict=True)))
        alike = tuple(keys_of(record, where, gone=check.gone)) or (finding.key,)
        return Lead(record, alike, where, check.gone, check.mend)


class Answer(Record):
    """Why what a check found is right as it is (体检说明). It holds for the facts that were seen, not for others."""

    check = Text("体检项", required=True)
    subject = Text("对象", required=True)
    title = Text("名称", required=True)
    sentence = Text("问题", required=True)
    village = Link(Place, "行政村")
    reason = Text("说明", required=True, note="为什么是对的")
    finding = Whole("体检结果编号", 1, HIGHEST, required=True, index=True)

    word = "体检说明"
    shown_by = "title"
    placed_by = "village"
    same_as = "finding"


@dataclass(frozen=True)
class Found:
    """A finding before it is written down; `seen` are the rows whose change may put it right."""

    number: int
    check: str
    subject: str
    title: str
    sentence: str
    village: int | None
    table: str
    group: Group
    seen: frozenset[int]


def by_key(key: int) -> Finding:
    """The finding with this key. Raises Stale when the last check-up does not know it any more."""
    found: Finding | None = Finding.get_or_none((Finding.id == key) & (Finding.rows > 0))
    if found is None:
        raise Stale(GONE, {}, None)
    return found


def find(progress: Progress = unwatched) -> list[Found]:
    """Run every check of every record over the whole file."""
    every = [(record, check) for record in history.records().values() for check in checks_of(record)]
    found: list[Found] = []
    for at, (record, check) in enumerate(every):
        progress(at, len(every), f"正在核对{record.word}：{check.name}")
        found += _described(record, check, met(record, check))
    return found


def open_ones(found: Sequence[Found]) -> list[Found]:
    """Those that nobody has answered."""
    answered = {row[0] for row in here().file.run("SELECT finding FROM answer").fetchall()}
    return [one for one in found if one.number not in answered]


def _described(record: Any, check: Check, groups: Sequence[Group]) -> Iterator[Found]:
    if not groups:
        return
    seen = Seen(record, check, [key for group in groups for key in group])
    called = _called(record, list(dict.fromkeys(key for group in groups for key in group[:NAMED])))
    firsts = [group[0] for group in groups]
    placed = [resolve(record, f"{text}.id") for text in record.placed_by.split()[:1]]
    villages = [values[0] if values else None for values in rows(record, placed, firsts)]
    for group, village in zip(groups, villages, strict=True):
        named = "、".join(called[key] for key in group[:NAMED])
        title = named + (f"等 {len(group):,} 条" if len(group) > NAMED else "")
        looked_at = frozenset(seen.looked_at(group))
        yield Found(
            seen.digest(group), check.name, record.word, title, check.sentence, village, record._meta.table_name,
            group, looked_at,
        )  # fmt: skip


def _called(record: Any, keys: Sequence[int]) -> Mapping[int, str]:
    """What each row is called: by the fact that stands for it, else by what tells it from others, else by its key."""
    own = [name for way in same(record) for name in way if not isinstance(record.facts().get(name), Link | None)]
    paths = [resolve(record, text) for text in dict.fromkeys((record.shown_by, *own))]
    found = {}
    for key, values in zip(keys, rows(record, paths, keys), strict=True):
        told = [path.fact.mask(value) for path, value in zip(paths, values, strict=True)]
        other = next((f"{path.label} {text}" for path, text in zip(paths, told, strict=True) if text), str(key))
        found[key] = told[0] or other
    return found


# --- notes of the desk ------------------------------------------------------------------------------------------------


def keep(found: Sequence[Found]) -> None:
    """Write a check-up down in place of the last one, and when it was."""
    with here().file.writing():
        here().file.run("DELETE FROM finding_row")
        here().file.run("DELETE FROM finding")
        _put(found)
    noted = f"{datetime.now():%Y-%m-%d %H:%M}", here().who, len(open_ones(found))
    with standing(who=EVERYBODY):
        notes.remember(NOTE, noted)


def recheck(operation: Operation) -> None:
    """Look again at what was found in the rows that an operation changes, before it commits.

    What was put right goes, and comes back when it is wrong again; what else became wrong the next check-up finds.
    """
    run = here().file.run
    if run("SELECT 1 FROM finding LIMIT 1").fetchone() is None:
        return
    again: set[int] = set()
    for part, marks in _parts(sorted(_touched(operation))):
        again |= {row[0] for row in run(f'SELECT finding FROM finding_row WHERE "key" IN ({marks})', part).fetchall()}
    if not again:
        return
    asked: dict[tuple[str, str], dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))  # finding → its own rows
    for part, marks in _parts(sorted(again)):
        sql = (
            'SELECT f."table", f."check", f.id, r."key" FROM finding f JOIN finding_row r ON r.finding = f.id'
            f" WHERE r.own = 1 AND f.id IN ({marks})"
        )
        for table, name, number, key in run(sql, part).fetchall():
            asked[table, name][number].add(key)
    known = history.records()
    for (table, name), earlier in asked.items():
        (check,) = (check for check in checks_of(known[table]) if check.name == name)
        found = list(_described(known[table], check, met(known[table], check, sorted(set().union(*earlier.values())))))
        wrong = {key for one in found for key in one.group}
        for part, marks in _parts([number for number, keys in earlier.items() if keys & wrong]):
            run(f"DELETE FROM finding_row WHERE finding IN ({marks})", part)
            run(f"DELETE FROM finding WHERE id IN ({marks})", part)
        for part, marks in _parts([number for number, keys in earlier.items() if not keys & wrong]):
            run(f'UPDATE finding SET "rows" = 0 WHERE id IN ({marks})', part)
        _put(found)


def _touched(operation: Operation) -> set[int]:
    """The rows that were changed, and those that they link to or did before."""
    links = {
        record._meta.table_name: [fact.column_name for fact in record.facts().values() if isinstance(fact, Link)]
        for record in operation.touched
    }
    found = set[int]()
    sql = 'SELECT "table", "key", before, after FROM "change" WHERE operation = ?'
    for table, key, *images in here().file.run(sql, (operation.number,)).fetchall():
        found.add(key)
        for image in (json.loads(text) for text in images if text and links[table]):
            found.update(image[column] for column in links[table] if column in image)
    return found


def _parts(keys: list[int]) -> Iterator[tuple[list[int], str]]:
    for start in range(0, len(keys), PART):
        part = keys[start : start + PART]
        yield part, ", ".join("?" * len(part))


def _put(found: Sequence[Found]) -> None:
    day, file = str(today()), here().file
    file.run_many(
        'INSERT INTO finding (id, "check", subject, title, sentence, village_id, "rows", day, "table", "key")'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (
                one.number, one.check, one.subject, one.title, one.sentence, one.village, len(one.group), day,
                one.table, one.group[0],
            )
            for one in found
        ],
    )  # fmt: skip
    file.run_many(
        'INSERT INTO finding_row (finding, "key", own) VALUES (?, ?, ?)',
        [(one.number, key, 1) for one in found for key in one.group]
        + [(one.number, key, 0) for one in found for key in one.seen.difference(one.group)],
    )
