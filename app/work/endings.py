"""What ends along with something else (随之结束): the enrolments and ties of a person who dies or leaves.

Which records do so they say themselves (`ends_with`); nothing here names one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from app.models.query import lines
from app.models.record import Record, put_all
from app.work.choices import described

ENDED_BY_DEATH, ENDED_BY_LEAVING = "1", "2"  # in each code table of endings
NAMED = 6  # rows named in a sentence


def ending_with(record: type[Record], keys: Sequence[int]) -> Iterator[tuple[type[Record], list[int]]]:
    """The rows that are true today and would end if these ended, by their record."""
    for field, other in record._meta.backrefs.items():
        ends = getattr(other, "word", "") and getattr(other, "ends_with", "") == field.name
        if ends and (found := [one for key in keys for one in lines(other, field.name, key)]):
            yield other, found


def told(record: type[Record], keys: Sequence[int]) -> str:
    """What would end with these rows, in a sentence for the clerk before it is done; "" for nothing."""
    parts = [_named(other, found) for other, found in ending_with(record, keys)]
    return f"将随之结束：{'；'.join(parts)}。" if parts else ""


def end_with(record: type[Record], keys: Sequence[int], day: date, ending: str) -> str:
    """End on `day` what ends with these rows, inside the caller's operation, and say so; "" for nothing."""
    parts = []
    for other, found in list(ending_with(record, keys)):
        parts.append(_named(other, found))
        rows: list[dict[str, Any]] = []
        for row in other.by_keys(found).values():
            since = row.__data__["since"]
            rows.append({**row.__data__, "until": max(day, since) if since else day, "ending": ending})
        put_all(other, rows)
    return f"随之结束：{'；'.join(parts)}。" if parts else ""


def _named(record: type[Record], keys: Sequence[int]) -> str:
    names = [one.whole for one in described(record, keys[:NAMED])]
    more = f"等 {len(keys):,} 项" if len(keys) > NAMED else ""
    return f"{record.word}（{'、'.join(dict.fromkeys(names))}{more}）"
