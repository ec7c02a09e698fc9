"""What stands in the contents at the left: the declared ledgers, the clerk's own, and how many rows each has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.ledgers.arrangements import form_titles
from app.ledgers.contents import CONTENTS, ledger_called
from app.ledgers.ledger import Ledger
from app.ledgers.listing import Listing
from app.ledgers.own import own_ledgers, source_of
from app.models import roles
from app.models.county_forms import BoundForm
from app.ui.contents_bar import BOUND, OWN, ContentsBar, Entry
from app.ui.tasks import Tasks

KEPT = {"own_ledger", "bound_form"}  # the tables that say what more stands in the contents


class Menu:
    """Fills the contents; `open(name)` is what an entry does."""

    def __init__(self, bar: ContentsBar, tasks: Tasks, open: Callable[[str], None]) -> None:
        self.bar, self.tasks, self.open = bar, tasks, open
        self.extras: dict[str, list[Entry]] = {}
        self.own: dict[int, Ledger] = {}
        self.bound: dict[int, str] = {}

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
        self.bound = form_titles() if roles.may(BoundForm.seen_by) else {}
        self.fill()

    def fill(self) -> None:
        chapters: dict[str, list[Entry]] = {"": list(self.extras.get("", ()))}
        for chapter, ledgers in CONTENTS.items():
            seen = {name: ledger for name, ledger in ledgers.items() if roles.may(ledger.record.seen_by)}
            chapters[chapter] = [self._entry(name, ledger.title) for name, ledger in seen.items()]
        if self.own:
            chapters["我的台账"] = [self._entry(f"{OWN}{key}", ledger.title) for key, ledger in self.own.items()]
        if self.bound:
            chapters["上级报表"] = [self._entry(f"{BOUND}{key}", title) for key, title in self.bound.items()]
        for chapter, entries in self.extras.items():
            if chapter:
                chapters.setdefault(chapter, []).extend(entries)
        self.bar.show_chapters(chapters)

    def show(self, window: Any, name: str) -> None:
        """Show the page behind an entry."""
        if name.startswith(BOUND):
            from app.ui.fill_open import open_bound  # loaded when the first is opened

            open_bound(window, int(name.removeprefix(BOUND)))
        else:
            window.open_ledger(name)

    def named(self) -> dict[str, Ledger]:
        """Every ledger that may be seen, the clerk's own last, by its name in the contents."""
        known = {name: ledger for ledgers in CONTENTS.values() for name, ledger in ledgers.items()}
        return {name: ledger for name, ledger in known.items() if roles.may(ledger.record.seen_by)} | {
            f"{OWN}{key}": ledger for key, ledger in self.own.items()
        }

    def _entry(self, name: str, title: str) -> Entry:
        return Entry(name, title, lambda: self.open(name))

    def count(self) -> None:
        """Count the ledgers one after the other, so that a page that wants rows need not wait for all."""
        for name, ledger in self.named().items():
            self._count_one(name, Listing(ledger))

    def _count_one(self, name: str, listing: Listing) -> None:
        self.tasks.read(listing.count, lambda number: self.bar.show_count(name, f"{number:,}"), lambda error: None)
