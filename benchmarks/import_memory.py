"""How much memory taking in 100,000 persons × 30 columns needs, in all processes together.

    python benchmarks/import_memory.py [--rows 100000] [--limit 600]

The import — reading child, plan and commit into a new file that knows the villages — runs in a process of its own;
from outside, every 20 ms, the proportional set sizes (PSS: pages that two processes share are counted once) of it and
of everything that it started are added up. The highest sum is printed in MB for each stage. Exit code 1 above
`--limit`. Linux only. People are invented.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.import_speed import fresh, write_sheet

EVERY = 0.02  # seconds


def take_in(path: Path, folder: Path) -> None:
    """The import itself, saying on its output which stage begins."""
    from app.models.people import Person
    from app.sheets.intake import open_intake

    with fresh(folder):
        print("读", flush=True)
        opened = open_intake(path, Person)
        print("核对", flush=True)
        plan = opened.plan()
        print("写入", flush=True)
        plan.commit("导入花名册")
        print(plan.sentence(), flush=True)


def processes(first: int) -> list[int]:
    """A process and all that it started, those of theirs too."""
    found, waiting = [], [first]
    while waiting:
        found.append(one := waiting.pop())
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue  # it ended meanwhile
    return found


def megabytes(process: int) -> float:
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith("Pss:")), 0.0)


def measured(command: list[str]) -> tuple[dict[str, float], float]:
    """The highest sum of megabytes while each stage lasted, and the seconds that all took."""
    peaks: dict[str, float] = {}
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as told, subprocess.Popen(command, stdout=told) as running:
        while running.poll() is None:
            said = Path(f"/proc/self/fd/{told.fileno()}").read_text().split()
            stage = said[-1] if said else "启动"
            peaks[stage] = max(peaks.get(stage, 0.0), sum(map(megabytes, processes(running.pid))))
            time.sleep(EVERY)
        if running.returncode:
            raise SystemExit("the import failed")
    return peaks, time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description="Memory of taking in a long roster.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--limit", type=float, default=600.0)
    parser.add_argument("--run", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        take_in(*asked.run)
        return 0
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "roster.xlsx"
        write_sheet(path, asked.rows)
        print(f"{asked.rows:,} x 30, {path.stat().st_size / 1024**2:.1f} MB")
        peaks, seconds = measured([sys.executable, __file__, "--run", str(path), name])
    for stage, peak in peaks.items():
        print(f"{peak:7.0f} MB  {stage}")
    print(f"{max(peaks.values()):7.0f} MB at most, {seconds:.1f} s")
    return int(max(peaks.values()) > asked.limit)


if __name__ == "__main__":
    sys.exit(main())
