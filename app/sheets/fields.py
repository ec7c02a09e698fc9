"""What the columns of a list may mean, from the declarations of its record and its ledger (字段与叫法)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from app.ledgers.layout import Place
from app.ledgers.ledger import Ledger
from app.models.derived import Derived
from app.models.fields import Account, Code, Flag, IdNumber, Link, PersonName, Telephone
from app.models.part import Part
from app.models.paths import Path, labels, resolve
from app.sheets.captions import Caption, also, synonyms
from app.sheets.evidence import fits
from app.sheets.ideas import SUBJECT, is_kind
from app.sheets.readings import Fields
from app.sheets.words import HOME, NAME, meaning
from app.work.cells import along, fillable, names_somebody

SHOWN, IN_FORM, ELSEWHERE = 0.04, 0.02, -0.03  # in the ledger's columns, in its form, in neither
COUNT = "序号"  # the column that only counts the rows
SPAN = {"since": ("开始日期", "起始日期"), "until": ("结束日期", "终止日期"), "ending": ("结束原因",)}


def captions(record: Any) -> list[Caption]:
    """What the columns of a list for this record may be called.

    A word belongs to the record's own fact before that of the row it hangs on: 联系电话 is the person's, not the
    household's.
    """
    link, groups = along(record), synonyms()
    own: set[str] = set()
    found = []
    for path, label in fillable(record).items():
        of_parent = bool(link) and path.startswith(f"{link}.")
        names = _names(record, path, label)
        shorter = label.removeprefix(record.word)
        if shorter != label and not of_parent and shorter in groups:  # 户联系电话, in a list of households
            names += [shorter, *groups[shorter]]
        if of_parent:
            names = [name for name in names if name == label or name not in own]
        else:
            own.update(names)
        found.append(Caption(path, tuple(dict.fromkeys(names))))
    return found


def fields(record: Any, ledger: Ledger | None = None, given: Collection[str] = ()) -> Fields:
    """All that the columns of a list for this ledger may mean: what it keeps, and what it only shows.

    What the ledger says of every row (`given`) is not read from a list; parts that it does not show are not looked for.
    """
    selves, weights = _selves(record), _weights(ledger)
    parts = record.parts()
    found = []
    for caption in captions(record):
        path = resolve(record, caption.path)
        if weights and caption.path.partition(".")[0] in parts and caption.path not in weights:
            continue
        found.append(replace(
            caption, kept=caption.path not in given,
            near=weights.get(caption.path, ELSEWHERE) if weights else 0.0,
            of=_whose(path, selves) or "", short=_short(path, record), fits=fits(path.ends_in or path.fact),
            telling=_tells(path), person=_is_person(path),
            literal="own" in caption.path.split("."),
        ))  # fmt: skip
    same = {_same(resolve(record, caption.path)) for caption in found}
    for text in dict.fromkeys(labels(record).values()):
        path = resolve(record, text)
        whose = _whose(path, selves)
        computed = isinstance(path.fact, Derived) and path.label not in {**synonyms(), **also()}
        far = text.partition(".")[0] in parts or (path.links and text.count(".") > 2)
        if whose is None or computed or far or _same(path) in same:
            continue
        names, near = tuple(dict.fromkeys(_names(record, text, path.label))), weights.get(text, ELSEWHERE)
        found.append(Caption(text, names, kept=False, near=near, of=whose, fits=fits(path.ends_in or path.fact),
                             telling=_tells(path), person=_is_person(path)))
        same.add(_same(path))
    found.append(Caption(COUNT, (COUNT, *synonyms()[COUNT]), kept=False, literal=True))
    return Fields(found, selves)


def _names(record: Any, path: str, label: str) -> list[str]:
    """The label of a fact and what else clerks call it."""
    groups, at = synonyms(), resolve(record, path)
    names = [label, *groups.get(label, ())]
    if not at.links:
        names += groups.get(f"{record.word}{label}", ())  # 村组名称
    for group in also().get(label, ()):
        names += [group, *groups.get(group, ())]
    if at.ends_in is not None and meaning((at.fact.label,)).says == ((NAME, 1.0),):
        names += [at.fact.label, *groups.get(at.fact.label, ())]  # who is meant by a link is named: 帮扶人姓名
    if isinstance(at.fact, Flag):
        names += [f"是否{label}", f"{label}否"]
    if not at.links and "since" in record.facts() and record.facts()["since"].required:
        names += SPAN.get(path, ())
    return names


def _short(path: Path, record: Any) -> tuple[str, ...]:
    """The label of a fact of a part without the word that others of the part begin with too; with the record's word."""
    if not path.links or not isinstance(path.links[-1], Part):
        return () if path.links else (f"{record.word}{path.label}",)
    others = [fact.label for fact in path.owner.facts().values() if fact is not path.fact]
    start = max((_common(path.label, other) for other in others), key=len, default="")
    left = path.label.removeprefix(start)
    return (left,) if len(start) > 1 and len(left) > 1 and not meaning((start,)).whose else ()


def _tells(path: Path) -> bool:
    """Whether the cells of a fact are like those of no other: numbers, codes, places."""
    if path.ends_in is not None:
        return getattr(path.ends_in, "among", "") != ""
    return isinstance(path.fact, (IdNumber, Telephone, Account, Code)) and not isinstance(path.fact, Flag)


def _is_person(path: Path) -> bool:
    """Whether a fact is the name of somebody."""
    return isinstance(path.fact, PersonName) or (path.ends_in is not None and names_somebody(path.ends_in))


def _common(one: str, other: str) -> str:
    """What two words begin with."""
    return "".join(a for n, (a, b) in enumerate(zip(one, other, strict=False)) if one[:n + 1] == other[:n + 1])


def _selves(record: Any) -> frozenset[str]:
    """Of whom the rows of a record are: what it is called, and whom it names by name or must lead to."""
    facts = record.facts().values()
    links = [fact for fact in facts if isinstance(fact, Link) and fact.required and not fact.made_along]
    named = [fact for fact in links if names_somebody(fact)] or (links if len(links) == 1 else [])
    return frozenset(filter(None, (meaning((word,)).whose for word in (record.word, *(link.label for link in named)))))


def _whose(path: Path, selves: Collection[str]) -> str | None:
    """Of whom a fact is told, "" of the row itself; None where a link leads to nobody who could be told of."""
    whose = HOME if HOME in selves and not path.links else ""
    through = path.links[: -1 if path.ends_in is not None else None]
    if path.ends_in is not None and path.links[-1] is not path.ends_in:  # an enrolment is told by whom it is for
        return meaning((path.links[-1].label,)).whose
    for link in through:
        if isinstance(link, Link):
            told = meaning((link.label,)).whose
            if not told:
                return None
            whose = "" if told in selves or is_kind(told, SUBJECT) else told
    return "" if whose in selves else whose


def _weights(ledger: Ledger | None) -> dict[str, float]:
    """What the ledger adds for each path that it shows."""
    if ledger is None:
        return {}
    shown = {column.text: SHOWN for column in ledger.shown}
    places = (part for section in ledger.sections for row in section.rows for part in row)
    return {part.name: IN_FORM for part in places if isinstance(part, Place)} | shown


def _same(path: Path) -> tuple[str, ...]:
    """The fact that a path names: helper and helper.name are one."""
    return (*(link.name for link in path.links if isinstance(link, (Link, Part))), path.name)
