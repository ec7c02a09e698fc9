"""The window: pages, back and forward, search, undo, news, messages, closing."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.ledgers.contents import ledgers
from app.models.faults import Fault, Reject, Stale, Trouble
from app.models.here import here
from app.models.operation import operation
from app.models.pairing import Helper
from app.models.people import Household, Person
from app.models.places import Place
from app.models.progress import Progress
from app.models.record import put_all
from app.ui import trouble
from app.ui.contents_bar import COUNT, NAME, Entry
from app.ui.dossier_page import DossierPage, open_dossier
from app.ui.home_page import open_home
from app.ui.search_box import KEY
from app.ui.window import Window
from app.work import help, people

Key, Control, Alt = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def loaded(page: Any) -> bool:
    return bool(page.table.rows.keys)


def test_contents_show_every_ledger_and_how_many_rows_it_has(qtbot: Any, township: Window) -> None:
    items = [township.contents.item(row) for row in range(township.contents.count())]
    assert [item.data(NAME) for item in items if item.data(NAME)] == list(ledgers())

    def counts() -> dict[str, str]:
        return {item.data(NAME): item.data(COUNT) for item in items}

    qtbot.waitUntil(lambda: (counts()["persons"], counts()["households"]) == ("180", "60"))


def test_an_entry_opens_its_ledger_by_key_and_by_mouse(qtbot: Any, township: Window) -> None:
    qtbot.keyClick(township, Key.Key_F4)
    township.contents.show_current("persons")
    qtbot.keyClick(township.contents, Key.Key_Return)
    assert township.page is not None and township.page.name == "persons"  # type: ignore[attr-defined]


def test_pages_are_built_where_they_will_stand(township: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    stood: list[bool] = []
    show: Any = Window.show_page

    def shown(window: Window, page: QWidget, title: str) -> None:
        stood.append(page.parentWidget() is window.stack)
        show(window, page, title)

    monkeypatch.setattr(Window, "show_page", shown)
    home = Household.select().get()
    township.open_ledger("households")
    township.open_form(ledgers()["households"], home.id)
    open_dossier(township, Household, home.id)
    open_home(township)
    assert stood == [True] * 4, "moved there later, all of a page is styled anew"


def test_back_and_forward(qtbot: Any, township: Window) -> None:
    first, second = township.open_ledger("households"), township.open_ledger("persons")
    qtbot.keyClick(township, Key.Key_Left, Alt)
    assert township.page is first and township.contents.current() == "households"
    qtbot.keyClick(township, Key.Key_Right, Alt)
    assert township.page is second and township.back_title == first.ledger.title  # type: ignore[attr-defined]
    township.back()
    third = township.open_ledger("help")
    assert township.pages == [first, third]


def test_closing_a_page_shows_the_one_before(qtbot: Any, township: Window) -> None:
    first, second = township.open_ledger("households"), township.open_ledger("persons")
    township.close_page(second)
    assert township.page is first and township.pages == [first]


@pytest.mark.parametrize("typed", ["王建国", "wjg"])
def test_search_suggests_and_opens(qtbot: Any, township: Window, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    monkeypatch.setattr(Window, "open_form", lambda self, ledger, key, prefill=None: opened.append(key))
    qtbot.keyClick(township, Key.Key_F3)
    assert township.search.hasFocus()
    township.search.insert(typed)
    township.search.textEdited.emit(typed)
    qtbot.waitUntil(township.search.found.isVisible)
    qtbot.keyClick(township.search, Key.Key_Down)
    qtbot.keyClick(township.search, Key.Key_Return)
    assert Person.get_by_id(opened[0]).name in ("王建国", "吴建国")


def test_ctrl_i_opens_the_page_of_one_that_was_found(qtbot: Any, township: Window) -> None:
    page: Any = township.open_ledger("households")
    qtbot.waitUntil(lambda: loaded(page))
    page.table.selectRow(0)
    qtbot.keyClick(township, Key.Key_F3)
    qtbot.keyClicks(township.search, "wjg")
    qtbot.waitUntil(township.search.found.isVisible)
    assert "Ctrl+I 打开人员档案" in township.search.found.hint.text()
    qtbot.keyClick(township.search, Key.Key_Down)
    wanted = township.search.found.list.currentItem().data(KEY)
    qtbot.keyClick(township.search, Key.Key_I, Control)
    assert isinstance(township.page, DossierPage) and township.page.key == wanted
    assert township.page.ledger.record is Person and not township.search.found.isVisible()


def test_enter_in_the_search_box_filters_the_page(qtbot: Any, township: Window) -> None:
    page = township.open_ledger("households")
    qtbot.waitUntil(lambda: loaded(page))
    township.search.setText("李小二")
    qtbot.keyClick(township.search, Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 6)  # type: ignore[attr-defined]
    assert page.listing.search == "李小二" and township.page is page  # type: ignore[attr-defined]


def test_a_ledger_without_words_is_searched_by_its_name(qtbot: Any, township: Window) -> None:
    with operation("登记"):
        put_all(Helper, [{"name": name} for name in ("黄水香", "孙文明")])
    page: Any = township.open_ledger("helpers")
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 2)
    township.search_for("水香")
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 1)
    assert township.page is page and page.listing.sentence() == "帮扶人姓名 含 水香"
    township.search_for("")
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 2)


def test_the_search_box_says_by_what_the_page_is_searched(qtbot: Any, township: Window) -> None:
    page: Any = township.open_ledger("persons")
    township.search.setText("李小二")
    qtbot.keyClick(township.search, Key.Key_Return)
    township.open_ledger("helpers")
    assert township.search.text() == ""
    township.back()
    assert township.page is page and township.search.text() == "李小二"


def test_search_from_a_ledger_that_has_no_words_opens_the_one_that_has(qtbot: Any, township: Window) -> None:
    township.open_ledger("history")
    township.search_for("王建国")
    page: Any = township.page
    assert page.name == "persons" and page.listing.search == "王建国"


def test_ctrl_z_undoes_and_says_what_came_back(qtbot: Any, township: Window) -> None:
    page: Any = township.open_ledger("households")
    qtbot.waitUntil(lambda: loaded(page))
    home = Household.select().order_by(Household.id).get()
    with operation("改电话"):
        home.telephone = "19900009999"
        home.save()
    page.table.setFocus()
    qtbot.keyClick(page.table, Key.Key_Z, Control)
    qtbot.waitUntil(lambda: "改电话" in township.said.text())
    assert Household.by_key(home.id).telephone != "19900009999"


def test_news_refreshes_the_page_that_is_shown_and_the_others_when_they_are(qtbot: Any, township: Window) -> None:
    class Page(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.told: list[frozenset[str]] = []

        def refresh(self, tables: frozenset[str]) -> None:
            self.told.append(tables)

    behind, front = Page(), Page()
    township.show_page(behind, "后")
    township.show_page(front, "前")
    with operation("加一个乡"):
        Place(name="新乡", level="2").save()
    qtbot.waitUntil(lambda: bool(front.told), timeout=3000)
    assert front.told == [frozenset({"place"})] and behind.told == []
    township.back()
    assert behind.told == [frozenset({"place"})]


@pytest.mark.parametrize(
    ("error", "strip"),
    [
        (Reject(Fault("name", "请填写姓名。")), "late"),
        (Stale("刚被改过。", {}, None), "soon"),
        (Trouble("磁盘已满。"), "late"),
    ],
)
def test_what_a_clerk_can_mend_stands_in_a_strip(township: Window, error: Exception, strip: str) -> None:
    township.tell(error)
    assert township.strip.isVisible() and township.strip.property("strip") == strip
    assert township.strip.text.text() == str(error)
    township.strip.close_button.click()
    assert township.strip.isHidden()


def test_a_fault_of_the_program_is_logged_without_names_and_numbers(
    township: Window, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise KeyError("王建国 990001195505123012")
    except KeyError as error:
        township.tell(error)
    dialog = township.findChild(trouble.BugDialog)
    assert dialog is not None and not dialog.isModal()
    for text in (dialog.report(), caplog.text):
        assert "KeyError" in text and "王建国" not in text and "990001" not in text
    dialog.close()


def test_the_window_waits_for_what_is_being_written(qtbot: Any, township: Window) -> None:
    import threading

    go = threading.Event()

    def work(progress: Progress) -> bool:
        return go.wait(5)

    township.tasks.write("写", work)
    assert not township.close() and township.strip.isVisible()
    go.set()
    qtbot.waitUntil(lambda: not township.tasks.busy)
    with qtbot.waitSignal(township.closing):
        assert township.close()


def test_added_entries_stand_in_their_chapter(township: Window) -> None:
    opened: list[int] = []
    township.entries.add("数据", Entry("import", "导入", lambda: opened.append(1)))
    township.entries.add("", Entry("home", "工作台", lambda: opened.append(2)))
    titles = [township.contents.item(row).text() for row in range(township.contents.count())]
    assert titles[0] == "工作台" and titles.index("导入") > titles.index("操作日志")


@pytest.mark.parametrize("size", ["large", "largest", "middle"])
def test_another_size_of_type_at_once(qtbot: Any, styled: QApplication, township: Window, size: str) -> None:
    page: Any = township.open_ledger("households")
    qtbot.waitUntil(lambda: loaded(page))
    with qtbot.waitSignal(township.size_chosen):
        township.set_size(size)
    from app.ui import look

    assert page.table.verticalHeader().defaultSectionSize() == look.row_height()
    assert township.top.height() == look.width("top")
    assert isinstance(township.day, QLabel)


@pytest.mark.parametrize(("name", "opened"), [("departed", "人员"), ("received", "帮扶记录"), ("history", "")])
def test_enter_opens_where_a_row_is_written_or_says_why_not(
    qtbot: Any, township: Window, name: str, opened: str
) -> None:
    person = Person.select().where(Person.relation != "02").first()
    help.record_delivery([person.id], kind="1", day=here().day, subject="走访")
    people.record_death([person.id], day=here().day)
    page: Any = township.open_ledger(name)
    qtbot.waitUntil(lambda: page.detail.key is not None)
    assert page.detail.open_button.isEnabled() is bool(opened)
    page.table.setFocus()
    qtbot.keyClick(page.table, Key.Key_Return)
    if opened:
        assert township.titles[township.page] == opened  # type: ignore[index]
    else:
        assert township.page is page and "不能打开修改" in township.said.text()
