"""Categories of need and who is in them (对象类别、纳入): what somebody is between two days, and what is known of it.

An enrolment stands in one person's name. A category of households is enrolled in the name of its applicant, mostly the
head, with the members that it covers (保障人口 is not 家庭人口). When that person dies or leaves, the enrolment ends
and another one is made for who follows (停旧建新): a ledger that was true stays true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.models.declared import Check, Lines
from app.models.derived import Count
from app.models.exclusions import clashes, said_twice
from app.models.faults import Fault
from app.models.fields import Code, Day, DocumentNumber, Link, PersonName, Remark, Scan, Telephone, Text, Whole
from app.models.here import here, today
from app.models.id_checks import not_begun_by
from app.models.part import Part
from app.models.people import Person
from app.models.places import dates_in_order
from app.models.record import Record

OF_PERSON, OF_HOUSEHOLD = "1", "2"  # of the code table category_unit


class Enrolled(Count):
    """How many are in a category: persons or households, as its unit says, so that their sum means nothing."""

    adds = False


class Category(Record):
    """A category of need (对象类别); the office may change, add and end them."""

    name = Text("类别", required=True, most=20, index=True)
    unit = Code("认定单位", "category_unit", required=True)
    code = Text("类别代码", most=30, note="各乡镇相同的类别用同一代码，可以不填")
    review = Whole("复核间隔", 0, 120, note="几个月复核一次，不复核的不填")
    since = Day("启用日期")
    until = Day("停用日期")
    source = Text("政策依据")
    note = Remark("备注")

    word = "对象类别"
    same_as = "name"
    derived = {"enrolled": Enrolled("在册数", lambda: Enrolment, "category")}

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from dates_in_order(row)


class Exclusion(Record):
    """Two categories that nobody should be in at once (类别互斥), and how strictly."""

    first = Link(Category, "类别", required=True)
    second = Link(Category, "与之互斥的类别", required=True)
    effect = Code("处理方式", "exclusion_effect", required=True)
    reason = Text("规定", most=100)
    source = Text("政策依据")

    word = "类别互斥"
    shown_by = "first.name"
    same_as = "first.id second.id"

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        if row.first and row.first == row.second:
            yield Fault("second", "一个类别不能与自己互斥，请选另一个类别。")

    @classmethod
    def clashes(cls, keys: Sequence[int]) -> Iterator[Fault]:
        yield from said_twice(keys)


class Enrolment(Record):
    """Somebody is in a category from one day to another (纳入与退出)."""

    category = Link(Category, "对象类别", required=True)
    person = Link(Person, "对象", required=True, note="按户认定的类别填申请人（一般是户主）")
    grade = Text("等级或档次", most=20)
    since = Day("纳入日期", required=True)
    until = Day("退出日期")
    reason = Text("纳入原因", most=100)
    ending = Code("退出原因", "ending")
    explained = Text("并存说明", most=100, note="与另一类别同时纳入时说明原因")
    review = Day("下次复核")
    note = Remark("备注")

    word = "纳入对象"
    shown_by = "person.name"
    same_as = "category.id person.id"
    again = True
    ends_with = "person"
    search_in = "person"
    placed_by = "person.household.village person.household.group"
    derived = {"covered": Count("保障人数", lambda: CoveredPerson, "enrolment")}
    members = Lines("保障人口", lambda: CoveredPerson, "enrolment")
    evidence = Lines("认定材料", lambda: Evidence, "enrolment")
    child = Part("留守情况", lambda: LeftBehindChild, "enrolment")
    elder = Part("老人情况", lambda: ElderLiving, "enrolment")
    disability = Part("残疾情况", lambda: Disability, "enrolment")
    orphan = Part("父母情况", lambda: Orphanhood, "enrolment")
    care = Part("供养情况", lambda: Care, "enrolment")
    monitoring = Part("监测情况", lambda: Monitoring, "enrolment")
    checks = (
        Check("对象.离开日期 <= 今天", "已去世或离开的人还在名单里，请办退出。", title="离世人员未退出"),
        Check("类别代码 = left-behind 且 年龄 >= 16", "已满 16 周岁，不再是留守儿童，请办退出。", title="留守儿童超龄"),
        Check("类别代码 属于(orphan, unsupported) 且 年龄 >= 18", "已满 18 周岁，请核对是否仍在校，不在校的办退出。",
              title="孤儿和事实无人抚养儿童超龄"),
        Check("类别代码 属于(empty-nest, living-alone) 且 年龄 < 60", "不满 60 周岁列为老人，请核对。",
              title="老人不足龄"),
        Check("类别代码 = very-old 且 年龄 < 80", "不满 80 周岁列为高龄老人，请核对。", title="高龄老人不足龄"),
        Check("类别代码 = destitute 且 外出 = 是", "特困人员登记为外出务工，请核对是否仍符合条件。",
              title="特困人员外出务工"),
        Check("对象类别.停用日期 <= 今天", "这个类别已经停用，请办退出或转到现行类别。", title="类别已停用"),
        Check("风险消除日期 <= 今天 且 类别代码 = monitored", "风险已经消除，还在监测名单里，请办退出。",
              title="风险消除未退出"),
    )  # fmt: skip

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from dates_in_order(row)
        if bool(row.until) != bool(row.ending):
            yield Fault("ending" if row.until else "until", "退出日期和退出原因要一起填写。")
        if row.since and row.since > today():
            yield Fault("since", f"纳入日期 {row.since} 在今天之后，请核对。")

    @classmethod
    def clashes(cls, keys: Sequence[int]) -> Iterator[Fault]:
        yield from clashes(keys)


class CoveredPerson(Record):
    """A member of the household whom an enrolment covers (保障人口)."""

    enrolment = Link(Enrolment, "纳入", required=True)
    person = Link(Person, "成员", required=True)
    note = Text("备注")

    word = "保障人口"
    shown_by = "person.name"
    same_as = "enrolment.id person.id"
    search_in = "person"
    placed_by = "person.household.village person.household.group"


class Evidence(Record):
    """A paper on which an enrolment rests (认定材料)."""

    enrolment = Link(Enrolment, "纳入", required=True)
    title = Text("材料名称", required=True, most=60)
    day = Day("材料日期")
    scan = Scan("扫描件")

    word = "认定材料"
    shown_by = "title"


class LeftBehindChild(Record):
    """What is known of a child left behind (农村留守儿童登记表): parents at work, school, who cares for it."""

    enrolment = Link(Enrolment, "纳入", required=True)
    kind = Code("留守类型", "left_kind")
    father = PersonName("父亲姓名", most=40)
    father_place = Text("父亲务工地", most=60)
    father_telephone = Telephone("父亲电话")
    mother = PersonName("母亲姓名", most=40)
    mother_place = Text("母亲务工地", most=60)
    mother_telephone = Telephone("母亲电话")
    schooling = Code("就学情况", "schooling")
    school = Text("就读学校", most=60)
    school_class = Text("班级", most=30)
    teacher = PersonName("班主任", most=40)
    teacher_telephone = Telephone("班主任电话")
    carer = PersonName("平时照管人", most=40)
    carer_relation = Text("照管人与儿童关系", most=20)
    carer_telephone = Telephone("照管人电话")

    word = "留守情况"
    shown_by = "school"
    same_as = "enrolment.id"


class ElderLiving(Record):
    """How an elder lives (空巢、独居老人)."""

    enrolment = Link(Enrolment, "纳入", required=True)
    living = Code("居住情况", "living")
    ability = Code("老人自理能力", "ability")
    illness = Text("慢性疾病", most=100)
    contact = PersonName("紧急联系人", most=40)
    contact_relation = Text("联系人与老人关系", most=20)
    contact_telephone = Telephone("紧急联系电话")
    children = Text("子女及务工地", most=100)

    word = "老人情况"
    shown_by = "contact"
    same_as = "enrolment.id"


class Disability(Record):
    """A disability certificate (残疾人证): its number is the ID number, a digit for the kind, one for the grade."""

    enrolment = Link(Enrolment, "纳入", required=True)
    card = DocumentNumber("残疾证号", most=22)
    kind = Code("残疾类别", "disability_kind")
    level = Code("残疾等级", "disability_level")
    issued = Day("发证日期")
    expires = Day("有效期至")
    guardian = PersonName("残疾人监护人", most=40)
    guardian_telephone = Telephone("监护人电话")

    word = "残疾情况"
    shown_by = "card"
    same_as = "enrolment.id"
    checks = (
        Check(
            not_begun_by("card", "enrolment.person.id_number"), "残疾证号的前 18 位与本人身份证号不同，请核对残疾证。",
            title="残疾证号与身份证不符",
        ),
        Check("有效期至 < 今天", "残疾证已过有效期，请提醒换证。", title="残疾证过期"),
    )

    @staticmethod
    def complete(values: dict[str, Any]) -> None:
        """Kind and grade stand in the number of the card (GB/T 26341)."""
        card = values.get("card") or ""
        if len(card) >= 20:
            values["kind"] = values.get("kind") or card[18]
            values["level"] = values.get("level") or card[19]

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        if row.card and len(row.card) >= 20:
            for at, name, label in ((18, "kind", "残疾类别"), (19, "level", "残疾等级")):
                said = getattr(row, name)
                if said and row.card[at] != said:
                    yield Fault(name, f"{label}与残疾证号第 {at + 1} 位（{row.card[at]}）不一致，请核对残疾证。")
        yield from dates_in_order(row, "issued", "expires")


class Orphanhood(Record):
    """The parents of an orphan or of a child whom in fact nobody brings up (民发〔2019〕62号)."""

    enrolment = Link(Enrolment, "纳入", required=True)
    father_state = Code("父亲情况", "parent_state")
    father_since = Day("父亲情况起始日期")
    mother_state = Code("母亲情况", "parent_state")
    mother_since = Day("母亲情况起始日期")
    keeping = Code("养育方式", "keeping")
    guardian = PersonName("监护人姓名", most=40)
    guardian_relation = Text("监护人与儿童关系", most=20)
    guardian_telephone = Telephone("监护人联系电话")
    school = Text("学校及年级", most=60)

    word = "父母情况"
    shown_by = "guardian"
    same_as = "enrolment.id"


class Care(Record):
    """How a destitute person is kept (特困人员供养, 民发〔2021〕43号)."""

    enrolment = Link(Enrolment, "纳入", required=True)
    keeping = Code("供养方式", "keeping")
    institution = Text("供养机构", most=60)
    ability = Code("生活自理能力", "ability")
    carer = PersonName("照料人", most=40)
    carer_telephone = Telephone("照料人电话")
    card = Text("低保（特困）证号", most=30)

    word = "供养情况"
    shown_by = "carer"
    same_as = "enrolment.id"

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        if row.keeping == "2" and not row.institution:
            yield Fault("institution", "集中供养的，请填写供养机构。")


class Monitoring(Record):
    """Why a household is watched lest it fall back into poverty (防止返贫监测对象)."""

    enrolment = Link(Enrolment, "纳入", required=True)
    kind = Code("监测对象类别", "monitored_kind")
    risk = Code("致贫返贫风险", "risk")
    cause = Text("风险说明", most=100)
    found = Day("风险识别日期")
    over = Day("风险消除日期")

    word = "监测情况"
    shown_by = "cause"
    same_as = "enrolment.id"

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from dates_in_order(row, "found", "over")


def categories() -> dict[str, int]:
    """The keys of the categories that have a code, by it."""
    return dict(here().file.run("SELECT code, id FROM category WHERE code IS NOT NULL").fetchall())
