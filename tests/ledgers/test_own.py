"""Own lists and own columns, from a ledger of anywhere to paper and back from a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pypdfium2 import PdfDocument

from app.ledgers import own
from app.ledgers.contents import ledgers
from app.ledgers.layout import Place as Field
from app.ledgers.listing import Listing
from app.models.arrangements import Listed, OwnColumn, OwnLedger
from app.models.categories import Enrolment
from app.models.conditions import read
from app.models.database import DataFile
from app.models.faults import Reject
from app.models.help import HelpLine
from app.models.history import facts_hash, strangers
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.papers.ledger import print_listing
from app.sheets.intake import open_intake
from app.sheets.write import export
from app.work.bulk import change_all
from app.work.undo import undo_last
from tests.town import build, everyone


@pytest.fixture
def filled(file: DataFile) -> DataFile:
    build()
    return file


def the_list(title: str) -> tuple[int, Any]:
    return next((key, ledger) for key, ledger in own.own_ledgers().items() if ledger.title == title)


def test_people_are_chosen_from_anywhere(filled: DataFile) -> None:
    lines = list(Listing(ledgers()["received"]).keys())[:6]
    whom = {HelpLine.by_key(key).__data__["person"] for key in lines}
    assert own.put_on_list(HelpLine, lines, None, "春节慰问").startswith(f"已加入名单 {len(whom)} 人。")
    key, ledger = the_list("春节慰问")
    assert set(Listing(ledger).keys()) == whom and ledger.record is Person
    enrolled = list(Listing(ledgers()["enrolments"]).keys())[:4]
    more = {row.__data__["person"] for row in Enrolment.by_keys(enrolled).values()}
    said = own.put_on_list(Enrolment, enrolled, key, None)
    assert said.startswith(f"已加入名单 {len(more - whom)} 人")
    assert set(Listing(the_list("春节慰问")[1]).keys()) == {
        one for one in whom | more if one in set(Listing(ledgers()["persons"]).keys())
    }
    assert strangers() == []


def test_who_stands_there_already_is_told_and_not_put_on_twice(filled: DataFile) -> None:
    keys = everyone()[:5]
    own.put_on_list(Person, keys[:3], None, "名单甲")
    key, _ = the_list("名单甲")
    assert own.put_on_list(Person, keys, key, None).startswith("已加入名单 2 人，另有 3 人原来就在。")
    assert Listed.select().where(Listed.ledger == key).count() == 5


def test_a_list_of_households(filled: DataFile) -> None:
    homes = [row.id for row in Household.select()][:4]
    own.put_on_list(Household, homes, None, "危房户")
    key, ledger = the_list("危房户")
    assert own.put_on_list(Household, homes[:1], key, None).startswith("已加入名单 0 户，另有 1 户原来就在。")
    assert set(Listing(ledger).keys()) == set(homes) and ledger.record is Household


def test_people_are_added_by_name_and_taken_off(filled: DataFile) -> None:
    one, other, third = everyone()[:3]
    own.put_on_list(Person, [one, other], None, "名单乙")
    _, ledger = the_list("名单乙")
    add, off = ledger.actions[-2:]
    assert (add.title, off.title) == ("添加一人…", "移出名单")
    add.do([], whom=third)
    assert set(Listing(ledger).keys()) == {one, other, third}
    assert off.do([one, third]) == "已从名单里移出 2 人，登记内容没有变化。"
    assert list(Listing(ledger).keys()) == [other]
    undo_last("测试员")
    assert len(Listing(ledger).keys()) == 3


def test_a_list_is_dropped_whole_and_comes_back_whole(filled: DataFile) -> None:
    own.put_on_list(Person, everyone()[:9], None, "名单丙")
    before, (key, _) = facts_hash(), the_list("名单丙")
    own.drop(key)
    assert key not in own.own_ledgers() and Listed.select().where(Listed.ledger == key).count() == 0
    undo_last("测试员")
    assert facts_hash() == before and len(Listing(the_list("名单丙")[1]).keys()) == 9


@pytest.mark.parametrize(
    ("into", "title", "words"),
    [(None, None, "两项填一项"), (1, "名单", "两项填一项"), (None, "人员台账", "已有叫“人员台账”的台账")],
)
def test_it_must_be_said_onto_which_list(filled: DataFile, into: int | None, title: str | None, words: str) -> None:
    with pytest.raises(Reject, match=words):
        own.put_on_list(Person, everyone()[:1], into, title)
    assert OwnLedger.select().count() == 1, "the one that the town has"


def test_places_are_nobody(filled: DataFile) -> None:
    assert own.why_no_list(Place) == f"{Place.word}不是人也不是户，不能放进名单。" and own.why_no_list(HelpLine) is None
    with pytest.raises(Reject, match="请在人员或户的台账里新增"):
        own.new_column(Place, title="海拔", kind="3")


def test_a_column_is_added_where_one_looks_and_stays_with_the_person(filled: DataFile) -> None:
    path = own.new_column(Enrolment, title="冬衣尺码", kind="3", words=None, note=None)
    assert path.startswith("person.own.n")
    key = Enrolment.get_by_id(next(iter(Listing(ledgers()["enrolments"]).keys()))).__data__["person"]
    change_all(Person, [key], path.removeprefix("person."), 42)
    enrolments = ledgers()["enrolments"]
    shown = Listing(enrolments, columns=(enrolments.column(path),), where=read("冬衣尺码 = 42", Enrolment))
    assert {row[0] for row in shown.rows(0, 9)} == {"42"}
    section = ledgers()["persons"].sections[-1]
    assert section.title == "自设项目"
    assert "冬衣尺码" in [place.fact.label for row in section.rows for place in row if isinstance(place, Field)]
    assert ledgers()["enrolments"].sections[-1].title != "自设项目"


def test_a_removed_column_leaves_the_list_that_showed_it(filled: DataFile) -> None:
    path = own.new_column(Person, title="鞋码", kind="3")
    own.put_on_list(Person, everyone()[:2], None, "名单丁")
    key, ledger = the_list("名单丁")
    own.keep_columns(key, (ledger.column("name"), ledger.column(path)))
    assert [column.caption for column in the_list("名单丁")[1].shown] == ["姓名", "鞋码"]
    with operation("删去"):
        OwnColumn.get(OwnColumn.title == "鞋码").remove()
    assert [column.caption for column in the_list("名单丁")[1].shown] == ["姓名"]


def test_a_list_with_its_column_goes_out_and_comes_back(filled: DataFile, tmp_path: Path) -> None:
    path = own.new_column(Person, title="慰问金额", kind="4")
    keys = [key for key in everyone() if Person.by_key(key).id_number][:3]
    own.put_on_list(Person, keys, None, "重阳慰问")
    key, ledger = the_list("重阳慰问")
    own.keep_columns(key, tuple(map(ledger.column, ("name", "id_number", "household.village", path))))
    change_all(Person, keys, path, 20000)
    listing = Listing(the_list("重阳慰问")[1], whole=True)
    assert [column.caption for column in listing.shown][-1] == "慰问金额" and listing.sums() == {path: "600.00"}
    export(listing, tmp_path / "慰问.xlsx")
    plan = open_intake(tmp_path / "慰问.xlsx", Person).plan()
    assert [item.kind for item in plan.items] == ["same"] * 3
    change_all(Person, keys, path, None)
    plan = open_intake(tmp_path / "慰问.xlsx", Person).plan()
    assert [item.kind for item in plan.items] == ["changed"] * 3
    plan.commit("导入")
    assert listing.but().sums() == {path: "600.00"} and strangers() == []
    print_listing(listing, tmp_path / "慰问.pdf")
    with PdfDocument(tmp_path / "慰问.pdf") as document:
        text = document[0].get_textpage().get_text_bounded()
    assert "重阳慰问" in text and "慰问金额" in text and text.count("200.00") == 3 and "600.00" in text
