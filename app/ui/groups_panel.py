"""分类汇总: the rows of a ledger counted by the values of one column; each count opens into its rows."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from app.ledgers.listing import Group, Listing
from app.ui import look
from app.ui.tasks import Job, Tasks

GROUP, SHARE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class GroupsPanel(QFrame):
    """`opened(group)` on Enter or a double click; `closed()`."""

    opened = Signal(object)
    closed = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self.listing: Listing | None = None
        self._job: Job | None = None
        self.setProperty("card", True)
        self.by = QComboBox()
        self.by.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.by.setMinimumContentsLength(6)
        self.by.activated.connect(lambda _: self._ask())
        self.list = QListWidget()
        self.list.setItemDelegate(_Bar(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemDoubleClicked.connect(self._open)
        self.told = look.faint("", wrap=True)
        close = look.link("关闭")
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(look.heading("分类汇总"))
        head.addStretch()
        head.addWidget(close)
        by = QHBoxLayout()
        by.addWidget(look.soft("按"))
        by.addWidget(self.by, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.gap] * 4)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(by)
        column.addWidget(self.list, 1)
        column.addWidget(self.told)
        self.setFocusProxy(self.list)

    def show_listing(self, listing: Listing) -> None:
        """Offer the columns of this listing and count by the one chosen before, or by the ledger's first filter."""
        first = self.listing is None
        chosen = self.by.currentData() if not first else next(iter(listing.ledger.filters.split()), "")
        self.listing = listing
        self.by.clear()
        for column in listing.shown:
            self.by.addItem(column.caption, column.text)
        self.by.setCurrentIndex(max(self.by.findData(chosen), 0))
        if self.isVisible():
            self._ask()

    def count_by(self, path: str) -> None:
        """Count by this column."""
        self.by.setCurrentIndex(max(self.by.findData(path), 0))
        self._ask()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        if self._job:
            self._job.drop()
        if self.listing is not None and self.by.currentData():
            listing, path = self.listing, self.by.currentData()
            self.told.setText("正在统计…")
            self._job = self.tasks.read(lambda: listing.groups(path), self._show)

    def _show(self, groups: list[Group]) -> None:
        row = self.list.currentRow()
        most = max((group.count for group in groups), default=1)
        self.list.clear()
        for group in groups:
            item = QListWidgetItem(group.text)
            item.setData(GROUP, group)
            item.setData(SHARE, group.count / most)
            item.setToolTip(f"{group.text}　{group.count:,}")
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(row, 0), len(groups) - 1))
        total = sum(group.count for group in groups)
        self.told.setText(f"{len(groups):,} 类，共 {total:,} 行。Enter 或双击打开一类的名单。")

    def _open(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.opened.emit(item.data(GROUP))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.list.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class _Bar(QStyledItemDelegate):
    """A value, its count, and a bar below as long as its share of the largest."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        return QSize(10, look.sizes().of(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        rect, state = option.rect, option.state  # type: ignore[attr-defined]
        if state & state.__class__.State_Selected:
            painter.fillRect(rect, look.color(look.ACCENT_TINT))
        inside = rect.adjusted(8, 2, -8, -8)
        count = f"{index.data(GROUP).count:,}"
        room = look.wide(count) + 10
        painter.setFont(look.font())
        painter.setPen(look.color(look.INK))
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, inside.width() - room)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, int(middle), text)
        painter.drawText(inside, int(middle | Qt.AlignmentFlag.AlignRight), count)
        bar = inside.adjusted(0, 0, 0, 0)
        bar.setTop(rect.bottom() - 6)
        bar.setHeight(4)
        painter.fillRect(bar, look.color(look.HAIR))
        bar.setWidth(max(2, round(bar.width() * index.data(SHARE))))
        painter.fillRect(bar, look.color(look.ACCENT))
