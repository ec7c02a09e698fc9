"""填上级空表 in the window: open a blank form, choose what a place is filled from, fill it; kept forms in one click."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from app.ledgers.contents import ledger_called
from app.ledgers.listing import Listing
from app.models.arrangements import OwnColumn
from app.models.conditions import read
from app.models.county_forms import BoundForm
from app.models.here import Clerk, standing
from app.models.paths import labels
from app.models.people import Household, Person
from app.sheets import county_form
from app.sheets.bound_form import bind, bound_forms, choices_of, kind_of
from app.sheets.form_source import ROSTER, SINGLE, STATISTICS
from app.ui import fill_verbs, look
from app.ui.ask import Ask
from app.ui.contents_bar import NAME
from app.ui.fill_open import open_file
from app.ui.fill_page import FillPage
from app.ui.place_card import UNKNOWN
from app.ui.place_input import NEW
from app.ui.window import Window
from app.work.bulk import change_all
from app.work.staff import first_account
from tests.ui.hand import press, write
from tests.ui.test_fits import SCREENS, faults

Key = Qt.Key
OLD = "年龄 >= 60"
ID = "公民身份号码"


def made(path: Path, *draw: Callable[[Any], None]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for at, one in enumerate(draw, 1):
        one(book.create_sheet(f"表{at}"))
    book.save(path)
    return path


def roster(sheet: Any) -> None:
    sheet.append(["老年人花名册"])
    sheet.merge_cells("A1:E1")
    sheet.append(["序号", "姓名", ID, "行政村", "帮扶责任人"])
    for _ in range(3):
        sheet.append([None] * 5)
    sheet["A6"] = "填表人："


def names_only(sheet: Any) -> None:
    sheet.append(["序号", "姓名", "性别", "年龄"])


def single(sheet: Any) -> None:
    sheet["A1"] = "家庭情况登记表"
    sheet.merge_cells("A1:F1")
    sheet["A2"], sheet["C2"], sheet["E2"] = "户编号", "行政村", "家庭住址"
    sheet["A3"], sheet["C3"], sheet["E3"] = "家庭人口", "户联系电话", "致贫原因"


def statistics(sheet: Any) -> None:
    sheet["A1"] = "老年人统计表"
    sheet.merge_cells("A1:D1")
    for at, text in enumerate(("村名", "60岁以上", "80岁以上", "常年在外"), 1):
        sheet.cell(2, at, text)
    for at, name in enumerate(("牛街村", "保邑村", "合计"), 3):
        sheet.cell(at, 1, name)
    sheet.cell(6, 1, "填表人：")


def opened(qtbot: Any, window: Window, path: Path, name: str = "persons", where: str = "") -> FillPage:
    """The page of a form, to be filled from a ledger that is open under a condition."""
    ledger = ledger_called(name)
    before = window.page
    open_file(window, path, name, Listing(ledger, read(where, ledger.record)))
    qtbot.waitUntil(lambda: window.page is not before and isinstance(window.page, FillPage), timeout=20_000)
    assert isinstance(window.page, FillPage)
    return settled(qtbot, window.page)


def settled(qtbot: Any, page: FillPage) -> FillPage:
    qtbot.waitUntil(lambda: page._job is None and not page._soon.isActive() and page._filling is None, timeout=20_000)
    return page


def sources(page: FillPage) -> dict[str, str]:
    """What each place of the sheet is filled from, in the order in which they stand."""
    return {
        place.caption: place.input.text() if place.input else place.fixed.text() for place in page.card.table.places
    }


def tinted(page: FillPage) -> set[str]:
    return {place.caption for place in page.card.table.places if place.property("place") == "open"}


def save_to(monkeypatch: pytest.MonkeyPatch, place: Path) -> list[str]:
    asked: list[str] = []

    def ask(parent: Any, title: str, proposed: str, kinds: str) -> tuple[str, str]:
        asked.append(Path(proposed).name)
        return str(place), kinds

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    return asked


def filled(qtbot: Any, page: FillPage) -> Any:
    """The first sheet of what was filled."""
    qtbot.waitUntil(page.result.isVisible, timeout=20_000)
    assert page.filled_at is not None
    return load_workbook(page.filled_at).worksheets[0]


def in_contents(window: Window, title: str) -> str:
    """The name of an entry of the contents, or nothing."""
    items = [window.contents.item(row) for row in range(window.contents.count())]
    return next((item.data(NAME) or "" for item in items if item.text() == title), "")


def click(window: Window, title: str) -> None:
    items = [window.contents.item(row) for row in range(window.contents.count())]
    window.contents.itemClicked.emit(next(item for item in items if item.text() == title))


# --- opening, choosing, filling ---


def test_from_a_ledger_with_its_filter_to_the_filled_form(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    template = made(tmp_path / "空表.xlsx", roster)
    ledger: Any = township.open_ledger("persons", where=read(OLD, Person), search="建国")
    qtbot.waitUntil(lambda: ledger._job is None)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *asked: (str(template), ""))
    ledger.tools._fill()
    next(one for one in ledger.tools.menu.actions() if one.text() == "填上级空表…").trigger()
    qtbot.waitUntil(lambda: isinstance(township.page, FillPage), timeout=20_000)
    page: Any = settled(qtbot, township.page)  # type: ignore[arg-type]
    rows = ledger.listing.count()
    assert page.title.text() == "空表.xlsx" and page.card.kind.currentText() == ROSTER
    assert page.rows.ledger.currentText() == "人员台账" and page.rows.where.text() == f"{OLD} 且 搜索(建国)"
    assert page.card.counts.text().startswith(f"要填 {rows} 行、{rows * 4} 格；黄底的 1 处不填")
    assert list(sources(page)) == ["帮扶责任人", "序号", "姓名", ID, "行政村"] and tinted(page) == {"帮扶责任人"}
    proposed, opened_places = save_to(monkeypatch, tmp_path / "填好.xlsx"), list[str]()
    page.fill_button.click()
    sheet = filled(qtbot, page)
    whole = Listing(ledger.ledger, ledger.listing.condition, whole=True)
    told = whole.but(columns=tuple(whole.ledger.column(one) for one in ("name", "id_number", "household.village")))
    expected = [[at, *row, None] for at, row in enumerate(told.cells(ledger.listing.keys()), 1)]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(3, 2 + rows, 1, 5)] == expected
    assert sheet.cell(3 + max(rows, 3), 1).value == "填表人：" and proposed[0].startswith("空表")
    assert page.said.text().startswith(f"已填好“表1”{rows} 行、{rows * 4} 格，保存在 填好.xlsx。")
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened_places.append(url.toLocalFile()))
    page.open_button.click()
    page.folder_button.click()
    assert opened_places == [str(tmp_path / "填好.xlsx"), str(tmp_path)]


def test_what_a_place_is_filled_from_is_chosen_by_keyboard(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", roster), where=OLD)
    place = page.card.table.place("帮扶责任人")
    assert place.input is not None
    place.input.setFocus()
    qtbot.waitUntil(place.input.hasFocus)
    write("电话")
    assert place.input.is_open
    press(Key.Key_Escape)
    place.input.selectAll()
    write("户联系电话")
    press(Key.Key_Return)
    settled(qtbot, page)
    assert page.choices == {"帮扶责任人": "户联系电话"} and tinted(page) == set()
    assert not place.input.hasFocus(), "Enter goes on to the next place"
    village = page.card.table.place("行政村")
    assert village.input is not None
    village.input.setFocus()
    qtbot.waitUntil(village.input.hasFocus)
    village.input.setText("不填")
    village.input.textEdited.emit("不填")
    page.fill_button.setFocus()
    settled(qtbot, page)
    assert page.choices["行政村"] == "" and tinted(page) == {"行政村"} and sources(page)["行政村"] == "不填"
    save_to(monkeypatch, tmp_path / "填好.xlsx")
    qtbot.keyClick(township, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    sheet = filled(qtbot, page)
    assert sheet["D3"].value is None and sheet["E3"].value.startswith("199")
    village.input.setFocus()
    qtbot.waitUntil(village.input.hasFocus)
    village.input.setText("")
    page.fill_button.setFocus()
    settled(qtbot, page)
    assert "行政村" not in page.choices and sources(page)["行政村"] == "行政村", "an empty field is recognised again"


def test_what_the_office_never_kept_becomes_an_own_column_and_is_filled_once(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", roster), where=OLD)
    place = page.card.table.place("帮扶责任人")
    assert place.input is not None
    place.input.setFocus()
    qtbot.waitUntil(place.input.hasFocus)
    write("新增")
    assert [offer.text for offer in place.input.offers("新增")] == [NEW]
    press(Key.Key_Return)
    dialog = page.findChild(Ask)
    assert dialog is not None and dialog.fields["title"].read() == "帮扶责任人"
    assert "帮扶责任人" not in page.choices and tinted(page) == {"帮扶责任人"}, "nothing is chosen until it is there"
    dialog.fields["kind"].set_value("1")
    dialog.answer()
    qtbot.waitUntil(lambda: page.choices == {"帮扶责任人": "帮扶责任人"}, timeout=20_000)
    settled(qtbot, page)
    assert tinted(page) == set() and OwnColumn.get().title == "帮扶责任人"
    change_all(Person, page.rows.listing.keys()[:1], labels(Person)["帮扶责任人"], "王干部")
    settled(qtbot, page)
    save_to(monkeypatch, tmp_path / "填好.xlsx")
    page.fill_button.click()
    assert filled(qtbot, page)["E3"].value == "王干部"


def test_a_word_that_means_nothing_is_told_and_nothing_is_filled(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", roster), where=OLD)
    asked = save_to(monkeypatch, tmp_path / "填好.xlsx")
    place = page.card.table.place("帮扶责任人")
    assert place.input is not None
    place.input.setText("没有这一项")
    page.fill_button.click()
    assert place.fault.text() == "没有叫“没有这一项”的数据项，请从候选里选，或写“不填”。"
    assert not asked and page.choices == {}


def test_another_condition_and_another_ledger(qtbot: Any, township: Window, tmp_path: Path) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", roster), where=OLD)
    first = page.matches[0].rows
    page.rows.where.setFocus()
    page.rows.where.setText(f"{OLD} 且 行政村 = ")
    press(Key.Key_Return)
    assert page.rows.fault.isVisible() and page.rows.fault.text().endswith("。")
    page.rows.where.setText(f"{OLD} 且 行政村 = 牛街村")
    press(Key.Key_Return)
    settled(qtbot, page)
    assert not page.rows.fault.isVisible() and 0 < page.matches[0].rows < first
    page.rows.ledger.setCurrentIndex(page.rows.ledger.findData("places"))
    page.rows.ledger.activated.emit(page.rows.ledger.currentIndex())
    settled(qtbot, page)
    assert page.rows.where.text() == "" and "读不懂，已去掉" in township.said.text()
    assert page.wrong.text().endswith("请换一个台账再试。") and not page.fill_button.isEnabled()
    assert page.card.kind.currentText() == UNKNOWN and not page.card.table.isVisible()
    page.rows.ledger.setCurrentIndex(page.rows.ledger.findData("persons"))
    page.rows.ledger.activated.emit(page.rows.ledger.currentIndex())
    settled(qtbot, page)
    assert page.matches[0].rows == Listing(ledger_called("persons")).count() and page.fill_button.isEnabled()
    assert not page.wrong.isVisible()


def test_statistics_are_filled_by_conditions(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "统计.xlsx", statistics))
    assert page.card.kind.currentText() == STATISTICS and tinted(page) == {"常年在外"}
    assert sources(page)["80岁以上"] == "年龄 >= 80" and sources(page)["合计"] == "全部"
    away = page.card.table.place("常年在外")
    assert away.input is not None
    away.input.setFocus()
    qtbot.waitUntil(away.input.hasFocus)
    away.input.setText("外出 = 也许")
    press(Key.Key_Return)
    qtbot.waitUntil(away.fault.isVisible)
    assert away.fault.text().endswith("。") and page.choices == {}
    away.input.setText("外出=是")
    page.fill_button.setFocus()
    settled(qtbot, page)
    assert page.choices == {"常年在外": "外出 = 是"} and tinted(page) == set()
    save_to(monkeypatch, tmp_path / "填好.xlsx")
    page.fill_button.click()
    sheet = filled(qtbot, page)
    for row, village in ((3, "行政村 = 牛街村 且 "), (4, "行政村 = 保邑村 且 "), (5, "")):
        counted = [Listing(ledger_called("persons"), read(village + one, Person)).count()
                   for one in (OLD, "年龄 >= 80", "外出 = 是")]  # fmt: skip
        assert [sheet.cell(row, column).value for column in (2, 3, 4)] == counted and counted[2] > 0


def test_single_forms_go_into_one_workbook_or_a_folder(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "登记.xlsx", single), "households", "行政村 = 牛街村")
    assert page.card.kind.currentText() == SINGLE and page.apart.isVisible() and page.apart.text() == "一户一个文件"
    assert page.card.counts.text().startswith("要填 20 份")
    monkeypatch.setattr("app.ui.fill_page.MOST_COPIES", 19)
    page._show_state()
    assert not page.fill_button.isEnabled() and "最多 19 份，现有 20 份" in page.wrong.text()
    page.apart.setChecked(True)
    assert page.fill_button.isEnabled() and not page.wrong.isVisible()
    (tmp_path / "各户").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *asked: str(tmp_path / "各户"))
    page.fill_button.click()
    qtbot.waitUntil(page.result.isVisible, timeout=20_000)
    numbers = {load_workbook(path).worksheets[0]["B2"].value for path in (tmp_path / "各户").iterdir()}
    homes = Listing(ledger_called("households"), read("行政村 = 牛街村", Household))
    assert numbers == {row[0] for row in homes.but(columns=(homes.ledger.column("number"),)).values(homes.keys())}


def test_each_sheet_has_a_tab_and_may_be_said_to_be_of_another_kind(
    qtbot: Any, township: Window, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "两张.xlsx", roster, statistics), where=OLD)
    assert [page.tabs.tabText(at) for at in range(2)] == ["表1", "表2"] and not page.apart.isVisible()
    page.tabs.setCurrentIndex(1)
    assert page.card.kind.currentText() == STATISTICS and "常年在外" in sources(page)
    page.card.kind.setCurrentText(SINGLE)
    page.card.kind.activated.emit(page.card.kind.currentIndex())
    settled(qtbot, page)
    assert [match.kind for match in page.matches] == [ROSTER, ""] and page.card.kind.currentText() == UNKNOWN
    assert page.tabs.tabText(1) == "表2 · 不填" and page.fill_button.isEnabled()
    page.set_kind(STATISTICS)
    settled(qtbot, page)
    assert [match.kind for match in page.matches] == [ROSTER, STATISTICS]


# --- what goes wrong ---


def test_a_file_that_is_no_form_is_told_in_one_sentence(qtbot: Any, township: Window, tmp_path: Path) -> None:
    (tmp_path / "信.xlsx").write_bytes(b"no workbook")
    before = township.open_ledger("persons")
    open_file(township, tmp_path / "信.xlsx", "persons", Listing(ledger_called("persons")))
    qtbot.waitUntil(township.strip.isVisible, timeout=20_000)
    assert township.page is before and township.strip.text.text().count("。") == 1


def test_the_blank_form_itself_is_never_overwritten(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    template = made(tmp_path / "空表.xlsx", roster)
    page = opened(qtbot, township, template, where=OLD)
    before = template.read_bytes()
    save_to(monkeypatch, template)
    page.fill_button.click()
    assert "不能盖住空表" in township.strip.text.text() and template.read_bytes() == before


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Filling that waits, telling how far it is, until it is let on."""
    began, go = threading.Event(), threading.Event()
    fill = county_form.fill

    def waits(*given: Any) -> list[str]:
        began.set()
        while not go.wait(0.01):
            next(one for one in given if callable(one))(1, 2, "填写")
        return fill(*given)

    monkeypatch.setattr(county_form, "fill", waits)
    yield began
    go.set()


def test_filling_is_stopped_and_nothing_is_left(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, slow: threading.Event
) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", roster), where=OLD)
    save_to(monkeypatch, tmp_path / "填好.xlsx")
    page.fill_button.click()
    qtbot.waitUntil(township.status.stop.isVisible)
    assert slow.wait(10) and not page.fill_button.isEnabled()
    township.status.stop.click()
    settled(qtbot, page)
    assert township.strip.text.text().startswith("已停止") and not page.result.isVisible()
    assert [one.name for one in tmp_path.glob("*.xlsx")] == ["空表.xlsx"] and page.fill_button.isEnabled()


def test_the_page_may_be_left_while_it_is_filled(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", roster), where=OLD)
    save_to(monkeypatch, tmp_path / "填好.xlsx")
    page.fill_button.click()
    township.close_page(page)
    qtbot.waitUntil(lambda: "已填好" in township.said.text(), timeout=20_000)
    assert (tmp_path / "填好.xlsx").exists()


# --- remembered ---


def remembered(qtbot: Any, page: FillPage, title: str) -> BoundForm:
    page.keep_button.click()
    dialog = next(one for one in page.findChildren(Ask) if one.isVisible())
    dialog.fields["title"].set_value(title)
    dialog.answer()
    qtbot.waitUntil(lambda: title in bound_forms().values(), timeout=20_000)
    qtbot.waitUntil(lambda: page.form.kept is not None)
    assert page.form.kept is not None
    return page.form.kept


def test_a_form_is_remembered_and_filled_by_one_click_and_enter(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "3月.xlsx", roster), where=OLD)
    page.choose("帮扶责任人", "户联系电话")
    settled(qtbot, page)
    kept = remembered(qtbot, page, "老人月报")
    assert (kept.source, kept.condition, choices_of(kept)) == ("persons", OLD, {"帮扶责任人": "户联系电话"})
    qtbot.waitUntil(lambda: in_contents(township, "老人月报") == f"bound:{kept.id}")
    township.close_page(page)
    (tmp_path / "3月.xlsx").unlink()
    click(township, "老人月报")
    qtbot.waitUntil(lambda: isinstance(township.page, FillPage), timeout=20_000)
    again: Any = settled(qtbot, township.page)  # type: ignore[arg-type]
    assert again.title.text() == "老人月报" and township.contents.current() == f"bound:{kept.id}"
    assert again.rows.ledger.currentText() == "人员台账" and again.rows.where.text() == OLD and not again.note.text()
    assert sources(again)["帮扶责任人"] == "户联系电话" and tinted(again) == set()
    save_to(monkeypatch, tmp_path / "填好.xlsx")
    township.activateWindow()
    qtbot.waitUntil(again.fill_button.hasFocus)
    press(Key.Key_Return)
    assert filled(qtbot, again)["E3"].value.startswith("199")


def test_next_months_file_is_known_again(qtbot: Any, township: Window, tmp_path: Path) -> None:
    listing = Listing(ledger_called("persons"), read(OLD, Person))
    bind("老人月报", made(tmp_path / "3月.xlsx", roster), listing, "persons", "", {"帮扶责任人": "户联系电话"})

    def april(sheet: Any) -> None:
        roster(sheet)
        sheet["A1"] = "老年人花名册2027"

    page = opened(qtbot, township, made(tmp_path / "4月.xlsx", april))
    assert page.note.text() == "这张空表和记住的“老人月报”一样，已用上次的取数。" and page.use_kept.isVisible()
    assert sources(page)["帮扶责任人"] == "户联系电话" and page.rows.where.text() == ""
    page.use_kept.click()
    settled(qtbot, page)
    assert page.rows.where.text() == OLD and not page.note.isVisible() and page.matches[0].rows == listing.count()
    other = opened(qtbot, township, made(tmp_path / "4月.xlsx", april), "households")
    assert other.note.text() == "这张空表和记住的“老人月报”一样，上次取自“人员台账”。" and other.choices == {}


def test_kinds_of_several_sheets_are_remembered(qtbot: Any, township: Window, tmp_path: Path) -> None:
    page = opened(qtbot, township, made(tmp_path / "两张.xlsx", roster, statistics), where=OLD)
    page.tabs.setCurrentIndex(1)
    page.set_kind(SINGLE)
    settled(qtbot, page)
    kept = remembered(qtbot, page, "两张表")
    assert kind_of(kept) == {"表2": SINGLE}
    page.take_kept()
    settled(qtbot, page)
    assert [match.kind for match in page.matches] == [ROSTER, ""]


def test_a_remembered_form_is_forgotten_and_comes_back_by_undo(qtbot: Any, township: Window, tmp_path: Path) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", roster), where=OLD)
    fill_verbs.drop(page)
    assert township.said.text() == "这张空表没有记住过，不用删除。"
    remembered(qtbot, page, "老人月报")
    page.drop_action.trigger()
    qtbot.waitUntil(lambda: page not in township.pages and not in_contents(township, "老人月报"))
    assert bound_forms() == {} and "已删除上级报表" in township.said.text()
    township.undo()
    qtbot.waitUntil(lambda: bool(in_contents(township, "老人月报")))


def test_a_kept_form_whose_ledger_is_gone_says_so_and_can_be_filled_from_another(
    qtbot: Any, township: Window, tmp_path: Path
) -> None:
    listing = Listing(ledger_called("persons"), read(OLD, Person))
    bind("老人月报", made(tmp_path / "3月.xlsx", roster), listing, "早就没有的台账")
    township.look_for_news()
    click(township, "老人月报")
    qtbot.waitUntil(lambda: isinstance(township.page, FillPage), timeout=20_000)
    page: Any = settled(qtbot, township.page)  # type: ignore[arg-type]
    assert "没有叫“早就没有的台账”的台账" in page.note.text()
    assert page.drop_action.isEnabled() and page.rows.ledger.currentIndex() == 0


# --- private numbers ---


@pytest.fixture
def clerk(township: Window) -> Iterator[Clerk]:
    account = first_account("yxz", "杨秀珍", "lianxin-2026", "lianxin-2026")
    with standing(clerk=account, who=account.account):
        yield account


def test_whole_numbers_are_filled_for_a_purpose(
    qtbot: Any, township: Window, clerk: Clerk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", roster), where=OLD)
    asked = save_to(monkeypatch, tmp_path / "填好.xlsx")
    page.fill_button.click()
    dialog = next(one for one in page.findChildren(Ask) if one.isVisible())
    assert not asked and "purpose" in dialog.fields
    dialog.fields["purpose"].input.setText("上报老年人名册")
    dialog.answer()
    assert len(str(filled(qtbot, page)["C3"].value)) == 18 and "*" not in filled(qtbot, page)["C3"].value
    titles = [row[0] for row in township_titles()]
    assert any("写全号码，用途：上报老年人名册" in title for title in titles)


def township_titles() -> list[Any]:
    from app.models.here import here

    return list(here().file.run("SELECT title FROM operation ORDER BY id DESC").fetchall())


def test_a_form_without_private_numbers_asks_no_purpose(
    qtbot: Any, township: Window, clerk: Clerk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", names_only), where=OLD)
    save_to(monkeypatch, tmp_path / "填好.xlsx")
    page.fill_button.click()
    assert not [one for one in page.findChildren(Ask) if one.isVisible()]
    assert filled(qtbot, page)["B2"].value


def test_who_may_not_export_is_told(qtbot: Any, township: Window, tmp_path: Path) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", roster), where=OLD)
    with standing(clerk=Clerk("ld", "领导", "3", None, 1), who="ld"):
        page._show_state()
        assert not page.fill_button.isEnabled() and "导出" in page.fill_button.toolTip()
        ledger: Any = township.open_ledger("persons")
        from app.ui import ledger_verbs

        ledger_verbs.fill_form(ledger)
        assert township.page is ledger and "导出" in township.said.text()


# --- how it looks ---


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", look.SIZES)
def test_the_page_fits_and_cuts_nothing(
    qtbot: Any, township: Window, tmp_path: Path, screen: str, size: str
) -> None:
    township.set_size(size)
    township.resize(*SCREENS[screen])
    long = f"{OLD} 且 行政村 = 牛街村 且 (与户主关系 = 户主 或 外出 = 是)"
    wrong = {}
    template = made(tmp_path / "一张名字很长的上级要的空白报表.xlsx", roster, statistics)
    page = opened(qtbot, township, template, where=long)
    wrong["roster"] = faults(township)
    page.tabs.setCurrentIndex(1)
    wrong["statistics"] = faults(township)
    place = page.card.table.places[0]
    assert place.input is not None
    place.input.setText("80岁")
    place.settle()
    page.rows.where.setText("年龄 >= 七十")
    page.rows.settle()
    page._note("这张空表和记住的“老年人月报表”一样，已用上次的取数。", True)
    page.end("已填好“表1”12 行、48 格；“表2”9 格，保存在 老年人.xlsx。\n“表1”的宏没有保留。", tmp_path / "老年人.xlsx")
    wrong["told"] = faults(township)
    page = opened(qtbot, township, made(tmp_path / "登记.xlsx", single), "households")
    wrong["single"] = faults(township)
    assert {name: found for name, found in wrong.items() if found} == {}
    assert (township.width(), township.height()) == SCREENS[screen]
    township.set_size("middle")


def test_matching_that_is_stopped_can_be_asked_for_again(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(qtbot, township, made(tmp_path / "空表.xlsx", roster), where=OLD)
    go = threading.Event()
    real = page.match

    def waits(*given: Any) -> Any:
        go.wait(10)
        return []

    monkeypatch.setattr("app.ui.fill_page.match_sheets", waits)
    page.match()
    assert page.wrong.isHidden() and not page.fill_button.isEnabled()
    township.tasks.cancel()
    go.set()
    qtbot.waitUntil(lambda: page._job is None)
    assert "重新核对" in page.wrong.text()
    monkeypatch.undo()
    real()
    settled(qtbot, page)
    assert page.fill_button.isEnabled()

