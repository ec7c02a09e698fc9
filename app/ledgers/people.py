"""Ledgers of households, persons, places and the grid."""

from __future__ import annotations

from functools import partial

from app.ledgers.ledger import Action, Ledger, Paper
from app.models.categories import Category
from app.models.fields import Birth, Code, Day, Flag, IdNumber, Link, Money, PersonName, Remark, Telephone, Text
from app.models.pairing import Helper
from app.models.people import Household, Person, Stay
from app.models.places import Grid, Place
from app.work import cards, categories, endings, help, homes, pairing, people
from app.work import places as villages

DAY = Day("日期", required=True, note="事情发生的那一天")
RELATION = Code("与户主关系", "relation")
NEW_HEAD = {  # asked wherever the head may go
    "new_head": Link(Person, "新户主", within=".household", note="户主离开而户里还有人时选"),
    "adapt": Flag("改其他成员关系", note="只改能推定的，其余列出来请核对"),
}

households = Ledger(
    "户台账",
    Household,
    columns="head number village group size away telephone address note=备注",
    filters="village group kind",
    order="village group number",
    form="""
        == 户
        number     kind
        village    group
        telephone  grid
        registered_address
        address
        since
        note
        == 家庭成员
        members[name relation id_number no_id_reason sex birth telephone away]
    """,
    actions=(
        Action(
            "登记迁入",
            people.move_in,
            {
                "name": PersonName("姓名", required=True), "day": DAY,
                "relation": Code("与户主关系", "relation", required=True), "came_from": Text("何时由何地迁来"),
                "id_number": IdNumber("公民身份号码"), "no_id_reason": Code("无证原因", "no_id_reason"),
                "sex": Code("性别", "sex"), "birth": Birth("出生日期"), "ethnicity": Code("民族", "ethnicity"),
                "telephone": Telephone("联系电话"),
            },
            hindered=homes.has_ended,
        ),
        Action(
            "包户联系",
            pairing.tie,
            {
                "helper": Link(Helper, "帮扶人", required=True),
                "role": Code("帮扶角色", "pairing_role", required=True),
                "since": Day("起始日期", required=True), "reason": Text("依据", most=60),
            },
            many=True,
            hindered=homes.has_ended,
        ),
        Action(
            "并户",
            homes.merge_households,
            {
                "into": Link(Household, "并入哪一户", required=True), "day": DAY,
                "relation": Code("原户主与新户户主的关系", "relation", required=True),
            },
            hindered=homes.has_ended,
        ),
    ),
)

persons = Ledger(
    "人员台账",
    Person,
    columns="name relation sex age id_number household.village household.group household.number household.head"
    " ethnicity away away_place telephone",
    filters="household.village household.group sex relation away",
    order="household.village household.number relation",
    form="""
        == 基本情况
        name           sex
        id_number      birth
        no_id_reason   ethnicity
        household      relation
        document       document_number
        former_name    telephone
        telephone2     since
        == 务工与居住
        away           away_place
        away_since     address
        == 教育、婚姻与健康
        education      marriage
        health         occupation
        workplace      military
        religion       blood
        height         native_place
        birthplace     came_from
        == 领款账户
        bank           account
        payee          payee_id_number
        == 其他
        photo          note
    """,
    actions=(
        Action(
            "记一次帮助",
            help.record_delivery,
            {
                "kind": Code("帮扶方式", "help_kind", required=True), "day": DAY,
                "subject": Text("事由", required=True, most=60), "goods": Text("每人品名及数量", most=60),
                "value": Money("每人物资折合", note="元"), "cash": Money("每人资金", note="元"),
                "giver": Text("帮扶人", most=60), "organisation": Text("帮扶单位", most=60),
                "source": Text("资金物资来源", most=60), "where": Text("地点", most=60), "content": Remark("内容"),
                "again": Flag("再记一次", note="同一天同一事由确实又给了一次时填是"),
            },
            many=True,
            key="F6",
        ),
        Action(
            "纳入类别",
            categories.enrol,
            {
                "category": Link(Category, "对象类别", required=True), "since": Day("纳入日期", required=True),
                "grade": Text("等级或档次", most=20), "reason": Text("纳入原因", most=100),
                "explained": Text("并存说明", most=100, note="与另一类别同时纳入时填"),
                "whole": Flag("保障全户", note="按户认定的类别，把在户的人都列为保障人口"),
            },
            many=True,
            hindered=categories.cannot_enrol,
        ),
        Action(
            "结对",
            pairing.pair,
            {
                "helper": Link(Helper, "帮扶人", required=True),
                "role": Code("帮扶角色", "pairing_role", required=True),
                "since": Day("结对日期", required=True), "reason": Text("结对依据", most=60),
            },
            many=True,
            hindered=people.has_left,
        ),
        Action(
            "登记出生",
            people.birth,
            {
                "name": PersonName("姓名", required=True), "day": Day("出生日期", required=True),
                "sex": Code("性别", "sex"), "relation": Code("与户主关系", "relation", note="能推定的可以不填"),
                "id_number": IdNumber("公民身份号码"), "no_id_reason": Code("无证原因", "no_id_reason"),
                "ethnicity": Code("民族", "ethnicity", note="不填则同所选的父或母"),
            },
            hindered=people.has_left,
        ),
        Action(
            "登记死亡",
            people.record_death,
            {
                "day": Day("死亡日期", required=True), **NEW_HEAD,
                "leaving": Code("原因", "leaving", note="不填即死亡；法院宣告的选宣告死亡"),
            },
            hindered=people.has_left,
            warns=partial(endings.told, Person),
        ),
        Action(
            "迁出",
            people.move_out,
            {
                "day": Day("迁出日期", required=True), "where_to": Text("迁往何地"),
                "leaving": Code("离开原因", "leaving", note="不填即迁出"), **NEW_HEAD,
            },
            many=True,
            hindered=people.has_left,
            warns=partial(endings.told, Person),
        ),
        Action(
            "转户",
            people.move_over,
            {
                "household": Link(Household, "转入哪一户", required=True), "day": DAY,
                "relation": Code("与该户户主关系", "relation", required=True), **NEW_HEAD,
            },
            hindered=people.has_left,
        ),
        Action(
            "结婚",
            people.marry,
            {
                "day": DAY, "spouse": Link(Person, "配偶", note="配偶不在本乡登记的不填"),
                "moves": Flag("迁入配偶的户"), "relation": RELATION, **NEW_HEAD,
            },
            hindered=people.is_married,
        ),
        Action(
            "分户",
            homes.split_household,
            {
                "head": Link(Person, "新户的户主", required=True, within=".household"),
                "day": Day("分户日期", required=True),
                "number": Text("新户编号", most=20, note="不填则接着本村的编号"),
                "village": Link(Place, "行政村", among="级别 = 村", note="不填则同原户"),
                "group": Link(Place, "村民小组", among="级别 = 组", within="village"),
                "new_head": Link(Person, "原户的新户主", within=".household", note="原户主分出去时选"),
                "adapt": NEW_HEAD["adapt"],
            },
            many=True,
            hindered=homes.cannot_split,
        ),
        Action(
            "变更户主",
            homes.new_head,
            {
                "day": DAY, "relation": Code("原户主与新户主的关系", "relation", note="能推定的可以不填"),
                "adapt": NEW_HEAD["adapt"],
            },
            hindered=homes.cannot_lead,
        ),
        Action(
            "合并两张卡",
            cards.merge_cards,
            {
                "keep": Link(Person, "保留哪一张", required=True),
                "stands": Link(Person, "所属户以哪张为准"),
                "follow": Flag("不一致的以保留的卡为准"),
            },
            many=True,
            hindered=cards.not_two,
        ),
    ),
)

departed = Ledger(
    "已离开人员",
    Person,
    columns="name sex birth id_number until leaving household.head=原户主 household.village=原行政村 note",
    filters="leaving household.village",
    order="-until",
    where="离开日期 <= 今天",
    actions=(
        Action(
            "迁回",
            people.come_back,
            {
                "day": Day("迁回日期", required=True), "relation": RELATION,
                "household": Link(Household, "迁入哪一户", note="不填即原来的户"),
            },
            hindered=people.is_here,
        ),
    ),
)

stays = Ledger(
    "原在户记录",
    Stay,
    columns="person.name household.village household.head relation since until reason",
    filters="household.village",
    order="-until",
)

places = Ledger(
    "村组",
    Place,
    columns="name level parent code since until merged_into note",
    filters="level parent",
    order="level parent name",
    form="""
        name   level
        parent code
        since  until
        merged_into
        note
        names[name until reason]
    """,
    actions=(
        Action(
            "改名",
            villages.rename_village,
            {"name": Text("新名称", required=True, most=40), "day": DAY, "reason": Text("依据或原因")},
            hindered=villages.has_ended,
        ),
        Action(
            "并村",
            villages.merge_villages,
            {
                "into": Link(Place, "并入哪个村", required=True, among="级别 = 村"), "day": DAY,
                "reason": Text("依据或原因"),
            },
            many=True,
            hindered=villages.no_village,
        ),
        Action(
            "增加下级",
            villages.add_below,
            {"names": Remark("名称", required=True, note="一行一个：乡镇下写村，村下写组"), "since": Day("设立日期")},
            hindered=villages.has_ended,
        ),
    ),
    paper=Paper(landscape=False),
)

grids = Ledger(
    "网格",
    Grid,
    columns="name kind parent code scope note",
    filters="kind parent",
    order="kind name",
    form="""
        name   kind
        parent code
        scope
        note
    """,
    paper=Paper(landscape=False),
)
