"""The page of the list tools (表格工具): choose one, give it its files, and see what it found."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from app.ledgers.contents import ledgers
from app.ledgers.ledger import Ledger
from app.models import roles
from app.models.here import here, standing
from app.models.progress import Progress
from app.ui import look, purpose
from app.ui.outputs import ask_place
from app.ui.pages.tools import FILE, FILES, LEDGER, LINE, TOOLS, Need
from app.ui.plan_steps import KINDS
from app.ui.report_view import ReportView
from app.ui.rows import Elided, Flow, Scrolled

ENTRY, TITLE = "list_tools", "表格工具"
NONE_YET = "还没有选"
LINES = 5  # seen of a pasted text


def open_list_tools(window: Any) -> ListToolsPage:
    """Open the page."""
    page = ListToolsPage(window)
    window.show_page(page, TITLE)
    return page


class ListToolsPage(QWidget):
    """One tool at a time; what was chosen for it stays until another tool is chosen."""

    name = ENTRY

    def __init__(self, window: Any) -> None:
        super().__init__()
        self.window_, self.tool = window, TOOLS[0]
        self.inputs: dict[str, NeedInput] = {}
        self.working = False
        self.out: Path | None = None
        self.setObjectName("page")
        self._build()
        self.choose(0)

    def _build(self) -> None:
        self.back_link = look.link("← 返回")
        self.start_button = look.button("开始", "Ctrl Enter", primary=True)
        self.report = ReportView()
        for button, do in (
            (self.start_button, self.start), (self.report.open_button, self.open_result),
            (self.report.folder_button, self.open_folder),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, do=do: do())
        self.back_link.clicked.connect(lambda: self.window_.close_page(self))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.start)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.back_link)
        top.addWidget(Elided(TITLE, "title"), 1)
        top.addWidget(self.start_button)
        self.chips = QWidget()
        self.flow = Flow(self.chips)
        self.card = look.card()
        self.about, self.wrong = look.soft("", wrap=True), look.fault()
        self.rows = QVBoxLayout()
        self.rows.setSpacing(8)
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(*[look.gap] * 4)
        inside.setSpacing(look.gap)
        inside.addWidget(self.about)
        inside.addLayout(self.rows)
        inside.addWidget(self.wrong)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.gap)
        column.addWidget(self.card)
        column.addWidget(self.report, 1)
        column.addStretch(0)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, look.gap, 16, look.gap)
        page.setSpacing(8)
        page.addLayout(top)
        page.addWidget(self.chips)
        page.addWidget(Scrolled(whole), 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.back_link.setText(f"← {self.window_.back_title or '返回'}")

    # --- which tool, and what it asks for ---

    def choose(self, at: int) -> None:
        """Show what a tool asks for."""
        if self.working:
            return
        self.tool, self.out = TOOLS[at], None
        self.flow.clear()
        for number, tool in enumerate(TOOLS):
            chip = look.chip(tool.title, number == at)
            chip.clicked.connect(partial(self._chosen, number))
            self.flow.addWidget(chip)
        while (item := self.rows.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.inputs = {need.name: NeedInput(need, self.window_) for need in self.tool.needs}
        widest = max(look.wide(need.label) for need in self.tool.needs) + look.gap
        for made in self.inputs.values():
            made.caption.setMinimumWidth(widest)
            self.rows.addWidget(made)
        self.about.setText(self.tool.about)
        self.report.hide()
        self._show_state()
        first = next(iter(self.inputs.values()))
        self.setFocusProxy(first)
        if self.isVisible():
            first.setFocus()

    def _chosen(self, number: int, _: bool = False) -> None:
        self.choose(number)

    def _show_state(self, wrong: str = "") -> None:
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))
        self.start_button.setEnabled(not self.working)
        self.report.open_button.setVisible(bool(self.tool.out))

    def values(self) -> tuple[dict[str, Any], str]:
        """What was given, and what is lacking."""
        values = {name: made.value() for name, made in self.inputs.items()}
        lacking = next((made.need for name, made in self.inputs.items()
                        if not values[name] and not made.need.optional), None)  # fmt: skip
        if lacking is not None:
            return values, f"请选择{lacking.label}。"
        return values, self.tool.wrong(values)

    # --- the work ---

    def start(self) -> None:
        """Begin, when everything is there: say what for if that is asked, and where to write."""
        if self.working:
            return
        values, wrong = self.values()
        self._show_state(wrong)
        if wrong:
            return
        if self.tool.private and purpose.asks() and roles.may("whole"):
            purpose.ask(self.window_, self.tool.title, lambda said: self._where(values, said))
        else:
            self._where(values, "")

    def _where(self, values: dict[str, Any], what_for: str) -> None:
        out = self._ask_out(values)
        if out is not None:
            self.write(values, out, what_for)

    def write(self, values: dict[str, Any], out: Path, what_for: str) -> None:
        """Do the work and write its result."""
        tool = self.tool

        def work(progress: Progress) -> Any:
            with standing(purpose=what_for), here().file.reading():
                return tool.do(values, out, progress)

        self.working = True
        self._show_state()
        self.window_.tasks.read_long(tool.title, work, partial(self._done, out), self._failed)

    def _ask_out(self, values: dict[str, Any]) -> Path | None:
        if self.tool.out:
            ledger = values.get("ledger")
            name = f"{ledger.title}{self.tool.out}" if isinstance(ledger, Ledger) else self.tool.out
            return ask_place(self, f"{self.tool.title}：结果存到", name, "表格 (*.xlsx)")
        place = QFileDialog.getExistingDirectory(self, f"{self.tool.title}：放在哪个文件夹", _documents())
        return Path(place) if place else None

    def _done(self, out: Path, report: Any) -> None:
        self.working, self.out = False, out
        self.report.show_report(report)
        self._show_state()
        self.window_.say(report.sentence)

    def _failed(self, error: Exception) -> None:
        self.working = False
        self._show_state()
        self.window_.tell(error)

    def open_result(self) -> None:
        """Open the file in WPS or Excel."""
        if self.out is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.out)))

    def open_folder(self) -> None:
        if self.out is not None:
            folder = self.out.parent if self.tool.out else self.out
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def restyle(self) -> None:
        """The size of type changed."""
        self.report.restyle()
        for made in self.inputs.values():
            made.restyle()


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


class NeedInput(QWidget):
    """One thing to give a tool: its name, and a file to choose, a ledger to pick or a text to write."""

    def __init__(self, need: Need, window: Any) -> None:
        super().__init__()
        self.need, self.paths = need, list[Path]()
        self.caption = look.soft(need.label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.caption, 0, Qt.AlignmentFlag.AlignTop)
        self.input: Any
        if need.kind in (FILE, FILES):
            self.input = look.button("选择文件…")
            self.input.clicked.connect(self.ask)
            self.told = Elided(NONE_YET, "faint")
            row.addWidget(self.input)
            if need.kind == FILES:
                self.whole_folder = look.button("选择文件夹…")
                self.whole_folder.clicked.connect(self.ask_folder)
                row.addWidget(self.whole_folder)
            row.addWidget(self.told, 1)
        elif need.kind == LEDGER:
            self.input = QComboBox()
            for ledger in (*ledgers().values(), *window.entries.own.values()):
                if need.fits(ledger) and roles.may(ledger.record.seen_by):
                    self.input.addItem(ledger.title, ledger)
            row.addWidget(self.input)
            row.addStretch(1)
        else:
            self.input = QLineEdit() if need.kind == LINE else QPlainTextEdit()
            self.input.setPlaceholderText(need.hint)
            if isinstance(self.input, QPlainTextEdit):
                self.input.setTabChangesFocus(True)
            row.addWidget(self.input, 1)
        self.input.setAccessibleName(need.label)
        self.setFocusProxy(self.input)
        self.restyle()

    def restyle(self) -> None:
        self.caption.setMinimumHeight(look.field_height())
        if isinstance(self.input, QPlainTextEdit):
            self.input.setFixedHeight(look.field_height() * LINES)

    def ask(self) -> None:
        """Let the clerk choose a file, or several."""
        folder = str(self.paths[0].parent) if self.paths else _documents()
        if self.need.kind == FILES:
            chosen, _ = QFileDialog.getOpenFileNames(self, f"选择{self.need.label}", folder, KINDS)
        else:
            one, _ = QFileDialog.getOpenFileName(self, f"选择{self.need.label}", folder, KINDS)
            chosen = [one] if one else []
        if chosen:
            self.take([Path(place) for place in chosen])

    def ask_folder(self) -> None:
        """Let the clerk choose a folder with files."""
        if place := QFileDialog.getExistingDirectory(self, f"选择放着{self.need.label}的文件夹", _documents()):
            self.take([Path(place)])

    def take(self, paths: list[Path]) -> None:
        """These files, or this folder, are meant."""
        self.paths = paths
        names = "、".join(path.name for path in paths)
        self.told.setText(names if len(paths) < 4 else f"{len(paths):,} 个文件：{names}")
        look.mark(self.told, tone="")

    def value(self) -> Any:
        if self.need.kind in (FILE, FILES):
            return self.paths if self.need.kind == FILES else next(iter(self.paths), None)
        if self.need.kind == LEDGER:
            return self.input.currentData()
        return self.input.text().strip() if self.need.kind == LINE else self.input.toPlainText().strip()
