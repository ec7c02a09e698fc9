"""A blank form filled (填空表): values, rows and copies go in, and everything else of the file stays as it was.

This is the lowest floor of it: it knows sheets, cells and values. Which value belongs where is decided above.
Nothing is built anew: the XML of a sheet is changed where a cell changes, and every other part of the package keeps its
bytes. So what a spreadsheet library would drop (text boxes, controls, charts, pictures, rich text) cannot be lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from pathlib import Path

from app.models.faults import Trouble
from app.models.progress import Progress, unwatched
from app.sheets.cells import Place, Value, forget_results, put_values
from app.sheets.child import sentence
from app.sheets.copies import copy_sheet, free_name, rename_sheet
from app.sheets.insertion import insert_rows, move_names
from app.sheets.looks import Looks
from app.sheets.markup import Part
from app.sheets.old_form import renewed
from app.sheets.package import BROKEN, WORKBOOK, Package, open_package
from app.sheets.references import LAST_COLUMN, LAST_ROW, Insertion
from app.work.files import not_over, put_in_place

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how an .xls begins, an .et too
_BEFORE_CALCULATION = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip


_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_BEYOND = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^>]*)?>[^<]*!")  # a formula that names another sheet


@dataclass(frozen=True)
class FilledSheet:
    """What is to stand in one sheet of the form.

    `rows` are insertions in the form's own row numbers, whatever is inserted above them. `values` stand at (row,
    column), from 1, as they are after all insertions; None empties a cell. `marked` cells get a pale ground, for
    somebody to see to them. With a `name` the sheet is filled under that name: the first of several takes the place of
    the form, the others are copies that follow it. Two names that would be the same are told apart by a number: 张三,
    张三 (2).
    """

    sheet: str
    values: Mapping[Place, Value] = field(default_factory=dict)
    rows: Sequence[Insertion] = ()
    name: str | None = None
    marked: Collection[Place] = ()

    def __post_init__(self) -> None:
        """What no cell can hold is the caller's fault, and is told before any file is opened."""
        for place, value in [*self.values.items(), *((place, None) for place in self.marked)]:
            row, column = place
            if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
                raise ValueError(f"no such cell: {place}")
            if isinstance(value, float | Decimal) and not isfinite(value):
                raise ValueError(f"{place}: {value} is no number that a cell can hold")


def fill(template: Path, out: Path, sheets: Sequence[FilledSheet], progress: Progress = unwatched) -> list[str]:
    """Fill a copy of the blank form `template` (.xlsx, .xlsm, .xls) and put it at `out` (.xlsx).

    A text is always text, also one that begins with = + - @; numbers are numbers, days are real dates in the cell's own
    date format, or in one of ours where it shows numbers. Gives Chinese sentences about what could not be kept or was
    not filled. Raises Trouble when the form cannot be read or `out` cannot be written; ValueError when the caller names
    a sheet that is not there. What stood at `out` stays until the new file is whole.
    """
    if out.suffix.lower() != ".xlsx":
        raise ValueError("填好的表要以 .xlsx 结尾，请改文件名。")
    not_over(out, template)
    package, told = opened_form(template, progress)
    lacking = {filled.sheet for filled in sheets} - package.sheets().keys()
    if lacking:
        raise ValueError(f"no such sheet in the form: {sorted(lacking)}")
    try:
        told += _fill(package, sheets, progress)
    except BROKEN as fault:
        raise Trouble(f"“{template.name}”里面的结构不合规范，填不了，请用 WPS 打开后另存为 .xlsx 再试。") from fault
    with put_in_place(out) as beside:
        package.write(beside)
    return told


def opened_form(template: Path, progress: Progress) -> tuple[Package, list[str]]:
    """The form as a package, and what of one in the old format could not be kept. Its content counts, not its name."""
    try:
        with template.open("rb") as file:
            old = file.read(8) == OLD
    except OSError as fault:
        raise Trouble(f"“{template.name}”{sentence(fault)}。") from fault
    if not old:
        return open_package(template), []
    data, told = renewed(template, progress)
    return Package(data), told


def _fill(package: Package, sheets: Sequence[FilledSheet], progress: Progress) -> list[str]:
    told = _without_macros(package)
    book = Part(package.parts[package.workbook])
    settings = book.root.child("workbookPr")
    since_1904 = settings is not None and settings.said.get("date1904") in ("1", "true")
    styles = next((r.target for r in package.relations(package.workbook) if r.kind == "styles"), "")
    looks = Looks(package.parts.get(styles))
    kept = dict(package.parts)
    names = _placed(package, sheets)
    first = {one.sheet: name for one, name in reversed(list(zip(sheets, names, strict=True)))}
    later: dict[str, list[Insertion]] = {}
    for done, (filled, name) in enumerate(zip(sheets, names, strict=True)):
        progress(done, len(sheets), f"填写“{name}”")
        moves = sorted(filled.rows, key=lambda move: move.at, reverse=True)
        copied = name != first[filled.sheet]
        for move in moves:
            insert_rows(package, name, move, alone=copied)
        if copied:
            later[name] = moves
        path = package.sheets()[name]
        data = package.parts[path]
        package.parts[path], faults = put_values(data, filled.values, looks, since_1904, filled.marked)
        told += [f"“{name}”的 {fault}" for fault in faults]
    if any(later.values()):
        move_names(package, later)
    if looks.changed:
        package.parts[styles] = looks.done()
    touched = {path for path in package.sheets().values() if package.parts[path] != kept.get(path)}
    _calculate_anew(package, touched, moved=bool(later) or any(filled.rows for filled in sheets))
    return told


def _placed(package: Package, sheets: Sequence[FilledSheet]) -> list[str]:
    """Name the sheets and make the copies while the form is still blank; the name of each in the order given."""
    names: list[str] = []
    of_one: dict[str, list[str]] = {}  # sheet of the form → the names under which it is filled
    taken = dict.fromkeys(package.sheets())
    for filled in sheets:
        wanted, before = filled.name or filled.sheet, of_one.setdefault(filled.sheet, [])
        if not before:
            taken.pop(filled.sheet)
        name = wanted if not before and wanted == filled.sheet else free_name(wanted, taken)
        taken[name] = None
        before.append(name)
        names.append(name)
    for sheet, (first, *others) in of_one.items():
        if first != sheet:
            rename_sheet(package, sheet, first)
        if others:
            copy_sheet(package, first, others)
    return names


def _without_macros(package: Package) -> list[str]:
    """What is written is never more than a workbook: macros are taken out, a model of a workbook becomes one."""
    told = []
    for relation in package.relations(package.workbook):
        if relation.kind == "vbaProject":
            for part in reversed(package.below(relation.target)):
                package.drop(part, package.workbook if part == relation.target else relation.target)
            told.append("表里的宏没有保留（填好的表里不带宏）。")
    if package.content_type(package.workbook) != WORKBOOK:
        package.set_type(package.workbook, WORKBOOK)
    return told


# ---- formulas ----------------------------------------------------------------------------------------------------

def _calculate_anew(package: Package, touched: set[str], moved: bool) -> None:
    """Let every formula that may have come to something else be calculated when the file is opened.

    What it came to before is taken out of the touched sheets and of those that look beyond themselves: who does not
    calculate shall see nothing rather than a wrong sum.
    """
    sheets = {path for path in package.sheets().values() if _FORMULA.search(package.parts[path])}
    if not sheets or not touched:
        return
    names = any(not name.startswith("_xlnm.") for name in _names(package))
    for path in sheets:
        if path in touched or names or _BEYOND.search(package.parts[path]):
            package.parts[path] = forget_results(package.parts[path])
    for relation in package.relations(package.workbook):
        if relation.kind == "calcChain" and moved:
            package.drop(relation.target, package.workbook)
    book = Part(package.parts[package.workbook])
    held = book.root.child("calcPr")
    if held is not None:
        book.put(held, fullCalcOnLoad="1")
    else:
        before = [node for node in book.root.children if node.name in _BEFORE_CALCULATION][-1]
        book.replace(before.end, before.end, f'<{book.prefix}calcPr fullCalcOnLoad="1"/>'.encode())
    package.parts[package.workbook] = book.done()


def _names(package: Package) -> list[str]:
    return [node.said["name"] for node in Part(package.parts[package.workbook]).root.all("definedName")]
