"""Joining helpers with those they help (结对、解除、接替): the verbs of the pairing ledgers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.models.operation import operation
from app.models.pairing import Helper, HouseholdTie, Pairing, Posting, Tie
from app.models.record import put_all
from app.work.standing import not_later, one, open_household, refuse, standing_person

REPLACED = "9"  # 调整结对, of the code table ending


def pair(keys: Sequence[int], *, helper: int, role: str, since: date, reason: str | None = None) -> str:
    """Join a helper with the chosen persons (结对)."""
    found = _able(helper)
    with operation("登记结对"):
        people = [standing_person(key) for key in dict.fromkeys(keys)]
        common = {"helper": helper, "role": role, "since": not_later(since), "reason": reason}
        put_all(Pairing, [{**common, "person": person.id} for person in people])
    return f"已为 {len(people):,} 人结对{found.name}。{_load(found)}"


def tie(keys: Sequence[int], *, helper: int, role: str, since: date, reason: str | None = None) -> str:
    """Give a helper the chosen households to look after (包户)."""
    found = _able(helper)
    with operation("登记包户"):
        homes = [open_household(key) for key in dict.fromkeys(keys)]
        common = {"helper": helper, "role": role, "since": not_later(since), "reason": reason}
        put_all(HouseholdTie, [{**common, "household": home.id} for home in homes])
    return f"已由{found.name}联系 {len(homes):,} 户。{_load(found)}"


def _able(key: int) -> Helper:
    """A helper who is there. Raises Reject."""
    helper = Helper.by_key(key)
    if helper.until:
        refuse(f"{helper.name}已于 {helper.until} 离岗，请另选帮扶人。", "helper")
    return helper


def _load(helper: Helper) -> str:
    """A word when somebody now looks after more than he can."""
    if not helper.capacity:
        return ""
    number = sum(
        record.select().where((record.helper == helper.id) & record.until.is_null()).count()
        for record in (Pairing, HouseholdTie)
    )
    return f"现在共帮扶 {number:,}，超过可帮扶数 {helper.capacity:,}，请核对。" if number > helper.capacity else ""


def _end(
    record: type[Tie], keys: Sequence[int], day: date, ending: str, successor: int | None, note: str | None
) -> str:
    """End ties on `day`; with a successor the same ties go on with him (接替)."""
    following = _able(successor) if successor else None
    rows: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    with operation(f"结束{record.word}"):
        for row in record.by_keys(list(dict.fromkeys(keys))).values():
            if row.until:
                refuse(f"这项{record.word}已于 {row.until} 结束，不用再办。")
            if not_later(day) < row.since:
                refuse(f"{row.since} 才开始，结束日期 {day} 不能比它早，请核对。", "day")
            if successor == row.__data__["helper"]:
                refuse("接替人不能还是原来的帮扶人，请另选。", "successor")
            noted = " ".join(filter(None, (row.note, note)))
            rows.append(
                {**row.__data__, "until": day, "ending": ending, "successor": successor, "note": noted or None}
            )
            if successor:
                kept = {name: value for name, value in row.__data__.items() if name not in ("id", "rev", "note")}
                new.append({**kept, "helper": successor, "since": day})
        put_all(record, rows)
        put_all(record, new)
    went = f"，由{following.name}接替" if following else ""
    return f"已结束 {len(rows):,} 项{record.word}{went}。"


def end_pairings(
    keys: Sequence[int], *, day: date, ending: str = REPLACED, successor: int | None = None, note: str | None = None
) -> str:
    """End pairings (解除结对), or hand them over."""
    return _end(Pairing, keys, day, ending, successor, note)


def end_ties(
    keys: Sequence[int], *, day: date, ending: str = REPLACED, successor: int | None = None, note: str | None = None
) -> str:
    """End looking after households (解除包户), or hand it over."""
    return _end(HouseholdTie, keys, day, ending, successor, note)


def end_postings(
    keys: Sequence[int], *, day: date, ending: str = REPLACED, successor: int | None = None, note: str | None = None
) -> str:
    """End postings (结束驻村或网格岗位), or hand them over."""
    return _end(Posting, keys, day, ending, successor, note)


def helper_leaves(keys: Sequence[int], *, day: date, leaving: str | None = None, successor: int | None = None) -> str:
    """A helper goes (离岗): all his ties end on that day, or go on with the successor."""
    with operation("帮扶人离岗"):
        helper = _able(one(keys))
        if successor == helper.id:
            refuse("接替人不能是离岗的人自己，请另选。", "successor")
        told = []
        for record in (Pairing, HouseholdTie, Posting):
            held = [row.id for row in record.select().where((record.helper == helper.id) & record.until.is_null())]
            if held:
                told.append(_end(record, held, day, "10", successor, None))
        helper.until, helper.leaving = not_later(day), leaving
        helper.save()
        return f"已登记{helper.name}于 {day} 离岗。{''.join(told)}"


def told_of_ties(keys: Sequence[int]) -> str:
    """What ends, or is handed over, when these helpers go; in a sentence before it is done."""
    counted = [
        (record.word, record.select().where(record.helper.in_(list(keys[:500])) & record.until.is_null()).count())
        for record in (Pairing, HouseholdTie, Posting)
    ]
    held = "、".join(f"{word} {count:,} 项" for word, count in counted if count)
    return f"现有{held}，将随之结束或由接替人接着办。" if held else ""


def has_left(keys: Sequence[int]) -> str | None:
    """Why these helpers can take or hand over nothing."""
    for helper in Helper.select().where(Helper.id.in_(list(keys[:500])) & Helper.until.is_null(False)):
        return f"{helper.name}已于 {helper.until} 离岗。"
    return None


def has_ended(record: type[Tie]) -> Any:
    """A function that says why these ties cannot be ended."""

    def why(keys: Sequence[int]) -> str | None:
        for row in record.select().where(record.id.in_(list(keys[:500])) & record.until.is_null(False)):
            return f"这项{record.word}已于 {row.until} 结束。"
        return None

    return why
