"""Which column fills which field, and how sure that is (认列).

Every column is held against every field; what speaks for a pair is a sum that a clerk could add up himself:

    what the words over the column say (`readings.py`)      0 to 1
    what the cells below it say (`evidence.py`)             −0.6 to 0.15; at most −0.2 for words that fit
    what the ledger shows (`fields.py`)                     −0.03 to 0.04
    a field of another ledger, named in other words         −0.08
    or, under words that say little, what only it can read  0.6 (`seen.py`)

The best pair is taken first, no field twice; a pair below 0.55 is none. Fields that the ledger does not keep take part,
so that their columns are not taken for others. A reading is in doubt when its words are not the field's own and neither
the cells nor a person whom they name bear it out, when the cells speak against it, or when another is nearly as good.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.sheets.captions import choices, plain
from app.sheets.evidence import COMMON_FOR, sample
from app.sheets.ideas import HEAD, SOMEBODY, SUBJECT, is_kind
from app.sheets.readings import FAR, Fields, Reading
from app.sheets.seen import OFFERED, VAGUE, seen
from app.sheets.sideways import Words, sideways, unnumbered
from app.sheets.words import HIM, HOME, meaning

LEVEL = "/"
LEAST, SURE, CLEAR = 0.55, 0.9, 0.1  # taken at all; not in doubt; better than the next by
FIRM = 0.8  # words against which cells say little
PLAIN = 0.9  # words that are worth less are in doubt, whatever the cells say
OWN_WORDS = 0.97  # what a field's own label or synonym is worth (`readings.py`)
HIS = frozenset({"关系", "与人关系", "电话", "证号", "编号"})  # what is told of him whose name stands right before it
BESIDE, NOT_BESIDE = 0.95, 0.8  # what such words are worth with his name before them, and as words of somebody else
AGAINST = -0.2  # the most that cells say against words that fit
APART = -0.08  # words in another sense that mean what is kept elsewhere
TELEPHONE, ANY_NUMBER = "电话", r"[013-9]|\d\d+"  # 手机1 and 手机2 are two facts, 身份证号1 and 身份证号2 are not
FIRST = 3  # columns in which the list says whom it is about
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
    names = [column for column in found if _is_own_name(fields, column)]
    if all(meaning(table.words[column.index]).whose == SOMEBODY.name for column in names):
        return _about_others(fields, table, bool(names)) or found
    return found


def _is_own_name(fields: Fields, column: Column) -> bool:
    """Whether a column holds the names of whom the rows are about."""
    if not column.path or column.member:
        return False
    caption = fields.by_path[column.path]
    return not caption.of and fields.named(column.path) and fields.whose(caption) in ("", *fields.selves)


def _about_others(fields: Fields, table: Table, named_so_far: bool) -> list[Column]:
    """A list without names of its own is about the heads whom it names (一户一行的名单), or about whom it names first.

    Nothing where these have fields of their own.
    """
    first = [meaning(table.words[c]) for c in [*table.words][:FIRST] if not table.members.get(c)]
    named = [said.whose for said in first if said.names and said.whose not in ("", HEAD, HOME)]
    for others in (HEAD, *named[:1]):
        told = [c for c, said in table.words.items() if meaning(said).whose == others and not table.members.get(c)]
        theirs = (caption for caption in fields.captions if fields.whose(caption) == others)
        if not told or any(not fields.named(caption.path) or others != HEAD for caption in theirs):
            continue
        if named_so_far and not any("证号" in dict(meaning(table.words[c]).says) for c in told):
            continue
        again = _assigned(fields.about(others), table)
        names = [column for column in again if _is_own_name(fields.about(others), column)]
        if any(table.cells[column.index] for column in names):
            doubt = f"表里没有另外的姓名列，按{others}本人读，请核对"
            return [replace(column, doubt=doubt) if column.path and column.index in told else column
                    for column in again]
    return []


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
    offered = choices(said[-1]) if said else []
    cells = table.cells[c] or offered
    found = []
    for reading in _readings(fields, table, c, said):
        caption = reading.caption
        if member and caption.of:
            continue
        weight = caption.fits(cells) if caption.fits and reading.words >= FAR else 0.0
        firm = reading.exact or (reading.words >= FIRM and not fields.named(caption.path))
        felt = max(weight, AGAINST) if firm else weight
        apart = 0.0 if caption.kept or (reading.exact and reading.words > OWN_WORDS) else APART
        found.append(replace(reading, score=reading.words + felt + caption.near + apart, against=weight < 0))
    enough = OFFERED if offered else LEAST
    if said and not member and not any(reading.score >= enough for reading in found):
        found += seen(fields, said, cells, _before(table.words, c))
    return sorted(found, key=lambda reading: -reading.score)


def _readings(fields: Fields, table: Table, c: int, said: tuple[str, ...]) -> list[Reading]:
    """What the words over a column may mean, also as words of him whose name stands right before it."""
    found = fields.readings(said, _before(table.words, c)) if said else []
    beside = _beside(table.words, c)
    his = [replace(reading, words=reading.words * BESIDE, exact=False) for reading in fields.readings((beside, *said))
           if fields.whose(reading.caption) == beside] if beside else []
    if not his:
        return found
    return his + [replace(reading, words=reading.words * NOT_BESIDE, exact=False)
                  if not reading.caption.of and fields.whose(reading.caption) in ("", *fields.selves) else reading
                  for reading in found]


def _before(words: Words, c: int) -> str:
    """Of whom the nearest of the three columns before spoke that speak of anybody."""
    for other in range(c - 1, c - 4, -1):
        if other in words and (whose := meaning(words[other]).whose) and whose != HIM:
            return whose
    return ""


def _beside(words: Words, c: int) -> str:
    """Of whom a bare 关系 or 电话 is probably told: of him whose name stands right before it."""
    said = meaning(words[c]) if words.get(c) else None
    if said is None or said.whose or said.head not in HIS or c - 1 not in words:
        return ""
    before = meaning(words[c - 1])
    if before.whose in ("", HIM, HOME):
        return _beside(words, c - 1)
    other = before.names and before.whose != HEAD and not is_kind(before.whose, SUBJECT)
    return before.whose if other else ""


def _repeated(table: Table, found: Mapping[int, Sequence[Reading]]) -> dict[int, int]:
    """Columns whose words stand in the heading more than once, and how often."""
    words, members = table.words, table.members
    text = {c: (re.sub(ANY_NUMBER if meaning(said).head == TELEPHONE else r"\d", "", plain("".join(said))),
                members.get(c, "")) for c, said in words.items()}
    first = {c: (found[c][0].caption.path, plain(words[c][-1]), members.get(c, ""), meaning(words[c]).whose)
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
    shown = best.score > best.words + best.caption.near + COMMON_FOR + 0.001  # the cells are like those of the field
    told = said.whose not in ("", HOME) and not is_kind(said.whose, SUBJECT)  # 现由谁监护 can mean one only
    if not best.exact and (best.score < SURE or best.words < PLAIN or not (shown or told)):
        return f"按字面意思当作“{label}”，请核对"
    if best.loose and not shown:
        return f"“{words[-1]}”常指“{label}”，请核对"
    same = [other for other in others if other.caption.path == best.caption.path
            and (other.exact >= best.exact or best.caption.person)]
    if any(best.score - other.score < (CLEAR * 3 if best.caption.person else MARGIN / 2) for other in same):
        return f"还有一列也像“{label}”，请核对"
    return ""
