"""The households of a roster: which rows stand in one, which stored one it is, and which are new (户的归并)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from app.models.codes import table
from app.models.faults import Fault
from app.models.here import here
from app.models.people import HEAD, Household, Person
from app.models.record import stored
from app.work.numbers import next_number
from app.work.plan import REFUSED, Choice, Item, Parent, python_image

OTHER = "80"  # 其他, where a list does not say the relation to the head
UNVERIFIED = "5"  # 身份待核实, where a list has neither an ID number nor a reason

_headed = re.compile(r"(.+?)\s*[(（]\s*户\s*主\s*[)）]\s*").fullmatch


def head_in_name(cells: Mapping[str, Any]) -> Mapping[str, Any]:
    """The cells of a row with 王小二（户主） understood: the name alone, and the relation where it is left empty."""
    tidy = cells
    for path in ("name", "household.head"):
        cell = cells.get(path)
        if type(cell) is not str or "主" not in cell or not (found := _headed(cell)):
            continue
        tidy = dict(tidy)
        said = cells.get("relation")
        if path == "household.head":
            tidy[path] = found[1]
        elif said is None or _is_head(said):
            tidy[path], tidy["relation"] = found[1], table("relation").show(HEAD)
    return tidy


def _is_head(cell: Any) -> bool:
    try:
        return table("relation").read(cell) == HEAD
    except ValueError:
        return False


def place_items(matching: Any) -> None:
    """Give the rows of each block one parent: a stored household, a new one, or none where the list names none."""
    plan, hints = matching.plan, matching.cells.hints
    if plan.record is not Person:
        return
    open_items = [item for item in plan.items if item.kind != REFUSED]
    blocks = _blocks(open_items, hints)
    known = _Known()
    parents = [_household_of(items, known, hints, matching.first_key) for items in blocks]
    known.fill([parent for parent in parents if parent.key is not None])
    for items, parent in zip(blocks, parents, strict=True):
        head = next((hints[id(item)] for item in items if id(item) in hints), None)
        stored_head = known.heads.get(parent.key or 0)
        _relations(items, head, stored_head is not None)
        _one_head(items, stored_head, matching.first_key)
        _same_place(items, parent)
        for item in items:
            item.parent = parent
            if ended := known.ended.get(parent.key or 0):
                item.refuse("household.number", f"这一户已于 {ended} 注销，请核对户编号，或先办“恢复户”。")
        if not any(item.given.sure for item in items):
            matching.unsure |= {id(item): "head" for item in items}
        else:
            matching.unsure |= {
                id(item): "member" for item in items if not item.given.sure and "relation" not in item.values
            }
    _without_household(matching, open_items)
    _number_new(plan, parents)
    _tell_defaults(plan, open_items)


# --- blocks ---


def _blocks(items: Sequence[Item], hints: dict[int, str]) -> list[list[Item]]:
    """Rows by household: as the sheet's blocks; those with one number in one village are one, wherever they stand."""
    blocks: dict[Any, list[Item]] = {}
    for item in items:
        facts = item.parent.values if item.parent else {}
        named = facts.get("number") or hints.get(id(item))
        if item.given.block is not None:
            mark: Any = (item.given.sheet, item.given.block)
        elif named:
            mark = (facts.get("village"), facts.get("group"), named)
        else:
            continue
        blocks.setdefault(mark, []).append(item)
    houses: dict[Any, list[Item]] = {}
    for mark, members in blocks.items():
        number, village = _said(members, "number"), _said(members, "village")
        house = houses.setdefault((village, number) if number and village else mark, [])
        if house and _two_houses(house, members, hints):
            for item in members:
                where = f"{house[0].given.sheet} 第 {house[0].given.row} 行"
                item.refuse("household.number", f"户编号 {number} 与 {where}那一户重复，户主却不同，请核对户编号。")
        else:
            house += members
    return list(houses.values())


def _said(items: Sequence[Item], name: str) -> Any:
    """What the first row of a block that says it says of the household."""
    return next((item.parent.values[name] for item in items if item.parent and name in item.parent.values), None)


def _two_houses(first: Sequence[Item], second: Sequence[Item], hints: dict[int, str]) -> bool:
    """Whether two blocks of one number are headed by different persons."""

    one, other = _head_of(first, hints), _head_of(second, hints)
    return bool(one and other and one != other)


def _head_of(items: Sequence[Item], hints: dict[int, str]) -> str | None:
    """The name of the head as a block tells it: in its column 户主姓名, else on the row whose relation is 户主."""
    named = next((hints[id(item)] for item in items if id(item) in hints), None)
    return named or next((item.values.get("name") for item in items if item.values.get("relation") == HEAD), None)


# --- the stored household ---


class _Known:
    """The stored households, by what a list may say of them."""

    def __init__(self) -> None:
        run = here().file.run
        self.by_number: dict[tuple[int, str], int] = {}
        self.ended: dict[int, str] = {}
        for key, village, number, until in run("SELECT id, village_id, number, until FROM household").fetchall():
            self.by_number[village, number] = key
            if until:
                self.ended[key] = until
        self.of_person: dict[int, int] = dict(run("SELECT id, household_id FROM person").fetchall())
        self.heads: dict[int, tuple[int, str]] = {}
        self.by_head: dict[tuple[int, str], list[int]] = {}
        sql = (
            "SELECT h.id, h.village_id, p.id, p.name FROM person p JOIN household h ON h.id = p.household_id "
            "WHERE p.relation = ? AND p.until IS NULL AND h.until IS NULL"
        )
        for household, village, person, name in run(sql, (HEAD,)).fetchall():
            self.heads[household] = (person, name)
            self.by_head.setdefault((village, name), []).append(household)

    def household(self, values: dict[str, Any], head: str | None, persons: Sequence[int], rows: int) -> int | None:
        """The stored household of a block of so many rows, of whom `persons` are stored.

        By its members, if most of them or its head stand there: one who married out of it does not draw the others
        in. Else by its number; else, where the list has no numbers, by its head's name if it is the only one of the
        village.
        """
        at = Counter(self.of_person[person] for person in persons)
        village, number = values.get("village"), values.get("number")
        numbered = self.by_number.get((village, number)) if village and number else None
        if at:
            key, there = at.most_common(1)[0]
            if key == numbered or there * 2 > rows or self._headed_by(key, head):
                return key
        if number or not (village and head):
            return numbered
        named = self.by_head.get((village, head), [])
        return named[0] if len(named) == 1 else None

    def _headed_by(self, key: int, head: str | None) -> bool:
        return head is None or key not in self.heads or self.heads[key][1] == head

    def strange(self, key: int | None, head: str | None, persons: Sequence[int]) -> str | None:
        """The head of a stored household that only shares its number with a block: nobody of it stands there."""
        if key is None or self._headed_by(key, head) or any(self.of_person[person] == key for person in persons):
            return None
        return self.heads[key][1]

    def fill(self, parents: Sequence[Parent]) -> None:
        """Tell the parents how their households are stored, all at once."""
        images = stored(Household, [parent.key for parent in parents if parent.key])
        for parent in parents:
            image = images[parent.key or 0]
            parent.rev, parent.old = image["rev"], python_image(Household, image)
            parent.values.pop("number", None)  # a list's own numbering does not rename our households


def _household_of(items: Sequence[Item], known: _Known, hints: dict[int, str], first_key: Any) -> Parent:
    """The household of a block: its facts from whichever line has them first, and its key where it is stored."""
    values: dict[str, Any] = {}
    for item in items:
        if item.parent:
            item.tells = frozenset(item.parent.values.keys() - values.keys())
            values = item.parent.values | values
    persons = [key for item in items if (key := first_key(item)) is not None]
    head = _head_of(items, hints)
    parent = Parent(values, known.household(values, head, persons, len(items)))
    if other := known.strange(parent.key, head, persons):
        for item in items:
            said = f"本村户编号 {values.get('number')} 已登记为{other}户，名单里户主是{head}，请核对户编号。"
            item.refuse("household.number", said)
    return parent


def _same_place(items: Sequence[Item], parent: Parent) -> None:
    """A list does not move a household to another village: that is told, and done by its own verb."""
    village = parent.values.get("village")
    if parent.key is None or village in (None, parent.old.get("village")):
        return
    items[0].doubts.append(
        Fault("household.village", "这一户登记在别的村，没有改动；确实换了村的，请在户台账里改行政村，再导入。")
    )
    parent.values = {name: value for name, value in parent.values.items() if name not in ("village", "group")}


# --- heads and relations ---


def _relations(items: Sequence[Item], head: str | None, has_head: bool) -> None:
    """Relations that the list left unsaid: the head is who bears the head's name, else the first line; others 其他."""
    heads: Sequence[Item] = ()
    if not has_head and not any(item.values.get("relation") == HEAD for item in items):
        named = [item for item in items if head and item.values.get("name") == head]
        heads = named or ([] if head else items[:1])
    for item in items:
        if "relation" not in item.values:
            item.defaults["relation"] = HEAD if item in heads[:1] else OTHER


def _relation(item: Item) -> str | None:
    return item.values.get("relation") or item.defaults.get("relation")


def _one_head(items: Sequence[Item], stored_head: tuple[int, str] | None, first_key: Any) -> None:
    heads = [item for item in items if _relation(item) == HEAD and item.kind != REFUSED]
    for item in heads[1:]:
        first = heads[0].given
        item.refuse("relation", f"一户只能有一名户主，{first.sheet} 第 {first.row} 行已是户主，请核对。")
    if not heads or not stored_head:
        return
    person, name = stored_head
    if first_key(heads[0]) != person and heads[0].values.get("name") != name:
        heads[0].refuse("relation", f"本户登记的户主是{name}，换户主请先办“变更户主”，再导入。")


def ask_where(item: Item, why: str) -> None:
    """Ask of a new row that the sheet does not clearly put into a household: `head` it may begin one, or `member`."""
    if why == "head":
        question = "这一行没有写户编号和户主，却像是另起一户：是新的一户吗？不是的请在表里写清楚再导入。"
        item.ask("unsure head", question, Choice(None, "是新的一户"))
    else:
        question = "这一行没有写户主，是否属于上面一户？"
        item.ask("unsure", question, Choice(None, "属于上面一户"))


# --- what a list leaves unsaid ---


def _without_household(matching: Any, items: Sequence[Item]) -> None:
    """Rows that no block holds may only be somebody known; new households need a village."""
    for item in items:
        parent = item.parent
        if item.kind == REFUSED:
            continue
        if parent is None or (parent.key is None and not item.tells and not _placed(item)):
            matching.homeless.add(id(item))
        elif parent.key is None and not parent.values.get("village"):
            if matching.first_key(item) is None:
                item.refuse("household.village", "看不出是哪个村的，请补上行政村，或在预览里指定这张表是哪个村。")
            else:
                item.parent = None


def _placed(item: Item) -> bool:
    return item.given.block is not None or bool(item.parent and item.parent.values.get("number"))


def _tell_defaults(plan: Any, items: Sequence[Item]) -> None:
    """Say once in the plan's notes what new people get where the list says nothing."""
    guessed = [item for item in items if item.kind != REFUSED and item.defaults.get("relation") == OTHER]
    if guessed:
        plan.notes.append(f"{len(guessed):,} 人没有写与户主关系，其中新登记的先记为“其他”，请以后补正。")
    missing = [item for item in items if not item.values.keys() & {"id_number", "document_number", "no_id_reason"}]
    for item in missing:
        item.defaults["no_id_reason"] = UNVERIFIED
    if missing:
        plan.notes.append(f"{len(missing):,} 人没有身份证号，其中新登记的先记为“身份待核实”。")


def _number_new(plan: Any, parents: Sequence[Parent]) -> None:
    """Give each new household without a number the next one of its village."""
    fresh = [parent for parent in parents if parent.key is None and parent.values.get("village")]
    told = {(parent.values["village"], parent.values["number"]) for parent in fresh if parent.values.get("number")}
    numbers: dict[int, Iterator[str]] = {}
    made = 0
    for parent in fresh:
        village = parent.values["village"]
        if parent.values.get("number"):
            continue
        following = numbers.setdefault(village, free_numbers(village))
        parent.values["number"] = next(number for number in following if (village, number) not in told)
        made += 1
    if made:
        plan.notes.append(f"{made:,} 户没有户编号，按各村顺序编了新号。")


def free_numbers(village: int) -> Iterator[str]:
    """The next free household numbers of a village, shaped as those it has."""
    found = re.fullmatch(r"(.*?)(\d+)", next_number(village))
    assert found is not None
    start, digits = found.groups()
    return (f"{start}{number:0{len(digits)}}" for number in count(int(digits)))
