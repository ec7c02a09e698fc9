"""From a plan to the file and back: honest counts, answers, one operation, a plan that is still true."""

from __future__ import annotations

from typing import Any

import pytest

from app.models import operation as models_operation
from app.models.faults import Reject, Stale
from app.models.help import HelpRecord
from app.models.here import Clerk, standing
from app.models.history import HistoryLine, changes_of, facts_hash, last_number, strangers
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.work import matching
from app.work import plan as work_plan
from app.work.matching import plan_rows
from app.work.plan import NEW, REFUSED
from app.work.undo import undo
from tests.work.rows_given import counts, family, given, number_of, planned, township

ROWS = [
    *family("1", {"name": "张一", "relation": "户主", "id_number": number_of(11)},
            {"name": "李二", "relation": "妻", "id_number": number_of(12)}),
    *family("2", {"name": "王三", "relation": "户主", "id_number": number_of(13)},
            {"name": "坏号", "relation": "子", "id_number": "5329"}, block=2),
]  # fmt: skip


@pytest.fixture(autouse=True)
def places(file: Any) -> None:
    township()


def test_the_counts_add_up_and_are_said() -> None:
    plan = planned(*ROWS)
    assert counts(plan) == (3, 0, 0, 0, 1)
    assert plan.sentence() == "共读到 4 行 = 新增 3 + 修改 0 + 相同 0 + 待定 0 + 退回 1。"
    assert plan.commit("导入") == "已写入 3 行新增、0 行修改，0 行待定、1 行退回，都没有写入。"
    assert counts(planned(*ROWS)) == (0, 0, 3, 0, 1)


def test_an_import_is_one_operation_and_undone_as_one() -> None:
    before, number = facts_hash(), last_number()
    planned(*ROWS).commit("导入花名册")
    assert last_number() == number + 1
    assert not strangers()
    undone = undo(last_number())
    assert facts_hash() == before
    assert not undone.left


@pytest.mark.parametrize("piece", [1, 2, 3])
def test_a_long_import_goes_in_piece_by_piece_and_is_one_operation_all_the_same(
    monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    for module in (models_operation, work_plan, matching):
        monkeypatch.setattr(module, "PIECE", piece)
    empty = facts_hash()
    planned(*ROWS).commit("导入")
    line = HistoryLine.get_by_id(last_number())
    assert (line.changes, len(changes_of(line.id))) == (5, 5), "three persons and two households"
    newer = [{**row, "telephone": "13887654321"} for row in ROWS]
    plan = planned(*newer)
    assert counts(plan) == (0, 3, 0, 0, 1)
    plan.commit("再导入")
    assert {person.telephone for person in Person.select()} == {"13887654321"} and not strangers()
    undo(last_number())
    undo(line.id)
    assert facts_hash() == empty


def test_undo_keeps_what_was_edited_since() -> None:
    planned(*ROWS).commit("导入")
    imported = last_number()
    person = Person.get(Person.name == "李二")
    with operation("改电话"):
        person.telephone = "13887654321"
        person.save()
    undone = undo(imported)
    assert {person.name for person in Person.select()} == {"李二"}
    assert Household.select().count() == 1  # hers
    assert any(left.key == person.id for left in undone.left)


def test_nothing_is_written_for_a_list_that_says_nothing_new() -> None:
    planned(*ROWS).commit("导入")
    number = last_number()
    planned(*ROWS).commit("再导入")
    assert last_number() == number


def test_a_plan_that_is_no_longer_true_writes_nothing() -> None:
    planned(*ROWS).commit("导入")
    plan = planned(*family("1", {"name": "张一", "id_number": number_of(11), "telephone": "13887654321"}))
    person = Person.get(Person.name == "张一")
    with operation("别人先改了"):
        person.workplace = "村委会"
        person.save()
    with pytest.raises(Stale):
        plan.commit("导入")
    assert Person.get(Person.name == "张一").telephone is None


def test_a_person_who_came_meanwhile_is_not_made_twice() -> None:
    plan, same = planned(*ROWS), planned(*ROWS)
    plan.commit("导入")
    with pytest.raises(Reject, match="不要重复登记"):
        same.commit("另一台电脑也导入")
    assert Person.select().count() == 3


def test_one_answer_for_all_rows_with_the_same_question() -> None:
    planned(*ROWS).commit("导入")
    moved = [
        row for number in range(11, 14)
        for row in family(f"5{number}", {"name": "新主", "relation": "户主", "id_number": number_of(number + 500)},
                          {"name": "张一李二王三"[number * 2 - 22 : number * 2 - 20], "relation": "其他",
                           "id_number": number_of(number), "telephone": f"138876543{number}"}, block=number)
    ]  # fmt: skip
    plan = planned(*moved)
    asked = plan.of_kind("decide")
    assert [item.about for item in asked] == ["elsewhere"] * 3
    plan.decide(plan.like(asked[0]), lambda item: item.choices[0])
    assert counts(plan) == (3, 3, 0, 0, 0)
    plan.commit("导入")
    assert {person.telephone for person in Person.select().where(Person.name.in_(("张一", "李二", "王三")))} == {
        "13887654311", "13887654312", "13887654313",
    }  # fmt: skip


def test_a_row_may_be_left_undecided_and_one_stored_row_is_meant_once() -> None:
    planned(*ROWS).commit("导入")
    twice = family("1", {"name": "张一", "relation": "户主", "id_number": number_of(15)},
                   {"name": "张一", "relation": "其他", "id_number": number_of(17)})  # fmt: skip
    plan = planned(*twice)
    assert counts(plan) == (0, 0, 0, 2, 0)
    plan.decide(plan.items, lambda item: None)
    assert counts(plan) == (0, 0, 0, 2, 0)
    plan.decide(plan.items, lambda item: item.choices[0])
    assert counts(plan) == (0, 1, 0, 0, 1)
    assert "指的是同一人员" in plan.items[1].why()


def test_another_record_takes_the_same_road() -> None:
    visit = {"kind": "走访", "day": "2026.9.1", "subject": "中秋走访"}
    rows = given(visit, {**visit, "kind": "慰劳"})
    plan = plan_rows(HelpRecord, rows)
    assert counts(plan) == (1, 0, 0, 0, 1)
    plan.commit("导入帮扶记录")
    assert HelpRecord.get().subject == "中秋走访"
    assert counts(plan_rows(HelpRecord, rows)) == (0, 0, 1, 0, 1)  # nothing tells two apart but all they say
    assert counts(plan_rows(HelpRecord, [rows[0], rows[0]])) == (1, 0, 1, 0, 0)


def test_progress_is_told_and_may_cancel() -> None:
    from app.models.faults import Cancelled

    def cancel(done: int, total: int, text: str) -> None:
        if text == "写入":
            raise Cancelled

    before = facts_hash()
    with pytest.raises(Cancelled):
        planned(*ROWS).commit("导入", cancel)
    assert facts_hash() == before


def test_a_village_clerk_takes_in_his_own_rows_and_is_told_of_the_others() -> None:
    stood = family("7", {"name": "赵七", "relation": "户主", "id_number": number_of(21)}, village="保邑村")
    planned(*stood).commit("导入")
    secret = Person.get(Person.name == "赵七")
    with operation("改电话"):
        secret.telephone = "13887654321"
        secret.save()
    rows = [
        *family("1", {"name": "张一", "relation": "户主", "id_number": number_of(11)},
                {"name": "李二", "relation": "妻", "id_number": number_of(12)}),
        *family("2", {"name": "王三", "relation": "户主", "id_number": number_of(13)}, village="康朗村", block=2),
        *family("7", {"name": "赵七", "relation": "户主", "id_number": number_of(21), "telephone": "13800000000"},
                {"name": "赵八", "relation": "子", "id_number": number_of(22)}, village="保邑村", block=3),
    ]  # fmt: skip
    village = Place.get(Place.name == "牛街村").id
    with standing(clerk=Clerk("cun", "村里", ("1",), village, 1), who="cun"):
        plan = planned(*rows)
        assert [item.kind for item in plan.items] == [NEW, NEW, REFUSED, REFUSED, REFUSED]
        for item in plan.items[2:]:
            assert item.why().endswith("您的账号只能办理本村的。") and item.parent is None and not item.old
        assert "13887654321" not in repr(plan.items[2:]), "nothing of the stored row is shown"
        said = plan.commit("导入")
    assert said == "已写入 2 行新增、0 行修改，0 行待定、3 行退回，都没有写入。"
    assert {home.number for home in Household.select()} == {"1", "7"}
    assert {person.name for person in Person.select()} == {"张一", "李二", "赵七"}
    assert Person.by_key(secret.id).telephone == "13887654321"
