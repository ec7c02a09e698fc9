"""A county's blank form with everything on it that a form can have, and what a form looks like cell by cell."""

from __future__ import annotations

import struct
import zlib
from copy import copy
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

HEADING, SAMPLE, LAST, TOTAL = 4, 5, 8, 9  # rows of the roster, from 1


def roster(path: Path) -> Path:
    """Two sheets: 花名册 with a table that ends in totals, signatures and a note; 汇总 that looks at it."""
    book = xlsxwriter.Workbook(str(path))
    sheet, summary = book.add_worksheet("花名册 (1)"), book.add_worksheet("汇总")
    line = book.add_format({"border": 1, "font_name": "仿宋", "font_size": 11})
    money = book.add_format({"border": 1, "num_format": "#,##0.00", "bg_color": "#FFF2CC"})
    bold = book.add_format({"bold": True, "border": 2, "align": "center", "text_wrap": True})
    sheet.set_column("A:A", 6, line)
    sheet.set_column("B:H", 13)
    sheet.set_row(0, 32)
    sheet.merge_range("A1:H1", "老年人补贴发放花名册", bold)
    sheet.merge_range("A2:D2", "填报单位：")
    sheet.write_rich_string("E2", "带 ", bold, "*", " 的必填")
    for column, word in enumerate(["序号", "姓名", "身份证号", "出生", "月标准", "月数", "金额", "备注"]):
        sheet.write(HEADING - 1, column, word, bold)
    for row in range(SAMPLE - 1, LAST):
        sheet.set_row(row, 21.5)
        for column in range(8):
            sheet.write_blank(row, column, None, money if column in (4, 6) else line)
        sheet.write_formula(row, 6, f"=E{row + 1}*F{row + 1}", money, 0)
    sheet.merge_range(TOTAL - 1, 0, TOTAL - 1, 3, "合计", bold)
    for column in "EG":
        sheet.write_formula(f"{column}{TOTAL}", f"=SUM({column}{SAMPLE}:{column}{LAST})", money, 0)
    sheet.set_row(TOTAL - 1, 28)
    sheet.write("A10", "单位负责人：")
    sheet.merge_range("E10:H11", "（盖章）")
    sheet.write_formula("B12", f'=IF(G{TOTAL}>0,"本月发放"&G{TOTAL}&"元","")', None, "")
    sheet.write_url("H12", "internal:'汇总'!B2", string="见汇总")
    months = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 12}
    sheet.data_validation(f"F{SAMPLE}:F{LAST}", months)
    sheet.data_validation("B10", {"validate": "list", "source": "=$H$12:$H$12"})
    sheet.conditional_format(f"G{SAMPLE}:G{LAST}", {"type": "formula", "criteria": f"=$G{SAMPLE}>1000", "format": bold})
    sheet.conditional_format("A12", {"type": "cell", "criteria": ">", "value": "$G$9", "format": bold})
    sheet.print_area("A1:H12")
    sheet.repeat_rows(0, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(0.4, 0.5, 0.6, 0.7)
    sheet.set_footer("&C第 &P 页")
    sheet.set_h_pagebreaks([9])
    sheet.set_v_pagebreaks([8])
    sheet.freeze_panes(4, 2)
    sheet.autofilter(f"A{HEADING}:H{LAST}")
    sheet.write_comment("A10", "盖公章", {"x_scale": 2})
    sheet.insert_textbox("J2", "填表说明：一人一行")
    sheet.insert_textbox("J11", "签字处")
    sheet.insert_image("J20", "章.png", {"image_data": _picture()})
    sheet.insert_button("K3", {"caption": "检查"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": ["花名册 (1)", SAMPLE - 1, 6, LAST - 1, 6]})
    sheet.insert_chart("J25", chart)
    sheet.add_sparkline("I9", {"range": f"'花名册 (1)'!G{SAMPLE}:G{LAST}"})
    summary.write("A1", "合计金额")
    summary.write_formula("B1", f"='花名册 (1)'!G{TOTAL}", None, 0)
    summary.write_formula("B2", f"=SUM('花名册 (1)'!G{SAMPLE}:G{LAST})+COUNTA('花名册 (1)'!B:B)", None, 0)
    summary.add_table("D1:E3", {"columns": [{"header": "村"}, {"header": "人数"}]})
    book.define_name("总额", f"='花名册 (1)'!$G${TOTAL}")
    book.close()
    return path


def _picture() -> Any:
    """A red dot as PNG."""
    import io

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0\xff\0\0")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b""))


def look(cell: Any) -> tuple[Any, ...]:
    """How a cell looks."""
    return (*map(copy, (cell.font, cell.border, cell.fill, cell.alignment, cell.protection)), cell.number_format)


def setup(sheet: Any) -> dict[str, Any]:
    """What a sheet says of itself beside its cells."""
    return {
        "print": (sheet.print_area, sheet.print_title_rows, sheet.print_title_cols, _plain(sheet.page_setup)),
        "margins": _plain(sheet.page_margins),
        "footer": (sheet.oddFooter.center.text, sheet.oddHeader.center.text),
        "widths": {key: (one.width, one.hidden, one.min, one.max) for key, one in sheet.column_dimensions.items()},
        "heights": {key: (one.height, one.hidden, one.outlineLevel) for key, one in sheet.row_dimensions.items()},
        "merges": sorted(str(one) for one in sheet.merged_cells.ranges),
        "validations": [(str(one.sqref), one.type, one.formula1) for one in sheet.data_validations.dataValidation],
        "conditions": [(str(one.sqref), [rule.formula for rule in one.rules]) for one in sheet.conditional_formatting],
        "breaks": ([one.id for one in sheet.row_breaks.brk], [one.id for one in sheet.col_breaks.brk]),
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
    }


def _plain(thing: Any) -> dict[str, Any]:
    return {key: value for key, value in vars(thing).items() if key != "_parent"}


def cells(sheet: Any) -> dict[tuple[int, int], Any]:
    return {(cell.row, cell.column): cell for row in sheet.iter_rows() for cell in row}


def book_of(path: Path) -> Any:
    return openpyxl.load_workbook(path, rich_text=True)
