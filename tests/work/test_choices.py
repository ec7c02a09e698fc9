"""What a link may lead to: how a row is told from others of its name, and why one that is gone cannot be chosen."""

from __future__ import annotations

import pytest

from app.models.categories import Enrolment, Evidence, categories
from app.models.database import DataFile
from app.models.operation import operation
from app.models.pairing import Helper, Organisation, Pairing
from app.models.record import put_all
from app.work import categories as office
from app.work import endings, pairing, people
from app.work.choices import choices, described, meant
from tests.conftest import DAY
from tests.work.test_office_verbs import BEGAN, Desk


@pytest.fixture
def desk(file: DataFile) -> Desk:
    return Desk()


def test_two_enrolments_of_one_person_are_told_apart_by_their_category(desk: Desk) -> None:
    for code in ("disabled", "seriously-ill"):
        office.enrol(desk.people[:1], category=categories()[code], since=BEGAN)
    found = {one.whole for one in choices(Evidence.enrolment, "杨德福")}
    assert found == {"杨德福 · 牛街村 · 残疾人", "杨德福 · 牛街村 · 重病患者"}
    assert "重病患者" in endings.told(Enrolment.person.rel_model, desk.people[:1])


def test_helpers_of_one_name_are_told_apart_by_their_organisation(desk: Desk) -> None:
    with operation("登记"):
        units = put_all(Organisation, [{"name": "牛街中学"}, {"name": "牛街乡卫生院"}])
        put_all(Helper, [{"name": "周云", "organisation": unit, "telephone": "13888880001"} for unit in units])
    found = [one.more for one in choices(Pairing.helper, "周云")]
    assert sorted(found) == ["牛街中学 · 138****0001", "牛街乡卫生院 · 138****0001"]


def test_a_pairing_is_called_by_both(desk: Desk) -> None:
    pairing.pair(desk.people[2:3], helper=desk.helpers[1], role="2", since=BEGAN)
    (key,) = [row.id for row in Pairing.select()]
    assert described(Pairing, [key])[0].whole.startswith("杨小明 · 牛街村 · 赵老师 · ")


def test_who_is_gone_is_not_said_to_be_unknown(desk: Desk) -> None:
    people.record_death(desk.people[2:3], day=DAY)
    pairing.helper_leaves(desk.helpers[1:], day=DAY)
    with pytest.raises(ValueError, match=f"^杨小明已不在册（离开日期 {DAY}），请另选一个。$"):
        meant(Enrolment.person, "杨小明")
    with pytest.raises(ValueError, match=f"^赵老师已不在册（离岗日期 {DAY}），请另选一个。$"):
        meant(Pairing.helper, "赵老师")
    with pytest.raises(ValueError, match="没有找到“谁也不是”"):
        meant(Enrolment.person, "谁也不是")


def test_what_ends_when_a_helper_goes_is_told_before(desk: Desk) -> None:
    assert pairing.told_of_ties(desk.helpers[:1]) == ""
    pairing.pair(desk.people[:3], helper=desk.helpers[0], role="2", since=BEGAN)
    pairing.tie(desk.homes[:1], helper=desk.helpers[0], role="2", since=BEGAN)
    assert pairing.told_of_ties(desk.helpers[:1]) == "现有结对 3 项、包户 1 项，将随之结束或由接替人接着办。"
