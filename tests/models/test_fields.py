"""Fields: what is written for a person is read back, private facts are masked, and both kinds of emptiness are none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from app.models import fields
from app.models.dates import PartialDate
from app.models.derived import Count
from app.models.faults import Fault, Reject
from tests.proof import many
from tests.values import values

KINDS = [
    fields.Text("文字"), fields.Remark("备注"), fields.PersonName("姓名"), fields.IdNumber("公民身份号码"),
    fields.Telephone("电话"), fields.Account("账号"), fields.DocumentNumber("证件号码"), fields.Flag("是否"),
    fields.Whole("件数", 0, 9999), fields.Money("金额"), fields.Day("日期"), fields.Month("月份"),
    fields.Birth("出生日期"),
    fields.Moment("时间"), fields.Scan("照片"), fields.Code("性别", "sex"), fields.Code("与户主关系", "relation"),
]  # fmt: skip


@pytest.mark.parametrize("fact", KINDS, ids=lambda fact: f"{type(fact).__name__}-{fact.label}")
def test_what_is_shown_is_read_back_and_stored_plainly(fact: Any) -> None:
    @settings(max_examples=many(1000), deadline=None, suppress_health_check=list(HealthCheck))
    @given(values(fact))
    def check(value: Any) -> None:
        assert fact.read(fact.show(value)) == value
        stored = fact.db_value(value)
        assert type(stored) in (str, int) and fact.python_value(stored) == value
        assert fact.private or fact.mask(value) == fact.show(value)

    check()


@pytest.mark.parametrize("fact", KINDS, ids=lambda fact: f"{type(fact).__name__}-{fact.label}")
def test_nothing_is_nothing(fact: Any) -> None:
    assert fact.read(None) is None and fact.read("") is None and fact.read("  ") is None
    assert fact.show(None) == fact.mask(None) == ""
    assert fact.db_value(None) is None and fact.python_value(None) is None


@pytest.mark.parametrize(
    ("fact", "value", "masked"),
    [
        (fields.IdNumber("号"), "990001195505123016", "990001**********16"),
        (fields.Telephone("话"), "13888880001", "138****0001"),
        (fields.Account("账"), "6222020000001234", "****1234"),
        (fields.DocumentNumber("证"), "X1234567", "****4567"),
    ],
)
def test_private_facts_are_masked_in_lists(fact: Any, value: str, masked: str) -> None:
    assert fact.private and fact.mask(value) == masked
    assert fact.show(value) == value
    with pytest.raises(ValueError, match=r"完整|星号|号码"):
        fact.read(masked)


@pytest.mark.parametrize(
    ("fact", "cell", "value"),
    [
        (fields.Text("字", most=5), 12.0, "12"),
        (fields.Text("字", most=5), "甲\n乙", "甲 乙"),
        (fields.Remark("字"), "甲\r\n乙", "甲\n乙"),
        (fields.Day("日"), datetime(2026, 1, 2, 3, 4), date(2026, 1, 2)),
        (fields.Birth("生"), 1963, PartialDate(1963)),
        (fields.Money("钱"), 12.5, 1250),
        (fields.Flag("是"), "√", True),
        (fields.Whole("数", 0, 10), "3人", 3),
        (fields.Code("性别", "sex"), "男", "1"),
    ],
)
def test_cells_of_a_sheet_are_read(fact: Any, cell: Any, value: Any) -> None:
    read = fact.read(cell)
    assert read == value and type(read) is type(value)


@pytest.mark.parametrize(
    ("fact", "cell"),
    [
        (fields.Text("字", most=5), "一二三四五六"),
        (fields.Whole("数", 0, 10), "11"),
        (fields.Day("日"), "2026-02-30"),
        (fields.Money("钱"), "很多"),
        (fields.Flag("是"), "也许"),
        (fields.Code("性别", "sex"), "外星人"),
    ],
)
def test_what_cannot_be_read_is_said_in_chinese(fact: Any, cell: Any) -> None:
    with pytest.raises(ValueError, match=r"[一-鿿]{2}.*[。？]$"):
        fact.read(cell)


def test_what_a_field_says_of_itself() -> None:
    fact = fields.Text("名称", required=True, note="全称")
    assert (fact.label, fact.required, fact.null, fact.note) == ("名称", True, False, "全称")
    assert fields.Money("钱").adds and not fields.Whole("数").adds and fields.Whole("数", adds=True).adds


def test_quantities_have_their_thousands_apart_and_serial_numbers_do_not() -> None:
    assert fields.Whole("数", 0, 9999, adds=True).show(2612) == "2,612"
    assert fields.Whole("号", 0, 9999).show(2612) == "2612"
    count = Count("人数", lambda: None, "household")
    assert count.show(11_753) == "11,753" and count.read("11,753") == 11_753


def test_several_faults_are_sentences_one_behind_the_other() -> None:
    assert str(Reject(Fault("name", "请填写姓名。"), Fault("sex", "请选择性别。"))) == "请填写姓名。请选择性别。"
