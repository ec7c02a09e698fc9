"""Any spreadsheet, old or new, as plain cells (读表).

The file is opened in a child process (see `app/sheets/child.py`), because it is a stranger's: whatever it does there,
here it ends as sheets or as one `Trouble`. Nothing is left on disk on the way.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from app.models.faults import Trouble
from app.models.progress import Progress, unwatched

Cell = str | int | float | bool | date | datetime | None

SECONDS = 60.0
PATIENCE = 0.2  # how often a waiting parent asks whether the clerk cancelled


@dataclass(slots=True)
class Sheet:
    """One sheet. All positions (rows, merges, hidden lines) count from 0 at `rows[0][0]`; every row is equally long.

    `top` and `left` say where `rows[0][0]` stands in the file (from 0). `merges` are (r1, c1, r2, c2), both ends
    included; only the first cell of a merge holds its value. Numbers without decimals are int below 1e15; from there
    on they stay float, because the last digits were lost before the file reached us. `#N/A` and formulas that were
    never calculated (`#未计算`) are kept as text (.xlsx; in other formats they are blank).
    """

    name: str
    hidden: bool = False
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    top: int = 0
    left: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    book: str = ""  # the file, where sheets of several files are read together

    @property
    def called(self) -> str:
        """Its name, with the file before it where that must be said: [牛街村.xlsx]名单."""
        return f"[{self.book}]{self.name}" if self.book else self.name

    def address(self, row: int, column: int) -> str:
        """Where rows[row][column] stands in the file, as WPS says it: B7."""
        return f"{letters(self.left + column)}{self.top + row + 1}"


def letters(column: int) -> str:
    """The name of a column counted from 0: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def read_book(path: Path, progress: Progress = unwatched) -> list[Sheet]:
    """All sheets of a file in their order, hidden ones too.

    .xlsx .xlsm .xlsb .ods .xls .et .csv .txt and a web table named .xls: the content decides, not the name.
    `progress` counts rows and may raise `Cancelled`, heard within a second.
    Raises Trouble: missing, in use, password, damaged, not a spreadsheet, empty, too large.
    """
    text = f"正在读取 {path.name}"
    sheets: list[Sheet] = []
    done = total = 0
    with _child(path) as child:
        assert child.stdout is not None
        arrived: SimpleQueue[bytes] = SimpleQueue()
        pourer = Thread(target=_pour, args=(child.stdout, arrived), daemon=True)
        pourer.start()
        try:
            for frame in _frames(arrived):
                match frame:
                    case ("sheet", name, height):
                        sheets.append(Sheet(name))
                        total += height
                    case ("rows", rows):
                        sheets[-1].rows += rows
                        done += len(rows)
                    case ("shape", height, width, rest):
                        sheets[-1] = Sheet(sheets[-1].name, rows=_even(sheets[-1].rows, height, width), **rest)
                    case ("trouble", sentence):
                        raise Trouble(f"“{path.name}”{sentence}。")
                progress(done, total, text)
        finally:
            child.kill()
            pourer.join()
    if not any(sheet.rows for sheet in sheets):
        raise Trouble(f"“{path.name}”里没有内容，请检查是不是选错了文件。")
    return sheets


def _even(rows: list[list[Cell]], height: int, width: int) -> list[list[Cell]]:
    """The rows that are not blank, down to the last of them and all of one width."""
    del rows[height:]
    for r, row in enumerate(rows):
        if len(row) != width:
            rows[r] = row[:width] + [None] * (width - len(row))
    return rows


def _command(path: Path) -> list[str]:
    """How the reading process is started; a frozen program is its own child with a hidden command."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--read-sheet", str(path.absolute())]
    return [sys.executable, "-X", "utf8", "-m", "app.sheets.child", str(path.absolute())]


def _child(path: Path) -> subprocess.Popen[bytes]:
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        _command(path), cwd=root if root.is_dir() else None,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _frames(arrived: SimpleQueue[bytes]) -> Iterator[tuple[Any, ...]]:
    """The child's frames as they come, ("waiting",) meanwhile, ("trouble", sentence) when it does not finish."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            body = arrived.get(timeout=PATIENCE)
        except Empty:
            yield ("waiting",)
            continue
        if not body:
            yield "trouble", "读到一半停了：文件太大或已损坏，请用 WPS 打开后另存为 .xlsx 再试"
            return
        frame: tuple[Any, ...] = pickle.loads(body)
        if frame == ("end",):
            return
        yield frame
    yield "trouble", f"读了 {SECONDS:.0f} 秒还没读完，请用 WPS 打开，删去多余的空行空列，另存后再试"


def _pour(pipe: IO[bytes], arrived: SimpleQueue[bytes]) -> None:
    """Take frames off the pipe so that the child never waits; an empty one says that nothing more comes."""
    while size := int.from_bytes(pipe.read(4), "big"):
        body = pipe.read(size)
        arrived.put(body if len(body) == size else b"")
    arrived.put(b"")
