"""Parts of a record (专项): what only some of its rows have, in a table of its own and yet read and saved with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

CHUNK = 500  # keys in one IN (…)


class Part:
    """At most one row of another record that says more of this one and is saved with it (专项), as what is known of a
    left-behind child. Its facts are named through it, `child.school`, and are empty where there is none yet."""

    name: str

    def __init__(self, label: str, record: Callable[[], Any], link: str) -> None:
        self.label, self.record, self.link = label, record, link

    def __set_name__(self, owner: Any, name: str) -> None:
        self.name = name

    @property
    def rel_model(self) -> Any:
        """The record of the part; called so because paths go through a part as through a link."""
        return self.record()

    def facts(self) -> dict[str, Any]:
        """What it says, by name: all but whom it belongs to."""
        return {name: fact for name, fact in self.record().facts().items() if name != self.link}

    def rows(self, owners: Sequence[int]) -> dict[int, Any]:
        """The parts of these rows, by the key of the row they belong to."""
        record, found = self.record(), dict[int, Any]()
        link = record.facts()[self.link]
        for start in range(0, len(owners), CHUNK):
            rows = record.select().where(link.in_(list(owners[start : start + CHUNK])))
            found.update((row.__data__[self.link], row) for row in rows)
        return found
