"""A tally (统计) is a ledger seen from above: conditions down the side, conditions across the top, and a measure.

The names behind a cell are the listing under the cell's two conditions, so they cannot disagree with its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.ledgers.listing import Group, Listing
from app.models import query
from app.models.conditions import Condition, both
from app.models.paths import Path, resolve


@dataclass(frozen=True)
class Line:
    """One row or one column: its caption, and which rows of the ledger count there (None: all)."""

    caption: str
    condition: Condition | None = None


@dataclass(frozen=True)
class Tally:
    """`of` is what is counted: nothing for rows, the path of a link for different persons or households (人数、户数),
    the path of a fact that adds up for its sum."""

    listing: Listing
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    of: str = ""

    @property
    def measured(self) -> Path | None:
        if not self.of:
            return None
        path = resolve(self.listing.ledger.record, self.of)
        return resolve(path.record, f"{self.of}.id") if path.ends_in else path

    def numbers(self) -> list[list[int]]:
        """A number for each cell, row by row; money in fen."""
        listing, cells = self.listing, [self._condition(row, column) for row in self.rows for column in self.columns]
        counted = query.tallies(
            listing.ledger.record, cells, listing.condition, self.measured, listing.on, listing.all_times
        )
        width = len(self.columns)
        return [counted[start : start + width] for start in range(0, len(counted), width)] if width else []

    def behind(self, row: Line, column: Line) -> Listing:
        """The rows that a cell counts."""
        return self.listing.but(where=both(self.listing.where, self._condition(row, column)))

    @staticmethod
    def _condition(row: Line, column: Line) -> Condition | None:
        return both(row.condition, column.condition)


def across(listing: Listing, down: str, over: str, of: str = "") -> Tally:
    """The tally of a listing by the values of two columns, most frequent first (交叉统计), with all of it as 合计."""
    return Tally(listing, _lines(listing.groups(down)), _lines(listing.groups(over)), of)


def _lines(groups: Sequence[Group]) -> tuple[Line, ...]:
    return *(Line(group.text, group.condition) for group in groups), Line("合计")
