"""What a county's blank form is filled from: a listing and its words, and what was taken for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from app.ledgers.ledger import Column, Ledger
from app.ledgers.listing import Listing
from app.models.derived import Age, Count
from app.models.fields import Day, Money, Whole
from app.models.paths import labels, resolve
from app.sheets.captions import Caption, Lexicon, also, synonyms
from app.sheets.fill import FilledSheet

ROSTER, SINGLE, STATISTICS = "花名册", "登记表", "统计表"
KINDS = (ROSTER, SINGLE, STATISTICS)
ALL = "全部"  # of a caption of statistics that asks for nothing more than the listing does
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Taken:
    """One place of a form and what it is filled from: a caption, and the words for its source; none where unknown.
    What is `fixed` no choice of the clerk changes."""

    caption: str
    source: str = ""
    fixed: bool = False


@dataclass
class Match:
    """What one sheet was recognised as, and what is filled from where."""

    sheet: str
    kind: str
    taken: list[Taken] = field(default_factory=list)
    filled: list[FilledSheet] = field(default_factory=list)
    cells: int = 0
    rows: int = 0
    private: bool = False  # whether private facts are among what is filled
    only: str = ""  # the village that the sheet is called after, where it is filled with that alone

    def told(self) -> list[str]:
        """What was done with the sheet, in sentences."""
        if not self.kind:
            return [f"“{self.sheet}”没有认出要填的地方，原样保留。"]
        known = [one for one in self.taken if one.source]
        lacking = [one.caption for one in self.taken if not one.source]
        only = f"表名是村名，只填“{self.only}”的，" if self.only else ""
        said = [f"“{self.sheet}”是{self.kind}，{only}填了 {self.cells:,} 格。"]
        if not self.rows:
            said.append("　没有符合条件的内容，请检查条件是不是写对了。")
        said += [f"　{one.caption} ← {one.source}" for one in known if one.caption != one.source]
        if lacking:
            said.append(f"　没有填的：{'、'.join(dict.fromkeys(lacking))}。")
        return said


def captions_of(ledger: Ledger) -> list[Caption]:
    """What the places of a form may be called: every fact that the ledger's rows know, with the clerk's other words.

    Its own columns come first, so that 姓名 in a list of helpers is the helper's.
    """
    words, found, taken = synonyms(), [], set[str]()
    own = {column.text: column.caption for column in ledger.shown}
    for path, label in {**own, **{path: label for label, path in labels(ledger.record, 3).items()}}.items():
        names = [own.get(path, label), label, resolve(ledger.record, path).label]
        names += [more for name in names for more in words.get(name, ())]
        fresh = tuple(name for name in dict.fromkeys(names) if name not in taken)
        if fresh:
            taken.update(fresh)
            found.append(Caption(path, fresh))
    for path in own:  # 联系电话 on a form of households is theirs, where nothing else is called so
        groups = also().get(resolve(ledger.record, path).label, ())
        fresh = tuple(word for group in groups for word in (group, *words.get(group, ())) if word not in taken)
        if fresh:
            taken.update(fresh)
            found.append(Caption(path, fresh))
    return found


class Source:
    """The listing that a form is filled from, and its words. `choices` are what the clerk said of captions: the words
    for a fact, for a caption of statistics a condition, or nothing where the place is to stay blank."""

    def __init__(self, listing: Listing, choices: Mapping[str, str] = NOTHING) -> None:
        self.listing, self.ledger, self.choices = listing, listing.ledger, choices
        self.captions = captions_of(self.ledger)
        self.lexicon = Lexicon(self.captions)

    def meant(self, text: str) -> Column | None:
        """The fact that a label names, or None; likeness alone is not enough to fill an official form."""
        if text in self.choices:
            return self.chosen(text)
        best = max(self.lexicon.exact(text), key=lambda match: match.score, default=None)
        return self.ledger.column(best.path) if best else None

    def chosen(self, caption: str) -> Column | None:
        """The fact that the clerk chose for a caption; None for none, or one that is no longer known."""
        path = labels(self.ledger.record).get(self.choices[caption], "")
        return self.ledger.column(path) if path else None

    def values(self, columns: Sequence[Column], keys: Sequence[int]) -> list[list[Any]]:
        """For each row what goes into the cells."""
        listing = self.listing.but(columns=tuple(columns))
        return [
            [as_cell(column.path.fact, value, masked=column.path.private and not listing.unmasked)
             for column, value in zip(columns, row, strict=True)]
            for row in listing.values(keys)
        ]  # fmt: skip


def as_cell(fact: Any, value: Any, masked: bool = False) -> Any:
    """A value as it stands in a sheet: numbers as numbers, days as days, all else as text; money in yuan."""
    if value is None:
        return None
    if masked:
        return fact.mask(value)
    if isinstance(fact, Money):
        return Decimal(value) / 100
    if isinstance(fact, Day) and isinstance(value, date):
        return value
    if isinstance(fact, Whole | Count) and isinstance(value, int) and fact.show(0).isdigit():
        return value
    if isinstance(fact, Age) and value[0] == value[1]:
        return value[0]
    return fact.show(value) or None
