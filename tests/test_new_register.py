"""A new register touches four places, none of them in `ui/`: 水库移民 (reservoir resettlement), added to a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

RECORD = '''"""Reservoir resettlement (水库移民)."""

from __future__ import annotations

from app.models.fields import Code, Day, Link, Money, Text
from app.models.people import Person
from app.models.record import Record


class Resettlement(Record):
    """One resettled person."""

    person = Link(Person, "移民", required=True)
    reservoir = Text("水库", required=True)
    moved = Day("搬迁日期")
    grant = Money("年补助金额", note="元")
    sex = Code("登记性别", "sex")

    word = "移民"
    shown_by = "person.name"
    same_as = "person.id reservoir"
    search_in = "person"
    placed_by = "person.household.village person.household.group"
'''

MIGRATION = '''"""Reservoir resettlement."""

from typing import Any

import peewee


def up(migrator: Any, db: Any) -> None:
    order = '"C"' if isinstance(db, peewee.PostgresqlDatabase) else None

    class Person(peewee.Model):
        id = peewee.BigAutoField()

        class Meta:
            database = db

    class Resettlement(peewee.Model):
        id = peewee.BigAutoField()
        rev = peewee.IntegerField(default=0)
        person = peewee.ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        reservoir = peewee.TextField(collation=order)
        moved = peewee.TextField(null=True, collation=order)
        grant = peewee.BigIntegerField(null=True)
        sex = peewee.TextField(null=True, collation=order)

        class Meta:
            database = db

    db.create_tables([Resettlement])
'''

LEDGER = '''"""Ledger of reservoir resettlement."""

from __future__ import annotations

from app.ledgers.ledger import Ledger
from app.models.resettlement import Resettlement

resettled = Ledger(
    "水库移民台账",
    Resettlement,
    columns="person.name person.id_number person.household.village reservoir moved grant",
    filters="person.household.village reservoir",
    order="person.household.village person.name",
    form="""
        person    reservoir
        moved     grant
    """,
)
'''

WALK = '''
import sys
from datetime import date
from pathlib import Path
from time import monotonic

out = Path(sys.argv[1])
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desk import wire
from app.ledgers.contents import ledger_called
from app.ledgers.listing import Listing
from app.models.conditions import read
from app.models.database import DataFile
from app.models.here import stand, Here
from app.models.history import strangers
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.upgrade import upgrade
from app.papers.contents import dossier_paper
from app.papers.ledger import print_listing
from app.papers.preview import text
from app.sheets.intake import open_intake
from app.sheets.write import export
from app.ui import look
from app.ui.dossier_page import open_dossier
from app.ui.window import Window

file = DataFile(out / "book.db")
stand(Here(file, "测试员", date(2026, 11, 21)))
upgrade(file)
with operation("建"):
    town = Place(name="牛街乡", level="2"); town.save()
    village = Place(name="牛街村", level="3", parent=town); village.save()
    home = Household(number="01-0001", village=village); home.save()
    person = Person(name="杨德福", id_number="99000119460512123X", household=home, relation="02"); person.save()

ledger = ledger_called("resettled")
app = QApplication([]); look.apply(app)
def wait(until):
    end = monotonic() + 20
    while not until():
        assert monotonic() < end, window.said.text()
        QTest.qWait(20)

window = Window("牛街乡"); wire(window); window.show()
assert QTest.qWaitForWindowActive(window, 20_000)  # the keys of a window that is not active go nowhere
window.open_form(ledger, None, {"person": person.id, "reservoir": "漫湾水库"})
app.processEvents()
QTest.keyClick(window.page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
wait(lambda: Listing(ledger, whole=True).count() == 1)
listing = Listing(ledger, whole=True)
[row] = listing.rows(0, 9)
assert row[0] == "杨德福" and row[3] == "漫湾水库", row
assert Listing(ledger, read("行政村 = 牛街村 且 水库 含 漫湾", ledger.record)).count() == 1
assert Listing(ledger, search="ydf").count() == 1
assert [(group.text, group.count) for group in listing.groups("reservoir")] == [("漫湾水库", 1)]
export(listing, out / "list.xlsx")
plan = open_intake(out / "list.xlsx", ledger.record).plan()
assert plan.counts()["same"] == 1, (plan.counts(), [item.why() for item in plan.items])
print_listing(listing, out / "list.pdf")
assert "漫湾水库" in "".join(text(out / "list.pdf"))
page = window.open_ledger("resettled")
wait(lambda: page.listing.count() == 1)
for key, record, title in ((person.id, Person, "杨德福"), (home.id, Household, "杨德福 户")):
    page = open_dossier(window, record, key)
    wait(lambda: page.is_drawn)
    assert page.found.title == title
    [part] = page.found.parts  # the page of a person and of a household has the new register, and so has the file
    assert part.title == "水库移民台账" and "漫湾水库" in part.rows[0], part
    assert [table.part.name for table in page.tables][-1] == "resettled"
    dossier_paper(record).draw(key, out / "file.pdf")
    assert "水库移民台账" in "".join(text(out / "file.pdf"))
assert strangers() == []
print("walked")
window.close()
'''


def test_a_register_is_added_in_four_places(tmp_path: Path) -> None:
    copy = tmp_path / "program"
    for folder in ("app", "resources"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "app/models/resettlement.py").write_text(RECORD, "utf-8")
    number = len(list((copy / "app/models/migrations").glob("[0-9]*.py"))) + 1
    (copy / f"app/models/migrations/{number:04}_resettlement.py").write_text(MIGRATION, "utf-8")
    (copy / "app/ledgers/resettlement.py").write_text(LEDGER, "utf-8")
    contents = copy / "app/ledgers/contents.py"
    told = contents.read_text("utf-8")
    told = told.replace("from app.ledgers import ", "from app.ledgers import resettlement, ", 1)
    told = told.replace('        "received": ', '        "resettled": resettlement.resettled,\n        "received": ')
    contents.write_text(told, "utf-8")
    assert "resettlement" in told
    (copy / "walk.py").write_text(WALK, "utf-8")
    out = tmp_path / "out"
    out.mkdir()
    walked = subprocess.run(
        [sys.executable, "walk.py", str(out)], cwd=copy, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(copy)},
    )  # fmt: skip
    assert walked.returncode == 0, walked.stderr
    assert walked.stdout.strip() == "walked"
