"""What an action asks first: by keys alone, faults under their fields, nothing lost while it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget

from app.models import fields
from app.models.database import DataFile
from app.models.faults import Fault, Reject, Trouble
from app.models.help import HelpRecord
from app.models.people import Household
from app.ui.ask import Ask, BulkChange
from tests.ui.hand import focused, press, write

Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier
ASKS = {
    "day": fields.Day("离开日期", required=True),
    "why": fields.Code("离开原因", "leaving", required=True),
    "note": fields.Text("说明"),
}


@pytest.fixture
def ask(qtbot: Any, sqlite: DataFile) -> Iterator[Ask]:
    page = QWidget()
    page.resize(800, 600)
    page.show()
    dialog = Ask(page, "注销", "对选中的 2 行办理“注销”。", ASKS, "注销")
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.fields["day"].input.setFocus()
    yield dialog
    page.close()
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_it_is_answered_by_keys_alone(ask: Ask) -> None:
    answers: list[dict[str, Any]] = []
    ask.answered.connect(answers.append)
    assert not ask.isModal()
    for text in ("2026.11.1", "死亡", "病故"):
        write(text)
        press(Key.Key_Return)
    assert ask.do_button.hasFocus() and answers == []
    press(Key.Key_Return)
    code = fields.Code("离开原因", "leaving").read("死亡")
    assert answers == [{"day": date(2026, 11, 1), "why": code, "note": "病故"}]
    ask.answer()
    assert len(answers) == 1, "not twice while it is being done"


@pytest.mark.usefixtures("styled")
def test_a_sentence_told_when_a_field_is_left_is_not_cut(qtbot: Any, ask: Ask) -> None:
    write("2026.11.1")
    press(Key.Key_Return)
    before = ask.height()
    write("正常退出正常退出正常退出")
    press(Key.Key_Return)
    assert focused() is not ask.fields["why"].input
    wrong = ask.fields["why"].wrong
    qtbot.waitUntil(lambda: ask.height() > before and not ask.area.verticalScrollBar().isVisible())
    qtbot.waitUntil(lambda: wrong.isVisible() and wrong.height() >= wrong.heightForWidth(wrong.width()) > 0)


def test_what_is_missing_or_unreadable_is_told_under_its_field(ask: Ask) -> None:
    answers: list[dict[str, Any]] = []
    ask.answered.connect(answers.append)
    write("2026-02-30")
    press(Key.Key_Return)
    press(Key.Key_Return, Control)
    assert answers == []
    assert "不存在" in ask.fields["day"].wrong.text()
    assert ask.fields["why"].wrong.text() == "请填写离开原因。"
    assert ask.fields["day"].isAncestorOf(focused())
    assert ask.fields["day"].input.value_text() == "2026-02-30"


def test_a_refusal_from_below_leaves_everything_as_it_was(ask: Ask) -> None:
    ask.fields["day"].set_value(date(2026, 11, 1))
    ask.fields["why"].set_value("1")
    ask.answer()
    assert not ask.do_button.isEnabled()
    ask.tell(Reject(Fault("day", "离开日期早于入户日期。"), Fault("", "他已在别的户登记。")))
    assert ask.do_button.isEnabled() and ask.do_button.text() == "注销"
    assert ask.fields["day"].wrong.text() == "离开日期早于入户日期。"
    assert ask.fault.isVisible() and ask.fault.text() == "他已在别的户登记。"
    assert ask.fields["day"].isAncestorOf(focused())
    ask.tell(Trouble("磁盘已满。"))
    assert ask.fault.text() == "磁盘已满。"


def test_bulk_change_asks_for_one_fact_of_the_record(qtbot: Any, sqlite: DataFile) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    dialog = BulkChange(page, Household, ["kind", "telephone"], 56)
    answers: list[dict[str, Any]] = []
    dialog.answered.connect(answers.append)
    assert "56" in dialog.sentence.text() and list(dialog.fields) == ["kind"]
    dialog.which.setCurrentIndex(1)
    dialog.fields["telephone"].input.restore("138 8888 0000")
    dialog.answer()
    assert answers == [{"telephone": "13888880000"}]


def test_what_must_be_there_cannot_be_emptied_in_many_rows(qtbot: Any, sqlite: DataFile) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    dialog = BulkChange(page, HelpRecord, ["subject"], 3)
    answers: list[dict[str, Any]] = []
    dialog.answered.connect(answers.append)
    dialog.answer()
    assert answers == [] and dialog.fields["subject"].wrong.text() == "请填写事由。"
