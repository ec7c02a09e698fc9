"""The headings of a ledger: a click sorts, the small triangle opens the filter of its column."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPolygon
from PySide6.QtWidgets import QHeaderView, QTableView

from app.ui import look

GRIP = 4  # pixels at an edge that change the width
TRIANGLE = 16  # pixels at the middle size of type


def caption_font() -> QFont:
    made = look.font(bold=True)
    made.setPixelSize(look.sizes().small + 1)
    return made


def caption_width(caption: str) -> int:
    """How many pixels a caption takes in a heading, without its triangle."""
    return QFontMetrics(caption_font()).horizontalAdvance(caption) + 2


@dataclass
class Marks:
    """What the headings show beside the captions, by column: order (its number or 0 for the only one, descending)."""

    sorts: dict[int, tuple[int, bool]] = field(default_factory=dict)
    filtered: frozenset[int] = frozenset()


class Heading(QHeaderView):
    """`sorted_by(column, add)` with Shift adding a second order; `filter_asked(column)`."""

    sorted_by = Signal(int, bool)
    filter_asked = Signal(int)

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.marks = Marks()
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(look.width("least_column"))
        self._pressed = -1

    def sizeHint(self) -> QSize:
        return QSize(0, look.row_height() + 1)

    def show_marks(self, marks: Marks) -> None:
        self.marks = marks
        self.viewport().update()

    def _caption(self, section: int) -> str:
        number, down = self.marks.sorts.get(section, (-1, False))
        caption = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        return caption if number < 0 else caption + ("↓" if down else "↑") + (str(number) if number else "")

    def _triangle(self, section: int) -> QRect:
        """Where the triangle of a section stands: after its caption, before it above numbers."""
        rect, side, pad = self.section_rect(section), look.sizes().of(TRIANGLE), look.sizes().of(9)
        room = min(caption_width(self._caption(section)), rect.width() - side - pad - 2)
        left = rect.right() - pad - room - side if self._is_right(section) else rect.left() + pad + room
        return QRect(left, rect.center().y() - side // 2, side, side)

    def _is_right(self, section: int) -> bool:
        align = self.model().headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        return bool(Qt.AlignmentFlag(align or 0) & Qt.AlignmentFlag.AlignRight)

    def section_rect(self, section: int) -> QRect:
        return QRect(self.sectionViewportPosition(section), 0, self.sectionSize(section), self.height())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, look.color(look.CARD))
        painter.setPen(look.color(look.LINE))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        right, pad = self._is_right(section), look.sizes().of(9)
        triangle, font = self._triangle(section), caption_font()
        inside = rect.adjusted(pad, 0, -pad, 0)
        if right:
            inside.setLeft(triangle.right())
        else:
            inside.setRight(triangle.left() + 1)
        text = QFontMetrics(font).elidedText(self._caption(section), Qt.TextElideMode.ElideMiddle, inside.width())
        painter.setFont(font)
        painter.setPen(look.color(look.ACCENT if section in self.marks.sorts else look.SOFT))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inside, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        self._draw_triangle(painter, triangle, section in self.marks.filtered)

    def _draw_triangle(self, painter: QPainter, rect: QRect, on: bool) -> None:
        middle, half = rect.center(), look.sizes().of(4)
        if on:
            painter.fillRect(rect, look.color(look.ACCENT_TINT))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(look.ACCENT if on else look.FAINT))
        corners = [QPoint(-half, -half // 2), QPoint(half, -half // 2), QPoint(0, half - half // 2)]
        painter.drawPolygon(QPolygon([middle + corner for corner in corners]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        section = self.logicalIndexAt(at)
        self._pressed = -1
        if section >= 0 and event.button() == Qt.MouseButton.LeftButton:
            rect = self.section_rect(section)
            if self._triangle(section).adjusted(-2, -6, 2, 6).contains(at):
                self.filter_asked.emit(section)
                return
            if rect.left() + GRIP < at.x() < rect.right() - GRIP:
                self._pressed = section
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, -1
        if pressed >= 0 and self.logicalIndexAt(event.position().toPoint()) == pressed:
            self.sorted_by.emit(pressed, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))


class RowNumbers(QHeaderView):
    """The numbers of the rows. Its width is told, so that Qt need not measure hundreds of numbers to find it."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self.wide = look.width("least_column")
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHighlightSections(False)
        self.restyle()

    def restyle(self) -> None:
        self.setDefaultSectionSize(look.row_height())
        self.small, self.faint, self.hair = look.font("small"), look.color(look.FAINT), look.color(look.HAIR)

    def make_room(self, rows: int) -> None:
        """Be as wide as the number of the last row."""
        self.wide = max(look.wide(str(rows), "small") + look.sizes().of(20), look.width("least_column"))
        self.setFixedWidth(self.wide)

    def sizeHint(self) -> QSize:
        return QSize(self.wide, 0)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.setPen(self.hair)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(self.small)
        painter.setPen(self.faint)
        inside = rect.adjusted(0, 0, -look.sizes().of(8), 0)
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(section + 1))
