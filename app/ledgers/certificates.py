"""Ledger of certificates given."""

from __future__ import annotations

from app.ledgers.ledger import Ledger
from app.models.certificates import Certificate

certificates = Ledger(
    "证书登记簿",
    Certificate,
    columns="number kind day honoured cash goods purpose issuer note",
    filters="kind day",
    order="-number",
    form="""
        number   kind
        day      honoured
        cash     goods
        purpose
        issuer   address
        note
    """,
)
