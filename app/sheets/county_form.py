"""A county's blank form filled from a ledger (上级空表): which of three kinds each sheet is, and what goes where.

    a roster (花名册)      a heading and empty rows: one row per record
    a single form (登记表)  labels beside or above blank cells: one filled copy per record
    statistics (统计表)     rows and columns that name villages, categories, ages, periods: each cell a tally's

What was taken for what is told, and so is every cell that could not be filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.ledgers.ledger import Column, Ledger
from app.ledgers.listing import Listing
from app.models.derived import Count
from app.models.faults import Trouble
from app.models.fields import Day, Money, Whole
from app.models.paths import labels, resolve
from app.models.progress import Progress, unwatched
from app.sheets.blank import Spot, read_blank
from app.sheets.captions import Caption, Lexicon, synonyms
from app.sheets.fill import FilledSheet, fill
from app.work.outgoing import leave

ROSTER, SINGLE, STATISTICS = "花名册", "登记表", "统计表"
KINDS = (ROSTER, SINGLE, STATISTICS)
MOST_COPIES = 500  # sheets in one workbook


@dataclass(frozen=True)
class Taken:
    """One place of a form and what it is filled from: a caption, and the words for its source; none where unknown."""

    caption: str
    source: str = ""


@dataclass
class Match:
    """What one sheet was recognised as, and what is filled from where."""

    sheet: str
    kind: str
    taken: list[Taken] = field(default_factory=list)
    filled: list[FilledSheet] = field(default_factory=list)
    cells: int = 0
    rows: int = 0

    def told(self) -> list[str]:
        """What was done with the sheet, in sentences."""
        if not self.kind:
            return [f"“{self.sheet}”没有认出要填的地方，原样保留。"]
        known = [one for one in self.taken if one.source]
        lacking = [one.caption for one in self.taken if not one.source]
        said = [f"“{self.sheet}”是{self.kind}，填了 {self.cells:,} 格。"]
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
    return found


class Source:
    """The listing that a form is filled from, and its words."""

    def __init__(self, listing: Listing) -> None:
        self.listing, self.ledger = listing, listing.ledger
        self.captions = captions_of(self.ledger)
        self.lexicon = Lexicon(self.captions)

    def meant(self, text: str) -> Column | None:
        """The fact that a label names, or None; likeness alone is not enough to fill an official form."""
        best = max(self.lexicon.exact(text), key=lambda match: match.score, default=None)
        return self.ledger.column(best.path) if best else None

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
    return fact.show(value) or None


def fill_form(
    template: Path, out: Path, listing: Listing, kind: str = "", apart: bool = False, progress: Progress = unwatched
) -> tuple[list[Match], list[str]]:
    """Fill a blank form from a listing into `out` (.xlsx), or, for single forms `apart`, one file each into a folder.

    `kind` is one of KINDS where the clerk says it, else each sheet is recognised. Gives what was matched in each sheet
    and sentences of what could not be kept. Trouble when nothing on the form could be recognised.
    """
    from app.sheets import roster_form, single_form, statistics_form

    source = Source(listing)
    makers = {ROSTER: roster_form.match, STATISTICS: statistics_form.match, SINGLE: single_form.match}
    matches = []
    for blank in read_blank(template, progress):
        tried = [makers[one](blank, source) for one in ([kind] if kind else makers)]
        matches.append(next((match for match in tried if match is not None), Match(blank.name, "")))
    if not any(match.kind for match in matches):
        raise Trouble(
            f"“{template.name}”里没有认出能填的地方：没有“{listing.ledger.title}”的列名、标签或统计题名。请换一个台账再试。"
        )
    leave("export", listing.ledger.title, listing.count(), listing.whole, listing.ledger.record.seen_by)
    sheets = [filled for match in matches for filled in match.filled]
    if apart and all(match.kind in (SINGLE, "") for match in matches):
        return matches, _apart(template, out, matches, progress)
    if len(sheets) > MOST_COPIES:
        raise Trouble(f"要填 {len(sheets):,} 张表，一个工作簿最多 {MOST_COPIES:,} 张；请缩小条件，或分成单独的文件。")
    return matches, fill(template, out, sheets, progress)


def _apart(template: Path, folder: Path, matches: Iterable[Match], progress: Progress) -> list[str]:
    """One file for each record, named like it."""
    folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, None] = {}
    every = [filled for match in matches for filled in match.filled]
    taken: set[str] = set()
    for done, filled in enumerate(every):
        progress(done, len(every), f"正在填“{filled.name}”")
        name = filled.name or filled.sheet
        if name in taken:
            name = f"{name}-{done + 1}"
        taken.add(name)
        told.update(dict.fromkeys(fill(template, folder / f"{name}.xlsx", [filled])))
    return list(told)


def spot_address(spot: Spot) -> str:
    from app.sheets.read import letters

    return f"{letters(spot[1] - 1)}{spot[0]}"
