"""A stranger's file on its way into a ledger (导入): its sheets, how each was read, and the plan that follows.

The reading can be mended by the clerk before planning: another heading row, another field for a column, a sheet left
out, a village for a sheet that names none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.models.faults import Trouble
from app.models.progress import Progress, unwatched
from app.sheets.captions import Caption, synonyms
from app.sheets.headings import Heading, find_heading
from app.sheets.read import Sheet, read_book
from app.sheets.rows import Rows, SheetRow, read_rows
from app.work.lookup import Lookup
from app.work.matching import along, fillable, plan_rows
from app.work.plan import Plan

SUMMARIES = {"汇总", "汇总表", "统计", "统计表", "合计", "说明", "填表说明", "数据源", "下拉列表", "代码"}


@dataclass
class Reading:
    """How one sheet was understood. `mapping` is column → path; `filled` are values its cells leave unsaid."""

    sheet: Sheet
    heading: Heading | None
    mapping: dict[int, str]
    use: bool
    why: str
    filled: dict[str, Any] = field(default_factory=dict)


@dataclass
class Intake:
    """An opened file, for one record."""

    path: Path
    record: Any
    readings: list[Reading]
    skipped: list[tuple[str, int, str]] = field(default_factory=list)  # sheet, row in the file, reason

    def plan(self, progress: Progress = unwatched) -> Plan:
        """What taking it in would do. Trouble when no sheet holds rows for this record."""
        used = [reading for reading in self.readings if reading.use and reading.heading]
        if not used:
            raise Trouble(f"“{self.path.name}”里没有找到{self.record.word}名单的标题行，请在预览里指出哪一行是标题。")
        filled = {reading.sheet.name: reading.filled for reading in used}
        total = sum(len(reading.sheet.rows) for reading in used)
        self.skipped = []
        plan = plan_rows(self.record, self._rows(used), lambda row: filled[row.sheet], progress, total)
        for reading in used:
            plan.notes[:0] = [f"“{reading.sheet.name}”：{note}" for note in reading.sheet.notes]
        return plan

    def belongs_to(self, place: str) -> None:
        """Say the village of every sheet that names none."""
        for reading in self.readings:
            for path, fact in _links(self.record, along(self.record)):
                if fact.required and path not in reading.mapping.values():
                    reading.filled[path] = place

    def _rows(self, used: list[Reading]) -> Iterator[SheetRow]:
        for reading in used:
            assert reading.heading is not None
            rows: Rows = read_rows(reading.sheet, reading.heading, reading.mapping)
            yield from rows
            self.skipped += [(reading.sheet.name, number, reason) for number, reason in rows.skipped]


def captions(record: Any) -> list[Caption]:
    """What the columns of a list for this record may be called."""
    groups = [(name, *words) for name, words in synonyms().items()]
    known = {label: next((group for group in groups if label in group), ()) for label in fillable(record).values()}
    return [Caption(path, tuple(dict.fromkeys((label, *known[label])))) for path, label in fillable(record).items()]


def open_intake(path: Path, record: Any, progress: Progress = unwatched) -> Intake:
    """Read a file and find in each sheet what it says. Trouble in one sentence when it cannot be read."""
    sheets = read_book(path, progress)
    known = captions(record)
    return Intake(path, record, [_reading(sheet, known, record) for sheet in sheets])


def _reading(sheet: Sheet, known: list[Caption], record: Any) -> Reading:
    heading = find_heading(sheet, known)
    if heading is None:
        return Reading(sheet, None, {}, False, "没有找到标题行")
    mapping = {column.index: column.path for column in heading.columns if column.path}
    same = {path for part in record.same_as.split("|") for path in part.split()}
    use, why = bool(same & set(mapping.values())), heading.why
    if not use:
        why = "没有姓名、证号一类的列"
    elif sheet.name.strip() in SUMMARIES:
        use, why = False, "汇总表或说明，人员在别的表里"
    reading = Reading(sheet, heading, mapping, use, why)
    _fill_from_name(reading, record)
    return reading


def _fill_from_name(reading: Reading, record: Any) -> None:
    """A sheet named like a village says the village of its rows, where no column does."""
    link = along(record)
    for path, fact in _links(record, link):
        if path in reading.mapping.values() or not fact.required:
            continue
        found = Lookup(fact).find(reading.sheet.name.strip())
        if isinstance(found, int):
            reading.filled[path] = reading.sheet.name.strip()


def _links(record: Any, link: str) -> list[tuple[str, Any]]:
    if not link:
        return []
    parent = record.facts()[link].rel_model
    return [(f"{link}.{name}", fact) for name, fact in parent.facts().items() if hasattr(fact, "among") and fact.among]
