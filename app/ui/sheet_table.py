"""A stranger's sheet as it is, with what was understood of it painted over: heading rows, fields, rows passed over."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)  # fmt: skip

from app.sheets.intake import Reading
from app.ui import look
from app.ui.sheet_model import NOWHERE, Index, SheetModel, filled, shown

SEEN = 60  # rows by which a column is made wide enough
MERGED = 400, 400  # rows from the top in which merges are shown, and how many at most
GRIP = 4  # pixels at an edge of a heading that change the width
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
CENTRE = int(Qt.AlignmentFlag.AlignCenter)


class Cells(QStyledItemDelegate):
    """Paints one cell of the sheet; what is chosen has a frame, so that the tints stay."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        model = index.model()
        assert isinstance(model, SheetModel)
        ground, ink, bold = model.tone(index.row(), index.column())
        painter.fillRect(rect, look.color(ground))
        painter.setPen(look.color(look.LINE))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        text = model.data(index)
        if text:
            font, pad = look.font(bold=bold), look.sizes().of(6)
            inside = rect.adjusted(pad, 0, -pad, 0)
            painter.setFont(font)
            painter.setPen(look.color(ink))
            cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
            painter.drawText(inside, CENTRE if bold else LEFT, cut)
        if state & state.__class__.State_Selected:
            painter.setPen(QPen(look.color(look.ACCENT)))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))


class FieldHeading(QHeaderView):
    """Over each column its letter and, in a box to choose from, the field that it fills. `asked(column)`."""

    asked = Signal(int)

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.restyle()

    def restyle(self) -> None:
        self.setMinimumSectionSize(look.width("least_column"))
        self.setFixedHeight(look.sizes().of(20) + look.row_height())

    def box(self, section: int) -> QRect:
        """Where the field of a column is written."""
        pad = look.sizes().of(3)
        left, top = self.sectionViewportPosition(section), look.sizes().of(18)
        return QRect(left + pad, top, self.sectionSize(section) - 2 * pad, self.height() - top - pad)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model = self.model()
        assert isinstance(model, SheetModel)
        painter.fillRect(rect, look.color(look.CARD))
        painter.setPen(look.color(look.LINE))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(look.font("small"))
        painter.setPen(look.color(look.FAINT))
        above = QRect(rect.left(), rect.top(), rect.width(), look.sizes().of(19))
        painter.drawText(above, CENTRE, model.headerData(section, Qt.Orientation.Horizontal))
        field, box, pad = model.field(section), self.box(section), look.sizes().of(6)
        known = field != NOWHERE
        ink, tint = (look.SOON, look.SOON_TINT) if model.doubted(section) else (look.ACCENT, look.ACCENT_TINT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(look.color(ink if known else look.LINE))
        painter.setBrush(look.color(tint if known else look.CARD))
        painter.drawRoundedRect(box, 4, 4)
        half = look.sizes().of(3)
        middle = QPoint(box.right() - pad - half, box.center().y())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(ink if known else look.FAINT))
        corners = [QPoint(-half, -half // 2), QPoint(half, -half // 2), QPoint(0, half - half // 2)]
        painter.drawPolygon(QPolygon([middle + corner for corner in corners]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        font = look.font("small", bold=known)
        inside = box.adjusted(pad, 0, -2 * pad - 2 * half, 0)
        painter.setFont(font)
        painter.setPen(look.color(ink if known else look.FAINT))
        text = QFontMetrics(font).elidedText(field, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, LEFT, text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        section = self.logicalIndexAt(at)
        if section >= 0 and event.button() == Qt.MouseButton.LeftButton and self.box(section).contains(at):
            left = self.sectionViewportPosition(section)
            if left + GRIP < at.x() < left + self.sectionSize(section) - GRIP:
                self.asked.emit(section)
                return
        super().mousePressEvent(event)


class _Chooser(QComboBox):
    """The one box to choose from, which moves to the column that is asked about and hides when it was answered."""

    def hidePopup(self) -> None:
        super().hidePopup()
        QTimer.singleShot(0, self.hide)


class SheetTable(QTableView):
    """`chosen(column, path)` when the clerk lets a column fill another field, "" for none."""

    chosen = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.cells = SheetModel(self)
        self.heading = FieldHeading(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalHeader(self.heading)
        self.setModel(self.cells)
        self.setItemDelegate(Cells(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.chooser = _Chooser(self.heading)
        self.chooser.hide()
        self.chooser.activated.connect(self._choose)
        self._asked = -1
        self.heading.asked.connect(self.ask_field)
        self.restyle()

    def show_reading(self, reading: Reading, labels: dict[str, str]) -> None:
        """Show one sheet and how it was understood."""
        self.clearSpans()
        self.cells.show(reading, labels)
        self.chooser.clear()
        self.chooser.addItem(NOWHERE, "")
        for path, label in labels.items():
            self.chooser.addItem(label, path)
        sheet = reading.sheet
        high, wide = self.cells.rowCount(), self.cells.columnCount()
        for r1, c1, r2, c2 in [merge for merge in sheet.merges if merge[0] < MERGED[0]][: MERGED[1]]:
            if 0 <= r1 <= r2 < high and 0 <= c1 <= c2 < wide and (r1, c1) != (r2, c2):
                self.setSpan(r1, c1, r2 - r1 + 1, c2 - c1 + 1)
        self.fit()
        at = reading.heading.rows[0] if reading.heading else 0
        if self.cells.rowCount():
            self.setCurrentIndex(self.cells.index(at, 0))
            self.scrollTo(self.cells.index(max(at - 4, 0), 0), QAbstractItemView.ScrollHint.PositionAtTop)

    def fit(self) -> None:
        """Widths by what stands in the first rows that are no title or note: those with more than two cells."""
        reading = self.cells.reading
        assert reading is not None
        top, pad = reading.heading.rows[0] if reading.heading else 0, look.sizes().of(14)
        wide = {(r1, c1) for r1, c1, _, c2 in reading.sheet.merges if c2 > c1}
        seen = [(r, row) for r, row in enumerate(reading.sheet.rows[top : top + SEEN], top) if filled(row) > 2]
        for column in range(self.cells.columnCount()):
            texts = [shown(row[column]) for r, row in seen if (r, column) not in wide]
            body = max((look.wide(text[:40]) for text in texts), default=0) + pad
            head = look.wide(self.cells.field(column), "small", bold=True) + look.sizes().of(36)
            self.setColumnWidth(column, min(max(head, body), look.width("most_column")))

    def show_passed(self, passed: dict[int, str]) -> None:
        """The rows that will not be read, with the reason."""
        self.cells.passed = passed
        self.viewport().update()

    def chosen_rows(self) -> list[int]:
        """The rows that are chosen, from the first to the last."""
        return sorted({index.row() for index in self.selectionModel().selectedIndexes()})

    def restyle(self) -> None:
        """Draw and measure anew, after the reading or the size of type changed."""
        self.heading.restyle()
        self.verticalHeader().setDefaultSectionSize(look.row_height())
        self.verticalHeader().setFixedWidth(look.width("least_column") + look.sizes().of(12))
        self.heading.viewport().update()
        self.viewport().update()

    # --- the field of a column ---

    def ask_field(self, column: int) -> None:
        """Let the clerk choose what a column fills."""
        self._asked = column
        path = self.cells.reading.mapping.get(column, "") if self.cells.reading else ""
        self.chooser.setCurrentIndex(max(self.chooser.findData(path), 0))
        box = self.heading.box(column)
        box.setWidth(max(box.width(), look.width("caption")))
        self.chooser.setGeometry(box)
        self.chooser.view().setMinimumWidth(look.width("search_list") // 3)
        self.chooser.show()
        self.chooser.showPopup()

    def _choose(self, at: int) -> None:
        if self._asked >= 0:
            column, self._asked = self._asked, -1
            self.chosen.emit(column, self.chooser.itemData(at))
            self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
        if (event.key() == Qt.Key.Key_F2 or enter) and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
            self.ask_field(self.currentIndex().column())
            return
        super().keyPressEvent(event)
