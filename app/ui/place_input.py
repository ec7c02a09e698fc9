"""What a place of a county's form is filled from, to be chosen: a word for a fact, or for statistics a condition."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.models.conditions import read, show
from app.models.fields import Text
from app.models.paths import labels
from app.sheets.form_source import ALL
from app.ui.link_input import LookupInput, Offer, fits

BLANK = "不填"
NEW = "新增自设项目…"  # what the office never kept, and will
MOST_OFFERED = 200


class PlaceInput(LookupInput):
    """The value is the words that the place is filled from, "" for a place that stays blank, and None for one that the
    program is to recognise by its caption. `settled()` when the clerk chose or went on."""

    settled = Signal()
    hint = ""

    def __init__(self, caption: str, record: Any, parent: QWidget | None = None) -> None:
        super().__init__(Text(caption, note=self.hint), parent)
        self.record = record
        self.left.connect(self.settled)

    def show_value(self, value: Any) -> str:
        return value or BLANK

    def pick(self, offer: Offer | None) -> None:
        super().pick(offer)
        if offer is not None:
            self.settled.emit()

    @property
    def was_touched(self) -> bool:
        """Whether something else stands there than the program or the clerk settled on."""
        return self.text() != self._shown


class WordInput(PlaceInput):
    """One of the words for the facts that the rows of a ledger know."""

    hint = "没有认出，请选取自哪一项"

    def _said(self) -> list[str]:
        return [BLANK, *labels(self.record)]

    def offers(self, text: str) -> list[Offer]:
        typed, ranked = text.strip(), []
        for number, word in enumerate(self._said()):
            rank = fits(word, "", typed)
            if rank is not None:
                ranked.append((rank, number, Offer("" if word == BLANK else word, word)))
        found = [offer for _, _, offer in sorted(ranked, key=lambda one: one[:2])][:MOST_OFFERED]
        return [*found, Offer(NEW, NEW)]

    def read_text(self, text: str) -> Any:
        said = text.strip()
        if not said:
            return None
        if said in (NEW, *self._said()):
            return "" if said == BLANK else said
        found = [offer for offer in self.offers(said) if offer.value != NEW]
        if len(found) != 1:
            raise ValueError(f"没有叫“{said}”的数据项，请从候选里选，或写“{BLANK}”。")
        return found[0].value


class ConditionInput(PlaceInput):
    """A condition as in the filter bar: which rows are counted there."""

    hint = "没有认出，请写条件，例如：年龄 >= 80"

    def offers(self, text: str) -> list[Offer]:
        return [] if text.strip() else [Offer("", BLANK), Offer(ALL, ALL)]

    def read_text(self, text: str) -> Any:
        said = text.strip()
        if said in ("", BLANK, ALL):
            return {"": None, BLANK: "", ALL: ALL}[said]
        return show(read(said, self.record), self.record)


def input_of(caption: str, record: Any, counted: bool, parent: QWidget) -> PlaceInput:
    """The input for one place; those of statistics are `counted`."""
    return ConditionInput(caption, record, parent) if counted else WordInput(caption, record, parent)
