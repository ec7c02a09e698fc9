"""Ledger of operations: the history is read like any other list, and written by nobody."""

from __future__ import annotations

from app.ledgers.ledger import Ledger
from app.models.history import HistoryLine

history = Ledger(
    "操作日志",
    HistoryLine,
    columns="at who title changes day undoes",
    filters="who day",
    order="-at",
)
