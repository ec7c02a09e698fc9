"""The ledger of the columns that an office added itself (自设项目)."""

from __future__ import annotations

from app.ledgers.ledger import Ledger
from app.models.arrangements import OwnColumn

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
