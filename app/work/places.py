"""What happens to places (村组的变动): new ones, new names, villages that merge; one operation each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.models.here import today
from app.models.operation import operation
from app.models.people import FormerHome, Household
from app.models.places import COUNTY, GROUP, TOWNSHIP, VILLAGE, FormerPlace, Place
from app.models.record import put_all
from app.work.numbers import next_numbers
from app.work.packs import bring_packs
from app.work.standing import not_later, one, refuse


def found_township(
    county: str, township: str, villages: Sequence[str], groups: Mapping[str, Sequence[str]] | None = None
) -> str:
    """Set up a new file's county, township, villages and, by village, their groups (建立村组)."""
    for village in groups or {}:
        if village not in villages:
            refuse(f"村民小组写在“{village}”下，但村名单里没有它，请补上。", "villages")
    with operation("建立村组"):
        above = (_present(COUNTY, county, None) or _new(COUNTY, county, None)).id if county else None
        if _present(TOWNSHIP, township, above):
            refuse(f"{township}已经建立，增加村请办“增加村”。", "township")
        seat = _new(TOWNSHIP, township, above)
        keys = _new_all(VILLAGE, _distinct(villages, "村"), seat.id)
        for village, key in zip(villages, keys, strict=True):
            _new_all(GROUP, _distinct((groups or {}).get(village, ()), "组"), key)
    bring_packs()
    number = sum(map(len, (groups or {}).values()))
    return f"已建立{county}{township}，{len(villages):,} 个村" + (f"、{number:,} 个组。" if number else "。")


def add_villages(township: int, names: Sequence[str], since: date | None = None) -> str:
    """Add villages to a township (增加村)."""
    return _add(township, names, TOWNSHIP, VILLAGE, "村", since)


def add_groups(village: int, names: Sequence[str], since: date | None = None) -> str:
    """Add villagers' groups to a village (增加组)."""
    return _add(village, names, VILLAGE, GROUP, "组", since)


def add_below(keys: Sequence[int], *, names: str, since: date | None = None) -> str:
    """Add villages to a township or groups to a village (增加下级); `names` with line breaks or 、 between them."""
    place = Place.by_key(one(keys))
    listed = [name for name in re.split(r"[\s、，,；;]+", names) if name]
    return (add_villages if place.level == TOWNSHIP else add_groups)(place.id, listed, since)


def _add(above: int, names: Sequence[str], level: str, below: str, word: str, since: date | None) -> str:
    with operation(f"增加{word}"):
        place = Place.by_key(above)
        if place.level != level or place.until:
            refuse(f"不能在{place.name}下增加{word}：村在乡镇下，组在村下，请另选上级。", "parent")
        wanted = _distinct(names, word)
        if not wanted:
            refuse(f"请写出要增加的{word}名。", "names")
        for name in wanted:
            if _present(below, name, place.id):
                refuse(f"{place.name}已有“{name}”，请不要重复增加。", "names")
        _new_all(below, wanted, place.id, since)
        return f"{place.name}增加了 {len(wanted):,} 个{word}：{'、'.join(wanted)}。"


def _distinct(names: Sequence[str], word: str) -> list[str]:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        refuse(f"{word}名“{twice[0]}”写了两次，请去掉重复的。", "names")
    return list(names)


def _new(level: str, name: str, parent: int | None) -> Place:
    place = Place(level=level, name=name, parent=parent)
    place.save()
    return place


def _new_all(level: str, names: Sequence[str], parent: int, since: date | None = None) -> list[int]:
    read = Place.facts()["name"].read
    return put_all(Place, [{"name": read(name), "level": level, "parent": parent, "since": since} for name in names])


def _present(level: str, name: str, parent: int | None) -> Place | None:
    """The place of this level and name that has not ended."""
    above = Place.parent == parent if parent else Place.parent.is_null()
    named = (Place.level == level) & (Place.name == name) & Place.until.is_null()
    found: Place | None = Place.get_or_none(named & above)
    return found


def rename_village(keys: Sequence[int], *, day: date, name: str, reason: str | None = None) -> str:
    """Give one village, or any place, a new name from `day` on (改名); the old one stays known and searchable."""
    with operation("村组改名"):
        place = Place.by_key(one(keys))
        old = place.name
        if name == old:
            refuse(f"{old}已经叫这个名字，请填新名称。", "name")
        _open(place, day)
        last = _last_name(place.id)
        if last is None or last.until != not_later(day):  # a name of no whole day is not kept
            FormerPlace(place=place.id, name=old, since=place.since, until=day, reason=reason).save()
        place.name = name
        place.save()
        return f"{old}自 {day} 起改名为{name}，旧名仍可查到。"


def _last_name(place: int) -> FormerPlace | None:
    found: FormerPlace | None = (
        FormerPlace.select().where(FormerPlace.place == place).order_by(FormerPlace.until.desc()).first()
    )
    return found


def _open(place: Place, day: date) -> None:
    """Whether a place stands on `day` and nothing later is known of it. Raises Reject."""
    if place.until:
        refuse(f"{place.name}已于 {place.until} 撤销，请另选。")
    last = _last_name(place.id)
    known = [since for since in (place.since, last and last.until) if since]
    if known and day < max(known):
        refuse(f"{place.name}在 {max(known)} 已有变动，日期 {day} 不能比它早，请核对。", "day")


def merge_villages(keys: Sequence[int], *, day: date, into: int, reason: str | None = None) -> str:
    """Merge the chosen villages into another (并村) from `day` on.

    Their households go over with a former home each; their groups end and go on under the other village, in the group
    of the same name where it has one. A number that is taken there is replaced by the next free one.
    """
    with operation("并村"):
        target = Place.by_key(into)
        _open(target, not_later(day))
        told = []
        for key in dict.fromkeys(keys):
            source = Place.by_key(key)
            _open(source, day)
            if source.id == target.id or source.level != VILLAGE or target.level != VILLAGE:
                refuse(f"{source.name}不能并入{target.name}，请选两个不同的村。", "into")
            groups = _groups_over(source, target, day)
            because = reason or f"{source.name}并入{target.name}"
            count, renumbered = _households_over(source, target, groups, day, because)
            source.until, source.merged_into = day, target.id
            source.save()
            again = f"（{renumbered:,} 户编号重复，已换新号）" if renumbered else ""
            told.append(f"{source.name} {count:,} 户{again}")
        return f"自 {day} 起{'、'.join(told)}并入{target.name}，旧村名仍可查到。"


def _groups_over(source: Place, target: Place, day: date) -> dict[int, int]:
    """End the groups of `source`, each going on in a group of `target`: old key → new key."""
    taken = {place.name: place for place in Place.select().where(Place.parent == target.id)}
    into: dict[int, int] = {}
    for group in list(Place.select().where((Place.parent == source.id) & Place.until.is_null())):
        name = group.name
        if name in taken and taken[name].until:
            name = f"{source.name}{name}"  # a group of that name ended there before
        if name not in taken:
            taken[name] = Place(level=GROUP, name=name, parent=target.id, since=day)
            taken[name].save()
        group.until, group.merged_into = day, taken[name].id
        group.save()
        into[group.id] = taken[name].id
    return into


def _households_over(
    source: Place, target: Place, groups: Mapping[int, int], day: date, reason: str
) -> tuple[int, int]:
    """Move the households that stand, keeping where they were; how many, and how many got a new number."""
    standing = list(Household.select().where((Household.village == source.id) & Household.until.is_null()))
    numbers: Any = Household.select(Household.number).where(Household.village == target.id).tuples()
    taken = {row[0] for row in numbers}
    begun = _last_homes(source.id)
    former, rows = [], []
    for household in standing:
        start = max(filter(None, (household.since, begun.get(household.id))), default=None)
        if start and day < start:
            refuse(f"{household.number} 号户在 {start} 已有变动，并村日期 {day} 不能比它早，请核对。", "day")
        facts: dict[str, Any] = dict(household.__data__)
        if start != day:
            kept = {name: facts[name] for name in ("village", "group", "since")}
            former.append({**kept, "household": household.id, "until": day, "reason": reason})
        facts.update(village=target.id, group=groups.get(facts["group"], facts["group"]))
        rows.append(facts)
    clashing = [facts for facts in rows if facts["number"] in taken]
    put_all(FormerHome, former)
    put_all(Household, [facts for facts in rows if facts["number"] not in taken])
    for facts, fresh in zip(clashing, next_numbers(target.id, len(clashing)), strict=True):
        old, facts["number"] = facts["number"], fresh
        facts["note"] = "\n".join(filter(None, (facts["note"], f"{day} 前户编号 {old}")))
    put_all(Household, clashing)
    return len(rows), len(clashing)


def _last_homes(village: int) -> dict[int, date]:
    """For the households of a village that moved before: since when they are where they are."""
    homes = FormerHome.select(FormerHome).join(Household).where(Household.village == village)
    last: dict[int, date] = {}
    for home in homes:
        key = home.__data__["household"]
        last[key] = max(home.until, last.get(key, home.until))
    return last


# --- why a verb cannot be done now ------------------------------------------------------------------------------------


def has_ended(keys: Sequence[int]) -> str | None:
    """Why nothing more can happen to these places."""
    for place in Place.select().where(Place.id.in_(list(keys))):
        if place.until and place.until <= today():
            return f"{place.name}已于 {place.until} 撤销。"
    return None


def no_village(keys: Sequence[int]) -> str | None:
    """Why these places cannot be merged into another village."""
    for place in Place.select().where(Place.id.in_(list(keys))):
        if place.level != VILLAGE:
            return f"{place.name}不是村，并村请选村。"
    return has_ended(keys)
