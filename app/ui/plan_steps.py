"""The first and the last step of taking a list in (导入): which file, and what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import look
from app.ui.rows import Flow
from app.work.cells import fillable

ENDINGS = ("xlsx", "xlsm", "xlsb", "xls", "et", "ods", "csv", "txt")
KINDS = f"表格 ({' '.join(f'*.{ending}' for ending in ENDINGS)});;所有文件 (*)"


class FileStep(QWidget):
    """A card to drop files on, and what kinds of file it takes. `chosen(paths)`, `asked()`, `folder_asked()`."""

    chosen = Signal(object)
    asked = Signal()
    folder_asked = Signal()

    def __init__(self, record: Any) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.card = look.card()
        self.choose = look.button("选择文件…", "Ctrl O", primary=True)
        self.choose.clicked.connect(lambda _=False: self.asked.emit())
        self.folder = look.button("选择文件夹…")
        self.folder.clicked.connect(lambda _=False: self.folder_asked.emit())
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.choose)
        buttons.addWidget(self.folder)
        buttons.addStretch(1)
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(*[look.gap * 2] * 4)
        inside.setSpacing(look.gap)
        inside.addStretch(2)
        inside.addWidget(look.label("把表格文件或文件夹拖到这里，或者", "name"), 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addLayout(buttons)
        endings = " ".join(f".{ending}" for ending in ENDINGS)
        labels = "、".join(dict.fromkeys(fillable(record).values()))
        for said in (
            look.soft(f"可以读 WPS 和 Excel 的表格（{endings}），可以一次选几个。标题行、合计行会自己认。", wrap=True),
            look.soft("原文件不会被改动。写入之前先看会新增、修改哪些行，写入之后还可以整批撤销。", wrap=True),
            look.faint(f"可以导入的内容：{labels}。列的先后不限，没有的列可以缺。", wrap=True),
        ):
            said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            inside.addWidget(said)
        inside.addStretch(3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        self.setFocusProxy(self.choose)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            look.mark(self.card, strip="accent")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        look.mark(self.card, strip="")

    def dropEvent(self, event: QDropEvent) -> None:
        look.mark(self.card, strip="")
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.chosen.emit(files)


class WrittenStep(QWidget):
    """What was written, and what may follow: the ledger, the returned rows, another file, or taking it all back."""

    def __init__(self) -> None:
        super().__init__()
        card: QFrame = look.card()
        self.said = look.label("", "name", wrap=True)
        self.more = look.soft("", wrap=True)
        self.open = look.button("打开台账", "Ctrl Enter", primary=True)
        self.undo = look.button("撤销本次导入")
        self.keep = look.button("退回行另存…")
        self.again = look.button("再导入一个文件", "Ctrl O")
        buttons = QWidget()
        flow = Flow(buttons, 8)
        for button in (self.open, self.undo, self.keep, self.again):
            flow.addWidget(button)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(*[look.gap * 2] * 4)
        inside.setSpacing(look.gap)
        for widget in (self.said, self.more, buttons):
            inside.addWidget(widget)
        inside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.setFocusProxy(self.open)

    def tell(self, said: str, more: str) -> None:
        self.said.setText(said)
        self.more.setText(more)
