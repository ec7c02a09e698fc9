"""Helpers and whom they help (帮扶人、结对帮扶): organisations, their people, and who is joined with whom, since when.

A helper is joined with persons one by one; a party member or cadre may also look after whole households, and a branch
or a post-holder answers for a village or a grid. Each tie has its role, start, end and reason, and names who follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.models.derived import Count
from app.models.faults import Fault
from app.models.fields import Code, Day, Flag, Link, PersonName, Remark, Telephone, Text, Whole
from app.models.here import today
from app.models.people import Household, Person
from app.models.places import Grid, Place, dates_in_order
from app.models.record import Record


class Organisation(Record):
    """A unit that helps (帮扶单位): an office, school, clinic, party branch, firm or association."""

    name = Text("单位名称", required=True, most=60, index=True)
    level = Code("单位层级", "organisation_level")
    kind = Code("单位性质", "organisation_kind")
    village = Link(Place, "所在行政村", among="级别 = 村")
    head = PersonName("单位负责人", most=40)
    telephone = Telephone("单位电话")
    address = Text("单位地址")
    since = Day("成立日期")
    until = Day("撤销日期")
    note = Remark("备注")

    word = "帮扶单位"
    same_as = "name"
    placed_by = "village"
    derived = {"helpers": Count("帮扶人数", lambda: Helper, "organisation")}

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from dates_in_order(row)


class Helper(Record):
    """Somebody who helps (帮扶人): cadre, teacher, doctor, volunteer; with how many he can look after."""

    name = PersonName("帮扶人姓名", required=True, most=40)
    organisation = Link(Organisation, "单位")
    post = Text("职务", most=30)
    level = Code("层级", "organisation_level")
    sex = Code("性别", "sex")
    party = Flag("党员")
    telephone = Telephone("帮扶人电话")
    skills = Text("特长", most=60)
    capacity = Whole("可帮扶数", 0, 999, note="最多能结对多少户或人")
    since = Day("到岗日期")
    until = Day("离岗日期")
    leaving = Text("离岗原因", most=60)
    note = Remark("备注")

    word = "帮扶人"
    same_as = "name organisation.id telephone"
    search_by = ""
    derived = {
        "persons": Count("结对数", lambda: Pairing, "helper"),
        "households": Count("包户数", lambda: HouseholdTie, "helper"),
    }

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from dates_in_order(row)


class Tie(Record):
    """What every tie between a helper and those he answers for has. It has no word and no table: nobody makes one."""

    helper = Link(Helper, "帮扶人", required=True)
    role = Code("帮扶角色", "pairing_role", required=True)
    since = Day("结对日期", required=True)
    until = Day("结束日期")
    reason = Text("结对依据", most=60)
    ending = Code("结束原因", "pairing_ending")
    successor = Link(Helper, "接替人", note="结束时由谁接替")
    note = Text("备注")

    again = True

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from dates_in_order(row)
        if bool(row.until) != bool(row.ending):
            yield Fault("ending" if row.until else "until", "结束日期和结束原因要一起填写。")
        if row.since and row.since > today():
            yield Fault("since", f"结对日期 {row.since} 在今天之后，请核对。")
        if row.successor and row.successor == row.helper:
            yield Fault("successor", "接替人不能还是原来的帮扶人。")


class Pairing(Tie):
    """A helper joined with a person (结对帮扶)."""

    person = Link(Person, "结对对象", required=True)

    word = "结对"
    shown_by = "person.name"
    same_as = "helper.id person.id role"
    ends_with = "person"
    search_in = "person"
    placed_by = "person.household.village person.household.group"


class HouseholdTie(Tie):
    """A helper who looks after a household (包户联系), as a party member after ten to fifteen."""

    household = Link(Household, "联系户", required=True)

    word = "包户"
    shown_by = "household.number"
    same_as = "helper.id household.id role"
    ends_with = "household"
    search_in = "household"
    placed_by = "household.village household.group"


class Posting(Tie):
    """A helper who answers for a village or a grid (驻村、网格岗位)."""

    village = Link(Place, "负责行政村", among="级别 = 村")
    grid = Link(Grid, "负责网格")

    word = "驻村与网格岗位"
    shown_by = "helper.name"
    same_as = "helper.id village.id grid.id role"
    placed_by = "village"

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from Tie.faults(row)
        if not (row.village or row.grid):
            yield Fault("village", "请填写负责的行政村或网格。")
