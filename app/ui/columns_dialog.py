"""Which columns a ledger shows, in which order: kept for each clerk and each ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.ledgers.ledger import Column, Ledger
from app.models.fields import Scan
from app.models.paths import labels, resolve
from app.ui import look
from app.ui.filters import Popup

COLUMN = Qt.ItemDataRole.UserRole


def offered(ledger: Ledger, shown: Sequence[Column]) -> list[Column]:
    """The columns shown, then the ledger's own others, then everything else its record knows."""
    found = {column.text: column for column in (*shown, *ledger.shown)}
    for words, path in labels(ledger.record, 2).items():
        known = resolve(ledger.record, path)
        if path not in found and not isinstance(known.fact, Scan):
            found[path] = Column(known, known.label if words.count(".") == 0 else words.replace(".", ""))
    return list(found.values())


class ColumnsDialog(Popup):
    """`chosen(columns)` with the columns in their order, or nothing for those the ledger shows at first."""

    chosen = Signal(object)
    new_asked = Signal()  # for a column that does not exist yet

    def __init__(self, parent: QWidget, ledger: Ledger, shown: Sequence[Column]) -> None:
        super().__init__(parent)
        self.setFixedWidth(look.width("popup"))
        self.column.addWidget(look.heading("显示哪些列"))
        told = "勾选要显示的列；拖动，或按 Alt+↑ Alt+↓ 调整先后。第一列固定在左边。"
        self.column.addWidget(look.faint(told, wrap=True))
        self.search = QLineEdit()
        self.search.setPlaceholderText("找一列")
        self.search.textChanged.connect(self._narrow)
        self.column.addWidget(self.search)
        self.list = QListWidget()
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.installEventFilter(self)
        on = {column.text for column in shown}
        for column in offered(ledger, shown):
            item = QListWidgetItem(column.caption)
            item.setData(COLUMN, column)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if column.text in on else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.itemChanged.connect(lambda _: self._check())
        self.column.addWidget(self.list)
        fresh = look.button("新增自设项目…")
        fresh.clicked.connect(self._ask_for_new)
        self.column.addWidget(fresh)
        row = QHBoxLayout()
        first = look.button("恢复默认")
        first.clicked.connect(lambda: self._answer(()))
        self.apply_button = look.button("应用", "Enter", primary=True)
        self.apply_button.clicked.connect(self.apply)
        row.addWidget(first)
        row.addStretch()
        row.addWidget(self.apply_button)
        self.column.addLayout(row)
        self.give_rest(self.list, look.width("dialog_list"))
        self.list.setFocus()

    def columns(self) -> tuple[Column, ...]:
        """The columns that are checked, in their order."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return tuple(item.data(COLUMN) for item in items if item.checkState() == Qt.CheckState.Checked)

    def apply(self) -> None:
        if columns := self.columns():
            self._answer(columns)

    def _answer(self, columns: tuple[Column, ...]) -> None:
        self.close()
        self.chosen.emit(columns)

    def _ask_for_new(self) -> None:
        self.close()
        self.new_asked.emit()

    def _check(self) -> None:
        some = bool(self.columns())
        self.apply_button.setEnabled(some)
        self.apply_button.setToolTip("" if some else "请至少勾选一列。")

    def _narrow(self, text: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(text.strip() not in item.text())

    def move_by(self, step: int) -> None:
        """Move the current column up or down."""
        row = self.list.currentRow()
        if 0 <= row + step < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(row + step, item)
            self.list.setCurrentItem(item)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Alt with an arrow key moves the line; without, the list would take the key for itself."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
            if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.move_by(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
        else:
            super().keyPressEvent(event)
