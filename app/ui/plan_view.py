"""The plan before anything is written (核对结果): how many rows of each kind, the rows, and what to decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import look
from app.ui.plan_detail import NOT_AT_ALL, PlanDetail
from app.ui.plan_table import DOUBTS, LEFT_OUT, PlanTable, Told
from app.ui.rows import Flow
from app.ui.tasks import Tasks
from app.work.plan import CHANGED, DECIDE, NEW, REFUSED, WORDS, Choice, Item, Plan, same_answer

NO_LIMIT = (1 << 24) - 1  # QWIDGETSIZE_MAX
AT_ONCE = 20  # rows that are answered on the window's thread
NOTES = 2  # notes shown before the rest is asked for
CHIPS = {**WORDS, LEFT_OUT: "未采用的单元格", DOUBTS: "请留意"}


def snapshot(item: Item) -> dict[str, Any]:
    """Everything of an item as it is now, to be put back."""
    return {one.name: _copied(getattr(item, one.name)) for one in fields(item)}


def _told(choice: Choice | None, answers: Sequence[Choice | None], decided: int, asked: int) -> str:
    """What was decided for all rows with one kind of question; nothing for one row."""
    if asked == 1:
        return ""
    texts = {answer.text for answer in answers if answer}
    word = NOT_AT_ALL if choice is None else texts.pop() if len(texts) == 1 else "就是已登记的那一个"
    rest = f"还有 {asked - decided:,} 行可能是几个人，请逐行决定。" if asked > decided else ""
    return f"同类的 {decided:,} 行都定为“{word}”，按 Backspace 重新决定。{rest}"


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, list | dict) else value


class PlanView(QWidget):
    """`changed()` when rows were decided on; `said_of_many(sentence)` when several were at once."""

    changed = Signal()
    said_of_many = Signal(str)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.tasks = tasks
        self.plan: Plan | None = None
        self.filter = ""
        self._before: dict[int, list[tuple[Item, dict[str, Any]]]] = {}  # id of an answered item → all answered with it
        self._answering: list[tuple[Item, dict[str, Any]]] = []  # the rows that are being answered, as they were
        self._telling = ""  # what is said once they are
        self._busy = False
        self._build()

    def _build(self) -> None:
        self.said = look.label("", wrap=True)
        self.notes = look.faint("", wrap=True)
        self.more = look.link("")
        self.more.clicked.connect(lambda: self._show_notes(whole=True))
        chips = QWidget()
        self.flow = Flow(chips)
        self.chips: dict[str, look.Button] = {}
        for kind, word in CHIPS.items():
            chip = look.chip(word)
            chip.clicked.connect(lambda _=False, kind=kind: self.show_only("" if self.filter == kind else kind))
            self.chips[kind] = chip
            self.flow.addWidget(chip)
        self.table, self.detail = PlanTable(), PlanDetail()
        self.table.current.connect(self._look_at)
        self.detail.answered.connect(self.answer)
        self.detail.regretted.connect(self.regret)
        card = look.card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.table)
        self.body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.body.setSpacing(look.gap)
        self.body.addWidget(card, 1)
        self.body.addWidget(self.detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        told = QHBoxLayout()
        told.addWidget(self.notes, 1)
        told.addWidget(self.more, 0, Qt.AlignmentFlag.AlignBottom)
        column.addWidget(self.said)
        column.addLayout(told)
        column.addWidget(chips)
        column.addLayout(self.body, 1)
        self.setFocusProxy(self.table)
        for number in range(10):
            self._key(str(number), lambda number=number: self.detail.press(number))
        self._key("A", self.detail.toggle_alike)
        self._key("Delete", lambda: self.detail.press(0))
        self._key("Backspace", self.regret)

    def _key(self, key: str, do: Callable[[], Any]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(do)

    # --- what is shown ---

    def show_plan(self, plan: Plan) -> None:
        """Show another plan, beginning with what the clerk has to decide."""
        self.plan, self.told = plan, Told(plan)
        self._before = {}
        self.table.show_plan(plan)
        self._show_notes(whole=False)
        counts = plan.counts()
        self.show_only(next((kind for kind in (DECIDE, REFUSED, CHANGED) if counts[kind]), ""))

    def _show_notes(self, whole: bool) -> None:
        assert self.plan is not None
        told = sorted(self.plan.notes, key=lambda note: note.startswith("“"))  # how a sheet was read was said before
        notes = told if whole else told[:NOTES]
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        rest = len(told) - len(notes)
        self.more.setText(f"还有 {rest:,} 条说明")
        self.more.setVisible(rest > 0)

    def show_only(self, kind: str, at: int = 0) -> None:
        """Show the rows of one kind, or of all for \"\"."""
        assert self.plan is not None
        self.filter = kind
        self._count()
        items = self.plan.items
        if kind in (LEFT_OUT, DOUBTS):
            items = [item for item in items if getattr(item, kind) and item.kind != REFUSED]
        elif kind:
            items = self.plan.of_kind(kind)
        self.table.show_items(list(items), at)

    def _count(self) -> None:
        assert self.plan is not None
        counts = self.plan.counts()
        taken = [item for item in self.plan.items if item.kind != REFUSED]
        counts[LEFT_OUT] = sum(len(item.left_out) for item in taken)
        counts[DOUBTS] = sum(len(item.doubts) for item in taken)
        self.chips[DOUBTS].setVisible(counts[DOUBTS] > 0)
        for kind, chip in self.chips.items():
            chip.setText(f"{CHIPS[kind]} {counts[kind]:,}")
            chip.setEnabled(counts[kind] > 0 or kind == self.filter)
            look.mark(chip, kind="chip-on" if kind == self.filter else "chip")
        left = [WORDS[kind] for kind in (DECIDE, REFUSED) if counts[kind]]
        why = self.why_not()
        self.said.setText(self.plan.sentence() + (f"{'和'.join(left)}的不会写入。" if left and not why else "") + why)

    def writes(self) -> int:
        """How many rows would be written."""
        return sum(item.kind in (NEW, CHANGED) for item in self.plan.items) if self.plan else 0

    def why_not(self) -> str:
        """Why nothing can be written, or nothing."""
        return "" if self.writes() else "没有新增或修改的行，不用写入。"

    def returned(self) -> int:
        """How many rows a copy for mending would return."""
        items = self.plan.items if self.plan else []
        return sum(item.kind in (REFUSED, DECIDE) or bool(item.left_out) for item in items)

    def _look_at(self, item: Item | None) -> None:
        if self.plan is not None:
            alike = len(self.plan.like(item)) - 1 if item and item.kind == DECIDE else 0
            self.detail.show_item(item, self.told, alike, bool(item) and id(item) in self._before)

    # --- deciding ---

    def answer(self, choice: Choice | None, alike: bool) -> None:
        """Answer the row that is looked at, or with `alike` all with the same question; None leaves them out."""
        item = self.table.item()
        if item is None or self.plan is None or self._busy:
            return
        plan, asked = self.plan, [item]
        if alike and item.kind == DECIDE:
            asked += [one for one in plan.like(item) if one is not item]
        answers = {id(one): same_answer(item, choice, one) if choice else None for one in asked} | {id(item): choice}
        items = [one for one in asked if choice is None or answers[id(one)] is not None]
        before = [(one, snapshot(one)) for one in items]

        def work() -> None:
            if choice is None:
                for one in items:
                    one.refuse("", f"经办人选了“{NOT_AT_ALL}”。")
            else:
                plan.decide(items, lambda one: answers[id(one)])

        self._answering, self._telling = before, _told(choice, list(answers.values()), len(items), len(asked))
        if len(items) <= AT_ONCE:
            work()
            self._answered()
        else:
            self._busy = True
            self.tasks.read(work, self._answered)

    def _answered(self, _: Any = None) -> None:
        self._busy = False
        for one, _ in self._answering:
            self._before[id(one)] = self._answering
        self._decided()
        if self._telling:
            self.said_of_many.emit(self._telling)

    def regret(self) -> None:
        """Take back the answer of the row that is looked at, with all that were answered along with it."""
        answered = self._before.get(id(self.table.item()))
        if answered is None:
            return
        for one, was in answered:
            for name, value in was.items():
                setattr(one, name, value)
            self._before.pop(id(one), None)
        self._decided()
        if len(answered) > 1:
            self.said_of_many.emit(f"{len(answered):,} 行的决定已收回，重新待定。")

    def _decided(self) -> None:
        assert self.plan is not None
        at, kind = self.table.at(), self.filter
        if kind == DECIDE and not self.plan.of_kind(DECIDE):
            kind = ""
        self.show_only(kind, at)
        self.table.setFocus()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside the list, the row's details stand below it."""
        super().resizeEvent(event)
        narrow = self.width() < 2 * self.detail.sizeHint().width()
        self.body.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.detail.setMaximumWidth(NO_LIMIT if narrow else self.detail.sizeHint().width())

    def restyle(self) -> None:
        """The size of type changed."""
        self.detail.updateGeometry()
        self.table.restyle()
        if self.plan is not None:
            self._look_at(self.table.item())
