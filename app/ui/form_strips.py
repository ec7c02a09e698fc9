"""Strips above a form: an unsaved draft that was found, and two versions of what two clerks changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ledgers.forms import Difference
from app.ledgers.ledger import Ledger
from app.models.here import today
from app.ui import look
from app.work import choices


def moment(at: datetime) -> str:
    """A moment as a clerk says it: 10:32, or 11月20日 10:32 when it was another day."""
    clock = f"{at.hour}:{at.minute:02}"
    if at.date() in (today(), datetime.now().date()):
        return clock
    year = "" if at.year == datetime.now().year else f"{at.year}年"
    return f"{year}{at.month}月{at.day}日 {clock}"


def told_of(ledger: Ledger, key: int, new: bool) -> str:
    """What is said of a row that was saved, and what a new one needs yet."""
    called = choices.described(ledger.record, [key])[0]
    due = "".join(action.due for action in ledger.actions) if new else ""
    verb = "登记" if new else "修改"
    return f"已{verb}{ledger.record.word} {called.title or called.more}，Ctrl+Z 可撤销。{due}"


def stand(strip: QWidget, column: QVBoxLayout, after: QWidget) -> None:
    """Put a strip into the column; Shift+Tab from the first field of the form then leads to its buttons."""
    column.addWidget(strip)
    for button in strip.findChildren(QPushButton):
        QWidget.setTabOrder(after, button)
        after = button


class ChoiceStrip(QFrame):
    """A sentence and buttons that answer it; it goes once one was pressed."""

    def __init__(self, sentence: str, answers: dict[str, Callable[[], None]], tone: str = "soon") -> None:
        super().__init__()
        look.mark(self, strip=tone)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.gap, look.gap // 2, look.gap, look.gap // 2)
        row.addWidget(look.label(sentence, wrap=True), 1)
        self.buttons = {}
        for text, do in answers.items():
            button = self.buttons[text] = look.button(text)
            button.clicked.connect(lambda _=False, do=do: self._answer(do))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def _answer(self, do: Callable[[], None]) -> None:
        self.hide()
        self.deleteLater()
        do()


class VersionsStrip(QFrame):
    """Both versions of every fact that another clerk changed meanwhile; for each, mine or theirs can be taken.

    `take(path, value)` puts the chosen value into the form. `undecided` are the paths that still need a choice.
    """

    def __init__(self, sentence: str, found: list[Difference], take: Callable[[str, Any], None]) -> None:
        super().__init__()
        look.mark(self, strip="soon")
        self._take = take
        self.undecided = {one.path for one in found if one.open}
        self.buttons: dict[tuple[str, str], QWidget] = {}
        self._said: dict[str, Any] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(look.gap, look.gap // 2, look.gap, look.gap)
        grid.setHorizontalSpacing(2 * look.gap)
        grid.setVerticalSpacing(look.gap // 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        grid.addWidget(look.label(sentence, wrap=True), 0, 0, 1, 6)
        for row, one in enumerate(found, 1):
            grid.addWidget(look.label(one.label, "soft"), row, 0)
            grid.addWidget(look.label(f"我的：{shown(one.fact, one.mine)}", wrap=True), row, 1)
            grid.addWidget(look.label(f"对方：{shown(one.fact, one.theirs)}", wrap=True), row, 2)
            for column, (text, value) in enumerate((("用我的", one.mine), ("用对方的", one.theirs)), 3):
                button = self.buttons[one.path, text] = look.button(text)
                button.clicked.connect(lambda _=False, one=one, text=text, value=value: self._chose(one, text, value))
                grid.addWidget(button, row, column)
            self._said[one.path] = look.label("请选择" if one.open else "已用对方的", "fault" if one.open else "small")
            grid.addWidget(self._said[one.path], row, 5)

    def _chose(self, one: Difference, text: str, value: Any) -> None:
        self.undecided.discard(one.path)
        self._said[one.path].setText(f"已{text}")
        look.mark(self._said[one.path], tone="small")
        self._take(one.path, value)


def shown(fact: Any, value: Any) -> str:
    """A value in words; a form shows its private facts whole."""
    if value is None:
        return "（空）"
    if hasattr(fact, "rel_model"):
        return choices.called(fact.rel_model, value)
    return str(fact.show(value))
