"""The page of the morning: every number is that of the names behind it, and what is due today is counted as due."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.ledgers.contents import ledger_called
from app.ledgers.home import HOME, MOST_BARS, Chart, Count
from app.models.categories import Enrolment, categories
from app.models.conditions import read, show
from app.models.database import DataFile
from app.models.help import HelpLine, HelpRecord
from app.models.here import Clerk, here, standing, today
from app.models.operation import operation
from app.models.pairing import Helper, Pairing
from app.models.people import Person
from app.models.places import Place
from app.models.record import put_all
from app.work.backup import automatic, back_up, last_backup
from app.work.last import told_of_backup, told_of_import
from app.work.undo import undo_last
from tests import town

SUMS = (("物资折合", "value"), ("资金", "cash"))


@pytest.fixture
def filled(file: DataFile) -> DataFile:
    town.build(seed=5)
    return file


def count(title: str) -> Count:
    return next(one for one in HOME.all_counts if one.title == title)


def number(title: str) -> int:
    return count(title).tell().number


def test_a_number_is_that_of_the_names_behind_it(filled: DataFile) -> None:
    some = 0
    for one in HOME.all_counts:
        listing = one.listing()
        assert one.tell().number == listing.count() == len(listing.keys()), one.title
        said = show(listing.where, listing.ledger.record)
        assert read(said, listing.ledger.record) == listing.where, one.title
        some += bool(listing.count())
    assert some > len(HOME.all_counts) // 2, "a town that has something of most"
    assert len({one.title for one in HOME.all_counts}) == len(HOME.all_counts)


def test_a_bar_is_as_long_as_its_names(filled: DataFile) -> None:
    for chart in HOME.charts:
        bars = chart.bars()
        assert 0 < len(bars) <= MOST_BARS
        for bar in bars:
            assert chart.listing().but(where=bar.condition).count() == bar.count, f"{chart.title} {bar.text}"
        if chart.by:
            assert sum(bar.count for bar in bars) == chart.listing().count(), chart.title


def test_the_smallest_of_many_bars_are_one(filled: DataFile) -> None:
    groups = ledger_called("enrolments")
    bars = Chart("各类对象", "enrolments", by="category").bars()
    assert len(bars) == MOST_BARS and bars[-1].text.startswith("其余 ")
    every = {row.category_id for row in Enrolment.select().where(Enrolment.until.is_null())}
    assert bars[-1].text == f"其余 {len(every) - MOST_BARS + 1} 种" and groups.record is Enrolment


def test_half_known_ages_are_in_no_band_and_whole_ones_in_one(filled: DataFile) -> None:
    chart = next(chart for chart in HOME.charts if chart.bands)
    seen: list[int] = []
    for bar in chart.bars():
        seen += chart.listing().but(where=bar.condition).keys()
    assert len(seen) == len(set(seen)) > 0
    sure = read("年龄 < 150", Person)
    assert set(seen) <= set(chart.listing().but(where=sure).keys())


def test_what_is_due_by_the_day_that_counts(filled: DataFile) -> None:
    with operation("清空"):
        for row in Enrolment.select():
            row.review = None
            row.save()
    rows = list(Enrolment.select().where(Enrolment.until.is_null()).order_by(Enrolment.id))[:5]
    with operation("定复核日"):
        for row, days in zip(rows, (-1, 0, 30, 31, None), strict=True):
            row.review = None if days is None else today() + timedelta(days=days)
            row.save()
    assert list(count("逾期未复核").listing().keys()) == [rows[0].id]
    assert set(count("30 天内要复核").listing().keys()) == {rows[1].id, rows[2].id}
    assert count("逾期未复核").tell().said == f"{rows[0].category.name} 1"
    with standing(day=today() + timedelta(days=1)):
        assert number("逾期未复核") == 2 and number("30 天内要复核") == 2


def test_who_is_joined_with_nobody(filled: DataFile) -> None:
    of = categories()["left-behind"]
    child = Enrolment.select().where(Enrolment.category == of, Enrolment.until.is_null()).first()
    with operation("解除"):
        for row in Pairing.select().where(Pairing.person == child.person_id):
            row.remove()
    for title in ("留守儿童没有结对", "重点对象没有结对"):
        assert child.person_id in list(count(title).listing().keys())
    before, said = number("留守儿童没有结对"), count("重点对象没有结对").tell()
    with operation("结对"):
        Pairing(
            person=child.person_id, helper=Helper.select().where(Helper.until.is_null()).first(), role="1",
            since=date(2026, 1, 1),
        ).save()  # fmt: skip
    assert number("留守儿童没有结对") == before - 1 and number("重点对象没有结对") == said.number - 1


def test_this_months_help_says_its_sums(filled: DataFile) -> None:
    one = count("本月受助")
    assert show(one.listing().where, one.listing().ledger.record) == "日期 >= 2026-11-01"
    one_of, before = Person.select().where(Person.until.is_null()).first().id, one.tell().number
    with operation("帮扶"):
        for day in (date(2026, 10, 31), date(2026, 11, 1)):
            (key,) = put_all(HelpRecord, [{"kind": "5", "day": day, "subject": "慰问"}])
            put_all(HelpLine, [{"help": key, "person": one_of, "cash": 20000, "value": 0}])
    told = one.tell()
    assert told.number == before + 1
    assert told.said == " · ".join(f"{named} {one.listing().sums()[path]} 元" for named, path in SUMS)


def test_each_role_sees_its_own(filled: DataFile) -> None:
    with standing(clerk=Clerk("gly", roles=("4",))):
        home = HOME.seen()
        assert home.all_counts == () and home.charts == ()
    with standing(clerk=Clerk("yxz", roles=("1",))):
        assert HOME.seen() == HOME
        every = number("人口")
    village = Place.select().where(Place.level == "3", Place.until.is_null()).first()
    with standing(clerk=Clerk("cun", roles=("1",), village=village.id)):
        told = {one.title: one.tell().number for one in HOME.all_counts}
        chart = next(chart for chart in HOME.charts if chart.by == "household.village")
        assert told["人口"] < every and [bar.text for bar in chart.bars()] == [village.name]
        assert chart.bars()[0].count == told["人口"]


def test_the_last_import_is_one_that_stands(filled: DataFile) -> None:
    assert told_of_import() == "还没有导入过名单。"
    for name in ("甲", "乙"):
        with operation(f"导入村组：{name}.xlsx"):
            Place(name=f"{name}村", level="3", parent=Place.select().where(Place.level == "2").first()).save()
    assert "导入村组：乙.xlsx" in told_of_import() and here().who in told_of_import()
    undo_last(here().who)
    assert "导入村组：甲.xlsx" in told_of_import()


def test_the_last_backup_by_itself_or_asked_for(filled: DataFile, tmp_path: Path) -> None:
    folder = tmp_path / "备份"
    assert told_of_backup(folder) == "还没有备份过。"
    made = automatic("exit", folder)
    found = last_backup(folder)
    assert found is not None and found[1] == "退出自动备份" and f"{found[0]:%Y-%m-%d-%H%M%S}" in made.name
    back_up(tmp_path / "U盘.db")
    noted = last_backup(tmp_path / "没有")
    assert noted is not None and noted[1] == "手动备份" and noted[0] >= found[0].replace(microsecond=0)
    assert told_of_backup(tmp_path / "没有").endswith("手动备份。")
