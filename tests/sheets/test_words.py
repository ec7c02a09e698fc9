"""What captions say, word by word."""

from __future__ import annotations

import pytest

from app.sheets.ideas import alike, ideas, is_kind, words_of
from app.sheets.words import Meaning, explained, meaning, nearness


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
    plain, strange = meaning(("日期",)), meaning(("赶集日期",))
    assert plain.rest == 0 < strange.rest
    assert nearness(strange, plain) < 0.6 < nearness(plain, plain) == 1.0


def test_kinds_of_ideas() -> None:
    assert is_kind("死亡", "离开") and is_kind("死亡", "结束") and not is_kind("离开", "死亡")
    assert alike("死亡", "离开") == 0.9 and alike("退出", "离岗") == 0.2 and alike("电话", "地址") == 0.0


def test_nearness_goes_both_ways() -> None:
    one, other = meaning(("风险简述",)), meaning(("风险点说明",))
    assert nearness(one, other) == pytest.approx(nearness(other, one))
    assert nearness(Meaning("", ()), one) == 0.0


def test_explained_words_are_captions_and_data_are_not() -> None:
    assert explained("身份证号码") and explained("户籍地址")
    for data in ("杨德贵", "青石坪村", "990001195203042410", "村"):
        assert not explained(data), data


def test_what_stands_last_is_what_a_caption_is_about() -> None:
    account, payee = meaning(("账号",)), meaning(("户名",))
    said = meaning(("账号户名",)), meaning(("存折账号",))
    assert nearness(said[0], payee) > nearness(said[0], account) and nearness(said[1], account) == 1.0
    assert meaning(("结对志愿者",)).names and meaning(("谁迁走了",)).names and not meaning(("是否低保对象",)).names
    visited = meaning(("走访日期",))
    assert nearness(meaning(("走访地点",)), visited) < 0.6 < nearness(meaning(("走访那天",)), visited)


def test_patterns_stand_for_all_their_words() -> None:
    known = ideas()
    assert known["照料者"].name == known["护理责任人"].name == known["谁在照管"].name == "照料人"
    assert not any(set("()、?") & set(word) for word in known if "、" not in word or len(word) > 4)


def test_a_caption_is_cut_so_that_little_is_left_over() -> None:
    assert [idea.name for idea in words_of("结对帮扶人").of_kind("whose")] == ["帮扶人"]
    assert words_of("紧急联系方式").of_kind("what")[0].name == "电话"
    assert (words_of("赶集地点").before, words_of("地点赶集").behind) == (2, 2)
    assert words_of("被评估人").of_kind("whose")[0].name == words_of("体检人").of_kind("whose")[0].name == "某人"


def test_what_no_register_keeps_speaks_against_every_field() -> None:
    said = meaning(("务工工资",))
    assert said.foreign and nearness(said, meaning(("务工地",))) < 0.5


def test_every_word_stands_for_one_idea() -> None:
    assert len(ideas()) > 1000
    assert {idea.kind for idea in ideas().values()} == {"whose", "what", "light", "other", "empty"}
    assert all(0 <= idea.worth <= (2 if idea.kind == "other" else 1) for idea in ideas().values())
    names = {idea.name for idea in ideas().values()}
    assert {idea.of for idea in ideas().values() if idea.of} <= names
