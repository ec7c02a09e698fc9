"""New places, new names and merged villages: today, and as the lists stood the day before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app.ledgers.listing import Listing
from app.ledgers.people import households, persons, places
from app.models.conditions import read
from app.models.database import DataFile
from app.models.faults import Reject
from app.models.history import facts_hash, last_number, strangers
from app.models.operation import operation
from app.models.people import FormerHome, Household, Person
from app.models.places import FormerPlace, Place
from app.work import people
from app.work.places import (
    add_below,
    add_groups,
    add_villages,
    found_township,
    has_ended,
    merge_villages,
    no_village,
    rename_village,
)  # fmt: skip
from app.work.undo import undo

DAY = date(2026, 5, 10)
BEFORE = DAY - timedelta(days=1)


@pytest.fixture
def town(file: DataFile) -> dict[str, int]:
    """Two villages, each with a 一组; households 1 (in 牛街村一组, known since 2020), 2 (牛街村) and 2 (大水村)."""
    found_township("某县", "牛街乡", ["牛街村", "大水村"], {"牛街村": ["一组", "二组"], "大水村": ["一组"]})
    found = {place.name: place.id for place in Place.select()}
    found["一组"] = Place.get((Place.name == "一组") & (Place.parent == found["牛街村"])).id
    with operation("登记户"):
        for name, number, village, group, since in (
            ("杨甲", "1", "牛街村", "一组", date(2020, 1, 1)), ("杨乙", "2", "牛街村", None, None),
            ("李丙", "2", "大水村", None, None),
        ):  # fmt: skip
            home = Household(number=number, village=found[village], group=found.get(group or ""), since=since)
            home.save()
            Person(name=name, household=home, relation="02", no_id_reason="9", since=since).save()
    return found


def told(verb: Callable[..., str], *keys: int, **answers: Any) -> str:
    """Do it, undo it, see that nothing is left of it, and do it again."""
    before = facts_hash()
    verb(list(keys), **answers)
    assert facts_hash() != before
    undone = undo(last_number())
    assert (undone.left, facts_hash()) == ((), before)
    sentence = verb(list(keys), **answers)
    assert strangers() == []
    return sentence


def refused(verb: Callable[..., str], *arguments: Any, **answers: Any) -> str:
    before = facts_hash()
    with pytest.raises(Reject) as caught:
        verb(*arguments, **answers)
    assert facts_hash() == before
    return str(caught.value)


def stood(day: date | None = None, where: str = "") -> dict[str, tuple[str, ...]]:
    """Persons of a day: name → (village, group, household number)."""
    paths = ("name", "household.village", "household.group", "household.number")
    listing = Listing(persons, read(where, Person)).but(day=day, columns=tuple(map(persons.column, paths)))
    return {row[0]: row[1:] for row in listing.cells(listing.keys())}


def named(day: date | None = None, level: str = "村") -> list[str]:
    listing = Listing(places, read(f"级别 = {level}", Place)).but(day=day)
    return sorted(row[0] for row in listing.cells(listing.keys()))


def test_a_township_is_founded_in_one_operation(town: dict[str, int]) -> None:
    assert Place.by_key(town["大水村"]).parent.name == "牛街乡"
    assert Place.by_key(town["大水村"]).parent.parent.name == "某县"
    assert (named(), len(named(level="组"))) == (["大水村", "牛街村"], 3)
    assert "已经建立" in refused(found_township, "某县", "牛街乡", ["新村"])
    assert "写了两次" in refused(found_township, "某县", "另一乡", ["新村", "新村"])
    assert "村名单里没有它" in refused(found_township, "某县", "另一乡", ["新村"], {"旧村": ["一组"]})
    assert "1 个村" in found_township("某县", "另一乡", ["大水村"])  # another township may have a village of that name
    assert Place.select().where(Place.name == "某县").count() == 1


def test_villages_and_groups_are_added(town: dict[str, int]) -> None:
    assert add_villages(town["牛街乡"], ["新村"]) == "牛街乡增加了 1 个村：新村。"
    assert "2 个组：三组、四组" in told(add_below, town["大水村"], names="三组\n四组", since=DAY)
    assert named(level="组") == ["一组", "一组", "三组", "二组", "四组"]
    assert named(BEFORE, "组") == ["一组", "一组", "二组"]
    assert "已有“新村”" in refused(add_villages, town["牛街乡"], ["新村"])
    assert "不能在二组下增加组" in refused(add_groups, town["二组"], ["一组"])
    assert "写了两次" in refused(add_groups, town["牛街村"], ["九组", "九组"])


def test_a_village_gets_another_name(town: dict[str, int]) -> None:
    told(rename_village, town["牛街村"], day=DAY, name="牛街社区", reason="村改居")
    assert (stood()["杨甲"][0], stood(BEFORE)["杨甲"][0]) == ("牛街社区", "牛街村")
    assert (named(), named(BEFORE)) == (["大水村", "牛街社区"], ["大水村", "牛街村"])
    assert set(stood(where="行政村 = 牛街村")) == {"杨甲", "杨乙"} == set(stood(where="行政村 = 牛街社区"))
    told(rename_village, town["牛街村"], day=DAY, name="牛街镇社区")  # mended on the same day
    assert FormerPlace.select().count() == 1
    told(rename_village, town["牛街村"], day=date(2026, 8, 1), name="新牛街")
    assert [stood(day)["杨甲"][0] for day in (BEFORE, DAY, date(2026, 8, 1))] == ["牛街村", "牛街镇社区", "新牛街"]
    assert "已有变动" in refused(rename_village, [town["牛街村"]], day=DAY, name="早村")
    assert "已经叫这个名字" in refused(rename_village, [town["大水村"]], day=DAY, name="大水村")
    assert "已有" in refused(rename_village, [town["大水村"]], day=DAY, name="新牛街")


def test_villages_merge(town: dict[str, int]) -> None:
    sentence = told(merge_villages, town["牛街村"], day=DAY, into=town["大水村"])
    assert "牛街村 2 户（1 户编号重复，已换新号）" in sentence
    assert stood() == {
        "杨甲": ("大水村", "一组", "1"), "杨乙": ("大水村", "", "3"), "李丙": ("大水村", "", "2"),
    }  # fmt: skip
    assert {name: place[:2] for name, place in stood(BEFORE).items()} == {
        "杨甲": ("牛街村", "一组"), "杨乙": ("牛街村", ""), "李丙": ("大水村", ""),
    }  # fmt: skip
    assert (named(), named(BEFORE)) == (["大水村"], ["大水村", "牛街村"])
    assert (named(level="组"), named(BEFORE, "组")) == (["一组", "二组"], ["一组", "一组", "二组"])
    assert Place.by_key(town["二组"]).merged_into.parent.id == town["大水村"]
    assert set(stood(BEFORE, "行政村 = 牛街村")) == {"杨甲", "杨乙"}
    counted = Listing(households, read("行政村 = 大水村", Household))
    assert (counted.count(), counted.but(day=BEFORE).count()) == (3, 1)
    assert (Listing(households).but(day=date(2019, 12, 31)).count(), "杨甲" in stood(date(2019, 12, 31))) == (2, False)
    assert "前户编号 2" in Household.get(Household.number == "3").note


def test_a_merge_leaves_alone_what_had_ended(town: dict[str, int]) -> None:
    home = Household.get(Household.number == "1")
    people.record_death([Person.get(Person.name == "杨甲").id], day=date(2026, 2, 1))
    told(merge_villages, town["牛街村"], day=DAY, into=town["大水村"])
    assert not FormerHome.select().where(FormerHome.household == home.id).exists()
    assert Household.by_key(home.id).village.id == town["牛街村"]
    assert stood(date(2026, 1, 31))["杨甲"][0] == "牛街村"
    assert "杨甲" not in stood(date(2026, 2, 1))
    people.move_out([Person.get(Person.name == "杨乙").id], day=date(2026, 6, 1))
    people.come_back([Person.get(Person.name == "杨乙").id], day=date(2026, 7, 1))
    assert [stood(day).get("杨乙", ("",))[0] for day in (BEFORE, DAY, date(2026, 6, 15), date(2026, 7, 1))] == [
        "牛街村", "大水村", "", "大水村",
    ]  # fmt: skip


def test_a_household_that_ended_in_a_village_of_old_comes_back_to_the_new_one(town: dict[str, int]) -> None:
    second = Person.get(Person.name == "杨乙").id
    people.move_out([second], day=date(2026, 2, 1))
    merge_villages([town["牛街村"]], day=DAY, into=town["大水村"])
    told(people.come_back, second, day=date(2026, 7, 1))
    assert stood()["杨乙"] == ("大水村", "", "3")
    assert stood(date(2026, 1, 31))["杨乙"][0] == "牛街村"
    assert "杨乙" not in stood(date(2026, 6, 30))
    assert Listing(households).but(day=date(2026, 6, 30)).count() == 2


def test_merges_that_cannot_be(town: dict[str, int]) -> None:
    assert "两个不同的村" in refused(merge_villages, [town["大水村"]], day=DAY, into=town["大水村"])
    assert "两个不同的村" in refused(merge_villages, [town["二组"]], day=DAY, into=town["大水村"])
    assert "在今天之后" in refused(merge_villages, [town["牛街村"]], day=date(2027, 1, 1), into=town["大水村"])
    assert "不能比它早" in refused(merge_villages, [town["牛街村"]], day=date(2019, 1, 1), into=town["大水村"])
    assert "不是村" in (no_village([town["二组"]]) or "")
    assert no_village([town["牛街村"]]) is None
    merge_villages([town["牛街村"]], day=DAY, into=town["大水村"])
    assert "已于 2026-05-10 撤销" in refused(merge_villages, [town["大水村"]], day=DAY, into=town["牛街村"])
    assert "已于 2026-05-10 撤销" in (has_ended([town["牛街村"]]) or "")
