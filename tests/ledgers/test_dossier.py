"""The page of a row: everything that belongs to it is there, by every link, and says what happened to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.ledgers.changes import TOLD, told_of
from app.ledgers.contents import ledger_called, ledgers
from app.ledgers.dossier import Part, dossier, form_of, page_of, page_word
from app.ledgers.listing import Listing
from app.models.categories import Category, Enrolment
from app.models.certificates import Certificate
from app.models.conditions import Not, Of, read, show
from app.models.database import DataFile
from app.models.faults import Stale
from app.models.help import HelpLine, HelpRecord
from app.models.here import here, standing, today
from app.models.history import last_number
from app.models.operation import operation
from app.models.pairing import Helper, Organisation
from app.models.paths import chains
from app.models.people import Household, Person, Stay
from app.models.places import Grid, Place
from app.work.people import move_over, record_death
from tests import town
from tests.walk import Row, World

PAGES = (Household, Person, Place, Grid, Category, Enrolment, Helper, Organisation, HelpRecord)


@pytest.fixture
def filled(file: DataFile) -> DataFile:
    town.build(seed=5)
    return file


def keys_of(record: Any) -> list[int]:
    return [row.id for row in record.select()]


# --- what belongs to a row, walked by hand ----------------------------------------------------------------------------


class ByHand:
    """Which rows belong to a household, a person or a place, read off the plain rows without any chain of links."""

    def __init__(self) -> None:
        self.rows = World().rows
        self.homes: dict[int, set[int]] = {}  # of a person: where he is and once was
        for person in self.rows[Person].values():
            self.homes.setdefault(person["id"], set()).add(person["household"])
        for stay in self.rows[Stay].values():
            self.homes[stay["person"]].add(stay["household"])

    def left(self, row: Row) -> bool:
        return row["until"] is not None and row["until"] <= today()

    def of_household(self, key: int) -> dict[str, set[int]]:
        inside = {person for person, homes in self.homes.items() if key in homes}
        return {
            "departed": {one for one in inside if self.left(self.rows[Person][one])},
            "stays": {row["id"] for row in self.rows[Stay].values() if row["household"] == key},
            "received": {row["id"] for row in self.rows[HelpLine].values() if row["person"] in inside},
        }

    def of_person(self, key: int) -> dict[str, set[int]]:
        return {
            "stays": {row["id"] for row in self.rows[Stay].values() if row["person"] == key},
            "received": {row["id"] for row in self.rows[HelpLine].values() if row["person"] == key},
        }

    def of_place(self, key: int) -> dict[str, set[int]]:
        former = self.rows[Household.former].values()
        homes = {row["id"] for row in self.rows[Household].values() if key in (row["village"], row["group"])}
        homes |= {row["household"] for row in former if key in (row["village"], row["group"])}
        inside = {row["id"] for row in self.rows[Person].values() if row["household"] in homes}
        here_now = {one for one in inside if not self.left(self.rows[Person][one])}
        since = {one for one in here_now if (begun := self.rows[Person][one]["since"]) is None or begun <= today()}
        below = self.rows[Place].values()
        return {
            "households": homes,
            "persons": since,
            "departed": {one for one in inside if self.left(self.rows[Person][one])},
            "stays": {row["id"] for row in self.rows[Stay].values() if row["household"] in homes},
            "places": {row["id"] for row in below if key in (row["parent"], row["merged_into"])},
            "received": {row["id"] for row in self.rows[HelpLine].values() if row["person"] in inside},
        }


def test_every_ledger_that_links_to_a_row_has_its_part_of_the_page(filled: DataFile) -> None:
    by_hand = ByHand()
    seen: set[str] = set()
    for record, expected in (
        (Household, by_hand.of_household), (Person, by_hand.of_person), (Place, by_hand.of_place),
    ):  # fmt: skip
        for key in keys_of(record)[:40]:
            found, wanted = dossier(record, key), expected(key)
            parts = {part.name: set(part.keys) for part in found.parts if part.name in wanted}
            assert parts == {n: k for n, k in wanted.items() if k}
            titles = {ledgers()[name].title for name in wanted}
            missing = {ledgers()[name].title for name, rows in wanted.items() if not rows}
            assert titles & set(found.lacking) == missing
            seen |= {f"{record.__name__}.{name}" for name in parts}
    assert len(seen) == 11, "each of them had something to show"


def test_parts_stand_in_the_order_of_the_contents_and_count_what_their_ledger_counts(filled: DataFile) -> None:
    order = list(ledgers())
    for record in (Household, Person, Place):
        for key in keys_of(record)[:15]:
            found = dossier(record, key, most=3)
            assert [order.index(part.name) for part in found.parts] == sorted(order.index(p.name) for p in found.parts)
            for part in found.parts:
                opened = Listing(ledgers()[part.name], where=part.listing.where, gone=part.listing.gone)
                assert part.count == opened.count() == len(part.keys) > 0
                assert list(part.keys) == list(opened.keys()) and len(part.rows) == min(3, part.count)
                assert part.rows == tuple(part.listing.cells(part.keys[:3]))
                sums = {column.caption: opened.sums().get(column.text) for column in opened.shown}
                for caption, total in part.sums:
                    assert total.replace(",", "").removesuffix(" 元") == (sums[caption] or "").replace(",", "")


def test_the_ended_are_there_and_counted(file: DataFile) -> None:
    town.build(seed=3)
    village = next(key for key in keys_of(Place) if (part := part_of(dossier(Place, key), "households")) and part.ended)
    part = part_of(dossier(Place, village), "households")
    assert part is not None and f"其中 {part.ended} 条已结束" in part.counts()
    present = Listing(ledger_called("households"), where=part.listing.where).count()
    assert part.count - part.ended == present


def part_of(found: Any, name: str) -> Part | None:
    return next((part for part in found.parts if part.name == name), None)


def test_every_chain_of_the_contents_is_followed(file: DataFile) -> None:
    """However a record comes to be reached from a ledger's, the page knows it: looked for in another way."""

    def reaches(record: Any, target: Any, depth: int = 4) -> bool:
        linked = [fact.rel_model for fact in record.facts().values() if hasattr(fact, "rel_model")]
        return target in linked or (depth > 1 and any(reaches(one, target, depth - 1) for one in linked))

    for ledger in ledgers().values():
        for target in PAGES:
            assert bool(chains(ledger.record, target)) == reaches(ledger.record, target), (ledger.title, target)


# --- its head, facts and lines ----------------------------------------------------------------------------------------


def family(file: DataFile) -> tuple[int, list[int]]:
    with operation("登记"):
        town_ = Place(name="牛街乡", level="2")
        town_.save()
        village = Place(name="牛街村", level="3", parent=town_)
        village.save()
        home = Household(number="02-0061", village=village, telephone="19900001234")
        home.save()
        keys = []
        for name, relation, born in (("杨小妹", "20", 2016), ("𬭎德福", "02", 1950), ("普秀珍", "12", 1952)):
            number = town.id_number(date(born, 5, 12), 120 + born % 2)
            person = Person(name=name, id_number=number, household=home, relation=relation)
            person.save()
            keys.append(person.id)
    return home.id, keys


def test_a_household_reads_at_a_glance(file: DataFile) -> None:
    home, (child, head, wife) = family(file)
    found = dossier(Household, home)
    assert (found.title, found.under) == ("𬭎德福 户", "牛街村 · 02-0061 · 家庭人口 3")
    assert [(title, [one.caption for one in told]) for title, told in found.sections] == [
        ("户", ["户编号", "行政村", "户联系电话"])
    ]
    assert {one.text: one.leads and one.leads[1] for one in found.sections[0][1]}["牛街村"] in keys_of(Place)
    (members,) = found.lines
    assert members.title == "家庭成员" and members.counts() == "3 人" and list(members.keys) == [head, wife, child]
    captions = [column.caption for column in members.listing.shown]
    assert captions == ["姓名", "与户主关系", "性别", "年龄", "公民身份号码"]
    assert members.rows[0][:2] == ("𬭎德福", "户主") and members.rows[0][4].count("*") == 10
    assert dossier(Household, home, whole=True).lines[0].rows[0][4] == town.id_number(date(1950, 5, 12), 120)
    assert found.private and "受助台账" in found.lacking
    assert dossier(Person, child).owner == (ledger_called("households"), home) and found.owner is None


def test_which_records_have_a_page_and_what_it_is_called(file: DataFile) -> None:
    assert [page_word(record) for record in PAGES] == [
        "户档", "人员档案", "村组档案", "网格档案", "对象类别档案", "纳入对象档案",
        "帮扶人档案", "帮扶单位档案", "帮扶记录档案",
    ]  # fmt: skip
    for ledger in ledgers().values():
        assert (page_of(ledger.record) is not None) == (ledger.record in PAGES)
    assert page_of(Person) is ledger_called("persons"), "departed persons have the same page"
    with pytest.raises(LookupError):
        dossier(Certificate, 1)
    with pytest.raises(Stale, match="这条户记录已被删除。"):
        dossier(Household, 1)


def test_where_a_row_is_opened(filled: DataFile) -> None:
    line = HelpLine.select().first()
    assert form_of(HelpLine, line.id) == (ledger_called("help"), line.help_id)
    assert form_of(Person, 5) == (ledger_called("persons"), 5) and form_of(Stay, Stay.select().first().id) is None


# --- what happened ----------------------------------------------------------------------------------------------------


def test_what_happened_is_told_before_and_after(file: DataFile) -> None:
    home, (child, _, wife) = family(file)
    with operation("修改电话"):
        row = Household.by_key(home)
        row.telephone, row.note = "19900005678", "危房"
        row.save()
    with standing(who="李文秀"):
        record_death([wife], day=date(2026, 11, 1))
    newest, phone, first = dossier(Household, home).happened
    assert (newest.who, first.title) == ("李文秀", "登记")
    assert {change.row for change in newest.rows} >= {"人员 普秀珍"}
    (died,) = [change for change in newest.rows if change.row == "人员 普秀珍"]
    assert ("离开日期", "", "2026-11-01") in died.facts and ("离开原因", "", "死亡") in died.facts
    assert "离开日期 （空） → 2026-11-01" in died.sentence()
    assert phone.rows[0].row == ""
    assert phone.rows[0].facts == (("户联系电话", "199****1234", "199****5678"), ("户备注", "", "危房"))
    whole = dossier(Household, home, whole=True).happened[1]
    assert whole.rows[0].facts[0] == ("户联系电话", "19900001234", "19900005678")
    assert [change.sentence() for change in first.rows][1:] == [
        "人员 杨小妹：新登记", "人员 𬭎德福：新登记", "人员 普秀珍：新登记",
    ]  # fmt: skip
    assert [one.title for one in dossier(Person, child).happened] == ["登记"], "only what happened to this one"


def test_one_operation_of_the_history_tells_what_it_did_to_whom_masked(file: DataFile) -> None:
    home, (_, _, wife) = family(file)
    with operation("修改电话"):
        row = Household.by_key(home)
        row.telephone = "19900005678"
        row.save()
    assert told_of(last_number()) == [f"户 𬭎德福 · 牛街村 · {row.number}：户联系电话 199****1234 → 199****5678"]
    record_death([wife], day=date(2026, 11, 1))
    assert "人员 普秀珍：离开日期 （空） → 2026-11-01；离开原因 （空） → 死亡" in told_of(last_number())
    with operation("很多人"):
        for at in range(TOLD + 5):
            Organisation(name=f"第{at}小学", level="4", kind="3").save()
    *first, rest = told_of(last_number())
    assert first == [f"帮扶单位 第{at}小学：新登记" for at in range(TOLD)]
    assert rest == f"……这次操作一共改动 {TOLD + 5} 行。"
    assert told_of(last_number() + 1) == [], "undone meanwhile by a restore"


def test_who_moved_away_stays_in_the_file_of_the_household(file: DataFile) -> None:
    home, (child, head, wife) = family(file)
    with operation("新户"):
        other = Household(number="02-0062", village=Household.by_key(home).village)
        other.save()
        Person(name="李四", no_id_reason="5", household=other, relation="02").save()
        given = HelpRecord(kind="5", day=date(2026, 6, 1), subject="助学")
        given.save()
        HelpLine(help=given, person=child, cash=100_000).save()
    move_over([child], household=other.id, day=date(2026, 9, 1), relation="97")
    found = dossier(Household, home)
    assert list(found.lines[0].keys) == [head, wife], "the family is who is there now"
    assert part_of(found, "stays") is not None
    received = part_of(found, "received")
    assert received is not None and received.counts() == "1 条 · 资金 1,000.00 元"
    moved = [change for one in found.happened for change in one.rows if change.row == "人员 杨小妹" and not change.what]
    facts = {caption: (before, after) for caption, before, after in moved[0].facts}
    assert facts["所属户"] == ("𬭎德福 · 牛街村 · 02-0061", "李四 · 牛街村 · 02-0062")


def test_a_row_that_is_gone_is_named_so_in_what_happened(file: DataFile) -> None:
    with operation("网格"):
        grid = Grid(name="一号网格", kind="1")
        grid.save()
    home, _ = family(file)
    for key in (grid, None):
        with operation("改网格"):
            row = Household.by_key(home)
            row.grid = key
            row.save()
    with operation("删除网格"):
        Grid.by_key(grid.id).remove()
    newest, before, *_ = dossier(Household, home).happened
    assert newest.rows[0].facts == (("网格", "（已删除）", ""),)
    assert before.rows[0].sentence() == "网格 （空） → （已删除）"


# --- the condition 关于 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("called", ["", "杨德福 · 牛街村", '"引号" (括)', "12345", "有"])
def test_about_a_row_is_a_sentence_that_is_read_back(file: DataFile, called: str) -> None:
    condition = Of("户", 2**62, called)
    text = show(condition, HelpLine)
    again = read(text, HelpLine)
    assert again == condition and isinstance(again, Of) and again.called == called
    assert read(f"{text} 且 品名及数量 含 米", HelpLine) is not None


@pytest.mark.parametrize(
    "text", ["关于(证书: 1)", "关于(户: 杨德福)", f"关于(户: {2**63})", "关于(户: 1 2 3)", "关于(户 1)", "关于(户:"]
)
def test_what_leads_nowhere_is_refused_in_a_sentence(file: DataFile, text: str) -> None:
    with pytest.raises(ValueError, match=r"。$"):
        read(text, HelpLine)


def test_about_a_row_or_not_about_it_is_every_row(filled: DataFile) -> None:
    """Two-valued on both databases, also where a link is empty; and on any day the same rows belong."""
    for word, key in (("村组", keys_of(Place)[5]), ("网格", keys_of(Grid)[0]), ("户", keys_of(Household)[1])):
        for name in ("households", "persons", "received"):
            ledger = ledger_called(name)
            if word == "户" and name == "households":
                continue
            about = Listing(ledger, where=Of(word, key), gone=True)
            rest = Listing(ledger, where=Not(Of(word, key)), gone=True)
            assert about.count() + rest.count() == Listing(ledger, gone=True).count()
            assert set(about.keys()) == set(about.but(day=date(2020, 1, 1)).keys())
    assert here().file is filled
