"""Taking a list into a ledger (导入), in three steps on one page: the file, how it was understood, what it would do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ledgers.contents import ledgers
from app.ledgers.ledger import Ledger
from app.models import notes
from app.models.faults import Cancelled, Stale, Trouble
from app.models.operation import operation
from app.models.progress import Progress
from app.sheets.intake import Intake, open_intake
from app.ui import look
from app.ui.intake_view import IntakeView
from app.ui.outputs import ask_place
from app.ui.plan_view import PlanView
from app.ui.rows import Elided
from app.work.matching import fillable
from app.work.plan import Plan

FILE, READING, RESULT, WRITTEN = range(4)
STEPS = ("1 选文件", "2 核对读法", "3 核对结果")
ENDINGS = ("xlsx", "xlsm", "xlsb", "xls", "et", "ods", "csv", "txt")
KINDS = f"表格 ({' '.join(f'*.{ending}' for ending in ENDINGS)});;所有文件 (*)"
CHANGED_SINCE = "登记在核对之后被改过：请按“上一步”再按“下一步”，重新核对。"
FOLDER = "import_folder"  # the note that keeps where the last list lay


class DropCard(QFrame):
    """The card that a file is dropped on. `dropped(path)`."""

    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            look.mark(self, strip="accent")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        look.mark(self, strip="")

    def dropEvent(self, event: QDropEvent) -> None:
        look.mark(self, strip="")
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.dropped.emit(files[0])


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
        self.setObjectName("page")
        self._build()
        self._bind()
        self._go(FILE)

    # --- building ---

    def _build(self) -> None:
        self.back_link = look.link("← 返回")
        self.earlier = look.button("上一步", "Alt PgUp")
        self.next = look.button("下一步", "Ctrl Enter", primary=True)
        self.keep = look.button("退回行另存…")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.back_link)
        top.addWidget(look.title(self.title))
        top.addStretch(1)
        for button in (self.earlier, self.keep, self.next):
            top.addWidget(button)
        self.steps = [look.soft(word) for word in STEPS]
        self.about = Elided("", "soft")
        row = QHBoxLayout()
        row.setSpacing(look.gap)
        for number, step in enumerate(self.steps):
            if number:
                row.addWidget(look.faint("›"))
            row.addWidget(step)
        row.addSpacing(look.gap)
        row.addWidget(self.about, 1)
        self.wrong = look.fault()
        self.intake_view, self.plan_view = IntakeView(self.window_.tasks), PlanView(self.window_.tasks)
        self.middle = QStackedWidget()
        for widget in (self._file_step(), self.intake_view, self.plan_view, self._written_step()):
            self.middle.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, look.gap, 16, look.gap)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(row)
        column.addWidget(self.wrong)
        column.addWidget(self.middle, 1)

    def _file_step(self) -> QWidget:
        self.card = DropCard()
        self.choose = look.button("选择文件…", "Ctrl O", primary=True)
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(*[look.gap * 3] * 4)
        inside.setSpacing(look.gap)
        inside.addStretch(1)
        self.reading_said = look.label("把表格文件拖到这里，或者", "name")
        for widget in (self.reading_said, self.choose):
            inside.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        endings = " ".join(f".{ending}" for ending in ENDINGS)
        kinds = f"可以读 WPS 和 Excel 的表格（{endings}），标题行、合并单元格、合计行会自己认。"
        promise = "原文件不会被改动；写入之前先让您看会新增、修改哪些行；写入之后还可以整批撤销。"
        record = self.ledger.record
        labels = "、".join(dict.fromkeys(fillable(record).values()))
        fields = f"{record.word}可以导入的内容：{labels}。列的先后不限，缺的列可以没有。"
        for text in (kinds, promise):
            said = look.soft(text, wrap=True)
            said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            inside.addWidget(said)
        inside.addStretch(1)
        told = look.faint(fields, wrap=True)
        told.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(told)
        self.card.setFocusProxy(self.choose)
        return self.card

    def _written_step(self) -> QWidget:
        card = look.card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(*[look.gap * 3] * 4)
        inside.setSpacing(look.gap)
        self.written = look.label("", "name", wrap=True)
        self.written_more = look.soft("", wrap=True)
        self.open_button = look.button("打开台账", "Ctrl Enter", primary=True)
        self.undo_button = look.button("撤销本次导入")
        self.keep_after = look.button("退回行另存…")
        self.again = look.button("再导入一个文件", "Ctrl O")
        buttons = QHBoxLayout()
        for button in (self.open_button, self.undo_button, self.keep_after, self.again):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inside.addWidget(self.written)
        inside.addWidget(self.written_more)
        inside.addLayout(buttons)
        inside.addStretch(1)
        card.setFocusProxy(self.open_button)
        return card

    def _bind(self) -> None:
        for button, do in (
            (self.back_link, lambda: self.window_.close_page(self)), (self.earlier, self.step_back),
            (self.next, self.step_on), (self.keep, self.keep_returned), (self.keep_after, self.keep_returned),
            (self.choose, self.ask_file), (self.again, self.ask_file), (self.open_button, self.open_ledger),
            (self.undo_button, self.undo),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, do=do: do())
        for keys, do in (
            ("Ctrl+O", self.ask_file), ("Ctrl+Return", self.step_on), ("Ctrl+Enter", self.step_on),
            ("Alt+PgUp", self.step_back),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        self.card.dropped.connect(self.open_file)
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
        self.setFocusProxy(self.middle.currentWidget())
        for number, word in enumerate(self.steps):
            look.mark(word, tone="accent" if number == min(step, RESULT) else "soft")
        self._show_state()
        if self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_state(self, wrong: str = "") -> None:
        """What can be done now, and why not."""
        step = self.step
        self.earlier.setVisible(step in (READING, RESULT))
        self.next.setVisible(step in (READING, RESULT))
        self.keep.setVisible(step == RESULT)
        why, text = "", "下一步"
        if step == READING:
            why = self.intake_view.why_not()
            self.about.setText(self.intake_view.sentence())
        elif step == RESULT:
            why, text = self.plan_view.why_not(), f"写入 {self.plan_view.writes():,} 行"
        else:
            self.about.setText("")
        self.next.setText(text)
        self.next.updateGeometry()
        self.next.setEnabled(not why and not self.working)
        self.next.setToolTip(why)
        for button in (self.earlier, self.choose, self.again):
            button.setEnabled(not self.working)
        for button in (self.keep, self.keep_after):
            some = self.plan_view.returned() > 0
            button.setEnabled(some and not self.working)
            button.setToolTip("把没有写入的行连同原因另存，改好后可以再导入。" if some else "没有退回、待定的行。")
        self.undo_button.setEnabled(bool(self.number) and not self.working)
        said = wrong or (why if step == READING else "")
        self.wrong.setText(said)
        self.wrong.setVisible(bool(said))

    def step_on(self) -> None:
        """Go on: plan what was read, write what was planned, or open the ledger."""
        if self.working or (self.step in (READING, RESULT) and not self.next.isEnabled()):
            return
        match self.step:
            case step if step == FILE:
                self.ask_file()
            case step if step == READING:
                self.make_plan()
            case step if step == RESULT:
                self.commit()
            case _:
                self.open_ledger()

    def step_back(self) -> None:
        if not self.working and self.step in (READING, RESULT):
            self._go(self.step - 1)

    def _work(self, title: str, work: Any, done: Any, said: str = "") -> None:
        """Long work on the writing thread; until it is back nothing else can be begun here."""
        self.working = True
        self._show_state()

        def back(answer: Any) -> None:
            self.working = False
            done(answer)

        self._done = back
        self.window_.tasks.write(title, work, self._take, self._failed)

    def _take(self, answer: Any) -> None:
        self._done(answer)

    def _failed(self, error: Exception) -> None:
        """Trouble with a file is told on the page, which stays as it was; everything else above it."""
        self.working = False
        if isinstance(error, Trouble) and self.step in (FILE, READING):
            self._show_state(str(error))
            return
        self._show_state(CHANGED_SINCE if isinstance(error, Stale) else "")
        if not isinstance(error, Cancelled) or self.window_.page is self:
            self.window_.tell(error)

    # --- 1 the file ---

    def ask_file(self) -> None:
        """Let the clerk choose a file."""
        if self.working or self.step not in (FILE, WRITTEN):
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
        record = self.ledger.record
        self.window_.tasks.note(lambda: notes.remember(FOLDER, str(path.parent)))

        def done(intake: Intake) -> None:
            self.path, self.intake, self.plan, self.number = path, intake, None, 0
            self.intake_view.show_intake(intake)
            self._go(READING)

        self._work(f"读取 {path.name}", lambda progress: open_intake(path, record, progress), done)

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
        plan, path = self.plan, self.path
        assert plan is not None and path is not None
        title = f"导入{self.ledger.title}：{path.name}"

        def work(progress: Progress) -> tuple[str, int]:
            from app.work import backup

            backup.automatic("import", progress=progress)
            with operation(title) as opened:
                said = plan.commit(title, progress)
            return said, opened.number

        self._work("导入", work, self._written)

    def _written(self, answer: tuple[str, int]) -> None:
        said, self.number = answer
        self.written.setText(said)
        returned = self.plan_view.returned()
        more = "写入之前已自动备份。不对的话，可以整批撤销。"
        told = f"有 {returned} 行没有写入或有单元格没有采用，可以另存，改好后再导入。" if returned else ""
        self.written_more.setText(more + told)
        self.keep_after.setVisible(returned > 0)
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
        name = next((name for name, ledger in ledgers().items() if ledger.title == self.ledger.title), "")
        if name:
            self.window_.open_ledger(name)

    def undo(self) -> None:
        """Undo this import, and say what came back."""
        number = self.number

        def work(progress: Progress) -> str:
            from app.work.undo import undo

            return undo(number).sentence()

        def done(said: str) -> None:
            self.number = 0
            self.written.setText(said)
            self.written_more.setText("名单没有写入。可以换一种读法，或改好文件后再导入。")
            self.window_.say(said)
            self._show_state()

        self._work("撤销本次导入", work, done)

    def restyle(self) -> None:
        """The size of type changed."""
        self.intake_view.restyle()
        self.plan_view.restyle()
        self._show_state()
