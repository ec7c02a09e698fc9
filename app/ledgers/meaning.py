"""What a caption of a statistics table says (题名的意思): 牛街村, 留守儿童, 80岁以上, 其中：女, 本月 as conditions.

A caption is cut into words that the ledger knows: its places, the categories, the texts of code tables and of the
office's own choices, facts that are yes or no, spans of ages, periods, and words that say what is counted. What is left
over and is no filler makes the caption doubtful, and a doubtful caption is asked, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.ledgers.ledger import Ledger
from app.models import query
from app.models.categories import Category, Enrolment
from app.models.codes import table
from app.models.conditions import And, Compare, Condition, Empty, Has, Not, OneOf, Or, both, read
from app.models.derived import Age, Count
from app.models.fields import Code, Day, Flag
from app.models.here import today
from app.models.paths import labels, related, resolve
from app.models.people import Household, Person
from app.models.places import FormerPlace, Place
from app.models.text import squash

FILLERS = (
    "其中", "合计", "总计", "小计", "总数", "总人数", "总户数", "人数", "人口", "数量", "数", "情况", "人员", "对象",
    "人次", "件次", "户数", "户", "人", "名", "个", "件", "次", "的", "及", "和", "者", "类", "性", "岁", "村委会",
    "全乡", "全镇", "全村", "各村", "在册", "登记", "年龄", "按", "分", "共",
    "总人口", "结构", "构成", "分组", "分布", "段",
)  # fmt: skip
NOTE = re.compile(r"[（(][^（）()]*[）)]")
NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[）)]|\d+[、.．])")
MARKS = re.compile(r"[\s:：,，、;；.。\-—_/|\0]+")
GAP = "\0"  # where a word stood that was understood
AGES = tuple(  # how ages are written, and how each number is compared
    (re.compile(pattern), operators)
    for pattern, operators in (
        (r"(\d{1,3})(?:周岁|岁)?(?:-|—|–|~|～|至|到)(\d{1,3})(?:周岁|岁)", (">=", "<=")),
        (r"(?:年满|满)?(\d{1,3})(?:周岁|岁)(?:及其?以上|以上|及其?以上)", (">=",)),
        (r"(?:未满|不满)(\d{1,3})(?:周岁|岁)", ("<",)),
        (r"(\d{1,3})(?:周岁|岁)及其?以下", ("<=",)),
        (r"(\d{1,3})(?:周岁|岁)以下", ("<",)),
        (r"(\d{1,3})(?:周岁|岁)", ("=",)),
    )
)
OLD, YOUNG = ("老年人", "老人"), ("未成年人", "儿童")  # 60, 老年人权益保障法 §2; 18, 未成年人保护法 §2
COUNTED = {"户数": Household, "人数": Person}  # what a caption may ask to be counted, if it is not the rows
PERSONS = ("人数", "人口")  # of rows that are none, but have some: their members
MINORITIES, HAN = "少数民族", "01"  # GB/T 3304


@dataclass(frozen=True)
class Meaning:
    """What a caption says: which rows, what of them is counted (a path, empty for rows), and what nobody understood."""

    condition: Condition | None
    of: str = ""
    unknown: str = ""

    @property
    def sure(self) -> bool:
        return not self.unknown


class Words:
    """The words that captions over one ledger may be made of; asked of the data file once."""

    def __init__(self, ledger: Ledger) -> None:
        self.record = ledger.record
        self.labels = labels(self.record)
        self.age = next((path for path in self.labels.values() if isinstance(resolve(self.record, path).fact, Age)), "")
        self.day = next((column.text for column in ledger.shown if isinstance(column.path.fact, Day)), "")
        self.known: dict[str, Condition] = {}
        self.places = dict(self._places())
        said = (*self._codes(), *self._flags(), *self._categories(), *self.places.items())
        for word, condition in said:
            if len(word) > 1 or word in "男女":
                self.known[word] = condition  # the later ones are the surer
        self._longest = sorted(self.known, key=len, reverse=True)
        self._counted = dict(sorted(self._measures(), key=lambda word: -len(word[0])))  # 外出人数 before 人数
        self._fillers = sorted((*FILLERS, *self._counted), key=len, reverse=True)

    def read(self, caption: str) -> Meaning:
        """The meaning of one caption. With `unknown` it holds what could not be understood."""
        text = NUMBERED.sub("", squash(NOTE.sub("", caption).strip()))
        counted = next((path for word, path in self._counted.items() if word in text), "")
        text, parts = self._ages(text)
        for take in (self._period, self._words, self._time_of_life):
            text, more = take(text)
            parts += more
        for filler in self._fillers:
            text = text.replace(filler, GAP)
        return Meaning(both(*parts), counted, MARKS.sub("", text))

    def _words(self, text: str) -> tuple[str, list[Condition]]:
        """The known words, the longest first; those joined by 、 or 和 are alternatives."""
        found: list[Condition] = []
        for word in self._longest:
            if word in text:
                text = text.replace(word, GAP)
                found.append(self.known[word])
        joined = re.search(f"{GAP}[、和及或/]{GAP}", text)
        return text, [Or(tuple(found))] if joined and len(found) > 1 else found

    # --- the words ---

    def _places(self) -> Iterator[tuple[str, Condition]]:
        """Villages and groups as they are called today, with and without 村, and by the names they had before."""
        for path in self.record.placed_by.split():
            link = resolve(self.record, path).ends_in
            assert link is not None
            for (former,) in query.rows(FormerPlace, [resolve(FormerPlace, "name")], query.keys(FormerPlace)):
                yield former, Compare(path, "=", former)
            keys = query.keys(Place, read(link.among, Place) if link.among else None)
            for (name,) in query.rows(Place, [resolve(Place, "name")], keys):
                condition = OneOf(path, (name,), named=True)
                yield name, condition
                if len(name) > 2 and name.endswith(("村", "社区")):
                    yield name.removesuffix("村").removesuffix("社区"), condition

    def _categories(self) -> Iterator[tuple[str, Condition]]:
        """The categories of need: of an enrolment its own, of a person those that he is in."""
        for (name,) in query.rows(Category, [resolve(Category, "name")], query.keys(Category)):
            if self.record is Enrolment:
                condition: Condition = Compare("category", "=", name)
            elif Enrolment.word in related(self.record):
                condition = Has(Enrolment.word, Compare("category", "=", name))
            else:
                return
            yield name, condition
            short = re.sub("(?:家庭|人员|患者|对象|儿童|老人|人)$", "", name)
            if len(short) > 1 and short != name:
                yield short, condition

    def _codes(self) -> Iterator[tuple[str, Condition]]:
        """Texts of code tables that mean one thing only; the nearest fact has them."""
        for path in reversed(list(dict.fromkeys(self.labels.values()))):
            fact = resolve(self.record, path).fact
            if isinstance(fact, Code) and not fact.private:
                for code, text in fact.codes.choices():
                    if text not in ("其他", "未知", "无", "是", "否", "正常"):
                        yield text, Compare(path, "=", code)
                if fact.codes is table("ethnicity"):
                    yield MINORITIES, And((Compare(path, "!=", HAN), Not(Empty(path))))

    def _flags(self) -> Iterator[tuple[str, Condition]]:
        for label, path in self.labels.items():
            if "." not in label and isinstance(resolve(self.record, path).fact, Flag):
                yield label, Compare(path, "=", True)

    def _measures(self) -> Iterator[tuple[str, str]]:
        """Words that say what is counted, with its path: persons, households, or a fact that adds up."""
        for word, counted in COUNTED.items():
            for name, fact in self.record.facts().items():
                if getattr(fact, "rel_model", None) is counted:
                    yield word, name
        for name, derived in self.record.derived.items():
            if type(derived) is Count and derived.record() is Person and not derived.where:
                yield from ((word, name) for word in PERSONS)
        yield from ((label, path) for label, path in self.labels.items() if resolve(self.record, path).adds)

    # --- ages and periods ---

    def _ages(self, text: str) -> tuple[str, list[Condition]]:
        found: list[Condition] = []
        for pattern, operators in AGES if self.age else ():
            while match := pattern.search(text):
                numbers = [int(number) for number in match.groups()]
                found += [Compare(self.age, how, age) for how, age in zip(operators, numbers, strict=True)]
                text = text[: match.start()] + GAP + text[match.end() :]
        return text, found

    def _time_of_life(self, text: str) -> tuple[str, list[Condition]]:
        """老人 and 儿童, where no category said it already."""
        found: list[Condition] = []
        for words, operator, age in ((OLD, ">=", 60), (YOUNG, "<", 18)):
            for word in words if self.age else ():
                if word in text:
                    text = text.replace(word, GAP)
                    found.append(Compare(self.age, operator, age))
        return text, found

    def _period(self, text: str) -> tuple[str, list[Condition]]:
        for pattern, span in PERIODS if self.day else ():
            if match := re.search(pattern, text):
                first, after = span(match)
                text = text[: match.start()] + GAP + text[match.end() :]
                return text, [Compare(self.day, ">=", first), Compare(self.day, "<", after)]
        return text, []


Span = tuple[date, date]


def _months(year: int, month: int, number: int) -> Span:
    """So many months from the first day of one on: first day, and the day after the last."""
    first = date(year, month, 1)
    end = month - 1 + number
    return first, date(year + end // 12, end % 12 + 1, 1)


def _last_month(_: re.Match[str]) -> Span:
    before = today().replace(day=1) - timedelta(days=1)
    return _months(before.year, before.month, 1)


PERIODS: tuple[tuple[str, Callable[[re.Match[str]], Span]], ...] = (
    (r"(20\d\d)年(1[0-2]|0?[1-9])月份?", lambda m: _months(int(m[1]), int(m[2]), 1)),
    (r"(20\d\d)年第?([一二三四1-4])季度", lambda m: _months(int(m[1]), _quarter(m[2]), 3)),
    (r"(20\d\d)年度?", lambda m: _months(int(m[1]), 1, 12)),
    (r"第?([一二三四1-4])季度", lambda m: _months(today().year, _quarter(m[1]), 3)),
    (r"(1[0-2]|[1-9])月份?", lambda m: _months(today().year, int(m[1]), 1)),
    (r"本月|当月", lambda m: _months(today().year, today().month, 1)),
    (r"上月", _last_month),
    (r"上半年", lambda m: _months(today().year, 1, 6)),
    (r"下半年", lambda m: _months(today().year, 7, 6)),
    (r"本年度?|今年|当年|全年|累计", lambda m: _months(today().year, 1, 12)),
    (r"上年度?|去年", lambda m: _months(today().year - 1, 1, 12)),
)


def _quarter(sign: str) -> int:
    return ("一二三四".find(sign) if sign in "一二三四" else int(sign) - 1) * 3 + 1
