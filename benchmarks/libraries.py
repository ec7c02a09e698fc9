"""Every file of ../shared/sheets/lib taken in (刑具): the tests of the spreadsheet libraries, read or refused.

    python benchmarks/libraries.py [--folder ../shared/sheets/lib]

Each file is read and planned as a list of persons in a process of its own; a line tells the sheets and rows, or the
sentence, the seconds, and the most megabytes (PSS) that this process and the reading child had together. It is a fault
when a process crashes or anything but a `Trouble` comes out, when a sentence is not one sentence with the name of the
file, when it takes more than `SECONDS` or more than `MEGABYTES`. Exit code 1 when there was one. Linux only; where the
folder is absent nothing is measured, and that is said.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.import_memory import measured
from benchmarks.import_speed import fresh

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "sheets" / "lib"
SECONDS, MEGABYTES = 10.0, 1024.0


def take_in(path: Path, folder: Path) -> None:
    """Read and plan one file, and say how that ended."""
    from app.models.faults import Trouble
    from app.models.people import Person
    from app.sheets.intake import Intake, open_intake
    from app.sheets.read import read_book

    with fresh(folder):
        try:
            sheets = read_book(path)
            print(f"{len(sheets):,} sheets, {sum(len(sheet.rows) for sheet in sheets):,} rows", flush=True)
            intake: Intake = open_intake(path, Person)
            print(intake.plan().sentence())
        except Trouble as trouble:
            print(trouble)


def main() -> int:
    parser = argparse.ArgumentParser(description="The torture files of spreadsheet libraries, taken in.")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--run", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        take_in(*asked.run)
        return 0
    if not asked.folder.is_dir():
        print(f"{asked.folder} is not there: nothing was read")
        return 0
    faults, most = 0, (0.0, 0.0)
    paths = sorted(path for path in asked.folder.iterdir() if path.is_file())
    for path in paths:
        with tempfile.TemporaryDirectory() as name:
            run = measured([sys.executable, __file__, "--run", str(path), name], 6 * SECONDS)
        told = run.said[-1] if run.said else ""
        right = re.fullmatch(rf"“{re.escape(path.name)}”[^。]+。", told) or told.startswith("共读到 ")
        wrong = not right or run.code or run.seconds > SECONDS or run.megabytes > MEGABYTES
        faults += bool(wrong)
        most = max(most[0], run.seconds), max(most[1], run.megabytes)
        told = "; ".join(run.said)
        print(f"{'FAULT ' if wrong else ''}{run.seconds:4.1f} s {run.megabytes:5.0f} MB  {path.name}: {told}")
    print(f"{len(paths):,} files, {faults:,} faults, at most {most[0]:.1f} s and {most[1]:.0f} MB")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
