"""Rows of own facts (自设项目的内容): for one person, or one household, what the office's own columns say."""

from __future__ import annotations

from typing import Any, ClassVar

from app.models.own import NUMBERS, RECORDS, TEXTS, NumberSlot, Slot, known
from app.models.record import Record

PERSON, HOUSEHOLD = "1", "2"  # of the code table own_register


class OwnFacts(Record):
    """What the own columns say of one row, a part of it. `register` is the code of its record in own_register, `owner`
    the link to the row."""

    register: ClassVar[str]
    owner: ClassVar[str]

    @classmethod
    def owner_record(cls) -> Any:
        """The record that its rows say more of."""
        return cls.stored_facts()[cls.owner].rel_model

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """Whom it belongs to, and the own columns that there are."""
        return {cls.owner: cls.stored_facts()[cls.owner], **known().facts.get(cls.register, {})}


def with_places(record: type[OwnFacts]) -> type[OwnFacts]:
    """Give a record of own facts its places for values, and let the own columns of its register be found."""
    for name in TEXTS:
        record._meta.add_field(name, Slot(name))
    for name in NUMBERS:
        record._meta.add_field(name, NumberSlot(name))
    RECORDS[record.register] = record
    return record
