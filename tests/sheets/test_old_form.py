"""A blank form in the old format: what becomes of old_form.xls, which LibreOffice made of a form like our roster."""

from __future__ import annotations

import io
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.models.faults import Cancelled, Trouble
from app.sheets.fill import FilledSheet, fill
from app.sheets.old_form import renewed
from app.sheets.references import Insertion
from app.sheets.renewal import made_anew
from tests.sheets.blank_forms import setup

FORM = Path(__file__).with_name("old_form.xls")
NAME = "花名册 (1)"


@pytest.fixture(scope="module")
def made() -> tuple[Any, list[str]]:
    data, told = renewed(FORM)
    return openpyxl.load_workbook(io.BytesIO(data), rich_text=True), told


def test_what_cannot_be_kept_is_told(made: tuple[Any, list[str]]) -> None:
    assert made[1] == [f"“{NAME}”里的文本框或图形 1 个没有保留。", f"“{NAME}”里的条件格式 1 处没有保留。"]


def test_formulas_are_said_as_they_were(made: tuple[Any, list[str]]) -> None:
    sheet = made[0][NAME]
    assert [sheet.cell(row, 2).value for row in range(20, 37)] == [
        "=SUM(G5:G8)",
        '=IF(G9>0,"本月 1.0 版"&G9&"元","")',
        '=COUNTIF(B5:B8,"张*")/COUNTA($B$5:B8)*100',
        "=ROUND(SUM(E5:E8,F5:F8)-10%,2)",
        "=VLOOKUP(A5,$A$5:$H$8,3,FALSE)",
        "='汇总'!B1+1",
        '=SUMIF(A5:A8,">=1",G5:G8)',
        "=(1+2)*3^2-(-4)",
        '=AND(A5=1,OR(B5<>"x",NOT(C5>=2)))',
        '=TEXT(TODAY(),"yyyy-mm-dd")',
        "=总额*2",
        "=MAX(G:G)-(E5-(F5-G5))",
        "=SUMPRODUCT((A5:A8=1)*(G5:G8))",
        "=LEFT(B5,1)&MID(C5,7,4)",
        "=INDEX(A5:H8,MATCH(1,A5:A8,0),2)",
        '=DATEDIF(D5,TODAY(),"y")',
        "=IFERROR(G5/F5,0)",
    ]
    assert [sheet[f"G{row}"].value for row in range(5, 9)] == [f"=E{row}*F{row}" for row in range(5, 9)]
    assert made[0].defined_names["总额"].attr_text == f"'{NAME}'!$G$9"


def test_cells_look_as_they_did(made: tuple[Any, list[str]]) -> None:
    sheet = made[0][NAME]
    title, money, line, day = sheet["A1"], sheet["E5"], sheet["H6"], sheet["D5"]
    font = title.font
    assert (title.value, font.b, font.i, font.u, font.sz) == ("补贴发放花名册", True, True, "single", 11)
    assert (title.font.color.rgb, title.border.left.style) == ("FFC00000", "thick")
    how = title.alignment
    assert (how.horizontal, how.vertical, how.wrap_text, how.textRotation) == ("center", "center", True, 90)
    assert (money.number_format, money.fill.fgColor.rgb, money.border.top.style) == ("#,##0.00", "FFFFF2CC", "medium")
    assert (line.font.name, line.font.sz, line.border.bottom.style) == ("仿宋", 11, "thin")
    assert (day.value, day.number_format) == (datetime(1940, 1, 2), r"yyyy\年m\月d\日")
    assert (day.alignment.indent, day.protection.locked, title.protection.locked) == (2, False, True)
    assert str(sheet["B5"].value) == "=不是公式"
    assert sheet["B5"].data_type != "f"
    assert [str(one) for one in sheet["E2"].value][1] == "*"
    assert sheet["A10"].comment.text == "盖公章"
    assert sheet["H12"].hyperlink.target == "https://example.org/a"
    assert sheet["H13"].hyperlink.location == "'汇总'!B2"


def test_the_sheet_is_laid_out_and_printed_as_it_was(made: tuple[Any, list[str]]) -> None:
    sheet = made[0][NAME]
    now = setup(sheet)
    assert now["merges"] == ["A1:H1", "A2:D2", "B15:C17"]
    assert now["print"][:3] == (f"'{NAME}'!$A$1:$H$18", "$1:$4", "$A:$B")
    page = sheet.page_setup
    assert (page.orientation, page.paperSize, page.scale) == ("landscape", 8, 80)
    assert [round(now["margins"][side], 2) for side in ("left", "right", "top", "bottom")] == [0.4, 0.5, 0.6, 0.7]
    head = sheet.oddHeader
    assert (head.left.text, head.center.text, head.center.size) == ("乡镇", "花名册", 14)
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert (now["breaks"], now["filter"]) == (([9], [8]), "A4:H8")
    assert [round(now["widths"][letter][0], 1) for letter in "ABI"] == [6.7, 13.7, 5.7]
    assert (now["widths"]["I"][1], now["heights"][1][0], now["heights"][5][0]) == (True, 32.25, 21.75)
    assert (now["heights"][13][1], now["heights"][14][2]) == (True, 1)
    assert sheet.print_options.horizontalCentered
    assert sheet.protection.sheet
    assert made[0]["汇总"].sheet_state == "hidden"
    assert made[0]["汇总"].sheet_properties.pageSetUpPr.fitToPage
    rules = [(one.type, one.formula1, one.formula2, str(one.sqref)) for one in sheet.data_validations.dataValidation]
    assert rules == [
        ("whole", "1", "12", "F5:F8"), ("list", '"是,否"', "0", "H5:H8"), ("list", "$H$5:$H$8", "0", "A10"),
    ]  # fmt: skip
    assert sheet.data_validations.dataValidation[0].error == "只能填 1 至 12"


def test_an_old_form_is_filled_like_a_new_one(tmp_path: Path) -> None:
    rows = {(row, 2): f"杨{row}" for row in range(5, 38)}
    told = fill(FORM, tmp_path / "填好.xlsx", [FilledSheet(NAME, rows, [Insertion(9, 30, 8)])])
    assert told[0].startswith(f"“{NAME}”里的文本框")
    sheet = openpyxl.load_workbook(tmp_path / "填好.xlsx")[NAME]
    assert (sheet["B5"].value, sheet["B37"].value, sheet["B50"].value) == ("杨5", "杨37", "=SUM(G5:G38)")
    assert "B45:C47" in setup(sheet)["merges"]


def test_a_damaged_old_form_is_one_sentence(tmp_path: Path) -> None:
    whole, chance, ends = FORM.read_bytes(), random.Random(4), {"made": 0, "trouble": 0}
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 20, 400))):
            data[chance.randrange(512, len(data))] = chance.randrange(256)
        (tmp_path / "坏.xls").write_bytes(bytes(data[: chance.choice((len(data), chance.randrange(600, len(data))))]))
        said = made_anew(tmp_path / "坏.xls")
        ends[said[0]] += 1
        assert said[0] == "made" or isinstance(said[1], str)
    assert min(ends.values()) > 5
    (tmp_path / "坏.xls").write_bytes(whole[:600])
    with pytest.raises(Trouble, match=r"^“坏\.xls”.*。$"):
        renewed(tmp_path / "坏.xls")


def test_reading_an_old_form_can_be_cancelled() -> None:
    def cancel(done: int, total: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        renewed(FORM, cancel)
