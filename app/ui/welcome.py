"""The first page, before a data file is open: the last file, a new one, the demonstration file, one from a backup.

It only asks; whoever wires it opens files and comes back with `tell` when that does not go well.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from app.ui import look
from app.ui.rows import Elided, Scrolled
from app.ui.trouble import Strip

_DOCUMENTS = QStandardPaths.StandardLocation.DocumentsLocation

FILES = "连心台账数据文件 (*.db)"
ENDING = ".db"
DEMO = "演示数据"


class Welcome(QWidget):
    """`open_asked(place)`, `new_asked(place, county, township, villages)`, `demo_asked(place)` and
    `restore_asked(backup, place)`; `villages` is a list of names. What does not go well is told in `strip`."""

    open_asked = Signal(str)
    new_asked = Signal(str, str, str, object)
    demo_asked = Signal(str)
    restore_asked = Signal(str, str)

    def __init__(self, recent: Sequence[str] = (), folder: str = "") -> None:
        super().__init__()
        self.setObjectName("page")
        self.setWindowTitle("连心台账")
        self.folder = Path(folder or QStandardPaths.writableLocation(_DOCUMENTS))
        self.strip = Strip()
        self.pages = QStackedWidget()
        self.start = self._start(recent)
        self.form = _NewFileForm(self.folder)
        self.form.back.clicked.connect(self._to_start)
        self.form.make.clicked.connect(self._make)
        self.pages.addWidget(self.start)
        self.pages.addWidget(self.form)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(*[look.gap * 2] * 4)
        column.setSpacing(look.gap)
        column.addStretch(1)
        for widget in (look.label("连心台账", "brand"), look.soft("一次录入，本本台账。"), self.strip, self.pages):
            widget.setMaximumWidth(look.width("welcome"))
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(widget, 20)
            line.addStretch(1)
            column.addLayout(line)
        column.addStretch(2)
        scroll = Scrolled(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.resize(*look.window_size)
        self.first.setFocus()

    def _start(self, recent: Sequence[str]) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.gap)
        cards: list[look.Button] = []
        for place in recent[:3]:
            cards.append(self._card(column, f"打开 {Path(place).name}", place, "打开", not cards))
            cards[-1].clicked.connect(lambda _=False, place=place: self.open_asked.emit(place))
        told = "写上乡镇和各行政村，然后登记或从原来的表格导入。"
        self.new = self._card(column, "新建数据文件", told, "开始", not cards)
        self.new.clicked.connect(self._to_form)
        demo = self._card(column, "看演示数据", "一个虚构的乡镇：3,541 户、11,753 人，可以随便试。", "开始")
        demo.clicked.connect(self._demo)
        other = self._card(column, "打开别处的数据文件", "在本机硬盘上的连心台账数据文件。", "选择…")
        other.clicked.connect(self._other)
        backup = self._card(column, "从备份恢复", "恢复成一个新的数据文件，现有的文件不动。", "选择…")
        backup.clicked.connect(self._backup)
        self.first = (cards or [self.new])[0]
        return page

    def _card(self, column: QVBoxLayout, text: str, note: str, do: str, primary: bool = False) -> look.Button:
        frame = look.card()
        row = QHBoxLayout(frame)
        row.setContentsMargins(look.gap, look.gap - 2, look.gap, look.gap - 2)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Elided(text, "heading"))
        words.addWidget(Elided(note, "small"))
        row.addLayout(words, 1)
        button = look.button(do, primary=primary)
        button.setAccessibleName(text)
        row.addWidget(button)
        column.addWidget(frame)
        return button

    def _to_form(self) -> None:
        self.strip.hide()
        self.pages.setCurrentWidget(self.form)
        self.form.county.setFocus()

    def _to_start(self) -> None:
        self.pages.setCurrentWidget(self.start)
        self.new.setFocus()

    def _make(self) -> None:
        answer = self.form.read()
        if answer is not None:
            self.new_asked.emit(*answer)

    def _demo(self) -> None:
        self.strip.tell("正在生成演示数据，约需十几秒…", "accent")
        QApplication.processEvents()
        self.demo_asked.emit(str(free_place(self.folder, DEMO)))

    def _other(self) -> None:
        place, _ = QFileDialog.getOpenFileName(self, "打开数据文件", str(self.folder), FILES)
        if place:
            self.open_asked.emit(place)

    def _backup(self) -> None:
        backup, _ = QFileDialog.getOpenFileName(self, "选择备份", str(self.folder), FILES)
        if backup:
            place, _ = QFileDialog.getSaveFileName(self, "恢复成", str(free_place(self.folder, "恢复的数据")), FILES)
            if place:
                self.restore_asked.emit(backup, place)


def free_place(folder: Path, name: str) -> Path:
    """A file of this name in the folder that does not exist yet: 演示数据.db, 演示数据 2.db …"""
    numbers = (f" {number}" for number in count(2))
    return next(
        place for tail in chain([""], numbers) if not (place := folder / f"{name}{tail}{ENDING}").exists()
    )


class _NewFileForm(QFrame):
    """Township, villages, and where the file lies."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.setProperty("card", True)
        self.county, self.township, self.place = QLineEdit(), QLineEdit(), QLineEdit()
        self.county.setPlaceholderText("例如 弥渡县，可以不填")
        self.township.setPlaceholderText("例如 牛街乡")
        self.villages = QPlainTextEdit()
        self.villages.setPlaceholderText("一行一个村，例如：\n牛街村\n保邑村")
        self.villages.setTabChangesFocus(True)
        self.villages.setFixedHeight(look.width("villages"))
        self.faults = {"township": look.fault(), "villages": look.fault(), "place": look.fault()}
        self.township.textEdited.connect(self._name_file)
        choose = look.button("选择…")
        choose.clicked.connect(self._choose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.gap)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        rows = (
            ("县（市、区）", self.county, ""), ("乡镇（街道）", self.township, "township"),
            ("行政村", self.villages, "villages"), ("保存在", self.place, "place"),
        )  # fmt: skip
        for at, (caption, widget, name) in enumerate(rows):
            label = look.soft(caption)
            label.setMinimumHeight(look.field_height() + 2)  # so that it stands beside the first line of its input
            grid.addWidget(label, at * 2, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(widget, at * 2, 1)
            if name:
                grid.addWidget(self.faults[name], at * 2 + 1, 1)
        grid.addWidget(choose, 6, 2)
        self.back, self.make = look.button("返回", "Esc"), look.button("建立", "Ctrl Enter", primary=True)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.back)
        row.addWidget(self.make)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.gap + 4] * 4)
        column.setSpacing(look.gap)
        column.addWidget(look.heading("新建数据文件"))
        column.addLayout(grid)
        column.addLayout(row)

    def _name_file(self, township: str) -> None:
        """Name the file after the township, until the clerk says otherwise."""
        if township.strip():
            self.place.setText(str(free_place(self.folder, township.strip())))

    def _choose(self) -> None:
        place, _ = QFileDialog.getSaveFileName(self, "数据文件保存在", self.place.text() or str(self.folder), FILES)
        if place:
            self.place.setText(place if Path(place).suffix else place + ENDING)

    def read(self) -> tuple[str, str, str, list[str]] | None:
        """The answers as (place, county, township, villages), or None with a sentence under each that is not right."""
        names = [line.strip() for line in self.villages.toPlainText().splitlines() if line.strip()]
        twice = sorted({name for name in names if names.count(name) > 1})
        wrong = {
            "township": "" if self.township.text().strip() else "请写乡镇名称。",
            "villages": f"“{twice[0]}”写了两次，每个村写一行。" if twice else "" if names else "请至少写一个行政村。",
            "place": "" if self.place.text().strip() else "请选择数据文件保存在哪里。",
        }
        for name, sentence in wrong.items():
            self.faults[name].setText(sentence)
            self.faults[name].setVisible(bool(sentence))
        if any(wrong.values()):
            return None
        return self.place.text().strip(), self.county.text().strip(), self.township.text().strip(), names

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.back.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.make.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)
