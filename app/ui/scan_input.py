"""The input for a photograph or scan: a small picture, one to choose it, one to take it away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models import scans
from app.ui import look


class ScanInput(QWidget):
    """Its value is the SHA-256 of a picture; the bytes chosen here are in `chosen` until the form is saved."""

    changed = Signal()
    left = Signal()

    def __init__(self, fact: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fact = fact
        self.chosen: dict[str, bytes] = {}
        self._sha: str | None = None
        self._picture = look.label("无图片", "faint")
        self._picture.setFixedSize(3 * look.field_height(), 4 * look.field_height())
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        frame = look.card()
        QVBoxLayout(frame).addWidget(self._picture)
        self._fault = look.fault()
        self._choose, self._clear = look.button("选择图片…", "空格"), look.button("清除")
        self._choose.clicked.connect(self.ask)
        self._clear.clicked.connect(self.clear)
        self.setFocusProxy(self._choose)
        self.setAccessibleName(fact.label)
        beside = QVBoxLayout()
        beside.setSpacing(look.gap // 2)
        for widget in (self._choose, self._clear, look.faint("PNG 或 JPEG，最大 5 MB"), self._fault):
            beside.addWidget(widget)
        beside.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.gap)
        layout.addWidget(frame)
        layout.addLayout(beside, 1)
        self._paint()

    def ask(self) -> None:
        """Let the clerk choose a file."""
        name, _ = QFileDialog.getOpenFileName(self, "选择图片", "", "图片 (*.png *.jpg *.jpeg)")
        if name:
            self.take(Path(name))

    def take(self, file: Path) -> None:
        """Take the picture in this file, or say why not; what was there before then stays."""
        try:
            scans.small_enough(file.stat().st_size)
            content = file.read_bytes()
            scans.kind_of(content)
            if QPixmap().loadFromData(content) is False:
                raise ValueError("这张图片已损坏，打不开，请另选一张。")
        except (OSError, ValueError) as wrong:
            self._say(str(wrong) if isinstance(wrong, ValueError) else "读不到这个文件，请另选一张。")
            return
        self._say("")
        self._sha = scans.name_of(content)
        self.chosen = {self._sha: content}
        self._paint()
        self.changed.emit()

    def take_over(self, chosen: dict[str, bytes]) -> None:
        """Show a picture that was chosen before and is not kept in the file yet."""
        self.chosen = {sha: content for sha, content in chosen.items() if sha == self._sha}
        if self.chosen:
            self._say("")
            self._paint()

    def clear(self) -> None:
        self.set_value(None)
        self.changed.emit()

    def _say(self, sentence: str) -> None:
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))

    def _paint(self) -> None:
        self._clear.setEnabled(self._sha is not None)
        picture = QPixmap()
        if self._sha is not None:
            try:
                picture.loadFromData(self.chosen.get(self._sha) or scans.content(self._sha))
            except LookupError as wrong:
                self._say(str(wrong))
        if picture.isNull():
            self._picture.setText("无图片")
        else:
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._picture.setPixmap(picture.scaled(self._picture.size(), keep, smooth))

    def value_text(self) -> str:
        return self._sha or ""

    def text_for(self, value: Any) -> str:
        return value or ""

    def set_value(self, value: Any) -> None:
        self._sha, self.chosen = value, {}
        self._say("")
        self._paint()

    def read(self) -> Any:
        return self._sha

    def kept(self) -> Any:
        """A draft keeps a picture only once the file has it."""
        return None if self._sha in self.chosen else self._sha

    def restore(self, kept: Any) -> None:
        self.set_value(kept)

    def set_wrong(self, wrong: bool) -> None:
        """Nothing here can be typed wrong; what cannot be taken is said at once."""
