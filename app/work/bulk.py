"""One fact of many rows at once (批量修改), as one operation that is undone as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.models.faults import Fault, Reject
from app.models.operation import demand, operation
from app.models.progress import Progress, unwatched
from app.models.record import Record, put_all

PART = 500


def change_all(
    record: type[Record], keys: Sequence[int], name: str, value: Any, progress: Progress = unwatched
) -> str:
    """Give the fact `name` of these rows this value (of Python, None to empty it), and say how many changed.

    Raises Reject with the sentences of the rules it would break; then no row has changed.
    """
    fact, changed = record.facts()[name], 0
    demand("bulk", f"批量修改{fact.label}")
    if value is None and fact.required:
        raise Reject(Fault(name, f"{fact.label}不能为空，请填写要改成的内容。"))
    with operation(f"批量修改{fact.label}"):
        for done, part in _parts(keys):
            progress(done, len(keys), f"正在修改{fact.label}")
            found = list(record.select().where(record.id.in_(part)))
            if sentence := next(filter(None, (row.locked() for row in found)), None):
                raise Reject(Fault("", sentence))
            rows = [_changed(row, name, value) for row in found if row.__data__.get(name) != value]
            put_all(record, rows)
            changed += len(rows)
    same = len(keys) - changed
    return f"已把 {changed:,} 条的“{fact.label}”改好" + (f"，另有 {same:,} 条原来就是。" if same else "。")


def _changed(row: Record, name: str, value: Any) -> dict[str, Any]:
    return {**row.__data__, name: value}


def _parts(keys: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    for start in range(0, len(keys), PART):
        yield start, list(keys[start : start + PART])
