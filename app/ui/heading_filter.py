"""The drop-down of a heading: order, and which values of the column are wanted, with how many rows have each."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ledgers.listing import Group, Listing, any_of, by_size, values_of
from app.models.conditions import Condition, Empty, Or
from app.models.paths import resolve
from app.models.query import MOST_GROUPS
from app.ui import look
from app.ui.filters import Popup, about, without
from app.ui.tasks import Tasks

GROUP, COUNT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class HeadingFilter(Popup):
    """`answered(condition or None)` replaces what this column was filtered by; `sorted(down)` orders by it."""

    answered = Signal(object)
    sorted = Signal(bool)

    def __init__(self, parent: QWidget, tasks: Tasks, listing: Listing, path: str) -> None:
        super().__init__(parent)
        self.listing, self.path = listing, path
        self.now = about(listing.where, path)
        self.groups: list[Group] = []
        self.is_cut = False
        self.setFixedWidth(look.width("popup"))
        row = QHBoxLayout()
        row.addWidget(look.heading(resolve(listing.ledger.record, path).label))
        row.addStretch()
        for text, down in (("升序 ↑", False), ("降序 ↓", True)):
            order = look.link(text)
            order.clicked.connect(lambda _=False, down=down: self._sort(down))
            row.addWidget(order)
        self.column.addLayout(row)
        self.search = QLineEdit()
        self.search.setPlaceholderText("找一个值")
        self.search.textChanged.connect(self._narrow)
        self.column.addWidget(self.search)
        self.list = QListWidget()
        self.list.setItemDelegate(_Value(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemChanged.connect(lambda _: self._count())
        self.list.itemClicked.connect(self._toggle)
        self.column.addWidget(self.list)
        row = QHBoxLayout()
        for text, on in (("全选", True), ("清除", False)):
            choose = look.link(text)
            choose.clicked.connect(lambda _=False, on=on: self._check_all(on))
            row.addWidget(choose)
        row.addStretch()
        self.told = look.faint("正在查询…")
        row.addWidget(self.told)
        self.column.addLayout(row)
        row = QHBoxLayout()
        self.drop_button = look.button("取消筛选")
        self.drop_button.setEnabled(self.now is not None)
        self.drop_button.setToolTip("" if self.now is not None else "这一列现在没有筛选。")
        self.drop_button.clicked.connect(lambda: self._answer(None))
        self.apply_button = look.button("应用", "Enter", primary=True)
        self.apply_button.clicked.connect(self.apply)
        row.addWidget(self.drop_button)
        row.addStretch()
        row.addWidget(self.apply_button)
        self.column.addLayout(row)
        self.give_rest(self.list, look.width("popup_list"))
        self.search.setFocus()
        others = listing.but(where=without(listing.where, path))
        fact = resolve(listing.ledger.record, path).fact
        self._job = tasks.read(lambda: by_size(others.groups(path), fact), self._fill)

    def _fill(self, groups: list[Group]) -> None:
        self.groups = groups
        self.is_cut = len(groups) >= MOST_GROUPS  # then only what is chosen is meant, not all but the rest
        values, empty = values_of(self.now), _asks_for_nothing(self.now)
        self.list.blockSignals(True)
        for group in groups:
            item = QListWidgetItem(group.text)
            item.setData(GROUP, group)
            item.setData(COUNT, f"{group.count:,}")
            item.setToolTip(group.text)
            mine = values_of(group.condition)
            on = (self.now is None and not self.is_cut) or (mine[0] in values if mine else empty)
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        if groups:
            self.list.setCurrentRow(0)
        self._count()

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _checked(self) -> list[Group]:
        return [
            item.data(GROUP)
            for item in self._items()
            if item.checkState() == Qt.CheckState.Checked and not item.isHidden()
        ]

    def _narrow(self, text: str) -> None:
        """Show the values that hold this text; with a text typed, exactly those are what 应用 means."""
        wanted = text.strip().lower()
        self.list.blockSignals(True)
        for item in self._items():
            item.setHidden(wanted not in item.text().lower())
            if wanted and self.now is None:
                item.setCheckState(Qt.CheckState.Checked)
        self.list.blockSignals(False)
        self._count()

    def _check_all(self, on: bool) -> None:
        self.list.blockSignals(True)
        for item in self._items():
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self._count()

    def _toggle(self, item: QListWidgetItem) -> None:
        """A click anywhere on the line turns it on or off; on the box itself Qt has done so already."""
        if not self.list.property("on_box"):
            on = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _count(self) -> None:
        chosen = self._checked()
        told = f"{len(chosen):,} 个值，{sum(group.count for group in chosen):,} 行"
        self.told.setText(f"只列最多的 {MOST_GROUPS:,} 个值；选中 {told}" if self.is_cut else told)
        self.apply_button.setEnabled(bool(chosen))
        self.apply_button.setToolTip("" if chosen else "请至少勾选一个值。")

    def apply(self) -> None:
        """Filter by the values that are checked; all of them is no filter."""
        chosen = self._checked()
        if chosen:
            self._answer(None if len(chosen) == len(self.groups) else any_of(chosen))

    def _answer(self, condition: Condition | None) -> None:
        self.close()
        self.answered.emit(condition)

    def _sort(self, down: bool) -> None:
        self.close()
        self.sorted.emit(down)

    def closeEvent(self, event: Any) -> None:
        self._job.drop()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.list.setFocus()
        else:
            super().keyPressEvent(event)


def _asks_for_nothing(condition: Condition | None) -> bool:
    """Whether a filter of one column also asks for the rows in which nothing is written."""
    parts = condition.parts if isinstance(condition, Or) else (condition,)
    return any(isinstance(part, Empty) for part in parts)


class _Value(QStyledItemDelegate):
    """A check box, the value, and its count at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        return QSize(10, look.width("list_row"))

    def editorEvent(self, event: Any, model: Any, option: Any, index: Any) -> bool:
        view = self.parent()
        assert isinstance(view, QWidget)
        handled = super().editorEvent(event, model, option, index)
        view.setProperty("on_box", handled)
        return handled

    def initStyleOption(self, option: QStyleOptionViewItem, index: Any) -> None:
        super().initStyleOption(option, index)
        option.displayAlignment = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        count = index.data(COUNT) or ""
        room = look.wide(count, "small") + look.sizes().of(14)
        whole = QStyleOptionViewItem(option)
        whole.text = ""  # type: ignore[attr-defined]
        rect = option.rect  # type: ignore[attr-defined]
        if whole.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(rect, look.color(look.ACCENT_TINT))
        whole.rect = rect.adjusted(0, 0, -room, 0)  # type: ignore[attr-defined]
        super().paint(painter, whole, index)
        painter.setFont(look.font("small"))
        painter.setPen(look.color(look.FAINT))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(rect.adjusted(0, 0, -8, 0), right, count)
