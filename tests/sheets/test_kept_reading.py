"""Readings that are kept by the words of a heading: known again when columns move, shared, and dropped when gone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.ledgers import own
from app.ledgers.contents import ledger_called
from app.models.arrangements import OwnColumn
from app.models.database import DataFile
from app.models.faults import Trouble
from app.models.here import here, standing
from app.models.history import facts_hash, last_number, strangers
from app.models.kept_readings import KeptReading
from app.models.operation import operation
from app.models.people import Person
from app.sheets.intake import Intake, open_intake
from app.work import readings
from app.work.undo import undo_last
from tests.work.rows_given import number_of, township

Row = list[Any]
PERSONS = ledger_called("persons")
HEADING: Row = ["序号", "当家的", "姓名", "公民身份号码", "所在村", "口味2026年", "备注"]


def row(serial: int, name: str = "张三") -> Row:
    return [serial, name, name, number_of(serial), "牛街村", "广东东莞", "随手记的"]


def book(path: Path, *rows: Row, **more: list[Row]) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "名单"
    for sheet, lines in {"名单": rows, **more}.items():
        page = made["名单"] if sheet == "名单" else made.create_sheet(sheet)
        for line in lines:
            page.append(line)
    made.save(path)
    return path


def opened(path: Path, **more: Any) -> Intake:
    return open_intake(path, Person, ledger=PERSONS, **more)


def paths(intake: Intake, at: int = 0) -> dict[str, str]:
    """Caption → path as the sheet is read."""
    reading = intake.readings[at]
    assert reading.heading is not None
    return {column.caption: reading.mapping[column.index] for column in reading.heading.columns
            if column.index in reading.mapping}  # fmt: skip


def confirmed(path: Path, **meant: str) -> Intake:
    """A file as the clerk mended it and took it in."""
    intake = opened(path)
    for reading in intake.readings:
        assert reading.heading is not None
        for column in reading.heading.columns:
            if column.caption in meant:
                reading.mapping.pop(column.index, None)
                if meant[column.caption]:
                    reading.mapping[column.index] = meant[column.caption]
    readings.keep(PERSONS.title, intake.to_keep())
    return intake


@pytest.fixture
def village(file: DataFile) -> DataFile:
    township()
    return file


def test_a_kept_reading_is_used_when_columns_and_month_have_moved(village: DataFile, tmp_path: Path) -> None:
    first = book(tmp_path / "外出.xlsx", ["外出人员名单"], HEADING, row(1))
    assert "口味2026年" not in paths(opened(first)) and "备注" in paths(opened(first))
    confirmed(first, 口味2026年="away_place", 备注="")
    (kept,) = KeptReading.select()
    assert (kept.title, kept.source, kept.height, kept.used) == ("外出", "人员台账", 1, date(2026, 11, 21))
    assert "口味 = 务工地" in kept.columns and "备注 =" in kept.columns.splitlines()

    order = [6, 5, 3, 2, 4, 1, 0]
    moved = [("口味2027年" if cell == "口味2026年" else cell) for cell in (HEADING[at] for at in order)]
    again = opened(book(tmp_path / "明年.xlsx", moved, [row(2)[at] for at in order]))
    (reading,) = again.readings
    said = paths(again)
    assert reading.kept == "外出" and not reading.doubts() and "备注" not in said
    assert said["口味2027年"] == "away_place" and said["当家的"] == "household.head" and said["姓名"] == "name"
    assert again.told()[:2] == [
        "“名单”：第 1 行是表头，7 列里认得 5 列。", "“名单”：这张表和以前导入的一样，按记住的读法“外出”读。",
    ]  # fmt: skip
    assert [item.kind for item in again.plan().items] == ["new"]
    again.read_anew(reading)
    assert reading.kept == "" and "口味2027年" not in paths(again)
    assert opened(tmp_path / "明年.xlsx", fresh=True).readings[0].kept == ""
    assert open_intake(tmp_path / "明年.xlsx", Person, ledger=ledger_called("departed")).readings[0].kept == ""
    assert strangers() == []


def test_other_captions_are_another_heading(village: DataFile, tmp_path: Path) -> None:
    confirmed(book(tmp_path / "外出.xlsx", HEADING, row(1)), 口味2026年="away_place")
    other = book(tmp_path / "另.xlsx", [*HEADING, "民族"], [*row(2), "汉族"])
    assert opened(other).readings[0].kept == ""


def test_a_heading_that_was_pointed_at_is_found_by_its_words(village: DataFile, tmp_path: Path) -> None:
    """A row with words that look more like a heading stands above the one that the clerk pointed at."""
    from app.sheets.headings import heading_at

    decoy: Row = ["姓名", "身份证号", "行政村", "户主姓名", None, None, None]
    plain = ["甲", "乙", "丙", "丁"]
    path = book(tmp_path / "怪表.xlsx", decoy, plain, ["张三", number_of(1), "牛街村", "张三"])
    intake = opened(path)
    (reading,) = intake.readings
    assert reading.heading is not None and reading.heading.rows == (0, 0) and intake.fields is not None
    reading.heading = heading_at(reading.sheet, 1, 1, intake.fields)
    reading.mapping = dict(enumerate(("name", "id_number", "household.village", "household.head")))
    readings.keep(PERSONS.title, intake.to_keep())
    again = opened(path).readings[0]
    assert again.heading is not None and again.heading.rows == (1, 1) and again.kept == "怪表"
    assert again.mapping == reading.mapping


def test_a_sheet_is_left_out_or_read_as_it_was(village: DataFile, tmp_path: Path) -> None:
    other: Row = ["姓名", "身份证号", "毕业学校"]
    path = book(tmp_path / "两张.xlsx", HEADING, row(1), 附表=[other, ["李四", number_of(2), "一中"]])
    intake = opened(path)
    assert [reading.use for reading in intake.readings] == [True, True]
    intake.readings[1].use = False
    readings.keep(PERSONS.title, intake.to_keep())
    again = opened(path)
    assert [reading.use for reading in again.readings] == [True, False]
    assert "按记住的读法“两张 附表”不读" in again.told()[-1]
    readings.keep(PERSONS.title, again.to_keep())
    assert not opened(path).readings[1].use, "what was left out once stays left out"
    again.readings[1].use = True
    readings.keep(PERSONS.title, again.to_keep())
    assert opened(path).readings[1].use


def test_a_field_that_is_gone_is_said_and_dropped(village: DataFile, tmp_path: Path) -> None:
    place = own.new_column(Person, title="鞋码", kind="1")
    path = book(tmp_path / "外出.xlsx", HEADING, row(1))
    confirmed(path, 口味2026年=place)
    assert paths(opened(path))["口味2026年"] == place
    with operation("删去"):
        OwnColumn.get(OwnColumn.title == "鞋码").remove()
    own.new_column(Person, title="帽号", kind="1")  # stands in the same place, and is not meant
    again = opened(path)
    assert "口味2026年" not in paths(again) and paths(again)["姓名"] == "name"
    assert "“口味”一列原来读作“鞋码”，这个项目已经没有了，没有读" in again.readings[0].notes


def test_only_what_is_new_is_written_and_an_import_is_undone_alone(village: DataFile, tmp_path: Path) -> None:
    path = book(tmp_path / "外出.xlsx", HEADING, row(1))
    confirmed(path, 口味2026年="away_place")
    number, digest = last_number(), facts_hash()
    confirmed(path, 口味2026年="away_place")
    readings.use(PERSONS.title, opened(path).words_of_kept())
    assert (last_number(), facts_hash()) == (number, digest)
    opened(path).plan().commit("导入外出")
    undo_last(here().who)
    assert KeptReading.select().count() == 1
    with standing(village, who="测试员", day=date(2026, 12, 1)):
        readings.use(PERSONS.title, opened(path).words_of_kept())
        assert KeptReading.get().used == date(2026, 12, 1)


def test_people_are_never_kept_as_captions(village: DataFile, tmp_path: Path) -> None:
    from app.sheets.headings import heading_at

    intake = opened(book(tmp_path / "外出.xlsx", HEADING, row(1), row(2)))
    (reading,) = intake.readings
    assert intake.fields is not None
    reading.heading = heading_at(reading.sheet, 1, 1, intake.fields)
    assert intake.to_keep() == []


def test_readings_are_renamed_forgotten_and_shared_as_a_file(village: DataFile, tmp_path: Path) -> None:
    path = book(tmp_path / "外出.xlsx", HEADING, row(1))
    confirmed(path, 口味2026年="away_place")
    (key,) = (kept.id for kept in KeptReading.select())
    assert readings.rename([key], title="外出月报") == "“外出”已改名为“外出月报”。"
    confirmed(path, 口味2026年="away_place")
    assert KeptReading.get().title == "外出月报", "its name stays the office's"
    place = tmp_path / "导入读法.json"
    assert readings.write_file([key], place=place).startswith("已把 1 条导入读法写到 导入读法.json")
    assert number_of(1) not in place.read_text(encoding="utf-8")
    readings.drop([key])
    assert KeptReading.select().count() == 0 and opened(path).readings[0].kept == ""
    assert readings.take_file(place=place) == "已取入 1 条导入读法。"
    assert paths(opened(path))["口味2026年"] == "away_place" and KeptReading.get().used is None
    assert "其中 1 条替换了原有的。" in readings.take_file(place=place)
    assert strangers() == []


@pytest.mark.parametrize("text", [
    "", "[]", "{}", '{"kind": "连心台账导入读法", "readings": []}', '{"kind": "连心台账导入读法", "readings": [1]}',
    '{"kind": "别的", "readings": [{}]}', "[" * 3000, '{"kind": "连心台账导入读法", "readings": [{"title": {}}]}',
    '{"kind": "连心台账导入读法", "readings": [{"title": "只有名称"}]}',
])  # fmt: skip
def test_what_is_no_such_file_ends_in_a_sentence(village: DataFile, tmp_path: Path, text: str) -> None:
    place = tmp_path / "别的.json"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(Trouble, match=r"“别的.json”不是导出的导入读法，请选别的单位用“导出为文件”写出的文件。"):
        readings.take_file(place=place)
    with pytest.raises(Trouble, match="打不开"):
        readings.take_file(place=tmp_path / "没有.json")
    assert KeptReading.select().count() == 0


def test_a_shared_file_names_every_fact(village: DataFile, tmp_path: Path) -> None:
    confirmed(book(tmp_path / "外出.xlsx", HEADING, row(1)))
    readings.write_file([kept.id for kept in KeptReading.select()], place=tmp_path / "读法.json")
    (said,) = json.loads((tmp_path / "读法.json").read_text(encoding="utf-8"))["readings"]
    assert set(said) == set(KeptReading.facts()) - {"used"}
