"""A blank form filled: what was put in is in, and nothing else has changed."""

from __future__ import annotations

import random
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.models.faults import Trouble
from app.sheets.fill import FilledSheet, fill
from app.sheets.holds import what_it_holds
from app.sheets.read import read_book
from app.sheets.references import Insertion
from tests.sheets.blank_forms import LAST, SAMPLE, TOTAL, book_of, cells, look, roster, setup

NAME = "花名册 (1)"


@pytest.fixture(autouse=True)
def _what_openpyxl_drops() -> Iterator[None]:
    """It warns of the sparkline that it cannot read; the tests only look with it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*is not supported and will be removed", category=UserWarning)
        yield


@pytest.fixture
def form(tmp_path: Path) -> Path:
    return roster(tmp_path / "空表.xlsx")


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_filled_with_nothing_it_says_the_same_and_looks_the_same(form: Path, tmp_path: Path) -> None:
    assert fill(form, tmp_path / "填好.xlsx", [FilledSheet(NAME), FilledSheet("汇总")]) == []
    assert parts(tmp_path / "填好.xlsx") == parts(form)
    before, after = book_of(form), book_of(tmp_path / "填好.xlsx")
    for sheet in before:
        assert setup(after[sheet.title]) == setup(sheet)
        for place, cell in cells(sheet).items():
            twin = after[sheet.title].cell(*place)
            assert (twin.value, look(twin)) == (cell.value, look(cell)), place


def test_only_the_filled_sheet_has_other_bytes(form: Path, tmp_path: Path) -> None:
    fill(form, tmp_path / "填好.xlsx", [FilledSheet(NAME, {(5, 2): "杨德福"})])
    before, after = parts(form), parts(tmp_path / "填好.xlsx")
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    # 汇总 looks at the filled sheet: what its formulas came to is taken out; the workbook asks to be calculated
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml"}


def test_values_are_of_their_kind_and_cells_keep_their_look(form: Path, tmp_path: Path) -> None:
    given = {
        (5, 1): 1, (5, 2): "=1+1", (5, 3): "990001194001011234", (5, 4): date(1940, 1, 1), (5, 5): Decimal("100.50"),
        (5, 6): 12, (5, 8): " 两行\n<&>\"' _x000D_ ", (6, 2): "+86", (6, 3): "-1", (6, 8): "@SUM(A1)",
        (7, 4): datetime(2026, 11, 22, 8, 30), (7, 1): True, (7, 3): 990001194001011234, (30, 12): "远处", (2, 1): "改",
    }  # fmt: skip
    assert fill(form, tmp_path / "填好.xlsx", [FilledSheet(NAME, given)]) == []
    before, after = book_of(form)[NAME], book_of(tmp_path / "填好.xlsx")[NAME]
    expected: dict[Any, Any] = given | {
        (5, 4): datetime(1940, 1, 1), (5, 5): 100.5, (7, 3): "990001194001011234",
    }  # fmt: skip
    for place, cell in cells(after).items():
        assert cell.value == expected.get(place, before.cell(*place).value), place
        if place not in ((5, 4), (7, 4)):
            assert look(cell) == look(before.cell(*place)), place
        assert (cell.data_type == "f") == (before.cell(*place).data_type == "f")
    assert after["D5"].number_format == "yyyy\\-mm\\-dd"
    assert after["D7"].number_format == "yyyy\\-mm\\-dd\\ hh:mm"
    assert look(after["D5"])[:4] == look(before["D5"])[:4]
    read = next(sheet for sheet in read_book(tmp_path / "填好.xlsx") if sheet.name == NAME)
    assert read.rows[4][:4] == [1, "=1+1", "990001194001011234", date(1940, 1, 1)]
    assert read.rows[4][7] == given[5, 8]


def test_formulas_and_hidden_cells_are_left_alone_and_told(form: Path, tmp_path: Path) -> None:
    told = fill(form, tmp_path / "填好.xlsx", [FilledSheet(NAME, {(5, 7): 1, (2, 3): "x", (5, 2): "a\x07b"})])
    assert told == [
        f"“{NAME}”的 C2 被合并在 A2 里，没有填。",
        f"“{NAME}”的 G5 里是公式，没有改动。",
        f"“{NAME}”的 B5 的文字里有看不见的控制字符，已去掉。",
    ]
    after = book_of(tmp_path / "填好.xlsx")[NAME]
    assert (after["G5"].value, after["C2"].value, after["B5"].value) == ("=E5*F5", None, "ab")


def test_none_empties_a_cell(form: Path, tmp_path: Path) -> None:
    fill(form, tmp_path / "填好.xlsx", [FilledSheet(NAME, {(10, 1): None, (10, 2): None})])
    after = book_of(tmp_path / "填好.xlsx")[NAME]
    assert after["A10"].value is None


@pytest.mark.parametrize("at", [LAST, LAST + 1])
def test_thirty_rows_more_keep_what_stands_under_the_table(form: Path, tmp_path: Path, at: int) -> None:
    fill(form, tmp_path / "填好.xlsx", [FilledSheet(NAME, {(at, 2): "新"}, [Insertion(at, 30, at - 1)])])
    book = book_of(tmp_path / "填好.xlsx")
    before, after = book_of(form)[NAME], book[NAME]
    total = TOTAL + 30
    assert after[f"G{total}"].value == f"=SUM(G{SAMPLE}:G{LAST + 30})"
    assert after[f"E{total}"].value == f"=SUM(E{SAMPLE}:E{LAST + 30})"
    assert after["B42"].value == '=IF(G39>0,"本月发放"&G39&"元","")'
    assert [after.cell(row, 7).value for row in range(SAMPLE, total)] == [f"=E{r}*F{r}" for r in range(SAMPLE, total)]
    for row in range(1, total + 4):
        was = row if row < at else at - 1 if row < at + 30 else row - 30
        assert after.row_dimensions[row].height == before.row_dimensions[was].height, row
        for column in range(1, 9):
            assert look(after.cell(row, column)) == look(before.cell(was, column)), (row, column)
    now = setup(after)
    assert now["merges"] == ["A1:H1", "A2:D2", "A39:D39", "E40:H41"]
    assert now["print"][:2] == (f"'{NAME}'!$A$1:$H$42", "$1:$4")
    assert now["filter"] == "A4:H38"
    assert now["validations"] == [("F5:F38", "whole", "1"), ("B40", "list", "$H$42:$H$42")]
    assert now["conditions"] == [("G5:G38", [["$G5>1000"]]), ("A42", [["$G$39"]])]
    assert now["breaks"] == ([39], [8])
    assert now["widths"] == setup(before)["widths"]
    assert after["A40"].comment.text == "盖公章"
    assert after["H42"].hyperlink.location == "'汇总'!B2"
    assert [one.value for one in book["汇总"]["B"][:2]] == [
        f"='{NAME}'!G39", f"=SUM('{NAME}'!G5:G38)+COUNTA('{NAME}'!B:B)",
    ]  # fmt: skip
    assert book.defined_names["总额"].attr_text == f"'{NAME}'!$G$39"


def test_what_lies_over_the_cells_moves_with_them(form: Path, tmp_path: Path) -> None:
    fill(form, tmp_path / "填好.xlsx", [FilledSheet(NAME, {}, [Insertion(9, 30, 8)])])
    before, after = parts(form), parts(tmp_path / "填好.xlsx")
    assert list(before) == list(after)
    drawing, was = after["xl/drawings/drawing1.xml"].decode(), before["xl/drawings/drawing1.xml"].decode()
    rows = [int(one.partition("<")[0]) for one in drawing.split("<xdr:row>")[1:]]
    old = [int(one.partition("<")[0]) for one in was.split("<xdr:row>")[1:]]
    assert rows == [row if row < 8 else row + 30 for row in old]
    assert any(row > 30 for row in rows)
    assert min(rows) < 8
    assert f"'{NAME}'!$G$5:$G$38" in after["xl/charts/chart1.xml"].decode()
    assert f"<xm:f>'{NAME}'!G5:G38</xm:f><xm:sqref>I39</xm:sqref>" in after["xl/worksheets/sheet1.xml"].decode()
    assert "<x:Row>39</x:Row>" in after["xl/drawings/vmlDrawing1.vml"].decode()
    untouched = {"xl/media/image1.png", "xl/tables/table1.xml", "xl/sharedStrings.xml", "xl/theme/theme1.xml"}
    assert untouched <= {name for name in before if before[name] == after[name]}


def test_several_insertions_count_in_the_rows_of_the_form(form: Path, tmp_path: Path) -> None:
    fill(form, tmp_path / "填好.xlsx", [FilledSheet(NAME, {}, [Insertion(6, 2, 5), Insertion(11, 1, 10)])])
    after = book_of(tmp_path / "填好.xlsx")[NAME]
    assert after["A12"].value == "单位负责人："
    assert sorted(map(str, after.merged_cells.ranges)) == ["A11:D11", "A1:H1", "A2:D2", "E12:H14"]
    assert after["G11"].value == "=SUM(G5:G10)"


def test_one_copy_for_each_household(form: Path, tmp_path: Path) -> None:
    wanted = [("张三", 1), ("李四", 2), ("张三", 3), ("a/b:[c]", 0)]
    fill(
        form, tmp_path / "填好.xlsx",
        [FilledSheet(NAME, {(5, 2): name}, [Insertion(9, n, 8)] if n else [], name=name) for name, n in wanted],
    )  # fmt: skip
    book = book_of(tmp_path / "填好.xlsx")
    names = ["张三", "李四", "张三 (2)", "a b  c"]
    assert book.sheetnames == [*names, "汇总"]
    before = book_of(form)[NAME]
    for (wanted_name, n), name in zip(wanted, names, strict=True):
        sheet = book[name]
        assert sheet["B5"].value == wanted_name
        assert sheet[f"G{TOTAL + n}"].value == f"=SUM(G{SAMPLE}:G{LAST + n})"
        now = setup(sheet)
        assert now["print"][:2] == (f"'{name}'!$A$1:$H${12 + n}", "$1:$4")
        assert now["margins"] == setup(before)["margins"]
        assert sheet[f"A{10 + n}"].comment.text == "盖公章"
        assert len(sheet._images) == 1
        assert len(sheet._charts) == 1
    assert book["汇总"]["B1"].value == "='张三'!G10"
    assert book.defined_names["总额"].attr_text == "'张三'!$G$10"
    held = what_it_holds(tmp_path / "填好.xlsx")
    assert {tuple(held[name]) for name in names} == {tuple(what_it_holds(form)[NAME])}
    assert sum(b'tabSelected="1"' in part for part in parts(tmp_path / "填好.xlsx").values()) == 1


def test_cells_to_see_to_are_marked_and_keep_the_rest_of_their_look(form: Path, tmp_path: Path) -> None:
    marked = [(5, 2), (6, 5), (5, 7), (40, 12), (1, 1)]
    fill(form, tmp_path / "填好.xlsx", [FilledSheet(NAME, {(5, 2): "杨", (5, 3): "x"}, marked=marked)])
    before, after = book_of(form)[NAME], book_of(tmp_path / "填好.xlsx")[NAME]
    for place, cell in cells(after).items():
        twin = before.cell(*place)
        pale = cell.fill.fgColor.rgb == "FFFFF2CC"
        assert pale == (place in marked or twin.fill.fgColor.rgb == "FFFFF2CC"), place
        assert (*look(cell)[:2], *look(cell)[3:]) == (*look(twin)[:2], *look(twin)[3:]), place
        assert cell.value == {(5, 2): "杨", (5, 3): "x"}.get(place, twin.value), place


def test_macros_are_taken_out_and_told(form: Path, tmp_path: Path) -> None:
    held = parts(form)
    macro, plain = "application/vnd.ms-excel.sheet.macroEnabled.main+xml", "spreadsheetml.sheet.main+xml"
    types = re.sub(rb'"[^"]*' + plain.encode() + rb'"', f'"{macro}"'.encode(), held["[Content_Types].xml"])
    code = b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    held["[Content_Types].xml"] = types.replace(b"</Types>", code)
    line = b'<Relationship Id="rIdV" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"'
    line += b' Target="vbaProject.bin"/></Relationships>'
    held["xl/_rels/workbook.xml.rels"] = held["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", line)
    held["xl/vbaProject.bin"] = b"code"
    with zipfile.ZipFile(tmp_path / "带宏.xlsm", "w") as package:
        for name, data in held.items():
            package.writestr(name, data)
    assert what_it_holds(tmp_path / "带宏.xlsm")[""] == ["宏"]
    assert fill(tmp_path / "带宏.xlsm", tmp_path / "填好.xlsx", []) == ["表里的宏没有保留（填好的表里不带宏）。"]
    after = parts(tmp_path / "填好.xlsx")
    assert "xl/vbaProject.bin" not in after
    assert not any(b"vbaProject" in data or b"macroEnabled" in data for data in after.values())
    assert book_of(tmp_path / "填好.xlsx").sheetnames == [NAME, "汇总"]


def test_what_the_form_holds_is_named(form: Path) -> None:
    assert what_it_holds(form) == {
        NAME: [
            "文本框或图形 2 个", "图片 1 张", "图表 1 个", "表单控件 1 个", "批注 1 条",
            "部分文字另有格式的单元格 1 个", "迷你图 1 组",
        ],
        "汇总": ["智能表格 1 个"],
    }


def test_what_is_no_form_is_one_sentence(tmp_path: Path) -> None:
    odd = tmp_path / "空表.xlsx"
    for held in (b"", b"PK\x03\x04rubbish", b"name,age\n1,2", b"%PDF-1.4"):
        odd.write_bytes(held)
        with pytest.raises(Trouble, match=r"^“空表\.xlsx”.*。$"):
            fill(odd, tmp_path / "填好.xlsx", [])
    assert not (tmp_path / "填好.xlsx").exists()


def test_a_damaged_form_is_filled_or_refused_with_a_sentence(form: Path, tmp_path: Path) -> None:
    """One thing or three of a form's XML are written over: with nothing, numbers out of reach, what is no XML."""
    whole, chance, ends = parts(form), random.Random(22), {"filled": 0, "refused": 0}
    words = [b"", b"0", b"-1", b"99999999999", b"A1:XFD9999999", b"x", b"\xff", b'"', b"<", b"&", b"A1:", b"1048577"]
    wanted = {(5, 2): "杨", (5, 4): date(1940, 1, 1)}
    sheets = [FilledSheet(NAME, wanted, [Insertion(9, 3, 8)], name=one) for one in ("甲", "乙")]
    for _ in range(150):
        held = dict(whole)
        for _ in range(chance.choice((1, 1, 3))):
            name = chance.choice([name for name in held if name.endswith((".xml", ".rels", ".vml"))])
            places = list(re.finditer(rb'"[^"]*"|>[^<]+<', held[name]))
            start = chance.randrange(len(held[name]))
            start, end = chance.choice(places).span() if chance.random() < 0.8 else (start, start + 100)
            held[name] = held[name][: start + 1] + chance.choice(words) + held[name][end - 1 :]
        with zipfile.ZipFile(tmp_path / "坏.xlsx", "w") as package:
            for name, data in held.items():
                package.writestr(name, data)
        try:
            fill(tmp_path / "坏.xlsx", tmp_path / "填好.xlsx", sheets)
            what_it_holds(tmp_path / "坏.xlsx")
        except Trouble as fault:
            assert re.fullmatch("“坏.xlsx”.*。", str(fault))
            ends["refused"] += 1
        except ValueError as fault:
            assert str(fault).startswith("no such sheet")  # its name was among what was written over
        else:
            ends["filled"] += 1
    assert min(ends.values()) > 20


def test_a_sheet_that_is_not_there_is_the_callers_fault(form: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="没有的表"):
        fill(form, tmp_path / "填好.xlsx", [FilledSheet("没有的表")])
    for place, value in (((0, 1), "x"), ((1, 20_000), "x"), ((1, 1), float("nan")), ((1, 1), Decimal("Infinity"))):
        with pytest.raises(ValueError, match="no"):
            FilledSheet(NAME, {place: value})
