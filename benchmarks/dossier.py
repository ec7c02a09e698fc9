"""How long the page of a household takes whose family received 200 things: what is read, without the window.

    python benchmarks/dossier.py            # townships of 11,753, 100,000 and 1,000,000 persons
    python benchmarks/dossier.py 100000     # one size

Median and the slowest of 20 of the page as the window reads it (eight rows of each part), then the whole household
file as it is printed, on SQLite. Everybody else received help too: two things for every ten persons.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.ledgers.dossier import dossier
from app.models.database import DataFile
from app.models.here import standing
from app.models.operation import encode
from app.models.people import Household, Person
from app.models.places import Place
from app.papers.dossier import print_dossier
from benchmarks.township import DAY, HOMES, PEOPLE, build

MUST = 100  # ms, a household's page
RECORDS, LINES = 30_000_000, 40_000_000  # first keys
RECEIVED, FAMILY = 200, HOMES + 7


def help_everybody(file: DataFile, persons: int) -> None:
    """One record of help for each line, written straight into the tables; the family's members in turn."""
    draw = random.Random(3)
    family = [row[0] for row in file.run("SELECT id FROM person WHERE household_id = ?", (FAMILY,)).fetchall()]
    whom = [family[at % len(family)] for at in range(RECEIVED)]
    whom += [PEOPLE + draw.randrange(persons) for _ in range(persons // 5)]
    with file.writing():
        file.run_many(
            "INSERT INTO help_record (id, rev, kind, day, subject, giver) VALUES (?, 1, '4', ?, '春节慰问', '王干部')",
            [(RECORDS + at, f"202{draw.randrange(7)}-0{draw.randrange(1, 10)}-15") for at in range(len(whom))],
        )
        file.run_many(
            "INSERT INTO help_line (id, rev, help_id, person_id, goods, value) VALUES (?, 1, ?, ?, '大米 1 袋', 5000)",
            [(LINES + at, RECORDS + at, person) for at, person in enumerate(whom)],
        )
        file.run(
            "INSERT INTO operation (id, title, who, at, day, changes) VALUES (1, '登记', '测量', '2026-01-01', ?, ?)",
            (str(DAY), len(family)),
        )
        file.run_many(
            'INSERT INTO "change" (operation, number, "table", "key", rev, after) VALUES (1, ?, ?, ?, 1, ?)',
            [(at, "person", one, encode({"id": one, "household_id": FAMILY})) for at, one in enumerate(family)],
        )
    file.run("ANALYZE")


def milliseconds(work: Callable[[], object], times: int = 20) -> tuple[float, float]:
    """Median and slowest; the first one, which composes the queries, is among them."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), max(taken)


def measure(persons: int, folder: Path) -> bool:
    file = build(folder / f"{persons}.db", persons)
    with standing(file, who="测量", day=DAY):
        help_everybody(file, persons)
        found = dossier(Household, FAMILY, most=8)
        assert [part.count for part in found.parts] == [RECEIVED + _others(file)], "what the family received is there"
        middle, slowest = milliseconds(lambda: dossier(Household, FAMILY, most=8))
        good = slowest <= MUST
        said = f"(≤ {MUST}; slowest {slowest:.1f})"
        print(f"{persons:>9,} household   {RECEIVED} received, its page {middle:8.1f} ms  {said}")
        middle, _ = milliseconds(lambda: dossier(Person, found.lines[0].keys[0], most=8))
        print(f"{persons:>9,} person      his page              {middle:8.1f} ms")
        middle, _ = milliseconds(lambda: dossier(Place, 100, most=8), 3)
        print(f"{persons:>9,} village     its page              {middle:8.1f} ms")
        middle, _ = milliseconds(lambda: print_dossier(Household, FAMILY, folder / "file.pdf"), 3)
        print(f"{persons:>9,} household   its file as a PDF     {middle:8.1f} ms")
        file.close()
    return good


def _others(file: DataFile) -> int:
    """What the family was given besides its 200, by chance."""
    sql = "SELECT count(*) FROM help_line l JOIN person p ON p.id = l.person_id WHERE p.household_id = ? AND l.id >= ?"
    number: int = file.run(sql, (FAMILY, LINES + RECEIVED)).fetchone()[0]
    return number


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or [11_753, 100_000, 1_000_000]
    with tempfile.TemporaryDirectory() as folder:
        good = [measure(size, Path(folder)) for size in sizes]
        sys.exit(0 if all(good) else 1)
