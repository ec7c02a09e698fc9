"""The labelled sheets: enough, different, and every label names a fact of its ledger's record."""

from __future__ import annotations

import itertools
import re

import pytest

from app.ledgers.contents import ledgers
from app.models.paths import resolve
from app.models.rules import id_check_digit
from tests.sheets import labelled
from tests.sheets.labelled import HALVES, Label, Labelled

ALL = [sheet for half in HALVES for sheet in labelled.read(half)]
LISTS = [sheet for sheet in ALL if sheet.ledger != "none"]


def layout(sheet: Labelled) -> tuple[object, ...]:
    """What tells one layout from another: the captions, and where the heading stands."""
    return (*sheet.captions(), *sheet.heading)


@pytest.mark.parametrize("half", HALVES)
def test_a_half_has_sixty_sheets_of_its_own(half: str) -> None:
    sheets = labelled.read(half)
    assert len(sheets) >= 60
    names = [re.fullmatch(r"([A-Z])(\d+)", sheet.name) for sheet in sheets]
    assert all(names) and len({sheet.name for sheet in sheets}) == len(sheets)
    letters = "".join(dict.fromkeys(name[1] for name in names if name))
    assert letters == "".join(file[0].upper() for file in HALVES[half])
    assert {"persons", "households", "left_behind", "disabled", "pairings", "none"} <= {s.ledger for s in sheets}


def test_a_hundred_and_twenty_layouts_and_no_two_the_same() -> None:
    layouts = [layout(sheet) for sheet in LISTS]
    assert len(set(layouts)) == len(layouts) >= 120


def test_the_halves_share_few_captions() -> None:
    tuned, *others = (
        {words[-1] for sheet in labelled.read(half) for words in sheet.captions() if words} for half in HALVES
    )
    assert all(len(own - tuned) > len(own) / 2 for own in others)


@pytest.mark.parametrize("sheet", LISTS, ids=lambda sheet: sheet.name)
def test_labels_name_facts_of_the_record(sheet: Labelled) -> None:
    record = ledgers()[sheet.ledger].record
    for path in itertools.chain.from_iterable(label.paths for label in sheet.labels):
        resolve(record, path)  # LookupError where it does not exist
    assert any(label.paths for label in sheet.labels)
    sure = [(label.paths, label.member) for label in sheet.labels if label.paths and not label.doubt]
    assert len(set(sure)) == len(sure), "one fact in two columns"


@pytest.mark.parametrize("sheet", ALL, ids=lambda sheet: sheet.name)
def test_sheets_are_whole(sheet: Labelled) -> None:
    assert len({len(row) for row in sheet.rows}) == 1
    if sheet.ledger == "none":
        assert set(sheet.marks) <= set("xb") and not sheet.labels
        return
    assert len(sheet.listed) > 1 and len(sheet.labels) == len(sheet.rows[0])
    assert sheet.heading == list(range(*((sheet.heading[0], sheet.heading[-1] + 1) if sheet.heading else (0, 0))))
    assert max(sheet.heading, default=-1) < sheet.listed[0]


def test_people_are_made_up() -> None:
    numbers = {
        number
        for sheet in ALL for row in sheet.rows for cell in row
        for number in re.findall(r"(?<![\dG])\d{17}[\dX]", str(cell)) if not number.startswith("6217990000")
    }  # fmt: skip
    of_people = {number for number in numbers if re.fullmatch(r"990001(19|20)\d{9}[\dX]", number)}
    assert len(of_people) > 250
    assert all(number[17] == id_check_digit(number[:17]) for number in of_people)
    assert all(number.startswith("9900") for number in numbers)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("name", Label(("name",))),
        ("name/household.head", Label(("name", "household.head"))),
        ("(age)", Label(("age",), optional=True)),
        ("name#2", Label(("name",), member="2")),
        ("child.carer?", Label(("child.carer",), optional=True, doubt=True)),
        ("?", Label((), optional=True, doubt=True)),
        ("-", Label((), optional=True)),
    ],
)
def test_labels_are_read(text: str, label: Label) -> None:
    assert Label.read(text) == label


@pytest.mark.parametrize("text", ["", "(age", "name#", "姓名", "name ?"])
def test_what_is_no_label_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no label"):
        Label.read(text)


def test_merges_and_figures_are_read_as_a_spreadsheet_has_them() -> None:
    sheet = labelled._sheet(
        "X1 try\nledger persons\nt | 标题 | <<\nh | 户主 | <\nh | 姓名 | 电话\nd | 甲 | 19900000000\n"
        "d | ^ | 990001195203040015\n= | name | telephone\n"
    )
    assert sheet.merges == [(0, 0, 0, 1), (1, 0, 1, 1), (3, 0, 4, 0)]
    assert sheet.rows[3:] == [["甲", 19900000000], [None, "990001195203040015"]]
    assert sheet.captions() == [("户主", "姓名"), ("户主", "电话")]
    with pytest.raises(ValueError, match="no rectangle"):
        labelled._sheet("X2 try\nledger persons\nh | 户主 | <\nh | ^ | 电话\nd | 甲 | 1\n= | name | telephone\n")
