"""The guard at the doors (守门): whether who is signed in may write these rows.

The doors of `record.py` ask before a row that is there is changed or taken away; `settle.py` asks again before the
commit, of the rows as they have become.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.models import query, roles
from app.models.faults import Denied, Fault


def guard(record: Any, keys: Sequence[int]) -> None:
    """Raise Denied where who is signed in may not write this register, or one of these rows is another village's."""
    if roles.clerk() is None:
        return
    roles.require(record.written_by)
    if query.outside(record, keys):
        raise Denied(Fault("", f"这里有别的村的{record.word}，您的账号只能办理本村的，请找能办理全乡的人。"))


def guard_reading(record: Any, keys: Sequence[int]) -> None:
    """Raise Denied where who is signed in may not see this register, or one of these rows."""
    if roles.clerk() is None:
        return
    roles.require(record.seen_by)
    if query.outside(record, keys):
        raise Denied(Fault("", f"这里有别的村的{record.word}，您的账号只能查看本村的。"))
