"""One file per village (按村拆分), each laid out as the whole: of a clerk's own file, or of a ledger with a filter.

In a copy of the clerk's file the title, heading, widths, print settings and signatures stay; sums below the list are
counted anew over the rows that are left, and what was calculated stands there as its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.ledgers.listing import Listing
from app.models.conditions import Empty, both
from app.models.faults import Trouble
from app.models.operation import demand
from app.models.paths import resolve
from app.models.people import Person
from app.models.progress import Progress, unwatched
from app.sheets.grid import TOTAL
from app.sheets.intake import Reading
from app.sheets.lists import Line, PeopleList, open_list
from app.sheets.refused import own_copy
from app.sheets.report import NOT_IN_SHEET_NAMES, Report
from app.sheets.write import export
from app.work.files import put_in_place
from app.work.outgoing import leave

NO_VILLAGE = "未写行政村"
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
SERIAL = "序号"


# --- a ledger ---------------------------------------------------------------------------------------------------------


def split_listing(listing: Listing, folder: Path, progress: Progress = unwatched) -> Report:
    """Export the rows of a listing, village by village, into a folder. Raises Trouble, Reject, Denied."""
    record = listing.ledger.record
    placed = next(iter(record.placed_by.split()), "")
    if not placed:
        raise Trouble(f"“{listing.ledger.title}”不分行政村，不能按村拆分。")
    path = f"{placed}.{resolve(record, f'{placed}.id').fact.rel_model.shown_by}"
    for power in (record.seen_by, "export"):  # before a folder is made
        demand(power, f"按村拆分“{listing.ledger.title}”")
    groups = listing.groups(path)
    if not groups:
        raise Trouble(f"“{listing.ledger.title}”里没有符合条件的行，没有拆分。")
    names = [NO_VILLAGE if isinstance(group.condition, Empty) else group.text for group in groups]
    files = _files(folder, listing.ledger.title, names)
    counts: dict[str, int] = {}
    for number, (name, group) in enumerate(zip(names, groups, strict=True)):
        progress(number, len(groups), f"导出{name}")
        export(listing.but(where=both(listing.where, group.condition)), files[name])
        counts[name] = group.count
    return _told(listing.ledger.title, counts, [files[name] for name in names])


# --- a file -----------------------------------------------------------------------------------------------------------


def split_file(path: Path, folder: Path, progress: Progress = unwatched) -> Report:
    """Split a clerk's list into a folder, one file per village. Raises Trouble, Reject, Denied."""
    found = open_list(path, progress)
    villages: dict[str, list[Line]] = {}
    called: dict[str, str] = {"": NO_VILLAGE}  # 牛街村 and 牛街村委会 are one file, named as the list first says it
    for line in found.lines:
        villages.setdefault(called.setdefault(line.place, line.village), []).append(line)
    if villages.keys() == {NO_VILLAGE}:
        raise Trouble(f"“{path.name}”里没有一行写明行政村，不能按村拆分；请加上“行政村”一列。")
    leave("export", f"按村拆分“{path.name}”", len(found.lines), found.private, Person.seen_by)
    files = _files(folder, path.stem, villages)
    book = _Book(found, progress)
    for number, (village, lines) in enumerate(villages.items()):
        progress(number, len(villages), f"写出{village}")
        book.write(lines, files[village])
    report = _told(path.name, {village: len(lines) for village, lines in villages.items()}, list(files.values()))
    report.notes += [*found.notes, *book.notes]
    return report


@dataclass(frozen=True)
class _Formula:
    """A formula that the file does not say the value of, and the cell it stood in."""

    text: str
    cell: str


@dataclass
class _Row:
    """A row below the heading as it was: its cells (column → value, style), and its height."""

    cells: dict[int, tuple[Any, Any]]
    height: float | None


@dataclass
class _Page:
    """One sheet with people: where its rows begin, and all that stood below the heading."""

    sheet: Any
    reading: Reading
    first: int
    last: int
    rows: dict[int, _Row] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    people: frozenset[int] = frozenset()
    serial: int | None = None


class _Book:
    """The clerk's workbook, opened once; for each village its rows are put under the headings and it is saved."""

    def __init__(self, found: PeopleList, progress: Progress) -> None:
        self.book = own_copy(found.path, found.intake, progress)
        self.pages = [_page(self.book, reading, found.lines)
                      for reading in found.intake.readings if reading.use and reading.heading]  # fmt: skip
        self.sheets = list(self.book.worksheets)
        kept = {page.sheet.title for page in self.pages}
        others = [sheet for sheet in self.sheets if sheet.title not in kept]
        self.hidden = [sheet for sheet in others if sheet.sheet_state != "visible"]
        left_out = [f"“{sheet.title}”" for sheet in others if sheet.sheet_state == "visible"]
        self.notes = [f"{'、'.join(left_out)}不是名单，没有放进各村的文件。"] if left_out else []
        self.notes += [said for page in self.pages if (said := _stale(page))]
        if found.path.suffix.lower() != ".xlsx":
            self.notes.append(f"{found.path.name} 不是 .xlsx，内容都在，字体、列宽等样式没有带过去。")

    def write(self, lines: Sequence[Line], path: Path) -> None:
        """Save the workbook with these lines only. The sheets without any of them are left out."""
        rows: dict[str, list[int]] = {}
        for line in lines:
            rows.setdefault(line.sheet, []).append(line.row)
        used = [page for page in self.pages if page.sheet.title in rows]
        for page in used:
            _lay(page, rows[page.sheet.title])
        if not any(page.sheet.sheet_state == "visible" for page in used):
            used[0].sheet.sheet_state = "visible"  # a file shows at least one sheet
        self.book._sheets = [*(page.sheet for page in used), *self.hidden]  # openpyxl can only remove for good
        self.book.active = 0
        with put_in_place(path) as beside:
            self.book.save(beside)
        self.book._sheets = self.sheets


def _page(book: Any, reading: Reading, lines: Sequence[Line]) -> _Page:
    """Take up all that stands below the heading of a sheet, calculated cells as their values."""
    heading, read = reading.heading, reading.sheet
    assert heading is not None
    sheet = book[read.name] if read.name in book.sheetnames else book[NOT_IN_SHEET_NAMES.sub(" ", read.name)[:31]]
    first = read.top + heading.rows[1] + 2
    page = _Page(sheet, reading, first, max(sheet.max_row, first))
    page.people = frozenset(line.row for line in lines if line.sheet == read.name)
    page.serial = next((read.left + column.index + 1 for column in heading.columns
                        if column.caption.strip() == SERIAL), None)  # fmt: skip
    for row in sheet.iter_rows(min_row=first):
        cells = {cell.column: (_value(cell, read), copy(cell._style)) for cell in row if _said(cell)}
        at = row[0].row
        page.rows[at] = _Row(cells, sheet.row_dimensions[at].height if at in sheet.row_dimensions else None)
    for merge in list(sheet.merged_cells.ranges):
        if merge.min_row >= first:
            page.merges.append((merge.min_row, merge.min_col, merge.max_row, merge.max_col))
            sheet.unmerge_cells(str(merge))
    return page


def _said(cell: Any) -> bool:
    return cell.value is not None or cell.has_style


def _value(cell: Any, read: Any) -> Any:
    """What a cell holds; for a formula what it came to."""
    if cell.data_type != "f":
        return cell.value
    row, column = cell.row - 1 - read.top, cell.column - 1 - read.left
    known = 0 <= row < len(read.rows) and 0 <= column < len(read.rows[row])
    value = read.rows[row][column] if known else None
    return _Formula(str(cell.value), cell.coordinate) if value in (None, "#未计算") else value


def _stale(page: _Page) -> str:
    """A sum that stands in a text cannot be counted anew; it is told."""
    texts = [str(value) for row, one in page.rows.items() if row not in page.people for value, _ in one.cells.values()]
    wrong = next((text for text in texts if TOTAL.match(re.sub(r"\s", "", text)) and re.search(r"\d", text)), "")
    return f"“{wrong}”是写成文字的合计，各村的文件里没有重算，请自己改。" if wrong else ""


def _lay(page: _Page, people: Iterable[int]) -> None:
    """Put these rows of people, and what is no row of people, under the heading, without gaps."""
    wanted = set(people)
    others = page.rows.keys() - page.people
    end = max(page.people, default=page.first)
    kept = [row for row in sorted(page.rows) if row in wanted or (row in others and not _between(page, row, end))]
    places = {row: page.first + at for at, row in enumerate(kept)}
    for merge in list(page.sheet.merged_cells.ranges):
        if merge.min_row >= page.first:
            page.sheet.unmerge_cells(str(merge))
    page.sheet.delete_rows(page.first, max(page.sheet.max_row, page.last) - page.first + 1)
    for row in range(page.first, page.last + 1):
        if row in page.sheet.row_dimensions:
            page.sheet.row_dimensions[row].height, page.sheet.row_dimensions[row].hidden = None, False
    if page.sheet.auto_filter.ref:
        page.sheet.auto_filter.filterColumn = []
    serial = 0
    for row in kept:
        serial += row in wanted
        _put(page, row, places[row], serial if row in wanted else None, wanted)
    for top, left, bottom, right in page.merges:
        rows = [places[row] for row in range(top, bottom + 1) if row in places]
        if rows and (len(rows) > 1 or right > left):
            page.sheet.merge_cells(start_row=rows[0], start_column=left, end_row=rows[-1], end_column=right)


def _between(page: _Page, row: int, end: int) -> bool:
    """Whether a row without people stands among them: a subtotal, a repeated heading, a blank; those go."""
    return min(page.people, default=end) < row < end


def _put(page: _Page, row: int, to: int, serial: int | None, wanted: set[int]) -> None:
    source = page.rows[row]
    if source.height is not None:
        page.sheet.row_dimensions[to].height = source.height
    texts = [str(value) for value, _ in source.cells.values() if isinstance(value, str)]
    total = row not in wanted and any(TOTAL.match(re.sub(r"\s", "", text)) for text in texts)
    for column, (value, style) in source.cells.items():
        if serial is not None and column == page.serial and (_is_number(value) or isinstance(value, _Formula)):
            value = serial
        if total and (isinstance(value, _Formula) or _is_number(value)):
            value = _sum(page, column, wanted)
        if isinstance(value, _Formula):
            value = _moved(value, row, to)
        cell = page.sheet.cell(to, column)
        cell.value = value
        if isinstance(value, str) and not isinstance(source.cells[column][0], _Formula):
            cell.data_type = "s"  # a text that begins with = stays a text
        cell._style = copy(style)


def _sum(page: _Page, column: int, wanted: set[int]) -> float:
    """The sum of a column over these rows; the number of rows where it holds no numbers."""
    values = [page.rows[row].cells[column][0] for row in sorted(wanted) if column in page.rows[row].cells]
    numbers = [value for value in values if _is_number(value)]
    return sum(numbers) if numbers else len(wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _moved(formula: _Formula, row: int, to: int) -> str:
    """The formula as it reads in another row."""
    from openpyxl.formula.translate import Translator

    target = formula.cell.removesuffix(str(row)) + str(to)
    return str(Translator(formula.text, formula.cell).translate_formula(target))


# --- both -------------------------------------------------------------------------------------------------------------


def _files(folder: Path, stem: str, names: Iterable[str]) -> dict[str, Path]:
    """The files to be written, by village. Trouble where one is there already: nothing is written over."""
    files = {name: folder / f"{NOT_IN_NAMES.sub(' ', f'{stem}-{name}')}.xlsx" for name in names}
    if len(set(files.values())) < len(files):
        raise Trouble("有两个村的名称只差标点，写不成两个文件，请先改正村名。")
    there = next((path.name for path in files.values() if path.exists()), "")
    if there:
        raise Trouble(f"文件夹里已有“{there}”，请另选一个空文件夹。")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"文件夹“{folder}”不能建立，请另选一个位置。") from error
    return files


def _told(title: str, counts: dict[str, int], files: list[Path]) -> Report:
    total, lost = sum(counts.values()), counts.get(NO_VILLAGE, 0)
    villages = len(counts) - (NO_VILLAGE in counts)
    said = f"已把“{title}”{total:,} 行拆成 {villages:,} 个村的文件。"
    notes = [f"{name}：{count:,} 行。" for name, count in counts.items()]
    if lost:
        notes.insert(0, f"有 {lost:,} 行没有写行政村，放在“{NO_VILLAGE}”的文件里。")
    return Report(said, {"rows": total, "villages": villages, "without_village": lost}, notes, (), files, lost)
