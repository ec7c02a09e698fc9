"""A sheet under a new name (改名) and its copies (复制工作表): one form a household, as sheets of one workbook.

A copy has its own drawings, notes, controls and tables; pictures themselves are shared. The names that hold for the
sheet alone (print area, print titles) hold for the copy too; a formula in which it names itself names the copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from app.models.faults import Trouble
from app.sheets.insertion import TEXTS, speaks_of
from app.sheets.markup import Part, closed, with_attributes
from app.sheets.package import Package, relations_of
from app.sheets.references import renamed_formula

LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_COPIED = {"pivotTable": "数据透视表", "slicer": "切片器", "timeline": "日程表"}
_OF_ONE = {"drawing", "vmlDrawing", "comments", "table", "chart", "chartUserShapes", "ctrlProp", "threadedComment"}


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that a sheet can have and none has yet: 张三, then 张三 (2)."""
    clean = _FORBIDDEN.sub(" ", wanted).strip(" '")[:LONGEST_NAME].rstrip(" '") or "表"
    used, name, number = {one.casefold() for one in taken}, clean, 1
    while name.casefold() in used:
        number += 1
        tail = f" ({number})"
        name = clean[: LONGEST_NAME - len(tail)] + tail
    return name


def rename_sheet(package: Package, old: str, new: str) -> None:
    """Give a sheet another name, in the list of sheets and wherever a formula names it."""
    for path, data in package.parts.items():
        if path.endswith(".xml") and (path == package.workbook or speaks_of(data, old)):
            package.parts[path] = _renamed(data, old, new, path == package.workbook)


def _renamed(data: bytes, old: str, new: str, listing: bool = False) -> bytes:
    part = Part(data)
    for node in part.root.walk():
        if listing and node.name == "sheet" and node.said.get("name") == old:
            part.put(node, name=new)
        elif node.name == "worksheetSource" and node.said.get("sheet") == old:
            part.put(node, sheet=new)
        elif node.name in TEXTS and not node.children and "!" in (text := part.text(node)):
            if (now := renamed_formula(text, old, new)) != text:
                part.put_text(node, now)
        elif node.name == "hyperlink" and "!" in (place := node.said.get("location", "")):
            part.put(node, location=renamed_formula(place, old, new))
    return part.done()


def copy_sheet(package: Package, sheet: str, names: Sequence[str]) -> None:
    """Put copies of a sheet behind it, under new names. Trouble where something on it cannot be copied."""
    path = package.sheets()[sheet]
    for relation in package.relations(path):
        if relation.kind in ("slicer", "timeline"):
            raise Trouble(f"“{sheet}”里有{_NOT_COPIED[relation.kind]}，不能一户复制一张，请删去后再填。")
    kept, model = package.parts[path], Part(package.parts[path])
    for view in model.root.all("sheetView"):
        model.put(view, tabSelected=None)  # two selected sheets would be typed into at once
    package.parts[path] = model.done()
    copies = {name: _copy_part(package, path, sheet, name) for name in names}
    package.parts[path] = kept
    _list(package, sheet, copies)


def _copy_part(package: Package, path: str, sheet: str, name: str) -> str:
    """Copy a part and what it alone may have; the new path."""
    copy = package.free_name(path)
    data = package.parts[path]
    if path.endswith(".xml") and speaks_of(data, sheet):
        data = _renamed(data, sheet, name)
    if b"displayName" in data and Part(data).root.name == "table":
        data = _as_another_table(package, data)
    package.add(copy, data, package.content_type(path))
    held = package.parts.get(relations_of(path))
    if held is None:
        return copy
    lines = Part(held)
    package.parts[relations_of(copy)] = held  # so that the names below are found to be taken
    for relation, node in zip(package.relations(path), lines.root.children, strict=True):
        if relation.kind in _NOT_COPIED:
            lines.cut(node)
        elif not relation.outside:
            target = relation.target
            if relation.kind in _OF_ONE and target in package.parts:
                target = _copy_part(package, target, sheet, name)
            lines.put(node, Target="/" + target)
    package.parts[relations_of(copy)] = lines.done()
    return copy


def _as_another_table(package: Package, data: bytes) -> bytes:
    """A table under an id and a name of its own."""
    tables = [Part(held).root for path, held in package.parts.items() if "/tables/" in path and path.endswith(".xml")]
    number = max([int(root.said.get("id", "0")) for root in tables], default=0) + 1
    taken = {root.said.get(key, "").casefold() for root in tables for key in ("name", "displayName")}
    part = Part(data)
    stem = part.root.said["displayName"]
    name = next(f"{stem}_{n}" for n in range(2, len(taken) + 3) if f"{stem}_{n}".casefold() not in taken)
    part.put(part.root, id=str(number), name=name, displayName=name)
    return part.done()


def _list(package: Package, sheet: str, copies: Mapping[str, str]) -> None:
    """Say in the workbook that there are more sheets (name → path), behind their model, with its names of its own."""
    kind = next(r.type for r in package.relations(package.workbook) if r.target == package.sheets()[sheet])
    lines = package.relate(package.workbook, kind, list(copies.values()))
    book = Part(package.parts[package.workbook])
    listed = list(book.root.all("sheet"))
    model = next(at for at, node in enumerate(listed) if node.said["name"] == sheet)
    number = max(int(node.said["sheetId"]) for node in listed)
    tags = []
    for step, (name, line) in enumerate(zip(copies, lines, strict=True), 1):
        tag = re.sub(rb'(\w+:id=)(["\']).*?\2', rb'\1"' + line.encode() + rb'"', book.tag(listed[model]))
        tags.append(closed(with_attributes(tag, name=name, sheetId=str(number + step), state=None)))
    book.replace(listed[model].end, listed[model].end, b"".join(tags))
    for node in book.root.all("definedName"):
        at = node.said.get("localSheetId")
        if at is not None and int(at) > model:
            book.put(node, localSheetId=str(int(at) + len(copies)))
    for view in book.root.all("workbookView"):
        if int(view.said.get("activeTab", "0")) > model:
            book.put(view, activeTab=str(int(view.said["activeTab"]) + len(copies)))
    held = book.root.child("definedNames")
    if held is not None:
        names = [_names_of_copy(book, model, model + step, sheet, name) for step, name in enumerate(copies, 1)]
        book.add_inside(held, b"".join(names))
    package.parts[package.workbook] = book.done()


def _names_of_copy(book: Part, model: int, place: int, sheet: str, name: str) -> bytes:
    """The defined names of the model, said of the copy."""
    lines = b""
    for node in book.root.all("definedName"):
        if node.said.get("localSheetId") == str(model):
            tag = with_attributes(book.tag(node), localSheetId=str(place))
            text = renamed_formula(book.text(node), sheet, name)
            lines += tag + escape(text).encode() + f"</{book.prefix}definedName>".encode()
    return lines
