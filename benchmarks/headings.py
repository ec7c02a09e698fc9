"""How well headings, columns and the end of lists are recognised, on the labelled sheets of `tests/sheets/labelled`.

    python benchmarks/headings.py                # all halves; failures are listed of the one to tune on
    python benchmarks/headings.py --half tuned   # only that half
    python benchmarks/headings.py --list         # failures of all; not for who tunes the recognition

`unseen` was written before the recognition, `sealed` after it by somebody who did not know it; neither is tuned with.

Each sheet goes the whole way: written as .xlsx, read by the child process, taken by `open_intake` for the record of its
ledger. Of every column that has a caption or is kept, exactly one is true: right; wrong but marked as doubtful; wrong
and silent; missed (it is kept, and nothing was read). What is right stands in `tests/sheets/labelled.py`. A heading is
right when it is the labelled rows, an end when exactly the labelled rows are read; a list is taken up when the program
would read it without being told to. Columns are judged also where it is not. A sheet without a list must be taken up
neither for persons nor for enrolments.

A fact that no list of the ledger can fill yet (`fillable`), as the sex of a child in a list of left-behind children,
may be left out; how many such columns there are is printed. Exit code 1 when a half has less than 98 % of its columns
right or one that is wrong and silent.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from app.ledgers.contents import ledgers
from app.ledgers.ledger import given
from app.models.database import DataFile
from app.models.faults import Trouble
from app.models.here import standing
from app.models.paths import labels, resolve
from app.models.upgrade import upgrade
from app.sheets.captions import plain, synonyms
from app.sheets.intake import Reading, open_intake
from app.sheets.rows import read_rows
from app.work.cells import fillable
from app.work.packs import bring_packs
from tests.sheets import labelled
from tests.sheets.labelled import HALVES, Label, Labelled

DAY = date(2026, 11, 21)
MUST = 0.98
RIGHT, DOUBTED, SILENT, MISSED = "right", "wrong but marked doubtful", "WRONG AND SILENT", "missed"
WITHOUT = ("persons", "enrolments")  # ledgers for which a sheet without a list is tried


def written(sheets: Iterable[Labelled], file: Path) -> None:
    """The sheets as one workbook, in their order."""
    book = Workbook()
    del book[book.active.title]
    for sheet in sheets:
        page = book.create_sheet(sheet.sheet if sheet.sheet != "Sheet1" else sheet.name)
        for r, row in enumerate(sheet.rows, 1):
            for c, cell in enumerate(row, 1):
                if cell is not None:
                    page.cell(r, c, cell)
        for r1, c1, r2, c2 in sheet.merges:
            page.merge_cells(start_row=r1 + 1, start_column=c1 + 1, end_row=r2 + 1, end_column=c2 + 1)
        for c in sheet.hidden:
            page.column_dimensions[get_column_letter(c + 1)].hidden = True
    book.save(file)


def taken(reading: Reading) -> dict[int, tuple[str, str, bool]]:
    """What the program made of each column of the file: path, member ("" the row's own), and whether doubt is shown."""
    known = {column.index: column for column in reading.heading.columns} if reading.heading else {}
    return {
        reading.sheet.left + index: (
            path, str(getattr(known.get(index), "member", "") or ""), bool(getattr(known.get(index), "doubt", "")),
        )
        for index, path in reading.mapping.items()
    }  # fmt: skip


def fact(record: Any, path: str) -> tuple[str, ...]:
    """The fact that a path names: helper and helper.name are one."""
    found = resolve(record, path)
    return (*(link.name for link in found.links), found.name)


def kept(label: Label, record: Any) -> bool:
    """Whether a list can fill what the column says."""
    can = {fact(record, path) for path in fillable(record)}
    return any(fact(record, path) in can for path in label.paths)


def verdict(label: Label, record: Any, got: tuple[str, str, bool] | None) -> str:
    """Which of the four a column is."""
    if got is None:
        return RIGHT if label.optional or not kept(label, record) else MISSED
    path, member, doubted = got
    wanted = {fact(record, path) for path in label.paths}
    fits = not wanted or fact(record, path) in wanted  # of a column without paths only the doubt is asked
    if fits and member == label.member and (label.paths or label.doubt) and (doubted or not label.doubt):
        return RIGHT
    return DOUBTED if doubted else SILENT


class Half:
    """The figures of one half."""

    def __init__(self) -> None:
        self.columns, self.kept = Counter[str](), Counter[str]()
        self.good, self.of = Counter[str](), Counter[str]()
        self.failures: list[str] = []
        self.uncommon = self.captions = self.beyond = self.careful = 0

    def count(self, what: str, good: bool, said: str) -> None:
        self.of[what] += 1
        self.good[what] += good
        if not good:
            self.failures.append(said)

    def list(self, sheet: Labelled, reading: Reading) -> None:
        """Hold a list against what the program made of it."""
        top, heading = reading.sheet.top, reading.heading
        found = [top + r for r in range(heading.rows[0], heading.rows[1] + 1)] if heading else []
        said = f"{sheet.name} heading {_rows(sheet.heading)}, read {_rows(found)}"
        self.count("headings", found == sheet.heading, said)
        if sheet.heading:
            self.count("lists taken up", reading.use, f"{sheet.name} not taken up: {reading.why}")
            rows = list(read_rows(reading.sheet, heading, reading.mapping)) if heading else []
            at = list(dict.fromkeys(row.row - 1 for row in rows))  # a row of several persons is one
            self.count("ends", at == sheet.listed, f"{sheet.name} rows {_rows(sheet.listed)}, read {_rows(at)}")
        got, record = taken(reading), ledgers()[sheet.ledger].record
        for c, (label, words) in enumerate(zip(sheet.labels, sheet.captions(), strict=True)):
            if not (words or label.paths or c in got):
                continue
            said = verdict(label, record, got.get(c))
            self.columns[said] += 1
            self.careful += said == RIGHT and c in got and got[c][2] and not label.doubt
            if kept(label, record):
                self.kept[said] += 1
            elif label.paths:
                self.beyond += 1
            if said != RIGHT:
                wanted = "/".join(label.paths) + (f"#{label.member}" if label.member else "") + "?" * label.doubt or "-"
                caption = " > ".join(words).replace("\n", "")
                path = got[c][0] if c in got else "nothing"
                self.failures.append(f"{sheet.name} {said}: “{caption}” is {wanted}, read as {path}")

    def common(self, sheet: Labelled, words: set[str]) -> None:
        """Count the captions that the synonyms know word for word."""
        for over in sheet.captions():
            if over:
                self.captions += 1
                self.uncommon += plain(over[-1]) not in words

    def told(self, name: str, listing: bool) -> bool:
        """Print the figures; whether they are good enough."""
        every, ours = self.columns.total(), self.kept.total()
        share = self.columns[RIGHT] / every
        print(f"{name}: {self.of['headings']:,} lists, {every:,} columns; {ours:,} are kept, "
              f"{self.beyond:,} say what no list of the ledger can fill yet")
        print(f"  captions in no synonyms   {self.uncommon:5,}  {self.uncommon / self.captions:7.1%}  (≥ 20%)")
        print(f"  columns right             {self.columns[RIGHT]:5,}  {share:7.1%}  (≥ {MUST:.0%})")
        for what in (DOUBTED, SILENT, MISSED):
            limit = "  (0)" if what == SILENT else ""
            print(f"  {what:<26}{self.columns[what]:5,}  {self.columns[what] / every:7.1%}{limit}")
        print(f"  right, yet in doubt       {self.careful:5,}  {self.careful / every:7.1%}")
        print(f"  kept columns right        {self.kept[RIGHT]:5,}  {self.kept[RIGHT] / ours:7.1%}")
        for what in ("headings", "ends", "lists taken up", "sheets without a list"):
            print(f"  {what:<24}{self.good[what]:4,} of {self.of[what]:,}")
        if listing:
            print(*(f"    {line}" for line in self.failures), sep="\n")
        return share >= MUST and not self.columns[SILENT]


def _rows(rows: list[int]) -> str:
    """Rows as the clerk counts them: 3–5 7."""
    runs: list[list[int]] = []
    for r in rows:
        if runs and r == runs[-1][-1] + 1:
            runs[-1].append(r)
        else:
            runs.append([r])
    return " ".join(f"{run[0] + 1}–{run[-1] + 1}" if len(run) > 1 else f"{run[0] + 1}" for run in runs) or "none"


def read(sheets: list[Labelled], ledger: str, folder: Path) -> list[Reading]:
    """What the program makes of the sheets when they are taken into a ledger."""
    file = folder / f"{ledger}.xlsx"
    written(sheets, file)
    into = ledgers()[ledger]
    readings = open_intake(file, into.record, every=given(into), ledger=into).readings
    assert len(readings) == len(sheets)
    return readings


def measure(name: str, folder: Path) -> Half:
    half, sheets = Half(), labelled.read(name)
    words = {plain(word) for label, others in synonyms().items() for word in (label, *others)}
    for ledger in dict.fromkeys(sheet.ledger for sheet in sheets):
        of = [sheet for sheet in sheets if sheet.ledger == ledger]
        for tried in WITHOUT if ledger == "none" else (ledger,):
            try:
                readings = read(of, tried, folder)
            except Trouble as trouble:
                half.failures.append(f"{ledger}: {trouble}")
                continue
            for sheet, reading in zip(of, readings, strict=True):
                if ledger == "none":
                    said = f"{sheet.name} holds no list, used for {tried}: {reading.why}"
                    half.count("sheets without a list", not reading.use, said)
                else:
                    half.list(sheet, reading)
                    half.common(sheet, words | {plain(label) for label in labels(ledgers()[ledger].record)})
    return half


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--half", choices=HALVES, help="only this half")
    asked.add_argument("--list", action="store_true", help="list the failures of the other halves too")
    chosen = asked.parse_args()
    good = []
    with tempfile.TemporaryDirectory() as folder:
        file = DataFile(Path(folder) / "book.db")
        with standing(file, who="测量", day=DAY):
            upgrade(file)
            bring_packs()
            for name in HALVES if chosen.half is None else (chosen.half,):
                half = measure(name, Path(folder))
                good.append(half.told(name, chosen.list or name == "tuned"))
            file.close()
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
