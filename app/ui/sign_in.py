"""The sign-in page (登录): before a data file with accounts is shown, and over a window that was left alone.

It only asks: `entered(account, password)`; whoever shows it signs in and comes back with `tell` or goes on.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui import look
from app.ui.rows import Flow, Scrolled
from app.ui.trouble import Strip


class SignInPage(QWidget):
    """`account` is who must unlock the window, empty where anybody may sign in. `offered` are accounts that one may
    take with a click, with their password: those of a demonstration file. `left()`: 换一个文件, or 换人登录."""

    entered = Signal(str, str)
    left = Signal()

    def __init__(
        self, office: str, account: str = "", offered: Sequence[str] = (), password: str = "",
        leave: str = "换一个数据文件",
    ) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("page")
        self.setWindowTitle("连心台账")
        self.strip = Strip()
        self.account, self.password = QLineEdit(account), QLineEdit()
        self.account.setReadOnly(bool(account))
        self.account.setAccessibleName("账号")
        self.password.setAccessibleName("密码")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.enter = look.button("解锁" if account else "登录", "Enter", primary=True)
        self.leave = look.link(leave)
        self.enter.clicked.connect(self.ask)
        self.leave.clicked.connect(self.left)
        sentence = "窗口已锁，输入密码继续，没有保存的内容都还在。" if account else "请登录。"
        self._build(office, sentence, offered, password)
        self.resize(*look.window_size)
        self.setFocusProxy(self.password if account else self.account)
        self.setFocus()

    def _build(self, office: str, sentence: str, offered: Sequence[str], password: str) -> None:
        frame = look.card()
        form = QVBoxLayout(frame)
        form.setContentsMargins(*[look.gap * 2] * 4)
        form.setSpacing(look.gap)
        form.addWidget(look.heading(office or "连心台账"))
        form.addWidget(look.soft(sentence, wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.gap)
        grid.setVerticalSpacing(look.gap)
        for at, (caption, widget) in enumerate((("账号", self.account), ("密码", self.password))):
            grid.addWidget(look.soft(caption), at, 0)
            grid.addWidget(widget, at, 1)
        form.addLayout(grid)
        row = QHBoxLayout()
        row.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(self.enter)
        form.addLayout(row)
        if offered:
            form.addWidget(look.line())
            form.addWidget(look.faint(f"演示账号，点一下就登录；密码都是 {password}", wrap=True))
            accounts = QWidget()
            flow = Flow(accounts, 8)
            for one in offered:
                button = look.button(one)
                button.clicked.connect(lambda _=False, one=one: self._take(one, password))
                flow.addWidget(button)
            form.addWidget(accounts)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(*[look.gap * 2] * 4)
        column.setSpacing(look.gap)
        column.addStretch(1)
        for widget in (look.label("连心台账", "brand"), self.strip, frame):
            widget.setMaximumWidth(look.width("dialog"))
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(widget, 20)
            line.addStretch(1)
            column.addLayout(line)
        column.addStretch(2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scrolled(inside))

    def _take(self, account: str, password: str) -> None:
        self.account.setText(account)
        self.password.setText(password)
        self.ask()

    def ask(self) -> None:
        """Ask to be let in with what was typed."""
        if self.enter.isEnabled():
            self.strip.hide()
            self._wait(True)
            self.entered.emit(self.account.text().strip(), self.password.text())

    def tell(self, error: BaseException) -> None:
        """Say why not; the password is typed anew."""
        self._wait(False)
        self.strip.tell(str(error), "late")
        self.password.clear()
        self.password.setFocus()

    def _wait(self, on: bool) -> None:
        self.enter.setEnabled(not on)
        for field in (self.account, self.password):
            field.setEnabled(not on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self.account.hasFocus() and not self.password.text():
            self.password.setFocus()
        else:
            self.ask()
