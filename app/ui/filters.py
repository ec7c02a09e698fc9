"""The filter bar of a ledger: a chip for each condition, the day, a condition written by hand, and it all in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ledgers.listing import Listing
from app.models.conditions import And, Condition, both, paths_of, read, show
from app.models.fields import Day
from app.models.here import today
from app.models.paths import resolve
from app.ui import look
from app.ui.inputs import input_for
from app.ui.rows import Elided, Flow

EXAMPLE = "例如：年龄 >= 80 且 行政村 = 牛街村，写好按 Enter"


def parts(where: Condition | None) -> tuple[Condition, ...]:
    """The conditions that are all to be met, one chip each."""
    return where.parts if isinstance(where, And) else () if where is None else (where,)


def only_about(condition: Condition, path: str) -> bool:
    """Whether a condition speaks of this column and nothing else, so that its heading's filter stands for it."""
    return paths_of(condition) == frozenset((path,))


def about(where: Condition | None, path: str) -> Condition | None:
    """What the heading's filter of this column asks for now."""
    return both(*(part for part in parts(where) if only_about(part, path)))


def without(where: Condition | None, path: str) -> Condition | None:
    """Everything but what the heading's filter of this column asks for."""
    return both(*(part for part in parts(where) if not only_about(part, path)))


class FilterBar(QWidget):
    """`changed(changes)` with the parts of the listing that become different; `column_asked(path, chip)`."""

    changed = Signal(object)
    column_asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.listing: Listing | None = None
        self.chips = QWidget()
        self.flow = Flow(self.chips)
        self.input = QLineEdit()
        self.input.setPlaceholderText(EXAMPLE)
        self.input.returnPressed.connect(self._read)
        self.input.textEdited.connect(lambda _: self._tell(""))
        self.fault = look.fault()
        self.apply_button, self.cancel_button = look.button("筛选", "Enter"), look.button("取消", "Esc")
        self.apply_button.clicked.connect(self._read)
        self.cancel_button.clicked.connect(self.close_input)
        self.writing = QWidget()
        row = QHBoxLayout(self.writing)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.input, self.apply_button, self.cancel_button):
            row.addWidget(widget)
        self.writing.hide()
        self._replaces: Condition | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.chips, self.writing, self.fault):
            column.addWidget(widget)

    def show_listing(self, listing: Listing) -> None:
        """Chips for what this listing is filtered by, then for what its ledger offers to filter by."""
        self.listing = listing
        self.flow.clear()
        ledger, shown = listing.ledger, parts(listing.where)
        for part in shown:
            self._add_part(part)
        if listing.search.strip():
            text = f"搜索 {listing.search.strip()} ✕"
            self._add(look.chip(text, on=True), lambda: self.changed.emit({"search": ""}), "点一下取消搜索")
        for path in ledger.filters.split():
            if about(listing.where, path) is None:
                chip = look.chip(f"{resolve(ledger.record, path).label} ▾")
                self._add(chip, lambda path=path, chip=chip: self.column_asked.emit(path, chip))
        day = listing.day
        text = f"截至 {day.year}年{day.month}月{day.day}日" if day and day != today() else "截至 今天"
        text += "，含已离开的" if listing.gone else ""
        self.day_chip = look.chip(text, on=bool(day and day != today()) or listing.gone)
        self._add(self.day_chip, self._ask_day, "看某一天的情况")
        self.add_chip = look.chip("＋ 条件")
        self._add(self.add_chip, self.open_input, "用一句话写条件")
        if shown or listing.search:
            self._add(look.link("全部清除"), lambda: self.changed.emit({"where": None, "search": ""}))
        if sentence := listing.sentence():
            label = Elided(sentence, "small")
            label.setFixedHeight(look.sizes().of(26))
            self.flow.addWidget(label)
        self.updateGeometry()

    def _add(self, chip: look.Button, do: Callable[[], None], tip: str = "") -> None:
        chip.clicked.connect(lambda _=False: do())
        chip.setToolTip(tip)
        self.flow.addWidget(chip)

    def _add_part(self, part: Condition) -> None:
        assert self.listing is not None
        record = self.listing.ledger.record
        text = show(part, record, masked=not self.listing.whole)
        short = text if len(text) <= 24 else text[:23] + "…"
        chip = look.chip(f"{short} ✕", on=True)
        tip = f"{text}\n点 ✕ 取消，点文字修改"
        chip.setToolTip(tip)
        chip.setAccessibleName(text)
        chip.clicked.connect(lambda _=False: self._on_part(part, chip))
        chip.setProperty("part", part)
        chip.setProperty("pressed_at", -1)
        chip.installEventFilter(self)
        self.flow.addWidget(chip)

    def _on_part(self, part: Condition, chip: look.Button) -> None:
        """The cross at the right end takes the condition away; the text, or a key, opens it again."""
        if chip.property("pressed_at") >= chip.width() - look.sizes().of(26):
            self.remove(part)
        elif len(paths := paths_of(part)) == 1:
            self.column_asked.emit(next(iter(paths)), chip)
        else:
            self.open_input(part)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Where on a chip the mouse went down; Delete on a chip takes its condition away."""
        if event.type() == event.Type.MouseButtonPress:
            watched.setProperty("pressed_at", event.position().x())
        elif event.type() == event.Type.KeyPress:
            watched.setProperty("pressed_at", -1)
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self.remove(watched.property("part"))
                return True
        return super().eventFilter(watched, event)

    def remove(self, part: Condition) -> None:
        """Take one condition away."""
        assert self.listing is not None
        self.changed.emit({"where": both(*(one for one in parts(self.listing.where) if one is not part))})

    # --- a condition in words ---

    def open_input(self, replaces: Condition | None = None) -> None:
        """Let the clerk write a condition, or change one that stands there."""
        assert self.listing is not None
        self._replaces = replaces
        self.input.setText(show(replaces, self.listing.ledger.record))
        self.writing.show()
        self.input.setFocus()

    def close_input(self) -> None:
        self._tell("")
        self.writing.hide()
        self.add_chip.setFocus()

    def _read(self) -> None:
        assert self.listing is not None
        try:
            written = read(self.input.text(), self.listing.ledger.record)
        except ValueError as wrong:
            self._tell(str(wrong))
            return
        kept = [part for part in parts(self.listing.where) if part is not self._replaces]
        self.close_input()
        kept = [part for part in kept if part not in parts(written)]
        self.changed.emit({"where": both(*kept, written)})

    def _tell(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        look.mark(self.input, wrong=bool(sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.writing.isVisible():
            self.close_input()
        else:
            super().keyPressEvent(event)

    # --- the day ---

    def _ask_day(self) -> None:
        assert self.listing is not None
        popup = DayPopup(self, self.listing)
        popup.answered.connect(self.changed)
        popup.open_below(self.day_chip)


class Popup(QFrame):
    """A small card that opens under something and closes when the clerk clicks elsewhere or presses Esc."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setProperty("popup", True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*[look.gap] * 4)
        self.column.setSpacing(8)

    def give_rest(self, tall: QWidget, wanted: int) -> None:
        """Make a list as high as wanted, or as the window leaves room for; called when all else stands in the popup."""
        tall.setFixedHeight(wanted)
        parent = self.parentWidget()
        room = (parent.window().height() if parent else wanted) - 2 * look.gap
        excess = max(0, self.sizeHint().height() - room)
        tall.setFixedHeight(max(wanted - excess, 3 * look.row_height()))

    def open_below(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Open under a widget, or under a point in it, wholly inside the screen."""
        place = widget.mapToGlobal(at if at is not None else QPoint(0, widget.height() + 2))
        self.adjustSize()
        room = widget.screen().availableGeometry()
        left = max(room.left(), min(place.x(), room.right() - self.width()))
        top = max(room.top(), min(place.y(), room.bottom() - self.height()))
        self.move(left, top)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


class DayPopup(Popup):
    """The day as of which the ledger is seen (截至). `answered(changes)`."""

    answered = Signal(object)

    def __init__(self, parent: QWidget, listing: Listing) -> None:
        super().__init__(parent)
        self.column.addWidget(look.soft("按哪一天的情况查看"))
        self.edit = input_for(Day("日期", note="例如 2025-12-31"), self)
        self.edit.set_value(listing.on)
        self.fault = look.fault()
        self.edit.changed.connect(lambda: self._tell(""))
        self.column.addWidget(self.edit)
        self.column.addWidget(self.fault)
        self.gone = QCheckBox("含已离开的")
        self.gone.setChecked(listing.gone)
        self.column.addWidget(self.gone)
        row = QHBoxLayout()
        now, choose = look.button("今天"), look.button("查看", primary=True)
        now.clicked.connect(lambda: self._answer(None))
        choose.clicked.connect(self._read)
        row.addWidget(now)
        row.addStretch()
        row.addWidget(choose)
        self.column.addLayout(row)
        self.edit.setFocus()
        self.edit.selectAll()

    def _read(self) -> None:
        """Answer with the day that was typed, or say why it is none."""
        try:
            day = self.edit.read()
        except ValueError as error:
            self._tell(str(error))
            return
        self._answer(day)

    def _tell(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        self.edit.set_wrong(bool(sentence))
        self.adjustSize()

    def _answer(self, day: date | None) -> None:
        gone = self.gone.isChecked()
        self.close()
        self.answered.emit({"day": None if day == today() else day, "gone": gone})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._read()
        else:
            super().keyPressEvent(event)
