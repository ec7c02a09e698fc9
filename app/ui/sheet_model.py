"""A stranger's sheet as a model: its cells, the field that each column fills, and what is said of each row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from app.sheets.intake import Reading
from app.sheets.read import Cell, letters
from app.ui import look

NOWHERE = "不导入"
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


def shown(cell: Cell) -> str:
    """A cell as a spreadsheet shows it, on one line."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case datetime():
            return cell.isoformat(" ", "minutes").removesuffix(" 00:00")
        case date():
            return cell.isoformat()
        case float():
            return f"{cell:.15g}"
        case _:
            return str(cell).replace("\n", " ")


def filled(row: list[Cell]) -> int:
    return sum(cell is not None for cell in row)


class SheetModel(QAbstractTableModel):
    """The cells of one sheet. Rows and columns count as in `Sheet.rows`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.reading: Reading | None = None
        self.labels: dict[str, str] = {}
        self.passed: dict[int, str] = {}

    def show(self, reading: Reading, labels: dict[str, str]) -> None:
        self.beginResetModel()
        self.reading, self.labels, self.passed = reading, labels, {}
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() or self.reading is None else len(self.reading.sheet.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        rows = self.reading.sheet.rows if self.reading else []
        return 0 if parent.isValid() or not rows else len(rows[0])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        assert self.reading is not None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(self.reading.sheet.rows[row][column])
        if role == Qt.ItemDataRole.ToolTipRole:
            if row in self.passed:
                return f"这一行不读：{self.passed[row]}"
            text = shown(self.reading.sheet.rows[row][column])
            return text if len(text) > 12 else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.reading is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            if orientation == Qt.Orientation.Vertical:
                return str(self.reading.sheet.top + section + 1)
            return letters(self.reading.sheet.left + section)
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return self._why(section)
        return None

    def _why(self, section: int) -> str | None:
        assert self.reading is not None
        columns = self.reading.heading.columns if self.reading.heading else ()
        column = next((column for column in columns if column.index == section), None)
        if column is None or column.path != self.reading.mapping.get(section):
            return None
        return "。".join(filter(None, (column.why, column.doubt))) or None

    def doubted(self, section: int) -> bool:
        """Whether the program is not sure of what a column fills."""
        return self.reading is not None and self.reading.use and any(
            column.index == section for column in self.reading.doubts())

    def field(self, section: int) -> str:
        """The label of the field that a column fills, or that it fills none; of which person beside the row's own."""
        path = self.reading.mapping.get(section, "") if self.reading and self.reading.use else ""
        label = self.labels.get(path, NOWHERE)
        member = self.reading.member(section) if self.reading and path else ""
        return f"{label}（{'几个人' if member == '*' else f'成员{member}'}）" if member else label

    def tone(self, row: int, column: int) -> tuple[str, str, bool]:
        """Ground, ink and boldness of a cell: of the heading, understood, passed over, or nobody's."""
        reading = self.reading
        assert reading is not None
        if not reading.use or reading.heading is None:
            return look.CARD, look.SOFT, False
        top, bottom = reading.heading.rows
        if top <= row <= bottom:
            return look.SOON_TINT, look.INK, True
        if row < top or row in self.passed:
            return look.GROUND, look.FAINT, False
        if column in reading.mapping:
            return look.ACCENT_TINT, look.INK, False
        return look.CARD, look.SOFT, False
