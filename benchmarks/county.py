"""The demonstration county: made twice, its counts those of 平凉 (22,427 in need, 20,518 helpers), sound, and how long.

    python benchmarks/county.py

Prints what was counted and measured, and exits 1 where a count is wrong, the two files differ, or the check finds
anything. It takes some minutes; `LIANXIN_PROOF` below 1 makes the county only once.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.models import history
from app.models.categories import Enrolment
from app.models.pairing import Helper
from app.models.people import Household, Person
from app.models.query import count
from app.opening import opened
from app.work.check import check
from app.work.demo import make_demo
from app.work.demo_people import SIZES
from tests.proof import many

DAY = date(2026, 11, 21)
IN_NEED, HELPERS = 22_427, 20_518


def counts() -> dict[str, int]:
    """What is counted, in the file that is open."""
    in_need = Enrolment.select(Enrolment.person).where(Enrolment.until.is_null()).distinct().count()
    return {"户": count(Household), "人": count(Person), "对象": in_need, "帮扶人": count(Helper)}


def main() -> int:
    size, hashes, wrong = SIZES["county"], set(), 0
    must = {"户": size.households, "人": size.persons, "对象": IN_NEED, "帮扶人": HELPERS}
    with tempfile.TemporaryDirectory(prefix="lianxin-") as folder:
        for number in range(many(2)):
            book = str(Path(folder) / f"county-{number}.db")
            began = time.perf_counter()
            with opened(book, new=True):
                make_demo(1, DAY, "county")
            print(f"made in {time.perf_counter() - began:.0f} s")
            with opened(book):
                hashes.add(history.facts_hash())
                found = counts()
                if number == 0:
                    began = time.perf_counter()
                    faults = check()
                    print(f"checked in {time.perf_counter() - began:.0f} s, {len(faults)} found")
                    wrong += len(faults)
            print("  ".join(f"{word} {found[word]:,} of {must[word]:,}" for word in must))
            wrong += found != must
    print(f"{len(hashes)} hash: {', '.join(sorted(hashes))}")
    return int(bool(wrong) or len(hashes) != 1)


if __name__ == "__main__":
    sys.exit(main())
