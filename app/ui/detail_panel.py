"""The row that is looked at, beside its ledger: its facts by the sections of its form, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from app.ledgers.contents import written_in
from app.ledgers.dossier import page_of, page_word, sections
from app.ledgers.forms import why_not_opened
from app.ledgers.ledger import Action, Ledger
from app.ledgers.listing import Listing
from app.models import roles
from app.models.faults import Stale
from app.models.paths import resolve
from app.papers.contents import OnePaper, papers_for
from app.ui import look
from app.ui.rows import Elided, Flow, Scrolled

NO_FORM = "这个台账是由程序记下或推算的，不能打开修改。"


def why_not(action: Action, chosen: Sequence[int], hindered: dict[Any, str | None] | None = None) -> str | None:
    """Why an action cannot be done with these rows; a row that is gone meanwhile is reason enough."""
    try:
        return action.why_not(chosen, hindered)
    except Stale as gone:
        return str(gone)


def enable(button: look.Button, why: str | None) -> None:
    """Make a button grey where something hinders it, and say what."""
    button.setEnabled(not why)
    button.setToolTip(why or "")


class DetailPanel(QFrame):
    """`open_asked()`, `page_asked()`, `action_asked(action)`, `paper_asked(paper)` and `closed()`."""

    open_asked = Signal()
    page_asked = Signal()
    action_asked = Signal(object)
    paper_asked = Signal(object)
    closed = Signal()

    def __init__(self, ledger: Ledger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ledger = ledger
        self.setProperty("card", True)
        self.whole = False  # private facts as they are, until another row is looked at
        self.key: int | None = None
        self._sections = sections(ledger)
        self.name = look.label("", "name", wrap=True)
        self.under = look.soft("", wrap=True)
        self.facts = QWidget()
        self.grid = QGridLayout(self.facts)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(look.gap)
        self.grid.setVerticalSpacing(6)
        self.grid.setColumnStretch(1, 1)
        self.told = look.label("", "small", wrap=True)
        self.told.setVisible(False)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.unmask = look.link("显示完整号码")
        self.unmask.clicked.connect(self._show_whole)
        self.open_button = look.button("打开", "Enter")
        self.open_button.clicked.connect(self.open_asked)
        self.buttons = QWidget()
        self.flow = Flow(self.buttons, 8)
        self.flow.addWidget(self.open_button)
        self.page_button = look.button(page_word(ledger.record), "Ctrl I")
        self.page_button.clicked.connect(self.page_asked)
        self.page_button.setVisible(False)
        if page_of(ledger.record):
            self.flow.addWidget(self.page_button)
            self.page_button.setVisible(True)
        self.actions_: list[tuple[Action, look.Button]] = []
        for action in (one for one in ledger.actions if not one.whole):
            button = look.button(action.title, action.key)
            button.clicked.connect(lambda _=False, action=action: self.action_asked.emit(action))
            self.flow.addWidget(button)
            self.actions_.append((action, button))
        self.papers: list[tuple[OnePaper, look.Button]] = []
        for paper in papers_for(ledger.record):
            button = look.button(f"打印{paper.title}…")
            button.clicked.connect(lambda _=False, paper=paper: self.paper_asked.emit(paper))
            self.flow.addWidget(button)
            self.papers.append((paper, button))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(8)
        for widget in (self.name, self.under, self.facts, self.told, self.unmask):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addWidget(look.heading("办理"))
        column.addWidget(self.buttons)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.addWidget(Scrolled(inside))

    def show_row(self, listing: Listing, key: int | None, chosen: Sequence[int]) -> None:
        """Show one row of a listing; `chosen` are those that the actions would be for."""
        if key != self.key:
            self.whole = False
        self.key, self.listing = key, listing
        self._fill()
        self.show_chosen(chosen)

    def show_chosen(self, chosen: Sequence[int]) -> None:
        """What can be done with these rows; a grey button says why not."""
        written = self.ledger if self.ledger.form or self.ledger.opens else written_in(self.ledger.record)
        why = None if written else NO_FORM
        if written and written.form:
            why = why_not_opened(written, self.key or 0)
        if self.key is None:
            why = "请先选一行。"
        enable(self.open_button, why)
        enable(self.page_button, "请先选一行。" if self.key is None else None)
        hindered: dict[Any, str | None] = {}  # several actions are hindered by the same
        for action, button in self.actions_:
            enable(button, why_not(action, chosen, hindered))
        for paper, button in self.papers:
            enable(button, "请先选一行。" if self.key is None else paper.why_not(self.key))

    def _fill(self) -> None:
        while self.grid.count():
            item = self.grid.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.unmask.setVisible(False)
        self.told.setText("" if self.key is None else "\n".join(self.ledger.tells(self.key)))
        self.told.setVisible(bool(self.told.text()))
        if self.key is None:
            self.name.setText("没有选中的行")
            self.under.setText("在左边的表里选一行，这里显示它的内容。")
            return
        head = self.listing.but(columns=self.ledger.shown[:4], whole=False).cells([self.key])[0]
        self.name.setText(head[0] or self.ledger.record.word)
        self.under.setText("　".join(filter(None, head[1:4])))
        self.under.setVisible(bool(self.under.text()))
        columns = tuple(column for _, columns in self._sections for column in columns)
        texts = self.listing.but(columns=columns, whole=self.whole).cells([self.key])[0]
        cells = dict(zip((column.text for column in columns), texts, strict=True))
        row, private, caption_width = 0, False, self._caption_width()
        for title, members in self._sections:
            told = [(column, cells[column.text]) for column in members if cells[column.text]]
            if not told:
                continue
            if title and len(self._sections) > 1:
                self.grid.addWidget(look.faint(title), row, 0, 1, 2)
                row += 1
            for column, text in told:
                private = private or resolve(self.ledger.record, column.text).private
                caption = Elided(column.caption, "soft")
                caption.setFixedWidth(caption_width)
                value = look.label(text, wrap=True)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self.grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
                self.grid.addWidget(value, row, 1)
                for widget in (caption, value):  # a widget that waits to be shown has no height yet
                    widget.show()
                row += 1
        self.unmask.setVisible(private and not self.whole)
        enable(self.unmask, roles.why_not("whole"))

    def _caption_width(self) -> int:
        """As wide as the widest caption of any row needs, so that all rows stand alike; but leaving room for values."""
        metrics = QFontMetrics(look.font())
        captions = (column.caption for _, columns in self._sections for column in columns)
        widest = max(map(metrics.horizontalAdvance, captions), default=0) + 4
        return max(look.width("caption"), min(widest, look.width("most_caption")))

    def _show_whole(self) -> None:
        """Show private facts as they are; who is signed in says what for."""
        from app.ui import purpose  # asking is loaded when first asked

        if (key := self.key) is not None:
            purpose.unmask(self, self.window(), self.ledger.record, key, lambda: self._unmask(key))

    def _unmask(self, key: int | None) -> None:
        if key == self.key:
            self.whole = True
            self._fill()
