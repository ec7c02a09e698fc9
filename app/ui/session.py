"""Who sits at the window (登录中): name and role at the top, the password, locking when nobody is there, leaving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from app.ledgers.contents import ledgers
from app.models import roles
from app.models.faults import Trouble
from app.models.fields import Password, PersonName
from app.models.here import Clerk, here, stand
from app.models.progress import Progress
from app.models.staff import Staff
from app.work import staff
from app.work.office import office_name

if TYPE_CHECKING:
    from app.ui.ask import Ask
    from app.ui.sign_in import SignInPage

CHECK = 5000  # milliseconds between two looks whether the account may still be used
MINUTES = (5, 15, 30, 60, 0)  # without a touch until the window locks; 0 for never
TOUCHES = {
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.InputMethod,
}  # fmt: skip
CHANGED = "您的账号刚被停用，或者权限有了变化，请重新登录。"


class Session(QObject):
    """For one window. `out_asked(sentence)`: sign out, and why; `minutes_chosen(n)`: to be remembered.

    A window on a file without accounts has a session too, which offers to make the first one.
    """

    out_asked = Signal(str)
    minutes_chosen = Signal(int)

    def __init__(self, window: Any, minutes: int = 15) -> None:
        super().__init__(window)
        self.window_ = window
        self.cover: SignInPage | None = None
        self._set_aside: list[Any] = []  # shortcuts switched off and dialogs hidden while the window is locked
        self._idle, self._check = QTimer(self), QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.lock)
        self._check.timeout.connect(self._look)
        if here().clerk is None:
            window.top.menu.addAction("设置第一个账号…").triggered.connect(self.ask_first_account)
            return
        self.stack = QStackedWidget()
        self.stack.addWidget(window.takeCentralWidget())
        window.setCentralWidget(self.stack)
        self._menu(minutes)
        self.set_minutes(minutes)
        self._check.start(CHECK)
        QGuiApplication.instance().focusWindowChanged.connect(self._watch)
        window.closing.connect(self._end)

    def _menu(self, minutes: int) -> None:
        clerk, top = here().clerk, self.window_.top
        assert clerk is not None
        top.who.setText(f"{clerk.name or clerk.account} · {roles.called(clerk)} ▾")
        menu = top.menu
        menu.addAction("改密码…").triggered.connect(self.ask_password)
        times = menu.addMenu("多久没人用就锁屏")
        for number in MINUTES:
            action = times.addAction(f"{number} 分钟" if number else "不锁")
            action.setCheckable(True)
            action.setChecked(number == minutes)
            action.triggered.connect(lambda _=False, number=number: self.set_minutes(number, times.actions()))
        menu.addAction("锁屏\tCtrl+L").triggered.connect(self.lock)
        QShortcut(QKeySequence("Ctrl+L"), self.window_).activated.connect(self.lock)
        menu.addAction("退出登录").triggered.connect(lambda: self.out_asked.emit(""))

    def set_minutes(self, minutes: int, actions: Any = ()) -> None:
        """Lock after so many minutes without a touch, 0 for never."""
        self._idle.stop()
        self._idle.setInterval(minutes * 60_000)
        if minutes:
            self._idle.start()
        for action, number in zip(actions, MINUTES, strict=False):
            action.setChecked(number == minutes)
        if actions:
            self.minutes_chosen.emit(minutes)

    # --- somebody is there ---

    def _watch(self, window: QWindow | None) -> None:
        """A window of ours has the keyboard: what is typed and clicked in it shows that somebody is there."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in TOUCHES and self._idle.interval() and self.cover is None:
            self._idle.start()
        return False

    def _look(self) -> None:
        """Whether the account may still be used, as it was when one signed in."""
        clerk = here().clerk
        try:
            gone = clerk is not None and not staff.is_still(clerk)
        except Trouble:
            return  # the window tells of it by itself
        if gone and not self.window_.tasks.busy:
            self._check.stop()
            self.out_asked.emit(CHANGED)

    def _end(self) -> None:
        self._idle.stop()
        self._check.stop()
        QGuiApplication.instance().focusWindowChanged.disconnect(self._watch)

    # --- locking ---

    def lock(self) -> None:
        """Cover the window with the sign-in page; what was typed stays as it is behind it."""
        clerk = here().clerk
        if self.cover is not None or clerk is None:
            return
        from app.ui.sign_in import SignInPage

        self._idle.stop()
        self.cover = SignInPage(office_name(), clerk.account, leave="换人登录")
        self.cover.entered.connect(self._unlock)
        self.cover.left.connect(lambda: self.out_asked.emit(""))
        self.stack.addWidget(self.cover)
        self.stack.setCurrentWidget(self.cover)
        for shortcut in self.window_.findChildren(QShortcut):
            if shortcut.isEnabled():
                shortcut.setEnabled(False)
                self._set_aside.append(lambda shortcut=shortcut: shortcut.setEnabled(True))
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible() and widget is not self.window_ and self._is_ours(widget):
                widget.hide()
                self._set_aside.append(widget.show)
        self.cover.setFocus()

    def _is_ours(self, widget: QWidget) -> bool:
        parent = widget.parentWidget()
        return parent is not None and (parent is self.window_ or self.window_.isAncestorOf(parent))

    def _unlock(self, account: str, password: str) -> None:
        cover = self.cover
        assert cover is not None

        def work(progress: Progress) -> Clerk:
            return staff.sign_in(account, password, how="（解锁）")

        self.window_.tasks.write("登录", work, self._unlocked, cover.tell)

    def _unlocked(self, clerk: Clerk) -> None:
        if self.cover is None:
            return
        if clerk != here().clerk:
            self.out_asked.emit(CHANGED)
            return
        self.stack.setCurrentIndex(0)
        self.stack.removeWidget(self.cover)
        self.cover.deleteLater()
        self.cover = None
        for restore in self._set_aside:
            restore()
        self._set_aside.clear()
        if self._idle.interval():
            self._idle.start()
        page = self.window_.page
        if page is not None:
            (page.focusProxy() or page).setFocus()

    # --- accounts ---

    def ask_password(self) -> Ask:
        """Ask for the old password and the new one, and change it."""
        facts = {
            "old": Password("现在的密码", required=True), "new": Password("新密码", required=True),
            "again": Password("再写一次", required=True),
        }  # fmt: skip
        sentence = "新密码至少 8 个字符，字母和数字混合。"
        return self._ask("改密码", sentence, facts, "改密码", staff.change_password, self._said)

    def ask_first_account(self) -> Ask:
        """Ask for the first account of the file, and go on signed in with it."""
        facts = {
            "account": Staff.facts()["account"], "name": PersonName("姓名", required=True, most=40),
            "password": Password("密码", required=True), "again": Password("再写一次", required=True),
        }  # fmt: skip
        sentence = (
            "有了账号，打开这个数据文件就要先登录。第一个账号既能录入，也能管理账号；"
            "以后可以在“账号”里给别人设账号。密码忘了没有办法找回，请记牢。"
        )
        return self._ask("设置第一个账号", sentence, facts, "设置", staff.first_account, self._first)

    def _ask(
        self, title: str, sentence: str, facts: dict[str, Any], do: str, work: Callable[..., Any],
        done: Callable[[Any], None],
    ) -> Ask:  # fmt: skip
        from app.ui.ask import Ask  # the inputs of every kind come with it: loaded when first asked

        dialog = Ask(self.window_, title, sentence, facts, do)

        def answered(values: dict[str, Any]) -> None:
            def end(answer: Any) -> None:
                dialog.close()
                done(answer)

            self.window_.tasks.write(title, lambda progress: work(**values), end, dialog.tell)

        dialog.answered.connect(answered)
        dialog.show()
        return dialog

    def _said(self, sentence: str) -> None:
        self.window_.say(sentence)

    def _first(self, clerk: Clerk) -> None:
        self.out_asked.emit(f"账号“{clerk.account}”已经建好，请用它登录。")


def first_ledger() -> str:
    """The name of the ledger that lies open at first: the first one, for who sees registers, else his own one."""
    seen = [name for name, ledger in ledgers().items() if roles.may(ledger.record.seen_by)]
    return seen[0 if roles.may("see") else -1]


def signed_in(clerk: Clerk) -> None:
    """Put who has signed in into the context of the window."""
    stand(replace(here(), clerk=clerk, who=clerk.account))
