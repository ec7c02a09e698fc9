"""An empty template of any ledger (空表): its headings with notes, choices to pick from, and required marks.

What is filled in reads back through the import of the same ledger to the same columns. Numbers that are text stay text.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from app.ledgers.ledger import Ledger, given
from app.models.faults import Trouble
from app.models.fields import (
    Account,
    Birth,
    Code,
    Day,
    DocumentNumber,
    Flag,
    IdNumber,
    Link,
    Money,
    Month,
    PersonName,
    Remark,
    Telephone,
    Text,
    Whole,
)
from app.models.record import Record
from app.sheets.fields import fields
from app.sheets.read import letters
from app.sheets.report import NOT_IN_SHEET_NAMES, Report, must_be_xlsx
from app.work.cells import fillable, names_somebody
from app.work.files import put_in_place
from app.work.lookup import Lookup

ROWS = 2_000  # for which choices are offered
INLINE = 250  # characters of a list of choices that Excel takes inside the cell's own rule
MOST_CHOICES = 500
CODES = "代码"  # the hidden sheet with long lists of choices
HEADING = 2  # its row, from 0


@dataclass(frozen=True)
class Blank:
    """One column of a template: its path, caption, and what may stand in it."""

    path: str
    caption: str
    fact: Any
    required: bool
    note: str
    choices: tuple[str, ...]


def blanks(ledger: Ledger) -> list[Blank]:
    """The columns of a template: those the ledger shows first, then what else a list may fill.

    Trouble where no list can be taken into this ledger.
    """
    record = ledger.record
    if not (ledger.form and isinstance(record, type) and issubclass(record, Record)):
        raise Trouble(f"“{ledger.title}”不能从表格导入，没有空表。")
    fixed = set(given(ledger))
    meant = {caption.path for caption in fields(record, ledger, fixed).captions}
    known = {path: label for path, label in fillable(record).items() if path in meant}
    shown = [column.text for column in ledger.shown]
    order = sorted(known, key=lambda path: shown.index(path) if path in shown else len(shown))
    return [_blank(record, path, known[path]) for path in order if path.split(".")[0] not in fixed]


def _blank(record: Any, path: str, label: str) -> Blank:
    link, _, name = path.rpartition(".")
    part = record.parts().get(link)
    owner = part.record() if part else record.facts()[link].rel_model if link else record
    fact = owner.facts().get(name) or owner.derived[name]
    wanted = bool(getattr(fact, "required", False)) and not part
    told = _who_told(record, link, name)
    return Blank(path, label, fact, wanted or told, _note(fact, wanted or told), _choices(fact))


def _who_told(record: Any, link: str, name: str) -> bool:
    """Whether a column names somebody whom the row cannot do without, by what tells him best."""
    fact = record.facts().get(link) if link else None
    return fact is not None and names_somebody(fact) and name == fact.rel_model.shown_by


def _choices(fact: Any) -> tuple[str, ...]:
    if isinstance(fact, Code):
        return tuple(text for _, text in fact.codes.choices())
    if isinstance(fact, Flag):
        return ("是", "否")
    if isinstance(fact, Link) and not fact.within:
        titles = sorted(filter(None, set(Lookup(fact).titles.values())))
        return tuple(titles) if len(titles) <= MOST_CHOICES else ()
    return ()


def _note(fact: Any, required: bool) -> str:
    """What may stand in the column, in the clerk's words."""
    kind = getattr(fact, "fact", fact)  # a name that is derived is written like the name it is
    said = "必填。" if required else ""
    match kind:
        case IdNumber():
            said += "18 位身份证号，按文本填写，末位 X 要大写。"
        case Telephone():
            said += "11 位手机号，或带区号的固定电话，如 0873-6123456。"
        case Account():
            said += "12 至 19 位账号，按文本填写。"
        case DocumentNumber():
            said += "证件上的号码，按文本填写。"
        case Code() | Flag():
            said += "从下拉框里选一项。"
        case Money():
            said += "金额，单位元，只写数字。"
        case Whole():
            said += f"{kind.low:,} 到 {kind.high:,} 之间的整数。"
        case Birth():
            said += "如 1963-05-12；只知道年月的填 1963年5月，只知道年份的填 1963年。"
        case Day():
            said += "日期，如 2026-11-21。"
        case Month():
            said += "月份，如 2026-11。"
        case PersonName():
            said += f"只写姓名，最多 {kind.most:,} 个字。"
        case Link():
            said += f"写已登记的{kind.rel_model.word}的名称。"
        case Text():
            said += f"文字，最多 {kind.most:,} 个字。"
    more = getattr(fact, "note", "")
    return f"{said}{more}。" if more and not more.endswith("。") else f"{said}{more}"


def write_template(ledger: Ledger, path: Path) -> Report:
    """Write the empty template of a ledger as .xlsx. Raises Trouble where it has none or cannot be written."""
    must_be_xlsx(path)
    columns = blanks(ledger)
    with put_in_place(path) as beside:
        beside.write_bytes(_written(ledger, columns))
    said = f"已写出“{ledger.title}”的空表，{len(columns):,} 列，存为 {path.name}。不用的列可以删去，带 * 的要留着。"
    return Report(said, {"columns": len(columns), "required": sum(one.required for one in columns)}, files=[path])


def _written(ledger: Ledger, columns: list[Blank]) -> bytes:
    import xlsxwriter

    whole = BytesIO()
    book = xlsxwriter.Workbook(whole, {"in_memory": True})
    sheet = book.add_worksheet(NOT_IN_SHEET_NAMES.sub(" ", ledger.title)[:31])
    formats = {kind: book.add_format({"num_format": kind, "font_name": "宋体", "font_size": 10})
               for kind in ("@", "0", "#,##0.00", "yyyy-mm-dd")}  # fmt: skip
    line = {"border": 1, "border_color": "#BFC5CB", "bg_color": "#F0F2F4", "bold": True, "text_wrap": True,
            "align": "center", "valign": "vcenter", "font_name": "宋体", "font_size": 10}  # fmt: skip
    heading, required = book.add_format(line), book.add_format({**line, "font_color": "#B3261E"})
    sheet.write_string(0, 0, ledger.title, book.add_format({"bold": True, "font_size": 16, "font_name": "宋体"}))
    said = "带 * 的必填；鼠标停在列名上看怎么填；从下一行起一行一条，不用的列可以删去。"
    sheet.write_string(1, 0, said, book.add_format({"font_size": 10, "font_color": "#55616D"}))
    lists = [(at, column) for at, column in enumerate(columns) if column.choices]
    ranges = _ranges(book, [column for _, column in lists])
    for at, column in enumerate(columns):
        caption = f"*{column.caption}" if column.required else column.caption
        sheet.write_string(HEADING, at, caption, required if column.required else heading)
        sheet.write_comment(HEADING, at, column.note, {"x_scale": 2, "author": "连心台账"})
        wide = sum(2 if ord(sign) > 0x2E80 else 1 for sign in caption)
        sheet.set_column(at, at, max(_least(column.fact), wide + 2), formats[_format(column.fact)])
    for (at, column), source in zip(lists, ranges, strict=True):
        sheet.data_validation(HEADING + 1, at, HEADING + ROWS, at, {
            "validate": "list", "source": source, "error_type": "warning", "error_title": column.caption[:32],
            "error_message": "不是下拉框里的写法，导入时可能不认。",
        })  # fmt: skip
    sheet.set_row(HEADING, 30)
    sheet.freeze_panes(HEADING + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(HEADING)
    book.close()
    return whole.getvalue()


def _ranges(book: Any, columns: list[Blank]) -> list[Any]:
    """The source of each list of choices: in the rule itself, or where it is too long a column of a hidden sheet."""
    long = [column for column in columns if _too_long(column.choices)]
    places = {}
    if long:
        sheet = book.add_worksheet(CODES)
        sheet.hide()
        for at, column in enumerate(long):
            sheet.write_column(0, at, column.choices)
            letter = letters(at)
            places[column.path] = f"={CODES}!${letter}$1:${letter}${len(column.choices)}"
    return [places.get(column.path) or list(column.choices) for column in columns]


def _too_long(choices: tuple[str, ...]) -> bool:
    return len(",".join(choices)) > INLINE or any("," in choice for choice in choices)


def _format(fact: Any) -> str:
    match fact:
        case Money():
            return "#,##0.00"
        case Flag():
            return "@"
        case Whole():
            return "0"
        case Day():
            return "yyyy-mm-dd"
    return "@"


def _least(fact: Any) -> int:
    """The least width of a column, in characters."""
    match fact:
        case IdNumber() | Account():
            return 21
        case Telephone() | Day() | Birth() | Month():
            return 13
        case Remark():
            return 24
    return 8
