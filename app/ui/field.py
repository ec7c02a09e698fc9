"""One field of a form: what it is called, its input, a hint, and what is wrong with it in a sentence."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui import look
from app.ui.inputs import input_for
from app.ui.line_input import LineInput


class Field(QWidget):
    """A fact with its input. `changed` and `left` as the input tells them."""

    changed = Signal()
    left = Signal()
    told = Signal()  # a sentence came or went, so that the field needs another height

    def __init__(self, fact: Any, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fact, self.name = fact, name
        self._hint: QLabel | None = None
        self._wrong: QLabel | None = None
        self.input = input_for(fact, self)
        self._caption = QWidget(self)
        caption = QHBoxLayout(self._caption)
        caption.setContentsMargins(0, 0, 0, 0)
        caption.setSpacing(look.gap // 4)
        caption.addWidget(look.soft(fact.label))
        if fact.required:
            caption.addWidget(look.label("*", "fault"))
        caption.addStretch()
        self._caption.setFixedHeight(look.field_height() + 2)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(look.gap)
        layout.setVerticalSpacing(2)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self._caption, 0, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.input, 0, 1, Qt.AlignmentFlag.AlignTop)
        if isinstance(self.input, LineInput):
            self.input.show_unit()
        self._layout = layout
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.input.changed.connect(self._typed)
        self.input.left.connect(self._check)

    def caption_width(self) -> int:
        return self._caption.sizeHint().width()

    def set_caption_width(self, width: int) -> None:
        self._caption.setFixedWidth(width)

    @property
    def wrong(self) -> QLabel:
        """The sentence in red; made when there is first one to say, because most fields never have any."""
        if self._wrong is None:
            self._wrong = look.fault()
            self._layout.addWidget(self._wrong, 2, 1)
        return self._wrong

    @property
    def hint(self) -> QLabel:
        if self._hint is None:
            self._hint = look.faint("", wrap=True)
            self._layout.addWidget(self._hint, 1, 1)
        return self._hint

    def tell(self, sentence: str) -> None:
        """Say what is wrong under the field; nothing for an empty sentence."""
        if sentence or self._wrong is not None:
            self.wrong.setText(sentence)
            self.wrong.setVisible(bool(sentence))
            self.told.emit()
        self.input.set_wrong(bool(sentence))

    def set_hint(self, text: str) -> None:
        if text or self._hint is not None:
            self.hint.setText(text)
            self.hint.setVisible(bool(text))

    def read(self) -> Any:
        return self.input.read()

    def readable(self) -> Any:
        """The value, or None while what stands there cannot be read."""
        try:
            return self.input.read()
        except ValueError:
            return None

    def shown_for(self, value: Any) -> str:
        """What `value_text` is while the field holds this value."""
        shown: str = self.input.text_for(value)
        return shown

    def set_value(self, value: Any) -> None:
        self.input.set_value(value)
        self.tell("")

    def _typed(self) -> None:
        self.tell("")
        self.changed.emit()

    def _check(self) -> None:
        """A value that cannot be read is told at once when the field is left; what is missing only when saving."""
        try:
            self.input.read()
        except ValueError as wrong:
            self.tell(str(wrong))
        self.left.emit()
