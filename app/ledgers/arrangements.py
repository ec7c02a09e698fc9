"""Ledgers of what an office arranged itself: its own columns, and the county's forms that it keeps."""

from __future__ import annotations

from app.ledgers.ledger import Ledger
from app.models.arrangements import OwnColumn
from app.models.county_forms import BoundForm
from app.models.query import keys

own_columns = Ledger(
    "自设项目",
    OwnColumn,
    columns="title register kind words note",
    filters="register kind",
    order="register title",
    form="""
        register  kind
        title
        words
        note
    """,
)

bound_forms = Ledger(
    "上级报表",
    BoundForm,
    columns="title source condition kind file choices",
    filters="source kind",
    order="title",
)


def form_titles() -> dict[int, str]:
    """The kept forms by key: their titles."""
    return {key: BoundForm.by_key(key).title for key in keys(BoundForm, order=("title",))}
