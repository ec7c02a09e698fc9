"""Commands over lists of people (表格工具): compare, look up, split, merge, answer, and empty templates.

Each gives a `Report`; `commands.py` opens the data file, says what the report says and makes the exit code of it.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

Command = Callable[[str, str, Callable[[Any], Any]], ArgumentParser]


def add(command: Command) -> None:
    """Add them to the parser: `command(name, help, work)` gives the parser of one, `work(asked)` its report."""
    compare = command("compare", "两份名单比对：只在甲表、只在乙表、两表不同", _compare)
    compare.add_argument("one", type=Path, help="甲表")
    compare.add_argument("other", type=Path, help="乙表")
    look_up = command("lookup", "按一份姓名或身份证号查台账，照原来的先后写出各列", _look_up)
    look_up.add_argument("ledger", help="台账名称，如 persons 或 人员台账")
    look_up.add_argument("names", type=Path, nargs="?", help="名单文件；也可以一行写一个姓名或身份证号，不要标题行")
    look_up.add_argument("--text", default="", help="直接写姓名或身份证号，用逗号隔开，代替名单文件")
    look_up.add_argument("--columns", default="", help="要哪些列，用逗号隔开，如 姓名,行政村,联系电话；不写时同台账")
    split = command("split", "把一份名单或一本台账按村拆成几个文件", _split)
    split.add_argument("what", help="名单文件，或台账名称，如 persons 或 人员台账")
    split.add_argument("--out", type=Path, required=True, help="放在哪个文件夹")
    merge = command("merge", "把各村交回的表合并成一份，并列出同一人内容不同的", _merge)
    merge.add_argument("files", type=Path, nargs="+", help="各村交回的文件，或放着它们的文件夹")
    answer = command("answer", "答复上级的疑点名单：把登记的情况填进它的空列", _answer)
    answer.add_argument("file", type=Path, help="上级发来的名单")
    template = command("template", "写出一本台账的空表，带填写说明和下拉框", _template)
    template.add_argument("ledger", help="台账名称，如 persons 或 人员台账")
    for made in (look_up, split):
        made.add_argument("--where", default="", help='条件，如 "年龄 >= 80 且 行政村 = 牛街村"')
        made.add_argument("--masked", action="store_true", help="证件号、账号、电话隐去中间几位")
    for made in (compare, look_up, merge, answer, template):
        made.add_argument("--out", type=Path, required=True, help="结果写到哪个 .xlsx 文件")


def _compare(asked: Any) -> Any:
    from app.sheets.compare import compare_files

    return compare_files(asked.one, asked.other, asked.out)


def _look_up(asked: Any) -> Any:
    from app.sheets.look_up import listed, pasted, write_found
    from app.work.files import not_over

    if bool(asked.names) == bool(asked.text):
        raise ValueError("请写名单文件，或者用 --text 写姓名或身份证号，两样写一样。")
    not_over(asked.out, *filter(None, [asked.names]))
    wanted = listed(asked.names) if asked.names else pasted("\n".join(_apart(asked.text)))
    listing = _listing(asked)
    if asked.columns:
        listing = listing.but(columns=tuple(_column(listing.ledger, word) for word in _apart(asked.columns)))
    return write_found(wanted, listing, asked.out)


def _split(asked: Any) -> Any:
    from app.sheets.split import split_file, split_listing

    if Path(asked.what).suffix:
        if asked.where or asked.masked:
            raise ValueError("--where 和 --masked 只用于台账，拆分文件时请去掉。")
        return split_file(Path(asked.what), asked.out)
    asked.ledger = asked.what
    return split_listing(_listing(asked), asked.out)


def _merge(asked: Any) -> Any:
    from app.sheets.merge import merge_files

    return merge_files(asked.files, asked.out)


def _answer(asked: Any) -> Any:
    from app.sheets.answer import answer_file

    return answer_file(asked.file, asked.out)


def _template(asked: Any) -> Any:
    from app.ledgers.contents import ledger_called
    from app.sheets.template import write_template

    return write_template(ledger_called(asked.ledger), asked.out)


def _listing(asked: Any) -> Any:
    from app.ledgers.listing import Listing
    from app.ledgers.own import ledger_called
    from app.models.conditions import read

    ledger = ledger_called(asked.ledger)
    return Listing(ledger, read(asked.where, ledger.record), whole=not asked.masked)


def _column(ledger: Any, word: str) -> Any:
    """A column by what it is called. LookupError with a sentence."""
    from app.models.paths import labels

    shown = {column.caption: column for column in ledger.shown}
    path = labels(ledger.record).get(word)
    if word not in shown and path is None:
        raise LookupError(f"“{ledger.title}”里没有叫“{word}”的列。")
    return shown.get(word) or ledger.column(path)


def _apart(text: str) -> list[str]:
    """Words written with commas between them."""
    return [word.strip() for word in text.replace("，", ",").replace("、", ",").split(",") if word.strip()]
