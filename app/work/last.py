"""When something was last done for the whole data file: a list taken in, a backup written, a check-up (上次…)."""

from __future__ import annotations

from pathlib import Path

from app.models.findings import Finding
from app.models.here import here
from app.work.backup import last_backup

LAST_IMPORT = """
    SELECT at, who, title FROM operation WHERE title LIKE ? AND changes > 0
    AND NOT EXISTS (SELECT 1 FROM operation undo WHERE undo.undoes = operation.id)
    ORDER BY id DESC LIMIT 1
"""


def told_of_import() -> str:
    """The last list that was taken in and stands, in a sentence."""
    found = here().file.run(LAST_IMPORT, ("导入%",)).fetchone()
    return f"上次导入：{found[0][:16]}，{found[1]}，{found[2]}。" if found else "还没有导入过名单。"


def told_of_backup(folder: Path | None = None) -> str:
    """The last backup, in a sentence; automatic ones of a data file on a server lie in `folder`."""
    found = last_backup(folder)
    return f"上次备份：{found[0]:%Y-%m-%d %H:%M}，{found[1]}。" if found else "还没有备份过。"


def told_of_check_up() -> str:
    """The last check-up, in a sentence."""
    return Finding.told()
