"""The households of a roster: which rows stand in one, which stored one it is, and which are new (户的归并)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.models.here import here
from app.models.people import HEAD, Household, Person
from app.models.record import stored
from app.work.plan import REFUSED, Choice, Item, Parent

OTHER = "80"  # 其他, where a list has no column for the relation to the head
UNVERIFIED = "5"  # 身份待核实, where a list has neither an ID number nor a reason


def place_items(matching: Any) -> None:
    """Give the rows of each block one parent: a stored household, a new one, or none where the list names none."""
    plan, reading = matching.plan, matching.reading
    if plan.record is not Person:
        return
    open_items = [item for item in plan.items if item.kind != REFUSED]
    _default(plan, open_items)
    known = _Known()
    for items in _blocks(open_items, reading.hints).values():
        parent = _merged(items)
        head = next((reading.hints[id(item)] for item in items if id(item) in reading.hints), None)
        _relations(items, head)
        parent.key = known.household(parent, head, [matching.first_key(item) for item in items])
        if parent.key is not None:
            image = stored(Household, [parent.key])[parent.key]
            parent.rev = image["rev"]
            parent.old = dict(Household.by_key(parent.key).__data__)
            parent.values.pop("number", None)  # a list's own numbering does not rename our households
        _one_head(items, known.heads.get(parent.key or 0))
        for item in items:
            item.parent = parent
            _unsure(item, parent)
    _without_household(matching, open_items)
    _number_new(plan, open_items)


def _default(plan: Any, items: list[Item]) -> None:
    """What a list without such a column leaves unsaid of new people, said once in the plan's notes."""
    if items and not any("relation" in item.values for item in items):
        plan.notes.append("表里没有“与户主关系”，新登记的人除户主外先记为“其他”，请以后补正。")
    missing = [item for item in items if not item.values.keys() & {"id_number", "document_number", "no_id_reason"}]
    for item in missing:
        item.defaults["no_id_reason"] = UNVERIFIED
    if missing:
        plan.notes.append(f"{len(missing)} 人没有身份证号，其中新登记的先记为“身份待核实”。")


def _blocks(items: list[Item], hints: dict[int, str]) -> dict[Any, list[Item]]:
    """Rows by household: as the sheet's blocks, else by village and number, else by village and head's name."""
    blocks: dict[Any, list[Item]] = {}
    for item in items:
        if item.parent is None and item.given.block is None:
            continue
        facts = item.parent.values if item.parent else {}
        named = facts.get("number") or hints.get(id(item))
        if item.given.block is not None:
            mark: Any = (item.given.sheet, item.given.block)
        elif named:
            mark = (facts.get("village"), facts.get("group"), named)
        else:
            continue
        blocks.setdefault(mark, []).append(item)
    return blocks


def _merged(items: list[Item]) -> Parent:
    """The facts of the household, from whichever line has them first."""
    values: dict[str, Any] = {}
    for item in items:
        for name, value in (item.parent.values if item.parent else {}).items():
            values.setdefault(name, value)
    return Parent(values)


def _relations(items: list[Item], head: str | None) -> None:
    """Relations that the list left unsaid: the head is who bears the head's name, else the first line; others 其他."""
    if any(item.values.get("relation") == HEAD for item in items):
        heads = []
    else:
        heads = [item for item in items if head and item.values.get("name") == head] or items[:1]
    for item in items:
        if "relation" not in item.values:
            item.defaults["relation"] = HEAD if item in heads[:1] else OTHER


class _Known:
    """The stored households, by what a list may say of them."""

    def __init__(self) -> None:
        run = here().file.run
        self.by_number: dict[tuple[int, str], int] = {
            (village, number): key for key, village, number in run("SELECT id, village_id, number FROM household")
        }
        self.of_person: dict[int, int] = dict(run("SELECT id, household_id FROM person").fetchall())
        self.heads: dict[int, tuple[int, str]] = {}
        self.by_head: dict[tuple[int, str], list[int]] = {}
        sql = (
            "SELECT h.id, h.village_id, p.id, p.name FROM person p JOIN household h ON h.id = p.household_id "
            "WHERE p.relation = ? AND p.until IS NULL AND h.until IS NULL"
        )
        for household, village, person, name in run(sql, (HEAD,)):
            self.heads[household] = (person, name)
            self.by_head.setdefault((village, name), []).append(household)

    def household(self, parent: Parent, head: str | None, persons: list[int | None]) -> int | None:
        """The stored household that a block means: by its members, its number, or its head's name if only one has it."""
        at = Counter(self.of_person[person] for person in persons if person is not None)
        if at:
            return at.most_common(1)[0][0]
        village, number = parent.values.get("village"), parent.values.get("number")
        if village and number and (village, number) in self.by_number:
            return self.by_number[village, number]
        named = self.by_head.get((village, head), []) if village and head else []
        return named[0] if len(named) == 1 else None


def _relation(item: Item) -> str | None:
    return item.values.get("relation") or item.defaults.get("relation")


def _one_head(items: list[Item], stored_head: tuple[int, str] | None) -> None:
    heads = [item for item in items if _relation(item) == HEAD and item.kind != REFUSED]
    for item in heads[1:]:
        first = heads[0].given
        item.refuse("relation", f"一户只能有一名户主，{first.sheet} 第 {first.row} 行已是户主，请核对。")
    if heads and stored_head and heads[0].values.get("name") != stored_head[1]:
        heads[0].ask(
            f"本户登记的户主是{stored_head[1]}，名单里是{heads[0].values.get('name')}。换户主请先办“变更户主”。",
        )


def _unsure(item: Item, parent: Parent) -> None:
    """A line with neither household nor relation may belong to the household above, or not."""
    if not item.given.sure and parent.key is None and "relation" not in item.values:
        item.ask("这一行没有写户主，是否属于上面一户？", Choice(None, "属于上面一户"))


def _without_household(matching: Any, items: list[Item]) -> None:
    for item in items:
        parent = item.parent
        if item.kind == REFUSED or parent and (parent.key is not None or parent.values.get("village")):
            continue
        if matching.first_key(item) is None:
            item.refuse("household.village", "看不出是哪个村哪一户，请补上行政村和户主，或在预览里指定行政村。")
        else:
            item.parent = None


def _number_new(plan: Any, items: list[Item]) -> None:
    """Give each new household without a number the next one of its village."""
    fresh = {id(item.parent): item.parent for item in items if item.parent and item.parent.key is None}
    numbers: dict[int, Iterator[str]] = {}
    made = 0
    for parent in fresh.values():
        village = parent.values.get("village")
        if village and not parent.values.get("number"):
            parent.values["number"] = next(numbers.setdefault(village, free_numbers(village)))
            made += 1
    if made:
        plan.notes.append(f"{made} 户没有户编号，按各村顺序编了新号。")


def free_numbers(village: int) -> Iterator[str]:
    """Household numbers of a village not yet taken, as 03-0127: the village's ordinal, then four digits."""
    run = here().file.run
    taken = {row[0] for row in run("SELECT number FROM household WHERE village_id = ?", (village,))}
    ordinal = run("SELECT count(*) FROM place WHERE level = '3' AND id <= ?", (village,)).fetchone()[0]
    following = 0
    while True:
        following += 1
        number = f"{ordinal:02}-{following:04}"
        if number not in taken:
            yield number
