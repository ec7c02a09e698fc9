"""Several files, or a folder of them, taken in together: every sheet with what was found, one plan, one operation.

A file that cannot be read is told and does not hold up the others. A sheet whose heading the office has read into
another ledger before is left out and says which one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.ledgers.ledger import Ledger
from app.models.faults import Trouble
from app.models.progress import Progress, unwatched
from app.sheets.headings import fingerprint
from app.sheets.intake import Intake, Reading, open_intake
from app.sheets.merge import files_in
from app.sheets.rows import read_rows
from app.work.readings import ledgers_of

MOST_FILES, MOST_ROWS = 500, 200_000  # at once
ENOUGH = f"前面的文件已有 {MOST_ROWS:,} 行，这个文件没有读，请分两次导入。"


@dataclass(frozen=True)
class Found:
    """What one sheet is, in the list of all: `rows` to be read, columns in doubt, and why it is not read or what of it
    is to be minded."""

    file: str
    sheet: str
    ledger: str
    use: bool
    rows: int
    doubts: int
    said: str


def open_several(
    places: Sequence[Path], record: Any, progress: Progress = unwatched,
    every: Mapping[str, Any] = MappingProxyType({}), ledger: Ledger | None = None, fresh: bool = False,
) -> Intake:  # fmt: skip
    """Read files, and the files in folders, as one. Trouble when none can be read."""
    files = files_in(places, Path(), progress)
    if len(files) > MOST_FILES:
        raise Trouble(f"有 {len(files):,} 个文件，一次最多 {MOST_FILES:,} 个，请分几次导入。")
    if len(files) == 1:
        return open_intake(files[0], record, progress, every, ledger, fresh)
    whole = Intake(places[0] if len(places) == 1 else files[0].parent, record, [], ledger, every=every)
    names, read = Counter(path.name for path in files), 0
    for at, path in enumerate(files):

        def watched(done: int, total: int, text: str, at: int = at) -> None:
            progress(at, len(files), text)

        try:
            if read > MOST_ROWS:
                raise Trouble(ENOUGH)
            one = open_intake(path, record, watched, every, ledger, fresh)
        except Trouble as trouble:
            whole.unread.append((path, str(trouble)))
            continue
        for reading in one.readings:
            reading.sheet.book = path.name if names[path.name] == 1 else f"{path.parent.name}/{path.name}"
            read += len(reading.sheet.rows)
            if ledger is not None and not fresh:
                _leave_to_others(reading, ledger)
        whole.readings += one.readings
        whole.fields = one.fields
    if not whole.readings:
        raise Trouble(f"{len(files):,} 个文件都没有读成：{whole.unread[0][1]}")
    return whole


def _leave_to_others(reading: Reading, ledger: Ledger) -> None:
    """Leave out a sheet that the office takes into another ledger."""
    if reading.heading is None or reading.kept or not reading.use:
        return
    others = [title for title in ledgers_of(fingerprint(reading.heading)) if title != ledger.title]
    if others:
        reading.use, reading.found = False, False
        reading.why = f"这种表头以前导入的是“{others[0]}”，请到那本台账里导入；也要进这本的，请勾选"


def found(reading: Reading, ledger: str) -> Found:
    """What was found in a sheet; reads its rows to count them."""
    rows, said = 0, ""
    sheet = reading.sheet
    if reading.use and reading.heading is not None:
        passed = read_rows(sheet, reading.heading, reading.mapping)
        rows = sum(1 for _ in passed)
        said = f"跳过 {len(passed.skipped):,} 行" if passed.skipped else ""
        notes = [f"按记住的读法“{reading.kept}”" if reading.kept else "", *sheet.notes, *reading.notes, said]
        said = "".join(f"{note.rstrip('。')}。" for note in notes if note)
    else:
        said = f"{reading.why}。"
    name = sheet.name.strip() or "无名表"
    return Found(sheet.book or reading.path.name, name, ledger if reading.use else "", reading.use, rows,
                 len(reading.doubts()) if reading.use else 0, said)  # fmt: skip
