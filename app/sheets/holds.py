"""What a sheet holds besides its cells (表里还有什么), found in the package and named for the clerk.

A spreadsheet library drops most of it; `fill` keeps it all, except macros. So this is only told, for each sheet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app.models.faults import Trouble
from app.sheets.markup import Node, Part
from app.sheets.package import BROKEN, Package, open_package

UNITS = {
    "文本框或图形": "个", "图片": "张", "图表": "个", "表单控件": "个", "嵌入对象": "个", "批注": "条",
    "部分文字另有格式的单元格": "个", "数据透视表": "个", "切片器": "个", "迷你图": "组",
    "跨表的下拉框或条件格式": "处", "页眉页脚里的图片": "张", "智能表格": "个",
}  # fmt: skip
_SHAPES = {"sp": "文本框或图形", "cxnSp": "文本框或图形", "pic": "图片", "graphicFrame": "图表", "contentPart": "图片"}
_IN_SHEET = {
    "control": "表单控件", "oleObject": "嵌入对象", "sparklineGroup": "迷你图", "slicer": "切片器",
    "legacyDrawingHF": "页眉页脚里的图片",
}  # fmt: skip
_RELATED = {"pivotTable": "数据透视表", "table": "智能表格"}


def what_it_holds(path: Path) -> dict[str, list[str]]:
    """Sheet → what it holds besides cells, as 图片 2 张; under "" what belongs to the whole workbook. .xlsx only.

    Sheets that hold nothing are not in it. Trouble when the file cannot be read.
    """
    package = open_package(path)
    try:
        rich = _rich_strings(package)
        found = {name: _of_sheet(package, part, rich) for name, part in package.sheets().items()}
    except BROKEN as fault:
        raise Trouble(f"“{path.name}”里面的结构不合规范，请用 WPS 打开后另存为 .xlsx 再试。") from fault
    said = {
        name: [f"{word} {counted[word]:,} {unit}" for word, unit in UNITS.items() if counted[word]]
        for name, counted in found.items()
    }
    if any(relation.kind == "vbaProject" for relation in package.relations(package.workbook)):
        said[""] = ["宏"]
    return {name: words for name, words in said.items() if words}


def _of_sheet(package: Package, path: str, rich: set[int]) -> Counter[str]:
    part, counted = Part(package.parts[path]), Counter[str]()
    for node in _shown(part.root):
        if node.name in _IN_SHEET:
            counted[_IN_SHEET[node.name]] += 1
        elif node.name == "c" and _is_rich(part, node, rich):
            counted["部分文字另有格式的单元格"] += 1
        elif node.name == "extLst":
            counted["跨表的下拉框或条件格式"] += sum(1 for _ in node.all("dataValidation", "conditionalFormatting"))
    for relation in package.relations(path):
        if relation.outside or relation.target not in package.parts:
            continue
        if relation.kind in _RELATED:
            counted[_RELATED[relation.kind]] += 1
        elif relation.kind == "drawing":
            drawn = Part(package.parts[relation.target])
            counted.update(_SHAPES[node.name] for node in _shown(drawn.root) if node.name in _SHAPES)
        elif relation.kind == "vmlDrawing":
            counted["表单控件"] = max(counted["表单控件"], _old_controls(package.parts[relation.target]))
        elif relation.kind == "comments":
            counted["批注"] += sum(1 for _ in Part(package.parts[relation.target]).root.all("comment"))
    return counted


def _old_controls(data: bytes) -> int:
    """The controls in a drawing of old (VML), some of which are no XML."""
    kinds = re.findall(rb'<\w+:ClientData\s+ObjectType="(\w+)"', data)
    return sum(kind not in (b"Note", b"Pict", b"Shape", b"Rect") for kind in kinds)


def _shown(node: Node) -> Iterator[Node]:
    """The elements below, without those that only stand in for others: the fallbacks, and the shapes of controls."""
    yield node
    for child in node.children:
        if child.name != "Fallback" and not (child.name == "Choice" and child.said.get("Requires") == "a14"):
            yield from _shown(child)


def _is_rich(part: Part, cell: Node, rich: set[int]) -> bool:
    """Whether a cell's text has parts of another look."""
    if cell.said.get("t") == "s":
        number = cell.child("v")
        return number is not None and int(part.text(number)) in rich
    held = cell.child("is")
    return held is not None and held.child("r") is not None


def _rich_strings(package: Package) -> set[int]:
    """The numbers of the shared texts that have parts of another look."""
    for relation in package.relations(package.workbook):
        if relation.kind == "sharedStrings" and relation.target in package.parts:
            items = [node for node in Part(package.parts[relation.target]).root.children if node.name == "si"]
            return {number for number, node in enumerate(items) if node.child("r") is not None}
    return set()
