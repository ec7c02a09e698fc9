"""What is read whole or taken along from the window: asked for, refused and told of like a print or an export."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QDialog

from app.ledgers.contents import ledgers
from app.models.here import Clerk, standing
from app.models.people import Person
from app.models.query import keys
from app.ui import look
from app.ui.dossier_page import DossierPage, open_dossier
from app.ui.window import Window
from tests.ui.hand import press
from tests.ui.test_sign_in import clerk, desk, office, titles

__all__ = ["desk", "office"]  # fixtures
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(qtbot: Any, window: Window) -> tuple[DossierPage, look.Button]:
    """The page of a person, and its link that shows the numbers whole."""
    page = open_dossier(window, Person, keys(Person)[0])
    assert page is not None
    qtbot.waitUntil(lambda: page.found is not None)
    return page, next(one for one in page.findChildren(look.Button) if one.text() == "显示完整号码")


def test_the_page_of_a_row_shows_whole_numbers_for_a_purpose_and_the_history_tells(qtbot: Any, desk: Window) -> None:
    page, link = opened(qtbot, desk)
    before = titles()
    link.click()
    dialog: Any = next(one for one in desk.findChildren(QDialog) if one.isVisible())
    assert not page.whole and titles() == before
    dialog.fields["purpose"].input.setText("发放补贴核对")
    dialog.answer()
    qtbot.waitUntil(lambda: page.whole)
    assert titles()[0].startswith("查看完整号码：人员 ") and titles()[0].endswith("用途：发放补贴核对")


def test_who_may_not_see_whole_numbers_is_told_so_on_the_page_of_a_row(qtbot: Any, office: Clerk) -> None:
    with standing(clerk=clerk("3"), who="ld"):
        window = Window("牛街乡")
        qtbot.addWidget(window)
        window.show()
        page, link = opened(qtbot, window)
        for button in (link, page.edit):
            assert not button.isEnabled() and "领导没有“查看完整号码”的权限" in button.toolTip()
        assert page.print.isEnabled()
        window.close()


def test_copied_rows_are_an_export(qtbot: Any, desk: Window) -> None:
    page: Any = desk.open_ledger("persons")
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 18)
    page.table.selectAll()
    page.table.setFocus()
    QApplication.clipboard().clear()
    press(Qt.Key.Key_C, CTRL)
    qtbot.waitUntil(lambda: "姓名" in QApplication.clipboard().text())
    assert titles()[0] == "复制“人员台账”18 行"
    with standing(clerk=clerk("3"), who="ld"):
        QApplication.clipboard().clear()
        before = titles()
        press(Qt.Key.Key_C, CTRL)
        assert "领导没有“导出表格”的权限" in desk.said.text()
        assert not QApplication.clipboard().text() and titles() == before


def test_a_page_that_one_may_not_see_says_so(qtbot: Any, office: Clerk) -> None:
    with standing(clerk=clerk("3"), who="ld"):
        window = Window("牛街乡")
        qtbot.addWidget(window)
        window.show()
        page: Any = window.open_ledger("history")
        qtbot.waitUntil(lambda: "领导没有“查看操作日志”的权限" in page.empty.said.text())
        window.close()


@pytest.mark.parametrize("name", list(ledgers()))
def test_no_key_means_two_things_on_a_page(qtbot: Any, desk: Window, name: str) -> None:
    """Qt does nothing at all for a key that two shortcuts claim: that of locking the window must not be one."""
    page: Any = desk.open_ledger(name)
    parents = (desk, page, page.table)
    keys = [one.key().toString() for one in desk.findChildren(QShortcut) if one.parent() in parents]
    assert len(keys) == len(set(keys)) > 8, sorted(keys)
