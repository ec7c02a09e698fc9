"""A ledger of 11,753 rows and 14 columns on paper: our table against ReportLab's LongTable with Paragraph cells.

    python benchmarks/ledger_pdf.py [--rows 11753] [--slow-rows 2000] [--times 3]

Both sides run in turn in this one process; medians are printed. LongTable is slow, so it draws `--slow-rows` rows by
default: its time grows at least in proportion, so the ratio is not flattered. People are invented; every 40th has a
rare character in the name.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.papers import fonts
from app.papers.page import A4_LANDSCAPE, MM
from app.papers.table import Table, TableColumn, Total, draw_table

CAPTIONS = ("行政村", "村民小组", "户主姓名", "姓名", "性别", "身份证号", "年龄", "与户主关系", "对象类别", "联系电话",
            "家庭住址", "月补助金额（元）", "起发月份", "备注")
RARE = "𠮷䶮㛃𬭎𡋾𫖯"


def rows(count: int) -> tuple[list[list[str]], list[int]]:
    """Invented people, always the same, and their amounts in fen."""
    chance = random.Random(7)
    made, amounts = list[list[str]](), list[int]()
    for number in range(count):
        village = chance.choice(["牛街村", "青山村", "大河边村", "石板桥社区", "白水村", "新寨村"])
        given = "".join(chance.choice("建国秀英伟芳敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂") for _ in range(2))
        if number % 40 == 0:
            given = given[0] + chance.choice(RARE)
        head = chance.choice("王李张刘陈杨黄赵周吴徐孙马朱胡") + given
        kind = chance.choice(["低保", "特困供养", "重残", "孤儿"])
        birth = f"{chance.randint(1935, 2015)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
        amount = chance.randrange(12_000, 80_000, 500)
        note = chance.choice(["", "", "", "独居", "长期患病，由其弟代领，已签委托书", "2026年3月由一般户转入"])
        made.append([village, f"第{chance.randint(1, 12)}村民小组", head, head, chance.choice("男女"),
                     f"990001{birth}{chance.randint(0, 999):03}{chance.choice('0123456789X')}",
                     str(chance.randint(1, 95)),
                     chance.choice(["户主", "配偶", "子", "女", "父亲", "母亲"]), kind,
                     f"139{chance.randint(0, 99999999):08}", f"和平镇{village}{chance.randint(1, 400)}号",
                     f"{amount / 100:,.2f}", f"2026年{chance.randint(1, 12)}月", note])
        amounts.append(amount)
    return made, amounts


def ours(path: Path, data: list[list[str]], amounts: list[int]) -> None:
    """The table of this program, with totals of every page."""
    columns = [TableColumn(caption, "right" if place == 11 else "left") for place, caption in enumerate(CAPTIONS)]
    total = Total(11, amounts, lambda fen: f"{fen / 100:,.2f}")
    draw_table(path, Table("困难群众台账", columns, data, totals=(total,), signs=("填报人", "审核人", "负责人")))


def theirs(path: Path, data: list[list[str]], amounts: list[int]) -> None:
    """ReportLab's LongTable, every cell a Paragraph that may break, rare characters in their own font."""
    from reportlab.lib.colors import black
    from reportlab.lib.enums import TA_LEFT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

    first = fonts.runs("文", "sans")[0][0]
    style = ParagraphStyle("cell", fontName=first, fontSize=8, leading=9.5, wordWrap="CJK", alignment=TA_LEFT)

    def cell(text: str) -> Paragraph:
        return Paragraph("".join(piece if font == first else f'<font name="{font}">{piece}</font>'
                                 for font, piece in fonts.runs(text, "sans")), style)

    widths = [value * MM for value in (16, 20, 15, 15, 9, 33, 9, 15, 16, 22, 34, 18, 18, 22)]
    body = [[cell(text) for text in row] for row in [list(CAPTIONS), *data]]
    table = LongTable(body, colWidths=widths, repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 0.4, black)])
    SimpleDocTemplate(str(path), pagesize=(A4_LANDSCAPE.width * MM, A4_LANDSCAPE.height * MM), leftMargin=40,
                      rightMargin=40).build([table])


def timed(draw: Callable[[Path, list[list[str]], list[int]], None], count: int, folder: Path) -> float:
    """Seconds for one drawing."""
    data, amounts = rows(count)
    start = time.perf_counter()
    draw(folder / "out.pdf", data, amounts)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description="Ledger on paper: ours against LongTable.")
    parser.add_argument("--rows", type=int, default=11_753)
    parser.add_argument("--slow-rows", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    fast, slow = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as name:
        timed(ours, 200, Path(name))      # fonts are opened once in the life of the program
        for _ in range(given.times):
            fast.append(timed(ours, given.rows, Path(name)))
            slow.append(timed(theirs, given.slow_rows, Path(name)))
    ours_rate, their_rate = given.rows / statistics.median(fast), given.slow_rows / statistics.median(slow)
    print(f"ours       {given.rows:7,} rows {statistics.median(fast):7.2f} s {ours_rate:9,.0f} rows/s")
    print(f"LongTable  {given.slow_rows:7,} rows {statistics.median(slow):7.2f} s {their_rate:9,.0f} rows/s")
    print(f"ratio      {ours_rate / their_rate:.1f}")


if __name__ == "__main__":
    main()
