"""Packs (政策包): categories and which exclude each other, shipped as plain files under `resources/packs/`.

Rows that the file lacks are brought in by their code; what the office has changed or ended stays as it is.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from app.models.categories import Category, Exclusion, categories
from app.models.operation import operation
from app.models.record import put_all

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "packs"


def bring_packs() -> str:
    """Bring in what the packs hold and the file does not know yet, in one operation; says what came."""
    known = categories()
    with operation("载入对象类别"):
        new = [row for row in _rows("categories") if row["code"] not in known]
        keys = put_all(Category, [_read(Category, row) for row in new])
        known |= dict(zip((row["code"] for row in new), keys, strict=True))
        pairs = {frozenset((row.__data__["first"], row.__data__["second"])) for row in Exclusion.select()}
        fresh = []
        for row in _rows("exclusions"):
            first, second = known[row.pop("first")], known[row.pop("second")]
            if frozenset((first, second)) not in pairs:
                fresh.append({**_read(Exclusion, row), "first": first, "second": second})
        put_all(Exclusion, fresh)
    return f"已载入 {len(new):,} 个对象类别、{len(fresh):,} 条互斥规定。"


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read(record: Any, row: dict[str, str]) -> dict[str, Any]:
    facts = record.facts()
    return {name: facts[name].read(cell) for name, cell in row.items() if cell}
