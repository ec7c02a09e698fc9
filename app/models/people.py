"""Households and persons (户、人), with the facts of the household register (常住人口登记).

A person stands in one household at a time. When he moves to another, `Stay` keeps where he was and until when, so the
day in the filter bar brings back the household as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.models import rules
from app.models.dates import PartialDate
from app.models.derived import Age, Apart, Count, First
from app.models.faults import Fault
from app.models.fields import (
    Account,
    Birth,
    Code,
    Day,
    DocumentNumber,
    Flag,
    IdNumber,
    Link,
    PersonName,
    Remark,
    Scan,
    Telephone,
    Text,
    Whole,
)  # fmt: skip
from app.models.here import today
from app.models.id_checks import born_otherwise, contrary_sex, sex_otherwise, wrong_number
from app.models.own_facts import HOUSEHOLD, PERSON, OwnFacts, with_places
from app.models.part import Part
from app.models.places import Grid, Place, dates_in_order
from app.models.record import Check, Lines, Record

HEAD = "02"  # 户主, GB/T 4761
OLDEST = 125  # years: nobody is known to have lived longer
SHARED_BY = 9  # persons with one telephone: a family has fewer
_SONS, _DAUGHTERS = ("20 21 22 23 24 25 26 27 28 29", "30 31 32 33 34 35 36 37 38 39")  # sons-in-law and so on too
MEN = tuple(f"11 {_SONS} 41 43 46 47 51 53 55 57 61 63 66 71 73 76 78 81 83 85 87 89".split())
WOMEN = tuple(f"12 {_DAUGHTERS} 42 44 45 48 52 54 56 58 62 64 67 72 74 75 77 82 84 86 88 90".split())


class Household(Record):
    """A household (户)."""

    number = Text("户编号", required=True, most=20, numbered=True, note="本村内不重复")
    village = Link(Place, "行政村", required=True, among="级别 = 村")
    group = Link(Place, "村民小组", among="级别 = 组", within="village")
    grid = Link(Grid, "网格")
    kind = Code("户别", "household_kind")
    registered_address = Text("户籍地址")
    address = Text("现居住地址")
    telephone = Telephone("户联系电话")
    since = Day("立户日期")
    until = Day("注销日期")
    ending = Code("注销原因", "household_ending")
    note = Remark("户备注")

    word = "户"
    shown_by = "head"
    same_as = "village number"
    search_in = "members"
    placed_by = "village group"
    derived = {
        "head": First("户主姓名", lambda: Person, "household", "name", "与户主关系 = 户主"),
        "size": Count("家庭人口", lambda: Person, "household"),
        "away": Count("外出人数", lambda: Person, "household", "外出 = 是"),
        "astray": Apart("小组不在本村", "group.parent", "village"),
        "heads": Count("户主人数", lambda: Person, "household", "与户主关系 = 户主"),
    }
    members = Lines("家庭成员", lambda: Person, "household")
    own = Part("自设", lambda: HouseholdOwn, "household")
    checks = (
        Check("户主人数 > 1", "一户只能有一名户主，请先把原户主改为其他关系。", refuse=True, title="一户两个户主"),
        Check("户主人数 = 0 且 家庭人口 > 0", "这户没有户主，请在成员里确定一人为户主。", title="没有户主"),
        Check("家庭人口 = 0", "这户没有在册的人，请补登成员或办理注销。", title="空户"),
        Check("行政村.撤销日期 <= 今天", "这户所属的行政村已经撤销，请改到现在的村。", title="所属村已撤销"),
        Check("村民小组.撤销日期 <= 今天", "这户所属的村民小组已经撤销，请改到现在的小组。", title="所属组已撤销"),
        Check(
            "小组不在本村 = 是", "村民小组不属于这户的行政村，请改选本村的小组，或核对行政村。", refuse=True,
            title="小组不在本村",
        ),
    )

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from dates_in_order(row)


@with_places
class HouseholdOwn(OwnFacts):
    """What the own columns of households say of one (户的自设项目)."""

    household = Link(Household, "户", required=True)

    word = "户自设内容"
    shown_by = "household.number"
    same_as = "household.id"
    register, owner = HOUSEHOLD, "household"


class FormerHome(Record):
    """The village and group that a household was counted to until a day (原属村组)."""

    household = Link(Household, "户", required=True)
    village = Link(Place, "行政村", required=True)
    group = Link(Place, "村民小组")
    since = Day("起始日期")
    until = Day("截止日期", required=True)
    reason = Text("原因")

    word = "原属村组"
    shown_by = "household.number"
    of = "household"

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from dates_in_order(row)


Household.former = FormerHome


class Person(Record):
    """A person (人员)."""

    name = PersonName("姓名", required=True, most=40)
    former_name = PersonName("曾用名", most=40)
    id_number = IdNumber("公民身份号码", index=True)
    document = Code("其他证件类型", "document")
    document_number = DocumentNumber("其他证件号码", most=30)
    no_id_reason = Code("无证原因", "no_id_reason")
    sex = Code("性别", "sex")
    birth = Birth("出生日期", index=True)
    ethnicity = Code("民族", "ethnicity")
    household = Link(Household, "所属户", required=True, made_along=True)
    relation = Code("与户主关系", "relation", required=True)
    since = Day("入户日期")
    until = Day("离开日期")
    leaving = Code("离开原因", "leaving")
    education = Code("文化程度", "education")
    marriage = Code("婚姻状况", "marriage")
    health = Code("健康状况", "health")
    occupation = Code("从业状况", "occupation")
    workplace = Text("服务处所")
    away = Flag("外出")
    away_place = Text("务工地")
    away_since = Day("外出日期")
    telephone = Telephone("联系电话")
    telephone2 = Telephone("第二电话")
    bank = Text("开户行", most=60)
    account = Account("账号")
    payee = PersonName("户名", most=40, note="领款人；与本人不同时填写")
    payee_id_number = IdNumber("领款人身份证号")
    address = Text("本人居住地址", note="与户地址不同时填写")
    birthplace = Text("出生地")
    native_place = Text("籍贯")
    religion = Code("宗教信仰", "religion")
    military = Code("兵役状况", "military")
    blood = Code("血型", "blood")
    height = Whole("身高", 20, 250, note="厘米")
    came_from = Text("何时由何地迁来")
    photo = Scan("照片")
    note = Remark("备注")

    word = "人员"
    same_as = "id_number | name birth household.village"
    search_by = "name former_name id_number document_number telephone telephone2"
    placed_by = "household.village household.group"
    derived = {"age": Age("年龄", "birth")}
    own = Part("自设", lambda: PersonOwn, "person")
    checked_with = "household"
    checks = (
        Check(
            "", "两张卡的身份证号相同，是同一个人登记了两次，请合并。", title="同一人两张卡",
            same="id_number", gone=True, mend="合并两张卡",
        ),
        Check(
            "公民身份号码 为空", "同村有姓名和出生日期都相同的人，其中一张卡没有身份证号，请核对是不是同一个人。",
            title="疑似同一人", same="name birth household.village", gone=True, mend="合并两张卡",
        ),
        Check(
            wrong_number("id_number"), "身份证号的位数、出生日期或末位校验不对，请对照身份证更正。",
            title="身份证号有误",
        ),
        Check(
            born_otherwise("birth", "id_number"), "出生日期与身份证号里的不一致，请对照身份证更正。",
            title="出生日期与身份证不符",
        ),
        Check(
            sex_otherwise("sex", "id_number"), "性别与身份证号里的不一致，请对照身份证更正。", title="性别与身份证不符",
        ),
        Check(
            contrary_sex("sex", "relation", MEN, WOMEN), "与户主关系和性别对不上，请核对这两项。",
            title="关系与性别不符",
        ),
        Check(
            "", f"有 {SHARED_BY:,} 人或更多人用同一个联系电话，请核对是不是各人自己的号码。", title="多人共用电话",
            same="telephone", many=SHARED_BY,
        ),
        Check(
            "", "同一个账号登记了不同的户名，请核对户名或账号。", title="账号户名不一",
            same="account", differ="payee|name",
        ),
        Check("所属户.注销日期 <= 今天", "人还在册，所在的户已经注销，请办理转户或离开。", title="户已注销人在册"),
        Check("务工地 不为空 且 外出 != 是", "填了务工地，外出却不是“是”，请核对。", title="务工地与外出不符"),
    )

    @staticmethod
    def complete(values: dict[str, Any]) -> None:
        """Fill the birth date and the sex from the ID number where nobody wrote them."""
        if number := values.get("id_number"):
            values["birth"] = values.get("birth") or PartialDate.parse(str(rules.id_birth(number)))
            values["sex"] = values.get("sex") or rules.id_sex(number)

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        said = row.get  # asked of every row of a list: an attribute that is not there takes ten times as long
        birth, until, day = said("birth"), said("until"), today()
        if not (said("id_number") or said("document_number") or said("no_id_reason")):
            yield Fault("id_number", "请填写公民身份号码；确实没有的，填其他证件或选无证原因。")
        if said("document_number") and not said("document"):
            yield Fault("document", "填了证件号码，请选择证件类型。")
        if birth and birth.first > day:
            yield Fault("birth", f"出生日期 {birth.show()} 在今天之后，请核对。")
        if birth and (years := ((until or day) - birth.last).days // 366) > OLDEST:
            yield Fault("birth", f"出生日期 {birth.show()}，算来有 {years} 岁，请核对年份。")
        if bool(until) != bool(said("leaving")):
            yield Fault("leaving" if until else "until", "离开日期和离开原因要一起填写。")
        if until and until > day:
            yield Fault("until", f"离开日期 {until} 在今天之后，请核对。")
        yield from dates_in_order(row)


@with_places
class PersonOwn(OwnFacts):
    """What the own columns of persons say of one (人员的自设项目)."""

    person = Link(Person, "人员", required=True)

    word = "人员自设内容"
    shown_by = "person.name"
    same_as = "person.id"
    register, owner = PERSON, "person"


class Stay(Record):
    """A household in which a person stood until a day (原在户)."""

    person = Link(Person, "人员", required=True)
    household = Link(Household, "原在户", required=True)
    relation = Code("与户主关系", "relation", required=True)
    since = Day("入户日期")
    until = Day("离户日期", required=True)
    reason = Text("原因")

    word = "原在户"
    shown_by = "person.name"
    of = "person"

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from dates_in_order(row)


Person.former = Stay
