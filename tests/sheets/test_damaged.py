"""Damaged workbooks end in rows or in one sentence. `benchmarks/damaged.py` takes in all 2,000."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.damaged import WAYS, damaged, outcome, take_in_many, whole
from benchmarks.import_speed import fresh
from tests.proof import many


def test_the_roster_itself_goes_in_in_every_form(tmp_path: Path) -> None:
    for ending, data in whole().items():
        path = tmp_path / f"花名册{ending}"
        path.write_bytes(data)
        with fresh(tmp_path):
            assert outcome(path) == ("rows", [])


def test_a_file_is_damaged_in_the_same_way_every_time() -> None:
    lists = whole()
    assert [damaged(lists, number, 7) for number in range(24)] == [damaged(lists, number, 7) for number in range(24)]
    assert {damaged(lists, number, 7).ways[1] for number in range(24)} == {way.__name__ for way in WAYS}


@pytest.mark.heavy
def test_damaged_workbooks_end_in_rows_or_in_one_sentence(tmp_path: Path) -> None:
    files = many(2000, 60)
    ends, faults, _ = take_in_many(range(files), 990001, tmp_path)
    assert faults == []
    assert sum(ends.values()) == files and 0.1 * files < ends["rows"] < 0.9 * files
