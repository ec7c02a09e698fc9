"""Blank forms kept bound to a ledger (上级报表): kept once, known again by their words, filled in one click."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.ledgers.listing import Listing
from app.ledgers.own import ledger_called, listing_where
from app.models import scans
from app.models.conditions import read, show
from app.models.county_forms import BoundForm
from app.models.faults import Fault, Reject
from app.models.operation import operation
from app.models.query import keys
from app.sheets.blank import Blank, read_blank

MOST_BYTES = 5 * 1024 * 1024
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # an .xls is kept as it is


def fingerprint(blanks: list[Blank]) -> str:
    """The SHA-256 of the words of a form, digits left out: the year in a title changes from month to month."""
    words = [
        f"{blank.name}\t{''.join(sign for sign in text if not sign.isdigit())}"
        for blank in blanks for _, text in blank.words()
    ]  # fmt: skip
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def known_form(template: Path) -> BoundForm | None:
    """The kept form that has the same words as this file, or None."""
    return BoundForm.get_or_none(BoundForm.words == fingerprint(read_blank(template)))


def bind(
    title: str, template: Path, listing: Listing, source: str, kind: str = "", choices: Mapping[str, str] | None = None
) -> str:
    """Keep a blank form with what it is filled from, in one operation; one kept under this title is replaced."""
    content = template.read_bytes()
    if len(content) > MOST_BYTES:
        raise Reject(Fault("", f"空表有 {len(content) / 1024 / 1024:.1f} MB，最大 5 MB，请删去表里的图片再试。"))
    with operation(f"保存上级报表“{title}”"):
        row = BoundForm.get_or_none(BoundForm.title == title) or BoundForm(title=title)
        row.file, row.source, row.kind = template.name, source, kind or None
        row.condition = show(listing_where(listing), listing.ledger.record) or None
        row.choices = "\n".join(f"{caption} = {said}" for caption, said in (choices or {}).items()) or None
        row.blank, row.words = scans.keep(content, KIND), fingerprint(read_blank(template))
        row.save()
    return f"已记住上级报表“{title}”，以后从左边“上级报表”打开，一次填好。"


def drop_form(key: int) -> str:
    """Forget a kept form; what was filled from it stays where it is."""
    with operation("删除上级报表"):
        row = BoundForm.by_key(key)
        row.remove()
    return f"已删除上级报表“{row.title}”，填好的表不受影响。"


def bound_forms() -> dict[int, str]:
    """The kept forms by key: their titles."""
    return {key: BoundForm.by_key(key).title for key in keys(BoundForm, order=("title",))}


def choices_of(row: BoundForm) -> dict[str, str]:
    """What the clerk chose for captions of a kept form."""
    pairs = (line.partition(" =") for line in (row.choices or "").splitlines())
    return {caption.strip(): said.strip() for caption, _, said in pairs if caption.strip()}


def listing_of(row: BoundForm, **changes: Any) -> Listing:
    """The rows that a kept form is filled from, today. LookupError when its ledger or a fact is gone."""
    ledger = ledger_called(row.source)
    return Listing(ledger, read(row.condition or "", ledger.record)).but(**changes)


@contextmanager
def blank_file(row: BoundForm) -> Iterator[Path]:
    """The kept blank form as a file, while the block lasts."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / row.file
        path.write_bytes(scans.content(row.blank))
        yield path
