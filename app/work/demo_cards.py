"""The rest of each person's card in the demonstration file: numbers, births, schooling, health, work, bank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from app.models.dates import PartialDate
from app.models.rules import id_check_digit
from app.work.demo_names import Names, rows
from app.work.demo_people import ELDER_AGE, FEMALE, HEAD, MALE, MARRIED, WIDOWED, Home, Member, Size

ADDRESS_CODE = "990001"  # exists nowhere, so that no number belongs to anybody
BANKS = ("弥河信用社牛街分社", "弥河信用社牛街分社", "连心村镇银行牛街支行", "惠民储蓄银行弥渡营业所")
NEWBORN, UNREGISTERED, LOST, FOREIGN, UNSURE = "2", "1", "3", "4", "5"  # of the code table no_id_reason
OTHER_PEOPLE = "97"  # of the code table ethnicity, for those without one of ours
SCHOOLS = {"80": "牛街乡中心小学", "70": "牛街中学", "60": "弥渡县一中"}  # by education
SAME_NAME = "王秀英"


class Cards:
    """Fills the cards of a township, one household after the other."""

    def __init__(self, rng: Random, day: date, names: Names) -> None:
        self._rng, self._day, self._names = rng, day, names
        self._numbers: set[str] = set()
        self._workplaces = [int(row["weight"]) for row in rows("workplaces")]

    def fill(self, home: Home) -> None:
        """Every fact of the members of one household, gone ones included."""
        taken: set[str] = set()
        for member in [*home.members, *home.gone]:
            born = self._birth(member)
            facts = member.facts
            facts.update(sex=member.sex, birth=PartialDate(born.year, born.month, born.day), relation=member.relation)
            facts.update(name=self._names.of(member, born.year, taken), ethnicity=self._names.surname(member)[1])
            facts.update(id_number=self._id_number(born, member.sex), marriage=member.marriage)
            facts.update(birthplace="云南省弥渡县", native_place="云南省弥渡县", religion="00")
            self._came(home, member, born)
            self._schooling(member)
            self._health(member)
            self._work(member)
            self._body(member)

    def _birth(self, member: Member) -> date:
        """A day by which he is exactly as old as drawn."""
        if member.age == 0:
            return self._day - timedelta(days=self._rng.randint(4, 350))
        year = self._day.year - member.age
        birthday = self._day.replace(year=year) if (self._day.month, self._day.day) != (2, 29) else date(year, 2, 28)
        return birthday - timedelta(days=self._rng.randint(0, 363))

    def _id_number(self, born: date, sex: str) -> str:
        while True:
            order = 2 * self._rng.randint(1, 498) + (sex == MALE)
            first17 = f"{ADDRESS_CODE}{born:%Y%m%d}{order:03d}"
            if first17 not in self._numbers:
                self._numbers.add(first17)
                return first17 + id_check_digit(first17)

    def unique(self, first: str, digits: int) -> str:
        """A telephone or account number that nobody has yet."""
        while True:
            number = first + str(self._rng.randrange(10**digits)).zfill(digits)
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _came(self, home: Home, member: Member, born: date) -> None:
        """Since when he stands in the household, and until when."""
        facts, rng = member.facts, self._rng
        then = self._day - timedelta(days=member.days_ago)
        if member.gone:
            facts.update(until=then, leaving=member.gone)
        elif member.came_from and member.came_from is not home:
            facts["since"] = then
        elif member.age < 16:
            facts["since"] = born
        married_in = member.relation in ("12", "38", "28") and not member.line and not member.gone
        if married_in and rng.random() < 0.35 and member.age < 60:
            township = rng.choice(("寅街镇", "红岩镇", "新街镇", "苴力镇", "密祉镇", "德苴乡"))
            year = min(born.year + rng.randint(20, 24), self._day.year - 2)
            facts.update(since=date(year, rng.randint(1, 12), rng.randint(1, 28)))
            facts.update(came_from=f"{year}年由弥渡县{township}迁来", birthplace=f"云南省弥渡县{township}")

    def _schooling(self, member: Member) -> None:
        rng, age, facts = self._rng, member.age, member.facts
        if age < 6:
            facts["education"] = "92"
        elif age < 18:
            level = "80" if age < 12 else "70" if age < 15 else "60"
            facts.update(education=level, workplace=SCHOOLS[level], occupation="31")
        elif age < 23 and not member.away and not member.gone and member.marriage == "10" and rng.random() < 0.7:
            facts.update(education=rng.choices(("20", "30"), weights=(4, 6))[0], occupation="31")
        else:
            shares = (
                (22, 45, 8, 10, 10, 5) if age < 35 else (2, 58, 22, 8, 6, 4) if age < 50
                else (0, 30, 52, 3, 0, 15) if age < 70 else (0, 6, 44, 0, 0, 50)
            )  # fmt: skip
            facts["education"] = rng.choices(("30", "71", "81", "61", "41", "91"), weights=shares)[0]

    def _health(self, member: Member) -> None:
        rng, age = self._rng, member.age
        codes = ("10", "20", "30", "31", "32", "37", "61", "62", "64", "65", "66", "91")
        if age >= ELDER_AGE:
            shares = (430, 200, 130, 80, 30, 50, 15, 20, 35, 2, 3, 5)
        elif age >= 18:
            shares = (890, 30, 20, 6, 4, 8, 3, 4, 20, 5, 6, 4)
        else:
            shares = (972, 8, 2, 0, 0, 0, 2, 3, 5, 6, 0, 2)
        facts = member.facts
        facts["health"] = rng.choices(codes, weights=shares)[0]
        if member.away and facts["health"] not in ("10", "20"):
            facts["health"] = "10"

    def _work(self, member: Member) -> None:
        rng, age, facts = self._rng, member.age, member.facts
        if member.away:
            place = rng.choices(rows("workplaces"), weights=self._workplaces)[0]
            since = self._day - timedelta(days=rng.randint(20, min(3600, (age - 16) * 300)))
            facts.update(away=True, away_place=place["place"], away_since=since)
            facts.update(occupation="24", workplace=place["work"])
        elif age >= 18 and "occupation" not in facts:
            if age < ELDER_AGE:
                facts["away"] = False
            weights = (905, 22, 40, 12, 10, 11) if age < ELDER_AGE else (780, 0, 8, 0, 190, 22)
            facts["occupation"] = rng.choices(("27", "24", "54", "13", "70", "80"), weights=weights)[0]

    def _body(self, member: Member) -> None:
        rng, age, facts = self._rng, member.age, member.facts
        if age >= 18 and member.sex == MALE:
            facts["military"] = "3" if rng.random() < 0.04 else "0"
        if rng.random() < 0.5:
            facts["blood"] = rng.choices(("1", "2", "3", "4", "5"), weights=(31, 25, 30, 8, 6))[0]
        if age >= 18 and rng.random() < 0.3:
            facts["height"] = rng.randint(146, 164) if member.sex == FEMALE else rng.randint(157, 178)

    def contacts(self, home: Home) -> None:
        """Telephones, some shared in the household, and the bank account to which benefits are paid."""
        rng, head = self._rng, home.head
        shared = self.unique("199", 8)
        home.facts["telephone"] = head.facts["telephone"] = shared
        for member in home.members:
            has = 0.95 if 16 <= member.age < ELDER_AGE else 0.55 if member.age >= ELDER_AGE else 0.0
            if member is not head and rng.random() < has:
                member.facts["telephone"] = shared if rng.random() < 0.08 else self.unique("199", 8)
            if member.age >= 18 and rng.random() < 0.03:
                member.facts["telephone2"] = self.unique("199", 8)
            if member is head or (member.age >= ELDER_AGE and rng.random() < 0.7):
                member.facts.update(bank=rng.choice(BANKS), account=self.unique("9900", 15))
            elif rng.random() < 0.012 and (member.age < 16 or member.age >= ELDER_AGE):
                member.facts.update(bank=rng.choice(BANKS), account=self.unique("9900", 15))
                member.facts.update(payee=head.facts["name"], payee_id_number=head.facts["id_number"])


# --- what makes a real list hard ---


def plant(rng: Random, homes: list[Home], size: Size, names: Names) -> None:
    """Same names, rare characters, names of other peoples, persons without an ID number, half-known births."""
    people = [member for home in homes for member in home.members if home.kind != "left"]
    called = Counter((member.facts["name"], home.village) for home in homes for member in [*home.members, *home.gone])
    unlike = [
        member for home in homes for member in home.members
        if home.kind != "left" and member.relation != HEAD and called[member.facts["name"], home.village] == 1
    ]  # fmt: skip
    rng.shuffle(people)
    rng.shuffle(unlike)
    renamed = [*_other_names(people)]
    renamed += _same_names([one for one in people if one not in renamed])
    renamed += _rare_names([one for one in people if one not in renamed], names)
    _without_id(rng, [one for one in unlike if one not in renamed], [one for one in renamed if _foreign(one)], size)


def _other_names(people: list[Member]) -> Iterator[Member]:
    """Those who married in from other peoples and countries."""
    married = [one for one in people if not one.line and one.relation in ("12", "38", "28") and one.age < 55]
    for row in rows("whole_names"):
        member = next((one for one in married if one.sex == row["sex"]), None)
        if member:
            married.remove(member)
            member.facts.update(name=row["name"], ethnicity=row["ethnicity"])
            yield member


def _foreign(member: Member) -> bool:
    return bool(member.facts["ethnicity"] == OTHER_PEOPLE)


def _same_names(people: list[Member]) -> list[Member]:
    women = [one for one in people if one.sex == FEMALE and one.marriage in (MARRIED, WIDOWED) and not one.line]
    some = [one for one in women if 50 <= one.age < 80][:7]
    for member in some:
        member.facts["name"] = SAME_NAME
    return some


def _rare_names(people: list[Member], names: Names) -> Iterator[Member]:
    for row in rows("rare_names"):
        member = next(one for one in people if one.sex == row["sex"] and 1 <= one.age < 50)
        people.remove(member)
        member.facts["name"] = names.surname(member)[0] + row["given"]
        yield member


def _without_id(rng: Random, people: list[Member], foreign: list[Member], size: Size) -> None:
    """Persons without an ID number, each with the reason; of some only the year or month of birth is known."""
    newborn = [one for one in people if one.age == 0][: size.without_id // 4]
    grown = [one for one in people if 25 <= one.age < 56 or one.age >= 66]
    some = grown[: size.without_id - len(foreign) - len(newborn)]
    reasons = [FOREIGN] * len(foreign) + [NEWBORN] * len(newborn)
    reasons += rng.choices((UNREGISTERED, LOST, UNSURE), weights=(4, 3, 3), k=len(some))
    for member, reason in zip((*foreign, *newborn, *some), reasons, strict=True):
        member.facts["no_id_reason"] = reason
        del member.facts["id_number"]
    for member in foreign:
        member.facts.update(document="02", document_number=f"N99{rng.randrange(10**6):06d}", native_place="国外")
        del member.facts["birthplace"]
    for member in newborn[::2]:
        member.facts.update(document="07", document_number=f"T99{rng.randrange(10**7):07d}")
    for order, member in enumerate(some[: size.half_known]):
        born = member.facts["birth"]
        member.facts["birth"] = PartialDate(born.year, born.month if order % 5 < 2 else 0)
