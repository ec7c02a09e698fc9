"""A range from the clipboard: with a heading or without, as HTML or as text, hostile or huge."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.ledgers.contents import ledger_called
from app.ledgers.listing import Listing
from app.models.database import DataFile
from app.models.faults import Trouble
from app.models.people import Person
from app.sheets import pasted
from app.sheets.intake import Intake
from app.sheets.pasted import open_paste
from app.ui.clipboard import copied
from tests.work.rows_given import number_of, township

PERSONS = ledger_called("persons")
CAPTIONS = ["户主姓名", "姓名", "身份证号", "行政村", "住址"]
ROW = ["张一", "张一", number_of(1), "牛街村", "十号, 老街"]


def table(*rows: list[str], style: str = "") -> str:
    """As Excel writes a range: a whole page with styles before it."""
    lines = "".join(f"<tr height=20>{''.join(f'<td {style}>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    head = "<style><!--table{mso-displayed-decimal-separator:'\\.'}\n" + "td{padding:1px}" * 600 + "--></style>"
    return f"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head>{head}</head><body><!--StartFragment-->" \
           f"<table border=0>{lines}</table><!--EndFragment--></body></html>"  # fmt: skip


def lines(*rows: list[str]) -> str:
    return "".join("\t".join(row) + "\r\n" for row in rows)


def opened(html: str = "", text: str = "", columns: str = "household.head name id_number household.village") -> Intake:
    shown = [PERSONS.column(path) for path in columns.split()]
    return open_paste(html, text, PERSONS, shown, {})


@pytest.fixture
def village(file: DataFile) -> DataFile:
    township()
    return file


@pytest.mark.parametrize("way", ["html", "text"])
def test_a_heading_that_was_copied_too_is_recognised(village: DataFile, way: str) -> None:
    rows = (CAPTIONS, ROW)
    intake = opened(table(*rows)) if way == "html" else opened(text=lines(*rows))
    (reading,) = intake.readings
    assert reading.sheet.name == "剪贴板" and reading.heading is not None and reading.heading.rows == (0, 0)
    (item,) = intake.plan().items
    assert (item.kind, item.where()) == ("new", "剪贴板!第2行")
    assert item.values["id_number"] == number_of(1) and item.parent is not None
    assert len(intake.to_keep()) == 1


@pytest.mark.parametrize("way", ["html", "text"])
def test_without_a_heading_the_columns_of_the_page_are_meant(village: DataFile, way: str) -> None:
    rows = (ROW, ["张一", "张三", number_of(3), "牛街村", "十号"])
    intake = opened(table(*rows)) if way == "html" else opened(text=lines(*rows))
    (reading,) = intake.readings
    assert pasted.WITHOUT_HEADING in reading.notes and reading.pasted and reading.use
    assert list(reading.mapping.values()) == ["household.head", "name", "id_number", "household.village"]
    assert [item.kind for item in intake.plan().items] == ["new", "new"]
    assert intake.to_keep() == [], "the captions are ours, not those of a list"
    one = opened(text="张四\n")
    assert one.readings[0].mapping == {0: "household.head"}


def test_words_that_are_captions_too_are_no_heading(village: DataFile) -> None:
    """户主 stands over a column and in one."""
    rows = (["张一", "户主"], ["李四", "户主"], ["张三", "子"])
    intake = opened(text=lines(*rows), columns="name relation")
    assert intake.readings[0].pasted and list(intake.readings[0].mapping.values()) == ["name", "relation"]
    assert opened(text=lines(["张一", "户主"]), columns="name relation").readings[0].pasted


def test_columns_that_cannot_be_filled_are_left_out(village: DataFile) -> None:
    intake = opened(text=lines(["张一", "30", number_of(1), "别的"]), columns="name age id_number")
    assert intake.readings[0].mapping == {0: "name", 2: "id_number"}


def test_merged_cells_go_down_and_commas_part_nothing(village: DataFile) -> None:
    html = (
        "<table><tr><td>户主姓名</td><td>姓名</td><td>身份证号</td><td>行政村</td><td>与户主关系</td></tr>"
        f"<tr><td rowspan=2>张一</td><td>张一</td><td>{number_of(1)}</td><td rowspan=2>牛街村</td><td>户主</td></tr>"
        f"<tr><td>张二</td><td>{number_of(2)}</td><td>子</td></tr></table>"
    )
    plan = opened(html).plan()
    assert [item.kind for item in plan.items] == ["new", "new"] and plan.items[0].parent is plan.items[1].parent
    text = opened(text=lines(CAPTIONS, ROW)).readings[0].sheet
    assert text.rows[1][4] == "十号, 老街"
    assert opened(text='姓名\t备注\r\n张一\t"两\r\n行"\r\n').readings[0].sheet.rows[1][1] == "两\n行"


def test_what_the_ledger_copied_comes_back_the_same(village: DataFile) -> None:
    opened(text=lines(CAPTIONS, ROW)).plan().commit("粘贴")
    listing = Listing(PERSONS, whole=True)
    text, html = copied(listing, listing.keys())
    assert number_of(1) in text
    for way in ({"html": html}, {"text": text}):
        assert [item.kind for item in opened(**way).plan().items] == ["same"]
    masked = Listing(PERSONS)
    (item,) = opened(*reversed(copied(masked, masked.keys()))).plan().items
    assert item.kind != "changed" and Person.get().id_number == number_of(1)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_a_spreadsheet_keeps_the_numbers_of_what_was_copied(village: DataFile, tmp_path: Path) -> None:
    opened(text=lines([*CAPTIONS, "备注"], [*ROW, "=1+1"])).plan().commit("粘贴")
    columns = tuple(PERSONS.column(path) for path in ("name", "id_number", "note", "age"))
    listing = Listing(PERSONS, whole=True, columns=columns)
    (tmp_path / "剪贴板.html").write_text("<html>" + copied(listing, listing.keys())[1], encoding="utf-8")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "xlsx",
         "--infilter=HTML (StarCalc)", "--outdir", tmp_path, tmp_path / "剪贴板.html"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    cells = list(openpyxl.load_workbook(tmp_path / "剪贴板.xlsx").active[2])
    assert [cell.value for cell in cells] == ["张一", number_of(1), "=1+1", 56]
    assert [cell.data_type for cell in cells] == ["s", "s", "s", "n"]


@pytest.mark.parametrize(("said", "sentence"), [
    ({}, pasted.NOTHING),
    ({"text": " \r\n\t"}, pasted.NOTHING),
    ({"html": "<p>只是文字</p>"}, pasted.NOTHING),
    ({"html": "<table></table>"}, "“剪贴板”是网页，里面没有表格。"),
    ({"text": "x" * 8_000_001}, "剪贴板里的内容超过 8 百万字，太多了，请保存成文件再导入。"),
    ({"text": "甲\n" * 20_001}, "粘贴的内容有 20,001 行，最多 20,000 行，请保存成文件再导入。"),
    ({"text": '"' + "x" * 200_000}, "剪贴板里的内容读不懂，请在 WPS 或 Excel 里重新复制，或保存成文件再导入。"),
])  # fmt: skip
def test_what_is_no_range_ends_in_one_sentence(village: DataFile, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Trouble) as told:
        opened(**said)
    assert str(told.value) == sentence


def test_a_hostile_page_does_no_harm(village: DataFile, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = "<table>" + "<tr><td rowspan=99999 colspan=99999>甲</td></tr>" * 3000 + "</table>"
    began = time.monotonic()
    for html in (wide, "<table>" + "<tr><td>" * 50_000, "<table><tr><td>甲\x00\x08</td></tr></table>"):
        try:
            opened(html)
        except Trouble as trouble:
            assert str(trouble).endswith("。")
    assert time.monotonic() - began < 60
    script = "<table><tr><td>姓名</td></tr><tr><td>=cmd|' /C calc'!A0<script>alert(1)</script></td></tr></table>"
    assert opened(script).readings[0].sheet.rows[1][0].startswith("=cmd|"), "text stays text, nothing is run"
