"""Two ways to lay widgets in a row that may be too narrow: wrap onto more lines, or move what is left into a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QWidget,
)  # fmt: skip

from app.ui import look


class Flow(QLayout):
    """Widgets from left to right, wrapping onto the next line like words."""

    def __init__(self, parent: QWidget | None = None, space: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.space = space
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def clear(self) -> None:
        """Take all widgets out and delete them."""
        while self._items:
            widget = self._items.pop().widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _lay(self, rect: QRect, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            hint, right = item.sizeHint(), rect.x() + rect.width()
            wide = min(hint.width(), rect.width())
            if isinstance(widget, Elided) and right - x >= look.width("sentence"):
                wide = min(wide, right - x)
            if x > rect.x() and x + wide > right:
                x, y, line = rect.x(), y + line + self.space, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(wide, hint.height())))
            x, line = x + wide + self.space, max(line, hint.height())
        return y + line - rect.y()


class Elided(QLabel):
    """One line of text, cut with … where it does not fit; the whole of it is then its tooltip."""

    def __init__(self, text: str = "", tone: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if tone:
            self.setProperty("tone", tone)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("…"), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 4, super().sizeHint().height())

    def is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setToolTip(self.text() if self.is_cut() else "")

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()
        self.setToolTip(text if self.is_cut() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        painter.drawText(self.contentsRect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)


class Scrolled(QScrollArea):
    """A column that scrolls up and down only, and never squeezes what stands in it: wrapped text keeps its height."""

    def __init__(self, inside: QWidget, grows: bool = False) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if grows:
            self._keep_room()
        self.setWidget(inside)
        inside.installEventFilter(self)

    def _keep_room(self) -> None:
        """For a column that grows while it is looked at: what stands there is not laid out and painted again."""
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().setEnabled(False)  # then it is not seen
        self.verticalScrollBar().rangeChanged.connect(self._show_bar)

    @Slot(int, int)
    def _show_bar(self, _: int, most: int) -> None:
        self.verticalScrollBar().setEnabled(most > 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        layout = self.widget().layout()
        if layout is not None and layout.hasHeightForWidth():
            self.widget().setMinimumHeight(layout.totalHeightForWidth(self.viewport().width()))

    def make_room(self, height: int) -> None:
        """Before something of this height is put in: else all is squeezed until the column has grown."""
        inside = self.widget()
        inside.setMinimumHeight(inside.minimumHeight() + height)
        inside.resize(inside.width(), max(inside.minimumHeight(), self.viewport().height()))


class ToolRow(QWidget):
    """Buttons at the right of a page's title; those that do not fit stand in the menu 更多, before the seldom used."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[look.Button] = []
        self._seldom: list[tuple[QAction, Callable[[], None]]] = []
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        self.more = look.button("更多 ▾")
        self.more.clicked.connect(self.open_menu)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch()
        self._row.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, button: look.Button) -> look.Button:
        """Add a button; earlier ones stay longest."""
        self._buttons.append(button)
        self._row.insertWidget(self._row.count() - 1, button)
        return button

    def add_seldom(self, text: str, do: Callable[[], None]) -> QAction:
        """Add an entry that only stands in the menu."""
        action = QAction(text, self)
        action.triggered.connect(do)
        self._seldom.append((action, do))
        return action

    def open_menu(self) -> None:
        self._fill()
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _fill(self) -> None:
        self.menu.clear()
        for button in self._buttons:
            if button.isHidden() and not button.property("gone"):
                action = self.menu.addAction(button.text() + (f"\t{button.key}" if button.key else ""))
                action.setEnabled(button.isEnabled())
                action.setToolTip(button.toolTip())
                action.triggered.connect(button.click)
        if self.menu.actions() and self._seldom:
            self.menu.addSeparator()
        for action, _ in self._seldom:
            self.menu.addAction(action)

    def minimumSizeHint(self) -> QSize:
        first = self._buttons[0].sizeHint().width() + self._row.spacing() if self._buttons else 0
        return QSize(first + self.more.sizeHint().width(), self.more.sizeHint().height())

    def sizeHint(self) -> QSize:
        shown = [button for button in self._buttons if not button.property("gone")]
        room = sum(button.sizeHint().width() + self._row.spacing() for button in shown)
        return QSize(room + self.more.sizeHint().width(), self.more.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._buttons:  # Tab goes from left to right
            self.setTabOrder(self._buttons[-1], self.more)

    def arrange(self) -> None:
        """Show as many buttons as fit."""
        room = self.width() - self.more.sizeHint().width()
        for button in self._buttons:
            if button.property("gone"):
                button.hide()
                continue
            room -= button.sizeHint().width() + self._row.spacing()
            button.setVisible(room >= 0)
