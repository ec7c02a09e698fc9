"""One window to a data file on one computer (同一数据文件只开一个窗口).

The lock is the operating system's and goes with the process, however it ends; what stands in `<file>.desk` only says
who has it. Commands take no such lock: they and the window wait for each other at every write.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from app.models.faults import Trouble
from app.work.safe_place import disk_sentence

FAR = 1 << 30  # the byte that Windows locks: what stands before it stays readable


@dataclass(frozen=True)
class Holder:
    """Who has a data file open in a window. `since` is a moment of the clock, to the second."""

    who: str
    host: str
    pid: int
    since: str

    def sentence(self, name: str) -> str:
        moment = datetime.fromisoformat(self.since)
        day = "" if moment.date() == datetime.now().date() else f"{moment.month}月{moment.day}日 "
        where = "本机" if self.host == socket.gethostname() else self.host
        opened = f"{name} 已由 {self.who} 在 {where}（进程 {self.pid}）自 {day}{moment:%H:%M} 打开"
        return f"{opened}，请用那个窗口，或先把它关闭。"


@contextmanager
def only_window(path: Path, who: str) -> Iterator[None]:
    """Be the only window to this data file while the block lasts. Trouble names the one that is there already.

    A data file on a server may be open in many windows and must not be given here.
    """
    desk = _desk(path)
    try:
        handle = _locked(desk)
    except OSError as error:
        raise Trouble(f"不能在“{desk.parent}”里写入“{desk.name}”：{disk_sentence(error)}") from error
    if handle is None:
        holder = holder_of(path)
        raise Trouble(holder.sentence(path.name) if holder else f"{path.name} 已在另一个窗口打开，请用那个窗口。")
    try:
        mine = Holder(who, socket.gethostname(), os.getpid(), datetime.now().isoformat(" ", "seconds"))
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps(asdict(mine), ensure_ascii=False).encode())
        yield
    finally:
        if sys.platform != "win32":
            desk.unlink(missing_ok=True)  # while it is still locked, so that nobody else's is taken away
        os.close(handle)
        if sys.platform == "win32":
            with suppress(OSError):  # the next window may have it open already
                desk.unlink()


def holder_of(path: Path) -> Holder | None:
    """Who says in `<file>.desk` that he has it; None when nobody does. It may be left over from a crash."""
    try:
        return Holder(**json.loads(_desk(path).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def is_open(path: Path) -> bool:
    """Whether a window of this computer, this process included, has the data file open now."""
    if not _desk(path).exists():
        return False
    try:
        handle = _locked(_desk(path))
    except OSError:
        return False
    if handle is None:
        return True
    os.close(handle)
    return False


def _desk(path: Path) -> Path:
    return path.with_name(f"{path.name}.desk")


def _locked(desk: Path) -> int | None:
    """An open handle with the lock on it, or None when another has the lock."""
    while True:
        handle = os.open(desk, os.O_RDWR | os.O_CREAT, 0o644)
        if not _lock(handle):
            os.close(handle)
            return None
        if sys.platform == "win32" or _still_there(handle, desk):
            return handle
        os.close(handle)  # its window took the file away between our opening and our locking


def _still_there(handle: int, desk: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), desk.stat())
    except FileNotFoundError:
        return False


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
