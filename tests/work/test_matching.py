"""Which row of a list is whom, and what is asked instead of guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.models.dates import PartialDate
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.record import put_all
from app.work import people
from app.work.plan import differences
from tests.work.rows_given import counts, family, number_of, planned, township

HEAD = {"name": "张建国", "relation": "户主", "id_number": number_of(11)}
WIFE = {"name": "李秀英", "relation": "妻", "id_number": number_of(12)}
SON = {"name": "张小明", "relation": "长子", "id_number": number_of(21, date(1998, 4, 1))}


@pytest.fixture
def known(file: Any) -> Any:
    """A household of three, taken in."""
    township()
    planned(*family("1", HEAD, WIFE, SON)).commit("导入")
    return file


def test_new_changed_same(known: Any) -> None:
    plan = planned(
        *family("1", HEAD, {**WIFE, "telephone": "13887654321"}, SON, {"name": "张小红", "relation": "长女",
                                                                      "id_number": number_of(22, date(2001, 1, 1))})
    )
    assert counts(plan) == (1, 1, 2, 0, 0)
    (changed,) = plan.of_kind("changed")
    assert differences(plan, changed) == [("telephone", None, "13887654321")]
    plan.commit("再导入")
    assert Person.get(Person.name == "李秀英").telephone == "13887654321"
    assert Household.select().count() == 1


def test_a_blank_never_wipes(known: Any) -> None:
    planned(*family("1", {**WIFE, "telephone": "13887654321", "education": "小学"})).commit("导入")
    plan = planned(*family("1", {**WIFE, "telephone": "", "education": "—"}))
    assert counts(plan) == (0, 0, 1, 0, 0)
    plan.commit("导入")
    assert Person.get(Person.name == "李秀英").telephone == "13887654321"


def test_two_hits_are_asked_and_none_is_guessed(known: Any) -> None:
    key = Household.get().id
    with operation("两个同名同岁的人"):
        row = {"name": "王小明", "relation": "80", "no_id_reason": "5", "household": key}
        for born in (date(1960, 2, 1), date(1960, 2, 2)):
            put_all(Person, [{**row, "birth": PartialDate(born.year, born.month, born.day)}])
    plan = planned(*family("1", {"name": "王小明", "relation": "其他"}))
    (item,) = plan.items
    assert item.kind == "decide"
    assert len(item.choices) == 3
    assert all("王小明" in choice.text for choice in item.choices[:2])
    assert item.choices[2].key is None


def test_one_without_id_is_known_by_name_birth_and_village(known: Any) -> None:
    born = {"name": "赵无证", "birth": "1950-01-02", "relation": "父亲"}
    planned(*family("1", born)).commit("导入")
    assert counts(planned(*family("1", born))) == (0, 0, 1, 0, 0)


def test_a_namesake_in_the_same_household_is_the_same_person_unless_something_differs(known: Any) -> None:
    planned(*family("1", {"name": "赵无证", "relation": "父亲", "sex": "男"})).commit("导入")
    assert counts(planned(*family("1", {"name": "赵无证", "relation": "父亲"}))) == (0, 0, 1, 0, 0)
    assert counts(planned(*family("1", {"name": "赵无证", "relation": "父亲", "sex": "女"}))) == (0, 0, 0, 1, 0)


def test_an_id_number_that_is_not_known_beside_a_known_name_is_asked(known: Any) -> None:
    plan = planned(*family("1", {**SON, "id_number": number_of(23, date(1998, 4, 1))}))
    (item,) = plan.items
    assert (item.kind, item.about) == ("decide", "twin")
    plan.decide([item], lambda item: item.choices[0])
    assert item.kind == "changed"
    plan.commit("改号")
    assert [person.id_number for person in Person.select().where(Person.name == "张小明")] == [
        number_of(23, date(1998, 4, 1))
    ]


def test_who_stands_in_another_household_is_asked_and_not_moved(known: Any) -> None:
    plan = planned(*family("2", {"name": "杨二", "relation": "户主", "id_number": number_of(31)},
                           {**SON, "relation": "女婿", "telephone": "13887654321"}))  # fmt: skip
    son = plan.items[1]
    assert (son.kind, son.about) == ("decide", "elsewhere")
    plan.decide([son], lambda item: item.choices[0])
    plan.commit("导入")
    moved = Person.get(Person.name == "张小明")
    assert moved.telephone == "13887654321"
    assert moved.household.number == "1"


def test_who_is_dead_is_asked_and_stays_dead(known: Any) -> None:
    people.record_death([Person.get(Person.name == "李秀英").id], day=date(2026, 3, 1))
    plan = planned(*family("1", HEAD, {**WIFE, "telephone": "13887654321"}))
    wife = plan.items[1]
    assert (wife.kind, wife.about) == ("decide", "departed")
    assert "2026-03-01" in wife.question
    assert len(wife.choices) == 1
    plan.decide([wife], lambda item: item.choices[0])
    plan.commit("导入")
    assert Person.get(Person.name == "李秀英").until == date(2026, 3, 1)


def test_the_second_row_of_the_same_one_is_refused_and_says_where_the_first_is(known: Any) -> None:
    new = {"name": "张小红", "relation": "女", "id_number": number_of(22)}
    plan = planned(*family("1", new, {**new, "telephone": "13887654321"}))
    assert counts(plan) == (1, 0, 0, 0, 1)
    assert plan.items[1].where() == "名单!E4"
    assert "名单 第 3 行重复" in plan.items[1].why()


def test_another_name_under_a_known_number_is_asked_and_never_written_over(known: Any) -> None:
    plan = planned({"name": "王小二", "id_number": WIFE["id_number"], "telephone": "13887654321"})
    assert counts(plan) == (0, 0, 0, 1, 0)
    assert "登记的是“李秀英”，名单里写的是“王小二”" in plan.items[0].question
    plan.decide(plan.items, lambda item: item.choices[0])
    assert counts(plan) == (0, 1, 0, 0, 0)
    plan.commit("改名")
    assert Person.get(Person.id_number == WIFE["id_number"]).name == "王小二"


def test_a_number_that_lost_its_end_is_refused_with_who_may_be_meant(known: Any) -> None:
    lost = float(WIFE["id_number"][:17] + "0")
    plan = planned({"name": "李秀英", "id_number": lost}, {"name": "李秀兰", "id_number": lost})
    assert counts(plan) == (0, 0, 0, 0, 2)
    assert "登记的同名同生日的有：李秀英" in plan.items[0].why() and WIFE["id_number"] not in plan.items[0].why()
    assert "登记的" not in plan.items[1].why()


def test_two_names_under_one_number_in_a_list_are_not_called_one_person(known: Any) -> None:
    new = {"name": "张小红", "relation": "女", "id_number": number_of(22)}
    plan = planned(*family("1", new, {**new, "name": "张小兰"}))
    assert counts(plan) == (1, 0, 0, 0, 1)
    assert plan.items[1].why() == "公民身份号码与 名单 第 3 行的“张小红”相同，姓名却不同，请核对是哪一行写错了。"


def test_a_list_without_households_only_updates_who_is_known(known: Any) -> None:
    plan = planned(
        {**WIFE, "relation": None, "telephone": "13887654321"}, {"name": "新来的人", "id_number": number_of(77)},
        {"name": "没证的人"},
    )  # fmt: skip
    assert counts(plan) == (0, 1, 0, 0, 2)
    assert {item.why() for item in plan.of_kind("refused")} == {
        "表里没有户主或户编号，看不出他属于哪一户；登记新的人员请补上户主姓名或户编号。"
    }
    plan.commit("导入")
    assert Person.get(Person.name == "李秀英").telephone == "13887654321"


def test_what_follows_from_the_id_number_does_not_overrule_what_is_known(known: Any) -> None:
    wife = Person.get(Person.name == "李秀英")
    with operation("性别按本人说的登记"):
        wife.sex = "1"
        wife.save()
    assert counts(planned(*family("1", WIFE))) == (0, 0, 1, 0, 0)


def test_a_half_written_birth_date_is_made_whole_by_the_id_number(known: Any) -> None:
    (item,) = planned(*family("1", {**SON, "birth": "1998年4月"})).items
    assert item.kind == "same"
    (item,) = planned(*family("9", {**SON, "id_number": number_of(91, date(1998, 4, 9)), "birth": "1998年"})).items
    assert item.values["birth"].show() == "1998-04-09"


def test_doubts_are_told_and_change_nothing(known: Any) -> None:
    plan = planned(
        *family("5", {"name": "毕存疑", "relation": "户主", "id_number": number_of(51), "sex": "女",
                      "note": "2024.3去世", "birth": "1970-06-01", "account": "6217990000000000001"},
                {"name": "毕同号", "relation": "妻", "id_number": number_of(52), "account": "6217990000000000001"}),
    )  # fmt: skip
    assert counts(plan) == (2, 0, 0, 0, 0)
    told = dict(remark for item in plan.items for remark in item.remarks())
    assert "身份证号第 17 位是男" in told["名单!F3"]
    assert "死亡登记" in told["名单!G3"]
    assert "与身份证号里的 1970-05-01 不同" in told["名单!H3"]
    assert "共用一个账号" in told["名单!I4"]
    plan.commit("导入")
    person = Person.get(Person.name == "毕存疑")
    assert (person.sex, person.until, str(person.birth)) == ("2", None, "1970-06-01")


def test_one_cell_wrong_leaves_the_row_in_and_the_key_wrong_does_not(known: Any) -> None:
    plan = planned(
        *family("6", {"name": "周甲", "relation": "户主", "id_number": number_of(61), "telephone": "1388"},
                {"name": "周乙", "relation": "子", "id_number": "123"},
                {"name": "周丙", "relation": "邻居的", "id_number": number_of(62)}),
    )  # fmt: skip
    assert counts(plan) == (1, 0, 0, 0, 2)
    assert [fault.path for fault in plan.items[0].left_out] == ["telephone"]
    assert plan.items[1].where() == "名单!E4"
    assert "另有 1 个单元格读不懂" in plan.sentence()
