"""Conditions as sentences: what is shown is read back as the very same condition, and nonsense is told in words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.ledgers import contents  # noqa: F401  (knows every record)
from app.models.conditions import (
    And,
    Compare,
    Condition,
    Empty,
    Finds,
    Has,
    Not,
    OneOf,
    Or,
    Today,
    both,
    paths_of,
    read,
    show,
)  # fmt: skip
from app.models.help import HelpLine
from app.models.paths import label_of, labels, related, resolve
from app.models.people import Household, Person
from app.models.places import Place
from tests.proof import many
from tests.values import LINE, values
from tests.walk import draw as draw_condition
from tests.walk import nameable

RECORDS = [Person, Household, HelpLine, Place]
HAN_SENTENCE = re.compile(r"[一-鿿]{2}")


@st.composite
def conditions(draw: Any, record: Any) -> Condition:
    """A condition over any fact that can be named from `record`, up to three deep."""
    rng = draw(st.randoms(use_true_random=False))
    return draw_condition(rng, record, lambda path, fact: draw(values(fact)))


@pytest.mark.parametrize("record", RECORDS)
def test_what_is_shown_is_read_back(record: Any) -> None:
    @settings(max_examples=many(2000), deadline=None, suppress_health_check=list(HealthCheck))
    @given(conditions(record))
    def check(condition: Condition) -> None:
        assert read(show(condition, record), record) == condition

    check()


@settings(max_examples=many(1000), deadline=None)
@given(LINE)
def test_any_text_can_be_looked_for(text: str) -> None:
    for condition in (Finds(text), Compare("note", "含", text), Compare("name", "开头是", text)):
        assert read(show(condition, Person), Person) == condition


@pytest.mark.parametrize("record", RECORDS)
def test_every_path_a_clerk_can_name_has_words_that_lead_back(record: Any) -> None:
    assert len(nameable(record)) >= len(record.facts())
    for path in nameable(record):
        assert labels(record)[label_of(record, path)] == path
        assert read(f"{label_of(record, path)} 为空", record) == Empty(path)


WORDS = (
    "姓名 年龄 行政村 性别 出生日期 入户日期 外出 身高 公民身份号码 与户主关系 地址 备注 没这项 = != >= < 含 "
    "开头是 包含 属于 为空 不为空 且 或 非 有 没有 搜索 ( ) （ ） , 、 : ： ! 今天 今天-30 今天+99999 "
    "今天-99999 80 62–63 63–62 – 牛街村 男 1963 1963-02-30 2026-01-01 受助明细 原在户 人员 日期 - / =1+1 #N/A "
    "同上 ９ é \" \\ \n \x00"
)
PIECES = WORDS.split(" ")


@settings(max_examples=many(20_000), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12), st.sampled_from(["", " "]))
def test_nonsense_is_told_in_a_sentence(pieces: list[str], between: str) -> None:
    for record in (Person, HelpLine):
        try:
            condition = read(between.join(pieces), record)
        except ValueError as error:
            assert HAN_SENTENCE.search(str(error)), str(error)
        else:
            assert read(show(condition, record), record) == condition


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("年龄 >=", "“末尾”处缺少“值”"),
        ("年龄 >= 80 行政村 = 牛街村", "两个条件之间请写“且”或“或”"),
        ("年级 >= 80", "没有叫“年级”的数据项"),
        ("年龄 >= 八十多", "不是整数"),
        ("年龄 含 8", "不是文字"),
        ("性别 含 女", "不是文字"),
        ("家庭人口 开头是 3", "不是文字"),
        ("姓名 = 今天", "不是日期"),
        ("年龄 >= 62–63", "只能用“=”"),
        ("年龄 = 63–62", "62–63 这样的范围"),
        ("姓名 = -", "为空"),
        ('姓名 = "杨', "引号要成对"),
        ("有(车)", "没有叫“车”的登记"),
        ("(年龄 >= 80", "缺少“)”"),
        ("(" * 5000 + "年龄 >= 80" + ")" * 5000, "套得太深"),
        ("非 " * 5000 + "年龄 >= 80", "套得太深"),
    ],
)
def test_what_is_wrong_is_said(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read(text, Person)


def test_a_sentence_is_read_as_a_clerk_means_it() -> None:
    assert read("年龄≥80 且 行政村＝牛街村 且 没有（受助明细：日期 >= 2026-01-01）", Person) == And((
        Compare("age", ">=", 80),
        Compare("household.village", "=", "牛街村"),
        Not(Has("受助明细", Compare("help.day", ">=", date(2026, 1, 1)))),
    ))  # fmt: skip
    assert read("性别 = 男 或 性别 = 女 且 外出 = 是", Person) == Or((
        Compare("sex", "=", "1"), And((Compare("sex", "=", "2"), Compare("away", "=", True)))
    ))  # fmt: skip
    assert read("与户主关系 属于(户主、妻)", Person) == OneOf("relation", ("02", "12"))
    assert read("行政村 名为(牛街村)", Person) == OneOf("household.village", ("牛街村",), named=True)
    assert read("非 非 姓名 不为空", Person) == Not(Not(Not(Empty("name"))))
    assert read("出生日期 < 今天-30", Person) == Compare("birth", "<", Today(-30))
    assert read('姓名 含 "今天"', Person) == Compare("name", "含", "今天")
    assert read("   ", Person) is None and show(None, Person) == ""


def test_related_rows_are_named_by_their_words() -> None:
    assert {"受助明细", "原在户"} <= set(related(Person))
    assert {"人员", "原属村组", "原在户"} <= set(related(Household))
    assert len(related(Place)) == len({(record, link) for record, link in related(Place).values()})


def test_both_and_paths_of() -> None:
    first, second, third = Empty("name"), Empty("note"), Has("受助明细", Empty("goods"))
    assert both(None, None) is None and both(first, None) is first
    assert both(And((first, second)), third) == And((first, second, third))
    assert paths_of(Or((first, Not(second), third))) == {"name", "note"}
    assert resolve(Person, "household.village").label == "行政村"
