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
    compare.add_argument("--out", type=Path, required=True, help="结果写到哪个 .xlsx 文件")


def _compare(asked: Any) -> Any:
    from app.sheets.compare import compare_files

    return compare_files(asked.one, asked.other, asked.out)
