"""Taking a list into a ledger (导入), in three steps on one page: the file, how it was understood, what it would do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ledgers.contents import ledgers
from app.ledgers.ledger import Ledger, given
from app.models import notes
from app.models.faults import Stale, Trouble
from app.models.operation import operation
from app.models.progress import Progress
from app.sheets.intake import Intake, open_intake
from app.ui import look
from app.ui.intake_view import IntakeView
from app.ui.outputs import ask_place
from app.ui.plan_steps import KINDS, FileStep, WrittenStep
from app.ui.plan_view import PlanView
from app.ui.rows import Elided, Scrolled, ToolRow
from app.work.plan import Plan
from app.work.readings import keep

FILE, READING, RESULT, WRITTEN = range(4)
STEPS = ("1 选文件", "2 核对读法", "3 核对结果")
CHANGED_SINCE = "登记在核对之后被改过：请按“上一步”再按“下一步”，重新核对。"
FOLDER = "import_folder"  # the note that keeps where the last list lay


class PlanPage(QWidget):
    """A page. `ledger` says which record the rows become."""

    name = ""

    def __init__(self, window: Any, ledger: Ledger) -> None:
        super().__init__()
        self.window_, self.ledger = window, ledger
        self.title = f"导入 {ledger.title}"
        self.path: Path | None = None
        self.intake: Intake | None = None
        self.plan: Plan | None = None
        self.number = 0  # of the operation that took the list in
        self.working = False
        self._done: Callable[[Any], None] = lambda answer: None  # what to do with what the work gives
        self.setObjectName("page")
        self._build()
        self._bind()
        self._go(FILE)

    # --- building ---

    def _build(self) -> None:
        self.back_link = look.link("← 返回")
        self.next = look.button("下一步", "Ctrl Enter", primary=True)
        self.earlier = look.button("上一步", "Alt PgUp")
        self.keep = look.button("退回行另存…")
        self.tools = ToolRow()
        for button in (self.next, self.earlier, self.keep):
            self.tools.add(button)
        self.other = self.tools.add_seldom("换一个文件…\tCtrl+O", self.ask_file)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.back_link)
        top.addWidget(Elided(self.title, "title"))
        top.addWidget(self.tools, 1)
        self.marks = [look.soft(word) for word in STEPS]
        self.about = Elided("", "soft")
        row = QHBoxLayout()
        row.setSpacing(8)
        for number, mark in enumerate(self.marks):
            if number:
                row.addWidget(look.faint("›"))
            row.addWidget(mark)
        row.addSpacing(look.gap)
        row.addWidget(self.about, 1)
        self.wrong = look.fault()
        self.file_step, self.written_step = FileStep(self.ledger.record), WrittenStep()
        self.intake_view, self.plan_view = IntakeView(self.window_.tasks), PlanView(self.window_.tasks)
        self.steps: tuple[QWidget, ...] = (self.file_step, self.intake_view, self.plan_view, self.written_step)
        self.middle = QStackedWidget()
        for step in self.steps:
            self.middle.addWidget(Scrolled(step))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, look.gap, 16, look.gap)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(row)
        column.addWidget(self.wrong)
        column.addWidget(self.middle, 1)

    def _bind(self) -> None:
        written = self.written_step
        for button, do in (
            (self.back_link, lambda: self.window_.close_page(self)), (self.earlier, self.step_back),
            (self.next, self.step_on), (self.keep, self.keep_returned), (written.keep, self.keep_returned),
            (written.again, self.ask_file), (written.open, self.open_ledger), (written.undo, self.undo),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, do=do: do())
        for keys, do in (
            ("Ctrl+O", self.ask_file), ("Ctrl+Return", self.step_on), ("Ctrl+Enter", self.step_on),
            ("Alt+PgUp", self.step_back),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        self.file_step.asked.connect(self.ask_file)
        self.file_step.chosen.connect(self.open_file)
        self.intake_view.changed.connect(self._show_state)
        self.plan_view.changed.connect(self._show_state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.back_link.setText(f"← {self.window_.back_title or '返回'}")

    # --- the steps ---

    @property
    def step(self) -> int:
        return self.middle.currentIndex()

    def _go(self, step: int) -> None:
        self.middle.setCurrentIndex(step)
        self.setFocusProxy(self.steps[step])
        for number, mark in enumerate(self.marks):
            look.mark(mark, tone="accent" if number == min(step, RESULT) else "soft")
        self._show_state()
        if self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_state(self, wrong: str = "") -> None:
        """What can be done now, and why not."""
        step, why, text, about = self.step, "", "下一步", ""
        if step == READING:
            why, about = self.intake_view.why_not(), self.intake_view.sentence()
        elif step == RESULT:
            why, about = self.plan_view.why_not(), self.intake_view.sentence()
            text = f"写入 {self.plan_view.writes():,} 行"
        self.about.setText(about)
        self.next.setText(text)
        self.next.setEnabled(not why and not self.working)
        self.next.setToolTip(why)
        some = self.plan_view.returned() > 0
        for button in (self.keep, self.written_step.keep):
            button.setEnabled(some and not self.working)
            button.setToolTip("把没有写入的行连同原因另存，改好后可以再导入。" if some else "没有退回、待定的行。")
        self.written_step.undo.setEnabled(bool(self.number) and not self.working)
        for widget in (self.earlier, self.file_step, self.intake_view, self.written_step.again, self.other):
            widget.setEnabled(not self.working)
        self.keep.setProperty("gone", step != RESULT)
        self.tools.setVisible(step in (READING, RESULT))
        self.tools.updateGeometry()
        self.tools.arrange()
        said = wrong or (why if step == READING else "")
        self.wrong.setText(said)
        self.wrong.setVisible(bool(said))

    def step_on(self) -> None:
        """Go on: choose a file, plan what was read, write what was planned, or open the ledger."""
        if self.working or (self.step in (READING, RESULT) and not self.next.isEnabled()):
            return
        (self.ask_file, self.make_plan, self.commit, self.open_ledger)[self.step]()

    def step_back(self) -> None:
        if not self.working and self.step in (READING, RESULT):
            self._go(self.step - 1)

    def _work(self, title: str, work: Callable[[Progress], Any], done: Callable[[Any], None]) -> None:
        """Long work on the writing thread; until it is back nothing else can be begun here."""
        self.working, self._done = True, done
        self._show_state()
        self.window_.tasks.write(title, work, self._take, self._failed)

    def _take(self, answer: Any) -> None:
        self.working = False
        self._done(answer)

    def _failed(self, error: Exception) -> None:
        """Trouble with a file is told on the page, which stays as it was; everything else above it."""
        self.working = False
        here = isinstance(error, Trouble) and self.step in (FILE, READING)
        self._show_state(str(error) if here else CHANGED_SINCE if isinstance(error, Stale) else "")
        if not here:
            self.window_.tell(error)
        if self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- 1 the file ---

    def ask_file(self) -> None:
        """Let the clerk choose a file."""
        if self.working:
            return
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        folder = notes.recall(FOLDER) or QStandardPaths.writableLocation(documents)
        place, _ = QFileDialog.getOpenFileName(self, f"选择要{self.title}的表格", folder, KINDS)
        if place:
            self.open_file(Path(place))

    def open_file(self, path: Path) -> None:
        """Read a file and show how it was understood."""
        if self.working:
            return
        ledger, every = self.ledger, given(self.ledger)
        self.window_.tasks.note(lambda: notes.remember(FOLDER, str(path.parent)))

        def done(intake: Intake) -> None:
            self.path, self.intake, self.plan, self.number = path, intake, None, 0
            self.intake_view.show_intake(intake)
            self._go(READING)

        def work(progress: Progress) -> Intake:
            return open_intake(path, ledger.record, progress, every, ledger)

        self._work(f"读取 {path.name}", work, done)

    # --- 2 how it was understood ---

    def make_plan(self) -> None:
        """Compare what was read with the ledger."""
        intake = self.intake
        assert intake is not None

        def done(plan: Plan) -> None:
            self.plan = plan
            self.plan_view.show_plan(plan)
            self._go(RESULT)

        self._work("核对", intake.plan, done)

    # --- 3 what it would do ---

    def commit(self) -> None:
        """Back up and write everything that is new or changed, as one operation."""
        plan, intake, path = self.plan, self.intake, self.path
        assert plan is not None and intake is not None and path is not None
        title = f"导入{self.ledger.title}：{path.name}"

        def work(progress: Progress) -> tuple[str, int]:
            from app.work import backup

            backup.automatic("import", progress=progress)
            keep(self.ledger.title, intake.to_keep())  # an operation of its own: undoing the import forgets no reading
            with operation(title) as opened:
                said = plan.commit(title, progress)
            return said, opened.number

        self._work("导入", work, self._written)

    def _written(self, answer: tuple[str, int]) -> None:
        said, self.number = answer
        returned = self.plan_view.returned()
        more = f"有 {returned:,} 行没有写入或有单元格没有采用，可以另存，改好后再导入。" if returned else ""
        self.written_step.keep.setVisible(returned > 0)
        self.written_step.tell(said, f"写入之前已自动备份。不对的话，可以整批撤销。{more}")
        self.window_.say(said)
        self._go(WRITTEN)

    def keep_returned(self) -> None:
        """Write the rows that are not taken in, with the reasons, to a copy of the clerk's file."""
        plan, intake, path = self.plan, self.intake, self.path
        if plan is None or intake is None or path is None or self.working:
            return
        place = ask_place(self, "退回行另存", f"{path.stem}-退回.xlsx", "表格 (*.xlsx)")
        if place is None:
            return
        to = place if place.suffix.lower() == ".xlsx" else place.with_name(place.name + ".xlsx")

        def work(progress: Progress) -> str:
            from app.sheets.refused import write_refused

            return write_refused(path, intake, plan, to, progress)

        def done(said: str) -> None:
            self._show_state()
            self.window_.say(said)

        self._work("另存退回行", work, done)

    # --- written ---

    def open_ledger(self) -> None:
        """Show the ledger that the rows went into."""
        self.window_.open_ledger(next(name for name, ledger in ledgers().items() if ledger.title == self.ledger.title))

    def undo(self) -> None:
        """Undo this import, and say what came back."""
        number = self.number

        def work(progress: Progress) -> str:
            from app.work.undo import undo

            return undo(number, progress).sentence()

        def done(said: str) -> None:
            self.number = 0
            self.written_step.tell(said, "可以换一种读法，或改好文件后再导入。")
            self.window_.say(said)
            self._show_state()

        self._work("撤销本次导入", work, done)

    def restyle(self) -> None:
        """The size of type changed."""
        self.intake_view.restyle()
        self.plan_view.restyle()
        self._show_state()
