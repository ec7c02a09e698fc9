"""Numbers that open: tiles beside each other, and rows with or without a bar; one keyboard over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.ui import look

STEPS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
MIDDLE, RIGHT = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Line:
    """One number: what it is of, the number as text, a word more; `share` is the length of its bar, 0 to 1.

    `tone` is a tone of the look, "" for none and "faint" where there is nothing; `tip` its condition in words.
    """

    text: str
    number: str = "…"
    said: str = ""
    share: float | None = None
    tone: str = ""
    tip: str = ""


def tone_ink(tone: str) -> str:
    """The colour of a number."""
    return look.FAINT if tone == "faint" else look.TONES[tone][0] if tone else look.INK


class Stops(QWidget):
    """Lines of which one has the keyboard. `opened(at)` by Enter, blank or a click; `stepped(dx, dy)` by an arrow key,
    for whoever knows what stands beside; `reached()` when another line has the keyboard."""

    opened = Signal(int)
    stepped = Signal(int, int)
    reached = Signal()
    shown = Signal()  # other lines

    def __init__(self, lines: Sequence[Line] = ()) -> None:
        super().__init__()
        self.lines: list[Line] = list(lines)
        self.current, self._under = 0, -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines; the keyboard stays where it was."""
        grown, self.lines = len(lines) != len(self.lines), list(lines)
        self.current = max(min(self.current, len(lines) - 1), 0)
        if grown:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if lines else Qt.FocusPolicy.NoFocus)
            self.updateGeometry()
        self.update()
        self.shown.emit()

    def place(self, at: int) -> QRect:
        """Where a line stands."""
        raise NotImplementedError

    def choose(self, at: int) -> None:
        """Give the keyboard to a line."""
        self.current = at
        self.setFocus()
        self.update()
        self.reached.emit()

    def cut(self, at: int) -> bool:
        """Whether some of a line's text does not fit."""
        return False

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())

    # --- keyboard and mouse ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in OPENING and self.lines:
            self.opened.emit(self.current)
        elif event.key() in STEPS and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.stepped.emit(*STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _at(self, point: QPoint) -> int:
        return next((at for at in range(len(self.lines)) if self.place(at).contains(point)), -1)

    def _look_under(self, at: int) -> None:
        if at != self._under:
            self._under = at
            self.setCursor(Qt.CursorShape.PointingHandCursor if at >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._look_under(self._at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._look_under(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at >= 0:
            self.choose(at)
            self.opened.emit(at)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            if (at := self._at(event.pos())) >= 0:
                line = self.lines[at]
                told = [f"{line.text}　{line.number}", line.said] if self.cut(at) else []
                QToolTip.showText(event.globalPos(), "\n".join(filter(None, [*told, line.tip])), self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()
        self.reached.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for at, line in enumerate(self.lines):
            rect = self.place(at)
            if rect.intersects(event.rect()):
                self.draw(painter, rect, line, at == self.current and self.hasFocus(), at == self._under)
        painter.end()

    def draw(self, painter: QPainter, rect: QRect, line: Line, here: bool, under: bool) -> None:
        raise NotImplementedError


def _write(painter: QPainter, rect: QRect, text: str, how: Qt.AlignmentFlag = MIDDLE) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(how), shown)


class Tiles(Stops):
    """Cards with a large number each, beside each other, and in more rows where they would be narrow."""

    def across(self) -> int:
        """How many stand beside each other."""
        fit = max(self.width() // look.width("tile"), 1)
        many = max(len(self.lines), 1)
        return many if fit >= many else max(one for one in range(1, fit + 1) if many % one == 0 or one == 1)

    def height_of(self) -> int:
        """Of one tile."""
        return look.sizes().of(96)

    def sizeHint(self) -> QSize:
        rows = -(-len(self.lines) // self.across())
        return QSize(look.width("tile"), max(rows * (self.height_of() + look.gap) - look.gap, 0))

    def place(self, at: int) -> QRect:
        across = self.across()
        edges = [round(one * (self.width() + look.gap) / across) for one in range(across + 1)]
        left, right = list(pairwise(edges))[at % across]
        return QRect(left, at // across * (self.height_of() + look.gap), right - left - look.gap, self.height_of())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def cut(self, at: int) -> bool:
        return look.wide(self.lines[at].said, "small") > self.place(at).width() - 2 * look.sizes().of(16)

    def draw(self, painter: QPainter, rect: QRect, line: Line, here: bool, under: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(look.color(look.ACCENT if here or under else look.LINE))
        painter.setBrush(look.color(look.ACCENT_TINT if here else look.CARD))
        painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 8, 8)
        side, part = look.sizes().of(16), look.sizes().of(8)
        inside = rect.adjusted(side, part, -side, -part)
        painter.setPen(look.color(look.SOFT))
        painter.setFont(look.font())
        _write(painter, QRect(inside.x(), inside.y(), inside.width(), look.sizes().of(22)), line.text)
        painter.setPen(look.color(tone_ink(line.tone)))
        painter.setFont(look.number_font())
        _write(painter, QRect(inside.x(), inside.y() + look.sizes().of(22), inside.width(), look.sizes().of(38)),
               line.number)  # fmt: skip
        painter.setPen(look.color(look.SOFT))
        painter.setFont(look.font("small"))
        below = look.sizes().of(60)
        _write(painter, inside.adjusted(0, below, 0, 0), line.said)


class Bars(Stops):
    """Rows: a text, its bar where it has a share, and the number at the right."""

    def height_of(self) -> int:
        """Of one row."""
        return look.sizes().of(26)

    def sizeHint(self) -> QSize:
        return QSize(look.width("tile"), len(self.lines) * self.height_of())

    def place(self, at: int) -> QRect:
        return QRect(0, at * self.height_of(), self.width(), self.height_of())

    def _columns(self) -> tuple[int, int]:
        """How wide texts and numbers are."""
        texts = max((look.wide(line.text) for line in self.lines), default=0)
        numbers = max((look.wide(line.number) for line in self.lines), default=0)
        room = self.width() - 2 * look.gap - numbers - look.gap
        has_bars = any(line.share is not None for line in self.lines)
        return min(texts + 2, room // 2 if has_bars else room), numbers + 2

    def cut(self, at: int) -> bool:
        line, (texts, _) = self.lines[at], self._columns()
        said = look.wide(line.said, "small") if line.said else 0
        return look.wide(line.text) > texts or said > max(self._said_room(line), 0)

    def _said_room(self, line: Line) -> int:
        text = min(look.wide(line.text), self._columns()[0])
        return self.width() - 2 * look.gap - self._columns()[1] - text - 2 * look.gap

    def draw(self, painter: QPainter, rect: QRect, line: Line, here: bool, under: bool) -> None:
        if here or under:
            painter.fillRect(rect, look.color(look.ACCENT_TINT if here else look.GROUND))
        side = look.gap
        inside, (texts, numbers) = rect.adjusted(side, 0, -side, 0), self._columns()
        painter.setFont(look.font())
        painter.setPen(look.color(look.INK))
        _write(painter, QRect(inside.x(), inside.y(), texts, inside.height()), line.text)
        painter.setPen(look.color(tone_ink(line.tone)))
        painter.setFont(look.font(bold=line.tone not in ("", "faint")))
        number = QRect(inside.right() + 1 - numbers, inside.y(), numbers, inside.height())
        _write(painter, number, line.number, RIGHT)
        if line.share is not None:
            height = look.sizes().of(12)
            left = inside.x() + texts + look.gap
            room = number.x() - look.gap - left
            bar = QRect(left, inside.center().y() - height // 2 + 1, round(room * line.share), height)
            if line.share:
                bar.setWidth(max(bar.width(), 2))
            painter.fillRect(bar, look.color(look.ACCENT if here or under else look.BAR))
        elif line.said:
            painter.setPen(look.color(look.SOFT))
            painter.setFont(look.font("small"))
            room = self._said_room(line)
            _write(painter, QRect(number.x() - look.gap - room, inside.y(), room, inside.height()), line.said, RIGHT)
