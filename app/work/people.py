"""What happens to persons (人的变动): birth, death, moving out, in, back and over, marriage; one operation each.

Every verb takes the keys of the chosen rows and the answers, gives a sentence of what was done, and raises Reject with
what is wrong. A day is the day on which it happened: from that day on the new state counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.models import rules
from app.models.codes import SPOUSES, table
from app.models.dates import PartialDate
from app.models.operation import operation
from app.models.people import HEAD, Household, Person, Stay
from app.work import kinship
from app.work.standing import (
    ALL_DEAD,
    DEATHS,
    DIED,
    MERGED,
    MOVED_OUT,
    WHOLE_LEFT,
    begun,
    close_or_lead,
    entering,
    home_of,
    leave,
    members,
    move,
    names,
    not_later,
    one,
    open_household,
    refuse,
    reopen,
    standing_person,
)  # fmt: skip

NEWBORN = "2"  # 新生儿待落户, of the code table no_id_reason
UNMARRIED, MARRIED, FIRST, AGAIN, WIDOWED, DIVORCED = "10", "20", "21", "22", "30", "40"  # of the table marriage


def birth(
    keys: Sequence[int], *, name: str, day: date, sex: str | None = None, relation: str | None = None,
    id_number: str | None = None, no_id_reason: str | None = None, ethnicity: str | None = None,
) -> str:  # fmt: skip
    """Register a child (出生) born on `day` into the household of the chosen parent.

    `keys` is one parent. Without `relation` it follows from the parent's where that leaves no doubt.
    """
    with operation("登记出生"):
        parent = standing_person(one(keys))
        household = open_household(home_of(parent))
        sex = sex or (rules.id_sex(id_number) if id_number else None)
        if id_number and rules.id_birth(id_number) != day:
            refuse(f"身份证号里的出生日期是 {rules.id_birth(id_number)}，与填写的 {day} 不同，请核对。", "day")
        relation = relation or kinship.child_of(parent.relation, sex)
        if relation is None:
            refuse(f"请填写{name}与户主的关系。" if sex else "请选择性别，或填写与户主关系。", "relation")
        entering(household, relation)
        _enter(
            household, relation, not_later(day), name=name, sex=sex, birth=PartialDate(day.year, day.month, day.day),
            id_number=id_number, no_id_reason=no_id_reason or (None if id_number else NEWBORN),
            ethnicity=ethnicity or parent.ethnicity,
        )  # fmt: skip
        return f"已登记{name}出生，入 {household.number} 号户，与户主关系为{table('relation').show(relation)}。"


def move_in(
    keys: Sequence[int], *, name: str, day: date, relation: str, came_from: str | None = None,
    id_number: str | None = None, sex: str | None = None, birth: PartialDate | None = None,
    no_id_reason: str | None = None, ethnicity: str | None = None, telephone: str | None = None,
) -> str:  # fmt: skip
    """Register somebody new (迁入) in the one chosen household from `day` on."""
    with operation("登记迁入"):
        household = open_household(one(keys))
        known = id_number and Person.get_or_none(Person.id_number == id_number)
        if known and known.until:
            refuse(f"{known.name}是 {known.until} 离开的，请在“已离开人员”里办“迁回”，不要重新登记。", "id_number")
        entering(household, relation)
        _enter(
            household, relation, not_later(day), name=name, came_from=came_from, id_number=id_number, sex=sex,
            birth=birth, no_id_reason=no_id_reason, ethnicity=ethnicity, telephone=telephone,
        )  # fmt: skip
        return f"已登记{name}迁入 {household.number} 号户，与户主关系为{table('relation').show(relation)}。"


def _enter(household: Household, relation: str, day: date, **facts: object) -> None:
    if household.since and day < household.since:
        refuse(f"{household.number} 号户 {household.since} 才立户，入户日期 {day} 不能比它早，请核对。", "day")
    Person(household=household.id, relation=relation, since=day, **facts).save()


def record_death(
    keys: Sequence[int], *, day: date, new_head: int | None = None, adapt: bool | None = False,
    leaving: str | None = DIED,
) -> str:  # fmt: skip
    """Register the death of one person (死亡).

    When a head dies, `new_head` leads those who remain; the death of the last member ends the household.
    """
    with operation("登记死亡"):
        person = standing_person(one(keys))
        if leaving not in DEATHS and leaving is not None:
            refuse("登记死亡的原因只能是死亡或宣告死亡；其他原因请办“迁出”。", "leaving")
        ended = leave(person, not_later(day), leaving or DIED)
        after = close_or_lead(home_of(person), [person], day, ALL_DEAD, new_head, bool(adapt))
        widowed = [other for other in members(home_of(person)) if _were_wed(person, other)]
        told = f"{names(widowed)}的婚姻状况请核对。" if widowed and widowed[0].marriage != WIDOWED else ""
        return f"已登记{person.name}于 {day} 死亡。{ended}{after}{told}"


def _were_wed(dead: Person, other: Person) -> bool:
    return other.relation in SPOUSES if dead.relation == HEAD else (
        dead.relation in SPOUSES and other.relation == HEAD
    )  # fmt: skip


def move_out(
    keys: Sequence[int], *, day: date, where_to: str | None = None, leaving: str | None = MOVED_OUT,
    new_head: int | None = None, adapt: bool | None = False,
) -> str:  # fmt: skip
    """Let persons leave the township (迁出); `leaving` says why. A whole household that goes is ended."""
    if leaving in DEATHS:
        refuse("离开原因是死亡的，请办“登记死亡”。", "leaving")
    with operation("登记迁出"):
        people = [standing_person(key) for key in dict.fromkeys(keys)]
        told = [
            leave(person, not_later(day), leaving or MOVED_OUT, f"{day} 迁往{where_to}" if where_to else "")
            for person in people
        ]
        told += [
            close_or_lead(home, [one for one in people if home_of(one) == home], day, WHOLE_LEFT, new_head, bool(adapt))
            for home in dict.fromkeys(home_of(person) for person in people)
        ]
        return f"已登记{names(people)}于 {day} 迁出。{''.join(told)}"


def come_back(keys: Sequence[int], *, day: date, household: int | None = None, relation: str | None = None) -> str:
    """Let one person who left stand in a household again (迁回), his old one unless said; the absence stays known."""
    with operation("登记迁回"):
        person = Person.by_key(one(keys))
        if not person.until:
            refuse(f"{person.name}没有离开过，仍在册，不用办迁回。")
        if person.leaving == DIED:
            refuse(f"{person.name}登记为死亡，不能迁回；登记错了的，请在“操作日志”里撤销那次登记。")
        if day < person.until:
            refuse(f"{person.name}是 {person.until} 离开的，迁回日期 {day} 不能比它早，请核对。", "day")
        home = Household.by_key(household or home_of(person))
        reopen(home, not_later(day))
        if relation is None and not members(home.id):
            relation = HEAD
        elif relation is None and home.id == home_of(person) and person.relation != HEAD:
            relation = person.relation
        if relation is None:
            refuse(f"请填写{person.name}与 {home.number} 号户现在户主的关系。", "relation")
        entering(home, relation)
        if begun(person) != person.until:
            Stay(
                person=person.id, household=home_of(person), relation=person.relation, since=person.since,
                until=person.until, reason=table("leaving").show(person.leaving),
            ).save()  # fmt: skip
        person.household, person.relation, person.since = home, relation, day
        person.until = person.leaving = None
        person.save()
        return f"已登记{person.name}于 {day} 迁回 {home.number} 号户，与户主关系为{table('relation').show(relation)}。"


def move_over(
    keys: Sequence[int], *, day: date, household: int, relation: str, new_head: int | None = None,
    adapt: bool | None = False,
) -> str:  # fmt: skip
    """Bring one person into another household of the township (转户); the old one stays known until that day."""
    with operation("转户"):
        target = open_household(household)
        after = _bring(one(keys), target, relation, day, "转户", new_head, bool(adapt))
        return f"已把{Person.by_key(one(keys)).name}转入 {target.number} 号户。{after}"


def _bring(
    key: int, target: Household, relation: str, day: date, reason: str, new_head: int | None, adapt: bool
) -> str:
    """Move one person; what follows for the household he leaves."""
    was, person = standing_person(key), standing_person(key)
    if home_of(was) == target.id:
        refuse(f"{was.name}已在 {target.number} 号户，请另选一户。", "household")
    if target.since and day < target.since:
        refuse(f"{target.number} 号户 {target.since} 才立户，日期 {day} 不能比它早，请核对。", "day")
    entering(target, relation)
    move(person, target, relation, not_later(day), reason)
    return close_or_lead(home_of(was), [was], day, MERGED, new_head, adapt)


def marry(
    keys: Sequence[int], *, day: date, spouse: int | None = None, moves: bool | None = False,
    relation: str | None = None, new_head: int | None = None, adapt: bool | None = False,
) -> str:  # fmt: skip
    """Register a marriage (结婚) of one person, with `spouse` where that one is registered here too.

    With `moves` the person enters the spouse's household; `relation` is asked where it does not follow.
    """
    with operation("登记结婚"):
        not_later(day)
        person = _wed(one(keys))
        if spouse is None:
            if moves:
                refuse("要迁入配偶的户，请先选配偶。", "spouse")
            return f"已登记{person.name}结婚（{table('marriage').show(person.marriage)}）。"
        if spouse == person.id:
            refuse("配偶不能是本人，请另选。", "spouse")
        other = _wed(spouse)
        told = f"已登记{person.name}与{other.name}结婚。"
        if not moves:
            return told
        relation = relation or kinship.wed_to(other.relation, person)
        if relation is None:
            refuse(f"请填写{person.name}与{other.name}所在户户主的关系。", "relation")
        target = open_household(home_of(other))
        after = _bring(person.id, target, relation, day, "结婚", new_head, bool(adapt))
        shown = table("relation").show(relation)
        return f"{told}{person.name}迁入 {target.number} 号户，与户主关系为{shown}。{after}"


def _wed(key: int) -> Person:
    """Give one person the right status: a first marriage or a further one where that is known."""
    person = standing_person(key)
    if person.marriage in kinship.MARRIED:
        refuse(f"{person.name}登记的婚姻状况已是{table('marriage').show(person.marriage)}，请先核对。")
    person.marriage = {UNMARRIED: FIRST, WIDOWED: AGAIN, DIVORCED: AGAIN}.get(person.marriage, MARRIED)
    person.save()
    return person


# --- why a verb cannot be done now ------------------------------------------------------------------------------------


def has_left(keys: Sequence[int]) -> str | None:
    """Why nothing more can happen to these persons: one of them left."""
    for person in _some(keys):
        if person.until:
            return f"{person.name}已于 {person.until} 离开，不能办理；回来的请办“迁回”。"
    return None


def is_here(keys: Sequence[int]) -> str | None:
    """Why these persons cannot come back."""
    for person in _some(keys):
        if not person.until:
            return f"{person.name}仍在册，不用办迁回。"
        if person.leaving == DIED:
            return f"{person.name}登记为死亡，登记错了的请在“操作日志”里撤销。"
    return None


def is_married(keys: Sequence[int]) -> str | None:
    """Why these persons cannot marry."""
    for person in _some(keys):
        if person.marriage in kinship.MARRIED:
            return f"{person.name}登记的婚姻状况已是{table('marriage').show(person.marriage)}。"
    return has_left(keys)


def _some(keys: Sequence[int]) -> list[Person]:
    return list(Person.select().where(Person.id.in_(list(keys[:500]))))
