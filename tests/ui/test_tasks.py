"""The two threads: order, context, cancelling, errors that come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject

from app.models.database import DataFile
from app.models.faults import Cancelled, Trouble
from app.models.here import here, today
from app.models.operation import operation
from app.models.places import Place
from app.models.progress import Progress
from app.ui.tasks import Tasks
from tests.conftest import DAY


@pytest.fixture
def tasks(qtbot: Any, sqlite: DataFile) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def test_reading_answers_on_the_window_s_thread_with_its_context(qtbot: Any, tasks: Tasks) -> None:
    told: list[Any] = []

    def ask() -> Any:
        return threading.current_thread().name, here().who, today()

    tasks.read(ask, lambda answer: told.append((answer, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(("reading", "测试员", DAY), threading.main_thread())]


def test_writes_come_one_after_the_other_and_are_kept(qtbot: Any, tasks: Tasks) -> None:
    def work(name: str) -> Any:
        def write(progress: Progress) -> str:
            with operation(name):
                Place(name=name, level="2").save()
            return threading.current_thread().name

        return write

    told: list[str] = []
    for name in ("甲乡", "乙乡", "丙乡"):
        tasks.write(name, work(name), told.append)
    assert tasks.busy
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told == ["writing"] * 3 and not tasks.busy
    assert [place.name for place in Place.select().order_by(Place.id)] == ["甲乡", "乙乡", "丙乡"]


def test_an_error_comes_back_and_the_thread_lives_on(qtbot: Any, tasks: Tasks) -> None:
    told: list[Any] = []

    def broken() -> None:
        raise Trouble("磁盘已满。")

    tasks.read(broken, told.append, lambda error: told.append(str(error)))
    tasks.read(lambda: "还在", told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["磁盘已满。", "还在"]


def test_an_error_nobody_asked_for_is_told_by_the_signal(qtbot: Any, tasks: Tasks) -> None:
    with qtbot.waitSignal(tasks.failed) as caught:
        tasks.write("写", lambda progress: 1 // 0)
    assert isinstance(caught.args[0], ZeroDivisionError)


def test_cancelling_rolls_back_within_two_seconds(qtbot: Any, tasks: Tasks) -> None:
    told: list[Any] = []
    began = threading.Event()

    def work(progress: Progress) -> None:
        with operation("很长的事"):
            Place(name="不该留下", level="2").save()
            while True:
                began.set()
                progress(1, 2, "写")
                time.sleep(0.01)

    tasks.write("很长的事", work, None, told.append)
    began.wait(5)
    start = time.monotonic()
    tasks.cancel()
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], Cancelled) and time.monotonic() - start < 2
    assert Place.select().count() == 0


def test_cancelling_interrupts_a_long_question(qtbot: Any, tasks: Tasks) -> None:
    told: list[Any] = []
    began = threading.Event()
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n"

    def ask() -> Any:
        began.set()
        return here().file.run(endless).fetchone()

    job = tasks.read(ask, told.append, told.append)
    began.wait(5)
    time.sleep(0.1)
    job.cancel()
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], Cancelled)
    tasks.read(lambda: here().file.run("SELECT 1").fetchone()[0], told.append)
    qtbot.waitUntil(lambda: told[-1] == 1)


def test_a_dropped_question_is_not_answered(qtbot: Any, tasks: Tasks) -> None:
    told: list[Any] = []
    tasks.read(lambda: 1, told.append).drop()
    tasks.read(lambda: 2, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [2]


def test_a_page_that_is_gone_gets_no_answer(qtbot: Any, tasks: Tasks) -> None:
    import shiboken6

    class Page(QObject):
        def take(self, answer: object) -> None:
            told.append(answer)

    told: list[Any] = []
    page = Page()
    tasks.read(lambda: 1, page.take)
    shiboken6.delete(page)
    tasks.read(lambda: 2, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [2]


def test_progress_is_told(qtbot: Any, tasks: Tasks) -> None:
    with qtbot.waitSignal(tasks.progressed) as caught:
        tasks.write("数", lambda progress: progress(3, 10, "正在数"))
    assert caught.args == [3, 10, "正在数"]


def wait_for(event: threading.Event) -> Any:
    """Long work that tells how far it is until it is let on."""

    def work(progress: Progress) -> str:
        while not event.wait(0.01):
            progress(1, 2, threading.current_thread().name)
        return threading.current_thread().name

    return work


def test_writing_and_reading_do_not_wait_for_long_reading(qtbot: Any, tasks: Tasks) -> None:
    told: list[str] = []
    go = threading.Event()
    tasks.read_long("导出", wait_for(go), told.append)
    tasks.write("保存", lambda progress: "已保存", told.append)
    tasks.read(lambda: "找到", told.append)
    qtbot.waitUntil(lambda: sorted(told) == ["已保存", "找到"])
    assert tasks.busy and tasks.doing == "导出"
    go.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told[-1] == "long reading" and tasks.doing == ""


def test_one_work_is_told_of_at_a_time_and_stopped(qtbot: Any, tasks: Tasks) -> None:
    said: list[Any] = []
    tasks.started.connect(said.append)
    tasks.progressed.connect(lambda done, total, text: text in said or said.append(text))
    export, save = threading.Event(), threading.Event()
    tasks.read_long("导出", wait_for(export), None, lambda error: said.append(type(error)))
    tasks.write("保存", wait_for(save), said.append)
    qtbot.waitUntil(lambda: "long reading" in said)
    assert said == ["导出", "long reading"]  # nothing of what was asked for later
    tasks.cancel()
    qtbot.waitUntil(lambda: "writing" in said)
    assert said[2:] == ["保存", Cancelled, "writing"] and tasks.doing == "保存"
    export.set()
    save.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert said[-1] == "writing"


def test_what_is_tidied_waits_for_long_reading(qtbot: Any, tasks: Tasks) -> None:
    told: list[str] = []
    go = threading.Event()
    job = tasks.read_long("画", wait_for(go), told.append)
    tasks.aside(lambda: told.append("整理好"))
    tasks.read(lambda: "之后", told.append)
    qtbot.waitUntil(lambda: told == ["之后"])
    job.drop()
    qtbot.waitUntil(lambda: told == ["之后", "整理好"])


def test_closing_finishes_all_three_hands_and_their_connections(qtbot: Any, sqlite: DataFile) -> None:
    made, told = Tasks(), []

    def ask(progress: Progress) -> Any:
        told.append(here().file.run("SELECT 1").fetchone()[0])

    made.read_long("一", ask)
    made.write("二", ask)
    made.close()
    assert told == [1, 1]
    assert not {thread.name for thread in threading.enumerate()} & {"reading", "long reading", "writing"}
