"""From which ledger and rows a county's form is filled (取自、条件)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ledgers.ledger import Ledger
from app.ledgers.listing import Listing
from app.ledgers.own import listing_where
from app.models.conditions import read, show
from app.ui import look
from app.ui.filters import EXAMPLE


class FillFrom(QWidget):
    """`listing` are the rows, `name` is its ledger's entry in the contents; `changed(of_others)` when the clerk wants
    other rows, or rows of another register."""

    changed = Signal(bool)

    def __init__(self, window: Any, name: str, listing: Listing) -> None:
        super().__init__()
        self.window_ = window
        self.ledger = QComboBox()
        self.ledger.setAccessibleName("取自台账")
        self.where = QLineEdit()
        self.where.setAccessibleName("条件")
        self.where.setPlaceholderText(f"全部的行都填；{EXAMPLE}")
        self.day = look.tag("", "accent")
        self.fault = look.fault()
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (look.soft("取自"), self.ledger, look.soft("条件")):
            row.addWidget(part)
        row.addWidget(self.where, 1)
        row.addWidget(self.day)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.fault)
        self.ledger.activated.connect(lambda at: self._choose(self.ledger.itemData(at)))
        self.where.editingFinished.connect(self.settle)
        self.where.textEdited.connect(lambda _: self._tell(""))
        self.show_listing(name, listing)

    def show_listing(self, name: str, listing: Listing) -> None:
        """From now on it is this listing; what was searched for becomes part of the condition."""
        self.name = name
        self.listing = Listing(
            listing.ledger, listing_where(listing), day=listing.day, gone=listing.gone, order=listing.order
        )
        with QSignalBlocker(self.ledger):
            self.ledger.clear()
            for entry, ledger in self.window_.entries.named().items():
                self.ledger.addItem(ledger.title, entry)
            self.ledger.setCurrentIndex(self.ledger.findData(name))
        self.where.setText(self._written())
        self.where.setCursorPosition(0)
        self._tell("")
        day = self.listing.but(where=None).sentence()
        self.day.setText(day)
        self.day.setVisible(bool(day))

    def _written(self) -> str:
        return show(self.listing.where, self.listing.ledger.record)

    def _choose(self, name: str) -> None:
        """Another ledger; a condition that can be read there stays."""
        ledger: Ledger = self.window_.entries.ledger(name)
        others = ledger.record is not self.listing.ledger.record
        text, where = self.where.text(), None
        try:
            where = read(text, ledger.record)
        except ValueError:
            self.window_.say(f"条件“{text}”在“{ledger.title}”里读不懂，已去掉。")
        self.show_listing(name, Listing(ledger, where, day=self.listing.day))
        self.changed.emit(others)

    def settle(self) -> bool:
        """Take the condition that is written, or say what is wrong with it; whether it could be read."""
        if self.where.text() == self._written():
            return True
        try:
            where = read(self.where.text(), self.listing.ledger.record)
        except ValueError as wrong:
            self._tell(str(wrong))
            return False
        self.show_listing(self.name, self.listing.but(where=where))
        self.changed.emit(False)
        return True

    def _tell(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        look.mark(self.where, wrong=bool(sentence))
