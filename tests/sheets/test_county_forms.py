"""Every blank form of ../shared/sheets/cn, walked cell by cell: filled with nothing, in its blanks, with rows added."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter

from app.sheets.cells import lines_of
from app.sheets.fill import FilledSheet, fill
from app.sheets.markup import Part
from app.sheets.old_form import renewed
from app.sheets.package import Package
from app.sheets.references import Insertion
from tests.sheets.blank_forms import book_of, cells, roster, setup

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "sheets" / "cn"
FORMS = sorted(FOLDER.glob("*.xls*")) if FOLDER.is_dir() else []
OWN = Path(__file__).with_name("old_form.xls")
walked = pytest.mark.parametrize("form", [OWN, *FORMS], ids=lambda path: path.stem)


def test_the_forms_are_there() -> None:
    if not FORMS:
        pytest.skip("the folder ../shared/sheets/cn is not beside this one: only our own form was walked")
    assert len(FORMS) == 21


def blank(form: Path) -> Any:
    """The form as openpyxl reads it; one in the old format as it is made anew."""
    return openpyxl.load_workbook(io.BytesIO(anew(form)), rich_text=True)


@cache
def anew(form: Path) -> bytes:
    return form.read_bytes() if form.suffix == ".xlsx" else renewed(form)[0]


@walked
def test_an_old_form_made_anew_is_what_xlrd_reads(form: Path) -> None:
    if form.suffix == ".xlsx":
        return
    import xlrd

    old, new = xlrd.open_workbook(form, formatting_info=True, logfile=io.StringIO()), blank(form)
    assert new.sheetnames == old.sheet_names()
    package = Package(anew(form))
    for sheet in old.sheets():
        made = new[sheet.name]
        merges = {(a + 1, b, c + 1, d) for a, b, c, d in sheet.merged_cells}
        assert merges == {(one.min_row, one.max_row, one.min_col, one.max_col) for one in made.merged_cells.ranges}
        for column, info in sheet.colinfo_map.items():
            if column < 256:
                assert made.column_dimensions[get_column_letter(column + 1)].width == info.width / 256
        for row, info in sheet.rowinfo_map.items():
            assert made.row_dimensions[row + 1].height in (info.height / 20, None)
        lines = list(lines_of(Part(package.parts[package.sheets()[sheet.name]])))
        styles = {(line.number, at): int(cell.said.get("s", 0)) for line in lines for at, cell in line.cells}
        for row in range(sheet.nrows):
            for column in range(sheet.ncols):
                if sheet.cell_type(row, column) == xlrd.XL_CELL_EMPTY:
                    continue
                number = styles[row + 1, column + 1]
                alike(old, sheet.cell(row, column), new, new._cell_styles[number], made.cell(row + 1, column + 1))


def alike(old: Any, was: Any, new: Any, style: Any, cell: Any) -> None:
    """A cell, also one that a merge hides, looks as it did and says the same."""
    look = old.xf_list[was.xf_index]
    font, border = old.font_list[look.font_index], new._borders[style.borderId]
    now = new._fonts[style.fontId]
    assert (now.name, now.sz, bool(now.b)) == (font.name, font.height / 20, font.weight >= 600)
    how = new._alignments[style.alignmentId]
    assert bool(how.wrap_text) == bool(look.alignment.text_wrapped)
    sides = ("left", "right", "top", "bottom")
    assert [bool(getattr(border, side).style) for side in sides] == [
        bool(getattr(look.border, f"{side}_line_style")) for side in sides
    ]
    if isinstance(cell, MergedCell) or cell.data_type == "f":
        return
    assert cell.number_format == old.format_map[look.format_key].format_str
    if was.ctype in (1, 2):
        assert (str(cell.value or "") if was.ctype == 1 else cell.value) == was.value


@walked
def test_filled_with_nothing_every_cell_is_as_it_was(form: Path, tmp_path: Path) -> None:
    before = blank(form)
    fill(form, tmp_path / "填好.xlsx", [FilledSheet(name) for name in before.sheetnames])
    after = book_of(tmp_path / "填好.xlsx")
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        assert setup(after[sheet.title]) == setup(sheet)
        same(cells(sheet), cells(after[sheet.title]))
    package = Package((tmp_path / "填好.xlsx").read_bytes())
    assert package.parts["xl/styles.xml"] == Package(anew(form)).parts["xl/styles.xml"]  # so that styles compare


def same(before: dict[tuple[int, int], Any], after: dict[tuple[int, int], Any]) -> None:
    assert before.keys() == after.keys()
    for place, cell in before.items():
        assert (after[place].value, after[place]._style) == (cell.value, cell._style), place


@walked
def test_only_the_cells_filled_are_changed(form: Path, tmp_path: Path) -> None:
    before = blank(form)
    given: dict[str, dict[tuple[int, int], Any]] = {}
    for sheet in before:
        blanks = [place for place, cell in sheet._cells.items() if cell.value is None and type(cell) is Cell]
        given[sheet.title] = {place: f"填{n}" if n % 2 else n for n, place in enumerate(blanks[::7])}
    fill(form, tmp_path / "填好.xlsx", [FilledSheet(name, values) for name, values in given.items()])
    after = book_of(tmp_path / "填好.xlsx")
    for sheet in before:
        for place, value in given[sheet.title].items():
            sheet.cell(*place).value = value
        same(cells(sheet), cells(after[sheet.title]))
        assert setup(after[sheet.title]) == setup(sheet)


@walked
@pytest.mark.parametrize("share", [0.4, 1.0])
def test_thirty_rows_more_keep_the_lines_under_the_table(form: Path, tmp_path: Path, share: float) -> None:
    before = blank(form)
    sheet = before.worksheets[0]
    like = max(1, int(sheet.max_row * share))
    fill(form, tmp_path / "填好.xlsx", [FilledSheet(sheet.title, {}, [Insertion(like + 1, 30, like)])])
    after = book_of(tmp_path / "填好.xlsx")[sheet.title]
    merged, was_merged = hidden(after), hidden(sheet)
    for row in range(1, sheet.max_row + 31):
        was = row if row <= like else like if row <= like + 30 else row - 30
        assert after.row_dimensions[row].height == sheet.row_dimensions[was].height
        for column in range(1, sheet.max_column + 1):
            old, new = sheet.cell(was, column), after.cell(row, column)
            if (row, column) not in merged and (was, column) not in was_merged:  # of those openpyxl forgets the look
                assert new._style == old._style, new.coordinate
            if not like < row <= like + 30 and old.data_type != "f":
                assert new.value == old.value, new.coordinate
    moved = sum(one.min_row > like for one in sheet.merged_cells.ranges)
    assert sum(one.min_row > like + 30 for one in after.merged_cells.ranges) == moved
    assert setup(after)["widths"] == setup(sheet)["widths"]
    assert len(setup(after)["validations"]) == len(setup(sheet)["validations"])


def hidden(sheet: Any) -> set[tuple[int, int]]:
    return {place for one in sheet.merged_cells.ranges for place in one.cells}


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_libreoffice_calculates_what_was_filled(tmp_path: Path) -> None:
    form = roster(tmp_path / "空表.xlsx")
    values: dict[tuple[int, int], Any] = {}
    for row in range(5, 39):
        values |= {(row, 1): row - 4, (row, 2): f"杨{row}", (row, 5): 100.5, (row, 6): 2}
    name = "花名册 (1)"
    first, second = FilledSheet(name, values, [Insertion(9, 30, 8)], name="甲"), {(5, 5): 7, (5, 6): 3}
    fill(form, tmp_path / "填好.xlsx", [first, FilledSheet(name, second, name="乙")])
    convert = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    folder = f"-env:UserInstallation=file://{tmp_path}/office"
    subprocess.run(
        ["soffice", folder, "--headless", "--convert-to", convert, "--outdir", tmp_path, tmp_path / "填好.xlsx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    files = {key: tmp_path / f"填好-{key}.csv" for key in ("甲", "乙", "汇总")}
    read = {key: path.read_text(encoding="utf-8").splitlines() for key, path in files.items()}
    assert read["甲"][38].startswith("合计,,,,3417,,6834")
    assert "本月发放6834元" in read["甲"][41]
    assert read["乙"][8].startswith("合计,,,,7,,21")
    assert [line.split(",")[1] for line in read["汇总"][:2]] == ["6834", "6870"]
    assert all(one != two for one, two in pairwise(read["甲"][4:38]))
