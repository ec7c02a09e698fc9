"""What every command gives back, and on which data file it works."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from app.models.faults import Trouble
from app.settings import Settings

DONE, FOUND, USAGE, SIGN_IN = 0, 1, 2, 3


@dataclass
class Answer:
    """What a command says: lines for a person, `facts` for a program, and its exit code."""

    lines: list[str]
    facts: dict[str, Any] = field(default_factory=dict)
    code: int = DONE


def book(asked: Any) -> str:
    """The data file a command means."""
    place = getattr(asked, "book", None) or os.environ.get("LIANXIN_BOOK") or Settings.load().last
    if not place:
        raise Trouble("没有说是哪个数据文件，请加上 --book 文件名。")
    return str(place)
