"""Peewee without the drivers of servers until one is needed.

Peewee imports every driver that is installed, which takes a tenth of a second at each start; a data file on this
computer needs none. So Peewee is imported once with the drivers out of sight, and gets psycopg when a server is opened.
"""

from __future__ import annotations

import sys
from typing import Any

DRIVERS = ("psycopg", "psycopg2", "psycopg2cffi")


def _import_peewee() -> Any:
    hidden = [name for name in DRIVERS if name not in sys.modules]
    unseen: Any = dict.fromkeys(hidden)  # None: an import of it fails at once
    sys.modules.update(unseen)
    try:
        import peewee
    finally:
        for name in hidden:
            del sys.modules[name]
    return peewee


def bring_psycopg() -> None:
    """Give Peewee what it would have taken itself. ImportError when psycopg is not installed."""
    import psycopg
    from psycopg.pq import TransactionStatus
    from psycopg.types.json import Json, Jsonb

    _peewee.psycopg, _peewee.TransactionStatus = psycopg, TransactionStatus
    _peewee.Json_pg3, _peewee.Jsonb_pg3 = Json, Jsonb
    adapter = _peewee.Psycopg3Adapter
    adapter.txn_idle, adapter.txn_inerror = TransactionStatus.IDLE, TransactionStatus.INERROR
    adapter.txn_unknown = TransactionStatus.UNKNOWN


_peewee = _import_peewee()
