"""What a list tool found (结果): its sentence, what to mind, and its tables, one at a time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from app.sheets.report import Part, Report
from app.ui import look
from app.ui.rows import Flow

SEEN = 60  # rows by which a column is made wide enough
NOTES = 6  # sentences that are shown; the rest is only counted
LOW = 7  # rows that are always seen of a table
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


def shown(cell: Any) -> str:
    """A cell of a result as it is read."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return str(cell.date())
    if isinstance(cell, date):
        return str(cell)
    return f"{cell:g}" if isinstance(cell, float) and abs(cell) < 1e6 else str(cell)


class _Rows(QAbstractTableModel):
    """The rows of one part."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.part = Part("", (), ())

    def show_part(self, part: Part) -> None:
        self.beginResetModel()
        self.part = part
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.part.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.part.captions)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return shown(self.part.rows[index.row()][index.column()])
        if role == Qt.ItemDataRole.BackgroundRole and (index.row(), index.column()) in self.part.marked:
            return look.color(look.LATE_TINT)
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and way == Qt.Orientation.Horizontal:
            return self.part.captions[section]
        return None


class ReportView(QFrame):
    """A card with a report and buttons that open what was written. Hidden until there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.parts: tuple[Part, ...] = ()
        self.said = look.label("", "name", wrap=True)
        self.notes = look.soft("", wrap=True)
        self.chips, self.buttons = QWidget(), QWidget()
        self.flow = Flow(self.chips)
        self.open_button, self.folder_button = look.button("打开结果"), look.button("打开文件夹")
        after = Flow(self.buttons)
        for button in (self.open_button, self.folder_button):
            after.addWidget(button)
        self.table, self.model = QTableView(), _Rows(self)
        self.table.setModel(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setWordWrap(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.gap] * 4)
        column.setSpacing(8)
        for widget in (self.said, self.notes, self.buttons, self.chips):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        self.hide()

    def show_report(self, report: Report) -> None:
        self.said.setText(report.sentence)
        rest = len(report.notes) - NOTES
        notes = report.notes[:NOTES] + ([f"另有 {rest:,} 条说明没有列在这里。"] if rest > 0 else [])
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        self.parts = report.parts
        self.chips.setVisible(bool(self.parts))
        self.table.setVisible(bool(self.parts))
        if self.parts:
            self.choose(next((at for at, part in enumerate(self.parts) if part.rows), 0))
        self.show()

    def choose(self, at: int) -> None:
        """Show one of the tables."""
        focused = self.chips.isAncestorOf(self.focusWidget() or self)
        self.flow.clear()
        for number, part in enumerate(self.parts):
            chip = look.chip(f"{part.title} {len(part.rows):,}", number == at)
            chip.clicked.connect(lambda _=False, number=number: self.choose(number))
            self.flow.addWidget(chip)
            if number == at and focused:
                chip.setFocus()
        self.model.show_part(self.parts[at])
        self.restyle()

    def restyle(self) -> None:
        """The size of type, or the table, changed: columns as wide as their first rows, within bounds."""
        self.table.verticalHeader().setDefaultSectionSize(look.row_height())
        self.table.setMinimumHeight(look.row_height() * LOW)
        part, pad = self.model.part, look.sizes().of(34)
        for at, caption in enumerate(part.captions):
            texts = [caption, *(shown(row[at]) for row in part.rows[:SEEN])]
            widest = max(look.wide(text.replace("\n", " ")) for text in texts)
            self.table.setColumnWidth(at, min(widest, look.width("most_column")) + pad)
