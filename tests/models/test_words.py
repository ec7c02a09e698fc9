"""Initials: every reading of a surname is found, and the shipped file says what pypinyin says."""

from __future__ import annotations

import csv
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.codes import FOLDER
from app.models.words import MOST, initials

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("surname", "letters"),
    [
        *[
            ("单", "sdc"),
            ("仇", "qc"),
            ("解", "xj"),
            ("曾", "zc"),
            ("区", "oq"),
            ("查", "zc"),
            ("翟", "zd"),
            ("盖", "g"),
        ],
        *[("朴", "p"), ("乐", "ly"), ("覃", "qt"), ("任", "r"), ("缪", "m"), ("尉迟", ["yc", "wc"]), ("万俟", ["mq"])],
    ],
)
def test_surnames_are_found_under_every_reading(surname: str, letters: str | list[str]) -> None:
    found = initials(surname + "建国")
    assert {f"{letter}jg" for letter in letters} <= set(found)


def test_the_reading_as_a_surname_comes_first() -> None:
    assert [initials(name)[0] for name in ("单建国", "解缙", "区建国", "尉迟建国")] == ["sjg", "xj", "ojg", "ycjg"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张三", ("zs",)),
        ("", ()),
        ("𠮷", ()),
        ("李𠮷明", ("lm",)),
        ("John Smith", ("johnsmith",)),
        ("张小B", ("zxb",)),
        ("张重", ("zz", "zc", "zt")),
        ("〇", ("l", "y", "x")),
    ],
)
def test_names(name: str, expected: tuple[str, ...]) -> None:
    assert initials(name) == expected


def test_the_dot_of_minority_names_is_skipped() -> None:
    assert "ayglmmt" in initials("阿依古丽·买买提")


@given(st.text(alphabet="单解曾乐长重行朝参差的〇𠮷·aB 张王", max_size=20))
def test_initials_are_few_lower_and_different(name: str) -> None:
    found = initials(name)
    assert len(found) <= MOST and len(set(found)) == len(found)
    assert all(string and string.islower() for string in found)


def test_the_limit_cuts_no_reading_of_the_surname() -> None:
    found = initials("单" + "乐行重长朝参差" * 2)
    assert len(found) == MOST
    assert {string[0] for string in found} == {"s", "d", "c"}


def test_the_file_says_what_pypinyin_says() -> None:
    from pypinyin import Style, pinyin

    ours: dict[str, set[str]] = {}
    for line in (FOLDER / "initials.txt").read_text(encoding="utf-8").splitlines():
        letters, characters = line.split("\t")
        ours.update((character, set(letters)) for character in characters)
    assert len(ours) > 40_000
    everyday = [chr(code) for code in range(0x4E00, 0x9FA6)]
    for character in [*everyday, *[character for character in ours if character > "\uffff"][::10]]:
        theirs = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
        letters = {reading[0] for reading in theirs[0] if reading} if theirs else set()
        assert ours.get(character, set()) >= {
            "e" if letter == "ê" else letter for letter in letters if letter.isalpha()
        }


def test_the_file_is_what_the_script_writes() -> None:
    spec = spec_from_file_location("make_pinyin", ROOT / "packaging" / "make_pinyin.py")
    assert spec and spec.loader
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    assert (FOLDER / "initials.txt").read_text(encoding="utf-8") == script.content()


def test_surnames_are_written_rightly() -> None:
    with (FOLDER / "surnames.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 60 and len({row["surname"] for row in rows}) == len(rows)
    for row in rows:
        for reading in row["readings"].split("|"):
            assert len(reading.split()) == len(row["surname"]) and reading.replace(" ", "").isalpha()


def test_pypinyin_is_not_needed_at_run_time() -> None:
    code = "import sys; from app.models.words import initials; initials('单建国'); sys.exit('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
