"""Processes killed while they write: nothing half written, nothing lost that was said to be saved.

    python benchmarks/kills.py [--kills 200] [--seed 990001]

A child writes through the real doors: imports of 5,000 people, each in one operation, or many small saves, and says on
its output what is saved. It is killed (SIGKILL) at a random moment, or 0 to 3 ms after it said that it is about to
commit; whether a commit was then under way is read from its last words. Then the data file is opened again and
examined. The killing does not simulate a power failure: that is what `synchronous=FULL` is for.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.ledgers import contents  # noqa: F401  (brings every record)
from app.models import history
from app.models.database import DataFile
from app.models.here import here, standing
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import put_all
from app.models.upgrade import upgrade

IMPORTED = 5000  # rows in one operation
WORK = ("import", "save")
SLOWEST = 0.003  # seconds between the word before a commit and the kill
FAMILY, GIVEN = "王李张刘陈杨黄赵周吴", "建国秀英芳敏静丽强军洋勇艳杰娟涛明超兰霞"  # invented people


@dataclass(frozen=True)
class Kill:
    """One killed process. `faults` is empty when the file was whole and nothing acknowledged was lost."""

    work: str
    in_commit: bool
    acknowledged: int
    kept: int
    rows: int
    reopened: float  # seconds until the file was open again
    faults: tuple[str, ...]


# --- the child ---


def prepare(path: Path) -> None:
    """A data file with a village and a household to write into."""
    file = DataFile(path)
    with standing(file, who="导入员"):
        upgrade(file)
        with operation("准备"):
            (village,) = put_all(Place, [{"name": "牛街村", "level": "2"}])
            put_all(Household, [{"number": "1", "village": village}])
        file.close()


def child(path: Path, work: str) -> None:
    """Write until killed. Says "commit" before each commit, "saved" after each operation that returned."""
    file = DataFile(path)
    commit = file.database.commit

    def say_and_commit() -> None:
        print("commit", flush=True)
        commit()

    with standing(file, who="导入员"):
        file.connect()
        home = Household.select().first().id
        file.database.commit = say_and_commit
        print("ready", flush=True)
        number = 0
        while True:
            number += 1
            write_many(home, number) if work == "import" else write_one(home, number)
            print("saved", flush=True)


def row(home: int, batch: int, number: int) -> dict[str, object]:
    """An invented person. `note` says which operation brought him."""
    name = FAMILY[number % 10] + GIVEN[number // 10 % 20] + GIVEN[number // 200 % 20]
    return {"name": name, "household": home, "relation": "80", "no_id_reason": "5", "note": f"第{batch}批"}


def write_many(home: int, batch: int) -> None:
    with operation(f"导入第 {batch} 批"):
        put_all(Person, [row(home, batch, number) for number in range(IMPORTED)])


def write_one(home: int, batch: int) -> None:
    """One form saved: a person and a word in the household's card, together."""
    with operation(f"登记第 {batch} 人"):
        Person(**row(home, batch, batch)).save()
        household = Household.by_key(home)
        household.note = f"第{batch}批"
        household.save()


# --- the one who kills ---


def kill_one(template: Path, folder: Path, work: str, chance: random.Random, at_commit: bool) -> Kill:
    """Start a child on a fresh copy of the file, kill it, and examine what it left."""
    path = folder / "乡.db"
    for old in folder.iterdir():
        old.unlink()
    shutil.copyfile(template, path)
    said: SimpleQueue[str] = SimpleQueue()
    words: list[str] = []
    command = [sys.executable, __file__, "--child", work, "--file", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdout is not None

        def listen(lines: Iterable[str]) -> None:
            for line in lines:
                words.append(line.strip())
                said.put(line.strip())
            said.put("ended")

        def hear() -> str:
            if (word := said.get(timeout=60)) == "ended":
                raise RuntimeError("the child ended by itself")
            return word

        listener = threading.Thread(target=listen, args=(process.stdout,))
        listener.start()
        while hear() != "ready":
            pass
        if at_commit:
            commits = chance.randint(1, 2 if work == "import" else 30)
            while commits:
                commits -= hear() == "commit"
            time.sleep(SLOWEST * chance.random() ** 3)  # most soon: the commit of a single save takes no millisecond
        else:
            time.sleep(chance.uniform(0, 2.0 if work == "import" else 0.5))
        process.kill()
        listener.join()
    return examine(path, work, words)


def examine(path: Path, work: str, words: list[str]) -> Kill:
    """Open the file as the program does and count what is there against what was acknowledged."""
    started = time.perf_counter()
    file = DataFile(path)
    faults = []
    with standing(file, who="检查"):
        file.connect()
        upgrade(file)
        reopened = time.perf_counter() - started
        acknowledged = words.count("saved")
        kept = history.last_number() - 1  # the first prepared the file
        rows = file.run("SELECT count(*) FROM person").fetchone()[0]
        batches = file.run("SELECT note, count(*) FROM person GROUP BY note").fetchall()
        if kept not in (acknowledged, acknowledged + 1):
            faults.append(f"{acknowledged} acknowledged, {kept} kept")
        if {count for _, count in batches} - {IMPORTED if work == "import" else 1} or len(batches) != kept:
            faults.append("an operation is there in part")
        if work == "save" and kept and Household.select().first().note != f"第{kept}批":
            faults.append("the two rows of one operation do not agree")
        if here().file.run("PRAGMA integrity_check").fetchall() != [("ok",)]:
            faults.append("integrity_check")
        if here().file.run("PRAGMA foreign_key_check").fetchall():
            faults.append("foreign_key_check")
        if history.strangers():
            faults.append("facts that do not follow from the history")
        file.close()
    in_commit = words[-1] == "commit"  # it said so and did not come back from it
    return Kill(work, in_commit, acknowledged, kept, rows, reopened, tuple(faults))


def kill_many(count: int, seed: int) -> list[Kill]:
    """Kill `count` children, in turn at imports and at saves, one in three at any moment, the others at a commit."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        template, place = Path(folder) / "template.db", Path(folder) / "place"
        place.mkdir()
        prepare(template)
        return [
            kill_one(template, place, WORK[number % 2], chance, at_commit=number // 2 % 3 > 0)
            for number in range(count)
        ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=990001)
    parser.add_argument("--child", choices=WORK)
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.child:
        child(asked.file, asked.child)
    kills = kill_many(asked.kills, asked.seed)
    whole = sum(not kill.faults for kill in kills)
    inside = sum(kill.in_commit for kill in kills)
    lost = sum(max(0, kill.acknowledged - kill.kept) for kill in kills)
    clean = "clean" if whole == len(kills) else "NOT clean"
    print(
        f"{whole} of {len(kills)} all or nothing, {inside} of them killed inside a commit; "
        f"{lost} of {sum(kill.acknowledged for kill in kills)} acknowledged operations lost; integrity, foreign keys "
        f"and history {clean}; "
        f"slowest reopening {max(kill.reopened for kill in kills) * 1000:.0f} ms"
    )
    for number, kill in enumerate(kills):
        if kill.faults:
            print(f"kill {number} ({kill.work}): {'; '.join(kill.faults)}")
    return 0 if whole == len(kills) and inside >= len(kills) // 4 else 1


if __name__ == "__main__":
    sys.exit(main())
