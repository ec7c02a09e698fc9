"""What goes out: the preview, which is the very file that is printed, and the export to a spreadsheet (打印、导出).

Both only read the data file, for long: nobody who saves waits for them, and they see one unchanging picture of it.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence, QPixmap, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ledgers.listing import Listing
from app.models import roles
from app.models.faults import Trouble
from app.models.here import here, standing
from app.models.progress import Progress
from app.ui import look, printing, purpose
from app.ui.purpose import WholeBox
from app.ui.rows import Elided, Flow, Scrolled
from app.ui.tasks import Job

Draw = Callable[..., str]  # (path, progress, whole=…) writes the PDF and says what it is and what to mind
SETTLED = 150  # milliseconds after the window was last pulled, until the page is drawn in its new width
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')  # of files, on Windows
WORKING = "正在生成…"


class PrintPage(QWidget):
    """The preview of one paper. `draw` is called again whenever the paper is chosen anew."""

    name = ""

    def __init__(
        self, window: Any, title: str, listing: Listing | None, draw: Draw | None = None, private: bool = True
    ) -> None:
        super().__init__()
        self.window_, self.title, self.listing, self._draw = window, title, listing, draw
        self.folder = Path(tempfile.mkdtemp(prefix="lianxin-"))
        self.file = self.folder / "preview.pdf"
        self.count = self.at = 0  # pages of the file that is ready, and which one is looked at
        self.upright = False
        self._job: Job | None = None  # the drawing under way
        self._build(private)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLED)
        self._settle.timeout.connect(self.show_page)
        self.restyle()
        self.redraw()

    def _build(self, private: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, look.gap, 16, look.gap)
        column.setSpacing(look.gap)
        top = QHBoxLayout()
        back = self.window_.titles.get(self.window_.page, "返回")
        self.back = look.link(f"← {back}")
        self.back.clicked.connect(lambda: self.window_.close_page(self))
        top.addWidget(self.back)
        top.addWidget(Elided(f"{self.title} · 打印预览", "title"))
        top.addStretch(1)
        self.printing = look.button("打印", "Ctrl+P", primary=True)
        self.saving = look.button("存为 PDF", "Ctrl+S")
        self.printing.clicked.connect(self.send_to_printer)
        self.saving.clicked.connect(self.save)
        for button in (self.saving, self.printing):
            top.addWidget(button)
        column.addLayout(top)
        column.addLayout(self._choices(private))
        self.remark = look.label("", "tag-soon", wrap=True)
        self.remark.hide()
        column.addWidget(self.remark)
        self.sheet = QLabel(WORKING)
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.area = Scrolled(self.sheet)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # arrow keys scroll
        self.setFocusProxy(self.area)
        column.addWidget(self.area, 1)
        for button in (self.saving, self.printing, self.previous, self.next):
            QShortcut(QKeySequence(button.key), self).activated.connect(button.click)

    def _choices(self, private: bool) -> Flow:
        row = Flow()
        self.previous, self.next = look.button("上一页", "PgUp"), look.button("下一页", "PgDown")
        self.previous.clicked.connect(lambda: self.turn(-1))
        self.next.clicked.connect(lambda: self.turn(1))
        self.place = look.soft("")
        self.again = look.link("重新生成")
        self.again.clicked.connect(self.redraw)
        self.again.hide()
        self.paper, self.turned = QComboBox(), QComboBox()
        self.whole = WholeBox(self.title)
        for widget in (self.previous, self.next, self.place, self.again):
            row.addWidget(widget)
        if self.listing is not None:
            paper = self.listing.ledger.paper
            self.paper.addItems(["A4", "A3"])
            self.paper.setCurrentText(paper.size)
            self.turned.addItems(["横向", "纵向"])
            self.turned.setCurrentIndex(0 if paper.landscape else 1)
            self.paper.currentIndexChanged.connect(self.redraw)
            self.turned.currentIndexChanged.connect(self.redraw)
            for widget in (self.paper, self.turned):
                row.addWidget(widget)
        self.whole.chosen.connect(self.redraw)
        if private:
            row.addWidget(self.whole)
        return row

    def draw(self) -> Draw:
        """What writes the file, as chosen now."""
        if self._draw is not None:
            return self._draw
        assert self.listing is not None
        listing, size, lying = self.listing, self.paper.currentText(), self.turned.currentIndex() == 0

        def draw(path: Path, progress: Progress, whole: bool) -> str:
            from app.papers.ledger import print_listing

            return print_listing(listing.but(whole=whole), path, progress, size, lying)

        return draw

    def redraw(self) -> None:
        """Write the file anew and show its first page."""
        self.count = 0  # what still stands there is no longer what is chosen
        self.again.hide()
        self._offer(WORKING)
        draw, file, whole, what_for = self.draw(), self.file, self.whole.isChecked(), self.whole.purpose

        def work(progress: Progress) -> tuple[str, int, bool]:
            from app.papers.preview import page_count

            with standing(purpose=what_for), here().file.reading():
                said = draw(file, progress, whole=whole)
            return said, page_count(file), printing.is_upright(file)

        if self._job is not None:
            self._job.drop()
        self._job = self.window_.tasks.read_long("生成打印件", work, self._drawn, self._failed)

    def _drawn(self, answer: tuple[str, int, bool]) -> None:
        self._job = None
        said, self.count, self.upright = answer
        self.at = 0
        mind = said.partition(f"{self.file.name}。")[2]
        self.remark.setText(mind)
        self.remark.setVisible(bool(mind))
        self.window_.say(f"{self.title}共 {self.count:,} 页。")
        self.show_page()
        self.area.verticalScrollBar().setValue(0)

    def _failed(self, error: Exception) -> None:
        self._job = None
        self._offer("")
        self.again.show()
        self.remark.hide()
        self.sheet.setText("没有生成打印件。")
        self.window_.tell(error)

    def turn(self, step: int) -> None:
        self.at = max(0, min(self.count - 1, self.at + step))
        self.show_page()
        self.area.verticalScrollBar().setValue(0)

    def show_page(self) -> None:
        """Draw the page that is being looked at, as wide as the window allows; upright ones need not be that wide."""
        if not self.count or self._is_gone():
            return
        room = self.area.width() - self.area.verticalScrollBar().sizeHint().width()
        wide = min(room, look.width("page_narrow")) if self.upright else room
        ratio = self.devicePixelRatioF()
        image = printing.image_of(self.file, self.at, max(1, int(wide * ratio)))
        image.setDevicePixelRatio(ratio)
        self.sheet.setPixmap(QPixmap.fromImage(printing.framed(image)))
        self._offer(f"第 {self.at + 1:,} 页，共 {self.count:,} 页")

    def _is_gone(self) -> bool:
        """Whether somebody tidied the temporary folder meanwhile; it is said."""
        if self.file.exists():
            return False
        self.count = 0
        self._failed(Trouble("生成的打印件已被系统清理，请点“重新生成”。"))
        return True

    def _offer(self, place: str) -> None:
        """Say which page this is, and let those buttons be pressed that can be."""
        self.place.setText(place)
        self.previous.setEnabled(0 < self.at < self.count)
        self.next.setEnabled(self.at + 1 < self.count)
        for button in (self.printing, self.saving):
            button.setEnabled(self.count > 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_page()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle.start()

    def restyle(self) -> None:
        """The size of type changed."""
        for widget in (self.place, self.whole):
            widget.setMinimumHeight(look.field_height())  # as high as the buttons beside it
        self._settle.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.window_.close_page(self)
        else:
            super().keyPressEvent(event)

    def leave(self) -> None:
        """The page is about to go: nobody waits for its paper, and nothing of it stays in the temporary folder."""
        self._settle.stop()
        self.count = 0
        if self._job is not None:
            self._job.drop()
        folder = self.folder
        self.window_.tasks.aside(lambda: shutil.rmtree(folder, ignore_errors=True))

    def save(self) -> None:
        """Copy the file that was looked at to a place of the clerk's choice."""
        place = None if self._is_gone() else ask_place(self, "存为 PDF", f"{self.title}.pdf", "PDF 文件 (*.pdf)")
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
        """Ask which printer and which pages, and print the file that was looked at."""
        if not self._is_gone():
            printing.ask(self, self.title, self.count, self.paper.currentText(), self.upright, self.print_on)

    def print_on(self, printer: Any) -> None:
        """Print on this printer. The page may be left meanwhile: its file is tidied after that."""
        file = self.file

        def work(progress: Progress) -> str:
            return printing.print_pages(printer, file, progress)

        self.window_.tasks.read_long("打印", work, self.window_.say)


def ask_place(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Where to write a file, with the ending of `name`; None when the clerk thinks better of it."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    proposed, ending = folder / NOT_IN_NAMES.sub(" ", name), Path(name).suffix
    while True:
        answer, _ = QFileDialog.getSaveFileName(parent, title, str(proposed), kinds)
        if not answer:
            return None
        place = Path(answer)
        if place.suffix.lower() == ending.lower():
            return place
        proposed = place.with_name(place.name + ending)
        if not proposed.exists():
            return proposed
        # the dialog has not asked whether that one may be replaced: it is proposed, and it will


def _meant(listing: Listing, keys: list[int]) -> Listing:
    """The whole listing, or only the rows chosen where there are several: one row is always chosen."""
    return listing.but(chosen=tuple(keys)) if len(keys) > 1 else listing


def print_listing(window: Any, listing: Listing, keys: list[int]) -> PrintPage:
    """Open the preview of a listing, or of the rows chosen in it."""
    private = any(column.path.private for column in listing.shown)
    page = PrintPage(window, listing.ledger.title, _meant(listing, keys), private=private)
    window.show_page(page, "打印预览")
    return page


def print_paper(window: Any, paper: Any, key: int) -> PrintPage | None:
    """Open the preview of a paper of its own shape, for one row; None where it cannot be drawn, and why is said."""
    if why := paper.why_not(key):
        window.say(why)
        return None

    def draw(path: Path, progress: Progress, whole: bool) -> str:
        said: str = paper.draw(key, path, progress, whole=whole)
        return said

    page = PrintPage(window, paper.title, None, draw, paper.private)
    window.show_page(page, "打印预览")
    return page


def export_listing(window: Any, listing: Listing, keys: list[int]) -> None:
    """Ask where to, and write the listing, or the rows chosen in it, to a spreadsheet.

    Who is signed in says what for; who may not see whole numbers gets them masked.
    """
    if not purpose.asks() or not roles.may("whole") or not listing.but(whole=True).bares:
        _export(window, _meant(listing, keys).but(whole=roles.may("whole")), "")
        return
    chosen = _meant(listing, keys).but(whole=True)
    purpose.ask(window, f"导出 {listing.ledger.title}", lambda said: _export(window, chosen, said))


def _export(window: Any, listing: Listing, what_for: str) -> None:
    name = f"{listing.ledger.title}{listing.on:%Y%m%d}.xlsx"
    place = ask_place(window, "导出表格", name, "表格 (*.xlsx)")
    if place is None:
        return

    def work(progress: Progress) -> str:
        from app.sheets.write import export
        from app.work.office import demo_mark

        with standing(purpose=what_for), here().file.reading():
            return export(listing, place, progress, demo_mark())

    def done(said: str) -> None:
        window.say(said)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(place.parent)))

    window.tasks.read_long("导出表格", work, done)
