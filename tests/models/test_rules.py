"""Single values as clerks write them: what is understood, and what is refused with which words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import cn2an
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.models import dates, money, rules
from app.models.dates import PartialDate, age_on, read_day, read_month, read_partial_date
from app.models.money import MOST, capital_money, read_money, show_money

TODAY = date(2026, 11, 21)


def number(first17: str) -> str:
    return first17 + rules.id_check_digit(first17)


ANNA = number("99000119490301002")  # a woman born on 1949-03-01


def read_id(cell: Any) -> str | None:
    return rules.read_id_number(cell, today=TODAY)


def refused(read: Callable[[Any], Any], cell: Any) -> str:
    with pytest.raises(ValueError) as raised:
        read(cell)
    sentence = str(raised.value)
    assert any("一" <= sign <= "鿿" for sign in sentence), "a clerk reads Chinese"
    assert "\n" not in sentence and "。" not in sentence[:-1] and sentence[-1] in "。？", "one whole sentence"
    return sentence


births = st.dates(date(1900, 1, 1), TODAY)
numbers = st.builds(lambda born, order: number(f"990001{born:%Y%m%d}{order:03d}"), births, st.integers(0, 999))


# Squash


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("１２３ＡＢ（元）", "123AB(元)"),
        ("\u00a0牛街村\u200b\u3000", "牛街村"),
        ("与户主\n关系", "与户主 关系"),
        ("张三_x000D_\n", "张三"),
        ("𠮷㛃䶮𬍛𰻞", "𠮷㛃䶮𬍛𰻞"),
        ("e\u0301", "é"),
        ("\ufeff姓名\x00", "姓名"),
        ("a_x", "a_x"),
    ],
)
def test_squash(cell: str, clean: str) -> None:
    assert rules.squash(cell) == clean


@given(st.text())
def test_squash_is_stable_and_clean(text: str) -> None:
    clean = rules.squash(text)
    assert rules.squash(clean) == clean
    assert clean == clean.strip() and unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(sign) == "Cc" for sign in clean)


# Identity number


def test_check_digit_of_the_standard() -> None:
    assert rules.id_check_digit("11010519491231002") == "X"  # the example of GB 11643-1999
    assert rules.id_check_digit("44052418800101001") == "4"


@given(numbers)
def test_every_made_number_is_read(text: str) -> None:
    assert read_id(text) == text
    assert rules.id_birth(text) == date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    assert rules.id_sex(text) == ("1" if int(text[16]) % 2 else "2")


@given(numbers, st.integers(0, 17), st.integers(1, 9))
def test_every_wrong_digit_is_seen(text: str, place: int, more: int) -> None:
    assume(text[place] != "X")
    wrong = text[:place] + str((int(text[place]) + more) % 10) + text[place + 1 :]
    refused(read_id, wrong)


@given(numbers, st.integers(0, 16))
def test_every_swap_of_neighbours_is_seen(text: str, place: int) -> None:
    assume(text[place] != text[place + 1])
    refused(read_id, text[:place] + text[place + 1] + text[place] + text[place + 2 :])


@given(numbers)
def test_a_number_as_clerks_write_it(text: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in text)
    shapes = [
        f"'{text}",
        f"`{text}",
        f"‘{text}",
        text.lower(),
        wide,
        f"{text[:6]} {text[6:14]} {text[14:]}",
        f"{text}\n",
    ]
    shapes += [
        f"{text}\t",
        f"{text}\u00a0",
        f"\u200b{text}",
        f"{text[:6]}-{text[6:14]}-{text[14:]}",
        text.replace("X", "×"),
    ]
    shapes.append(text.replace("0", "O"))
    for shape in shapes:
        assert read_id(shape) == text


@pytest.mark.parametrize("cell", [None, "", " ", "无", "—", "/", "待补", "N", "'"])
def test_no_number(cell: Any) -> None:
    assert read_id(cell) is None


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1.10105E+17", "末几位已丢失，请按身份证重填"),
        (110105194912310000, "末几位已丢失"),
        (1.10105194912310e17, "末几位已丢失"),
        ("990001194903010000.0", "末几位已丢失"),
        ("990001194903010000", "末几位已丢失"),
        (ANNA[:17], "17 位，少了 1 位"),
        (ANNA + "1", "19 位，多了 1 位"),
        (ANNA + "/" + ANNA, "两个身份证号"),
        (ANNA + "\n" + ANNA, "两个身份证号"),
        (ANNA + "43", f"残疾人证号，身份证号是它的前 18 位 {ANNA}"),
        (ANNA + "43B1", "残疾人证号"),
        ("G" + ANNA, f"去掉开头的 G，填 {ANNA}"),
        (ANNA[:6] + "********" + ANNA[-4:], "打了星号"),
        (number("99000119490231002"), "1949-02-31 不存在"),
        (number("99000120261122002"), "2026-11-22 晚于今天"),
        ("同上", "换成实际内容"),
        ("户口簿丢失", "不该有的字"),
        ("#N/A", "公式错误"),
        ("=A5", "没有算出结果"),
        (True, "不是号码"),
        (date(1949, 3, 1), "不是号码"),
        (12.5, "不是号码"),
    ],
)
def test_refused_numbers(cell: Any, words: str) -> None:
    assert words in refused(read_id, cell)


def test_the_right_check_digit_is_said() -> None:
    wrong = ANNA[:17] + ("1" if ANNA[17] != "1" else "2")
    assert f"末位应为 {ANNA[17]} 而不是 {wrong[17]}" in refused(read_id, wrong)


def test_a_letter_o_is_mended_only_where_the_check_digit_fits() -> None:
    wrong = ANNA[:17] + ("1" if ANNA[17] != "1" else "2")
    assert "不该有的字" in refused(read_id, wrong.replace("0", "O"))


@given(births.filter(lambda born: born.year < 2000), st.integers(0, 999))
def test_an_old_number_gets_its_suggestion(born: date, order: int) -> None:
    old = f"990001{born:%y%m%d}{order:03d}"
    new = rules.id_from_15(old)
    assert read_id(new) == new and new[:6] + new[8:17] == old
    assert new in refused(read_id, old)
    assert new in refused(read_id, int(old))


# Name


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张三", "张三"),
        ("张  三", "张三"),
        ("张　三", "张三"),
        ("*张三", "张三"),
        ("𠮷田㛃", "𠮷田㛃"),
        ("䶮〇", "䶮〇"),
        ("John  Smith", "John Smith"),
        ("张三\n", "张三"),
        ("计春华", "计春华"),
        ("同心", "同心"),
        ("待补", None),
        ("无", None),
        ("", None),
        ("—", None),
        (None, None),
    ],
)
def test_names(cell: Any, name: str | None) -> None:
    assert rules.read_name(cell) == name


@pytest.mark.parametrize("dot", [*"·•．.・･", " · "])
def test_the_dot_of_minority_names(dot: str) -> None:
    assert rules.read_name(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("王小二(户主)", "请把“户主”填到“与户主关系”一列，姓名只写“王小二”"),
        ("李  梅（已故）", "请把“已故”填到“人员状态”一列，姓名只写“李梅”"),
        ("合计", "合计行"),
        ("小 计", "合计行"),
        ("本页总计：", "合计行"),
        ("张三1", "有数字"),
        (3, "不能是数字"),
        (date(2020, 1, 1), "不能是数字或日期"),
        ("张\ue863", "请改用标准字“䶮”"),
        ("张\ue000", "请照户口簿改用标准字"),
        ("张□", "没显示出来的字“□”"),
        ("张?", "没显示出来的字"),
        ("张*", "打了星号"),
        ("*三", "打了星号"),
        ("张三、李四", "一格只写一个人"),
        ("同上", "换成实际内容"),
        ("#REF!", "公式错误"),
        ("张" * 51, "超过 50 个字"),
    ],
)
def test_refused_names(cell: Any, words: str) -> None:
    assert words in refused(rules.read_name, cell)


@given(st.text(alphabet="张三·． .-*★a'𠮷〇\u3000", max_size=6))
def test_a_name_read_twice_is_the_same(text: str) -> None:
    try:
        name = rules.read_name(text)
    except ValueError:
        return
    assert rules.read_name(name) == name


# Telephone, account


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("13800138000", "13800138000"),
        (13800138000.0, "13800138000"),
        (13800138000, "13800138000"),
        ("13800138000.0", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+8613800138000", "13800138000"),
        ("０８７３－６１２３４５６", "0873-6123456"),
        ("08736123456", "0873-6123456"),
        ("(0873)6123456", "0873-6123456"),
        ("020-87380000", "020-87380000"),
        ("无", None),
        (None, None),
        (" ", None),
    ],
)
def test_telephones(cell: Any, clean: str | None) -> None:
    assert rules.read_telephone(cell) == clean


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("81087858、81415182", "第二电话"),
        ("13800138000/13900139000", "第二电话"),
        ("13800138000 13900139000", "第二电话"),
        ("13800138000，13900139000", "第二电话"),
        ("同上", "换成实际"),
        ("同户主", "换成实际"),
        ("同户主电话", "换成实际的电话号码"),
        ("81087858", "没有区号"),
        ("8736123456", "少了开头的 0"),
        ("1380013800", "现在是 10 位"),
        ("12800138000", "13 至 19 开头"),
        ("1.38001E+10", "科学计数"),
        ("138****1234", "打了星号"),
        ("13800138000(儿子)", "说明请写到备注"),
        (True, "不是号码"),
    ],
)
def test_refused_telephones(cell: Any, words: str) -> None:
    assert words in refused(rules.read_telephone, cell)


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("6217990000000000018", "6217990000000000018"),
        ("6217 9900 0000 0000 018", "6217990000000000018"),
        ("'６２１７９９００００００００００", "6217990000000000"),
        (120000000000, "120000000000"),
        ("—", None),
        (None, None),
    ],
)
def test_accounts(cell: Any, clean: str | None) -> None:
    assert rules.read_account(cell) == clean


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("6.21799E+18", "末几位已丢失"),
        (6.21799e18, "末几位已丢失"),
        (6217990000000000000, "末几位已丢失"),
        ("12345678901", "现在是 11 位"),
        ("6" * 20, "现在是 20 位"),
        ("****0018", "打了星号"),
        ("农信社 6217990000000000018", "不是数字的字"),
    ],
)
def test_refused_accounts(cell: Any, words: str) -> None:
    assert words in refused(rules.read_account, cell)


# Text, whole number, yes or no


def test_text_keeps_chinese_punctuation_and_remarks_their_lines() -> None:
    assert rules.read_text("　牛街村（社区），３组\u200b ") == "牛街村（社区），3组"
    assert rules.read_text("外出\n广东") == "外出 广东"
    assert rules.read_lines(" 外出_x000D_\n广东 \r\n\n") == "外出\n广东"
    assert [rules.read_text(cell) for cell in (3.0, 3, 3.5, True, date(2026, 5, 1), "—", "", None)] == [
        *("3", "3", "3.5", "是", "2026-05-01"),
        *(None, None, None),
    ]
    assert "公式错误" in refused(rules.read_text, "#REF!")


@given(st.text())
def test_text_read_twice_is_the_same(text: str) -> None:
    assume(not text.strip().startswith(("#", "=", "＃", "＝")))
    for read in (rules.read_text, rules.read_lines):
        once = read(text)
        assert read(once) == once


@pytest.mark.parametrize(
    ("cell", "value"), [("3", 3), ("３人", 3), ("1,200", 1200), (3.0, 3), ("3.0", 3), ("无", None), (None, None)]
)
def test_whole_numbers(cell: Any, value: int | None) -> None:
    assert rules.read_whole(cell, 0, 2000) == value


@pytest.mark.parametrize("cell", ["三", 3.5, "3.5", True, 2001, "-1", float("nan"), float("inf"), date(2020, 1, 1)])
def test_refused_whole_numbers(cell: Any) -> None:
    assert "0 到 2000 之间的整数" in refused(lambda value: rules.read_whole(value, 0, 2000), cell)


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (["是", "√", "☑", "●", "有", 1, "1", 1.0, "Y", "y", "享受", True, " 是 "], True),
        (["否", "无", "×", 0, "0", 0.0, "N", "没有", False], False),
        ([None, "", "—", "/"], None),
    ],
)
def test_flags(cells: list[Any], value: bool | None) -> None:
    assert [rules.read_flag(cell) for cell in cells] == [value] * len(cells)


def test_refused_flags() -> None:
    assert "请填“是”或“否”" in refused(rules.read_flag, "也许")
    assert "请填“是”或“否”" in refused(rules.read_flag, 2)


# Money


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("1,200.00元", 120000),
        ("￥350", 35000),
        ("¥ 350.5", 35050),
        ("350 ", 35000),
        ("350/月", 35000),
        ("350元/月", 35000),
        ("壹佰元整", 10000),
        ("人民币壹仟贰佰零叁元伍角整", 120350),
        ("一百二十元", 12000),
        ("十元", 1000),
        ("壹拾万元零伍分", 10000005),
        ("伍角", 50),
        ("1.2万元", 1200000),
        ("1.23456万元", 1234560),
        ("１２", 1200),
        ("-35.50", -3550),
        (350, 35000),
        (350.00000000000006, 35000),
        (0.1 + 0.2, 30),
        (115.21, 11521),
        ("350.500", 35050),
        ("无", None),
        ("—", None),
        (None, None),
    ],
)
def test_money(cell: Any, fen: int | None) -> None:
    assert read_money(cell) == fen


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (12.345, "小数多于两位"),
        ("12.345", "小数多于两位"),
        ("1.2万", "请写成“1.2万元”"),
        ("4200/年", "不是每月的金额"),
        ("300-500", "不止一个金额"),
        ("12,00", "不是金额"),
        ("约350", "不是金额"),
        ("佰元", "不是金额"),
        ("一百一千元", "不是金额"),
        ("=C5*D5", "没有算出结果"),
        ("#N/A", "公式错误"),
        ("#REF!", "公式错误"),
        (True, "不是数"),
        (float("nan"), "太大"),
        (float("inf"), "太大"),
        (10**13, "太大"),
    ],
)
def test_refused_money(cell: Any, words: str) -> None:
    assert words in refused(read_money, cell)


@given(st.integers(1 - MOST, MOST - 1))
@example(1000100000)
@example(10)
def test_money_is_read_back(fen: int) -> None:
    assert read_money(show_money(fen)) == fen
    assert read_money(capital_money(fen)) == fen
    assert abs(fen) > 10**13 or read_money(fen / 100) == fen


def test_shown_money() -> None:
    assert [show_money(fen) for fen in (0, 5, 120000, -35050)] == ["0.00", "0.05", "1,200.00", "-350.50"]


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "人民币零元整"),
        (120000, "人民币壹仟贰佰元整"),
        (140950, "人民币壹仟肆佰零玖元伍角"),  # this and the next two stand in the regulation
        (600714, "人民币陆仟零柒元壹角肆分"),
        (1640902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (10**10 + 100, "人民币壹亿零壹元整"),
        (5, "人民币伍分"),
        (-1000, "人民币负壹拾元整"),
    ],
)
def test_capitals(fen: int, words: str) -> None:
    assert capital_money(fen) == words


@given(st.one_of(st.integers(0, MOST - 1), st.integers(0, 10**7), st.integers(0, 10**6).map(lambda n: n * 10**5)))
def test_capitals_agree_with_cn2an(fen: int) -> None:
    assert capital_money(fen) == "人民币" + cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb")


def test_too_much_money_is_not_written_out() -> None:
    assert "太大" in refused(capital_money, MOST)


# Days, months, half-known dates


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "2023.5.1",
            "2023-05-01",
            "2023/5/1",
            "2023年5月1日",
            "2023年05月01号",
            "20230501",
            "２０２３．５．１",
            "2023 5 1",
        ),
        *(
            "2023-05-01 00:00:00",
            "2023-05-01T00:00:00",
            "2023、5、1",
            " 2023.5.1\n",
            20230501,
            20230501.0,
            45047,
            45047.5,
        ),
        *(date(2023, 5, 1), datetime(2023, 5, 1, 8, 30)),
    ],
)
def test_days(cell: Any) -> None:
    assert read_day(cell) == date(2023, 5, 1)
    assert type(read_day(cell)) is date
    assert read_month(cell) == "2023-05"
    assert read_partial_date(cell) == PartialDate(2023, 5, 1)


@pytest.mark.parametrize("cell", [None, "", "无", "—", "/"])
def test_no_day(cell: Any) -> None:
    assert read_day(cell) is read_month(cell) is read_partial_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2023-02-30", "2023 年 2 月没有 30 日"),
        (20230230, "没有 30 日"),
        ("2023.13.1", "没有 13 月"),
        ("民国35年", "民国元年是 1912 年"),
        ("63.5.12", "只有两位"),
        ("63年5月", "只有两位"),
        ("630512", "年份要写四位"),
        ("1825-01-01", "应在 1850 年到 2199 年之间"),
        ("78岁", "是年龄"),
        ("至今", "没有截止日期的请留空"),
        ("长期", "没有截止日期的请留空"),
        ("45047", "日期序号"),
        ("5/1/2023", "不是日期"),
        ("去年", "不是日期"),
        (True, "不是日期"),
        (17.5, "不是日期"),
        (float("nan"), "不是日期"),
        (date(1023, 5, 1), "年份不对"),
        ("2963-05-12", "年份不对"),
        ("2023-5-0x", "不是日期"),
    ],
)
def test_refused_dates(cell: Any, words: str) -> None:
    for read in (read_day, read_month, read_partial_date):
        assert words in refused(read, cell)


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("2023年5月", "2023-05"),
        ("2023.5", "2023-05"),
        ("2023-05", "2023-05"),
        ("202305", "2023-05"),
        (202305, "2023-05"),
        (2023.05, "2023-05"),
        (2023.5, "2023-05"),
        (2023.11, "2023-11"),
        ("2023.10", "2023-10"),
        ("2025年9月份", "2025-09"),
    ],
)
def test_months(cell: Any, month: str) -> None:
    assert read_month(cell) == month
    assert str(read_partial_date(cell)) == month
    assert "没有写到日" in refused(read_day, cell)


def test_october_that_lost_its_nought() -> None:
    assert "2023-01 或 2023-10" in refused(read_month, 2023.1)
    assert read_month("2023.1") == "2023-01"


@pytest.mark.parametrize("cell", ["1963", "1963年", 1963, 1963.0, "19630000", "1963.0.0"])
def test_years(cell: Any) -> None:
    assert read_partial_date(cell) == PartialDate(1963)
    assert "没有写月份" in refused(read_month, cell)


@pytest.mark.parametrize(
    ("cell", "text", "shown"),
    [
        ("1963.05", "1963-05", "1963年5月"),
        (1963.05, "1963-05", "1963年5月"),
        ("196305", "1963-05", "1963年5月"),
        ("19630500", "1963-05", "1963年5月"),
        ("1963年", "1963", "1963年"),
        ("19630512", "1963-05-12", "1963-05-12"),
    ],
)
def test_partial_dates(cell: Any, text: str, shown: str) -> None:
    value = read_partial_date(cell)
    assert value is not None
    assert (str(value), value.show()) == (text, shown)


years = st.integers(dates.FIRST_YEAR, dates.LAST_YEAR)
whole_days = st.dates(date(dates.FIRST_YEAR, 1, 1), date(dates.LAST_YEAR, 12, 31))
partial_dates = st.one_of(
    st.builds(PartialDate, years),
    st.builds(PartialDate, years, st.integers(1, 12)),
    whole_days.map(lambda day: PartialDate(day.year, day.month, day.day)),
)


@given(partial_dates, partial_dates)
def test_partial_dates_are_read_back_and_sorted_as_their_texts(one: PartialDate, two: PartialDate) -> None:
    assert PartialDate.parse(str(one)) == one
    assert read_partial_date(str(one)) == one
    assert read_partial_date(one.show()) == one
    assert one.first <= one.last
    assert (one < two) == (str(one) < str(two))


@pytest.mark.parametrize("text", ["", "1963年", "63", "1963-5", "1963-02-30", "1963-00", "1963-05-00", "0963"])
def test_only_stored_texts_are_parsed(text: str) -> None:
    with pytest.raises(ValueError):
        PartialDate.parse(text)


def test_bounds_of_partial_dates() -> None:
    assert (PartialDate(1964).first, PartialDate(1964).last) == (date(1964, 1, 1), date(1964, 12, 31))
    assert (PartialDate(1964, 2).first, PartialDate(1964, 2).last) == (date(1964, 2, 1), date(1964, 2, 29))


@pytest.mark.parametrize(
    ("born", "day", "ages"),
    [
        ("1946-11-21", TODAY, (80, 80)),
        ("1946-11-22", TODAY, (79, 79)),
        ("2004-02-29", date(2026, 2, 28), (21, 21)),
        ("2004-02-29", date(2026, 3, 1), (22, 22)),
        ("2004-02-29", date(2028, 2, 29), (24, 24)),
        ("1946", TODAY, (79, 80)),
        ("1946-11", TODAY, (79, 80)),
        ("1946-10", TODAY, (80, 80)),
        ("2026", TODAY, (0, 0)),
        ("2026-11-22", TODAY, (-1, -1)),
        ("2027", TODAY, (-1, -1)),
    ],
)
def test_ages(born: str, day: date, ages: tuple[int, int]) -> None:
    assert age_on(PartialDate.parse(born), day) == ages


@given(partial_dates, whole_days)
def test_the_age_of_a_half_known_birth_spans_its_days(born: PartialDate, day: date) -> None:
    def age(birth: date) -> int:
        return age_on(PartialDate(birth.year, birth.month, birth.day), day)[0]

    low, high = age_on(born, day)
    assert high == age(born.first)
    assert low == (age(born.last) if born.last <= day or born.first > day else 0)


def test_money_and_dates_never_answer_for_the_other() -> None:
    assert "不是数" in refused(money.read_money, date(2023, 5, 1))


READERS: list[Callable[[Any], Any]] = [
    *(read_id, rules.read_name, rules.read_telephone, rules.read_account, rules.read_text, rules.read_lines),
    *(rules.read_flag, lambda cell: rules.read_whole(cell, 0, 99), read_money, read_day, read_month, read_partial_date),
]
odd_texts = st.text(alphabet="0123456789１²٣XxOG*.,-/年月日元万整壹佰零张· \n\u3000()同上#=E+岁", max_size=24)


@pytest.mark.parametrize("read", READERS)
@given(cell=st.one_of(odd_texts, st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes()))
def test_whatever_stands_in_a_cell_is_answered(read: Callable[[Any], Any], cell: Any) -> None:
    try:
        read(cell)
    except ValueError as error:
        assert any("一" <= sign <= "鿿" for sign in str(error)), f"not a clerk's sentence: {error!r}"
        assert str(error)[-1] in "。？", f"not a whole sentence: {error!r}"
