"""The office that keeps the data file (填报单位), and whether it is one for trying things on (演示数据文件)."""

from __future__ import annotations

from datetime import date

from app.models.here import here, standing
from app.models.notes import recall
from app.models.places import TOWNSHIP

MARK, EVERYBODY = "demo", ""  # the desk note of a demonstration file, and whose it is


def office_name() -> str:
    """The township's name, or nothing before one is registered."""
    found = here().file.run("SELECT name FROM place WHERE level = ? ORDER BY id LIMIT 1", (TOWNSHIP,)).fetchone()
    return found[0] if found else ""


def demo_day() -> date | None:
    """The day from which the open file counts, or None where it is no demonstration file."""
    with standing(who=EVERYBODY):
        mark = recall(MARK)
    return date.fromisoformat(mark["day"]) if mark else None


def demo_mark() -> str:
    """The word that every print of a demonstration file carries."""
    return "演示数据" if demo_day() else ""
