"""What in a list is taken as it stands but should be looked at (存疑): nothing here changes what is written.

A remark like 2024.3去世 never makes anybody dead; it is told, with the verb by which the clerk records it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from app.models import rules
from app.models.codes import table
from app.models.dates import PartialDate
from app.models.faults import Fault
from app.models.people import Person
from app.work.plan import Item

REMARKS = (
    (re.compile("去世|死亡|病故|亡故|已故|过世|身故"), "死亡登记"),
    (re.compile("迁出|迁走|迁往|嫁出|出嫁|外嫁"), "迁出登记"),
    (re.compile("失踪|走失|失联"), "失踪情况"),
    (re.compile("转特困|停保|退保|取消低保"), "对象类别变动"),
)


def tell_doubts(record: Any, items: Iterable[Item]) -> None:
    """Add to each row of a list of persons what somebody should look at."""
    if record is not Person:
        return
    accounts: dict[str, Item] = {}
    for item in items:
        if item.values.keys() & {"id_number", "note", "account"}:
            item.doubts += _of_one(item.values)
            if account := item.values.get("account"):
                first = accounts.setdefault(account, item)
                if first is not item:
                    said = f"账号与 {first.given.sheet} 第 {first.given.row} 行的{first.values.get('name', '')}相同"
                    item.doubts.append(Fault("account", f"{said}，两人共用一个账号的请核对领款人。"))


def _of_one(values: dict[str, Any]) -> Iterator[Fault]:
    if number := values.get("id_number"):
        sex, right = values.get("sex"), rules.id_sex(number)
        if sex in ("1", "2") and sex != right:
            shown = table("sex").show
            yield Fault("sex", f"表里性别是{shown(sex)}，身份证号第 17 位是{shown(right)}，照表登记，请核对。")
        birth, born = values.get("birth"), rules.id_birth(number)
        if birth and not birth.first <= born <= birth.last:
            yield Fault("birth", f"出生日期 {birth.show()} 与身份证号里的 {born} 不同，照表登记，请核对。")
    if note := values.get("note"):
        for words, verb in REMARKS:
            if words.search(note):
                yield Fault("note", f"备注写着“{note[:30]}”，没有改动登记状态；属实的请办“{verb}”。")


def whole_birth(values: dict[str, Any]) -> None:
    """A birth date of which only the year or month is written, from the ID number that agrees with it."""
    birth, number = values.get("birth"), values.get("id_number")
    if birth and number and not birth.day:
        born = rules.id_birth(number)
        if birth.first <= born <= birth.last:
            values["birth"] = PartialDate(born.year, born.month, born.day)
