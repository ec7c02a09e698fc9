"""Rows as a sheet yields them, for tests of plans; people with right ID numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.models.people import Person
from app.models.rules import id_check_digit
from app.sheets.rows import SheetRow
from app.work.matching import plan_rows
from app.work.places import found_township
from app.work.plan import Plan

VILLAGES = ("牛街村", "保邑村", "康朗村")
GROUPS = ("一组", "二组", "三组")

PATHS = {
    "village": "household.village", "group": "household.group", "number": "household.number", "head": "household.head",
    "home": "household.address",
}  # fmt: skip


def township() -> None:
    """Three villages with three groups each."""
    found_township("弥渡县", "牛街乡", VILLAGES, dict.fromkeys(VILLAGES, GROUPS))


def number_of(serial: int, born: date = date(1970, 5, 1)) -> str:
    """An ID number with a right check digit; odd serials are men."""
    first = f"990001{born:%Y%m%d}{serial:03}"
    return first + id_check_digit(first)


def given(*rows: dict[str, Any], sheet: str = "名单", first: int = 3) -> list[SheetRow]:
    """Rows with cells by path (short words for those of the household), `block` and `sure` apart."""
    told = []
    named = [name for row in rows for name in row if name not in ("block", "sure")]
    columns = list(dict.fromkeys(PATHS.get(name, name) for name in named))
    places = {path: at for at, path in enumerate(columns)}
    for at, row in enumerate(rows, first):
        cells: dict[str, Any] = dict.fromkeys(columns)
        cells |= {PATHS.get(name, name): cell for name, cell in row.items() if name not in ("block", "sure")}
        told.append(SheetRow(sheet, at, cells, row.get("block"), row.get("sure", True), places=places))
    return told


def planned(*rows: dict[str, Any], sheet: str = "名单") -> Plan:
    return plan_rows(Person, given(*rows, sheet=sheet))


def family(number: str, *members: dict[str, Any], village: str = "牛街村", block: int = 1) -> Iterable[dict[str, Any]]:
    """The rows of one household, its facts on every line."""
    return [{"village": village, "number": number, "block": block, **member} for member in members]


def counts(plan: Plan) -> tuple[int, int, int, int, int]:
    """New, changed, same, to decide, refused; they must add up."""
    told = plan.counts()
    assert sum(told.values()) == len(plan.items)
    return told["new"], told["changed"], told["same"], told["decide"], told["refused"]
