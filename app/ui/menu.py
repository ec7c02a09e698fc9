"""What stands in the contents at the left: the declared ledgers, the clerk's own, and how many rows each has."""

from __future__ import annotations

from collections.abc import Callable

from app.ledgers.contents import CONTENTS, ledger_called
from app.ledgers.ledger import Ledger
from app.ledgers.listing import Listing
from app.ledgers.own import own_ledgers, source_of
from app.models import roles
from app.ui.contents_bar import ContentsBar, Entry
from app.ui.tasks import Tasks

OWN = "own:"  # before the key of a kept arrangement, where an English name stands for a declared ledger


class Menu:
    """Fills the contents; `open(name)` is what an entry does."""

    def __init__(self, bar: ContentsBar, tasks: Tasks, open: Callable[[str], None]) -> None:
        self.bar, self.tasks, self.open = bar, tasks, open
        self.extras: dict[str, list[Entry]] = {}
        self.own: dict[int, Ledger] = {}

    def ledger(self, name: str) -> Ledger:
        """The ledger behind an entry. LookupError or KeyError when it is gone."""
        if not name.startswith(OWN):
            return ledger_called(name)
        self.load_own()
        return self.own[int(name.removeprefix(OWN))]

    def source_name(self, name: str) -> str:
        """The English name of the declared ledger behind a name in the contents."""
        return source_of(int(name.removeprefix(OWN))) if name.startswith(OWN) else name

    def add(self, chapter: str, entry: Entry) -> None:
        """Add an entry to a chapter, "" for above all; new chapters stand last."""
        self.extras.setdefault(chapter, []).append(entry)
        self.fill()

    def load_own(self) -> None:
        self.own = {key: own for key, own in own_ledgers().items() if roles.may(own.record.seen_by)}
        self.fill()

    def fill(self) -> None:
        chapters: dict[str, list[Entry]] = {"": list(self.extras.get("", ()))}
        for chapter, ledgers in CONTENTS.items():
            seen = {name: ledger for name, ledger in ledgers.items() if roles.may(ledger.record.seen_by)}
            chapters[chapter] = [self._entry(name, ledger.title) for name, ledger in seen.items()]
        if self.own:
            chapters["我的台账"] = [self._entry(f"{OWN}{key}", ledger.title) for key, ledger in self.own.items()]
        for chapter, entries in self.extras.items():
            if chapter:
                chapters.setdefault(chapter, []).extend(entries)
        self.bar.show_chapters(chapters)

    def _entry(self, name: str, title: str) -> Entry:
        return Entry(name, title, lambda: self.open(name))

    def count(self) -> None:
        """Count the ledgers one after the other, so that a page that wants rows need not wait for all."""
        declared = {name: ledger for ledgers in CONTENTS.values() for name, ledger in ledgers.items()}
        for name, ledger in (declared | {f"{OWN}{key}": ledger for key, ledger in self.own.items()}).items():
            if roles.may(ledger.record.seen_by):
                self._count_one(name, Listing(ledger))

    def _count_one(self, name: str, listing: Listing) -> None:
        self.tasks.read(listing.count, lambda number: self.bar.show_count(name, f"{number:,}"), lambda error: None)
