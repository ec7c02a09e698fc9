"""The first page of the morning (工作台): what is due or lacking, how many there are, and a few plain charts.

Every number is counted over a listing, and opens into the same listing: the names behind it cannot disagree with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.ledgers.contents import ledger_called
from app.ledgers.listing import Group, Listing, any_of, in_words
from app.models import roles
from app.models.conditions import read
from app.models.here import today

NAMED = 3  # values named under a number
MOST_BARS = 9
EMPTY = "还没有登记内容。在左边打开“户台账”按 F5 登记第一户，或者用“导入名单”把原来的表格导进来。"


@dataclass(frozen=True)
class Told:
    """What was counted: the number, and a word more about it."""

    number: int
    said: str = ""


@dataclass(frozen=True)
class Count:
    """A number of rows of a ledger of the contents. In `where` {month} stands for the first day of this month.

    `by` is a column whose most frequent values are named beside the number; `sums` says its sums there. `tone` is the
    colour (of the look) of a number above zero, `note` a word that stands there otherwise.
    """

    title: str
    name: str
    where: str = ""
    by: str = ""
    sums: bool = False
    tone: str = ""
    note: str = ""

    def listing(self) -> Listing:
        """The rows that are counted, today."""
        ledger = ledger_called(self.name)
        return Listing(ledger, read(self.where.format(month=today().replace(day=1)), ledger.record))

    def tell(self) -> Told:
        """Count them."""
        listing = self.listing()
        number, told = listing.count(), [self.note] if self.note else []
        if number and self.by:
            groups = listing.groups(self.by)
            told = [f"{group.text} {group.count:,}" for group in groups[:NAMED]]
            told += ["…"] if len(groups) > NAMED else []
        if number and self.sums:
            sums = listing.sums()
            shown = [column for column in listing.shown if column.text in sums]
            told += [f"{column.caption} {in_words(sums[column.text])}" for column in shown]
        return Told(number, " · ".join(told))


@dataclass(frozen=True)
class Chart:
    """The rows of a ledger by the values of a column, or else by `bands`: what each is called, and its condition."""

    title: str
    name: str
    by: str = ""
    bands: tuple[tuple[str, str], ...] = ()

    def listing(self) -> Listing:
        return Listing(ledger_called(self.name))

    def bars(self) -> list[Group]:
        """The bars, each with the condition that finds its rows; the smallest of many are one."""
        listing = self.listing()
        if not self.by:
            found = [(text, read(where, listing.ledger.record)) for text, where in self.bands]
            return [Group(text, listing.but(where=one).count(), one) for text, one in found if one is not None]
        groups = listing.groups(self.by)
        if len(groups) <= MOST_BARS:
            return groups
        rest = groups[MOST_BARS - 1 :]
        together = any_of(rest)
        assert together is not None
        return [*groups[: MOST_BARS - 1], Group(f"其余 {len(rest)} 种", sum(one.count for one in rest), together)]


@dataclass(frozen=True)
class Home:
    """What stands on the page: the four that matter most, what is lacking, how many there are, and the charts."""

    first: tuple[Count, ...]
    lacking: tuple[Count, ...]
    counts: tuple[Count, ...]
    charts: tuple[Chart, ...]

    @cached_property
    def all_counts(self) -> tuple[Count, ...]:
        return (*self.first, *self.lacking, *self.counts)

    def seen(self) -> Home:
        """What of it who is at the desk may see."""
        first, lacking, counts = (
            tuple(one for one in part if _is_seen(one.name)) for part in (self.first, self.lacking, self.counts)
        )
        return Home(first, lacking, counts, tuple(chart for chart in self.charts if _is_seen(chart.name)))


def _is_seen(name: str) -> bool:
    return roles.may(ledger_called(name).record.seen_by)


HOME = Home(
    first=(
        Count("逾期未复核", "enrolments", "下次复核 < 今天", by="category", tone="late"),
        Count("30 天内要复核", "enrolments", "下次复核 >= 今天 且 下次复核 <= 今天+30", by="category", tone="soon"),
        Count(
            "重点对象没有结对", "persons",
            "有(纳入对象: 类别代码 属于(left-behind, empty-nest, orphan, unsupported, destitute)) 且 没有(结对)",
            by="household.village", tone="soon", note="留守儿童、空巢老人、孤儿、特困人员等",
        ),
        Count("数据体检发现", "findings", by="check", tone="late", note="打开后按 F9 重新体检"),
    ),
    lacking=(
        Count("留守儿童没有结对", "persons", "有(纳入对象: 类别代码 = left-behind) 且 没有(结对)", tone="soon"),
        Count("空巢老人没有结对", "persons", "有(纳入对象: 类别代码 = empty-nest) 且 没有(结对)", tone="soon"),
        Count("特困人员没有结对", "persons", "有(纳入对象: 类别代码 = destitute) 且 没有(结对)", tone="soon"),
        Count("留守儿童没有登记照管人", "left_behind", "平时照管人 为空"),
        Count("空巢老人没有紧急联系电话", "empty_nest", "紧急联系电话 为空"),
        Count("残疾证已过期", "disabled", "有效期至 < 今天", tone="late"),
        Count("残疾证 90 天内到期", "disabled", "有效期至 >= 今天 且 有效期至 <= 今天+90", tone="soon"),
        Count("监测对象风险未消除", "monitored", "风险消除日期 为空"),
        Count("户没有联系电话", "households", "户联系电话 为空"),
        Count("帮扶人还没有对象", "helpers", "没有(结对) 且 没有(包户)"),
    ),
    counts=(
        Count("户", "households"),
        Count("人口", "persons"),
        Count("外出务工", "persons", "外出 = 是"),
        Count("各类对象", "enrolments", note="一人属几类的计几次"),
        Count("帮扶人", "helpers"),
        Count("结对", "pairings"),
        Count("本月受助", "received", "日期 >= {month}", sums=True),
    ),
    charts=(
        Chart("各村人口", "persons", by="household.village"),
        Chart("各类对象", "enrolments", by="category"),
        Chart("年龄", "persons", bands=(
            ("不满 6 周岁", "年龄 < 6"), ("6—15 周岁", "年龄 >= 6 且 年龄 < 16"),
            ("16—59 周岁", "年龄 >= 16 且 年龄 < 60"),
            ("60—79 周岁", "年龄 >= 60 且 年龄 < 80"), ("80 周岁以上", "年龄 >= 80"),
        )),
    ),
)  # fmt: skip
