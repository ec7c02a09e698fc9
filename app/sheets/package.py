"""The package of an .xlsx: its parts, which belongs to which, and writing it back with everything that was not changed.

A part that nobody changed has the same bytes afterwards, whatever it is: pictures, controls, what no library knows.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import quoteattr
from zlib import error as ZlibError

from app.models.faults import Trouble
from app.sheets.child import ADVICE, FILE_BYTES, check_zip, sentence, sniff
from app.sheets.markup import Node, Part, with_last
from app.sheets.references import LAST_COLUMN, LAST_ROW, box
from app.sheets.text import Refused

TYPES = "[Content_Types].xml"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MOST_ROWS, MOST_MERGES = 100_000, 20_000
BROKEN = (
    zipfile.BadZipFile, ZlibError, ExpatError, NotImplementedError, EOFError,
    LookupError, ValueError, AttributeError, AssertionError, StopIteration, OverflowError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True)
class Relation:
    """One line of a part's relationships: what a part needs, and the path of it in the package."""

    id: str
    kind: str  # the last word of its type: worksheet, drawing, comments, ...
    type: str
    target: str
    outside: bool = False  # a web address or another file


class Package:
    """An .xlsx in memory. `parts` are bytes by path; `write` keeps the order and the form of what was there."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self._members = {info.filename: info for info in package.infolist() if not info.is_dir()}
            self.parts = {name: package.read(name) for name in self._members}
        self._read: dict[tuple[str, str], tuple[bytes | None, Any]] = {}
        self._cased = {name.lower(): name for name in self.parts}
        self.workbook = next(r.target for r in self.relations("") if r.kind == "officeDocument")
        if self.workbook not in self.parts:
            raise KeyError(self.workbook)

    # ---- what is in it ----

    def _once(self, what: str, part: str, read: Callable[[bytes], Any]) -> Any:
        """What `read` finds in a part, read anew only when the part has changed; None when there is no such part."""
        data = self.parts.get(part)
        held = self._read.get((what, part))
        if held is None or held[0] is not data:
            held = self._read[what, part] = (data, None if data is None else read(data))
        return held[1]

    def sheets(self) -> dict[str, str]:
        """Name → path of its part, of the worksheets in their order (sheets of nothing but a chart left out)."""
        targets = {r.id: r.target for r in self.relations(self.workbook) if r.kind == "worksheet"}
        listed = self._once("sheets", self.workbook, lambda data: [
            (node.said["name"], node.said.get("id")) for node in Part(data).root.all("sheet")
        ])  # fmt: skip
        return {name: targets[line] for name, line in listed if line in targets}

    def relations(self, part: str) -> list[Relation]:
        """What a part needs; "" for the package itself."""
        return self._once("relations", relations_of(part), lambda data: self._relations(part, data)) or []

    def _relations(self, part: str, data: bytes) -> list[Relation]:
        found = []
        for node in Part(data).root.all("Relationship"):
            outside = node.said.get("TargetMode") == "External"
            target = node.said.get("Target", "")
            if not outside:
                target = self._actual(posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))[1:])
            kind = node.said["Type"].rpartition("/")[2]
            found.append(Relation(node.said["Id"], kind, node.said["Type"], target, outside))
        return found

    def _actual(self, path: str) -> str:
        return path if path in self.parts else self._cased.get(path.lower(), path)

    def below(self, part: str) -> list[str]:
        """A part and all that it needs, directly or not, within the package."""
        found, ahead = [part], [part]
        while ahead:
            for relation in self.relations(ahead.pop()):
                if not relation.outside and relation.target in self.parts and relation.target not in found:
                    found.append(relation.target)
                    ahead.append(relation.target)
        return found

    def content_type(self, part: str) -> str:
        types = self._types()
        return types.get("/" + part.lower()) or types.get(part.rpartition(".")[2].lower(), "")

    def _types(self) -> dict[str, str]:
        """Types by "/path" and by ending, in small letters."""

        def read(data: bytes) -> dict[str, str]:
            said = [node.said for node in Part(data).root.children]
            return {(one.get("PartName") or one["Extension"]).lower(): one["ContentType"] for one in said}

        found: dict[str, str] = self._once("types", TYPES, read)
        return found

    # ---- changing it ----

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """A new part. Its type is named unless its ending already says it."""
        self.parts[part] = data
        self._cased[part.lower()] = part
        if self.content_type(part) != content_type:
            types, prefix = self._types(), self._once("prefix", TYPES, lambda data: Part(data).prefix)
            line = f"<{prefix}Override PartName={quoteattr('/' + part)} ContentType={quoteattr(content_type)}/>"
            now = self.parts[TYPES] = with_last(self.parts[TYPES], line.encode())
            types["/" + part.lower()] = content_type
            self._read["types", TYPES], self._read["prefix", TYPES] = (now, types), (now, prefix)

    def set_type(self, part: str, content_type: str) -> None:
        types = Part(self.parts[TYPES])
        for node in types.root.children:
            if node.said.get("PartName", "").lower() == "/" + part.lower():
                types.put(node, ContentType=content_type)
        self.parts[TYPES] = types.done()

    def relate(self, part: str, relation_type: str, targets: Sequence[str]) -> list[str]:
        """Say that a part needs these; the ids of the new relationships."""
        held = Part(self.parts[relations_of(part)])
        used = {node.said["Id"] for node in held.root.children}
        free = (name for number in count(1) if (name := f"rId{number}") not in used)
        names, lines = [], ""
        for target, name in zip(targets, free, strict=False):
            said = f'Id="{name}" Type={quoteattr(relation_type)} Target={quoteattr("/" + target)}'
            lines += f"<{held.prefix}Relationship {said}/>"
            names.append(name)
        held.add_inside(held.root, lines.encode())
        self.parts[relations_of(part)] = held.done()
        return names

    def drop(self, part: str, owner: str) -> None:
        """Take a part out, with the line that names its type and the owner's relationship to it."""
        held = Part(self.parts[relations_of(owner)])
        lines = {relation.id for relation in self.relations(owner) if relation.target == part}
        for node in held.root.children:
            if node.said["Id"] in lines:
                held.cut(node)
        self.parts[relations_of(owner)] = held.done()
        types = Part(self.parts[TYPES])
        for node in types.root.children:
            if node.said.get("PartName", "").lower() == "/" + part.lower():
                types.cut(node)
        self.parts[TYPES] = types.done()
        self.parts.pop(part, None)
        self.parts.pop(relations_of(part), None)

    def free_name(self, like: str) -> str:
        """A path that no part has, beside `like`: xl/worksheets/sheet1.xml → xl/worksheets/sheet4.xml."""
        stem, dot, ending = like.rpartition(".")
        stem = re.sub(r"\d+$", "", stem)
        number = 1
        while f"{stem}{number}{dot}{ending}".lower() in self._cased:
            number += 1
        return f"{stem}{number}{dot}{ending}"

    def write(self, path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in self.parts.items():
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                old = self._members.get(name)
                if old is not None:
                    info.date_time, info.external_attr, info.compress_type = (
                        old.date_time, old.external_attr, old.compress_type,
                    )  # fmt: skip
                package.writestr(info, data)


def relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def open_package(path: Path) -> Package:
    """The package of an .xlsx, .xlsm or .xltx. Trouble with one sentence when it is something else or damaged."""
    try:
        if path.stat().st_size > FILE_BYTES:
            raise Refused(f"超过 {FILE_BYTES // 1024**2} MB，不像一张空表，{ADVICE}")
        data = path.read_bytes()
        if sniff(data) != "zip":
            raise Refused(f"不是 .xlsx 表格，{ADVICE}")
        check_zip(data)
        if b"[Content_Types].xml" not in data:
            raise Refused(f"不是 .xlsx 表格（是 .ods 或别的格式），{ADVICE}")
        package = Package(data)
        if not package.content_type(package.workbook).endswith("main+xml"):
            raise Refused(f"不是 .xlsx 表格（是 .xlsb 或别的格式），{ADVICE}")
        for name, part in package.sheets().items():
            _look_over(name, Part(package.parts[part]).root)
    except (Refused, OSError, *BROKEN) as fault:
        raise Trouble(f"“{path.name}”{sentence(fault)}。") from fault
    return package


def _look_over(name: str, root: Node) -> None:
    """Shut the door on sheets that no form is made of."""
    rows = merges = 0
    for node in root.walk():
        rows += node.name == "row"
        if node.name == "mergeCell":
            merges += 1
            if box(node.said["ref"])[2] > LAST_ROW or box(node.said["ref"])[3] > LAST_COLUMN:
                raise Refused(f"的“{name}”里有一处合并超出了表格边界，{ADVICE}")
    if rows > MOST_ROWS or merges > MOST_MERGES:
        raise Refused(f"的“{name}”有 {rows:,} 行、{merges:,} 处合并，不像一张空表，请删去多余的行再试")
