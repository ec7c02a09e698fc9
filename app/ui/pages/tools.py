"""The list tools as they are declared: what each asks for, and what does it (表格工具)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.ledgers.ledger import Ledger
from app.ledgers.listing import Listing
from app.models import roles
from app.models.conditions import read
from app.models.progress import Progress

FILE, FILES, LEDGER, TEXT, LINE = "file", "files", "ledger", "text", "line"
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Need:
    """One thing that a tool asks for: a file, several or a folder, a ledger, a pasted text, or a line of text."""

    name: str
    label: str
    kind: str
    optional: bool = False
    hint: str = ""
    fits: Callable[[Ledger], bool] = lambda ledger: True


@dataclass(frozen=True)
class Tool:
    """`do(values, out, progress)` gives the report. `out` is the name proposed for its file, empty for a folder.

    `private` tools may write whole numbers, for which a purpose is asked. `wrong(values)` says why it cannot begin.
    """

    title: str
    about: str
    needs: tuple[Need, ...]
    out: str
    do: Callable[[Values, Path, Progress], Any]
    private: bool = True
    wrong: Callable[[Values], str] = lambda values: ""


def _compare(values: Values, out: Path, progress: Progress) -> Any:
    from app.sheets.compare import compare_files

    return compare_files(values["one"], values["other"], out, progress)


def _look_up(values: Values, out: Path, progress: Progress) -> Any:
    from app.sheets.look_up import listed, pasted, write_found
    from app.work.files import not_over

    not_over(out, *filter(None, [values["names"]]))
    wanted = listed(values["names"], progress) if values["names"] else pasted(values["text"])
    return write_found(wanted, _listing(values), out, progress)


def _split_file(values: Values, out: Path, progress: Progress) -> Any:
    from app.sheets.split import split_file

    return split_file(values["list"], out, progress)


def _split_ledger(values: Values, out: Path, progress: Progress) -> Any:
    from app.sheets.split import split_listing

    return split_listing(_listing(values), out, progress)


def _merge(values: Values, out: Path, progress: Progress) -> Any:
    from app.sheets.merge import merge_files

    return merge_files(values["files"], out, progress)


def _answer(values: Values, out: Path, progress: Progress) -> Any:
    from app.sheets.answer import answer_file

    return answer_file(values["list"], out, progress)


def _template(values: Values, out: Path, progress: Progress) -> Any:
    from app.sheets.template import write_template

    return write_template(values["ledger"], out)


def _listing(values: Values) -> Listing:
    ledger: Ledger = values["ledger"]
    return Listing(ledger, read(values.get("where", ""), ledger.record), whole=roles.may("whole"))


def _one_of_two(values: Values) -> str:
    one = bool(values["text"]) != bool(values["names"])
    return "" if one else "请粘贴姓名或身份证号，或者选一个名单文件，两样做一样。"


def _wrong_condition(values: Values) -> str:
    try:
        read(values["where"], values["ledger"].record)
    except (LookupError, ValueError) as error:
        return str(error.args[0])
    return ""


WHERE = Need("where", "条件", LINE, True, "可以不写；如：年龄 >= 80 且 性别 = 女")

TOOLS = (
    Tool("比对两份名单", "只在甲表的、只在乙表的、两表都有而内容不同的，各列一页。按身份证号对人；"
         "没有的，按姓名、行政村、出生日期。对不准的另列一页，不乱猜。",
         (Need("one", "甲表", FILE), Need("other", "乙表", FILE)), "差异.xlsx", _compare),
    Tool("按名单查台账", "一行写一个姓名或身份证号（同名的写上村名），照这个先后写出台账里的各列。"
         "没有找到的、分不清是谁的，写在“说明”一列。",
         (Need("ledger", "台账", LEDGER), Need("text", "名单", TEXT, True, "在这里粘贴，一行一人"),
          Need("names", "或者名单文件", FILE, True)), "查找结果.xlsx", _look_up, wrong=_one_of_two),
    Tool("按村拆名单", "把一份名单拆成一村一个文件，标题、表头、列宽、打印设置都照原样，合计重新算。",
         (Need("list", "名单", FILE),), "", _split_file),
    Tool("按村拆台账", "把台账按行政村导出，一村一个文件。",
         (Need("ledger", "台账", LEDGER, fits=lambda ledger: bool(ledger.record.placed_by)), WHERE), "", _split_ledger,
         wrong=_wrong_condition),
    Tool("合并各村的表", "把各村交回的表合成一份。同一人在两份表里内容不同的，两行都留着并标出来；读不成的行写明原因。",
         (Need("files", "各村的表", FILES),), "合并.xlsx", _merge),
    Tool("答复疑点名单", "上级发来的名单里空着的列（是否在册、所在村、去世日期、联系电话等），照登记的情况填好，"
         "另存一份，样子不变。有字的格不动；不能确定是谁的不填，标出来。",
         (Need("list", "上级的名单", FILE),), "已答复.xlsx", _answer),
    Tool("空表", "写出一本台账的空表，发给各村填。列名上有填写说明，代码有下拉框，填好后用“导入名单”导入。",
         (Need("ledger", "台账", LEDGER, fits=lambda ledger: bool(ledger.form)),), "空表.xlsx", _template,
         private=False),
)  # fmt: skip
