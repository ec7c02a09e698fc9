"""Rows into households: known ones, new ones, and those that a list does not tell apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.models.people import Household, Person
from app.models.places import Place
from app.work.households import head_in_name
from app.work.plan import Plan
from tests.work.rows_given import counts, family, number_of, planned, township


def homes(plan: Plan) -> list[int]:
    """For each row a small number for its household."""
    seen: dict[int, int] = {}
    return [seen.setdefault(id(item.parent), len(seen) + 1) for item in plan.items]


def member(serial: int, name: str, relation: str | None = None, **more: Any) -> dict[str, Any]:
    return {"name": name, "relation": relation, "id_number": number_of(serial), **more}


@pytest.fixture(autouse=True)
def places(file: Any) -> None:
    township()


def test_a_household_named_on_its_first_line_only() -> None:
    plan = planned(
        {**member(11, "张一", "户主"), "village": "牛街村", "number": "1", "block": 1},
        {**member(12, "李二", "妻"), "block": 1, "sure": False},
        {**member(13, "张三", None), "block": 1, "sure": False},
    )
    assert counts(plan) == (2, 0, 0, 1, 0)
    assert homes(plan) == [1, 1, 1]
    assert plan.items[2].question == "这一行没有写户主，是否属于上面一户？"
    plan.decide(plan.like(plan.items[2]), lambda item: item.choices[0])
    plan.commit("导入")
    assert {person.household.number for person in Person.select()} == {"1"}
    assert Person.get(Person.name == "张三").relation == "80"


def test_rows_that_seem_to_begin_a_household_without_saying_so_are_asked() -> None:
    plan = planned(
        {**member(11, "张一", "户主"), "village": "牛街村", "number": "1", "block": 1},
        {**member(12, "李二", "户主"), "village": "牛街村", "number": None, "block": 2, "sure": False},
        {**member(13, "李三", "子"), "village": "牛街村", "number": None, "block": 2, "sure": False},
    )
    assert [item.about for item in plan.items] == ["", "unsure head", "unsure head"]


def test_one_number_in_one_village_is_one_household_wherever_its_rows_stand() -> None:
    plan = planned(*family("7", member(11, "张一", "户主")), *family("7", member(12, "李二", "妻"), block=2),
                   *family("7", member(13, "王三", "户主"), village="保邑村", block=3))  # fmt: skip
    assert homes(plan) == [1, 1, 2]
    plan.commit("导入")
    assert Household.select().count() == 2


def test_one_number_with_two_different_heads_is_refused() -> None:
    plan = planned(*family("7", member(11, "张一", "户主")),
                   *family("7", member(12, "李二", "户主"), member(13, "李三", "子"), block=2))  # fmt: skip
    assert counts(plan) == (1, 0, 0, 0, 2)
    assert "户编号 7 与 名单 第 3 行那一户重复，户主却不同" in plan.items[1].why()


def test_two_heads_in_one_household() -> None:
    plan = planned(*family("1", member(11, "张一", "户主"), member(12, "李二", "户主")))
    assert counts(plan) == (1, 0, 0, 0, 1)
    assert plan.items[1].where() == "名单!D4"
    assert "名单 第 3 行已是户主" in plan.items[1].why()


def test_a_list_does_not_change_the_head_of_a_known_household() -> None:
    planned(*family("1", member(11, "张一", "户主"), member(12, "李二", "妻"))).commit("导入")
    plan = planned(*family("1", member(12, "李二", "户主"), member(13, "张三", "子")))
    assert counts(plan) == (1, 0, 0, 0, 1)
    assert "本户登记的户主是张一" in plan.items[0].why()


def test_the_head_is_who_bears_the_name_in_the_column_of_heads() -> None:
    plan = planned(*family("1", member(11, "李二"), member(12, "张一"), member(13, "张三")))
    for item in plan.items:
        assert item.parent is not None
    assert [item.defaults["relation"] for item in plan.items] == ["02", "80", "80"]
    plan = planned(*family("1", {**member(11, "李二"), "head": "张一"}, {**member(12, "张一"), "head": "张一"}))
    assert [item.defaults["relation"] for item in plan.items] == ["80", "02"]
    assert any("没有写与户主关系" in note for note in plan.notes)


@pytest.mark.parametrize("cell", ["王小二(户主)", "王小二（户主）", "王小二 （ 户主 ）"])
def test_the_head_may_be_written_in_the_name(cell: str) -> None:
    plan = planned(*family("1", {**member(11, cell), "relation": None}))
    assert plan.items[0].values["name"] == "王小二"
    assert plan.items[0].values["relation"] == "02"
    told = {"name": cell, "relation": "妻"}
    assert head_in_name(told) == told  # the column says otherwise: left to be refused
    (item,) = planned(*family("2", {**member(12, cell), "relation": "妻"})).items
    assert item.kind == "refused"


def test_households_without_a_number_get_the_next_ones_and_are_known_again() -> None:
    rows = [{**member(11, "张一", "户主"), "village": "牛街村", "head": "张一", "block": 1},
            {**member(12, "李二", "户主"), "village": "牛街村", "head": "李二", "block": 2}]  # fmt: skip
    plan = planned(*rows)
    assert "2 户没有户编号，按各村顺序编了新号。" in plan.notes
    plan.commit("导入")
    numbers = sorted(home.number for home in Household.select())
    assert len(set(numbers)) == 2
    assert counts(planned(*rows)) == (0, 0, 2, 0, 0)
    assert not planned(*rows).notes


def test_a_household_is_known_by_its_members_whatever_number_the_list_gives_it() -> None:
    planned(*family("1", member(11, "张一", "户主"), member(12, "李二", "妻"))).commit("导入")
    plan = planned(*family("99", member(11, "张一", "户主"), member(13, "张三", "子")))
    assert counts(plan) == (1, 0, 1, 0, 0)
    plan.commit("导入")
    assert [home.number for home in Household.select()] == ["1"]


def test_what_a_list_says_of_the_household_is_one_change_of_the_row_that_says_it() -> None:
    planned(*family("1", member(11, "张一", "户主"), member(12, "李二", "妻"))).commit("导入")
    plan = planned(*family("1", {**member(11, "张一", "户主"), "home": "老街 5 号"}, member(12, "李二", "妻")))
    assert counts(plan) == (0, 1, 1, 0, 0)
    plan.commit("导入")
    assert Household.get().address == "老街 5 号"
    assert Household.get().rev == 2


def test_a_list_does_not_move_a_household_to_another_village() -> None:
    planned(*family("1", member(11, "张一", "户主"))).commit("导入")
    plan = planned(*family("1", member(11, "张一", "户主"), village="保邑村"))
    assert "登记在别的村" in plan.items[0].remarks()[0][1]
    plan.commit("导入")
    assert Household.get().village.name == "牛街村"


def test_a_new_group_is_made_along_and_taken_back_with_the_import() -> None:
    from app.models.history import facts_hash, last_number
    from app.work.undo import undo

    before = facts_hash()
    plan = planned(*family("1", {**member(11, "张一", "户主"), "group": "九组"}),
                   *family("2", {**member(12, "李二", "户主"), "group": "9社"}, block=2))  # fmt: skip
    assert "将新建村民小组：牛街村 九组。" in plan.notes
    plan.commit("导入")
    group = Place.get(Place.name == "九组")
    assert (group.level, group.parent.name) == ("4", "牛街村")
    assert {home.group_id for home in Household.select()} == {group.id}
    undo(last_number())
    assert facts_hash() == before


def test_a_group_named_only_by_refused_rows_is_not_made() -> None:
    plan = planned(*family("1", {**member(11, "张一", "户主"), "id_number": "1", "group": "九组"}))
    assert counts(plan) == (0, 0, 0, 0, 1)
    assert not plan.along
    assert not any("九组" in note for note in plan.notes)


def test_an_unknown_village_refuses_its_rows_once_each() -> None:
    plan = planned(*family("1", {**member(11, "张一", "户主"), "group": "一组"}, village="新寨村"))
    assert len(plan.items[0].remarks()) == 1
    assert plan.items[0].where() == "名单!A3"


def test_no_village_at_all() -> None:
    (item,) = planned({**member(11, "张一", "户主"), "number": "1", "block": 1}).items
    assert "看不出是哪个村的" in item.why()


def test_who_married_out_does_not_draw_her_new_family_into_the_old_household() -> None:
    planned(*family("1", member(11, "张一", "户主"), member(12, "张女", "女"))).commit("导入")
    plan = planned(*family("2", member(21, "杨二", "户主"), member(12, "张女", "妻"), member(22, "杨小", "子")))
    assert counts(plan) == (2, 0, 0, 1, 0)
    assert plan.items[1].about == "elsewhere"
    plan.commit("导入")
    assert Person.get(Person.name == "杨小").household.number == "2"


def test_a_number_that_belongs_to_somebody_else_takes_nobody_in() -> None:
    planned(*family("1", member(11, "张一", "户主"))).commit("导入")
    plan = planned(*family("1", member(21, "杨二", "户主"), member(22, "杨小", "子")))
    assert counts(plan) == (0, 0, 0, 0, 2)
    assert plan.items[1].why() == "本村户编号 1 已登记为张一户，名单里户主是杨二，请核对户编号。"


def test_an_ended_household_takes_nobody_in() -> None:
    from app.work import people

    planned(*family("1", member(11, "张一", "户主"))).commit("导入")
    people.record_death([Person.get().id], day=date(2026, 1, 5))
    assert Household.get().until
    plan = planned(*family("1", member(15, "赵五", "户主")))
    assert "已于 2026-01-05 注销" in plan.items[0].why()
