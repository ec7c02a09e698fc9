"""What a small town's office keeps: people in categories, some no longer, what is known of each, and who helps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from app.models.categories import (
    Care,
    CoveredPerson,
    Disability,
    ElderLiving,
    Enrolment,
    Evidence,
    LeftBehindChild,
    Monitoring,
    Orphanhood,
    categories,
)  # fmt: skip
from app.models.operation import operation
from app.models.pairing import Helper, HouseholdTie, Organisation, Pairing, Posting
from app.models.record import put_all
from app.work.packs import bring_packs


def fill(rng: Random, persons: Sequence[int], households: Sequence[int], villages: Sequence[int], grids: Any) -> None:
    """Fill what follows from these rows; `persons` are there today."""
    bring_packs()
    codes = sorted(categories().keys())
    with operation("登记对象"):
        keys = _enrolments(rng, persons, codes)
        _details(rng, keys)
        some = rng.sample(keys, len(keys) // 2)
        covered = Enrolment.by_keys(some[:3]).values()
        put_all(CoveredPerson, [{"enrolment": row.id, "person": row.person_id} for row in covered])
        put_all(Evidence, [{"enrolment": key, "title": "户口簿", "day": date(2024, 1, 1)} for key in some[:4]])
    with operation("登记结对"):
        _ties(rng, persons, households, villages, grids)


def _time(rng: Random) -> dict[str, Any]:
    since = date(2018, 1, 1) + timedelta(days=rng.randrange(2000))
    ended = rng.random() < 0.3
    until = since + timedelta(days=rng.randrange(1, 900)) if ended else None
    return {"since": since, "until": until, "ending": rng.choice(("3", "99")) if ended else None}


def _enrolments(rng: Random, persons: Sequence[int], codes: Sequence[str]) -> list[int]:
    """Somebody in each category now, somebody at some time; nobody in two: rules about that are tested elsewhere."""
    known, drawn = categories(), rng.sample(persons, min(len(persons), 2 * len(codes)))
    rows = []
    for at, person in enumerate(drawn):
        when = {"since": date(2019, 5, 1)} if at < len(codes) else _time(rng)
        rows.append({
            "category": known[codes[at % len(codes)]], "person": person, "grade": rng.choice(("A", None)), **when,
        })  # fmt: skip
    return put_all(Enrolment, rows)


def _details(rng: Random, keys: Sequence[int]) -> None:
    for record, facts in (
        (LeftBehindChild, {"school": "牛街小学", "kind": "1", "father_telephone": "13888880001", "father": "杨大"}),
        (ElderLiving, {"living": "1", "contact": "杨小", "contact_telephone": "13888880002"}),
        (Disability, {"kind": "4", "level": "2", "expires": date(2030, 1, 1)}),
        (Orphanhood, {"father_state": "2", "father_since": date(2015, 2, 3), "guardian": "杨祖父"}),
        (Care, {"keeping": "1", "ability": "2", "carer": "杨照料"}),
        (Monitoring, {"kind": "2", "risk": "1", "cause": "住院 100%", "found": date(2022, 1, 1)}),
    ):
        some = rng.sample(list(keys), len(keys) // 2)
        put_all(record, [
            {"enrolment": key} | {name: value for name, value in facts.items() if rng.random() < 0.7} for key in some
        ])  # fmt: skip


def _ties(
    rng: Random, persons: Sequence[int], households: Sequence[int], villages: Sequence[int], grids: Sequence[int]
) -> None:
    units = put_all(Organisation, [
        {"name": "牛街乡卫生院", "level": "4", "kind": "4", "village": villages[0]}, {"name": "县民政局", "level": "3"},
    ])  # fmt: skip
    helpers = put_all(Helper, [
        {"name": name, "organisation": rng.choice((*units, None)), "party": rng.random() < 0.5, "capacity": at + 1,
         "telephone": f"1397777000{at}", "until": date(2023, 5, 1) if at == 3 else None}
        for at, name in enumerate(("王干部", "李医生", "赵老师", "孙离岗"))
    ])  # fmt: skip
    for record, link, whom in ((Pairing, "person", persons), (HouseholdTie, "household", households)):
        rows = [{"helper": rng.choice(helpers), "role": rng.choice("1234"), link: key, **_time(rng)} for key in whom]
        put_all(record, rows)
    standing = {"since": date(2020, 1, 1), "role": "7"}
    put_all(Posting, [
        {"helper": helpers[0], "village": villages[1], **standing},
        {"helper": helpers[1], "grid": grids[0], **standing},
    ])  # fmt: skip
