"""The data file (数据文件): one SQLite file, or a PostgreSQL database named by its URL.

This is the only place that knows which of the two it is. Both give the same answers: text is ordered by code point,
empty values come first, one writer at a time, and what goes wrong outside the program becomes one plain sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import peewee
from sqlcipher3 import dbapi2 as sqlite

from app.models.drivers import bring_psycopg
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

_peewee_errors: Any = vars(peewee)["__exception_wrapper__"]  # turns a driver's errors into Peewee's
_SENTENCES = {  # what SQLite and PostgreSQL say, and what a clerk can do about it
    "lock timeout": "另一台电脑正在写入，等了几秒仍未空出，请稍后再试。",
    "locked": "数据文件正在被另一个窗口或命令写入，等了几秒仍未空出，请稍后再试。",
    "disk is full": "磁盘已满，没有写入任何内容。请清理磁盘空间后再试。",
    "readonly": "数据文件或它所在的文件夹是只读的，不能写入。请换到可以写入的位置。",
    "not a database": "这不是连心台账的数据文件，或文件已加密、已损坏。请从备份恢复。",
    "malformed": "数据文件已损坏。请不要继续录入，从最近的备份恢复。",
    "unable to open": "打不开数据文件：位置不存在，或没有读写权限。",
    "disk i/o": "磁盘读写出错，没有写入任何内容。请检查磁盘或 U 盘后再试。",
    "authentication": "数据库服务器不接受这个用户名或密码。请与管理员核对。",
    "does not exist": "数据库服务器上没有这个数据库或用户。请与管理员核对地址。",
    "permission": "数据库服务器上的这个用户没有足够的权限。请与管理员核对。",
    "connection": "连不上数据库服务器。请检查网络，或请管理员查看服务器是否在运行。",
}
_STATES = {  # PostgreSQL's own codes, which no language of the server changes
    "55P03": "lock timeout", "53100": "disk is full", "25006": "readonly", "28P01": "authentication",
    "28000": "authentication", "3D000": "does not exist", "42501": "permission", "53300": "connection",
    "57P01": "connection", "57P02": "connection", "57P03": "connection",
}  # fmt: skip


_DAMAGE = (_SENTENCES["not a database"], _SENTENCES["malformed"])


class Damaged(Trouble):
    """The file itself cannot be read: only a backup helps."""


def sentence_for(error: BaseException) -> str | None:
    """The sentence for an error of the database that is nobody's bug; None where it is ours."""
    error = getattr(error, "orig", error)  # Peewee wraps what the driver raised
    if type(error).__name__ in ("IntegrityError", "ProgrammingError"):
        return None
    if state := getattr(error, "sqlstate", None):
        words = "connection" if state.startswith("08") else _STATES.get(state)
        return _SENTENCES[words] if words else None
    said = str(error).lower()
    return next((sentence for words, sentence in _SENTENCES.items() if words in said), None)


@contextmanager
def troubles() -> Iterator[None]:
    """Turn what the disk or the server did into `Trouble`; let everything else through as it is."""
    try:
        yield
    except (peewee.PeeweeException, sqlite.Error) as error:
        _tell(error)
        raise


class _Cursor(sqlite.Cursor):
    """A cursor that tells trouble wherever it meets it: a damaged page shows only while rows are fetched."""

    def execute(self, sql: str, *values: Any) -> Any:
        if sql.startswith("ROLLBACK") and not self.connection.in_transaction:
            return self  # SQLite has rolled back by itself, as it does on a full disk; there is nothing to undo
        return _told(super().execute, sql, *values)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> Any:
        return _told(super().executemany, sql, rows)

    def fetchall(self) -> Any:
        return _told(super().fetchall)

    def fetchmany(self, *size: int) -> Any:
        return _told(super().fetchmany, *size)

    def fetchone(self) -> Any:
        try:  # not through `_told`: called for every row
            return super().fetchone()
        except sqlite.Error as error:
            _tell(error)
            raise

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite.Error as error:
            _tell(error)
            raise


class _Connection(sqlite.Connection):
    """A connection whose cursors tell trouble, as it does itself when the file cannot be opened."""

    def __init__(self, *place: Any, **settings: Any) -> None:
        _told(super().__init__, *place, **settings)

    def cursor(self) -> Any:
        return super().cursor(_Cursor)


def _told(call: Callable[..., Any], *values: Any, **named: Any) -> Any:
    try:
        return call(*values, **named)
    except sqlite.Error as error:
        _tell(error)
        raise


def _tell(error: Exception) -> None:
    if sentence := sentence_for(error):
        raise (Damaged if sentence in _DAMAGE else Trouble)(sentence) from error


def _untouched(path: Path) -> str:
    """How to open a file without changing it: a copied WAL file without its log must not be given a new one."""
    try:
        with path.open("rb") as file:
            wal = file.read(20)[18:20] == b"\2\2" and not path.with_name(f"{path.name}-wal").exists()
    except OSError:
        wal = False  # opening it will tell
    return "mode=ro&immutable=1" if wal else "mode=ro"


def _is_foreign(path: Path) -> bool:
    """Whether another program made this database; asked before our settings are written into its first page."""
    try:
        with path.open("rb") as file:
            head = file.read(72)
    except OSError:
        return False  # opening it will tell
    if len(head) < 72 or not head.startswith(b"SQLite format 3\0") or head[68:] == APPLICATION_ID.to_bytes(4, "big"):
        return False
    looking = sqlite.connect(f"{path.resolve().as_uri()}?{_untouched(path)}", uri=True)
    try:  # what a new file says may still stand in its log
        application, tables = looking.execute(
            "SELECT application_id, (SELECT count(*) FROM sqlite_master) FROM pragma_application_id"
        ).fetchone()
    finally:
        looking.close()
    return bool(application != APPLICATION_ID and (application or tables))


class DataFile:
    """An open data file. Each thread gets a connection of its own, with the same settings.

    `news` are called after each commit of this process with the names of the tables that changed. Who finds another
    writing waits `wait` seconds before he is told.
    """

    def __init__(self, place: str | Path, *, readonly: bool = False, wait: float = WAIT_SECONDS) -> None:
        self.place = str(place)
        self.readonly = readonly
        self.wait_ms = int(wait * 1000)
        self.is_server = "://" in self.place
        self.watch: tuple[int, float] | None = None  # see passwords.py: the file's time, and the machine's counter then
        self.own: Any = None  # see own.py: its own columns as fields, once somebody asked
        self.news: list[Callable[[frozenset[str]], None]] = []
        self.database: Any = self._postgres() if self.is_server else self._sqlite()

    def _sqlite(self) -> Any:
        from playhouse.sqlcipher_ext import SqlCipherDatabase

        if sqlite.sqlite_version_info < OLDEST_SQLITE:
            raise Trouble(f"随程序安装的 SQLite {sqlite.sqlite_version} 过旧，请重新安装连心台账。")
        pragmas = {**PRAGMAS, "busy_timeout": self.wait_ms}
        place = self.place
        if self.readonly:
            place = f"{Path(self.place).resolve().as_uri()}?{_untouched(Path(self.place))}"
            pragmas = {name: value for name, value in pragmas.items() if name not in ("journal_mode", "synchronous")}
        return SqlCipherDatabase(place, pragmas=pragmas, passphrase="", uri=self.readonly, factory=_Connection)

    def _postgres(self) -> Any:
        try:
            bring_psycopg()
        except ImportError as missing:
            raise Trouble("没有安装多机版组件 psycopg，请先安装 lianxin[postgres]。") from missing
        return peewee.PostgresqlDatabase(
            self.place, prefer_psycopg3=True, options=f"-c lock_timeout={self.wait_ms} -c timezone=UTC"
        )

    @property
    def name(self) -> str:
        """What a clerk calls it: the file's name, or that of the database on the server."""
        return unquote(urlsplit(self.place).path).strip("/") if self.is_server else Path(self.place).name

    def connect(self) -> None:
        """Open this thread's connection now, so that a wrong file is told at once and not at the first click."""
        with troubles():
            if self.is_server and not self.database.is_closed() and not self.database.is_connection_usable():
                self.database.close()  # the server went away meanwhile
            if not self.is_server and not self.readonly and _is_foreign(Path(self.place)):
                raise Trouble(f"“{self.name}”不是连心台账的数据文件，没有改动它。")
            self.database.connect(reuse_if_open=True)
            if not self.is_server:
                self.database.execute_sql("SELECT count(*) FROM sqlite_master").fetchone()

    def close(self) -> None:
        """Close this thread's connection. Other threads close their own."""
        if not self.database.is_closed():
            self.database.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, and the only writer while it lasts; whoever waits too long for it is told."""
        with troubles():
            transaction = self.database.atomic() if self.is_server else self.database.atomic("IMMEDIATE")
            with transaction:
                if self.is_server:
                    self.run(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
                yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One unchanging picture of the file, while others go on writing."""
        with troubles(), self.database.atomic() if self.is_server else self.database.atomic("DEFERRED"):
            if self.is_server:
                self.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            else:
                self.run("SELECT count(*) FROM sqlite_master").fetchone()  # BEGIN alone reads nothing yet
            yield

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run one statement written with `?` for its values, and give its cursor."""
        return self.database.execute_sql(self._spelled(sql), tuple(values))

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows of values (`executemany`)."""
        with troubles(), _peewee_errors:
            self.database.cursor().executemany(self._spelled(sql), rows)

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put many new rows into a table, in one statement where the database has one (PostgreSQL's COPY)."""
        named = ", ".join(f'"{column}"' for column in columns)
        if not self.is_server:
            self.run_many(f'INSERT INTO "{table}" ({named}) VALUES ({", ".join("?" * len(columns))})', rows)
            return
        with (
            troubles(),
            _peewee_errors,
            self.database.cursor().copy(f'COPY "{table}" ({named}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def _spelled(self, sql: str) -> str:
        return sql.replace("%", "%%").replace("?", "%s") if self.is_server else sql

    def hear(self, tables: frozenset[str]) -> None:
        """These tables changed, here or at another desk: what is kept of them is asked for again."""
        if "own_column" in tables:
            self.own = None

    def say(self, tables: frozenset[str]) -> None:
        """Tell that an operation of this process changed these tables."""
        self.hear(tables)
        for listener in tuple(self.news):
            listener(tables)


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
