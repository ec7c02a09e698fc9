"""Every button of a page is reached by Tab, forwards too, and a draft found again by one Shift+Tab."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from app.ledgers.contents import ledger_called
from app.ledgers.listing import Listing
from app.models.people import Household
from app.models.query import keys
from app.ui.dossier_page import open_dossier
from app.ui.outputs import PrintPage
from app.ui.window import Window
from tests.ui.hand import focused, press, write

Key = Qt.Key
MOST = 120  # presses


def walked(page: QWidget, key: Qt.Key) -> list[QWidget]:
    """Where the keyboard stands while Tab is pressed, from the contents round the page and out of it again."""
    window = page.window()
    window.contents.setFocus()  # type: ignore[attr-defined]
    found: list[QWidget] = []
    for _ in range(MOST):
        QTest.keyClick(focused(), key)
        if found and not page.isAncestorOf(focused()) and any(page.isAncestorOf(one) for one in found):
            break
        found.append(focused())
    return found


def missed(page: QWidget) -> set[str]:
    """The buttons of the page that can be pressed and that Tab does not reach."""
    reached = walked(page, Key.Key_Tab)
    buttons = (one for one in page.findChildren(QPushButton) if one.isVisible() and one.isEnabled())
    return {one.text() for one in buttons if one not in reached and one.focusPolicy() & Qt.FocusPolicy.TabFocus}


def test_every_button_of_a_ledger_is_reached_and_in_the_order_in_which_they_stand(qtbot: Any, township: Window) -> None:
    page: Any = township.open_ledger("persons")
    qtbot.waitUntil(lambda: page.detail.key is not None and page.detail.open_button.isVisible())
    assert missed(page) == set()
    reached = walked(page, Key.Key_Tab)
    row = [page.new, page.groups_button, page.print, page.export, page.tools.more, page.table]
    assert [one for one in reached if one in row] == row
    back = walked(page, Key.Key_Backtab)
    assert [one for one in back if one in row] == row[::-1]


def test_every_button_of_a_preview_and_of_the_page_of_a_row_is_reached(qtbot: Any, township: Window) -> None:
    key = keys(Household)[0]
    page: Any = open_dossier(township, Household, key)
    qtbot.waitUntil(lambda: page.found is not None)
    assert missed(page) == set()
    preview = PrintPage(township, "户台账", Listing(ledger_called("households")))
    township.show_page(preview, "打印预览")
    qtbot.waitUntil(lambda: not township.tasks.busy and preview.count > 0, timeout=20_000)
    assert missed(preview) == set() and preview.whole in walked(preview, Key.Key_Tab)


def test_a_draft_found_again_is_one_shift_tab_away(qtbot: Any, township: Window) -> None:
    township.open_ledger("persons")
    for _ in range(2):
        press(Key.Key_F5)
        form: Any = township.page
        qtbot.waitUntil(form.sheet.fields["name"].input.hasFocus)
        if not form.offers:
            write("王小试")
            press(Key.Key_Escape)
            qtbot.waitUntil(lambda form=form: township.page is not form)
    QTest.keyClick(focused(), Key.Key_Backtab)
    assert isinstance(focused(), QPushButton) and focused().text() == "丢弃"  # type: ignore[attr-defined]
    QTest.keyClick(focused(), Key.Key_Backtab)
    assert focused().text() == "恢复"  # type: ignore[attr-defined]
