"""The manual (docs/manual.md): its pictures are there, and the words it puts in quotes are those of the program."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from app.commands import _parser
from app.ledgers.contents import ledgers
from app.models import codes, roles

DOCS = Path(__file__).resolve().parents[1] / "docs"
TEXT = (DOCS / "manual.md").read_text("utf-8")
PICTURES = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", TEXT)


def test_every_picture_is_shown_once_and_none_lies_about() -> None:
    drawn = {f"pictures/{path.name}" for path in (DOCS / "pictures").iterdir()}
    assert sorted(PICTURES) == sorted(drawn) and len(PICTURES) >= 10


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_as_large_as_the_window_and_small_on_disk(picture: str) -> None:
    content = (DOCS / picture).read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", content[16:24]) == (1366, 768)
    assert len(content) < 120 * 1024


def test_every_action_of_a_person_and_a_household_is_told() -> None:
    known = ledgers()
    told = [action.title for name in ("persons", "households") for action in known[name].actions]
    assert [title for title in told if title not in TEXT] == []


def test_ledgers_that_are_named_exist() -> None:
    titles = {ledger.title for ledger in ledgers().values()}
    named = set(re.findall(r"“([^”]+)”台账", TEXT))
    assert named and named <= titles


def test_the_table_of_roles_is_that_of_the_program() -> None:
    table = codes.table("staff_role")
    heading = "| 能做什么 | " + " | ".join(table.show(role) for role in roles.ROLES) + " |"
    assert heading in TEXT
    rows = {
        cells[0].strip(): [cell.strip() == "●" for cell in cells[1:]]
        for line in TEXT.partition(heading)[2].partition("\n\n")[0].splitlines()[2:]
        if (cells := line.strip("|").split("|"))
    }
    for power, word in roles.WORDS.items():
        told = next((marks for words, marks in rows.items() if word in words.split("、")), None)
        assert told in (None, [role in roles.ALLOWED[power] for role in roles.ROLES]), word
    assert len(rows) == 12


def test_every_command_is_told() -> None:
    said = _parser().format_help()
    for command in re.findall(r"^    (\w+) +\S", said, re.MULTILINE):
        assert f"main.py {command}" in TEXT, command
