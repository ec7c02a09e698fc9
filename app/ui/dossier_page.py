"""The page of one row (户档、人员档案): all that is known of it, drawn from declarations; it names no register."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut

from app.ledgers import forms
from app.ledgers.dossier import Dossier, Part, dossier, form_of, gathered, page_of, page_word
from app.ledgers.ledger import Ledger
from app.models import roles
from app.models.faults import Stale
from app.papers.contents import dossier_paper
from app.ui import dossier_cards, look
from app.ui.detail_panel import NO_FORM, enable, why_not
from app.ui.dossier_frame import DossierFrame
from app.ui.ledger_verbs import act_for
from app.ui.part_table import PartTable
from app.ui.tasks import Job

if TYPE_CHECKING:
    from app.ui.record_form import RecordForm
    from app.ui.window import Window

SHOWN = 8  # rows of each part; its ledger has them all
READ, DRAWN = 0.03, 0.008  # seconds that are read before it is shown; that are drawn in one turn of the event loop
CALM = 12  # ms until what was drawn is painted too, and reading goes on


def open_dossier(window: Window, record: Any, key: int) -> DossierPage | None:
    """Open the page of a row; None where its record has none, and that is said."""
    ledger = page_of(record)
    if ledger is None:
        window.say(f"{record.word}没有单独的档案，请打开登记查看。")
        return None
    page = DossierPage(window, ledger, key)
    window.show_page(page, page_word(record))
    return page


def open_from_form(form: RecordForm) -> None:
    """Open the page of the row that stands in a form."""
    if form.key is not None:
        open_dossier(form.desk, form.ledger.record, form.key)


class DossierPage(DossierFrame):
    """`ledger` is the one by whose form the row is written.

    The page is read on the reading thread and drawn bit by bit: what stands at its top at once, the other cards in
    later turns of the event loop, so that the window never waits for a long one. Reading goes on when all is drawn that
    was read before: two threads that work at once wait for each other.
    """

    name = ""

    def __init__(self, window: Window, ledger: Ledger, key: int) -> None:
        super().__init__(ledger, f"← {window.titles.get(window.page, '返回')}", window.stack)
        self.window_, self.key = window, key
        self.whole = self.every = False  # private facts as they are; all that happened
        self.found: Dossier | None = None
        self.tables: list[PartTable] = []
        self._job: Job | None = None
        self._cards: deque[Callable[[], None]] = deque()  # still to be drawn
        self._at: tuple[str, int] | None = None  # where the keyboard was, and how far the page was scrolled
        self._scrolled = 0
        self._pages: Iterator[Dossier] = iter(())
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._draw_on)
        self._bind()
        self.load()
        self._enable(None)

    def _bind(self) -> None:
        self.back.clicked.connect(lambda: self.window_.close_page(self))
        self.edit.clicked.connect(lambda: self.window_.open_form(self.ledger, self.key))
        self.print.clicked.connect(self.print_)
        self.up.clicked.connect(self.open_owner)
        for action, button in self.actions_:
            button.clicked.connect(lambda _=False, action=action: act_for(self, action, [self.key]))
        keys = [("F2", self.edit), ("Ctrl+P", self.print), ("Ctrl+U", self.up)]
        keys += [(action.key, button) for action, button in self.actions_ if action.key]
        for key, button in keys:
            QShortcut(QKeySequence(key), self).activated.connect(button.click)

    # --- reading ---

    def load(self) -> None:
        """Read all of it anew; what stands there stays until then."""
        if self._job:
            self._job.drop()
        self._later.stop()
        record, key, whole = self.ledger.record, self.key, self.whole
        if self.found is None:
            self._read(gathered(record, key, whole, SHOWN))
        else:
            self._job = self.window_.tasks.read(lambda: dossier(record, key, whole, SHOWN), self._show, self._failed)

    def _read(self, pages: Iterator[Dossier]) -> None:
        """Read on, and show what is known then."""
        self._pages = pages
        self._job = self.window_.tasks.read(lambda: _next(pages), self._show, self._failed)

    @property
    def is_drawn(self) -> bool:
        """Whether all that there is stands there."""
        return self._job is None and not self._later.isActive()

    def refresh(self, tables: frozenset[str]) -> None:
        """Something was written: read again."""
        self.load()

    def leave(self) -> None:
        self._later.stop()
        if self._job:
            self._job.drop()

    def _failed(self, error: Exception) -> None:
        self._job = None
        if isinstance(error, Stale):
            self._draw(None)
            self.under.setText(str(error))
        else:
            self.window_.tell(error)

    def _show(self, found: Dossier) -> None:
        self._job = None
        if self.found is not None and _begins(self.found, found):
            self._add_cards(found, self.found)
            self.found = found
            self._draw_on()
        elif found != self.found:
            self._draw(found)

    def restyle(self) -> None:
        """The size of type changed."""
        self._draw(self.found)
        self.tools.arrange()

    # --- drawing ---

    def _draw(self, found: Dossier | None) -> None:
        """Draw all cards anew; the keyboard stays at the row where it was, and the page where it was scrolled to."""
        self._at, self._scrolled = self._place(), self.area.verticalScrollBar().value()
        self.area.widget().setUpdatesEnabled(self.found is None)  # what stood there changes all at once
        self.found, self.tables = found, []
        self._cards.clear()
        for column in (self.left, self.right):
            dossier_cards.clear(column)
        self.left.addStretch(1)
        if found is None:
            self._enable(None)
        else:
            self.title.setText(found.title)
            self.under.setText(found.under)
            self._facts(found)
            for part in found.lines:
                self._cards.append(partial(self._add, part, partial(self._open_line, part.listing.ledger.record), None))
            self._cards.append(partial(self._enable, found))
            self._add_cards(found, None)
        self._fit()
        self._draw_on()

    def _facts(self, found: Dossier) -> None:
        unmask = None
        if found.private and not self.whole:
            unmask = look.link("显示完整号码")
            unmask.clicked.connect(self.show_whole)
            enable(unmask, roles.why_not("whole"))
        letter = not found.lines  # then the facts come first, and as wide as the page
        facts = dossier_cards.facts_card(found, 2 if letter else 1, self._open_page, unmask)
        if letter:
            self._put(facts)
        else:
            self._put_beside(facts)

    def _add_cards(self, found: Dossier, earlier: Dossier | None) -> None:
        """Ask for the cards of what is known now and was not earlier."""
        for part in found.parts[len(earlier.parts) if earlier else 0 :]:
            record = part.listing.ledger.record
            open_row, open_all = partial(self._open_form, record), partial(self._open_all, part)
            self._cards.append(partial(self._add, part, open_row, open_all))
        if found.complete:
            self._cards.append(partial(self._end, found))

    def _end(self, found: Dossier) -> None:
        if found.lacking:
            self._put(dossier_cards.lacking_card(found.lacking))
        self._put_beside(dossier_cards.happened_card(found.happened, self.every, self.show_every))

    def _is_complete(self) -> bool:
        return self.found is None or self.found.complete

    def _draw_on(self) -> None:
        """Draw a few of the cards that are asked for; in the next turn the others, or else read on."""
        if not self._cards and not self._is_complete():
            self._read(self._pages)
            return
        began = time.perf_counter()
        while self._cards:
            self._cards.popleft()()
            if time.perf_counter() - began >= DRAWN:
                break
        self._settle(self._at)
        if self._cards or not self._is_complete():
            self._later.start(0 if self._cards else CALM)
        else:
            self.area.widget().setUpdatesEnabled(True)
            self._at = None
            if self._scrolled:  # when all has its place
                QTimer.singleShot(0, self, lambda: self.area.verticalScrollBar().setValue(self._scrolled))

    def _add(self, part: Part, open_row: Any, open_all: Any) -> None:
        card, table = dossier_cards.part_card(part, open_row, open_all, self.area.widget())
        table.passed.connect(lambda step, table=table: self._pass(table, step))
        table.selectionModel().currentChanged.connect(lambda *_, table=table: self._reveal(table))
        self._put(card)
        self.tables.append(table)

    def _enable(self, found: Dossier | None) -> None:
        """What can be done with the row; a grey button says why not."""
        gone = "" if found else "这条记录已被删除。" if self._job is None else "正在读取…"
        owner = found.owner if found else None
        if owner:
            self.up.setText(page_word(owner[0].record))
        self.up.setProperty("gone", owner is None)
        for button, hindrance in (
            (self.edit, found and forms.why_not_opened(self.ledger, self.key)), (self.print, roles.why_not("print")),
        ):  # fmt: skip
            enable(button, hindrance or gone)
        hindered: dict[Any, str | None] = {}
        for action, button in self.actions_:
            enable(button, why_not(action, [self.key], hindered) if found else gone)
        self.tools.arrange()

    def _place(self) -> tuple[str, int] | None:
        """The part and the row where the keyboard is, if it is on this page."""
        table = next((table for table in self.tables if table.hasFocus()), None)
        return (table.part.title, table.currentIndex().row()) if table else None

    def _settle(self, at: tuple[str, int] | None) -> None:
        """Put the keyboard back to the row where it was, or to the first."""
        table = next((one for one in self.tables if at and one.part.title == at[0]), None)
        wanted = table or (self.tables[0] if self.tables else None)
        self.setFocusProxy(wanted)
        if wanted is not None and (at or self.hasFocus() or self.focusWidget() is None) and self.window_.page is self:
            wanted.choose_row(min(at[1], len(wanted.model_.keys) - 1) if at and table else 0)
            if self.isActiveWindow() and self.isVisible():
                wanted.setFocus()

    # --- going about ---

    def _pass(self, table: PartTable, step: int) -> None:
        """An arrow key led out of a table: into the one above or below."""
        at = self.tables.index(table) + step
        if 0 <= at < len(self.tables):
            self.tables[at].choose_row(0 if step > 0 else -1)
            self.tables[at].setFocus()
            self._reveal(self.tables[at])

    def _reveal(self, table: PartTable) -> None:
        """Scroll the page to the row that is looked at."""
        if table.hasFocus():
            rect = table.visualRect(table.currentIndex())
            middle = table.viewport().mapTo(self.area.widget(), rect.center())
            self.area.ensureVisible(0, middle.y(), 0, 2 * look.row_height())

    def _open_page(self, record: Any, key: int) -> None:
        open_dossier(self.window_, record, key)

    def _open_line(self, record: Any, key: int) -> None:
        """A line opens its own page where it has one."""
        if page_of(record):
            self._open_page(record, key)
        else:
            self._open_form(record, key)

    def _open_form(self, record: Any, key: int) -> None:
        row = form_of(record, key)
        if row is None:
            self.window_.say(NO_FORM)
        else:
            self.window_.open_form(*row)

    def _open_all(self, part: Part) -> None:
        """All rows of a part, in their ledger as it is always seen."""
        self.window_.open_ledger(part.name, where=part.listing.where, gone=part.listing.gone)

    def open_owner(self) -> None:
        """The page of the row whose line this one is."""
        if self.found and self.found.owner:
            ledger, key = self.found.owner
            self._open_page(ledger.record, key)

    @Slot()
    def show_whole(self) -> None:
        """Show private facts as they are; who is signed in says what for."""
        from app.ui import purpose  # asking is loaded when first asked

        purpose.unmask(self, self.window_, self.ledger.record, self.key, self._unmasked)

    def _unmasked(self) -> None:
        self.whole = True
        self.load()

    def show_every(self) -> None:
        self.every = True
        self._draw(self.found)

    def print_(self) -> None:
        if self.found:
            self.window_.paper_asked.emit(dossier_paper(self.ledger.record), self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.window_.close_page(self)
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            step = self.area.viewport().height() - look.row_height()
            bar = self.area.verticalScrollBar()
            bar.setValue(bar.value() + (step if event.key() == Qt.Key.Key_PageDown else -step))
        else:
            super().keyPressEvent(event)


def _next(pages: Iterator[Dossier]) -> Dossier:
    """The page as it is known a little later."""
    began, found = time.perf_counter(), next(pages)
    while not found.complete and time.perf_counter() - began < READ:
        found = next(pages)
    return found


def _begins(earlier: Dossier, found: Dossier) -> bool:
    """Whether a page that was not complete has only grown."""
    parts = found.parts[: len(earlier.parts)]
    same = replace(found, parts=parts, lacking=(), happened=(), private=earlier.private, complete=False)
    return not earlier.complete and same == earlier
