"""The page of a row, used with the keyboard alone: from the ledger to the family, a person, a form, and back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from app.ledgers.contents import ledger_called
from app.ledgers.dossier import dossier
from app.ledgers.listing import Listing
from app.models.conditions import Of
from app.models.help import HelpLine, HelpRecord
from app.models.here import here
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import put_all
from app.ui import dossier_page, look
from app.ui.dossier_page import SHOWN, DossierPage, open_dossier
from app.ui.ledger_page import LedgerPage
from app.ui.record_form import RecordForm
from app.ui.window import Window
from tests.ui.hand import press
from tests.ui.test_fits import SCREENS, faults

Key, Control, Alt = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def give(person: int, times: int) -> None:
    """So many help records for one person."""
    with operation("帮扶"):
        records = put_all(
            HelpRecord,
            [{"kind": "4", "day": date(2026, 1 + at % 10, 1 + at % 28), "subject": f"慰问{at}"} for at in range(times)],
        )
        put_all(HelpLine, [{"help": one, "person": person, "goods": "大米 1 袋", "value": 5000} for one in records])


def read(qtbot: Any, window: Window) -> DossierPage:
    page = window.page
    assert isinstance(page, DossierPage)
    qtbot.waitUntil(lambda: page.is_drawn)
    QApplication.processEvents()
    return page


def opened(qtbot: Any, window: Window, record: Any, key: int) -> DossierPage:
    assert open_dossier(window, record, key) is window.page
    return read(qtbot, window)


def first(record: Any, **facts: Any) -> int:
    rows = record.select().order_by(record.id)
    return next(row.id for row in rows if all(getattr(row, name) == value for name, value in facts.items()))


def texts(page: DossierPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_from_the_ledger_to_the_family_to_a_person_and_back(qtbot: Any, township: Window) -> None:
    home = first(Household)
    give(Person.select().where(Person.household == home, Person.relation == "20").first().id, SHOWN + 3)
    qtbot.waitUntil(township.isActiveWindow)
    ledger = township.open_ledger("households")
    qtbot.waitUntil(lambda: ledger._job is None and ledger.table.rows.rowCount() > 0)  # type: ignore[attr-defined]
    ledger.table.choose_row(list(ledger.table.rows.keys).index(home))  # type: ignore[attr-defined]
    press(Key.Key_I, Control)
    page = read(qtbot, township)
    found = dossier(Household, home, most=SHOWN)
    assert page.found == found and page.title.text() == "王建国 户" and "牛街村" in page.under.text()
    family, received = page.tables
    assert family.hasFocus() and family.current_key() == found.lines[0].keys[0]
    press(Key.Key_Down)
    assert family.current_key() == found.lines[0].keys[1]
    press(Key.Key_Return)
    person = read(qtbot, township)
    assert person.ledger.record is Person and person.key == found.lines[0].keys[1]
    press(Key.Key_U, Control)  # his household
    again = read(qtbot, township)
    assert (again.ledger.record, again.key) == (Household, home)
    press(Key.Key_Escape)
    assert township.page is person
    press(Key.Key_Left, Alt)
    assert township.page is page and family.hasFocus() and family.current_key() == person.key
    press(Key.Key_Down)
    press(Key.Key_Down)  # out of the family into what was received
    assert received.hasFocus() and received.current_key() == found.parts[0].keys[0]
    press(Key.Key_Up)
    assert family.hasFocus()
    press(Key.Key_Down)
    press(Key.Key_Return)
    form = township.page
    assert isinstance(form, RecordForm) and form.ledger is ledger_called("help")
    assert form.key == HelpLine.get_by_id(found.parts[0].keys[0]).help_id


def test_all_rows_open_in_their_ledger(qtbot: Any, township: Window) -> None:
    home = first(Household)
    person = first(Person, household_id=home)
    give(person, SHOWN + 3)
    page = opened(qtbot, township, Household, home)
    assert len(page.tables[1].part.rows) == SHOWN and page.tables[1].model_.rowCount() == SHOWN
    assert f"{SHOWN + 3} 条 · 物资折合 550.00 元" in texts(page) and "没有：" in texts(page)
    link = next(one for one in page.findChildren(look.Button) if one.text() == f"全部 {SHOWN + 3} 条 ›")
    link.setFocus()
    press(Key.Key_Space)
    ledger = township.page
    assert isinstance(ledger, LedgerPage)
    qtbot.waitUntil(lambda: ledger._job is None)
    assert len(ledger.table.rows.keys) == SHOWN + 3 and ledger.listing.gone
    assert ledger.listing.where == Of("户", home) and ledger.listing.sentence().startswith("关于(户: ")
    chip = next(one for one in ledger.filters.findChildren(look.Button) if one.property("part"))
    chip.click()  # the condition opens as words, and is read back as it was
    assert ledger.filters.input.text().startswith('关于(户: "王建国 · 牛街村')
    ledger.filters._read()
    qtbot.waitUntil(lambda: ledger._job is None)
    assert ledger.listing.where == Of("户", home) and not ledger.filters.fault.isVisible()
    press(Key.Key_Left, Alt)
    assert township.page is page


def test_what_is_written_elsewhere_appears_and_the_keyboard_stays(qtbot: Any, township: Window) -> None:
    home = first(Household)
    page = opened(qtbot, township, Household, home)
    press(Key.Key_Down)
    at = page.tables[0].current_key()
    give(first(Person, household_id=home), 2)
    with operation("改户"):
        row = Household.by_key(home)
        row.note = "住房已加固"
        row.save()
    township.look_for_news()
    two = lambda: page.is_drawn and len(page.tables) == 2 and "户备注 （空）" in texts(page)  # noqa: E731
    qtbot.waitUntil(two)  # two writes may be two news
    assert page.tables[0].hasFocus() and page.tables[0].current_key() == at
    assert "住房已加固" in texts(page) and "户备注 （空） → 住房已加固" in texts(page)


def test_private_facts_are_masked_until_asked_for(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, Person, first(Person))
    number = Person.get_by_id(page.key).id_number
    assert number not in texts(page) and number[:6] + "*" in texts(page)
    link = next(one for one in page.findChildren(look.Button) if one.text() == "显示完整号码")
    link.setFocus()
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: number in texts(page))
    assert not any(one.text() == "显示完整号码" and one.isVisibleTo(page) for one in page.findChildren(look.Button))
    assert number not in texts(opened(qtbot, township, Person, page.key)), "opened anew it is masked again"


def test_a_fact_that_names_a_row_leads_to_its_page(qtbot: Any, township: Window) -> None:
    person = opened(qtbot, township, Person, first(Person))
    link = next(one for one in person.findChildren(look.Button) if one.property("kind") == "inline")
    link.setFocus()
    press(Key.Key_Space)
    assert read(qtbot, township).ledger.record is Household
    village = next(one for one in township.page.findChildren(look.Button) if one.text() == "牛街村 ›")  # type: ignore[union-attr]
    village.click()
    page = read(qtbot, township)
    assert page.ledger.record is Place and [table.part.name for table in page.tables] == ["households", "persons"]


def test_printing_the_form_and_the_verbs(qtbot: Any, township: Window) -> None:
    asked: list[tuple[Any, int]] = []
    township.paper_asked.connect(lambda paper, key: asked.append((paper, key)))
    page = opened(qtbot, township, Person, first(Person))
    press(Key.Key_P, Control)
    ((paper, key),) = asked
    assert (paper.title, key) == ("人员档案", page.key)
    death = next(button for action, button in page.actions_ if action.title == "登记死亡")
    assert death.isEnabled()
    press(Key.Key_F2)
    form = township.page
    assert isinstance(form, RecordForm) and form.key == page.key
    press(Key.Key_I, Control)
    assert read(qtbot, township).key == page.key


def test_a_form_says_where_its_page_is(qtbot: Any, township: Window) -> None:
    person = first(Person)
    township.open_form(ledger_called("persons"), person)
    form: Any = township.page
    assert form.page_button.isVisible() and (form.page_button.text(), form.page_button.key) == ("人员档案", "Ctrl I")
    form.page_button.click()
    page = read(qtbot, township)
    assert page.key == person and page.found is not None
    township.open_form(ledger_called("persons"), None)
    fresh: Any = township.page
    assert not fresh.page_button.isVisible(), "a new row has no page yet"


def test_a_row_that_is_removed_says_so(qtbot: Any, township: Window) -> None:
    with operation("村"):
        place = Place(name="新村", level="3", parent=first(Place))
        place.save()
    page = opened(qtbot, township, Place, place.id)
    with operation("删"):
        Place.by_key(place.id).remove()
    township.look_for_news()
    qtbot.waitUntil(lambda: "已被删除" in page.under.text())
    assert not page.edit.isEnabled() and page.edit.toolTip() == "这条记录已被删除。" and not page.tables


def test_what_has_no_page_says_so(qtbot: Any, township: Window) -> None:
    from app.models.certificates import Certificate

    assert open_dossier(township, Certificate, 1) is None and "没有单独的档案" in township.said.text()
    assert not township.pages


def test_the_windows_thread_asks_next_to_nothing(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = first(Household)
    give(first(Person, household_id=home), 200)
    asked: list[str] = []
    execute: Callable[..., Any] = here().file.database.execute_sql

    def watched(sql: str, *more: Any) -> Any:
        if threading.current_thread() is threading.main_thread() and '"change"' not in sql:
            asked.append(sql)
        return execute(sql, *more)

    monkeypatch.setattr(here().file.database, "execute_sql", watched)
    page = opened(qtbot, township, Household, home)
    page.grab()
    assert page.found is not None and page.found.parts[0].count == 200
    assert [sql for sql in asked if "help" in sql or "stay" in sql] == [], "parts are read by the other thread"


def test_the_top_of_the_page_stands_before_the_rest_is_read_and_drawn(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = first(Household)
    give(first(Person, household_id=home), 3)
    monkeypatch.setattr(dossier_page, "DRAWN", 0)  # one card in each turn
    page = open_dossier(township, Household, home)
    assert page is not None
    seen: list[tuple[int, bool, bool]] = []
    draw_on = page._draw_on

    def watched() -> None:
        draw_on()
        told = any(label.text() == "变动记录" for label in page.findChildren(QLabel))
        seen.append((len(page.tables), told, page.is_drawn))

    monkeypatch.setattr(page, "_draw_on", watched)
    page._later.timeout.disconnect()
    page._later.timeout.connect(watched)
    page._job.drop()  # type: ignore[union-attr]
    page.load()
    qtbot.waitUntil(lambda: page.is_drawn)
    assert seen[0] == (1, False, False), "the family is there at once"
    assert len({tables for tables, _, _ in seen}) == 2 and [end for *_, end in seen].count(True) == 1
    assert seen[-1] == (2, True, True) and page.found == dossier(Household, home, most=SHOWN)
    page.show_every()
    assert not page.is_drawn and not page.area.widget().updatesEnabled(), "what stood there changes all at once"
    qtbot.waitUntil(lambda: page.is_drawn)
    assert page.area.widget().updatesEnabled() and len(page.tables) == 2


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", look.SIZES)
def test_nothing_is_cut_off(qtbot: Any, township: Window, screen: str, size: str) -> None:
    home = first(Household)
    give(first(Person, household_id=home), 12)
    with operation("很长"):
        row = Household.by_key(home)
        row.address, row.note = "云南省大理州弥渡县牛街乡牛街村街上小组" * 3, "第一行\n第二行很长" * 8
        row.save()
        person = Person.by_key(first(Person, household_id=home))
        person.former_name, person.away_place = "阿卜杜拉·麦麦提·吐尔逊江·买买提明", "广东省东莞市长安镇" * 4
        person.save()
    township.set_size(size)
    township.resize(*SCREENS[screen])
    wrong = {}
    for record, key in ((Household, home), (Person, person.id), (Place, row.village_id)):
        page = opened(qtbot, township, record, key)
        if found := faults(township):
            wrong[record.__name__] = found
        assert (township.width(), township.height()) == SCREENS[screen]
        for table in page.tables:
            shown = [at for at in range(table.model_.columnCount()) if not table.isColumnHidden(at)]
            assert sum(table.columnWidth(at) for at in shown) == table.viewport().width()
            assert table.height() == (len(table.part.rows) + 1) * look.row_height()
        page.restyle()
        read(qtbot, township)
        wrong.update({f"{record.__name__} again": found} if (found := faults(township)) else {})
    assert wrong == {}
    assert Listing(page.ledger).count() > 0
