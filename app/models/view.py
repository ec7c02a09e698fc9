"""Views: anything that a ledger can show, stored or asked for (视图)."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

import peewee

from app.models.database import CurrentDatabase
from app.models.fields import Fact, Link
from app.models.part import Part


class View(peewee.Model):
    """Anything a ledger can show. `word` is the clerk's word for one, `shown_by` the fact that stands for it."""

    id = peewee.BigAutoField()

    word: ClassVar[str] = ""
    shown_by: ClassVar[str] = "name"
    former: ClassVar[Any] = None  # the record that keeps earlier values of some of its facts
    of: ClassVar[str] = ""  # in a record of former values: the link to the row that had them
    search_by: ClassVar[str] = ""  # facts whose words the search box finds; its short texts where empty
    search_in: ClassVar[str] = ""  # the link or lines whose words find this row too
    same_as: ClassVar[str] = ""  # "id_number | name birth household.village": the first whose facts are all known
    placed_by: ClassVar[str] = ""  # paths to its village and group, which the search box also knows
    derived: ClassVar[dict[str, Any]] = {}
    leads_to: ClassVar[Any] = None  # of rows that stand for others: key → Lead, where opening one leads
    told: ClassVar[Any] = None  # of rows that are found now and then: () → when they were found, in a sentence
    seen_by: ClassVar[str] = "see"  # the power (of roles.TABLE) without which none of its rows is seen
    of_village: ClassVar[Any] = None  # (alias, village) → whether a row is that village's, where no path leads to one

    class Meta:
        database = CurrentDatabase()
        legacy_table_names = False

    @classmethod
    @cache
    def stored_facts(cls) -> dict[str, Any]:
        """What its table keeps, by name, in the order declared."""
        return {field.name: field for field in cls._meta.sorted_fields if isinstance(field, Fact | Link)}

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """The facts that a clerk knows, by name; those that its table keeps."""
        return cls.stored_facts()

    @classmethod
    @cache
    def parts(cls) -> dict[str, Part]:
        """The parts by name, in the order they were declared."""
        return {part.name: part for part in vars(cls).values() if isinstance(part, Part)}

    @classmethod
    def is_dated(cls) -> bool:
        """Whether a row is true only from `since` (unknown if empty) to the day before `until`."""
        return not cls.of and {"since", "until"} <= cls._meta.fields.keys()
