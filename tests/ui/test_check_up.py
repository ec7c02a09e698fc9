"""The ledger of the check-up as a clerk uses it: check anew, open, merge, answer."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.ledgers.ledger import Action
from app.ledgers.listing import Listing
from app.models.findings import Answer
from app.models.here import here
from app.models.people import Household, Person
from app.ui.ask import Ask
from app.ui.ledger_page import LedgerPage
from app.ui.record_form import RecordForm
from app.ui.window import Window
from tests.ui.test_ledger_page import choose, opened, texts

Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def faulty(township: Window) -> Window:
    """Two cards of one person, and a card with the wrong sex; nothing else is wrong."""
    run = here().file.run
    run("UPDATE person SET sex = NULL, birth = NULL")
    with here().file.writing():
        first, second, third = (row[0] for row in run("SELECT id FROM person ORDER BY id LIMIT 3").fetchall())
        number = Person.by_key(first).id_number
        run("UPDATE person SET id_number = ? WHERE id = ?", (number, second))
        other = "2" if int(Person.by_key(third).id_number[16]) % 2 else "1"
        run("UPDATE person SET sex = ?, relation = '80' WHERE id = ?", (other, third))
    return township


def action(page: LedgerPage, title: str) -> Action:
    return next(one for one in page.ledger.actions if one.title == title)


def checked(qtbot: Any, window: Window) -> LedgerPage:
    page = opened(qtbot, window, "findings")
    qtbot.keyClick(page, Key.Key_F9)
    qtbot.waitUntil(lambda: "体检完毕" in window.said.text() and page._job is None and bool(page.table.rows.keys))
    return page


def test_an_empty_page_offers_the_check_up(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "findings")
    assert page.middle.currentWidget() is page.empty
    assert page.empty.said.text() == "“数据体检”现在是空的，可以重新体检。"
    (_, above), (_, button) = page.whole
    assert button.isVisible() and above.isVisible()
    button.click()
    qtbot.waitUntil(lambda: "体检完毕" in township.said.text())


def test_findings_are_listed_opened_and_answered(qtbot: Any, faulty: Window) -> None:
    page = checked(qtbot, faulty)
    assert texts(page, "check") == ["同一人两张卡", "性别与身份证不符"]
    choose(page, 1)
    assert page.detail.open_button.isEnabled()
    merge = next(button for one, button in page.detail.actions_ if one.title == "去办理")
    assert not merge.isEnabled() and merge.toolTip() == "这一项没有现成的办理方法，请打开来改。"
    assert "重新体检" not in [one.title for one, _ in page.detail.actions_]
    page.open_row(page.table.rows.keys[1])
    assert isinstance(faulty.page, RecordForm) and faulty.page.ledger.record is Person
    faulty.back()
    choose(page, 1)
    page.detail.action_asked.emit(action(page, "说明无误"))
    (dialog,) = page.findChildren(Ask)
    dialog.fields["reason"].input.setText("本人已到派出所更正")
    qtbot.keyClick(dialog, Key.Key_Return, Control)
    qtbot.waitUntil(lambda: page._job is None and texts(page, "check") == ["同一人两张卡"])
    assert Answer.select().count() == 1
    answers = opened(qtbot, faulty, "answers")
    assert texts(answers, "reason") == ["本人已到派出所更正"]


def test_two_cards_are_opened_as_a_list_and_merged_from_here(qtbot: Any, faulty: Window) -> None:
    page = checked(qtbot, faulty)
    choose(page, 0)
    page.open_row(page.table.rows.keys[0])
    listed = faulty.page
    assert isinstance(listed, LedgerPage) and listed.ledger.record is Person
    qtbot.waitUntil(lambda: listed._job is None and len(listed.table.rows.keys) == 2)
    assert "*" in listed.listing.sentence(), "the number that both have is masked here too"
    faulty.back()
    choose(page, 0)
    page.detail.action_asked.emit(action(page, "去办理"))
    qtbot.waitUntil(lambda: isinstance(faulty.page, LedgerPage) and bool(faulty.page.findChildren(Ask)))
    assert faulty.page is not None
    (dialog,) = faulty.page.findChildren(Ask)
    assert dialog.windowTitle() == "合并两张卡"


def test_a_line_is_opened_in_the_form_it_belongs_to(township: Window) -> None:
    from app.ledgers.contents import where_written

    person = Person.select().order_by(Person.id).first()
    assert where_written(Person, person.id) == ("persons", person.id)
    assert where_written(Household, person.household_id) == ("households", person.household_id)
    assert where_written(Answer, 1) is None
    assert Listing(township.entries.ledger("findings")).count() == 0
