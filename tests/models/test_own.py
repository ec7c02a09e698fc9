"""Own columns: facts that an office adds, on both databases like any other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.ledgers import forms
from app.ledgers.contents import ledgers
from app.models import query
from app.models.arrangements import OwnColumn
from app.models.conditions import read, show
from app.models.database import DataFile
from app.models.dates import PartialDate
from app.models.faults import Reject
from app.models.history import facts_hash, strangers
from app.models.operation import operation
from app.models.own import known, words_of
from app.models.own_facts import HOUSEHOLD, PERSON
from app.models.paths import labels, resolve
from app.models.people import Household, Person, PersonOwn
from app.models.record import holders, put_all
from app.work.bulk import change_all
from app.work.cards import merge_cards
from app.work.undo import undo_last
from tests.town import build, everyone

COLUMNS = (
    ("鞋码", "3", None), ("年货钱", "4", None), ("体检日期", "5", None), ("过年回乡", "8", "回、不回\n未定"),
    ("住院", "7", None), ("病情", "12", None), ("经办月份", "6", None), ("爱好", "1", None), ("备用电话", "9", None),
)  # fmt: skip
SAID = {
    "鞋码": 41, "年货钱": 20000, "体检日期": date(2026, 3, 1), "过年回乡": "不回", "住院": True, "病情": "哮喘",
    "经办月份": "2026-05", "爱好": "下棋", "备用电话": "13987654321",
}  # fmt: skip


@pytest.fixture
def filled(file: DataFile) -> DataFile:
    build()
    with operation("自设项目"):
        for title, kind, words in COLUMNS:
            OwnColumn(register=PERSON, title=title, kind=kind, words=words).save()
        OwnColumn(register=HOUSEHOLD, title="饮水", kind="8", words="自来水、井水").save()
    return file


def path(title: str) -> str:
    return labels(Person)[title]


def say(key: int, **facts: Any) -> None:
    persons = ledgers()["persons"]
    form = forms.load(persons, key)
    form.values.update({path(title): value for title, value in facts.items()})
    forms.save(persons, form)


def test_each_kind_is_kept_and_shown_like_a_field(filled: DataFile) -> None:
    key = everyone()[0]
    say(key, **SAID)
    form = forms.load(ledgers()["persons"], key)
    assert {title: form.values[path(title)] for title in SAID} == SAID
    paths = [resolve(Person, path(title)) for title in SAID]
    assert query.rows(Person, paths, [key]) == [tuple(SAID.values())]
    shown = [one.fact.show(value) for one, value in zip(paths, SAID.values(), strict=True)]
    assert shown == ["41", "200.00", "2026-03-01", "不回", "是", "哮喘", "2026-05", "下棋", "13987654321"]
    assert [one.fact.read(text) for one, text in zip(paths, shown, strict=True)] == list(SAID.values())
    assert [one.label for one in paths] == list(SAID) and [one.private for one in paths].count(True) == 2
    assert strangers() == []


@pytest.mark.parametrize(
    "text",
    [
        "鞋码 >= 41", "年货钱 = 200", "体检日期 < 2026-04-01",
        "过年回乡 = 不回", "住院 = 是", "病情 含 哮", "爱好 不为空",
    ],
)
def test_conditions_speak_of_them(filled: DataFile, text: str) -> None:
    one, other, *_ = everyone()
    say(one, **SAID)
    say(other, 鞋码=38, 住院=False)
    condition = read(text, Person)
    assert read(show(condition, Person), Person) == condition
    assert list(query.keys(Person, condition)) == [one]
    assert query.count(Person, read(f"非 ({text})", Person)) == query.count(Person) - 1


def test_an_own_column_is_found_through_a_link(filled: DataFile) -> None:
    home = Household.select().get().id
    households = ledgers()["households"]
    form = forms.load(households, home)
    form.values[labels(Household)["饮水"]] = "井水"
    forms.save(households, form)
    members = set(query.keys(Person, read("饮水 = 井水", Person)))
    assert members == set(query.lines(Person, "household", home)) > set()
    assert query.groups(Household, resolve(Household, labels(Household)["饮水"]))[-1] == ("井水", 1)


def test_many_rows_are_given_a_value_at_once_and_it_is_undone(filled: DataFile) -> None:
    keys = everyone()[:30]
    say(keys[0], 鞋码=40, 爱好="下棋")
    before = facts_hash()
    assert change_all(Person, keys, path("鞋码"), 40) == "已把 29 条的“鞋码”改好，另有 1 条原来就是。"
    assert query.sums(Person, [resolve(Person, path("鞋码"))]) == [1200]
    assert list(query.keys(Person, read("爱好 = 下棋", Person))) == [keys[0]]
    undo_last("测试员")
    assert facts_hash() == before


def test_a_new_name_changes_no_value(filled: DataFile) -> None:
    key = everyone()[0]
    say(key, 鞋码=41)
    with operation("改名"):
        column = OwnColumn.get(OwnColumn.title == "鞋码")
        column.title = "鞋的尺码"
        column.save()
    assert "鞋码" not in labels(Person)
    assert list(query.keys(Person, read("鞋的尺码 = 41", Person))) == [key]


def refused(**facts: Any) -> str:
    with pytest.raises(Reject) as reject, operation("新增"):
        OwnColumn(**{"register": PERSON, "title": "新项", "kind": "1", **facts}).save()
    return str(reject.value)


def test_what_cannot_be_a_column_is_refused(filled: DataFile) -> None:
    assert "已经有叫“备注”的项目" in refused(title="备注")
    assert "已有登记在、项目名称相同的自设项目" in refused(title="鞋码")
    assert "请写出至少两个选项" in refused(kind="8", words="只有一个")
    assert "才填选项" in refused(words="甲、乙")
    assert "不要有空格" in refused(title="鞋 码")


def test_what_is_filled_in_is_neither_turned_nor_thrown_away(filled: DataFile) -> None:
    say(everyone()[0], 鞋码=41)
    column = OwnColumn.get(OwnColumn.title == "鞋码")
    with pytest.raises(Reject, match="已有 1 条填了“鞋码”，不能再改类型"), operation("改类型"):
        column.kind = "1"
        column.save()
    with pytest.raises(Reject, match="还有 1 条填了“鞋码”"), operation("删除"):
        OwnColumn.get(OwnColumn.title == "鞋码").remove()
    say(everyone()[0], 鞋码=None)
    with operation("删除"):
        OwnColumn.get(OwnColumn.title == "鞋码").remove()
    assert "鞋码" not in labels(Person)
    undo_last("测试员")
    assert "鞋码" in labels(Person)


def test_columns_written_together_stand_apart_and_the_places_run_out(filled: DataFile) -> None:
    with operation("一批"):
        put_all(OwnColumn, [{"register": HOUSEHOLD, "title": f"第{n}项", "kind": "3"} for n in range(20)])
    slots = [row.slot for row in OwnColumn.select().where(OwnColumn.register == HOUSEHOLD)]
    assert len(set(slots)) == len(slots) == 22
    with pytest.raises(Reject, match="已经用满 20 个"), operation("再一个"):
        OwnColumn(register=HOUSEHOLD, title="还要", kind="4").save()


def test_a_column_taken_in_again_stays_in_its_place(filled: DataFile) -> None:
    """A list that is taken in says nothing of places, and is completed before it is known which row it means."""
    stands = OwnColumn.get(OwnColumn.title == "爱好").slot
    told = {"register": PERSON, "title": "爱好", "kind": "1"}
    OwnColumn.complete(told)
    assert told["slot"] == stands
    told = {"register": PERSON, "title": "别的", "kind": "1"}
    OwnColumn.complete(told)
    assert told["slot"] not in {row.slot for row in OwnColumn.select()}


def test_a_removed_person_takes_what_was_said_along(filled: DataFile) -> None:
    held = holders(Person, everyone())
    key = next(key for key in everyone() if key not in held and Person.by_key(key).relation != "02")
    say(key, 鞋码=41)
    assert PersonOwn.select().where(PersonOwn.person == key).count() == 1
    with operation("删除"):
        Person.by_key(key).remove()
    assert PersonOwn.select().where(PersonOwn.person == key).count() == 0 and strangers() == []


def test_two_cards_become_one_with_all_that_was_said(filled: DataFile) -> None:
    one, other = two_cards()
    say(one, 鞋码=41, 爱好="下棋")
    say(other, 鞋码=42, 病情="哮喘")
    with pytest.raises(Reject, match="鞋码不一致：保留的卡是“41”，另一张是“42”"):
        merge_cards([one, other], keep=one, follow=False)
    assert "病情" in merge_cards([one, other], keep=one, follow=False, **{path("鞋码"): 42})
    form = forms.load(ledgers()["persons"], one)
    assert [form.values[path(title)] for title in ("鞋码", "爱好", "病情")] == [42, "下棋", "哮喘"]
    assert strangers() == []


def two_cards() -> tuple[int, int]:
    """Two cards of one person in one household, of which nothing else is known."""
    home = Household.select().get().id
    with operation("两张卡"):
        facts = {"name": "曾二喜", "household": home, "relation": "97", "no_id_reason": "1"}
        keys = put_all(Person, [{**facts, "birth": PartialDate.parse("1970")}, facts])
    return keys[0], keys[1]


def test_words_are_written_in_lines_or_in_a_row() -> None:
    assert words_of("甲、乙\n丙；丁,甲") == ("甲", "乙", "丙", "丁") and words_of(None) == ()


def test_another_file_has_other_columns(filled: DataFile, tmp_path: Any) -> None:
    assert len(known().facts[PERSON]) == len(COLUMNS) + 3
    filled.say(frozenset({"own_column"}))
    assert known().facts[PERSON].keys() == {row.slot for row in OwnColumn.select() if row.register == PERSON}
