"""Code tables: every text is read back, the words of the sheets are known, and nothing is guessed."""

from __future__ import annotations

import pytest

from app.models.codes import FOLDER, HEAD, SPOUSES, CodeTable, table

TABLES = sorted(path.stem for path in FOLDER.glob("*.csv") if path.read_text("utf-8").startswith("code,text"))


def test_a_table_is_made_once_and_needs_its_file() -> None:
    for name in TABLES:
        assert table(name) is table(name)
    with pytest.raises(FileNotFoundError):
        table("nowhere").choices()


@pytest.mark.parametrize("name", TABLES)
def test_what_is_shown_is_read_back(name: str) -> None:
    codes = table(name)
    assert codes.choices()
    for code, text in codes.choices():
        assert codes.show(code) == text
        assert codes.read(text) == codes.read(code) == code
        assert codes.read(f" {text}\u3000\n") == code


@pytest.mark.parametrize("name", TABLES)
def test_no_word_stands_for_two_codes(name: str) -> None:
    lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "code,text,synonyms,retired"
    words: dict[str, str] = {}
    for line in lines[1:]:
        code, text, synonyms, retired = line.split(",")
        for word in [code, *([] if retired else [text]), *filter(None, synonyms.split("|"))]:
            if word != code and table(name).read(word) != code:
                pytest.fail(f"{word} is read as {table(name).read(word)}, not {code}")
            assert words.setdefault(word, code) == code or word == "01"


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("sex", ["男", "男性", "1", 1, 1.0], "1"),
        ("marriage", ["有配偶", "已婚", "已 婚"], "20"),
        ("ethnicity", ["汉", "汉族", "01", 1, " 汉\u3000族"], "01"),
        ("ethnicity", ["彝", "彝族", "07", 7.0], "07"),
        ("ethnicity", ["基诺族", 56], "56"),
        ("education", ["小学教育", "小学"], "80"),
        ("education", ["初级中学教育"], "70"),
        ("education", ["普通高级中学教育"], "60"),
        ("education", ["大学本科教育"], "20"),
        ("education", ["文盲", "半文盲", "不识字", "文盲/半文盲"], "91"),
        ("relation", ["户主", "本人", "户 主", "户　主", "01", "02"], HEAD),
        ("relation", ["子", "儿子", "之子"], "20"),
        ("relation", ["长子"], "22"),
        ("relation", ["妻", "妻子", "老婆"], "12"),
        ("relation", ["孙媳妇"], "45"),
        ("relation", ["侄子"], "93"),
        ("relation", ["儿媳", "媳妇"], "38"),
        ("relation", ["二女", "次女"], "33"),
        ("disability_kind", ["肢体", "肢体残疾", "肢残"], "4"),
        ("disability_level", ["一级", "1级", "Ⅰ级", "极重度", 1, "１级"], "1"),
        ("religion", ["无"], "00"),
        ("blood", ["a", "A型", "Ａ"], "1"),
        ("health", ["健康", "良好", "1"], "10"),
    ],
)
def test_words_of_the_sheets(name: str, words: list[str | int | float], code: str) -> None:
    assert [table(name).read(word) for word in words] == [code] * len(words)


@pytest.mark.parametrize("cell", [None, "", "—", "/", "N", "待补", "无"])
def test_empty(cell: str | None) -> None:
    assert table("education").read(cell) is None


@pytest.mark.parametrize(
    ("name", "cell", "words"),
    [
        ("ethnicity", "彝族人", "不是认得的选项，是不是“彝族”"),
        ("relation", "大儿媳", "是不是“儿媳”"),
        ("relation", 1, "不是认得的选项，可填：户主、"),
        ("sex", "男女", "是不是“男”、“女”？"),
        ("household_kind", "XYZ", "可填：家庭户、集体户"),
        ("sex", True, "不是这里的选项"),
        ("education", "同上", "换成实际内容"),
        ("education", "#N/A", "公式错误"),
    ],
)
def test_unknown_words_are_refused_with_the_nearest(name: str, cell: str | int, words: str) -> None:
    with pytest.raises(ValueError) as raised:
        table(name).read(cell)
    assert words in str(raised.value)


def test_retired_and_unknown_codes_are_still_shown() -> None:
    relation = table("relation")
    assert relation.show("01") == "本人"
    assert "01" not in dict(relation.choices())
    assert relation.show("98") == "98"
    assert relation.show(None) == ""
    assert SPOUSES | {HEAD} <= dict(relation.choices()).keys()


def test_the_standards_are_whole() -> None:
    assert len(table("ethnicity").choices()) == 58
    assert {code for code, _ in table("relation").choices()} >= {f"{n}" for n in range(20, 98)} - {"98"}
    assert dict(table("sex").choices()).keys() == {"0", "1", "2", "9"}


def test_a_table_is_not_read_before_it_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr("app.models.codes.FOLDER", tmp_path)
    codes = CodeTable("sex")
    with pytest.raises(FileNotFoundError):
        codes.show("1")
