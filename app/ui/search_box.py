"""The one search box in the top bar, with what it finds while one types.

Enter filters the ledger that lies open; the arrow keys choose one of those found, Enter then opens it, Ctrl+I its page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from app.ledgers.contents import ledgers
from app.ledgers.dossier import page_word
from app.ledgers.ledger import Ledger
from app.ledgers.listing import Listing
from app.models import roles
from app.models.fields import Text
from app.models.query import visible
from app.models.search import suggest
from app.ui import look
from app.ui.rows import Elided
from app.ui.tasks import Job, Tasks

if TYPE_CHECKING:
    from app.ui.window import Window

MOST = 10
SHOWN = 8  # columns that tell namesakes apart
WAIT = 40  # milliseconds after the last key
KEY = Qt.ItemDataRole.UserRole


def searched_ledger() -> tuple[str, Ledger]:
    """The ledger whose rows the search box suggests: the first whose record says by which words it is found."""
    return next((name, ledger) for name, ledger in ledgers().items() if getattr(ledger.record, "search_by", ""))


def has_words(ledger: Ledger) -> bool:
    """Whether rows of this ledger are found by names, initials and numbers."""
    return bool(ledger.record.search_in or getattr(ledger.record, "search_by", ""))


def open_found(window: Window, key: int, page: bool) -> None:
    """Open the form, or the page (档), of a row that was suggested."""
    ledger = searched_ledger()[1]
    if page:
        from app.ui.dossier_page import open_dossier  # loaded when the first is opened

        open_dossier(window, ledger.record, key)
    else:
        window.open_form(ledger, key)


def can_search(ledger: Ledger) -> bool:
    """Whether what is typed in the box can find rows of this ledger: by their words, or else by their own name."""
    first, record = ledger.shown[0].path, ledger.record
    return has_words(ledger) or (first.text == record.shown_by and isinstance(first.fact, Text) and not first.links)


class SearchBox(QLineEdit):
    """`entered(text)` for Enter without a choice, `picked(key, page)` for one of those suggested, or for its page."""

    entered = Signal(str)
    picked = Signal(object, bool)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.tasks = tasks
        self.setObjectName("search")
        self.setPlaceholderText("姓名 / 拼音首字母 / 身份证号 / 电话 / 村组　如 zjg、3012、牛街")
        self.setClearButtonEnabled(True)
        self.setMaximumWidth(look.width("search"))
        self.key = look.label("F3", "key")
        self.key.setParent(self)
        self.setTextMargins(0, 0, self.key.sizeHint().width(), 0)
        self.found = _Found(self)
        self.found.list.itemClicked.connect(self._take)
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self._ask)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(0)
        self._leave.timeout.connect(self._maybe_hide)
        self.textEdited.connect(lambda _: self._timer.start())
        self.textChanged.connect(lambda text: self.key.setVisible(not text))

    def sizeHint(self) -> QSize:
        return QSize(look.width("search"), super().sizeHint().height())

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        size = self.key.sizeHint()
        self.key.resize(size)
        self.key.move(self.width() - size.width() - 8, (self.height() - size.height()) // 2)

    def _ask(self) -> None:
        if self._job:
            self._job.drop()
        text = self.text().strip()
        if not text:
            self.found.hide()
            return
        _, ledger = searched_ledger()
        self._job = self.tasks.read(lambda: _suggestions(ledger, text), self._show)

    def _show(self, found: list[tuple[int, tuple[str, ...]]]) -> None:
        if self.hasFocus() and self.text().strip():
            self.found.show_rows(found)

    def _chosen(self) -> QListWidgetItem | None:
        """The one of those found that the arrow keys stand on."""
        item = self.found.list.currentItem() if self.found.isVisible() else None
        return item if item is not None and item.data(KEY) is not None else None

    def _take(self, item: QListWidgetItem, page: bool = False) -> None:
        self._done()
        self.picked.emit(item.data(KEY), page)

    def event(self, event: QEvent) -> bool:
        """Ctrl+I is for the one that is chosen, before any page hears it."""
        if event.type() == QEvent.Type.ShortcutOverride and _asks_page(event) and self._chosen():
            event.accept()
            return True
        return super().event(event)

    def _done(self) -> None:
        self._timer.stop()
        if self._job:
            self._job.drop()
            self._job = None
        self.found.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = self.found.isVisible()
        if shown and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.found.move_by(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if item := self._chosen():
                self._take(item)
            else:
                self._done()
                self.entered.emit(self.text().strip())
        elif _asks_page(event) and (item := self._chosen()):
            self._take(item, page=True)
        elif event.key() == Qt.Key.Key_Escape:
            if shown:
                self.found.hide()
            else:
                self.clear()
                self.entered.emit("")
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._leave.start()

    def _maybe_hide(self) -> None:
        if not self.hasFocus() and not self.found.list.hasFocus():
            self.found.hide()


def _asks_page(event: QEvent) -> bool:
    ctrl = Qt.KeyboardModifier.ControlModifier
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_I and event.modifiers() == ctrl


def _suggestions(ledger: Ledger, text: str) -> list[tuple[int, tuple[str, ...]]]:
    keys = visible(ledger.record, suggest(text, MOST if roles.clerk() is None else MOST * 20))[:MOST]
    return list(zip(keys, Listing(ledger, gone=True).cells(keys), strict=True))


class _Found(QFrame):
    """The list under the box. It never takes the keyboard away from it."""

    def __init__(self, box: SearchBox) -> None:
        super().__init__(box)
        self.box = box
        self.setProperty("popup", True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.lines = _Suggestion(self.list)
        self.list.setItemDelegate(self.lines)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        called = page_word(searched_ledger()[1].record)
        self.hint = Elided(f"↓ 选一个，Enter 打开登记，Ctrl+I 打开{called}；直接 Enter 在台账中筛选", "faint")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 6)
        column.addWidget(self.list)
        column.addWidget(self.hint)
        self.hide()

    def show_rows(self, rows: list[tuple[int, tuple[str, ...]]]) -> None:
        self.list.clear()
        self.lines.fit([cells[:SHOWN] for _, cells in rows])
        for key, cells in rows:
            item = QListWidgetItem("\t".join(cells[:SHOWN]))
            item.setData(KEY, key)
            self.list.addItem(item)
        if not rows:
            item = QListWidgetItem("没有找到。可换一个字，或只打拼音首字母、证件后四位。")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        window: QWidget = self.box.window()
        if self.parent() is not window:
            self.setParent(window)
        self.list.setFixedHeight(max(1, self.list.count()) * look.row_height() + 2)
        self.setFixedWidth(max(self.box.width(), min(look.width("search_list"), window.width() - 2 * look.gap)))
        self.adjustSize()
        at = self.box.mapTo(window, QPoint(0, self.box.height() + 2))
        self.move(min(at.x(), window.width() - self.width() - look.gap), at.y())
        self.show()
        self.raise_()

    def move_by(self, step: int) -> None:
        count, row = self.list.count(), self.list.currentRow()
        self.list.setCurrentRow((row + step) % count if row >= 0 or step > 0 else count - 1)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            return True
        return super().event(event)


class _Suggestion(QStyledItemDelegate):
    """A name in bold, and after it what tells namesakes apart, in columns."""

    def fit(self, rows: Sequence[Sequence[str]]) -> None:
        """Measure the columns of what is about to be shown."""
        columns = zip(*rows, strict=True)
        self.widths = [
            max(look.wide(text, bold=at == 0) for text in column) + look.sizes().of(16) if any(column) else 0
            for at, column in enumerate(columns)
        ]

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        return QSize(10, look.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        rect, state = option.rect, option.state  # type: ignore[attr-defined]
        if state & state.__class__.State_Selected or state & state.__class__.State_MouseOver:
            painter.fillRect(rect, look.color(look.ACCENT_TINT))
        inside, middle = rect.adjusted(8, 0, -8, 0), int(Qt.AlignmentFlag.AlignVCenter)
        cells = index.data().split("\t")
        if len(cells) == 1:
            painter.setPen(look.color(look.SOFT))
            painter.drawText(inside, middle, cells[0])
            return
        for at, (text, width) in enumerate(zip(cells, self.widths, strict=True)):
            painter.setFont(look.font(bold=at == 0))
            painter.setPen(look.color(look.SOFT if at else look.INK))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
            painter.drawText(inside, middle, shown)
            inside.setLeft(inside.left() + width)
