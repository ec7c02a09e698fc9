"""What this computer remembers: the last data file, where backups of a server's data go, how large the type is.

Nothing about people stands here; facts and the notes of each desk are in the data file.
"""

from __future__ import annotations

import getpass
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import platformdirs

NAME = "lianxin"


@dataclass
class Settings:
    """Kept as one small JSON file; a damaged one counts as none."""

    last: str = ""
    recent: list[str] = field(default_factory=list)
    type_size: str = "middle"
    lock_minutes: int = 15  # without a touch until the window locks; 0 for never
    backups: str = ""  # folder for the backups of a data file on a server

    @staticmethod
    def path() -> Path:
        return Path(platformdirs.user_config_dir(NAME, appauthor=False)) / "settings.json"

    @classmethod
    def load(cls) -> Settings:
        try:
            kept = json.loads(cls.path().read_text("utf-8"))
            return cls(**{name: kept[name] for name in cls.__dataclass_fields__ if name in kept})
        except (OSError, ValueError, TypeError):
            return cls()

    def save(self) -> None:
        """Write beside and put in place; a computer that cannot remember is no reason to stop."""
        path = self.path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".part")
            beside.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")
            beside.replace(path)
        except OSError:
            return

    def backup_folder(self) -> Path | None:
        """Where the backups of a server's data go; None for beside the data file."""
        return Path(self.backups) if self.backups else None

    def opened(self, place: str) -> None:
        """Remember a data file as the one opened last."""
        self.last = place
        self.recent = [place, *(other for other in self.recent if other != place)][:8]
        self.save()


def log_folder() -> Path:
    return Path(platformdirs.user_log_dir(NAME, appauthor=False))


def who() -> str:
    """Who sits at the desk, until signing in tells it: the name of the computer's account."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "经办人"
