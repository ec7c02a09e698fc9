"""Cells of a list → values of a record, each distinct cell of a column read once (读单元格)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from app.models.faults import Fault
from app.models.fields import Fact, Link, Scan
from app.models.people import Person
from app.work.households import head_in_name
from app.work.lookup import Lookup, Somebody
from app.work.plan import Given, Item, Parent

Fill = Callable[[Given], dict[str, Any]]


def fillable(record: Any) -> dict[str, str]:
    """Every path that a list may fill, with its label: the record's facts, and those of the row it hangs on.

    A photograph cannot be written in a cell.
    """
    link = along(record)
    paths = {name: fact.label for name, fact in record.facts().items() if not isinstance(fact, Scan)}
    if link:
        parent = record.facts()[link].rel_model
        paths |= {f"{link}.{name}": fact.label for name, fact in parent.facts().items() if not isinstance(fact, Scan)}
        paths |= {f"{link}.{parent.shown_by}": parent.derived[parent.shown_by].label}
        del paths[link]
    for part in record.parts().values():
        paths |= {f"{part.name}.{name}": fact.label for name, fact in part.facts().items()}
    for name, fact in record.facts().items():
        if names_somebody(fact):
            del paths[name]
            paths |= {f"{name}.{told}": fact.rel_model.facts()[told].label for told in told_by(fact)}
    return paths


def names_somebody(fact: Any) -> bool:
    """Whether a list says whom a link means by his own facts, as the receiver of a delivery by name and ID number."""
    return isinstance(fact, Link) and fact.required and not fact.made_along and bool(fact.rel_model.search_by)


def told_by(link: Any) -> tuple[str, ...]:
    """The facts by which a list names the linked row: what makes two the same, then what it is called."""
    return *link.rel_model.same_as.split("|")[0].split(), link.rel_model.shown_by


def along(record: Any) -> str:
    """The link whose rows a list brings along, or nothing."""
    return next((name for name, fact in record.facts().items() if isinstance(fact, Link) and fact.made_along), "")


def _as_is(cells: Mapping[str, Any]) -> Mapping[str, Any]:
    return cells


OWN, OF_PARENT, HINT, LINK, WHO = range(5)  # where the value of a column goes
UNREAD = object()
REMEMBERED = 20_000  # different cells of a column: of names and numbers hardly any comes again


class Column:
    """How the cells under one path are read: `known` is cell → value, `wrong` cell → why it has none."""

    __slots__ = ("fact", "goes", "known", "link", "name", "of_parent", "path", "wrong")

    def __init__(self, path: str, record: Any, parent: Any) -> None:
        link, _, name = path.rpartition(".")
        part = record.parts().get(link)
        self.link = record.facts()[link] if link and not part and names_somebody(record.facts()[link]) else None
        owner = part or (self.link.rel_model if self.link else parent if link else record)
        self.path, self.name, self.of_parent = path, path if part else name, bool(link and not part)
        self.fact = owner.facts().get(name) or owner.derived[name]
        if self.link:
            self.goes = WHO
        elif isinstance(self.fact, Link):
            self.goes = LINK
        elif not isinstance(self.fact, Fact):
            self.goes = HINT
        else:
            self.goes = OF_PARENT if self.of_parent else OWN
        self.known: dict[Any, Any] = {}
        self.wrong: dict[Any, str] = {}

    def learn(self, mark: Any, cell: Any) -> Any:
        """Read a cell not met before, or long ago."""
        if len(self.known) == REMEMBERED:
            self.known.clear()
        value = None
        try:
            value = self.fact.read(cell)
        except ValueError as error:
            self.wrong[mark] = str(error)
        self.known[mark] = value
        return value


class Cells:
    """Reads the rows of one list. `given` are values that every row has, whatever it says."""

    def __init__(self, record: Any, given: Mapping[str, Any] = MappingProxyType({})) -> None:
        self.record, self.link, self.given = record, along(record), given
        self.same = [part.split() for part in record.same_as.split("|") if part.strip()]
        self.hints: dict[int, str] = {}  # item → what the sheet calls the row it hangs on (户主姓名)
        parent = record.facts()[self.link].rel_model if self.link else None
        self._columns = {path: Column(path, record, parent) for path in fillable(record)}
        self._lookups: dict[str, Lookup] = {}
        self._above: dict[tuple[str, int | None, str], Any] = {}  # block and link → its value on an earlier row
        self._somebody: dict[str, Somebody] = {}
        self._needed = {path for path, column in self._columns.items() if column.fact.required or column.fact.adds}
        self._needed |= {path.removesuffix(".id") for paths in self.same for path in paths}
        self._tidied: Callable[[Mapping[str, Any]], Mapping[str, Any]] = head_in_name if record is Person else _as_is

    def item(self, given: Given, filled: Mapping[str, Any]) -> Item:
        """One row read. `filled` are values for paths that its own cells leave unsaid."""
        item, parent = Item(given), {}
        who: dict[Any, dict[str, Any]] = {}
        own, links, columns = item.values, [], self._columns
        cells: Mapping[str, Any] = given.values
        if filled:
            cells = {**filled, **{path: cell for path, cell in cells.items() if cell is not None}}
        for path, cell in self._tidied(cells).items():
            if cell is None or (column := columns.get(path)) is None:
                continue
            goes = column.goes
            if goes == LINK:
                links.append((column, cell))
                continue
            mark = cell if type(cell) is str else (type(cell), cell)  # 1, 1.0 and True are not the same cell
            value = column.known.get(mark, UNREAD)
            if value is UNREAD:
                value = column.learn(mark, cell)
            if value is None:
                if mark in column.wrong:
                    item.left_out.append(Fault(path, column.wrong[mark]))
            elif goes == OWN:
                own[column.name] = value
            elif goes == WHO:
                who.setdefault(column.link, {})[column.name] = value
            elif goes == OF_PARENT:
                parent[column.name] = value
            else:
                self.hints[id(item)] = value
        if links:
            self._follow(item, parent, links)
        for link, told in who.items():
            self._find_somebody(item, link, told)
        if parent or id(item) in self.hints:
            item.parent = Parent(parent)
        if self.given:
            own.update(self.given)
        if item.left_out:
            self._weigh(item)
        return item

    def _find_somebody(self, item: Item, link: Any, told: dict[str, Any]) -> None:
        """Find whom the row means; a row about nobody known is refused."""
        somebody = self._somebody.get(link.name) or self._somebody.setdefault(link.name, Somebody(link, told_by(link)))
        found = somebody.find(told)
        if isinstance(found, int):
            item.values[link.name] = found
        else:
            item.refuse(f"{link.name}.{next(iter(told))}", found)

    def _follow(self, item: Item, parent: dict[str, Any], links: list[tuple[Column, Any]]) -> None:
        """Look up the rows that cells name, those within another (a group in its village) after it."""
        for column, cell in sorted(links, key=lambda link: bool(link[0].fact.within)):
            values, within = parent if column.of_parent else item.values, column.fact.within
            lookup = self._lookups.get(column.path)
            if lookup is None:
                lookup = self._lookups[column.path] = Lookup(column.fact)
            above = None
            if within:
                block = item.given.sheet, item.given.block, within
                above = values.get(within)
                above = self._above.get(block) if above is None and item.given.block is not None else above
                self._above[block] = above
            if within and above is None and any(fault.path == f"{self.link}.{within}" for fault in item.left_out):
                continue  # told already: its village is not known
            found = lookup.find(cell, above)
            if isinstance(found, str):
                item.left_out.append(Fault(column.path, found))
            elif found is not None:
                values[column.name] = found

    def _weigh(self, item: Item) -> None:
        """Refuse the row for cells it cannot do without: what makes two the same, what must be there, and amounts."""
        strong = bool(self.same) and set(self.same[0]) <= item.values.keys()  # known by it, whatever else is unread
        for fault in list(item.left_out):
            fact = self._columns[fault.path].fact
            if fault.path in self._needed and not (strong and not fact.required and not fact.adds):
                item.left_out.remove(fault)
                item.refuse(fault.path, fault.sentence)

    def made_along(self, items: Iterable[Item]) -> tuple[dict[int, tuple[Any, dict[str, Any]]], list[str]]:
        """Rows of other records that these rows name first, and the sentences that say so."""
        lookups = [lookup for lookup in self._lookups.values() if lookup.made]
        made: dict[int, tuple[Any, dict[str, Any]]] = {}
        notes: list[str] = []
        if not lookups:
            return made, notes
        named = {value for item in items for value in _keys_in(item)}
        for lookup in lookups:
            for key, values in lookup.made.items():
                if key in named:
                    made[key] = lookup.link.rel_model, values
                    notes.append(f"将新建{lookup.link.label}：{lookup.title_of(values['parent'])} {values['name']}。")
        return made, notes


def _keys_in(item: Item) -> list[int]:
    parent = item.parent.values if item.parent else {}
    return [value for value in (*item.values.values(), *parent.values()) if type(value) is int]
