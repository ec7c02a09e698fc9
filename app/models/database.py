"""The data file (数据文件): one SQLite file, or a PostgreSQL database named by its URL.

This is the only place that knows which of the two it is. Both give the same answers: text is ordered by code point,
empty values come first, one writer at a time, and what goes wrong outside the program becomes one plain sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee

from app.models.faults import Trouble
from app.models.here import here_or_none

APPLICATION_ID = 0x4C58_5A48  # "LXZH": an SQLite file with another one is not ours
OLDEST_SQLITE = (3, 51, 3)  # first with the WAL-reset fault mended
WAIT_SECONDS = 5
WRITER_LOCK = 0x4C58_0001  # one advisory lock per PostgreSQL database

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": WAIT_SECONDS * 1000,
    "cache_size": -64_000,
    "temp_store": "memory",
    "trusted_schema": 0,
    "cell_size_check": 1,
}

_SENTENCES = {  # what SQLite and PostgreSQL say, and what a clerk can do about it
    "locked": f"数据文件正在被另一个窗口或命令写入，等了 {WAIT_SECONDS} 秒仍未空出，请稍后再试。",
    "lock timeout": f"另一台电脑正在写入，等了 {WAIT_SECONDS} 秒仍未空出，请稍后再试。",
    "disk is full": "磁盘已满，没有写入任何内容。请清理磁盘空间后再试。",
    "readonly": "数据文件或它所在的文件夹是只读的，不能写入。请换到可以写入的位置。",
    "not a database": "这不是连心台账的数据文件，或文件已加密、已损坏。请从备份恢复。",
    "malformed": "数据文件已损坏。请不要继续录入，从最近的备份恢复。",
    "unable to open": "打不开数据文件：位置不存在，或没有读写权限。",
    "disk i/o": "磁盘读写出错，没有写入任何内容。请检查磁盘或 U 盘后再试。",
    "connection": "连不上数据库服务器。请检查网络，或请管理员查看服务器是否在运行。",
    "authentication": "数据库服务器不接受这个用户名或密码。请与管理员核对。",
}


def sentence_for(error: Exception) -> str | None:
    """The sentence for an error of the database that is nobody's bug; None where it is ours."""
    said = str(error).lower()
    return next((sentence for words, sentence in _SENTENCES.items() if words in said), None)


class DataFile:
    """An open data file. Each thread gets a connection of its own, with the same settings.

    `news` are called after each commit of this process with the names of the tables that changed.
    """

    def __init__(self, place: str | Path, *, readonly: bool = False) -> None:
        self.place = str(place)
        self.readonly = readonly
        self.is_server = "://" in self.place
        self.news: list[Callable[[frozenset[str]], None]] = []
        self.database: Any = self._postgres() if self.is_server else self._sqlite()

    def _sqlite(self) -> Any:
        import sqlcipher3
        from playhouse.sqlcipher_ext import SqlCipherDatabase

        if sqlcipher3.sqlite_version_info < OLDEST_SQLITE:
            raise Trouble(f"随程序安装的 SQLite {sqlcipher3.sqlite_version} 过旧，请重新安装连心台账。")
        if self.readonly:
            place = f"file:{Path(self.place).resolve().as_posix()}?mode=ro"
            pragmas = {name: PRAGMAS[name] for name in ("foreign_keys", "busy_timeout", "temp_store")}
            return SqlCipherDatabase(place, pragmas=pragmas, passphrase="", uri=True)
        return SqlCipherDatabase(self.place, pragmas=PRAGMAS, passphrase="")

    def _postgres(self) -> Any:
        try:
            import psycopg  # noqa: F401
        except ImportError as missing:
            raise Trouble("没有安装多机版组件 psycopg，请先安装 lianxin[postgres]。") from missing
        return peewee.PostgresqlDatabase(
            self.place, prefer_psycopg3=True, options=f"-c lock_timeout={WAIT_SECONDS}s -c timezone=UTC"
        )

    @property
    def name(self) -> str:
        return self.place.rsplit("/", 1)[-1] if self.is_server else Path(self.place).name

    def connect(self) -> None:
        """Open this thread's connection now, so that a wrong file is told at once and not at the first click."""
        with troubles():
            self.database.connect(reuse_if_open=True)
            if not self.is_server:
                self.database.execute_sql("SELECT count(*) FROM sqlite_master").fetchone()

    def close(self) -> None:
        """Close this thread's connection. Other threads close their own."""
        if not self.database.is_closed():
            self.database.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, and the only writer while it lasts; whoever waits longer than `WAIT_SECONDS` is told."""
        with troubles():
            transaction = self.database.atomic() if self.is_server else self.database.atomic("IMMEDIATE")
            with transaction:
                if self.is_server:
                    self.run(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
                yield

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run one statement written with `?` for its values, and give its cursor."""
        return self.database.execute_sql(self._spelled(sql), tuple(values))

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows of values (`executemany`)."""
        with peewee.__exception_wrapper__:
            self.database.cursor().executemany(self._spelled(sql), rows)

    def _spelled(self, sql: str) -> str:
        return sql.replace("%", "%%").replace("?", "%s") if self.is_server else sql

    def say(self, tables: frozenset[str]) -> None:
        for listener in tuple(self.news):
            listener(tables)


@contextmanager
def troubles() -> Iterator[None]:
    """Turn what the disk or the server did into `Trouble`; let everything else through as it is."""
    try:
        yield
    except peewee.PeeweeException as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        raise Trouble(sentence) from error


class CurrentDatabase(peewee.DatabaseProxy):
    """The database of the file that is open here: what every record is bound to."""

    __slots__ = ()

    def __init__(self) -> None:
        pass

    @property
    def obj(self) -> Any:  # None while classes are made, before any file is open
        place = here_or_none()
        return place.file.database if place else None

    def attach_callback(self, callback: Callable[[Any], None]) -> Callable[[Any], None]:
        return callback
