"""Sixty random life events over eight households against a plain account of who stood where and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from app.ledgers.listing import Listing
from app.ledgers.people import departed, households, persons
from app.models.conditions import Compare, Has
from app.models.database import DataFile
from app.models.faults import Reject
from app.models.history import facts_hash, last_number, strangers
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.work import homes, people
from app.work.numbers import next_number
from app.work.places import found_township, merge_villages
from app.work.undo import undo

START, TODAY = date(2024, 1, 1), date(2026, 11, 21)
EVENTS = 60


@dataclass
class Spell:
    """What was true from a day (None: always) to the day before another (None: still)."""

    value: Any
    since: date | None
    until: date | None = None

    def on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or self.until > day)


@dataclass
class Account:
    """The slow and obvious reference: spells of persons (household, relation), of households and of their villages."""

    persons: dict[int, list[Spell]] = field(default_factory=dict)
    households: dict[int, list[Spell]] = field(default_factory=dict)
    villages: dict[int, list[Spell]] = field(default_factory=dict)

    def change(self, who: int, value: tuple[int, str] | None, day: date) -> None:
        """Close what stands and begin something else, or nothing."""
        if self.persons.get(who) and self.persons[who][-1].until is None:
            self.persons[who][-1].until = day
        if value:
            self.persons.setdefault(who, []).append(Spell(value, day))

    def end_if_empty(self, home: int, day: date) -> None:
        if not self.members(home):
            self.households[home][-1].until = day

    def now(self, who: int) -> tuple[int, str]:
        value: tuple[int, str] = self.persons[who][-1].value
        return value

    def members(self, home: int) -> list[int]:
        last = {who: spells[-1] for who, spells in self.persons.items()}
        return sorted(who for who, spell in last.items() if spell.until is None and spell.value[0] == home)

    def present(self) -> list[int]:
        return sorted(who for who, spells in self.persons.items() if spells[-1].until is None)

    def gone(self) -> list[int]:
        return sorted(who for who, spells in self.persons.items() if spells[-1].until is not None)

    def open_homes(self) -> list[int]:
        return sorted(home for home, spells in self.households.items() if spells[-1].until is None)

    def on(self, day: date) -> dict[int, tuple[int, str]]:
        return {who: spell.value for who, spells in self.persons.items() for spell in spells if spell.on(day)}


def name(at: int) -> str:
    return "人" + "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(at))


def begin(random: Random) -> tuple[Account, dict[str, int]]:
    """Eight households in three villages, some of their days of entry unknown."""
    found_township("某县", "牛街乡", ["牛街村", "大水村", "小水村"])
    places = {place.name: place.id for place in Place.select()}
    account = Account()
    with operation("登记户"):
        for at in range(8):
            village = places[("牛街村", "大水村", "小水村")[at % 3]]
            since = random.choice([None, START - timedelta(days=400)])
            home = Household(number=next_number(village), village=village, since=since)
            home.save()
            account.households[home.id] = [Spell(None, since)]
            account.villages[home.id] = [Spell(village, since)]
            for place in range(random.randint(1, 5)):
                entered = random.choice([None, START - timedelta(days=random.randint(0, 300))])
                relation = ("02", "12", "20", "30", "51")[place]
                facts = {"relation": relation, "since": entered, "no_id_reason": "9"}
                person = Person(name=name(10 * at + place), household=home, **facts)
                person.save()
                account.persons[person.id] = [Spell((home.id, relation), entered)]
    return account, places


class Walk:
    """Draws events, tells them to the program and, where they were accepted, to the account."""

    def __init__(self, random: Random) -> None:
        self.random, self.day = random, START
        self.account, self.places = begin(random)
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        self.day += timedelta(days=self.random.choice([0, 0, 1, 5, 20]))
        events: tuple[Callable[[], None], ...] = (
            self.dies, self.moves_out, self.moves_out, self.comes_back, self.comes_back, self.is_born,
            self.moves_in, self.moves_over, self.splits, self.merges, self.leads, self.leads,
        )  # fmt: skip
        if len(self.account.present()) < 10:
            events = (self.is_born, self.moves_in, self.comes_back)
        elif len(self.account.open_homes()) < 5:
            events = (self.splits, self.is_born, self.comes_back)
        event = self.random.choice(events)
        before = last_number()
        try:
            event()
            self.done[event.__name__] += 1
        except Reject:
            assert last_number() == before

    def after_leaving(self, home: int, head_left: bool, heir: int | None) -> None:
        self.account.end_if_empty(home, self.day)
        if head_left and heir is not None:
            self.account.change(heir, (home, "02"), self.day)

    def heir(self, home: int, leaving: list[int]) -> int | None:
        rest = [who for who in self.account.members(home) if who not in leaving]
        return self.random.choice(rest) if rest else None

    def dies(self) -> None:
        who = self.random.choice(self.account.present())
        home, relation = self.account.now(who)
        heir = self.heir(home, [who])
        people.record_death([who], day=self.day, new_head=heir)
        self.account.change(who, None, self.day)
        self.after_leaving(home, relation == "02", heir)

    def moves_out(self) -> None:
        who = self.random.choice(self.account.present())
        home, _ = self.account.now(who)
        family = self.account.members(home)
        leaving = family if self.random.random() < 0.3 else [who]
        heads = [one for one in leaving if self.account.now(one)[1] == "02"]
        heir = self.heir(home, leaving)
        people.move_out(leaving, day=self.day, new_head=heir, where_to="外省")
        for one in leaving:
            self.account.change(one, None, self.day)
        self.after_leaving(home, bool(heads), heir)

    def comes_back(self) -> None:
        who = self.random.choice(self.account.gone() or self.account.present())
        home = self.random.choice([self.account.now(who)[0], *self.account.open_homes()])
        relation = "80" if self.account.members(home) else "02"
        people.come_back([who], day=self.day, household=home, relation=relation)
        if self.account.households[home][-1].until is not None:
            self.account.households[home].append(Spell(None, self.day))
            village = self.account.villages[home][-1].value
            if village == self.places["小水村"] and self.merged:
                self.account.villages[home][-1].until = self.day
                self.account.villages[home].append(Spell(self.places["大水村"], self.day))
        self.account.change(who, (home, relation), self.day)

    def is_born(self) -> None:
        parent = self.random.choice(self.account.present())
        child = name(1000 + len(self.account.persons))
        people.birth([parent], name=child, day=self.day, sex="1", relation="41")
        self.account.change(Person.get(Person.name == child).id, (self.account.now(parent)[0], "41"), self.day)

    def moves_in(self) -> None:
        home, comer = self.random.choice(self.account.open_homes()), name(2000 + len(self.account.persons))
        people.move_in([home], name=comer, day=self.day, relation="80", no_id_reason="9")
        self.account.change(Person.get(Person.name == comer).id, (home, "80"), self.day)

    def moves_over(self) -> None:
        who, home = self.random.choice(self.account.present()), self.random.choice(self.account.open_homes())
        old, relation = self.account.now(who)
        heir = self.heir(old, [who])
        people.move_over([who], day=self.day, household=home, relation="80", new_head=heir)
        self.account.change(who, (home, "80"), self.day)
        self.after_leaving(old, relation == "02", heir)

    def splits(self) -> None:
        home = self.random.choice(self.account.open_homes())
        family = self.account.members(home)
        chosen = self.random.sample(family, self.random.randint(1, len(family)))
        heir = self.heir(home, chosen)
        went = any(self.account.now(who)[1] == "02" for who in chosen)
        relations = dict.fromkeys(chosen, "80")
        village = self.random.choice([None, self.places["牛街村"]])
        homes.split_household(
            chosen, day=self.day, head=chosen[0], new_head=heir, relations=relations, village=village
        )
        fresh = Person.by_key(chosen[0]).household
        self.account.households[fresh.id] = [Spell(None, self.day)]
        self.account.villages[fresh.id] = [Spell(village or self.account.villages[home][-1].value, self.day)]
        for who in chosen:
            self.account.change(who, (fresh.id, "02" if who == chosen[0] else "80"), self.day)
        self.after_leaving(home, went, heir)

    def merges(self) -> None:
        source, target = self.random.sample(self.account.open_homes(), 2)
        family = self.account.members(source)
        homes.merge_households([source], day=self.day, into=target, relation="80")
        for who in family:  # what follows for each relation is proved elsewhere; here only its days
            self.account.change(who, (target, Person.by_key(who).relation), self.day)
        self.account.end_if_empty(source, self.day)

    def leads(self) -> None:
        who = self.random.choice(self.account.present())
        home, _ = self.account.now(who)
        old = next((one for one in self.account.members(home) if self.account.now(one)[1] == "02"), None)
        homes.new_head([who], day=self.day, relation="80")
        self.account.change(who, (home, "02"), self.day)
        if old is not None:
            self.account.change(old, (home, "80"), self.day)

    merged = False

    def villages_merge(self) -> None:
        merge_villages([self.places["小水村"]], day=self.day, into=self.places["大水村"])
        self.merged = True
        for home in self.account.open_homes():
            if self.account.villages[home][-1].value == self.places["小水村"]:
                self.account.villages[home][-1].until = self.day
                self.account.villages[home].append(Spell(self.places["大水村"], self.day))

    def compare(self, day: date) -> None:
        """Everything the lists say of a day, against the account."""
        expected = self.account.on(day)
        names = {place: name for name, place in self.places.items()}
        village_of = {
            home: names[next((spell for spell in spells if spell.on(day)), spells[-1]).value]
            for home, spells in self.account.villages.items()
        }
        listing = Listing(persons).but(
            day=day, columns=tuple(map(persons.column, ("household.number", "relation", "household.village.name")))
        )
        keys = listing.keys()
        number = {home.id: home.number for home in Household.select()}
        found = dict(zip(keys, listing.values(keys), strict=True))
        assert found == {
            who: (number[home], relation, village_of[home]) for who, (home, relation) in expected.items()
        }, day
        standing = {home for home, spells in self.account.households.items() if any(spell.on(day) for spell in spells)}
        sizes = Counter(home for home, _ in expected.values())
        heads = Counter(home for home, relation in expected.values() if relation == "02")
        columns = tuple(map(households.column, ("size", "heads", "village.name")))
        listing = Listing(households).but(day=day, columns=columns)
        keys = listing.keys()
        found = dict(zip(keys, listing.values(keys), strict=True))
        assert found == {home: (sizes[home], heads[home], village_of[home]) for home in standing}, day
        assert set(sizes) <= standing
        home = self.random.choice(sorted(number))
        inside = Listing(persons, Compare("household.number", "=", number[home])).but(day=day).keys()
        same_number = {one for one in number if number[one] == number[home]}
        assert set(inside) == {who for who, (where, _) in expected.items() if where in same_number}
        led = Listing(households, Has("人员", Compare("relation", "=", "02"))).but(day=day).keys()
        assert set(led) == set(heads)
        left = {who for who in self.account.gone() if self.account.persons[who][-1].until <= day}
        assert set(Listing(departed).but(day=day).keys()) == left


@pytest.mark.parametrize("seed", [1, 2])
def test_any_day_is_as_it_was(file: DataFile, seed: int) -> None:
    random = Random(seed)
    walk = Walk(random)
    begun, first = facts_hash(), last_number()
    while walk.done.total() < EVENTS:
        walk.step()
        if walk.done.total() == EVENTS // 2 and not walk.merged:
            walk.villages_merge()
            walk.compare(walk.day)
    assert walk.day < TODAY
    assert len(walk.done) >= 8, walk.done
    length = (walk.day - START).days
    for day in [walk.day, TODAY, *(START + timedelta(days=random.randint(-30, length)) for _ in range(10))]:
        walk.compare(day)
    assert strangers() == []
    for operation_number in range(last_number(), first, -1):
        assert undo(operation_number).left == ()
    assert facts_hash() == begun
