"""What can go wrong, in four kinds.

`Reject` the clerk mends it here; `Stale` somebody changed it meanwhile; `Trouble` a disk, a server
or a file: nobody's bug; everything else that is raised is a fault of this program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a value or a record: where, and a whole Chinese sentence saying what would be right."""

    path: str
    sentence: str


class Reject(Exception):
    """What was typed or read cannot be kept (退回修改). Nothing was written."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("".join(fault.sentence for fault in faults))


class Denied(Reject):
    """Who is signed in may not do this (没有权限). Nothing was written but a line in the history that it was tried."""


class Stale(Exception):
    """Somebody else changed the row since it was read. `mine` and `theirs` are images of it."""

    def __init__(self, sentence: str, mine: dict[str, Any], theirs: dict[str, Any] | None) -> None:
        self.mine, self.theirs = mine, theirs
        super().__init__(sentence)


class Trouble(Exception):
    """A disk, a server or a file does not do its part: one plain Chinese sentence and what to do."""


class Shut(Trouble):
    """Signing in failed (登录不成功): wrong account or password, or too soon after wrong ones."""


class Cancelled(Exception):
    """The clerk cancelled long work; the operation rolls back."""
