"""Search words: the initials under which a name is found (拼音首字母).

The readings come from two files: `resources/codes/initials.txt` (every character, all its readings, written from
pypinyin by `packaging/make_pinyin.py`) and `resources/codes/surnames.csv` (surnames that are read otherwise than the
character, and surnames of two characters). Both are read when the first name is asked.
"""

from __future__ import annotations

import csv
from functools import cache
from itertools import product

from app.models.codes import FOLDER

MOST = 16  # initial strings of one name


@cache
def _letters() -> dict[str, str]:
    """Character → its initial letters, the commonest first. About 42,000 characters."""
    table: dict[str, str] = {}
    for line in (FOLDER / "initials.txt").read_text(encoding="utf-8").splitlines():
        letters, characters = line.split("\t")
        for character in characters:
            table[character] = letters
    return table


@cache
def _surnames() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Single surnames → initial letters of their readings; surnames of several characters → initial strings."""
    single: dict[str, str] = {}
    several: dict[str, tuple[str, ...]] = {}
    with (FOLDER / "surnames.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            strings = tuple("".join(part[0] for part in reading.split()) for reading in row["readings"].split("|"))
            if len(row["surname"]) == 1:
                single[row["surname"]] = "".join(dict.fromkeys(strings))
            else:
                several[row["surname"]] = strings
    return single, several


@cache
def _later(character: str) -> str:
    """Initial letters of a character inside a name; "" for one that is skipped."""
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    return _letters().get(character, "")


@cache
def _first(character: str) -> str:
    """Initial letters of a character that begins a name: as a surname first, then all its other readings."""
    return "".join(dict.fromkeys(_surnames()[0].get(character, "") + _later(character)))


def initials(name: str) -> tuple[str, ...]:
    """Every initial string of a name under all readings, lower case, at most `MOST`, the likeliest first.

    Every reading of the surname is among them, with the commonest readings of the rest. Letters and figures stand for
    themselves; characters without a known reading are skipped; () where nothing is left.
    """
    if not name:
        return ()
    parts = [_first(name[0]), *map(_later, name[1:])]
    parts = [part for part in parts if part]
    whole = "".join(parts)
    if len(whole) == len(parts) and name[:2] not in _surnames()[1]:
        return (whole,) if whole else ()
    found: dict[str, None] = {}
    for length in (2, 3):
        for start in _surnames()[1].get(name[:length], ()):
            found[start + "".join(part[0] for part in map(_later, name[length:]) if part)] = None
    for rest in product(*parts[1:]):  # the surname varies fastest, so that the limit cuts none of its readings
        for start in parts[0] if parts else "":
            found[start + "".join(rest)] = None
        if len(found) >= MOST:
            break
    return tuple(found)[:MOST]
