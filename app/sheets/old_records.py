"""What xlrd does not tell of a sheet of an old workbook (.xls), read from its records (BIFF5 and BIFF8).

Page setup, protection, formulas, drop-downs and other validations, and a count of what cannot be carried over.
The records are those of [MS-XLS] 2.4; each is a type, a length and so many bytes.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.sheets.old_formula import Place, formula_of

EOF, FORMULA, SHARED, ARRAY, TABLE = 0x0A, 0x06, 0x4BC, 0x221, 0x236
LOST = {0xB0: "数据透视表", 0x1B0: "条件格式"}  # record → what it holds
OBJECTS = {5: "图表", 8: "图片", 25: "", 20: ""}  # kind of object → its name; notes and arrows of filters are no loss
CONTROLS = {7, 11, 12, 13, 14, 15, 16, 17, 18, 19}
MARGINS = {0x26: "left", 0x27: "right", 0x28: "top", 0x29: "bottom"}
SWITCHES = {0x83: "centred", 0x84: "centred_down", 0x2B: "grid_lines", 0x12: "protected"}
KINDS = ("any", "whole", "decimal", "list", "date", "time", "textLength", "custom")
OPERATORS = (
    "between", "notBetween", "equal", "notEqual", "greaterThan", "lessThan", "greaterThanOrEqual", "lessThanOrEqual",
)  # fmt: skip
STYLES = ("stop", "warning", "information")


@dataclass
class Rule:
    """A validation: what may stand in some cells. `areas` are (top, left, bottom, right), from 0."""

    areas: list[tuple[int, int, int, int]]
    kind: str
    operator: str
    style: str
    formulas: tuple[str | None, str | None]
    texts: tuple[str, str, str, str]  # title and text beside the cell, title and text of the refusal
    shows: tuple[bool, bool, bool, bool]  # blank allowed, drop-down hidden, text beside shown, refusal shown


@dataclass
class Told:
    """What the records of one sheet say. Margins are in inches; None where a record is lacking."""

    margins: dict[str, float] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)
    header: str = ""
    footer: str = ""
    setup: tuple[int, ...] | None = None  # paper, scale, first page, fit wide, fit high, switches
    header_at: tuple[float, float] | None = None  # of header and footer from the edge
    fits: bool = False
    password: int = 0
    formulas: dict[Place, str | None] = field(default_factory=dict)  # None where it cannot be read
    rules: list[Rule] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)


def told_by_records(book: Any, number: int) -> Told:
    """Read the records of a sheet. `book` was opened by xlrd with on_demand, so that it still has its bytes."""
    told = Told()
    shared: dict[Place, bytes] = {}
    waiting: dict[Place, Place] = {}  # a cell → the first cell of those that share its formula
    at: Place = (0, 0)
    for kind, data in _records(book, number):
        if kind == FORMULA and len(data) >= 22:
            at = struct.unpack_from("<HH", data)
            body = data[22 : 22 + struct.unpack_from("<H", data, 20)[0]]
            if body[:1] == b"\x01" and len(body) >= 5:
                waiting[at] = struct.unpack_from("<HH", body, 1)
            else:
                told.formulas[at] = formula_of(book, body, at)
        elif kind == SHARED:
            shared[at] = data[10 : 10 + struct.unpack_from("<H", data, 8)[0]]
        elif kind in (ARRAY, TABLE):
            told.formulas[at] = None
        else:
            _setup(book, kind, data, told)
    for place, first in waiting.items():
        told.formulas.setdefault(place, formula_of(book, shared[first], place) if first in shared else None)
    return told


def _records(book: Any, number: int) -> Iterator[tuple[int, bytes]]:
    """The records of a sheet, without those of charts that lie in it."""
    if book.mem is None:
        return
    at, depth = book._sh_abs_posn[number], 0
    while at + 4 <= len(book.mem):
        kind, length = struct.unpack_from("<HH", book.mem, at)
        if kind in (0x809, 0x409, 0x209, 0x09):
            depth += 1
        elif kind == EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, bytes(book.mem[at + 4 : at + 4 + length])
        at += 4 + length


def _setup(book: Any, kind: int, data: bytes, told: Told) -> None:
    if kind in MARGINS:
        told.margins[MARGINS[kind]] = struct.unpack_from("<d", data)[0]
    elif kind in SWITCHES:
        told.switches[SWITCHES[kind]] = data[:1] == b"\1"
    elif kind == 0x13:
        told.password = struct.unpack_from("<H", data)[0]
    elif kind in (0x14, 0x15) and data:
        setattr(told, "header" if kind == 0x14 else "footer", _text(book, data, 0)[0])
    elif kind == 0x81:
        told.fits = bool(struct.unpack_from("<H", data)[0] & 0x100)
    elif kind == 0xA1 and len(data) >= 32:
        told.setup = struct.unpack_from("<HHhHHH", data)
        told.header_at = struct.unpack_from("<dd", data, 16)
    elif kind == 0x1BE:
        _add_rule(book, data, told)
    elif kind == 0x5D and len(data) >= 6:
        kind_of_object = struct.unpack_from("<H", data, 4)[0]
        word = "表单控件" if kind_of_object in CONTROLS else OBJECTS.get(kind_of_object, "文本框或图形")
        if word:
            told.lost[word] += 1
    elif kind in LOST:
        told.lost[LOST[kind]] += 1


def _text(book: Any, data: bytes, at: int) -> tuple[str, int]:
    """A text that its length stands before, and where it ends."""
    from xlrd.biffh import unpack_string_update_pos, unpack_unicode_update_pos

    if book.biff_version >= 80:
        text, end = unpack_unicode_update_pos(data, at, lenlen=2)
    else:
        text, end = unpack_string_update_pos(data, at, book.encoding, lenlen=1)
    return str(text), int(end)


def _add_rule(book: Any, data: bytes, told: Told) -> None:
    """A DV record: switches, four texts, two formulas, the areas."""
    switches, at, texts = struct.unpack_from("<L", data)[0], 4, []
    for _ in range(4):
        text, at = _text(book, data, at)
        texts.append("" if text == "\0" else text)
    bodies = []
    for _ in range(2):
        length = struct.unpack_from("<H", data, at)[0]
        bodies.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    number = struct.unpack_from("<H", data, at)[0]
    found = [struct.unpack_from("<HHHH", data, at + 2 + 8 * n) for n in range(number)]
    kind, listed = KINDS[switches & 0xF] if switches & 0xF < len(KINDS) else "", bool(switches & 0x80)
    first = (found[0][0], found[0][2]) if found else (0, 0)
    formulas = [
        _listed(book, body) if listed and n == 0 else formula_of(book, body, first) if body else None
        for n, body in enumerate(bodies)
    ]
    if not kind or any(body and formula is None for body, formula in zip(bodies, formulas, strict=True)):
        told.lost["数据有效性"] += 1
        return
    told.rules.append(Rule(
        [(top, left, bottom, right) for top, bottom, left, right in found], kind,
        OPERATORS[switches >> 20 & 7], STYLES[min(switches >> 4 & 7, 2)], (formulas[0], formulas[1]),
        (texts[0], texts[2], texts[1], texts[3]),
        (bool(switches & 0x100), bool(switches & 0x200), bool(switches & 0x40000), bool(switches & 0x80000)),
    ))  # fmt: skip


def _listed(book: Any, body: bytes) -> str | None:
    """The values of a drop-down that are written out: one text, parted by zeros."""
    if body[:1] != b"\x17":
        return None
    from xlrd.biffh import unpack_unicode

    text = unpack_unicode(body, 1, lenlen=1) if book.biff_version >= 80 else body[2:].decode(book.encoding)
    return '"' + text.replace("\0", ",").replace('"', '""') + '"'
