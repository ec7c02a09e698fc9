"""What captions of statistics tables say, in the words of the filter bar."""

from __future__ import annotations

import pytest

from app.ledgers.contents import ledgers
from app.ledgers.meaning import Words
from app.models.conditions import show
from app.models.database import DataFile
from tests.town import build

PERSONS = {
    "牛街村": "行政村 名为(牛街村)", "80岁以上": "年龄 >= 80", "80周岁及以上老人": "年龄 >= 80 且 年龄 >= 60",
    "60-69岁": "年龄 >= 60 且 年龄 <= 69", "0—6岁": "年龄 >= 0 且 年龄 <= 6", "16周岁以下": "年龄 < 16",
    "未满18周岁": "年龄 < 18", "其中：女": "性别 = 女", "合计": "",
    "一、留守儿童（人）": "有(纳入对象: 对象类别 = 留守儿童)",
    "残疾人": "有(纳入对象: 对象类别 = 残疾人)", "女性残疾人数": "性别 = 女 且 有(纳入对象: 对象类别 = 残疾人)",
    "外出人员": "外出 = 是", "老年人": "年龄 >= 60", "党员户": "党员户 = 是",
    "总人口": "", "年龄结构 0-17岁": "年龄 >= 0 且 年龄 <= 17", "其中：少数民族": "民族 != 汉族 且 民族 不为空",
    "1.牛街村留守儿童": "行政村 名为(牛街村) 且 有(纳入对象: 对象类别 = 留守儿童)",
}  # fmt: skip


@pytest.fixture
def filled(sqlite: DataFile) -> DataFile:
    build()
    return sqlite


def said(name: str, caption: str) -> tuple[str, str, str]:
    ledger = ledgers()[name]
    found = Words(ledger).read(caption)
    return show(found.condition, ledger.record), found.of, found.unknown


def parts(text: str) -> set[str]:
    return set(text.split(" 且 "))


@pytest.mark.parametrize("caption", PERSONS)
def test_captions_over_persons(filled: DataFile, caption: str) -> None:
    text, _, unknown = said("persons", caption)
    assert parts(text) == parts(PERSONS[caption]) and unknown == ""


@pytest.mark.parametrize(
    ("caption", "where", "of"),
    [
        ("本月", "日期 >= 2026-11-01 且 日期 < 2026-12-01", ""),
        ("2026年第三季度", "日期 >= 2026-07-01 且 日期 < 2026-10-01", ""),
        ("上月走访人次", "走访", ""), ("全年资金", "日期 >= 2026-01-01 且 日期 < 2027-01-01", "cash"),
        ("12月", "日期 >= 2026-12-01 且 日期 < 2027-01-01", ""),
        ("2025年12月", "日期 >= 2025-12-01 且 日期 < 2026-01-01", ""),
    ],
)  # fmt: skip
def test_periods_and_measures_over_help(filled: DataFile, caption: str, where: str, of: str) -> None:
    text, measured, unknown = said("received", caption)
    assert unknown == "" and measured == of and (where in text)


@pytest.mark.parametrize("caption", ["贫困发生率", "牛街村危房", "备注", "留守儿童心理辅导"])
def test_what_is_not_understood_is_told_and_not_guessed(filled: DataFile, caption: str) -> None:
    assert said("persons", caption)[2]


def test_persons_are_counted_where_a_row_is_not_one(filled: DataFile) -> None:
    assert said("enrolments", "残疾人人数") == ("对象类别 = 残疾人", "person", "")
    assert said("received", "受助人数")[1] == "person"


def test_members_are_counted_where_a_row_is_a_household(filled: DataFile) -> None:
    for caption in ("总人口", "人口数", "总人数"):
        assert said("households", caption) == ("", "size", "")
    assert said("households", "外出人数")[1] == "away" and said("households", "总户数")[1] == ""
