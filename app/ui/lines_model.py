"""The lines of a form as a table model: values that were read, texts that could not be, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.ledgers.forms import Line
from app.ledgers.layout import Place, Table
from app.ui import look
from app.work import choices

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Role = Qt.ItemDataRole


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
        self._call()
        self.endResetModel()

    def _call(self) -> None:
        """Read the names of all linked rows at once."""
        for place in self.table.columns:
            if hasattr(place.fact, "rel_model"):
                keys = {row.values.get(place.name) for row in self.rows} - {None}
                names = choices.called_all(place.fact.rel_model, list(keys)) if keys else {}
                self._called |= {(place.name, key): name for key, name in names.items()}

    def put_rows(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self._call()
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
