"""Asks for a few facts before something is done: an action's answers, what to change in many rows, a ledger's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models.faults import Fault, Reject
from app.ui import look
from app.ui.card_burst import CardBurst
from app.ui.field import Field
from app.ui.link_input import LinkInput

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Ask(QDialog):
    """A small window that does not block the page. `answered(values)` when every field can be read.

    Enter goes from field to field and to the button, Ctrl+Enter answers, Esc leaves. Whoever asked calls `close` when
    it is done, or `tell` with what was wrong, so that nothing typed is lost.
    """

    answered = Signal(object)

    def __init__(self, parent: QWidget, title: str, sentence: str, facts: Mapping[str, Any], do: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._burst = CardBurst(self)
        self._burst.read.connect(lambda widget: self._move_from(widget, 1))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*[look.gap * 2 - 4] * 4)
        self.column.setSpacing(look.gap)
        self.sentence = look.soft(sentence, wrap=True)
        self.column.addWidget(self.sentence)
        self.fields: dict[str, Field] = {}
        self.place = QVBoxLayout()
        self.column.addLayout(self.place)
        self.fault = look.fault()
        self.column.addWidget(self.fault)
        row = QHBoxLayout()
        row.addStretch()
        cancel = look.button("取消", "Esc")
        cancel.clicked.connect(self.reject)
        self.do_button = look.button(do, "Ctrl Enter", primary=True)
        self.do_button.clicked.connect(self.answer)
        self.do_button.installEventFilter(self._burst)
        self._do = do
        row.addWidget(cancel)
        row.addWidget(self.do_button)
        self.column.addLayout(row)
        self.show_facts(facts)
        self.setMinimumWidth(look.width("dialog"))

    def show_facts(self, facts: Mapping[str, Any]) -> None:
        """Ask for these facts in place of the earlier ones."""
        for field in self.fields.values():
            field.hide()
            field.deleteLater()
        self.fields = {name: Field(fact, name, self) for name, fact in facts.items()}
        widest = max((field.caption_width() for field in self.fields.values()), default=0)
        for field in self.fields.values():
            field.set_caption_width(widest)
            (field.input.focusProxy() or field.input).installEventFilter(self._burst)
            within = getattr(field.fact, "within", "")
            if isinstance(field.input, LinkInput) and within in self.fields:
                field.input.above = self.fields[within].readable
            self.place.addWidget(field)
        if self.fields:
            next(iter(self.fields.values())).input.setFocus()

    def answer(self) -> None:
        """Read every field; tell under it what is missing or cannot be read, and go to the first of those."""
        if not self.do_button.isEnabled():
            return
        values, faults = {}, []
        for name, field in self.fields.items():
            try:
                values[name] = field.read()
            except ValueError as error:
                faults.append(Fault(name, str(error)))
                continue
            if values[name] is None and field.fact.required:
                faults.append(Fault(name, f"请填写{field.fact.label}。"))
        if faults:
            self.tell(Reject(*faults))
            return
        self.fault.hide()
        self._wait(True)
        self.answered.emit(values)

    def _wait(self, on: bool) -> None:
        self.do_button.setEnabled(not on)
        self.do_button.setText("正在办理…" if on else self._do)

    def tell(self, error: BaseException) -> None:
        """Say what was wrong, under its field where it has one."""
        self._wait(False)
        faults = error.faults if isinstance(error, Reject) else (Fault("", str(error)),)
        rest: list[str] = []
        wrong = [self.fields[fault.path] for fault in faults if fault.path in self.fields]
        for fault in faults:
            if fault.path in self.fields:
                self.fields[fault.path].tell(fault.sentence)
            else:
                rest.append(fault.sentence)
        self.fault.setText("\n".join(dict.fromkeys(rest[:3])))
        self.fault.setVisible(bool(rest))
        self.adjustSize()
        if wrong:
            wrong[0].input.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() not in _ENTERS:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier or focused is self.do_button:
            self.answer()
        elif focused is not None:
            self._move_from(focused, -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)

    def _move_from(self, widget: QWidget, step: int) -> None:
        """To the next field, and from the last to the button."""
        stops: list[QWidget] = [*(field.input for field in self.fields.values()), self.do_button]
        at = next((at for at, stop in enumerate(stops) if stop is widget or stop.isAncestorOf(widget)), -1)
        stops[min(max(at + step, 0), len(stops) - 1)].setFocus(Qt.FocusReason.TabFocusReason)


class BulkChange(Ask):
    """批量修改: which fact, and its new value. `answered({name: value})`."""

    def __init__(self, parent: QWidget, record: Any, names: list[str], count: int) -> None:
        self.record = record
        self.which = QComboBox()
        sentence = f"将修改选中的 {count:,} 行。改完可以用 Ctrl+Z 一次撤销。"
        super().__init__(parent, "批量修改", sentence, {}, f"修改 {count:,} 行")
        for name in names:
            self.which.addItem(record.facts()[name].label, name)
        row = QHBoxLayout()
        row.setSpacing(look.gap)
        self.which_caption = look.soft("改哪一项")
        row.addWidget(self.which_caption)
        row.addWidget(self.which, 1)
        self.column.insertLayout(1, row)
        self.which.currentIndexChanged.connect(lambda _: self._choose())
        self._choose()

    def _choose(self) -> None:
        name = self.which.currentData()
        if name:
            self.show_facts({name: self.record.facts()[name]})
            width = max(self.fields[name].caption_width(), self.which_caption.sizeHint().width())
            self.which_caption.setFixedWidth(width)
            self.fields[name].set_caption_width(width)
