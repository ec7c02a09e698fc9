"""A county's blank form filled from a ledger (上级空表): which of three kinds each sheet is, and what goes where.

    a roster (花名册)      a heading and empty rows: one row per record
    a single form (登记表)  labels beside or above blank cells: one filled copy per record
    statistics (统计表)     rows and columns that name villages, categories, ages, periods: each cell a tally's

What was taken for what is told, and so is every cell that could not be filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from app.ledgers.listing import Listing
from app.models.faults import Trouble
from app.models.progress import Progress, unwatched
from app.sheets import roster_form, single_form, statistics_form
from app.sheets.blank import read_blank
from app.sheets.fill import fill
from app.sheets.form_source import NOTHING, ROSTER, SINGLE, STATISTICS, Match, Source
from app.work.outgoing import leave

MOST_COPIES = 500  # sheets in one workbook


def match_form(
    template: Path, listing: Listing, kind: str = "", choices: Mapping[str, str] = NOTHING,
    progress: Progress = unwatched,
) -> list[Match]:
    """What would be filled in each sheet of a blank form. `kind` is one of KINDS where the clerk says it, else each
    sheet is recognised. Trouble when nothing on the form could be recognised."""
    source = Source(listing, choices)
    makers = {ROSTER: roster_form.match, STATISTICS: statistics_form.match, SINGLE: single_form.match}
    matches = []
    for blank in read_blank(template, progress):
        tried = [makers[one](blank, source) for one in ([kind] if kind else makers)]
        matches.append(next((match for match in tried if match is not None), Match(blank.name, "")))
    if not any(match.kind for match in matches):
        raise Trouble(
            f"“{template.name}”里没有认出能填的地方：没有“{listing.ledger.title}”的列名、标签或统计题名。请换一个台账再试。"
        )
    return matches


def fill_form(
    template: Path, out: Path, listing: Listing, kind: str = "", apart: bool = False,
    choices: Mapping[str, str] = NOTHING, progress: Progress = unwatched,
) -> tuple[list[Match], list[str]]:
    """Fill a blank form from a listing into `out` (.xlsx), or, for single forms `apart`, one file each into a folder.

    Gives what was matched in each sheet and sentences of what could not be kept. Raises as `match_form` does.
    """
    matches = match_form(template, listing, kind, choices, progress)
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

