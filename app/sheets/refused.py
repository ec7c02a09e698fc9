"""What a list could not be taken in for, in a copy of the clerk's own file (退回表): cells marked, a column 原因.

The copy can be mended and taken in again: rows that went in well are hidden and then count as the same, also where
somebody has changed them in the program meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

from app.models.progress import Progress, unwatched
from app.sheets.intake import Intake
from app.sheets.read import Sheet
from app.sheets.rows import REASON
from app.work.files import not_over, put_in_place
from app.work.plan import DECIDE, REFUSED, Item, Plan

PALE = "FFFBEAE9"
LARGEST = 4 * 1024**2  # beyond this the copy is built from the cells read, without the file's look


def write_refused(source: Path, intake: Intake, plan: Plan, to: Path, progress: Progress = unwatched) -> str:
    """Write the copy and say how many rows it returns. Trouble when it cannot be written."""
    not_over(to, source)
    sheets = {reading.sheet.called for reading in intake.readings}
    told = [item for item in returned(plan) if item.given.sheet in sheets]
    with put_in_place(to) as beside:
        book = own_copy(source, intake, progress)
        progress(1, 2, "标出原因")
        _mark(book, intake, told)
        book.save(beside)
    return f"{len(told):,} 行连同原因另存到 {to.name}，改好后可以直接再导入。"


def returned(plan: Plan) -> list[Item]:
    """The rows that are not taken in, or not whole."""
    return [item for item in plan.items if item.kind in (REFUSED, DECIDE) or item.left_out]


def write_all_refused(intake: Intake, plan: Plan, folder: Path, progress: Progress = unwatched) -> str:
    """The same for several files: a copy of each that has such rows, beside one another in a folder."""
    sheets, copies = {item.given.sheet for item in returned(plan)}, list[Path]()
    for path in intake.paths:
        of_file = intake.of(path)
        if sheets & {reading.sheet.called for reading in of_file.readings}:
            again = sum(other.stem == path.stem for other in copies)  # of the same name in another folder
            to = folder / f"{path.stem}-退回{again + 1 if again else ''}.xlsx"
            write_refused(path, of_file, plan, to, progress)
            copies.append(path)
    number = len(returned(plan))
    return f"{number:,} 行连同原因另存到“{folder.name}”里的 {len(copies):,} 个文件，改好后可以直接再导入。"


class _Watched(FileIO):
    """A file that asks at every piece that is read whether the clerk cancelled: opening a long one takes seconds."""

    def __init__(self, path: Path, progress: Progress) -> None:
        super().__init__(path)
        self._progress = progress

    def read(self, size: int | None = -1, /) -> bytes:
        self._progress(0, 2, "打开原表")
        return super().read(-1 if size is None else size)


def own_copy(source: Path, intake: Intake, progress: Progress = unwatched) -> Any:
    """The clerk's own workbook where openpyxl can open it safely; else one with the same cells."""
    from zipfile import BadZipFile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    if source.suffix.lower() == ".xlsx" and source.stat().st_size <= LARGEST:
        try:
            with _Watched(source, progress) as file:
                return openpyxl.load_workbook(file)
        except (InvalidFileException, BadZipFile, KeyError, ValueError, IndexError, TypeError, OSError):
            pass  # calamine read what openpyxl cannot: the cells stand for the file
    book = openpyxl.Workbook()
    book.remove(book.active)
    for reading in intake.readings:
        _rebuild(book.create_sheet(reading.sheet.name[:31]), reading.sheet)
    return book


def _rebuild(target: Any, sheet: Sheet) -> None:
    for number, row in enumerate(sheet.rows, sheet.top + 1):
        for at, value in enumerate(row, sheet.left + 1):
            if value is not None:
                cell = target.cell(number, at, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with = stays a text
    for top, left, bottom, right in sheet.merges:
        target.merge_cells(
            start_row=sheet.top + top + 1, start_column=sheet.left + left + 1,
            end_row=sheet.top + bottom + 1, end_column=sheet.left + right + 1,
        )  # fmt: skip


def _mark(book: Any, intake: Intake, told: list[Item]) -> None:
    from openpyxl.styles import PatternFill

    fill = PatternFill("solid", fgColor=PALE)
    for reading in intake.readings:
        if reading.heading is None or reading.sheet.name not in book.sheetnames:
            continue
        target, mine = book[reading.sheet.name], [item for item in told if item.given.sheet == reading.sheet.called]
        if not mine:
            continue
        at = _reason_column(target, reading.sheet, reading.heading.rows[1])
        returned = {item.given.row for item in mine}
        top = reading.sheet.top + 1
        for row in range(top + reading.heading.first_data_row, top + reading.heading.last_data_row + 1):
            target.row_dimensions[row].hidden = row not in returned
        for item in mine:
            target.cell(item.given.row, at, "".join(sentence for _, sentence in item.remarks()))
            for address in _cells(item):
                target[address].fill = fill


def _cells(item: Item) -> Iterator[str]:
    for cell, _ in item.remarks():
        address = cell.rpartition("!")[2]
        if address[:1].isascii():
            yield address


def _reason_column(target: Any, sheet: Sheet, heading_row: int) -> int:
    """The column 原因 that an earlier copy has, or a new one right of everything."""
    row, width = sheet.top + heading_row + 1, target.max_column
    for at in range(1, width + 1):
        if target.cell(row, at).value == REASON:
            return at
    target.cell(row, width + 1, REASON)
    target.column_dimensions[target.cell(row, width + 1).column_letter].width = 48
    return int(width) + 1
