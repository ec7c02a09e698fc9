"""Help to many at once: one operation, a line each, nobody who was dead or gone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.ledgers.help import help_records, received
from app.ledgers.listing import Listing
from app.ledgers.people import persons
from app.models.conditions import read
from app.models.database import DataFile
from app.models.dates import PartialDate
from app.models.faults import Reject
from app.models.help import HelpLine, HelpRecord
from app.models.history import HistoryLine, facts_hash, last_number, strangers
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.work import people
from app.work.help import record_delivery
from app.work.places import found_township
from app.work.undo import undo

DAY = date(2026, 1, 20)
RICE = {
    "kind": "4", "day": DAY, "subject": "春节慰问", "goods": "大米 10 公斤、食用油 5 升", "value": 12_050,
    "giver": "王干部",
}  # fmt: skip
SIGNS = "甲乙丙丁戊己庚辛壬癸"


@pytest.fixture
def elders(file: DataFile) -> list[int]:
    """56 elders and 4 younger ones, each alone in a household; the keys of the elders."""
    found_township("某县", "牛街乡", ["牛街村"])
    village = Place.get(Place.name == "牛街村")
    with operation("登记户"):
        for at in range(60):
            home = Household(number=f"01-{at:04}", village=village)
            home.save()
            Person(
                name=f"李{SIGNS[at // 10]}{SIGNS[at % 10]}", household=home, relation="02", no_id_reason="9",
                birth=PartialDate(1940 if at < 56 else 2000),
            ).save()  # fmt: skip
    return list(Listing(persons, read("年龄 >= 80", Person)).keys())


def refused(persons: list[int], **answers: Any) -> str:
    before = facts_hash()
    with pytest.raises(Reject) as caught:
        record_delivery(persons, **answers)
    assert facts_hash() == before
    return str(caught.value)


def test_rice_and_oil_to_56_elders_is_one_operation(elders: list[int]) -> None:
    assert len(elders) == 56
    before, operations = facts_hash(), last_number()
    sentence = record_delivery(elders, **RICE)
    assert sentence == (
        "已记 2026-01-20“春节慰问”（物资）：56 人，每人大米 10 公斤、食用油 5 升，每人折合 120.50 元、共 6,748.00 元。"
    )
    assert last_number() == operations + 1
    assert HistoryLine.get(HistoryLine.id == last_number()).changes == 57
    assert strangers() == []
    book = Listing(help_records, columns=tuple(map(help_records.column, ("subject", "people", "value"))))
    assert book.cells(book.keys()) == [("春节慰问", "56", "6,748.00")]
    assert (Listing(received).count(), Listing(received).sums()["value"]) == (56, "6,748.00")
    undo(last_number())
    assert facts_hash() == before


def test_the_same_person_chosen_twice_gets_one_line(elders: list[int]) -> None:
    record_delivery([elders[0], elders[1], elders[0]], kind="5", day=DAY, subject="慰问金", cash=20_000)
    assert [line.cash for line in HelpLine.select()] == [20_000, 20_000]


def test_who_was_dead_or_gone_is_named(elders: list[int]) -> None:
    people.record_death([elders[3]], day=date(2026, 1, 5))
    people.move_out([elders[4]], day=DAY)
    people.move_out([elders[5]], day=date(2026, 2, 1))
    home = Person.by_key(elders[6]).household.id
    people.move_in([home], name="新来", day=date(2026, 3, 1), relation="80", no_id_reason="9")
    comer = Person.get(Person.name == "新来").id
    said = refused([*elders, comer], **RICE)
    names = [Person.by_key(elders[at]).name for at in (3, 4, 5)]
    assert f"{names[0]}（2026-01-05 死亡）、{names[1]}（2026-01-20 迁出）" in said
    assert names[2] not in said  # he left only afterwards
    assert "新来（2026-03-01 才入户）" in said
    record_delivery([key for key in elders if key not in elders[3:5]], **RICE)
    assert HelpLine.select().count() == 54


def test_who_was_away_on_that_day_and_came_back_is_named(elders: list[int]) -> None:
    people.move_out([elders[0]], day=date(2025, 12, 1))
    people.come_back([elders[0]], day=date(2026, 3, 1))
    assert f"{Person.by_key(elders[0]).name}（当时已离开）" in refused(elders, **RICE)
    record_delivery(elders, **RICE | {"day": date(2025, 11, 30)})


def test_pressing_twice_is_noticed(elders: list[int]) -> None:
    record_delivery(elders[:3], **RICE)
    assert "已记过“春节慰问”" in refused(elders[2:5], **RICE)
    record_delivery(elders[3:5], **RICE)
    record_delivery(elders[2:5], **RICE, again=True)
    assert HelpRecord.select().count() == 3


def test_what_must_be_said(elders: list[int]) -> None:
    assert "请先选中受助的人" in refused([], **RICE)
    assert "品名及数量" in refused(elders, **RICE | {"goods": None})
    assert "每人的金额" in refused(elders, kind="5", day=DAY, subject="慰问金")
    assert "在今天之后" in refused(elders, **RICE | {"day": date(2026, 12, 1)})


def test_a_bare_number_is_no_goods(elders: list[int]) -> None:
    assert "“120”不是品名及数量" in refused(elders, **RICE | {"goods": "120"})
