"""Help given (记帮扶): one occasion, one line for each person, in one operation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.models.codes import table
from app.models.frame import Frame
from app.models.help import CASH, GOODS, HelpLine, HelpRecord
from app.models.here import here
from app.models.money import show_money
from app.models.operation import operation
from app.models.people import Person, Stay
from app.models.record import put_all
from app.work.standing import names, not_later, refuse

PART = 500


def record_delivery(
    persons: Sequence[int], *, kind: str, day: date, subject: str, goods: str | None = None, value: int | None = None,
    cash: int | None = None, giver: str | None = None, organisation: str | None = None, source: str | None = None,
    where: str | None = None, content: str | None = None, again: bool | None = False,
) -> str:  # fmt: skip
    """Record one occasion of help to all of `persons` (记一次帮助): a visit, a deed, or things that each one got.

    `goods`, `value` and `cash` are what each person got, amounts in fen. Raises Reject naming those who were dead or
    gone on that day, and where the same help was already recorded for one of them, unless `again`.
    """
    chosen = list(dict.fromkeys(persons))
    if not chosen:
        refuse("请先选中受助的人。", "persons")
    if kind == GOODS and not goods:
        refuse("送物资要写明品名及数量，如“大米 10 公斤、食用油 5 升”。", "goods")
    if kind == CASH and not cash:
        refuse("给资金要写明每人的金额。", "cash")
    if goods and not any(sign.isalpha() for sign in goods):
        refuse(f"“{goods}”不是品名及数量，请写成“大米 10 公斤”的样子；给的是钱，请填到金额里。", "goods")
    with operation("记帮扶"):
        _all_there(chosen, not_later(day))
        if not again:
            _not_recorded(chosen, kind, day, subject)
        record = HelpRecord(
            kind=kind, day=day, subject=subject, where=where, giver=giver, organisation=organisation, source=source,
            content=content,
        )  # fmt: skip
        record.save()
        each = {"help": record.id, "goods": goods, "value": value, "cash": cash}
        put_all(HelpLine, [{**each, "person": person} for person in chosen])
    amounts = [("折合", value), ("资金", cash)]
    told = "".join(
        f"，每人{word} {show_money(amount)} 元、共 {show_money(amount * len(chosen))} 元"
        for word, amount in amounts
        if amount
    )
    given = f"，每人{goods}" if goods else ""
    return f"已记 {day}“{subject}”（{table('help_kind').show(kind)}）：{len(chosen):,} 人{given}{told}。"


def _all_there(persons: Sequence[int], day: date) -> None:
    """Whether all of these were there on the day. Raises Reject by name."""
    there: set[int] = set()
    for start in range(0, len(persons), PART):
        frame = Frame(Person, day)
        meets = frame.root.id.in_(list(persons[start : start + PART])) & frame.present()
        found = here().file.database.execute(frame.select(frame.root.id, where=meets))
        there.update(row[0] for row in found.fetchall())
    missing = [Person.by_key(key) for key in persons if key not in there]
    gone = [person for person in missing if _left_by(person, day)]
    coming = [person for person in missing if person not in gone]
    said = []
    if gone:
        said.append("、".join(f"{person.name}（{_why_gone(person, day)}）" for person in gone[:8]))
    if coming:
        said.append("、".join(f"{person.name}（{person.since} 才入户）" for person in coming[:8]))
    if missing:
        many = f"共 {len(missing):,} 人" if len(missing) > 8 else ""
        refuse(f"{day} 那天不在册：{'、'.join(said)}{many}，请去掉他们，或核对日期。", "persons")


def _left_by(person: Person, day: date) -> bool:
    if person.until and person.until <= day:
        return True
    return bool(Stay.select().where((Stay.person == person.id) & (Stay.until <= day)).exists())


def _why_gone(person: Person, day: date) -> str:
    if person.until and person.until <= day:
        return f"{person.until} {table('leaving').show(person.leaving)}"
    return "当时已离开"


def _not_recorded(persons: Sequence[int], kind: str, day: date, subject: str) -> None:
    """Whether the same help stands for one of them already, as when a button is pressed twice. Raises Reject."""
    known = (HelpRecord.kind == kind) & (HelpRecord.day == day) & (HelpRecord.subject == subject)
    lines: Any = HelpLine.select(HelpLine.person).join(HelpRecord).where(known).tuples()
    twice = {row[0] for row in lines} & set(persons)
    if twice:
        people = [Person.by_key(key) for key in persons if key in twice]
        refuse(f"{names(people)}在 {day} 已记过“{subject}”；确实又给了一次的，请勾选“再记一次”。", "again")
