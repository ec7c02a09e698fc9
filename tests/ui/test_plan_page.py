"""Taking a list in: the three steps, what the clerk mends and decides, and taking it all back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ledgers.contents import ledger_called
from app.models.people import Household, Person
from app.sheets.rows import SheetRow
from app.ui import look, plan_verbs
from app.ui.plan_page import FILE, READING, RESULT, WRITTEN, PlanPage
from app.ui.plan_table import DOUBTS, LEFT_OUT
from app.ui.plan_view import PlanView
from app.ui.window import Window
from app.work.plan import CHANGED, DECIDE, NEW, REFUSED, SAME, Choice, Item, Plan
from tests.ui import hand
from tests.ui.test_fits import SCREENS, faults
from tests.ui.township import id_number

Row = list[Any]
HEADING: Row = ["序号", "户主姓名", "姓名", "身份证号", "行政村", "口味", "联系电话"]
FRESH = [id_number(f"19{year}0505", 700 + year) for year in range(50, 60)]
SMALL = 0.2  # seconds in which 11,753 rows are filtered and shown


def people() -> list[Row]:
    """One stored person with another telephone, one as he is, a new household with three lines that only follow it,
    and a line whose number cannot be right."""
    known = Person.get(Person.name == "王建国")
    same = Person.get(Person.name == "李建国")
    return [
        [1, "王建国", known.name, known.id_number, "牛街村", "广东东莞", "19912345678"],
        [2, "李建国", same.name, same.id_number, "保邑村", None, same.telephone],
        [3, "赵新来", "赵新来", FRESH[0], "荣华村", "上海", "19900000003"],
        [4, None, "赵跟来", FRESH[1], None, None, None],
        [5, None, "赵又来", FRESH[2], None, None, "1234"],
        [6, None, "赵也来", FRESH[3], None, None, None],
        [7, "钱错号", "钱错号", FRESH[4][:-1] + ("1" if FRESH[4][-1] != "1" else "2"), "荣华村", None, None],
    ]


def book(folder: Path, sheets: dict[str, list[Row]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "花名册.xlsx"
    made.save(path)
    return path


def roster(folder: Path, **more: list[Row]) -> Path:
    total: Row = ["合计", None, 7, None, None, None, None]
    return book(folder, {"名单": [["牛街乡人员花名册"], HEADING, *people(), total], **more})


@pytest.fixture
def page(township: Window) -> Iterator[PlanPage]:
    township.open_ledger("persons")
    made = PlanPage(township, ledger_called("persons"))
    township.show_page(made, made.title)
    yield made


def arrive(qtbot: Any, page: PlanPage, step: int) -> None:
    qtbot.waitUntil(lambda: page.step == step and not page.working, timeout=20_000)


def read(qtbot: Any, page: PlanPage, path: Path) -> None:
    page.open_file(path)
    arrive(qtbot, page, READING)
    qtbot.waitUntil(lambda: page.intake_view._job is None)


def planned(qtbot: Any, page: PlanPage, path: Path) -> PlanView:
    read(qtbot, page, path)
    page.step_on()
    arrive(qtbot, page, RESULT)
    return page.plan_view


def column(page: PlanPage, caption: str) -> int:
    heading = page.intake_view.reading.heading
    assert heading is not None
    return next(column.index for column in heading.columns if column.caption == caption)


def look_at(view: PlanView, name: str) -> Item:
    row = next(row for row, item in enumerate(view.table.rows.items) if item.values.get("name") == name)
    view.table.selectRow(row)
    item = view.table.item()
    assert item is not None
    return item


def texts(view: PlanView) -> list[list[str]]:
    rows = view.table.rows
    return [[rows.text(row, at) for at in range(rows.columnCount())] for row in range(rows.rowCount())]


def test_a_list_walks_the_three_steps_and_back(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    before = (Person.select().count(), Household.select().count())
    assert page.title == "导入 人员台账" and page.step == FILE
    read(qtbot, page, roster(tmp_path))

    # 2: one column has a name of the clerk's own; he says what it is, with the keyboard
    view = page.intake_view
    at = column(page, "口味")
    assert "口味" in view.left.text() and view.table.cells.field(at) == "不导入"
    view.table.setCurrentIndex(view.table.cells.index(3, at))
    hand.press(Qt.Key.Key_F2)
    chooser = view.table.chooser
    assert chooser.isVisible() and chooser.currentText() == "不导入"
    chooser.view().setCurrentIndex(chooser.model().index(chooser.findText("务工地"), 0))
    QTest.keyClick(chooser.view(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not chooser.isVisible())
    page.window_.activateWindow()  # a real window becomes the active one again by itself
    qtbot.waitUntil(lambda: QApplication.focusWidget() is view.table)
    assert view.table.cells.field(at) == "务工地" and "口味" not in view.left.text()
    hand.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    arrive(qtbot, page, RESULT)

    # 3: five kinds that add up, and what is to be decided lies open
    plan = page.plan
    assert plan is not None
    assert plan.counts() == {NEW: 1, CHANGED: 1, SAME: 1, DECIDE: 3, REFUSED: 1}
    result = page.plan_view
    chips = {kind: result.chips[kind].text() for kind in (NEW, CHANGED, SAME, DECIDE, REFUSED, LEFT_OUT)}
    assert list(chips.values()) == ["新增 1", "修改 1", "相同 1", "待定 3", "退回 1", "未采用的单元格 1"]
    assert [row[1] for row in texts(result)] == ["赵跟来", "赵又来", "赵也来"]
    assert result.detail.alike.text() == "同类的 3 行都这样办（A）"
    assert page.next.text() == "写入 2 行"
    hand.press(Qt.Key.Key_A)
    hand.press(Qt.Key.Key_1)
    assert plan.counts()[DECIDE] == 0 and plan.counts()[NEW] == 4
    assert page.next.text() == "写入 5 行" and result.chips[DECIDE].text() == "待定 0"

    # written, and taken back
    hand.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    arrive(qtbot, page, WRITTEN)
    assert "已写入 4 行新增、1 行修改" in page.written_step.said.text()
    fresh = Person.get(Person.name == "赵新来")
    assert fresh.away_place == "上海"
    assert Person.get(Person.name == "王建国", Person.telephone == "19912345678").away_place == "广东东莞"
    assert Person.get(Person.name == "赵也来").household == fresh.household
    assert list((tmp_path / "备份").glob("*导入前*.db"))
    page.written_step.undo.click()
    qtbot.waitUntil(lambda: not page.working)
    assert "已撤销" in page.written_step.said.text() and not page.written_step.undo.isEnabled()
    assert (Person.select().count(), Household.select().count()) == before
    page.written_step.open.click()
    assert page.window_.page is not page and page.window_.page.name == "persons"


def test_trouble_is_said_on_the_page_which_stays(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    wrong = tmp_path / "名单.xlsx"
    wrong.write_bytes(b"\x00\x01 not a sheet")
    for path in (wrong, tmp_path / "没有.xlsx"):
        page.open_file(path)
        qtbot.waitUntil(lambda: not page.working)
        assert page.step == FILE and page.wrong.isVisible() and path.name in page.wrong.text()
    read(qtbot, page, roster(tmp_path))
    assert not page.wrong.isVisible()


def test_a_file_is_dropped(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(roster(tmp_path)))])
    action, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.file_step.dropEvent(QDropEvent(QPointF(5, 5), action, mime, button, none))
    arrive(qtbot, page, READING)
    assert "“花名册.xlsx” 1 张表，读 1 张" in page.about.text()


def test_a_file_is_chosen(
    qtbot: Any, page: PlanPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = roster(tmp_path)
    asked: list[str] = []

    def ask(parent: Any, title: str, folder: str, kinds: str) -> tuple[list[str], str]:
        asked.append(folder)
        return [str(path)], kinds

    monkeypatch.setattr(plan_verbs.QFileDialog, "getOpenFileNames", ask)
    page.file_step.choose.click()
    arrive(qtbot, page, READING)
    page.ask_file()
    arrive(qtbot, page, READING)
    assert asked[1] == str(tmp_path)  # where the last list lay


def test_the_heading_is_pointed_at(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    path = book(tmp_path, {"名单": [["姓名", "身份证号", "备注"], ["作废", "作废", "作废"], HEADING, *people()]})
    read(qtbot, page, path)
    view = page.intake_view
    view.first.setValue(3)
    qtbot.waitUntil(lambda: view._job is None)
    assert (view.first.value(), view.last.value()) == (3, 3)
    heading = view.reading.heading
    assert heading is not None and heading.rows == (2, 2)
    assert view.table.cells.field(column(page, "联系电话")) == "联系电话"
    assert view.said.text().startswith("第 3 行是标题")
    view.last.setValue(view.last.minimum())  # "无": nothing is pointed at, what was stays
    assert view.reading.heading is heading
    view.table.selectionModel().select(view.table.cells.index(0, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    view.pick.click()
    assert view.reading.heading is not None and view.reading.heading.rows == (0, 0)


def test_rows_passed_over_are_grey_and_say_why(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    read(qtbot, page, roster(tmp_path))
    cells = page.intake_view.table.cells
    total = cells.rowCount() - 1
    assert cells.tone(total, 2)[:2] == (look.GROUND, look.FAINT)
    assert "合计" in cells.data(cells.index(total, 2), Qt.ItemDataRole.ToolTipRole)
    assert cells.tone(1, 2)[0] == look.SOON_TINT and cells.tone(3, 2)[0] == look.ACCENT_TINT
    assert cells.tone(3, 0)[0] == look.CARD  # nobody takes the serial number
    assert "7 行要读，1 行跳过" in page.intake_view.said.text()


def test_a_sheet_is_left_out_and_a_village_chosen(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    unsaid = [["姓名", "身份证号", "户主姓名"], ["孙一", FRESH[5], "孙一"]]
    read(qtbot, page, roster(tmp_path, 第二张=unsaid, 空白=[["说明"], ["请按时填报"]]))
    view = page.intake_view
    assert [view.tabs.tabText(at) for at in range(3)] == ["✓ 名单", "✓ 第二张", "空白 · 不读"]
    view.use.setChecked(False)
    view.tabs.setCurrentIndex(1)
    assert "没有写行政村" in view.missing.text()
    ((path, row, combo),) = view.places
    assert row.isVisible() and [combo.itemText(at) for at in range(1, combo.count())] == ["牛街村", "保邑村", "荣华村"]
    combo.activated.emit(combo.findText("保邑村"))
    assert view.reading.filled == {path: "保邑村"} and not view.missing.isVisible()
    page.step_on()
    arrive(qtbot, page, RESULT)
    ((_, name, _, _, *more),) = texts(page.plan_view)
    assert name == "孙一" and "新增" in more


def test_what_cannot_be_planned_says_why(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    read(qtbot, page, roster(tmp_path))
    view = page.intake_view
    view.set_field(column(page, "身份证号"), "")
    assert page.next.isEnabled()  # a name is enough
    view.set_field(column(page, "姓名"), "")
    for caption in ("户主姓名", "行政村"):
        view.set_field(column(page, caption), "")
    assert not page.next.isEnabled() and "还没有一列是公民身份号码或姓名" in page.wrong.text()
    view.use.setChecked(False)
    assert not page.next.isEnabled() and "读这张表" in page.wrong.text()


def test_a_field_has_one_column_only(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    read(qtbot, page, roster(tmp_path))
    view = page.intake_view
    view.set_field(column(page, "口味"), "telephone")
    assert view.table.cells.field(column(page, "联系电话")) == "不导入"
    assert view.table.cells.field(column(page, "口味")) == "联系电话"


def test_a_row_is_left_out_and_the_clerk_thinks_again(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    view = planned(qtbot, page, roster(tmp_path))
    item = look_at(view, "赵又来")
    hand.press(Qt.Key.Key_0)
    assert item.kind == REFUSED and "不导入" in item.why() and page.plan.counts()[REFUSED] == 2
    assert [row[1] for row in texts(view)] == ["赵跟来", "赵也来"]  # the next one lies open
    assert view.table.item().values["name"] == "赵也来"
    view.show_only(REFUSED)
    look_at(view, "赵又来")
    hand.press(Qt.Key.Key_Backspace)
    assert item.kind == DECIDE and not item.faults and page.plan.counts()[REFUSED] == 1


def test_answers_to_many_come_back_together(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    names = [f"赵{first}{second}" for first in "金木水火土" for second in "东南西北中和"]
    rows = people()[:4]
    rows += [[9 + n, None, name, id_number("19600101", 100 + n), None, None, None] for n, name in enumerate(names)]
    view = planned(qtbot, page, book(tmp_path, {"名单": [HEADING, *rows]}))
    assert page.plan.counts()[DECIDE] == 31
    view.detail.alike.setChecked(True)
    view.detail.press(1)  # more than are answered on the window's thread
    qtbot.waitUntil(lambda: page.plan.counts()[DECIDE] == 0)
    qtbot.waitUntil(lambda: view.chips[DECIDE].text() == "待定 0")
    said = page.window_.said
    assert said.text() == "同类的 31 行都定为“属于上面一户”，按 Backspace 重新决定。"
    look_at(view, "赵水西")
    view.regret()
    assert page.plan.counts()[DECIDE] == 31 and said.text() == "31 行的决定已收回，重新待定。"


def test_who_may_be_several_is_never_decided_for_all(qtbot: Any, township: Window) -> None:
    """Two candidates of one row, one of each other row: for all alike means new, or the only one it can be."""
    view = PlanView(township.tasks)
    keys = [person.id for person in Person.select().limit(4)]
    new = Choice(None, "不是，新登记")
    several = (Choice(keys[0], "就是 甲"), Choice(keys[1], "就是 乙"), new)
    items = []
    for at, choices in enumerate((several, (Choice(keys[2], "就是 丙"), new), (Choice(keys[3], "就是 丁"), new))):
        item = Item(SheetRow("名单", at + 2, {"name": f"甲{at}"}), values={"name": f"甲{at}"})
        item.ask("twin", "是不是同一个？", *choices)
        items.append(item)
    said: list[str] = []
    view.said_of_many.connect(said.append)
    view.show_plan(Plan(Person, items, "household"))
    view.table.selectRow(1)
    view.answer(items[1].choices[0], True)
    assert [item.kind for item in items] == [DECIDE, CHANGED, CHANGED]
    assert said[-1].startswith("同类的 2 行都定为“就是已登记的那一个”")
    assert said[-1].endswith("还有 1 行可能是几个人，请逐行决定。")
    view.show_only(CHANGED)
    view.table.selectRow(0)
    view.regret()
    assert [item.kind for item in items] == [DECIDE] * 3
    view.show_only(DECIDE)
    view.table.selectRow(0)
    view.answer(several[1], True)
    assert [item.kind for item in items] == [CHANGED, DECIDE, DECIDE], "which of two it is holds for that row only"
    view.table.selectRow(0)
    view.answer(new, True)
    assert [item.kind for item in items] == [CHANGED, NEW, NEW]
    view.deleteLater()


def test_private_facts_are_whole_only_beside_the_list(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    view = planned(qtbot, page, roster(tmp_path))
    view.show_only(CHANGED)
    ((where, name, number, *_, kind, why),) = texts(view)
    stored = Person.get(Person.id_number == people()[0][3])
    assert (where, name, kind, why) == ("名单!第3行", "王建国", "修改", "改 联系电话。")
    assert number == Person.id_number.mask(stored.id_number) and "*" in number
    beside = [label.text() for label in view.detail.findChildren(look.QLabel)]
    assert stored.telephone in beside and "19912345678" in beside
    assert any(stored.id_number in text for text in beside)
    view.show_only(REFUSED)
    ((where, name, number, *_),) = texts(view)
    assert where.startswith("名单!D") and number.startswith("****")


def test_returned_rows_are_kept(
    qtbot: Any, page: PlanPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(qtbot, page, roster(tmp_path))
    monkeypatch.setattr(plan_verbs, "ask_place", lambda *_: tmp_path / "退回.xlsx")
    page.keep.click()
    qtbot.waitUntil(lambda: not page.working)
    kept = openpyxl.load_workbook(tmp_path / "退回.xlsx")["名单"]
    reasons = [row[-1].value for row in kept.iter_rows() if row[-1].value]
    assert reasons[0] == "原因" and len(reasons) == 5  # three to decide, one of them with a cell, and one refused


def test_nothing_to_write_says_so(qtbot: Any, page: PlanPage, tmp_path: Path) -> None:
    view = planned(qtbot, page, book(tmp_path, {"名单": [HEADING, people()[1]]}))
    assert not page.next.isEnabled() and page.next.toolTip() == view.why_not() != ""
    assert view.why_not() in view.said.text()
    hand.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.step == RESULT and not page.working


def taken(view: PlanView, kind: str) -> float:
    began = time.perf_counter()
    view.show_only(kind)
    view.grab()
    return time.perf_counter() - began


def test_a_township_is_filtered_at_once(township: Window) -> None:
    kinds = (NEW, CHANGED, SAME, DECIDE, REFUSED)
    items = [
        Item(SheetRow("名单", n + 2, {"name": f"甲{n}"}), kinds[n % 5], values={"name": f"甲{n}"})
        for n in range(11_753)
    ]
    for item in items[3::5]:
        item.question, item.about, item.choices = "是不是同一个？", "twin", (Choice(None, "不是"),)
    view = PlanView(township.tasks)
    view.resize(1100, 600)
    view.show_plan(Plan(Person, items, "household"))
    view.show()
    for kind in ("", SAME, LEFT_OUT, DOUBTS, DECIDE):
        assert min(taken(view, kind) for _ in range(3)) < SMALL
    assert view.table.rows.rowCount() == 2350
    view.close()
    view.deleteLater()


@pytest.mark.parametrize("size", look.SIZES)
@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_cut_off(qtbot: Any, page: PlanPage, tmp_path: Path, screen: str, size: str) -> None:
    window = page.window_
    window.set_size(size)
    window.resize(*SCREENS[screen])
    wrong = {"file": faults(window)}
    more = {f"{name}村民委员会": [HEADING, *people()] for name in ("牛街", "保邑", "荣华", "朗碧")}
    page.open_file(roster(tmp_path, **more))
    arrive(qtbot, page, READING)
    qtbot.waitUntil(lambda: page.intake_view._job is None)
    wrong["reading"] = faults(window)
    page.intake_view.tabs.setCurrentIndex(1)
    page.intake_view.set_field(4, "")
    qtbot.waitUntil(lambda: page.intake_view._job is None)
    wrong["village"] = faults(window)
    page.step_on()
    arrive(qtbot, page, RESULT)
    for kind in (DECIDE, REFUSED, CHANGED, NEW):
        page.plan_view.show_only(kind)
        qtbot.wait(10)
        wrong[kind] = faults(window)
    page.step_on()
    arrive(qtbot, page, WRITTEN)
    wrong["written"] = faults(window)
    assert {step: found for step, found in wrong.items() if found} == {}
    assert (window.width(), window.height()) == SCREENS[screen]
