"""The history: what every operation changed, and rows that do not follow from it."""

from __future__ import annotations

from datetime import date

from app.models.database import DataFile
from app.models.here import standing
from app.models.history import (
    HistoryLine,
    changes_of,
    changes_to,
    facts_hash,
    last_number,
    records,
    replay,
    strangers,
    tables_since,
)
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import put_all
from app.models.upgrade import upgrade


def test_every_operation_leaves_its_line_and_its_images(file: DataFile) -> None:
    place = Place(name="牛街村", level="2")
    assert (last_number(), tables_since(0)) == (0, frozenset())
    with operation("登记村"):
        place.save()
    with standing(who="李四", day=date(2026, 12, 1)), operation("改名"):
        place.name = "老街村"
        place.save()
    with operation("删除"):
        place.remove()
    assert [
        (line.id, line.title, line.who, str(line.day), line.changes)
        for line in HistoryLine.select().order_by(HistoryLine.id)
    ] == [
        (1, "登记村", "测试员", "2026-11-21", 1),
        (2, "改名", "李四", "2026-12-01", 1),
        (3, "删除", "测试员", "2026-11-21", 1),
    ]
    first = {"id": place.id, "name": "牛街村", "level": "2"}
    second = first | {"name": "老街村"}
    assert changes_to(place.id) == [(1, None, first), (2, first, second), (3, second, None)]
    assert changes_of(2) == [("place", place.id, 2, first, second)]
    assert (tables_since(0), tables_since(3)) == ({"place"}, frozenset())


def test_rows_written_past_the_doors_are_strangers(file: DataFile) -> None:
    with operation("登记"):
        keys = put_all(Place, [{"name": name, "level": "2"} for name in ("甲", "乙", "丙", "丁")])
    assert strangers() == []
    file.run("UPDATE place SET name = '别名' WHERE id = ?", (keys[0],))
    file.run("DELETE FROM place WHERE id = ?", (keys[1],))
    file.run("INSERT INTO place (id, rev, name, level) VALUES (7, 1, '戊', '2')")
    assert sorted(strangers()) == sorted([("place", keys[0]), ("place", keys[1]), ("place", 7)])


def test_a_replay_stands_on_the_day_of_each_operation(sqlite: DataFile, tmp_path: object) -> None:
    """Who left last month was gone when the new head was entered; a replay on an earlier day must not refuse that."""
    with operation("登记"):
        (place,) = put_all(Place, [{"name": "牛街乡", "level": "2"}])
        (home,) = put_all(Household, [{"number": "1", "village": place}])
        facts = {"household": home, "relation": "02", "no_id_reason": "5"}
        put_all(
            Person, [{**facts, "name": "杨一", "until": date(2026, 11, 1), "leaving": "1"}, {**facts, "name": "杨二"}]
        )
    copy = DataFile(f"{tmp_path}/copy.db")
    upgrade(copy)
    with standing(day=date(2026, 1, 1)):
        replay(copy)
    expected = facts_hash()
    with standing(copy, who="测试员"):
        assert facts_hash() == expected and last_number() == last_number()
    copy.close()


def test_every_record_is_known_by_its_table() -> None:
    assert all(record._meta.table_name == table for table, record in records().items())
    assert list(records()) == sorted(records()) and {"person", "help_record", "certificate"} <= records().keys()
