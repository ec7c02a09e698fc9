"""One row of a list beside the plan: old and new side by side, what is wrong and where, and the question to answer."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from app.ui import look
from app.ui.plan_table import TONES, Told
from app.ui.rows import Scrolled
from app.ui.sheet_model import shown
from app.work.cells import fillable
from app.work.plan import CHANGED, DECIDE, NEW, REFUSED, SAME, WORDS, Choice, Item

NOT_AT_ALL = "不导入这一行"


class Answer(QPushButton):
    """A button whose text may take several lines, with its key before it."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__()
        self.setAccessibleName(text)
        self.words = look.label(text, wrap=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.gap, 6, look.gap, 6)
        row.setSpacing(look.gap)
        row.addWidget(look.label(key, "key"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.words, 1)
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(self.layout().totalHeightForWidth(width), look.field_height())

    def sizeHint(self) -> QSize:
        hint = self.layout().totalSizeHint()
        return QSize(hint.width(), max(hint.height(), look.field_height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.width("caption"), look.field_height())


class PlanDetail(QFrame):
    """`answered(choice, alike)` with a `Choice`, or None for not taking the row in; `alike` for all rows with the same
    question. `regretted()` to take an answer back."""

    answered = Signal(object, bool)
    regretted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.item: Item | None = None
        self.answers: list[Answer] = []
        self.alike = QCheckBox("")
        self.area: Scrolled | None = None
        self.whole = QVBoxLayout(self)
        self.whole.setContentsMargins(1, 1, 1, 1)

    def sizeHint(self) -> QSize:
        return QSize(look.width("dialog_list"), look.width("sentence"))

    minimumSizeHint = sizeHint

    def show_item(self, item: Item | None, told: Told, alike: int, answered: bool) -> None:
        """Show one row; `alike` other rows have the same question, `answered` where the clerk decided on it."""
        self.item, self.answers = item, []
        self.alike = QCheckBox(f"同类的 {alike + 1:,} 行都这样办（A）")
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(14, 14, 14, 14)
        self.column.setSpacing(8)
        if item is None:
            self.column.addWidget(look.label("没有选中的行", "name"))
            self.column.addWidget(look.soft("在左边的表里选一行，这里显示它的内容。", wrap=True))
        else:
            self._head(item, told)
            if item.kind == DECIDE:
                self._ask(item, alike)
            self._remarks(item)
            self._facts(item, told)
            self._last(item, answered)
        self.column.addStretch(1)
        if self.area is not None:
            self.whole.removeWidget(self.area)
            self.area.hide()
            self.area.deleteLater()
        self.area = Scrolled(inside)
        self.whole.addWidget(self.area)

    def _head(self, item: Item, told: Told) -> None:
        top = QHBoxLayout()
        top.addWidget(look.tag(WORDS[item.kind], TONES[item.kind]))
        top.addWidget(look.soft(item.where(), wrap=True), 1)
        self.column.addLayout(top)
        name = told.at(item, told.record.shown_by, whole=True) if told.record.shown_by in told.record.facts() else ""
        if name:
            self.column.addWidget(look.label(name, "name", wrap=True))
        paths = dict.fromkeys(path for part in told.record.same_as.split("|") for path in part.split())
        known = filter(None, (told.at(item, path, whole=True) for path in paths if path != told.record.shown_by))
        self.column.addWidget(look.soft("　".join(known), wrap=True))

    def _ask(self, item: Item, alike: int) -> None:
        """The question with an answer for each number key."""
        self.column.addWidget(look.label(item.question, "heading", wrap=True))
        if alike:
            self.column.addWidget(self.alike)
        for number, choice in enumerate(item.choices, 1):
            self._add_answer(str(number), choice.text, choice)
        self._add_answer("0", NOT_AT_ALL, None)

    def _last(self, item: Item, answered: bool) -> None:
        """Every row may be left out, and an answer taken back."""
        if item.kind in (NEW, CHANGED) and not answered:
            self._add_answer("0", NOT_AT_ALL, None)
        if answered:
            back = look.button("改主意，重新决定", "Backspace")
            back.clicked.connect(self.regretted)
            self.column.addWidget(back)

    def _add_answer(self, key: str, text: str, choice: Choice | None) -> None:
        button = Answer(key, text)
        button.clicked.connect(lambda _=False, choice=choice: self.answered.emit(choice, self.alike.isChecked()))
        self.answers.append(button)
        self.column.addWidget(button)

    def press(self, number: int) -> None:
        """Give the answer with this number, 0 for not taking the row in."""
        keys = [str(at) for at in range(1, len(self.answers) + 1)]
        if self.item is not None and self.answers and self.answers[-1].words.text() == NOT_AT_ALL:
            keys[-1] = "0"
        if str(number) in keys:
            self.answers[keys.index(str(number))].click()

    def toggle_alike(self) -> None:
        """Answer for all rows with the same question, or for this one only."""
        self.alike.toggle()

    def _remarks(self, item: Item) -> None:
        """What is wrong, with its cell and what stands in it."""
        refused = item.kind == REFUSED
        groups = (
            ("为什么退回", item.faults + item.left_out if refused else item.faults),
            ("没有采用的单元格", [] if refused else item.left_out),
            ("请留意", item.doubts),
        )
        for title, faults in groups:
            if faults:
                self.column.addWidget(look.heading(title))
            for fault in faults:
                cell = shown(item.given.values.get(fault.path))
                where = item.cell(fault.path).rpartition("!")[2]
                self.column.addWidget(look.soft(f"{where}　“{cell}”" if cell else where, wrap=True))
                self.column.addWidget(look.fault(fault.sentence))

    def _facts(self, item: Item, told: Told) -> None:
        changes = told.changes(item)
        if changes:
            self.column.addWidget(look.heading("改动"))
            self._compare(item, told, changes)
        if item.kind == REFUSED:
            labels = fillable(told.record)
            cells = {labels.get(path, path): shown(cell) for path, cell in item.given.values.items()}
            self._list("名单里写的", cells)
            return
        if item.kind == SAME:
            self.column.addWidget(look.soft("与已登记的相同，不用写入。", wrap=True))
        self._list(told.record.word, {
            told.label(told.record, name): told.value(told.record, name, value, whole=True)
            for name, value in {**item.defaults, **item.values}.items()
        } if item.kind != CHANGED else {})  # fmt: skip
        if item.parent and item.parent.key is None and told.parent is not None:
            self._list(f"新的{told.parent.word}", {
                told.label(told.parent, name): told.value(told.parent, name, value, whole=True)
                for name, value in item.parent.values.items()
            })  # fmt: skip

    def _compare(self, item: Item, told: Told, changes: list[tuple[object, str, object, object]]) -> None:
        """Old and new side by side, under what they are called."""
        grid = self._grid()
        for at, words in enumerate(("登记的", "名单里的")):
            grid.addWidget(look.label(words, "small"), 0, at)
        row = 1
        for owner, name, old, new in changes:
            whose = "" if owner is told.record else f"{told.parent.word}："
            grid.addWidget(look.faint(whose + told.label(owner, name)), row, 0, 1, 2)
            grid.addWidget(_value(told.value(owner, name, old, whole=True) or "（空）", "soft"), row + 1, 0)
            grid.addWidget(_value(told.value(owner, name, new, whole=True), ""), row + 1, 1)
            row += 2

    def _list(self, title: str, values: dict[str, str]) -> None:
        values = {label: text for label, text in values.items() if text}
        if not values:
            return
        self.column.addWidget(look.heading(title))
        grid = self._grid()
        for row, (label, text) in enumerate(values.items()):
            caption = look.label(label, "soft", wrap=True)
            caption.setFixedWidth(look.width("caption"))
            grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_value(text, ""), row, 1)
        grid.setColumnStretch(0, 0)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.gap)
        grid.setVerticalSpacing(4)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self.column.addLayout(grid)
        return grid


def _value(text: str, tone: str) -> QLabel:
    made = look.label(text, tone, wrap=True)
    made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
