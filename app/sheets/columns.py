"""Which column fills which field, and how sure that is (认列).

Every column is held against every field; what speaks for a pair is a sum that a clerk could add up himself:

    what the words over the column say (`readings.py`)      0 to 1
    what the cells below it say (`evidence.py`)             −0.6 to 0.15; at most −0.3 for words that fit
    what the ledger shows (`fields.py`)                     −0.03 to 0.04
    a field of another ledger, named in other words         −0.08
    or, under words that say nothing, what only it can read 0.6

The best pair is taken first, no field twice; a pair below 0.55 is none. Fields that the ledger does not keep take part,
so that their columns are not taken for others. A reading is in doubt when its words were not exact and worth less
than 0.9, when the cells speak against it, or when another reading is nearly as good.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.sheets.captions import bare
from app.sheets.evidence import sample
from app.sheets.readings import FAR, Fields, Reading
from app.sheets.sideways import Words, sideways, unnumbered
from app.sheets.words import HEAD, HOME, meaning

LEVEL = "/"
LEAST, SURE, CLEAR = 0.55, 0.9, 0.1  # taken at all; not in doubt; better than the next by
PLAIN = 0.9  # words that are worth less are in doubt, whatever the cells say
SEEN = 0.6  # cells that only one field can read, under words that say nothing
OWN_WORDS = 0.97  # what a field's own label or synonym is worth (`readings.py`)
VAGUE = 0.8  # captions whose words are worth less say too little
AGAINST = -0.3  # the most that cells say against words that fit
APART = -0.08  # words in another sense that mean what is kept elsewhere
MARGIN = 0.05  # a column that much better has a field for itself


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where (from 0 in `Sheet.rows`), what is written over it (上级/下级), which field it fills and why.

    `doubt` says in a sentence what the clerk should look at. `member` is "2" for the second person beside the row's
    own, "*" where a cell holds several persons.
    """

    index: int
    caption: str
    path: str | None = None
    score: float = 0.0
    why: str = ""
    doubt: str = ""
    member: str = ""


@dataclass(frozen=True)
class Table:
    """The columns of a table: the words over each, its cells, and which member of a household it tells of."""

    words: Words
    cells: Mapping[int, Sequence[Any]]
    members: Mapping[int, str]


def read_columns(fields: Fields, levels: Mapping[int, Sequence[str]], rows: Sequence[Sequence[Any]]) -> list[Column]:
    """What every column fills. `levels` are the words over each, the widest first; `rows` those below the heading."""
    words = {c: tuple(levels[c]) for c in levels}
    table = Table(words, {c: sample(rows, c) for c in words}, sideways(words) if fields.tells_members else {})
    found = _assigned(fields, table)
    if not any(_is_own_name(fields, column) for column in found):
        return _about_heads(fields, table) or found
    return found


def _is_own_name(fields: Fields, column: Column) -> bool:
    """Whether a column holds the names of whom the rows are about."""
    if not column.path or column.member:
        return False
    caption = fields.by_path[column.path]
    return not caption.of and fields.named(column.path) and meaning(caption.names[:1]).whose in ("", *fields.selves)


def _about_heads(fields: Fields, table: Table) -> list[Column]:
    """A list without names of its own but with those of the heads is about the heads (一户一行的名单).

    Nothing where heads have fields of their own.
    """
    heads = [c for c, said in table.words.items() if meaning(said).whose == HEAD and not table.members.get(c)]
    others = (caption for caption in fields.captions if meaning(caption.names[:1]).whose == HEAD)
    if not heads or any(not fields.named(caption.path) for caption in others):
        return []
    again = _assigned(fields.about(HEAD), table)
    names = [column for column in again if _is_own_name(fields.about(HEAD), column)]
    if not any(table.cells[column.index] for column in names):
        return []
    doubt = "表里没有另外的姓名列，按户主本人读，请核对"
    return [replace(column, doubt=doubt) if column.path and column.index in heads else column
            for column in again]


def _assigned(fields: Fields, table: Table) -> list[Column]:
    """Every column with at most one field, every field with at most one column of a member: the best pair first."""
    words, members = table.words, table.members
    found = {c: _weighed(fields, table, c) for c in words}
    repeated = _repeated(table, found)
    columns = {c: Column(c, LEVEL.join(said), why="" if said else "这一列没有列名", member=members.get(c, ""))
               for c, said in words.items()}
    taken: dict[tuple[str, str], int] = {}
    pairs = [(reading, c) for c in words for reading in found[c] if reading.score >= LEAST]
    done = {c for c in words if not words[c]}
    for reading, c in sorted(pairs, key=lambda pair: (-round(pair[0].score, 6), not pair[0].exact)):
        if c in done:
            continue
        column, path = columns[c], reading.caption.path
        first = taken.get((path, column.member))
        if c in repeated:
            columns[c] = replace(column, why=f"“{words[c][-1]}”在表头里出现 {repeated[c]} 次，分不清是谁的，请指定")
        elif not reading.caption.kept:
            columns[c] = replace(column, why=f"是“{reading.caption.names[0]}”，不在这本台账里填")
        elif first is not None:
            other = columns[first].caption
            columns[c] = replace(column, why=f"与“{other}”意思相同，已用“{other}”一列")
            if reading.score < columns[first].score - MARGIN:
                continue  # the other was better; perhaps something else fits here
        else:
            taken[path, column.member] = c
            others = [found[other][0] for other in words if other != c and found[other]
                      and members.get(other, "") == column.member]
            columns[c] = replace(column, path=path, score=round(min(reading.score, 1.0), 2), why=reading.why,
                                 doubt=_doubt(reading, words[c], found[c], others))
        done.add(c)
    return [column if column.why else replace(column, why="列名不认得，请指定") for column in columns.values()]


def _weighed(fields: Fields, table: Table, c: int) -> list[Reading]:
    """The readings of a column with what its cells and the ledger say."""
    member = table.members.get(c)
    said = (unnumbered(table.words[c][-1]),) if member else table.words[c]
    found = []
    for reading in fields.readings(said, _before(table.words, c)) if said else ():
        caption = reading.caption
        if member and caption.of:
            continue
        weight = caption.fits(table.cells[c]) if caption.fits and reading.words >= FAR else 0.0
        firm = reading.exact or (reading.words >= SURE and not fields.named(caption.path))
        felt = max(weight, AGAINST) if firm else weight
        apart = 0.0 if caption.kept or reading.exact else APART
        found.append(replace(reading, score=reading.words + felt + caption.near + apart, against=weight < 0))
    if not member and not any(reading.score >= LEAST for reading in found):
        found += _seen(fields, table, c)
    return sorted(found, key=lambda reading: -reading.score)


def _seen(fields: Fields, table: Table, c: int) -> list[Reading]:
    """What the cells alone say of a column whose words say nothing: ID numbers are somebody's, if only of one."""
    if meaning(table.words[c]).whose not in ("", *fields.selves):
        return []
    own = [caption for caption in fields.captions if caption.telling and caption.kept and caption.fits
           and not caption.of and meaning(caption.names[:1]).whose in ("", *fields.selves)]
    seen = [caption for caption in own if caption.fits and caption.fits(table.cells[c]) > 0]
    return [Reading(seen[0], SEEN, f"下面的内容是“{seen[0].names[0]}”", False, SEEN)] if len(seen) == 1 else []


def _before(words: Words, c: int) -> str:
    """Of whom the nearest of the three columns before spoke that speak of anybody."""
    for other in range(c - 1, c - 4, -1):
        if other in words and (whose := meaning(words[other]).whose) and whose != "他":
            return whose
    return ""


def _repeated(table: Table, found: Mapping[int, Sequence[Reading]]) -> dict[int, int]:
    """Columns whose words stand in the heading more than once, and how often."""
    words, members = table.words, table.members
    text = {c: (re.sub(r"\d", "", bare("".join(said))), members.get(c, "")) for c, said in words.items()}
    first = {c: (found[c][0].caption.path, bare(words[c][-1]), members.get(c, ""), meaning(words[c]).whose)
             for c in words if found[c] and found[c][0].exact}
    twins, rivals = Counter(text.values()), Counter(first.values())
    times = {c: max(twins[text[c]], rivals[first[c]] if c in first else 0) for c in words}
    return {c: count for c, count in times.items() if count > 1}


def _doubt(best: Reading, words: Sequence[str], mine: Sequence[Reading], others: Sequence[Reading]) -> str:
    """What the clerk should look at before he trusts a reading, in a sentence; nothing where it is clear.

    `words` stand over the column, `mine` are its readings, `others` the best ones of the other columns.
    """
    label = best.caption.names[0]
    said = meaning(tuple(words))
    if best.words < 1 and said.says and said.worth < VAGUE and best.score <= best.words + best.caption.near:
        return f"“{words[-1]}”说得太泛，当作“{label}”，请核对"  # 类别, 时间: only the cells could tell
    if best.against:
        return f"下面的内容不像“{label}”，请核对"
    for other in mine:
        if best.exact and best.words >= OWN_WORDS and not other.exact:
            continue  # its very words stand there, and the other's do not
        nearer = other.caption.near > max(best.caption.near, 0) or (best.caption.of == HOME and not other.caption.of)
        clear = CLEAR if other.exact >= best.exact else CLEAR * 1.5 if nearer else 0
        if other.caption.names[0] != label and best.score - other.score < clear:
            return f"也可能是“{other.caption.names[0]}”，请核对"
    if not best.exact and (best.score < SURE or best.words < PLAIN):
        return f"按字面意思当作“{label}”，请核对"
    same = [other for other in others if other.caption.path == best.caption.path and other.exact >= best.exact]
    if any(best.score - other.score < MARGIN / 2 for other in same):
        return f"还有一列也像“{label}”，请核对"
    return ""
