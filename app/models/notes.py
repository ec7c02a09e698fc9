"""Notes of the desk (便笺): what a clerk arranged for himself, as widths and columns: no facts, not in the history."""

from __future__ import annotations

import json
from typing import Any

from app.models.here import here


def remember(name: str, value: Any) -> None:
    """Keep a value of JSON under a name for who is at the desk, in place of the earlier one; None forgets it."""
    file, who = here().file, here().who
    with file.writing():
        if value is None:
            file.run("DELETE FROM note WHERE who = ? AND name = ?", (who, name))
            return
        text = json.dumps(value, ensure_ascii=False)
        file.run(
            "INSERT INTO note (who, name, value) VALUES (?, ?, ?)"
            " ON CONFLICT (who, name) DO UPDATE SET value = excluded.value",
            (who, name, text),
        )


def recall(name: str) -> Any:
    """What who is at the desk kept under this name, or None."""
    row = here().file.run("SELECT value FROM note WHERE who = ? AND name = ?", (here().who, name)).fetchone()
    return json.loads(row[0]) if row else None
