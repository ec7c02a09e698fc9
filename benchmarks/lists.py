"""How long lists and the search box take: keys in order, any window of rows, suggestions as one types.

    python benchmarks/lists.py            # 11,753, 100,000 and 1,000,000 persons
    python benchmarks/lists.py 100000     # one size

Figures are medians of five (keys) and the 95th percentile of 200 (rows, suggestions, jumps painted in a table of
1366 × 768), in milliseconds, on SQLite.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.ledgers.contents import ledger_called
from app.ledgers.listing import Listing
from app.models import search
from app.models.here import standing
from app.ui import look
from app.ui.ledger_table import LedgerTable
from benchmarks.township import DAY, SURNAMES, build

MUST = {11_753: 150, 100_000: 400, 1_000_000: 700}  # ms to the first rows
SEARCH = {11_753: 30, 100_000: 30, 1_000_000: 80}  # ms p95
WINDOW = 40  # rows on a screen
TYPED = [  # what a clerk may type
    "z", "zj", "zjg", "wx", "lgh", "建", "建国", "王秀英", "秀英", "3012", "1990", "19900", "0512", "单", "sx", "第3",
    "qiu",
]  # fmt: skip


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def painted_jumps(listing: Listing, draw: random.Random) -> list[float]:
    """200 jumps of the scroll bar, each until both halves of the table are painted; fonts are warm after the first."""
    table = LedgerTable()
    table.resize(1366, 768)
    table.show_listing(listing, {})
    table.show()
    QApplication.processEvents()

    def jump() -> None:
        table.verticalScrollBar().setValue(draw.randrange(table.verticalScrollBar().maximum()))
        table.viewport().repaint()
        table.frozen.viewport().repaint()

    jump()
    taken = [milliseconds(jump) for _ in range(200)]
    table.rows.forget()
    table.close()
    return taken


def measure(number: int, folder: Path) -> bool:
    draw = random.Random(1)
    file = build(folder / f"{number}.db", number)
    good = True
    with standing(file, who="测量", day=DAY):
        for name in ("persons", "households", "departed"):
            ledger = ledger_called(name)
            first = statistics.median(milliseconds(partial(Listing(ledger).but().rows, 0, WINDOW)) for _ in range(5))
            limit = MUST[number] if number < 1_000_000 else None
            good &= limit is None or first <= limit
            said = f"  (≤ {limit})" if limit else ""
            print(f"{number:>9,} {name:<11} own order, first rows {first:8.1f} ms{said}")
        by_index = Listing(ledger_called("persons"), order=("name",))
        first = statistics.median(milliseconds(lambda: by_index.but().rows(0, WINDOW)) for _ in range(5))
        good &= first <= MUST[number]
        print(f"{number:>9,} persons     by name (an index)     {first:8.1f} ms  (≤ {MUST[number]})")
        opened = Listing(ledger_called("persons"))
        opened.keys()
        jumps = [milliseconds(lambda: opened.rows(draw.randrange(number - WINDOW), WINDOW)) for _ in range(200)]
        good &= p95(jumps) <= 8
        print(f"{number:>9,} persons     any {WINDOW} rows, p95      {p95(jumps):8.1f} ms  (≤ 8)")
        painted = painted_jumps(opened, draw)
        good &= p95(painted) <= 40
        print(f"{number:>9,} persons     any jump painted, p95 {p95(painted):8.1f} ms  (≤ 40)")
        endings = ("", "", *"abcghjlxyz", *SURNAMES)
        typed = [draw.choice(TYPED) + draw.choice(endings) for _ in range(200)]
        answers = [milliseconds(lambda text=text: search.suggest(text)) for text in typed]
        good &= p95(answers) <= SEARCH[number]
        slowest = typed[max(range(200), key=answers.__getitem__)]
        limits = f"(≤ {SEARCH[number]}; slowest “{slowest}” {max(answers):.0f} ms)"
        print(f"{number:>9,} search      as one types, p95      {p95(answers):8.1f} ms  {limits}")
        file.close()
    return good


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or list(MUST)
    app = QApplication([])
    look.apply(app)
    with tempfile.TemporaryDirectory() as folder:
        good = [measure(size, Path(folder)) for size in sizes]
        sys.exit(0 if all(good) else 1)
