"""Inputs of one line and of several: they show a value as its fact writes it and read what the clerk typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from app.ui import look

LONG_NOTE = 3  # characters above which a note stands in the empty field, not behind it as a unit
_KEPT_APART = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class LineInput(QLineEdit):
    """One line: text, numbers, money, days. Every shape that the fact reads is taken; left, it shows the normal one.

    `changed` tells of what the clerk typed, `left` that he went on. Values set by the program are not told.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, fact: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fact = fact
        self._value: Any = None
        self._shown = ""
        self._unit: QLabel | None = None
        if len(fact.note) > LONG_NOTE:
            self.setPlaceholderText(fact.note)
            self.setToolTip(fact.note)
        self.setAccessibleName(fact.label)
        self.textEdited.connect(self._told)

    def _told(self) -> None:
        self.changed.emit()

    def show_value(self, value: Any) -> str:
        """The text that stands for a value in the field."""
        shown: str = self.fact.show(value)
        return shown

    def read_text(self, text: str) -> Any:
        """The value that a typed text means; ValueError with one sentence."""
        return self.fact.read(text)

    def value_text(self) -> str:
        return self.text()

    def text_for(self, value: Any) -> str:
        """What `value_text` is while it holds this value."""
        if value is not None and value == self._value:
            return self._shown
        return "" if value is None else self.show_value(value)

    def set_value(self, value: Any) -> None:
        self._value, self._shown = value, "" if value is None else self.show_value(value)
        self.setText(self._shown)
        self.setCursorPosition(0)

    def read(self) -> Any:
        """The value in the field, None for an empty one; ValueError with one sentence."""
        return self._value if self.text() == self._shown else self.read_text(self.text())

    def kept(self) -> Any:
        """What a draft keeps of this input."""
        return self.text()

    def restore(self, kept: Any) -> None:
        self.setText(str(kept))
        self.setCursorPosition(0)

    def set_wrong(self, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            look.mark(self, wrong=wrong)

    def show_unit(self) -> None:
        """Write a short note, as 元 or 厘米, at the end of the field."""
        if 0 < len(self.fact.note) <= LONG_NOTE:
            self._unit = look.faint(self.fact.note)
            self._unit.setParent(self)
            self.setTextMargins(0, 0, look.wide(self.fact.note, "small") + look.gap // 2, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._unit is not None:
            size = self._unit.sizeHint()
            left, top = self.width() - size.width() - look.gap + 2, (self.height() - size.height()) // 2
            self._unit.setGeometry(left, top, size.width(), size.height())

    def settle(self) -> None:
        """Show the normal form of what was typed, where it can be read."""
        try:
            value = self.read()
        except ValueError:
            return
        if self.text() != self._shown or value != self._value:
            self.set_value(value)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (*_KEPT_APART, Qt.FocusReason.MouseFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _KEPT_APART:
            self.settle()
            self.left.emit()


class PasswordInput(LineInput):
    """A password as dots; no draft keeps it."""

    def __init__(self, fact: Any, parent: QWidget | None = None) -> None:
        super().__init__(fact, parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def kept(self) -> Any:
        return ""


class BoxInput(QPlainTextEdit):
    """Several lines (备注). Enter makes a new line here; Tab goes on."""

    changed = Signal()
    left = Signal()

    def __init__(self, fact: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fact = fact
        self.setPlaceholderText(fact.note)
        self.setAccessibleName(fact.label)
        self.setTabChangesFocus(True)
        self.setFixedHeight(2 * look.field_height() + look.gap)
        self._setting = False
        self._value: Any = None
        self._shown = ""
        self.textChanged.connect(self._told)

    def _told(self) -> None:
        if not self._setting:
            self.changed.emit()

    def value_text(self) -> str:
        return self.toPlainText()

    def text_for(self, value: Any) -> str:
        shown: str = self.fact.show(value)
        return shown

    def set_value(self, value: Any) -> None:
        self._value, self._shown = value, self.fact.show(value)
        self.restore(self._shown)

    def read(self) -> Any:
        text = self.toPlainText()
        return self._value if text == self._shown else self.fact.read(text)

    def kept(self) -> Any:
        return self.toPlainText()

    def restore(self, kept: Any) -> None:
        self._setting = True
        self.setPlainText(str(kept))
        self._setting = False

    def set_wrong(self, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            look.mark(self, wrong=wrong)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _KEPT_APART:
            self.left.emit()
