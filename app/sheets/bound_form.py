"""Blank forms kept bound to a ledger (上级报表): kept once, known again by their words, filled in one click."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.ledgers.arrangements import form_titles
from app.ledgers.listing import Listing
from app.ledgers.own import ledger_called, listing_where
from app.models import scans
from app.models.conditions import read, show
from app.models.county_forms import BoundForm
from app.models.faults import Fault, Reject
from app.models.operation import operation
from app.sheets.blank import Blank, read_blank
from app.sheets.county_form import Kind

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
    return known_sheets(read_blank(template))


def known_sheets(blanks: list[Blank]) -> BoundForm | None:
    """The same for a form that was read already."""
    return BoundForm.get_or_none(BoundForm.words == fingerprint(blanks))


def bind(
    title: str, template: Path, listing: Listing, source: str, kind: Kind = "", choices: Mapping[str, str] | None = None
) -> str:
    """Keep a blank form with what it is filled from, in one operation; one kept under this title is replaced."""
    content = template.read_bytes()
    if len(content) > MOST_BYTES:
        raise Reject(Fault("", f"空表有 {len(content) / 1024 / 1024:.1f} MB，最大 5 MB，请删去表里的图片再试。"))
    with operation(f"保存上级报表“{title}”"):
        row = BoundForm.get_or_none(BoundForm.title == title) or BoundForm(title=title)
        row.file, row.source, row.kind = template.name, source, _lines(kind) or None
        row.condition = show(listing_where(listing), listing.ledger.record) or None
        row.choices = _lines(choices or {}) or None
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
    return form_titles()


def choices_of(row: BoundForm) -> dict[str, str]:
    """What the clerk chose for captions of a kept form."""
    return _pairs(row.choices or "")


def kind_of(row: BoundForm) -> Kind:
    """What the clerk said that all sheets of a kept form are, or some of them."""
    kind = row.kind or ""
    return _pairs(kind) if "=" in kind else kind


def _lines(said: Kind) -> str:
    return said if isinstance(said, str) else "\n".join(f"{name} = {word}" for name, word in said.items())


def _pairs(text: str) -> dict[str, str]:
    pairs = (line.partition(" =") for line in text.splitlines())
    return {name.strip(): word.strip() for name, _, word in pairs if name.strip()}


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
