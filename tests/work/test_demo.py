"""The demonstration township: its counts, that it breaks no rule, and that it can be made again to the byte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.models import history, query, rules, words
from app.models.categories import Enrolment
from app.models.certificates import Certificate
from app.models.conditions import read
from app.models.database import DataFile
from app.models.dates import age_on
from app.models.faults import Reject
from app.models.fields import Link
from app.models.help import HelpLine, HelpRecord
from app.models.here import standing
from app.models.pairing import Helper, Organisation
from app.models.people import FormerHome, Household, Person, Stay
from app.models.places import TOWNSHIP, VILLAGE, FormerPlace, Place
from app.models.search import suggest
from app.models.upgrade import upgrade
from app.work.check import check
from app.work.demo import make_demo
from app.work.demo_names import organisations, rows
from app.work.demo_names import villages as listed_villages
from app.work.demo_people import SIZES
from app.work.office import demo_day

DAY = date(2026, 11, 21)
FIRST_HASH: dict[str, str] = {}  # of the township, from whichever database was first


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def township(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataFile]:
    """The whole township, made once on each database; the tests only read it."""
    if request.param == "sqlite":
        opened = DataFile(tmp_path_factory.mktemp("demo") / "demo.db")
    else:
        server = request.getfixturevalue("server")
        server.psql("CREATE DATABASE demo_township;")
        opened = DataFile(server.get_uri("demo_township"))
    with standing(opened, who="测试员", day=DAY):
        upgrade(opened)
        make_demo(1, DAY)
        opened.close()
    yield opened


@pytest.fixture
def here_township(township: DataFile) -> Iterator[DataFile]:
    with standing(township, who="测试员", day=DAY):
        yield township
        township.close()


def number(record: Any, where: str = "", day: date = DAY) -> int:
    return query.count(record, read(where, record) if where else None, day)


def people() -> list[Person]:
    return list(Person.select().where(Person.until.is_null()).order_by(Person.id))


@pytest.mark.usefixtures("here_township")
class TestTownship:
    def test_the_counts_are_those_of_the_report(self) -> None:
        assert number(Household) == 3541
        assert number(Person) == 11753
        assert number(Person, "外出 = 是") == 2000
        assert number(Household, "家庭人口 = 14") == 1
        assert number(Person, "公民身份号码 为空") == 120
        assert Place.select().where(Place.level == VILLAGE).count() == 4
        assert Person.select().where(Person.until.is_null(False)).count() == 300
        assert HelpRecord.select().count() == 400 and Certificate.select().count() == 12
        assert Stay.select().count() > 40 and FormerHome.select().count() > 5 and FormerPlace.select().count() == 1

    def test_fifty_six_elders_are_alone_and_192_children_left_behind(self) -> None:
        homes: dict[int, list[Person]] = {}
        for person in people():
            homes.setdefault(person.household_id, []).append(person)
        alone = [some[0] for some in homes.values() if len(some) == 1 and age_on(some[0].birth, DAY)[0] >= 60]
        assert len(alone) == 56
        left = 0
        for some in homes.values():
            ages = {person: age_on(person.birth, DAY) for person in some}
            if not any(low >= 18 and high < 60 and not person.away for person, (low, high) in ages.items()):
                left += sum(high < 16 for _, high in ages.values())
        assert left == 192

    def test_every_household_has_one_head_now_and_on_earlier_days(self) -> None:
        everybody, before = list(Person.select()), {}
        for stay in Stay.select().order_by(Stay.until.desc()):
            before.setdefault(stay.person_id, []).insert(0, stay)
        for days in (0, 30, 200, 365, 600, 900):
            day = DAY - timedelta(days=days)
            members: Counter[int] = Counter()
            heads: Counter[int] = Counter()
            for person in everybody:
                stays = [stay for stay in before.get(person.id, ()) if stay.until > day]
                there = (not person.since or person.since <= day) and (not person.until or person.until > day)
                if stays or there:
                    where = stays[0] if stays else person
                    members[where.household_id] += 1
                    heads[where.household_id] += where.relation == "02"
            assert len(members) > 3450 and set(members) == set(heads)
            assert set(heads.values()) == {1}, day
        assert number(Household, "户主人数 > 1") == number(Household, "家庭人口 = 0") == 0

    def test_every_value_is_one_that_its_field_reads(self) -> None:
        for record in (Place, Household, Person, Stay, HelpRecord, HelpLine, Certificate):
            fields = [(name, field) for name, field in record.facts().items() if not isinstance(field, Link)]
            for row in record.select():
                for name, field in fields:
                    value = getattr(row, name)
                    assert field.read(field.show(value)) == value, (record.__name__, name, value)

    def test_id_numbers_are_right_unique_and_nobodys(self) -> None:
        holders = [person for person in Person.select() if person.id_number]
        assert len({person.id_number for person in holders}) == len(holders) == 12053 - 120
        for person in holders:
            assert person.id_number.startswith("990001")
            assert rules.id_check_digit(person.id_number[:17]) == person.id_number[17]
            assert str(rules.id_birth(person.id_number)) == str(person.birth)
            assert rules.id_sex(person.id_number) == person.sex
        assert all(person.no_id_reason for person in Person.select() if not person.id_number)

    def test_some_births_are_half_known_only_without_an_id_number(self) -> None:
        half = [person for person in people() if not person.birth.day]
        assert len(half) == 60 and not any(person.id_number for person in half)
        assert 0 < sum(person.birth.month > 0 for person in half) < 60

    def test_relations_agree_with_sex_and_age(self) -> None:
        men = {"11", "20", "22", "23", "24", "25", "28", "41", "43", "51", "55", "73"}
        women = {"12", "30", "32", "33", "34", "35", "38", "42", "44", "52", "56"}
        heads = {person.household_id: person for person in people() if person.relation == "02"}
        for person in people():
            assert person.relation == "02" or person.relation in (men if person.sex == "1" else women)
            head = heads[person.household_id]
            if not person.birth.day or not head.birth.day or person is head:
                continue
            older = person.birth.year - head.birth.year
            if person.relation[0] in "23" and person.relation not in ("28", "38"):
                assert 18 <= older <= 48, (person.name, person.relation, older)
            if person.relation[0] == "4":
                assert older >= 36, (person.name, older)
            if person.relation[0] == "5":
                assert older <= (-17 if person.relation in ("51", "52") else -12), (person.name, older)
            if person.relation == "12":
                assert abs(older) <= 8 and person.sex != head.sex and person.marriage == head.marriage == "20"

    def test_names_are_as_frequent_as_in_a_real_township(self) -> None:
        called = Counter(person.name for person in people())
        assert called["王秀英"] >= 5
        assert called.most_common(1)[0][1] < 25 and len(called) > 5000
        assert sum("·" in name for name in called) >= 10

    def test_rare_names_are_found_by_character_and_by_initials(self) -> None:
        everybody = people()
        for row in rows("rare_names"):
            found = next(person for person in everybody if person.name.endswith(row["given"]))
            assert found.id in suggest(found.name, 50), found.name
            rare = next(sign for sign in found.name if ord(sign) > 0xFFFF or sign in "䶮㛃")
            assert found.id in suggest(rare, 50), found.name
            assert found.id in suggest(words.initials(found.name)[0], 200), found.name

    def test_help_of_every_kind_reaches_people_who_are_there(self) -> None:
        assert {row.kind for row in HelpRecord.select()} == {"1", "2", "3", "4", "5", "6"}
        lines = Counter(line.help_id for line in HelpLine.select())
        assert len(lines) == 400 and max(lines.values()) == 192 and 56 in lines.values()
        days = [row.day for row in HelpRecord.select()]
        assert DAY - timedelta(days=336) <= min(days) and max(days) <= DAY

    def test_the_facts_follow_from_the_history_and_are_the_same_on_both_databases(self) -> None:
        assert history.strangers() == []
        assert FIRST_HASH.setdefault("township", history.facts_hash()) == history.facts_hash()

    def test_the_file_knows_that_it_is_a_demonstration(self) -> None:
        assert demo_day() == DAY
        with pytest.raises(Reject, match="新建的空文件"):
            make_demo(1, DAY)
        assert number(Person) == 11753


def test_another_seed_or_day_is_another_village_and_the_same_the_same(file: DataFile, tmp_path: Path) -> None:
    assert demo_day() is None
    sentence = make_demo(1, DAY, "village")
    assert "355 户 1,178 人" in sentence
    assert number(Household) == 355 and number(Person) == 1178 and history.strangers() == []
    first = FIRST_HASH.setdefault("village", history.facts_hash())
    assert history.facts_hash() == first
    assert [made_elsewhere(tmp_path / name, *what) == first for name, *what in [
        ("same", 1, DAY), ("seed", 2, DAY), ("day", 1, date(2028, 2, 29)),
    ]] == [True, False, False]  # fmt: skip


def test_a_county_is_several_townships_with_so_many_in_need_and_so_many_helpers(
    file: DataFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(SIZES["village"], townships=3, enrolled=160, helpers=150)  # of its own 119 are enrolled
    monkeypatch.setitem(SIZES, "county", small)
    assert "弥渡县 3 个乡镇 355 户" in make_demo(1, DAY, "county")
    assert Enrolment.select(Enrolment.person).distinct().count() == 160
    assert Helper.select().count() == 150
    assert Place.select().where(Place.level == TOWNSHIP).count() == 3
    assert Place.select().where(Place.level == VILLAGE).count() == 12
    assert {row.village_id for row in Household.select()} == {
        row.id for row in Place.select().where(Place.level == VILLAGE)
    }
    standing_in = {row.organisation_id for row in Helper.select()}
    assert standing_in == {row.id for row in Organisation.select()}
    assert history.strangers() == [] and check() == []


def test_the_county_is_that_of_the_figures() -> None:
    county = SIZES["county"]
    assert (county.enrolled, county.helpers) == (22_427, 20_518)  # made by benchmarks/county.py
    villages, units = listed_villages(county.townships), organisations(county.townships)
    assert len({row["township"] for row in villages}) == county.townships == 18
    assert len({row["village"] for row in villages}) == len(villages) == 72
    assert len({row["name"] for row in units}) == len(units) and 3 * len(units) < county.helpers
    assert all(not row["village"] or int(row["village"]) < len(villages) for row in units)


def made_elsewhere(place: Path, seed: int, day: date) -> str:
    """The hash of a small demonstration file on SQLite."""
    opened = DataFile(place)
    with standing(opened, who="另一人", day=day):
        upgrade(opened)
        make_demo(seed, day, "village")
        assert number(Person, day=day) == 1178
        hashed = history.facts_hash()
        opened.close()
    return hashed
