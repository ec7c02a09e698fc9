"""Any list of people as lines that can be compared (名单): with all of its columns, also those that no register has.

The reading is that of an import (`intake.py`, `rows.py`); here nothing is matched against the data file. A line knows
who it is about as far as the list says: ID number, name, village, birth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from app.models.dates import PartialDate
from app.models.faults import Trouble
from app.models.fields import Day, Link, Money, Whole
from app.models.people import Person
from app.models.progress import Progress, unwatched
from app.models.rules import id_birth
from app.models.text import squash
from app.sheets.captions import bare, synonyms
from app.sheets.intake import Intake, Reading, open_intake
from app.sheets.read import Cell, Sheet
from app.sheets.rows import Rows, SheetRow, read_rows
from app.work import cells, lookup

ID_NUMBER, NAME, BIRTH, VILLAGE, HEAD = "id_number", "name", "birth", "household.village", "household.head"
STEP = 500
UNIT = re.compile(r"[（(](?:单位[:：])?(?:人民币)?(?:元|人|户|个|亩|岁|周岁)[)）]$")  # 万元 is no 元
YUAN = re.compile(r"^[¥￥]|元$")
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True)
class ListColumn:
    """One column: what it is compared under (a path; where it is unknown its caption without unit), its caption."""

    key: str
    caption: str


@dataclass(slots=True, eq=False)
class Line:
    """One row of a list. `cells` are as written, `texts` as they are compared; `faults` are sentences by key."""

    file: str
    sheet: str
    row: int
    cells: dict[str, Cell]
    texts: dict[str, str]
    faults: dict[str, str]
    id_number: str = ""
    name: str = ""
    village: str = ""  # its registered title, or what the list calls it
    birth: PartialDate | None = None  # as written, or from the ID number
    born: bool = False  # whether it is written

    @property
    def where(self) -> str:
        return f"{self.sheet} 第 {self.row} 行"

    @property
    def source(self) -> str:
        """Where it stands among several files."""
        return f"{self.file} {self.where}"

    @property
    def place(self) -> str:
        """The village as it is compared: 牛街村民委员会 is 牛街村."""
        return lookup.bare(self.village) if self.village else ""

    @property
    def nobody(self) -> str:
        """Why it cannot be told whom the line means, or nothing."""
        if self.id_number or self.name:
            return ""
        return self.faults.get(ID_NUMBER) or self.faults.get(NAME) or "没有姓名也没有身份证号，看不出是谁。"


@dataclass
class PeopleList:
    """A list as it was read. `skipped` are rows that hold no line: (sheet, row, reason)."""

    path: Path
    intake: Intake
    columns: list[ListColumn] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    skipped: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def notes(self) -> list[str]:
        """What the clerk should know of how it was read."""
        unread = [reading for reading in self.intake.readings if not reading.use and reading.sheet.rows]
        said = [f"{self.name}：“{reading.sheet.name}”没有读：{reading.why}。" for reading in unread]
        said += [f"{self.name}：{sheet} 第 {row} 行没有读：{reason}。" for sheet, row, reason in self.skipped]
        return said

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """The sheets of the file by name."""
        return {reading.sheet.name: reading.sheet for reading in self.intake.readings}

    @property
    def private(self) -> bool:
        """Whether private facts stand in its columns."""
        known = Person.facts()
        return any(getattr(known.get(column.key), "private", False) for column in self.columns)


def open_list(path: Path, progress: Progress = unwatched) -> PeopleList:
    """Read a list of people. Trouble in one sentence where no sheet holds people."""
    return list_of(path, open_intake(path, Person, progress), progress)


def list_of(path: Path, intake: Intake, progress: Progress = unwatched) -> PeopleList:
    """The lines of a file that was opened."""
    found = PeopleList(path, intake)
    used = [reading for reading in intake.readings if reading.use and reading.heading]
    if not used:
        raise Trouble(f"“{path.name}”里没有找到有姓名或身份证号的名单，请检查是不是选错了文件。")
    total, reader = sum(len(reading.sheet.rows) for reading in used), _Reader()
    for reading in used:
        mapping = columns_of(reading)
        known = {column.key for column in found.columns}
        captions = {column.index: column.caption for column in reading.heading.columns} if reading.heading else {}
        found.columns += [ListColumn(key, tidy_caption(captions[index]))
                          for index, key in mapping.items() if key not in known]  # fmt: skip
        assert reading.heading is not None
        rows: Rows = read_rows(reading.sheet, reading.heading, mapping)
        for row in rows:
            if len(found.lines) % STEP == 0:
                progress(len(found.lines), max(total, len(found.lines)), f"读取 {path.name}")
            if all(row.values[key] is None for key in reading.mapping.values()):  # as an import passes it over
                found.skipped.append((row.sheet, row.row, "认得的列都是空的"))
                continue
            found.lines.append(reader.line(path.name, row, reading.filled))
        found.skipped += [(reading.sheet.name, number, reason) for number, reason in rows.skipped]
    if not found.lines:
        raise Trouble(f"“{path.name}”里只有标题行，没有人。")
    return found


def columns_of(reading: Reading) -> dict[int, str]:
    """Every column of a sheet but its serial numbers → its path, or its caption where no register has it."""
    serial = {bare(word) for word in ("序号", *synonyms().get("序号", ()))}
    found: dict[int, str] = {}
    for column in reading.heading.columns if reading.heading else ():
        caption = tidy_caption(column.caption)
        if column.index in reading.mapping:
            found[column.index] = reading.mapping[column.index]
        elif caption and bare(caption) not in serial:
            key, again = UNIT.sub("", caption) or caption, 1
            while key in found.values():
                again += 1
                key = f"{UNIT.sub('', caption)}（{again}）"
            found[column.index] = key
    return found


def tidy_caption(caption: str) -> str:
    """A caption in one line."""
    return re.sub(r"\s+", "", caption)


class _Reader:
    """Reads cells into what they are compared as, each distinct cell of a column once."""

    def __init__(self) -> None:
        link = cells.along(Person)
        parent = Person.facts()[link].rel_model
        self.columns = {path: cells.Column(path, Person, parent) for path in cells.fillable(Person)}
        self.villages = lookup.Lookup(self.columns[VILLAGE].fact)

    def line(self, file: str, row: SheetRow, filled: Mapping[str, Any]) -> Line:
        values = {**filled, **{key: cell for key, cell in row.values.items() if cell is not None}}
        line = Line(file, row.sheet, row.row, values, {}, {})
        said: dict[str, Any] = {}
        for key, cell in values.items():
            said[key] = self._read(line, key, cell)
        line.id_number, line.name = said.get(ID_NUMBER) or "", said.get(NAME) or ""
        if NAME not in row.values:
            line.name = said.get(HEAD) or ""  # a list of households names their heads
        line.village = self._village(values.get(VILLAGE))
        line.birth = said.get(BIRTH)
        line.born = line.birth is not None
        if line.id_number and (line.birth is None or not line.birth.day):
            line.birth = PartialDate.parse(str(id_birth(line.id_number)))
        for key, column in self.columns.items():
            if key in values and isinstance(column.fact, Link):
                text = lookup_text(values[key])
                line.texts[key] = lookup.bare(text.removeprefix(line.village) or text)
        if line.village:
            line.texts[VILLAGE] = line.place
        return line

    def _read(self, line: Line, key: str, cell: Cell) -> Any:
        """The value of a cell, None where it has none; how it is compared goes into the line."""
        column = self.columns.get(key)
        value = None
        if column is not None and column.goes != cells.LINK:
            mark = cell if type(cell) is str else (type(cell), cell)
            value = column.known.get(mark, cells.UNREAD)
            if value is cells.UNREAD:
                value = column.learn(mark, cell)
            if mark in column.wrong:
                line.faults[key] = column.wrong[mark]
        if column is not None and value is not None:
            line.texts[key] = column.fact.show(value)
        elif column is None or key in line.faults:
            line.texts[key] = plain_text(cell)
        else:
            line.texts[key] = ""
        return value

    def _village(self, cell: Cell) -> str:
        text = lookup_text(cell)
        found = self.villages.find(text) if text else None
        return self.villages.titles[found] if isinstance(found, int) else text


def lookup_text(cell: Cell) -> str:
    return "" if cell is None else squash(str(cell))


def plain_text(cell: Cell) -> str:
    """A cell of an unknown column as it is compared: 1200, 1200.00 and "1,200" say the same."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return str(cell.date()) if not cell.time() else str(cell)
    if isinstance(cell, date):
        return str(cell)
    text = squash(str(cell))
    if NUMBER.fullmatch(number := YUAN.sub("", text)):
        return f"{Decimal(number.replace(',', '')).normalize():f}"
    return "".join(text.split())


def written(line: Line, key: str) -> Cell:
    """A cell as it is written into a result: numbers that are text stay text, everything else as the list had it."""
    cell = line.cells.get(key)
    fact = Person.facts().get(key)
    if cell is None or isinstance(cell, str) or fact is None or isinstance(fact, Day | Money | Whole):
        return cell
    return line.texts[key] if key not in line.faults else plain_text(cell)


def fits(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Whether two births may be the same day: what both know is equal."""
    if one is None or other is None:
        return True
    return one.first <= other.last and other.first <= one.last


def all_private(lists: Iterable[PeopleList]) -> bool:
    return any(found.private for found in lists)
