"""What the demonstration township arranged for itself: own columns, and a list of people (自设项目、临时台账)."""

from __future__ import annotations

from random import Random

from app.models.arrangements import Listed, OwnColumn, OwnLedger
from app.models.conditions import read
from app.models.operation import operation
from app.models.own_facts import HOUSEHOLD, PERSON
from app.models.people import Household, HouseholdOwn, Person, PersonOwn
from app.models.query import keys
from app.models.record import put_all

CHOICE = "8"  # of the code table own_kind
HOMECOMING, WATER = "回、不回、未定", "自来水、井水、山泉水"
LIST = "春节慰问对象"
COLUMNS = "name sex age id_number household.village household.group telephone account"
ASKED = 400  # households that were asked about their water
ON_LIST = 60


def put(rng: Random) -> None:
    """Two own columns, filled in for a part of the township, and a list of elders to be visited."""
    with operation("建立演示数据：自设项目"):
        columns = [
            {"register": PERSON, "title": "过年回乡", "kind": CHOICE, "words": HOMECOMING, "note": "在外务工的人填写"},
            {"register": HOUSEHOLD, "title": "饮水来源", "kind": CHOICE, "words": WATER},
        ]
        of_person, of_household = (OwnColumn.by_key(key).slot for key in put_all(OwnColumn, columns))
    with operation("建立演示数据：自设项目的内容"):
        away = [key for key in keys(Person, read("外出 = 是", Person)) if rng.random() < 0.6]
        said = HOMECOMING.split("、")
        put_all(PersonOwn, [{"person": key, of_person: rng.choice(said)} for key in away])
        waters = WATER.split("、")
        homes = list(keys(Household))[:ASKED]
        put_all(HouseholdOwn, [{"household": key, of_household: rng.choices(waters, (8, 1, 2))[0]} for key in homes])
    with operation("建立演示数据：临时台账"):
        (ledger,) = put_all(OwnLedger, [{"title": LIST, "source": "persons", "columns": COLUMNS, "by_list": True}])
        elders = list(keys(Person, read("年龄 >= 80", Person)))[:ON_LIST]
        put_all(Listed, [{"ledger": ledger, "person": key} for key in elders])
