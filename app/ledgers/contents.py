"""The table of contents (目录), written by hand in the order of the menu: a chapter's title, then name and ledger."""

from __future__ import annotations

from typing import Any

from app.ledgers import arrangements, categories, certificates, findings, help, history, pairing, people, staff
from app.ledgers.ledger import Ledger
from app.models.paths import resolve
from app.models.query import rows
from app.models.record import Lines

CONTENTS: dict[str, dict[str, Ledger]] = {
    "户与人": {
        "households": people.households,
        "persons": people.persons,
        "departed": people.departed,
        "stays": people.stays,
        "places": people.places,
        "grids": people.grids,
    },
    "对象": {
        "left_behind": categories.left_behind,
        "empty_nest": categories.empty_nest,
        "living_alone": categories.living_alone,
        "disabled": categories.disabled,
        "orphans": categories.orphans,
        "unsupported": categories.unsupported,
        "destitute": categories.destitute,
        "monitored": categories.monitored,
        "enrolments": categories.enrolments,
        "covered": categories.covered,
        "evidence": categories.evidence,
        "categories": categories.categories,
        "exclusions": categories.exclusions,
    },
    "结对": {
        "pairings": pairing.pairings,
        "household_ties": pairing.household_ties,
        "postings": pairing.postings,
        "helpers": pairing.helpers,
        "organisations": pairing.organisations,
    },
    "帮扶": {
        "help": help.help_records,
        "received": help.received,
    },
    "证书": {
        "certificates": certificates.certificates,
    },
    "数据": {
        "findings": findings.findings,
        "answers": findings.answers,
        "history": history.history,
        "staff": staff.staff,
        "own_columns": arrangements.own_columns,
        "bound_forms": arrangements.bound_forms,
        "kept_readings": arrangements.kept_readings,
    },
}


def ledgers() -> dict[str, Ledger]:
    """Every ledger by its name in plain English, in the order of the menu."""
    return {name: ledger for chapter in CONTENTS.values() for name, ledger in chapter.items()}


def where_written(record: Any, key: int) -> tuple[str, int] | None:
    """In the form of which ledger a row is written, and its key there: its own, or that of the row it is a line of."""
    name, lines = _written_in(record)
    if name and lines:
        ((above,),) = rows(record, [resolve(record, f"{lines.link}.id")], [key])
        return None if above is None else (name, above)
    return (name, key) if name else None


def written_in(record: Any) -> Ledger | None:
    """The ledger in whose form rows of this record are written, as rows of their own or as lines of others."""
    name, _ = _written_in(record)
    return ledgers()[name] if name else None


def _written_in(record: Any) -> tuple[str, Lines | None]:
    written = {name: ledger.record for name, ledger in ledgers().items() if ledger.form}
    own = next((name for name, owner in written.items() if owner is record), None)
    if own is not None:
        return own, None
    for name, owner in written.items():
        for lines in vars(owner).values():
            if isinstance(lines, Lines) and lines.record() is record:
                return name, lines
    return "", None


def ledger_called(name: str) -> Ledger:
    """The ledger with this English name or Chinese title. LookupError with a Chinese sentence."""
    for known, ledger in ledgers().items():
        if name in (known, ledger.title):
            return ledger
    raise LookupError(f"没有叫“{name}”的台账，可用的有：{'、'.join(ledgers())}。")
