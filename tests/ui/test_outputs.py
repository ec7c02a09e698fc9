"""What goes out: the preview and its file, the printer, the export; saving never waits for any of them."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog

from app.desk import wire
from app.ledgers.contents import ledger_called
from app.ledgers.listing import Listing
from app.models.certificates import DONATION, Certificate
from app.models.faults import Trouble
from app.models.help import GOODS, VISIT, HelpRecord
from app.models.operation import operation
from app.models.places import Place
from app.models.progress import Progress
from app.papers.contents import PAPERS
from app.papers.preview import page_count, page_image, text
from app.ui import look, printing
from app.ui.outputs import PrintPage, ask_place, export_listing, print_listing, print_paper
from app.ui.window import Window
from app.work.help import record_delivery
from tests.conftest import DAY
from tests.ui.test_fits import clipped, outside, sideways

Key = Qt.Key


@pytest.fixture
def delivered(township: Window) -> int:
    """A delivery of goods to forty persons, after a mere visit to one of them."""
    persons = list(Listing(ledger_called("persons")).keys())
    record_delivery(persons[:1], kind=VISIT, day=DAY, subject="入户走访")
    record_delivery(persons[:40], kind=GOODS, day=DAY, subject="重阳慰问", goods="大米10公斤", value=60_00)
    return int(HelpRecord.get(HelpRecord.kind == GOODS).id)


def visit() -> int:
    return int(HelpRecord.get(HelpRecord.kind == VISIT).id)


def drawn(qtbot: Any, page: PrintPage) -> PrintPage:
    qtbot.waitUntil(lambda: page._job is None and page.count > 0, timeout=20_000)
    return page


def preview(qtbot: Any, window: Window, name: str = "persons") -> PrintPage:
    return drawn(qtbot, print_listing(window, Listing(ledger_called(name)), []))


def answer(monkeypatch: pytest.MonkeyPatch, *places: Path | str) -> list[str]:
    """The clerk's answers to the dialogs that ask for a place; gives what each was proposed."""
    asked: list[str] = []

    def ask(parent: Any, title: str, proposed: str, kinds: str) -> tuple[str, str]:
        asked.append(proposed)
        return str(places[len(asked) - 1]), kinds

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    return asked


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that were opened for the clerk."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    return opened


# --- the preview ---


def test_a_listing_opens_at_its_first_page_and_says_what_is_shown(qtbot: Any, township: Window) -> None:
    page = preview(qtbot, township)
    count = page_count(page.file)
    assert township.page is page and count > 1
    assert page.place.text() == f"第 1 页，共 {count} 页"
    assert township.said.text() == f"人员台账共 {count} 页。"
    assert not page.remark.isVisible()
    found = "".join(text(page.file))
    rows = Listing(ledger_called("persons"), whole=True)
    assert all(row[0] in found for row in rows.rows(0, len(rows.keys())))


def test_keys_turn_the_pages_and_stop_at_both_ends(qtbot: Any, township: Window) -> None:
    page = preview(qtbot, township)
    first = page.sheet.pixmap().toImage()
    qtbot.keyClick(township, Key.Key_PageUp)
    assert page.at == 0 and not page.previous.isEnabled()
    for _ in range(page.count + 2):
        qtbot.keyClick(township, Key.Key_PageDown)
    assert page.at == page.count - 1 and not page.next.isEnabled() and page.previous.isEnabled()
    assert page.place.text() == f"第 {page.count} 页，共 {page.count} 页"
    assert page.sheet.pixmap().toImage() != first
    qtbot.keyClick(township, Key.Key_PageUp)
    assert page.at == page.count - 2


def test_the_arrow_keys_scroll_and_escape_goes_back(qtbot: Any, township: Window) -> None:
    ledger = township.open_ledger("persons")
    page = preview(qtbot, township)
    assert page.back.text() == "← 人员台账"
    qtbot.waitUntil(lambda: page.area.verticalScrollBar().maximum() > 0)
    qtbot.keyClick(township.focusWidget(), Key.Key_Down)
    assert page.area.verticalScrollBar().value() > 0
    qtbot.keyClick(township.focusWidget(), Key.Key_Escape)
    assert township.page is ledger


def test_another_paper_or_direction_is_drawn_anew(qtbot: Any, township: Window) -> None:
    page = preview(qtbot, township)
    shapes = {}
    for size in (0, 1):
        for direction in (0, 1):
            page.paper.setCurrentIndex(size)
            page.turned.setCurrentIndex(direction)
            drawn(qtbot, page)
            image = page_image(page.file, 0, 600)
            shapes[page.paper.currentText(), page.turned.currentText()] = image.width < image.height
            assert page.upright == (image.width < image.height)
    assert shapes == {("A4", "横向"): False, ("A4", "纵向"): True, ("A3", "横向"): False, ("A3", "纵向"): True}
    a3 = page.count
    page.paper.setCurrentText("A4")
    assert drawn(qtbot, page).count > a3


def test_while_it_is_drawn_anew_nothing_old_can_be_printed_or_turned(qtbot: Any, township: Window) -> None:
    page = preview(qtbot, township)
    page.turn(page.count)
    page.paper.setCurrentText("A3")
    assert page.count == 0 and page.place.text() == "正在生成…"
    for button in (page.printing, page.saving, page.previous, page.next):
        assert not button.isEnabled()
    page.turn(1)
    page.show_page()
    drawn(qtbot, page)
    assert page.at == 0 and page.printing.isEnabled() and page.saving.isEnabled()


def test_private_facts_are_masked_when_the_tick_is_taken_away(qtbot: Any, township: Window) -> None:
    page = preview(qtbot, township)
    number = Listing(ledger_called("persons"), whole=True)
    column = [one.text for one in number.shown].index("id_number")
    numbers = [row[column] for row in number.rows(0, 20)]
    whole = "".join(text(page.file))
    assert all(one in whole for one in numbers)
    page.whole.click()
    drawn(qtbot, page)
    masked = "".join(text(page.file))
    assert not any(one in masked for one in numbers) and "*" in masked


def test_a_paper_without_private_facts_does_not_offer_to_mask_them(qtbot: Any, township: Window) -> None:
    assert not preview(qtbot, township, "help").whole.isVisible()
    assert preview(qtbot, township, "persons").whole.isVisible()


def test_characters_that_no_font_has_are_told_on_the_page(qtbot: Any, township: Window) -> None:
    with operation("怪字"):
        place = Place.get(Place.level == "3")
        place.name = "牛街\U00013000村"
        place.save()
    page = preview(qtbot, township, "persons")
    assert page.remark.isVisible() and page.remark.text().startswith("注意：没有字形")
    assert "\U00013000" in page.remark.text() and ".pdf" not in township.said.text()


def test_only_the_chosen_rows_are_drawn_where_there_are_several(qtbot: Any, township: Window) -> None:
    listing = Listing(ledger_called("persons"))
    keys = list(listing.keys())
    one = drawn(qtbot, print_listing(township, listing, keys[:1]))
    assert one.count > 1  # one row is always chosen: the whole listing is meant
    few = drawn(qtbot, print_listing(township, listing, keys[:3]))
    assert few.count == 1 and "共 3 行" in text(few.file)[0]


@pytest.mark.parametrize("size", look.SIZES)
@pytest.mark.parametrize("screen", [(1366, 768), (911, 512)])
def test_the_preview_fits(qtbot: Any, township: Window, delivered: int, size: str, screen: tuple[int, int]) -> None:
    township.set_size(size)
    township.resize(*screen)
    for show in (lambda: preview(qtbot, township), lambda: drawn(qtbot, paper(township, "signature-sheet", delivered))):
        page = show()
        for direction in range(page.turned.count()):
            page.turned.setCurrentIndex(direction)
            drawn(qtbot, page)
            qtbot.waitUntil(lambda page=page: fits(page))
    township.set_size("middle")


def fits(page: PrintPage) -> None:
    """Sooner or later: it is laid out anew for a longer sentence, and drawn in its new width when that stands."""
    assert not page._settle.isActive()
    assert page.sheet.pixmap().deviceIndependentSize().width() <= page.area.viewport().width()
    assert clipped(page) + outside(page) + sideways(page) == []


# --- papers of one row ---


def paper(window: Window, name: str, key: int) -> PrintPage:
    page = print_paper(window, PAPERS[name], key)
    assert page is not None
    return page


def test_the_signature_sheet_of_a_delivery(qtbot: Any, township: Window, delivered: int) -> None:
    page = drawn(qtbot, paper(township, "signature-sheet", delivered))
    assert page.count > 1 and township.said.text() == f"签领表共 {page.count} 页。"
    found = "".join(text(page.file))
    assert "重阳慰问签领表" in found and "共 40 人" in found and "大米10公斤" in found
    assert not page.paper.isVisible() and page.whole.isVisible()


def test_a_certificate(qtbot: Any, township: Window) -> None:
    with operation("颁发证书"):
        given = Certificate(
            number="捐〔2026〕001号", kind=DONATION, day=DAY, honoured="某公司", cash=20_000_00, issuer="牛街乡人民政府"
        )
        given.save()
    page = drawn(qtbot, paper(township, "certificate", given.id))
    assert page.count == 1 and township.said.text() == "证书共 1 页。"
    assert "某公司" in text(page.file)[0] and not page.whole.isVisible()


def test_a_visit_has_nothing_to_sign_for_and_the_grey_button_says_why(
    qtbot: Any, township: Window, delivered: int
) -> None:
    page: Any = township.open_ledger("help")
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 2)
    states = {}
    for row, key in enumerate(page.table.rows.keys):
        page.table.setCurrentIndex(page.table.rows.index(row, 0))
        page._show_choice()
        (button,) = [one[1] for one in page.detail.papers if one[0].title == "签领表"]
        states[key] = (button.isEnabled(), button.toolTip())
    assert states[delivered] == (True, "")
    enabled, why = states[visit()]
    assert not enabled and why.startswith("这条帮扶记录没有登记发放的物资或资金") and why.endswith("。")


def test_a_paper_that_cannot_be_drawn_is_not_opened_nor_drawn(
    township: Window, delivered: int, tmp_path: Path
) -> None:
    sheet, pages = PAPERS["signature-sheet"], list(township.pages)
    assert print_paper(township, sheet, visit()) is None
    assert township.pages == pages and "没有要签领的" in township.said.text()
    with pytest.raises(Trouble, match="没有要签领的"):
        sheet.draw(visit(), tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()
    sheet.print_where("日期 不为空", tmp_path / "y.pdf")  # of both records the one it can be drawn for
    assert "重阳慰问签领表" in text(tmp_path / "y.pdf")[0]


# --- saving as PDF ---


def test_what_is_saved_is_the_file_that_was_looked_at(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = preview(qtbot, township)
    asked = answer(monkeypatch, tmp_path / "名册.pdf")
    page.saving.click()
    assert Path(asked[0]).name == "人员台账.pdf"
    assert (tmp_path / "名册.pdf").read_bytes() == page.file.read_bytes()
    assert township.said.text() == f"已存为 {tmp_path / '名册.pdf'}" and township.strip.isHidden()


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (OSError(28, "No space left on device"), "磁盘空间不足"),
        (PermissionError(13, "Permission denied"), "正被其他程序打开或不允许改写"),
        (OSError(30, "Read-only file system"), "不允许写入"),
    ],
)
def test_a_place_that_takes_no_file_is_told_and_keeps_its_old_one(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, broken: OSError, says: str
) -> None:
    page = preview(qtbot, township)
    place = tmp_path / "名册.pdf"
    place.write_bytes(b"old")

    def copy(file: Path, beside: Path) -> None:
        beside.write_bytes(file.read_bytes()[:100])
        raise broken

    monkeypatch.setattr(shutil, "copyfile", copy)
    answer(monkeypatch, place)
    page.save()
    told = township.strip.text.text()
    assert township.strip.isVisible() and says in told and told.count("。") == 1
    assert place.read_bytes() == b"old" and list(tmp_path.glob("*.pdf")) == [place]
    assert list(tmp_path.glob(".*")) == []


def test_thinking_better_of_it_saves_nothing(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = preview(qtbot, township)
    said = township.said.text()
    answer(monkeypatch, "")
    page.save()
    assert township.said.text() == said


def test_a_name_without_its_ending_replaces_nothing_unasked(
    township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, tmp_path / "名册")
    assert ask_place(township, "存", "a.pdf", "") == tmp_path / "名册.pdf"
    (tmp_path / "名册.pdf").write_bytes(b"old")
    asked = answer(monkeypatch, tmp_path / "名册", tmp_path / "名册.pdf")
    assert ask_place(township, "存", "a.pdf", "") == tmp_path / "名册.pdf"
    assert asked[1] == str(tmp_path / "名册.pdf")  # now the dialog itself asks whether it may be replaced


def test_a_title_that_is_no_file_name_can_be_saved(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, "")
    ask_place(township, "存", "80/90岁:老人?.pdf", "")
    assert Path(asked[0]).name == "80 90岁 老人 .pdf"


# --- printing ---


def print_to(page: PrintPage, place: Path, first: int = 0, last: int = 0) -> None:
    """Print as the dialog would after it was accepted, on a printer that writes a file."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(place))
    printing.set_up(printer, page.title, page.paper.currentText(), page.upright)
    printer.setResolution(40)
    if first:
        printer.setFromTo(first, last)
    page.print_on(printer)


@pytest.mark.parametrize("direction", [0, 1])
def test_the_printer_gets_as_many_pages_as_were_looked_at(
    qtbot: Any, township: Window, tmp_path: Path, direction: int
) -> None:
    page = preview(qtbot, township)
    page.turned.setCurrentIndex(direction)
    drawn(qtbot, page)
    print_to(page, tmp_path / "printed.pdf")
    qtbot.waitUntil(lambda: township.said.text() == f"已送往打印机：{page.count} 页。", timeout=20_000)
    assert page_count(tmp_path / "printed.pdf") == page.count
    image = page_image(tmp_path / "printed.pdf", 0, 300)
    assert (image.width < image.height) == page.upright == bool(direction)


def test_some_pages_only_and_the_page_may_be_left_meanwhile(qtbot: Any, township: Window, tmp_path: Path) -> None:
    page = preview(qtbot, township)
    print_to(page, tmp_path / "printed.pdf", 2, 3)
    folder = page.folder
    township.close_page(page)
    qtbot.waitUntil(lambda: township.said.text() == "已送往打印机：2 页。", timeout=20_000)
    assert page_count(tmp_path / "printed.pdf") == 2
    qtbot.waitUntil(lambda: not folder.exists())


@pytest.mark.qt_log_ignore("QPainter::begin", "QPdf", extend=True)
def test_a_printer_that_takes_nothing_is_told(qtbot: Any, township: Window, tmp_path: Path) -> None:
    page = preview(qtbot, township)
    print_to(page, tmp_path / "no folder" / "printed.pdf")
    qtbot.waitUntil(township.strip.isVisible, timeout=20_000)
    assert township.strip.text.text() == printing.NOT_TAKEN


def test_the_dialog_is_asked_and_proposes_the_sheet_of_the_preview(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = preview(qtbot, township)
    page.paper.setCurrentText("A3")
    drawn(qtbot, page)
    opened: list[QPrintDialog] = []

    def show(self: QPrintDialog) -> None:
        opened.append(self)

    monkeypatch.setattr(QPrintDialog, "open", show)
    page.printing.click()
    layout = opened[0].printer().pageLayout()
    assert layout.pageSize().name() == "A3" and layout.orientation() == layout.Orientation.Landscape
    assert (opened[0].minPage(), opened[0].maxPage()) == (1, page.count)
    printed: list[Any] = []
    monkeypatch.setattr(PrintPage, "print_on", lambda self, printer: printed.append(printer))
    page.printing.click()
    opened[1].accepted.emit(opened[1].printer())
    assert [one.docName() for one in printed] == ["人员台账"]
    for dialog in opened:
        dialog.close()


# --- the spreadsheet ---


@pytest.mark.parametrize("chosen", [0, 1, 3])
def test_the_export_holds_the_whole_list_or_several_chosen_rows(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folders: list[str], chosen: int
) -> None:
    from openpyxl import load_workbook

    wire(township)
    page: Any = township.open_ledger("persons")
    listing = page.listing
    rows = 180 if chosen < 2 else chosen
    asked = answer(monkeypatch, tmp_path / "名册")
    township.export_asked.emit(listing, list(listing.keys()[:chosen]))
    qtbot.waitUntil(lambda: bool(folders), timeout=20_000)
    assert Path(asked[0]).name == f"人员台账{DAY:%Y%m%d}.xlsx" and folders == [str(tmp_path)]
    assert township.said.text() == f"已导出“人员台账”{rows} 行到 名册.xlsx。"
    sheet = load_workbook(tmp_path / "名册.xlsx").active
    numbered = [row[0].value for row in sheet.iter_rows(min_row=4) if isinstance(row[0].value, int)]
    assert numbered == list(range(1, rows + 1))
    headings = [cell.value for cell in sheet[3]]
    whole = Listing(ledger_called("persons"), whole=True)
    at = [column.text for column in whole.shown].index("id_number")
    assert sheet.cell(4, headings.index(whole.shown[at].caption) + 1).value == whole.rows(0, 1)[0][at]


def test_an_export_that_cannot_be_written_is_told(
    qtbot: Any, township: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folders: list[str]
) -> None:
    answer(monkeypatch, tmp_path / "gone" / "名册.xlsx")
    export_listing(township, Listing(ledger_called("persons")), [])
    qtbot.waitUntil(township.strip.isVisible, timeout=20_000)
    assert township.strip.text.text() == f"文件夹“{tmp_path / 'gone'}”不存在，请另选一个保存位置。"
    assert folders == []


# --- while it is drawn ---


class Slow:
    """A drawing that waits to be let on, telling how far it is."""

    def __init__(self) -> None:
        self.began, self.go, self.ended = threading.Event(), threading.Event(), threading.Event()

    def draw(self, path: Path, progress: Progress, whole: bool) -> str:
        self.began.set()
        try:
            while not self.go.wait(0.01):
                progress(1, 2, "正在绘制")
            raise Trouble("画不成。")
        finally:
            self.ended.set()


@pytest.fixture
def slow(qtbot: Any, township: Window) -> Any:
    made = Slow()
    page = PrintPage(township, "慢的", None, made.draw)
    township.show_page(page, "打印预览")
    assert made.began.wait(5)
    yield made, page
    made.go.set()


def test_leaving_drops_the_drawing_and_leaves_nothing_in_the_temporary_folder(
    qtbot: Any, township: Window, slow: tuple[Slow, PrintPage]
) -> None:
    drawing, page = slow
    folder = page.folder
    (folder / "half.pdf").write_bytes(b"half")
    township.close_page(page)
    assert drawing.ended.wait(2)
    qtbot.waitUntil(lambda: not folder.exists() and not township.tasks.busy)
    assert township.strip.isHidden() and township.said.text() == ""


def test_saving_and_searching_do_not_wait_for_a_drawing_or_an_export(
    qtbot: Any, township: Window, slow: tuple[Slow, PrintPage]
) -> None:
    told: list[str] = []

    def save(progress: Progress) -> str:
        with operation("加一个乡"):
            Place(name="新乡", level="2").save()
        return "已保存"

    township.tasks.write("保存", save, told.append)
    township.tasks.read(lambda: "找到", told.append)
    qtbot.waitUntil(lambda: sorted(told) == ["已保存", "找到"])
    assert township.tasks.busy and township.tasks.doing == "生成打印件" and not slow[0].ended.is_set()


def test_stopping_a_drawing_says_so_and_offers_it_again(
    qtbot: Any, township: Window, slow: tuple[Slow, PrintPage]
) -> None:
    page = slow[1]
    qtbot.waitUntil(township.status.stop.isVisible)
    township.status.stop.click()
    qtbot.waitUntil(page.again.isVisible)
    assert township.strip.text.text().startswith("已停止") and page.sheet.text() == "没有生成打印件。"
    assert not page.printing.isEnabled() and not page.saving.isEnabled()
    page._draw = lambda path, progress, whole: _one_page(path)
    page.again.click()
    drawn(qtbot, page)
    assert page.count == 1 and not page.again.isVisible()


def _one_page(path: Path) -> str:
    from app.papers.page import A4, document

    with document(path, A4, "一页") as sheet:
        sheet.text(20, 20, "一页")
    return f"已生成 {path.name}。"


def test_a_drawing_that_fails_is_told_in_a_sentence(
    qtbot: Any, township: Window, slow: tuple[Slow, PrintPage]
) -> None:
    drawing, page = slow
    drawing.go.set()
    qtbot.waitUntil(township.strip.isVisible)
    assert township.strip.text.text() == "画不成。" and page.sheet.text() == "没有生成打印件。"
    assert page.count == 0 and not page.saving.isEnabled() and page.again.isVisible()


def test_a_preview_sees_one_picture_of_the_file(qtbot: Any, township: Window) -> None:
    """What is saved while it is drawn stands wholly in the next one."""
    began, go = threading.Event(), threading.Event()
    counted: list[int] = []

    def draw(path: Path, progress: Progress, whole: bool) -> str:
        counted.append(Place.select().count())
        began.set()
        go.wait(5)
        counted.append(Place.select().count())
        return _one_page(path)

    page = PrintPage(township, "一页", None, draw)
    township.show_page(page, "打印预览")
    assert began.wait(5)
    with operation("加一个乡"):
        Place(name="新乡", level="2").save()
    go.set()
    drawn(qtbot, page)
    assert counted == [4, 4] and Place.select().count() == 5


def test_a_temporary_file_that_is_gone_is_told(qtbot: Any, township: Window) -> None:
    page = preview(qtbot, township)
    page.file.unlink()
    page.turn(1)
    assert township.strip.text.text() == "生成的打印件已被系统清理，请点“重新生成”。"
    assert page.again.isVisible() and not page.saving.isEnabled()
    page.again.click()
    assert drawn(qtbot, page).saving.isEnabled()


def test_closing_the_window_leaves_nothing_in_the_temporary_folder(qtbot: Any, township: Window) -> None:
    folder = preview(qtbot, township).folder
    assert folder.exists()
    assert township.close()
    assert not folder.exists()
