"""A county's blank form filled from a ledger (上级空表): which of three kinds each sheet is, and what goes where.

    a roster (花名册)      a heading and empty rows: one row per record
    a single form (登记表)  labels beside or above blank cells: one filled copy per record
    statistics (统计表)     rows and columns that name villages, categories, ages, periods: each cell a tally's

What was taken for what is told, and so is every cell that could not be filled.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from app.ledgers.listing import Listing
from app.ledgers.meaning import Words
from app.models.conditions import Condition, both
from app.models.faults import Trouble
from app.models.progress import Progress, unwatched
from app.sheets import roster_form, single_form, statistics_form
from app.sheets.blank import Blank, read_blank
from app.sheets.fill import fill
from app.sheets.form_source import NOTHING, ROSTER, SINGLE, STATISTICS, Match, Source
from app.work.files import sentence
from app.work.outgoing import leave

MOST_COPIES = 500  # sheets in one workbook
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')  # of files, on Windows
Kind = str | Mapping[str, str]  # what the clerk says that every sheet is, or the sheets of these names


def match_form(
    template: Path, listing: Listing, kind: Kind = "", choices: Mapping[str, str] = NOTHING,
    progress: Progress = unwatched,
) -> list[Match]:
    """What would be filled in each sheet of a blank form. `kind` is one of KINDS where the clerk says it, else each
    sheet is recognised. Trouble when nothing on the form could be recognised."""
    return match_sheets(template.name, read_blank(template, progress), listing, kind, choices, progress)


def match_sheets(
    name: str, blanks: Sequence[Blank], listing: Listing, kind: Kind = "", choices: Mapping[str, str] = NOTHING,
    progress: Progress = unwatched,
) -> list[Match]:
    """The same for a form of this file name that was read already."""
    source = Source(listing, choices)
    makers = {ROSTER: roster_form.match, STATISTICS: statistics_form.match, SINGLE: single_form.match}
    matches, villages = [], _villages(listing, blanks)
    for done, blank in enumerate(blanks):
        progress(done, len(blanks), f"核对“{blank.name}”")
        said = kind if isinstance(kind, str) else kind.get(blank.name, "")
        own = villages.get(blank.name)
        of = Source(listing.but(where=both(listing.where, own)), choices) if own else source
        tried = (makers[one](blank, of) for one in ([said] if said else makers))
        match = next((match for match in tried if match is not None), Match(blank.name, ""))
        match.only = blank.name if own else ""
        matches.append(match)
    if not any(match.kind for match in matches):
        raise Trouble(
            f"“{name}”里没有认出能填的地方：没有“{listing.ledger.title}”的列名、标签或统计题名。请换一个台账再试。"
        )
    return matches


def _villages(listing: Listing, blanks: Sequence[Blank]) -> dict[str, Condition]:
    """The sheets called after villages, where there are several: each is for its own, or everybody stood on all."""
    known = Words(listing.ledger).places
    found = {blank.name: known[blank.name.strip()] for blank in blanks if blank.name.strip() in known}
    return found if len(found) > 1 else {}


def fill_form(
    template: Path, out: Path, listing: Listing, kind: Kind = "", apart: bool = False,
    choices: Mapping[str, str] = NOTHING, progress: Progress = unwatched,
) -> tuple[list[Match], list[str]]:
    """Fill a blank form from a listing into `out` (.xlsx), or, for single forms `apart`, one file each into a folder.

    Gives what was matched in each sheet and sentences of what could not be kept. Raises as `match_form` does.
    """
    matches = match_form(template, listing, kind, choices, progress)
    whole = listing.whole and any(match.private for match in matches)
    leave("export", listing.ledger.title, listing.count(), whole, listing.ledger.record.seen_by)
    sheets = [filled for match in matches for filled in match.filled]
    if apart and all(match.kind in (SINGLE, "") for match in matches):
        return matches, _apart(template, out, matches, progress)
    if len(sheets) > MOST_COPIES:
        raise Trouble(f"要填 {len(sheets):,} 张表，一个工作簿最多 {MOST_COPIES:,} 张；请缩小条件，或分成单独的文件。")
    return matches, fill(template, out, sheets, progress)


def _apart(template: Path, folder: Path, matches: Iterable[Match], progress: Progress) -> list[str]:
    """One file for each record, named like it; none of them when it is stopped before the last."""
    told: dict[str, None] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".") as beside:
            names = _each(template, Path(beside), matches, told, progress)
            for name in names:
                os.replace(Path(beside) / name, folder / name)
    except OSError as error:
        raise Trouble(sentence(folder / "空表", error)) from error
    return list(told)


def _each(
    template: Path, folder: Path, matches: Iterable[Match], told: dict[str, None], progress: Progress
) -> list[str]:
    """Fill every copy into a file of the folder; gives their names."""
    every = [filled for match in matches for filled in match.filled]
    taken: set[str] = set()
    for done, filled in enumerate(every):
        progress(done, len(every), f"正在填“{filled.name}”")
        name = NOT_IN_NAMES.sub(" ", filled.name or filled.sheet).strip()
        if name in taken:
            name = f"{name}-{done + 1}"
        taken.add(name)
        told.update(dict.fromkeys(fill(template, folder / f"{name}.xlsx", [filled])))
    return [f"{name}.xlsx" for name in taken]

