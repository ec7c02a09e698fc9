"""The schema moves forward by numbered files under `migrations/`; new and old files walk the same road."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.models.database import APPLICATION_ID, DataFile, troubles
from app.models.faults import Trouble

MIGRATIONS = Path(__file__).with_name("migrations")
MARKS = "migration"  # the table of what was applied
EMPTY = 0  # application_id of a file that nobody has written to


def _runner(file: DataFile) -> Any:
    from playhouse.migrations import Runner  # it brings much along, and most starts have nothing to apply

    return Runner(file.database, str(MIGRATIONS), table_name=MARKS)


def pending(file: DataFile) -> list[str]:
    """Names of the migrations that this file still lacks. Trouble when it is not ours or from a newer program."""
    with troubles():
        if not file.is_server:
            (application,) = file.run("PRAGMA application_id").fetchone()
            tables = file.run("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if application != APPLICATION_ID and (application != EMPTY or tables):
                raise Trouble(f"“{file.name}”不是连心台账的数据文件，没有改动它。")
        marked = file.database.table_exists(MARKS)
        applied = {row[0] for row in file.run(f"SELECT name FROM {MARKS}").fetchall()} if marked else set()
    known = sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))
    if newer := sorted(applied - set(known)):
        raise Trouble(f"“{file.name}”是更新版本的连心台账建立的（{newer[-1]}），请先升级程序再打开，没有改动它。")
    return [name for name in known if name not in applied]


def upgrade(file: DataFile) -> list[str]:
    """Apply what `pending` named, each in one transaction with its mark. The caller has made a backup."""
    names = pending(file)
    if names:
        with troubles():
            if not file.is_server:  # first: a file cut off half way must be known as ours when it is opened again
                file.run(f"PRAGMA application_id = {APPLICATION_ID}")
            _runner(file).up()
            if not file.is_server:
                file.run(f"PRAGMA user_version = {len(_runner(file).migrations())}")
    return names
