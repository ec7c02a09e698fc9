"""Any ledger as a paper ledger (纸质台账): the rows, order, columns and condition that lie open, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.ledgers.ledger import Column
from app.ledgers.listing import Listing
from app.models.derived import Age, Count
from app.models.fields import Money, Whole
from app.models.progress import Progress, unwatched
from app.papers import fonts
from app.papers.page import A3, A4, PageSetup
from app.papers.table import Table, TableColumn, Total, draw_table
from app.work.office import demo_mark, office_name
from app.work.outgoing import leave

SIZES = {"A4": A4, "A3": A3}


def print_listing(
    listing: Listing, path: Path, progress: Progress = unwatched, size: str = "", landscape: bool | None = None
) -> str:
    """Draw all rows of a listing into a PDF and say how many pages it has. Trouble when it cannot be written."""
    paper = listing.ledger.paper
    leave("print", listing.ledger.title, listing.count(), listing.bares, listing.ledger.record.seen_by)
    lying = paper.landscape if landscape is None else landscape
    table = table_of(listing)
    pages = draw_table(path, table, page_setup(size or paper.size, lying), progress, mark=demo_mark())
    said = f"“{listing.ledger.title}”{listing.count():,} 行，共 {pages:,} 页，已生成 {path.name}。"
    return said + boxes("".join(text for row in table.rows for text in row))


def boxes(text: str) -> str:
    """A warning naming the characters that no bundled font can draw, or nothing."""
    found = "".join(sorted(fonts.lacking(text)))
    return f"注意：没有字形、印成空框的字有“{found}”，请用手写补上。" if found else ""


def page_setup(size: str, landscape: bool) -> PageSetup:
    """The sheet of that size. ValueError with a sentence for one we do not print on."""
    if size not in SIZES:
        raise ValueError(f"没有“{size}”这种纸张，可用的有 A4、A3。")
    return SIZES[size].turned() if landscape else SIZES[size]


def table_of(listing: Listing) -> Table:
    """The listing as a table: texts as every face shows them, sums of the columns that add up."""
    columns, keys = listing.shown, listing.keys()
    values = listing.values(keys)
    writers = [
        column.path.fact.mask if column.path.private and not listing.whole else column.path.fact.show
        for column in columns
    ]
    rows = [tuple(write(value) for write, value in zip(writers, row, strict=True)) for row in values]
    totals = [
        Total(at, [row[at] or 0 for row in values], column.path.fact.show)
        for at, column in enumerate(columns)
        if column.path.adds
    ]
    on = listing.on
    words = listing.sentence()
    return Table(
        title=listing.ledger.title,
        columns=[TableColumn(caption_of(column), "right" if is_number(column) else "left") for column in columns],
        rows=rows,
        left=f"填报单位：{office_name()}" + (f"　条件：{words}" if words else ""),
        right=f"截至 {on.year}年{on.month}月{on.day}日　共 {len(rows):,} 行",
        totals=totals,
        signs=listing.ledger.paper.signs.split(),
    )


def caption_of(column: Column) -> str:
    unit = column.path.fact.note if isinstance(column.path.fact, Money) else ""
    return f"{column.caption}（{unit}）" if unit else column.caption


def is_number(column: Column) -> bool:
    fact: Any = column.path.fact
    return isinstance(fact, Money | Whole | Count | Age)
