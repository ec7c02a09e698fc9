"""A small town drawn from a seed: villages that were renamed and merged, households that moved, persons who moved over,
left, came back or are half known, and help given. The same seed gives the same rows on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from app.models.arrangements import Listed, OwnColumn, OwnLedger
from app.models.certificates import Certificate
from app.models.county_forms import BoundForm
from app.models.dates import PartialDate
from app.models.help import HelpLine, HelpRecord
from app.models.here import here, standing, today
from app.models.kept_readings import KeptReading
from app.models.keys import Keys
from app.models.operation import operation
from app.models.own_facts import HOUSEHOLD, PERSON
from app.models.people import FormerHome, Household, HouseholdOwn, Person, PersonOwn, Stay
from app.models.places import FormerPlace, Grid, Place
from app.models.record import put_all
from app.models.rules import id_check_digit
from app.models.staff import Staff
from tests import town_office

SURNAMES = "杨李普王张单仇曾翟黑查解"
GIVEN = ("德福", "秀珍", "永昌", "小妹", "文", "国强", "乐", "䶮", "阿依", "𠮷祥", "Mary", "娜", "建华")
RELATIONS = ("12", "20", "30", "38", "60", "80")


def id_number(born: date, order: int) -> str:
    first = f"990001{born:%Y%m%d}{order:03}"
    return first + id_check_digit(first)


def some_day(rng: Random, first: int = 2015, last: int = 2026) -> date:
    return min(date(first, 1, 1) + timedelta(days=rng.randrange((last - first) * 365)), today() - timedelta(days=1))


def build(seed: int = 1, households: int = 20, persons: int = 60, helped: int = 25) -> None:
    """Fill the open file, each kind of row in an operation of its own."""
    with standing(**{"keys": Keys(seed * 1_000_000)}):
        Town(Random(seed)).fill(households, persons, helped)


class Town:
    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def maybe(self, value: Any, chance: float = 0.7) -> Any:
        return value if self.rng.random() < chance else None

    def put(self, record: Any, rows: list[dict[str, Any]]) -> list[int]:
        with operation(f"登记{record.word}"):
            return put_all(record, rows)

    def fill(self, households: int, persons: int, helped: int) -> None:
        self.places()
        self.homes(households)
        self.people(persons)
        self.help(helped)
        there = [row[0] for row in here().file.run("SELECT id FROM person WHERE until IS NULL ORDER BY id")]
        standing = [row[0] for row in here().file.run("SELECT id FROM household WHERE until IS NULL ORDER BY id")]
        town_office.fill(Random(len(there)), there, standing, self.villages, self.grids)
        self.arrange(there, standing)
        self.put(
            Certificate,
            [
                {
                    "number": "证-001",
                    "kind": "1",
                    "day": date(2025, 3, 1),
                    "honoured": "某单位",
                    "cash": 100_000,
                    "issuer": "乡",
                },
                {
                    "number": "证-002",
                    "kind": "2",
                    "day": date(2026, 3, 1),
                    "honoured": "杨德福",
                    "purpose": "助学",
                    "issuer": "乡",
                },
            ],
        )
        self.put(Staff, [{"account": "yxz", "name": "杨秀珍", "role": "1", "also": "4", "since": date(2020, 1, 1)}])

    def places(self) -> None:
        (town,) = self.put(Place, [{"name": "牛街乡", "level": "2", "code": "990001001000"}])
        names = ("牛街村", "大水村", "石门村", "旧寨村")
        self.villages = self.put(
            Place,
            [{"name": name, "level": "3", "parent": town, "since": self.maybe(date(2001, 5, 1))} for name in names],
        )
        self.groups = {
            village: self.put(Place, [{"name": name, "level": "4", "parent": village} for name in ("一组", "二组")])
            for village in self.villages
        }
        self.put(
            FormerPlace,
            [
                {"place": self.villages[0], "name": "牛街大队", "until": date(2018, 6, 1)},
                {
                    "place": self.villages[0],
                    "name": "老街村",
                    "since": date(2018, 6, 1),
                    "until": date(2022, 1, 1),
                    "reason": "改名",
                },
                {"place": self.villages[1], "name": "石门村", "until": date(2020, 1, 1)},
                {"place": self.groups[self.villages[2]][0], "name": "上寨", "until": date(2021, 7, 1)},
            ],
        )
        (community,) = self.put(Grid, [{"name": "第一网格", "kind": "1", "scope": "街心"}])
        self.grids = [community, *self.put(Grid, [{"name": "一号楼", "kind": "3", "parent": community, "code": "G-1"}])]

    def homes(self, number: int) -> None:
        rng, rows = self.rng, []
        for count in range(number):
            village = rng.choice(self.villages)
            ended = some_day(rng, 2019) if rng.random() < 0.15 else None
            rows.append(
                {
                    "number": f"{count:04}",
                    "village": village,
                    "group": self.maybe(rng.choice(self.groups[village])),
                    "grid": self.maybe(rng.choice(self.grids), 0.3),
                    "kind": self.maybe(rng.choice("12")),
                    "since": self.maybe(date(2016, 1, 1), 0.5),
                    "until": ended and max(ended, date(2016, 1, 2)),
                    "ending": ended and "1",
                    "address": self.maybe(rng.choice(("街心 1 号", "100%_路", '"井"边'))),
                    "telephone": self.maybe("13888880000", 0.4),
                    "note": self.maybe(rng.choice(("危房", "a\\b 且 c")), 0.3),
                }
            )
        self.households = self.put(Household, rows)
        former = []
        for key in rng.sample(self.households, number // 3):
            village, begun = rng.choice(self.villages), None
            for until in sorted({some_day(rng), some_day(rng)}):
                group = self.maybe(rng.choice(self.groups[village]), 0.5)
                former.append({"household": key, "village": village, "group": group, "since": begun, "until": until})
                village, begun = rng.choice(self.villages), self.maybe(until)
        self.put(FormerHome, former)

    def people(self, number: int) -> None:
        rng, rows = self.rng, []
        heads: set[int] = set()
        for count in range(number):
            born = date(
                rng.choice((1936, 1950, 1963, 1988, 1996, 2008, 2020, 2024)), rng.randint(1, 12), rng.randint(1, 28)
            )
            if rng.random() < 0.1:
                born = date(rng.choice((1960, 1996, 2008, 2024)), 2, 29)
            home = rng.choice(self.households)
            relation = "02" if home not in heads else rng.choice(RELATIONS)
            heads.add(home)
            known = rng.random() < 0.6
            partial = rng.choice((PartialDate(born.year), PartialDate(born.year, born.month), None))
            left = some_day(rng, 2018) if relation != "02" and rng.random() < 0.2 else None
            rows.append(
                {
                    "name": rng.choice(SURNAMES)
                    + rng.choice(GIVEN)
                    + rng.choice(("", "", "", "一"))
                    + f"{'甲乙丙丁戊己庚辛'[count % 8]}",
                    "id_number": id_number(born, count * 2 + 1) if known else None,
                    "no_id_reason": None if known else "5",
                    "birth": None if known else partial,
                    "sex": self.maybe(rng.choice("12"), 0.5),
                    "ethnicity": self.maybe(rng.choice(("01", "03", "07"))),
                    "household": home,
                    "relation": relation,
                    "since": self.maybe(date(2014, 1, 1) + timedelta(days=count), 0.4),
                    "until": left,
                    "leaving": left and rng.choice("12"),
                    "away": self.maybe(rng.random() < 0.4),
                    "away_place": self.maybe("昆明", 0.3),
                    "telephone": self.maybe(f"1398888{count:04}", 0.5),
                    "former_name": self.maybe("旧" + rng.choice(GIVEN)[:1], 0.2),
                    "height": self.maybe(rng.randint(100, 190), 0.4),
                    "education": self.maybe(rng.choice(("20", "60", "70", "90")), 0.6),
                    "note": self.maybe("低保 50%", 0.2),
                }
            )
        self.persons = self.put(Person, rows)
        stays = []
        for key, row in rng.sample(list(zip(self.persons, rows, strict=True)), number // 2):
            last = some_day(rng, 2016, 2025)
            if row["until"] and last > row["until"]:
                continue
            begun, household = None, rng.choice(self.households)
            for until in sorted({last, last - timedelta(days=rng.randint(30, 900))}):
                stays.append(
                    {
                        "person": key,
                        "household": household,
                        "relation": rng.choice(RELATIONS),
                        "since": begun,
                        "until": until,
                        "reason": self.maybe("转户"),
                    }
                )
                begun = self.maybe(until)
                household = rng.choice((household, rng.choice(self.households)))
        self.put(Stay, stays)

    def help(self, number: int) -> None:
        rng = self.rng
        records = self.put(
            HelpRecord,
            [
                {
                    "kind": rng.choice("123456"),
                    "day": some_day(rng, 2022),
                    "subject": rng.choice(("春节慰问", "助学", "走访")),
                    "giver": self.maybe("王干部"),
                    "organisation": self.maybe("民政办"),
                    "solved": self.maybe(rng.randint(0, 3), 0.4),
                    "content": self.maybe("第一行\n第二行", 0.3),
                }
                for _ in range(number)
            ],
        )
        lines = []
        for record in records:
            for person in rng.sample(self.persons, rng.randint(0, 4)):
                lines.append(
                    {
                        "help": record,
                        "person": person,
                        "goods": self.maybe(rng.choice(("大米 1 袋", "棉被"))),
                        "value": self.maybe(rng.randint(0, 50_000), 0.5),
                        "cash": self.maybe(100_000 + rng.randint(0, 9), 0.4),
                        "taker": self.maybe("杨代领", 0.1),
                    }
                )
        self.put(HelpLine, lines)

    def arrange(self, persons: list[int], households: list[int]) -> None:
        """Columns of the office's own, said of some, and a list of people."""
        rng = Random(len(persons))
        columns = [
            {"register": PERSON, "title": "承包地", "kind": "3"},
            {"register": PERSON, "title": "党员户", "kind": "7"},
            {"register": PERSON, "title": "病史", "kind": "12"},
            {"register": HOUSEHOLD, "title": "住房结构", "kind": "8", "words": "砖混、土木"},
        ]
        land, member, illness, house = (OwnColumn.by_key(key).slot for key in self.put(OwnColumn, columns))
        said = [{"person": key, land: rng.randint(0, 9), member: rng.random() < 0.5} for key in persons[::2]]
        self.put(PersonOwn, [row | ({illness: "哮喘"} if rng.random() < 0.3 else {}) for row in said])
        self.put(HouseholdOwn, [{"household": key, house: rng.choice(("砖混", "土木"))} for key in households[::3]])
        listed = {"title": "走访名单", "source": "persons", "columns": "name household.village", "by_list": True}
        (ledger,) = self.put(OwnLedger, [listed])
        self.put(Listed, [{"ledger": ledger, "person": key} for key in persons[:7]])
        form = {"title": "高龄月报", "file": "高龄.xlsx", "source": "persons", "condition": "年龄 >= 80"}
        self.put(BoundForm, [form | {"blank": "0" * 64, "words": "1" * 64}])
        reading = {"title": "花名册", "source": "人员台账", "captions": "姓名", "columns": "姓名 = 姓名", "height": 1}
        self.put(KeptReading, [reading | {"words": "2" * 16}])


def everyone() -> list[int]:
    return [row[0] for row in here().file.run("SELECT id FROM person ORDER BY id")]
