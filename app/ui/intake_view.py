"""How a stranger's file was understood, and the hand of the clerk in it (核对读法): one tab for each sheet.

Above each column of the sheet stands the field that it fills, to be changed on the spot; the rows of the heading are
tinted, rows that will be passed over are grey and say why.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSpinBox, QTabBar, QVBoxLayout, QWidget

from app.models.derived import Derived
from app.models.paths import labels, resolve
from app.sheets.captions import bare
from app.sheets.headings import heading_at
from app.sheets.intake import Intake, Reading
from app.sheets.read import letters
from app.sheets.rows import read_rows
from app.ui import look
from app.ui.intake_list import called, why_not_planned
from app.ui.kept_strip import KeptStrip
from app.ui.rows import Flow
from app.ui.sheet_table import SheetTable
from app.ui.tasks import Job, Tasks
from app.work.cells import along, fillable
from app.work.lookup import Lookup

MOST_NAMED = 8  # columns named in a sentence
NUMBERS = ("序号", "行号")  # captions of columns that only count the rows


def homes(record: Any) -> dict[str, Any]:
    """The links that a sheet may say once for all its rows, as the village: path → link."""
    link = along(record)
    owners = [("", record)] + ([(f"{link}.", record.facts()[link].rel_model)] if link else [])
    return {
        f"{before}{name}": fact
        for before, owner in owners
        for name, fact in owner.facts().items()
        if getattr(fact, "among", "") and fact.required
    }


class IntakeView(QWidget):
    """`changed()` whenever the reading was mended; `mended(reading)` where a column of it is another one."""

    changed = Signal()
    mended = Signal(object)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.tasks = tasks
        self.intake: Intake | None = None
        self.at = 0
        self._job: Job | None = None
        self._build()

    def _build(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.currentChanged.connect(self.show_sheet)
        self.use = QCheckBox("读这张表")
        self.use.toggled.connect(self.set_use)
        self.first, self.last = QSpinBox(), QSpinBox()
        for box in (self.first, self.last):
            box.setKeyboardTracking(False)
            box.setSpecialValueText("无")
        self.first.valueChanged.connect(lambda row: self._heading_typed(row, max(row, self.last.value())))
        self.last.valueChanged.connect(lambda row: self._heading_typed(min(self.first.value(), row), row))
        self.pick = look.button("选中的行是标题行")
        self.pick.clicked.connect(self.heading_from_choice)
        self.choices = QWidget()
        self.flow = Flow(self.choices, look.gap)
        self.flow.addWidget(_together(self.use))
        self.flow.addWidget(_together("标题行：第", self.first, "–", self.last, "行"))
        self.flow.addWidget(_together(self.pick))
        self.places: list[tuple[str, QWidget, QComboBox]] = []
        self.said, self.missing, self.left = look.label("", wrap=True), look.fault(), look.faint("", wrap=True)
        self.table = SheetTable()
        self.table.chosen.connect(self.set_field)
        card = look.card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, look.gap, 1, 1)
        inside.setSpacing(8)
        above = QVBoxLayout()
        above.setContentsMargins(look.gap, 0, look.gap, 0)
        above.setSpacing(4)
        self.kept = KeptStrip()
        self.kept.anew.connect(self.read_anew)
        for widget in (self.choices, self.kept, self.said, self.missing, self.left):
            above.addWidget(widget)
        inside.addLayout(above)
        inside.addWidget(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(card, 1)
        self.setFocusProxy(self.table)

    # --- what is shown ---

    def show_intake(self, intake: Intake, at: int = -1) -> None:
        """Show a file that was opened, at one sheet or else at the first that will be read."""
        self.intake, self.labels = intake, fillable(intake.record)
        known = labels(intake.record).items()
        self.computed = {label for label, path in known if isinstance(resolve(intake.record, path).fact, Derived)}
        for _, row, _ in self.places:
            self.flow.takeAt(self.flow.count() - 1)
            row.hide()
            row.deleteLater()
        self.places = []
        for path, fact in homes(intake.record).items():
            combo = QComboBox()
            combo.addItems(["表里没有写，请选择", *Lookup(fact).titles.values()])
            combo.activated.connect(
                lambda at, path=path, combo=combo: self.set_home(path, combo.itemText(at) if at else "")
            )
            row = _together(f"{fact.label}：", combo)
            self.flow.addWidget(row)
            self.places.append((path, row, combo))
        with QSignalBlocker(self.tabs):
            while self.tabs.count():
                self.tabs.removeTab(0)
            for reading in intake.readings:
                self.tabs.addTab(_tab_text(reading))
        begin = at if at >= 0 else next((at for at, reading in enumerate(intake.readings) if reading.use), 0)
        with QSignalBlocker(self.tabs):
            self.tabs.setCurrentIndex(begin)
        self.tabs.setVisible(len(intake.readings) > 1)
        self.show_sheet(begin)

    @property
    def reading(self) -> Reading:
        assert self.intake is not None
        return self.intake.readings[self.at]

    def show_sheet(self, at: int) -> None:
        """Turn to one sheet."""
        if self.intake is None or at < 0:
            return
        self.at = at
        self.table.show_reading(self.reading, self.labels)
        self._tell()

    def _tell(self) -> None:
        """Show anew what was understood of this sheet, after anything changed."""
        reading, sheet = self.reading, self.reading.sheet
        self.tabs.setTabText(self.at, _tab_text(reading))
        lowest, highest = sheet.top, sheet.top + len(sheet.rows)
        rows = reading.heading.rows if reading.heading else (-1, -1)
        for box, row in zip((self.first, self.last), rows, strict=True):
            with QSignalBlocker(box):
                box.setRange(lowest, highest)
                box.setValue(sheet.top + row + 1)
        with QSignalBlocker(self.use):
            self.use.setChecked(reading.use)
        for path, row, combo in self.places:
            row.setVisible(reading.use and path not in reading.mapping.values())
            combo.setCurrentIndex(max(combo.findText(str(reading.filled.get(path, ""))), 0))
        self.kept.show_reading(reading)
        self.flow.invalidate()
        self.choices.updateGeometry()
        self.table.restyle()
        self.left.setText(self._left_out())
        self.left.setVisible(bool(self.left.text()))
        self._say_missing()
        self._count()

    def _say_missing(self) -> None:
        wanted = [
            called(path, self.intake.record)
            for path, row, combo in self.places
            if self.reading.use and path not in self.reading.mapping.values() and not self.reading.filled.get(path)
        ]
        self.missing.setText(f"这张表没有写{'、'.join(wanted)}，请在上面选一个，不然新登记的会退回。" if wanted else "")
        self.missing.setVisible(bool(wanted))

    def _left_out(self) -> str:
        """Which columns nobody takes in, and why."""
        reading = self.reading
        if not reading.use or reading.heading is None:
            return ""
        left = []
        for column in reading.heading.columns:
            if column.index in reading.mapping or bare(column.caption) in NUMBERS:
                continue
            why = "由程序推算" if bare(column.caption) in self.computed else column.why.removesuffix("，请指定")
            named = f"{letters(reading.sheet.left + column.index)} 列“{column.caption.replace('/', '·') or '没有列名'}”"
            left.append(f"{named}（{why}）" if column.path is None and why else named)
        more = f"等 {len(left)} 列" if len(left) > MOST_NAMED else ""
        if not left:
            return ""
        return f"没有导入的列：{'、'.join(left[:MOST_NAMED])}{more}。要导入的，点列上面的框选字段（F2）。"

    def _count(self) -> None:
        """Read the rows in the background, to say how many there are and which are passed over."""
        if self._job:
            self._job.drop()
        reading = self.reading
        if not reading.use or reading.heading is None:
            self.table.show_passed({})
            unread = reading.heading is None or not reading.mapping
            self.said.setText(f"这张表不读：{reading.why}。" if unread else "这张表不读。")
            return
        sheet, heading, mapping = reading.sheet, reading.heading, dict(reading.mapping)

        def work() -> tuple[int, dict[int, str]]:
            rows = read_rows(sheet, heading, mapping)
            return sum(1 for _ in rows), {number - sheet.top - 1: reason for number, reason in rows.skipped}

        self._job = self.tasks.read(work, self._counted)

    def _counted(self, found: tuple[int, dict[int, str]]) -> None:
        self._job = None
        number, passed = found
        reading = self.reading
        assert reading.heading is not None
        first, last = (reading.sheet.top + row + 1 for row in reading.heading.rows)
        rows = f"第 {first} 行" if first == last else f"第 {first}–{last} 行"
        said = f"{rows}是标题，{len(reading.mapping)} 列要导入；标题下面有 {number:,} 行要读"
        said += f"，{len(passed):,} 行跳过（灰色的，鼠标停住看原因）。" if passed else "。"
        doubts = f"{len(reading.doubts()):,} 列拿不准（橙色的，鼠标停住看原因），请核对" if reading.doubts() else ""
        others = [doubts, reading.heading.why.partition("；")[2], *reading.sheet.notes, *reading.notes]
        self.said.setText("".join([said, *(f"{note.rstrip('。')}。" for note in others if note)]))
        self.table.show_passed(passed)

    # --- what the clerk mends ---

    def set_use(self, use: bool) -> None:
        """Read this sheet, or leave it out."""
        self.reading.let_in(use)
        self._changed()

    def set_field(self, column: int, path: str) -> None:
        """Let a column (from 0 in the sheet's rows) fill this path, "" for none; no other column fills it then."""
        mapping, member = dict(self.reading.mapping), self.reading.member
        for other in [other for other, known in mapping.items() if known == path and member(other) == member(column)]:
            del mapping[other]
        mapping.pop(column, None)
        if path:
            mapping[column] = path
        self.reading.read_as(mapping)
        self._changed()
        self.mended.emit(self.reading)

    def set_heading(self, first: int, last: int) -> None:
        """The heading stands in these rows of the file, counted from 1; columns are understood anew."""
        reading = self.reading
        reading.heading = heading_at(
            reading.sheet, first - reading.sheet.top - 1, last - reading.sheet.top - 1, self.intake.fields
        )
        reading.mapping = {column.index: column.path for column in reading.heading.columns if column.path}
        reading.use, reading.why, reading.notes, reading.kept = True, reading.heading.why, [], ""
        self._changed()

    def read_anew(self) -> None:
        """Understand this sheet without what was kept of sheets like it."""
        assert self.intake is not None
        self.intake.read_anew(self.reading)
        self._changed()

    def heading_from_choice(self) -> None:
        """The rows that are chosen in the table are the heading."""
        rows = self.table.chosen_rows()
        if rows:
            self.set_heading(self.reading.sheet.top + rows[0] + 1, self.reading.sheet.top + rows[-1] + 1)

    def set_home(self, path: str, text: str) -> None:
        """All rows of this sheet belong to this place; "" for unsaid."""
        self.reading.filled.pop(path, None)
        if text:
            self.reading.filled[path] = text
        self._changed()

    def _heading_typed(self, first: int, last: int) -> None:
        """Rows of the file from 1; the lowest value of both boxes says that there is none, which changes nothing."""
        lowest = self.reading.sheet.top
        first = last if first <= lowest else first
        if last > lowest:
            self.set_heading(first, last)
        else:
            self._tell()

    def _changed(self) -> None:
        self._tell()
        self.changed.emit()

    def why_not(self) -> str:
        """Why what is set up here cannot be planned yet, or nothing."""
        assert self.intake is not None
        return why_not_planned(self.intake)

    def sentence(self) -> str:
        """The file and how much of it is read."""
        assert self.intake is not None
        used = sum(reading.use for reading in self.intake.readings)
        return f"“{self.intake.path.name}” {len(self.intake.readings)} 张表，读 {used} 张"

    def restyle(self) -> None:
        """The size of type changed."""
        for number in range(self.flow.count()):
            item = self.flow.itemAt(number)
            assert item is not None
            item.widget().setFixedHeight(look.field_height() + 4)
        self.flow.invalidate()
        self.table.restyle()
        if self.intake is not None:
            self.table.fit()


def _tab_text(reading: Reading) -> str:
    name = (reading.sheet.name.strip() or "无名表") + ("（隐藏的表）" if reading.sheet.hidden else "")
    return f"✓ {name}" if reading.use else f"{name} · 不读"


def _together(*parts: str | QWidget) -> QWidget:
    """Words and inputs that are not parted at the end of a line."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    made.setFixedHeight(look.field_height() + 4)
    for part in parts:
        row.addWidget(look.soft(part) if isinstance(part, str) else part)
    return made
