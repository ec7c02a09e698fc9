"""Taking in a roster of 11,753 persons × 30 columns, against reading it and writing it plainly in two other ways.

    python benchmarks/import_speed.py [--rows 11753] [--times 5] [--limit 7] [--slower 3] [--profile]

Ours: the reading child, checks of every cell, households, the plan, history, search words and commit, into a file that
knows the villages and nobody else, and then once more into the file that is full.
D: calamine in process and one `executemany` into a table with the same indexes, by the same driver with the same
pragmas, commit included: what no program can do without.
The usual way: `openpyxl.load_workbook` (not read-only, as it is mostly called) and `Model.create` for each row, in one
transaction of a file with the same driver, pragmas and indexes. It checks nothing and keeps no history.

The three take turns, each round in another order; medians are printed. Exit code 1 when ours is above `--limit` × D or
the usual way is not `--slower` × slower than ours. People are invented.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.ledgers import contents  # noqa: F401  (brings every record)
from app.models.database import PRAGMAS, DataFile
from app.models.here import standing
from app.models.people import Person
from app.models.rules import id_check_digit
from app.models.upgrade import upgrade
from app.sheets.intake import open_intake
from app.work.places import found_township

DAY = date(2026, 11, 21)
VILLAGES = ("牛街村", "保邑村", "荣华村", "康朗村")
GROUPS = ("一组", "二组", "三组", "四组", "五组", "六组")
CAPTIONS = (
    "行政村", "村民小组", "户编号", "户主姓名", "姓名", "与户主关系", "性别", "公民身份号码", "出生日期", "民族",
    "曾用名", "文化程度", "婚姻状况", "健康状况", "从业状况", "服务处所", "外出", "务工地", "外出日期", "联系电话",
    "第二电话", "开户行", "账号", "户名", "领款人身份证号", "本人居住地址", "籍贯", "宗教信仰", "兵役状况", "备注",
)  # fmt: skip
INDEXED = ("姓名", "公民身份号码", "出生日期", "户编号")
INDEXES = ("name", "id_number", "birth", "household", "household, relation")


def people(count: int) -> Iterator[tuple[str | None, ...]]:
    """Invented households of one to six persons, always the same."""
    chance, serial, household = random.Random(11), 0, 0
    while serial < count:
        household += 1
        village, group = VILLAGES[household % 4], chance.choice(GROUPS)
        head = None
        for place in range(min(chance.choice((1, 2, 3, 3, 4, 4, 5, 6)), count - serial)):
            serial += 1
            born = date(1940, 1, 1) + timedelta(days=serial * 7 % 28_000)
            sex = chance.randrange(2)
            number = f"990001{born:%Y%m%d}{serial // 4000 * 2 + 1 - sex:03}"
            name = chance.choice("李张王杨赵罗施陈刘周自鲁") + "".join(
                chance.choice("国文正光世绍学开发家朝德永福秀桂玉兰凤金素翠菊淑月美") for _ in range(2))
            head = head or name
            away = chance.random() < 0.3
            yield (
                village, group, f"{household:04}", head, name,
                "户主" if place == 0 else "配偶" if place == 1 else chance.choice(("长子", "次子", "长女", "母亲")),
                "女" if sex else "男", number + id_check_digit(number), str(born), chance.choice(("汉族", "彝族")),
                None, chance.choice(("小学", "初中", "高中")), chance.choice(("已婚", "未婚")), "健康",
                chance.choice(("农民", "学生")), None, "是" if away else "否", "昆明市官渡区" if away else None,
                "2024-02-18" if away else None, f"139{serial:08}", None, "农村信用社", f"62179900{serial:011}", None,
                None, f"{village}{group}{household}号", "云南弥渡", None, None, "外出务工" if away else None,
            )  # fmt: skip


def write_sheet(path: Path, count: int) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, CAPTIONS)
    for number, row in enumerate(people(count), 1):
        sheet.write_row(number, 0, row)
    book.close()


@contextmanager
def fresh(folder: Path) -> Iterator[None]:
    """An empty data file that knows the villages."""
    file = DataFile(folder / f"ours{time.perf_counter_ns()}.db")
    with standing(file, who="比速度", day=DAY):
        upgrade(file)
        found_township("弥渡县", "牛街乡", VILLAGES, dict.fromkeys(VILLAGES, GROUPS))
        yield
        file.close()


def take_in(path: Path) -> dict[str, int]:
    plan = open_intake(path, Person).plan()
    plan.commit("导入花名册")
    return plan.counts()


def plainly(path: Path, folder: Path) -> None:
    """D: what no program can do without."""
    import python_calamine
    import sqlcipher3

    rows = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()[1:]
    database = sqlcipher3.connect(str(folder / f"plain{time.perf_counter_ns()}.db"), isolation_level=None)
    for name, value in PRAGMAS.items():
        database.execute(f"PRAGMA {name} = {value}")
    columns = ["village", "grp", "household", "head", "name", "relation", "sex", "id_number", "birth"]
    columns += [f"c{number}" for number in range(len(columns), len(CAPTIONS))]
    database.execute(f"CREATE TABLE person (id INTEGER PRIMARY KEY, {', '.join(columns)})")
    for number, index in enumerate(INDEXES):
        database.execute(f"CREATE INDEX i{number} ON person ({index})")
    database.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * len(CAPTIONS))
    database.executemany(f"INSERT INTO person ({', '.join(columns)}) VALUES ({marks})", rows)
    database.execute("COMMIT")
    database.close()


def usually(path: Path, folder: Path) -> None:
    """The usual way: openpyxl and one `create` for each row."""
    import openpyxl
    import peewee

    facts = {caption: peewee.TextField(null=True) for caption in CAPTIONS}
    for name in INDEXED:
        facts[name] = peewee.TextField(null=True, index=True)
    place = DataFile(folder / f"usual{time.perf_counter_ns()}.db")
    meta = type("Meta", (), {"database": place.database, "indexes": ((("户编号", "与户主关系"), False),)})
    person: Any = type("Person", (peewee.Model,), {**facts, "Meta": meta})
    place.database.create_tables([person])
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True)
    with place.database.atomic("IMMEDIATE"):
        for row in rows:
            person.create(**dict(zip(CAPTIONS, row, strict=True)))
    place.close()


def timed(work: Any, *given: Any) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work(*given)
    return time.perf_counter() - start, result


def ours(path: Path, folder: Path, count: int) -> tuple[float, float]:
    """Seconds into an empty file, and again into the full one."""
    with fresh(folder):
        first, counts = timed(take_in, path)
        assert counts["new"] == count, counts
        again, counts = timed(take_in, path)
        assert counts["same"] == count, counts
    return first, again


def one_round(path: Path, folder: Path, count: int, turn: int) -> tuple[float, ...]:
    """Seconds: D, the usual way, ours into an empty file, ours again; beginning with another one each turn."""
    seconds: dict[int, tuple[float, ...]] = {}
    for side in (turn % 3, (turn + 1) % 3, (turn + 2) % 3):
        if side == 2:
            seconds[side] = ours(path, folder, count)
        else:
            seconds[side] = (timed((plainly, usually)[side], path, folder)[0],)
    return sum((seconds[side] for side in range(3)), ())


def main() -> int:
    parser = argparse.ArgumentParser(description="Taking in a roster, against reading and writing it plainly.")
    parser.add_argument("--rows", type=int, default=11_753)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--limit", type=float, default=7.0)
    parser.add_argument("--slower", type=float, default=3.0)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "roster.xlsx"
        write_sheet(path, asked.rows)
        if asked.profile:
            with fresh(folder):
                for _ in range(2):
                    profile = cProfile.Profile()
                    profile.runcall(take_in, path)
                    pstats.Stats(profile).sort_stats("tottime").print_stats(28)
            return 0
        rounds = [one_round(path, folder, asked.rows, turn) for turn in range(asked.times)]
    plain, usual, first, again = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"{asked.rows:,} x {len(CAPTIONS)}, median of {asked.times}")
    print(f"D (calamine + executemany)    {plain:6.3f} s")
    print(f"ours into an empty file       {first:6.3f} s   {first / plain:5.2f} x D")
    print(f"ours again into the full file {again:6.3f} s   {again / plain:5.2f} x D")
    print(f"openpyxl + Model.create       {usual:6.3f} s   {usual / max(first, again):5.2f} x ours")
    return int(max(first, again) > asked.limit * plain or usual < asked.slower * max(first, again))


if __name__ == "__main__":
    sys.exit(main())
