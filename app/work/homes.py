"""What happens to households (户的变动): splitting, merging, a new head; one operation each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from app.models.codes import table
from app.models.operation import operation
from app.models.people import HEAD, Household, Person
from app.work import kinship
from app.work.numbers import next_number
from app.work.standing import (
    MERGED,
    close_or_lead,
    end_household,
    head_of,
    home_of,
    lead,
    members,
    move,
    names,
    not_later,
    one,
    open_household,
    refuse,
    relate,
    standing_person,
)  # fmt: skip

OTHER = "80"  # 其他, where a relation does not follow
SHARED = ("village", "group", "grid", "kind", "registered_address", "address", "telephone")  # kept by a new household


def new_head(keys: Sequence[int], *, day: date, relation: str | None = None, adapt: bool | None = False) -> str:
    """Make the chosen person the head of his household (变更户主); `relation` is what the old head is to him.

    The others' relations that need a look are named; with `adapt` those that are certain are changed with it.
    """
    with operation("变更户主"):
        person = standing_person(one(keys))
        family = members(home_of(person))
        old = head_of(family)
        if old and old.id == person.id:
            refuse(f"{person.name}已经是户主。")
        chosen = next(one for one in family if one.id == person.id)
        if old:
            relation = relation or kinship.seen_by(person, old, old, family)
            if relation is None or relation == HEAD:
                refuse(f"请填写原户主{old.name}与新户主{person.name}的关系。", "relation")
        told = lead(chosen, family, old, not_later(day), bool(adapt))
        if old and relation:
            relate(old, relation, day, "变更户主")
            told += f"{old.name}改为{table('relation').show(relation)}。"
        return f"已变更户主，{day} 起{told}"


def split_household(
    keys: Sequence[int], *, day: date, head: int, new_head: int | None = None, number: str | None = None,
    village: int | None = None, group: int | None = None, relations: Mapping[int, str] | None = None,
    adapt: bool | None = False,
) -> str:  # fmt: skip
    """Let the chosen members form a household of their own (分户) with `head`; the number follows the village's.

    `relations` says what the others chosen are to the new head; what is not said follows where it is certain. When
    the old head goes with them, `new_head` leads those who stay.
    """
    with operation("分户"):
        chosen = [standing_person(key) for key in dict.fromkeys(keys)]
        if len({home_of(person) for person in chosen}) != 1:
            refuse(f"分户的人要在同一户：{names(chosen)}不在同一户，请重新选择。")
        old = open_household(home_of(chosen[0]))
        if head not in {person.id for person in chosen}:
            refuse(f"新户的户主要从分出的人中选：{names(chosen)}。", "head")
        family = members(old.id)
        if len(family) == len(chosen):
            refuse(f"选中的是 {old.number} 号户的全部成员，分户要留下至少一人；全户换地方的请直接修改户的村组。")
        fresh = _new_household(old, day, number, village, group)
        seen, unsure = _in_new_household(chosen, head, family, dict(relations or {}))
        for person in chosen:
            move(person, fresh, seen[person.id], not_later(day), "分户")
        was = [person for person in family if person.id in seen]
        after = close_or_lead(old.id, was, day, MERGED, new_head, bool(adapt))
        told = f"请核对与户主关系：{names(unsure)}。" if unsure else ""
        return f"已分户：{names(chosen)}立为 {fresh.number} 号户。{told}{after}"


def _new_household(old: Household, day: date, number: str | None, village: int | None, group: int | None) -> Household:
    facts = {name: old.__data__[name] for name in SHARED}
    if village and village != old.__data__["village"]:
        facts.update(village=village, group=None, grid=None)
    if group:
        facts["group"] = group
    fresh = Household(**facts, number=number or next_number(facts["village"]), since=day)
    fresh.save()
    return fresh


def _in_new_household(
    chosen: Sequence[Person], head: int, family: Sequence[Person], said: Mapping[int, str]
) -> tuple[dict[int, str], list[Person]]:
    """Everybody's relation in the new household, and those a clerk must look at."""
    leader, before = next(person for person in family if person.id == head), head_of(family)
    seen, unsure = {head: HEAD}, []
    for person in chosen:
        if person.id == head:
            continue
        stays = leader.relation == HEAD  # the old head leads those who go: nothing changes between them
        known = said.get(person.id) or (person.relation if stays else kinship.seen_by(leader, person, before, family))
        if known == HEAD:
            refuse(f"新户已有户主{leader.name}，{person.name}请填其他关系。", "relations")
        seen[person.id] = known or OTHER
        if not known:
            unsure.append(person)
    return seen, unsure


def merge_households(keys: Sequence[int], *, day: date, into: int, relation: str) -> str:
    """Bring all members of the chosen household into another (并户) and end it.

    `relation` is what its head is to the head of the other; the rest follows where it is certain, else it is 其他.
    """
    with operation("并户"):
        source, target = open_household(one(keys)), open_household(into)
        if source.id == target.id:
            refuse("不能并入本户，请另选一户。", "into")
        if relation == HEAD:
            refuse("并入后只能有一名户主，请填原户主与新户户主的关系。", "relation")
        if target.since and day < target.since:
            refuse(f"{target.number} 号户 {target.since} 才立户，日期 {day} 不能比它早，请核对。", "day")
        people, unsure = members(source.id), []
        for person in people:
            found = kinship.through(relation, person)
            if found is None:
                unsure.append(person)
            move(person, target, found or OTHER, not_later(day), "并户")
        end_household(source, not_later(day), MERGED)
        told = f"请核对与户主关系（暂记为其他）：{names(unsure)}。" if unsure else ""
        return f"已并户：{source.number} 号户 {len(people):,} 人并入 {target.number} 号户。{told}"


# --- why a verb cannot be done now ------------------------------------------------------------------------------------


def has_ended(keys: Sequence[int]) -> str | None:
    """Why nothing more can happen to these households: one of them ended."""
    for household in Household.select().where(Household.id.in_(list(keys[:500]))):
        if household.until:
            return f"{household.number} 号户已于 {household.until} 注销。"
    return None


def cannot_lead(keys: Sequence[int]) -> str | None:
    """Why this person cannot become the head."""
    person = Person.by_key(one(keys))
    if person.until:
        return f"{person.name}已于 {person.until} 离开，不能做户主。"
    return f"{person.name}已经是户主。" if person.relation == HEAD else None


def cannot_split(keys: Sequence[int]) -> str | None:
    """Why these persons cannot form a household of their own."""
    people = list(Person.select().where(Person.id.in_(list(keys[:500]))))
    for person in people:
        if person.until:
            return f"{person.name}已于 {person.until} 离开，不能分户。"
    if len({home_of(person) for person in people}) > 1:
        return "选中的人不在同一户，请只选同一户的人。"
    return None
