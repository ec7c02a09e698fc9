"""Rows inserted in a sheet (插入行): new rows look like the sample row, and everything that points below them follows.

What follows stands in the two tables below: formulas of every sheet, merges, conditional formats, validations, names
(print area and titles among them), filters, tables, page breaks, links, notes, pictures, charts, controls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape

from app.sheets.cells import Line, lines_of
from app.sheets.markup import Node, Part, closed, opened, with_attributes
from app.sheets.package import Package
from app.sheets.references import (
    Insertion,
    box,
    letters_of,
    moved_area,
    moved_areas,
    moved_formula,
    plain_name,
    shifted_formula,
)  # fmt: skip

HERE = "@row@"  # stands for the number of a new row until it is known
AREA, AREAS, FORMULA, ROW_BEFORE = "area", "areas", "formula", "row before"

ATTRIBUTES = {  # element, attribute → what stands there
    ("dimension", "ref"): AREA, ("autoFilter", "ref"): AREA, ("sortState", "ref"): AREA, ("sortCondition", "ref"): AREA,
    ("hyperlink", "ref"): AREA, ("comment", "ref"): AREA, ("threadedComment", "ref"): AREA, ("table", "ref"): AREA,
    ("location", "ref"): AREA, ("cellWatch", "r"): AREA, ("inputCells", "r"): AREA, ("selection", "activeCell"): AREA,
    ("selection", "sqref"): AREA, ("conditionalFormatting", "sqref"): AREAS, ("dataValidation", "sqref"): AREAS,
    ("protectedRange", "sqref"): AREAS, ("ignoredError", "sqref"): AREAS, ("brk", "id"): ROW_BEFORE,
    ("hyperlink", "location"): FORMULA, ("sp", "textlink"): FORMULA, ("formControlPr", "fmlaLink"): FORMULA,
    ("formControlPr", "fmlaRange"): FORMULA, ("formControlPr", "fmlaTxbx"): FORMULA,
    ("controlPr", "linkedCell"): FORMULA, ("controlPr", "listFillRange"): FORMULA,
}  # fmt: skip
TEXTS = {  # element → what its text is
    "f": FORMULA, "formula": FORMULA, "formula1": FORMULA, "formula2": FORMULA, "sqref": AREAS, "FmlaLink": FORMULA,
    "FmlaRange": FORMULA, "calculatedColumnFormula": FORMULA, "totalsRowFormula": FORMULA, "definedName": FORMULA,
}  # fmt: skip
ROOTS = {  # parts that are looked through, by their outermost element
    "worksheet", "table", "comments", "ThreadedComments", "wsDr", "xml", "formControlPr", "chartSpace",
    "pivotTableDefinition", "pivotCacheDefinition", "workbook",
}  # fmt: skip


def insert_rows(package: Package, sheet: str, move: Insertion, alone: bool = False) -> None:
    """Insert rows in the sheet of that name. `alone`: only in its own parts; nobody else speaks of it yet."""
    path = package.sheets()[sheet]
    mine = set(package.below(path))
    for part in sorted(mine if alone else package.parts):
        data = package.parts[part]
        if part.lower().endswith((".xml", ".vml")) and (part in mine or speaks_of(data, sheet)):
            if part == path:
                data = _with_new_rows(data, sheet, move)
            package.parts[part] = _moved_part(data, sheet, part in mine, move, itself=part == path)


def move_names(package: Package, moves: Mapping[str, Sequence[Insertion]]) -> None:
    """Move the names that hold for single sheets (print area, titles), in which rows were inserted in that order."""
    book = Part(package.parts[package.workbook])
    listed = [node.said["name"] for node in book.root.all("sheet")]
    for node in book.root.all("definedName"):
        sheet = listed[int(node.said["localSheetId"])] if "localSheetId" in node.said else ""
        text = book.text(node)
        for move in moves.get(sheet, ()):
            text = moved_formula(text, sheet, None, move)
        if text != book.text(node):
            book.put_text(node, text)
    package.parts[package.workbook] = book.done()


def speaks_of(data: bytes, sheet: str) -> bool:
    """Whether a part may name a sheet: asked before it is read for that."""
    name, data = escape(sheet), data.lower()
    return any(word.encode().lower() in data for word in (name, name.replace("'", "''")))


def _moved_part(data: bytes, sheet: str, mine: bool, move: Insertion, itself: bool) -> bytes:
    """A part with its references moved. `mine`: what names no sheet means this one; `itself`: its rows are done."""
    try:
        part = Part(data)
    except ExpatError:
        return data  # of the drawings of old some are no XML; they name cells only by their place
    if part.root.name not in ROOTS:
        return data
    if part.root.name == "worksheet" and not itself:
        part = Part(unshared(data))
    for node, row in _elements(part.root, itself):
        _move_node(part, node, _ways(sheet, mine, move, row))
        if node.name == "worksheetSource" and plain_name(node.said.get("sheet", "")) == sheet.casefold():
            part.put(node, ref=moved_area(node.said.get("ref", ""), move))
        elif mine and node.name in ("twoCellAnchor", "oneCellAnchor", "anchor"):
            _move_anchor(part, node, move)
        elif mine and node.name == "ClientData":
            _move_client_data(part, node, move)
    return part.done()


def _elements(root: Node, itself: bool) -> Iterator[tuple[Node, int | None]]:
    """The elements in which references may stand; with a rule, the row from which its formulas are meant."""
    yield root, None
    for child in root.children:
        if child.name == "colBreaks" or (itself and child.name == "sheetData"):
            continue
        row, until = None, 0
        for node in child.walk():
            if node.name in ("conditionalFormatting", "dataValidation") and node.said.get("sqref"):
                row, until = box(node.said["sqref"].split()[0])[0], node.end
            yield node, row if node.start < until else None


def _ways(sheet: str, mine: bool, move: Insertion, row: int | None) -> dict[str, Callable[[str], str]]:
    """How each kind of reference moves."""
    home = sheet if mine else None
    ways: dict[str, Callable[[str], str]] = {FORMULA: lambda text: moved_formula(text, sheet, home, move, row)}
    if mine:
        ways[AREA] = lambda text: moved_area(text, move)
        ways[AREAS] = lambda text: moved_areas(text, move)
        ways[ROW_BEFORE] = lambda text: str(move.row(int(text) + 1) - 1)
    return ways


def _move_node(part: Part, node: Node, ways: dict[str, Callable[[str], str]]) -> None:
    changed = {}
    for name, value in node.said.items():
        way = ways.get(ATTRIBUTES.get((node.name, name), ""))
        if way is not None and value and (now := way(value)) != value:
            changed[name] = now
    if changed:
        part.put(node, **changed)
    way = ways.get(TEXTS.get(node.name, ""))
    if way is not None and not node.children and (text := part.text(node)) and (now := way(text)) != text:
        part.put_text(node, now)


# ---- what lies over the cells ------------------------------------------------------------------------------------

def _move_anchor(part: Part, node: Node, move: Insertion) -> None:
    """Pictures, text boxes and controls: their rows count from 0 where they begin and where they end."""
    corners = [corner.child("row") for name in ("from", "to") if (corner := node.child(name)) is not None]
    rows = [(corner, int(part.text(corner))) for corner in corners if corner is not None]
    if not rows or node.said.get("editAs") == "absolute" or node.said.get("moveWithCells") == "0":
        return
    keeps_size = node.said.get("editAs") == "oneCell" or node.said.get("sizeWithCells") == "0"
    shift = move.row(rows[0][1] + 1) - 1 - rows[0][1]
    for corner, row in rows:
        now = row + shift if keeps_size else move.row(row + 1) - 1
        if now != row:
            part.put_text(corner, str(now))


def _move_client_data(part: Part, node: Node, move: Insertion) -> None:
    """Notes and old controls (VML): the cell they belong to, and the eight numbers of their place."""
    row, place = node.child("Row"), node.child("Anchor")
    if row is not None and (now := move.row(int(part.text(row)) + 1) - 1) != int(part.text(row)):
        part.put_text(row, str(now))
    if place is None or len(numbers := part.text(place).split(",")) != 8:
        return
    top, bottom = int(numbers[2]), int(numbers[6])
    shift = move.row(top + 1) - 1 - top
    if shift:
        numbers[2], numbers[6] = f" {top + shift}", f" {bottom + shift}"
        part.put_text(place, ",".join(numbers))


# ---- the rows themselves -------------------------------------------------------------------------------------------

def unshared(data: bytes) -> bytes:
    """A sheet's XML in which each cell says its own formula: a group that shares one cannot be parted by new rows."""
    part = Part(data)
    groups: dict[str, tuple[str, tuple[int, int]]] = {}
    for line in lines_of(part):
        for column, cell in line.cells:
            node = cell.child("f")
            if node is None or node.said.get("t") != "shared":
                continue
            text, group = part.text(node), node.said.get("si", "")
            if text:
                groups[group] = (text, (line.number, column))
            elif group in groups:
                text = shifted_formula(*groups[group], (line.number, column))
            part.replace(node.start, node.end, _formula(part, text))
    return part.done()


def _formula(part: Part, text: str, tag: bytes | None = None) -> bytes:
    """An element f."""
    name = f"{part.prefix}f"
    return (opened(tag) if tag else f"<{name}>".encode()) + escape(text).encode() + f"</{name}>".encode()


def _with_new_rows(data: bytes, sheet: str, move: Insertion) -> bytes:
    """The XML of the sheet with its rows moved, their formulas too, and the new rows and their merges in it."""
    part = Part(unshared(data))
    lines = list(lines_of(part))
    for line in lines:
        _move_line(part, line, sheet, move)
    sample = next((line for line in lines if line.number == move.like), None)
    held = part.root.child("sheetData")
    if sample is not None and held is not None:
        behind = next((line.node.start for line in lines if line.number >= move.at), held.outside)
        part.replace(behind, behind, _like(part, sample, sheet, move))
    merges = part.root.child("mergeCells")
    if merges is not None:
        _move_merges(part, merges, move)
    return part.done()


def _move_line(part: Part, line: Line, sheet: str, move: Insertion) -> None:
    now = move.row(line.number)
    part.put(line.node, r=str(now))
    for column, cell in line.cells:
        part.put(cell, r=f"{letters_of(column)}{now}")
        node = cell.child("f")
        if node is not None:
            areas = {name: node.said[name] for name in ("ref", "r1", "r2") if name in node.said}
            moved = {name: moved_area(area, move, grows=False) for name, area in areas.items()}
            text = moved_formula(part.text(node), sheet, sheet, move, line.number)
            part.replace(node.start, node.end, _formula(part, text, with_attributes(part.tag(node), **moved)))


def _like(part: Part, sample: Line, sheet: str, move: Insertion) -> bytes:
    """The new rows: height and formats of the sample, its formulas as if copied downwards, and no values."""
    row = with_attributes(part.tag(sample.node), r=HERE, hidden=None, collapsed=None)
    pieces, formulas = [opened(row)], []
    for column, cell in sample.cells:
        tag = with_attributes(part.tag(cell), r=letters_of(column) + HERE, t=None, cm=None, vm=None)
        node = cell.child("f")
        if node is not None and node.said.get("t", "normal") == "normal":
            text = moved_formula(part.text(node), sheet, sheet, move, sample.number)
            formulas.append((len(pieces), column, text))
            pieces += [opened(tag), b"", f"</{part.prefix}c>".encode()]
        else:
            pieces.append(closed(tag))
    pieces.append(f"</{part.prefix}row>".encode())
    rows = []
    for number in move.new:
        for at, column, text in formulas:
            pieces[at + 1] = _formula(part, shifted_formula(text, (sample.number, column), (number, column)))
        rows.append(b"".join(pieces).replace(HERE.encode(), str(number).encode()))
    return b"".join(rows)


def _move_merges(part: Part, held: Node, move: Insertion) -> None:
    """Merges move and grow; those within the sample row stand in each new row too, where no merge that grew stands."""
    boxes = [box(node.said["ref"]) for node in held.children]
    grown = [(left, right) for top, left, bottom, right in boxes if top < move.at <= bottom]
    new = []
    for node in held.children:
        top, left, bottom, right = box(node.said["ref"])
        part.put(node, ref=moved_area(node.said["ref"], move, grows=False))
        apart = all(right < first or last < left for first, last in grown)
        if top == bottom == move.like and apart:
            areas = [f"{letters_of(left)}{row}:{letters_of(right)}{row}" for row in move.new]
            new += [f'<{part.prefix}mergeCell ref="{area}"/>' for area in areas]
    if new:
        part.put(held, count=str(len(held.children) + len(new)))
        part.add_inside(held, "".join(new).encode())
