"""What for (用途): asked before private facts are shown, printed or exported whole by who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.models import roles
from app.models.fields import Text
from app.models.here import standing
from app.models.progress import Progress
from app.ui.ask import Ask
from app.work import outgoing

WHAT = {"purpose": Text("用途", required=True, most=60, note="如：发放补贴核对")}


def asks() -> bool:
    """Whether somebody is signed in, so that a purpose is asked."""
    return roles.clerk() is not None


def ask(parent: QWidget, title: str, done: Callable[[str], None], otherwise: Callable[[], Any] = lambda: None) -> Ask:
    """Ask what for, then `done(purpose)`; `otherwise()` where the clerk thinks better of it."""
    dialog = Ask(parent, title, "号码写全要写明用途，用途和您的账号一起记入操作日志。", WHAT, "继续")

    def answered(values: dict[str, Any]) -> None:
        dialog.rejected.disconnect(otherwise)
        dialog.close()
        done(values["purpose"])

    dialog.rejected.connect(otherwise)
    dialog.answered.connect(answered)
    dialog.show()
    return dialog


def unmask(parent: QWidget, window: Any, record: Any, key: int, done: Callable[[], None]) -> None:
    """Let the private facts of one row be seen: who is signed in says what for first, and the history keeps it."""
    if not asks():
        done()
        return

    def tell(what_for: str) -> None:
        def work(progress: Progress) -> str:
            with standing(purpose=what_for):
                return outgoing.unmask(record, key)

        def shown(said: str) -> None:
            done()
            window.say(said)

        window.tasks.write("登记用途", work, shown)

    ask(parent, "显示完整号码", tell)


class WholeBox(QCheckBox):
    """Whether the numbers on a paper are written whole: `chosen()` when that was settled, for a `purpose` if asked.

    Where nobody is signed in they are whole at first; else they are masked until somebody says what for.
    """

    chosen = Signal()

    def __init__(self, title: str) -> None:
        super().__init__("证件号、账号、电话写全")
        self.title, self.purpose = title, ""
        self.setChecked(not asks())
        if why := roles.why_not("whole"):
            self.setEnabled(False)
            self.setToolTip(why)
        self.toggled.connect(self._choose)

    def _choose(self, on: bool) -> None:
        if not on or self.purpose or not asks():
            self.chosen.emit()
            return
        ask(self, f"打印 {self.title}", self._for, self._think_better)

    def _for(self, purpose: str) -> None:
        self.purpose = purpose
        self.chosen.emit()

    def _think_better(self) -> None:
        self.blockSignals(True)
        self.setChecked(False)
        self.blockSignals(False)
