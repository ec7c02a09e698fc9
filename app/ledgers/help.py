"""Ledgers of help given: by occasion, and by who received it."""

from __future__ import annotations

from app.ledgers.ledger import Ledger, Paper
from app.models.help import HelpLine, HelpRecord

help_records = Ledger(
    "帮扶记录",
    HelpRecord,
    columns="day kind subject giver organisation people value cash solved deeds where content",
    filters="kind day organisation",
    order="-day",
    form="""
        == 帮扶
        kind       day
        subject    where
        giver      organisation
        source     solved
        deeds
        content
        == 受助明细
        lines[person goods value cash taker taker_relation note]
    """,
    paper=Paper(signs="填报人 审核人 负责人"),
)

received = Ledger(
    "受助台账",
    HelpLine,
    columns="help.day person.name person.household.village person.household.group help.kind help.subject"
    " goods value cash help.giver taker note",
    filters="person.household.village help.kind help.day",
    order="-help.day person.household.village person.household.number",
)
