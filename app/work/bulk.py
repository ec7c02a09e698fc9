"""One fact of many rows at once (批量修改), as one operation that is undone as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.models.faults import Fault, Reject
from app.models.operation import demand, operation
from app.models.paths import resolve
from app.models.progress import Progress, unwatched
from app.models.record import Record, put_all

PART = 500


def change_all(
    record: type[Record], keys: Sequence[int], name: str, value: Any, progress: Progress = unwatched
) -> str:
    """Give the fact `name` of these rows this value (of Python, None to empty it), and say how many changed.

    Raises Reject with the sentences of the rules it would break; then no row has changed.
    """
    fact, changed = resolve(record, name).fact, 0
    demand("bulk", f"批量修改{fact.label}")
    if value is None and fact.required:
        raise Reject(Fault(name, f"{fact.label}不能为空，请填写要改成的内容。"))
    with operation(f"批量修改{fact.label}"):
        for done, part in _parts(keys):
            progress(done, len(keys), f"正在修改{fact.label}")
            found = list(record.select().where(record.id.in_(part)))
            if sentence := next(filter(None, (row.locked() for row in found)), None):
                raise Reject(Fault("", sentence))
            changed += _change(record, found, name, value)
    same = len(keys) - changed
    return f"已把 {changed:,} 条的“{fact.label}”改好" + (f"，另有 {same:,} 条原来就是。" if same else "。")


def _change(record: type[Record], found: Sequence[Record], name: str, value: Any) -> int:
    """Write the value where it is another one, for `child.school` in the part of each row; gives how many."""
    part, _, fact = name.rpartition(".")
    if not part:
        rows = [{**row.__data__, name: value} for row in found if row.__data__.get(name) != value]
        put_all(record, rows)
        return len(rows)
    more = record.parts()[part]
    kept = {key: row.__data__ for key, row in more.rows([row.id for row in found]).items()}
    old = {row.id: kept.get(row.id, {more.link: row.id}) for row in found}
    rows = [{**said, fact: value} for said in old.values() if said.get(fact) != value]
    put_all(more.rel_model, rows)
    return len(rows)


def _parts(keys: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    for start in range(0, len(keys), PART):
        yield start, list(keys[start : start + PART])
