"""The command line in Chinese: what argparse says by itself, said to a clerk."""

from __future__ import annotations

import re
from argparse import ArgumentParser, HelpFormatter
from typing import Any, NoReturn

SAID = (  # what argparse says of a line that it cannot read, and how a clerk is told
    (r"the following arguments are required: (.*)", r"还缺：\1。"),
    (r"argument (.*): expected one argument", r"\1 后面要写一个值。"),
    (r"argument (.*): expected at least one argument", r"\1 后面至少要写一个值。"),
    (r"argument (.*): expected (\d+) arguments?", r"\1 后面要写 \2 个值。"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 没有 \2，可以写：\3。"),
    (r"argument (.*): invalid (?:.*) value: (.*)", r"\1 后面的 \2 读不懂。"),
    (r"argument (.*): not allowed with argument (.*)", r"\1 和 \2 不能一起写。"),
    (r"argument (.*): ignored explicit argument (.*)", r"\1 后面不用写值，写了 \2。"),
    (r"ambiguous option: (.*) could match (.*)", r"\1 写得不全，可能是 \2。"),
    (r"unrecognized arguments: (.*)", r"不认得：\1。"),
)


class _Help(HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(ArgumentParser):
    """Its help and its complaints are Chinese; a wrong line ends with exit code 2, as everywhere."""

    def __init__(self, **more: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Help, **more)
        self._positionals.title, self._optionals.title = "要写的", "可以写的"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        said = next((found.expand(told) for words, told in SAID if (found := re.fullmatch(words, message))), message)
        self.exit(2, f"{said}写法见 {self.prog} --help。\n")
