"""Conditions and paths as SQL, on one day, for both databases.

A `Frame` is one query in the making over one record: it gives a column for each path, adding the joins that the path
needs, and a WHERE for each condition. Every comparison is two-valued: an empty fact meets none but `!=` and 为空.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import peewee
from peewee import JOIN, fn

from app.models import scope
from app.models.conditions import And, Compare, Condition, Empty, Finds, Has, Not, Of, OneOf, Or, Today
from app.models.derived import Age, Apart, Count, First, Total
from app.models.fields import Link
from app.models.here import here, today
from app.models.part import Part
from app.models.paths import Path, chains, keeps, reached, related, resolve

TRUE, FALSE = peewee.SQL("(1 = 1)"), peewee.SQL("(1 = 0)")


class Frame:
    """A query over `record` as things stood on `day`."""

    def __init__(self, record: Any, day: date | None = None) -> None:
        self.record, self.day = record, day or today()
        self.root = record.alias()
        self._aliases: dict[tuple[str, ...], Any] = {(): self.root}
        self._joins: list[tuple[Any, Any, Any]] = []
        self.asked: dict[str, Path] = {}  # paths that were asked for, and the related rows: (record, link, condition)
        self.had: list[tuple[Any, str, Condition | None]] = []

    # --- columns ---

    def column(self, path: Path) -> Any:
        """What stands for a path in SELECT, ORDER BY and WHERE."""
        self.asked[path.text] = path
        alias, owner = self._follow(path.links), path.owner
        if isinstance(path.fact, Age):
            return getattr(alias, path.fact.born)
        if isinstance(path.fact, Count | First):
            return self._derived(path.fact, alias)
        if isinstance(path.fact, Apart):
            front = "".join(f"{link.name}." for link in path.links)
            ends = [resolve(self.record, f"{front}{text}.id") for text in (path.fact.one, path.fact.other)]
            one, other = map(self.column, ends)
            return peewee.Case(None, ((alias.id.is_null(), peewee.SQL("NULL")), (one != other, 1)), 0)
        return self._stored(alias, owner, path.name)

    def python(self, path: Path) -> Callable[[Any], Any]:
        """How a value of that column becomes a value of Python."""
        if isinstance(path.fact, Age):
            born, day = path.owner.facts()[path.fact.born], self.day
            return lambda stored: _age(born.python_value(stored), day)
        convert: Callable[[Any], Any] = path.fact.python_value
        return convert

    def select(self, *columns: Any, where: Any) -> Any:
        """SELECT these columns of the rows that meet `where`, with the joins that both asked for."""
        query = self.root.select(*columns)
        for source, target, on in self._joins:
            query = query.join_from(source, target, JOIN.LEFT_OUTER, on=on)
        return query.where(where)

    def present(self) -> Any:
        """Whether a row is true on the day; always, for a record that has no `since` and `until`."""
        return _present(self.root, self.record, self.day)

    def seen(self) -> Any:
        """Whether who is signed in may see a row."""
        meets = scope.seen(self)
        return TRUE if meets is None else meets

    def _follow(self, links: tuple[Link | Part, ...]) -> Any:
        """The alias at the end of these links, joined once however many paths go through it."""
        for length in range(1, len(links) + 1):
            names = tuple(link.name for link in links[:length])
            if names not in self._aliases:
                source, link = self._aliases[names[:-1]], links[length - 1]
                target = link.rel_model.alias()
                if isinstance(link, Part):
                    on = getattr(target, link.link) == source.id
                else:
                    on = target.id == self._stored(source, link.model, link.name)
                self._joins.append((source, target, on))
                self._aliases[names] = target
        return self._aliases[tuple(link.name for link in links)]

    def _stored(self, alias: Any, owner: Any, name: str) -> Any:
        """A stored fact as it was on the day: from the record of former values, or as it is."""
        column = getattr(alias, name)
        if not keeps(owner, name) or self.day >= today():
            return column
        former = owner.former.alias()
        held = (getattr(former, owner.former.of) == alias.id) & _active(former, self.day)
        earlier = former.select(getattr(former, name)).where(held).order_by(former.until, former.id).limit(1)
        return peewee.Case(None, ((fn.EXISTS(former.select(former.id).where(held)), earlier),), column)

    def _derived(self, fact: Any, alias: Any) -> Any:
        inner = Frame(fact.record(), self.day)
        where = self._of(inner, fact.link, alias) & inner.present()
        if alias is not self.root or not scope.follows(inner.record, fact.link):
            where &= inner.seen()
        if fact.where:
            from app.models.conditions import read

            where &= inner.where(read(fact.where, inner.record))
        if isinstance(fact, First):
            column = inner._stored(inner.root, inner.record, fact.of)
            return fn.NULLIF(inner.select(column, where=where).order_by(inner.root.id).limit(1), "")
        measure = fn.SUM(getattr(inner.root, fact.of)) if isinstance(fact, Total) else fn.COUNT(inner.root.id)
        return fn.COALESCE(inner.select(measure, where=where), 0).cast("BIGINT")  # sums of PostgreSQL are decimals

    def _of(self, inner: Frame, link: str, alias: Any) -> Any:
        """Whether a row of `inner` belonged to the row `alias` on the day; indexes serve the two halves of the OR."""
        now = getattr(inner.root, link) == alias.id
        if not keeps(inner.record, link) or self.day >= today():
            return now
        former = inner.record.former.alias()
        owner = getattr(former, inner.record.former.of)
        here_then = former.select(owner).where((getattr(former, link) == alias.id) & _active(former, self.day))
        then = inner._stored(inner.root, inner.record, link)
        return (now | inner.root.id.in_(here_then)) & (then == alias.id)

    # --- conditions ---

    def where(self, condition: Condition | None) -> Any:
        match condition:
            case None:
                return TRUE
            case And(parts):
                return _all([self.where(part) for part in parts])
            case Or(parts):
                return _any([self.where(part) for part in parts])
            case Not(part):
                return ~self.where(part)
            case Has(word, inner_where):
                record, link = related(self.record)[word]
                self.had.append((record, link, inner_where))
                inner = Frame(record, self.day)
                meets = self._of(inner, link, self.root) & inner.present() & inner.where(inner_where) & inner.seen()
                return fn.EXISTS(inner.select(inner.root.id, where=meets))
            case Finds(text):
                from app.models.search import found_by

                return found_by(self, text)
            case Of(word, key):
                ways = chains(self.record, reached(self.record)[word])
                return _any([_belongs(self.root, links, key) for links in ways])
            case Empty(path):
                resolved = resolve(self.record, path)
                column = self.column(resolved)
                unborn = column > str(self.day) if isinstance(resolved.fact, Age) else FALSE
                return column.is_null() | unborn
            case OneOf(path, values, named):
                return self._one_of(resolve(self.record, path), values, named)
            case Compare(path, operator, value):
                return self._compare(resolve(self.record, path), operator, value)

    def _compare(self, path: Path, operator: str, value: Any) -> Any:
        if operator == "!=":
            return ~self._compare(path, "=", value)
        if isinstance(value, Today):
            return self._compare(path, operator, path.fact.read(value.value(self.day)))
        column = self.column(path)
        if isinstance(path.fact, Age):
            return _compare_age(column, operator, value, self.day)
        if operator in ("含", "开头是"):
            pattern = ("%" if operator == "含" else "") + escaped(value) + "%"
            return column.is_null(False) & peewee.Expression(column, peewee.OP.ILIKE, like(pattern))
        if operator == "=":
            return self._one_of(path, (value,))
        return _known(path, column) & _OPERATORS[operator](column, _as_stored(path.fact, value))

    def _one_of(self, path: Path, values: tuple[Any, ...], named: bool = False) -> Any:
        if isinstance(path.fact, Age) or any(isinstance(value, Today) for value in values):
            return _any([self._compare(path, "=", value) for value in values])
        column, stored = self.column(path), [_as_stored(path.fact, value) for value in values]
        result = _known(path, column) & column.in_(stored)
        if path.former_too and not named:  # a village is also found by the names it had before
            target, former = self._follow(path.links), path.owner.former.alias()
            called = former.select(getattr(former, path.owner.former.of)).where(getattr(former, path.name).in_(stored))
            result |= target.id.is_null(False) & target.id.in_(called)
        return result


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
}


def _belongs(alias: Any, links: tuple[Link, ...], key: int) -> Any:
    """Whether a row leads to the row `key` through these links, the last of them now or by a former value.

    On whatever day: who once stood in a household has had his part in it.
    """
    link, farther = links[0], links[1:]
    column, former = getattr(alias, link.name), link.model.former
    if farther:
        target = link.rel_model.alias()
        led = target.select(target.id).where(_belongs(target, farther, key))
        return column.is_null(False) & column.in_(led)
    belongs = column.is_null(False) & (column == key)
    if not keeps(link.model, link.name):
        return belongs
    earlier = former.alias()
    return belongs | alias.id.in_(earlier.select(getattr(earlier, former.of)).where(getattr(earlier, link.name) == key))


def _known(path: Path, column: Any) -> Any:
    """Whether there is a value; a count is always one, and would be counted twice to see it."""
    return TRUE if isinstance(path.fact, Count) and not path.links else column.is_null(False)


def _all(parts: list[Any]) -> Any:
    """All of these; halved again and again: a condition over a thousand values must not nest a thousand deep."""
    if len(parts) < 2:
        return parts[0] if parts else TRUE
    half = len(parts) // 2
    return _all(parts[:half]) & _all(parts[half:])


def _any(parts: list[Any]) -> Any:
    return ~_all([~part for part in parts])


def _as_stored(fact: Any, value: Any) -> Any:
    fact = fact.fact if isinstance(fact, First) else fact
    return peewee.Value(fact.db_value(value) if hasattr(fact, "db_value") else value, converter=False)


def escaped(text: str) -> str:
    """Text with the wildcards of LIKE made plain."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def like(pattern: str) -> Any:
    """The right-hand side of a LIKE whose pattern went through `escaped`."""
    value = peewee.Value(pattern, converter=False)
    return value if here().file.is_server else peewee.NodeList((value, peewee.SQL("ESCAPE '\\'")))


def _active(alias: Any, day: date) -> Any:
    on = str(day)
    return (alias.since.is_null() | (alias.since <= on)) & (alias.until > on)


def _present(alias: Any, record: Any, day: date) -> Any:
    if not record.is_dated():
        return TRUE
    on = str(day)
    now = (alias.since.is_null() | (alias.since <= on)) & (alias.until.is_null() | (alias.until > on))
    if record.former is None or "since" not in record.former.facts() or day >= today():
        return now
    former = record.former.alias()
    owner = getattr(former, record.former.of)
    return now | fn.EXISTS(former.select(former.id).where((owner == alias.id) & _active(former, day)))


def _age(born: Any, day: date) -> tuple[int, int] | None:
    """The range of ages on a day; None for who was not yet born."""
    from app.models.dates import age_on

    return None if born is None or born.first > day else age_on(born, day)


def _compare_age(born: Any, operator: str, years: Any, day: date) -> Any:
    """Ages compared through birth dates, true only where a half-known birth date leaves no doubt.

    Who was not yet born on the day has no age. A range (62, 63) is compared for being exactly that range.
    """
    alive = born.is_null(False) & (born <= str(day))

    def at_least(age: int) -> Any:  # the latest day the birth can have been on is early enough
        if age <= 0:
            return alive
        last = born_by(day, age)
        month = last if last.day == monthrange(last.year, last.month)[1] else last.replace(day=1) - timedelta(days=1)
        year = last.year if (last.month, last.day) == (12, 31) else last.year - 1
        length = fn.LENGTH(born)
        return born.is_null(False) & (
            ((length == 10) & (born <= str(last)))
            | ((length == 7) & (born <= f"{month:%Y-%m}"))
            | ((length == 4) & (born <= f"{year:04}"))
        )

    def at_most(age: int) -> Any:  # the earliest day the birth can have been on is late enough
        return alive & (born > str(born_by(day, age + 1)))

    if isinstance(years, tuple):
        low, high = years
        if operator != "=":
            raise ValueError("年龄的范围只能用“=”或“!=”比较。")
        exact = at_least(low) & at_most(high)
        return exact if low == high else exact & ~at_least(low + 1) & ~at_most(high - 1)
    match operator:
        case ">=":
            return at_least(years)
        case ">":
            return at_least(years + 1)
        case "<=":
            return at_most(years)
        case "<":
            return at_most(years - 1)
        case "=":
            return at_least(years) & at_most(years)
    raise ValueError(f"年龄不能用“{operator}”比较。")


def born_by(day: date, age: int) -> date:
    """The last birth date of those who are `age` years old on `day`; 29 February counts as 1 March in common years."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:
        return date(day.year - age, 2, 28)
