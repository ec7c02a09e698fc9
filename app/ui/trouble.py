"""What goes wrong, told so that nobody loses what he typed.

What a clerk can mend stands in a strip above the page, never in the way. A fault of the program goes into a log file
without names and numbers of people, and one window offers to hand it on.
"""

from __future__ import annotations

import logging
import platform
import re
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.models.faults import Cancelled, Reject, Stale, Trouble
from app.ui import look

LONG_NUMBER = re.compile(r"\d{4,}")
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
log = logging.getLogger("lianxin")


class Strip(QFrame):
    """One sentence above the page, which the clerk may close; later ones replace it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = look.label("", wrap=True)
        self.close_button = look.link("知道了")
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.gap, 6, 6, 6)
        row.addWidget(self.text, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def tell(self, sentence: str, tone: str = "late", seconds: int = 0) -> None:
        """Show a sentence in a tone of `look`; after `seconds` it goes by itself, 0 for never."""
        self.text.setText(sentence)
        look.mark(self, strip=tone)
        self.show()
        self._timer.stop()
        if seconds:
            self._timer.start(seconds * 1000)


def tell(strip: Strip, error: BaseException) -> None:
    """Tell what went wrong, by its kind. What is nobody's mistake but the program's is logged and shown in a window."""
    match error:
        case Reject(faults=faults):
            strip.tell("\n".join(dict.fromkeys(fault.sentence for fault in faults[:5])), "late")
        case Stale():
            strip.tell(str(error), "soon")
        case Trouble():
            strip.tell(str(error), "late")
        case Cancelled():
            strip.tell("已停止，没有留下任何改动。", "accent", 8)
        case _:
            record(error)
            BugDialog(strip.window(), error).open()


def record(error: BaseException) -> None:
    """Write a fault of the program to the log."""
    log.error("%s", diagnosis(error))


def diagnosis(error: BaseException) -> str:
    """The error and where it was raised; Chinese text and long numbers of its message may be somebody's: masked."""
    message = HAN.sub("某", LONG_NUMBER.sub("####", str(error)))
    frames = "".join(f"  {at.filename}:{at.lineno} {at.name}\n" for at in traceback.extract_tb(error.__traceback__))
    return f"{type(error).__name__}: {message}\n{frames}"


def log_to(folder: Path) -> Path:
    """Keep the log in this folder, at most two files of a million bytes, and give the newest."""
    from logging.handlers import RotatingFileHandler

    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "lianxin.log", maxBytes=1_000_000, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.addHandler(handler)
    return folder / "lianxin.log"


def catch_all(strip: Callable[[], Strip | None]) -> None:
    """From now on tell of whatever a slot raises (the excepthook). `strip()` gives the strip of the open window."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        place = strip()
        if place is None or isinstance(error, KeyboardInterrupt):
            record(error)
            sys.__excepthook__(kind, error, trace)
        else:
            tell(place, error)

    sys.excepthook = hook


class BugDialog(QDialog):
    """A fault of the program: what to do, and 导出诊断. It does not block the window."""

    def __init__(self, parent: QWidget | None, error: BaseException) -> None:
        super().__init__(parent)
        self.setWindowTitle("程序出错")
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = diagnosis(error)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.gap * 2] * 4)
        column.setSpacing(look.gap)
        column.addWidget(look.heading("程序内部出错，刚才这一步没有做成。"))
        told = "已经保存的内容没有受影响。请导出诊断交给维护人员，其中不含登记的姓名和号码。"
        column.addWidget(look.soft(told, wrap=True))
        shown = QPlainTextEdit(self.text)
        shown.setReadOnly(True)
        column.addWidget(shown)
        row = QHBoxLayout()
        row.addStretch()
        self.export = look.button("导出诊断", primary=True)
        self.export.clicked.connect(self.save)
        close = look.button("关闭", "Esc")
        close.clicked.connect(self.reject)
        row.addWidget(self.export)
        row.addWidget(close)
        column.addLayout(row)
        self.resize(look.width("dialog"), look.width("dialog_list"))

    def open(self) -> None:
        self.show()

    def save(self) -> None:
        """Ask where to, and write the diagnosis there."""
        name = f"连心台账诊断 {datetime.now():%Y%m%d-%H%M}.txt"
        place, _ = QFileDialog.getSaveFileName(self, "导出诊断", name, "文本文件 (*.txt)")
        if place:
            try:
                Path(place).write_text(self.report(), encoding="utf-8")
            except OSError:
                self.export.setText("写不进那里，换个位置再导出")

    def report(self) -> str:
        app = QApplication.instance()
        version = app.applicationVersion() if app else ""
        return f"连心台账 {version}\n{platform.platform()}\nPython {sys.version}\n\n{self.text}"
