"""Places by every name that a list may use."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.models.people import Household
from app.models.places import Place
from app.work.lookup import Lookup, bare
from app.work.places import rename_village
from tests.work.rows_given import township


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("第三村民组", "3"), ("三组", "3"), ("3社", "3"), ("03组", "3"), ("十二组", "12"), ("二十组", "20"),
        ("十组", "10"), ("牛街村委会", "牛街"), ("牛街 村", "牛街"), ("街上", "街上"), ("社", "社"),
    ],
)  # fmt: skip
def test_a_bare_name_has_no_tail_and_arabic_numbers(written: str, compared: str) -> None:
    assert bare(written) == compared


def village(name: str) -> int:
    key: int = Place.get((Place.name == name) & (Place.level == "3")).id
    return key


def test_a_village_is_found_by_its_name_short_old_or_with_another_tail(file: Any) -> None:
    township()
    rename_village([village("康朗村")], day=date(2025, 1, 1), name="康乐村")
    lookup, key = Lookup(Household.village), village("康乐村")
    assert [lookup.find(name) for name in ("康乐村", "康乐", "康乐村委会", "康朗村", "康朗", " 康乐 村 ")] == [key] * 6
    assert lookup.find("") is None
    assert lookup.find("无") is None


def test_an_unknown_village_is_told_with_the_nearest_and_never_made(file: Any) -> None:
    township()
    lookup = Lookup(Household.village)
    said = lookup.find("牛街乡")
    assert isinstance(said, str)
    assert "没有叫“牛街乡”的行政村" in said
    assert "牛街村" in said
    assert not lookup.made


def test_a_group_is_found_in_its_village_however_it_is_written(file: Any) -> None:
    township()
    lookup, within = Lookup(Household.group), village("保邑村")
    found = {lookup.find(name, within) for name in ("三组", "3组", "第三村民组", "三社", 3, "３组", "保邑村三组")}
    assert found == {Place.get((Place.name == "三组") & (Place.parent == within)).id}
    assert not lookup.made
    said = lookup.find("三组")
    assert isinstance(said, str)
    assert "有 3 个" in said


def test_a_new_group_of_a_known_village_is_made_once(file: Any) -> None:
    township()
    lookup, within = Lookup(Household.group), village("保邑村")
    first = lookup.find("五组", within)
    assert first == lookup.find("5组", within) == lookup.find(5, within)
    assert first != lookup.find("五组", village("牛街村"))
    assert [made["name"] for made in lookup.made.values()] == ["五组", "五组"]
    assert lookup.made[first] == {"name": "五组", "parent": within, "level": "4"}  # type: ignore[index]
    assert isinstance(lookup.find("13887654321", within), str)


def test_the_village_a_title_mentions(file: Any) -> None:
    township()
    lookup = Lookup(Household.village)
    assert lookup.mentioned("牛街乡保邑村农户花名册") == village("保邑村")
    assert lookup.mentioned("保邑村、康朗村花名册") is None
