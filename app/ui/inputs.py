"""Which widget fits which kind of field: the one table.

Every input has the same small interface, `Input`; whoever shows a fact to be filled in asks `input_for` and knows no
widget by name.
"""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from app.models import fields
from app.ui.line_input import BoxInput, LineInput, PasswordInput
from app.ui.link_input import ChoiceInput, LinkInput
from app.ui.scan_input import ScanInput


class Input(Protocol):
    """What every input can do. `changed` and `left` tell of what the clerk does, not of what the program sets."""

    fact: Any
    changed: SignalInstance
    left: SignalInstance

    def value_text(self) -> str: ...
    def text_for(self, value: Any) -> str: ...
    def set_value(self, value: Any) -> None: ...
    def read(self) -> Any: ...
    def kept(self) -> Any: ...
    def restore(self, kept: Any) -> None: ...
    def set_wrong(self, wrong: bool) -> None: ...


WIDGETS: dict[type, Any] = {
    fields.Text: LineInput,
    fields.Password: PasswordInput,
    fields.Remark: BoxInput,
    fields.PersonName: LineInput,
    fields.IdNumber: LineInput,
    fields.Telephone: LineInput,
    fields.Account: LineInput,
    fields.DocumentNumber: LineInput,
    fields.Code: ChoiceInput,
    fields.Flag: ChoiceInput,
    fields.Whole: LineInput,
    fields.Money: LineInput,
    fields.Day: LineInput,
    fields.Month: LineInput,
    fields.Birth: LineInput,
    fields.Scan: ScanInput,
    fields.Link: LinkInput,
}
IN_A_LINE = {BoxInput: LineInput}  # inside a table a remark has one line


def input_for(fact: Any, parent: QWidget | None = None, *, in_a_line: bool = False) -> Any:
    """A new input for this fact. KeyError for a kind of field that nobody fills in."""
    kind = next((kind for kind in type(fact).__mro__ if kind in WIDGETS), type(fact))
    widget = WIDGETS[kind]
    if in_a_line:
        widget = IN_A_LINE.get(widget, widget)
    return widget(fact, parent)
