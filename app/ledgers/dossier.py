"""The page of one row (档): what is known of a household or a person, gathered from the declarations.

Facts by the sections of its form, its lines, every ledger whose rows belong to it, and what happened to it. The
window shows it and the household file (一户一档) prints it; both take whatever register is added later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from app.ledgers.changes import Happened, happened
from app.ledgers.contents import ledgers
from app.ledgers.layout import Place, Table
from app.ledgers.ledger import Column, Ledger
from app.ledgers.listing import Listing, in_words
from app.models import query
from app.models.conditions import Of
from app.models.derived import First
from app.models.faults import Stale
from app.models.fields import Link, Scan
from app.models.paths import chains, resolve
from app.work.choices import described

SUMMED = 50_000  # rows up to which a part says sums
Row = tuple[Ledger, int]  # a row by its ledger and its key


@dataclass(frozen=True)
class Told:
    """One fact of the row, as it is read. `leads` is the row that it names, where that has a page of its own."""

    caption: str
    text: str
    leads: Row | None = None


@dataclass(frozen=True)
class Part:
    """Rows that belong to the row: those of a ledger (`name` in the contents), or its lines, where `name` is empty.

    `rows` are the first of them, as texts in the columns of `listing`; `ended` those of all that are over.
    """

    title: str
    name: str
    listing: Listing
    keys: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[tuple[str, str], ...] = ()  # caption and sum
    ended: int = 0

    @property
    def count(self) -> int:
        return len(self.keys)

    def counts(self) -> str:
        """How many rows, and the sums, in words."""
        said = [f"{self.count:,} {counted_in(self.listing.ledger.record.word)}"]
        said += [f"{caption} {total}" for caption, total in self.sums]
        return " · ".join([*said, f"其中 {self.ended:,} 条已结束"] if self.ended else said)


@dataclass(frozen=True)
class Dossier:
    """The page of one row. `lacking` are the titles of ledgers that have nothing of it; while it is not `complete`,
    parts, what lacks and what happened are still to come."""

    ledger: Ledger
    key: int
    title: str
    under: str
    sections: tuple[tuple[str, tuple[Told, ...]], ...]
    lines: tuple[Part, ...]
    parts: tuple[Part, ...]
    lacking: tuple[str, ...]
    happened: tuple[Happened, ...]
    private: bool  # whether anything on it can be masked
    complete: bool = True

    @property
    def owner(self) -> Row | None:
        """The row whose line this one is, where that has a page: a person's household."""
        leads = (told.leads for _, facts in self.sections for told in facts if told.leads)
        lined = (row for row in leads if any(table.lines.record() is self.ledger.record for table in tables(row[0])))
        return next(lined, None)


def page_word(record: Any) -> str:
    """What the page of a record is called: 户档, 人员档案."""
    return f"{record.word}档" if len(record.word) == 1 else f"{record.word}档案"


def counted_in(word: str) -> str:
    """The unit in which a record of this word is counted: who is called …员 or …人 is a person, most others are 条."""
    return word if len(word) == 1 else "人" if word.endswith(("员", "人")) else "条"


@cache
def home_of(record: Any) -> Ledger | None:
    """The ledger in whose form a row of this record is written."""
    return next((ledger for ledger in ledgers().values() if ledger.record is record and ledger.form), None)


@cache
def page_of(record: Any) -> Ledger | None:
    """The ledger by whose form the page of a row is drawn; None for a record that has no page.

    It has one if it can be written in, and has lines or rows of some ledger that belong to it.
    """
    home = home_of(record)
    if home is None:
        return None
    return home if tables(home) or any(chains(ledger.record, record) for ledger in ledgers().values()) else None


def form_of(record: Any, key: int) -> Row | None:
    """Where a row is opened: in its own form, in that of the row whose line it is, or else nowhere."""
    if home := home_of(record):
        return home, key
    for ledger in ledgers().values():
        for table in tables(ledger):
            if table.lines.record() is record:
                (owner,) = query.rows(record, [resolve(record, f"{table.lines.link}.id")], [key])[0]
                return (ledger, owner) if owner else None
    return None


def sections(ledger: Ledger) -> list[tuple[str, list[Column]]]:
    """The facts that tell of a row: those of the form's sections, or the columns where there is no form."""
    found = []
    for section in ledger.sections:
        places = [part for row in section.rows for part in row if isinstance(part, Place)]
        if places:
            found.append((section.title, [ledger.column(place.name) for place in places]))
    return found or [("", list(ledger.shown))]


def tables(ledger: Ledger) -> list[Table]:
    """The tables of lines in the form of a ledger."""
    return [part for section in ledger.sections for row in section.rows for part in row if isinstance(part, Table)]


def dossier(record: Any, key: int, whole: bool = False, most: int | None = None) -> Dossier:
    """Gather the page of one row, with at most so many rows of each part. Stale when the row is gone.

    Private facts are masked unless `whole`. LookupError for a record that has no page.
    """
    *_, found = gathered(record, key, whole, most)
    return found


def gathered(record: Any, key: int, whole: bool = False, most: int | None = None) -> Iterator[Dossier]:
    """The page as it becomes known: its facts and lines, then with each part one more, and complete at last."""
    ledger = page_of(record)
    if ledger is None:
        raise LookupError(f"{record.__name__} has no page")
    if not record.by_keys([key]):
        raise Stale(f"这条{record.word}记录已被删除。", {}, None)
    called = described(record, [key])[0]
    about = Of(record.word, key, called.whole)
    lines = [_lines(table, key, whole, most) for table in tables(ledger)]
    own = {(part.listing.ledger.record, table.lines.link) for part, table in zip(lines, tables(ledger), strict=True)}
    parts, lacking = list[Part](), [part.title for part in lines if not part.keys]
    told = tuple(_sections(ledger, key, whole))
    shown = [column for _, columns in sections(ledger) for column in columns]
    shown += [column for part in lines for column in part.listing.shown]
    first = Dossier(
        ledger, key, *_head(ledger, key, called.title, called.more), told, tuple(part for part in lines if part.keys),
        (), (), (), any(column.path.private for column in shown), complete=False,
    )  # fmt: skip
    yield first
    for name, other in ledgers().items():
        ways = chains(other.record, record)
        if not ways or (len(ways[0]) == 1 and not other.where and (other.record, ways[0][0].name) in own):
            continue
        part = _part(name, other, about, ways, whole, most)
        if part.keys:
            parts.append(part)
            shown += part.listing.shown
            yield replace(first, parts=tuple(parts))
        else:
            lacking.append(other.title)
    yield replace(
        first, parts=tuple(parts), lacking=tuple(lacking), private=any(column.path.private for column in shown),
        happened=happened(key, [(record, [key]), *_once_lines(ledger, about)], whole), complete=True,
    )  # fmt: skip


def _once_lines(ledger: Ledger, about: Of) -> Iterator[tuple[Any, Sequence[int]]]:
    """The keys of all lines that the row has or once had: what happened to them happened to it."""
    for table in tables(ledger):
        yield table.lines.record(), query.keys(table.lines.record(), about, gone=True)


def _head(ledger: Ledger, key: int, title: str, more: str) -> tuple[str, str]:
    """What stands above the page: who it is, and where and how many in a line."""
    word = ledger.record.word
    title = f"{title} {word}" if title and len(word) == 1 else title or word
    derived = [column for column in ledger.shown if column.text in ledger.record.derived]
    derived = [column for column in derived if not isinstance(column.path.fact, First)]
    cells = Listing(ledger, columns=tuple(derived)).cells([key])[0] if derived else ()
    said = [f"{column.caption} {text}" for column, text in zip(derived, cells, strict=True) if text.strip("0.")]
    return title, " · ".join(filter(None, [more, *said]))


def _sections(ledger: Ledger, key: int, whole: bool) -> Iterator[tuple[str, tuple[Told, ...]]]:
    """The facts that are known, section by section."""
    record = ledger.record
    for title, columns in sections(ledger):
        columns = [column for column in columns if not isinstance(column.path.fact, Scan)]
        texts = Listing(ledger, columns=tuple(columns), whole=whole).cells([key])[0]
        links = {column.text: fact for column in columns if isinstance(fact := record.facts().get(column.text), Link)}
        keys = query.rows(record, [resolve(record, f"{name}.id") for name in links], [key])[0] if links else ()
        leads = {
            name: (page, there)
            for (name, link), there in zip(links.items(), keys, strict=True)
            if there and (page := page_of(link.rel_model))
        }
        told = [Told(column.caption, text, leads.get(column.text)) for column, text in zip(columns, texts, strict=True)]
        if known := tuple(one for one in told if one.text):
            yield title, known


def _lines(table: Table, key: int, whole: bool, most: int | None) -> Part:
    """The present lines of the row, in the columns and the order of the ledger that they have for themselves."""
    record, link = table.lines.record(), table.lines.link
    ledger = home_of(record) or next((one for one in ledgers().values() if one.record is record), None)
    columns = () if ledger is None else tuple(c for c in ledger.shown if c.text.partition(".")[0] != link)
    if ledger is None or not columns:
        ledger = Ledger(table.lines.label, record, " ".join(place.name for place in table.columns))
        columns = ledger.shown
    order = [text for text in ledger.order.split() if text.lstrip("-").partition(".")[0] != link]
    keys = query.lines(record, link, key, order)
    listing = Listing(ledger, columns=columns, whole=whole, chosen=tuple(keys))
    return _filled(Part(table.lines.label, "", listing, tuple(keys), ()), most)


def _part(
    name: str, ledger: Ledger, about: Of, ways: Sequence[tuple[Link, ...]], whole: bool, most: int | None
) -> Part:
    """What a ledger has of the row, those that are over too, without the columns that only say again whose they are."""
    columns, said = ledger.shown, [".".join(link.name for link in way) for way in ways]
    if len(said) == 1:
        columns = tuple(c for c in columns if not f"{c.text}.".startswith(f"{said[0]}.")) or columns
    over = [other for other in ledgers().values() if other.record is ledger.record and other.tells_of_leaving]
    gone = not over or ledger in over  # else they have a ledger of their own
    listing = Listing(ledger, where=about, columns=columns, whole=whole, gone=gone)
    part = Part(ledger.title, name, listing, tuple(listing.keys()), ())
    ended = 0
    if part.keys and listing.gone and not ledger.tells_of_leaving and ledger.record.is_dated():
        ended = part.count - listing.but(gone=False).count()
    return _filled(part, most, ended, said)


def _filled(part: Part, most: int | None, ended: int = 0, alike: Sequence[str] = ()) -> Part:
    """A part with its rows and sums, without columns in which nothing stands, or one of `alike` the same everywhere."""
    listing = part.listing
    rows = listing.cells(part.keys[:most])
    texts = {place: {row[place] for row in rows} for place in range(len(listing.shown))}
    at = [place for place, column in enumerate(listing.shown) if any(texts[place])
          and (len(rows) < 2 or len(texts[place]) > 1 or column.text not in alike)] or [0]
    captions = {column.text: column.caption for column in listing.shown}
    sums: dict[str, str] = listing.sums(part.keys) if 0 < part.count <= SUMMED else {}
    return Part(
        part.title, part.name, listing.but(columns=tuple(listing.shown[place] for place in at)), part.keys,
        tuple(tuple(row[place] for place in at) for row in rows),
        tuple((captions[path], in_words(total)) for path, total in sums.items() if total.strip("0.")), ended,
    )  # fmt: skip

