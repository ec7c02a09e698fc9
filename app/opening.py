"""Opening a data file, the same way for the window and for every command: look, back up, upgrade, stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.ledgers import contents  # noqa: F401  (brings every record)
from app.models.database import DataFile
from app.models.faults import Cancelled, Reject, Trouble
from app.models.here import Clerk, Here, standing
from app.models.staff import has_accounts
from app.models.upgrade import pending, upgrade
from app.settings import Settings, who
from app.terminal import sign_in_by_command
from app.work import safe_place
from app.work.office import demo_day
from app.work.packs import bring_packs


@contextmanager
def opened(place: str, *, new: bool = False, sign_in: Callable[[], Clerk] = sign_in_by_command) -> Iterator[Here]:
    """The data file at `place`, upgraded, with the context set. Trouble in one sentence when it cannot be.

    Where it has accounts, `sign_in` says who is there, or raises Shut.
    """
    file = DataFile(place)
    if not file.is_server:
        _look(Path(place), new)
    with standing(file, who=who()):
        try:
            file.connect()
            waiting = pending(file)
            if waiting and not new:
                from app.work import backup

                backup.automatic("upgrade", Settings.load().backup_folder())
            if waiting:
                upgrade(file)
            with standing(day=demo_day()) as here:
                if waiting and not new:
                    bring_packs()
                if not has_accounts():
                    yield here
                    return
                clerk = sign_in()
                with standing(clerk=clerk, who=clerk.account or who()) as here:
                    yield here
        except (Reject, Trouble, Cancelled):
            file.close()
            if new and not file.is_server:
                _take_away(Path(place))
            raise
        finally:
            file.close()


def restore_signed_in(backup: Path, place: str) -> str:
    """Restore a backup into a data file, signed in to it first where it has accounts."""
    from app.work.backup import is_guarded, restore

    if not is_guarded(DataFile(place)):
        return restore(backup, place)
    with opened(place):
        return restore(backup, place)


def _take_away(path: Path) -> None:
    """A new file that could not be filled does not stay behind, or making it again would find it there."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _look(path: Path, new: bool) -> None:
    """Refuse what cannot go well before any file is made or touched."""
    if new and path.exists():
        raise Trouble(f"“{path.name}”已经存在，没有改动它。请换一个文件名。")
    if not new and not path.exists():
        raise Trouble(f"没有找到数据文件“{path}”。新建请用“新建数据文件”（命令 new 或 demo）。")
    if reason := safe_place.why_unsafe(path):
        raise Trouble(reason)
