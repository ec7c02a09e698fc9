"""The lines of a record as a table inside its form (明细): each cell is filled in with the input of its kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.ledgers.layout import Place, Table
from app.ui import look
from app.ui.card_burst import CardBurst
from app.ui.inputs import input_for
from app.ui.link_input import LinkInput
from app.work import choices
from app.work.forms import Line

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Role = Qt.ItemDataRole
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass
class Row:
    """One line: values that were read, and texts that could not be, each by the fact's name."""

    values: Line = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)  # sentences; "" is about the whole line

    @property
    def is_empty(self) -> bool:
        return "id" not in self.values and not self.typed and all(value is None for value in self.values.values())

    @property
    def removed(self) -> bool:
        return bool(self.values.get("removed"))


class LinesModel(QAbstractTableModel):
    """Rows of lines; the last column tells what is wrong with a line."""

    changed = Signal()

    def __init__(self, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table, self.record = table, table.lines.record()
        self.rows: list[Row] = []
        self._called: dict[tuple[str, int], str] = {}

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.columns)

    def place(self, index: _Index) -> Place:
        return self.table.columns[index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == _Role.DisplayRole else None
        fact = self.table.columns[section].fact
        if role == _Role.DisplayRole:
            unit = f"（{fact.note}）" if 0 < len(fact.note) <= 3 else ""
            return f"{fact.label}{unit}{' *' if fact.required else ''}"
        if role == _Role.TextAlignmentRole:
            return self._alignment(fact)
        return fact.note if role == _Role.ToolTipRole else None

    @staticmethod
    def _alignment(fact: Any) -> int:
        side = Qt.AlignmentFlag.AlignRight if fact.adds else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        row, place = self.rows[index.row()], self.place(index)
        if role in (_Role.DisplayRole, _Role.EditRole):
            return self.text(row, place)
        if role == _Role.TextAlignmentRole:
            return self._alignment(place.fact)
        wrong = row.wrong.get(place.name) or row.wrong.get("")
        if role == _Role.ForegroundRole and wrong:
            return look.color(look.LATE)
        if role == _Role.BackgroundRole and place.name in row.wrong:
            return look.color(look.LATE_TINT)
        if role == _Role.ToolTipRole:
            return wrong or None
        if role == _Role.FontRole and row.removed:
            font = look.font()
            font.setStrikeOut(True)
            return font
        return None

    def text(self, row: Row, place: Place) -> str:
        """What stands in a cell; a form shows its private facts whole."""
        if place.name in row.typed:
            return row.typed[place.name]
        value = row.values.get(place.name)
        if value is None:
            return ""
        if hasattr(place.fact, "rel_model"):
            key = (place.name, value)
            if key not in self._called:
                self._called[key] = choices.called(place.fact.rel_model, value)
            return self._called[key]
        shown: str = place.fact.show(value)
        return shown

    def flags(self, index: _Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual if self.rows[index.row()].removed else usual | Qt.ItemFlag.ItemIsEditable

    def put(self, index: _Index, editor: Any) -> None:
        """Take what stands in an input into the cell, and fill in what follows from it."""
        row, place = self.rows[index.row()], self.place(index)
        if editor.value_text() == self.text(row, place):
            return
        row.wrong.pop(place.name, None)
        row.typed.pop(place.name, None)
        try:
            row.values[place.name] = editor.read()
        except ValueError as wrong:
            row.values[place.name] = None
            row.typed[place.name], row.wrong[place.name] = editor.value_text(), str(wrong)
        else:
            self._complete(row)
        self._tell(index.row())
        self.changed.emit()

    def put_value(self, row: int, name: str, value: Any) -> None:
        """Put a value into a cell, in place of what stands there."""
        line = self.rows[row]
        line.values[name] = value
        line.typed.pop(name, None)
        line.wrong.pop(name, None)
        self._tell(row)

    def _complete(self, row: Row) -> None:
        values = {name: value for name, value in row.values.items() if value is not None}
        self.record.complete(values)
        for place in self.table.columns:
            if row.values.get(place.name) is None and place.name not in row.typed:
                row.values[place.name] = values.get(place.name)

    def _tell(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    def fill(self, lines: list[Line]) -> None:
        self.beginResetModel()
        self.rows = [Row(dict(line)) for line in lines]
        self.endResetModel()

    def put_rows(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def add(self, at: int) -> None:
        self.beginInsertRows(QModelIndex(), at, at)
        self.rows.insert(at, Row())
        self.endInsertRows()

    def remove(self, at: int) -> None:
        """Take a new line away; a stored one is struck out, and back again the second time."""
        row = self.rows[at]
        if "id" in row.values:
            if not row.values.pop("removed", False):
                row.values["removed"] = True
            row.wrong.clear()
            self._tell(at)
        else:
            self.beginRemoveRows(QModelIndex(), at, at)
            del self.rows[at]
            self.endRemoveRows()
        self.changed.emit()

    def mark(self, row: int, name: str, sentence: str) -> None:
        known = {place.name for place in self.table.columns}
        self.rows[row].wrong[name if name in known else ""] = sentence
        self._tell(row)

    def clear_wrong(self) -> None:
        for number, row in enumerate(self.rows):
            row.wrong = {name: sentence for name, sentence in row.wrong.items() if name in row.typed}
            self._tell(number)

    def sentences(self) -> list[str]:
        """What is wrong, line by line."""
        return [
            f"第 {number} 行：{sentence}"
            for number, row in enumerate(self.rows, 1)
            for sentence in dict.fromkeys(row.wrong.values())
        ]


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
        editor.installEventFilter(self.table.burst)
        return editor

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
            opened = getattr(watched, "is_open", False)
            if event.key() in _ENTERS and event.modifiers() & ~_SIMPLE == Qt.KeyboardModifier.NoModifier:
                if opened:
                    watched.keyPressEvent(event)  # type: ignore[attr-defined]
                self.finish(watched)
                self.table.go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
            if opened and event.key() == Qt.Key.Key_Escape:
                return False
        return super().eventFilter(watched, event)

    def finish(self, editor: Any) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)


_SIMPLE = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class LinesTable(QTableView):
    """Enter goes from cell to cell and, at the last, adds a line; Insert adds one, Delete takes one away.

    `passed(step)` tells that the clerk goes on from the last empty line (1), or back before the first cell (-1).
    """

    changed = Signal()
    passed = Signal(int)

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
            QAbstractItemView.EditTrigger.AnyKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
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
        row = 0 if step > 0 else self.lines.rowCount() - 1
        self.setCurrentIndex(self.lines.index(row, 0 if step > 0 else self.lines.columnCount() - 1))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def go(self, step: int) -> None:
        """To the next or the last cell, over the ends of rows."""
        index, width = self.currentIndex(), self.lines.columnCount()
        at = index.row() * width + index.column() + step
        rows = self.lines.rows
        leaving = step > 0 and index.column() == 0 and index.row() == len(rows) - 1 and rows[-1].is_empty
        if at < 0 or leaving:
            self.passed.emit(step)
            return
        if at == len(rows) * width:
            self.lines.add(len(rows))
        self.setCurrentIndex(self.lines.index(at // width, at % width))
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.currentIndex().row()
        if key in _ENTERS and event.modifiers() & ~_SIMPLE == Qt.KeyboardModifier.NoModifier and row >= 0:
            self.go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key == Qt.Key.Key_Insert:
            self.insert_below()
        elif key == Qt.Key.Key_Delete and row >= 0:
            self.remove_current()
        elif key == Qt.Key.Key_F2 and row >= 0:
            self.edit(self.currentIndex())
            editor = self.indexWidget(self.currentIndex()) or self.focusWidget()
            if hasattr(editor, "look_up"):
                editor.look_up()
        else:
            super().keyPressEvent(event)

    def insert_below(self) -> None:
        row = self.currentIndex().row() + 1 if self.currentIndex().isValid() else self.lines.rowCount()
        self.lines.add(row)
        self.setCurrentIndex(self.lines.index(row, 0))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove_current(self) -> None:
        row, column = self.currentIndex().row(), max(self.currentIndex().column(), 0)
        if row < 0:
            return
        self.lines.remove(row)
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
