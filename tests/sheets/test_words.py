"""What captions say, word by word."""

from __future__ import annotations

import pytest

from app.sheets.words import Meaning, alike, explained, ideas, is_kind, meaning, nearness


def said(*levels: str) -> tuple[str, set[str]]:
    found = meaning(levels)
    return found.whose, {name for name, worth in found.says if worth > 0.3}


@pytest.mark.parametrize(
    ("levels", "whose", "says"),
    [
        (("监护人",), "监护人", {"姓名"}),
        (("现由谁监护",), "监护人", {"姓名", "现"}),
        (("监护人情况", "姓名"), "监护人", {"姓名"}),
        (("家长外出情况", "父亲", "叫什么"), "父亲", {"姓名", "外出"}),
        (("父母状况", "父"), "父亲", set()),  # his state, not his name
        (("爸爸在哪打工",), "父亲", {"务工", "地点"}),
        (("残疾人公民身份号码",), "对象", {"证号"}),
        (("享受起始年月",), "", {"纳入", "开始", "日期"}),
        (("户的类别（家庭户/集体户）",), "", {"户别"}),
        (("儿童名",), "对象", {"姓名"}),
        (("参合人姓名",), "某人", {"姓名"}),
    ],
)
def test_of_whom_and_what(levels: tuple[str, ...], whose: str, says: set[str]) -> None:
    assert said(*levels) == (whose, says)


def test_the_relation_is_told_of_whom_it_is_not_to() -> None:
    assert said("监护人与儿童关系") == ("监护人", {"与人关系"})
    assert said("和老人什么关系") == ("", {"与人关系"})
    assert said("与户主是啥关系") == ("", {"与户主关系"})
    assert said("与联系人关系") == ("联系人", {"与人关系"})


def test_what_nobody_explains_stands_against_a_match() -> None:
    plain, strange = meaning(("日期",)), meaning(("敲门日期",))
    assert plain.rest == 0 < strange.rest
    assert nearness(strange, plain) < 0.6 < nearness(plain, plain) == 1.0


def test_kinds_of_ideas() -> None:
    assert is_kind("死亡", "离开") and is_kind("死亡", "结束") and not is_kind("离开", "死亡")
    assert alike("死亡", "离开") == 0.9 and alike("退出", "离岗") == 0.7 and alike("电话", "地址") == 0.0


def test_nearness_goes_both_ways() -> None:
    one, other = meaning(("风险具体情况",)), meaning(("风险说明",))
    assert nearness(one, other) == pytest.approx(nearness(other, one))
    assert nearness(Meaning("", ()), one) == 0.0


def test_explained_words_are_captions_and_data_are_not() -> None:
    assert explained("身份证号码") and explained("户籍地址")
    for data in ("杨德贵", "青石坪村", "990001195203042410", "村"):
        assert not explained(data), data


def test_every_word_stands_for_one_idea() -> None:
    assert len(ideas()) > 1000
    assert {idea.kind for idea in ideas().values()} == {"whose", "what", "light", "empty"}
    assert all(0 <= idea.worth <= 1 for idea in ideas().values())
    names = {idea.name for idea in ideas().values()}
    assert {idea.of for idea in ideas().values() if idea.of} <= names
