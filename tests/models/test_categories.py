"""Enrolments: what may stand beside what, parts read and saved with their row, and what a day shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.models import query
from app.models.categories import Category, CoveredPerson, Enrolment, Exclusion, LeftBehindChild, categories
from app.models.conditions import read
from app.models.database import DataFile
from app.models.dates import PartialDate
from app.models.faults import Reject
from app.models.here import today
from app.models.history import strangers
from app.models.operation import operation
from app.models.paths import resolve
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import put_all
from app.work.packs import bring_packs
from tests.town import id_number

BEGAN = date(2026, 3, 1)


@pytest.fixture
def people(file: DataFile) -> list[int]:
    with operation("登记"):
        (town,) = put_all(Place, [{"name": "牛街乡", "level": "2"}])
        (village,) = put_all(Place, [{"name": "牛街村", "level": "3", "parent": town}])
        (home,) = put_all(Household, [{"number": "01-0001", "village": village}])
        found = put_all(Person, [
            {"name": name, "household": home, "relation": relation, "id_number": id_number(date(1980 + at, 1, 2), at)}
            for at, (name, relation) in enumerate([("杨德福", "02"), ("杨小花", "30"), ("杨小明", "20")])
        ])  # fmt: skip
    bring_packs()
    return found


def enrol(person: int, category: str, since: date = BEGAN, **more: Any) -> int:
    with operation("纳入"):
        row = Enrolment(person=person, category=categories()[category], since=since, **more)
        row.save()
    key: int = row.id
    return key


def test_the_packs_come_once_and_leave_alone_what_the_office_changed(people: list[int]) -> None:
    number = Category.select().count()
    with operation("改"):
        own = Category.get(Category.code == "destitute")
        own.name = "特困供养人员"
        own.save()
    assert bring_packs() == "已载入 0 个对象类别、0 条互斥规定。"
    assert Category.select().count() == number > 15
    assert Category.get(Category.code == "destitute").name == "特困供养人员"


def test_nobody_is_twice_in_a_category_at_once_but_may_come_again(people: list[int]) -> None:
    first = enrol(people[0], "destitute")
    with pytest.raises(Reject, match="杨德福"):
        enrol(people[0], "destitute", BEGAN + timedelta(days=30))
    with operation("退出"):
        row = Enrolment.by_key(first)
        row.until, row.ending = date(2026, 6, 1), "3"
        row.save()
    enrol(people[0], "destitute", date(2026, 6, 1))
    with pytest.raises(Reject):
        enrol(people[0], "destitute", date(2026, 5, 31), until=date(2026, 6, 2), ending="3")
    assert strangers() == []


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ("minimum-living", "destitute", "不能同时纳入"),
        ("orphan", "unsupported", "不能同时纳入"),
        ("destitute", "orphan", "并存说明"),
        ("left-behind", "orphan", ""),
        ("left-behind", "disabled", ""),
    ],
)
def test_categories_that_exclude_each_other(people: list[int], first: str, second: str, refused: str) -> None:
    for one, other in ((first, second), (second, first)):
        for row in list(Enrolment.select()):
            with operation("删"):
                row.remove()
        enrol(people[1], one)
        if not refused:
            enrol(people[1], other)
            continue
        with pytest.raises(Reject, match=refused) as reject:
            enrol(people[1], other)
        assert "杨小花" in str(reject.value)
        enrol(people[2], other)  # somebody else may
    if refused == "并存说明":
        enrol(people[1], first, explained="就高不重复，已停发前一项")


def test_a_covered_member_is_excluded_too_and_only_while_both_stand(people: list[int]) -> None:
    key = enrol(people[0], "minimum-living")
    with operation("保障"):
        put_all(CoveredPerson, [{"enrolment": key, "person": people[1]}])
    with pytest.raises(Reject, match="杨小花"):
        enrol(people[1], "destitute")
    enrol(people[1], "destitute", BEGAN - timedelta(days=90), until=BEGAN, ending="4")


def test_the_dead_are_not_enrolled(people: list[int]) -> None:
    with operation("去世"):
        person = Person.by_key(people[1])
        person.until, person.leaving = date(2026, 2, 1), "1"
        person.save()
    with pytest.raises(Reject, match="杨小花已于 2026-02-01 离开或去世"):
        enrol(people[1], "left-behind")
    enrol(people[1], "left-behind", date(2025, 1, 1), until=date(2026, 2, 1), ending="1")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"until": date(2026, 1, 1), "ending": "3"}, "早于"),
        ({"until": date(2026, 4, 1)}, "一起填写"),
        ({"since": today() + timedelta(days=1)}, "在今天之后"),
        ({"category": None}, "请填写对象类别"),
    ],
)
def test_bad_input_gets_a_sentence(people: list[int], facts: dict[str, Any], sentence: str) -> None:
    row = {"person": people[0], "category": categories()["orphan"], "since": BEGAN} | facts
    with pytest.raises(Reject, match=sentence), operation("纳入"):
        Enrolment(**row).save()


def test_a_part_is_read_filtered_sorted_and_goes_with_its_row(people: list[int]) -> None:
    keys = [enrol(person, "left-behind") for person in people]
    with operation("专项"):
        put_all(LeftBehindChild, [
            {"enrolment": keys[0], "school": "牛街中学"}, {"enrolment": keys[2], "school": "大水小学", "kind": "2"},
        ])  # fmt: skip
    path = resolve(Enrolment, "child.school")
    assert query.rows(Enrolment, [path], keys) == [("牛街中学",), (None,), ("大水小学",)]
    assert list(query.keys(Enrolment, read("就读学校 含 小学", Enrolment))) == [keys[2]]
    assert list(query.keys(Enrolment, read("就读学校 为空", Enrolment))) == [keys[1]]
    assert list(query.keys(Enrolment, order=("child.school",))) == [keys[1], keys[2], keys[0]]
    with pytest.raises(Reject, match="留守情况"), operation("专项"):
        put_all(LeftBehindChild, [{"enrolment": keys[0], "school": "另一所"}])
    with operation("删"):
        Enrolment.by_key(keys[0]).remove()
    assert [row.school for row in LeftBehindChild.select()] == ["大水小学"] and strangers() == []


def test_an_exclusion_is_not_said_again_the_other_way_round(people: list[int]) -> None:
    first, second = categories()["orphan"], categories()["unsupported"]
    with pytest.raises(Reject, match="“孤儿”与“事实无人抚养儿童”互斥已有规定，请打开那一条修改"), operation("登记"):
        put_all(Exclusion, [{"first": second, "second": first, "effect": "3"}])


def test_how_many_are_enrolled_is_not_summed_over_persons_and_households() -> None:
    path = resolve(Category, "enrolled")
    assert path.label == "在册数" and not path.adds


@pytest.mark.parametrize(("born", "told"), [("1896-01-01", "算来有 130 岁"), ("1905", "")])
def test_nobody_is_130_years_old(people: list[int], born: str, told: str) -> None:
    values = {"name": "王八", "household": Household.select().first().id, "relation": "20", "no_id_reason": "9"}
    values["birth"] = PartialDate.parse(born)
    if not told:
        with operation("登记"):
            put_all(Person, [values])
        return
    with pytest.raises(Reject, match=f"出生日期 {born}，{told}，请核对年份"), operation("登记"):
        put_all(Person, [values])
