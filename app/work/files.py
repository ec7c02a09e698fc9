"""Writing a file so that an open WPS or a full disk costs nothing: beside it first, then into its place."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.models.faults import Trouble


@contextmanager
def put_in_place(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; when the block ends well it takes the place of `path`.

    What stood there stays whole until then. Raises Trouble with one sentence: the disk is full, the folder is lacking
    or read-only, the file is open elsewhere.
    """
    beside = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
    try:
        try:
            yield beside
            with beside.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise Trouble(sentence(path, error)) from error


def not_over(out: Path, *sources: Path) -> None:
    """Trouble where a result is to be written over a file that it is made of: nobody gets that back."""
    if out.exists() and any(source.exists() and source.samefile(out) for source in sources):
        raise Trouble(f"结果不能写在原来的表“{out.name}”上，请换一个文件名。")


def sentence(path: Path, error: OSError) -> str:
    """What a clerk can do about a file that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"磁盘空间不足，“{path.name}”没有保存；请清理磁盘或换一个位置后再试。"
    if not path.parent.is_dir():
        return f"文件夹“{path.parent}”不存在，请另选一个保存位置。"
    if isinstance(error, PermissionError) and path.exists():
        return f"“{path.name}”正被其他程序打开或不允许改写，请关闭它或换一个文件名后再试。"
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return f"文件夹“{path.parent}”不允许写入，请另选一个保存位置。"
    return f"“{path.name}”没有保存（{error.strerror or '写入失败'}），请检查磁盘或另选一个保存位置。"
