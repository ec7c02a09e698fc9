"""The road of the schema: what the program declares is what a file has; strange and newer files are left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.models.database import APPLICATION_ID, DataFile
from app.models.faults import Trouble
from app.models.fields import Link
from app.models.here import standing
from app.models.history import NOTES_OF_THE_DESK, HistoryLine, records
from app.models.upgrade import MIGRATIONS, pending, upgrade


def test_tables_are_what_the_records_declare(file: DataFile) -> None:
    tables = {name for name in file.database.get_tables() if not name.startswith("search_words")}
    assert tables == records().keys() | set(NOTES_OF_THE_DESK)
    for record in [*records().values(), HistoryLine]:
        columns = {column.name: column for column in file.database.get_columns(record._meta.table_name)}
        declared = {field.column_name: field for field in record._meta.sorted_fields}
        assert columns.keys() == declared.keys(), record.__name__
        for name, field in declared.items():
            assert columns[name].null == (field.null and name != "id"), f"{record.__name__}.{name}"
            kind, wanted = columns[name].data_type.upper(), type(field)
            numeric = issubclass(wanted, Link) or getattr(field, "field_type", "") in ("SMALLINT", "INTEGER", "BIGINT")
            assert ("TEXT" in kind) == (not numeric and name not in ("id", "rev")), (
                f"{record.__name__}.{name} is {kind}"
            )


def test_every_link_is_kept_by_the_database_and_has_an_index(file: DataFile) -> None:
    for record in records().values():
        table = record._meta.table_name
        kept = {(key.column, key.dest_table) for key in file.database.get_foreign_keys(table)}
        begins = {index.columns[0] for index in file.database.get_indexes(table)}
        for fact in record.facts().values():
            if isinstance(fact, Link):
                assert (fact.column_name, fact.rel_model._meta.table_name) in kept, f"{table}.{fact.name}"
                assert fact.column_name in begins, f"{table}.{fact.name} has no index"
            elif fact.index:
                assert fact.column_name in begins, f"{table}.{fact.name} has no index"


def test_text_is_ordered_by_code_point_and_keys_are_wide(file: DataFile) -> None:
    file.run("INSERT INTO place (id, rev, name, level) VALUES (?, 1, ?, '2')", (2**63 - 1, "b"))
    for number, name in enumerate(("a", "Z", "一", "𠮷", "é", "10", "9")):
        file.run("INSERT INTO place (id, rev, name, level) VALUES (?, 1, ?, '2')", (number, name))
    ordered = [row[0] for row in file.run("SELECT name FROM place ORDER BY name")]
    assert ordered == sorted(ordered) == ["10", "9", "Z", "a", "b", "é", "一", "𠮷"]


def test_a_file_is_upgraded_once(file: DataFile) -> None:
    assert pending(file) == [] and upgrade(file) == []
    names = sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))
    assert [row[0] for row in file.run("SELECT name FROM migration ORDER BY name")] == names
    if not file.is_server:
        assert file.run("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert file.run("PRAGMA user_version").fetchone() == (len(names),)


def test_a_file_of_a_newer_program_is_left_alone(file: DataFile) -> None:
    file.run("UPDATE migration SET name = '9999_from_tomorrow' WHERE name LIKE '0001%'")
    before = file.run("SELECT name FROM migration ORDER BY name").fetchall()
    with pytest.raises(Trouble, match="更新版本的连心台账建立的（9999_from_tomorrow）"):
        upgrade(file)
    assert file.run("SELECT name FROM migration ORDER BY name").fetchall() == before


def test_the_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "other.db"
    other = sqlite3.connect(place)
    other.execute("CREATE TABLE person (id INTEGER)")
    other.commit()
    other.close()
    before = place.read_bytes()
    file = DataFile(place)
    with standing(file, who="测试员"):
        for ask in (pending, upgrade):
            with pytest.raises(Trouble, match="不是连心台账的数据文件，没有改动它"):
                ask(file)
    assert file.database.get_tables() == ["person"]
    file.close()
    after = sqlite3.connect(place)
    assert after.execute("PRAGMA application_id").fetchone() == (0,)
    after.close()
    assert len(place.read_bytes()) == len(before)


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    place = tmp_path / "letter.db"
    place.write_text("尊敬的领导：" * 500, encoding="utf-8")
    file = DataFile(place)
    with standing(file, who="测试员"), pytest.raises(Trouble, match="不是连心台账的数据文件"):
        upgrade(file)
    file.close()
    assert place.read_text(encoding="utf-8") == "尊敬的领导：" * 500
