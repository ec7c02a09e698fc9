"""The table of a ledger: a window over a listing of any length, with its first column frozen."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QTableView, QWidget

from app.ledgers.ledger import Column
from app.ledgers.listing import Listing
from app.ui import look
from app.ui.heading import TRIANGLE, Heading, RowNumbers, caption_width
from app.ui.ledger_rows import Cells, Index, RowsModel

MEASURED = 40  # first rows by which widths are found
KEPT_ROWS = 2000  # a longer selection is not found again after the rows changed


def _length(text: str) -> int:
    """How long a text is in halves of a Chinese character, nearly: enough to find those worth measuring."""
    return sum(1 if sign.isascii() else 2 for sign in text)


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
    view.setVerticalHeader(RowNumbers(view))
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
        self._wanted: int | None = None  # the key of the row to go to when it is there
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
        self.selectionModel().currentRowChanged.connect(lambda now, before: self._mark(now.row()))
        self.setTabKeyNavigation(False)

    # --- what is shown ---

    def show_listing(self, listing: Listing, widths: dict[str, int]) -> None:
        """Show a listing whose keys have been read; the chosen rows and the place on the page stay by their keys."""
        every = 0 < self.chosen_count() == len(self.rows.keys)
        chosen, current, top = self.chosen_keys(KEPT_ROWS), self.current_key(), self._top_key()
        column = max(self.currentIndex().column(), 0)
        across, before, at = self.horizontalScrollBar().value(), self.rows.listing, self.currentIndex().row()
        asked = (listing.where, listing.search, listing.order, listing.day)
        same = before is not None and asked == (before.where, before.search, before.order, before.day)
        self._setting = True
        self.rows.show(listing)
        self._set_widths(widths)
        self._setting = False
        self._place()
        rows = self._rows_of([*chosen, *filter(None, (current, top))])
        next_ = max(min(at, len(self.rows.keys) - 1), 0) if same else 0  # what was looked at is done with: the next
        self._choose([rows[key] for key in chosen if key in rows], rows.get(current or 0, next_), column)
        if every:
            self.selectAll()
        if top in rows:
            self.scrollTo(self.rows.index(rows[top], 0), QAbstractItemView.ScrollHint.PositionAtTop)
        elif not chosen:
            self.scrollToTop()
        self.horizontalScrollBar().setValue(across)
        if not same:
            self._wanted = None
        self._look()
        self.chosen.emit()

    def look_at(self, key: int) -> None:
        """Go to a row that was just registered: now, or when the rows that are asked for have been read again."""
        self._wanted = key
        self._look()

    def _look(self) -> None:
        found = self._rows_of([self._wanted]) if self._wanted is not None else {}
        for row in found.values():
            self.clearSelection()
            self.choose_row(row)
            self._wanted = None

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

    def _mark(self, row: int) -> None:
        """Mark the row that is looked at, in both halves."""
        for view in (self, self.frozen):
            cells = view.itemDelegate()
            assert isinstance(cells, Cells)
            cells.current = row
            view.viewport().update()

    def restyle(self) -> None:
        """Measure anew after the size of type changed."""
        for view in (self, self.frozen):
            numbers = view.verticalHeader()
            assert isinstance(numbers, RowNumbers)
            numbers.restyle()
            delegate = view.itemDelegate()
            assert isinstance(delegate, Cells)
            delegate.restyle()
        self._place()

    # --- widths ---

    def _set_widths(self, widths: dict[str, int]) -> None:
        """Widths that the clerk gave, in pixels of the middle size; others by what stands in the first rows."""
        if self.rows.listing is None:
            return
        numbers = self.verticalHeader()
        assert isinstance(numbers, RowNumbers)
        numbers.make_room(len(self.rows.keys))
        seen = [self.rows.row(row) for row in range(min(MEASURED, len(self.rows.keys)))]
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
        cells = self.itemDelegate()
        assert isinstance(cells, Cells)
        measure = cells.metrics[bold].horizontalAdvance
        longest = sorted({text.partition("\n")[0] for text in texts}, key=_length)[-3:]
        body = max(map(measure, longest), default=0)
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
        cells = self.itemDelegate()
        assert isinstance(cells, Cells)
        cells.covered = self.rows.columnCount() > 1
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
