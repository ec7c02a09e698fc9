"""What a record declares beside its facts: its checks, its lines, and where a row leads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.models.conditions import Condition, read

if TYPE_CHECKING:
    from app.models.record import Record


@dataclass(frozen=True)
class Check:
    """What must not be (体检项), the sentence to say when it is, and what it is called (`title`).

    `where` is the condition that no row may meet, in words; or, where words do not reach, a function that builds it
    over a Frame. With `same` (paths) it is about rows that share these facts: `many` of them or more, of which one
    meets `where` and which differ at `differ` (paths with | between: the first that is known). `gone` also looks at
    rows no longer present. `mend` is the title of the action, in the ledger of this record, that puts it right.
    With `refuse` an operation that would leave a touched row meeting it is refused; otherwise only the check-up tells.
    """

    where: str | Callable[[Any], Any]
    sentence: str
    refuse: bool = False
    title: str = ""
    same: str = ""
    many: int = 2
    differ: str = ""
    gone: bool = False
    mend: str = ""

    @property
    def name(self) -> str:
        """What it is called; by its title an answer finds it again."""
        return self.title or re.split("[，；。]", self.sentence)[0]

    def over(self, frame: Any) -> Any:
        """`where` as SQL over a Frame of the record."""
        return self.where(frame) if callable(self.where) else frame.where(read(self.where, frame.record))


@dataclass(frozen=True)
class Lead:
    """Where a row of one list leads to (去处): rows of another record, and the action to ask for there.

    `where` finds the same rows as `keys`, for a list that lies open; `gone` if some may be no longer present.
    """

    record: Any
    keys: tuple[int, ...]
    where: Condition | None = None
    gone: bool = False
    action: str = ""


@dataclass(frozen=True)
class Lines:
    """The rows of another record that belong to this one and are saved with it (明细)."""

    label: str
    record: Callable[[], type[Record]]
    link: str  # the name of the link in that record
