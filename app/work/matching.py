"""Rows of a list against the file: which row is whom, and what is new, changed, the same, to decide or refused.

The rows come read (`cells.py`). The rows of one block find or make the row they hang on (a roster's household); then
each row itself is found by what makes two the same. What is not certain is asked, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from app.models.fields import Link
from app.models.here import here, today
from app.models.operation import demand
from app.models.part import Part
from app.models.paths import resolve
from app.models.people import Person
from app.models.progress import Progress, unwatched
from app.models.record import Values, converters, row_faults, stored
from app.work import choices
from app.work.cells import Cells, Fill
from app.work.doubts import tell_doubts, tell_namesakes, whole_birth
from app.work.households import ask_where, place_items
from app.work.plan import (
    DECIDE,
    NEW,
    PIECE,
    REFUSED,
    SAME,
    STEP,
    Choice,
    Given,
    Item,
    Plan,
    of_part,
    parts_named,
    python_image,
    settle_with,
    undisturbed,
    values_of_parts,
)  # fmt: skip

Mark = tuple[Any, ...]
Index = dict[Mark, list[int]]


def plan_rows(
    record: Any, given: Iterable[Given], fill: Fill | None = None, progress: Progress = unwatched, total: int = 0,
    every: Mapping[str, Any] = MappingProxyType({}),
) -> Plan:  # fmt: skip
    """The plan for these rows. `fill` gives, for a row, values of paths that its sheet says in another place; `every`
    are values that all of them have, because the ledger they are taken into says so."""
    demand("import", f"核对名单：{record.word}")  # what is the same or other tells what is registered
    cells = Cells(record, every)
    items: list[Item] = []
    with undisturbed():
        for number, row in enumerate(given):
            if number % STEP == 0:
                progress(number, total or number + 1, "读取单元格")
            items.append(cells.item(row, fill(row) if fill else {}))
        plan = Plan(record, items, cells.link)
        progress(len(items), len(items), "与已有登记核对")
        Matching(plan, cells).run()
        plan.keep_within()
    plan.along, notes = cells.made_along(item for item in items if item.kind != REFUSED)
    plan.notes += notes
    return plan


def _may_lead_nowhere(fact: Any) -> bool:
    return isinstance(fact, Link) and not fact.required


class Matching:
    """Finds for every item of a plan the row it means.

    `homeless` are rows of which the list does not say what they hang on: they may only be somebody known. `unsure` are
    those that hang where they do only because cells are blank, and why.
    """

    def __init__(self, plan: Plan, cells: Cells) -> None:
        self.plan, self.cells, self.record, self.same = plan, cells, plan.record, cells.same
        self.homeless: set[int] = set()
        self.unsure: dict[int, str] = {}
        self._asked: list[tuple[Item, list[int], bool]] = []
        self._known_first: set[int] = set()

    def run(self) -> None:
        items = [item for item in self.plan.items if item.kind != REFUSED]
        for item in items:
            whole_birth(item.values)
            said = len(item.values)
            before = set(item.values) if "id_number" in item.values else None
            self.record.complete(item.values)
            if before is not None and len(item.values) > said:
                item.derived = frozenset(item.values.keys() - before)
        if self.same:
            self._find_first(items)
            self._refuse_repeated(items, self.same[0])
            place_items(self)
            for paths in self.same[1:]:
                self._refuse_repeated(items, paths)
            self._match([item for item in items if item.kind == NEW])
            self._describe_asked()
        else:
            self._match_whole(items)
        parts = parts_named(self.record, items)
        for item in items:
            if item.kind == NEW:
                self._check_new(item, parts)
            if item.kind == NEW and id(item) in self.unsure:
                ask_where(item, self.unsure[id(item)])
        tell_doubts(self.record, (item for item in items if item.kind not in (SAME, REFUSED)))
        if self.record is Person:
            tell_namesakes(self.plan.items)

    # --- which stored row ---

    def first_key(self, item: Item) -> int | None:
        """The row that the strongest alternative of `same_as` finds."""
        return self._first.get(id(item))

    def _find_first(self, items: Sequence[Item]) -> None:
        index, mark = self._index(self.same[0]), self._marker(self.same[0])
        self._known_first = {key for keys in index.values() for key in keys}
        self._first = {}
        for item in items:
            found = index.get(mark(item) or (), ())
            if len(found) == 1:
                self._first[id(item)] = found[0]

    def _match_whole(self, items: Sequence[Item]) -> None:
        """Where nothing tells two rows apart, a row is the same as a stored one that says all it says; each once."""
        names = list(dict.fromkeys(name for item in items for name in item.values))
        columns = [self.record.facts()[name].column_name for name in names]
        convert = {name: how for name, _, how in converters(self.record)}
        listed = "".join(f', "{column}"' for column in columns)
        stored_rows: Index = {}
        for key, *values in here().file.run(f'SELECT id{listed} FROM "{self.record._meta.table_name}" ORDER BY id'):
            stored_rows.setdefault(tuple(values), []).append(key)
        for item in items:
            said = [(item.values.get(name), convert[name]) for name in names]
            mark = tuple(how(value) if how and value is not None else value for value, how in said)
            if found := stored_rows.get(mark):
                item.kind, item.key = SAME, found.pop(0)

    def _marker(self, paths: Sequence[str]) -> Callable[[Item], Mark | None]:
        """A function giving what stands at these paths of an item in stored form, or None if not all are known.

        A link that may be empty is known then, too: a county stands below nothing, a posting is to a village or a grid.
        """
        facts, link = self.record.facts(), self.plan.link
        readers: list[tuple[str, str, Any, bool]] = []
        for path in paths:
            path = path.removesuffix(".id")
            _, _, rest = path.partition(".")
            fact = facts.get(path)
            convert = None if rest or isinstance(fact, Link) else fact.db_value
            readers.append((path, rest, convert, _may_lead_nowhere(fact)))

        def mark(item: Item) -> Mark | None:
            marks = []
            for path, rest, convert, may_lack in readers:
                if rest:
                    value = item.parent and item.parent.values.get(rest)
                elif path == link:
                    value = item.parent and item.parent.key
                else:
                    value = item.values.get(path)
                if value is None and not may_lack:
                    return None
                marks.append(convert(value) if convert else value)
            return tuple(marks)

        return mark

    def _index(self, paths: Sequence[str]) -> Index:
        """The stored rows by what stands at these paths; links inside are compared by key."""
        table = self.record._meta.table_name
        columns, needed, joins = [], [], ""
        for path in paths:
            link, _, rest = path.removesuffix(".id").partition(".")
            if rest:
                fact = self.record.facts()[link]
                parent = fact.rel_model
                joins = f' JOIN "{parent._meta.table_name}" p ON p.id = r."{fact.column_name}"'
                columns.append(f'p."{parent.facts()[rest].column_name}"')
            else:
                columns.append(f'r."{self.record.facts()[link].column_name}"')
            if rest or not _may_lead_nowhere(self.record.facts()[link]):
                needed.append(columns[-1])
        known = " AND ".join(f"{column} IS NOT NULL" for column in needed)
        if self.record.again:  # what ended is another one
            known += f" AND (r.until IS NULL OR r.until > '{today()}')"
        sql = f'SELECT r.id, {", ".join(columns)} FROM "{table}" r{joins} WHERE {known} ORDER BY r.id'
        index: Index = {}
        for key, *values in here().file.run(sql).fetchall():
            index.setdefault(tuple(values), []).append(key)
        return index

    def _refuse_repeated(self, items: Sequence[Item], paths: Sequence[str]) -> None:
        """The second row of the same one in a list is shown and refused."""
        mark, strong = self._marker(paths), self._marker(self.same[0])
        first_way = paths == self.same[0]
        if not first_way and all(strong(item) is not None for item in items):
            return
        seen: dict[Mark, Item] = {}
        for item in items:
            found = mark(item) if item.kind != REFUSED else None
            if found is None:
                continue
            first = seen.setdefault(found, item)
            if first is not item and (first_way or strong(item) is None):
                where = f"{first.given.sheet} 第 {first.given.row} 行"
                said = f"与 {where}重复，是同一{self.record.word}，只取前一行。"
                if first_way and (names := self._two_names(first.values, item)):
                    label = resolve(self.record, paths[0]).label
                    said = f"{label}与 {where}的“{names[0]}”相同，姓名却不同，请核对是哪一行写错了。"
                item.refuse(paths[0], said)

    def _two_names(self, known: Mapping[str, Any], item: Item) -> tuple[str, str] | None:
        """What two that are told by something else than their name are called, where that differs."""
        name = self.record.shown_by
        one, other = known.get(name), item.values.get(name)
        return None if name in self.same[0] or not one or not other or one == other else (one, other)

    def _match(self, items: Sequence[Item]) -> None:
        """Find the stored row of each item: certainly by the first alternative, by the others with care."""
        ways = list(self.same[1:])
        if self.plan.link:
            ways.append([self.record.shown_by, self.plan.link])  # in one household a name is nearly a person
        weaker = []
        if any(self.first_key(item) is None for item in items):  # else nobody would look into what takes long to build
            weaker = [(paths, self._marker(paths), index) for paths in ways if (index := self._index(paths))]
        certain: dict[int, Item] = {}
        for item in items:
            key = self.first_key(item)
            if key is None:
                key = self._by_weaker(item, weaker)
            if key is None:
                if item.kind == NEW and id(item) in self.homeless:
                    self._refuse_homeless(item)
            elif (first := certain.setdefault(key, item)) is not item:
                item.refuse("", f"与 {first.given.sheet} 第 {first.given.row} 行指的是同一{self.record.word}。")
        keys, converts = list(certain), converters(self.record)
        for start in range(0, len(keys), PIECE):
            part = keys[start : start + PIECE]
            images, self._of_parts = stored(self.record, part), values_of_parts(self.record, part)
            for key in part:
                self._compare(certain[key], key, images[key], converts)

    def _by_weaker(self, item: Item, weaker: Sequence[tuple[list[str], Any, Index]]) -> int | None:
        for paths, mark, index in weaker:
            found = index.get(mark(item) or (), [])
            if not found:
                continue
            at_home = self.plan.link in paths
            knows = set(self.same[0]) <= item.values.keys()
            if not knows and len(found) == 1 and (not at_home or self._agrees(item, found[0])):
                return found[0]
            if knows and not at_home:  # the stored one may simply lack what this row knows
                found = [key for key in found if key not in self._known_first]
                if not found:
                    continue
            labels = "、".join(resolve(self.record, path).label for path in paths)
            item.ask("twin", f"已有 {len(found):,} 名{labels}相同的{self.record.word}，是不是同一个？")
            self._asked.append((item, found, id(item) not in self.homeless))
            return None
        return None

    def _agrees(self, item: Item, key: int) -> bool:
        """Whether a namesake in the same household can be the one: nothing that both know of him differs."""
        image = stored(self.record, [key])[key]
        old = python_image(self.record, image)
        both = {"sex", "birth"} & old.keys() & item.values.keys()
        return all(item.values[name] == old[name] for name in both)

    def _describe_asked(self) -> None:
        """Say which stored rows each question is about: all of them looked up at once."""
        keys = list(dict.fromkeys(key for _, found, _ in self._asked for key in found))
        told = {choice.key: choice.whole for choice in choices.described(self.record, keys)} if keys else {}
        for item, found, may_be_new in self._asked:
            new = (Choice(None, "不是，新登记"),) if may_be_new else ()
            item.choices = (*(Choice(key, f"就是 {told[key]}") for key in found), *new)

    def _refuse_homeless(self, item: Item) -> None:
        said = f"表里没有户主或户编号，看不出他属于哪一户；登记新的{self.record.word}请补上户主姓名或户编号。"
        item.refuse(f"{self.plan.link}.head", said)

    # --- what it says ---

    def _compare(self, item: Item, key: int, image: dict[str, Any], converts: Any) -> None:
        """Whether the row says anything that the stored image does not."""
        facts, of_parts = self.record.facts(), self._of_parts.get(key, {})
        for name in item.derived:
            if facts[name].column_name in image:
                del item.values[name]  # what only follows from the ID number changes nothing that is known
        if self.record.is_dated() and image.get("until"):
            settle_with(item, key, image["rev"], python_image(self.record, image) | of_parts)
            item.parent = None
            item.ask(
                "departed", f"这名{self.record.word}已于 {image['until']} 离开，名单里为什么还有？",
                Choice(key, "只更新资料，不改变离开状态"),
            )  # fmt: skip
            return
        if item.kind == DECIDE:
            return
        if id(item) in self.homeless:
            item.parent = None
        if item.parent and image[facts[self.plan.link].column_name] != item.parent.key:
            settle_with(item, key, image["rev"], python_image(self.record, image) | of_parts)
            item.parent = None
            item.ask(
                "elsewhere", "名单里他在另一户，已登记在别的户。换户请办“分户”或“婚迁”，这里只更新本人资料。",
                Choice(key, "只更新本人资料"),
            )  # fmt: skip
            return
        said = {
            column: convert(item.values[name]) if convert else item.values[name]
            for name, column, convert in converts
            if item.values.get(name) is not None
        }
        item.key, item.rev = key, image["rev"]
        more = any("." in name and of_parts.get(name) != value for name, value in item.values.items())
        if said.items() <= image.items() and not more and not (item.tells and item.parent and item.parent.changed):
            item.kind = SAME
        else:
            settle_with(item, key, image["rev"], python_image(self.record, image) | of_parts)
            if self.first_key(item) == key and (names := self._two_names(item.old, item)):
                label = resolve(self.record, self.same[0][0]).label
                asked = f"这个{label}登记的是“{names[0]}”，名单里写的是“{names[1]}”，请核对号码，是同一人才改名。"
                item.ask("renamed", asked, Choice(key, f"是同一人，改名为“{names[1]}”"))

    def _check_new(self, item: Item, parts: Sequence[Part]) -> None:
        """The rules that a new row must meet, told now and not when it is written."""
        row = Values(item.defaults | item.values)
        if item.parent:
            row[self.plan.link] = -1  # it will have one
        for fault in row_faults(self.record, row):
            item.refuse(fault.path, fault.sentence)
        for part in parts:
            if said := of_part(part, item.values):
                for fault in row_faults(part.record(), Values(said | {part.link: -1})):
                    item.refuse(f"{part.name}.{fault.path}", fault.sentence)
