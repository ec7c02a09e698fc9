"""Help given (帮扶记录): visits, contacts, practical deeds, goods, cash, services; to one person or to many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.models.derived import Count, Total
from app.models.faults import Fault
from app.models.fields import Code, Day, Link, Money, PersonName, Remark, Text, Whole
from app.models.here import today
from app.models.people import Person
from app.models.record import Lines, Record

VISIT, CONTACT, DEED, GOODS, CASH, SERVICE = "1", "2", "3", "4", "5", "6"  # of the code table help_kind


class HelpRecord(Record):
    """One occasion on which help was given; who received what are its lines."""

    kind = Code("帮扶方式", "help_kind", required=True)
    day = Day("日期", required=True, index=True)
    subject = Text("事由", required=True, most=60)
    where = Text("地点", most=60)
    giver = Text("帮扶人", most=60, note="谁去做的")
    organisation = Text("帮扶单位", most=60)
    source = Text("资金物资来源", most=60)
    solved = Whole("解决困难", 0, 9999, adds=True, note="件")
    deeds = Whole("帮办实事", 0, 9999, adds=True, note="件")
    content = Remark("内容")

    word = "帮扶记录"
    shown_by = "subject"
    search_in = "lines"
    derived = {
        "people": Count("受助人次", lambda: HelpLine, "help"),
        "value": Total("物资折合", lambda: HelpLine, "help", "value"),
        "cash": Total("资金", lambda: HelpLine, "help", "cash"),
    }
    lines = Lines("受助明细", lambda: HelpLine, "help")

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        if row.day and row.day > today():
            yield Fault("day", f"日期 {row.day} 在今天之后，还没有发生的事请不要先登记。")


class HelpLine(Record):
    """What one person received, or that one person was visited (受助明细)."""

    help = Link(HelpRecord, "帮扶记录", required=True)
    person = Link(Person, "受助人", required=True)
    goods = Text("品名及数量", most=60)
    value = Money("物资折合", note="元")
    cash = Money("资金", note="元")
    taker = PersonName("代领人", most=40, note="不是本人领取时填写")
    taker_relation = Text("与受助人关系", most=20)
    note = Text("备注")

    word = "受助明细"
    shown_by = "person.name"
    same_as = "goods help.id person.id"
    search_in = "person"
    placed_by = "person.household.village person.household.group"
