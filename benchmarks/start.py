"""From the start of the process to the first page with numbers, against an empty PySide6 window in the same run.

    python benchmarks/start.py [DATA FILE]      # makes the demonstration file if none is given

Prints the median of five of each, alternating, their ratio (must be ≤ 3.5), and which slow libraries were loaded before
anybody used them (must be none). The entry clerk has signed in already: a hash takes long on purpose. Both sides run
from byte code, as they do at the second start on a clerk's computer. The first page is the page of the morning: the
clock stops when its four first numbers have been counted and painted; the others and the charts follow one by one.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT, RUNS = 3.5, 5
SLOW = ("openpyxl", "reportlab", "pypinyin", "python_calamine", "psycopg", "xlsxwriter", "pypdfium2", "rapidfuzz")

EMPTY = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1366, 768)
window.show()
QTimer.singleShot(0, app.quit)
app.exec()
"""

OURS = f"SLOW = {SLOW!r}" + """
import os
import sys
from app import desk, terminal

def keep(settings):
    from PySide6.QtCore import QTimer

    def begin():
        page = shown.window.page
        page.tiles.shown.connect(lambda: seen(page))

    def seen(page):
        if all(line.number != "…" for line in page.tiles.lines):
            page.repaint()
            end()

    shown = made(settings)
    QTimer.singleShot(0, begin)
    return shown

def end():
    print(",".join(name for name in SLOW if name in sys.modules), flush=True)
    os._exit(0)

def signed_in():
    from app.models.here import Clerk

    return Clerk("录入", "杨秀珍", ("1",), key=1)

made, desk.Desk = desk.Desk, keep
terminal.sign_in_by_environment = signed_in
desk.open_window(sys.argv[1])
"""


def run(code: str, compiled: str, *words: str) -> tuple[float, str]:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": compiled}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    command = [sys.executable, "-c", code, *words]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=True, cwd=ROOT)
    return time.perf_counter() - start, ended.stdout.strip()


def main(words: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        book = words[0] if words else str(Path(folder) / "demo.db")
        if not words:
            command = [sys.executable, "main.py", "demo", "--book", book]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        run(EMPTY, folder), run(OURS, folder, book)
        pairs = [(run(EMPTY, folder)[0], run(OURS, folder, book)) for _ in range(RUNS)]
    empty = statistics.median(pair[0] for pair in pairs)
    ours = statistics.median(pair[1][0] for pair in pairs)
    loaded = pairs[0][1][1]
    print(f"empty window {empty:.2f} s, first page with numbers {ours:.2f} s: {ours / empty:.1f} × (≤ {LIMIT})")
    print(f"loaded before use: {loaded or 'none'}")
    return 0 if ours / empty <= LIMIT and not loaded else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
