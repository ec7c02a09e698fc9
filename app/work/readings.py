"""The readings of lists that an office keeps (导入读法): kept with an import, renamed, forgotten, shared as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.models.faults import Trouble
from app.models.here import today
from app.models.kept_readings import KeptReading
from app.models.operation import demand, operation
from app.models.record import put_all
from app.work.files import put_in_place
from app.work.standing import one, refuse

KIND = "连心台账导入读法"
ENDING = ".json"
MOST_BYTES = 2 * 1024**2
SHARED = ("title", "source", "captions", "columns", "height", "skip", "words")  # all but when it was last used


def known(source: str) -> dict[str, KeptReading]:
    """The kept readings of a ledger (its title) by fingerprint."""
    return {row.words: row for row in KeptReading.select().where(KeptReading.source == source)}


def ledgers_of(words: str) -> list[str]:
    """The titles of the ledgers for which a heading with this fingerprint was read."""
    rows = KeptReading.select().where(KeptReading.words == words).order_by(KeptReading.used.desc())
    return [row.source for row in rows if not row.skip]


def keep(source: str, readings: Sequence[Mapping[str, Any]]) -> None:
    """Keep these readings for a ledger, used today. One known by its fingerprint keeps its name; what says nothing new
    is not written."""
    there, rows = known(source), []
    for said in readings:
        row = there.get(said["words"])
        before = dict(row.__data__) if row else {"source": source}
        after = before | dict(said) | {"used": today(), "title": before.get("title") or said["title"]}
        if after != before:
            rows.append(after)
    if rows:
        with operation("记住读法"):
            put_all(KeptReading, rows)


def use(source: str, words: Sequence[str]) -> None:
    """Say of kept readings that they were used today."""
    there = known(source)
    keep(source, [dict(there[one].__data__) for one in dict.fromkeys(words) if one in there])


def rename(keys: Sequence[int], *, title: str) -> str:
    """Give a kept reading another name (改名)."""
    with operation("读法改名"):
        row = KeptReading.by_key(one(keys))
        before, row.title = row.title, title
        row.save()
    return f"“{before}”已改名为“{title}”。"


def drop(keys: Sequence[int]) -> str:
    """Forget kept readings (删除读法); what was taken in with them stays."""
    demand("import", "删除读法")
    with operation("删除读法"):
        for row in KeptReading.by_keys(keys).values():
            row.remove()
    return f"已删除 {len(keys):,} 条导入读法，导入过的内容不受影响，下次遇到这样的表重新识别。"


def write_file(keys: Sequence[int], *, place: Path) -> str:
    """Write kept readings to a small file for other offices (导出读法). Trouble when it cannot be written."""
    demand("import", "导出读法")
    rows = KeptReading.by_keys(keys).values()
    said = {"kind": KIND, "version": 1, "readings": [{name: getattr(row, name) for name in SHARED} for row in rows]}
    with put_in_place(place) as beside:
        beside.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    return f"已把 {len(rows):,} 条导入读法写到 {place.name}，别的单位可以取入；里面只有列名，没有人员信息。"


def take_file(keys: Sequence[int] = (), *, place: Path) -> str:
    """Take in kept readings from such a file (取入读法); one for the same heading and ledger is replaced.

    Trouble when the file is not one.
    """
    demand("import", "取入读法")
    there = {(row.source, row.words): row for row in KeptReading.select()}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for said in _read_file(place):
        mark = said["source"], said["words"]
        rows[mark] = (dict(there[mark].__data__) if mark in there else {}) | said
    replaced = len(rows.keys() & there.keys())
    with operation("取入读法"):
        put_all(KeptReading, rows.values())
    return f"已取入 {len(rows):,} 条导入读法" + (f"，其中 {replaced:,} 条替换了原有的。" if replaced else "。")


def _read_file(place: Path) -> Iterator[dict[str, Any]]:
    wrong = Trouble(f"“{place.name}”不是导出的导入读法，请选别的单位用“导出为文件”写出的文件。")
    try:
        if place.stat().st_size > MOST_BYTES:
            raise wrong
        said = json.loads(place.read_text(encoding="utf-8"))
        readings = said["readings"] if said["kind"] == KIND else None
    except OSError as error:
        raise Trouble(f"“{place.name}”打不开，请检查文件还在不在、是否允许读取。") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise wrong from error
    if not isinstance(readings, list) or not readings:
        raise wrong
    facts = KeptReading.facts()
    for row in readings:
        if not isinstance(row, dict):
            raise wrong
        values = {}
        for name in SHARED:
            cell = row.get(name)
            if not isinstance(cell, str | int | None):
                raise wrong
            try:
                values[name] = facts[name].read(cell)
            except ValueError as error:
                refuse(f"“{place.name}”里的“{facts[name].label}”读不懂：{error}")
            if values[name] is None and facts[name].required:
                raise wrong
        yield values
