"""Damaged workbooks taken in (坏表): each ends in rows or in one Chinese sentence, and nothing is half done.

    python benchmarks/damaged.py [--files 2000] [--seed 990001] [--keep FOLDER]

One roster of 40 invented people (as .xlsx made here, .xls and .ods as LibreOffice writes them, .csv and a web table
named .xls) is damaged in one of `WAYS`, some twice over, and taken in: read, planned, and committed inside an operation
that is taken back. It is a fault when anything but a `Trouble` comes out, when its sentence is not one sentence with
the name of the file, when a row of the list is neither in the plan nor told as passed over, when the counts do not add
up, when not exactly the new rows were written (none where the file was refused), or when it takes more than
`LIMIT` seconds. `--keep` leaves the files that had a fault there. Exit code 1 when there was one.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.models.faults import Trouble
from app.models.here import here
from app.models.history import last_number
from app.models.operation import operation
from app.models.people import Person
from app.sheets.intake import Intake, open_intake
from benchmarks.import_speed import CAPTIONS, fresh, people

LIMIT = 10.0  # seconds
LISTS = Path(__file__).resolve().parents[1] / "tests" / "sheets" / "lists"
WORDS = [
    b"", b"0", b"-1", b"99999999999999999999", b"1e400", b"NaN", b"A0", b"A1:XFD1048576", b"XFE1048577", b"\xff\xfe",
    b'"', b"<", b"&", b"&#0;", b"&x;", b"]]>", b"#REF!", "户主".encode(), b"=cmd|' /C calc'!A0", b" " * 40,
]  # fmt: skip
NAMES = [".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".et", ".csv", ".txt", ".pdf", ""]

Entries = dict[str, bytes]


# --- whole lists ------------------------------------------------------------------------------------------------------


def whole() -> dict[str, bytes]:
    """The roster in every form, by the ending of its name."""
    import openpyxl

    rows = [list(row[:12]) for row in people(40)]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "花名册"
    sheet.append(["弥渡县牛街乡人口花名册"])
    sheet.merge_cells("A1:L1")
    sheet.append(list(CAPTIONS[:12]))
    for row in rows:
        sheet.append([*row[:8], date.fromisoformat(row[8] or ""), *row[9:]])
    sheet.append(["合计", None, None, "=COUNTA(E3:E42)"])
    sheet.row_dimensions[9].hidden = True
    book.create_sheet("说明").append(["一、本表由村填报。"])
    held = io.BytesIO()
    book.save(held)
    lines = [[cell or "" for cell in row] for row in (CAPTIONS[:12], *rows)]
    cells = ("".join(f"<td>{cell}</td>" for cell in line) for line in lines)
    page = f"<html><body><table>{''.join(f'<tr>{line}</tr>' for line in cells)}</table></body></html>"
    return {
        ".xlsx": held.getvalue(),
        ".xls": (LISTS / "roster.xls").read_bytes(),
        ".ods": (LISTS / "roster.ods").read_bytes(),
        ".csv": "\r\n".join(",".join(line) for line in lines).encode("gb18030"),
        ".htm": page.encode(),
    }


def unpacked(data: bytes) -> Entries:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(entries: Entries) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in entries.items():
            package.writestr(name, body)
    return held.getvalue()


# --- ways to damage bytes ---------------------------------------------------------------------------------------------


def cut(chance: Random, data: bytes) -> bytes:
    """The end is missing, as of a download that broke off."""
    return data[: chance.randrange(len(data))]


def flipped(chance: Random, data: bytes) -> bytes:
    held = bytearray(data)
    for _ in range(chance.choice((1, 5, 50, 500))):
        held[chance.randrange(len(held))] = chance.randrange(256)
    return bytes(held)


def holed(chance: Random, data: bytes) -> bytes:
    """A piece is zeros, or another piece, or missing, or there twice, as on a bad disk."""
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.choice((16, 512, 4096)))
    other = chance.randrange(len(data))
    piece = chance.choice((b"\0" * (end - start), data[other : other + end - start], b"", data[start:end] * 2))
    return data[:start] + piece + data[end:]


def framed(chance: Random, data: bytes) -> bytes:
    """Something stands before it or behind it."""
    known = b"PK\x03\x04", b"\xef\xbb\xbf", b"<html>", b"%PDF-1.7\n", b"\0" * 5000
    junk = chance.choice((chance.randbytes(700), *known))
    return junk + data if chance.random() < 0.5 else data + junk


def locked(chance: Random, data: bytes) -> bytes:
    """Encrypted: as Office does it, as a zip does it, or all bytes made unreadable."""
    if chance.random() < 0.3:
        name = "EncryptedPackage".encode("utf-16-le")
        return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(504) + name + chance.randbytes(len(data))
    if data[:2] == b"PK" and chance.random() < 0.7:
        held = bytearray(data)
        for sign, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
            for found in re.finditer(re.escape(sign), data):
                held[found.start() + flags] |= 1
        return bytes(held)
    return data[:4] + bytes(byte ^ 0x5A for byte in data[4:])


def headed(chance: Random, data: bytes) -> bytes:
    """The directory of the package says other sizes, places or methods than there are."""
    signs = [found.start() for found in re.finditer(rb"PK(\x01\x02|\x03\x04|\x05\x06)", data)]
    if not signs:
        return flipped(chance, data)
    held = bytearray(data)
    for _ in range(chance.choice((1, 3))):
        at = chance.choice(signs) + chance.randrange(4, 42, 2)
        held[at : at + 2] = chance.choice((b"\0\0", b"\xff\xff", chance.randbytes(2)))
    return bytes(held)


# --- ways to damage a package -----------------------------------------------------------------------------------------


def _part(chance: Random, entries: Entries, *words: str) -> str:
    names = [name for name in entries if not words or any(word in name for word in words)]
    return chance.choice(names or list(entries))


def words(chance: Random, entries: Entries) -> None:
    """Values and texts of its XML are written over."""
    for _ in range(chance.choice((1, 3, 10))):
        name = _part(chance, entries, ".xml", ".rels")
        body = entries[name]
        if places := list(re.finditer(rb'"[^"]*"|>[^<]+<', body)):
            start, end = chance.choice(places).span()
            entries[name] = body[: start + 1] + chance.choice(WORDS) + body[end - 1 :]


def broken(chance: Random, entries: Entries) -> None:
    """One part is no XML any more: cut, nested without end, with a DTD, in another coding, or empty."""
    name = _part(chance, entries, ".xml", ".rels")
    body = entries[name]
    entries[name] = chance.choice((
        body[: chance.randrange(len(body) + 1)], b"", body.replace(b"</", b"<", 1), b"<a>" * 200_000,
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + body, body.decode("utf-8", "replace").encode("utf-16"),
        body.replace(b"UTF-8", b"GB2312"), body + body,
    ))  # fmt: skip


def related(chance: Random, entries: Entries) -> None:
    """Relations lead to nothing or to something else; parts are missing, swapped, or there under other names."""
    one, other = _part(chance, entries), _part(chance, entries)
    match chance.randrange(5):
        case 0:
            del entries[one]
        case 1:
            entries[one], entries[other] = entries[other], entries[one]
        case 2:
            entries[chance.choice((one.upper(), f"../{one}", f"/{one}", one.replace("/", "\\")))] = entries.pop(one)
        case _:
            name = _part(chance, entries, ".rels", "workbook.xml", "manifest", "Content_Types")
            body = entries[name]
            if places := list(re.finditer(rb'(?:Target|Id|r:id|sheetId|name|Type|full-path|PartName)="([^"]*)"', body)):
                start, end = chance.choice(places).span(1)
                others = b"worksheets/sheet2.xml", b"sharedStrings.xml", b"/xl/workbook.xml", b"rId1"
                entries[name] = body[:start] + chance.choice((*WORDS, *others)) + body[end:]


def counted(chance: Random, entries: Entries) -> None:
    """Sizes and places that cannot be: of the sheet, its cells, its merges, its repeated columns."""
    name = _part(chance, entries, "sheet1.xml", "content.xml")
    body, huge = entries[name], chance.choice((b"1048576", b"4294967295", b"0", b"-5", b"17179869184"))
    far = chance.choice((b"A1:XFD1048576", b"XFD1048576", b"A0", b"ZZZ99", b"A1:A0", b"B2:A1", b"1:1"))
    rules = (
        (rb'<dimension ref="[^"]*"', b'<dimension ref="' + far + b'"'), (rb'<c r="[A-Z]+\d+"', b'<c r="' + far + b'"'),
        (rb'<row r="\d+"', b'<row r="' + huge + b'"'), (rb'<mergeCell ref="[^"]*"', b'<mergeCell ref="' + far + b'"'),
        (rb'repeated="\d+"', b'repeated="' + huge + b'"'), (rb'spanned="\d+"', b'spanned="' + huge + b'"'),
        (rb'min="\d+" max="\d+"', b'min="' + huge + b'" max="' + huge + b'"'),
        (rb'<table:table-row ', b'<table:table-row table:number-rows-repeated="' + huge + b'" '),
    )  # fmt: skip
    for before, after in chance.sample(rules, 4):
        if places := list(re.finditer(before, body)):
            start, end = chance.choice(places).span()
            body = body[:start] + after + body[end:]
    entries[name] = body


def strings(chance: Random, entries: Entries) -> None:
    """Cells name shared texts and looks that are not there, or are of another kind than they say."""
    name = _part(chance, entries, "sheet1.xml", "content.xml")

    def other(found: re.Match[bytes]) -> bytes:
        if chance.random() > 0.05:
            return found[0]
        return found[1] + chance.choice((b"999999", b"-1", b"abc", b"", b"1.5", b"18446744073709551616")) + found[3]

    def kind(found: re.Match[bytes]) -> bytes:
        kinds = b"n", b"d", b"b", b"e", b"str", b"q"
        return found[0] if chance.random() > 0.05 else b't="' + chance.choice(kinds) + b'"'

    entries[name] = chance.choice((
        re.sub(rb"(<v>)(\d+)(</v>)", other, entries[name]), re.sub(rb't="[a-z]+"', kind, entries[name]),
        re.sub(rb'( s=")(\d+)(")', other, entries[name]),
    ))  # fmt: skip
    if chance.random() < 0.3:
        table = _part(chance, entries, "sharedStrings", "styles")
        entries[table] = re.sub(rb'(ount=")(\d+)(")', rb"\g<1>4294967295\g<3>", entries[table])


def many(chance: Random, entries: Entries) -> None:
    """More of something than anybody means: sheets of one name, texts without end, figures out of reach."""
    name = _part(chance, entries, "sheet1.xml", "content.xml")
    match chance.randrange(4):
        case 0:
            book = _part(chance, entries, "workbook.xml")
            entries[book] = re.sub(rb"(<sheet [^>]*/>)", rb"\1" * chance.choice((2, 300)), entries[book])
        case 1:
            entries[name] = re.sub(rb"<v>[^<]*</v>", b"<v>" + b"9" * 400_000 + b"</v>", entries[name], count=3)
        case 2:
            entries[name] = re.sub(rb"<v>[^<]*</v>", b"<v>-1e308</v>", entries[name])
        case _:
            text = _part(chance, entries, "sharedStrings", "content.xml")
            endless = rb"<\1>" + "户".encode() * 70_000 + b"<"
            entries[text] = re.sub(rb"<(\w+:?[tp])>[^<]*<", endless, entries[text], count=2)


def in_package(way: Callable[[Random, Entries], None]) -> Callable[[Random, bytes], bytes]:
    """The same for a file; what is no package is flipped instead."""

    def damage(chance: Random, data: bytes) -> bytes:
        try:
            entries = unpacked(data)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError, zlib.error):
            return flipped(chance, data)
        way(chance, entries)
        return packed(entries)

    damage.__name__ = way.__name__
    return damage


BYTES = [cut, flipped, holed, framed, locked, headed]
WAYS = BYTES + [in_package(way) for way in (words, broken, related, counted, strings, many)]


@dataclass(frozen=True)
class Damaged:
    name: str
    ways: tuple[str, ...]
    data: bytes


def damaged(lists: dict[str, bytes], number: int, seed: int) -> Damaged:
    """File `number`: always the same for one seed. Every fifth bears another ending than it should."""
    chance = Random(f"{seed} {number}")
    ending = chance.choice((".xlsx", ".xlsx", ".xlsx", ".ods", ".xls", ".csv", ".htm"))
    ways = [WAYS[number % len(WAYS)]] + ([chance.choice(WAYS)] if chance.random() < 0.3 else [])
    data = lists[ending]
    for way in ways:
        data = way(chance, data) or b"?"
    shown = chance.choice(NAMES) if number % 5 == 0 else ending.replace(".htm", ".xls")
    return Damaged(f"坏表{number}{shown}", (ending, *(way.__name__ for way in ways)), data)


# --- taking in --------------------------------------------------------------------------------------------------------


class Enough(Exception):
    """What was written is taken back."""


def persons() -> int:
    return int(here().file.run("SELECT count(*) FROM person").fetchone()[0])


def outcome(path: Path) -> tuple[str, list[str]]:
    """How taking a file in ended (rows, or the sentence without its name), and what was wrong with that."""
    before, faults = (persons(), last_number()), list[str]()
    try:
        intake = open_intake(path, Person)
        plan = intake.plan()
    except Trouble as trouble:
        said = str(trouble)
        if not re.fullmatch(rf"“{re.escape(path.name)}”[^。]+。", said) or not re.search("[一-鿿]", said):
            faults.append(f"no sentence: {said}")
        ended = said.removeprefix(f"“{path.name}”")
    else:
        ended = "rows"
        counts = plan.counts()
        if sum(counts.values()) != len(plan.items) or f"共读到 {len(plan.items):,} 行" not in plan.sentence():
            faults.append(f"counts do not add up: {plan.sentence()}")
        if (there := rows_there(intake)) != len(plan.items) + len(intake.skipped):
            faults.append(f"{there} rows, {len(plan.items)} in the plan and {len(intake.skipped)} passed over")
        with suppress(Enough), operation("坏表"):
            plan.commit("坏表")
            if persons() - before[0] != counts["new"]:
                faults.append(f"{persons() - before[0]} written of {counts['new']}")
            raise Enough
    if (persons(), last_number()) != before:
        faults.append("something was written")
    return ended, faults


def rows_there(intake: Intake) -> int:
    """The rows below the headings in which the columns of the table say anything."""
    return sum(
        any(row[column.index] is not None for column in reading.heading.columns)
        for reading in intake.readings if reading.use and reading.heading
        for row in reading.sheet.rows[reading.heading.rows[1] + 1 :]
    )  # fmt: skip


def take_in_many(
    numbers: range, seed: int, folder: Path, keep: Path | None = None
) -> tuple[Counter[str], list[str], tuple[float, str]]:
    """How many ended in what, the faults there were, and the seconds and name of the slowest."""
    lists, ends, faults, slowest = whole(), Counter[str](), list[str](), (0.0, "")
    with fresh(folder):
        for number in numbers:
            made = damaged(lists, number, seed)
            path = folder / made.name
            path.write_bytes(made.data)
            start = time.perf_counter()
            try:
                ended, wrong = outcome(path)
            except Exception as fault:  # noqa: BLE001  the very thing that is looked for
                ended, wrong = "fault", [repr(fault)]
            seconds = time.perf_counter() - start
            called = f"{made.name} {'+'.join(made.ways)}"
            slowest = max(slowest, (seconds, called))
            wrong += [f"{seconds:.1f} s"] if seconds > LIMIT else []
            ends[ended] += 1
            faults += [f"{called}: {one}" for one in wrong]
            if wrong and keep:
                shutil.copy(path, keep)
            path.unlink()
    return ends, faults, slowest


def main() -> int:
    parser = argparse.ArgumentParser(description="Damaged workbooks taken in.")
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=990001)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        numbers = range(asked.first, asked.first + asked.files)
        ends, faults, slowest = take_in_many(numbers, asked.seed, Path(name), asked.keep)
    for ended, count in ends.most_common():
        print(f"{count:6,}  {ended}")
    print(*faults, sep="\n")
    print(f"{asked.files:,} files, {ends['rows']:,} with rows, {len(faults):,} faults")
    print(f"slowest {slowest[0]:.1f} s: {slowest[1]}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
