"""A small table on a page that is read like a letter: all its rows stand there, and the page scrolls, not the table."""

from __future__ import annotations

from array import array

from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QSizePolicy, QTableView, QWidget

from app.ledgers.dossier import Part
from app.ui import look
from app.ui.heading import caption_width
from app.ui.ledger_rows import Cells, RowsModel, alignment


class PartRows(RowsModel):
    """The rows that a part brought with it: nothing more is asked of the file."""

    def show_part(self, part: Part) -> None:
        self.beginResetModel()
        self.listing, self.rows = part.listing, part.rows
        self.keys = array("q", part.keys[: len(part.rows)])
        self.aligned = [alignment(column.path.fact) for column in part.listing.shown]
        self.endResetModel()

    def row(self, number: int) -> tuple[str, ...]:
        return self.rows[number]


class PartTable(QTableView):
    """`opened(key)` on Enter or a double click; `passed(step)` when an arrow key leads out of it (-1 up, 1 down)."""

    opened = Signal(object)
    passed = Signal(int)

    def __init__(self, part: Part, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part, self.model_ = part, PartRows(self)
        self.model_.show_part(part)
        self.setItemDelegate(Cells(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        for policy in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(look.row_height())
        heading = self.horizontalHeader()
        heading.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heading.setSectionsClickable(False)
        heading.setHighlightSections(False)
        heading.setTextElideMode(Qt.TextElideMode.ElideRight)
        heading.setMinimumSectionSize(1)
        heading.setFixedHeight(look.row_height())
        self.setModel(self.model_)  # when all else is said: what is changed afterwards is laid out again
        self.setFixedHeight(look.row_height() * (len(part.rows) + 1))
        self.setAccessibleName(part.title)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.model_.keys[index.row()]))
        self._wishes = self._measured()

    # --- widths ---

    def _measured(self) -> list[int]:
        """How wide each column would be if there were room for all."""
        cells = self.cells()
        pad, wishes = look.sizes().of(20), []
        for at, column in enumerate(self.part.listing.shown):
            texts = {row[at].replace("\n", " ") for row in self.part.rows}
            body = max((cells.metrics[at == 0].horizontalAdvance(text) for text in texts), default=0)
            wishes.append(max(caption_width(column.caption), min(body, look.width("most_column"))) + pad)
        return wishes

    def fit(self) -> None:
        """Divide the width: what is lacking is taken from the widest, then the last columns stay out of sight."""
        room, widths = self.viewport().width(), list(self._wishes)
        if not widths or room <= 0:
            return
        least, cap = look.width("least_cell"), max(widths)
        while sum(widths) > room and cap > least:
            cap = max(cap - 4, least)
            widths = [min(wish, cap) for wish in self._wishes]
        while sum(widths) > room and len(widths) > 1:
            widths.pop()
        widths[-1] += room - sum(widths)
        for at in range(len(self._wishes)):
            self.setColumnHidden(at, at >= len(widths))
            if at < len(widths):
                self.setColumnWidth(at, widths[at])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def sizeHint(self) -> QSize:
        return QSize(min(sum(self._wishes), look.width("form")), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(look.width("least_table"), self.height())

    # --- keys ---

    def cells(self) -> Cells:
        delegate = self.itemDelegate()
        assert isinstance(delegate, Cells)
        return delegate

    def choose_row(self, row: int) -> None:
        """Look at a row; -1 is the last."""
        if self.model_.keys:
            index = self.model_.index(row % len(self.model_.keys), max(self.currentIndex().column(), 0))
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self._mark()

    def current_key(self) -> int | None:
        row = self.currentIndex().row()
        return self.model_.keys[row] if 0 <= row < len(self.model_.keys) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, last = self.currentIndex().row(), len(self.model_.keys) - 1
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (key := self.current_key()) is not None:
            self.opened.emit(key)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            if 0 <= row + step <= last:
                self.choose_row(row + step)
            else:
                self.passed.emit(step)
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape):
            event.ignore()  # the page scrolls, or goes
        else:
            super().keyPressEvent(event)
            self._mark()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.choose_row(0)
        self._mark()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._mark()

    def mousePressEvent(self, event: QEvent) -> None:
        super().mousePressEvent(event)  # type: ignore[arg-type]
        self._mark()

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()  # the page scrolls

    def _mark(self) -> None:
        """Mark the row that is looked at while the keyboard is here."""
        row = self.currentIndex().row() if self.hasFocus() else -1
        if row != self.cells().current:
            self.cells().current = row
            self.viewport().update()
