"""Copying rows of a ledger and pasting a range of a spreadsheet, by the keyboard, in the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.models.here import standing
from app.models.people import Person
from app.sheets import pasted
from app.ui import clipboard
from app.ui.ask import Ask
from app.ui.copying import copy_whole, paste
from app.ui.ledger_page import LedgerPage
from app.ui.plan_page import FILE, READING, RESULT, WRITTEN, PlanPage
from app.ui.window import Window
from tests.ui import hand
from tests.ui.test_fits import faults
from tests.ui.test_plan_page import FRESH, arrive, book
from tests.ui.test_what_goes_out import clerk, desk, office, titles  # noqa: F401  (fixtures among them)

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(qtbot: Any, township: Window) -> Iterator[LedgerPage]:
    opened = township.open_ledger("persons")
    assert isinstance(opened, LedgerPage)
    qtbot.waitUntil(lambda: len(opened.table.rows.keys) > 0)
    opened.table.setFocus()
    yield opened
    QApplication.clipboard().clear()


def put(text: str, html: str = "") -> None:
    mime = clipboard.as_mime(text, html)
    if not html:
        mime.removeFormat("text/html")
    QApplication.clipboard().setMimeData(mime)


def planned(qtbot: Any, page: LedgerPage) -> PlanPage:
    """The page that Ctrl+V opens, as it shows how the range is understood."""
    hand.press(Qt.Key.Key_V, CTRL)
    made = page.window_.page
    assert isinstance(made, PlanPage)
    arrive(qtbot, made, READING)
    qtbot.waitUntil(lambda: made.intake_view._job is None)
    return made


def test_a_range_with_its_heading_goes_the_way_of_an_import(qtbot: Any, page: LedgerPage) -> None:
    put(f"户主姓名\t姓名\t身份证号\t行政村\n钱一\t钱一\t{FRESH[0]}\t牛街村\n")
    made = planned(qtbot, page)
    assert made.about.text() == "“剪贴板” 1 张表，读 1 张" and faults(page.window_) == []
    hand.press(Qt.Key.Key_Return, CTRL)
    arrive(qtbot, made, RESULT)
    assert made.plan is not None and made.plan.counts()["new"] == 1
    hand.press(Qt.Key.Key_Return, CTRL)
    arrive(qtbot, made, WRITTEN)
    assert Person.get(Person.name == "钱一").id_number == FRESH[0]


def test_a_range_without_a_heading_stands_under_the_columns_of_the_page(qtbot: Any, page: LedgerPage) -> None:
    page.set_columns(tuple(page.ledger.column(path) for path in ("household.head", "name", "id_number")))
    put(f"钱一\t钱一\t{FRESH[0]}\n钱一\t钱二\t{FRESH[1]}\n")
    made = planned(qtbot, page)
    view = made.intake_view
    assert [view.table.cells.field(at) for at in range(3)] == ["户主姓名", "姓名", "公民身份号码"]
    assert pasted.WITHOUT_HEADING in view.said.text()
    assert view.table.cells.data(view.table.cells.index(1, 1)) == "钱一", "nothing of the range is taken for a heading"
    view.set_field(0, "")  # the clerk points at what he means otherwise
    view.set_field(0, "household.head")
    view.set_home("household.village", "保邑村")
    made.step_on()
    arrive(qtbot, made, RESULT)
    assert made.plan is not None and made.plan.counts()["new"] == 2


def test_files_that_were_copied_are_imported(qtbot: Any, page: LedgerPage, tmp_path: Path) -> None:
    mime = clipboard.as_mime("", "")
    mime.setUrls([QUrl.fromLocalFile(str(book(tmp_path, {"名单": [["姓名", "身份证号"], ["钱一", FRESH[0]]]})))])
    QApplication.clipboard().setMimeData(mime)
    made = planned(qtbot, page)
    assert "花名册.xlsx" in made.about.text()


def test_what_cannot_be_pasted_is_said(qtbot: Any, page: LedgerPage) -> None:
    QApplication.clipboard().clear()
    hand.press(Qt.Key.Key_V, CTRL)
    assert page.window_.said.text() == pasted.NOTHING and page.window_.page is page
    put("x" * (pasted.MOST_CHARACTERS + 1))
    paste(page)
    made = page.window_.page
    assert isinstance(made, PlanPage)
    qtbot.waitUntil(lambda: not made.working)
    assert made.step == FILE and made.wrong.text().startswith("剪贴板里的内容超过 8 百万字")
    history = page.window_.open_ledger("history")
    put("姓名\n钱一\n")
    paste(history)  # type: ignore[arg-type]
    assert page.window_.page is history and "不能修改" in page.window_.said.text()


def test_an_input_pastes_for_itself(qtbot: Any, page: LedgerPage) -> None:
    put("钱一")
    search = page.window_.search
    search.setFocus()
    hand.press(Qt.Key.Key_V, CTRL)
    assert "钱一" in search.text() and page.window_.page is page


def test_whole_numbers_are_copied_for_a_purpose_and_told(qtbot: Any, desk: Window) -> None:  # noqa: F811
    listed: Any = desk.open_ledger("persons")
    qtbot.waitUntil(lambda: len(listed.table.rows.keys) == 18)
    listed.table.selectRow(0)
    listed.table.setFocus()
    QApplication.clipboard().clear()
    hand.press(Qt.Key.Key_C, CTRL | SHIFT)
    dialog = next(one for one in listed.findChildren(Ask) if one.isVisible())
    assert not QGuiApplication.clipboard().text()
    dialog.fields["purpose"].set_value("上级核对")
    dialog.answer()
    qtbot.waitUntil(lambda: "姓名" in QApplication.clipboard().text())
    number = Person.by_key(listed.table.rows.keys[0]).id_number
    assert number in QApplication.clipboard().text()
    assert f"mso-number-format:'\\@'\">{number}<" in QApplication.clipboard().mimeData().html()
    assert titles()[0] == "复制“人员台账”1 行，写全号码，用途：上级核对"
    with standing(clerk=clerk("3"), who="ld"):
        QApplication.clipboard().clear()
        copy_whole(listed)
        assert not QApplication.clipboard().text() and "领导没有" in desk.said.text()
