"""That a sheet is read as the office read one like it before, and the way to have it understood anew (重新识别)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.sheets.intake import Reading, told_of_kept
from app.ui import look


class KeptStrip(QWidget):
    """One sentence and a link, shown only where a kept reading is used. `anew()` when it is not to be."""

    anew = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.said = look.label("", wrap=True)
        self.link = look.link("重新识别")
        self.link.clicked.connect(lambda _=False: self.anew.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.said, 1)
        row.addWidget(self.link, 0, Qt.AlignmentFlag.AlignTop)

    def show_reading(self, reading: Reading) -> None:
        """Say which kept reading this sheet follows, if any."""
        self.said.setText(f"{told_of_kept(reading.kept)}。")
        self.setVisible(bool(reading.kept))
