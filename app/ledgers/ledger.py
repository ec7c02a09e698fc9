"""A ledger (台账) is a value: what is true of one register, wherever it is seen, filtered, printed or exported.

It is checked when it is made, so that a typing mistake in a declaration cannot reach a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.ledgers.layout import Section, own_section, picture
from app.models import query, roles
from app.models.conditions import Compare, Condition, parts_of, paths_of, read
from app.models.declared import Lead
from app.models.fields import Link
from app.models.paths import Path, resolve


@dataclass(frozen=True)
class Column:
    """A path and what stands above it."""

    path: Path
    caption: str

    @property
    def text(self) -> str:
        return self.path.text


@dataclass(frozen=True)
class Paper:
    """The paper a ledger is printed on, and who signs below the last line."""

    size: str = "A4"
    landscape: bool = True
    signs: str = "填报人 审核人 负责人"


@dataclass(frozen=True)
class Action:
    """A verb of the office that this ledger offers for its chosen rows.

    `do(keys, **answers)` writes its own operation and gives a sentence saying what was done. `asks` are the facts to
    fill in first; `hindered(keys)` says why it cannot be done now, `warns(keys)` what will follow from it. Without
    `many` it is for exactly one row; with `whole` for the ledger as it is, and no row need be chosen. Instead of a
    sentence `do` may give where it is done. What is `watched` may take long: `do` also takes `progress`. `due` says why
    a row that was just registered needs it: then it is asked for at once. One that `writes` a file of this name, or
    `reads` one of this kind, takes its `place`.
    """

    title: str
    do: Callable[..., str | Lead]
    asks: Mapping[str, Any] = field(default_factory=dict)
    many: bool = False
    hindered: Callable[[Sequence[int]], str | None] = lambda keys: None
    warns: Callable[[Sequence[int]], str] = lambda keys: ""
    key: str = ""
    watched: bool = False
    whole: bool = False
    due: str = ""
    needs: str = "write"  # the power (of roles.TABLE) that it takes
    writes: str = ""
    reads: str = ""

    def why_not(self, keys: Sequence[int], known: dict[Any, str | None] | None = None) -> str | None:
        """Why this cannot be done with these rows, or None when it can.

        `known` keeps what `hindered` said of the same rows, for actions that are hindered by the same.
        """
        if why := roles.why_not(self.needs):
            return why
        if self.whole:
            return self.hindered(keys)
        if not keys:
            return "请先选中要办理的行。"
        if len(keys) > 1 and not self.many:
            return "一次只能办理一行，请只选一行。"
        if known is None:
            return self.hindered(keys)
        if self.hindered not in known:
            known[self.hindered] = self.hindered(keys)
        return known[self.hindered]


@dataclass(frozen=True)
class Ledger:
    """`columns`, `filters` and `order` are paths with blanks between them; a column may be `path=题名`.

    `where` is the condition that every row of the register meets, in words; `form` the picture of its form, empty for
    a ledger that cannot be written in; `tells(key)` what there is to say of one row besides its facts, in sentences.
    """

    title: str
    record: Any
    columns: str
    filters: str = ""
    order: str = ""
    where: str = ""
    form: str = ""
    actions: tuple[Action, ...] = ()
    paper: Paper = Paper()
    tells: Callable[[int], Sequence[str]] = lambda key: ()

    def __post_init__(self) -> None:
        for text in (*self.filters.split(), *(part.lstrip("-") for part in self.order.split())):
            resolve(self.record, text)
        for fact in (fact for action in self.actions for fact in action.asks.values()):
            if (within := getattr(fact, "within", "")).startswith("."):
                _ = resolve(self.record, f"{within[1:]}.id"), resolve(fact.rel_model, f"{within[1:]}.id")
        _ = self.shown, self.condition, self.sections

    @cached_property
    def shown(self) -> tuple[Column, ...]:
        return tuple(self.column(text) for text in self.columns.split())

    @cached_property
    def condition(self) -> Condition | None:
        return read(self.where, self.record)

    @cached_property
    def tells_of_leaving(self) -> bool:
        """Whether its own condition says when rows ended, so that those no longer present belong to it."""
        return "until" in paths_of(self.condition)

    @property
    def opens(self) -> bool:
        """Whether opening a row leads anywhere: into its form, or to the rows that it stands for."""
        return bool(self.form or self.record.leads_to)

    @cached_property
    def _pictured(self) -> tuple[Section, ...]:
        return picture(self.form, self.record)

    @property
    def sections(self) -> tuple[Section, ...]:
        """What its form shows, the office's own columns last."""
        return (*self._pictured, *own_section(self.record)) if self.form else ()

    def column(self, text: str) -> Column:
        """A column by its path, which need not be among those shown at first."""
        path, _, caption = text.partition("=")
        known = resolve(self.record, path)
        return Column(known, caption or known.label)


def given(ledger: Ledger) -> dict[str, Any]:
    """What every row of this ledger has, by its own condition: the facts that are to equal something.

    A link is given where the condition names the one row that it may lead to, as 类别代码 = 留守儿童 does.
    """
    found: dict[str, Any] = {}
    for part in parts_of(ledger.condition):
        if not (isinstance(part, Compare) and part.operator == "="):
            continue
        name, dot, rest = part.path.partition(".")
        fact = ledger.record.facts().get(name)
        if isinstance(fact, Link):
            keys = query.keys(fact.rel_model, Compare(rest or fact.rel_model.shown_by, "=", part.value))
            if len(keys) == 1:
                found[name] = keys[0]
        elif fact is not None and not dot:
            found[name] = part.value
    return found
