"""Ledgers of organisations, helpers and those they answer for (帮扶单位、帮扶人、结对帮扶)."""

from __future__ import annotations

from app.ledgers.ledger import Action, Ledger, Paper
from app.models.fields import Code, Day, Link, Text
from app.models.pairing import Helper, HouseholdTie, Organisation, Pairing, Posting
from app.work import pairing as verbs

ENDING = {
    "day": Day("结束日期", required=True), "ending": Code("结束原因", "pairing_ending", required=True),
    "successor": Link(Helper, "接替人", note="由谁接替；没有的不填"), "note": Text("备注"),
}  # fmt: skip
TIE = "since reason until ending successor note"
HELPER = "helper.name helper.organisation helper.post helper.telephone"

organisations = Ledger(
    "帮扶单位",
    Organisation,
    columns="name level kind helpers village head telephone address note",
    filters="level kind village",
    order="level name",
    form="""
        name      level
        kind      village
        head      telephone
        since     until
        address
        note
    """,
)

helpers = Ledger(
    "帮扶人",
    Helper,
    columns="name organisation post level party telephone persons households capacity skills since",
    filters="organisation level party",
    order="organisation name",
    form="""
        name       organisation
        post       level
        sex        party
        telephone  capacity
        since      skills
        note
    """,
    actions=(
        Action(
            "登记离岗",
            verbs.helper_leaves,
            {
                "day": Day("离岗日期", required=True), "leaving": Text("离岗原因", most=60),
                "successor": Link(Helper, "接替人", note="他的结对都由谁接替；不填则都结束"),
            },
            hindered=verbs.has_left,
            warns=verbs.told_of_ties,
        ),
    ),
)  # fmt: skip

pairings = Ledger(
    "结对帮扶台账",
    Pairing,
    columns="person.name person.sex person.age person.household.village person.household.group"
    f" person.telephone=对象电话 {HELPER} role since reason note",
    filters="person.household.village role helper.organisation helper.level since",
    order="person.household.village person.household.number",
    form="""
        person    helper
        role      since
        reason
        note
    """,
    actions=(Action("解除或接替", verbs.end_pairings, ENDING, many=True, hindered=verbs.has_ended(Pairing)),),
    paper=Paper("A3"),
)

household_ties = Ledger(
    "包户联系台账",
    HouseholdTie,
    columns="household.head household.number household.village household.group household.size household.telephone"
    f" {HELPER} role since reason note",
    filters="household.village role helper.organisation since",
    order="household.village household.number",
    form="""
        household helper
        role      since
        reason
        note
    """,
    actions=(Action("解除或接替", verbs.end_ties, ENDING, many=True, hindered=verbs.has_ended(HouseholdTie)),),
)

postings = Ledger(
    "驻村与网格岗位",
    Posting,
    columns=f"village grid {HELPER} role since=上岗日期 reason=依据 note",
    filters="village grid role",
    order="village grid",
    form="""
        village grid
        helper  role
        since   reason
        note
    """,
    actions=(Action("结束或接替", verbs.end_postings, ENDING, many=True, hindered=verbs.has_ended(Posting)),),
)
