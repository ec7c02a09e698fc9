"""The lines of a record as a table inside its form (明细): each cell is filled in with the input of its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.ledgers.layout import Table
from app.ui import look
from app.ui.card_burst import ENTERS, CardBurst
from app.ui.inputs import input_for
from app.ui.lines_model import LinesModel
from app.ui.link_input import LinkInput

_Index = QModelIndex | QPersistentModelIndex
_NONE = Qt.KeyboardModifier.NoModifier


class _Cells(QStyledItemDelegate):
    """Opens the input of a cell's kind; Enter takes it and goes on."""

    def __init__(self, table: LinesTable) -> None:
        super().__init__(table)
        self.table = table

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        place = self.table.lines.place(index)
        editor: QWidget = input_for(place.fact, parent, in_a_line=True)
        if isinstance(editor, LinkInput) and place.fact.within:
            row = self.table.lines.rows[index.row()]
            editor.above = lambda: row.values.get(place.fact.within)
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        editor.setGeometry(option.rect)

    def setEditorData(self, editor: Any, index: _Index) -> None:
        row, place = self.table.lines.rows[index.row()], self.table.lines.place(index)
        if place.name in row.typed:
            editor.restore(row.typed[place.name])
        else:
            editor.set_value(row.values.get(place.name))
        editor.selectAll()

    def setModelData(self, editor: Any, model: Any, index: _Index) -> None:
        self.table.lines.put(index, editor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if self.table.burst.eventFilter(watched, event):
                return True
            if getattr(watched, "is_open", False):
                if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down):
                    return False  # the list of the input takes it
                if event.key() in (*ENTERS, Qt.Key.Key_Tab):
                    watched.pick(watched.offered())  # type: ignore[attr-defined]
            if (do := self.table.verb(event)) is not None:
                self.finish(watched)
                do()
                return True
        return super().eventFilter(watched, event)

    def finish(self, editor: Any) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)


class LinesTable(QTableView):
    """Enter goes from cell to cell and, at the last, adds a line; Insert adds one, Ctrl+Delete takes one away.

    The cell one comes to is open at once. Esc shuts it; Delete alone then takes the line away. `passed(step)` tells
    that the clerk goes on from the last empty line (1), or back before the first cell (-1).
    """

    changed = Signal()
    passed = Signal(int)
    opened = Signal(QWidget)  # a cell's input, or the table itself

    def __init__(self, table: Table, burst: CardBurst, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.burst = table, burst
        self.lines = LinesModel(table, self)
        self.lines.changed.connect(self.changed)
        self.setModel(self.lines)
        self.cells = _Cells(self)
        self.setItemDelegate(self.cells)
        self.installEventFilter(burst)
        self.setAccessibleName(table.lines.label)
        self.setTabKeyNavigation(False)
        self.setShowGrid(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.CurrentChanged
        )
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setDefaultSectionSize(look.row_height())
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setFixedHeight(look.row_height())
        self.lines.rowsInserted.connect(self._fit)
        self.lines.rowsRemoved.connect(self._fit)
        self.lines.modelReset.connect(self._fit)
        self._least: list[int] = []
        self._widths()
        self._fit()

    def _widths(self) -> None:
        """Each column as wide as its caption and a usual value; what is left over goes to all."""
        header = self.horizontalHeader()
        header.setMinimumSectionSize(look.width("least_column"))
        for number, place in enumerate(self.table.columns):
            caption = self.lines.headerData(number, Qt.Orientation.Horizontal)
            usual = _USUAL.get(type(place.fact).__name__, "八个汉字的宽度")
            self._least.append(max(look.wide(f"{caption}字字", bold=True), look.wide(usual) + 3 * look.gap))
        self._spread()

    def _spread(self) -> None:
        room = self.viewport().width() - sum(self._least)
        part, rest = divmod(max(room, 0), len(self._least))
        for number, least in enumerate(self._least):
            self.setColumnWidth(number, least + part + (rest if number == 0 else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def _fit(self) -> None:
        """As high as its lines: the page scrolls, not the table."""
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(look.row_height() * (max(self.lines.rowCount(), 1) + 1) + bar + 2)

    def enter(self, step: int = 1) -> None:
        """Take the focus, at the first cell or, coming back, at the last."""
        if not self.lines.rows:
            self.lines.add(0)
        last = step < 0
        self.open(self.lines.rowCount() - 1 if last else 0, self.lines.columnCount() - 1 if last else 0)

    def open(self, row: int, column: int) -> None:
        """Go to a cell and open its input, so that an input method finds it before the first key."""
        index = self.lines.index(row, column)
        self.setCurrentIndex(index)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.scrollTo(index)
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        self.opened.emit(self.indexWidget(index) or self)

    def verb(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key means in the whole table, also while a cell is open."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in ENTERS or key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            back = key == Qt.Key.Key_Backtab or modifiers == Qt.KeyboardModifier.ShiftModifier
            if back or modifiers == _NONE:
                return lambda: self.go(-1 if back else 1, adding=key in ENTERS)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and modifiers == _NONE:
            return lambda: self.go_down(1 if key == Qt.Key.Key_Down else -1)
        if key == Qt.Key.Key_Insert:
            return self.insert_below
        if key == Qt.Key.Key_Delete and modifiers == Qt.KeyboardModifier.ControlModifier:
            return self.remove_current
        return None

    def go(self, step: int, adding: bool = True) -> None:
        """To the next or the last cell, over the ends of rows; beyond the last a line is added."""
        index, width, rows = self.currentIndex(), self.lines.columnCount(), self.lines.rows
        at = index.row() * width + index.column() + step
        ending = step > 0 and index.column() == 0 and index.row() == len(rows) - 1 and rows[-1].is_empty
        if at < 0 or ending or (at == len(rows) * width and not adding):
            self.passed.emit(step)
            return
        if at == len(rows) * width:
            self.lines.add(len(rows))
        self.open(at // width, at % width)

    def go_down(self, step: int) -> None:
        row = self.currentIndex().row() + step
        if 0 <= row < self.lines.rowCount():
            self.open(row, self.currentIndex().column())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.isValid() and (do := self.verb(event)) is not None:
            do()
        elif event.key() == Qt.Key.Key_Insert:
            self.insert_below()
        elif event.key() == Qt.Key.Key_Delete and index.isValid():
            self.remove_current()
        elif event.key() == Qt.Key.Key_F2 and index.isValid():
            self.open(index.row(), index.column())
            editor = self.indexWidget(index)
            if hasattr(editor, "look_up"):
                editor.look_up()
        else:
            super().keyPressEvent(event)

    def insert_below(self) -> None:
        index = self.currentIndex()
        row = index.row() + 1 if index.isValid() else self.lines.rowCount()
        self.lines.add(row)
        self.open(row, 0)

    def remove_current(self) -> None:
        row, column = self.currentIndex().row(), max(self.currentIndex().column(), 0)
        if row >= 0:
            self.lines.remove(row)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.lines.rowCount():
                self.setCurrentIndex(self.lines.index(min(row, self.lines.rowCount() - 1), column))

    def finish(self) -> None:
        """Take what still stands in an open cell."""
        editor = self.focusWidget()
        if editor is not None and editor is not self and self.isAncestorOf(editor) and hasattr(editor, "value_text"):
            self.cells.finish(editor)


_USUAL = {  # what a column of each kind has room for
    "IdNumber": "990001195505123017",
    "Telephone": "13888880000",
    "PersonName": "四个汉字字",
    "Code": "四个汉字字",
    "Flag": "否字",
    "Birth": "2026-11-21 ",
    "Day": "2026-11-21 ",
    "Month": "2026-11 ",
    "Money": "100,000.00",
    "Whole": "10000",
}
