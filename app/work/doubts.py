"""What in a list is taken as it stands but should be looked at (存疑): nothing here changes what is written.

A remark like 2024.3去世 never makes anybody dead; it is told, with the verb by which the clerk records it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from app.models import rules
from app.models.codes import table
from app.models.conditions import OneOf
from app.models.dates import PartialDate
from app.models.faults import Fault
from app.models.paths import resolve
from app.models.people import Person
from app.models.query import keys, outside, rows
from app.work.choices import described
from app.work.plan import REFUSED, Item

PART = 400  # names asked for at once
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


def tell_namesakes(items: Iterable[Item]) -> None:
    """Beside a number that lost its last digits: who of that name and birth is registered. It is never made whole."""
    lost = [(item, str(item.values.get("name", "")), born) for item in items if (born := _born(item))]
    names = list(dict.fromkeys(name for _, name, _ in lost if name))
    known: dict[tuple[str, str], list[int]] = {}
    for start in range(0, len(names), PART):
        found = keys(Person, OneOf("name", tuple(names[start : start + PART])))
        told = rows(Person, [resolve(Person, "name"), resolve(Person, "birth")], found)
        for key, (name, birth) in zip(found, told, strict=True):
            known.setdefault((name, str(birth)), []).append(key)
    meant = list(dict.fromkeys(key for _, name, born in lost for key in known.get((name, born), ())))
    hidden = outside(Person, meant)
    shown = {one.key: one.whole for one in described(Person, meant)}
    for item, name, born in lost:
        if there := [shown[key] for key in known.get((name, born), ()) if key not in hidden]:
            item.faults.append(Fault("id_number", f"登记的同名同生日的有：{'；'.join(there)}。"))


def _born(item: Item) -> str:
    """The birth of a row whose number lost its last digits, as the digits that are left have it."""
    number = item.given.values.get("id_number")
    if item.kind != REFUSED or not isinstance(number, float) or not 1e17 <= number < 1e18:
        return ""
    digits = str(int(number))[6:14]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def whole_birth(values: dict[str, Any]) -> None:
    """A birth date of which only the year or month is written, from the ID number that agrees with it."""
    birth, number = values.get("birth"), values.get("id_number")
    if birth and number and not birth.day:
        born = rules.id_birth(number)
        if birth.first <= born <= birth.last:
            values["birth"] = PartialDate(born.year, born.month, born.day)
