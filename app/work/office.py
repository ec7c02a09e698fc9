"""The office that keeps the data file (填报单位), as papers and sheets name it."""

from __future__ import annotations

from app.models.here import here
from app.models.places import TOWNSHIP
from app.work.demo import demo_day


def office_name() -> str:
    """The township's name, or nothing before one is registered."""
    found = here().file.run("SELECT name FROM place WHERE level = ? ORDER BY id LIMIT 1", (TOWNSHIP,)).fetchone()
    return found[0] if found else ""


def demo_mark() -> str:
    """The word that every print of a demonstration file carries."""
    return "演示数据" if demo_day() else ""
