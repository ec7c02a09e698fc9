"""THE ledger page, walked over every ledger and used as a clerk uses it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel

from app.ledgers.contents import ledger_called, ledgers
from app.ledgers.ledger import Action
from app.ledgers.listing import Listing
from app.ledgers.own import keep, own_ledgers
from app.models import notes
from app.models.arrangements import OwnLedger
from app.models.conditions import read, show
from app.models.faults import Reject
from app.models.here import here
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.ui import clipboard, heading_filter, ledger_verbs
from app.ui.ask import Ask, BulkChange
from app.ui.columns_dialog import ColumnsDialog
from app.ui.heading_filter import HeadingFilter
from app.ui.ledger_page import LedgerPage, counted_in
from app.ui.ledger_rows import BLOCK, BLOCKS, RowsModel
from app.ui.record_form import RecordForm
from app.ui.window import Window
from app.work.bulk import change_all
from app.work.undo import undo_last

Key, Control, Alt = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def opened(qtbot: Any, window: Window, name: str, **changes: Any) -> LedgerPage:
    page = window.open_ledger(name, **changes)
    assert isinstance(page, LedgerPage)
    qtbot.waitUntil(lambda: page._job is None)
    return page


def changed(qtbot: Any, page: LedgerPage, **changes: Any) -> None:
    page.change(**changes)
    qtbot.waitUntil(lambda: page._job is None)


def column(page: LedgerPage, path: str) -> int:
    return [one.text for one in page.listing.shown].index(path)


def texts(page: LedgerPage, path: str) -> list[str]:
    return [page.table.rows.row(row)[column(page, path)] for row in range(len(page.table.rows.keys))]


def choose(page: LedgerPage, *rows: int) -> None:
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    page.table.clearSelection()
    for row in rows:
        page.table.selectionModel().select(page.table.rows.index(row, 0), flags)
    page._show_choice()


@pytest.mark.parametrize("name", ledgers())
def test_every_ledger_opens_with_its_rows_and_its_captions(qtbot: Any, township: Window, name: str) -> None:
    page = opened(qtbot, township, name)
    ledger = ledger_called(name)
    assert list(page.table.rows.keys) == list(Listing(ledger).keys())
    captions = [page.table.rows.headerData(at, Qt.Orientation.Horizontal) for at in range(len(ledger.shown))]
    assert captions == [one.caption for one in ledger.shown]
    assert page.new.isVisible() == bool(ledger.form)
    empty = not page.table.rows.keys
    assert page.middle.currentWidget() is (page.empty if empty else page.table)
    assert page.print.isEnabled() != empty
    if empty:
        assert ("F5" in page.empty.said.text()) == bool(ledger.form) and page.print.toolTip()


def test_counts_and_sums_stand_in_the_title(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "households")
    qtbot.waitUntil(lambda: "家庭人口 180" in page.counts.text())
    assert page.counts.text().startswith("60 户")
    assert (counted_in("人员"), counted_in("帮扶人"), counted_in("帮扶记录")) == ("人", "人", "条")


def test_clicking_a_heading_sorts_and_shift_adds(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    heading = page.table.heading
    at = column(page, "age")
    place = QPoint(heading.sectionViewportPosition(at) + heading.sectionSize(at) - 14, 10)
    qtbot.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: page._job is None)
    ages = [int(text) for text in texts(page, "age")]
    assert page.listing.order == ("age",) and ages == sorted(ages)
    page.sort_by(at)
    page.sort_by(column(page, "name"), add=True)
    qtbot.waitUntil(lambda: page._job is None)
    assert page.order() == ("-age", "name")
    assert heading.marks.sorts == {at: (1, True), column(page, "name"): (2, False)}  # type: ignore[attr-defined]


def test_the_triangle_of_a_heading_opens_its_filter_and_does_not_sort(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "households")
    asked: list[int] = []
    page.table.filter_asked.disconnect()
    page.table.filter_asked.connect(asked.append)
    for path in ("village", "size"):  # a text and a number
        at = column(page, path)
        qtbot.mouseClick(
            page.table.heading.viewport(), Qt.MouseButton.LeftButton, pos=page.table.heading._triangle(at).center()  # type: ignore[attr-defined]
        )
    assert asked == [column(page, "village"), column(page, "size")] and page.listing.order == ()


def test_heading_filter_by_keyboard(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "households")
    page.table.setCurrentIndex(page.table.rows.index(0, column(page, "village")))
    popups: list[HeadingFilter] = []
    page.table.filter_asked.disconnect()
    page.table.filter_asked.connect(lambda at: popups.append(page.open_filter(page.listing.shown[at].text, page.table)))
    qtbot.keyClick(page.table, Key.Key_Down, Alt)
    (popup,) = popups
    qtbot.waitUntil(lambda: popup.list.count() == 3)
    assert [group.count for group in popup.groups] == [20, 20, 20]
    popup.search.setText("牛街")
    qtbot.keyClick(popup.search, Key.Key_Return)
    qtbot.waitUntil(lambda: page._job is None and len(page.table.rows.keys) == 20)
    assert show(page.listing.where, Household) == "行政村 名为(牛街村)"
    again = page.open_filter("village", page.table)
    qtbot.waitUntil(lambda: again.list.count() == 3)
    assert [group.text for group in again._checked()] == ["牛街村"]
    again.drop_button.click()
    qtbot.waitUntil(lambda: page._job is None and len(page.table.rows.keys) == 60)
    assert page.listing.where is None


def test_the_values_of_numbers_stand_by_size(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    popup = page.open_filter("age", page.table)
    qtbot.waitUntil(lambda: popup.list.count() > 0)
    ages = [int(group.text.partition("-")[0]) for group in popup.groups if group.text != "（空）"]
    assert ages == sorted(ages) and len(ages) > 5


def test_of_too_many_values_only_those_chosen_are_meant(qtbot: Any, township: Window, monkeypatch: Any) -> None:
    monkeypatch.setattr(heading_filter, "MOST_GROUPS", 3)
    page = opened(qtbot, township, "households")
    popup = page.open_filter("village", page.table)
    qtbot.waitUntil(lambda: popup.list.count() == 3)
    assert popup._checked() == [] and not popup.apply_button.isEnabled()
    assert popup.told.text() == "只列最多的 3 个值；选中 0 个值，0 行"
    popup.search.setText("牛街")
    popup.apply()
    qtbot.waitUntil(lambda: page._job is None and len(page.table.rows.keys) == 20)


def test_two_values_become_one_condition_and_a_second_column_joins_it(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    for path, wanted in (("household.village", {"牛街村", "保邑村"}), ("away", {"是"})):
        popup = page.open_filter(path, page.table)
        qtbot.waitUntil(lambda popup=popup: popup.list.count() > 0)
        popup._check_all(False)
        for item in popup._items():
            if item.text() in wanted:
                item.setCheckState(Qt.CheckState.Checked)
        popup.apply()
        qtbot.waitUntil(lambda: page._job is None)
    assert set(texts(page, "household.village")) == {"牛街村", "保邑村"} and set(texts(page, "away")) == {"是"}
    assert page.listing.sentence() == "行政村 名为(保邑村, 牛街村) 且 外出 = 是"


def test_a_condition_written_by_hand(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    bar = page.filters
    bar.add_chip.click()
    assert bar.writing.isVisible()
    bar.input.setText("年龄 >= 七十")
    qtbot.keyClick(bar.input, Key.Key_Return)
    assert bar.fault.isVisible() and bar.fault.text() and page.listing.where is None
    bar.input.setText("年龄 >= 70 且 行政村 = 牛街村")
    qtbot.keyClick(bar.input, Key.Key_Return)
    qtbot.waitUntil(lambda: page._job is None)
    assert bar.writing.isHidden() and bar.fault.isHidden()
    assert page.table.rows.keys and all(int(age) >= 70 for age in texts(page, "age"))
    assert page.listing.sentence() == "年龄 >= 70 且 行政村 = 牛街村"
    bar.remove(page.listing.where.parts[0])  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: page._job is None)
    assert page.listing.sentence() == "行政村 = 牛街村" and len(page.table.rows.keys) == 60


def test_the_day_brings_back_who_left(qtbot: Any, township: Window) -> None:
    person = Person.select().order_by(Person.id).get()
    with operation("迁出"):
        person.until, person.leaving = date(2026, 10, 1), "9"
        person.save()
    page = opened(qtbot, township, "persons")
    assert person.id not in page.table.rows.keys
    changed(qtbot, page, day=date(2026, 9, 30))
    assert person.id in page.table.rows.keys and "2026年9月30日" in page.filters.day_chip.text()
    changed(qtbot, page, day=None, gone=True)
    assert person.id in page.table.rows.keys


def test_groups_open_into_their_rows(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "households")
    qtbot.keyClick(page.table, Key.Key_G, Control)
    qtbot.waitUntil(lambda: page.groups.list.count() == 3)
    assert page.groups.by.currentData() == "village" and "60" in page.groups.told.text()
    page.groups.list.setCurrentRow(1)
    group = page.groups.list.currentItem().text()
    qtbot.keyClick(page.groups.list, Key.Key_Return)
    inside: Any = township.page
    assert inside is not page
    qtbot.waitUntil(lambda: len(inside.table.rows.keys) == 20)
    assert set(texts(inside, "village")) == {group}


def test_sums_of_the_chosen_rows(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "households")
    choose(page, 0, 1, 2)
    away = sum(int(texts(page, "away")[row]) for row in range(3))
    assert township.selection.text() == f"选中 3 行 · 家庭人口 9 · 外出人数 {away}"
    page.table.selectAll()
    qtbot.waitUntil(lambda: "60 行 · 家庭人口 180" in township.selection.text())


def test_a_new_row_is_gone_to_when_it_is_there(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "places")
    page.table.choose_row(0)
    township.open_form(page.ledger, None)
    form = township.page
    assert isinstance(form, RecordForm)
    village = Place.select().where(Place.level == "3").first()
    for path, value in (("name", "新建小组"), ("level", "4"), ("parent", village.id)):
        form.sheet.fields[path].set_value(value)
    form.save()
    qtbot.waitUntil(lambda: township.page is page and page._job is None)
    new = Place.get(Place.name == "新建小组").id
    qtbot.waitUntil(lambda: page.table.current_key() == new and list(page.table.chosen_keys()) == [new])


def test_news_keep_choice_and_place_by_key(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "households")
    key = page.table.rows.keys[30]
    page.table.choose_row(30)
    page.table.scrollTo(page.table.rows.index(45, 0))
    top = page.table.rows.keys[page.table.rowAt(0)]
    first = Household.by_key(page.table.rows.keys[0])
    with operation("删去一户"):
        for person in Person.select().where(Person.household == first.id):
            person.remove()
        first.remove()
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 59, timeout=3000)
    assert page.table.current_key() == key and list(page.table.chosen_keys()) == [key]
    assert page.table.rows.keys[page.table.rowAt(0)] == top


def test_columns_are_kept_for_this_clerk(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "households")
    dialog = ColumnsDialog(page, page.ledger, page.listing.shown)
    qtbot.addWidget(dialog)
    captions = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    dialog.list.item(captions.index("立户日期")).setCheckState(Qt.CheckState.Checked)
    dialog.list.item(captions.index("行政村")).setCheckState(Qt.CheckState.Unchecked)
    dialog.list.setCurrentRow(captions.index("家庭人口"))
    qtbot.keyClick(dialog.list, Key.Key_Up, Alt)
    dialog.chosen.connect(page.set_columns)
    dialog.apply()
    qtbot.waitUntil(lambda: notes.recall("columns:households") is not None)
    again = opened(qtbot, township, "households")
    shown = [one.text for one in again.listing.shown]
    assert "since" in shown and "village" not in shown and shown.index("size") < shown.index("group")
    again.set_columns(())
    qtbot.waitUntil(lambda: notes.recall("columns:households") is None)
    assert again.listing.shown == again.ledger.shown


def test_a_width_is_kept_and_forgotten(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "households")
    page.table.heading.resizeSection(2, 155)
    page._keep_widths()
    qtbot.waitUntil(lambda: notes.recall("widths:households") == {"village": 155})
    again = opened(qtbot, township, "households")
    assert again.table.columnWidth(2) == 155
    again.forget_widths()
    qtbot.waitUntil(lambda: notes.recall("widths:households") is None and again.table.columnWidth(2) != 155)


def test_the_first_column_stays_in_view(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    table = page.table
    last = table.rows.columnCount() - 1
    table.setCurrentIndex(table.rows.index(3, last))
    bar = table.horizontalScrollBar()
    assert bar.value() > 0
    assert table.frozen.isVisible() and table.frozen.x() == table.verticalHeader().width()
    assert table.frozen.columnWidth(0) == table.columnWidth(0)
    table.setCurrentIndex(table.rows.index(3, 1))
    assert table.visualRect(table.rows.index(3, 1)).left() >= table.columnWidth(0)
    table.verticalScrollBar().setValue(300)
    assert table.frozen.verticalScrollBar().value() == 300


def test_copy_has_headings_and_numbers_stay_text(qtbot: Any, styled: QApplication, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    choose(page, 0, 2)
    qtbot.keyClick(page.table, Key.Key_C, Control)
    mime = styled.clipboard().mimeData()
    lines = mime.text().splitlines()
    assert lines[0].split("\t") == [one.caption for one in page.ledger.shown] and len(lines) == 3
    assert "990001********" in lines[1] and "mso-number-format:'\\@'" in mime.html()
    text, html = clipboard.copied(page.listing.but(whole=True), page.table.chosen_keys())
    number = Person.by_key(page.table.rows.keys[0]).id_number
    assert number in text and f"mso-number-format:'\\@'\">{number}</td>" in html


def test_bulk_change_is_one_operation_and_one_undo(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "households")
    assert not page.bulk.isEnabled() and page.bulk.toolTip()
    choose(page, *range(10))
    page.bulk.click()
    dialog = page.findChild(BulkChange)
    assert dialog is not None and "10" in dialog.do_button.text()
    dialog.which.setCurrentIndex(dialog.which.findData("note"))
    dialog.fields["note"].set_value("已核对")
    dialog.answer()
    qtbot.waitUntil(lambda: "10 条" in township.said.text())
    assert Household.select().where(Household.note == "已核对").count() == 10
    last = here().file.run("SELECT title, changes FROM operation ORDER BY id DESC LIMIT 1").fetchone()
    assert last == ("批量修改户备注", 10)
    undo_last(here().who)
    assert Household.select().where(Household.note == "已核对").count() == 0


def test_bulk_change_obeys_the_rules_and_keeps_what_was_typed(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "households")
    choose(page, 0, 1)
    ledger_verbs.bulk(page)
    dialog = page.findChild(BulkChange)
    assert dialog is not None
    dialog.which.setCurrentIndex(dialog.which.findData("number"))
    dialog.answer()
    qtbot.waitUntil(lambda: dialog.fields["number"].wrong.isVisible() or dialog.fault.isVisible())
    assert dialog.isVisible()
    dialog.close()


def test_change_all_refuses_what_a_row_refuses(township: Window) -> None:
    keys = [row.id for row in Person.select().limit(3)]
    with pytest.raises(Reject):
        change_all(Person, keys, "name", None)
    with pytest.raises(Reject, match="离开日期和离开原因要一起填写"):
        change_all(Person, keys, "until", date(2026, 1, 1))
    assert change_all(Person, keys, "ethnicity", "01").startswith("已把 3 条")
    assert "另有 3 条原来就是" in change_all(Person, keys, "ethnicity", "01")


def test_details_show_the_sections_masked_until_asked(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    page.table.choose_row(0)
    page._show_choice()
    number = Person.by_key(page.table.rows.keys[0]).id_number

    def shown() -> str:
        QApplication.processEvents()
        labels = page.detail.facts.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisibleTo(page.detail))

    assert page.detail.name.text() == Person.by_key(page.table.rows.keys[0]).name
    assert number not in shown() and number[:6] + "*" in shown()
    page.detail.unmask.click()
    assert number in shown()
    page.table.choose_row(1)
    page._show_choice()
    assert not page.detail.whole


def test_beside_an_operation_stands_what_it_did(qtbot: Any, township: Window) -> None:
    with operation("改名"):
        person = Person.select().first()
        person.name = "改了名字"
        person.save()
    page = opened(qtbot, township, "history")
    page.table.choose_row(0)
    page._show_choice()
    assert "姓名" in page.detail.told.text() and page.detail.told.text().endswith("→ 改了名字")
    page = opened(qtbot, township, "persons")
    assert not page.detail.told.isVisibleTo(page.detail)


def test_actions_are_buttons_with_keys_and_say_why_not(qtbot: Any, township: Window, monkeypatch: Any) -> None:
    from dataclasses import replace

    done: list[Any] = []

    def do(keys: Any, **answers: Any) -> str:
        done.append((list(keys), answers))
        return "已办理。"

    asks = {"note": Household.facts()["note"]}
    ledger = replace(
        ledger_called("households"),
        actions=(Action("记一次走访", do, asks, key="F7"), Action("批量打勾", do, many=True)),
    )
    page = township.open_listing("households", Listing(ledger))
    assert isinstance(page, LedgerPage)
    qtbot.waitUntil(lambda: page._job is None)
    choose(page, 0, 1)
    (_, one), (_, many) = page.detail.actions_
    assert not one.isEnabled() and "只选一行" in one.toolTip() and many.isEnabled() and one.key == "F7"
    many.click()
    qtbot.waitUntil(lambda: township.said.text() == "已办理。")
    choose(page, 4)
    qtbot.keyClick(page.table, Key.Key_F7)
    dialog = page.findChild(Ask)
    assert dialog is not None
    dialog.fields["note"].set_value("看望老人")
    dialog.answer()
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done[1] == ([page.table.rows.keys[4]], {"note": "看望老人"})


def test_a_new_head_is_offered_from_the_household_alone(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    choose(page, 4)
    person = Person.by_key(page.table.rows.keys[4])
    family = {one.id for one in Person.select().where(Person.household == person.household_id)}
    elsewhere = Person.select().where(Person.household != person.household_id).first()
    for title in ("登记死亡", "转户", "分户"):
        next(button for action, button in page.detail.actions_ if action.title == title).click()
        dialog = next(one for one in page.findChildren(Ask) if one.windowTitle() == title)
        if "household" in dialog.fields:
            dialog.fields["household"].set_value(elsewhere.household_id)  # where he goes is not where he leads
        for name in {"new_head", "head"} & dialog.fields.keys():
            offers = dialog.fields[name].input.offers
            assert {offer.value for offer in offers("")} == family
            assert {offer.value for offer in offers(person.name)} == {person.id}
            assert offers("无此人") == []
        dialog.close()


def test_a_verb_that_takes_long_tells_how_far_it_is(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "history")
    choose(page, 0)
    told: list[str] = []
    township.tasks.progressed.connect(lambda done, total, text: told.append(text))
    page.detail.actions_[0][1].click()
    qtbot.waitUntil(lambda: "恢复原样" in township.said.text())
    assert told and told[0] == "正在撤销"


def test_own_ledgers_stand_in_the_contents_and_open_as_they_were_kept(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons")
    page.filters.open_input()
    page.filters.input.setText("年龄 >= 70")
    page.filters._read()
    page.sort_by(column(page, "age"))
    qtbot.waitUntil(lambda: page._job is None)
    ledger_verbs.keep(page)
    dialog = page.findChild(Ask)
    assert dialog is not None
    dialog.fields["title"].set_value("七十岁以上老人")
    dialog.answer()
    qtbot.waitUntil(lambda: OwnLedger.select().count() == 1)
    ((key, ledger),) = own_ledgers().items()
    mine = opened(qtbot, township, f"own:{key}")
    assert mine.title.text() == "七十岁以上老人" and list(mine.table.rows.keys) == list(page.table.rows.keys)
    assert show(ledger.condition, Person) == "年龄 >= 70"
    with pytest.raises(Reject, match="已有叫"):
        keep("七十岁以上老人", "persons", page.listing)
    ledger_verbs.drop_own(mine)
    qtbot.waitUntil(lambda: own_ledgers() == {})


def test_own_ledgers_that_no_longer_fit_are_left_out(township: Window) -> None:
    with operation("旧安排"):
        OwnLedger(title="旧的", source="persons", columns="vanished").save()
        OwnLedger(title="条件旧的", source="persons", columns="name", condition="vanished = 1").save()
        OwnLedger(title="无源的", source="vanished", columns="name").save()
    assert own_ledgers() == {}


def test_empty_after_filtering_offers_to_clear(qtbot: Any, township: Window) -> None:
    page = opened(qtbot, township, "persons", search="查无此人")
    assert page.middle.currentWidget() is page.empty and "没有符合条件" in page.empty.said.text()
    page.empty.clear.click()
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 180)


def test_keys_new_open_print(qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(Window, "open_form", lambda self, ledger, key, prefill=None: asked.append(key))
    page = opened(qtbot, township, "households")
    page.table.choose_row(7)
    qtbot.keyClick(page.table, Key.Key_F5)
    qtbot.keyClick(page.table, Key.Key_Return)
    assert asked == [None, page.table.rows.keys[7]]
    with qtbot.waitSignal(township.print_asked) as printed:
        qtbot.keyClick(page.table, Key.Key_P, Control)
    assert printed.args[0] is page.listing


def test_the_model_keeps_a_bounded_number_of_blocks(township: Window) -> None:
    class Long:
        shown = ledger_called("households").shown

        def keys(self) -> Any:
            from array import array

            return array("q", range(1_000_000))

        def rows(self, first: int, number: int) -> list[tuple[str, ...]]:
            asked.append(first)
            return [(str(first + at),) * len(self.shown) for at in range(number)]

    asked: list[int] = []
    model = RowsModel()
    model.show(Long())  # type: ignore[arg-type]
    assert model.rowCount() == 1_000_000 and asked == []
    assert model.row(777_777)[0] == "777777" and asked == [777_777 // BLOCK * BLOCK]
    for row in range(0, 2 * BLOCKS * BLOCK, BLOCK):
        model.row(row)
    assert len(model._blocks) == BLOCKS
    before = len(asked)
    model.row((2 * BLOCKS - 1) * BLOCK + 5)
    assert len(asked) == before


def test_notes_are_kept_by_clerk(township: Window) -> None:
    from app.models.here import standing

    notes.remember("试", {"宽": [1, 2]})
    notes.remember("试", {"宽": [3]})
    assert notes.recall("试") == {"宽": [3]} == json.loads(json.dumps(notes.recall("试")))
    with standing(who="别人"):
        assert notes.recall("试") is None
    notes.remember("试", None)
    assert notes.recall("试") is None


def test_what_hinders_several_actions_is_asked_once_for_a_row(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(qtbot, township, "persons")
    shared = [action.hindered for action, _ in page.detail.actions_]
    assert len(set(shared)) < len(shared)
    said: list[Any] = []
    why: Any = Action.why_not

    def asked(action: Action, keys: Any, known: Any = None) -> Any:
        before = set(known)
        found = why(action, keys, known)
        said.extend(set(known) - before)
        assert found == why(action, keys), action.title
        return found

    monkeypatch.setattr(Action, "why_not", asked)
    page.detail.show_chosen([page.table.current_key()])
    assert sorted(map(id, said)) == sorted(map(id, set(said))) and len(said) >= 3


def test_when_the_row_looked_at_is_done_with_the_next_one_is(qtbot: Any, township: Window) -> None:
    page: Any = township.open_ledger("persons", where=read("外出 = 是", Person))
    qtbot.waitUntil(lambda: len(page.table.rows.keys) > 6)
    page.table.selectRow(3)
    key, after = page.table.rows.keys[3], page.table.rows.keys[4]
    person = Person.by_key(key)
    with operation("回乡"):
        person.away = False
        person.save()
    qtbot.waitUntil(lambda: key not in page.table.rows.keys)
    assert page.table.current_key() == after
    page.search("王建国")
    qtbot.waitUntil(lambda: page.listing.search == "王建国" and page._job is None)
    assert page.table.currentIndex().row() <= 0, "another question begins at its first row"
