"""The page of one row (户档、人员档案): all that is known of it, drawn from declarations; it names no register."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ledgers.dossier import Dossier, Part, dossier, form_of, page_of, page_word
from app.ledgers.ledger import Ledger
from app.models.faults import Stale
from app.papers.contents import dossier_paper
from app.ui import dossier_cards, look
from app.ui.detail_panel import NO_FORM, why_not
from app.ui.ledger_verbs import act_for
from app.ui.part_table import PartTable
from app.ui.rows import Elided, Scrolled, ToolRow
from app.ui.tasks import Job

if TYPE_CHECKING:
    from app.ui.record_form import RecordForm
    from app.ui.window import Window

SHOWN = 8  # rows of each part; its ledger has them all


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


class DossierPage(QWidget):
    """`ledger` is the one by whose form the row is written. The page is read on the reading thread and drawn whole."""

    name = ""

    def __init__(self, window: Window, ledger: Ledger, key: int) -> None:
        super().__init__()
        self.window_, self.ledger, self.key = window, ledger, key
        self.whole = self.every = False  # private facts as they are; all that happened
        self.found: Dossier | None = None
        self.tables: list[PartTable] = []
        self._job: Job | None = None
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build()
        self._bind()
        self.load()
        self._enable(None)

    # --- what stands there ---

    def _build(self) -> None:
        self.back = look.link(f"← {self.window_.titles.get(self.window_.page, '返回')}")
        self.title, self.under = Elided(page_word(self.ledger.record), "title"), Elided("正在读取…", "soft")
        self.tools = ToolRow()
        self.edit = self.tools.add(look.button("修改登记", "F2", primary=True))
        self.print = self.tools.add(look.button(f"打印{page_word(self.ledger.record)}", "Ctrl P"))
        self.up = self.tools.add(look.button("", "Ctrl U"))
        self.up.setProperty("gone", True)
        self.actions_ = [(one, self.tools.add(look.button(one.title, one.key))) for one in self.ledger.actions]
        head = QHBoxLayout()
        head.setSpacing(look.gap)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        head.addWidget(self.tools, 3)
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        self.side = QWidget()
        self.side.setLayout(self.right)
        self.right.setContentsMargins(0, 0, 0, 0)
        self.columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.columns.setContentsMargins(0, 0, 0, 0)
        for column in (self.left, self.right, self.columns):
            column.setSpacing(look.gap)
        self.columns.addLayout(self.left, 1)
        self.columns.addWidget(self.side, 0, Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        inside.setLayout(self.columns)
        self.area = Scrolled(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, look.gap, 16, look.gap)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self.under)
        whole.addWidget(self.area, 1)

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
        record, key, whole = self.ledger.record, self.key, self.whole
        self._job = self.window_.tasks.read(lambda: dossier(record, key, whole, SHOWN), self._show, self._failed)

    def refresh(self, tables: frozenset[str]) -> None:
        """Something was written: read again."""
        self.load()

    def leave(self) -> None:
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
        if found != self.found:
            self._draw(found)

    def restyle(self) -> None:
        """The size of type changed."""
        self._draw(self.found)
        self.tools.arrange()

    # --- drawing ---

    def _draw(self, found: Dossier | None) -> None:
        """Draw all cards anew; the keyboard stays at the row where it was, and the page where it was scrolled to."""
        at, scrolled = self._place(), self.area.verticalScrollBar().value()
        self.found, self.tables = found, []
        for column in (self.left, self.right):
            dossier_cards.clear(column)
        self._enable(found)
        if found is not None:
            self.title.setText(found.title)
            self.under.setText(found.under)
            unmask = None
            if found.private and not self.whole:
                unmask = look.link("显示完整号码")
                unmask.clicked.connect(self.show_whole)
            letter = not found.lines  # then the facts come first, and as wide as the page
            facts = dossier_cards.facts_card(found, 2 if letter else 1, self._open_page, unmask)
            (self.left if letter else self.right).addWidget(facts)
            for part in found.lines:
                self._add(part, partial(self._open_line, part.listing.ledger.record), None)
            for part in found.parts:
                record = part.listing.ledger.record
                self._add(part, partial(self._open_form, record), partial(self._open_all, part))
            if found.lacking:
                self.left.addWidget(dossier_cards.lacking_card(found.lacking))
            self.right.addWidget(dossier_cards.happened_card(found.happened, self.every, self.show_every))
        self.left.addStretch(1)
        self._fit()
        self._settle(at, scrolled)

    def _add(self, part: Part, open_row: Any, open_all: Any) -> None:
        card, table = dossier_cards.part_card(part, open_row, open_all)
        table.passed.connect(lambda step, table=table: self._pass(table, step))
        table.selectionModel().currentChanged.connect(lambda *_, table=table: self._reveal(table))
        self.left.addWidget(card)
        self.tables.append(table)

    def _enable(self, found: Dossier | None) -> None:
        """What can be done with the row; a grey button says why not."""
        gone = "" if found else "这条记录已被删除。" if self._job is None else "正在读取…"
        owner = found.owner if found else None
        if owner:
            self.up.setText(page_word(owner[0].record))
        self.up.setProperty("gone", owner is None)
        for button in (self.edit, self.print):
            button.setEnabled(found is not None)
            button.setToolTip(gone)
        for action, button in self.actions_:
            why = why_not(action, [self.key]) if found else gone
            button.setEnabled(why is None)
            button.setToolTip(why or "")
        self.tools.arrange()

    def _place(self) -> tuple[str, int] | None:
        """The part and the row where the keyboard is, if it is on this page."""
        table = next((table for table in self.tables if table.hasFocus()), None)
        return (table.part.title, table.currentIndex().row()) if table else None

    def _settle(self, at: tuple[str, int] | None, scrolled: int) -> None:
        """Put the keyboard back to the row where it was, or to the first."""
        table = next((one for one in self.tables if at and one.part.title == at[0]), None)
        wanted = table or (self.tables[0] if self.tables else None)
        self.setFocusProxy(wanted)
        if wanted is not None and (at or self.hasFocus() or self.focusWidget() is None) and self.window_.page is self:
            wanted.choose_row(min(at[1], len(wanted.model_.keys) - 1) if at and table else 0)
            if self.isActiveWindow() and self.isVisible():
                wanted.setFocus()
        self.area.verticalScrollBar().setValue(scrolled)

    def _fit(self) -> None:
        """In a narrow page the facts stand under the tables."""
        narrow = self.width() < look.width("dossier_narrow")
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self.columns.setDirection(way)
        self.side.setMinimumWidth(0 if narrow else look.width("dossier_side"))
        self.side.setMaximumWidth(self.maximumWidth() if narrow else look.width("dossier_side"))
        self.columns.setAlignment(self.side, Qt.AlignmentFlag(0) if narrow else Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

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

    def show_whole(self) -> None:
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
