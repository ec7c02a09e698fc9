"""How a person stands in a household (在户): entering, changing the relation, moving over and leaving, each on a day.

What stood before a change is kept in `Stay` until that day, so that any earlier day still finds it. A state that lasted
no whole day leaves no `Stay`. All of this is written inside an operation that a verb has opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NoReturn

from app.models.codes import table
from app.models.faults import Fault, Reject
from app.models.here import today
from app.models.people import HEAD, FormerHome, Household, Person, Stay
from app.models.places import Place
from app.work import kinship
from app.work.endings import ENDED_BY_DEATH, ENDED_BY_LEAVING, end_with
from app.work.numbers import next_number

DIED, MOVED_OUT = "1", "2"  # of the code table leaving
DEATHS = ("1", "5")  # 死亡、宣告死亡
WHOLE_LEFT, MERGED, ALL_DEAD = "1", "2", "3"  # of the code table household_ending


def refuse(sentence: str, path: str = "") -> NoReturn:
    """Raise Reject with one sentence; `path` is the name of the answer it is about."""
    raise Reject(Fault(path, sentence))


def not_later(day: date) -> date:
    """The day of an event, which must have come. Raises Reject."""
    if day > today():
        refuse(f"日期 {day} 在今天之后，请填事情发生的那一天。", "day")
    return day


def one(keys: Sequence[int]) -> int:
    """The only key."""
    if len(keys) != 1:
        refuse("一次只能办理一行，请只选一行。")
    return keys[0]


def standing_person(key: int) -> Person:
    """A person who stands in a household now. Raises Reject by name, or Stale."""
    person = Person.by_key(key)
    if person.until:
        why = table("leaving").show(person.leaving)
        refuse(f"{person.name}已于 {person.until} 离开（{why}），要再入户请办“迁回”。")
    return person


def open_household(key: int) -> Household:
    """A household that has not ended. Raises Reject, or Stale."""
    household = Household.by_key(key)
    if household.until:
        refuse(f"{household.number} 号户已于 {household.until} 注销，请另选一户。", "household")
    return household


def home_of(person: Person) -> int:
    """The key of the household that a person stands in, or stood in when he left."""
    key: int = person.__data__["household"]
    return key


def members(household: int) -> list[Person]:
    """Who stands in this household now, the head first, then by relation."""
    found = Person.select().where((Person.household == household) & Person.until.is_null())
    return sorted(found, key=lambda person: (person.relation != HEAD, person.relation, person.id))


def head_of(people: Sequence[Person]) -> Person | None:
    """The head (户主) among these."""
    return next((person for person in people if person.relation == HEAD), None)


def begun(person: Person) -> date | None:
    """The day on which the present household and relation began; None where nobody knows."""
    last = Stay.select().where(Stay.person == person.id).order_by(Stay.until.desc()).first()
    known = [day for day in (person.since, last and last.until) if day]
    return max(known) if known else None


def keep(person: Person, day: date, reason: str) -> None:
    """Keep what stands until `day`, before it changes. Raises Reject where something later is already known."""
    start = begun(person)
    if start and day < start:
        refuse(f"{person.name}在 {start} 已有变动，这次的日期 {day} 不能比它早，请核对日期。", "day")
    if start != day:
        Stay(
            person=person.id, household=home_of(person), relation=person.relation,
            since=person.since, until=day, reason=reason,
        ).save()  # fmt: skip


def relate(person: Person, relation: str, day: date, reason: str) -> None:
    """Give a person another relation to the head, in the same household."""
    if person.relation == relation:
        return
    keep(person, day, reason)
    person.relation = relation
    person.save()


def move(person: Person, household: Household, relation: str, day: date, reason: str) -> None:
    """Bring a person from one household of the township into another."""
    keep(person, day, reason)
    person.household, person.relation, person.since = household, relation, day
    person.save()


def leave(person: Person, day: date, leaving: str, note: str = "") -> str:
    """Let a person leave all current lists on `day`; `note` is added to the card. Says what else ended with it."""
    start = begun(person)
    if start and day < start:
        refuse(f"{person.name}在 {start} 才入户或有过变动，离开的日期 {day} 不能比它早，请核对日期。", "day")
    person.until, person.leaving = day, leaving
    if note:
        person.note = "\n".join(filter(None, (person.note, note)))
    told = end_with(Person, [person.id], day, ENDED_BY_DEATH if leaving in DEATHS else ENDED_BY_LEAVING)
    person.save()
    return told


def entering(household: Household, relation: str) -> None:
    """Whether one more person may enter with this relation. Raises Reject."""
    people = members(household.id)
    head = head_of(people)
    if head and relation == HEAD:
        refuse(f"{household.number} 号户的户主是{head.name}，一户只能有一名户主，请填与{head.name}的关系。", "relation")
    if not people and relation != HEAD:
        refuse(f"{household.number} 号户现在没有人，来人应是户主，请把与户主关系填为户主。", "relation")


def close_or_lead(
    household: int, gone: Sequence[Person], day: date, ending: str, new_head: int | None, adapt: bool = False
) -> str:
    """What a household needs after `gone` went: an end when nobody is left, a new head when the head went.

    `gone` are the persons as they stood before. Gives a sentence for the clerk, "" when nothing was needed.
    """
    rest, went = members(household), head_of(gone)
    if not rest:
        return end_household(Household.by_key(household), day, ending)
    if went is None:
        return ""
    if new_head is None:
        refuse(f"{went.name}是户主，户里还有{names(rest)}，请选一位新户主。", "new_head")
    chosen = next((person for person in rest if person.id == new_head), None)
    if chosen is None:
        refuse(f"新户主要从留在户里的人中选：{names(rest)}。", "new_head")
    return lead(chosen, rest, went, day, adapt)


def lead(head: Person, family: Sequence[Person], before: Person | None, day: date, adapt: bool) -> str:
    """Make `head` the head of `family`, and look at what the others are to him.

    `before` is the former head, who may be gone. With `adapt` relations that are certain are changed; the sentence
    names the changed ones and those to look at.
    """
    others = [person for person in family if person.id != head.id and person.relation != HEAD]
    seen = {person.id: kinship.seen_by(head, person, before, family) for person in others}
    relate(head, HEAD, _not_before_begun(head, day), "变更户主")
    return f"户主为{head.name}。" + review(others, seen, day, adapt)


def review(others: Sequence[Person], seen: dict[int, str | None], day: date, adapt: bool) -> str:
    """Change (with `adapt`) or suggest the relations that are certain, and name those a clerk must look at."""
    show, changed, asked = table("relation").show, [], []
    for person in others:
        right = seen[person.id]
        if right == person.relation:
            continue
        if right and adapt:
            relate(person, right, _not_before_begun(person, day), "随户主变更")
            changed.append(f"{person.name}改为{show(right)}")
        else:
            hint = f"，应为{show(right)}" if right else ""
            asked.append(f"{person.name}（现为{show(person.relation)}{hint}）")
    told = f"{'、'.join(changed)}。" if changed else ""
    return told + (f"请核对与户主关系：{'、'.join(asked)}。" if asked else "")


def _not_before_begun(person: Person, day: date) -> date:
    start = begun(person)
    return max(day, start) if start else day


def end_household(household: Household, day: date, ending: str) -> str:
    """End a household that nobody stands in any more, on the day the last one left it."""
    lefts = [person.until for person in Person.select().where(Person.household == household.id) if person.until]
    lefts += [stay.until for stay in Stay.select().where(Stay.household == household.id)]
    lefts += [home.until for home in FormerHome.select().where(FormerHome.household == household.id)]
    household.until, household.ending = max([day, *lefts]), ending
    told = end_with(Household, [household.id], household.until, ENDED_BY_LEAVING)
    household.save()
    return f"{household.number} 号户已无人，户已注销（{table('household_ending').show(ending)}）。{told}"


def reopen(household: Household, day: date) -> None:
    """Let a household that had ended stand again since `day`; the time it did not exist stays answerable."""
    if household.until is None:
        return
    if day < household.until:
        refuse(f"{household.number} 号户 {household.until} 才注销，迁回日期 {day} 不能比它早，请核对。", "day")
    village, group = household.village, household.group
    FormerHome(
        household=household.id, village=village, group=group, since=household.since, until=household.until,
        reason=f"注销（{table('household_ending').show(household.ending)}）",
    ).save()  # fmt: skip
    household.village, household.group = living_place(village), group and living_place(group)
    if household.village != village and _taken(household):
        household.number = next_number(household.__data__["village"])
    household.since, household.until, household.ending = day, None, None
    household.save()


def living_place(place: Place) -> Place:
    """The place, or the one it was merged into. Raises Reject where it ended and went nowhere."""
    while place.until and place.merged_into:
        place = place.merged_into
    if place.until:
        refuse(f"{place.name}已于 {place.until} 撤销，请先把该户改到现有的村组。")
    return place


def _taken(household: Household) -> bool:
    same = (Household.village == household.__data__["village"]) & (Household.number == household.number)
    return bool(Household.select().where(same & (Household.id != household.id)).exists())


def names(people: Sequence[Person], most: int = 8) -> str:
    """张三、李四等 9 人."""
    listed = "、".join(person.name for person in people[:most])
    return listed if len(people) <= most else f"{listed}等 {len(people):,} 人"
