"""Columns of a ledger for people whom somebody names (按名单查找): in the order given, one line for each of them.

Whom nobody or several may be meant by is told in the column 说明, and his columns stay blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.ledgers.ledger import Column
from app.ledgers.listing import Listing
from app.models.conditions import Compare, Condition, OneOf, Or, both
from app.models.dates import PartialDate
from app.models.faults import Trouble
from app.models.fields import Day, IdNumber, Money, Whole
from app.models.paths import chains, resolve
from app.models.people import Person
from app.models.progress import Progress, unwatched
from app.models.query import keys, rows
from app.models.text import squash
from app.sheets.intake import open_intake
from app.sheets.lists import fits, list_of
from app.sheets.read import Cell
from app.sheets.report import Part, Report, must_be_xlsx, write_parts
from app.sheets.write import MASKED
from app.work.lookup import Lookup, bare
from app.work.outgoing import leave

PART = 400  # names asked for at once
SHOWN = 5  # of those whom a name may mean
NUMBER = re.compile(r"[\dXx*]{14,}")
APART = re.compile(r"[\s,，、;；|]+")
WHO = ("id_number", "name", "household.village", "birth")
ASKED, SAID = "查找的", "说明"


@dataclass(frozen=True)
class Wanted:
    """One line of what was pasted: `wrong` says why its number cannot be one."""

    text: str
    id_number: str = ""
    name: str = ""
    village: str = ""
    birth: PartialDate | None = None
    wrong: str = ""


@dataclass(frozen=True)
class Known:
    """A row of the ledger and the person whom it is about."""

    key: int
    person: int
    id_number: str
    name: str
    village: str
    birth: PartialDate | None


@dataclass
class Found:
    """What there is for one line: the rows of the one person meant, and what to say of it."""

    wanted: Wanted
    rows: list[int] = field(default_factory=list)
    said: str = ""
    missing: bool = False
    several: bool = False


def pasted(text: str) -> list[Wanted]:
    """The lines of a pasted text: a name or an ID number, or both, perhaps with a village; blank lines are nothing."""
    fact, villages = IdNumber("身份证号"), _villages()
    found = []
    for line in text.splitlines():
        words = [word for word in APART.split(squash(line)) if word]
        if not words:
            continue
        number = name = village = wrong = ""
        for word in words:
            if NUMBER.fullmatch(word):
                try:
                    number = fact.read(word) or ""
                except ValueError as error:
                    wrong = str(error)
            elif name and (place := _place(word, villages)):
                village = place
            else:
                name = name or word
        found.append(Wanted(" ".join(words), number, name, village, None, wrong))
    return found


def _place(word: str, villages: Lookup) -> str:
    """The village that a word names, or nothing: today's names go before former ones."""
    if bare(word) in {bare(title) for title in villages.titles.values()}:
        return word
    found = villages.find(word)
    if isinstance(found, int):
        return villages.titles[found]
    return word if word.endswith(("村", "社区", "村委会", "居委会")) else ""


def listed(path: Path, progress: Progress = unwatched) -> list[Wanted]:
    """The people of a file: a list with a heading, or names and ID numbers line by line without one. Trouble."""
    intake = open_intake(path, Person, progress)
    if not any(reading.use and reading.heading for reading in intake.readings):
        rows = (row for reading in intake.readings if not reading.sheet.hidden for row in reading.sheet.rows)
        return pasted("\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in rows))
    return [
        Wanted(f"{line.name} {line.id_number}".strip() or line.where, line.id_number, line.name, line.village,
               None if line.id_number else line.birth, line.faults.get("id_number") or line.nobody)
        for line in list_of(path, intake, progress).lines
    ]  # fmt: skip


def look_up(wanted: Sequence[Wanted], listing: Listing, progress: Progress = unwatched) -> list[Found]:
    """Find everybody in the rows of a listing; of who is not there it is said whether he was, or is registered."""
    here = _in_listing(listing, wanted, progress)
    lost = [one for one in wanted if not here.meant(one)]
    gone = here if listing.all_times or not lost else _in_listing(listing.but(gone=True), lost, progress)
    known = here if listing.ledger.record is Person or not lost else registered(lost)
    answers = []
    for one in wanted:
        answer = _answer(one, here.meant(one))
        if answer.missing and not answer.several:
            left = _answer(one, gone.meant(one))
            if left.rows:
                answer = Found(one, left.rows, "已不在册。")
            elif known.meant(one):
                answer.said = f"登记过，但不在“{listing.ledger.title}”里。"
        answers.append(answer)
    return answers


def _answer(wanted: Wanted, meant: Sequence[Known]) -> Found:
    persons = {known.person: known for known in meant}
    if len(persons) == 1:
        said = f"台账里有 {len(meant):,} 行，合在一起写。" if len(meant) > 1 else ""
        if wanted.name and wanted.name != meant[0].name:
            said = f"这个号码登记的是{meant[0].name}，姓名不同，请核对。{said}"
        return Found(wanted, [known.key for known in meant], said)
    if not persons:
        return Found(wanted, said=wanted.wrong or "没有找到。", missing=True)
    some = list(persons.values())[:SHOWN]
    told = "；".join(" ".join(filter(None, (one.village, one.birth.show() if one.birth else ""))) for one in some)
    told += " 等" if len(persons) > SHOWN else ""
    said = f"有 {len(persons):,} 个，分不清是哪一个：{told}。请补上身份证号或行政村。"
    return Found(wanted, said=said, missing=True, several=True)


class People:
    """Those who may be wanted, by ID number and by name."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_number: dict[str, list[Known]] = {}
        self.by_name: dict[str, list[Known]] = {}
        for one in known:
            self.by_number.setdefault(one.id_number, []).append(one)
            self.by_name.setdefault(one.name, []).append(one)

    def meant(self, wanted: Wanted) -> list[Known]:
        """The rows that may be his: by his number, else by name and what else is said. A wrong number finds nobody."""
        if wanted.id_number:
            return self.by_number.get(wanted.id_number, [])
        if wanted.wrong or not wanted.name:
            return []
        place = bare(wanted.village) if wanted.village else ""
        return [
            known for known in self.by_name.get(wanted.name, [])
            if (not place or bare(known.village) == place) and fits(wanted.birth, known.birth)
        ]  # fmt: skip


def _in_listing(listing: Listing, wanted: Sequence[Wanted], progress: Progress) -> People:
    record = listing.ledger.record
    found: list[Known] = []
    if ways := chains(record, Person) if record is not Person else ((),):
        way = "".join(f"{link.name}." for link in ways[0])
        for start, condition in _asked(wanted, way):
            progress(start, len(wanted), "查找")
            found += _known(record, way, listing.but(where=both(listing.where, condition)).keys(), listing)
        return People(found)
    if not (back := chains(Person, record)):
        raise Trouble(f"“{listing.ledger.title}”不是按人登记的，不能按姓名或身份证号查找，请换一本台账。")
    link, among = ".".join(link.name for link in back[0]), set(listing.keys())
    for start, condition in _asked(wanted, ""):
        progress(start, len(wanted), "查找")
        found += [known for known in _known(Person, "", keys(Person, condition, day=listing.day), listing, link)
                  if known.key in among]  # fmt: skip
    return People(found)


def registered(wanted: Sequence[Wanted]) -> People:
    """Those wanted who stand in the register of persons, present or not."""
    return People(known for _, condition in _asked(wanted, "")
                   for known in _known(Person, "", keys(Person, condition, gone=True)))  # fmt: skip


def _asked(wanted: Sequence[Wanted], way: str) -> Iterable[tuple[int, Condition]]:
    """Conditions that find whoever may be wanted, some people at a time."""
    for start in range(0, len(wanted), PART):
        some = wanted[start : start + PART]
        numbers = tuple(dict.fromkeys(one.id_number for one in some if one.id_number))
        names = tuple(dict.fromkeys(one.name for one in some if one.name and not one.id_number))
        said = (("id_number", numbers), ("name", names))
        asked = tuple(_one_of(f"{way}{path}", values) for path, values in said if values)
        if asked:
            yield start, asked[0] if len(asked) == 1 else Or(asked)


def _one_of(path: str, values: tuple[str, ...]) -> Condition:
    return OneOf(path, values) if len(values) > 1 else Compare(path, "=", values[0])


def _known(
    record: Any, way: str, found: Sequence[int], listing: Listing | None = None, leads: str = ""
) -> Iterable[Known]:
    """These rows with the person of each; `leads` is the link to the row that stands for him, where it is not these."""
    texts = [f"{way}{path}" for path in WHO] + [f"{way[:-1]}.id" if way else "id", f"{leads}.id" if leads else "id"]
    paths = [resolve(record, text) for text in texts if text != "id"]
    for key, row in zip(found, rows(record, paths, found, listing.on if listing else None), strict=True):
        number, name, village, birth, *more = row
        person = more.pop(0) if way else key
        yield Known(more.pop(0) if leads else key, person, number or "", name or "", village or "", birth)


def _villages() -> Lookup:
    return Lookup(resolve(Person, "household.village").ends_in)


# --- the file that is written -----------------------------------------------------------------------------------------


def write_found(wanted: Sequence[Wanted], listing: Listing, out: Path, progress: Progress = unwatched) -> Report:
    """Look everybody up and write the columns of the listing for each, as .xlsx. Raises Trouble, Reject, Denied."""
    must_be_xlsx(out)
    if not wanted:
        raise Trouble("没有要查找的人，请一行写一个姓名或身份证号。")
    found = look_up(wanted, listing, progress)
    leave("export", f"按名单查找“{listing.ledger.title}”", len(found), listing.bares, listing.ledger.record.seen_by)
    part = _part(found, listing)
    write_parts([part], out, progress)
    there = sum(bool(one.rows) for one in found)
    several, gone = sum(one.several for one in found), sum(one.said.startswith("已不在册") for one in found)
    missing = len(found) - there - several
    counts = {"asked": len(found), "found": there, "gone": gone, "several": several, "missing": missing}
    said = f"查找 {len(found):,} 人：找到 {there:,} 人，没有找到 {missing:,} 人，分不清是谁 {several:,} 人。"
    notes = [f"找到的人里有 {gone:,} 人已不在册。"] if gone else []
    return Report(said, counts, notes, (part,), [out], missing + several)


def _part(found: Sequence[Found], listing: Listing) -> Part:
    """One line for each who was asked for, in that order."""
    wanted = list(dict.fromkeys(key for one in found for key in one.rows))
    values = dict(zip(wanted, listing.values(wanted), strict=True))
    texts = dict(zip(wanted, listing.cells(wanted), strict=True))
    blank: tuple[Cell, ...] = (None,) * len(listing.shown)
    lines, marked = [], set()
    for at, one in enumerate(found):
        cells = blank
        if len(one.rows) == 1:
            (key,) = one.rows
            cells = tuple(map(_cell, listing.shown, values[key], texts[key]))
        elif one.rows:
            columns = zip(*(texts[key] for key in one.rows), strict=True)
            cells = tuple("；".join(dict.fromkeys(filter(None, column))) for column in columns)
        lines.append((at + 1, one.wanted.text, one.said, *cells))
        if one.missing:
            marked |= {(at, 1), (at, 2)}
    captions = ("序号", ASKED, SAID, *(column.caption for column in listing.shown))
    masked = any(column.path.private for column in listing.shown) and not listing.unmasked
    said = f"共 {len(lines):,} 行　{MASKED}" if masked else ""
    return Part(f"查找 {listing.ledger.title}", captions, lines, frozenset(marked), said)


def _cell(column: Column, value: Any, text: str) -> Cell:
    """Amounts, counts and days as such, everything else as text."""
    fact = column.path.fact
    if isinstance(fact, Money) and value is not None:
        return float(value / 100)
    if isinstance(fact, Whole | Day):
        shown: Cell = value
        return shown
    return text
