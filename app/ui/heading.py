"""The headings of a ledger: a click sorts, the small triangle opens the filter of its column."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPolygon
from PySide6.QtWidgets import QHeaderView, QTableView

from app.ui import look

GRIP = 4  # pixels at an edge that change the width


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

    def show_marks(self, marks: Marks) -> None:
        self.marks = marks
        self.viewport().update()

    def _triangle(self, rect: QRect, right: bool) -> QRect:
        """Where the triangle of a section stands: after its caption, before it above numbers."""
        side, pad = look.sizes().of(16), look.sizes().of(4)
        left = rect.left() + pad if right else rect.right() - side - pad
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
        triangle = self._triangle(rect, right)
        inside = rect.adjusted(triangle.width() + 4 if right else pad, 0, -pad if right else -triangle.width() - 4, 0)
        font = look.font(bold=True)
        font.setPixelSize(look.sizes().small + 1)
        caption = self.model().headerData(section, Qt.Orientation.Horizontal) or ""
        number, down = self.marks.sorts.get(section, (-1, False))
        arrow = "" if number < 0 else ("↓" if down else "↑") + (str(number) if number else "")
        metrics = QFontMetrics(font)
        room = inside.width() - metrics.horizontalAdvance(arrow)
        text = metrics.elidedText(caption, Qt.TextElideMode.ElideRight, room) + arrow
        painter.setFont(font)
        painter.setPen(look.color(look.ACCENT if arrow else look.SOFT))
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
            if self._triangle(rect, self._is_right(section)).adjusted(-2, -6, 2, 6).contains(at):
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
