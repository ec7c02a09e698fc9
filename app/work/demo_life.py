"""What happened to the people of the demonstration file: who works away, who moved, who died or left."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from app.work.demo_people import (
    ADULT_AGE,
    CHILD_AGE,
    DAUGHTER,
    DAUGHTER_IN_LAW,
    ELDER,
    ELDER_AGE,
    FEMALE,
    HEAD,
    MALE,
    MARRIED,
    MIDDLE,
    SINGLE,
    SON,
    WIDOWED,
    WIFE,
    YOUNG,
    Home,
    Member,
    Size,
    alone,
    draw_homes,
    nuclear,
    sibling,
)  # fmt: skip

DIED, MOVED_OUT, MARRIED_OUT, ENLISTED = "1", "2", "3", "4"  # of the code table leaving
ALL_MOVED, ALL_DIED = "1", "3"  # of the code table household_ending
TWO_YEARS = 720


def draw_township(rng: Random, size: Size) -> list[Home]:
    """Every household, to the counts of `size`; behind them those that ended in the last two years."""
    homes = draw_homes(rng, size)
    _fit(rng, homes, size.persons)
    _send_away(rng, homes, size.away)
    split = _move(rng, homes, size.moved)
    ended = _ended(rng, size.departed)
    left = size.departed - sum(len(home.gone) for home in ended)
    _depart(rng, [home for home in homes if home not in split], left)
    return homes + ended


def _fit(rng: Random, homes: list[Home], persons: int) -> None:
    """Add or take away youngest children until the number of persons is right."""
    missing = persons - sum(len(home.members) for home in homes)
    families = [home for home in homes if home.kind in ("nuclear", "three") and home.of(YOUNG)]
    while missing:
        home = rng.choice(families)
        children = home.of(YOUNG)
        mother = next(member for member in home.of(MIDDLE) if member.sex == FEMALE)
        age = children[-1].age - rng.choice((2, 3))
        if missing > 0 and age >= 0 and mother.age - age <= 42 and len(children) < 5:
            home.members.append(sibling(rng, home, age))
            missing -= 1
        elif missing < 0 and len(children) > 1:
            home.members.remove(children[-1])
            missing += 1


def _send_away(rng: Random, homes: list[Home], away: int) -> None:
    """Let so many work away; with every child under 16 that is not left behind an adult under 60 stays at home."""
    missing = away - sum(member.away for home in homes for member in home.members)
    able: list[Member] = []
    for home in homes:
        some = [member for member in home.members if ADULT_AGE <= member.age < ELDER_AGE and not member.away]
        if any(member.age < CHILD_AGE for member in home.members):
            stays = next((member for member in some if member.sex == FEMALE and member.generation == MIDDLE), None)
            stays = stays or next((member for member in some if member.generation == MIDDLE), None)
            some = [member for member in some if member is not stays]
        if home.kind not in ("left", "alone"):
            able += some
    rng.shuffle(able)
    while missing:
        for member in able:
            chance = 0.5 if 20 <= member.age < 40 else 0.25 if member.age < 50 else 0.08
            if missing and not member.away and rng.random() < chance:
                member.away = True
                missing -= 1


def _move(rng: Random, homes: list[Home], moved: int) -> set[Home]:
    """Persons who stood in another household before: brides and, half of all, young families that set up their own.

    Gives the households that were so founded.
    """
    parents = [home for home in homes if home.kind in ("couple", "nuclear") and home.head.age >= 44]
    young = [home for home in homes if home.kind in ("nuclear", "three")]
    rng.shuffle(parents)
    rng.shuffle(young)
    split: set[Home] = set()
    brides = moved - moved // 2
    for home in young:
        if len(split) * 3 >= moved // 2:
            break
        fits = home.kind == "nuclear" and home.head.age < 38 and all(2 <= child.age < 15 for child in home.of(YOUNG))
        if fits and _split_off(rng, home, parents):
            split.add(home)
    for home in young:
        wife = next(member for member in home.of(MIDDLE) if member.sex == FEMALE)
        if brides and home not in split and wife.relation in (WIFE, DAUGHTER_IN_LAW) and wife.age < 30:
            if any(child.age for child in home.of(YOUNG)):
                continue
            brides -= _marry_in(rng, wife, parents)
    return split


def _older(member: Member, parents: list[Home]) -> Home | None:
    """A household whose couple may be the parents of that one; it is used up."""
    for home in parents:
        if all(20 <= parent.age - member.age <= 36 for parent in home.members[:2]) and home.head.sex == MALE:
            parents.remove(home)
            return home
    return None


def _split_off(rng: Random, home: Home, parents: list[Home]) -> bool:
    """This family lived with his parents until it set up a household of its own (分户)."""
    before, days_ago = _older(home.head, parents), rng.randint(60, 360)
    if before is None:
        return False
    home.head.line = before.head
    for member in home.members:
        member.came_from, member.days_ago = before, days_ago
        if member.generation == YOUNG:
            member.relation_there = "41" if member.sex == MALE else "42"
        else:
            member.relation_there = SON if member.sex == MALE else DAUGHTER_IN_LAW
    return True


def _marry_in(rng: Random, wife: Member, parents: list[Home]) -> bool:
    """She lived with her parents in this township until she married."""
    before = _older(wife, parents)
    if before is None:
        return False
    wife.line, wife.came_from, wife.relation_there = before.head, before, DAUGHTER
    wife.days_ago = rng.randint(370, 700)
    return True


# --- who is no longer there ---


def _ended(rng: Random, departed: int) -> list[Home]:
    """Households that died out or moved away as a whole."""
    homes: list[Home] = []
    for order in range(departed // 13):
        home = alone(rng) if order % 2 else nuclear(rng)
        home.ended = ALL_DIED if order % 2 else ALL_MOVED
        days_ago = rng.randint(20, TWO_YEARS)
        home.members = [member for member in home.members if member.age >= 3]  # born before they left
        for member in home.members:
            member.gone, member.days_ago = DIED if order % 2 else MOVED_OUT, days_ago
        home.members, home.gone = [], home.members
        homes.append(home)
    return homes


def _depart(rng: Random, homes: list[Home], departed: int) -> None:
    """Give some households a member who died or left."""
    ways: tuple[tuple[int, Callable[[Random, Home], Member | None]], ...] = (
        (34, _dead_partner), (17, _dead_parent), (32, _married_daughter), (12, _moved_child), (8, _soldier),
    )  # fmt: skip
    for home in rng.sample(homes, len(homes)):
        if not departed:
            return
        way = rng.choices([way for _, way in ways], weights=[weight for weight, _ in ways])[0]
        member = way(rng, home)
        if member:
            member.days_ago = rng.randint(3, TWO_YEARS)
            home.gone.append(member)
            departed -= 1
            for survivor in home.members:
                if survivor.came_from is home:
                    survivor.days_ago = member.days_ago


def _dead_partner(rng: Random, home: Home) -> Member | None:
    """Husband or wife of a widowed head; after the husband she became the head."""
    if home.kind not in ("alone", "parent") or home.head.marriage != WIDOWED or home.head.came_from:
        return None
    head = home.head
    if head.sex == MALE:
        return Member(FEMALE, head.age - rng.randint(0, 4), WIFE, MARRIED, head.generation, gone=DIED)
    head.came_from, head.relation_there = home, WIFE
    dead = Member(MALE, head.age + rng.randint(0, 6), HEAD, MARRIED, head.generation, gone=DIED)
    for child in home.of(YOUNG):
        child.line = dead
    return dead


def _dead_parent(rng: Random, home: Home) -> Member | None:
    """The father or mother of a male head."""
    head = home.head
    if home.kind not in ("nuclear", "couple") or not 34 <= head.age <= 66 or head.came_from:
        return None
    sex = rng.choice((MALE, FEMALE))
    age = min(head.age + rng.randint(22, 34), 97)
    dead = Member(sex, age, "51" if sex == MALE else "52", WIDOWED, ELDER, gone=DIED)
    dead.line = (head.line or head) if sex == MALE else None
    return dead


def _child(rng: Random, home: Home, sex: str, youngest: int, oldest: int) -> Member | None:
    """A grown child that the couple of this household can have had."""
    if home.kind not in ("nuclear", "couple") or home.head.sex != MALE:
        return None
    husband, wife = home.members[:2]
    age = wife.age - rng.randint(21, 30)
    taken = any(abs(child.age - age) < 2 for child in home.of(YOUNG))
    if not youngest <= age <= oldest or taken:
        return None
    return Member(sex, age, SON if sex == MALE else DAUGHTER, SINGLE, YOUNG, line=husband)


def _married_daughter(rng: Random, home: Home) -> Member | None:
    child = _child(rng, home, FEMALE, 23, 31)
    if child:
        child.gone, child.marriage = MARRIED_OUT, MARRIED
    return child


def _moved_child(rng: Random, home: Home) -> Member | None:
    child = _child(rng, home, rng.choice((MALE, FEMALE)), 24, 38)
    if child:
        child.gone = MOVED_OUT
    return child


def _soldier(rng: Random, home: Home) -> Member | None:
    child = _child(rng, home, MALE, 20, 23)
    if child:
        child.gone = ENLISTED
    return child
