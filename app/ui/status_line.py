"""The line at the bottom: what is chosen, what was done, and how far long work is."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from app.models.here import here
from app.ui import look
from app.ui.rows import Elided
from app.ui.tasks import Tasks

SOON = 200  # milliseconds; work that is quicker need not be told
STAYS = 20_000  # milliseconds that a sentence stands, so that nobody takes an old one for a new one
LINGERS = 2_000  # milliseconds until it is tried again to take away a sentence under the mouse


class StatusLine(QFrame):
    """`selection` is the page's; what is said goes away by itself. `backed_up` and `place` stand at the right."""

    def __init__(self, tasks: Tasks, place: str) -> None:
        super().__init__()
        self.tasks = tasks
        self.setObjectName("status")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(20)
        self.selection, self.said, self.working = Elided(), Elided(), Elided()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.stop = look.link("停止")
        self.stop.clicked.connect(tasks.cancel)
        self.backed_up, self.place = look.soft(""), look.soft(place)
        self.place.setToolTip(here().file.place)
        for widget in (self.selection, self.said):
            row.addWidget(widget)
        self.selection.hide()
        row.addStretch(1)
        for widget in (self.working, self.bar, self.stop, self.backed_up, self.place):
            row.addWidget(widget)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON)
        self._soon.timeout.connect(self._show_work)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self._fall_silent)
        tasks.started.connect(self._started)
        tasks.progressed.connect(self._progressed)
        tasks.finished.connect(self._show_work)
        self._show_work()
        self.restyle()

    def restyle(self) -> None:
        self.setFixedHeight(look.width("status"))
        self.bar.setFixedWidth(look.width("progress"))

    def say(self, text: str) -> None:
        """Say what was done, for a while."""
        self.said.setText(text)
        self._quiet.start(STAYS)

    def _fall_silent(self) -> None:
        if self.said.underMouse():
            self._quiet.start(LINGERS)  # it is being read
        else:
            self.said.setText("")

    def _show_work(self) -> None:
        for widget in (self.working, self.bar, self.stop):
            widget.setVisible(self.tasks.busy)

    def _started(self, title: str) -> None:
        self.working.setText(f"正在{title}…")
        self.bar.setRange(0, 0)
        self._soon.start()

    def _progressed(self, done: int, total: int, text: str) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self.working.setText(f"{text} {done:,} / {total:,}")
