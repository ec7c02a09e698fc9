"""Ledgers of households, persons, places and the grid."""

from __future__ import annotations

from app.ledgers.ledger import Ledger, Paper
from app.models.people import Household, Person, Stay
from app.models.places import Grid, Place

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
)

departed = Ledger(
    "已离开人员",
    Person,
    columns="name sex birth id_number until leaving household.head=原户主 household.village=原行政村 note",
    filters="leaving household.village",
    order="-until",
    where="离开日期 <= 今天",
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
