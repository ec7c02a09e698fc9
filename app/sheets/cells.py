"""Values put into the cells of a sheet's XML (填单元格); the look of each cell and everything else stay as they are."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from xml.sax.saxutils import escape

from app.sheets.looks import Looks
from app.sheets.markup import Node, Part, opened, with_attributes
from app.sheets.references import box, column_of, grown, letters_of

Value = str | int | float | Decimal | bool | date | datetime | None
Place = tuple[int, int]  # row, column, from 1

MOST_CHARACTERS = 32_767  # of one cell
MOST_DIGITS = 15  # of a number; beyond them the last would be lost
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass
class Line:
    """One row of the XML. `cells` are (column, element), in order."""

    number: int
    node: Node
    cells: list[tuple[int, Node]]


def lines_of(sheet: Part) -> Iterator[Line]:
    """The rows that stand in the XML; one that does not say its number, or a cell, follows the one before."""
    held, number = sheet.root.child("sheetData"), 0
    for node in held.children if held else []:
        number = int(node.said.get("r") or number + 1)
        column, cells = 0, []
        for cell in node.children:
            if cell.name == "c":
                said = re.match(r"[A-Za-z]+", cell.said.get("r", ""))
                column = column_of(said[0]) if said else column + 1
                cells.append((column, cell))
        yield Line(number, node, cells)


def put_values(
    data: bytes, values: Mapping[Place, Value], looks: Looks, since_1904: bool, marked: Collection[Place] = ()
) -> tuple[bytes, list[str]]:
    """A sheet's XML with values in it, and a sentence for each that is not in it as it was given.

    None empties a cell. Formulas and cells that a merge hides are left alone and told. `marked` get a pale ground.
    """
    sheet = Part(data)
    writing = _Writing(sheet, looks, since_1904, marked)
    lines = {line.number: line for line in lines_of(sheet)}
    alone = _left_alone(sheet, lines, values)
    told = [f"{_said(place)} {why}" for place, why in alone.items() if values[place] is not None]
    wanted = {place: value for place, value in values.items() if place not in alone}
    for row, column in set(marked) - wanted.keys():
        cell = dict(lines[row].cells).get(column) if row in lines else None
        if cell is None:
            wanted[row, column] = None
        else:
            sheet.put(cell, s=str(looks.marked(int(cell.said.get("s") or 0))))
    writing.in_rows(lines, wanted)
    dimension = sheet.root.child("dimension")
    if dimension is not None and wanted:
        sheet.put(dimension, ref=grown([dimension.said["ref"], *map(_said, wanted)]))
    return sheet.done(), told + writing.told


def _left_alone(sheet: Part, lines: Mapping[int, Line], values: Mapping[Place, Value]) -> dict[Place, str]:
    """The places that keep what they hold, and why, in their order."""
    found = {place: f"被合并在 {_said(first)} 里，没有填。" for place, first in _hidden(sheet, values).items()}
    for row, column in values:
        cell = dict(lines[row].cells).get(column) if row in lines else None
        if cell is not None and cell.child("f") is not None:
            found.setdefault((row, column), "里是公式，没有改动。")
    return dict(sorted(found.items()))


def forget_results(data: bytes) -> bytes:
    """A sheet's XML without what its formulas last came to: it is calculated anew when the file is opened."""
    sheet = Part(data)
    for cell in sheet.root.all("c"):
        result = cell.child("v")
        if result is not None and cell.child("f") is not None:
            sheet.put(cell, t=None)
            sheet.cut(result)
    return sheet.done()


def _said(place: Place) -> str:
    return f"{letters_of(place[1])}{place[0]}"


def _hidden(sheet: Part, wanted: Mapping[Place, Value]) -> dict[Place, Place]:
    """Which of the places a merge hides → its first cell."""
    by_row: dict[int, list[int]] = {}
    for row, column in wanted:
        by_row.setdefault(row, []).append(column)
    found = {}
    for merge in sheet.root.all("mergeCell"):
        top, left, bottom, right = box(merge.said["ref"])
        rows = by_row if len(by_row) <= bottom - top else range(top, bottom + 1)
        for row in rows:
            for column in by_row.get(row, ()) if top <= row <= bottom else ():
                if left <= column <= right and (row, column) != (top, left):
                    found[row, column] = (top, left)
    return found


class _Writing:
    """Cells as XML, in the formats of one workbook."""

    def __init__(self, sheet: Part, looks: Looks, since_1904: bool, marked: Collection[Place]) -> None:
        self.sheet, self.looks, self.since_1904, self.marked = sheet, looks, since_1904, set(marked)
        self.told: list[str] = []
        held = sheet.root.child("cols")
        self.columns = [
            (int(node.said["min"]), int(node.said["max"]), int(node.said["style"]))
            for node in (held.children if held else []) if node.said.get("style")
        ]  # fmt: skip

    def in_rows(self, lines: Mapping[int, Line], wanted: Mapping[Place, Value]) -> None:
        """Put values into rows that stand in the XML, and into new ones between them."""
        rows: dict[int, dict[int, Value]] = {}
        for row, column in sorted(wanted):
            rows.setdefault(row, {})[column] = wanted[row, column]
        numbers, last = sorted(lines), b""
        for row, cells in rows.items():
            at = bisect(numbers, row)
            if row in lines:
                self.in_line(lines[row], cells)
            elif at < len(numbers):
                behind = lines[numbers[at]].node.start
                self.sheet.replace(behind, behind, self.row(row, cells))
            else:
                last += self.row(row, cells)
        held = self.sheet.root.child("sheetData")
        if held is not None and last:
            self.sheet.add_inside(held, last)

    def in_line(self, line: Line, values: dict[int, Value]) -> None:
        """Put values into a row that stands in the XML."""
        known, behind = dict(line.cells), b""
        own = line.node.said.get("s") if line.node.said.get("customFormat") in ("1", "true") else None
        beyond = False
        for column, value in values.items():
            place = (line.number, column)
            if column in known:
                cell = known[column]
                xml = self.cell(place, value, int(cell.said.get("s") or 0))
                self.sheet.replace(cell.start, cell.end, xml)
            elif value is not None or place in self.marked:
                xml = self.cell(place, value, int(own) if own else self._of_column(column))
                beyond = True
                follows = next((cell for at, cell in line.cells if at > column), None)
                if follows is None:
                    behind += xml
                else:
                    self.sheet.replace(follows.start, follows.start, xml)
        if behind and line.node.end == line.node.inside:  # <row/>: its tag is opened, and its span forgotten with it
            tag = opened(with_attributes(self.sheet.tag(line.node), spans=None))
            self.sheet.replace(line.node.start, line.node.end, tag + behind + f"</{self.sheet.prefix}row>".encode())
        else:
            if beyond:
                self.sheet.put(line.node, spans=None)
            if behind:
                self.sheet.add_inside(line.node, behind)

    def row(self, number: int, values: dict[int, Value]) -> bytes:
        """A row that does not stand in the XML yet."""
        cells = [
            self.cell((number, column), value, self._of_column(column))
            for column, value in values.items() if value is not None or (number, column) in self.marked
        ]  # fmt: skip
        if not cells:
            return b""
        name = f"{self.sheet.prefix}row"
        return f'<{name} r="{number}">'.encode() + b"".join(cells) + f"</{name}>".encode()

    def _of_column(self, column: int) -> int:
        return next((look for first, last, look in self.columns if first <= column <= last), 0)

    def cell(self, place: Place, value: Value, look: int) -> bytes:
        at, p = _said(place), self.sheet.prefix
        if isinstance(value, date):
            dated = self.looks.dated(look, isinstance(value, datetime))
            value, look = (shown(value), look) if dated is None else (_serial(value, self.since_1904), dated)
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**MOST_DIGITS:
            value = str(value)
        if place in self.marked:
            look = self.looks.marked(look)
        style = f' s="{look}"' if look else ""
        if value is None or value == "":
            return f'<{p}c r="{at}"{style}/>'.encode()
        if isinstance(value, bool):
            return f'<{p}c r="{at}"{style} t="b"><{p}v>{value:d}</{p}v></{p}c>'.encode()
        if isinstance(value, str):
            text = escape(self._text(at, value))
            kept = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
            return f'<{p}c r="{at}"{style} t="inlineStr"><{p}is><{p}t{kept}>{text}</{p}t></{p}is></{p}c>'.encode()
        return f'<{p}c r="{at}"{style}><{p}v>{_figure(value)}</{p}v></{p}c>'.encode()

    def _text(self, at: str, text: str) -> str:
        """A text as a cell can hold it: no control characters, of bounded length."""
        clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        if len(clean) < len(text.replace("\r\n", "\n")):
            self.told.append(f"{at} 的文字里有看不见的控制字符，已去掉。")
        if len(clean) > MOST_CHARACTERS:
            self.told.append(f"{at} 的文字有 {len(clean):,} 个字，只填了前 {MOST_CHARACTERS:,} 个。")
        return _ESCAPED.sub("_x005F_", clean[:MOST_CHARACTERS])


def shown(value: date) -> str:
    """A day as text, where a cell wants text."""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}"


def _serial(value: date, since_1904: bool) -> str | int | float:
    """The number that a day is in a sheet; before March 1900, where the count is disputed, it is text."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    moment = moment.replace(tzinfo=None)
    if moment < (datetime(1904, 1, 1) if since_1904 else datetime(1900, 3, 1)):
        return shown(value)
    passed = moment - (datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30))
    return passed.days if not isinstance(value, datetime) else passed / timedelta(days=1)


def _figure(value: int | float | Decimal) -> str:
    return format(value, "f") if isinstance(value, Decimal) else repr(value)
