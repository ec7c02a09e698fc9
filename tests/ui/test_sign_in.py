"""Signing in at the window, locking it, and what the window shows to each role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog

from app.desk import Desk
from app.ledgers.contents import ledgers
from app.models.database import DataFile
from app.models.here import Clerk, here, standing
from app.models.people import Household
from app.models.places import Place
from app.settings import Settings
from app.ui import look, purpose
from app.ui.ask import Ask
from app.ui.contents_bar import NAME
from app.ui.home_page import HomePage
from app.ui.outputs import PrintPage
from app.ui.session import Session, first_ledger
from app.ui.sign_in import SignInPage
from app.ui.window import Window
from app.work.demo_staff import ACCOUNTS
from app.work.staff import first_account, sign_in, stop
from tests.ui.hand import press, write
from tests.ui.test_fits import SCREENS, faults
from tests.ui.township import settle

PASSWORD = "Niujie-2026"
Key = Qt.Key


def clerk(*roles: str, village: int | None = None, key: int = 1) -> Clerk:
    return Clerk("yxz", "杨秀珍", roles, village, key)


@pytest.fixture
def office(qtbot: Any, styled: QApplication, sqlite: DataFile) -> Iterator[Clerk]:
    settle(households=9, size=2)
    yield first_account("yxz", "杨秀珍", PASSWORD, PASSWORD)


@pytest.fixture
def desk(office: Clerk) -> Iterator[Window]:
    """The window of an office of one, signed in."""
    with standing(clerk=office, who=office.account):
        window = Window("牛街乡")
        window.session = Session(window, 15)
        window.resize(1366, 768)
        window.show()
        yield window
        window.close()
        window.tasks.close()
        shiboken6.delete(window)


def titles() -> list[str]:
    return [row[0] for row in here().file.run("SELECT title FROM operation ORDER BY id DESC").fetchall()]


def shown(window: Window) -> set[str]:
    items = [window.contents.item(row) for row in range(window.contents.count())]
    return {item.data(NAME) for item in items if item.data(NAME)}


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", look.SIZES)
def test_the_page_fits_and_cuts_nothing(qtbot: Any, styled: QApplication, screen: str, size: str) -> None:
    look.apply(styled, size)
    page = SignInPage("弥渡县牛街乡人民政府", offered=[account for account, _, _ in ACCOUNTS], password="lianxin-demo")
    qtbot.addWidget(page)
    page.resize(*SCREENS[screen])
    page.show()
    page.strip.tell("密码连续输错，请等 2 分 40 秒后再试。")
    QApplication.processEvents()
    assert faults(page) == [] and (page.width(), page.height()) == SCREENS[screen]


def test_by_keyboard_alone_and_the_password_is_not_seen(qtbot: Any, styled: QApplication) -> None:
    page, asked = SignInPage("牛街乡"), list[tuple[str, str]]()
    qtbot.addWidget(page)
    page.entered.connect(lambda *words: asked.append(words))
    page.show()
    page.activateWindow()
    page.account.setFocus()
    qtbot.waitUntil(page.account.hasFocus)
    write("yxz")
    press(Key.Key_Return)
    assert page.password.hasFocus() and not asked
    write(PASSWORD)
    assert page.password.displayText() == "●" * len(PASSWORD) or PASSWORD not in page.password.displayText()
    press(Key.Key_Return)
    press(Key.Key_Return)
    assert asked == [("yxz", PASSWORD)], "asked once while it is looked at"
    page.tell(ValueError("账号或密码不对，请核对后再试。"))
    assert page.account.text() == "yxz" and page.password.text() == "" and page.password.hasFocus()
    assert "账号或密码不对" in page.strip.text.text()


# --- the window of each role ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "first", "sees"),
    [
        ("1", "households", {"persons", "help", "places"}), ("2", "households", {"persons", "history"}),
        ("3", "households", {"persons", "places"}), ("4", "staff", {"places", "staff"}), ("5", "history", {"history"}),
    ],
)  # fmt: skip
def test_the_contents_show_what_the_role_may_see(
    qtbot: Any, office: Clerk, role: str, first: str, sees: set[str]
) -> None:
    with standing(clerk=clerk(role), who="yxz"):
        window = Window("牛街乡")
        qtbot.addWidget(window)
        window.show()
        assert first_ledger() == first and sees <= shown(window)
        assert (shown(window) == sees) is (role in "45")
        assert ("staff" in shown(window)) is (role == "4") and ("history" in shown(window)) is (role in "25")
        window.close()


def test_a_leader_reads_and_grey_buttons_say_why(qtbot: Any, office: Clerk) -> None:
    with standing(clerk=clerk("3"), who="ld"):
        window = Window("牛街乡")
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        page: Any = window.open_ledger("persons")
        qtbot.waitUntil(lambda: bool(page.table.rows.keys))
        qtbot.waitUntil(lambda: not page.detail.unmask.isEnabled())
        for button in (page.new, page.bulk, page.export, page.detail.open_button, page.detail.unmask):
            assert not button.isEnabled() and "领导没有“" in button.toolTip(), button.text()
        assert page.print.isEnabled()
        page.new_row()
        page.open_row(page.table.rows.keys[0])
        assert window.page is page and "领导没有“查看完整号码”的权限" in window.said.text()
        paper = PrintPage(window, "人员台账", page.listing)
        window.show_page(paper, "打印预览")
        assert not paper.whole.isChecked() and not paper.whole.isEnabled()
        qtbot.waitUntil(lambda: not window.tasks.busy and paper.count > 0, timeout=20_000)
        window.close()


def test_a_village_clerk_finds_only_his_own(qtbot: Any, office: Clerk) -> None:
    village = Place.get(Place.name == "牛街村").id
    with standing(clerk=clerk("1", village=village), who="yxz"):
        window = Window("牛街乡")
        qtbot.addWidget(window)
        window.show()
        page: Any = window.open_ledger("households")
        qtbot.waitUntil(lambda: len(page.table.rows.keys) == 3)
        window.search.setFocus()
        window.search.insert("小")
        window.search.textEdited.emit("小")
        qtbot.waitUntil(window.search.found.isVisible)
        assert window.search.found.list.count() == 3
        window.close()


# --- the session ------------------------------------------------------------------------------------------------------


def test_name_and_roles_stand_at_the_top(desk: Window) -> None:
    assert desk.top.who.text() == "杨秀珍 · 录入、系统管理员 ▾"
    words = [action.text().partition("\t")[0] for action in desk.top.menu.actions()]
    assert {"改密码…", "锁屏", "退出登录"} <= set(words)


def test_the_lock_covers_all_and_loses_nothing(qtbot: Any, desk: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    session: Any = desk.session  # type: ignore[attr-defined]
    desk.open_form(ledgers()["households"], Household.select().get().id)
    form: Any = desk.page
    field = form.sheet.fields["address"].input
    field.setFocus()
    write("没有保存的")
    dialog = session.ask_password()
    session._idle.setInterval(1)
    session._idle.start()
    qtbot.waitUntil(lambda: session.cover is not None)
    session._idle.setInterval(60_000)
    assert not form.isVisible() and not dialog.isVisible() and not desk.top.isVisible()
    assert session.cover.account.isReadOnly() and session.cover.account.text() == "yxz"
    undone: list[str] = []
    monkeypatch.setattr(Window, "undo", lambda self: undone.append("undo"))
    qtbot.keyClick(desk, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(desk, Key.Key_F4)
    assert undone == [] and not desk.contents.isVisible()
    session.cover.password.setText("wrong password")
    session.cover.ask()
    qtbot.waitUntil(lambda: "账号或密码不对" in session.cover.strip.text.text())
    session.cover.password.setText(PASSWORD)
    session.cover.ask()
    qtbot.waitUntil(lambda: session.cover is None)
    assert form.isVisible() and dialog.isVisible() and "没有保存的" in field.text()
    assert titles()[:2] == ["登录（解锁）", "登录失败：账号“yxz”密码不对"]
    dialog.close()


def test_a_touch_keeps_the_window_open(qtbot: Any, desk: Window) -> None:
    session: Any = desk.session  # type: ignore[attr-defined]
    session.set_minutes(5)
    session._idle.setTimerType(Qt.TimerType.PreciseTimer)
    session._idle.start(60_000)
    began = session._idle.remainingTime()
    qtbot.wait(500)
    event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    session.eventFilter(desk, event)
    assert session._idle.remainingTime() > began - 250
    session.set_minutes(0)
    assert not session._idle.isActive()


def test_who_is_stopped_meanwhile_must_sign_in_again(qtbot: Any, desk: Window) -> None:
    session: Any = desk.session  # type: ignore[attr-defined]
    told: list[str] = []
    session.out_asked.connect(told.append)
    session._look()
    assert told == []
    with standing(clerk=None):
        from app.models.operation import operation
        from app.models.staff import Staff

        with operation("登记账号"):
            Staff(account="b", name="李四", role="4").save()
        stop([here_key()])
    session._look()
    assert told == ["您的账号刚被停用，或者权限有了变化，请重新登录。"]


def here_key() -> int:
    from app.models.staff import Staff

    key: int = Staff.get(Staff.account == "yxz").id
    return key


def test_a_password_is_changed_in_the_window(qtbot: Any, desk: Window) -> None:
    session: Any = desk.session  # type: ignore[attr-defined]
    dialog = session.ask_password()
    for name, text in (("old", PASSWORD), ("new", "Another-2026"), ("again", "Another-2025")):
        dialog.fields[name].input.setText(text)
    dialog.answer()
    qtbot.waitUntil(lambda: "不一样" in dialog.fields["again"].wrong.text())
    dialog.fields["again"].input.setText("Another-2026")
    dialog.answer()
    qtbot.waitUntil(lambda: "密码已改" in desk.said.text())
    assert titles()[0] == "改密码"


@pytest.mark.parametrize("again", [False, True])
def test_a_new_account_asks_for_its_password_at_once(qtbot: Any, desk: Window, again: bool) -> None:
    page: Any = desk.open_ledger("staff")
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 1)
    page.new_row()
    form: Any = desk.page
    form.sheet.fields["account"].input.setText("lw")
    form.sheet.fields["name"].input.setText("李伟")
    form.sheet.put("role", "1")
    form.save(again)
    qtbot.waitUntil(lambda: bool(desk.findChildren(Ask)))
    (dialog,) = desk.findChildren(Ask)
    assert (desk.page is form) is again and "设好密码才能登录。" in desk.said.text()
    assert "lw" in dialog.sentence.text() and "还没有密码" in dialog.sentence.text()
    for name in ("password", "again"):
        dialog.fields[name].input.setText("Another-2026")
    dialog.answer()
    qtbot.waitUntil(lambda: "的密码已设好" in desk.said.text())
    assert sign_in("lw", "Another-2026").name == "李伟"
    qtbot.waitUntil(lambda: not desk.findChildren(Ask))
    if not again:
        qtbot.waitUntil(lambda: len(page.table.rows.keys) == 2)
        page.open_row(next(key for key in page.table.rows.keys if key != here().clerk.key))
        changed: Any = desk.page
        changed.sheet.put("note", "民政办")
        changed.save()
        qtbot.waitUntil(lambda: "已修改账号" in desk.said.text())
        assert not desk.findChildren(Ask) and "密码" not in desk.said.text()


def test_whole_numbers_are_shown_for_a_purpose(qtbot: Any, desk: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    page: Any = desk.open_ledger("persons")
    qtbot.waitUntil(lambda: page.detail.key is not None and page.detail.unmask.isVisible())
    page.detail.unmask.click()
    dialog = next(one for one in desk.findChildren(QDialog) if one.isVisible())
    dialog.answer()  # type: ignore[attr-defined]
    assert not page.detail.whole and dialog.isVisible()
    dialog.fields["purpose"].input.setText("发放补贴核对")  # type: ignore[attr-defined]
    dialog.answer()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: page.detail.whole)
    assert titles()[0].startswith("查看完整号码：人员 ") and titles()[0].endswith("用途：发放补贴核对")
    paper = PrintPage(desk, "人员台账", page.listing)
    desk.show_page(paper, "打印预览")
    qtbot.waitUntil(lambda: not desk.tasks.busy and paper.count > 0, timeout=20_000)
    assert not paper.whole.isChecked() and titles()[0] == "打印“人员台账”18 行"
    paper.whole.click()
    ask = next(one for one in paper.findChildren(QDialog) if one.isVisible())
    ask.reject()
    assert not paper.whole.isChecked()
    paper.whole.click()
    ask = next(one for one in paper.findChildren(QDialog) if one.isVisible())
    ask.fields["purpose"].input.setText("上墙公示核对")  # type: ignore[attr-defined]
    ask.answer()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: titles()[0] == "打印“人员台账”18 行，写全号码，用途：上墙公示核对", timeout=20_000)
    assert purpose.asks()


# --- the desk ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("LIANXIN_USER", raising=False)
    monkeypatch.delenv("LIANXIN_PASSWORD", raising=False)
    return tmp_path / "牛街乡.db"


def test_a_new_file_its_first_account_signing_out_and_in(qtbot: Any, styled: QApplication, place: Path) -> None:
    desk = Desk(Settings())
    desk.welcome("")
    desk.make_new(str(place), "弥渡县", "牛街乡", ["牛街村"])
    assert desk.window is not None and here().clerk is None
    dialog = next(one for one in desk.window.findChildren(QDialog) if one.isVisible())
    for name, text in (("account", "yxz"), ("name", "杨秀珍"), ("password", PASSWORD), ("again", PASSWORD)):
        dialog.fields[name].input.setText(text)
    dialog.answer()
    qtbot.waitUntil(lambda: isinstance(desk.greeting, SignInPage), timeout=20_000)
    assert desk.window is None and "已经建好，请用它登录" in desk.strip.text.text()
    assert here().clerk is not None and not here().clerk.roles  # type: ignore[union-attr]
    desk.greeting.account.setText("yxz")
    desk.greeting.password.setText(PASSWORD)
    desk.greeting.ask()
    qtbot.waitUntil(lambda: desk.window is not None, timeout=20_000)
    assert here().who == "yxz" and desk.greeting is None
    assert {"staff", "persons"} <= shown(desk.window)
    desk.sign_out()
    qtbot.waitUntil(lambda: isinstance(desk.greeting, SignInPage), timeout=20_000)
    assert titles()[0] == "退出登录"
    desk.greeting.leave.click()
    assert type(desk.greeting).__name__ == "Welcome"
    desk.greeting.close()


def test_the_environment_opens_the_window_at_once(
    qtbot: Any, styled: QApplication, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.opening import opened
    from app.work.places import found_township

    with opened(str(place), new=True):
        found_township("", "牛街乡", ["牛街村"])
        first_account("yxz", "杨秀珍", PASSWORD, PASSWORD)
    monkeypatch.setenv("LIANXIN_USER", "yxz")
    monkeypatch.setenv("LIANXIN_PASSWORD", PASSWORD)
    desk = Desk(Settings())
    assert desk.open(str(place)) and desk.window is not None and here().who == "yxz"
    assert isinstance(desk.window.page, HomePage) and desk.window.contents.current() == "home"
    desk.window.open_ledger("places")
    qtbot.waitUntil(lambda: desk.window.isActiveWindow() and QApplication.focusWidget() is not None)
    press(Key.Key_F4)
    for key in (Key.Key_Home, Key.Key_Return):
        press(key)
    assert isinstance(desk.window.page, HomePage) and len(desk.window.pages) == 3
    desk.window.close()
    monkeypatch.setenv("LIANXIN_PASSWORD", "wrong password")
    again = Desk(Settings())
    assert not again.open(str(place)) and "账号或密码不对" in again.strip.text.text()
    again.greeting.close()
