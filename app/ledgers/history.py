"""Ledger of operations: the history is read like any other list, and written by nobody."""

from __future__ import annotations

from app.ledgers.changes import told_of
from app.ledgers.ledger import Action, Ledger
from app.models.history import HistoryLine
from app.work.undo import undo_chosen, why_not_undone

history = Ledger(
    "操作日志",
    HistoryLine,
    columns="id at who title changes day undoes",
    filters="who day",
    order="-id",
    actions=(Action("撤销这次操作", undo_chosen, hindered=why_not_undone, watched=True, needs="undo"),),
    tells=told_of,
)
