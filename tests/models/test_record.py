"""The three doors: what they refuse, what they notice, what they leave behind, the same on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from app.models import query
from app.models.conditions import read
from app.models.database import DataFile
from app.models.dates import PartialDate
from app.models.faults import Fault, Reject, Stale
from app.models.help import HelpLine, HelpRecord
from app.models.here import here
from app.models.history import changes_of, facts, facts_hash, last_number, records
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import Record, put_all, referring, stored
from app.work.check import check
from tests.town import id_number

BORN = date(1955, 5, 12)
ID1, ID2 = id_number(BORN, 1), id_number(date(1990, 2, 3), 2)


def saved(row: Any) -> Any:
    with operation("登记"):
        row.save()
    return row


@pytest.fixture
def home(file: DataFile) -> Household:
    with operation("村组"):
        town = Place(name="牛街乡", level="2")
        town.save()
        village = Place(name="牛街村", level="3", parent=town)
        village.save()
        Place(name="大水村", level="3", parent=town).save()
        household = Household(number="02-0001", village=village)
        household.save()
    return household


def person(home: Any, **values: Any) -> Person:
    return Person(**{"name": "杨德福", "household": home, "relation": "02", "id_number": ID1} | values)


def sentences(action: Any) -> list[str]:
    """What is said when an operation refuses; nothing of it may be left."""
    before, number = facts_hash(), last_number()
    with pytest.raises(Reject) as refused, operation("登记"):
        action()
    assert (facts_hash(), last_number()) == (before, number), "a refused operation left something behind"
    return [fault.sentence for fault in refused.value.faults]


def places(action: Any) -> list[str]:
    with pytest.raises(Reject) as refused, operation("登记"):
        action()
    return [fault.path for fault in refused.value.faults]


# --- saving -----------------------------------------------------------------------------------------------------------


def test_a_row_is_kept_with_what_follows_from_it(home: Household) -> None:
    one = saved(person(home, telephone="13888880000"))
    assert one.rev == 1 and one.id > 0
    back = Person.by_key(one.id)
    assert (back.birth, back.sex, back.telephone, back.household_id) == (
        PartialDate(1955, 5, 12),
        one.sex,
        "13888880000",
        home.id,
    )
    image = stored(Person, [one.id])[one.id]
    assert image == {
        "id": one.id,
        "rev": 1,
        "name": "杨德福",
        "id_number": ID1,
        "birth": "1955-05-12",
        "sex": one.sex,
        "household_id": home.id,
        "relation": "02",
        "telephone": "13888880000",
    }
    assert one.image() == {name: value for name, value in image.items() if name != "rev"}


def test_images_hold_no_empty_values_and_only_text_and_whole_numbers(home: Household) -> None:
    saved(person(home, away=False, height=170, away_since=date(2026, 1, 1), note=None))
    ((table, _, rev, before, after),) = changes_of(last_number())
    assert (table, rev, before) == ("person", 1, None)
    assert after is not None and all(type(value) in (int, str) for value in after.values())
    assert after["away"] == 0 and after["away_since"] == "2026-01-01" and "note" not in after


def test_saving_what_did_not_change_writes_nothing(home: Household) -> None:
    one = saved(person(home))
    number = last_number()
    saved(Person.by_key(one.id))
    assert (last_number(), Person.by_key(one.id).rev) == (number, 1)


def test_rev_only_grows(home: Household) -> None:
    one, seen = saved(person(home)), [1]
    for telephone in ("13888880001", None, "13888880001"):
        one.telephone = telephone
        saved(one)
        seen.append(Person.by_key(one.id).rev)
    assert seen == [1, 2, 3, 4]


def test_a_row_cannot_be_written_outside_an_operation(home: Household) -> None:
    with pytest.raises(RuntimeError, match="outside an operation"):
        person(home).save()
    with pytest.raises(RuntimeError, match="outside an operation"):
        put_all(Person, [])
    with pytest.raises(RuntimeError, match="outside an operation"):
        home.remove()


def test_everything_wrong_is_said_at_once(home: Household) -> None:
    def wrong() -> None:
        Person(name="", household=home, height=5, since=date(2026, 1, 2), until=date(2026, 1, 1)).save()

    assert sentences(wrong) == [
        "5 不在范围内，请填 20 到 250 之间的整数。",
        "请填写姓名。",
        "请填写与户主关系。",
        "请填写公民身份号码；确实没有的，填其他证件或选无证原因。",
        "离开日期和离开原因要一起填写。",
        "结束日期 2026-01-01 早于开始日期 2026-01-02，请核对。",
    ]
    assert places(wrong) == ["height", "name", "relation", "id_number", "leaving", "until"]


@pytest.mark.parametrize(
    ("facts", "part"),
    [
        ({"id_number": ID1[:17]}, "少了 1 位"),
        ({"telephone": "123"}, "手机号"),
        ({"relation": "不是代码"}, "不是认得的"),
        ({"name": "张三（故）"}, "人员状态"),
        ({"note": "#N/A"}, "公式"),
        ({"name": "   "}, "请填写姓名"),
        ({"birth": PartialDate(2027)}, "在今天之后"),
        ({"document_number": "X1234567"}, "证件类型"),
    ],
)
def test_what_code_sets_is_judged_as_what_a_clerk_types(home: Household, facts: dict[str, Any], part: str) -> None:
    assert any(part in sentence for sentence in sentences(lambda: person(home, **facts).save()))


def test_what_code_sets_is_kept_as_its_field_reads_it(home: Household) -> None:
    one = saved(
        person(home, name=" 杨 德福 ", telephone="", note="  ", address="街心\n1 号", away_since="2026年1月2日")
    )
    back = Person.by_key(one.id)
    assert (back.name, back.telephone, back.note, back.address) == ("杨德福", None, None, "街心 1 号")
    assert back.away_since == one.away_since == date(2026, 1, 2)


def test_a_retired_code_stays_until_somebody_changes_it(home: Household) -> None:
    one = saved(person(home))
    here().file.run("UPDATE person SET relation = '01' WHERE id = ?", (one.id,))
    one = Person.by_key(one.id)
    one.telephone = "13888880000"
    saved(one)
    assert Person.by_key(one.id).relation == "01"


def test_a_link_made_before_its_row_was_saved_holds(file: DataFile) -> None:
    town = Place(name="牛街乡", level="2")
    village = Place(name="牛街村", level="3", parent=town)
    with operation("村组"):
        town.save()
        village.save()
    assert Place.by_key(village.id).parent_id == town.id


def test_a_row_that_is_gone_is_told(home: Household) -> None:
    with pytest.raises(Stale, match="已被删除"):
        Person.by_key(12345)


# --- two clerks -------------------------------------------------------------------------------------------------------


def test_the_second_clerk_sees_both_versions(home: Household) -> None:
    key = saved(person(home)).id
    mine, theirs = Person.by_key(key), Person.by_key(key)
    theirs.telephone, mine.address = "13888880001", "街心"
    saved(theirs)
    with pytest.raises(Stale) as stale, operation("修改"):
        mine.save()
    assert stale.value.mine["address"] == "街心" and "telephone" not in stale.value.mine
    assert stale.value.theirs is not None and stale.value.theirs["telephone"] == "13888880001"
    with pytest.raises(Stale) as stale, operation("删除"):
        mine.remove()
    assert stale.value.theirs is not None
    with pytest.raises(Stale) as stale, operation("导入"):
        put_all(Person, [{**mine.__data__, "rev": 1}])
    assert stale.value.mine["address"] == "街心" and stale.value.theirs is not None
    assert json.dumps(stale.value.mine) and json.dumps(stale.value.theirs), "images can be kept and shown"
    with operation("删除"):
        Person.by_key(key).remove()
    theirs.telephone = None
    for write in (theirs.save, theirs.remove):
        with pytest.raises(Stale) as stale, operation("修改"):
            write()
        assert stale.value.theirs is None


def test_a_failed_save_can_be_tried_again(home: Household) -> None:
    """What was typed is not lost: the same row saves once what was wrong is mended."""
    saved(person(home))
    twin = person(home, relation="60")
    assert len(sentences(twin.save)) == 1
    twin.id_number, twin.no_id_reason, twin.name = None, "5", "杨小妹"
    saved(twin)
    assert Person.by_key(twin.id).rev == twin.rev == 1
    twin.name = "杨德福"
    twin.birth, twin.id_number = PartialDate(1955, 5, 12), ID1
    sentences(twin.save)
    twin.id_number, twin.birth = ID2, None
    saved(twin)
    assert Person.by_key(twin.id).rev == twin.rev == 2


# --- duplicates -------------------------------------------------------------------------------------------------------


def doors() -> Iterator[Any]:
    yield "save", lambda record, row: record(**row).save()
    yield "put_all", lambda record, row: put_all(record, [row])


@pytest.mark.parametrize("door", [door for _, door in doors()], ids=[name for name, _ in doors()])
def test_no_door_makes_a_person_twice(home: Household, door: Any) -> None:
    saved(person(home))
    half = {"name": "普秀珍", "birth": PartialDate(1957), "household": home.id, "relation": "12", "no_id_reason": "5"}
    with operation("登记"):
        put_all(Person, [half])
    (said,) = sentences(
        lambda: door(Person, {"name": "另一名", "id_number": ID1, "household": home.id, "relation": "20"})
    )
    assert said == "已有公民身份号码相同的人员（990001**********1X），请打开那一条修改，不要重复登记。".replace(
        "1X", ID1[-2:]
    )
    (said,) = sentences(lambda: door(Person, dict(half)))
    assert said == "已有姓名、出生日期、行政村相同的人员（普秀珍 1957年），请打开那一条修改，不要重复登记。"
    elsewhere = Place.get(Place.name == "大水村")
    with operation("登记"):
        other = Household(number="02-0001", village=elsewhere)
        other.save()
        door(Person, {**half, "household": other.id})
        door(Person, {**half, "birth": PartialDate(1957, 3)})
        door(Person, {**half, "id_number": ID2})  # known by his number: another one, as far as anybody can tell


@pytest.mark.parametrize("door", [door for _, door in doors()], ids=[name for name, _ in doors()])
def test_no_door_makes_another_row_twice(home: Household, door: Any) -> None:
    one = saved(person(home))
    village, town = home.village, home.village.parent
    (said,) = sentences(lambda: door(Household, {"number": "02-0001", "village": village.id}))
    assert said.startswith("已有行政村、户编号相同的户（02-0001）")
    (said,) = sentences(lambda: door(Place, {"name": "牛街村", "level": "3", "parent": town.id}))
    assert said.startswith("已有上级、级别、名称相同的村组（村（社区） 牛街村）")
    help_ = saved(HelpRecord(kind="4", day=date(2026, 1, 1), subject="慰问"))
    line = {"help": help_.id, "person": one.id, "goods": "大米 1 袋"}
    with operation("登记"):
        door(HelpLine, dict(line))
        door(HelpLine, {**line, "goods": None})
        door(HelpLine, {**line, "goods": None})  # nothing to tell them apart by, so not called the same
    (said,) = sentences(lambda: door(HelpLine, dict(line)))
    assert said.startswith("已有品名及数量、帮扶记录、受助人相同的受助明细（大米 1 袋）")


def test_places_of_one_name_in_two_townships_are_two(home: Household) -> None:
    """What makes two the same compares the linked row, not what it is called."""
    with operation("村组"):
        other = Place(name="石门乡", level="2")
        other.save()
        namesake = Place(name="牛街村", level="3", parent=other)
        namesake.save()
        for village in (home.village_id, namesake.id):
            Place(name="一组", level="4", parent=village).save()
        second = Household(number="02-0001", village=namesake)
        second.save()
        half = {"name": "普秀珍", "birth": PartialDate(1957), "relation": "12", "no_id_reason": "5"}
        put_all(Person, [{**half, "household": home.id}, {**half, "household": second.id}])
    assert Place.select().where(Place.name == "一组").count() == 2


def test_twins_within_one_list_are_told_once(home: Household) -> None:
    rows = [
        {"name": name, "id_number": ID1, "household": home.id, "relation": relation}
        for name, relation in (("甲一", "02"), ("乙二", "12"), ("丙三", "20"))
    ]
    assert len(sentences(lambda: put_all(Person, rows))) == 1


def test_a_change_can_make_a_duplicate_too(home: Household) -> None:
    saved(person(home))
    other = saved(person(home, name="普秀珍", id_number=ID2, relation="12"))
    other.id_number = ID1
    assert len(sentences(other.save)) == 1


# --- checks over more than one row ------------------------------------------------------------------------------------


def test_a_household_has_one_head_by_every_door(home: Household) -> None:
    head = saved(person(home))
    wife = saved(person(home, name="普秀珍", id_number=ID2, relation="12"))
    wife.relation = "02"
    said = ["一户只能有一名户主，请先把原户主改为其他关系。"]
    assert sentences(wife.save) == said
    row = {"name": "杨一", "household": home.id, "relation": "02", "no_id_reason": "5"}
    assert sentences(lambda: put_all(Person, [row])) == said
    wife = Person.by_key(wife.id)
    with operation("变更户主"):  # only what stands at the end counts
        wife.relation = "02"
        wife.save()
        head.relation = "11"
        head.save()
    assert [row.name for row in Person.select().where(Person.relation == "02")] == ["普秀珍"]
    with operation("去世"):
        wife.until, wife.leaving = date(2026, 5, 1), "1"
        wife.save()
        put_all(Person, [row])


# --- removing ---------------------------------------------------------------------------------------------------------


def test_what_is_used_cannot_be_removed(home: Household) -> None:
    one = saved(person(home))
    assert list(referring(Household, home.id)) == ["人员"]
    assert set(referring(Place, home.village_id)) == {"户"}
    assert sentences(home.remove) == ["不能删除：还有人员用到它。"]
    with operation("删除"):
        one.remove()
        home.remove()
    assert list(referring(Household, home.id)) == [] and Household.select().count() == 0
    assert [(table, before is None, after) for table, _, _, before, after in changes_of(last_number())] == [
        ("person", False, None),
        ("household", False, None),
    ]


# --- locked -----------------------------------------------------------------------------------------------------------


def test_what_is_locked_is_judged_by_the_stored_row(home: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(row: Household) -> str | None:
        return "已审核，不能再改。" if row.note == "已审核" else None

    monkeypatch.setattr(Household, "locked", locked)
    home.note = "已审核"
    saved(home)  # the change that locks it is itself allowed
    home.note = None
    said = ["已审核，不能再改。"]
    assert sentences(home.save) == said
    assert sentences(lambda: put_all(Household, [{**home.__data__, "note": None}])) == said
    assert sentences(home.remove) == said
    assert Household.by_key(home.id).note == "已审核"


# --- many at once -----------------------------------------------------------------------------------------------------


def test_put_all_writes_new_and_changed_rows_in_one_go(home: Household) -> None:
    one = saved(person(home))
    rows = [
        {**one.__data__, "telephone": "13888880001"},
        {"name": "普秀珍", "household": home.id, "relation": "12", "id_number": ID2},
    ]
    with operation("导入"):
        keys = put_all(Person, rows)
    assert keys[0] == one.id and Person.by_key(keys[1]).birth == PartialDate(1990, 2, 3)
    assert [(change[1], change[2]) for change in changes_of(last_number())] == [(keys[1], 1), (keys[0], 2)]
    assert "id" not in rows[1], "the rows given are left as they are"
    with operation("再导入"):
        put_all(Person, [dict(Person.by_key(key).__data__) for key in keys])
    assert last_number() == 3, "nothing changed, nothing is written"


def test_put_all_refuses_with_every_fault_and_writes_nothing(home: Household) -> None:
    rows = [{"name": None, "household": home.id, "relation": "12"}, {"name": "杨一", "household": home.id}]
    assert len(sentences(lambda: put_all(Person, rows))) == 4
    assert Person.select().count() == 0


def test_the_same_row_twice_in_one_list_is_noticed(home: Household) -> None:
    one = dict(saved(person(home)).__data__)
    for rows in (
        [{**one, "telephone": "13888880001"}, {**one, "telephone": "13888880002"}],
        [{"id": 77, "number": "9", "village": home.village_id}, {"id": 77, "number": "10", "village": home.village_id}],
    ):
        record = Person if "name" in rows[0] else Household
        with pytest.raises(Stale), operation("导入"):
            put_all(record, rows)


# --- operations -------------------------------------------------------------------------------------------------------


def test_operations_nest_and_only_the_outermost_counts(home: Household, file: DataFile) -> None:
    news: list[frozenset[str]] = []
    file.news.append(news.append)
    number = last_number()
    with operation("外"):
        with operation("内"):
            one = person(home)
            one.save()
        assert last_number() == number and news == []
        with operation("内二"):
            Household(number="2", village=home.village_id).save()
    assert last_number() == number + 1 and len(changes_of(number + 1)) == 2
    assert file.run("SELECT title, who, day, changes FROM operation WHERE id = ?", (number + 1,)).fetchone() == (
        "外",
        "测试员",
        "2026-11-21",
        2,
    )
    assert news == [frozenset({"person", "household"})]


def test_an_operation_that_fails_leaves_nothing_and_tells_nobody(home: Household, file: DataFile) -> None:
    news: list[frozenset[str]] = []
    file.news.append(news.append)
    before, number = facts_hash(), last_number()
    with pytest.raises(ZeroDivisionError), operation("坏"):
        person(home).save()
        assert Person.select().count() == 1
        raise ZeroDivisionError
    with pytest.raises(Reject), operation("坏"):
        with operation("内"):
            person(home).save()
        raise Reject(Fault("", "不行。"))
    assert (facts_hash(), last_number(), news) == (before, number, [])
    assert file.run("SELECT count(*) FROM search").fetchone() == (0,)
    with operation("空"):
        pass
    assert (last_number(), news) == (number, []), "an operation that wrote nothing leaves no line"


def test_facts_and_their_hash_speak_of_every_record(home: Household) -> None:
    saved(person(home))
    assert {table for table, _ in facts()} == {"place", "household", "person"}
    assert set(records()) >= {"place", "household", "person", "help_line", "former_home", "own_ledger"}
    before = facts_hash()
    here().file.run("UPDATE person SET rev = 9")
    assert facts_hash() == before, "how often a row was saved is no fact"
    here().file.run("UPDATE person SET note = 'x'")
    assert facts_hash() != before


def test_both_databases_keep_the_same_images(file: DataFile) -> None:
    """Said once, true on both: the hash of the very same facts is the same text."""
    rows: list[tuple[type[Record], dict[str, Any]]] = [
        (Place, {"id": 1, "name": "牛街乡", "level": "2"}),
        (Household, {"id": 2, "number": "1", "village": 1, "since": date(2020, 2, 29)}),
        (
            Person,
            {
                "id": 3,
                "name": "𠮷祥",
                "household": 2,
                "relation": "02",
                "birth": PartialDate(1963, 5),
                "no_id_reason": "5",
                "away": True,
            },
        ),
    ]
    with operation("登记"):
        for record, row in rows:
            put_all(record, [row])
    assert facts_hash() == "999b88b8defb0fc661a1dc7cfb0c2442d8992326971c98e851a77da99d59114d"


# --- a group in another village ---------------------------------------------------------------------------------------


def test_a_group_of_another_village_is_refused_and_found_by_the_check_up(home: Household) -> None:
    village, other = Place.get(Place.name == "牛街村"), Place.get(Place.name == "大水村")
    with operation("组"):
        ours, theirs = put_all(Place, [{"name": "一组", "level": "4", "parent": one.id} for one in (village, other)])

    def into(group: int, **more: Any) -> Any:
        row = Household.by_key(home.id)
        row.group = group
        for name, value in more.items():
            setattr(row, name, value)
        return row.save

    wrong = "村民小组不属于这户的行政村，请改选本村的小组，或核对行政村。"
    assert sentences(into(theirs)) == [wrong]
    with operation("改组"):
        into(ours)()
    assert sentences(into(ours, village=other)) == [wrong]
    with operation("改村"):
        into(theirs, village=other)()
    assert not [sentence for sentence in check() if wrong in sentence]
    with operation("组改属"):  # the group itself goes to the other village: the household was not touched
        row = Place.by_key(theirs)
        row.parent, row.name = village, "三组"
        row.save()
    assert [sentence for sentence in check() if wrong in sentence] == [f"户“户编号 {home.number}”：{wrong}"]
    assert query.count(Household, read("小组不在本村 = 是", Household)) == 1
