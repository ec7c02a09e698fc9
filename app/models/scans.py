"""Photographs and scans (照片、扫描件): bytes in the plain table `scan`, known by their SHA-256."""

from __future__ import annotations

import hashlib

from app.models.here import here
from app.models.operation import current

MOST_BYTES = 5 * 1024 * 1024
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def small_enough(size: int) -> None:
    """ValueError with a Chinese sentence for more bytes than a picture may have; asked before any of them is read."""
    if size > MOST_BYTES:
        raise ValueError(f"图片有 {size / 1024 / 1024:,.1f} MB，最大 5 MB，请缩小后再选。")


def kind_of(content: bytes) -> str:
    """What the bytes are: image/png or image/jpeg. ValueError with a Chinese sentence for anything else."""
    small_enough(len(content))
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    raise ValueError("这个文件不是 PNG 或 JPEG 图片，请另选一张。")


def name_of(content: bytes) -> str:
    """The SHA-256 under which these bytes are kept."""
    return hashlib.sha256(content).hexdigest()


def keep(content: bytes, kind: str) -> str:
    """Keep the bytes, once however often they come, and give their SHA-256. Must stand inside an operation."""
    current()
    sha = name_of(content)
    sql = "INSERT INTO scan (sha256, kind, content) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING"
    here().file.run(sql, (sha, kind, content))
    return sha


def content(sha: str) -> bytes:
    """The bytes kept under this SHA-256. LookupError with a Chinese sentence when there are none."""
    found = here().file.run("SELECT content FROM scan WHERE sha256 = ?", (sha,)).fetchone()
    if found is None:
        raise LookupError("数据文件里没有这张图片。")
    return bytes(found[0])
