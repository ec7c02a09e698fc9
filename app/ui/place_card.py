"""One sheet of a county's form: what it is taken for, how much goes into it, and each place from what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ledgers.dossier import counted_in
from app.sheets.form_source import KINDS, SINGLE, STATISTICS, Match
from app.ui import look
from app.ui.place_table import PlaceTable
from app.ui.rows import Flow

UNKNOWN = "没有认出"


def how_much(match: Match) -> str:
    """How many rows, copies and cells a sheet gets."""
    if match.kind == STATISTICS:
        return f"{match.cells:,} 格"
    return f"{match.rows:,} {'份' if match.kind == SINGLE else '行'}、{match.cells:,} 格"


class PlaceCard(QFrame):
    """`kind_said(kind)`, `said(caption, words)` when the clerk chose; `apart` is ticked for a file of each row."""

    kind_said = Signal(str)
    said = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.kind = QComboBox()
        self.kind.setAccessibleName("表的种类")
        self.kind.activated.connect(lambda at: self.kind_said.emit(self.kind.itemText(at)))
        self.apart = QCheckBox()
        self.counts = look.label("", wrap=True)
        self.table = PlaceTable()
        self.table.said.connect(self.said)
        line = QWidget()
        flow = Flow(line, look.gap)
        self._together = (_beside(look.soft("这张表是"), self.kind), _beside(self.apart))
        for box in self._together:
            flow.addWidget(box)
        above = QVBoxLayout()
        above.setContentsMargins(look.gap, 0, look.gap, 0)
        above.setSpacing(4)
        above.addWidget(line)
        above.addWidget(self.counts)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, look.gap, 1, 1)
        column.setSpacing(8)
        column.addLayout(above)
        column.addWidget(self.table, 1)
        self.restyle()

    def show_match(self, match: Match, choices: Mapping[str, str], record: Any, apart: bool) -> None:
        """Show what a sheet would be filled with; `apart` says whether each row may have a file of its own."""
        with QSignalBlocker(self.kind):
            self.kind.clear()
            self.kind.addItems([*KINDS] if match.kind else [UNKNOWN, *KINDS])
            self.kind.setCurrentText(match.kind or UNKNOWN)
        self.apart.setText(f"一{counted_in(record.word)}一个文件")
        self._together[1].setVisible(apart)
        self.counts.setText(_sentence(match))
        self.table.setVisible(bool(match.taken))
        self.table.show_places(match.taken, choices, record, match.kind == STATISTICS)

    def restyle(self) -> None:
        """The size of type changed."""
        for box in self._together:
            box.setFixedHeight(look.field_height() + 4)
        self.table.restyle()


def _sentence(match: Match) -> str:
    if not match.kind:
        return "没有认出要填的地方，这张表原样保留。"
    lacking = len({one.caption for one in match.taken if not one.source})
    said = f"表名是村名，只填“{match.only}”的：" if match.only else ""
    said += f"要填 {how_much(match)}"
    return f"{said}；黄底的 {lacking:,} 处不填，可以在右边选取自哪一项。" if lacking else f"{said}。"


def _beside(*parts: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for part in parts:
        row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    return made
