"""Ledgers that the clerks arranged for themselves (我的台账): the same value as a declared one, read from a row."""

from __future__ import annotations

from app.ledgers.contents import ledgers
from app.ledgers.ledger import Column, Ledger
from app.ledgers.listing import Listing
from app.models.arrangements import OwnLedger
from app.models.conditions import Condition, Finds, both, show
from app.models.faults import Fault, Reject
from app.models.operation import operation
from app.models.query import keys


def own_ledgers() -> dict[int, Ledger]:
    """The kept arrangements by their key, by title. One that no longer fits its register is left out."""
    known, found = ledgers(), {}
    for key in keys(OwnLedger, order=("title",)):
        row = OwnLedger.by_key(key)
        if row.source in known:
            try:
                found[row.id] = opened(row, known[row.source])
            except (LookupError, ValueError):
                continue
    return found


def opened(row: OwnLedger, source: Ledger) -> Ledger:
    """The arrangement as a ledger over its source. LookupError or ValueError when a fact it names is gone."""
    return Ledger(
        row.title,
        source.record,
        columns=row.columns,
        filters=row.filters or "",
        order=row.order or "",
        where=row.condition or "",
        form=source.form,
        actions=source.actions,
        paper=source.paper,
    )


def source_of(key: int) -> str:
    """The English name of the ledger that an arrangement was made from."""
    source: str = OwnLedger.by_key(key).source
    return source


def keep(title: str, source: str, listing: Listing) -> str:
    """Keep a listing as a ledger of one's own, in one operation, and say so. Reject for a title that is taken."""
    taken = {ledger.title for ledger in ledgers().values()} | {ledger.title for ledger in own_ledgers().values()}
    if title in taken:
        raise Reject(Fault("title", f"已有叫“{title}”的台账，请换个名称。"))
    if listing.search:
        listing = listing.but(search="", where=listing_where(listing))
    with operation(f"保存自设台账“{title}”"):
        OwnLedger(
            title=title,
            source=source,
            columns=" ".join(_written(column) for column in listing.shown),
            filters=listing.ledger.filters or None,
            condition=show(both(listing.ledger.condition, listing.where), listing.ledger.record) or None,
            order=" ".join(listing.order or listing.ledger.order.split()) or None,
        ).save()
    return f"已保存为“{title}”，在左边“我的台账”里打开。"


def listing_where(listing: Listing) -> Condition | None:
    """The condition of a listing with what was searched for as part of it."""
    return both(listing.where, Finds(listing.search.strip()) if listing.search.strip() else None)


def drop(key: int) -> str:
    """Take an arrangement out of the contents; no row of its register is touched."""
    with operation("删除自设台账"):
        row = OwnLedger.by_key(key)
        row.remove()
    return f"已删除自设台账“{row.title}”，登记内容没有变化。"


def _written(column: Column) -> str:
    known, caption = column.path.label, column.caption.replace(" ", "")
    return column.text if caption == known else f"{column.text}={caption}"
