"""Ledgers that the clerks arranged for themselves (我的台账): the same value as a declared one, read from a row.

A list of people that somebody put together (临时台账) is one of them: its rows are the persons, or households, on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from app.ledgers import contents
from app.ledgers.contents import ledgers
from app.ledgers.ledger import Action, Column, Ledger
from app.ledgers.listing import Listing
from app.models.arrangements import Listed, OwnColumn, OwnLedger
from app.models.conditions import Compare, Condition, Finds, Has, both, read, show
from app.models.faults import Fault, Reject
from app.models.fields import Link, Text
from app.models.operation import operation
from app.models.query import keys
from app.work import own as verbs


def own_ledgers() -> dict[int, Ledger]:
    """The kept arrangements by their key, by title. One that no longer fits its register is left out."""
    known, found = ledgers(), {}
    order = keys(OwnLedger, order=("title",))
    rows = OwnLedger.by_keys(order)  # one may be dropped meanwhile
    for row in (rows[key] for key in order if key in rows):
        if row.source in known:
            try:
                found[row.id] = opened(row, known[row.source])
            except (LookupError, ValueError):
                continue
    return found


def ledger_called(name: str) -> Ledger:
    """The declared or kept ledger with this name or title. LookupError with a Chinese sentence."""
    kept = next((ledger for ledger in own_ledgers().values() if ledger.title == name), None)
    return kept or contents.ledger_called(name)


def opened(row: OwnLedger, source: Ledger) -> Ledger:
    """The arrangement as a ledger over its source, without columns whose fact is gone (an own column removed since).

    LookupError or ValueError when its condition, order or filters name such a fact, or no column is left.
    """
    columns = " ".join(_known(source, row.columns.split()))
    if not columns:
        raise LookupError(f"nothing that {row.title} shows is known any more")
    condition = row.condition or ""
    if row.by_list:
        listed = Has(Listed.word, Compare("ledger", "=", row.title))
        condition = show(both(listed, read(condition, source.record)), source.record)
    return Ledger(
        row.title,
        source.record,
        columns=columns,
        filters=row.filters or "",
        order=row.order or "",
        where=condition,
        form=source.form,
        actions=(*source.actions, *_actions(row, source)),
        paper=source.paper,
    )


def _known(source: Ledger, columns: Sequence[str]) -> Iterator[str]:
    for text in columns:
        try:
            source.column(text)
        except LookupError:
            continue
        yield text


def _actions(row: OwnLedger, source: Ledger) -> Iterator[Action]:
    """What can be done with a list that somebody put together."""
    if not row.by_list:
        return
    target = source.record
    yield Action(
        f"添加一{target.word[:1]}…", lambda keys, whom: _added(row.id, target, [whom]),
        {"whom": Link(target, target.word, required=True)}, whole=True, needs="arrange",
    )  # fmt: skip
    yield Action("移出名单", partial(verbs.take_off, row.id, target), many=True, needs="arrange")


def _added(ledger: int, target: Any, whom: Sequence[int]) -> str:
    added, there = verbs.put_on(ledger, target, whom)
    unit = target.word[:1]
    return f"已加入名单 {added:,} {unit}" + (f"，另有 {there:,} {unit}原来就在。" if there else "。")


def list_facts(record: Any) -> dict[str, Any]:
    """What to ask before rows are put on a list: which one, or the name of a new one."""
    source = _source(record)
    return {
        "into": Link(OwnLedger, "已有的临时台账", among=f"按名单 = 是 且 来源台账 = {source}"),
        "title": Text("或新建一个，名称", most=40),
    }


def why_no_list(record: Any) -> str | None:
    """Why the rows of this record cannot be put on a list, or None."""
    return None if verbs.whom(record) else f"{record.word}不是人也不是户，不能放进名单。"


def put_on_list(record: Any, chosen: Sequence[int], into: int | None, title: str | None) -> str:
    """Put those whom the chosen rows are about on a list, a new one for a title; one operation. Raises Reject."""
    if (into is None) == (title is None):
        raise Reject(Fault("title", "请选一个已有的临时台账，或者填写新台账的名称，两项填一项。"))
    target = verbs.whom(record)
    with operation("加入临时台账"):
        whom = verbs.meant(record, chosen)
        if into is None:
            _refuse_taken(title or "")
            source = _source(record)
            made = OwnLedger(title=title, source=source, columns=ledgers()[source].columns, by_list=True)
            made.filters, made.order = ledgers()[source].filters or None, ledgers()[source].order or None
            made.save()
            into = made.id
        said = _added(into, target, whom)
    return f"{said}从左边“我的台账”打开“{OwnLedger.by_key(into).title}”。"


def _source(record: Any) -> str:
    """The ledger whose rows are those that stand on a list."""
    target = verbs.whom(record)
    return next(name for name, ledger in ledgers().items() if ledger.record is target and ledger.form)


def _refuse_taken(title: str) -> None:
    taken = {ledger.title for ledger in ledgers().values()} | {ledger.title for ledger in own_ledgers().values()}
    if title in taken:
        raise Reject(Fault("title", f"已有叫“{title}”的台账，请换个名称。"))


def column_facts() -> dict[str, Any]:
    """What to ask for a new own column."""
    return {name: OwnColumn.facts()[name] for name in ("title", "kind", "words", "note")}


def new_column(record: Any, **facts: Any) -> str:
    """Add a column to the persons or households that a ledger is about; gives its path from the record of the ledger.

    Raises Reject.
    """
    return verbs.new_column(record, **facts)


def keep_columns(key: int, columns: Sequence[Column]) -> str:
    """Show these columns in a kept ledger from now on, for everybody."""
    with operation("调整自设台账的列"):
        row = OwnLedger.by_key(key)
        row.columns = " ".join(map(_written, columns))
        row.save()
    return f"“{row.title}”的列已调整。"


def source_of(key: int) -> str:
    """The English name of the ledger that an arrangement was made from."""
    source: str = OwnLedger.by_key(key).source
    return source


def keep(title: str, source: str, listing: Listing) -> str:
    """Keep a listing as a ledger of one's own, in one operation, and say so. Reject for a title that is taken."""
    _refuse_taken(title)
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
    """Take an arrangement out of the contents, with its list of people; no row of its register is touched."""
    with operation("删除自设台账"):
        row = OwnLedger.by_key(key)
        verbs.drop_list(row)
    return f"已删除自设台账“{row.title}”，登记内容没有变化。"


def _written(column: Column) -> str:
    known, caption = column.path.label, column.caption.replace(" ", "")
    return column.text if caption == known else f"{column.text}={caption}"
