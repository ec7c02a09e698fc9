"""Inputs that look a value up (F2): code tables, yes or no, and rows of other records, with a small list below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QFocusEvent, QIcon, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.models import words
from app.models.fields import Code
from app.ui import look
from app.ui.line_input import LineInput
from app.work import choices

ROWS = 8  # seen at once
_MORE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Offer:
    """One value to pick: what stands in the field, and a faint word more."""

    value: Any
    text: str
    more: str = ""


class _TwoTones(QStyledItemDelegate):
    """An offer as its text and, faint behind it, where it belongs."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        more = index.data(_MORE)
        if more:
            rect: QRect = option.rect
            left = look.wide(str(index.data()) + "字")
            painter.save()
            painter.setFont(look.font("small"))
            painter.setPen(look.color(look.SOFT))
            room = rect.adjusted(left, 0, -look.gap // 2, 0)
            text = painter.fontMetrics().elidedText(str(more), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
            painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, look.sizes().of(28))


class DropList(QFrame):
    """The list below an input: it lies over the page, never takes the focus and stops nobody."""

    def __init__(self, owner: LookupInput) -> None:
        super().__init__(owner.window())
        self.owner = owner
        self.offers: list[Offer] = []
        self.setProperty("popup", True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_TwoTones(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.itemClicked.connect(lambda: owner.pick(self.current()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.addWidget(self.list)
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def open(self, offers: list[Offer], row: int = 0) -> None:
        self.offers = offers
        self.list.clear()
        for offer in offers:
            item = QListWidgetItem(offer.text)
            item.setData(_MORE, offer.more)
            self.list.addItem(item)
        self.list.setCurrentRow(row)
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        """Below the input, or above it where there is no room; as wide as its longest offer, inside the window."""
        window, owner = self.owner.window(), self.owner
        widest = max((look.wide(one.text + "字") + look.wide(one.more, "small") for one in self.offers), default=0)
        width = min(max(owner.width(), widest + 5 * look.gap), window.width() - 2 * look.gap)
        height = min(len(self.offers), ROWS) * look.sizes().of(28) + look.gap
        at = owner.mapTo(window, QPoint(0, owner.height() + 1))
        if at.y() + height > window.height():
            at.setY(max(owner.mapTo(window, QPoint(0, 0)).y() - height - 1, 0))
        at.setX(max(min(at.x(), window.width() - width - look.gap), 0))
        self.setGeometry(QRect(at, QSize(width, min(height, window.height()))))

    def move_by(self, step: int) -> None:
        self.list.setCurrentRow((self.list.currentRow() + step) % max(self.list.count(), 1))

    def current(self) -> Offer | None:
        row = self.list.currentRow()
        return self.offers[row] if 0 <= row < len(self.offers) else None


class LookupInput(LineInput):
    """A line with a list of what fits: Down or F2 opens it, Enter or Tab takes what is marked."""

    def __init__(self, fact: Any, parent: QWidget | None = None) -> None:
        super().__init__(fact, parent)
        self._drop: DropList | None = None
        arrow = QAction(QIcon(str(look.ICONS / "down.svg")), "", self)
        arrow.triggered.connect(self.look_up)
        self.addAction(arrow, LineInput.ActionPosition.TrailingPosition)
        self.textEdited.connect(self._typed)

    def offers(self, text: str) -> list[Offer]:
        """What fits a text, the likeliest first; everything for none."""
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        return self._drop is not None and self._drop.isVisible()

    def _typed(self, text: str) -> None:
        self._open(self.offers(text) if text.strip() else [])

    def _open(self, offers: list[Offer], row: int = 0) -> None:
        if not offers:
            self.shut()
            return
        if self._drop is None:
            self._drop = DropList(self)
            self.destroyed.connect(self._drop.deleteLater)
        self._drop.open(offers, row)

    def look_up(self) -> None:
        """Open the list (F2): everything, or what fits the text that was typed."""
        if self.isReadOnly():
            return
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        typed = self.text() if self.text() != self._shown else ""
        offers = self.offers(typed) or self.offers("")
        row = next((row for row, one in enumerate(offers) if one.value == self._value), 0)
        self._open(offers, row)

    def shut(self) -> None:
        if self._drop is not None:
            self._drop.hide()

    def offered(self) -> Offer | None:
        """The offer that is marked in the open list."""
        return self._drop.current() if self._drop is not None else None

    def pick(self, offer: Offer | None) -> None:
        """Take this offer as the value."""
        self.shut()
        if offer is not None:
            self.set_value(offer.value)
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, drop = event.key(), self._drop
        if key == Qt.Key.Key_F2 or (key == Qt.Key.Key_Down and not self.is_open):
            self.look_up()
        elif drop is None or not drop.isVisible():
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            drop.move_by(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            self.shut()
        else:
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.pick(drop.current())
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.is_open and self._drop is not None:
            if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
                self.pick(self._drop.current())
            self.shut()
        super().focusOutEvent(event)

    def hideEvent(self, event: Any) -> None:
        self.shut()
        super().hideEvent(event)


class ChoiceInput(LookupInput):
    """A value of a code table, or yes or no: found by text, synonym, code and pinyin initials."""

    def _pairs(self) -> list[tuple[Any, str]]:
        if isinstance(self.fact, Code):
            return list(self.fact.codes.choices())
        return [(True, "是"), (False, "否")]

    def _said(self, text: str) -> Any:
        try:
            return self.fact.read(text)
        except ValueError:
            return None

    def offers(self, text: str) -> list[Offer]:
        typed, said = text.strip(), self._said(text)
        ranked = []
        for number, (value, shown) in enumerate(self._pairs()):
            rank = 0 if value == said and typed else fits(shown, str(value), typed)
            if rank is not None:
                ranked.append((rank, number, Offer(value, shown)))
        return [offer for _, _, offer in sorted(ranked, key=lambda one: one[:2])]

    def read_text(self, text: str) -> Any:
        """Also a text that only one value begins with, or whose initials only one has."""
        try:
            return self.fact.read(text)
        except ValueError:
            offers = self.offers(text)
            if len(offers) == 1:
                return offers[0].value
            raise


def fits(shown: str, code: str, typed: str) -> int | None:
    """How well a text of the table fits what was typed, None for not at all."""
    if not typed or shown.startswith(typed):
        return 1
    if typed.isascii():
        if typed.isalpha() and any(one.startswith(typed.lower()) for one in words.initials(shown)):
            return 2
        return 3 if code.startswith(typed) else None
    return 4 if typed in shown else None


class LinkInput(LookupInput):
    """A row of another record, found by name, initials, number or village; `above` gives the row it must belong to."""

    def __init__(self, fact: Any, parent: QWidget | None = None) -> None:
        super().__init__(fact, parent)
        self.above: Callable[[], int | None] = lambda: None

    def show_value(self, value: Any) -> str:
        return choices.called(self.fact.rel_model, value)

    def offers(self, text: str) -> list[Offer]:
        return [Offer(one.key, one.title, one.more) for one in choices.choices(self.fact, text, self.above())]

    def read_text(self, text: str) -> Any:
        return choices.meant(self.fact, text, self.above())

    def kept(self) -> Any:
        return [self._value, self._shown] if self.text() and self.text() == self._shown else self.text()

    def restore(self, kept: Any) -> None:
        if isinstance(kept, list):
            self._value, self._shown = kept
            super().restore(self._shown)
        else:
            super().restore(kept)
