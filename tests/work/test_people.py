"""Life events: what each changes today, what stays answerable for the day before, and that each can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app.ledgers.ledger import Action, Ledger
from app.ledgers.listing import Listing
from app.ledgers.people import departed, households, persons
from app.models.conditions import read
from app.models.database import DataFile
from app.models.dates import PartialDate
from app.models.faults import Reject
from app.models.help import HelpLine
from app.models.history import HistoryLine, facts_hash, last_number, strangers
from app.models.operation import operation
from app.models.people import Household, Person, Stay
from app.models.places import Place
from app.models.rules import id_check_digit
from app.work import cards, homes, people
from app.work.help import record_delivery
from app.work.numbers import next_number
from app.work.places import found_township
from app.work.undo import undo

DAY = date(2026, 5, 10)
BEFORE = DAY - timedelta(days=1)


def number(first17: str) -> str:
    return first17 + id_check_digit(first17)


@pytest.fixture
def town(file: DataFile) -> dict[str, int]:
    """Two villages; 杨 with wife, two sons and a daughter-in-law; 普 alone; 李 with wife. Names → keys."""
    found_township("某县", "牛街乡", ["牛街村", "大水村"], {"牛街村": ["一组", "二组"]})
    places = {place.name: place for place in Place.select()}
    with operation("登记户"):
        homes_of = {}
        for surname, village in (("杨", "牛街村"), ("普", "牛街村"), ("李", "大水村")):
            group = places["一组"] if surname == "杨" else None
            homes_of[surname] = Household(number=next_number(places[village].id), village=places[village], group=group)
            homes_of[surname].save()
        for name, relation, sex, birth, marriage in (
            ("杨德福", "02", "1", 1955, "20"), ("杨秀珍", "12", "2", 1957, "20"), ("杨大", "22", "1", 1980, "20"),
            ("杨二", "23", "1", 1984, "10"), ("杨媳", "38", "2", 1982, "20"), ("普国强", "02", "1", 1960, "30"),
            ("李正", "02", "1", 1950, "20"), ("李妻", "12", "2", 1951, "20"),
        ):  # fmt: skip
            Person(
                name=name, relation=relation, sex=sex, birth=PartialDate(birth), marriage=marriage, no_id_reason="9",
                household=homes_of[name[0]], since=None if name[0] == "杨" else date(2015, 3, 1),
            ).save()  # fmt: skip
    return {person.name: person.id for person in Person.select()} | {
        f"{surname}家": home.id for surname, home in homes_of.items()
    }


def stood(day: date | None = None, ledger: Ledger = persons) -> dict[str, tuple[str, str, str]]:
    """Who stood where on a day: name → (household number, relation, village)."""
    listing = Listing(ledger).but(
        day=day, columns=tuple(map(ledger.column, ("name", "household.number", "relation", "household.village")))
    )
    return {row[0]: row[1:] for row in listing.cells(listing.keys())}  # type: ignore[misc]


def sizes(day: date | None = None) -> dict[str, tuple[str, str]]:
    """Households of a day: number → (head, size)."""
    listing = Listing(households).but(day=day, columns=tuple(map(households.column, ("number", "head", "size"))))
    return {row[0]: row[1:] for row in listing.cells(listing.keys())}  # type: ignore[misc]


def told(verb: Callable[..., str], *keys: int, **answers: Any) -> str:
    """Do it, undo it, see that nothing is left of it, and do it again; the history must tell all of it."""
    before = facts_hash()
    verb(list(keys), **answers)
    assert facts_hash() != before
    assert strangers() == []
    undone = undo(last_number())
    assert (undone.left, facts_hash()) == ((), before)
    operations = last_number()
    sentence = verb(list(keys), **answers)
    assert last_number() == operations + 1
    assert strangers() == []
    return sentence


def refused(verb: Callable[..., str], *keys: int, **answers: Any) -> str:
    """Why it is refused; nothing may have been written."""
    before, operations = facts_hash(), last_number()
    with pytest.raises(Reject) as caught:
        verb(list(keys), **answers)
    assert (facts_hash(), last_number()) == (before, operations)
    return str(caught.value)


YANG, PU, LI = "01-0001", "01-0002", "02-0001"


def test_numbers_go_on_from_those_of_the_village(town: dict[str, int]) -> None:
    assert set(sizes()) == {YANG, PU, LI}
    village = Household.by_key(town["李家"]).village
    assert next_number(village.id) == "02-0002"
    with operation("登记户"):
        Household(number="02-0127", village=village, until=date(2020, 1, 1), ending="4").save()
    assert next_number(village.id) == "02-0128"


def test_a_child_is_born_into_the_household_of_its_mother(town: dict[str, int]) -> None:
    assert "孙女" in told(people.birth, town["杨媳"], name="杨小妹", day=DAY, sex="2")
    assert stood()["杨小妹"] == (YANG, "孙女", "牛街村")
    assert "杨小妹" not in stood(BEFORE)
    assert (sizes()[YANG], sizes(BEFORE)[YANG]) == (("杨德福", "6"), ("杨德福", "5"))
    child = Person.get(Person.name == "杨小妹")
    assert (str(child.birth), child.no_id_reason, child.since) == ("2026-05-10", "2", DAY)


def test_a_birth_that_cannot_be(town: dict[str, int]) -> None:
    assert "在今天之后" in refused(people.birth, town["杨媳"], name="杨小", day=date(2027, 1, 1), sex="1")
    assert "请选择性别" in refused(people.birth, town["杨媳"], name="杨小", day=DAY)
    born = number("99000120260509301")
    assert "2026-05-09" in refused(people.birth, town["杨媳"], name="杨小", day=DAY, id_number=born)


def test_death_of_a_member(town: dict[str, int]) -> None:
    sentence = told(people.record_death, town["杨秀珍"], day=DAY)
    assert "杨德福的婚姻状况请核对" in sentence
    assert "杨秀珍" not in stood()
    assert stood(BEFORE)["杨秀珍"] == (YANG, "妻", "牛街村")
    assert (sizes()[YANG][1], sizes(BEFORE)[YANG][1]) == ("4", "5")
    assert list(stood(ledger=departed)) == ["杨秀珍"]
    assert stood(BEFORE, departed) == {}


def test_a_dead_head_needs_a_new_one(town: dict[str, int]) -> None:
    assert "请选一位新户主" in refused(people.record_death, town["杨德福"], day=DAY)
    assert "从留在户里的人中选" in refused(people.record_death, town["杨德福"], day=DAY, new_head=town["李正"])
    sentence = told(people.record_death, town["杨德福"], day=DAY, new_head=town["杨大"], adapt=True)
    assert "杨秀珍改为母" in sentence
    assert "杨二改为弟" in sentence
    assert stood()["杨大"] == (YANG, "户主", "牛街村")
    assert stood()["杨秀珍"] == (YANG, "母", "牛街村")
    assert stood(BEFORE)["杨大"] == (YANG, "长子", "牛街村")
    assert stood(BEFORE)["杨秀珍"] == (YANG, "妻", "牛街村")
    assert (sizes()[YANG], sizes(BEFORE)[YANG]) == (("杨大", "4"), ("杨德福", "5"))
    assert Person.by_key(town["杨大"]).since is None  # the day he entered is still not known


def test_relations_are_only_suggested_without_adapt(town: dict[str, int]) -> None:
    sentence = told(people.record_death, town["杨德福"], day=DAY, new_head=town["杨大"])
    assert "杨秀珍（现为妻，应为母）" in sentence
    assert stood()["杨秀珍"] == (YANG, "妻", "牛街村")


def test_the_last_one_to_die_ends_the_household(town: dict[str, int]) -> None:
    assert "全户死亡" in told(people.record_death, town["普国强"], day=DAY)
    assert PU not in sizes()
    assert sizes(BEFORE)[PU] == ("普国强", "1")
    home = Household.by_key(town["普家"])
    assert (home.until, home.ending) == (DAY, "3")
    assert "已于 2026-05-10 离开" in refused(people.record_death, town["普国强"], day=DAY)


def test_a_whole_household_moves_out_and_one_comes_back(town: dict[str, int]) -> None:
    sentence = told(people.move_out, town["李正"], town["李妻"], day=DAY, where_to="昆明市")
    assert "整户迁出" in sentence
    assert (LI in sizes(), sizes(BEFORE)[LI]) == (False, ("李正", "2"))
    assert "迁往昆明市" in Person.by_key(town["李正"]).note
    back = date(2026, 8, 1)
    told(people.come_back, town["李妻"], day=back)
    assert stood()["李妻"] == (LI, "户主", "大水村")
    assert stood(BEFORE)["李妻"] == (LI, "妻", "大水村")
    assert "李妻" not in stood(back - timedelta(days=1))
    assert LI not in sizes(back - timedelta(days=1))
    assert (sizes(BEFORE)[LI], sizes(back)[LI]) == (("李正", "2"), ("李妻", "1"))
    assert list(stood(ledger=departed)) == ["李正"]
    stay = Stay.get(Stay.person == town["李妻"])
    assert (stay.since, stay.until, stay.relation) == (date(2015, 3, 1), DAY, "12")


def test_coming_back_that_cannot_be(town: dict[str, int]) -> None:
    assert "仍在册" in refused(people.come_back, town["李妻"], day=DAY)
    people.record_death([town["普国强"]], day=DAY)
    assert "不能迁回" in refused(people.come_back, town["普国强"], day=DAY)
    people.move_out([town["李正"]], day=DAY, new_head=town["李妻"])
    assert "不能比它早" in refused(people.come_back, town["李正"], day=BEFORE)
    assert "请填写李正与 02-0001 号户现在户主的关系" in refused(people.come_back, town["李正"], day=DAY)
    people.come_back([town["李正"]], day=DAY, relation="11")
    assert stood()["李正"] == (LI, "夫", "大水村")
    assert stood(BEFORE)["李正"] == (LI, "户主", "大水村")


def test_moving_in(town: dict[str, int]) -> None:
    facts = {"name": "普妻", "day": DAY, "relation": "12", "id_number": number("99000119620301302")}
    told(people.move_in, town["普家"], **facts, came_from="2026年由外乡迁来")
    assert (stood()["普妻"], sizes(BEFORE)[PU][1], sizes()[PU][1]) == ((PU, "妻", "牛街村"), "1", "2")
    people.move_out([Person.get(Person.name == "普妻").id], day=date(2026, 6, 1))
    assert "迁回" in refused(people.move_in, town["杨家"], **facts)
    stranger = {"name": "某人", "day": DAY, "no_id_reason": "9"}
    assert "一户只能有一名户主" in refused(people.move_in, town["普家"], **stranger, relation="02")


def test_marriage_into_the_household_of_the_spouse(town: dict[str, int]) -> None:
    people.move_in([town["李家"]], name="李女", day=date(2016, 1, 1), relation="30", sex="2", no_id_reason="9")
    bride = Person.get(Person.name == "李女").id
    sentence = told(people.marry, bride, day=DAY, spouse=town["杨二"], moves=True)
    assert "与户主关系为儿媳" in sentence
    assert stood()["李女"] == (YANG, "儿媳", "牛街村")
    assert stood(BEFORE)["李女"] == (LI, "女", "大水村")
    assert (sizes(BEFORE)[LI][1], sizes()[LI][1], sizes(BEFORE)[YANG][1], sizes()[YANG][1]) == ("3", "2", "5", "6")
    assert Person.by_key(bride).marriage == "20"  # what she was before is not known
    assert Person.by_key(town["杨二"]).marriage == "21"
    assert "已是初婚" in refused(people.marry, town["杨二"], day=DAY)


def test_moving_to_another_household_of_the_township(town: dict[str, int]) -> None:
    assert "请选一位新户主" in refused(people.move_over, town["李正"], day=DAY, household=town["杨家"], relation="80")
    told(people.move_over, town["杨二"], day=DAY, household=town["李家"], relation="28")
    assert (stood(BEFORE)["杨二"], stood()["杨二"]) == ((YANG, "次子", "牛街村"), (LI, "女婿", "大水村"))
    assert "已有变动" in refused(people.move_over, town["杨二"], day=BEFORE, household=town["普家"], relation="80")
    told(people.move_over, town["普国强"], day=DAY, household=town["李家"], relation="80")
    assert (PU in sizes(), sizes(BEFORE)[PU]) == (False, ("普国强", "1"))
    found = Listing(persons, read("户编号 = 02-0001", Person), day=BEFORE)
    assert {row[0] for row in found.cells(found.keys())} == {"李正", "李妻"}


def test_a_head_moves_out_of_his_own_house_for_marriage(town: dict[str, int]) -> None:
    told(people.marry, town["普国强"], day=DAY, moves=False)
    assert Person.by_key(town["普国强"]).marriage == "22"


def test_splitting_a_household(town: dict[str, int]) -> None:
    assert "不在同一户" in refused(homes.split_household, town["杨大"], town["李正"], day=DAY, head=town["杨大"])
    assert "从分出的人中选" in refused(homes.split_household, town["杨大"], day=DAY, head=town["杨二"])
    sentence = told(homes.split_household, town["杨大"], town["杨媳"], day=DAY, head=town["杨大"])
    assert "01-0003" in sentence
    assert "请核对与户主关系：杨媳" in sentence  # 杨二 may be her husband as well
    assert sizes() == {YANG: ("杨德福", "3"), "01-0003": ("杨大", "2"), PU: ("普国强", "1"), LI: ("李正", "2")}
    assert sizes(BEFORE) == {YANG: ("杨德福", "5"), PU: ("普国强", "1"), LI: ("李正", "2")}
    assert (stood(BEFORE)["杨大"], stood()["杨大"]) == ((YANG, "长子", "牛街村"), ("01-0003", "户主", "牛街村"))
    fresh = Household.get(Household.number == "01-0003")
    assert (fresh.group.name, fresh.since) == ("一组", DAY)


def test_splitting_takes_the_old_head_away(town: dict[str, int]) -> None:
    pair = town["杨德福"], town["杨秀珍"]
    assert "请选一位新户主" in refused(homes.split_household, *pair, day=DAY, head=pair[0])
    told(homes.split_household, *pair, day=DAY, head=pair[0], new_head=town["杨大"])
    assert sizes()[YANG] == ("杨大", "3")
    assert stood()["杨秀珍"] == ("01-0003", "妻", "牛街村")
    assert "留下至少一人" in refused(homes.split_household, *pair, day=DAY, head=pair[0])


def test_merging_two_households(town: dict[str, int]) -> None:
    assert "只能有一名户主" in refused(homes.merge_households, town["李家"], day=DAY, into=town["杨家"], relation="02")
    told(homes.merge_households, town["李家"], day=DAY, into=town["杨家"], relation="71")
    assert (stood()["李正"], stood()["李妻"]) == ((YANG, "兄", "牛街村"), (YANG, "嫂", "牛街村"))
    assert (stood(BEFORE)["李正"], stood(BEFORE)["李妻"]) == ((LI, "户主", "大水村"), (LI, "妻", "大水村"))
    assert (sizes().get(LI), sizes(BEFORE)[LI], sizes()[YANG]) == (None, ("李正", "2"), ("杨德福", "7"))
    assert Household.by_key(town["李家"]).ending == "2"


def test_a_new_head(town: dict[str, int]) -> None:
    sentence = told(homes.new_head, town["杨大"], day=DAY, relation="51")
    assert "杨德福改为父" in sentence
    assert "杨秀珍（现为妻，应为母）" in sentence
    assert (sizes()[YANG], sizes(BEFORE)[YANG]) == (("杨大", "5"), ("杨德福", "5"))
    assert (stood()["杨德福"][1], stood(BEFORE)["杨德福"][1], stood(BEFORE)["杨大"][1]) == ("父", "户主", "长子")
    assert "已经是户主" in refused(homes.new_head, town["杨大"], day=DAY)
    told(homes.new_head, town["杨德福"], day=date(2026, 6, 1), relation="22", adapt=True)
    middle = date(2026, 5, 20)
    assert [stood(day)["杨大"][1] for day in (BEFORE, middle, date(2026, 6, 1))] == ["长子", "户主", "长子"]


def test_two_cards_become_one(town: dict[str, int]) -> None:
    card = number("99000119550512301")
    people.move_in([town["李家"]], name="杨得福", day=date(2019, 1, 1), relation="80", id_number=card)
    first, other = town["杨德福"], Person.get(Person.name == "杨得福").id
    record_delivery([other], kind="4", day=date(2024, 1, 1), subject="春节慰问", goods="大米")
    pair = first, other
    asked = refused(cards.merge_cards, *pair, keep=first)
    assert "姓名不一致" in asked
    assert "所属户不一致" in asked
    sentence = told(cards.merge_cards, *pair, keep=first, name="杨得福", birth=PartialDate(1955), stands=first)
    assert "补上了公民身份号码" in sentence
    kept = Person.by_key(first)
    assert (kept.name, kept.id_number, kept.relation, str(kept.birth)) == ("杨得福", card, "02", "1955")
    assert Person.get_or_none(Person.id == other) is None
    assert [line.person.id for line in HelpLine.select()] == [first]
    assert (sizes()[LI][1], sizes(date(2020, 1, 1))[LI][1], sizes()[YANG]) == ("2", "2", ("杨得福", "5"))


def test_two_cards_with_the_same_help_are_refused(town: dict[str, int]) -> None:
    pair = town["李正"], town["普国强"]
    record_delivery(list(pair), kind="4", day=date(2024, 1, 1), subject="春节慰问", goods="大米")
    assert "同一条受助明细" in refused(cards.merge_cards, *pair, keep=pair[0], follow=True)


def test_where_the_other_card_is_right_the_emptied_household_ends(town: dict[str, int]) -> None:
    pair = town["杨德福"], town["普国强"]
    with pytest.raises(Reject, match="保留的卡要从选中的两张里选"):
        cards.merge_cards(pair, keep=town["李正"])
    told(cards.merge_cards, *pair, keep=pair[1], follow=True, stands=pair[0])
    assert stood()["普国强"] == (YANG, "户主", "牛街村")
    assert PU not in sizes()


ACTIONS = persons.actions + households.actions + departed.actions


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.title)
def test_actions_say_why_they_cannot_be_done(town: dict[str, int], action: Action) -> None:
    assert action.why_not([]) == "请先选中要办理的行。"
    people.record_death([town["普国强"]], day=DAY)
    keys = [town["普家"]] if action in households.actions else [town["普国强"]]
    if action.title != "记一次帮助":  # he may have got help while he lived
        assert action.why_not(keys)
    assert HistoryLine.select().count() == last_number()
