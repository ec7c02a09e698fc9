"""Asks for a few facts before something is done: an action's answers, what to change in many rows, a ledger's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models.faults import Fault, Reject
from app.ui import look
from app.ui.field import Field


class Ask(QDialog):
    """A small window that does not block the page. `answered(values)` when every field can be read.

    Whoever asked calls `close` when it is done, or `tell` with what was wrong, so that nothing typed is lost.
    """

    answered = Signal(object)

    def __init__(self, parent: QWidget, title: str, sentence: str, facts: Mapping[str, Any], do: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
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
            self.place.addWidget(field)

    def answer(self) -> None:
        """Read every field; tell under it what cannot be read."""
        values, wrong = {}, False
        for name, field in self.fields.items():
            try:
                values[name] = field.read()
            except ValueError as error:
                field.tell(str(error))
                wrong = True
        if not wrong:
            self.fault.hide()
            self.answered.emit(values)

    def tell(self, error: BaseException) -> None:
        """Say what was wrong, under its field where it has one."""
        faults = error.faults if isinstance(error, Reject) else (Fault("", str(error)),)
        rest = []
        for fault in faults:
            if fault.path in self.fields:
                self.fields[fault.path].tell(fault.sentence)
            else:
                rest.append(fault.sentence)
        self.fault.setText("\n".join(dict.fromkeys(rest[:3])))
        self.fault.setVisible(bool(rest))
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if control:
                self.answer()
            else:
                self.focusNextChild()
        else:
            super().keyPressEvent(event)


class BulkChange(Ask):
    """批量修改: which fact, and its new value. `answered({name: value})`."""

    def __init__(self, parent: QWidget, record: Any, names: list[str], count: int) -> None:
        self.record = record
        self.which = QComboBox()
        super().__init__(parent, "批量修改", f"将修改选中的 {count:,} 行。改完可以用 Ctrl+Z 一次撤销。", {}, f"修改 {count:,} 行")
        for name in names:
            self.which.addItem(record.facts()[name].label, name)
        row = QHBoxLayout()
        row.addWidget(look.soft("改哪一项"))
        row.addWidget(self.which, 1)
        self.column.insertLayout(1, row)
        self.which.currentIndexChanged.connect(lambda _: self._choose())
        self._choose()

    def _choose(self) -> None:
        name = self.which.currentData()
        if name:
            self.show_facts({name: self.record.facts()[name]})
