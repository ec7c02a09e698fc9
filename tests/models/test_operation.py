"""Operations between files and between clerks: one writer at a time, and a row in memory is never ahead of the file."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.models.database import DataFile
from app.models.faults import Trouble
from app.models.here import here, standing
from app.models.history import last_number
from app.models.operation import current, operation
from app.models.places import Place
from app.models.upgrade import upgrade
from tests.conftest import DAY, new_file


def test_an_operation_on_another_file_is_its_own(
    request: pytest.FixtureRequest, file: DataFile, tmp_path: Path
) -> None:
    other = new_file(request, "postgres" if file.is_server else "sqlite", tmp_path, "other")
    upgrade(other)
    with operation("外") as outer:
        Place(name="甲", level="2").save()
        with standing(other, who="另一人", day=DAY):
            with operation("内") as inner:
                Place(name="乙", level="2").save()
                assert inner is not outer and current() is inner
            assert (last_number(), Place.get().name) == (1, "乙")
        with operation("同一个") as joined:
            assert joined is outer
    other.close()
    assert (last_number(), Place.get().name) == (1, "甲")


def test_who_finds_another_writing_is_told_and_loses_nothing(
    request: pytest.FixtureRequest, file: DataFile, tmp_path: Path
) -> None:
    place = Place(name="甲", level="2")
    with operation("登记"):
        place.save()
    holding, done = threading.Event(), threading.Event()

    def other_clerk() -> None:
        second = DataFile(file.place)
        with standing(second, who="另一人", day=DAY), operation("慢"):
            Place(name="乙", level="2").save()
            holding.set()
            done.wait(30)
        second.close()

    thread = threading.Thread(target=other_clerk)
    thread.start()
    assert holding.wait(30)
    hasty = DataFile(file.place, wait=0.2)
    place.note = "改"
    with standing(hasty, who="测试员", day=DAY), pytest.raises(Trouble, match="正在"), operation("修改"):
        place.save()
    hasty.close()
    done.set()
    thread.join()
    assert place.rev == 1
    with operation("修改"):
        place.save()
    assert (place.rev, Place.by_key(place.id).note, last_number()) == (2, "改", 3)
    with pytest.raises(RuntimeError, match="outside an operation"):
        current()
    assert here().file is file
