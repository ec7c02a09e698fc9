"""The table of contents (目录), written by hand in the order of the menu: a chapter's title, then name and ledger."""

from __future__ import annotations

from app.ledgers import certificates, help, history, people, staff
from app.ledgers.ledger import Ledger
from app.models import arrangements  # noqa: F401  (its records are kept and replayed like all others)

CONTENTS: dict[str, dict[str, Ledger]] = {
    "户与人": {
        "households": people.households,
        "persons": people.persons,
        "departed": people.departed,
        "stays": people.stays,
        "places": people.places,
        "grids": people.grids,
    },
    "帮扶": {
        "help": help.help_records,
        "received": help.received,
    },
    "证书": {
        "certificates": certificates.certificates,
    },
    "数据": {
        "history": history.history,
        "staff": staff.staff,
    },
}


def ledgers() -> dict[str, Ledger]:
    """Every ledger by its name in plain English, in the order of the menu."""
    return {name: ledger for chapter in CONTENTS.values() for name, ledger in chapter.items()}


def ledger_called(name: str) -> Ledger:
    """The ledger with this English name or Chinese title. LookupError with a Chinese sentence."""
    for known, ledger in ledgers().items():
        if name in (known, ledger.title):
            return ledger
    raise LookupError(f"没有叫“{name}”的台账，可用的有：{'、'.join(ledgers())}。")
