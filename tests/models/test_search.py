"""The one search box: every way of naming a person or a place, and the same answer on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.models import query
from app.models.conditions import Finds
from app.models.database import DataFile
from app.models.help import HelpLine, HelpRecord
from app.models.here import standing
from app.models.history import HistoryLine
from app.models.keys import Keys
from app.models.operation import operation
from app.models.people import Household, Person, Stay
from app.models.places import FormerPlace, Place
from app.models.record import put_all
from app.models.search import rebuild, suggest
from tests.town import id_number

PEOPLE = {  # name → (former name, telephone)
    "单德福": (None, "13888880001"),
    "仇秀珍": (None, "0873-6123456"),
    "曾小妹": ("曾招弟", None),
    "解学文": (None, None),
    "查丽": (None, "15912345678"),
    "尉迟恭": (None, None),
    "欧阳乐": (None, None),
    "阿依·买买提": (None, None),
    "𠮷祥": (None, None),
    "王䶮": (None, None),
    "Aida": (None, None),
    "o'Neil": (None, None),
    "重庆": (None, None),
    "杨德福": (None, None),
}


@pytest.fixture
def town(file: DataFile) -> dict[str, int]:
    with standing(keys=Keys(100)), operation("登记"):
        (township,) = put_all(Place, [{"name": "牛街乡", "level": "2"}])
        first, second = put_all(
            Place, [{"name": name, "level": "3", "parent": township} for name in ("牛街村", "大水村")]
        )
        (group,) = put_all(Place, [{"name": "石门组", "level": "4", "parent": second}])
        put_all(FormerPlace, [{"place": second, "name": "旧寨", "until": date(2020, 1, 1)}])
        homes = put_all(Household, [
            {"number": "01-0007", "village": first, "address": "街心 100%_号"},
            {"number": "02-0001", "village": second, "group": group},
        ])  # fmt: skip
        people = put_all(Person, [
            {
                "name": name, "former_name": former, "telephone": telephone, "household": homes[order % 2],
                "relation": "80", "id_number": id_number(date(1960 + order, 1, 2), order),
            }
            for order, (name, (former, telephone)) in enumerate(PEOPLE.items())
        ])  # fmt: skip
        (help_,) = put_all(
            HelpRecord, [{"kind": "4", "day": date(2026, 1, 20), "subject": "春节慰问", "giver": "李干部"}]
        )
        put_all(HelpLine, [{"help": help_, "person": people[0], "goods": "大米 1 袋"}])
        put_all(Stay, [{"person": people[0], "household": homes[1], "relation": "80", "until": date(2019, 1, 1)}])
    return dict(zip(PEOPLE, people, strict=True))


def named(keys: Any) -> list[str]:
    names = {row.id: row.name for row in Person.select()}
    return [names[key] for key in keys]


def found(text: str) -> list[str]:
    return sorted(named(query.keys(Person, Finds(text))))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("单", ["单德福"]),
        ("sdf", ["单德福"]),  # shàn, a surname
        ("ddf", ["单德福"]),  # dān, as strangers read it
        ("qxz", ["仇秀珍"]),
        ("cxz", ["仇秀珍"]),
        ("zxm", ["曾小妹"]),
        ("cxm", ["曾小妹"]),
        ("xxw", ["解学文"]),
        ("jxw", ["解学文"]),
        ("zl", ["查丽"]),
        ("ycg", ["尉迟恭"]),
        ("oyl", ["欧阳乐"]),
        ("oyy", ["欧阳乐"]),
        ("重", ["重庆"]),
        ("曾招", ["曾小妹"]),
        ("zzd", ["曾小妹"]),
        ("德福", ["单德福", "杨德福"]),
        ("df", ["单德福", "杨德福"]),
        ("DF", ["单德福", "杨德福"]),
        ("𠮷", ["𠮷祥"]),
        ("𠮷祥", ["𠮷祥"]),
        ("䶮", ["王䶮"]),
        ("买买提", ["阿依·买买提"]),
        ("依·买", ["阿依·买买提"]),
        ("aida", ["Aida"]),
        ("AIDA", ["Aida"]),
        ("o'n", ["o'Neil"]),
        ("13888880001", ["单德福"]),
        ("１３８８８８８０００１", ["单德福"]),
        ("8000", ["单德福"]),
        ("6123456", ["仇秀珍"]),
        ("0873-6", ["仇秀珍"]),
        ("19640102", ["查丽"]),
        (id_number(date(1960, 1, 2), 0), ["单德福"]),
        ("牛街村 德福", ["单德福"]),
        ("德福\u3000牛街", ["单德福"]),
        ("牛街 sdf 1388", ["单德福"]),
        ("大水 德福", ["杨德福"]),
        ("旧寨 杨", ["杨德福"]),  # a name the village had
        ("石门 杨德", ["杨德福"]),  # a group
        ("牛街 杨德福", []),
        ("没有这个人", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ('"', []),
        ("'", ["o'Neil"]),
        ("%%%", []),
        ("___", []),
        ('"""', []),
        ("***", []),
        ("a OR b", []),
        ("NEAR(a b)", []),
        ("names:德福", []),
        ("\x00德福", ["单德福", "杨德福"]),
    ],
)
def test_persons_are_found_and_suggested_alike(town: dict[str, int], text: str, names: list[str]) -> None:
    assert found(text) == sorted(names)
    assert sorted(named(suggest(text, 100))) == sorted(names)


def test_the_check_letter_is_found_in_both_cases(town: dict[str, int]) -> None:
    with operation("登记"):
        order = next(order for order in range(100, 999) if id_number(date(1930, 1, 1), order).endswith("X"))
        number = id_number(date(1930, 1, 1), order)
        put_all(Person, [{"name": "末位", "household": Household.get().id, "relation": "80", "id_number": number}])
    for text in (number, number.lower(), number[-4:], number[-4:].lower(), number[-2:].lower()):
        assert "末位" in found(text) and "末位" in named(suggest(text, 100))


def test_village_names_find_their_people(town: dict[str, int]) -> None:
    assert len(found("牛街村")) == len(found("大水")) == len(found("旧寨")) == 7
    assert found("石门") == found("大水村")
    assert set(named(suggest("大水", 100))) == set(found("大水村"))
    assert found("牛街 大水") == []


def test_what_begins_so_stands_first(town: dict[str, int]) -> None:
    assert named(suggest("德", 5)) == ["单德福", "杨德福"]
    assert set(named(suggest("o", 2))) == {"o'Neil", "欧阳乐"}
    assert named(suggest("cq", 1)) == ["重庆"]
    assert named(suggest("z", 100))[:3] == named(suggest("z", 3)), "a shorter list is the beginning of a longer one"
    assert suggest("", 5) == suggest("   ", 5) == []
    assert len(suggest("01", 3)) == 3


def test_an_empty_search_finds_everybody(town: dict[str, int]) -> None:
    assert len(query.keys(Person, Finds("  "))) == len(PEOPLE)


@pytest.mark.parametrize(
    ("record", "text", "number"),
    [
        (Household, "单德福", 1),
        (Household, "sdf", 1),
        (Household, "大水", 1),
        (Household, "01-0007", 1),
        (Household, "100%_", 1),
        (Household, "100__", 0),
        (HelpLine, "单德福", 1),
        (HelpLine, "大米", 1),
        (HelpLine, "牛街", 1),
        (HelpLine, "杨德福", 0),
        (HelpRecord, "单德福", 1),
        (HelpRecord, "慰问 李干部", 1),
        (HelpRecord, "杨德福", 0),
        (Stay, "单德福", 1),
        (Stay, "杨德福", 0),
        (Place, "石门", 1),
        (Place, "街", 2),
        (FormerPlace, "大水", 1),
        (HistoryLine, "登记", 1),
        (HistoryLine, "没有", 0),
    ],
)
def test_every_list_can_be_searched(town: dict[str, int], record: Any, text: str, number: int) -> None:
    assert len(query.keys(record, Finds(text))) == number


def test_words_follow_the_facts_and_can_be_made_anew(town: dict[str, int], file: DataFile) -> None:
    one = Person.by_key(town["单德福"])
    one.name = "改了名"
    with operation("改名"):
        one.save()
    assert found("单德福") == found("sdf") == []
    assert found("glm") == ["改了名"]
    kept = file.run('SELECT * FROM search ORDER BY "key"').fetchall()
    file.run("DELETE FROM search")
    assert found("改了名") == []
    rebuild([Person, Household])
    assert file.run('SELECT * FROM search ORDER BY "key"').fetchall() == kept
    assert found("改了名") == ["改了名"]
