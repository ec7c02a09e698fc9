"""A reading that is kept, in the window: said in one sentence, understood anew on demand, and listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.models.kept_readings import KeptReading
from app.ui import ledger_verbs
from app.ui.ask import Ask
from app.ui.ledger_page import LedgerPage
from app.ui.plan_page import READING, RESULT, WRITTEN, PlanPage
from app.ui.window import Window
from tests.ui.test_fits import faults
from tests.ui.test_plan_page import HEADING, arrive, column, people, read, roster
from tests.ui.test_plan_page import book as made
from tests.ui.test_plan_page import page as page  # the fixture


def taken_in(qtbot: Any, page: PlanPage, folder: Path) -> None:
    """A list whose column 口味 the clerk says is 务工地, written."""
    read(qtbot, page, roster(folder))
    page.intake_view.set_field(column(page, "口味"), "away_place")
    page.step_on()
    arrive(qtbot, page, RESULT)
    page.step_on()
    arrive(qtbot, page, WRITTEN)


def test_the_next_list_is_read_as_the_last_one(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    view = page.intake_view
    read(qtbot, page, roster(tmp_path))
    assert not view.kept.isVisible()
    taken_in(qtbot, page, tmp_path)
    order = [6, 5, 4, 3, 2, 1, 0]
    turned = [[row[at] for at in order] for row in (HEADING, *people())]
    read(qtbot, page, made(tmp_path, {"十二月": turned}))
    assert view.kept.isVisible()
    assert view.kept.said.text() == "这张表和以前导入的一样，按记住的读法“花名册”读。"
    assert view.reading.mapping[column(page, "口味")] == "away_place"
    assert faults(page.window_) == []
    view.kept.link.click()
    assert page.step == READING and not view.kept.isVisible()
    assert column(page, "口味") not in view.reading.mapping


def test_readings_are_listed_renamed_shared_and_forgotten(
    qtbot: Any, page: PlanPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_in(qtbot, page, tmp_path)
    window: Window = page.window_
    listed = window.open_ledger("kept_readings")
    assert isinstance(listed, LedgerPage)
    qtbot.waitUntil(lambda: bool(listed.table.rows.keys) and listed._job is None)
    listed.table.selectRow(0)
    actions = {action.title: action for action in listed.ledger.actions}

    ledger_verbs.act(listed, actions["改名…"])
    dialog = next(one for one in listed.findChildren(Ask) if one.isVisible())
    dialog.fields["title"].set_value("外出月报")
    dialog.answer()
    qtbot.waitUntil(lambda: KeptReading.get().title == "外出月报")

    place = tmp_path / "导入读法.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place), ""))
    ledger_verbs.act(listed, actions["导出为文件…"])
    qtbot.waitUntil(place.exists, timeout=20_000)
    qtbot.waitUntil(lambda: not window.tasks.busy)
    ledger_verbs.act(listed, actions["删除读法"])
    qtbot.waitUntil(lambda: KeptReading.select().count() == 0, timeout=20_000)
    qtbot.waitUntil(lambda: not window.tasks.busy)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    ledger_verbs.act(listed, actions["从文件取入…"])
    assert not window.tasks.busy, "the clerk thought better of it"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(place), ""))
    ledger_verbs.act(listed, actions["从文件取入…"])
    qtbot.waitUntil(lambda: KeptReading.select().count() == 1, timeout=20_000)
    qtbot.waitUntil(lambda: "已取入 1 条导入读法。" in window.said.text())
    QApplication.processEvents()
