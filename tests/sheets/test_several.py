"""Several files and folders taken in as one list: what was found in each, and nothing lost where one cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.ledgers.contents import ledger_called
from app.models.database import DataFile
from app.models.faults import Trouble
from app.models.history import last_number
from app.models.kept_readings import KeptReading
from app.models.people import Person
from app.sheets import several
from app.sheets.intake import Intake
from app.sheets.refused import write_all_refused
from app.sheets.several import found, open_several
from app.work import readings
from app.work.undo import undo
from tests.sheets.test_kept_reading import book
from tests.work.rows_given import number_of, township

PERSONS = ledger_called("persons")
HEADING = ["户主姓名", "姓名", "身份证号", "行政村", "口味"]


def line(serial: int, village: str = "牛街村") -> list[Any]:
    name = f"张{'零一二三四五六七八九'[serial]}"
    return [name, name, number_of(serial), village, "东莞"]


def opened(*places: Path, **more: Any) -> Intake:
    return open_several(places, Person, ledger=PERSONS, **more)


@pytest.fixture
def folder(file: DataFile, tmp_path: Path) -> Path:
    """Three files, one of them damaged, and one that is no spreadsheet at all."""
    township()
    place = tmp_path / "各村"
    (place / "保邑").mkdir(parents=True)
    book(place / "牛街村.xlsx", HEADING, line(1), line(2), 说明=[["请按时填报"]])
    wrong = [*line(4, "保邑村")]
    wrong[2] = "123"
    book(place / "保邑" / "名单.xlsx", HEADING, line(3, "保邑村"), wrong, line(1))
    (place / "坏的.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (place / "说明.pdf").write_bytes(b"%PDF-1.4")
    return place


def test_a_folder_is_one_plan_and_one_operation(folder: Path) -> None:
    intake = opened(folder)
    told = [found(reading, PERSONS.title) for reading in intake.readings]
    assert [(one.file, one.sheet, one.ledger, one.use, one.rows) for one in told] == [
        ("名单.xlsx", "名单", "人员台账", True, 3), ("牛街村.xlsx", "名单", "人员台账", True, 2),
        ("牛街村.xlsx", "说明", "", False, 0),
    ]  # fmt: skip
    assert told[2].said == "没有找到标题行。"
    ((path, said),) = intake.unread
    assert path.name == "坏的.xlsx" and said.startswith("“坏的.xlsx”") and said.endswith("。")
    number, plan = last_number(), intake.plan()
    assert plan.counts() == {"new": 3, "changed": 0, "same": 0, "decide": 0, "refused": 2}
    wheres = {item.where(): item.why() for item in plan.of_kind("refused")}
    assert "[名单.xlsx]名单!C3" in wheres
    assert wheres["[牛街村.xlsx]名单!C2"] == "与 [名单.xlsx]名单 第 4 行重复，是同一人员，只取前一行。"
    plan.commit("导入各村")
    assert last_number() == number + 1 and Person.select().count() == 3
    undo(last_number())
    assert Person.select().count() == 0


def test_rows_that_come_back_stand_in_a_copy_of_each_file(folder: Path, tmp_path: Path) -> None:
    intake = opened(folder)
    plan, place = intake.plan(), tmp_path / "退回"
    place.mkdir()
    assert write_all_refused(intake, plan, place) == "2 行连同原因另存到“退回”里的 2 个文件，改好后可以直接再导入。"
    kept = {path.name: openpyxl.load_workbook(path)["名单"] for path in place.iterdir()}
    assert set(kept) == {"名单-退回.xlsx", "牛街村-退回.xlsx"}
    assert "少了 15 位" in kept["名单-退回.xlsx"].cell(3, 6).value
    assert "重复" in kept["牛街村-退回.xlsx"].cell(2, 6).value and kept["牛街村-退回.xlsx"].cell(3, 6).value is None
    kept["名单-退回.xlsx"].cell(3, 3).value = number_of(4)
    kept["名单-退回.xlsx"].parent.save(place / "名单-退回.xlsx")
    plan.commit("导入各村")
    assert opened(place / "名单-退回.xlsx").plan().counts()["new"] == 1, "mended and taken in again"


def test_a_reading_of_one_file_is_a_reading_of_the_whole(folder: Path) -> None:
    intake = opened(folder)
    reading = intake.of(intake.paths[1]).readings[0]
    reading.mapping[4] = "away_place"
    assert intake.readings[1].mapping[4] == "away_place"
    readings.keep(PERSONS.title, intake.to_keep())
    (kept,) = KeptReading.select()
    assert kept.title == "牛街村" and "口味 = 务工地" in kept.columns
    again = opened(folder)
    assert [one.kept for one in again.readings] == [kept.title, kept.title, ""]
    assert "按记住的读法" in found(again.readings[0], PERSONS.title).said
    again.read_anew(again.readings[0])
    assert again.readings[0].path == again.paths[0] and again.readings[0].kept == ""


def test_what_belongs_into_another_ledger_is_left_out_and_said(folder: Path) -> None:
    readings.keep("残疾人台账", opened(folder).to_keep())
    intake = opened(folder)
    assert not any(reading.use for reading in intake.readings)
    assert "这种表头以前导入的是“残疾人台账”，请到那本台账里导入" in found(intake.readings[0], PERSONS.title).said
    assert opened(folder, fresh=True).readings[0].use
    assert opened(folder / "牛街村.xlsx").readings[0].use, "who chooses one file means it"


def test_files_of_one_name_are_told_apart(folder: Path) -> None:
    book(folder / "名单.xlsx", HEADING, line(9))
    intake = opened(folder)
    assert {reading.sheet.book for reading in intake.readings} == {"保邑/名单.xlsx", "各村/名单.xlsx", "牛街村.xlsx"}
    assert len({reading.sheet.called for reading in intake.readings}) == len(intake.readings)


def test_too_much_or_nothing_ends_in_a_sentence(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "备用"
    empty.mkdir()
    with pytest.raises(Trouble, match="文件夹里没有表格，请检查是不是选错了文件夹。"):
        opened(empty)
    with pytest.raises(Trouble, match=r"2 个文件都没有读成：“坏的.xlsx”"):
        opened(folder / "坏的.xlsx", folder / "说明.pdf")
    monkeypatch.setattr(several, "MOST_ROWS", 1)
    intake = opened(folder)
    assert len(intake.paths) == 1 and intake.unread[-1][1] == several.ENOUGH
    monkeypatch.setattr(several, "MOST_FILES", 2)
    with pytest.raises(Trouble, match="有 3 个文件，一次最多 2 个，请分几次导入。"):
        opened(folder)
