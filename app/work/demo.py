"""The demonstration file (演示数据): an invented township of the size of 牛街乡, the same for the same seed and day.

The counts are those of the newspaper report in which the township described its work: 3,541 households, 11,753 persons,
about 2,000 of them working away, 56 elders alone, 192 children left behind.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from app.models.certificates import Certificate
from app.models.faults import Fault, Reject
from app.models.help import HelpLine, HelpRecord
from app.models.here import here, standing, today
from app.models.keys import Keys
from app.models.notes import remember
from app.models.operation import operation
from app.models.people import FormerHome, Household, Person, Stay
from app.models.places import COUNTY, GROUP, TOWNSHIP, VILLAGE, FormerPlace, Grid, Place
from app.models.progress import Progress, unwatched
from app.models.record import put_all
from app.work import demo_own, demo_staff
from app.work.demo_cards import Cards, plant
from app.work.demo_help import Help, certificates
from app.work.demo_life import draw_township
from app.work.demo_names import TOWNSHIP_NAME, Names, villages
from app.work.demo_office import Office
from app.work.demo_people import SIZES, Home
from app.work.office import EVERYBODY, MARK
from app.work.packs import bring_packs

COUNTY_NAME = "弥渡县"
COUNTED_AS = "演示数据"  # who made it: nobody whose Ctrl+Z should take the township away
CODE = "990001"  # an address code that exists nowhere
KEYS_APART = 1 << 40  # keys of one seed stand together, far below those that the clock gives
MERGED, MERGED_INTO = "小麦地", "大箐"  # a group that was merged into its neighbour
STEPS = 5


def make_demo(seed: int = 1, day: date | None = None, size: str = "township", progress: Progress = unwatched) -> str:
    """Write the demonstration township into the open, empty file, and say what stands in it.

    Everything is counted from `day` (today where none is given); `size` is a word of `SIZES`. Raises Reject when the
    file is not empty. The same seed, day and size give the same facts, keys included, on both databases.
    """
    if here().file.run("SELECT count(*) FROM operation").fetchone()[0]:
        raise Reject(Fault("", "这份数据文件里已有登记，演示数据只写入新建的空文件。"))
    day, keys = day or today(), Keys(first=(seed % 4096 + 1) * KEYS_APART)
    rng, counts = Random(f"lianxin {seed} {size}"), SIZES[size]
    listed = villages(counts.townships)
    with standing(day=day, keys=keys, who=COUNTED_AS):
        progress(0, STEPS, "正在编排户和人")
        homes, names = draw_township(rng, counts), Names(rng)
        _settle_in(rng, homes, listed)
        cards = Cards(rng, day, names)
        for home in homes:
            cards.fill(home)
        plant(rng, homes, counts, names)
        for home in homes:
            if not home.ended:
                cards.contacts(home)
        progress(1, STEPS, "正在登记村组")
        with operation("建立演示数据：村组和网格"):
            with standing(who=EVERYBODY):
                remember(MARK, {"day": str(day), "seed": seed})
            places = _places(day, listed)
        progress(2, STEPS, "正在登记户和人")
        with operation("建立演示数据：户和人员"):
            _put_people(rng, homes, places, day, listed)
        progress(3, STEPS, "正在登记帮扶记录")
        with operation("建立演示数据：帮扶记录"):
            drawn = Help(rng, day, names, listed).records(homes, counts)
            given = put_all(HelpRecord, [record for record, _ in drawn])
            lines = [line | {"help": key} for key, (_, some) in zip(given, drawn, strict=True) for line in some]
            put_all(HelpLine, lines)
        progress(4, STEPS, "正在登记对象、帮扶人和证书")
        bring_packs()
        office = Office(rng, day, names, counts, places)
        with operation("建立演示数据：对象类别和结对"):
            office.pair(homes, office.enrol(homes))
        with operation("建立演示数据：证书"):
            put_all(Certificate, certificates(rng, day))
        demo_own.put(rng)
        demo_staff.put()
        progress(STEPS, STEPS, "完成")
    seat = TOWNSHIP_NAME if counts.townships == 1 else f" {counts.townships} 个乡镇"
    return (
        f"已建立演示数据：{COUNTY_NAME}{seat} {counts.households:,} 户 {counts.persons:,} 人，"
        f"帮扶记录 {len(given):,} 条，全部为虚构，业务日期从 {day} 算起。"
    )


# --- places ---


def _settle_in(rng: Random, homes: list[Home], villages: list[dict[str, str]]) -> None:
    """Give every household its village and group; a new one stands beside the parents' one."""
    drawn = rng.choices(range(len(villages)), weights=[int(row["share"]) for row in villages], k=len(homes))
    for home, village in zip(homes, drawn, strict=True):
        groups = [name for name in villages[village]["groups"].split() if name != MERGED]
        home.village, home.facts["group"] = village, rng.choice(groups)
    for home in homes:
        before = home.members[0].came_from if home.members else None
        if before and before is not home:
            home.village, home.facts["group"] = before.village, before.facts["group"]


def _places(day: date, listed: list[dict[str, str]]) -> dict[str, Any]:
    """Write county, township, villages, groups and grids; gives keys by "village", "village group" and "village/"."""
    county = put_all(Place, [{"name": COUNTY_NAME, "level": COUNTY, "code": f"{CODE}000000"}])
    keys: dict[str, Any] = {}
    townships: dict[str, tuple[int, str]] = {}  # key and code by name
    for order, row in enumerate(listed, 1):
        if row["township"] not in townships:
            code = f"{CODE}{len(townships) + 1:03d}"
            facts = {"name": row["township"], "level": TOWNSHIP, "parent": county[0], "code": f"{code}000"}
            townships[row["township"]] = put_all(Place, [facts])[0], code
        township, code = townships[row["township"]]
        village, groups = row["village"], row["groups"].split()
        facts = {"name": village, "level": VILLAGE, "parent": township, "code": f"{code}{200 + order}"}
        (keys[village],) = put_all(Place, [facts])
        if row["former"]:
            former = {"place": keys[village], "name": row["former"], "until": date(day.year - 5, 3, 1)}
            put_all(FormerPlace, [former | {"reason": "撤并更名"}])
        found = put_all(Place, [{"name": f"{name}小组", "level": GROUP, "parent": keys[village]} for name in groups])
        keys |= {f"{village} {name}": key for name, key in zip(groups, found, strict=True)}
        if MERGED in groups:
            put_all(Place, [{
                "id": keys[f"{village} {MERGED}"], "rev": 1,
                "name": f"{MERGED}小组", "level": GROUP, "parent": keys[village],
                "until": _merged_on(day), "merged_into": keys[f"{village} {MERGED_INTO}"],
            }])  # fmt: skip
        keys[f"{village}/"] = _grids(order, row["grids"].split())
    return keys


def _merged_on(day: date) -> date:
    return date(day.year - 1, 1, 1)


def _grids(order: int, names: list[str]) -> list[int]:
    """The grids of one village; a community stands above its grids, buildings and units below one of them."""
    community = next((name for name in names if name.endswith("社区")), None)
    top = put_all(Grid, [{"name": community, "kind": "1", "code": f"SQ{order:02d}"}])[0] if community else None
    grids = [name for name in names if name != community]
    found = put_all(
        Grid,
        [
            {"name": name, "kind": "2", "parent": top, "code": f"WG{order:02d}{number:02d}"}
            for number, name in enumerate(grids, 1)
        ],
    )
    if not community:
        return found
    buildings = put_all(Grid, [{"name": f"安置点 {n} 栋", "kind": "3", "parent": found[0]} for n in (1, 2)])
    units = [{"name": f"{n} 单元", "kind": "4", "parent": building} for building in buildings for n in (1, 2)]
    return found + put_all(Grid, units)


# --- households and persons ---


def _put_people(
    rng: Random, homes: list[Home], places: dict[str, Any], day: date, listed: list[dict[str, str]]
) -> None:
    """Write the households village by village, their members, and where members and households stood before."""
    homes = sorted(homes, key=lambda home: (home.village, home.facts["group"]))
    counted = [0] * len(listed)
    for home in homes:
        counted[home.village] += 1
        _house(rng, home, listed[home.village], places, f"{home.village + 1:02d}{counted[home.village]:04d}", day)
    for home, key in zip(homes, put_all(Household, [home.facts for home in homes]), strict=True):
        home.facts["id"] = key
        for member in (*home.members, *home.gone):
            member.facts["household"] = key
    people = [member for home in homes for member in (*home.members, *home.gone)]
    for member, key in zip(people, put_all(Person, [member.facts for member in people]), strict=True):
        member.facts["id"] = key
    put_all(Stay, [
        {
            "person": member.facts["id"], "household": member.came_from.facts["id"], "relation": member.relation_there,
            "until": day - timedelta(days=member.days_ago), "reason": _reason(home, member.came_from),
        }
        for home in homes for member in home.members if member.came_from
    ])  # fmt: skip
    last = listed[-1]["village"]
    merged = [home for home in homes if home.facts["group"] == places[f"{last} {MERGED_INTO}"]]
    put_all(FormerHome, [
        {
            "household": home.facts["id"], "village": home.facts["village"], "until": _merged_on(day),
            "group": places[f"{last} {MERGED}"], "reason": "村民小组合并",
        }
        for home in merged[: len(merged) // 3] if "since" not in home.facts
    ])  # fmt: skip


def _house(rng: Random, home: Home, row: dict[str, str], places: dict[str, Any], number: str, day: date) -> None:
    """The facts of one household."""
    group, facts, village = str(home.facts["group"]), home.facts, row["village"]
    address = f"云南省{COUNTY_NAME}{row['township']}{village}{group}小组{int(number[2:])}号"
    grids = places[f"{village}/"]
    facts.update(number=number, village=places[village], group=places[f"{village} {group}"], kind="1")
    facts.update(registered_address=address, grid=rng.choice(grids))
    if rng.random() < 0.06:
        facts["address"] = f"云南省{COUNTY_NAME}{row['township']}街上{rng.randint(1, 180)}号"
    if home.ended:
        facts.update(until=day - timedelta(days=home.gone[0].days_ago), ending=home.ended)
    elif home.head.came_from not in (None, home):
        facts["since"] = day - timedelta(days=home.head.days_ago)


def _reason(home: Home, before: Home) -> str:
    """Why somebody stood elsewhere, or in the same household otherwise, until that day."""
    if before is home:
        return "原户主去世，变更户主"
    return "婚嫁" if home.head.came_from is not before else "分户"
