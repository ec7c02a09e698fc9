"""The people of the demonstration file: households drawn with ages, sexes and relations that go together.

Only who lives with whom is drawn here, to exact counts. Names, numbers and the rest of a person's card come afterwards
(`demo_names.py`, `demo_cards.py`). Relations are those of GB/T 4761, seen from the head of the household.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

MALE, FEMALE = "1", "2"
HEAD, HUSBAND, WIFE, SON, DAUGHTER, SON_IN_LAW, DAUGHTER_IN_LAW = "02", "11", "12", "20", "30", "28", "38"
SINGLE, MARRIED, WIDOWED, DIVORCED = "10", "20", "30", "40"
ELDER, MIDDLE, YOUNG = "elder", "middle", "young"  # the generation inside the household
ELDER_AGE, CHILD_AGE, ADULT_AGE = 60, 16, 18


@dataclass(frozen=True)
class Size:
    """How much of everything. All counts are exact but `moved`, which is about right."""

    households: int
    persons: int
    away: int  # persons working away
    alone: int  # persons of 60 and more who are alone in their household (空巢老人)
    left: int  # children under 16 whose household has no adult under 60 at home (留守儿童)
    departed: int  # persons who died or moved out in the last two years
    moved: int  # persons who went over to another household of the township
    without_id: int
    half_known: int  # birth dates of which only the year, or year and month, are known
    share: float  # of the help given in a whole township
    helpers: int = 400
    townships: int = 1
    enrolled: int = 0  # distinct persons in categories of need; 0 where nobody counts them


SIZES = {
    "township": Size(3541, 11753, 2000, 56, 192, 300, 60, 120, 60, 1.0),
    "village": Size(355, 1178, 200, 6, 19, 30, 8, 24, 12, 0.1, 40),
    "county": Size(  # 18 townships of that size
        63738, 211554, 36000, 1008, 3456, 5400, 1080, 2160, 1080, 18.0, helpers=20518, townships=18, enrolled=22427
    ),
}


@dataclass(eq=False, slots=True)
class Member:
    """One person in the making. `line` is the person whose surname he bears."""

    sex: str
    age: int
    relation: str
    marriage: str
    generation: str
    line: Member | None = None
    away: bool = False
    gone: str = ""  # why he left (code table leaving); "" for who is there
    days_ago: int = 0  # since he left, or since he came from `came_from`
    came_from: Home | None = None
    relation_there: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Home:
    """One household in the making. `gone` are members who left, `ended` the code of its ending."""

    kind: str
    members: list[Member]
    gone: list[Member] = field(default_factory=list)
    ended: str = ""
    village: int = 0
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def head(self) -> Member:
        return next(member for member in self.members if member.relation == HEAD)

    def of(self, generation: str) -> list[Member]:
        return [member for member in self.members if member.generation == generation]


# kind of household → how many of a thousand (alone, left and fourteen are counted exactly)
SHARES = {"couple": 165, "single": 58, "nuclear": 372, "parent": 48, "three": 292, "with_elder": 65}


def draw_homes(rng: Random, size: Size) -> list[Home]:
    """The households of a township, in no order; the number of persons is near `size`, not yet exact."""
    homes = [_fourteen(rng)]
    homes += [alone(rng) for _ in range(size.alone)]
    homes += _left_homes(rng, size.left)
    rest = size.households - len(homes)
    for kind in rng.choices(list(SHARES), weights=list(SHARES.values()), k=rest):
        homes.append(_DRAWN[kind](rng))
    rng.shuffle(homes)
    return homes


# --- households by kind ---


def alone(rng: Random) -> Home:
    sex = rng.choices((FEMALE, MALE), weights=(6, 4))[0]
    marriage = WIDOWED if sex == FEMALE or rng.random() < 0.6 else SINGLE
    return Home("alone", [Member(sex, _aged(rng, 62, 91), HEAD, marriage, ELDER)])


def _single(rng: Random) -> Home:
    sex = rng.choices((MALE, FEMALE), weights=(85, 15))[0]
    return Home("single", [Member(sex, rng.randint(30, 57), HEAD, rng.choice((SINGLE, DIVORCED)), MIDDLE)])


def _couple(rng: Random) -> Home:
    age = _aged(rng, 60, 86) if rng.random() < 0.62 else rng.randint(46, 59)
    return Home("couple", list(_pair(rng, age, ELDER if age >= ELDER_AGE else MIDDLE)))


def nuclear(rng: Random) -> Home:
    husband, wife = _pair(rng, rng.randint(25, 54), MIDDLE)
    return Home("nuclear", [husband, wife, *_children(rng, wife, husband)])


def _parent(rng: Random) -> Home:
    sex = rng.choices((MALE, FEMALE), weights=(45, 55))[0]
    parent = Member(sex, rng.randint(31, 52), HEAD, rng.choices((WIDOWED, DIVORCED), weights=(4, 6))[0], MIDDLE)
    father = parent if sex == MALE else Member(MALE, parent.age + 2, HUSBAND, parent.marriage, MIDDLE)
    return Home("parent", [parent, *_children(rng, parent, father)])


def _three(rng: Random) -> Home:
    return _generations(rng, rng.randint(25, 46) if rng.random() < 0.7 else rng.randint(47, 60))


def _generations(rng: Random, age: int, eldest: tuple[int, int] = (1, 28)) -> Home:
    """Elders, a couple and its children; the couple's wife, or at times the husband, married in."""
    husband, wife = _pair(rng, age, MIDDLE)
    children = _children(rng, wife, husband, eldest)
    married_in = wife if rng.random() < 0.9 else husband
    own = husband if married_in is wife else wife
    father_age = min(max(own.age + rng.randint(21, 29), ELDER_AGE if eldest[0] > 1 else 48), 94)
    father, mother = _pair(rng, father_age, ELDER)
    mother.age = max(mother.age, own.age + 19)
    own.line = father
    elders = [father, mother]
    if rng.random() < (0.35 if father.age < 76 else 0.75):
        left = rng.choices((mother, father), weights=(8, 2))[0]
        left.marriage, elders = WIDOWED, [left]
    if eldest[0] > 1:
        for elder in elders:
            elder.age = max(elder.age, ELDER_AGE)
    head = elders[0] if elders[0].age < 72 and rng.random() < 0.6 else husband
    home = Home("three", [*elders, husband, wife, *children])
    if married_in is husband:
        for child in children:
            child.line = wife
    _relate(home, head, own, married_in)
    return home


def _relate(home: Home, head: Member, own: Member, married_in: Member) -> None:
    """Relations of three generations, seen from an elder or from the husband."""
    for elder in home.of(ELDER):
        if head.generation == ELDER:
            elder.relation = WIFE if elder.sex == FEMALE else HUSBAND
        elif head is own:
            elder.relation = "51" if elder.sex == MALE else "52"
        else:
            elder.relation = "55" if elder.sex == MALE else "56"
    if head.generation == ELDER:
        own.relation = SON if own.sex == MALE else DAUGHTER
        married_in.relation = DAUGHTER_IN_LAW if own.sex == MALE else SON_IN_LAW
        for child in home.of(YOUNG):
            child.relation = _of_sex(child, "41", "42") if own.sex == MALE else _of_sex(child, "43", "44")
    head.relation = HEAD


def _with_elder(rng: Random) -> Home:
    """A grown, unmarried child and one or two elders."""
    age = rng.randint(26, 54)
    father, mother = _pair(rng, min(age + rng.randint(25, 32), 92), ELDER)
    elders = [father, mother]
    if rng.random() < 0.55:
        left = rng.choice(elders)
        left.marriage, elders = WIDOWED, [left]
    child = Member(rng.choices((MALE, FEMALE), weights=(8, 2))[0], age, SON, SINGLE, MIDDLE, line=father)
    if elders[0].age < 75:
        elders[0].relation = HEAD
        child.relation = _of_sex(child, SON, DAUGHTER)
    else:
        child.relation = HEAD
        for elder in elders:
            elder.relation = _of_sex(elder, "51", "52")
    return Home("with_elder", [*elders, child])


def _left_homes(rng: Random, count: int) -> list[Home]:
    """Households of `count` children under 16 with grandparents, whose parents are away or registered elsewhere."""
    homes: list[Home] = []
    while count:
        some = min(count, rng.choices((1, 2, 3), weights=(50, 42, 8))[0])
        count -= some
        home = _generations(rng, rng.randint(31, 38), eldest=(8, 14))
        husband, wife = home.of(MIDDLE)
        others = home.of(YOUNG)[1:]
        home.members = [member for member in home.members if member not in others]
        while len(home.of(YOUNG)) < some:
            home.members.append(sibling(rng, home, home.members[-1].age - rng.choice((2, 3))))
        if home.head.generation == ELDER and rng.random() < 0.4:
            home.members = [member for member in home.members if member.generation != MIDDLE]
        else:
            husband.away = wife.away = True
        home.kind = "left"
        homes.append(home)
    return homes


def _fourteen(rng: Random) -> Home:
    """Four generations under one roof: 14 persons."""
    head, wife = _pair(rng, 64, ELDER)
    mother = Member(FEMALE, 88, "52", WIDOWED, ELDER)
    brother = Member(MALE, 59, "73", SINGLE, MIDDLE, line=head)
    daughter = Member(FEMALE, 24, DAUGHTER, SINGLE, MIDDLE, line=head)
    members = [head, wife, mother]
    for order, age in enumerate((39, 36)):
        son, son_wife = _pair(rng, age, MIDDLE)
        son.relation, son_wife.relation, son.line, son_wife.age = f"2{order + 2}", DAUGHTER_IN_LAW, head, age - 1
        members += [son, son_wife]
        for child_age in (14, 11, 5)[: 3 - order]:
            sex = _sex(rng)
            members.append(Member(sex, child_age - order, "41" if sex == MALE else "42", SINGLE, YOUNG, line=son))
    return Home("fourteen", [*members, brother, daughter])


_DRAWN = {
    "couple": _couple, "single": _single, "nuclear": nuclear, "parent": _parent, "three": _three,
    "with_elder": _with_elder,
}  # fmt: skip


def _pair(rng: Random, age: int, generation: str) -> tuple[Member, Member]:
    """Husband and wife, he the head."""
    wife_age = max(age - rng.choice((0, 1, 1, 2, 2, 3, 4, 6)), 22)
    return (
        Member(MALE, age, HEAD, MARRIED, generation),
        Member(FEMALE, wife_age, WIFE, MARRIED, generation),
    )


def _children(rng: Random, mother: Member, line: Member, eldest: tuple[int, int] = (0, 28)) -> list[Member]:
    """One to four unmarried children, the eldest first; born when the mother was 20 to 39."""
    first = mother.age - rng.choice((20, 21, 22, 22, 23, 24, 25, 26, 28, 31))
    if first < eldest[0]:
        first = max(min(eldest[0] + rng.randint(0, 2), mother.age - 20), 0)
    if first > eldest[1]:
        first = eldest[1] - rng.randint(0, 5)
    children: list[Member] = []
    age = first
    for _ in range(rng.choices((1, 2, 3, 4), weights=(34, 50, 13, 3))[0]):
        if age < 0 or mother.age - age > 39:
            break
        sex = _sex(rng)
        children.append(Member(sex, age, SON if sex == MALE else DAUGHTER, SINGLE, YOUNG, line=line))
        age -= rng.choice((2, 2, 3, 3, 4, 5, 6))
    if children and rng.random() < 0.5:
        number_children(children)
    return children


def sibling(rng: Random, home: Home, age: int) -> Member:
    """One more, and the youngest, of the children of a household."""
    first, sex = home.of(YOUNG)[0], _sex(rng)
    relations = next((two for two in (("41", "42"), ("43", "44")) if first.relation in two), (SON, DAUGHTER))
    return Member(sex, age, relations[sex == FEMALE], SINGLE, YOUNG, line=first.line)


def number_children(children: Sequence[Member]) -> None:
    """长子、次子、三子; 长女、二女 … in the order of birth, where there is more than one of a sex."""
    for sex, tens in ((MALE, "2"), (FEMALE, "3")):
        same = [child for child in children if child.sex == sex]
        for order, child in enumerate(same if len(same) > 1 else ()):
            child.relation = f"{tens}{order + 2}"


def _sex(rng: Random) -> str:
    return MALE if rng.random() < 0.515 else FEMALE


def _of_sex(member: Member, male: str, female: str) -> str:
    return male if member.sex == MALE else female


def _aged(rng: Random, youngest: int, oldest: int) -> int:
    """An age of old people: each further year there are fewer."""
    return youngest + int((oldest - youngest + 1) * min(rng.random(), rng.random()))
