"""What is written over columns, and how it is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sheets.captions import Caption, Lexicon, bare, plain, synonyms


def test_captions_are_data_and_no_word_means_two_fields() -> None:
    words = [plain(word) for name, others in synonyms().items() for word in (name, *others)]
    assert len(synonyms()) > 100
    assert {word for word in words if words.count(word) > 1} == set()


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("姓　名", "姓名"),
        ("与户主\n关系", "与户主关系"),
        ("户码*", "户码"),
        ("银行帐号", "银行账号"),
        ("2.家庭人均纯收入", "家庭人均纯收入"),
        ("（一）住址：", "住址"),
        ("金额（元）", "金额(元)"),
        ("身份证号\u200b", "身份证号"),
        ("_x000D_备注", "备注"),
        ("三、备注", "备注"),
    ],
)
def test_plain(written: str, compared: str) -> None:
    assert plain(written) == compared


def test_bare_drops_the_unit_but_not_everything() -> None:
    assert bare("月保障金（元/月）") == "月保障金"
    assert bare("（元）") == "(元)"


@given(st.text(max_size=30))
def test_plain_is_settled(text: str) -> None:
    assert plain(text).strip() == plain(text)
    assert not any(character.isspace() for character in plain(text))


def test_likeness_is_careful_about_whom_and_when() -> None:
    labels = ("残疾证号", "帮扶人电话", "起始月", "联系电话", "劳动能力", "户籍地址", "身份证号")
    lexicon = Lexicon([Caption(label, (label, *synonyms()[label])) for label in labels])
    assert [match.path for match in lexicon.alike("残疾证号吗")][:1] == ["残疾证号"]
    for strange in ("联系人电话", "父亲电话", "停始月份", "户主联系电话", "有劳动能力"):
        assert lexicon.alike(strange) == [], strange


def test_the_subject_before_a_word_is_left_aside_but_not_another_person() -> None:
    lexicon = Lexicon([Caption("name", ("姓名",)), Caption("phone", ("联系电话",))])
    assert [match.path for match in lexicon.exact("老人姓名")] == ["name"]
    assert [match.path for match in lexicon.exact("残疾人联系电话（手机）")] == ["phone"]
    assert lexicon.exact("监护人姓名") == lexicon.exact("成员姓名") == []
    assert lexicon.exact("老人姓名")[0].score < lexicon.exact("姓名")[0].score
