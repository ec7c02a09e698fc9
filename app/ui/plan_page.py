"""Taking a list into a ledger (导入), in three steps on one page: the file, how it was understood, what it would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ledgers.contents import ledgers
from app.ledgers.ledger import Column, Ledger, given
from app.models import notes
from app.models.faults import Stale, Trouble
from app.models.operation import operation
from app.models.progress import Progress
from app.sheets.intake import Intake, Reading
from app.sheets.pasted import open_paste
from app.sheets.several import open_several
from app.ui import look
from app.ui import plan_verbs as verbs
from app.ui.intake_list import IntakeList, why_not_planned
from app.ui.intake_view import IntakeView
from app.ui.plan_steps import FileStep, WrittenStep
from app.ui.plan_view import PlanView
from app.ui.rows import Elided, Scrolled, ToolRow
from app.work.plan import Plan
from app.work.readings import keep

FILE, READING, RESULT, WRITTEN, LIST = range(5)  # LIST comes before READING where several files are taken in
STEPS = ("1 选文件", "2 核对读法", "3 核对结果")
CHANGED_SINCE = "登记在核对之后被改过：请按“上一步”再按“下一步”，重新核对。"


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
        self.others = (
            self.tools.add_seldom("换文件…\tCtrl+O", self.ask_file),
            self.tools.add_seldom("换文件夹…", lambda: verbs.ask_folder(self)),
        )
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
        self.list = IntakeList(self.window_.tasks)
        self.steps: tuple[QWidget, ...] = (
            self.file_step, self.intake_view, self.plan_view, self.written_step, self.list
        )  # fmt: skip
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
            (self.next, self.step_on), (self.keep, lambda: verbs.keep_returned(self)),
            (written.keep, lambda: verbs.keep_returned(self)), (written.again, self.ask_file),
            (written.open, self.open_ledger), (written.undo, lambda: verbs.undo(self)),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, do=do: do())
        for keys, do in (
            ("Ctrl+O", self.ask_file), ("Ctrl+Return", self.step_on), ("Ctrl+Enter", self.step_on),
            ("Alt+PgUp", self.step_back),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        self.file_step.asked.connect(self.ask_file)
        self.file_step.folder_asked.connect(lambda: verbs.ask_folder(self))
        self.file_step.chosen.connect(self.open_files)
        self.list.changed.connect(self.show_state)
        self.list.opened.connect(self.open_sheet)
        self.intake_view.changed.connect(self.show_state)
        self.intake_view.mended.connect(self._mend_others)
        self.plan_view.changed.connect(self.show_state)
        self.plan_view.said_of_many.connect(self.window_.say)

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
            at = READING if step == LIST else min(step, RESULT)
            look.mark(mark, tone="accent" if number == at else "soft")
        self.show_state()
        if self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_state(self, wrong: str = "") -> None:
        """What can be done now, and why not."""
        step, why, text, about = self.step, "", "下一步", ""
        if step == READING:
            why, about = "" if self.several else self.intake_view.why_not(), self.intake_view.sentence()
            text = "回到清单" if self.several else text
        elif step == LIST:
            assert self.intake is not None
            why, about = why_not_planned(self.intake), self.list.sentence()
        elif step == RESULT:
            why = self.plan_view.why_not()
            about = self.list.sentence() if self.several else self.intake_view.sentence()
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
        for widget in (self.earlier, self.file_step, self.intake_view, self.list, self.written_step.again):
            widget.setEnabled(not self.working)
        for action in self.others:
            action.setEnabled(not self.working)
        self.keep.setProperty("gone", step != RESULT)
        self.tools.setVisible(step in (READING, RESULT, LIST))
        self.tools.updateGeometry()
        self.tools.arrange()
        said = wrong or (why if step in (READING, LIST) else "")
        self.wrong.setText(said)
        self.wrong.setVisible(bool(said))

    @property
    def several(self) -> bool:
        """Whether more than one file is taken in."""
        return self.intake is not None and len(self.intake.paths) + len(self.intake.unread) > 1

    def step_on(self) -> None:
        """Go on: choose a file, plan what was read, write what was planned, or open the ledger."""
        if self.working or (self.step in (READING, RESULT, LIST) and not self.next.isEnabled()):
            return
        looked = self.show_list if self.several else self.make_plan
        (self.ask_file, looked, self.commit, self.open_ledger, self.make_plan)[self.step]()

    def step_back(self) -> None:
        if self.working or self.step not in (READING, RESULT, LIST):
            return
        if self.several and self.step != LIST:
            self.show_list()
        else:
            self._go(READING if self.step == RESULT else FILE)

    def work(self, title: str, work: Callable[[Progress], Any], done: Callable[[Any], None]) -> None:
        """Long work on the writing thread; until it is back nothing else can be begun here."""
        self.working, self._done = True, done
        self.show_state()
        self.window_.tasks.write(title, work, self._take, self._failed)

    def _take(self, answer: Any) -> None:
        self.working = False
        self._done(answer)

    def _failed(self, error: Exception) -> None:
        """Trouble with a file is told on the page, which stays as it was; everything else above it."""
        self.working = False
        here = isinstance(error, Trouble) and self.step in (FILE, READING, LIST)
        self.show_state(str(error) if here else CHANGED_SINCE if isinstance(error, Stale) else "")
        if not here:
            self.window_.tell(error)
        if self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- 1 the file ---

    def ask_file(self) -> None:
        """Let the clerk choose a file, or several."""
        verbs.ask_files(self)

    def open_file(self, path: Path) -> None:
        self.open_files([path])

    def open_files(self, paths: list[Path]) -> None:
        """Read files and folders, and show how they were understood."""
        if self.working:
            return
        ledger, every = self.ledger, given(self.ledger)
        self.window_.tasks.note(lambda: notes.remember(verbs.FOLDER, str(paths[0].parent)))

        def work(progress: Progress) -> Intake:
            return open_several(paths, ledger.record, progress, every, ledger)

        more = f"等 {len(paths):,} 个文件" if len(paths) > 1 else ""
        self.work(f"读取 {paths[0].name}{more}", work, self.show_intake)

    def open_pasted(self, html: str, text: str, columns: Sequence[Column]) -> None:
        """Read what was copied in a spreadsheet; `columns` are those of the ledger where no heading was copied."""
        ledger, every = self.ledger, given(self.ledger)

        def work(progress: Progress) -> Intake:
            return open_paste(html, text, ledger, columns, every, progress)

        self.work("读取剪贴板", work, self.show_intake)

    def show_intake(self, intake: Intake) -> None:
        """Show how what was opened is understood."""
        self.path, self.intake, self.plan, self.number = intake.path, intake, None, 0
        if self.several:
            self.show_list()
        else:
            self.intake_view.show_intake(intake)
            self._go(READING)

    def show_list(self) -> None:
        """Show all sheets of several files."""
        assert self.intake is not None
        self.list.show_intake(self.intake)
        self._go(LIST)

    def open_sheet(self, at: int) -> None:
        """Look at one sheet of several files."""
        assert self.intake is not None
        reading = self.intake.readings[at]
        of_file = self.intake.of(reading.path)
        self.intake_view.show_intake(of_file, next(n for n, one in enumerate(of_file.readings) if one is reading))
        self._go(READING)

    # --- 2 how it was understood ---

    def _mend_others(self, reading: Reading) -> None:
        """What the clerk says of a column counts for every sheet with the same heading."""
        assert self.intake is not None
        if changed := self.intake.as_well(reading):
            self.window_.say(f"同样标题的另外 {changed:,} 张表也照这样读。")

    def make_plan(self) -> None:
        """Compare what was read with the ledger."""
        intake = self.intake
        assert intake is not None

        def done(plan: Plan) -> None:
            self.plan = plan
            self.plan_view.show_plan(plan)
            self._go(RESULT)

        self.work("核对", intake.plan, done)

    # --- 3 what it would do ---

    def commit(self) -> None:
        """Back up and write everything that is new or changed, as one operation."""
        plan, intake, path = self.plan, self.intake, self.path
        assert plan is not None and intake is not None and path is not None
        files = f"“{path.name}”里 {len(intake.paths):,} 个文件" if self.several else path.name
        title = f"导入{self.ledger.title}：{files}"

        def work(progress: Progress) -> tuple[str, int]:
            from app.work import backup

            backup.automatic("import", progress=progress)
            keep(self.ledger.title, intake.to_keep())  # an operation of its own: undoing the import forgets no reading
            with operation(title) as opened:
                said = plan.commit(title, progress)
            return said, opened.number

        self.work("导入", work, self._written)

    def _written(self, answer: tuple[str, int]) -> None:
        said, self.number = answer
        returned = self.plan_view.returned()
        more = f"有 {returned:,} 行没有写入或有单元格没有采用，可以另存，改好后再导入。" if returned else ""
        self.written_step.keep.setVisible(returned > 0)
        self.written_step.tell(said, f"写入之前已自动备份。不对的话，可以整批撤销。{more}")
        self.window_.say(said)
        self._go(WRITTEN)

    # --- written ---

    def open_ledger(self) -> None:
        """Show the ledger that the rows went into."""
        self.window_.open_ledger(next(name for name, ledger in ledgers().items() if ledger.title == self.ledger.title))

    def restyle(self) -> None:
        """The size of type changed."""
        self.intake_view.restyle()
        self.plan_view.restyle()
        self.list.restyle()
        self.show_state()
