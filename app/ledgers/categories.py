"""Ledgers of categories of need: who is in which, and for some categories what is known of each (对象类别)."""

from __future__ import annotations

from app.ledgers.ledger import Action, Ledger, Paper
from app.models.categories import Category, CoveredPerson, Enrolment, Evidence, Exclusion
from app.models.fields import Code, Day, Remark
from app.work import categories as verbs

ACTIONS = (
    Action(
        "退出",
        verbs.end_enrolments,
        {
            "day": Day("退出日期", required=True), "ending": Code("退出原因", "ending", required=True),
            "note": Remark("备注"),
        },
        many=True,
        hindered=verbs.has_ended,
    ),
    Action(
        "复核",
        verbs.review,
        {"day": Day("复核日期", required=True), "note": Remark("复核情况")},
        many=True,
        hindered=verbs.has_ended,
    ),
)  # fmt: skip
WHO = "person.name person.sex person.age person.id_number person.household.village person.household.group"
PLACED = "person.household.village person.household.group since"
ORDER = "person.household.village person.household.number"
ENROLLED = """
        == 纳入
        person   since
        grade    review
        reason   explained
"""
LISTED = """
        == 认定材料
        evidence[title day]
"""

categories = Ledger(
    "对象类别",
    Category,
    columns="name unit enrolled review source since until note",
    filters="unit",
    order="name",
    form="""
        name   unit
        code   review
        since  until
        source
        note
    """,
    paper=Paper(landscape=False),
)

exclusions = Ledger(
    "类别互斥规定",
    Exclusion,
    columns="first second effect reason source",
    filters="effect",
    order="first",
    form="""
        first  second
        effect source
        reason
    """,
    paper=Paper(landscape=False),
)

enrolments = Ledger(
    "各类对象总台账",
    Enrolment,
    columns=f"category {WHO} grade covered since review reason",
    filters=f"category {PLACED}",
    order=f"category {ORDER}",
    form=f"""
        == 纳入
        category person
        since    grade
        review   explained
        reason
        note
        == 保障人口
        members[person note]
        {LISTED}
    """,
    actions=ACTIONS,
)

covered = Ledger(
    "保障人口",
    CoveredPerson,
    columns="person.name person.sex person.age person.id_number enrolment.category enrolment.person=申请人"
    " person.household.village note",
    filters="enrolment.category person.household.village",
    order="enrolment.category person.household.village",
)

evidence = Ledger(
    "认定材料",
    Evidence,
    columns="enrolment.person enrolment.category title day scan",
    filters="enrolment.category day",
    order="enrolment.category enrolment.person title",
    form="""
        enrolment title
        day
        scan
    """,
)

left_behind = Ledger(
    "留守儿童台账",
    Enrolment,
    columns=f"{WHO} child.school child.school_class child.teacher child.teacher_telephone child.father"
    " child.father_place child.father_telephone child.mother child.mother_place child.mother_telephone child.kind"
    " child.carer child.carer_relation child.carer_telephone since",
    filters=f"{PLACED} child.kind child.schooling",
    order=ORDER,
    where="类别代码 = left-behind",
    form=f"""
        {ENROLLED}
        == 留守情况
        child.kind     child.schooling
        child.school   child.school_class
        child.teacher  child.teacher_telephone
        child.father   child.mother
        child.father_place child.mother_place
        child.father_telephone child.mother_telephone
        child.carer    child.carer_relation
        child.carer_telephone
        {LISTED}
    """,
    actions=ACTIONS,
    paper=Paper("A3"),
)


def _elders(title: str, code: str) -> Ledger:
    return Ledger(
        title,
        Enrolment,
        columns=f"{WHO} person.telephone elder.living elder.ability elder.illness elder.contact elder.contact_relation"
        " elder.contact_telephone elder.children since",
        filters=f"{PLACED} elder.living elder.ability",
        order=ORDER,
        where=f"类别代码 = {code}",
        form=f"""
            {ENROLLED}
            == 老人情况
            elder.living  elder.ability
            elder.contact elder.contact_relation
            elder.contact_telephone
            elder.illness
            elder.children
            {LISTED}
        """,
        actions=ACTIONS,
        paper=Paper("A3"),
    )


empty_nest = _elders("空巢老人台账", "empty-nest")
living_alone = _elders("独居老人台账", "living-alone")

disabled = Ledger(
    "残疾人台账",
    Enrolment,
    columns=f"{WHO} disability.card disability.kind disability.level disability.issued disability.expires"
    " disability.guardian disability.guardian_telephone person.telephone since",
    filters=f"{PLACED} disability.kind disability.level disability.expires",
    order=ORDER,
    where="类别代码 = disabled",
    form=f"""
        {ENROLLED}
        == 残疾情况
        disability.card
        disability.kind     disability.level
        disability.issued   disability.expires
        disability.guardian disability.guardian_telephone
        {LISTED}
    """,
    actions=ACTIONS,
)


def _without_parents(title: str, code: str) -> Ledger:
    return Ledger(
        title,
        Enrolment,
        columns=f"{WHO} orphan.father_state orphan.father_since orphan.mother_state orphan.mother_since orphan.keeping"
        " orphan.guardian orphan.guardian_relation orphan.guardian_telephone orphan.school since",
        filters=f"{PLACED} orphan.keeping orphan.father_state orphan.mother_state",
        order=ORDER,
        where=f"类别代码 = {code}",
        form=f"""
            {ENROLLED}
            == 父母情况
            orphan.father_state orphan.father_since
            orphan.mother_state orphan.mother_since
            orphan.keeping      orphan.school
            orphan.guardian     orphan.guardian_relation
            orphan.guardian_telephone
            {LISTED}
        """,
        actions=ACTIONS,
        paper=Paper("A3"),
    )


orphans = _without_parents("孤儿台账", "orphan")
unsupported = _without_parents("事实无人抚养儿童台账", "unsupported")

destitute = Ledger(
    "特困人员台账",
    Enrolment,
    columns=f"{WHO} care.keeping care.institution care.ability care.carer care.carer_telephone care.card since",
    filters=f"{PLACED} care.keeping care.ability",
    order=ORDER,
    where="类别代码 = destitute",
    form=f"""
        {ENROLLED}
        == 供养情况
        care.keeping     care.ability
        care.institution care.card
        care.carer       care.carer_telephone
        {LISTED}
    """,
    actions=ACTIONS,
)

monitored = Ledger(
    "防返贫监测对象台账",
    Enrolment,
    columns="person.household.head person.id_number person.household.village person.household.group"
    " person.household.size covered monitoring.kind monitoring.risk monitoring.cause monitoring.found monitoring.over"
    " person.household.telephone since",
    filters=f"{PLACED} monitoring.kind monitoring.risk monitoring.over",
    order=ORDER,
    where="类别代码 = monitored",
    form=f"""
        {ENROLLED}
        == 监测情况
        monitoring.kind  monitoring.risk
        monitoring.found monitoring.over
        monitoring.cause
        == 保障人口
        members[person note]
        {LISTED}
    """,
    actions=ACTIONS,
)
