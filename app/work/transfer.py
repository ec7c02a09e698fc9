"""How the whole content of one data file comes into another: by pages, by rows, into a server (整库搬运).

Used by backups only. Nothing here is shown to a clerk, and nothing changes what it reads from.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from app.models import history
from app.models.database import APPLICATION_ID, Damaged, DataFile, troubles
from app.models.faults import Trouble
from app.models.here import standing
from app.models.progress import Progress
from app.models.upgrade import MIGRATIONS, pending, upgrade
from app.work.safe_place import disk_sentence

PAGES = 2000  # of 4096 bytes, between two words of progress
MARKS = "migration"  # the table of applied migrations: what a file is, not what it holds
BESIDE = ("", "-journal", "-wal", "-shm")


def tables(file: DataFile) -> list[str]:
    """The plain tables of a data file by name: not SQLite's own, not the search index made from another table."""
    return [name for name in file.database.get_tables() if not name.startswith(("sqlite_", "search_words"))]


def counts(file: DataFile) -> dict[str, int]:
    """Rows by table."""
    return {name: file.run(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables(file)}


@contextmanager
def opened(path: Path) -> Iterator[DataFile]:
    """A backup, opened read-only and left as it is to the byte, with the context set to it.

    Trouble in one sentence when it is not there, not ours, damaged, empty or from a newer program.
    """
    if not path.is_file():
        raise Trouble(f"没有找到备份“{path}”。")
    file = DataFile(path, readonly=True)
    with standing(file, who=""):
        try:
            file.connect()
            pending(file)
            if "operation" not in tables(file):
                raise Trouble(f"“{path.name}”里没有台账内容，不能用来恢复。")
            yield file
        except Damaged as error:
            raise Trouble(f"“{path.name}”已损坏，或不是连心台账的数据文件，没有使用它。请换另一个备份。") from error
        finally:
            file.close()


def is_whole(file: DataFile) -> bool:
    """Whether SQLite finds every page and every link in order."""
    try:
        file.connect()
        sound = file.run("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        return sound and not file.run("PRAGMA foreign_key_check").fetchall()
    except Damaged:
        return False


def examine(path: Path) -> tuple[dict[str, int], str]:
    """Read a backup from its first page to its last: rows by table and `history.facts_hash`. Raises Trouble."""
    with opened(path) as file:
        if not is_whole(file):
            raise Damaged
        return counts(file), history.facts_hash()


@contextmanager
def in_place_of(to: Path, failing: str) -> Iterator[Path]:
    """A new file beside `to` that is put in its place at the end, or taken away when anything goes wrong.

    `failing` begins the sentence of the Trouble that is then raised.
    """
    part = to.with_name(f"{to.name}.part")
    try:
        if not to.parent.is_dir():
            raise Trouble("文件夹不存在，U 盘可能已经拔出，请插好或另选一个文件夹。")
        _remove(part)
        yield part
        os.replace(part, to)
        _flush_folder(to.parent)
    except OSError as error:
        raise Trouble(f"{failing}“{to}”：{disk_sentence(error)}") from error
    except Trouble as error:
        raise Trouble(f"{failing}“{to}”：{error}") from error
    finally:
        with suppress(OSError):
            _remove(part)


def _remove(part: Path) -> None:
    for more in BESIDE:
        part.with_name(f"{part.name}{more}").unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Have the disk write the file, and forget what is cached of it where that can be asked for: it is read again."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())
        if sys.platform == "linux":
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    with suppress(OSError):  # some sticks cannot; the file itself is flushed
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _copy(source: Any, target: Any, progress: Progress) -> None:
    """SQLite's online backup between two connections; raises what `progress` raises, and leaves nothing then."""

    def step(status: int, remaining: int, total: int) -> None:
        if status in (sqlite.SQLITE_BUSY, sqlite.SQLITE_LOCKED):
            raise sqlite.OperationalError("database is locked")
        if remaining:  # after the last page it has happened and cannot be cancelled any more
            progress(total - remaining, total, "复制数据文件")

    progress(0, 1, "复制数据文件")
    with troubles():
        source.backup(target, pages=PAGES, progress=step)


def write_pages(source: DataFile, path: Path, progress: Progress) -> None:
    """Copy an SQLite file as its open transaction sees it into a new file with journal mode DELETE."""
    with troubles():
        target = sqlite.connect(str(path), isolation_level=None)
        try:
            _copy(source.database.connection(), target, progress)
            if target.execute("PRAGMA journal_mode = delete").fetchone()[0] != "delete":
                raise Trouble("写出的文件不能单独保存，请换一个位置再试。")
        finally:
            target.close()


def overwrite(file: DataFile, backup: Path, progress: Progress) -> None:
    """Put the pages of a backup in place of those of an SQLite file, in one transaction: all or nothing."""
    with opened(backup) as source:
        _copy(source.database.connection(), file.database.connection(), progress)


def write_rows(source: DataFile, path: Path, progress: Progress) -> None:
    """Copy a data file on a server, row by row, into a new SQLite file made by the same migrations."""
    from playhouse.migrations import Runner

    applied = [row[0] for row in source.run(f"SELECT name FROM {MARKS} ORDER BY id").fetchall()]
    fresh = DataFile(path)
    with standing(fresh, who=""):
        try:
            Runner(fresh.database, str(MIGRATIONS), table_name=MARKS).up(applied[-1])
            fresh.run(f"PRAGMA application_id = {APPLICATION_ID}")
            fresh.run(f"PRAGMA user_version = {len(applied)}")
            fresh.run("PRAGMA foreign_keys = 0")  # rows come table by table; `examine` checks the links
            with fresh.writing():
                _copy_rows(source, fresh, tables(source), progress)
            fresh.run("PRAGMA journal_mode = delete").fetchone()
        finally:
            fresh.close()


def fill_server(file: DataFile, backup: Path, progress: Progress) -> None:
    """Put the rows of a backup in place of all rows on a server, in one transaction that is checked before it ends."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        with opened(backup) as source:
            write_pages(source, copy, progress)
        upgraded = DataFile(copy)
        with standing(upgraded, who=""):
            upgrade(upgraded)
            digest = history.facts_hash()
        try:
            with file.writing():
                order = _owners_first(file)
                for name in reversed(order):
                    file.run(f'DELETE FROM "{name}"')
                _copy_rows(upgraded, file, order, progress)
                if history.facts_hash() != digest:
                    raise Trouble("恢复后的内容与备份不一致，没有改动数据文件。")
        finally:
            upgraded.close()


def _owners_first(file: DataFile) -> list[str]:
    """The tables in such an order that what a row links to is there before it."""
    links = {name: {key.dest_table for key in file.database.get_foreign_keys(name)} - {name} for name in tables(file)}
    return [name for name in TopologicalSorter(links).static_order() if name != MARKS]


def _copy_rows(source: DataFile, target: DataFile, names: list[str], progress: Progress) -> None:
    """Copy these tables except the marks of migrations, which the target has of its own."""
    for number, name in enumerate(names):
        progress(number, len(names), "复制数据")
        if name == MARKS:
            continue
        columns = [column.name for column in target.database.get_columns(name)]
        named = ", ".join(f'"{column}"' for column in columns)
        target.fill(name, columns, source.run(f'SELECT {named} FROM "{name}"'))
