"""How much memory taking in 100,000 persons × 30 columns needs, in all processes together.

    python benchmarks/import_memory.py [--rows 100000] [--limit 600]

The import — reading child, plan and commit into a file that knows the villages — runs in a process of its own, and
again in another one into the file that is then full; from outside, every 20 ms, the proportional set sizes (PSS: pages
that two processes share are counted once) of it and of everything that it started are added up. The highest sum is
printed in MB for each stage. Exit code 1 above `--limit`. Linux only. People are invented.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.import_speed import DAY, GROUPS, VILLAGES, write_sheet

EVERY = 0.02  # seconds


def take_in(path: Path, folder: Path) -> None:
    """The import itself, saying on its output which stage begins."""
    from app.models.database import DataFile
    from app.models.here import here, standing
    from app.models.people import Person
    from app.models.upgrade import upgrade
    from app.sheets.intake import open_intake
    from app.work.places import found_township

    full = (place := folder / "memory.db").exists()
    with standing(DataFile(place), who="量内存", day=DAY):
        if not full:
            upgrade(here().file)
            found_township("弥渡县", "牛街乡", VILLAGES, dict.fromkeys(VILLAGES, GROUPS))
        print("读", flush=True)
        opened = open_intake(path, Person)
        print("核对", flush=True)
        plan = opened.plan()
        print("写入", flush=True)
        plan.commit("导入花名册")
        print(plan.sentence(), flush=True)
        here().file.close()


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


@dataclass
class Measured:
    """What a process said, line by line, and the most megabytes while each line was its last; 0 is before the first."""

    said: list[str]
    peaks: list[float]
    seconds: float
    code: int

    @property
    def megabytes(self) -> float:
        return max(self.peaks)


def measured(command: list[str], seconds: float = 600.0) -> Measured:
    """Run a command and watch it, at most so long."""
    peaks, start, lines = [0.0], time.perf_counter(), list[str]()
    with tempfile.TemporaryFile("w+") as told, subprocess.Popen(command, stdout=told) as running:
        while running.poll() is None:
            lines = Path(f"/proc/self/fd/{told.fileno()}").read_text().splitlines()
            peaks += [0.0] * (len(lines) + 1 - len(peaks))
            peaks[-1] = max(peaks[-1], sum(map(megabytes, processes(running.pid))))
            if time.perf_counter() - start > seconds:
                running.kill()
            time.sleep(EVERY)
        lines = Path(f"/proc/self/fd/{told.fileno()}").read_text().splitlines()
    return Measured(lines, peaks, time.perf_counter() - start, running.returncode)


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
        runs = [measured([sys.executable, __file__, "--run", str(path), name]) for _ in ("empty", "full")]
    for run in runs:
        for stage, peak in zip(["启动", *run.said], run.peaks, strict=False):
            print(f"{peak:7.0f} MB  {stage}")
        print(f"{run.megabytes:7.0f} MB at most, {run.seconds:.1f} s")
    return int(any(run.code != 0 or run.megabytes > asked.limit for run in runs))


if __name__ == "__main__":
    sys.exit(main())
