"""Categories, helpers and pairings of the demonstration file (演示数据：对象与结对).

The figures are those of the reports: 56 elders alone and 192 children left behind, each with a helper of his own, about
four hundred helpers at four levels, and party members who look after ten to fifteen households each.
"""

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
    LeftBehindChild,
    Monitoring,
    Orphanhood,
    categories,
)  # fmt: skip
from app.models.pairing import Helper, HouseholdTie, Organisation, Pairing, Posting
from app.models.record import put_all
from app.work.demo_names import Names, organisations, villages
from app.work.demo_people import CHILD_AGE, ELDER, FEMALE, MALE, MIDDLE, SINGLE, Home, Member, Size

CADRE, TEACHER, DOCTOR, CARE, WEEKLY, GUARDIAN, GRID, VOLUNTEER, BRANCH, STATIONED = map(str, range(1, 11))
CLASSES = ("小班", "大班", "一（1）班", "二（2）班", "三（1）班", "四（2）班", "五（1）班", "六（2）班", "七（3）班")
ILLNESS = ("高血压", "糖尿病", "关节炎", "慢性支气管炎", None, None)
WORKPLACES = ("广东省东莞市", "浙江省义乌市", "云南省昆明市", "福建省晋江市", "江苏省昆山市")
CAUSES = {"1": "户主患慢性病，医疗支出大", "2": "家中有重度残疾人", "3": "两个子女同时上大学", "7": "务工收入不稳定"}


class Office:
    """Draws what the office keeps of the people whose rows are already written."""

    def __init__(self, rng: Random, day: date, names: Names, size: Size, places: dict[str, Any]) -> None:
        self._rng, self._day, self._names, self._size, self._places = rng, day, names, size, places
        self._known = categories()
        self._enrolled: set[int] = set()  # keys of persons

    def _count(self, number: int) -> int:
        return max(round(number * self._size.share), 1)

    def _ago(self, least: int = 30, most: int = 1100) -> date:
        return self._day - timedelta(days=self._rng.randint(least, most))

    # --- categories ---

    def enrol(self, homes: Sequence[Home]) -> dict[str, list[Member]]:
        """Write the enrolments with what is known of each; gives who is in each category."""
        rng = self._rng
        people = [(home, one) for home in homes if not home.ended for one in home.members]
        left = [pair for pair in people if pair[0].kind == "left" and pair[1].age < CHILD_AGE]
        alone = [pair for pair in people if pair[0].kind == "alone"]
        ill = [pair for pair in people if pair[1].facts["health"] >= "60"]
        taken = {id(one) for _, one in [*left, *alone, *ill]}
        others = [pair for pair in people if id(pair[1]) not in taken]
        children = [pair for pair in others if 3 <= pair[1].age < CHILD_AGE]
        single = [pair for pair in others if pair[0].kind == "single" and not pair[1].away]
        parted = rng.sample(children, min(self._count(15), len(children)))
        kept = rng.sample(single, min(self._count(60), len(single)))
        poor = [home for home in homes if home.kind in ("nuclear", "three", "couple") and not home.ended]
        poor = rng.sample(poor, self._count(205))
        heads = [(home, home.head) for home in poor]
        self._left_behind(left)
        self._elders("empty-nest", alone)
        self._elders("living-alone", alone[: len(alone) // 2])
        self._disabled(ill)
        self._orphans("orphan", parted[: len(parted) // 3 or 1])
        self._orphans("unsupported", parted[len(parted) // 3 or 1 :])
        self._destitute(kept)
        self._households("minimum-living", heads[: self._count(120)])
        self._households("low-income", heads[self._count(120) : self._count(160)])
        self._monitored(heads[self._count(160) :])
        old = [pair for pair in people if pair[1].age >= 80]
        self._put("very-old", old)
        with_child = list({id(home): (home, home.head) for home, _ in left}.values())
        self._put("elder-with-child", with_child[: self._count(31)])
        self._put("seriously-ill", self._seriously_ill(others), reason="住院自付费用较高")
        found = {"left": left, "alone": alone, "disabled": ill, "destitute": kept, "parted": parted, "poor": heads}
        return {word: [one for _, one in some] for word, some in found.items()}

    def _seriously_ill(self, others: Sequence[tuple[Home, Member]]) -> list[tuple[Home, Member]]:
        """Some of the others; where those in need are counted, so many of the rest that the count comes out."""
        if not self._size.enrolled:
            return self._rng.sample(others, min(self._count(40), len(others)))
        rest = [pair for pair in others if pair[1].facts["id"] not in self._enrolled]
        return self._rng.sample(rest, self._size.enrolled - len(self._enrolled))

    def _put(self, code: str, who: Sequence[tuple[Home, Member]], **more: Any) -> list[int]:
        enrolled = []
        for _, member in who:
            least = member.facts.get("since") or date(2000, 1, 1)
            since = max(self._ago(), least)
            review = self._day + timedelta(days=self._rng.randint(-20, 180))
            row = {"category": self._known[code], "person": member.facts["id"], "since": since, "review": review}
            enrolled.append(row | more)
        self._enrolled.update(row["person"] for row in enrolled)
        return put_all(Enrolment, enrolled)

    def _left_behind(self, who: Sequence[tuple[Home, Member]]) -> None:
        rng, details = self._rng, []
        for (home, child), key in zip(who, self._put("left-behind", who, reason="父母外出务工"), strict=True):
            carer = next((one for one in home.members if one.generation == ELDER), home.head)
            grade = min(max(child.age - 4, 0), 8)
            details.append({
                "enrolment": key, "kind": "1",
                "father": f"{child.facts['name'][0]}某", "father_place": rng.choice(WORKPLACES),
                "father_telephone": _telephone(rng), "mother_place": rng.choice(WORKPLACES),
                "mother_telephone": _telephone(rng),
                "schooling": "1" if child.age < 4 else "2" if child.age < 6 else "3" if child.age < 12 else "4",
                "school": None if child.age < 4 else "牛街中心完小" if child.age < 12 else "牛街中学",
                "school_class": None if child.age < 4 else CLASSES[grade],
                "teacher": None if child.age < 4 else self._name(),
                "teacher_telephone": None if child.age < 4 else _telephone(rng),
                "carer": carer.facts["name"], "carer_relation": "祖父母",
                "carer_telephone": carer.facts.get("telephone"),
            })  # fmt: skip
        put_all(LeftBehindChild, details)

    def _elders(self, code: str, who: Sequence[tuple[Home, Member]]) -> None:
        rng = self._rng
        put_all(ElderLiving, [
            {
                "enrolment": key, "living": "1", "ability": "1" if elder.age < 80 else rng.choice("12"),
                "illness": rng.choice(ILLNESS), "contact": self._name(),
                "contact_relation": rng.choice(("儿子", "女儿")), "contact_telephone": _telephone(rng),
                "children": f"子女在{rng.choice(WORKPLACES)}务工",
            }
            for (_, elder), key in zip(who, self._put(code, who, reason="子女长期在外"), strict=True)
        ])  # fmt: skip

    def _disabled(self, who: Sequence[tuple[Home, Member]]) -> None:
        details = []
        for (_, member), key in zip(who, self._put("disabled", who), strict=True):
            number, kind, level = member.facts.get("id_number"), self._rng.choice("1234456"), self._rng.choice("12334")
            issued = self._ago(400, 2500)
            details.append({
                "enrolment": key, "card": f"{number}{kind}{level}" if number else None, "kind": kind, "level": level,
                "issued": issued, "expires": issued.replace(day=1, year=issued.year + 10),
            })  # fmt: skip
        put_all(Disability, details)

    def _orphans(self, code: str, who: Sequence[tuple[Home, Member]]) -> None:
        rng = self._rng
        put_all(Orphanhood, [
            {
                "enrolment": key, "father_state": "2" if code == "orphan" else rng.choice("3678"),
                "mother_state": "2" if code == "orphan" else rng.choice(("2", "8", "10")), "keeping": "1",
                "guardian": home.head.facts["name"], "guardian_relation": "亲属", "guardian_telephone": _telephone(rng),
                "school": "牛街中心完小" if child.age < 12 else "牛街中学",
            }
            for (home, child), key in zip(who, self._put(code, who), strict=True)
        ])  # fmt: skip

    def _destitute(self, who: Sequence[tuple[Home, Member]]) -> None:
        rng, details = self._rng, []
        for key in self._put("destitute", who, reason="无劳动能力、无生活来源"):
            together = rng.random() < 0.2
            details.append({
                "enrolment": key, "keeping": "2" if together else "1",
                "institution": "牛街乡敬老院" if together else None,
                "ability": rng.choices("123", weights=(7, 2, 1))[0], "carer": None if together else self._name(),
                "carer_telephone": None if together else _telephone(rng),
            })  # fmt: skip
        put_all(Care, details)

    def _households(self, code: str, who: Sequence[tuple[Home, Member]], **more: Any) -> list[int]:
        keys = self._put(code, who, **more)
        put_all(CoveredPerson, [
            {"enrolment": key, "person": one.facts["id"]}
            for (home, _), key in zip(who, keys, strict=True) for one in home.members
        ])  # fmt: skip
        return keys

    def _monitored(self, who: Sequence[tuple[Home, Member]]) -> None:
        details = []
        for key in self._households("monitored", who):
            risk, found = self._rng.choice(list(CAUSES)), self._ago(40, 900)
            details.append({
                "enrolment": key, "kind": self._rng.choice("123"), "risk": risk, "cause": CAUSES[risk], "found": found,
            })  # fmt: skip
        put_all(Monitoring, details)

    # --- helpers ---

    def pair(self, homes: Sequence[Home], who: dict[str, list[Member]]) -> None:
        """Write organisations, helpers, and whom each of them answers for."""
        helpers = self._helpers()
        cadres, teachers, doctors = helpers["1"], helpers["3"], helpers["4"]
        everybody = [key for some in helpers.values() for key in some]
        for members, role, some in (
            (who["left"], TEACHER, teachers), (who["left"][::3], GUARDIAN, everybody), (who["alone"], CADRE, cadres),
            (who["disabled"][::2], DOCTOR, doctors), (who["destitute"], WEEKLY, everybody),
            (who["parted"], CARE, teachers), (who["poor"], CADRE, cadres), (who["alone"][::2], VOLUNTEER, helpers["8"]),
        ):  # fmt: skip
            put_all(Pairing, [self._tie(some, role, person=one.facts["id"]) for one in members])
        standing = [home for home in homes if not home.ended]
        for helper in self._rng.sample(helpers["5"], min(self._count(40), len(helpers["5"]))):
            some_homes = self._rng.sample(standing, self._rng.randint(10, 15))
            put_all(HouseholdTie, [self._tie([helper], BRANCH, household=home.facts["id"]) for home in some_homes])
        for village in (row["village"] for row in villages(self._size.townships)):
            put_all(Posting, [self._tie(cadres, STATIONED, village=self._places[village])])
            put_all(Posting, [self._tie(helpers["9"], GRID, grid=grid) for grid in self._places[f"{village}/"]])

    def _tie(self, some: Sequence[int], role: str, **whom: Any) -> dict[str, Any]:
        return {"helper": self._rng.choice(some), "role": role, "since": self._ago(20, 700), **whom}

    def _helpers(self) -> dict[str, list[int]]:
        """So many as `size` says, at least three in each organisation, by its kind."""
        listed = [row["village"] for row in villages(self._size.townships)]
        units = organisations(self._size.townships)
        keys = put_all(Organisation, [
            {
                "name": row["name"], "level": row["level"], "kind": row["kind"], "head": self._name(),
                "village": self._places[listed[int(row["village"])]] if row["village"] else None,
                "telephone": _telephone(self._rng),
            }
            for row in units
        ])  # fmt: skip
        drawn: list[dict[str, Any]] = []
        for at in range(max(self._size.helpers, 3 * len(units))):
            row, organisation = units[at % len(units)], keys[at % len(units)]
            post = {"3": "教师", "4": "医生", "8": "志愿者", "9": "网格员"}.get(row["kind"], "干部")
            drawn.append({
                "name": self._name(), "organisation": organisation, "post": post, "level": row["level"],
                "party": row["kind"] == "5" or self._rng.random() < 0.4, "telephone": _telephone(self._rng),
                "capacity": self._rng.choice((5, 10, 15)),
            })  # fmt: skip
        found: dict[str, list[int]] = {}
        for at, key in enumerate(put_all(Helper, drawn)):
            found.setdefault(units[at % len(units)]["kind"], []).append(key)
        return found

    def _name(self) -> str:
        born, sex = self._rng.randint(1966, 1999), self._rng.choice((MALE, FEMALE))
        return self._names.of(Member(sex, 0, "", SINGLE, MIDDLE), born, set())


def _telephone(rng: Random) -> str:
    return f"199{rng.randrange(10**8):08}"
