"""The table of contents at the left, in the clerk's words, with how many rows each ledger has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import look

Index = QModelIndex | QPersistentModelIndex
OWN = "own:"  # before the key of a kept arrangement, where an English name stands for a declared ledger
BOUND = "bound:"  # before the key of a county's form that is kept
NAME, COUNT, TONE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True)
class Entry:
    """One line of the contents. `open()` is what happens; `key` is written on the right while it has no count."""

    name: str
    title: str
    open: Callable[[], None]
    key: str = ""


class ContentsBar(QListWidget):
    """Chapters and entries; Enter or a click opens one. `opened(name)` tells which."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("contents")
        self.setItemDelegate(_Line(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.itemClicked.connect(self._open)
        self.itemActivated.connect(self._open)
        self._entries: dict[str, Entry] = {}
        self._items: dict[str, QListWidgetItem] = {}
        self.restyle()

    def restyle(self) -> None:
        self.setFixedWidth(look.width("contents"))
        self.scheduleDelayedItemsLayout()

    def show_chapters(self, chapters: dict[str, list[Entry]]) -> None:
        """Show these chapters; entries of the chapter "" stand above all."""
        counts = {name: item.data(COUNT) for name, item in self._items.items()}
        current = self.current()
        self.clear()
        self._entries, self._items = {}, {}
        for chapter, entries in chapters.items():
            if chapter and entries:
                item = QListWidgetItem(chapter)
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                self.addItem(item)
            for entry in entries:
                item = QListWidgetItem(entry.title)
                item.setData(NAME, entry.name)
                item.setData(COUNT, counts.get(entry.name) or entry.key)
                self.addItem(item)
                self._entries[entry.name], self._items[entry.name] = entry, item
        self.show_current(current)

    def current(self) -> str:
        item = self.currentItem()
        return item.data(NAME) if item else ""

    def show_current(self, name: str) -> None:
        """Mark the entry of the page that is shown; none for a page that is not in the contents."""
        item = self._items.get(name)
        if item is None:
            self.setCurrentRow(-1)
        else:
            self.setCurrentItem(item)

    def show_count(self, name: str, text: str, tone: str = "") -> None:
        """Write a number beside an entry; with a tone it stands on its own ground, as what is overdue."""
        if item := self._items.get(name):
            item.setData(TONE, tone)
            item.setData(COUNT, text)

    def _open(self, item: QListWidgetItem) -> None:
        if entry := self._entries.get(item.data(NAME) or ""):
            self.opened.emit(entry.name)
            entry.open()

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem():
            self._open(self.currentItem())
        else:
            super().keyPressEvent(event)


class _Line(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        return QSize(10, look.sizes().of(25))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, state = option.rect, option.state  # type: ignore[attr-defined]
        flags = state.__class__
        side = look.sizes().of(16)
        inside = rect.adjusted(side, 0, -side + 2, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if not index.data(NAME):
            painter.setFont(look.font("small"))
            painter.setPen(look.color(look.FAINT))
            painter.drawText(inside, int(middle), index.data())
            return
        here = bool(state & flags.State_Selected)
        if here:
            painter.fillRect(rect, look.color(look.ACCENT_TINT))
            painter.fillRect(rect.x(), rect.y(), 3, rect.height(), look.color(look.ACCENT))
        elif state & flags.State_MouseOver:
            painter.fillRect(rect, look.color(look.GROUND))
        inside.adjust(3, 0, 0, 0)
        room = inside.width() - self._count(painter, inside, index)
        painter.setFont(look.font(bold=here))
        painter.setPen(look.color(look.ACCENT if here else look.INK))
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(inside, int(middle), text)

    def _count(self, painter: QPainter, inside: Any, index: Index) -> int:
        """Write the number at the right, and give the room it took."""
        text, tone = index.data(COUNT) or "", index.data(TONE)
        if not text:
            return 0
        painter.setFont(look.font("small"))
        room = painter.fontMetrics().horizontalAdvance(text)
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        if tone:
            ground = inside.adjusted(inside.width() - room - 12, 3, 6, -3)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color(look.TONES[tone][0]))
            painter.drawRoundedRect(ground, ground.height() / 2, ground.height() / 2)
            painter.setPen(look.color(look.ON_ACCENT))
            painter.drawText(ground, int(Qt.AlignmentFlag.AlignCenter), text)
        else:
            painter.setPen(look.color(look.FAINT))
            painter.drawText(inside, right, text)
        return room + 10
