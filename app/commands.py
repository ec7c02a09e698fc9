"""Commands: everything the window does that a script may want, each in one word.

Exit code 0 done, 1 something was refused or found, 2 wrong usage, 3 signing in failed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app import import_commands, list_commands
from app.answer import DONE, FOUND, SIGN_IN, USAGE, Answer, book
from app.command_line import Parser
from app.models.faults import Reject, Shut, Stale, Trouble


def main(words: Sequence[str]) -> int:
    """Run one command, or the window without any."""
    if words[:1] == ["--read-sheet"]:  # a frozen program is its own child
        from app.sheets import child

        child.main(words[1])
        return DONE
    if words[:1] == ["--renew-form"]:
        from app.sheets import renewal

        renewal.main(words[1])
        return DONE
    parser = _parser()
    asked = parser.parse_args(words)
    if asked.do is None:
        from app.desk import open_window

        return open_window(asked.book or "")
    try:
        answer: Answer = asked.do(asked)
    except Shut as error:
        answer = Answer([str(error)], {"error": str(error)}, SIGN_IN)
    except (Reject, Stale, Trouble) as error:
        answer = Answer([str(error)], {"error": str(error)}, FOUND)
    except (LookupError, ValueError) as error:
        if not any("\u4e00" <= sign <= "\u9fff" for sign in str(error)):
            raise  # not a sentence for the clerk: our own fault
        answer = Answer([str(error.args[0])], {"error": str(error.args[0])}, USAGE)
    if getattr(asked, "json", False):
        print(json.dumps({**answer.facts, "code": answer.code}, ensure_ascii=False, indent=1, default=str))
    else:
        print("\n".join(answer.lines), file=sys.stderr if answer.code == USAGE else sys.stdout)
    return answer.code


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="main.py", description="连心台账：不带命令时打开窗口。")
    parser.set_defaults(do=None)
    parser.add_argument("--book", help="数据文件，或 postgresql:// 开头的地址；不写时用上次打开的")
    commands = parser.add_subparsers(title="命令", metavar="命令")

    def command(name: str, help: str, do: Callable[[Any], Answer]) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help)
        made.add_argument("--book", default=argparse.SUPPRESS, help="数据文件；不写时用上次打开的")
        made.add_argument("--json", action="store_true", help="按 JSON 输出，供程序读取")
        made.set_defaults(do=do)
        return made

    new = command("new", "新建数据文件", _new)
    new.add_argument("--township", required=True, help="乡镇名称")
    new.add_argument("--county", default="", help="县名称")
    new.add_argument("--villages", default="", help="行政村名称，用逗号隔开")
    demo = command("demo", "新建演示数据文件（人物全部虚构）", _demo)
    demo.add_argument("--seed", type=int, default=1, help="随机种子；同一种子同一天内容完全相同")
    demo.add_argument("--today", type=_day, default=None, help="演示数据以哪一天为今天，如 2026-11-21")
    demo.add_argument("--size", choices=("village", "township", "county"), default="township",
                      help="多大：village 一个村，township 一个乡镇，county 一个县（要几分钟）")  # fmt: skip
    command("ledgers", "列出全部台账", _ledgers)
    import_commands.add(command)
    export = command("export", "把台账导出为表格", _export)
    paper = command("print", "把台账或纸质件打印成 PDF", _print)
    for made in (export, paper):
        others = "；或纸质件名称，如 签领表" if made is paper else ""
        made.add_argument("ledger", help=f"台账名称，如 persons 或 人员台账{others}")
        made.add_argument("--where", default="", help='条件，如 "年龄 >= 80 且 行政村 = 牛街村"')
        made.add_argument("--day", type=_day, default=None, help="截至哪一天")
        made.add_argument("--out", type=Path, required=True, help="写到哪个文件")
        made.add_argument("--purpose", default="", help="登录的文件里，写全号码要写明用途，如“发放补贴核对”")
        made.add_argument("--masked", action="store_true", help="证件号、账号、电话隐去中间几位")
    fill = command("fill", "填上级的空表（.xlsx、.xls）：花名册、登记表、统计表", _fill)
    fill.add_argument("form", type=Path, help="空表")
    fill.add_argument("--from", dest="ledger", required=True, help="从哪个台账取数，如 persons 或 人员台账")
    fill.add_argument("--where", default="", help='条件，如 "年龄 >= 80"')
    fill.add_argument("--day", type=_day, default=None, help="截至哪一天")
    fill.add_argument("--kind", default="", help="这是哪种表：花名册、登记表、统计表；不写时自己认")
    fill.add_argument("--apart", action="store_true", help="登记表一户（人）一个文件，--out 是文件夹")
    fill.add_argument("--out", type=Path, required=True, help="填好的表写到哪里")
    fill.add_argument("--purpose", default="", help="登录的文件里，写全号码要写明用途")
    fill.add_argument("--masked", action="store_true", help="证件号、账号、电话隐去中间几位")

    def tool(name: str, help: str, work: Callable[[Any], Any]) -> argparse.ArgumentParser:
        made = command(name, help, lambda asked: _report(asked, work))
        made.add_argument("--purpose", default="", help="登录的文件里，结果有完整号码的要写明用途，如“核对名单”")
        return made

    list_commands.add(tool)
    check = command("check", "检查数据文件是否完好", _check)
    check.add_argument("--quick", action="store_true", help="只检查文件，不重放操作日志")
    undo = command("undo", "撤销自己最近一次操作，或指定的一次", _undo)
    undo.add_argument("number", type=int, nargs="?", help="操作日志里的编号")
    backup = command("backup", "备份数据文件", _backup)
    backup.add_argument("--out", type=Path, required=True, help="备份到哪个文件")
    restore = command("restore", "从备份恢复数据文件", _restore)
    restore.add_argument("backup", type=Path, help="备份文件")
    restore.add_argument("--look", action="store_true", help="只看备份的日期和数目，不恢复")
    tour = command("tour", "从头走一遍：导入、登记、打印、导出、截图", _tour)
    tour.add_argument("--out", type=Path, required=True, help="结果放在哪个文件夹")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2026-11-21 的样子。") from None


def _new(asked: Any) -> Answer:
    from app.opening import opened
    from app.work.places import found_township

    villages = [name for name in asked.villages.replace("，", ",").replace("、", ",").split(",") if name.strip()]
    with opened(book(asked), new=True):
        said = found_township(asked.county, asked.township, villages)
    return Answer([said], {"sentence": said})


def _demo(asked: Any) -> Answer:
    from app.models import history
    from app.opening import opened
    from app.work.demo import make_demo

    with opened(book(asked), new=True):
        said = make_demo(seed=asked.seed, day=asked.today or date.today(), size=asked.size)
        digest = history.facts_hash()
    return Answer([said, f"事实校验值 {digest}"], {"sentence": said, "hash": digest})


def _ledgers(asked: Any) -> Answer:
    from app.ledgers.contents import ledgers

    known = ledgers()
    return Answer(
        [f"{name}\t{ledger.title}" for name, ledger in known.items()],
        {"ledgers": {name: ledger.title for name, ledger in known.items()}},
    )


def _listing(asked: Any) -> Any:
    from app.ledgers.listing import Listing
    from app.ledgers.own import ledger_called
    from app.models.conditions import read

    ledger = ledger_called(asked.ledger)
    return Listing(ledger, read(asked.where, ledger.record), day=asked.day, whole=not asked.masked)


def _export(asked: Any) -> Answer:
    from app.models.here import standing
    from app.opening import opened
    from app.sheets.write import export

    with opened(book(asked)), standing(purpose=asked.purpose):
        said = export(_listing(asked), asked.out)
    return Answer([said], {"sentence": said, "file": str(asked.out)})


def _fill(asked: Any) -> Answer:
    from app.models.here import standing
    from app.opening import opened
    from app.sheets.county_form import fill_form

    with opened(book(asked)), standing(purpose=asked.purpose):
        matches, kept = fill_form(asked.form, asked.out, _listing(asked), asked.kind, asked.apart)
    lines = [sentence for match in matches for sentence in match.told()] + kept
    facts = {
        match.sheet: {
            "kind": match.kind, "rows": match.rows, "cells": match.cells,
            "taken": {one.caption: one.source for one in match.taken},
        }
        for match in matches
    }  # fmt: skip
    return Answer([*lines, f"已写到 {asked.out}。"], {"sheets": facts, "told": kept, "file": str(asked.out)})


def _print(asked: Any) -> Answer:
    from app.models.here import standing
    from app.opening import opened
    from app.papers.contents import paper_called
    from app.papers.ledger import print_listing

    with opened(book(asked)), standing(purpose=asked.purpose):
        if paper := paper_called(asked.ledger):
            said = paper.print_where(asked.where, asked.out, whole=not asked.masked)
        else:
            said = print_listing(_listing(asked), asked.out)
    return Answer([said], {"sentence": said, "file": str(asked.out)})


def _report(asked: Any, work: Callable[[Any], Any]) -> Answer:
    """A list tool on the data file; its code is 1 where anything was refused, not found or not certain."""
    from app.models.here import standing
    from app.opening import opened

    with opened(book(asked)), standing(purpose=asked.purpose):
        report = work(asked)
    facts = {**report.counts, "sentence": report.sentence, "notes": report.notes, "refused": report.refused}
    facts["files"] = [str(path) for path in report.files]
    return Answer([report.sentence, *report.notes], facts, FOUND if report.refused else DONE)


def _check(asked: Any) -> Answer:
    from app.opening import opened
    from app.work.check import check

    with opened(book(asked)):
        found = check(quick=asked.quick)
    if not found:
        return Answer(["数据文件完好，没有发现问题。"], {"found": []})
    return Answer([f"发现 {len(found):,} 处问题：", *found], {"found": found}, FOUND)


def _undo(asked: Any) -> Answer:
    from app.models.here import here
    from app.opening import opened
    from app.work.undo import undo, undo_last

    with opened(book(asked)):
        said = undo(asked.number).sentence() if asked.number else undo_last(here().who)
    return Answer([said], {"sentence": said})


def _backup(asked: Any) -> Answer:
    from app.opening import opened
    from app.work.backup import back_up

    with opened(book(asked)):
        made = back_up(asked.out)
    return Answer([made.sentence()], {"file": str(asked.out), "counts": made.counts, "hash": made.facts_hash})


def _restore(asked: Any) -> Answer:
    from app.ledgers import contents  # noqa: F401  (brings every record, by whose words a backup is counted)
    from app.opening import restore_signed_in
    from app.work.backup import look_at

    seen = look_at(asked.backup)
    lines = [seen.sentence()]
    if not asked.look:
        lines.append(restore_signed_in(asked.backup, book(asked)))
    return Answer(lines, {"counts": seen.counts, "hash": seen.facts_hash, "restored": not asked.look})


def _tour(asked: Any) -> Answer:
    from app.tour import tour

    return Answer(*tour(asked.out))
