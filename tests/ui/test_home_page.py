"""The page of the morning with the keyboard alone: each number opens into as many rows as it says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.ledgers.home import EMPTY, HOME, Count
from app.models.here import here
from app.models.operation import operation
from app.models.people import Household, Person
from app.ui import look
from app.ui.bars import Bars, Stops, Tiles
from app.ui.home_page import HINT, HomePage, open_home
from app.ui.ledger_page import LedgerPage
from app.ui.window import Window
from app.work.check import check_up
from tests import town
from tests.ui.hand import focused, press
from tests.ui.test_fits import SCREENS, faults

Key, Alt = Qt.Key, Qt.KeyboardModifier.AltModifier


def told(qtbot: Any, window: Window) -> HomePage:
    page = window.page
    assert isinstance(page, HomePage)
    qtbot.waitUntil(lambda: page.is_told)
    return page


def opened(qtbot: Any, window: Window) -> HomePage:
    qtbot.waitUntil(window.isActiveWindow)
    open_home(window)
    return told(qtbot, window)


def rows(qtbot: Any, window: Window) -> int:
    """How many rows the ledger that lies open has."""
    page = window.page
    assert isinstance(page, LedgerPage)
    qtbot.waitUntil(lambda: page._job is None)
    return len(page.table.rows.keys)


def count_of(name: str) -> Count:
    return next(one for one in HOME.first if one.name == name)


def number(stops: Stops) -> int:
    return int(stops.lines[stops.current].number.replace(",", ""))


def test_every_number_opens_into_its_rows(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township)
    assert page.hint.text() == HINT
    for stops in page.stops:
        for at in range(len(stops.lines)):
            stops.choose(at)
            press(Key.Key_Return)
            assert rows(qtbot, township) == number(stops), stops.lines[at].text
            press(Key.Key_Left, Alt)
            assert township.page is page and stops.hasFocus() and stops.current == at


def test_arrows_lead_from_each_to_what_stands_beside(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township)
    assert page.tiles.hasFocus() and page.tiles.current == 0
    press(Key.Key_Right)
    assert page.tiles.current == 1
    press(Key.Key_Left)
    press(Key.Key_Left)
    assert page.tiles.current == 0, "there is nothing to the left of the first"
    press(Key.Key_Down)
    assert page.lacking.hasFocus() and page.lacking.current == 0
    press(Key.Key_Down)
    press(Key.Key_Right)
    assert page.counts.hasFocus() and page.counts.current == 1
    for _ in range(len(page.counts.lines) - 1):
        press(Key.Key_Down)
    bars = page.charts[0][1]
    assert bars.hasFocus() and bars.current == 0
    bars_rect = page._rect(bars, 0)
    assert page.area.viewport().rect().contains(bars.mapTo(page.area.viewport(), bars.place(0).center())), bars_rect
    press(Key.Key_Up)
    assert page.counts.hasFocus() and page.counts.current == len(page.counts.lines) - 1
    reached: set[tuple[int, int]] = set()  # from the first, by arrows alone
    waiting = [(0, 0)]
    while waiting:
        place = waiting.pop()
        if place in reached:
            continue
        reached.add(place)
        for key in (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down):
            page.stops[place[0]].choose(place[1])
            press(key)
            now = page.stops.index(focused())  # type: ignore[arg-type]
            waiting.append((now, page.stops[now].current))
    assert reached == {(one, at) for one, stops in enumerate(page.stops) for at in range(len(stops.lines))}


def test_tab_a_blank_and_the_mouse(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township)
    press(Key.Key_Tab)
    assert page.lacking.hasFocus()
    press(Key.Key_Tab)
    assert page.counts.hasFocus()
    press(Key.Key_Space)
    assert rows(qtbot, township) == number(page.counts) == Household.select().count()
    township.back()
    bars = page.charts[0][1]
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.place(1).center())
    assert rows(qtbot, township) == number(bars) and bars.current == 1
    township.back()
    QTest.mouseClick(page.tiles, Qt.MouseButton.LeftButton, pos=page.tiles.place(0).bottomRight() + QPoint(5, 0))
    assert township.page is page, "between two tiles is nothing"


def test_what_is_written_elsewhere_is_counted(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township)
    page.counts.choose(1)
    before = number(page.counts)
    with operation("登记人员"):
        one = Person.get_by_id(Person.select().first().id)
        Person(name="新来", household=one.household_id, relation="20", sex="1", no_id_reason="1").save()
    township.look_for_news()
    qtbot.waitUntil(lambda: number(page.counts) == before + 1)
    assert page.counts.hasFocus() and page.counts.current == 1


def test_what_a_check_up_found_stands_there_when_one_comes_back(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township)
    assert page.tiles.lines[-1].number == "0"
    with operation("性别与身份证不符"):
        person = Person.by_key(Person.select().first().id)
        person.sex = "2" if int(person.id_number[16]) % 2 else "1"
        person.save()
    township.open_ledger("findings")
    check_up()
    found = count_of("findings").listing().count()
    township.back()
    qtbot.waitUntil(lambda: page.tiles.lines[-1].number == str(found))
    assert found > 0


def test_the_windows_thread_counts_nothing(qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    execute: Callable[..., Any] = here().file.database.execute_sql

    def watched(sql: str, *more: Any) -> Any:
        if threading.current_thread() is threading.main_thread():
            asked.append(sql)
        return execute(sql, *more)

    monkeypatch.setattr(here().file.database, "execute_sql", watched)
    opened(qtbot, township).grab()
    assert [sql for sql in asked if "COUNT" in sql.upper() and '"operation"' not in sql] == []


def test_a_page_that_is_left_asks_no_more(qtbot: Any, township: Window) -> None:
    page = open_home(township)
    page.leave()
    jobs = page._jobs
    township.close_page(page)
    qtbot.wait(100)
    assert not jobs and not township.pages


def test_an_empty_file_says_what_to_do(qtbot: Any, styled: Any, sqlite: Any) -> None:
    window = Window("牛街乡")
    qtbot.addWidget(window)
    window.show()
    open_home(window)
    page = told(qtbot, window)
    assert page.hint.text() == EMPTY
    assert not any(bars.isVisibleTo(page) for chart, bars in page.charts if chart.by)
    assert [label.text() for label in page.lasts] == ["还没有导入过名单。", "还没有备份过。", "还没有体检过。"]
    window.close()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", look.SIZES)
def test_nothing_is_cut_off(qtbot: Any, styled: Any, sqlite: Any, screen: str, size: str) -> None:
    town.build(seed=5, households=40, persons=160)
    window = Window("牛街乡")
    qtbot.addWidget(window)
    window.set_size(size)
    window.resize(*SCREENS[screen])
    window.show()
    open_home(window)
    page = told(qtbot, window)
    assert faults(window) == [] and (window.width(), window.height()) == SCREENS[screen]
    for stops in page.stops:
        assert stops.height() >= stops.sizeHint().height()
        for at, line in enumerate(stops.lines):
            assert stops.rect().contains(stops.place(at)), line.text
            if isinstance(stops, Tiles):
                assert look.wide(line.text) <= stops.place(at).width() - 2 * look.sizes().of(16), line.text
            elif isinstance(stops, Bars):
                texts, numbers = stops._columns()
                assert look.wide(line.number) <= numbers
                assert look.wide(line.text) <= texts or line.share is not None, line.text
    assert len(page.tiles.lines) == len(HOME.first) and page.tiles.across() in (1, 2, 4)
    window.close()
