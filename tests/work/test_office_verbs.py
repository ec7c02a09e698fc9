"""Enrolling, ending, reviewing, pairing, handing over: what the verbs write, what they refuse, what ends with what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.models.categories import CoveredPerson, Enrolment, categories
from app.models.database import DataFile
from app.models.faults import Reject
from app.models.history import strangers
from app.models.operation import operation
from app.models.pairing import Helper, HouseholdTie, Pairing, Posting
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import put_all
from app.work import categories as office
from app.work import endings, pairing, people
from app.work.packs import bring_packs
from app.work.undo import undo_last
from tests.conftest import DAY
from tests.town import id_number

BEGAN = date(2026, 2, 28)


class Desk:
    """Two households of three and one, and two helpers."""

    def __init__(self) -> None:
        with operation("登记"):
            (town,) = put_all(Place, [{"name": "牛街乡", "level": "2"}])
            (self.village,) = put_all(Place, [{"name": "牛街村", "level": "3", "parent": town}])
            self.homes = put_all(Household, [{"number": f"01-000{at}", "village": self.village} for at in (1, 2)])
            self.people = put_all(Person, [
                {"name": name, "household": self.homes[home], "relation": relation, "id_number": id_number(born, at)}
                for at, (name, home, relation, born) in enumerate([
                    ("杨德福", 0, "02", date(1950, 1, 2)), ("杨小花", 0, "30", date(1980, 1, 2)),
                    ("杨小明", 0, "20", date(2015, 1, 2)), ("李秀英", 1, "02", date(1940, 1, 2)),
                ])
            ])  # fmt: skip
            self.helpers = put_all(Helper, [{"name": "王干部", "capacity": 1}, {"name": "赵老师"}])
        bring_packs()


@pytest.fixture
def desk(file: DataFile) -> Desk:
    return Desk()


def enrolled(code: str) -> list[Enrolment]:
    return list(Enrolment.select().where(Enrolment.category == categories()[code]).order_by(Enrolment.id))


def test_enrolling_several_sets_the_next_review(desk: Desk) -> None:
    said = office.enrol(desk.people[:2], category=categories()["disabled"], since=BEGAN, reason="持证")
    assert said == "已把 2 人纳入“残疾人”。"
    assert [(row.person_id, row.since, row.review) for row in enrolled("disabled")] == [
        (key, BEGAN, date(2027, 2, 28)) for key in desk.people[:2]
    ]
    undo_last("测试员")
    assert enrolled("disabled") == [] and strangers() == []


def test_a_household_is_enrolled_with_its_members(desk: Desk) -> None:
    said = office.enrol([desk.people[0]], category=categories()["minimum-living"], since=BEGAN, whole=True)
    assert said == "已把 1 户纳入“最低生活保障”，保障 3 人。"
    assert sorted(row.person_id for row in CoveredPerson.select()) == sorted(desk.people[:3])
    with pytest.raises(Reject, match="杨小花已纳入“最低生活保障”，不能同时纳入“特困人员”"):
        office.enrol([desk.people[1]], category=categories()["destitute"], since=BEGAN)


def test_a_warning_is_said_and_nothing_is_refused(desk: Desk) -> None:
    office.enrol([desk.people[3]], category=categories()["empty-nest"], since=BEGAN)
    said = office.enrol([desk.people[3]], category=categories()["living-alone"], since=BEGAN)
    assert said.startswith("已把 1 人纳入“独居老人”。李秀英同时在“空巢老人”")


def test_one_that_may_not_is_refused_and_nobody_is_enrolled(desk: Desk) -> None:
    office.enrol([desk.people[1]], category=categories()["orphan"], since=BEGAN)
    with pytest.raises(Reject, match="杨小花"):
        office.enrol(desk.people[:3], category=categories()["unsupported"], since=BEGAN)
    assert enrolled("unsupported") == []


def test_ending_and_reviewing(desk: Desk) -> None:
    office.enrol([desk.people[2]], category=categories()["left-behind"], since=BEGAN)
    (row,) = enrolled("left-behind")
    assert office.review([row.id], day=date(2026, 8, 31), note="父母仍在外") == "已复核 1 项。"
    (row,) = enrolled("left-behind")
    assert (row.review, row.note) == (date(2027, 2, 28), "2026-08-31 复核：父母仍在外")
    with pytest.raises(Reject, match="不能比它早"):
        office.end_enrolments([row.id], day=date(2026, 1, 1), ending="6")
    with pytest.raises(Reject, match="在今天之后"):
        office.end_enrolments([row.id], day=date(2026, 12, 1), ending="6")
    assert office.has_ended([row.id]) is None
    assert office.end_enrolments([row.id], day=DAY, ending="6") == "已办理 1 项退出。"
    assert "已于 2026-11-21 退出" in (office.has_ended([row.id]) or "")
    with pytest.raises(Reject, match="不用再办"):
        office.end_enrolments([row.id], day=DAY, ending="6")


def test_what_a_death_ends_is_told_before_and_done_with_it(desk: Desk) -> None:
    child = desk.people[2]
    office.enrol([child], category=categories()["left-behind"], since=BEGAN)
    pairing.pair([child], helper=desk.helpers[1], role="2", since=BEGAN)
    pairing.tie([desk.homes[0]], helper=desk.helpers[0], role="9", since=BEGAN)
    told = endings.told(Person, [child])
    assert told.startswith("将随之结束：") and "杨小明" in told and "结对" in told and "纳入" in told
    assert endings.told(Person, [desk.people[0]]) == ""
    said = people.record_death([child], day=date(2026, 10, 1))
    assert "随之结束：" in said
    (row,), (pair,) = enrolled("left-behind"), list(Pairing.select())
    assert (row.until, row.ending) == (pair.until, pair.ending) == (date(2026, 10, 1), "1")
    assert HouseholdTie.get().until is None and endings.told(Person, [child]) == ""
    undo_last("测试员")
    assert enrolled("left-behind")[0].until is None and Pairing.get().until is None and strangers() == []


def test_the_end_of_a_household_ends_its_ties(desk: Desk) -> None:
    pairing.tie([desk.homes[1]], helper=desk.helpers[0], role="9", since=BEGAN)
    people.move_out([desk.people[3]], day=date(2026, 9, 1), where_to="昆明")
    assert (HouseholdTie.get().until, HouseholdTie.get().ending) == (date(2026, 9, 1), "2")


def test_pairing_says_when_a_helper_has_too_many(desk: Desk) -> None:
    assert pairing.pair([desk.people[0]], helper=desk.helpers[0], role="1", since=BEGAN) == "已为 1 人结对王干部。"
    said = pairing.pair([desk.people[1]], helper=desk.helpers[0], role="1", since=BEGAN)
    assert "现在共帮扶 2，超过可帮扶数 1" in said
    with pytest.raises(Reject, match="已有"):
        pairing.pair([desk.people[0]], helper=desk.helpers[0], role="1", since=DAY)
    pairing.pair([desk.people[0]], helper=desk.helpers[0], role="4", since=DAY)  # another role at once
    pairing.pair([desk.people[0]], helper=desk.helpers[1], role="1", since=DAY)  # several helpers for one


def test_handing_over_keeps_what_was(desk: Desk) -> None:
    pairing.pair(desk.people[:2], helper=desk.helpers[0], role="1", since=BEGAN)
    keys = [row.id for row in Pairing.select()]
    with pytest.raises(Reject, match="原来的帮扶人"):
        pairing.end_pairings(keys, day=DAY, successor=desk.helpers[0])
    said = pairing.end_pairings(keys, day=DAY, ending="10", successor=desk.helpers[1])
    assert said == "已结束 2 项结对，由赵老师接替。"
    assert {(row.helper_id, row.until) for row in Pairing.select()} == {
        (desk.helpers[0], DAY), (desk.helpers[1], None)
    }  # fmt: skip
    assert pairing.has_ended(Pairing)(keys) and strangers() == []


def test_a_helper_who_leaves_hands_everything_over(desk: Desk) -> None:
    pairing.pair([desk.people[0]], helper=desk.helpers[0], role="1", since=BEGAN)
    pairing.tie([desk.homes[1]], helper=desk.helpers[0], role="9", since=BEGAN)
    with operation("驻村"):
        Posting(helper=desk.helpers[0], role="10", since=BEGAN, village=desk.village).save()
    said = pairing.helper_leaves([desk.helpers[0]], day=DAY, leaving="调动", successor=desk.helpers[1])
    assert said.startswith("已登记王干部于 2026-11-21 离岗。") and said.count("由赵老师接替") == 3
    for record in (Pairing, HouseholdTie, Posting):
        assert sorted((row.helper_id, row.until) for row in record.select()) == [
            (desk.helpers[0], DAY), (desk.helpers[1], None)
        ]  # fmt: skip
    assert pairing.has_left([desk.helpers[0]])
    with pytest.raises(Reject, match="已于 2026-11-21 离岗"):
        pairing.pair([desk.people[1]], helper=desk.helpers[0], role="1", since=DAY)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"village": None}, "行政村或网格"),
        ({"until": DAY}, "一起填写"),
        ({"until": date(2026, 1, 1), "ending": "9"}, "早于"),
    ],
)
def test_a_posting_needs_a_place_and_dates_in_order(desk: Desk, facts: dict[str, Any], sentence: str) -> None:
    row = {"helper": desk.helpers[0], "role": "7", "since": BEGAN, "village": desk.village} | facts
    with pytest.raises(Reject, match=sentence), operation("岗位"):
        Posting(**row).save()


def test_who_left_is_neither_enrolled_nor_paired(desk: Desk) -> None:
    people.move_out([desk.people[1]], day=date(2026, 9, 1))
    assert "已于 2026-09-01 离开" in (office.cannot_enrol([desk.people[1]]) or "")
    for verb in (
        lambda: office.enrol([desk.people[1]], category=categories()["disabled"], since=DAY),
        lambda: pairing.pair([desk.people[1]], helper=desk.helpers[0], role="1", since=DAY),
    ):
        with pytest.raises(Reject, match="已于 2026-09-01 离开"):
            verb()
