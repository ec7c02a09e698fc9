"""The tour (走一遍): the shipped messy sample taken in, a delivery recorded, papers, sheets and pictures made."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

from app.models.here import today
from app.models.operation import operation
from app.models.paths import resolve
from app.models.places import VILLAGE, Place
from app.sheets.intake import Intake, open_intake
from app.work.places import found_township, rename_village
from app.work.plan import CHANGED, DECIDE, NEW, REFUSED, Item, Plan

ELDERS, FROM_AGE = 56, 60
SAMPLE = Path(__file__).resolve().parents[1] / "resources" / "demo" / "sample.xlsx"


def tour(out: Path) -> tuple[list[str], dict[str, Any], int]:
    """Walk through the main job into `out`: lines for a person, facts for a program, and the exit code.

    The code is 1 when a planted fault of the sample was not reported with its cell, or the data file is not sound at
    the end. Nothing that stands in `out` already is touched but results of an earlier tour with the same names.
    """
    from app.opening import opened

    out.mkdir(parents=True, exist_ok=True)
    book = _free(out / "牛街乡.db")
    lines: list[str] = []
    facts: dict[str, Any] = {"book": str(book), "missed": []}
    with opened(str(book), new=True):
        found_sample_township()
        lines.append(f"数据文件：{book}")
        facts["missed"] = _take_in(out, lines, facts)
        _record_and_print(out, lines, facts)
        _export(out, lines, facts)
        pictures = _pictures(out, lines, facts)
        found = _check(lines, facts)
    return lines, facts, int(bool(facts["missed"] or found or not pictures))


def _free(path: Path) -> Path:
    """The path, with a number behind it when something stands there: a tour never writes into a known file."""
    tried, number = path, 1
    while tried.exists():
        number += 1
        tried = path.with_stem(f"{path.stem}-{number}")
    return tried


def _take_in(out: Path, lines: list[str], facts: dict[str, Any]) -> list[str]:
    """The sample taken in, twice, and what of it was refused; the planted faults that were not reported."""
    from app.models.people import Person
    from app.sheets.refused import write_refused

    intake = open_intake(SAMPLE, Person)
    plan = intake.plan()
    told = planted()["faults"]
    missed = unreported(intake, plan, told)
    facts |= {"plan": plan.counts(), "planted": len(told), "kinds": len({fault["kind"] for fault in told})}
    lines.append(f"样表 {SAMPLE.name}：{plan.sentence()}")
    well = len(told) - len(missed)
    lines.append(f"样表里埋了 {facts['kinds']} 种共 {len(told):,} 处毛病，{well:,} 处按应有的样子处理。")
    lines += missed
    lines.append(plan.commit("导入样表"))
    lines.append(f"退回表：{out / '退回.xlsx'}（{write_refused(SAMPLE, intake, plan, out / '退回.xlsx')}）")
    again = open_intake(SAMPLE, Person).plan()
    facts["again"] = again.counts()
    lines.append(f"同一张表再读一遍：{again.sentence()}")
    return missed


def _record_and_print(out: Path, lines: list[str], facts: dict[str, Any]) -> None:
    """Rice and oil for the elders, and three papers: ledger, signature sheet, certificate."""
    from app.ledgers.help import help_records, received
    from app.ledgers.listing import Listing
    from app.ledgers.people import persons
    from app.models.certificates import DONATION, Certificate
    from app.models.conditions import read
    from app.models.help import GOODS
    from app.models.people import Person
    from app.papers.contents import PAPERS
    from app.papers.ledger import print_listing
    from app.work.help import record_delivery

    old = Listing(persons, read(f"年龄 >= {FROM_AGE}", Person), order=("birth",), whole=True)
    elders = old.keys()[:ELDERS]
    lines.append(
        record_delivery(
            elders, kind=GOODS, day=today(), subject="重阳节慰问老人", goods="大米10公斤、香油5升", value=126_00,
            giver="牛街乡民政办", organisation="牛街乡人民政府", source="县民政局慰问物资",
        )
    )  # fmt: skip
    facts["elders"] = Listing(received).count()
    with operation("颁发证书"):
        given = Certificate(
            number="捐〔2026〕001号", kind=DONATION, day=today(), honoured="弥渡县春和商贸有限公司", cash=20_000_00,
            purpose="慰问空巢老人", issuer="牛街乡人民政府",
        )  # fmt: skip
        given.save()
    papers = {"台账": out / "人员台账.pdf", "签领表": out / "签领表.pdf", "证书": out / "捐赠证书.pdf"}
    print_listing(Listing(persons, whole=True), papers["台账"])
    PAPERS["signature-sheet"].draw(Listing(help_records).keys()[0], papers["签领表"])
    PAPERS["certificate"].draw(given.id, papers["证书"])
    lines += [f"{word}：{path}" for word, path in papers.items()]
    facts["papers"] = [str(path) for path in papers.values()]


def _export(out: Path, lines: list[str], facts: dict[str, Any]) -> None:
    from app.ledgers.listing import Listing
    from app.ledgers.people import persons
    from app.sheets.write import export

    path = out / "persons.xlsx"
    said = export(Listing(persons, whole=True), path)
    lines.append(f"表格：{path}（{said}）")
    facts["sheet"] = str(path)


def _pictures(out: Path, lines: list[str], facts: dict[str, Any]) -> bool:
    """Pictures of the main pages, without a screen; whether they could be taken."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from app.ui.pictures import take_pictures
    except ImportError as missing:
        lines.append(f"没有截图：缺少窗口用的系统库（{missing}），请先运行 packaging/start.py 装好。")
        return False
    from app.work.office import office_name

    taken = take_pictures(office_name(), SAMPLE, out)
    lines += [f"截图：{path}" for path in taken]
    facts["pictures"] = [str(path) for path in taken]
    return bool(taken)


def _check(lines: list[str], facts: dict[str, Any]) -> list[str]:
    """Whether the data file is sound and all its facts follow from its history; what the check-up doubts is told."""
    from app.work.check import check_up, unsound

    found = unsound()
    facts["found"], facts["check_up"] = found, check_up()
    lines += [*(found or ["数据文件完好，登记内容与操作日志一致。"]), facts["check_up"]]
    return found


def planted() -> dict[str, Any]:
    """What is planted in the sample, and the places it needs: see `packaging/make_sample.py`."""
    told: dict[str, Any] = json.loads(SAMPLE.with_suffix(".json").read_text("utf-8"))
    return told


def found_sample_township() -> None:
    """The township of the sample: its villages and groups, one village renamed since."""
    told = planted()
    county, township = told["township"]
    found_township(county, township, told["villages"], dict.fromkeys(told["villages"], told["groups"]))
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
