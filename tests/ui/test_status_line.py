"""The status line: what is said goes away by itself, long work is told of and can be stopped."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.models.faults import Cancelled
from app.models.progress import Progress
from app.ui import status_line
from app.ui.window import Window


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_line, "STAYS", 60)
    monkeypatch.setattr(status_line, "LINGERS", 30)


def test_a_sentence_stands_for_twenty_seconds(township: Window) -> None:
    township.say("已保存。")
    assert township.said.text() == "已保存。"
    assert township.status._quiet.isActive() and township.status._quiet.interval() == 20_000


def test_a_sentence_goes_away_and_a_new_one_has_its_own_time(qtbot: Any, township: Window, quick: None) -> None:
    township.say("已保存。")
    qtbot.waitUntil(lambda: township.said.text() == "")
    township.say("已撤销。")
    qtbot.wait(30)
    township.say("已导出。")
    qtbot.wait(40)  # longer than the first would have stood
    assert township.said.text() == "已导出。"
    qtbot.waitUntil(lambda: township.said.text() == "")


def test_a_sentence_under_the_mouse_stays(qtbot: Any, township: Window, quick: None) -> None:
    township.said.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    township.say("已保存。")
    qtbot.wait(200)
    assert township.said.text() == "已保存。"
    township.said.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    qtbot.waitUntil(lambda: township.said.text() == "")


def test_what_is_chosen_stays(qtbot: Any, township: Window, quick: None) -> None:
    township.say_selection("选中 3 行")
    township.say("已复制。")
    qtbot.waitUntil(lambda: township.said.text() == "")
    assert township.selection.text() == "选中 3 行"


def test_long_reading_is_told_of_and_can_be_stopped(qtbot: Any, township: Window) -> None:
    failed: list[Any] = []
    go = threading.Event()

    def work(progress: Progress) -> None:
        while not go.wait(0.01):
            progress(250, 1000, "写入表格")

    township.tasks.read_long("导出表格", work, None, failed.append)
    qtbot.waitUntil(township.status.bar.isVisible)
    qtbot.waitUntil(lambda: township.status.working.text() == "写入表格 250 / 1,000")
    assert not township.close() and "正在导出表格" in township.strip.text.text()
    township.status.stop.click()
    qtbot.waitUntil(lambda: not township.status.bar.isVisible())
    assert isinstance(failed[0], Cancelled)
    go.set()
