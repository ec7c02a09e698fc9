"""The signature sheet (签领表) of a delivery: who gets what, and a place to sign for each."""

from __future__ import annotations

from pathlib import Path

from app.models.conditions import And, Compare, Empty, Not, Or
from app.models.faults import Trouble
from app.models.help import HelpLine, HelpRecord
from app.models.money import capital_money, show_money
from app.models.paths import resolve
from app.models.progress import Progress, unwatched
from app.models.query import count, lines, rows
from app.papers.page import A4_LANDSCAPE
from app.papers.table import Table, TableColumn, Total, draw_table
from app.work.office import demo_mark, office_name

PATHS = (
    "person.household.village person.household.group person.name person.id_number"
    " goods value cash person.telephone note"
)
ORDER = ("person.household.village", "person.household.group", "person.name")
COLUMNS = (
    TableColumn("村组"),
    TableColumn("姓名"),
    TableColumn("身份证号"),
    TableColumn("品名及数量"),
    TableColumn("物资折合（元）", "right"),
    TableColumn("资金（元）", "right"),
    TableColumn("领取人签字（手印）", width=34),
    TableColumn("代领人签字、关系", width=30),
    TableColumn("联系电话"),
    TableColumn("备注", width=14),
)
NOTHING = (
    "这条帮扶记录没有登记发放的物资或资金，没有要签领的。确实发放了的，请打开记录，在受助明细里填写品名、折合或资金。"
)
ROW_HEIGHT_MM = 10.5  # room for a signature and a finger print


def nothing_to_sign(key: int) -> str | None:
    """Why a help record has no signature sheet: nobody got anything, as on a mere visit. None where somebody did."""
    got = Or((Not(Empty("goods")), Compare("value", ">", 0), Compare("cash", ">", 0)))
    return None if count(HelpLine, And((Compare("help.id", "=", key), got))) else NOTHING


def signature_sheet(key: int, path: Path, progress: Progress = unwatched, *, whole: bool = True) -> str:
    """Draw the signature sheet of one help record. `whole`: ID and telephone numbers unmasked.

    Trouble when there is nothing to sign for.
    """
    if why := nothing_to_sign(key):
        raise Trouble(why)
    record = HelpRecord.by_key(key)
    paths = [resolve(HelpLine, text) for text in PATHS.split()]
    found = rows(HelpLine, paths, lines(HelpLine, "help", key, ORDER))
    show = [path.fact.mask if path.private and not whole else path.fact.show for path in paths]
    texts = []
    for row in found:
        village, group, name, number, goods, value, cash, telephone, note = (
            write(one) for write, one in zip(show, row, strict=True)
        )
        texts.append((f"{village}{group}", name, number, goods, value, cash, "", "", telephone, note))
    values, cashes = [row[5] or 0 for row in found], [row[6] or 0 for row in found]
    day = record.day
    table = Table(
        title=f"{office_name()}{record.subject}签领表",
        columns=COLUMNS,
        rows=texts,
        left=f"填报单位（盖章）：{office_name()}" + (f"　来源：{record.source}" if record.source else ""),
        right=f"发放日期：{day.year}年{day.month}月{day.day}日",
        totals=(Total(4, values, show_money), Total(5, cashes, show_money)),
        closing=f"合计（大写）：{capital_money(sum(values) + sum(cashes))}　共 {len(found):,} 人",
        signs=("审批人", "监督人", "发放人", "制表人"),
        row_height=ROW_HEIGHT_MM,
    )
    pages = draw_table(path, table, A4_LANDSCAPE, progress, mark=demo_mark())
    return f"“{record.subject}”签领表 {len(found):,} 人，共 {pages:,} 页，已生成 {path.name}。"
