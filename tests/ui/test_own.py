"""Own lists and columns in the window, by keys."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.ledgers.own import own_ledgers
from app.models.arrangements import Listed, OwnColumn
from app.models.categories import Enrolment, categories
from app.models.operation import operation
from app.models.paths import labels
from app.models.people import Person
from app.ui import ledger_verbs
from app.ui.ask import Ask
from app.ui.columns_dialog import ColumnsDialog
from app.ui.ledger_page import LedgerPage
from app.ui.record_form import RecordForm
from app.ui.window import Window
from app.work.packs import bring_packs

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(qtbot: Any, window: Window, name: str) -> LedgerPage:
    page = window.open_ledger(name)
    assert isinstance(page, LedgerPage)
    qtbot.waitUntil(lambda: page._job is None and bool(page.table.rows.keys))
    return page


def asked(page: LedgerPage, title: str) -> Ask:
    return next(one for one in page.findChildren(Ask) if one.isVisible() and one.windowTitle() == title)


def told(dialog: Ask) -> str:
    """What the dialogue says is wrong."""
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def listed(qtbot: Any, page: LedgerPage, title: str) -> None:
    """Put the chosen rows on a new list."""
    ledger_verbs.to_list(page)
    dialog = asked(page, "加入临时台账")
    dialog.fields["title"].set_value(title)
    dialog.answer()
    qtbot.waitUntil(lambda: title in {ledger.title for ledger in own_ledgers().values()})


def test_people_of_several_ledgers_stand_on_one_list(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    page.table.selectRow(2)
    listed(qtbot, page, "春节走访")
    qtbot.waitUntil(lambda: "我的台账" in township.said.text())
    (key,) = own_ledgers()
    bring_packs()
    with operation("纳入"):
        Enrolment(person=page.table.rows.keys[5], category=categories()["very-old"], since=date(2026, 1, 1)).save()
    other = opened(qtbot, township, "enrolments")
    other.table.selectAll()
    ledger_verbs.to_list(other)
    dialog = asked(other, "加入临时台账")
    dialog.fields["into"].set_value(key)
    dialog.answer()
    qtbot.waitUntil(lambda: Listed.select().count() > 1)
    mine = opened(qtbot, township, f"own:{key}")
    assert mine.title.text() == "春节走访" and len(mine.table.rows.keys) == Listed.select().count()
    first = mine.table.rows.keys[0]
    mine.table.selectRow(0)
    action = next(one for one in mine.ledger.actions if one.title == "移出名单")
    ledger_verbs.act(mine, action)
    qtbot.waitUntil(lambda: first not in list(mine.table.rows.keys) and "移出 1 人" in township.said.text())


def test_a_column_is_added_from_the_choice_of_columns_and_filled_in_in_the_form(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    page.choose_columns()
    dialog = page.findChild(ColumnsDialog)
    assert dialog is not None
    next(button for button in dialog.findChildren(QPushButton) if button.text() == "新增自设项目…").click()
    ask = asked(page, "新增自设项目")
    ask.fields["title"].set_value("鞋码")
    ask.fields["kind"].set_value("3")
    ask.answer()
    qtbot.waitUntil(lambda: page.listing.shown[-1].caption == "鞋码")
    path, key = labels(Person)["鞋码"], page.table.rows.keys[0]
    township.open_form(page.ledger, key)
    form = township.page
    assert isinstance(form, RecordForm)
    field = form.sheet.fields[path]
    form.sheet.go_to(field)
    qtbot.keyClicks(township.focusWidget(), "41")
    assert field.isAncestorOf(township.focusWidget()) and field.input.value_text() == "41"
    form.save()
    qtbot.waitUntil(lambda: form not in township.pages)
    qtbot.waitUntil(lambda: page.table.rows.keys[0] == key and page.listing.but().rows(0, 1)[0][-1] == "41")


def test_a_wrong_column_keeps_what_was_typed(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    ledger_verbs.new_column(page)
    ask = asked(page, "新增自设项目")
    ask.fields["title"].set_value("备注")
    ask.fields["kind"].set_value("1")
    ask.answer()
    qtbot.waitUntil(lambda: "已经有叫“备注”的项目" in told(ask))
    assert ask.isVisible() and OwnColumn.select().count() == 0


@pytest.mark.parametrize(("name", "words"), [("places", "不能放进名单"), ("history", "不能放进名单")])
def test_what_is_nobody_goes_on_no_list(qtbot: Any, township: Window, name: str, words: str) -> None:
    page = opened(qtbot, township, name)
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Key.Key_J, CTRL)
    assert words in township.said.text() and not page.findChildren(Ask)
