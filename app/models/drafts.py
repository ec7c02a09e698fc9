"""Drafts (草稿): what stands in a form and is not saved yet, one for each clerk and form.

Drafts are notes of the desk: no facts, outside the history, never written into a record by themselves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.models.here import here


@dataclass(frozen=True)
class Draft:
    """What was typed, and the moment of the clock when it was last kept."""

    at: datetime
    content: dict[str, Any]


def keep(form: str, content: dict[str, Any]) -> None:
    """Keep what stands in the form called `form`, in place of what was kept before. `content` must fit into JSON."""
    at = datetime.now().isoformat(" ", "seconds")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    sql = (
        "INSERT INTO draft (who, form, at, content) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (who, form) DO UPDATE SET at = excluded.at, content = excluded.content"
    )
    with here().file.writing():
        here().file.run(sql, (here().who, form, at, text))


def find(form: str) -> Draft | None:
    """The draft that this clerk left in the form, or None."""
    sql = "SELECT at, content FROM draft WHERE who = ? AND form = ?"
    found = here().file.run(sql, (here().who, form)).fetchone()
    return Draft(datetime.fromisoformat(found[0]), json.loads(found[1])) if found else None


def drop(form: str) -> None:
    """Forget the draft: it was saved, or the clerk threw it away."""
    with here().file.writing():
        here().file.run("DELETE FROM draft WHERE who = ? AND form = ?", (here().who, form))
