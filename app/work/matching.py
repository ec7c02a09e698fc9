"""Rows of a list against the file: which row is whom, and what is new, changed, the same, to decide or refused.

The road of one row: its cells are read by their fields; its links are looked up by name; the rows of one block find or
make the row they hang on (a roster's household); then the row itself is found by what makes two the same. What is not
certain is asked, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from app.models.faults import Fault
from app.models.fields import Fact, Link
from app.models.here import here
from app.models.progress import Progress, unwatched
from app.models.record import Record, Values, converters, row_faults, stored
from app.work.lookup import Lookup
from app.work.plan import DECIDE, NEW, REFUSED, SAME, STEP, Choice, Given, Item, Parent, Plan, settle_with

Fill = Callable[[Given], dict[str, Any]]


def fillable(record: Any) -> dict[str, str]:
    """Every path that a list may fill, with its label: the record's facts, and those of the row it hangs on."""
    link = along(record)
    paths = {name: fact.label for name, fact in record.facts().items()}
    if link:
        parent = record.facts()[link].rel_model
        paths |= {f"{link}.{name}": fact.label for name, fact in parent.facts().items()}
        paths |= {f"{link}.{parent.shown_by}": parent.derived[parent.shown_by].label}
        del paths[link]
    return paths


def along(record: Any) -> str:
    """The link whose rows a list brings along, or nothing."""
    return next((name for name, fact in record.facts().items() if isinstance(fact, Link) and fact.made_along), "")


def plan_rows(
    record: Any, given: Iterable[Given], fill: Fill | None = None, progress: Progress = unwatched, total: int = 0
) -> Plan:
    """The plan for these rows. `fill` gives, for a row, values of paths that its sheet says in another place."""
    reading = Reading(record)
    items = []
    for number, row in enumerate(given):
        if number % STEP == 0:
            progress(number, total or number + 1, "读取单元格")
        items.append(reading.item(row, fill(row) if fill else {}))
    plan = Plan(record, items, reading.link, reading.notes)
    progress(len(items), len(items), "与已有登记核对")
    Matching(plan, reading).run()
    return plan


class Reading:
    """Cells → values, each distinct cell of a column read once."""

    def __init__(self, record: Any) -> None:
        self.record, self.link = record, along(record)
        self.same = [part.split() for part in record.same_as.split("|")]
        self.parent = record.facts()[self.link].rel_model if self.link else None
        self.notes: list[str] = []
        self.hints: dict[int, str] = {}  # item → what the sheet calls the row it hangs on (户主姓名)
        self.lookups: dict[Any, Lookup] = {}
        self._known: dict[str, dict[Any, Any]] = {}
        self._readers: dict[str, tuple[bool, str, Any]] = {path: self._target(path) for path in fillable(record)}

    def _target(self, path: str) -> tuple[bool, str, Any]:
        """For a path: whether it belongs to the parent, the fact's name and the fact."""
        link, _, name = path.rpartition(".")
        owner = self.parent if link else self.record
        return bool(link), name, owner.facts().get(name) or owner.derived[name]

    def item(self, given: Given, filled: dict[str, Any]) -> Item:
        item, parent = Item(given), {}
        links: list[tuple[str, dict[str, Any], str, Any, Any]] = []
        for path, cell in (filled | {p: c for p, c in given.values.items() if c is not None}).items():
            if cell is None or path not in self._readers:
                continue
            to_parent, name, fact = self._readers[path]
            values = parent if to_parent else item.values
            if isinstance(fact, Link):
                links.append((path, values, name, fact, cell))
                continue
            value = self._value(path, fact, cell)
            if isinstance(value, ValueError):
                item.left_out.append(Fault(path, str(value)))
            elif value is not None and isinstance(fact, Fact):
                values[name] = value
            elif value is not None:
                self.hints[id(item)] = value
        links.sort(key=lambda link: bool(getattr(link[3], "within", "")))  # a group is looked up in its village
        for path, values, name, fact, cell in links:
            lookup = self.lookups.get(path) or self.lookups.setdefault(path, Lookup(fact))
            found = lookup.find(cell, values.get(fact.within) if fact.within else None)
            if isinstance(found, str):
                item.left_out.append(Fault(path, found))
            elif found is not None:
                values[name] = found
        if parent or id(item) in self.hints:
            item.parent = Parent(parent)
        self._weigh(item)
        return item

    def _weigh(self, item: Item) -> None:
        """Cells that the row cannot do without: what makes two the same, what must be there, and amounts."""
        known = set(item.values)
        strong = self.same[0] if set(self.same[0]) <= known else [path for paths in self.same for path in paths]
        for fault in list(item.left_out):
            _, _, fact = self._readers[fault.path]
            if fault.path in strong or fact.required or fact.adds:
                item.left_out.remove(fault)
                item.refuse(fault.path, fault.sentence)

    def _value(self, path: str, fact: Any, cell: Any) -> Any:
        known = self._known.setdefault(path, {})
        mark = (type(cell), cell)
        if mark not in known:
            try:
                known[mark] = fact.read(cell)
            except ValueError as error:
                known[mark] = error
        return known[mark]


class Matching:
    """Finds for every item of a plan the row it means."""

    def __init__(self, plan: Plan, reading: Reading) -> None:
        self.plan, self.reading, self.record = plan, reading, plan.record
        self.same = reading.same

    def run(self) -> None:
        items = [item for item in self.plan.items if item.kind != REFUSED]
        self._by_first = self._index(self.same[0], items)
        for item in items:
            self.record.complete(item.values)
        self._refuse_repeated(items)
        if self.plan.link:
            from app.work.households import place_items  # the rows that a roster hangs on

            place_items(self)
        self._match([item for item in items if item.kind == NEW])
        for item in items:
            if item.kind == NEW and item.key is None:
                self._check_new(item)

    def first_key(self, item: Item) -> int | None:
        """The row that the strongest alternative of `same_as` finds."""
        mark = self._mark(self.same[0], item)
        found = self._by_first.get(mark, ()) if mark else ()
        return found[0] if len(found) == 1 else None

    def _mark(self, paths: list[str], item: Item) -> tuple[Any, ...] | None:
        """What stands at these paths in stored form, or None if not all are known."""
        marks = []
        for path in paths:
            link, _, rest = path.partition(".")
            if rest:
                value = item.parent and item.parent.values.get(rest)
            else:
                fact = self.record.facts()[path]
                value = item.values.get(path)
                value = value if value is None or isinstance(fact, Link) else fact.db_value(value)
            if value is None:
                return None
            marks.append(value)
        return tuple(marks)

    def _index(self, paths: list[str], items: list[Item]) -> dict[tuple[Any, ...], list[int]]:
        """The stored rows by what stands at these paths; links inside are compared by key."""
        table = self.record._meta.table_name
        columns, joins = [], ""
        for path in paths:
            link, _, rest = path.partition(".")
            if rest:
                fact = self.record.facts()[link]
                parent = fact.rel_model
                joins = f' JOIN "{parent._meta.table_name}" p ON p.id = r."{fact.column_name}"'
                columns.append(f'p."{parent.facts()[rest].column_name}"')
            else:
                columns.append(f'r."{self.record.facts()[path].column_name}"')
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        sql = f'SELECT r.id, {", ".join(columns)} FROM "{table}" r{joins} WHERE {known} ORDER BY r.id'
        index: dict[tuple[Any, ...], list[int]] = {}
        for key, *values in here().file.run(sql):
            index.setdefault(tuple(values), []).append(key)
        return index

    def _refuse_repeated(self, items: list[Item]) -> None:
        """The second row of the same one in a list is shown and refused."""
        for paths in self.same:
            seen: dict[tuple[Any, ...], Item] = {}
            for item in items:
                mark = self._mark(paths, item)
                if mark is None:
                    continue
                first = seen.setdefault(mark, item)
                if first is not item and item.kind != REFUSED and (paths == self.same[0] or not self._mark(self.same[0], item)):
                    item.refuse(paths[0], f"与 {first.given.sheet} 第 {first.given.row} 行重复，是同一{self.record.word}，只取前一行。")

    def _match(self, items: list[Item]) -> None:
        """Find the stored row of each item: certainly by the first alternative, by the others with care."""
        weaker = [(paths, self._index(paths, items)) for paths in self.same[1:]]
        certain: dict[int, Item] = {}
        for item in items:
            key = self.first_key(item)
            if key is None:
                key = self._by_weaker(item, weaker)
            if key is not None and item.kind == NEW:
                if key in certain:
                    item.refuse("", f"与 {certain[key].given.sheet} 第 {certain[key].given.row} 行指的是同一{self.record.word}。")
                else:
                    certain[key] = item
        images = stored(self.record, list(certain))
        converts, python = converters(self.record), {f.column_name: f.python_value for f in self.record.facts().values()}
        for key, item in certain.items():
            self._compare(item, key, images[key], converts, python)

    def _by_weaker(self, item: Item, weaker: list[tuple[list[str], dict[Any, list[int]]]]) -> int | None:
        for paths, index in weaker:
            mark = self._mark(paths, item)
            found = index.get(mark, []) if mark else []
            if not found:
                continue
            strong = self._mark(self.same[0], item)
            if len(found) == 1 and strong is None:
                return found[0]
            if strong is not None:  # the stored one may simply lack what this row knows
                found = [key for key in found if not self._knows_first(key)]
                if not found:
                    continue
            labels = "、".join(self._label(path) for path in paths)
            choices = [Choice(key, f"就是已登记的第 {number} 人") for number, key in enumerate(found, 1)]
            item.ask(f"已有 {len(found)} 名{labels}相同的{self.record.word}，是不是同一个？", *choices, Choice(None, "不是，新登记"))
            return None
        return None

    def _knows_first(self, key: int) -> bool:
        image = stored(self.record, [key])[key]
        return all(path in image for path in self.same[0])

    def _label(self, path: str) -> str:
        from app.models.paths import resolve

        return resolve(self.record, path).label

    def _compare(self, item: Item, key: int, image: dict[str, Any], converts: Any, python: dict[str, Any]) -> None:
        """Whether the row says anything that the stored image does not."""
        if self.record.is_dated() and image.get("until"):
            settle_with(item, key, image["rev"], self._python(image, python))
            item.ask(f"这名{self.record.word}已于 {image['until']} 离开，名单里为什么还有？", Choice(key, "只更新资料，不改变离开状态"))
            return
        if item.kind == DECIDE:
            return
        parent = item.parent.key if item.parent else None
        link_column = f"{self.plan.link}_id"
        if self.plan.link and item.parent and image[link_column] != parent:
            settle_with(item, key, image["rev"], self._python(image, python))
            item.parent = None
            item.ask("名单里他在另一户，已登记在别的户。换户请办“分户”或“婚迁”，这里只更新本人资料。", Choice(key, "只更新本人资料"))
            return
        said = {
            column: convert(item.values[name]) if convert else item.values[name]
            for name, column, convert in converts
            if item.values.get(name) is not None
        }
        item.key, item.rev = key, image["rev"]
        if said.items() <= image.items() and not (item.parent and item.parent.changed):
            item.kind = SAME
        else:
            settle_with(item, key, image["rev"], self._python(image, python))

    def _python(self, image: dict[str, Any], python: dict[str, Any]) -> dict[str, Any]:
        facts = self.record.facts()
        return {
            name: python[fact.column_name](image[fact.column_name])
            for name, fact in facts.items()
            if image.get(fact.column_name) is not None
        }

    def _check_new(self, item: Item) -> None:
        """The rules that a new row must meet, told now and not when it is written."""
        if item.kind != NEW:
            return
        row = Values(item.defaults | item.values)
        if item.parent:
            row[self.plan.link] = -1  # it will have one
        self.record.complete(row)
        for fault in row_faults(self.record, row):
            item.refuse(fault.path, fault.sentence)


