"""Undo: what nobody has touched since comes back, the rest is listed and left; an undo is itself an operation."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.models.database import DataFile
from app.models.faults import Cancelled, Reject
from app.models.here import here, standing
from app.models.history import HistoryLine, changes_of, facts_hash, last_number, strangers
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import put_all
from app.models.search import suggest
from app.work.undo import last_of, undo, undo_last
from tests.town import id_number


def do(title: str, action: Any) -> int:
    """Run an operation and give its number."""
    with operation(title):
        action()
    return last_number()


@pytest.fixture
def village(file: DataFile) -> Place:
    place = Place(name="牛街村", level="2")
    do("村", place.save)
    return place


@pytest.fixture
def home(village: Place) -> Household:
    household = Household(number="1", village=village.id)
    do("户", household.save)
    return household


def person(home: Household, order: int = 1, **values: Any) -> Person:
    facts = {"name": "杨一", "household": home.id, "relation": "20", "id_number": id_number(date(1990, 1, 1), order)}
    return Person(**(facts | values))


def test_what_was_made_goes_again(home: Household) -> None:
    before = facts_hash()
    number = do("登记", person(home).save)
    assert suggest("杨一")
    undone = undo(number)
    assert (undone.count, undone.left, facts_hash()) == (1, (), before)
    assert undone.sentence() == "已撤销“登记”，1 行恢复原样。"
    assert suggest("杨一") == [], "the search words go with it"
    line = HistoryLine.get_by_id(last_number())
    assert (line.title, line.undoes, line.changes) == ("撤销：登记", number, 1)


def test_what_was_changed_is_as_before_and_rev_only_grows(home: Household) -> None:
    one = person(home, telephone="13888880000")
    do("登记", one.save)
    before = facts_hash()
    one.telephone, one.away = None, True
    number = do("修改", one.save)
    undo(number)
    assert facts_hash() == before
    assert Person.by_key(one.id).rev == 3
    with pytest.raises(Reject, match="已经撤销过了"):
        undo(number)


def test_what_was_removed_comes_back_with_a_higher_rev(home: Household) -> None:
    one = person(home)
    do("登记", one.save)
    before = facts_hash()
    number = do("删除", one.remove)
    assert undo(number).count == 1
    assert (facts_hash(), Person.by_key(one.id).rev) == (before, 2)
    assert suggest("杨一") == [one.id]


def test_a_whole_list_taken_in_is_undone_as_one(home: Household) -> None:
    old = person(home)
    do("登记", old.save)
    before = facts_hash()

    def take_in() -> None:
        (household,) = put_all(Household, [{"number": "2", "village": home.__data__["village"]}])
        new = [{**person(home, order).__data__, "household": household} for order in range(2, 8)]
        put_all(Person, [*new, {**old.__data__, "note": "导入的"}])

    number = do("导入", take_in)
    assert Person.select().count() == 7
    undone = undo(number)
    assert (undone.count, undone.left, facts_hash()) == (8, (), before)
    again = undo(last_number())
    assert again.count == 8 and Person.select().count() == 7 and strangers() == []


def test_what_was_edited_since_stays_and_is_shown_with_both_images(home: Household) -> None:
    keys: list[int] = []
    number = do("导入", lambda: keys.extend(put_all(Person, [person(home, order).__data__ for order in (1, 2, 3)])))
    edited, gone = Person.by_key(keys[0]), Person.by_key(keys[1])
    edited.telephone = "13888880000"
    do("修改", edited.save)
    do("删除", gone.remove)
    undone = undo(number)
    assert undone.count == 1 and [left.key for left in undone.left] == [keys[1], keys[0]]
    removed, changed = undone.left
    assert removed.now is None and "已删除" in removed.why
    assert changed.made is not None and "telephone" not in changed.made
    assert changed.now is not None and changed.now["telephone"] == "13888880000" and "rev" not in changed.now
    assert changed.why == "人员“杨一”后来又改过。"
    assert (
        undone.sentence() == "已撤销“导入”，1 行恢复原样。另有 2 行后来又改过或被用到，保留不动：有一条人员后来已删除。"
    )
    assert [row.id for row in Person.select()] == [keys[0]]


def test_what_is_used_since_stays(village: Place) -> None:
    household = Household(number="1", village=village.id)
    number = do("户", household.save)
    do("人", person(household).save)
    with pytest.raises(Reject, match="没有可以撤销的"):
        undo(number)
    assert last_number() == number + 1, "an undo that could do nothing leaves no line"
    other = Place(name="大水村", level="2")

    def both() -> None:
        other.save()
        village.note = "x"
        village.save()

    undone = undo(do("村", both))
    assert (undone.count, undone.left) == (2, ())


def test_a_row_saved_twice_in_one_operation_is_one_row(home: Household) -> None:
    before = facts_hash()

    def twice() -> None:
        one = person(home)
        one.save()
        one.telephone = "13888880000"
        one.save()

    number = do("登记", twice)
    assert len(changes_of(number)) == 2
    assert (undo(number).count, facts_hash()) == (1, before)
    undo(last_number())
    assert Person.get().telephone == "13888880000"


def test_a_row_made_changed_and_used_since_is_left_as_it_is(village: Place) -> None:
    """Not half undone: the change does not go back where the making cannot."""
    household = Household(number="1", village=village.id)
    other = Place(name="大水村", level="2")

    def make() -> None:
        household.save()
        household.note = "b"
        household.save()
        other.save()

    number = do("户", make)
    do("人", person(household).save)
    undone = undo(number)
    assert undone.count == 1 and [left.key for left in undone.left] == [household.id]
    assert undone.left[0].why == "户“" + str(household.id) + "”已被人员用到。"
    assert Household.by_key(household.id).note == "b"


def test_made_changed_and_linked_in_one_operation_all_goes(village: Place) -> None:
    before = facts_hash()

    def make() -> None:
        household = Household(number="1", village=village.id)
        household.save()
        person(household).save()
        household.note = "b"
        household.save()

    undone = undo(do("户", make))
    assert (undone.count, undone.left, facts_hash()) == (2, (), before)


def test_made_and_removed_in_one_operation_is_nothing(home: Household) -> None:
    def make() -> None:
        one = person(home)
        one.save()
        one.remove()
        person(home, 2).save()

    undone = undo(do("人", make))
    assert (undone.count, undone.left) == (1, ())


def test_members_and_their_household_come_back_in_the_right_order(home: Household) -> None:
    one = person(home)
    do("登记", one.save)
    before = facts_hash()

    def remove() -> None:
        one.remove()
        home.remove()

    undone = undo(do("删除", remove))
    assert (undone.count, facts_hash()) == (2, before)


def test_a_row_whose_link_is_gone_is_left(home: Household, village: Place) -> None:
    one = person(home)
    do("登记", one.save)
    removed = do("删除人", one.remove)
    household = Household.by_key(home.id)
    moved = do("移出", lambda: put_all(Household, [{**household.__data__, "note": "x"}]))
    do("删除户", Household.by_key(home.id).remove)
    with pytest.raises(Reject, match="没有可以撤销的"):
        undo(removed)
    with pytest.raises(Reject, match="没有可以撤销的"):
        undo(moved)
    assert strangers() == []


def test_a_change_away_from_a_row_that_is_gone_is_left(home: Household, village: Place) -> None:
    second = Household(number="2", village=village.id)
    do("户", second.save)
    one = person(home)
    do("登记", one.save)
    one.household = second

    def move() -> None:
        one.save()
        person(second, 2).save()

    number = do("转户", move)
    do("删除户", home.remove)
    undone = undo(number)
    assert undone.count == 1 and undone.left[0].why == "有一条人员原来的所属户后来已删除。"
    assert Person.by_key(one.id).household_id == second.id


def test_every_kind_of_row_can_be_called_by_a_name(home: Household) -> None:
    """What is left is told in words, also a stay or a former home, which have no name of their own."""
    from app.models.people import FormerHome, Stay

    one, stay = person(home), Stay(household=home.id, relation="02", until=date(2020, 1, 1))
    do("登记", one.save)
    stay.person = one.id
    was = FormerHome(household=home.id, village=home.__data__["village"], until=date(2020, 1, 1))

    def enter() -> None:
        stay.save()
        was.save()
        person(home, 2).save()

    number = do("登记", enter)
    stay.reason = was.reason = "改过"
    do("修改", lambda: (stay.save(), was.save()))
    assert [left.why for left in undo(number).left] == ["原属村组“1”后来又改过。", "原在户“杨一”后来又改过。"]


def test_undo_obeys_the_rules_like_every_operation(home: Household) -> None:
    one = person(home)
    do("登记", one.save)
    number = do("删除", one.remove)
    do("再登记", person(home).save)
    before, last = facts_hash(), last_number()
    with pytest.raises(Reject, match="公民身份号码相同"):
        undo(number)
    assert (facts_hash(), last_number()) == (before, last)


def test_an_undo_is_undone_and_done_again(home: Household) -> None:
    before = facts_hash()
    number = do("登记", person(home).save)
    after = facts_hash()
    for _ in range(2):
        undo(number)
        assert facts_hash() == before
        with pytest.raises(Reject, match="已经撤销过了"):
            undo(number)
        undo(last_number())
        assert facts_hash() == after
    assert strangers() == []


def test_what_is_not_there_is_said(file: DataFile) -> None:
    with pytest.raises(Reject, match="没有第 7 号操作"):
        undo(7)
    with pytest.raises(Reject, match="没有可以撤销的操作"):
        undo_last("测试员")


def test_the_last_operation_of_a_clerk(home: Household) -> None:
    number = do("登记", person(home).save)
    with standing(who="另一人"):
        other = do("登记二", person(home, 2).save)
        assert last_of("另一人") == (other, "登记二")
    assert last_of("测试员") == (number, "登记")
    assert undo_last("测试员") == "已撤销“登记”，1 行恢复原样。"
    assert last_of("测试员") == (2, "户"), "an undo is not undone by Ctrl+Z, nor what was undone"
    undo(last_number())
    assert last_of("测试员") == (number, "登记"), "what was done again can be undone again"
    with standing(here().file, who="没做过事的人"):
        assert last_of("没做过事的人") is None


def test_undoing_an_undo_is_called_bringing_back(home: Household) -> None:
    number = do("登记", person(home).save)
    said = []
    for _ in range(3):
        said.append((undo(number).sentence(), HistoryLine.get_by_id(last_number()).title))
        number = last_number()
    assert said == [
        ("已撤销“登记”，1 行恢复原样。", "撤销：登记"),
        ("已恢复“登记”，1 行重新生效。", "恢复：登记"),
        ("已撤销“登记”，1 行恢复原样。", "撤销：登记"),
    ]


def test_a_long_undo_tells_how_far_it_is_and_may_be_cancelled(home: Household) -> None:
    facts = person(home).__data__ | {"id_number": None, "no_id_reason": "9"}
    many = [facts | {"name": f"杨{han(at)}"} for at in range(1200)]
    number = do("导入", lambda: put_all(Person, many))
    before, told = facts_hash(), list[tuple[int, int, str]]()

    def stop(done: int, total: int, text: str) -> None:
        if done >= 1200:
            raise Cancelled

    with pytest.raises(Cancelled):
        undo(number, stop)
    assert (facts_hash(), last_number()) == (before, number)
    assert "1,200 行" in undo(number, lambda *one: told.append(one)).sentence()
    assert [done for done, _, _ in told] == [0, 500, 1000, 1200, 2400] and {total for _, total, _ in told} == {2400}


def han(number: int) -> str:
    """A given name of its own for each number."""
    return chr(0x4E00 + number)
