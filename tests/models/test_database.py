"""The data file under real faults: each must become one sentence, and nothing may be half written."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import peewee
import pytest
import sqlcipher3

from app.models import history
from app.models.database import APPLICATION_ID, OLDEST_SQLITE, PRAGMAS, Damaged, DataFile, sentence_for
from app.models.faults import Trouble
from app.models.here import here, standing
from app.models.operation import operation
from app.models.places import Place
from app.models.record import put_all
from app.models.upgrade import pending, upgrade


def put_places(count: int, note: str = "") -> None:
    with operation(f"登记 {count} 个村组"):
        put_all(Place, [{"name": f"村{note}{number}", "level": "2", "note": note * 20} for number in range(count)])


def places(file: DataFile) -> int:
    return int(file.run("SELECT count(*) FROM place").fetchone()[0])


# --- settings of every connection ---


def test_sqlite_is_new_enough() -> None:
    assert sqlcipher3.sqlite_version_info >= OLDEST_SQLITE


def test_every_thread_gets_the_same_settings(sqlite: DataFile) -> None:
    def settings() -> dict[str, Any]:
        return {name: sqlite.run(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}

    found: list[dict[str, Any]] = []

    def in_a_thread() -> None:
        found.append(settings())
        sqlite.close()

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join()
    expected = {**PRAGMAS, "synchronous": 2, "temp_store": 2}
    assert settings() == found[0] == expected


def test_a_server_is_called_by_its_database_and_a_file_by_its_name(file: DataFile) -> None:
    expected = file.run("SELECT current_database()").fetchone()[0] if file.is_server else "book.db"
    assert file.name == expected


def test_reading_sees_one_picture_while_another_writes(file: DataFile) -> None:
    put_places(3, "a")
    other = DataFile(file.place)
    with file.reading():
        assert places(file) == 3
        with standing(other, who="另一人", day=here().day):
            put_places(2, "b")
            other.close()
        assert places(file) == 3
    assert places(file) == 5


def test_fill_puts_rows_as_one_statement(file: DataFile) -> None:
    rows = [(1, 1, "牛街乡", "2", None), (3, 1, "下村", "3", 2), (2, 1, "上村", "3", 1)]  # a link before its owner
    with file.writing():
        if not file.is_server:
            file.run("PRAGMA defer_foreign_keys = 1")
        file.fill("place", ["id", "rev", "name", "level", "parent_id"], iter(rows))
    assert file.run("SELECT id, rev, name, level, parent_id FROM place ORDER BY id").fetchall() == sorted(rows)


# --- the sentences, each met for real ---

HOLD = """
import sys
from app.models.database import DataFile
file = DataFile(sys.argv[1])
file.connect()
with file.writing():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(file: DataFile) -> Iterator[DataFile]:
    """The open file while another process writes into it."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, file.place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).resolve().parents[2], env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    with holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        yield file
        holder.communicate("", timeout=20)


def test_who_waits_too_long_for_another_process_is_told(held: DataFile) -> None:
    impatient = DataFile(held.place, wait=0.2)
    with standing(impatient, who="测试员", day=here().day):
        try:
            with pytest.raises(Trouble, match=r"正在.*写入，等了几秒仍未空出"):
                put_places(1)
        finally:
            impatient.close()
    assert places(held) == 0


def test_a_server_that_went_away_is_told_and_found_again(server: Any) -> None:
    server.psql("CREATE DATABASE book_went_away;")
    file = DataFile(server.get_uri("book_went_away"))
    with standing(file, who="测试员", day=None):
        upgrade(file)
        pid = file.run("SELECT pg_backend_pid()").fetchone()[0]
        server.psql(f"SELECT pg_terminate_backend({pid});")
        with pytest.raises(Trouble, match="连不上数据库服务器"):
            put_places(1)
        file.connect()  # as the task queue does before every job
        put_places(1)
        assert places(file) == 1
        file.close()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda url: url.replace("/book_", "/no_such_"), "没有这个数据库或用户"),
        (lambda url: "postgresql://postgres@127.0.0.1:1/book", "连不上数据库服务器"),
    ],
)
def test_wrong_address_of_a_server(
    request: pytest.FixtureRequest, server: Any, change: Callable[[str], str], sentence: str
) -> None:
    with pytest.raises(Trouble, match=sentence):
        DataFile(change(server.get_uri("book_x"))).connect()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('connection failed: FATAL: password authentication failed for user "a"', "用户名或密码"),
        ("connection timeout expired", "连不上"),
    ],
)
def test_what_a_server_says_before_there_is_a_code(said: str, sentence: str) -> None:
    import psycopg

    told = sentence_for(peewee.OperationalError(psycopg.OperationalError(said)))
    assert told is not None and sentence in told


def test_a_fault_of_the_program_stays_one(file: DataFile) -> None:
    with pytest.raises(peewee.DatabaseError, match="no_such_table"), file.reading():
        file.run("SELECT 1 FROM no_such_table")
    with pytest.raises(peewee.IntegrityError), file.writing():
        file.run("INSERT INTO place (id, rev, name, level) VALUES (1, 1, 'a', '2')")
        file.run_many("INSERT INTO place (id, rev, name, level) VALUES (?, 1, 'database is locked', '2')", [(1,)])
    assert sentence_for(sqlcipher3.IntegrityError("disk is full, locked, malformed")) is None


@pytest.mark.parametrize("many", [True, False])
def test_a_full_disk_keeps_what_was_there(sqlite: DataFile, many: bool) -> None:
    put_places(10, "a")
    before = history.facts_hash()
    sqlite.run("PRAGMA max_page_count = 1").fetchone()  # SQLite then allows no page more than there are
    with pytest.raises(Trouble, match="磁盘已满，没有写入任何内容"):
        if many:
            put_places(5000, "b")
        else:
            with operation("很多次保存"):
                for number in range(5000):
                    Place(name=f"村{number}", level="2", note="长" * 100).save()
    assert not sqlite.database.in_transaction()
    assert history.facts_hash() == before
    sqlite.run("PRAGMA max_page_count = 1000000").fetchone()
    put_places(5, "c")
    assert places(sqlite) == 15


def test_a_really_full_disk(small_disk: Path) -> None:
    file = DataFile(small_disk / "乡.db")
    with standing(file, who="测试员", day=None):
        upgrade(file)
        put_places(10, "a")
        before = history.facts_hash()
        with pytest.raises(Trouble, match=r"磁盘已满|磁盘读写出错"):
            put_places(20_000, "b")
        assert history.facts_hash() == before and not history.strangers()
        file.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB, where this account may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk; the limit of pages stands in for it")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)  # lazily: a failed test may have left a file open


def test_read_only_file(sqlite: DataFile) -> None:
    put_places(1)
    reader = DataFile(sqlite.place, readonly=True)
    with standing(reader, who="测试员", day=here().day):
        assert places(reader) == 1
        with pytest.raises(Trouble, match="只读"):
            put_places(1, "b")
        reader.close()
    assert places(sqlite) == 1


@pytest.mark.parametrize("content", [b"PK\x03\x04" + bytes(5000), b"hello" * 1000])
def test_not_a_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "名单.db"
    path.write_bytes(content)
    file = DataFile(path)
    with pytest.raises(Damaged, match="不是连心台账的数据文件"):
        file.connect()
    file.close()
    assert path.read_bytes() == content


def test_a_place_that_does_not_exist(tmp_path: Path) -> None:
    for readonly in (False, True):
        with pytest.raises(Trouble, match="打不开数据文件"):
            DataFile(tmp_path / "没有" / "乡.db", readonly=readonly).connect()


def test_damaged_pages_are_told_while_rows_are_fetched(sqlite: DataFile) -> None:
    put_places(3000, "a")
    sqlite.run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    root = sqlite.run("SELECT rootpage FROM sqlite_master WHERE name = 'place'").fetchone()[0]
    sqlite.close()
    path = Path(sqlite.place)
    content = bytearray(path.read_bytes())
    for page in range(root + 20, len(content) // 4096):
        content[page * 4096 : page * 4096 + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    for read in (
        lambda: sqlite.run("SELECT * FROM place").fetchall(),
        lambda: list(sqlite.run("SELECT * FROM place")),
        lambda: list(Place.select()),
        lambda: put_places(5, "b"),
    ):
        with pytest.raises(Damaged, match="数据文件已损坏"):
            read()
    assert not sqlite.database.in_transaction()


# --- whose file it is ---


@pytest.mark.parametrize("mark", ["application_id = 7", "user_version = 3"])
@pytest.mark.parametrize("readonly", [True, False])
def test_a_foreign_file_is_refused_and_not_changed(tmp_path: Path, mark: str, readonly: bool) -> None:
    path = tmp_path / "别人的 100%#？.db"
    foreign = sqlcipher3.connect(str(path))
    foreign.execute(f"PRAGMA {mark}")
    foreign.execute("CREATE TABLE a (b)")
    foreign.commit()
    foreign.close()
    before = path.read_bytes()
    file = DataFile(path, readonly=readonly)
    with pytest.raises(Trouble, match=r"“别人的 100%#？\.db”不是连心台账的数据文件"):
        file.connect()
        pending(file)
    file.close()
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_an_empty_file_and_one_whose_content_is_still_in_its_log_are_ours(tmp_path: Path) -> None:
    path = tmp_path / "乡.db"
    path.touch()
    first = DataFile(path)
    upgrade(first)  # nothing has come from the log into the file yet
    assert int.from_bytes(path.read_bytes()[68:72], "big") != APPLICATION_ID
    second = DataFile(path)
    second.connect()
    assert pending(second) == []
    second.close()
    first.close()


def test_a_file_of_a_newer_program_is_refused(file: DataFile) -> None:
    with file.writing():
        file.run("INSERT INTO migration (name, applied) VALUES ('9999_later', '2030-01-01 00:00:00')")
    for ask in (pending, upgrade):
        with pytest.raises(Trouble, match="更新版本的连心台账建立的（9999_later），请先升级程序"):
            ask(file)


def test_an_upgraded_file_lacks_nothing_and_is_marked_as_ours(file: DataFile) -> None:
    assert pending(file) == [] and upgrade(file) == []
    if not file.is_server:
        assert file.run("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert file.run("PRAGMA user_version").fetchone()[0] >= 1
