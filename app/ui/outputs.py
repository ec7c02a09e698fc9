"""What goes out: the preview, which is the very file that is printed, and the export to a spreadsheet (打印、导出)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QKeyEvent, QPageLayout, QPageSize, QPainter, QPixmap, QShowEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from app.ledgers.listing import Listing
from app.models.faults import Trouble
from app.models.progress import Progress
from app.ui import look
from app.ui.tasks import Job

DPI = 300  # of the pages sent to a printer
Draw = Callable[[Path, Progress], str]  # writes the PDF and says what it is


class PrintPage(QWidget):
    """The preview of one paper. `draw` is called again whenever the paper is chosen anew."""

    name = ""

    def __init__(self, window: Any, title: str, listing: Listing | None, draw: Draw | None = None) -> None:
        super().__init__()
        self.window_, self.title, self.listing, self._draw = window, title, listing, draw
        self.folder = Path(tempfile.mkdtemp(prefix="lianxin-"))
        self.file = self.folder / f"{title}.pdf"
        self.count = self.at = 0
        self._job: Job | None = None  # the drawing under way
        self.destroyed.connect(lambda _=None, folder=self.folder: shutil.rmtree(folder, ignore_errors=True))
        self._build()
        self.redraw()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, look.gap, 16, look.gap)
        top = QHBoxLayout()
        self.back = look.link(f"← {self.window_.titles.get(self.window_.page, '返回')}")
        self.back.clicked.connect(lambda: self.window_.close_page(self))
        top.addWidget(self.back)
        top.addWidget(look.title(f"{self.title} · 打印预览"))
        top.addStretch(1)
        self.printing = look.button("打印", "Ctrl+P", primary=True)
        self.printing.setShortcut("Ctrl+P")
        self.saving = look.button("存为 PDF", "Ctrl+S")
        self.saving.setShortcut("Ctrl+S")
        self.printing.clicked.connect(self.send_to_printer)
        self.saving.clicked.connect(self.save)
        for button in (self.saving, self.printing):
            button.setEnabled(False)
            top.addWidget(button)
        column.addLayout(top)
        column.addLayout(self._choices())
        self.sheet = QLabel("正在生成…")
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(self.sheet)
        column.addWidget(self.area, 1)

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.previous, self.next = look.button("上一页", "PgUp"), look.button("下一页", "PgDown")
        self.previous.setShortcut("PgUp")
        self.next.setShortcut("PgDown")
        self.previous.clicked.connect(lambda: self.turn(-1))
        self.next.clicked.connect(lambda: self.turn(1))
        self.place = look.soft("")
        for widget in (self.previous, self.next, self.place):
            row.addWidget(widget)
        row.addStretch(1)
        self.paper, self.turned = QComboBox(), QComboBox()
        self.whole = QCheckBox("证件号、账号、电话写全")
        if self.listing is not None:
            paper = self.listing.ledger.paper
            self.paper.addItems(["A4", "A3"])
            self.paper.setCurrentText(paper.size)
            self.turned.addItems(["横向", "纵向"])
            self.turned.setCurrentIndex(0 if paper.landscape else 1)
            self.paper.currentIndexChanged.connect(self.redraw)
            self.turned.currentIndexChanged.connect(self.redraw)
            for widget in (look.soft("纸张"), self.paper, self.turned):
                row.addWidget(widget)
        self.whole.setChecked(True)
        self.whole.toggled.connect(self.redraw)
        row.addWidget(self.whole)
        return row

    def draw(self) -> Draw:
        """What writes the file, as chosen now."""
        whole = self.whole.isChecked()
        if self.listing is None:
            assert self._draw is not None
            chosen: Any = self._draw
            return lambda path, progress: chosen(path, progress, whole=whole)
        listing = self.listing.but(whole=whole)
        size, lying = self.paper.currentText(), self.turned.currentIndex() == 0

        def draw(path: Path, progress: Progress) -> str:
            from app.papers.ledger import print_listing

            return print_listing(listing, path, progress, size, lying)

        return draw

    def redraw(self) -> None:
        """Write the file anew and show its first page."""
        for button in (self.printing, self.saving):
            button.setEnabled(False)
        draw, file = self.draw(), self.file

        def work(progress: Progress) -> tuple[str, int]:
            from app.papers.preview import page_count

            said = draw(file, progress)
            return said, page_count(file)

        if self._job is not None:
            self._job.drop()  # what it draws is no longer what is chosen
        self._job = self.window_.tasks.write("生成打印件", work, self._drawn, self._failed)

    def _drawn(self, answer: tuple[str, int]) -> None:
        self._job = None
        said, self.count = answer
        self.at = 0
        self.window_.say(said)
        for button in (self.printing, self.saving):
            button.setEnabled(True)
        self.show_page()

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.count = 0
        self.place.setText("")
        self.sheet.setText("没有生成打印件。")
        self.window_.tell(error)

    def turn(self, step: int) -> None:
        self.at = max(0, min(self.count - 1, self.at + step))
        self.show_page()

    def show_page(self) -> None:
        """Draw the page that is being looked at, as wide as the window allows."""
        if not self.count:
            return
        wide = max(300, self.area.viewport().width() - 2 * look.gap)
        self.sheet.setPixmap(QPixmap.fromImage(image_of(self.file, self.at, min(wide, 1600))))
        self.place.setText(f"第 {self.at + 1} 页，共 {self.count} 页")
        self.previous.setEnabled(self.at > 0)
        self.next.setEnabled(self.at + 1 < self.count)
        self.area.verticalScrollBar().setValue(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_page()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.window_.close_page(self)
        else:
            super().keyPressEvent(event)

    def leave(self) -> None:
        """The page is about to go: nobody waits for its paper."""
        if self._job is not None:
            self._job.drop()

    def save(self) -> None:
        """Copy the file that was looked at to a place of the clerk's choice."""
        place = ask_place(self, "存为 PDF", f"{self.title}.pdf", "PDF 文件 (*.pdf)")
        if place is None:
            return
        from app.work.files import put_in_place

        try:
            with put_in_place(place) as beside:
                shutil.copyfile(self.file, beside)
        except Trouble as error:
            self.window_.tell(error)
            return
        self.window_.say(f"已存为 {place}")

    def send_to_printer(self) -> None:
        """Print the file that was looked at, page by page."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setResolution(DPI)
        printer.setDocName(self.title)
        lying = self.turned.currentIndex() == 0 if self.listing is not None else True
        large = self.paper.currentText() == "A3"
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A3 if large else QPageSize.PageSizeId.A4))
        printer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, self.count)
        dialog.accepted.connect(lambda: self._print(printer))
        dialog.open()

    def _print(self, printer: QPrinter) -> None:
        first, last = printer.fromPage() or 1, printer.toPage() or self.count
        file = self.file

        def work(progress: Progress) -> str:
            painter = QPainter(printer)
            try:
                for number in range(first, last + 1):
                    progress(number - first, last - first + 1, "正在打印")
                    if number > first:
                        printer.newPage()
                    whole = QRectF(painter.viewport())
                    painter.drawImage(whole, image_of(file, number - 1, int(whole.width())))
            finally:
                painter.end()
            return f"已送往打印机：{last - first + 1} 页。"

        self.window_.tasks.write("打印", work, self.window_.say)


def image_of(file: Path, page: int, width: int) -> QImage:
    """One page of a PDF as a picture, `width` pixels wide."""
    from app.papers.preview import page_image

    drawn = page_image(file, page, width)
    image = QImage(drawn.pixels, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB32)
    return image.copy()  # the bytes belong to the page


def ask_place(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Where to write a file; None when the clerk thinks better of it."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    place, _ = QFileDialog.getSaveFileName(parent, title, str(Path(folder) / name), kinds)
    return Path(place) if place else None


def _meant(listing: Listing, keys: list[int]) -> Listing:
    """The whole listing, or only the rows chosen where there are several: one row is always chosen."""
    return listing.but(chosen=tuple(keys)) if len(keys) > 1 else listing


def print_listing(window: Any, listing: Listing, keys: list[int]) -> PrintPage:
    """Open the preview of a listing, or of the rows chosen in it."""
    page = PrintPage(window, listing.ledger.title, _meant(listing, keys))
    window.show_page(page, "打印预览")
    return page


def print_paper(window: Any, paper: Any, key: int) -> PrintPage:
    """Open the preview of a paper of its own shape, for one row."""

    def draw(path: Path, progress: Progress, whole: bool = True) -> str:
        said: str = paper.draw(key, path, progress, whole=whole)
        return said

    page = PrintPage(window, paper.title, None, draw)
    window.show_page(page, "打印预览")
    return page


def export_listing(window: Any, listing: Listing, keys: list[int]) -> None:
    """Ask where to, and write the listing, or the rows chosen in it, to a spreadsheet."""
    whole = _meant(listing, keys).but(whole=True)
    name = f"{listing.ledger.title}{listing.on:%Y%m%d}.xlsx"
    place = ask_place(window, "导出表格", name, "表格 (*.xlsx)")
    if place is None:
        return
    place = place if place.suffix.lower() == ".xlsx" else place.with_name(place.name + ".xlsx")

    def work(progress: Progress) -> str:
        from app.sheets.write import export
        from app.work.office import demo_mark

        return export(whole, place, progress, demo_mark())

    def done(said: str) -> None:
        window.say(said)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(place.parent)))

    window.tasks.write("导出表格", work, done)
