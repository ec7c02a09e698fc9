"""The tour (走一遍): the shipped messy sample taken in, a delivery recorded, papers, sheets and pictures made."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from app.models.paths import resolve
from app.models.places import VILLAGE, Place
from app.sheets.intake import Intake
from app.work.places import found_township, rename_village
from app.work.plan import CHANGED, DECIDE, NEW, REFUSED, Item, Plan

SAMPLE = Path(__file__).resolve().parents[1] / "resources" / "demo" / "sample.xlsx"


def planted() -> dict[str, Any]:
    """What is planted in the sample, and the places it needs: see `packaging/make_sample.py`."""
    told: dict[str, Any] = json.loads(SAMPLE.with_suffix(".json").read_text("utf-8"))
    return told


def found_sample_township() -> None:
    """The township of the sample: its villages and groups, one village renamed since."""
    told = planted()
    found_township(*told["township"], told["villages"], dict.fromkeys(told["villages"], told["groups"]))
    for old, new in told["renamed"].items():
        village = Place.get((Place.name == old) & (Place.level == VILLAGE))
        rename_village([village.id], day=date(2025, 7, 1), name=new)


def unreported(intake: Intake, plan: Plan, faults: list[dict[str, Any]]) -> list[str]:
    """The planted faults that did not come to what they must, each in a sentence; empty when all is well."""
    items = {(item.given.sheet, item.given.row): item for item in plan.items}
    return [
        f"第 {fault['kind']} 种毛病“{fault['what']}”（{fault['sheet']}!{fault['cell']}）：{why}"
        for fault in faults
        if (why := _missed(fault, items, intake, plan))
    ]


def _missed(fault: dict[str, Any], items: dict[tuple[str, int], Item], intake: Intake, plan: Plan) -> str:
    """What is wrong with how one planted fault was met, or nothing."""
    sheet, cell, must = fault["sheet"], fault["cell"], fault["must"]
    row = int("".join(sign for sign in cell if sign.isdigit()))
    item = items.get((sheet, row))
    if must == "told":
        told = [note for note in plan.notes if f"“{sheet}”" in note or sheet in note]
        return "" if any(fault["says"] in note for note in told) else "没有提示"
    if must == "skipped":
        reasons = [reason for name, number, reason in intake.skipped if (name, number) == (sheet, row)]
        return "" if any(fault["says"] in reason for reason in reasons) else "没有说明为什么不读"
    if must == "nothing":
        return "不该读出一行" if item else ""
    if item is None:
        return "这一行没有读到"
    if must == "understood":
        shown = shown_value(plan, item, fault["fact"])
        taken = item.kind in (NEW, CHANGED)
        return "" if taken and shown == fault["value"] else f"应读成“{fault['value']}”，读成了“{shown}”，{item.why()}"
    kinds = {"refused": (REFUSED,), "decide": (DECIDE,)}.get(must, (NEW, CHANGED))
    said = [(place, sentence) for place, sentence in item.remarks() if fault["says"] in sentence]
    if item.kind not in kinds or not said:
        return f"应有“{fault['says']}”，结果是{item.kind} {item.remarks()}"
    where = f"{sheet}!{cell}"
    return "" if any(place == where for place, _ in said) or must == "decide" else f"说的不是这一格，而是{said[0][0]}"


def shown_value(plan: Plan, item: Item, path: str) -> str:
    """What a row of a plan says at a path, as a person reads it; empty where it says nothing."""
    known = resolve(plan.record, path)
    link, _, name = path.rpartition(".")
    values = item.parent.values if link and item.parent else item.defaults | item.values
    value = values.get(name)
    if value is not None and known.ends_in:  # the key of a place, perhaps of one that is made along
        record = known.ends_in.rel_model
        made = plan.along.get(value)
        return str(made[1]["name"] if made else record.by_key(value).name)
    return str(known.fact.show(value))
