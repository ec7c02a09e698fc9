"""The rows of a ledger on the screen: a window over a listing of any length, with its first column frozen.

The model asks the listing for blocks of rows when they are painted and keeps the last few, so that a million rows open
at once. Nothing here costs work per row.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)  # fmt: skip
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)  # fmt: skip

from app.ledgers.ledger import Column
from app.ledgers.listing import Listing
from app.models.derived import Age, Count
from app.models.fields import Money, Whole
from app.ui import look
from app.ui.heading import TRIANGLE, Heading, caption_width

BLOCK, BLOCKS = 256, 40  # rows in a block, blocks kept
KEPT_ROWS = 2000  # a longer selection is not found again after the rows changed
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def is_number(fact: Any) -> bool:
    """Whether values of this fact stand right-aligned under each other."""
    return isinstance(fact, Whole | Money | Count | Age)


class RowsModel(QAbstractTableModel):
    """The rows of one listing whose keys have been read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.listing: Listing | None = None
        self.keys: array[int] = array("q")
        self._blocks: OrderedDict[int, list[tuple[str, ...]]] = OrderedDict()
        self._aligned: list[int] = []

    def show(self, listing: Listing) -> None:
        """Show this listing from now on."""
        self.beginResetModel()
        self.listing, self.keys = listing, listing.keys()
        self._blocks.clear()
        self._aligned = [RIGHT if is_number(column.path.fact) else LEFT for column in listing.shown]
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
            return self._aligned[index.column()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            if orientation == Qt.Orientation.Vertical:
                return str(section + 1)
            return self.listing.shown[section].caption if self.listing else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if orientation == Qt.Orientation.Vertical else self._aligned[section]
        return None


class Cells(QStyledItemDelegate):
    """Paints one cell: the row's tint, a hair line below, the text cut with … where it does not fit."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.restyle()

    def restyle(self) -> None:
        self.plain, self.bold = look.font(), look.font(bold=True)
        self.metrics = {False: QFontMetrics(self.plain), True: QFontMetrics(self.bold)}
        self.pad = look.sizes().of(9)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        chosen = bool(state & state.__class__.State_Selected)
        painter.fillRect(rect, look.color(look.ACCENT_TINT if chosen else look.CARD))
        painter.setPen(look.color(look.HAIR))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        model = index.model()
        text, align = model.data(index), model.data(index, Qt.ItemDataRole.TextAlignmentRole)
        first = index.column() == 0
        metrics = self.metrics[first]
        inside = rect.adjusted(self.pad, 0, -self.pad, 0)
        shown = text.replace("\n", " ")
        if metrics.horizontalAdvance(shown) > inside.width():
            shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, inside.width())
        painter.setFont(self.bold if first else self.plain)
        painter.setPen(look.color(look.INK))
        painter.drawText(inside, align, shown)
        if state & state.__class__.State_HasFocus:
            painter.setPen(QPen(look.color(look.ACCENT)))
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


class _Frozen(QTableView):
    """The first column, lying over the table that it belongs to; it has no life of its own."""

    def __init__(self, table: LedgerTable) -> None:
        super().__init__(table)
        dress(self)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.setProperty("frozen", True)

    def wheelEvent(self, event: Any) -> None:
        table = self.parent()
        assert isinstance(table, LedgerTable)
        table.wheelEvent(event)


def dress(view: QTableView) -> None:
    """What both halves of a ledger's table have in common."""
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalHeader(Heading(view))
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(look.row_height())
    view.setCornerButtonEnabled(False)
    view.setItemDelegate(Cells(view))


class LedgerTable(QTableView):
    """`opened(key)` on Enter or a double click; `chosen()` when the selection changed; `sorted_by(column, add)` and
    `filter_asked(column)` from the headings; `resized(path, width)` in pixels of the middle size by the clerk."""

    opened = Signal(object)
    chosen = Signal()
    sorted_by = Signal(int, bool)
    filter_asked = Signal(int)
    resized = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowsModel(self)
        self._setting = False
        dress(self)
        self.setModel(self.rows)
        self.corner = QLabel("#", self)
        self.corner.setProperty("tone", "corner")
        self.corner.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.frozen = _Frozen(self)
        self.frozen.setModel(self.rows)
        self.frozen.setSelectionModel(self.selectionModel())
        for view in (self, self.frozen):
            heading = view.horizontalHeader()
            assert isinstance(heading, Heading)
            heading.sorted_by.connect(self.sorted_by)
            heading.filter_asked.connect(self.filter_asked)
            view.doubleClicked.connect(self._open_index)
        self.heading, self.frozen_heading = self.horizontalHeader(), self.frozen.horizontalHeader()
        self.heading.setStretchLastSection(True)
        self.heading.sectionResized.connect(self._main_resized)
        self.frozen_heading.sectionResized.connect(self._frozen_resized)
        self.verticalScrollBar().valueChanged.connect(self.frozen.verticalScrollBar().setValue)
        self.frozen.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self.setTabKeyNavigation(False)

    # --- what is shown ---

    def show_listing(self, listing: Listing, widths: dict[str, int]) -> None:
        """Show a listing whose keys have been read; the chosen rows and the place on the page stay by their keys."""
        every = 0 < self.chosen_count() == len(self.rows.keys)
        chosen, current, top = self.chosen_keys(KEPT_ROWS), self.current_key(), self._top_key()
        column = max(self.currentIndex().column(), 0)
        across = self.horizontalScrollBar().value()
        self._setting = True
        self.rows.show(listing)
        self._set_widths(widths)
        self._setting = False
        self._place()
        rows = self._rows_of([*chosen, *filter(None, (current, top))])
        self._choose([rows[key] for key in chosen if key in rows], rows.get(current or 0, 0), column)
        if every:
            self.selectAll()
        if top in rows:
            self.scrollTo(self.rows.index(rows[top], 0), QAbstractItemView.ScrollHint.PositionAtTop)
        elif not chosen:
            self.scrollToTop()
        self.horizontalScrollBar().setValue(across)
        self.chosen.emit()

    def _top_key(self) -> int | None:
        row = self.rowAt(0)
        return self.rows.keys[row] if row > 0 else None

    def _rows_of(self, keys: Sequence[int]) -> dict[int, int]:
        """The rows in which these keys stand now, of those that still do."""
        wanted = set(keys)
        if len(wanted) > 3:
            return {key: row for row, key in enumerate(self.rows.keys) if key in wanted}
        return {key: self.rows.keys.index(key) for key in wanted if key in self.rows.keys}

    def _choose(self, rows: Sequence[int], current: int, column: int) -> None:
        picked, last = QItemSelection(), self.rows.columnCount() - 1
        for row in rows:
            picked.select(self.rows.index(row, 0), self.rows.index(row, last))
        if self.rows.keys:
            at = self.rows.index(current, min(column, last))
            self.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.selectionModel().select(picked, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def restyle(self) -> None:
        """Measure anew after the size of type changed."""
        for view in (self, self.frozen):
            view.verticalHeader().setDefaultSectionSize(look.row_height())
            delegate = view.itemDelegate()
            assert isinstance(delegate, Cells)
            delegate.restyle()
        self._place()

    # --- widths ---

    def _set_widths(self, widths: dict[str, int]) -> None:
        """Widths that the clerk gave, in pixels of the middle size; others by what stands in the first rows."""
        if self.rows.listing is None:
            return
        number = look.wide(str(len(self.rows.keys)), "small") + look.sizes().of(20)
        self.verticalHeader().setFixedWidth(max(number, look.width("least_column")))
        seen = [self.rows.row(row) for row in range(min(60, len(self.rows.keys)))]
        for at, column in enumerate(self.rows.listing.shown):
            kept = widths.get(column.text)
            wanted = look.sizes().of(kept) if kept else self._fitting(column, [row[at] for row in seen], at == 0)
            self.setColumnWidth(at, wanted)
            self.frozen.setColumnHidden(at, at > 0)
        self.frozen.setColumnWidth(0, self.columnWidth(0))

    def _fitting(self, column: Column, texts: list[str], bold: bool) -> int:
        assert self.rows.listing is not None
        pad, order = look.sizes().of(20), [path.lstrip("-") for path in self.rows.listing.order]
        arrow = "" if column.text not in order else "↑" if len(order) == 1 else "↑2"
        head = caption_width(column.caption + arrow) + look.sizes().of(TRIANGLE)
        body = max((look.wide(text.partition("\n")[0], bold=bold) for text in texts), default=0)
        return min(max(head, body) + pad, look.width("most_column"))

    def _main_resized(self, section: int, old: int, new: int) -> None:
        if section == 0:
            self.frozen.setColumnWidth(0, new)
            self._place()
        if not self._setting and section < self.rows.columnCount() - 1 and self.rows.listing is not None:
            self.resized.emit(self.rows.listing.shown[section].text, round(new * 1000 / look.sizes().of(1000)))

    def _frozen_resized(self, section: int, old: int, new: int) -> None:
        if section == 0 and not self._setting:
            self.setColumnWidth(0, new)

    # --- geometry ---

    def _place(self) -> None:
        height = look.row_height() + 1
        for heading in (self.heading, self.frozen_heading):
            heading.setFixedHeight(height)
        left = self.verticalHeader().width()
        self.frozen.setGeometry(left, 0, self.columnWidth(0), self.viewport().height() + height)
        self.frozen.setVisible(self.rows.columnCount() > 1)
        self.corner.setGeometry(0, 0, left - 1, height - 1)
        self.corner.raise_()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        if hasattr(self, "frozen_heading"):
            self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def scrollTo(self, index: Index, hint: Any = QAbstractItemView.ScrollHint.EnsureVisible) -> None:
        """The frozen column is always in view; another column must not end up under it."""
        if index.column() > 0:
            super().scrollTo(index, hint)
            hidden = self.columnWidth(0) - self.visualRect(index).left()
            if hidden > 0:
                bar = self.horizontalScrollBar()
                bar.setValue(bar.value() - hidden)
        else:
            across = self.horizontalScrollBar().value()
            super().scrollTo(index, hint)
            self.horizontalScrollBar().setValue(across)

    # --- chosen rows ---

    def _ranges(self) -> Iterator[tuple[int, int]]:
        for one in self.selectionModel().selection():
            if one.left() == 0:
                yield one.top(), one.bottom() + 1

    def chosen_count(self) -> int:
        return sum(end - start for start, end in self._ranges())

    def chosen_keys(self, most: int | None = None) -> array[int]:
        """Keys of the chosen rows in the order of the table; none if there are more than `most`."""
        found: array[int] = array("q")
        if most is not None and self.chosen_count() > most:
            return found
        for start, end in sorted(self._ranges()):
            found.extend(self.rows.keys[start:end])
        return found

    def current_key(self) -> int | None:
        index = self.currentIndex()
        return self.rows.keys[index.row()] if index.isValid() and index.row() < len(self.rows.keys) else None

    def choose_row(self, row: int) -> None:
        self.setCurrentIndex(self.rows.index(row, max(self.currentIndex().column(), 0)))

    def _open_index(self, index: Index) -> None:
        self.opened.emit(self.rows.keys[index.row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (key := self.current_key()) is not None:
            self.opened.emit(key)
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.filter_asked.emit(max(self.currentIndex().column(), 0))
        elif event.key() == Qt.Key.Key_Home and not event.modifiers() and self.rows.keys:
            self.choose_row(0)
        elif event.key() == Qt.Key.Key_End and not event.modifiers() and self.rows.keys:
            self.choose_row(len(self.rows.keys) - 1)
        else:
            super().keyPressEvent(event)
