"""Backups: taken while others write, whole or not there, read again; and what comes back from them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlcipher3
from hypothesis import given
from hypothesis import strategies as st

from app.models import history, scans
from app.models import upgrade as upgrade_of_models
from app.models.database import APPLICATION_ID, DataFile
from app.models.drafts import find
from app.models.drafts import keep as keep_draft
from app.models.faults import Cancelled, Trouble
from app.models.here import here, standing
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import put_all
from app.models.upgrade import pending, upgrade
from app.work import backup, transfer
from app.work.backup import automatic, back_up, list_backups, look_at, restore, to_keep

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def fill(people: int = 30) -> None:
    """A township whose village comes before it by key, a household, people, a photograph and a draft."""
    with operation("登记"):
        (township,) = put_all(Place, [{"id": 900, "name": "牛街乡", "level": "2"}])
        (village,) = put_all(Place, [{"id": 100, "name": "牛街村", "level": "3", "parent": township}])
        (home,) = put_all(Household, [{"number": "1", "village": village}])
        put_all(
            Person,
            [
                {
                    "name": f"𠅤民{number}", "household": home, "relation": "02" if not number else "80",
                    "no_id_reason": "5", "away": number % 2 == 0,
                }
                for number in range(people)
            ],
        )  # fmt: skip
        scans.keep(PNG, "image/png")
    keep_draft("person", {"name": "李"})


def one_more(name: str) -> None:
    with operation("再登记"):
        Place(name=name, level="2").save()


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def away(tmp_path: Path) -> Path:
    folder = tmp_path / "U 盘"
    folder.mkdir()
    return folder


# --- taking one ---


def test_a_backup_is_one_plain_file_that_holds_the_same(file: DataFile, away: Path) -> None:
    fill()
    digest, last = history.facts_hash(), history.last_number()
    steps: list[tuple[int, int, str]] = []
    made = back_up(away / "牛街乡.db", lambda *step: steps.append(step))
    assert names(away) == ["牛街乡.db"]
    assert made.facts_hash == digest and made.counts["person"] == 30 and made.counts["place"] == 2
    assert dict(made.words()) == {"户": 1, "人员": 30, "村组": 2} and "户 1、人员 30" in made.sentence()
    assert steps and all(0 <= done <= total for done, total, _ in steps)
    plain = sqlcipher3.connect(str(made.path))
    assert plain.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert plain.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    plain.close()
    copy = DataFile(made.path)
    with standing(copy, who="测试员", day=here().day):
        assert pending(copy) == [] and history.last_number() == last and not history.strangers()
        assert scans.content(scans.name_of(PNG)) == PNG
        assert (draft := find("person")) is not None and draft.content == {"name": "李"}
        one_more("还能写")
        copy.close()


def test_a_backup_of_a_server_has_the_search_index_of_a_file(file: DataFile, away: Path) -> None:
    fill()
    with transfer.opened(back_up(away / "a.db").path) as copy:
        found = copy.run("SELECT rowid FROM search_words WHERE search_words MATCH '\"民.2.9\"'").fetchall()
        assert found == copy.run("SELECT id FROM person WHERE name = '𠅤民29'").fetchall() and len(found) == 1


WRITER = """
import sys
from app.ledgers import contents
from app.models.database import DataFile
from app.models.here import standing
from app.models.operation import operation
from app.models.places import Place
file = DataFile(sys.argv[1])
with standing(file, who="另一人"):
    for number in range(100_000):
        with operation("连写两行"):
            Place(name=f"甲{number}", level="2").save()
            Place(name=f"乙{number}", level="2").save()
        if number == 5:
            print("writing", flush=True)
"""


@pytest.fixture
def writer(file: DataFile) -> Iterator[DataFile]:
    """The open file while another process writes two rows at a time."""
    other = subprocess.Popen(
        [sys.executable, "-c", WRITER, file.place], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).resolve().parents[2], env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    with other:
        assert other.stdout is not None and other.stdout.readline() == "writing\n"
        yield file
        assert other.poll() is None, "it wrote until the end of the test"
        other.kill()


def test_backups_while_another_process_writes(writer: DataFile, away: Path) -> None:
    before = history.last_number()
    for number in range(5):
        made = back_up(away / f"{number}.db")
        assert made.counts["place"] == 2 * made.counts["operation"], "never half an operation"
        assert made.counts["operation"] >= before, "never older than its start"
        with transfer.opened(made.path):
            assert not history.strangers()
        before = made.counts["operation"]


def test_a_cancelled_backup_leaves_what_was_there(file: DataFile, away: Path) -> None:
    fill()
    good = sha(back_up(away / "a.db").path)
    one_more("新乡")

    def cancel(done: int, total: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        back_up(away / "a.db", cancel)
    assert names(away) == ["a.db"] and sha(away / "a.db") == good
    assert not file.database.in_transaction()
    assert back_up(away / "a.db").counts["place"] == 3


def test_a_place_that_cannot_be_written_is_told(file: DataFile, away: Path, tmp_path: Path) -> None:
    fill()
    (away / "a.db").mkdir()
    (away / "a.db" / "x").touch()
    for to, words in [(tmp_path / "拔出的U盘" / "a.db", "U 盘可能已经拔出"), (away / "a.db", "没有备份到")]:
        with pytest.raises(Trouble, match=words) as told:
            back_up(to)
        assert str(to) in str(told.value)
    assert names(away) == ["a.db"]


def test_a_full_stick_leaves_what_was_there(sqlite: DataFile, away: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(away)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk")
    try:
        fill()
        good = sha(back_up(away / "a.db").path)
        fill_more = [{"name": f"村{number}", "level": "2", "note": "长" * 300} for number in range(3000)]
        with operation("很多"):
            put_all(Place, fill_more)
        with pytest.raises(Trouble, match=r"没有备份到“.*a\.db”：磁盘已满"):
            back_up(away / "a.db")
        assert names(away) == ["a.db"] and sha(away / "a.db") == good
    finally:
        subprocess.run(["umount", "-l", away], check=True)


def test_a_copy_that_is_not_the_same_is_not_kept(file: DataFile, away: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill()

    def lose(path: Path) -> None:
        lying = sqlcipher3.connect(str(path))
        lying.execute("UPDATE person SET name = '改' WHERE id = (SELECT max(id) FROM person)")
        lying.commit()
        lying.close()

    monkeypatch.setattr(transfer, "flush", lose)
    with pytest.raises(Trouble, match="不一致"):
        back_up(away / "a.db")
    assert names(away) == []


def test_a_backup_onto_the_file_itself_or_inside_an_operation_is_refused(sqlite: DataFile) -> None:
    fill()
    before = history.facts_hash()
    with pytest.raises(Trouble, match="不能备份到正在使用的数据文件本身"):
        back_up(Path(sqlite.place))
    with pytest.raises(RuntimeError), operation("x"):
        back_up(Path(sqlite.place).with_name("b.db"))
    assert history.facts_hash() == before


# --- looking at one ---


def test_looking_changes_nothing(file: DataFile, away: Path) -> None:
    fill()
    made = back_up(away / "a.db")
    before = sha(made.path), names(away)
    assert look_at(made.path) == made
    (listed,) = list_backups(away)
    assert (listed.counts, listed.fault) == (made.counts, "")
    assert (sha(made.path), names(away)) == before


def test_a_plain_copy_of_a_closed_data_file_can_be_looked_at_and_stays_as_it_is(sqlite: DataFile, away: Path) -> None:
    fill()
    digest = history.facts_hash()
    sqlite.close()
    shutil.copy(sqlite.place, away / "抄来的.db")
    before = sha(away / "抄来的.db")
    assert look_at(away / "抄来的.db").facts_hash == digest
    assert names(away) == ["抄来的.db"] and sha(away / "抄来的.db") == before


def spoil(kind: str, path: Path) -> None:
    content = bytearray(path.read_bytes())
    if kind == "header":
        content[0:16] = b"PK\x03\x04" * 4
    elif kind == "short":
        del content[len(content) // 2 :]
    elif kind == "page":
        content[8 * 4096 : 9 * 4096] = os.urandom(4096)
    elif kind == "empty":
        content.clear()
    else:
        marks = {"foreign": "PRAGMA application_id = 7", "newer": "INSERT INTO migration VALUES (99, '9999_later', '')"}
        plain = sqlcipher3.connect(str(path))
        plain.execute(marks.get(kind, "UPDATE person SET household_id = 5"))
        plain.commit()
        plain.close()
        return
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("header", "已损坏"), ("short", "已损坏"), ("page", "已损坏"), ("links", "已损坏"), ("empty", "没有台账内容"),
        ("foreign", "不是连心台账的数据文件"), ("newer", "请先升级程序"), ("missing", "没有找到备份"),
    ],
)  # fmt: skip
def test_a_bad_backup_is_refused_before_anything_is_touched(
    sqlite: DataFile, away: Path, kind: str, words: str
) -> None:
    fill()
    made = back_up(away / "坏.db").path
    spoil(kind, made) if kind != "missing" else made.unlink()
    one_more("新乡")
    before, there = history.facts_hash(), names(Path(sqlite.place).parent)
    for ask in (look_at, lambda path: restore(path, sqlite.place)):
        with pytest.raises(Trouble, match=words) as told:
            ask(made)
        assert "坏" in str(told.value)
    assert history.facts_hash() == before and names(Path(sqlite.place).parent) == there
    if kind not in ("page", "links", "missing"):  # those only the whole examination finds
        (listed,) = list_backups(away)
        assert words in listed.fault


# --- bringing one back ---


def test_restore_brings_back_everything_and_keeps_what_was_there(file: DataFile, away: Path, tmp_path: Path) -> None:
    fill()
    made = back_up(away / "a.db")
    one_more("后来的乡")
    later, counts = history.facts_hash(), transfer.counts(file)
    untouched, told = sha(made.path), list[frozenset[str]]()
    file.news.append(told.append)
    kept = tmp_path / "服务器备份" if file.is_server else None
    said = restore(made.path, file.place, kept)
    assert "已恢复" in said and "户 1、人员 30" in said and "恢复前" in said
    assert history.facts_hash() == made.facts_hash and transfer.counts(file) == made.counts
    assert not history.strangers() and scans.content(scans.name_of(PNG)) == PNG
    assert sha(made.path) == untouched and names(away) == ["a.db"]
    assert told and "person" in told[0]
    (before,) = list_backups(kept or tmp_path / "备份")
    assert before.path.name.endswith("-恢复前.db") and before.counts == counts
    one_more("还能写")
    restore(before.path, file.place, kept)
    assert history.facts_hash() == later


def test_what_one_database_wrote_the_other_takes(request: pytest.FixtureRequest, file: DataFile, away: Path) -> None:
    """From a file to a server, and from a server to a file."""
    fill()
    made = back_up(away / "a.db")
    if file.is_server:
        place = str(away / "新的.db")
    else:
        server = request.getfixturevalue("server")
        server.psql("CREATE DATABASE book_taken;")
        place = server.get_uri("book_taken")
    said = restore(made.path, place, away / "备份")
    assert "恢复前" not in said, "there was nothing before"
    other = DataFile(place)
    with standing(other, who="测试员", day=here().day):
        assert history.facts_hash() == made.facts_hash and transfer.counts(other)["change"] == made.counts["change"]
        one_more("还能写")
        other.close()


def test_restore_beside_an_open_window_that_reads(sqlite: DataFile, away: Path) -> None:
    fill()
    made = back_up(away / "a.db")
    one_more("后来的乡")
    window = DataFile(sqlite.place)
    with window.reading():
        assert window.run("SELECT count(*) FROM place").fetchone()[0] == 3
        restore(made.path, sqlite.place)
        assert window.run("SELECT count(*) FROM place").fetchone()[0] == 3
    assert window.run("SELECT count(*) FROM place").fetchone()[0] == 2
    window.close()


def test_restore_waits_for_a_writer_and_then_tells(
    sqlite: DataFile, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill()
    made = back_up(away / "a.db")
    monkeypatch.setattr(backup, "DataFile", lambda place: DataFile(place, wait=0.2))
    other = DataFile(sqlite.place)
    before = history.facts_hash()
    with other.writing(), pytest.raises(Trouble, match="正在被另一个窗口或命令写入"):
        restore(made.path, sqlite.place)
    other.close()
    assert history.facts_hash() == before


def test_a_cancelled_restore_changes_nothing(file: DataFile, away: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "PAGES", 10)
    fill()
    made = back_up(away / "a.db")
    one_more("后来的乡")
    before, steps = history.facts_hash(), 0

    def count(done: int, total: int, text: str) -> None:
        nonlocal steps
        steps += 1
        if steps == most:
            raise Cancelled

    most = 0
    restore(made.path, file.place, away / "备份", count)
    restore(list_backups(away / "备份")[0].path, file.place, away)
    assert history.facts_hash() == before
    for most in range(steps, 0, -max(1, steps // 4)):
        steps = 0
        with pytest.raises(Cancelled):
            restore(made.path, file.place, away / "备份", count)
        assert steps == most and history.facts_hash() == before and not history.strangers()


def test_a_damaged_data_file_is_set_aside_and_replaced(sqlite: DataFile, away: Path) -> None:
    fill(300)
    made = back_up(away / "a.db")
    sqlite.close()
    place = Path(sqlite.place)
    spoil("header", place)
    damaged = sha(place)
    place.with_name("book.db-wal").write_bytes(b"left over")
    said = restore(made.path, place)
    assert "损坏.db" in said
    kept = [path for path in (place.parent / "备份").iterdir() if path.suffix == ".db"]
    assert [sha(path) for path in kept] == [damaged]
    assert history.facts_hash() == made.facts_hash and not history.strangers()


def test_a_file_that_is_not_ours_is_not_replaced(sqlite: DataFile, away: Path, tmp_path: Path) -> None:
    fill()
    made = back_up(away / "a.db")
    foreign = tmp_path / "别人的.db"
    shutil.copy(made.path, foreign)
    spoil("foreign", foreign)
    before = sha(foreign)
    with pytest.raises(Trouble, match="不是连心台账的数据文件"):
        restore(made.path, foreign)
    assert sha(foreign) == before
    with pytest.raises(Trouble, match="就是要恢复的数据文件本身"):
        restore(Path(sqlite.place), sqlite.place)


def test_a_backup_of_an_older_program_walks_the_same_road(
    file: DataFile, away: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill()
    made = back_up(away / "旧.db")
    later = tmp_path / "migrations"
    shutil.copytree(upgrade_of_models.MIGRATIONS, later)
    (later / "9000_more.py").write_text(
        "def up(migrator, db):\n    db.execute_sql(\"ALTER TABLE place ADD COLUMN more TEXT DEFAULT 'x'\")\n"
    )
    for module in (upgrade_of_models, transfer):
        monkeypatch.setattr(module, "MIGRATIONS", later)
    assert pending(file) == ["9000_more"]
    before = automatic("upgrade", away)
    upgrade(file)
    with transfer.opened(before) as copy:
        assert pending(copy) == ["9000_more"] and history.facts_hash() == made.facts_hash
    restore(made.path, file.place, away)
    if not file.is_server:
        assert history.facts_hash() == made.facts_hash and upgrade(file) == ["9000_more"]
    assert pending(file) == [] and file.run("SELECT more, count(*) FROM place GROUP BY more").fetchall() == [("x", 2)]


# --- by itself ---


def test_automatic_backups_lie_beside_the_file_under_its_name(file: DataFile, away: Path, tmp_path: Path) -> None:
    fill()
    folder = away if file.is_server else tmp_path / "备份"
    stem = file.name if file.is_server else "book"
    made = [automatic(reason, away if file.is_server else None) for reason in ("exit", "import", "upgrade", "restore")]
    assert len({path.name for path in made}) == 4, "also within one second"
    for path, word in zip(made, ["退出", "导入前", "升级前", "恢复前"], strict=True):
        assert path.parent == folder and path.name.startswith(f"{stem}-20") and path.name.endswith(f"-{word}.db")
        assert look_at(path).facts_hash == history.facts_hash()
    assert [facts.path for facts in list_backups(folder)] == made[::-1]
    assert abs(datetime.now() - list_backups(folder)[0].made_at) < timedelta(minutes=2)


def test_thinning_takes_only_automatic_backups_of_this_file(sqlite: DataFile, tmp_path: Path) -> None:
    fill()
    folder = tmp_path / "备份"
    folder.mkdir()
    others = ["另一乡-2001-01-01-000000-退出.db", "book-2001-01-01-000000-我的.db", "book-年终.db", "book-2001-损坏.db"]
    for name in [*others, "book-2001-01-01-000000-退出.db", "book-2001-01-01-000001-退出.db.part"]:
        (folder / name).touch()
    made = automatic("exit")
    assert set(names(folder)) == {*others, made.name}


def test_to_keep_by_example() -> None:
    now = datetime(2026, 11, 21, 17, 30)
    today = [now - timedelta(minutes=10 * number) for number in range(30)]
    days = [now - timedelta(days=number, hours=hour) for number in range(2, 60) for hour in (0, 3)]
    years = [datetime(2023, month, 15, 9) for month in range(1, 13)]
    kept = to_keep([*today, *days, *years], now)
    assert set(today[:20]) <= kept and not kept & set(today[20:])
    assert {now - timedelta(days=number) for number in range(2, 31)} <= kept
    assert (
        not {moment for moment in kept if (moment.year, moment.month) == (2026, 10)}
        - {
            *(now - timedelta(days=number) for number in range(2, 31)),
        }
        | {datetime(2026, 10, 31, 17, 30)} - kept
    )
    assert not kept & set(years)
    assert to_keep(years, now) == {years[-1]}, "the newest of all stays in any case"


MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2026, 12, 31)).map(lambda moment: moment.replace(microsecond=0))


@given(st.lists(MOMENTS, min_size=1, max_size=60), MOMENTS)
def test_to_keep_in_general(moments: list[datetime], now: datetime) -> None:
    kept = to_keep(moments, now)
    assert max(moments) in kept and kept <= set(moments)
    past = [moment for moment in moments if moment <= now]
    for moment in past:
        if (now.date() - moment.date()).days <= 30:
            assert any(other.date() == moment.date() for other in kept)
    assert to_keep(list(kept), now) == kept, "thinning twice takes no more"
