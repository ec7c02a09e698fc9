"""The form page, typed into by keys in the real window, for every ledger that has a form."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.ledgers import forms
from app.ledgers.contents import ledgers
from app.ledgers.ledger import Ledger, given
from app.ledgers.listing import Listing
from app.models import drafts, fields
from app.models.categories import Enrolment, categories
from app.models.conditions import Compare
from app.models.database import DataFile
from app.models.here import here, standing
from app.models.history import last_number
from app.models.operation import operation
from app.models.pairing import Helper, Organisation
from app.models.paths import resolve
from app.models.people import Household, Person
from app.models.places import Grid, Place
from app.models.rules import id_check_digit
from app.papers import preview
from app.papers.ledger import print_listing
from app.sheets.intake import open_intake
from app.sheets.write import export
from app.ui import look
from app.ui.ask import Ask
from app.ui.form_kept import kept
from app.ui.record_form import RecordForm
from app.ui.window import Window
from app.work.cells import fillable
from app.work.packs import bring_packs
from app.work.undo import undo_last
from tests.ui.hand import focused, press, stroke, write

Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier
WITH_FORM = [name for name, ledger in ledgers().items() if ledger.form]


def number(first17: str) -> str:
    return first17 + id_check_digit(first17)


ID1, ID2, ID3 = number("99000119550512301"), number("99000119570301302"), number("99000119500102303")


@pytest.fixture
def window(qtbot: Any, sqlite: DataFile) -> Iterator[Window]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    look.apply(app)
    with operation("村组"):
        town = Place(name="牛街乡", level="2")
        town.save()
        for name in ("牛街村", "大水村"):
            village = Place(name=name, level="3", parent=town)
            village.save()
            Place(name="一组", level="4", parent=village).save()
        Grid(name="牛街社区", kind="1").save()
        home = Household(number="02-0001", village=Place.get(Place.name == "牛街村"))
        home.save()
        Person(name="李桂兰", relation="02", household=home, id_number=ID3).save()
        Helper(name="赵老师").save()
        Organisation(name="牛街中学").save()
    bring_packs()
    opened = Window("牛街乡")
    opened.show()
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    yield opened
    opened.tasks.close()
    opened.close()
    qtbot.wait(250)  # the window looks once more whether it still works
    opened.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def open_form(qtbot: Any, window: Window, name: str, key: int | None = None, **prefill: Any) -> RecordForm:
    window.open_form(ledgers()[name], key, prefill)
    page = window.page
    assert isinstance(page, RecordForm)
    qtbot.waitUntil(lambda: page.isVisible() and page.isAncestorOf(focused()))
    return page


def wait_closed(qtbot: Any, window: Window, page: RecordForm) -> None:
    qtbot.waitUntil(lambda: page not in window.pages, timeout=5000)


def wait_written(qtbot: Any, window: Window) -> None:
    """Until all that was given to the writing thread is done."""
    done: list[int] = []
    window.tasks.write("等", lambda progress: 1, done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=5000)


TYPED = {  # what a clerk types for a fact of each kind, and the value it means
    fields.Text: ("慰问", "慰问"),
    fields.Remark: ("第一行", "第一行"),
    fields.PersonName: ("王春花", "王春花"),
    fields.IdNumber: (ID1, ID1),
    fields.Telephone: ("13888880000", "13888880000"),
    fields.Account: ("6222000011112222333", "6222000011112222333"),
    fields.DocumentNumber: ("H1234567", "H1234567"),
    fields.Whole: ("170", 170),
    fields.Money: ("180.5", 18050),
    fields.Day: ("2026.11.1", date(2026, 11, 1)),
    fields.Month: ("202611", "2026-11"),
    fields.Flag: ("是", True),
}
SAID = {  # facts whose value cannot be any
    ("OwnColumn", "words"): "", ("Staff", "role"): "系统管理员", ("Staff", "also"): "", ("Staff", "until"): "",
    ("Household", "village"): "牛街村", ("Household", "group"): "一组", ("Household", "grid"): "牛街社区",
    ("Person", "household"): "李桂兰", ("Person", "relation"): "妻", ("Person", "no_id_reason"): "",
    ("Person", "birth"): "19550512", ("Person", "sex"): "男",
    ("Place", "level"): "村", ("Place", "parent"): "牛街乡", ("Place", "code"): "990001001001",
    ("Place", "until"): "", ("Place", "merged_into"): "", ("Grid", "parent"): "牛街社区", ("HelpLine", "person"): "lgl",
    ("Category", "until"): "", ("Category", "review"): "6", ("Evidence", "enrolment"): "lgl",
     ("Exclusion", "first"): "孤儿", ("Exclusion", "second"): "残疾人",
    ("Enrolment", "category"): "防返贫监测对象", ("Enrolment", "person"): "lgl", ("CoveredPerson", "person"): "lgl",
    ("Enrolment", "disability.card"): f"{ID3}43", ("Enrolment", "disability.kind"): "肢体残疾",
    ("Enrolment", "disability.level"): "三级",
    ("Organisation", "village"): "牛街村", ("Organisation", "until"): "", ("Helper", "organisation"): "牛街中学",
    ("Pairing", "person"): "lgl", ("Pairing", "helper"): "赵老师", ("HouseholdTie", "household"): "李桂兰",
    ("HouseholdTie", "helper"): "赵老师", ("Posting", "helper"): "赵老师", ("Posting", "village"): "牛街村",
    ("Posting", "grid"): "牛街社区",
}  # fmt: skip


def said(record: Any, place: Any) -> str:
    """What to type for a fact of this record."""
    known = SAID.get((record.__name__, place.name))
    if known is not None:
        return known
    if isinstance(place.fact, fields.Code):
        return place.fact.codes.choices()[0][1]
    return TYPED[type(place.fact)][0] if type(place.fact) in TYPED else ""


def fill_by_keys(qtbot: Any, page: RecordForm) -> dict[str, str]:
    """Type into every field, Enter after each, as a clerk does; what was typed, by fact."""
    typed = {}
    press_first(page)
    for field in page.sheet.fields.values():
        text = said(page.ledger.record, field)
        assert field.isAncestorOf(focused()), f"Enter did not come to {field.name}"
        if text and not isinstance(field.fact, fields.Scan):
            focused().selectAll()  # type: ignore[attr-defined]
            write(text)
            typed[field.name] = text
        if isinstance(field.fact, fields.Remark):
            page.sheet.move_from(field, 1)  # a box keeps Enter for its own lines; Tab leaves it
        else:
            press(Key.Key_Return)
    return typed


def press_first(page: RecordForm) -> None:
    page.sheet.go_to(page.sheet.stops[0])


def fill_lines_by_keys(page: RecordForm) -> None:
    for table in page.sheet.tables.values():
        assert table.isAncestorOf(focused())
        for place in table.table.columns:
            text = said(table.lines.record, place) if place.name != "relation" else "妻"
            if place.name == "id_number":
                text = ID2
            if text and place.name not in ("birth", "sex"):
                write(text)
            press(Key.Key_Return)
        press(Key.Key_Return)  # on the empty line: go on


@pytest.mark.parametrize("name", WITH_FORM)
def test_every_form_is_filled_by_keys_saved_and_found_again(
    qtbot: Any, window: Window, name: str, tmp_path: Path
) -> None:
    ledger: Ledger = ledgers()[name]
    if name == "evidence":  # it hangs on an enrolment
        with operation("纳入"):
            Enrolment(person=Person.get(), category=categories()["very-old"], since=date(2026, 1, 1)).save()
    window.open_ledger(name)
    before = set(Listing(ledger).keys())
    page = open_form(qtbot, window, name)
    typed = fill_by_keys(qtbot, page)
    fill_lines_by_keys(page)
    assert page.save_button.hasFocus(), "the last Enter comes to 保存"
    shown = {field.name: field.input.value_text() for field in page.sheet.fields.values()}
    press(Key.Key_Return)
    wait_closed(qtbot, window, page)
    assert "Ctrl+Z 可撤销" in window.said.text()
    asked = window.findChildren(Ask)
    assert len(asked) == sum(bool(action.due) for action in ledger.actions)
    for dialog in asked:  # what a new row needs at once
        dialog.close()
        window.activateWindow()
    (key,) = set(Listing(ledger).keys()) - before
    back = forms.load(ledger, key)
    assert set(typed) <= {field for field, value in back.values.items() if value is not None}
    again = open_form(qtbot, window, name, key)
    assert {field.name: field.input.value_text() for field in again.sheet.fields.values()} == shown
    for place in forms.places(ledger):
        if type(place.fact) in TYPED and (ledger.record.__name__, place.name) not in SAID:
            assert back.values[place.name] == TYPED[type(place.fact)][1]
    for table in forms.tables(ledger):
        assert len(back.lines[table.name]) == 1
    is_filtered_exported_and_printed(ledger, key, tmp_path)
    undo_last(here().who)
    assert set(Listing(ledger).keys()) == before


def is_filtered_exported_and_printed(ledger: Ledger, key: int, folder: Path) -> None:
    """What was typed is found by a condition, comes back the same from a spreadsheet, and stands in the paper."""
    paths = [path for path in fillable(ledger.record) if path in forms.load(ledger, key).values or "." in path]
    row = Listing(ledger, whole=True, chosen=(key,), columns=tuple(ledger.column(path) for path in paths))
    values = dict(zip(paths, row.values([key])[0], strict=True))
    for path, value in values.items():
        fact = resolve(ledger.record, path).fact
        if value is not None and isinstance(fact, fields.Text | fields.Code | fields.Day):
            assert key in list(Listing(ledger, Compare(path, "=", value)).keys()), path
    export(row, folder / "list.xlsx")
    plan = open_intake(folder / "list.xlsx", ledger.record, every=given(ledger)).plan()
    assert plan.counts()["same"] == len(plan.items) == 1, [item.why() for item in plan.items]
    print_listing(row, folder / "list.pdf")
    printed = "".join("".join(preview.text(folder / "list.pdf")).split())
    for cell in row.cells([key])[0]:
        assert "".join(cell.split()) in printed, cell


def test_an_id_number_fills_birth_and_sex_and_says_the_age(qtbot: Any, window: Window) -> None:
    page = open_form(qtbot, window, "persons")
    sheet = page.sheet
    sheet.go_to(sheet.fields["id_number"])
    write(ID1)
    press(Key.Key_Return)
    assert sheet.fields["birth"].input.value_text() == "1955-05-12"
    assert sheet.fields["sex"].input.value_text() == "男"
    assert sheet.fields["birth"].hint.text() == "71 周岁"
    sheet.go_to(sheet.fields["birth"])
    sheet.fields["birth"].input.clear()
    write("1954")
    press(Key.Key_Return)
    assert sheet.fields["birth"].input.value_text() == "1954年", "what the clerk wrote himself stays"
    assert sheet.fields["birth"].hint.text() == "71–72 周岁"


def send(widget: QWidget, key: int, text: str, at: int) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    event.setTimestamp(at)
    QApplication.sendEvent(widget, event)


def scan(text: str, at: int = 50_000) -> None:
    widget = focused()
    for count, sign in enumerate(text):
        send(widget, ord(sign), sign, at + 5 * count)
    for extra in (100, 105):
        send(focused(), Key.Key_Return, "\r", at + 5 * len(text) + extra - 95)
    QApplication.processEvents()


def test_a_card_reader_goes_on_by_one_field_and_saves_nothing(qtbot: Any, window: Window) -> None:
    page = open_form(qtbot, window, "persons")
    page.sheet.go_to(page.sheet.fields["id_number"])
    before = last_number()
    scan(ID1)
    assert page.sheet.fields["birth"].isAncestorOf(focused())
    assert page.sheet.fields["birth"].input.value_text() == "1955-05-12"
    page.save_button.setFocus()
    scan(ID1, 90_000)
    assert page.save_button.hasFocus() and not page.saving and last_number() == before


def test_a_card_read_into_a_line_fills_its_birth_and_goes_on_one_cell(qtbot: Any, window: Window) -> None:
    page = open_form(qtbot, window, "households")
    table = page.sheet.tables["members"]
    table.enter()
    table.open(0, 2)
    scan(ID1)
    row = table.lines.rows[0].values
    assert (row["id_number"], str(row["birth"]), row["sex"]) == (ID1, "1955-05-12", "1")
    assert table.currentIndex().column() == 3 and len(table.lines.rows) == 1


def test_faults_stand_under_their_fields_and_nothing_typed_is_lost(qtbot: Any, window: Window) -> None:
    before, page = last_number(), open_form(qtbot, window, "households")
    fields_ = page.sheet.fields
    page.sheet.go_to(fields_["telephone"])
    write("12345")
    table = page.sheet.tables["members"]
    table.enter()
    write("普秀珍")
    press(Key.Key_Return)
    press(Key.Key_Return)
    write("99000119570301302")
    press(Key.Key_Return)
    press(Key.Key_Return, Control)
    assert fields_["number"].wrong.text() == "请填写户编号。"
    assert fields_["village"].wrong.text() == "请填写行政村。"
    assert "12345" in fields_["telephone"].wrong.text()
    assert fields_["telephone"].input.value_text() == "12345"
    assert fields_["number"].isAncestorOf(focused())
    note = page.sheet.notes["members"].text()
    assert "第 1 行" in note and "与户主关系" in note
    assert table.lines.data(table.lines.index(0, 2)) == "99000119570301302"
    assert not page.saving and last_number() == before
    for label in page.findChildren(QLabel):
        if label.property("tone") == "fault" and label.isVisible() and label.text() != "*":
            assert label.text().rstrip("。") != "", "a sentence"
    write("02-0002")
    assert not fields_["number"].wrong.isVisible(), "goes as soon as one types"


def test_a_refusal_from_below_is_told_and_the_form_stays(qtbot: Any, window: Window) -> None:
    page = open_form(qtbot, window, "households")
    for name, text in (("number", "02-0001"), ("village", "牛街村")):
        page.sheet.go_to(page.sheet.fields[name])
        write(text)
    press(Key.Key_Return, Control)
    qtbot.waitUntil(lambda: not page.saving)
    assert "已有" in page.sheet.fields["village"].wrong.text()
    assert page.sheet.fields["number"].input.value_text() == "02-0001"
    assert page.save_button.isEnabled() and page.save_button.text() == "保存"


def test_lines_are_added_struck_out_and_brought_back(qtbot: Any, window: Window) -> None:
    key = Household.get().id
    page = open_form(qtbot, window, "households", key)
    table = page.sheet.tables["members"]
    table.enter()
    press(Key.Key_Escape)
    press(Key.Key_Delete)
    assert table.lines.rows[0].removed
    press(Key.Key_Delete)
    assert not table.lines.rows[0].removed and kept(page.sheet) == {}
    press(Key.Key_Insert)
    write("李二娃")
    press(Key.Key_Return)
    write("次子")
    press(Key.Key_Return)
    press(Key.Key_Return)
    press(Key.Key_F2)
    assert focused().is_open  # type: ignore[attr-defined]
    press(Key.Key_Return)
    assert table.currentIndex().column() == 4
    press(Key.Key_Up)
    assert table.currentIndex().row() == 0
    stroke(focused(), Key.Key_Delete, modifiers=Control)
    assert table.lines.rows[0].removed
    press(Key.Key_F6)
    wait_closed(qtbot, window, page)
    assert [(one.name, one.relation, one.no_id_reason) for one in Person.select()] == [("李二娃", "23", "1")]


def test_save_and_begin_another_keeps_the_village(qtbot: Any, window: Window) -> None:
    page = open_form(qtbot, window, "households")
    for name, text in (("number", "02-0007"), ("village", "牛街村"), ("address", "村头")):
        page.sheet.go_to(page.sheet.fields[name])
        write(text)
    press(Key.Key_Return, Control | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: Household.select().count() == 2 and not page.saving)
    texts = {name: field.input.value_text() for name, field in page.sheet.fields.items()}
    assert (texts["village"], texts["number"], texts["address"]) == ("牛街村", "", "")
    assert page.sheet.fields["number"].isAncestorOf(focused())
    assert drafts.find(page.name) is None


def test_what_was_typed_is_kept_and_offered_again(qtbot: Any, window: Window) -> None:
    page = open_form(qtbot, window, "households")
    for name, text in (("number", "02-0009"), ("telephone", "123"), ("village", "大水村")):
        page.sheet.go_to(page.sheet.fields[name])
        write(text)
        press(Key.Key_Return)
    table = page.sheet.tables["members"]
    table.enter()
    for text in ("王春花", "户主", "99000119", "", "女"):
        if text:
            write(text)
        press(Key.Key_Return)
    qtbot.waitUntil(lambda: "members" in str(drafts.find(page.name)), timeout=3000)
    press(Key.Key_Escape)  # shuts the cell
    press(Key.Key_Escape)
    wait_written(qtbot, window)
    assert page not in window.pages
    again = open_form(qtbot, window, "households")
    (offer,) = again.offers
    assert offer.findChildren(QLabel)[0].text().startswith("发现 ")
    assert kept(again.sheet) == {}
    offer.buttons["恢复"].click()
    texts = {name: field.input.value_text() for name, field in again.sheet.fields.items()}
    assert (texts["number"], texts["telephone"], texts["village"]) == ("02-0009", "123", "大水村")
    row = again.sheet.tables["members"].lines
    assert [row.data(row.index(0, column)) for column in (0, 1, 2, 4)] == ["王春花", "户主", "99000119", "女"]
    assert Household.select().count() == 1, "a draft saves nothing by itself"


def test_a_draft_not_answered_is_not_written_over_and_a_thrown_one_is_gone(qtbot: Any, window: Window) -> None:
    drafts.keep("户台账:新", {"facts": {"number": "旧稿"}})
    page = open_form(qtbot, window, "households")
    page.sheet.go_to(page.sheet.fields["number"])
    write("新稿")
    page.keep_draft()
    wait_written(qtbot, window)
    old, new = drafts.find("户台账:新"), drafts.find("户台账:新+")
    assert old is not None and new is not None
    assert (old.content["facts"]["number"], new.content["facts"]["number"]) == ("旧稿", "新稿")
    page.offers[0].buttons["丢弃"].click()
    wait_written(qtbot, window)
    assert drafts.find("户台账:新") is None
    assert page.sheet.fields["number"].input.value_text() == "新稿"


def test_a_draft_is_forgotten_after_saving_and_when_all_is_as_before(qtbot: Any, window: Window) -> None:
    key = Household.get().id
    page = open_form(qtbot, window, "households", key)
    page.sheet.go_to(page.sheet.fields["address"])
    write("村头")
    page.keep_draft()
    wait_written(qtbot, window)
    assert drafts.find(page.name) is not None
    focused().clear()  # type: ignore[attr-defined]
    page.keep_draft()
    wait_written(qtbot, window)
    assert drafts.find(page.name) is None
    write("村尾")
    page.keep_draft()
    press(Key.Key_S, Control)
    wait_closed(qtbot, window, page)
    wait_written(qtbot, window)
    assert drafts.find(page.name) is None and Household.get().address == "村尾"


def other_clerk(**values: Any) -> None:
    with standing(who="另一人"), operation("修改户"):
        row = Household.get()
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def test_two_versions_are_shown_side_by_side(qtbot: Any, window: Window) -> None:
    key = Household.get().id
    page = open_form(qtbot, window, "households", key)
    for name, text in (("telephone", "13888880000"), ("note", "我写的")):
        page.sheet.go_to(page.sheet.fields[name])
        write(text)
    other_clerk(telephone="13999990000", address="新屋")
    press(Key.Key_F6)
    qtbot.waitUntil(lambda: page.versions is not None, timeout=5000)
    strip = page.versions
    assert strip is not None
    said = " ".join(label.text() for label in strip.findChildren(QLabel))
    assert "我的：13888880000" in said and "对方：13999990000" in said and "对方：新屋" in said
    texts = {name: field.input.value_text() for name, field in page.sheet.fields.items()}
    assert (texts["telephone"], texts["address"], texts["note"]) == ("13888880000", "新屋", "我写的")
    press(Key.Key_F6)
    assert not page.saving and "我的还是对方的" in page.sheet.fields["telephone"].wrong.text()
    strip.buttons["telephone", "用对方的"].click()  # type: ignore[attr-defined]
    assert page.sheet.fields["telephone"].input.value_text() == "13999990000"
    strip.buttons["telephone", "用我的"].click()  # type: ignore[attr-defined]
    page.save()
    wait_closed(qtbot, window, page)
    row = Household.get()
    assert (row.telephone, row.address, row.note) == ("13888880000", "新屋", "我写的")


def test_a_row_removed_meanwhile_can_be_saved_as_a_new_one(qtbot: Any, window: Window) -> None:
    with operation("户"):
        row = Household(number="02-0008", village=Place.get(Place.name == "大水村"))
        row.save()
    page = open_form(qtbot, window, "households", row.id)
    page.sheet.go_to(page.sheet.fields["address"])
    write("村头")
    with standing(who="另一人"), operation("删除"):
        Household.by_key(row.id).remove()
    page.save()
    qtbot.waitUntil(lambda: page.gone and not page.saving, timeout=5000)
    assert page.sheet.fields["address"].input.value_text() == "村头"
    page.save()
    wait_closed(qtbot, window, page)
    assert Household.get(Household.number == "02-0008").address == "村头"


def test_an_untouched_form_shows_what_others_wrote(qtbot: Any, window: Window) -> None:
    page = open_form(qtbot, window, "households", Household.get().id)
    other_clerk(address="新屋")
    window.look_for_news()
    assert page.sheet.fields["address"].input.value_text() == "新屋"
    page.sheet.go_to(page.sheet.fields["telephone"])
    write("138")
    other_clerk(address="老屋")
    window.look_for_news()
    assert page.sheet.fields["address"].input.value_text() == "新屋", "nothing changes under the clerk's hands"


def test_a_link_is_prefilled_and_a_form_of_one_person_is_whole(qtbot: Any, window: Window) -> None:
    page = open_form(qtbot, window, "persons", household=Household.get().id)
    assert page.sheet.fields["household"].input.value_text() == "李桂兰 · 牛街村 · 02-0001"
    with operation("人员"):
        person = Person.get()
        person.id_number = ID2
        person.birth = None
        person.save()
    page = open_form(qtbot, window, "persons", person.id)
    assert page.sheet.fields["id_number"].input.value_text() == ID2


def clipped(page: QWidget) -> list[str]:
    """Labels that do not fit, and widgets outside of their parents."""
    found = []
    for label in page.findChildren(QLabel):
        wide = label.minimumSizeHint().width() if not label.wordWrap() else 0
        if label.isVisible() and label.text() and label.width() < wide:
            found.append(f"clipped: {label.text()}")
    for widget in page.findChildren(QWidget):
        above = widget.parentWidget()
        if widget.isVisible() and above and widget.width() and not above.rect().intersects(widget.geometry()):
            found.append(f"outside: {widget}")
    return found


@pytest.mark.parametrize("size", list(look.SIZES))
@pytest.mark.parametrize("name", WITH_FORM)
def test_nothing_is_clipped_at_any_size_of_type(qtbot: Any, window: Window, name: str, size: str) -> None:
    window.set_size(size)
    page = open_form(qtbot, window, name)
    page.save()
    QApplication.processEvents()
    assert page.sheet.width() <= page.area.viewport().width()
    assert clipped(page.sheet) == []
    if folder := os.environ.get("LIANXIN_SHOTS"):
        window.grab().save(str(Path(folder) / f"form-{name}-{size}.png"))
    window.set_size("middle")
