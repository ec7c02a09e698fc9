"""What stands on the page of a row and where: its name and tools, the cards, and beside them its facts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ledgers.dossier import page_word
from app.ledgers.ledger import Ledger
from app.ui import look
from app.ui.rows import Elided, Scrolled, ToolRow


class DossierFrame(QWidget):
    """The widgets of the page, without its cards and what they do; `back` is what leads back."""

    def __init__(self, ledger: Ledger, back: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.ledger = ledger
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build(back)

    def _build(self, back: str) -> None:
        self.back = look.link(back)
        self.title, self.under = Elided(page_word(self.ledger.record), "title"), Elided("正在读取…", "soft")
        self.tools = ToolRow()
        self.edit = self.tools.add(look.button("修改登记", "F2", primary=True))
        self.print = self.tools.add(look.button(f"打印{page_word(self.ledger.record)}", "Ctrl P"))
        self.up = self.tools.add(look.button("", "Ctrl U"))
        self.up.setProperty("gone", True)
        self.actions_ = [(one, self.tools.add(look.button(one.title, one.key))) for one in self.ledger.actions]
        head = QHBoxLayout()
        head.setSpacing(look.gap)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        head.addWidget(self.tools, 3)
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        self.side = QWidget()
        self.side.setLayout(self.right)
        self.right.setContentsMargins(0, 0, 0, 0)
        self.columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.columns.setContentsMargins(0, 0, 0, 0)
        for column in (self.left, self.right, self.columns):
            column.setSpacing(look.gap)
        self.left.addStretch(1)
        self.columns.addLayout(self.left, 1)
        self.columns.addWidget(self.side, 0, Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        inside.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        inside.setLayout(self.columns)
        self.area = Scrolled(inside, grows=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, look.gap, 16, look.gap)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self.under)
        whole.addWidget(self.area, 1)

    def _put(self, card: QWidget) -> None:
        """As the last one in the left column."""
        self.area.make_room(card.sizeHint().height() + look.gap)
        self.left.insertWidget(self.left.count() - 1, card)

    def _put_beside(self, card: QWidget) -> None:
        """As the last one beside them."""
        self.area.make_room(card.sizeHint().height() + look.gap)
        self.right.addWidget(card)

    def _fit(self) -> None:
        """In a narrow page the facts stand under the tables."""
        narrow = self.width() < look.width("dossier_narrow")
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self.columns.setDirection(way)
        self.side.setMinimumWidth(0 if narrow else look.width("dossier_side"))
        self.side.setMaximumWidth(self.maximumWidth() if narrow else look.width("dossier_side"))
        self.columns.setAlignment(self.side, Qt.AlignmentFlag(0) if narrow else Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
