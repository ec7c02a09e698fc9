"""The places of one sheet of a county's form (题名 | 取自): those not filled stand first, on a ground of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from app.sheets.form_source import Taken
from app.ui import look
from app.ui.card_burst import ENTERS
from app.ui.place_input import input_of
from app.ui.rows import Elided, Scrolled

SEEN = 4  # places at least, before the page scrolls
SHARE = 3  # the captions have one part of so many of the width


class Place(QFrame):
    """One place. `said(caption, words)`: the clerk chose otherwise; "" for blank, None for what is recognised."""

    said = Signal(str, object)

    def __init__(self, taken: Taken, value: str | None, record: Any, counted: bool) -> None:
        super().__init__()
        self.caption = taken.caption
        self.name = Elided(taken.caption.replace("/", " · "))
        self.fault = look.fault()
        self.value = value
        self.input = None if taken.fixed else input_of(taken.caption, record, counted, self)
        grid = QGridLayout(self)
        grid.setContentsMargins(look.gap, 2, look.gap, 2)
        grid.setHorizontalSpacing(look.gap)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.name, 0, 0)
        self.fixed = Elided(taken.source, "soft")
        grid.addWidget(self.fixed if self.input is None else self.input, 0, 1)
        grid.addWidget(self.fault, 1, 1)
        if self.input is not None:
            self.input.settled.connect(self.settle)
            self.input.changed.connect(lambda: self._tell(""))
        self.show_taken(taken, value)

    def show_taken(self, taken: Taken, value: str | None) -> None:
        """What it is filled from now; None where nobody knows."""
        self.value = value
        look.mark(self, place="" if taken.source else "open")
        if self.input is not None and not self.input.was_touched:
            self.input.set_value(value)
            self._tell("")

    def settle(self) -> bool:
        """Take what the clerk wrote, or say under it why that cannot be read; whether it could."""
        if self.input is None:
            return True
        try:
            value = self.input.read()
        except ValueError as wrong:
            self._tell(str(wrong))
            return False
        self._tell("")
        self.input.set_value(value)
        if value != self.value:
            self.value = value
            self.said.emit(self.caption, value)
        return True

    def _tell(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        if self.input is not None:
            self.input.set_wrong(bool(sentence))


class PlaceTable(QWidget):
    """`said(caption, words)` when the clerk chose what a place is filled from."""

    said = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.places: list[Place] = []
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self.area = Scrolled(self._inside)
        self._heads = (look.faint("题名"), look.faint("取自"))
        head = QWidget()
        grid = QGridLayout(head)
        grid.setContentsMargins(look.gap, 0, look.gap, 0)
        grid.setHorizontalSpacing(look.gap)
        grid.setColumnStretch(1, 1)
        for at, label in enumerate(self._heads):
            grid.addWidget(label, 0, at)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(head)
        whole.addWidget(look.line())
        whole.addWidget(self.area, 1)

    def show_places(self, taken: list[Taken], choices: Mapping[str, str], record: Any, counted: bool) -> None:
        """Show these places; the rows that stand there already stay where they are."""
        known = {one.caption: one for one in reversed(taken)}
        now = [place.caption for place in self.places]
        kind = (record, counted)
        if set(now) == set(known) and kind == self.property("kind"):
            for place in self.places:
                one = known[place.caption]
                place.show_taken(one, _value(one, choices))
            return
        self.setProperty("kind", kind)
        for place in self.places:
            place.hide()
            place.deleteLater()
        ordered = sorted((known[caption] for caption in dict.fromkeys(one.caption for one in taken)), key=_is_known)
        self.places = [Place(one, _value(one, choices), record, counted) for one in ordered]
        for at, place in enumerate(self.places):
            place.said.connect(self.said)
            self._column.insertWidget(at, place)
        self._spread()

    def place(self, caption: str) -> Place:
        """The place with this caption. StopIteration where there is none."""
        return next(place for place in self.places if place.caption == caption)

    def settle(self) -> bool:
        """Take what stands in all inputs; whether it can be read, else go to the first that cannot."""
        wrong = [place for place in self.places if not place.settle()]
        if wrong and wrong[0].input is not None:
            wrong[0].input.setFocus()
        return not wrong

    def restyle(self) -> None:
        """The size of type changed."""
        self.area.setMinimumHeight(SEEN * (look.field_height() + 4))
        self._spread()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        """All captions are as wide as the longest, up to their share."""
        longest = max((place.name.sizeHint().width() for place in self.places), default=0)
        width = min(max(longest, look.width("caption")), self.width() // SHARE)
        for label in (self._heads[0], *(place.name for place in self.places)):
            label.setFixedWidth(width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next place, with Shift to the one before, unless what is written cannot be read."""
        if event.key() not in ENTERS or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        open_ = [place for place in self.places if place.input is not None]
        at = next((at for at, place in enumerate(open_) if place.input and place.input.hasFocus()), None)
        if at is None:
            super().keyPressEvent(event)
        elif open_[at].settle():
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            to = open_[min(max(at + (-1 if back else 1), 0), len(open_) - 1)].input
            assert to is not None
            to.setFocus(Qt.FocusReason.BacktabFocusReason if back else Qt.FocusReason.TabFocusReason)
            self.area.ensureWidgetVisible(to, 0, look.field_height())


def _is_known(taken: Taken) -> bool:
    return bool(taken.source)


def _value(taken: Taken, choices: Mapping[str, str]) -> str | None:
    """What stands in the input: the words, "" where the clerk wants it blank, None where nothing was recognised."""
    return taken.source or ("" if taken.caption in choices else None)
