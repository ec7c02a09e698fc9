"""Who comes into a category and who leaves it (纳入、退出、复核): the verbs of the enrolment ledgers."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from app.models.categories import OF_HOUSEHOLD, Category, CoveredPerson, Enrolment
from app.models.exclusions import remarks
from app.models.operation import operation
from app.models.people import Person
from app.models.record import put_all
from app.work.standing import home_of, members, not_later, refuse, standing_person


def enrol(
    keys: Sequence[int], *, category: int, since: date, grade: str | None = None, reason: str | None = None,
    explained: str | None = None, whole: bool | None = None,
) -> str:  # fmt: skip
    """Enrol persons in a category from `since` on (纳入). With `whole` a category of households covers all members."""
    found = Category.by_key(category)
    if found.until:
        refuse(f"“{found.name}”已于 {found.until} 停用，请另选类别。", "category")
    with operation(f"纳入{found.name}"):
        people = [standing_person(key) for key in dict.fromkeys(keys)]
        begin = not_later(since)
        new = put_all(Enrolment, [
            {
                "category": category, "person": person.id, "since": begin, "grade": grade, "reason": reason,
                "explained": explained, "review": _months_later(begin, found.review),
            }
            for person in people
        ])  # fmt: skip
        covered = 0
        if whole and found.unit == OF_HOUSEHOLD:
            for enrolment, person in zip(new, people, strict=True):
                family = members(home_of(person))
                put_all(CoveredPerson, [{"enrolment": enrolment, "person": one.id} for one in family])
                covered += len(family)
    said = f"已把 {len(people):,} 人纳入“{found.name}”" if found.unit != OF_HOUSEHOLD else (
        f"已把 {len(people):,} 户纳入“{found.name}”" + (f"，保障 {covered:,} 人" if covered else "")
    )  # fmt: skip
    return f"{said}。{''.join(remarks(new))}"


def end_enrolments(keys: Sequence[int], *, day: date, ending: str, note: str | None = None) -> str:
    """End enrolments on `day` (退出)."""
    with operation("退出对象类别"):
        rows = []
        for row in Enrolment.by_keys(list(dict.fromkeys(keys))).values():
            if row.until:
                refuse(f"{row.person.name}已于 {row.until} 退出“{row.category.name}”，不用再办。")
            if not_later(day) < row.since:
                refuse(f"{row.person.name}是 {row.since} 纳入的，退出日期 {day} 不能比它早，请核对。", "day")
            noted = "\n".join(filter(None, (row.note, note)))
            rows.append({**row.__data__, "until": day, "ending": ending, "note": noted or None})
        put_all(Enrolment, rows)
        return f"已办理 {len(rows):,} 项退出。"


def review(keys: Sequence[int], *, day: date, note: str | None = None) -> str:
    """Say that enrolments were looked at again and stand (复核); the next time follows from the category."""
    with operation("复核对象类别"):
        rows = []
        for row in Enrolment.by_keys(list(dict.fromkeys(keys))).values():
            following = _months_later(not_later(day), row.category.review)
            noted = "\n".join(filter(None, (row.note, note and f"{day} 复核：{note}")))
            rows.append({**row.__data__, "review": following, "note": noted or None})
        put_all(Enrolment, rows)
        return f"已复核 {len(rows):,} 项。"


def has_ended(keys: Sequence[int]) -> str | None:
    """Why these enrolments cannot be ended or reviewed."""
    for row in Enrolment.select().where(Enrolment.id.in_(list(keys[:500])) & Enrolment.until.is_null(False)):
        return f"{row.person.name}已于 {row.until} 退出“{row.category.name}”。"
    return None


def cannot_enrol(keys: Sequence[int]) -> str | None:
    """Why these persons cannot be enrolled."""
    for person in Person.select().where(Person.id.in_(list(keys[:500])) & Person.until.is_null(False)):
        return f"{person.name}已于 {person.until} 离开，不能再纳入。"
    return None


def _months_later(day: date, months: int | None) -> date | None:
    if not months:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
