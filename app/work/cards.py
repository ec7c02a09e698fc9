"""Two cards of the same person become one (合并同一人的两张卡)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.models.faults import Fault, Reject
from app.models.fields import Link
from app.models.here import today
from app.models.operation import operation
from app.models.paths import resolve
from app.models.people import Household, Person, Stay
from app.models.query import rows
from app.models.record import Record
from app.models.settle import same
from app.work.standing import MERGED, end_household, home_of, members, refuse

STANDING = ("household", "relation", "since", "until", "leaving")  # one account of where he stands: taken whole


def merge_cards(
    keys: Sequence[int], *, keep: int, follow: bool | None = False, stands: int | None = None, **answers: Any
) -> str:
    """Make one card of two of the same person: `keep` stays, the other is removed and all that named it names `keep`.

    Facts that only the other card has are taken over. Facts that differ are answered by name (`answers`); `stands` is
    the card that is right about household, relation and dates. With `follow` the kept card is right wherever nothing
    was answered. Raises Reject with one fault for each fact that still needs an answer.
    """
    with operation("合并两张卡"):
        first, other = _two(keys, keep)
        other_stands = _other_stands(first, other, stands, bool(follow))
        taken, faults = [], []
        for name, field in Person.facts().items():
            if name in STANDING:
                continue
            mine, theirs = first.__data__.get(name), other.__data__.get(name)
            if mine is None and theirs is not None:
                taken.append(field.label)
                setattr(first, name, theirs)
            elif mine != theirs and theirs is not None and name in answers:
                if answers[name] not in (mine, theirs):
                    faults.append(Fault(name, f"{field.label}只能取两张卡上的一个。"))
                setattr(first, name, answers[name])
            elif mine != theirs and theirs is not None and not follow:
                faults.append(_differs(field, name, field.mask(mine), field.mask(theirs)))
        if other_stands is None:
            faults.append(_differs(Person.facts()["household"], "stands", _where(first), _where(other)))
        if faults:
            raise Reject(*faults)
        left = {home_of(first), home_of(other)}
        if other_stands:
            for name in STANDING:
                setattr(first, name, other.__data__.get(name))
        taken += _join_parts(first, other, answers, bool(follow))
        moved = _move_links(first, other, bool(other_stands))
        other.remove()
        first.save()
        ended = [_end_if_empty(home) for home in left - {home_of(first)}]
        told = f"补上了{'、'.join(taken)}。" if taken else ""
        return f"已合并{first.name}的两张卡，转来 {moved:,} 条相关记录。{told}{''.join(ended)}"


def _two(keys: Sequence[int], keep: int) -> tuple[Person, Person]:
    chosen = list(dict.fromkeys(keys))
    if len(chosen) != 2:
        refuse("请选中同一个人的两张卡。")
    if keep not in chosen:
        refuse("保留的卡要从选中的两张里选。", "keep")
    first, other = Person.by_key(keep), Person.by_key(chosen[chosen[0] == keep])
    if first.id_number and other.id_number and first.id_number != other.id_number:
        refuse(f"{first.name}与{other.name}的身份证号不同，不是同一个人；若有一个登记错了，请先改正。", "id_number")
    return first, other


def _other_stands(first: Person, other: Person, stands: int | None, follow: bool) -> bool | None:
    """Whether the other card says where the person stands; None where a clerk must say it."""
    if stands is not None:
        if stands not in (first.id, other.id):
            refuse("所属户要以选中的两张卡之一为准。", "stands")
        return bool(stands == other.id)
    same_home = home_of(first) == home_of(other) and first.until == other.until
    return False if follow or same_home else None


def _differs(field: Any, name: str, mine: str, theirs: str) -> Fault:
    return Fault(name, f"{field.label}不一致：保留的卡是“{mine}”，另一张是“{theirs}”，请选一个。")


def _where(person: Person) -> str:
    left = f"，{person.until} 离开" if person.until else ""
    return f"{person.household.number} 号户{left}"


def _join_parts(first: Person, other: Person, answers: Mapping[str, Any], follow: bool) -> list[str]:
    """Of two parts (专项) that say more of the same person, keep one that says all; gives what was added to it."""
    taken, faults = [], list[Fault]()
    for part in Person.parts().values():
        found = part.rows([first.id, other.id])
        if len(found) < 2:
            continue
        mine, theirs = found[first.id], found[other.id]
        for name, field in part.facts().items():
            was, other_value = mine.__data__.get(name), theirs.__data__.get(name)
            answer = answers.get(f"{part.name}.{name}")
            if was is None and other_value is not None:
                taken.append(field.label)
                setattr(mine, name, other_value)
            elif other_value not in (None, was) and answer in (was, other_value):
                setattr(mine, name, answer)
            elif other_value not in (None, was) and not follow:
                faults.append(_differs(field, f"{part.name}.{name}", field.mask(was), field.mask(other_value)))
        theirs.remove()
        mine.save()
    if faults:
        raise Reject(*faults)
    return taken


def _move_links(first: Person, other: Person, other_stands: bool) -> int:
    """Let every row that names the other card name the first. Where one stood comes from one card alone."""
    loser = first if other_stands else other
    for stay in Stay.select().where(Stay.person == loser.id):
        if not _before_all(stay, other if other_stands else first):
            stay.remove()
    moved = 0
    for field in Person._meta.backrefs:
        record = field.model
        if not issubclass(record, Record) or not isinstance(field, Link):
            continue
        found = list(record.select().where(field == other.id))
        if faults := list(_twice(record, field, first, other)):
            raise Reject(*faults)
        for row in found:
            setattr(row, field.name, first.id)
            row.save()
        moved += len(found)
    return moved


def _before_all(stay: Stay, right: Person) -> bool:
    """Whether a spell of the other card ended before everything that the right card tells."""
    begins = [spell.since for spell in Stay.select().where(Stay.person == right.id)] + [right.since]
    return all(begin is not None and stay.until <= begin for begin in begins)


def _twice(record: Any, field: Any, first: Person, other: Person) -> Iterator[Fault]:
    """Rows of both cards that would become the same."""
    for alternative in same(record):
        others = [path for path in alternative if path.split(".")[0] != field.name]
        if len(others) == len(alternative):
            continue
        paths = [resolve(record, path) for path in others]
        known = [
            set(rows(record, paths, [row.id for row in record.select().where(field == person.id)]))
            for person in (first, other)
        ]
        if any(None not in values for values in known[0] & known[1]):
            yield Fault("", f"两张卡上有同一条{record.word}，合并后会重复，请先删去一条。")


def _end_if_empty(household: int) -> str:
    found = Household.by_key(household)
    return "" if found.until or members(household) else end_household(found, today(), MERGED)


def not_two(keys: Sequence[int]) -> str | None:
    """Why these cards cannot be merged."""
    return None if len(set(keys)) == 2 else "请选中同一个人的两张卡。"
