"""The bar at the top: the program's name, the search box, back and forward, the township, the day and who is here."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu

from app.models.here import here, today
from app.ui import look
from app.ui.search_box import SearchBox
from app.ui.tasks import Tasks

WEEKDAYS = "一二三四五六日"


class TopBar(QFrame):
    """`size_asked(size)` from the menu under the clerk's name, to which others may add entries."""

    size_asked = Signal(str)

    def __init__(self, tasks: Tasks, township: str) -> None:
        super().__init__()
        self.setObjectName("top")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(14)
        self.brand, self.fold = look.label("连心台账", "brand"), look.link("目录")
        self.fold.hide()
        self.search = SearchBox(tasks)
        self.back, self.forward = look.link("←"), look.link("→")
        self.back.setToolTip("后退 Alt+←")
        self.forward.setToolTip("前进 Alt+→")
        row.addWidget(self.brand)
        row.addWidget(self.fold)
        row.addSpacing(max(0, look.width("contents") - look.wide("连心台账", "title", True) - 28))
        row.addWidget(self.search, 3)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addStretch(1)
        day = today()
        self.day = look.soft(f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}")
        self.township, self.who = look.soft(township), look.link(f"{here().who} ▾")
        self.menu = QMenu(self)
        self.who.clicked.connect(lambda: self.menu.popup(self.who.mapToGlobal(self.who.rect().bottomLeft())))
        sizes = self.menu.addMenu("字号")
        for size, word in look.SIZE_WORDS.items():
            sizes.addAction(word).triggered.connect(lambda _=False, size=size: self.size_asked.emit(size))
        for widget in (self.township, self.day, self.who):
            row.addWidget(widget)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedHeight(look.width("top"))
        self.search.setMaximumWidth(look.width("search"))

    def fit(self, width: int) -> bool:
        """Leave out what there is no room for, the day first; whether the contents must fold away too."""
        narrow = width < look.width("narrow")
        self.day.setVisible(width >= look.width("day_shown"))
        self.township.setVisible(width >= look.width("township_shown"))
        self.brand.setVisible(not narrow)
        return narrow
