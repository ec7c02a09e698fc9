"""A few invented households and persons for the tests of the window."""

from __future__ import annotations

from app.models.dates import PartialDate
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import put_all
from app.models.rules import id_check_digit

SURNAMES = "王李张刘陈杨赵黄周吴"
VILLAGES = ("牛街村", "保邑村", "荣华村")


def id_number(day: str, order: int) -> str:
    first = f"990001{day}{order:03}"
    return first + id_check_digit(first)


def settle(households: int = 60, size: int = 3) -> None:
    """So many households of `size` persons each, spread over three villages."""
    with operation("试验数据"):
        township = Place(name="牛街乡", level="2")
        township.save()
        villages = []
        for name in VILLAGES:
            village = Place(name=name, level="3", parent=township)
            village.save()
            villages.append(village)
        homes = [
            {
                "number": f"{at:04}", "village": villages[at % 3].id, "kind": "1",
                "telephone": f"199{at:08}", "address": f"{VILLAGES[at % 3]}第{at}号",
            }
            for at in range(households)
        ]  # fmt: skip
        keys = put_all(Household, homes)
        people = []
        for at, home in enumerate(keys):
            for member in range(size):
                year = 1940 + at % 40 if member == 0 else 1980 + (at + member) % 40
                people.append(
                    {
                        "name": f"{SURNAMES[at % 10]}{'建国' if member == 0 else '小' + '一二三四五六'[member]}",
                        "id_number": id_number(f"{year}0{member + 1}0{at % 9 + 1}", at % 1000),
                        "birth": PartialDate.parse(f"{year}-0{member + 1}-0{at % 9 + 1}"),
                        "household": home, "relation": "02" if member == 0 else "20",
                        "away": member == 2 and at % 2 == 0,
                        "telephone": f"198{at:04}{member:04}",
                    }
                )  # fmt: skip
        put_all(Person, people)
