"""A stranger's file on its way into a ledger (导入): its sheets, how each was read, and the plan that follows.

The reading can be mended by the clerk before planning: another heading row, another field for a column, a sheet left
out, a village for a sheet that names none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.ledgers.ledger import Ledger
from app.models.derived import Derived
from app.models.faults import Trouble
from app.models.fields import Code, Day
from app.models.kept_readings import KeptReading
from app.models.paths import labels, resolve
from app.models.progress import Progress, unwatched
from app.sheets.captions import bare
from app.sheets.columns import Column
from app.sheets.fields import fields
from app.sheets.headings import Heading, find_heading, fingerprint
from app.sheets.kept_reading import Recalled, captions_of, kept, recall
from app.sheets.read import Sheet, read_book
from app.sheets.readings import Fields
from app.sheets.rows import REASON, Rows, SheetRow, read_rows
from app.sheets.write import MASKED
from app.work.cells import along, names_somebody, told_by
from app.work.lookup import Lookup
from app.work.matching import plan_rows
from app.work.plan import Plan
from app.work.readings import known as known_readings

SUMMARIES = {"汇总", "汇总表", "统计", "统计表", "合计", "说明", "填表说明", "数据源", "下拉列表", "代码"}
SEARCHED = 8  # rows at the top of a sheet where our own export says that it is masked

@dataclass
class Reading:
    """How one sheet was understood. `mapping` is column → path; `filled` are values its cells leave unsaid."""

    sheet: Sheet
    heading: Heading | None
    mapping: dict[int, str]
    use: bool
    why: str
    filled: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    found: bool = False  # whether it would be read if the clerk said nothing
    kept: str = ""  # the name of the kept reading that it follows
    path: Path = Path()  # the file
    pasted: bool = False  # without a heading of its own

    def let_in(self, use: bool) -> None:
        """Read this sheet, or leave it out, because the clerk says so."""
        self.use = use
        self.why = (self.heading.why if self.heading else "没有找到标题行") if use else "没有勾选它"

    def read_as(self, mapping: dict[int, str]) -> None:
        """Let its columns be these, because the clerk says so."""
        self.mapping = mapping
        self.why = re.sub(r"认得 \d+ 列", f"认得 {len(mapping)} 列", self.why)

    def doubts(self) -> list[Column]:
        """The columns that are read as the program thought best, and of which it is not sure."""
        columns = self.heading.columns if self.heading else ()
        return [column for column in columns if column.doubt and self.mapping.get(column.index) == column.path]

    def member(self, index: int) -> str:
        """Which person of its rows a column tells of, "" for the row's own."""
        columns = self.heading.columns if self.heading else ()
        return next((column.member for column in columns if column.index == index), "")

    def told(self, record: Any) -> list[str]:
        """What the clerk should know of how this sheet is read, in sentences that name it."""
        said = [*self.sheet.notes, *self.notes]
        if not self.use or self.heading is None:
            return [f"“{self.sheet.called}”没有读：{self.why}。"]
        if self.kept:
            said.insert(0, told_of_kept(self.kept))
        unused = [column for column in self.heading.columns if column.caption and column.index not in self.mapping]
        computed = {label for label, path in labels(record).items() if isinstance(resolve(record, path).fact, Derived)}
        ages = [column.caption for column in unused if bare(column.caption) in computed]
        others = [f"{column.caption.replace(chr(10), '')}（{column.why}）" for column in unused
                  if column.caption not in ages and bare(column.caption) not in ("序号", REASON)]  # fmt: skip
        said.insert(0, self.why)
        if any(column.member for column in self.heading.columns if column.index in self.mapping):
            said.append("一行里横排或合写了几个人，每人读成一行")
        if doubts := self.doubts():
            read = [f"“{column.caption.replace(chr(10), '')}”（{column.doubt}）" for column in doubts]
            said.append(f"拿不准的列：{'、'.join(read)}")
        if ages:
            said.append(f"{'、'.join(ages)}由程序推算，没有采用")
        if others:
            said.append(f"没有采用的列：{'、'.join(others)}")
        return [f"“{self.sheet.called}”：{sentence}。" for sentence in said]


@dataclass
class Intake:
    """An opened file, or several of them, for one record; `every` are values that all its rows have."""

    path: Path
    record: Any
    readings: list[Reading]
    ledger: Ledger | None = None  # where its rows go; its readings are kept for it
    skipped: list[tuple[str, int, str]] = field(default_factory=list)  # sheet, row in the file, reason
    every: Mapping[str, Any] = field(default_factory=dict)
    fields: Fields | None = None  # what its columns may mean
    unread: list[tuple[Path, str]] = field(default_factory=list)  # files that are not read, and why

    @property
    def paths(self) -> list[Path]:
        """The files that were read."""
        return list(dict.fromkeys(reading.path for reading in self.readings))

    def of(self, path: Path) -> Intake:
        """The part of it that one file is; what is mended there is mended here."""
        return replace(self, path=path, readings=[reading for reading in self.readings if reading.path == path])

    def plan(self, progress: Progress = unwatched) -> Plan:
        """What taking it in would do. Trouble when no sheet holds rows for this record."""
        used = [reading for reading in self.readings if reading.use and reading.heading]
        if not used:
            raise Trouble(f"“{self.path.name}”里没有找到{self.record.word}名单的标题行，请在预览里指出哪一行是标题。")
        filled = {reading.sheet.called: reading.filled for reading in used}
        total = sum(len(reading.sheet.rows) for reading in used)
        self.skipped = []
        plan = plan_rows(self.record, self._rows(used), lambda row: filled[row.sheet], progress, total, self.every)
        plan.notes[:0] = self.told()
        return plan

    def told(self) -> list[str]:
        """How every sheet is read, or why it is not."""
        return [sentence for reading in self.readings for sentence in reading.told(self.record)]

    def belongs_to(self, place: str) -> None:
        """Say the village of every sheet that names none. ValueError with a sentence when there is no such village."""
        for path, fact in _links(self.record):
            if not fact.required:
                continue
            if isinstance(found := Lookup(fact).find(place), str):
                raise ValueError(found)
            for reading in self.readings:
                if path not in reading.mapping.values():
                    reading.filled[path] = place
                    reading.notes = [f"表里没有{fact.label}一列，都按“{place}”读"]

    def read_anew(self, reading: Reading) -> None:
        """Understand a sheet without what was kept of sheets like it (重新识别)."""
        assert self.fields is not None
        vars(reading).update(vars(replace(_reading(reading.sheet, self.fields, self.record, {}), path=reading.path)))

    def as_well(self, mended: Reading) -> int:
        """Read the other sheets with the same heading as the clerk reads this one; how many were read otherwise."""
        assert mended.heading is not None
        words, keys = fingerprint(mended.heading), captions_of(mended.heading)
        meant, changed = {key: mended.mapping[index] for index, key in keys.items() if index in mended.mapping}, 0
        for reading in self.readings:
            if reading.use and reading.heading is not None and fingerprint(reading.heading) == words:
                there = captions_of(reading.heading)
                mapping = {index: meant[key] for index, key in there.items() if key in meant}
                if reading is not mended and mapping != reading.mapping:
                    reading.read_as(mapping)
                    changed += 1
        return changed

    def words_of_kept(self) -> list[str]:
        """The fingerprints of the kept readings that are used."""
        return [fingerprint(reading.heading) for reading in self.readings if reading.kept and reading.heading]

    def to_keep(self) -> list[dict[str, Any]]:
        """The readings that the clerk has confirmed, as they are kept: one for each heading, the mended one first."""
        alike: dict[str, list[Reading]] = {}
        for reading in self.readings:
            if reading.heading is not None and not reading.pasted:
                alike.setdefault(fingerprint(reading.heading), []).append(reading)
        found = []
        for same in alike.values():
            used = [reading for reading in same if reading.use]
            left_out = [reading for reading in same if reading.found]
            if not used and not left_out:
                continue
            best = max(used or left_out, key=_is_mended)
            assert best.heading is not None
            alone = sum(reading.path == best.path and reading.heading is not None for reading in self.readings) == 1
            name = best.path.stem if alone else f"{best.path.stem} {best.sheet.name}"
            found.append(kept(best.heading, best.mapping, name, not used, self.record))
        return [one for one in found if one]

    def _rows(self, used: list[Reading]) -> Iterator[SheetRow]:
        for reading in used:
            assert reading.heading is not None
            rows: Rows = read_rows(reading.sheet, reading.heading, reading.mapping)
            yield from rows
            self.skipped += [(reading.sheet.called, number, reason) for number, reason in rows.skipped]


def open_intake(
    path: Path, record: Any, progress: Progress = unwatched, every: Mapping[str, Any] = MappingProxyType({}),
    ledger: Ledger | None = None, fresh: bool = False,
) -> Intake:  # fmt: skip
    """Read a file and find in each sheet what it says, for a ledger of this record if one is named.

    Headings that were read for this ledger before are read in the same way, unless `fresh`. Trouble in one sentence
    when it cannot be read.
    """
    return intake_of(path, read_book(path, progress), record, every, ledger, fresh)


def intake_of(
    path: Path, sheets: list[Sheet], record: Any, every: Mapping[str, Any], ledger: Ledger | None, fresh: bool = False
) -> Intake:
    """The same for sheets that were read already; `path` is what they are called by."""
    if any(_is_masked(sheet) for sheet in sheets):
        raise Trouble(f"“{path.name}”是隐去了部分内容的导出表，导回来会丢掉号码；请另导出一份不隐去的。")
    known = fields(record, ledger, every)
    remembered = known_readings(ledger.title) if ledger is not None and not fresh else {}
    found = [_reading(sheet, known, record, remembered) for sheet in sheets]
    for reading in found:
        reading.path = path
    return Intake(path, record, found, ledger, every=every, fields=known)


def _is_masked(sheet: Sheet) -> bool:
    return any(isinstance(cell, str) and MASKED in cell for row in sheet.rows[:SEARCHED] for cell in row)


def told_of_kept(title: str) -> str:
    """That a kept reading was used."""
    return f"这张表和以前导入的一样，按记住的读法“{title}”读"


def _is_mended(reading: Reading) -> bool:
    """Whether the clerk changed which column is what."""
    columns = reading.heading.columns if reading.heading else ()
    return reading.mapping != {column.index: column.path for column in columns if column.path}


def _recalled(sheet: Sheet, recalled: Recalled, record: Any) -> Reading | None:
    """The sheet as the office read one like it before; None where nothing is left that says whom it is about."""
    row, heading = recalled.row, recalled.heading
    mapping = {column.index: column.path for column in heading.columns if column.path}
    if not row.skip and not telling_paths(record).keys() & set(mapping.values()):
        return None
    why = f"按记住的读法“{row.title}”不读" if row.skip else heading.why
    reading = Reading(sheet, heading, mapping, not row.skip, why, found=True, kept=row.title)
    reading.read_as(mapping)
    for caption, label in recalled.lost:
        reading.notes.append(f"“{caption}”一列原来读作“{label}”，这个项目已经没有了，没有读")
    if reading.use:
        _fill_from_name(reading, record)
    return reading


def _reading(sheet: Sheet, known: Fields, record: Any, remembered: Mapping[str, KeptReading]) -> Reading:
    heading = find_heading(sheet, known)
    recalled = recall(sheet, heading, known, remembered, record) if remembered else None
    if recalled and (reading := _recalled(sheet, recalled, record)):
        return reading
    if heading is None:
        return Reading(sheet, None, {}, False, "没有找到标题行")
    mapping = {column.index: column.path for column in heading.columns if column.path}
    use, why = True, heading.why
    telling = telling_paths(record)
    if not telling.keys() & set(mapping.values()):
        use, why = False, f"没有{'、'.join(dict.fromkeys(resolve(record, path).label for path in telling))}一类的列"
    elif _is_form(sheet, heading, known):
        use, why = False, "像是一张单人的表，不是名单"
    elif sheet.name.strip() in SUMMARIES:
        use, why = False, "看名称是汇总或说明，人员在别的表里；确要读的，请在预览里勾选"
    reading = Reading(sheet, heading, mapping, use, why, found=use)
    if use:
        _head_not_payee(reading)
        _fill_from_name(reading, record)
    return reading


def telling_paths(record: Any) -> dict[str, None]:
    """The paths of which a list has at least one, so that its rows say whom or what they are about.

    Where the record is about somebody, what names him; else what makes two rows the same, or must be there.
    """
    facts = record.facts()
    links = [name for name, fact in facts.items() if names_somebody(fact)]
    if links:
        return dict.fromkeys(f"{name}.{told}" for name in links for told in told_by(facts[name]))
    same = {part.removesuffix(".id") for part in record.same_as.replace("|", " ").split()}
    same = same or {name for name, fact in facts.items() if fact.required}
    return dict.fromkeys(name for name, fact in facts.items() if name in same and not isinstance(fact, (Code, Day)))


def _is_form(sheet: Sheet, heading: Heading, known: Fields) -> bool:
    """Whether what stands below the captions are captions again, as in the form of one person."""
    cells = [
        row[column.index] for row in sheet.rows[heading.first_data_row : heading.last_data_row + 1][:SEARCHED]
        for column in heading.columns if column.path
    ]  # fmt: skip
    words = [cell for cell in cells if isinstance(cell, str)]
    return bool(words) and sum(bool(known.lexicon.exact(word)) for word in words) > 0.5 * len(words)


def _head_not_payee(reading: Reading) -> None:
    """户名 in a list without accounts is the household's name, that is its head."""
    mapping = reading.mapping
    payee = next((index for index, path in mapping.items() if path == "payee"), None)
    if payee is not None and not {"account", "bank", "household.head"} & set(mapping.values()):
        mapping[payee] = "household.head"
        reading.notes.append("“户名”按户主姓名读（表里没有账号）")


def _fill_from_name(reading: Reading, record: Any) -> None:
    """A sheet named like a village, or titled with its name, says the village of its rows where no column does."""
    for path, fact in _links(record):
        if path in reading.mapping.values() or not fact.required:
            continue
        name, lookup = reading.sheet.name.strip(), Lookup(fact)
        found = lookup.find(name)
        mentioned = lookup.mentioned(reading.heading.title) if reading.heading else None
        if isinstance(found, int) or (mentioned is None and name.endswith(("村", "社区", "村委会", "居委会"))):
            reading.filled[path] = name
        elif mentioned is not None:
            reading.filled[path] = lookup.titles[mentioned]
        if path in reading.filled:
            reading.notes.append(f"表里没有{fact.label}一列，都按“{reading.filled[path]}”读")


def _links(record: Any) -> list[tuple[str, Any]]:
    """The links of the row that a list hangs on to rows that must be there already, as a household's village."""
    link = along(record)
    if not link:
        return []
    parent = record.facts()[link].rel_model
    return [(f"{link}.{name}", fact) for name, fact in parent.facts().items() if getattr(fact, "among", "")]
