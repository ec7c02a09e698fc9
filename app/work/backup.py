"""Backups (备份) and what comes back from them.

A backup is always one SQLite file with journal mode DELETE, also of a data file on a server. It is taken while others
go on writing, is read again from where it was written, and stands there whole or not at all.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import platformdirs

from app.models import history, roles
from app.models.database import Damaged, DataFile
from app.models.faults import Denied, Fault, Trouble
from app.models.here import NOBODY, here, here_or_none, standing
from app.models.notes import recall, remember
from app.models.operation import demand, tell
from app.models.progress import Progress, unwatched
from app.models.staff import has_accounts
from app.models.upgrade import pending, upgrade
from app.work import transfer
from app.work.safe_place import disk_sentence
from app.work.window_lock import holder_of, is_open

REASONS = {"exit": "退出", "import": "导入前", "upgrade": "升级前", "restore": "恢复前"}
FOLDER = "备份"
NOTE, EVERYBODY = "backup", ""  # the desk note of the last backup that somebody asked for, and whose it is
STAMP = "%Y-%m-%d-%H%M%S"
FIRST_NAMED = ("household", "person", "help_record")  # tables whose counts a clerk wants to see first
DAY_MOST, DAYS, MONTHS = 20, 30, 24  # backups kept of the last 24 hours; days, then months, of which one is kept


@dataclass(frozen=True)
class BackupFacts:
    """What a backup is and holds. `counts` are rows by table; `fault` says why it cannot be used, empty where it can.

    `facts_hash` is `history.facts_hash` of its content, empty in a list of backups.
    """

    path: Path
    made_at: datetime
    counts: dict[str, int]
    facts_hash: str = ""
    fault: str = ""

    def words(self) -> list[tuple[str, int]]:
        """What there is in it, in the clerk's words: (户, 3541), (人员, 11753) …"""
        known = history.records()
        tables = [*FIRST_NAMED, *(name for name in known if name not in FIRST_NAMED)]
        shown = [name for name in tables if name in known and not known[name].of and self.counts.get(name)]
        return [(known[name].word, self.counts[name]) for name in shown]

    def sentence(self) -> str:
        if self.fault:
            return self.fault
        held = "、".join(f"{word} {count:,}" for word, count in self.words()) or "还没有登记内容"
        return f"备份“{self.path.name}”，{self.made_at:%Y-%m-%d %H:%M}：{held}。"


def back_up(to: Path, progress: Progress = unwatched, *, asked: bool = True) -> BackupFacts:
    """Write the open data file into one SQLite file at `to`. Raises Trouble; what was at `to` then stays as it was.

    One that nobody asked for may be made whoever is signed in.
    """
    file = here().file
    if asked:
        demand("backup", "备份")
    if not file.is_server and to.exists() and os.path.samefile(to, file.place):
        raise Trouble("不能备份到正在使用的数据文件本身，请另选一个文件名。")
    if file.database.in_transaction():
        raise RuntimeError("a backup was asked for inside an operation")
    with transfer.in_place_of(to, "没有备份到") as part:
        with file.reading():
            counts, digest = transfer.counts(file), history.facts_hash()
            (transfer.write_rows if file.is_server else transfer.write_pages)(file, part, progress)
        transfer.flush(part)
        progress(1, 1, "核对备份")
        if transfer.examine(part) != (counts, digest):
            raise Trouble("写出的备份与数据文件不一致，请检查磁盘或 U 盘后再试。")
    if asked:
        with suppress(Trouble), standing(who=EVERYBODY):  # the backup is whole, whether or not it can be told of
            remember(NOTE, datetime.now().isoformat(" ", "seconds"))
        if roles.clerk() is not None:  # all there is has gone out of the file
            with suppress(Trouble):
                tell(f"备份到“{to.name}”")
    return replace(_facts_of(to), counts=counts, facts_hash=digest)


def last_backup(folder: Path | None = None) -> tuple[datetime, str] | None:
    """When the open data file was last backed up, and in a word why; `folder` as for `automatic`."""
    file = here().file
    named = re.compile(rf"{re.escape(_stem(file))}-(\d{{4}}-\d\d-\d\d-\d{{6}})-({'|'.join(REASONS.values())})\.db")
    lies_in = folder or _folder_of(file)
    names = [path.name for path in lies_in.iterdir()] if lies_in.is_dir() else []
    matches = [match for name in names if (match := named.fullmatch(name))]
    found = [(datetime.strptime(match[1], STAMP), f"{match[2]}自动备份") for match in matches]
    with standing(who=EVERYBODY):
        noted = recall(NOTE)
    if noted:
        found.append((datetime.fromisoformat(noted), "手动备份"))
    return max(found, default=None)


def automatic(reason: str, folder: Path | None = None, progress: Progress = unwatched) -> Path:
    """Back up the open data file by itself, for a reason of `REASONS`, and thin out older ones.

    They lie in the folder 备份 beside the data file; those of a server in `folder`, which the settings know, else
    among this computer's own data.
    """
    file = here().file
    folder, stem = folder or _folder_of(file), _stem(file)
    moment = datetime.now().replace(microsecond=0)
    while any(folder.glob(f"{stem}-{moment.strftime(STAMP)}-*")):
        moment += timedelta(seconds=1)
    made = folder / f"{stem}-{moment.strftime(STAMP)}-{REASONS[reason]}.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"不能建立备份文件夹“{folder}”：{disk_sentence(error)}") from error
    back_up(made, progress, asked=False)
    thin(folder, stem, moment)
    return made


def thin(folder: Path, stem: str, now: datetime) -> None:
    """Take away automatic backups of one data file that are no longer needed, and what broken ones left behind."""
    named = re.compile(rf"{re.escape(stem)}-(\d{{4}}-\d\d-\d\d-\d{{6}})-({'|'.join(REASONS.values())})\.db(\.part.*)?")
    found: dict[datetime, Path] = {}
    for path in folder.iterdir():
        if not (match := named.fullmatch(path.name)):
            continue
        moment = datetime.strptime(match[1], STAMP)
        if not match[3]:
            found[moment] = path
        elif now - moment > timedelta(days=1):
            path.unlink(missing_ok=True)
    keep = to_keep(list(found), now)
    for moment, path in found.items():
        if moment not in keep:
            with suppress(OSError):  # open in another program: next time
                path.unlink(missing_ok=True)


def to_keep(moments: list[datetime], now: datetime) -> set[datetime]:
    """Which backups to keep: all of the last 24 hours (at most 20), one a day for 30 days, one a month for 24 months.

    Of a day or a month the newest stays, and the newest of all in any case; so do those that a clock set back has put
    into the future.
    """
    newest_first = sorted(moments, reverse=True)
    recent = [moment for moment in newest_first if timedelta() <= now - moment <= timedelta(hours=24)]
    keep = {*newest_first[:1], *recent[:DAY_MOST], *(moment for moment in moments if moment > now)}
    days: dict[date, datetime] = {}
    months: dict[tuple[int, int], datetime] = {}
    for moment in newest_first:
        if (now.date() - moment.date()).days <= DAYS:
            days.setdefault(moment.date(), moment)
        if (now.year - moment.year) * 12 + now.month - moment.month <= MONTHS:
            months.setdefault((moment.year, moment.month), moment)
    return keep | set(days.values()) | set(months.values())


def list_backups(folder: Path) -> list[BackupFacts]:
    """The backups in a folder, the newest first; opened read-only, counted, not examined to the last page."""
    found = []
    for path in sorted(folder.glob("*.db")) if folder.is_dir() else []:
        facts = _facts_of(path)
        try:
            with transfer.opened(path) as file:
                found.append(replace(facts, counts=transfer.counts(file)))
        except Trouble as error:
            found.append(replace(facts, fault=str(error)))
    return sorted(found, key=lambda facts: facts.made_at, reverse=True)


def look_at(backup: Path) -> BackupFacts:
    """Open a backup read-only and examine it whole. Trouble in one sentence when it cannot be used."""
    counts, digest = transfer.examine(backup)
    return replace(_facts_of(backup), counts=counts, facts_hash=digest)


def restore(backup: Path, into: str | Path, folder: Path | None = None, progress: Progress = unwatched) -> str:
    """Put the content of a backup in place of that of a data file, and say so in a sentence.

    The backup is examined first and the present content backed up (that of a server into `folder`, as `automatic`
    does), both before anything is changed. Other windows and commands may have the file open. Raises Trouble, and then
    the data file is as it was.
    """
    seen = look_at(backup)
    file = DataFile(into)
    if not file.is_server and Path(into).exists() and os.path.samefile(backup, into):
        raise Trouble("这个备份就是要恢复的数据文件本身，请另选一个备份。")
    _may_restore(file)
    with standing(file, who=""):
        try:
            kept = (_into_server if file.is_server else _into_file)(file, seen, folder, progress)
        finally:
            file.close()
    at_desk = here_or_none()
    if at_desk is not None and at_desk.file.place == file.place:
        at_desk.file.say(frozenset(seen.counts))
    said = f"已恢复。{seen.sentence()}"
    return f"{said}恢复前的内容另存为“{kept.name}”。" if kept else said


def _may_restore(file: DataFile) -> None:
    """Raise Denied where the data file has accounts and none of those who may restore is signed in to it."""
    at_desk = here_or_none()
    if at_desk is not None and at_desk.file.place == file.place:
        demand("restore", "恢复")
        return
    if is_guarded(file):
        raise Denied(Fault("", f"“{file.name}”设有账号，请先登录它，再由系统管理员恢复。"))


def is_guarded(file: DataFile) -> bool:
    """Whether one must sign in to a data file. One that is not there or cannot be read lets nobody sign in."""
    if not (file.is_server or Path(file.place).exists()):
        return False
    looked_at = file if file.is_server else DataFile(file.place, readonly=True)
    with standing(looked_at, who="", clerk=NOBODY):
        try:
            return "staff" in transfer.tables(looked_at) and has_accounts()
        except Damaged:
            return False
        finally:
            looked_at.close()


def _into_server(file: DataFile, seen: BackupFacts, folder: Path | None, progress: Progress) -> Path | None:
    pending(file)
    kept = automatic("restore", folder, progress) if "operation" in transfer.tables(file) else None
    upgrade(file)
    transfer.fill_server(file, seen.path, progress)
    return kept


def _into_file(file: DataFile, seen: BackupFacts, folder: Path | None, progress: Progress) -> Path | None:
    place, kept = Path(file.place), None
    if not place.exists() or not place.stat().st_size:
        _replace(place, seen.path, progress)
    elif not transfer.is_whole(file):
        file.close()
        kept = _set_aside(place)
        _replace(place, seen.path, progress)
    else:
        pending(file)
        kept = automatic("restore", folder, progress)
        transfer.overwrite(file, seen.path, progress)
    if (transfer.counts(file), history.facts_hash()) != (seen.counts, seen.facts_hash):
        raise Trouble("恢复后的内容与备份不一致，请检查磁盘后再恢复一次。")
    return kept


def _replace(place: Path, backup: Path, progress: Progress) -> None:
    """Write the backup beside a data file that is not there or cannot be read, and put it in its place."""
    with transfer.in_place_of(place, "没有恢复到") as part:
        with transfer.opened(backup) as source:
            transfer.write_pages(source, part, progress)
        transfer.flush(part)
        for more in ("-wal", "-shm"):  # they belong to the file that goes; a copy is set aside
            place.with_name(f"{place.name}{more}").unlink(missing_ok=True)


def _set_aside(place: Path) -> Path:
    """Keep a damaged data file as it is, with its log, in the folder of backups."""
    holder = holder_of(place)
    if is_open(place) and holder is not None and holder.pid != os.getpid():
        raise Trouble(holder.sentence(place.name))
    folder = place.absolute().parent / FOLDER
    kept = folder / f"{place.stem}-{datetime.now().strftime(STAMP)}-损坏{place.suffix}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for more in ("", "-wal"):
            if (here_is := place.with_name(f"{place.name}{more}")).exists():
                shutil.copy2(here_is, kept.with_name(f"{kept.name}{more}"))
    except OSError as error:
        raise Trouble(f"损坏的数据文件不能另存到“{folder}”，没有恢复：{disk_sentence(error)}") from error
    return kept


def _facts_of(path: Path) -> BackupFacts:
    """What the file's name and date tell: an automatic backup has its moment in its name."""
    stamp = re.search(r"-(\d{4}-\d\d-\d\d-\d{6})-", path.name)
    try:
        made = datetime.strptime(stamp[1], STAMP) if stamp else datetime.fromtimestamp(path.stat().st_mtime)
    except (OSError, ValueError):
        made = datetime.min
    return BackupFacts(path, made.replace(microsecond=0), {})


def _stem(file: DataFile) -> str:
    """What the names of this file's backups begin with."""
    name = file.name if file.is_server else Path(file.place).stem
    return re.sub(r'[\\/:*?"<>|\[\]]', "_", name)


def _folder_of(file: DataFile) -> Path:
    if file.is_server:
        return Path(platformdirs.user_data_dir("lianxin", appauthor=False)) / FOLDER
    return Path(file.place).absolute().parent / FOLDER
