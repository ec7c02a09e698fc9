"""The process that opens a stranger's spreadsheet, apart from the program.

Run as ``python -m app.sheets.child FILE`` (a frozen program: ``--read-sheet FILE``). It imports no more than the
standard library, calamine and `app/sheets/text.py`, so it starts in about 60 ms. What it read goes to standard output
as frames: four bytes of length (big-endian), then a pickle (protocol 5) of one of

    ("sheet", name, rows)               a sheet begins; so many rows at most
    ("rows", [[cell, ...], ...])        its rows, `FRAME` at most, not all of one length
    ("shape", height, width, {attribute: value})    it ends: how much of it is not blank, and the rest of `read.Sheet`
    ("trouble", sentence)               nothing could be read: one Chinese sentence
    ("end",)

The doors are shut before anything is parsed: size, unpacked size, ratio, number of entries, DTD. Memory is held to
`MEMORY` bytes by the operating system on POSIX; on Windows a Job Object is a later task, there only the time limit
kept by the parent protects.
"""

from __future__ import annotations

import gc
import io
import os
import pickle
import re
import sys
import zipfile
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from app.sheets.text import COLUMNS, Merge, Refused, Row, Tables, Texts, decode, table_of_text, tidy

FILE_BYTES = 20 * 1024**2
UNPACKED_BYTES = 200 * 1024**2
ENTRIES = 5000
RATIO, RATIO_FROM = 100, 10 * 1024**2  # an entry is a bomb when it is large and shrinks more than any real sheet does
ROWS, MERGES = 200_000, 100_000
MEMORY = 1024**3
SCAN_BYTES = 64 * 1024**2  # beyond this a sheet's XML is not looked through for hidden rows and broken formulas
FRAME = 2000
LOCKED = re.compile(  # an .xlsx inside of a locked box; an .xls whose first record is followed by a password (FILEPASS)
    re.escape("EncryptedPackage".encode("utf-16-le")) + rb"|\x09\x08\x10\0.{16}(?:\x86\0\0\0)?\x2f\0", re.S)
ADVICE = "请用 WPS 打开后另存为 .xlsx 再试"

# ---- the door ----------------------------------------------------------------------------------------------------

def sniff(data: bytes) -> str:
    """What the bytes are, whatever the name says: zip, cfb (old .xls and .et), markup, text. Raises Refused."""
    if not data:
        raise Refused("是空文件，里面什么也没有")
    if data[:4] == b"PK\x03\x04":
        return "zip"
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "cfb"
    if data[0] == 9 and data[1:2] in (b"\x00", b"\x02", b"\x04", b"\x08"):
        raise Refused(f"是 Excel 95 以前的旧格式，{ADVICE}")
    if data.startswith((b"%PDF", b"{\\rtf", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"Rar!", b"7z\xbc\xaf")):
        raise Refused("不是电子表格（是 PDF、图片、文档或压缩包），请选 Excel、WPS 表格或 CSV 文件")
    start = data[:4096].replace(b"\0", b"").lower()
    if b"<html" in start or b"<table" in start or b"<workbook" in start or b"<!doctype html" in start:
        return "markup"
    return "text"


def check_zip(data: bytes) -> None:
    """Shut the door on bombs and on packages that are no workbook, looking only at the directory and first bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        if len(entries) > ENTRIES:
            raise Refused(f"里面有 {len(entries):,} 个部件，超过 {ENTRIES:,} 个，不像正常的表格，没有读")
        if sum(entry.file_size for entry in entries) > UNPACKED_BYTES:
            raise Refused(f"解开后超过 {UNPACKED_BYTES // 1024**2} MB，太大了，请拆成几个文件")
        if any(e.file_size > RATIO_FROM and e.file_size > RATIO * max(1, e.compress_size) for e in entries):
            raise Refused("压缩得极不正常（疑似压缩炸弹），为安全没有读")
        names = {entry.filename.lower() for entry in entries}
        if "word/document.xml" in names or "ppt/presentation.xml" in names:
            raise Refused("是文字文档或演示文稿，不是电子表格，请选 Excel、WPS 表格或 CSV 文件")
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                with package.open(entry) as part:
                    if b"<!DOCTYPE" in part.read(4096).replace(b"\0", b""):
                        raise Refused("里面带有不该有的 XML 定义（DTD），为安全没有读")


# ---- workbooks ---------------------------------------------------------------------------------------------------

def workbook(path: Path, data: bytes, kind: str) -> Iterator[tuple[Any, ...]]:
    """Frames of every sheet of a workbook, by calamine."""
    import python_calamine as calamine

    if kind == "cfb" and LOCKED.search(data):
        raise Refused(f"设了打开密码，{ADVICE}（另存时去掉密码）")
    named = {"zip": (".xlsx", ".xlsm", ".xlsb", ".ods"), "cfb": (".xls", ".et")}[kind]
    source: Any = path if path.suffix.lower() in named else io.BytesIO(data)  # a lying name: calamine then looks inside
    book = calamine.load_workbook(source)
    parts = sheet_parts(data) if kind == "zip" else {}
    read = failed = 0
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        notes = ["这是隐藏的表，也读入了"] if hidden else []
        seen = scan(data, parts[meta.name]) if meta.name in parts else Scanned()
        rows: Iterable[Row] = ()
        merges: list[Merge] = []
        (top, left), height = (0, 0), 0
        try:
            sheet = book.get_sheet_by_name(meta.name)
            (top, left), height = sheet.start or (0, 0), sheet.height
            rows = islice(sheet.iter_rows(), top, None)  # it begins at the first row, though at the first used column
            merges = [(r1, c1, r2, c2) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ()]
        except calamine.CalamineError:
            failed += 1
            notes.append("这张表已损坏，没有读出内容")
        else:
            read += 1
        yield from frames(meta.name, hidden, top, left, height, rows, merges, seen, notes)
    if failed and not read:
        raise Refused(f"已损坏，读不出内容，{ADVICE}")


def frames(name: str, hidden: bool, top: int, left: int, height: int, rows: Iterable[Row], merges: list[Merge],
           seen: Scanned, notes: list[str]) -> Iterator[tuple[Any, ...]]:
    """One sheet as frames, its rows sent on as they are read so that no second copy of them is held.

    Merges and hidden lines come to count from rows[0][0] and are cut to what is kept. An error or a formula without a
    result, which calamine reads as blank and which would vanish unseen, says so in its cell and is refused later.
    """
    yield "sheet", name, height
    height = width = marked = 0
    texts, waiting = Texts(), []
    for r, row in enumerate(rows):
        row = tidy(row, texts)
        for c, text in seen.marks.get(r + top, ()):
            if 0 <= c - left < len(row) and row[c - left] is None:
                row[c - left], marked = text, marked + 1
        last = len(row)
        while last and row[last - 1] is None:
            last -= 1
        if last:
            height, width = r + 1, max(width, last)
        if r < ROWS:
            waiting.append(row if last <= COLUMNS else row[:COLUMNS])
        if len(waiting) == FRAME:
            yield "rows", waiting
            texts, waiting = Texts(), []
    if height > ROWS:
        raise Refused(f"有 {height:,} 行，超过 {ROWS:,} 行，请拆成几个文件")
    yield "rows", waiting
    if width > COLUMNS:
        notes.append(f"本表有 {width:,} 列，只读了前 {COLUMNS:,} 列")
        width = COLUMNS
    if marked:
        notes.append(f"本表有 {marked:,} 个单元格是公式错误或没有算出结果，请在 WPS 里打开保存一次再导入")
    kept = []
    for r1, c1, r2, c2 in merges:
        cut = max(r1 - top, 0), max(c1 - left, 0), min(r2 - top, height - 1), min(c2 - left, width - 1)
        if cut[0] <= cut[2] and cut[1] <= cut[3] and cut[:2] != cut[2:]:
            kept.append(cut)
    if len(kept) > MERGES:
        notes.append(f"本表有 {len(kept):,} 处合并单元格，只认了前 {MERGES:,} 处")
    hidden_rows = {r - top for r in seen.hidden_rows if 0 <= r - top < height}
    hidden_columns = {c - left for c in seen.hidden_columns if 0 <= c - left < width}
    if hidden_rows:
        notes.append(f"本表有 {len(hidden_rows):,} 个隐藏行也读入了")
    if hidden_columns:
        notes.append(f"本表有 {len(hidden_columns):,} 个隐藏列也读入了")
    yield "shape", height, width, {
        "hidden": hidden, "top": top, "left": left, "merges": kept[:MERGES], "hidden_rows": hidden_rows,
        "hidden_columns": hidden_columns, "notes": notes,
    }  # fmt: skip


# ---- what calamine does not tell (xlsx only) -----------------------------------------------------------------------

def sheet_parts(data: bytes) -> dict[str, str]:
    """Sheet name → its part in the package. Empty for .xlsb and .ods and where the package is odd."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = set(package.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        relations = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        listing = package.read("xl/workbook.xml").decode("utf-8", "replace")
        targets = {}
        for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations):
            said = attributes(tag)
            target = said.get("Target", "")
            targets[said.get("Id", "")] = target[1:] if target.startswith("/") else "xl/" + target
        parts = {}
        for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", listing):
            said = attributes(tag)
            part = targets.get(next((said[key] for key in said if key.endswith(":id")), ""), "")
            if part in names and package.getinfo(part).file_size <= SCAN_BYTES:
                parts[said.get("name", "")] = part
        return parts


ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+\d+)"[^>]*>(?:(?!</?(?:\w+:)?c\b).)*?<(?:\w+:)?v>([^<]+)<', re.S)
UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]+\d+)"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)'
    rb'\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</')


def attributes(tag: str) -> dict[str, str]:
    return {key: unescape(value) for key, value in re.findall(r'([\w:]+)="([^"]*)"', tag)}


class Scanned(NamedTuple):
    """Hidden rows and columns of a sheet, and its row → (column, what stands there); all counted from 0 in the file."""

    hidden_rows: Collection[int] = ()
    hidden_columns: Collection[int] = ()
    marks: dict[int, list[tuple[int, str]]] = {}


def scan(data: bytes, part: str) -> Scanned:
    """Hidden rows and columns of a sheet, and the cells that hold an error or a formula that was never calculated."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = package.read(part)
    hidden_rows: list[int] = []
    hidden_columns: list[int] = []
    if b"hidden=" in xml:
        for tag in re.findall(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"[^>]*>', xml):
            number = re.search(rb'\br="(\d+)"', tag)
            if number:
                hidden_rows.append(int(number[1]) - 1)
        for tag in re.findall(rb'<(?:\w+:)?col\b[^>]*\bhidden="(?:1|true)"[^>]*>', xml):
            said = attributes(tag.decode())
            hidden_columns += range(int(said.get("min", "1")) - 1, min(int(said.get("max", "0")), COLUMNS))
    told: list[tuple[bytes, str]] = []
    if b't="e"' in xml:
        told += [(ref, value.decode("utf-8", "replace")) for ref, value in ERROR.findall(xml)]
    if b"<f" in xml or b":f" in xml:
        told += [(ref, "#未计算") for ref in UNCALCULATED.findall(xml)]
    marks: dict[int, list[tuple[int, str]]] = {}
    for ref, text in told:
        letters, digits = re.fullmatch(rb"([A-Z]+)(\d+)", ref).groups()  # type: ignore[union-attr]
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        marks.setdefault(int(digits) - 1, []).append((column - 1, text))
    return Scanned(hidden_rows, hidden_columns, marks)


# ---- the child's day -----------------------------------------------------------------------------------------------

def read(path: Path) -> Iterator[tuple[Any, ...]]:
    """Frames of the file. Raises Refused, OSError and whatever a stranger's file brings about."""
    if path.stat().st_size > FILE_BYTES:
        raise Refused(f"超过 {FILE_BYTES // 1024**2} MB，太大了，请拆成几个文件")
    data = path.read_bytes()
    kind = sniff(data)
    if kind == "zip":
        check_zip(data)
    if kind in ("zip", "cfb"):
        yield from workbook(path, data, kind)
        return
    rows: Iterable[Row]
    merges: list[Merge] = []
    text = decode(data)
    if kind == "markup":
        page = Tables()
        page.feed(text)
        page.close()
        rows, merges = page.rows, page.merges
        if not rows:
            raise Refused("是网页，里面没有表格")
    else:
        rows = table_of_text(text)
    yield from frames(path.stem, False, 0, 0, text.count("\n") + 1, rows, merges, Scanned(), [])


def sentence(fault: BaseException) -> str:
    """What is said of a fault, after the name of the file."""
    if isinstance(fault, Refused):
        return str(fault)
    if isinstance(fault, FileNotFoundError):
        return "找不到了，可能已被移走或改名"
    if isinstance(fault, PermissionError):
        return "打不开：正被 WPS 或别的程序占用，或没有读取权限，请关掉后再试"
    if isinstance(fault, IsADirectoryError):
        return "是文件夹，不是电子表格"
    if isinstance(fault, OSError) and fault.strerror:  # else a library says so of what it read
        return f"读取时磁盘或网络出错（{fault.strerror}），请复制到本机再试"
    if isinstance(fault, MemoryError):
        return f"太大了，内存放不下，{ADVICE}（删去多余的空行空列）"
    if type(fault).__name__ == "PasswordError":
        return f"设了打开密码，{ADVICE}（另存时去掉密码）"
    return f"读不懂：文件可能已损坏、设了密码，或不是电子表格，{ADVICE}"


def limit() -> None:
    """Hold this process to MEMORY bytes and 60 s of CPU where the system can; see the head of the file for Windows."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def send(out: BinaryIO, frame: tuple[Any, ...]) -> None:
    body = pickle.dumps(frame, 5)
    out.write(len(body).to_bytes(4, "big") + body)
    out.flush()


def main(path: str) -> None:
    """Read one file and send its frames to standard output. The only place that meets every kind of fault."""
    limit()
    gc.disable()  # a short life, millions of cells: a quarter of the time would go into looking for circles
    out = sys.stdout.buffer
    try:
        for frame in read(Path(path)):
            send(out, frame)
    except Exception as fault:  # noqa: BLE001  a stranger's file may do anything; it ends as one sentence
        send(out, ("trouble", sentence(fault)))
    else:
        send(out, ("end",))
    os._exit(0)  # everything is sent; taking the cells apart one by one would only keep the clerk waiting


if __name__ == "__main__":
    main(sys.argv[1])
