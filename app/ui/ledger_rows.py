"""The rows behind a ledger's table and how a cell is painted.

The model asks the listing for blocks of rows when they are painted and keeps the last few, so that a million rows open
at once. Nothing here costs work per row.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)  # fmt: skip

from app.ledgers.listing import Listing
from app.models.derived import Age, Count
from app.models.fields import Money, Whole
from app.ui import look

BLOCK, BLOCKS = 64, 160  # rows in a block, blocks kept: a screen takes one or two
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
SELECTED, FOCUSED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_HasFocus.value
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def is_number(fact: Any) -> bool:
    """Whether values of this fact stand right-aligned under each other."""
    return isinstance(fact, Whole | Money | Count | Age)


def alignment(fact: Any) -> int:
    """How values of this fact stand in their column."""
    return RIGHT if is_number(fact) else LEFT


class RowsModel(QAbstractTableModel):
    """The rows of one listing whose keys have been read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.listing: Listing | None = None
        self.keys: array[int] = array("q")
        self._blocks: OrderedDict[int, list[tuple[str, ...]]] = OrderedDict()
        self.aligned: list[int] = []

    def show(self, listing: Listing) -> None:
        """Show this listing from now on."""
        self.beginResetModel()
        self.listing, self.keys = listing, listing.keys()
        self._blocks.clear()
        self.aligned = [alignment(column.path.fact) for column in listing.shown]
        self.endResetModel()

    def forget(self) -> None:
        """Let go of the listing, as when the file is closed."""
        self.beginResetModel()
        self.listing, self.keys = None, array("q")
        self._blocks.clear()
        self.endResetModel()

    def row(self, number: int) -> tuple[str, ...]:
        """The texts of one row."""
        block = number // BLOCK
        rows = self._blocks.get(block)
        if rows is None:
            assert self.listing is not None
            rows = self._blocks[block] = self.listing.rows(block * BLOCK, BLOCK)
            if len(self._blocks) > BLOCKS:
                self._blocks.popitem(last=False)
        else:
            self._blocks.move_to_end(block)
        return rows[number % BLOCK]

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.keys)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() or self.listing is None else len(self.listing.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.row(index.row())[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.aligned[index.column()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            if orientation == Qt.Orientation.Vertical:
                return str(section + 1)
            return self.listing.shown[section].caption if self.listing else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if orientation == Qt.Orientation.Vertical else self.aligned[section]
        return None


class Cells(QStyledItemDelegate):
    """Paints one cell: the row's tint, a hair line below, the text cut with … where it does not fit."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.covered = False  # whether the frozen column lies over the first one
        self.current = -1  # the row that is looked at: marked also while nothing is chosen
        self.restyle()

    def restyle(self) -> None:
        self.plain, self.bold = look.font(), look.font(bold=True)
        self.metrics = {False: QFontMetrics(self.plain), True: QFontMetrics(self.bold)}
        self.pad, self.widest = look.sizes().of(9), look.sizes().text
        self.ink, self.hair, self.line = look.color(look.INK), look.color(look.HAIR), look.color(look.LINE)
        self.tint, self.accent = look.color(look.ACCENT_TINT), look.color(look.ACCENT)
        self.faint, self.bar = look.color(look.GROUND), look.sizes().of(3)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: int = option.state.value  # type: ignore[attr-defined]
        model, at = index.model(), index.column()
        assert isinstance(model, RowsModel)
        first = at == 0
        if first and self.covered:
            return
        if state & SELECTED:
            painter.fillRect(rect, self.tint)
        elif index.row() == self.current:
            painter.fillRect(rect, self.faint)
        if first and index.row() == self.current:
            painter.fillRect(rect.left(), rect.top(), self.bar, rect.height() - 1, self.accent)
        painter.setPen(self.line if state & SELECTED else self.hair)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if text := model.row(index.row())[at].replace("\n", " "):
            inside = rect.adjusted(self.pad, 0, -self.pad, 0)
            if len(text) * self.widest > inside.width():  # else it fits however wide its signs are
                text = self.metrics[first].elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
            painter.setFont(self.bold if first else self.plain)
            painter.setPen(self.ink)
            painter.drawText(inside, model.aligned[at], text)
        if state & FOCUSED:
            painter.setPen(self.accent)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The whole text of a cell that shows only its beginning."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        text = index.model().data(index)
        room = view.visualRect(index).width() - 2 * self.pad
        cut = self.metrics[index.column() == 0].horizontalAdvance(text.replace("\n", " ")) > room
        QToolTip.showText(event.globalPos(), text if cut else "", view)
        return True
