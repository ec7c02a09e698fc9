"""Several files before they are looked at one by one (文件清单): every sheet with what was found in it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from app.models.paths import resolve
from app.sheets.intake import Intake, Reading
from app.sheets.several import Found, found
from app.ui import look
from app.ui.tasks import Job, Tasks

CAPTIONS = ("读", "文件", "表", "台账", "行数", "拿不准", "说明")
NUMBERS = (4, 5)  # columns with numbers
READ, UNREAD = "✓ 读", "不读"
SEEN = 60  # rows by which a column is made wide enough
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def called(path: str, record: Any) -> str:
    """What a clerk calls the fact at a path."""
    return resolve(record, path).label


def why_not_planned(intake: Intake) -> str:
    """Why what was read cannot be planned yet, or nothing."""
    used = [reading for reading in intake.readings if reading.use]
    if not used:
        return "没有要读的表：请在有名单的表上勾选“读这张表”。"
    alternatives = [part.split()[0] for part in intake.record.same_as.split("|")]
    paths = {path for part in intake.record.same_as.split("|") for path in part.split()}
    words = "或".join(called(path, intake.record) for path in alternatives)
    for reading in used:
        if reading.heading is None:
            return f"“{reading.sheet.called}”还没有标题行：请填写标题行是第几行，或不读这张表。"
        if not paths & set(reading.mapping.values()):
            return f"“{reading.sheet.called}”里还没有一列是{words}：请点列上面的框指定，或不读这张表。"
    return ""


class _Rows(QAbstractTableModel):
    """The sheets, then the files that were not read."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Found] = []

    def show_lines(self, lines: list[Found]) -> None:
        if len(lines) == len(self.lines):  # the clerk stays where he is
            self.lines = lines
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(CAPTIONS) - 1))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def text(self, row: int, column: int) -> str:
        line = self.lines[row]
        rows, doubts = (f"{line.rows:,}", f"{line.doubts:,} 列" if line.doubts else "") if line.use else ("", "")
        use = READ if line.use else UNREAD
        return (use, line.file, line.sheet, line.ledger, rows, doubts, line.said)[column]

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(CAPTIONS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.ForegroundRole:
            line = self.lines[index.row()]
            if not line.sheet:
                return look.color(look.LATE)
            return look.color(look.SOON if line.doubts and index.column() == 5 else look.INK if line.use else look.SOFT)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and way == Qt.Orientation.Horizontal:
            return CAPTIONS[section]
        return None


class _Table(QTableView):
    """`pressed_enter(row)`, `pressed_space(row)`."""

    pressed_enter = Signal(int)
    pressed_space = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, plain = self.currentIndex().row(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if row >= 0 and plain and event.key() in ENTERS:
            self.pressed_enter.emit(row)
        elif row >= 0 and plain and event.key() == Qt.Key.Key_Space:
            self.pressed_space.emit(row)
        else:
            super().keyPressEvent(event)


class IntakeList(QWidget):
    """`changed()` when a sheet is to be read or not; `opened(at)` when the clerk wants to look at one."""

    changed = Signal()
    opened = Signal(int)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.tasks = tasks
        self.intake: Intake | None = None
        self._known: dict[int, tuple[Any, Found]] = {}  # id of a reading → how it was read, and what was found
        self._job: Job | None = None
        self.said = look.label("", wrap=True)
        self.hint = look.faint("按空格键决定读不读这张表；按回车键或双击，打开它核对标题行和各列。", wrap=True)
        self.table, self.rows = _Table(), _Rows(self)
        self.table.setModel(self.rows)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.verticalHeader().hide()
        heading = self.table.horizontalHeader()
        heading.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heading.setHighlightSections(False)
        heading.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        heading.setStretchLastSection(True)
        self.table.pressed_enter.connect(self._open)
        self.table.pressed_space.connect(self.toggle)
        self.table.doubleClicked.connect(lambda index: self._open(index.row()))
        self.more = look.soft("", wrap=True)
        self.more.setContentsMargins(look.gap, 0, look.gap, look.gap)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._tell())
        card = look.card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, look.gap, 1, 1)
        above = QVBoxLayout()
        above.setContentsMargins(look.gap, 0, look.gap, 0)
        for widget in (self.said, self.hint):
            above.addWidget(widget)
        inside.addLayout(above)
        inside.addWidget(self.table, 1)
        inside.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.setFocusProxy(self.table)

    def show_intake(self, intake: Intake) -> None:
        """Show what was found in several files; rows are counted in the background."""
        self.intake = intake
        if self._job is not None:
            self._job.drop()
        readings, known = list(intake.readings), self._known
        ledger = intake.ledger.title if intake.ledger else intake.record.word

        def work() -> dict[int, tuple[Any, Found]]:
            told = {}
            for reading in readings:
                mark, before = _mark(reading), known.get(id(reading))
                told[id(reading)] = before if before and before[0] == mark else (mark, found(reading, ledger))
            return told

        self._job = self.tasks.read(work, self._show)

    def _show(self, known: dict[int, tuple[Any, Found]]) -> None:
        assert self.intake is not None
        self._job, self._known = None, known
        lines = [known[id(reading)][1] for reading in self.intake.readings]
        lines += [Found(path.name, "", "", False, 0, 0, said) for path, said in self.intake.unread]
        fresh = len(lines) != len(self.rows.lines)
        self.rows.show_lines(lines)
        if fresh and lines:
            self.restyle()
            self.table.selectRow(0)
        self._tell()
        used = [line for line in lines if line.use]
        rows, doubts = sum(line.rows for line in used), sum(line.doubts > 0 for line in used)
        said = f"{self.sentence()}，要读的共 {rows:,} 行。"
        said += f"{doubts:,} 张表有拿不准的列，请打开核对。" if doubts else ""
        self.said.setText(said + (f"{len(self.intake.unread):,} 个文件没有读成。" if self.intake.unread else ""))

    def _tell(self) -> None:
        """What is said of the sheet that is looked at, whole."""
        row = self.table.currentIndex().row()
        self.more.setText(self.rows.lines[row].said if 0 <= row < len(self.rows.lines) else "")

    def sentence(self) -> str:
        """The files and how many of their sheets are read."""
        assert self.intake is not None
        used = sum(reading.use for reading in self.intake.readings)
        files = len(self.intake.paths) + len(self.intake.unread)
        return f"{files:,} 个文件 {len(self.intake.readings):,} 张表，读 {used:,} 张"

    def toggle(self, row: int) -> None:
        """Read a sheet, or leave it out."""
        assert self.intake is not None
        if row < len(self.intake.readings):
            self.intake.readings[row].let_in(not self.intake.readings[row].use)
            self.show_intake(self.intake)
            self.changed.emit()

    def _open(self, row: int) -> None:
        if self.intake is not None and row < len(self.intake.readings):
            self.opened.emit(row)

    def restyle(self) -> None:
        """The size of type, or the files, changed: columns as wide as their first rows, within bounds."""
        self.table.verticalHeader().setDefaultSectionSize(look.row_height())
        pad = look.sizes().of(26)
        for at, caption in enumerate(CAPTIONS[:-1]):
            texts = [caption, *(self.rows.text(row, at) for row in range(min(SEEN, len(self.rows.lines))))]
            widest = max(look.wide(text) for text in texts)
            self.table.setColumnWidth(at, min(widest, look.width("most_column")) + pad)


def _mark(reading: Reading) -> Any:
    """By what a reading is another one than before."""
    heading = reading.heading
    return reading.use, reading.why, heading and heading.rows, dict(reading.mapping), reading.kept, len(reading.notes)
