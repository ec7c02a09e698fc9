"""Commands that take lists in (导入), and the readings that are remembered of them (导入读法)."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.answer import DONE, FOUND, Answer, book
from app.models.faults import Trouble
from app.settings import Settings

Command = Callable[[str, str, Callable[[Any], Answer]], ArgumentParser]


def add(command: Command) -> None:
    """Add them to the parser: `command(name, help, do)` gives the parser of one."""
    take = command("import", "把表格导入台账", _import)
    take.add_argument("files", type=Path, nargs="+", help="表格文件，可以写几个，也可以写文件夹")
    take.add_argument("--into", required=True, help="台账名称，如 persons 或 人员台账")
    take.add_argument("--village", default="", help="表里没有写行政村时，整份名单属于哪个村")
    take.add_argument("--fresh", action="store_true", help="重新识别，不用以前记住的读法")
    take.add_argument("--dry-run", action="store_true", help="只看会怎样，不写入")
    take.add_argument("--refused", type=Path, help="把没有导入的行连同原因另存到这个表格；几个文件时另存到这个文件夹")
    kept = command("readings", "列出记住的导入读法；也可以导出为文件，或从别的单位的文件取入", _readings)
    kept.add_argument("--out", type=Path, help="把全部读法写到这个文件")
    kept.add_argument("--take", type=Path, help="从这个文件取入读法")


def _import(asked: Any) -> Answer:
    from app.ledgers.contents import ledger_called
    from app.ledgers.ledger import given
    from app.opening import opened
    from app.sheets.several import found, open_several
    from app.work import backup, readings

    ledger = ledger_called(asked.into)
    with opened(book(asked)):
        intake = open_several(asked.files, ledger.record, every=given(ledger), ledger=ledger, fresh=asked.fresh)
        if asked.village:
            intake.belongs_to(asked.village)
        plan = intake.plan()
        unread = [f"{path.name} 没有读：{said}" for path, said in intake.unread]
        lines = [plan.sentence(), *unread, *plan.notes]
        remarks = [(cell, sentence, item.kind) for item in plan.items for cell, sentence in item.remarks()]
        lines += [f"{cell}　{sentence}" for cell, sentence, _ in remarks]
        lines += [f"{sheet} 第 {row} 行没有读：{reason}。" for sheet, row, reason in intake.skipped]
        if not asked.dry_run:
            backup.automatic("import", Settings.load().backup_folder())
            readings.use(ledger.title, intake.words_of_kept())
            more = f"等 {len(intake.paths):,} 个文件" if len(intake.paths) > 1 else ""
            lines.append(plan.commit(f"导入“{asked.files[0].name}”{more}"))
        if asked.refused and (remarks or plan.counts()["decide"]):
            lines.append(_write_refused(intake, plan, asked.refused))
        sheets = [asdict(found(reading, ledger.title)) for reading in intake.readings]
    facts = {
        "read": len(plan.items), **plan.counts(), "notes": plan.notes, "sheets": sheets,
        "unread": [{"file": str(path), "sentence": said} for path, said in intake.unread],
        "readings": {reading.sheet.called: reading.kept for reading in intake.readings if reading.kept},
        "remarks": [{"cell": cell, "sentence": sentence, "kind": kind} for cell, sentence, kind in remarks],
        "skipped": [{"sheet": sheet, "row": row, "reason": reason} for sheet, row, reason in intake.skipped],
        "written": not asked.dry_run,
    }  # fmt: skip
    return Answer(lines, facts, FOUND if remarks or intake.unread or not plan.items else DONE)


def _write_refused(intake: Any, plan: Any, to: Path) -> str:
    from app.sheets.refused import write_all_refused, write_refused

    if len(intake.paths) == 1 and not intake.unread:
        return write_refused(intake.paths[0], intake, plan, to)
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"文件夹“{to}”建不了，请另选一个位置。") from error
    return write_all_refused(intake, plan, to)


def _readings(asked: Any) -> Answer:
    from app.ledgers.arrangements import kept_readings
    from app.ledgers.listing import Listing
    from app.opening import opened
    from app.work import readings

    with opened(book(asked)):
        lines = [readings.take_file(place=asked.take)] if asked.take else []
        listing = Listing(kept_readings)
        keys = listing.keys()
        found = [dict(zip(("title", "ledger", "used"), row, strict=False)) for row in listing.cells(keys)]
        if asked.out:
            lines.append(readings.write_file(keys, place=asked.out))
    lines += [f"{one['title']}\t{one['ledger']}\t{one['used']}" for one in found]
    return Answer(lines or ["还没有记住的导入读法。"], {"readings": found})
