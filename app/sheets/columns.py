"""Which column fills which field, and how sure that is (认列).

Every column is held against every field; what speaks for a pair is a sum that a clerk could add up himself:

    the words are those of the field, or of its synonyms        0.97 to 1    (`Lexicon.exact`)
    the words mean the same (`words.meaning`, `nearness`)       up to 0.93
    the words are written almost the same (`Lexicon.alike`)     up to 0.85
    times how well the person fits, of whom the caption speaks  0 to 1       (`_person`)
    plus what the cells below say (`evidence.py`)               −0.4 to 0.15
    plus what the ledger shows                                  −0.03 to 0.04

The best pair is taken first, no field twice; a pair below 0.62 is none. Fields that the ledger does not keep take part,
so that their columns are not taken for others. A reading is in doubt when its words were not exact, when the cells
speak against it, or when another reading is nearly as good.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.sheets.captions import Caption, Lexicon, bare
from app.sheets.evidence import sample
from app.sheets.words import NAME, Meaning, is_kind, meaning, nearness, words_of

LEVEL = "/"
LEAST, SURE, CLEAR = 0.62, 0.9, 0.1  # taken at all; not in doubt; better than the next by
MARGIN = 0.05  # a column that much better has a field for itself
MEANT = 0.93  # words that mean the same, beside 1 for the label itself
SUBJECT, HEAD, HOME = "本人", "户主", "户"


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


@dataclass(frozen=True, slots=True)
class Reading:
    """A field for a column. `exact` are words of the field's own; `against` says that the cells do not look like it."""

    caption: Caption
    score: float
    why: str
    exact: bool
    against: bool = False


class Fields:
    """The fields that a list may fill, ready to be compared. `selves` are the ideas of whom the rows are about."""

    def __init__(self, captions: Sequence[Caption], selves: Collection[str] = ()) -> None:
        self.captions, self.selves = captions, frozenset(selves)
        self.lexicon = Lexicon(captions)
        self.by_path = {caption.path: caption for caption in captions}
        self.means = {caption.path: [meaning((name,)) for name in (*caption.names, *caption.short)] for caption in captions}
        self.tells_members = any(path.startswith("household.") for path in self.by_path)
        self._found: dict[tuple[tuple[str, ...], str], list[Reading]] = {}

    def about(self, others: str) -> Fields:
        """The same for a list that is about others, so that nothing is told of them besides."""
        left = [caption for caption in self.captions if meaning(caption.names[:1]).whose != others]
        return Fields(left, self.selves | {others})

    def named(self, path: str) -> bool:
        """Whether a field is the name of somebody."""
        return self.means[path][0].says == ((NAME, 1.0),)

    def known(self, levels: Sequence[str]) -> list[Reading]:
        """Fields whose own words these are."""
        return sorted(self._exact(tuple(levels), ""), key=lambda reading: -reading.score)

    def readings(self, levels: tuple[str, ...], before: str = "") -> list[Reading]:
        """Fields for the words over a column, best first; `before` is of whom the columns before it spoke."""
        key = levels, before
        if key not in self._found:
            found: dict[str, Reading] = {}
            for reading in (*self._exact(levels, before), *self._meant(levels, before), *self._alike(levels, before)):
                known = found.get(reading.caption.path)
                if known is None or reading.score > known.score:
                    found[reading.caption.path] = reading
            self._found[key] = sorted(found.values(), key=lambda reading: -reading.score)
        return self._found[key]

    def _exact(self, levels: tuple[str, ...], before: str) -> list[Reading]:
        """Words of a field: all levels read together (户主/姓名 is 户主姓名), then the lower ones alone."""
        found, whose = [], meaning(levels).whose
        for start in range(len(levels)):
            text = "".join(levels[start:])
            for match in self.lexicon.exact(text):
                caption = self.by_path[match.path]
                fits = self._person(whose, meaning((text,)).whose if not start else "", caption, before)
                fits = max(fits, 0.9) if not start else fits
                if fits:
                    found.append(Reading(caption, (match.score - 0.05 * min(start, 1)) * fits, match.why, fits >= 0.9))
        return found

    def _meant(self, levels: tuple[str, ...], before: str) -> list[Reading]:
        """Fields of which the words say the same in other words."""
        said, text = meaning(levels), "".join(levels[-1:])
        found = []
        for path, meanings in self.means.items():
            caption = self.by_path[path]
            best = max(
                (nearness(said, own) * self._person(said.whose, own.whose, caption, before) for own in meanings),
                default=0.0,
            )
            if best >= 0.4:
                why = f"“{bare(text)}”说的是“{caption.names[0]}”"
                found.append(Reading(caption, MEANT * best, why, False))
        return found

    def _alike(self, levels: tuple[str, ...], before: str) -> list[Reading]:
        """Fields whose words are written almost like these."""
        if len(levels) != 1 or self.lexicon.exact(levels[0]):
            return []
        found = []
        for match in self.lexicon.alike(levels[0]):
            caption, said = self.by_path[match.path], meaning(levels).whose
            fits = max(self._person(said, own.whose, caption, before) for own in self.means[match.path])
            found.append(Reading(caption, match.score * fits, match.why, False))
        return found

    def _person(self, said: str, own: str, caption: Caption, before: str) -> float:
        """How well the person a caption speaks of fits a field, 1 the same, 0 somebody else.

        `own` is whom the field's words name. What is said of nobody is said of whom the row is about, or else of whom
        the columns before spoke: 有事找谁, 他的电话.
        """
        if said in ("他", "责任人") and before:
            said = before
        wanted = caption.of if not own or is_kind(own, SUBJECT) or own in self.selves else own
        if not wanted:
            if said in ("", *self.selves):
                return 1.0
            return 0.9 if is_kind(said, SUBJECT) else 0.6 if said == HOME else 0.0
        if said == wanted:
            return 1.0
        if is_kind(said, wanted) or is_kind(wanted, said):
            return 0.95
        if wanted == HOME:
            return {"": 0.97, HEAD: 0.8}.get(said, 0.5 if is_kind(said, SUBJECT) or said in self.selves else 0.0)
        if not said:
            return 0.85 if before == wanted else 0.6
        return 0.0


def read_columns(fields: Fields, levels: Mapping[int, Sequence[str]], rows: Sequence[Sequence[Any]]) -> list[Column]:
    """What every column fills. `levels` are the words over each, the widest first; `rows` those below the heading."""
    words = {c: tuple(levels[c]) for c in levels}
    cells = {c: sample(rows, c) for c in words}
    members = _members(words) if fields.tells_members else {}
    heads = [c for c, said in words.items() if meaning(said).whose == HEAD and not members.get(c)]
    found = _assigned(fields, words, cells, members)
    if heads and not any(_is_own_name(fields, column) for column in found):
        found = _about_heads(fields, words, cells, members, found)
    return found


def _is_own_name(fields: Fields, column: Column) -> bool:
    """Whether a column holds the names of whom the rows are about."""
    if not column.path or column.member:
        return False
    caption = fields.by_path[column.path]
    return not caption.of and fields.named(column.path) and meaning(caption.names[:1]).whose in ("", *fields.selves)


def _about_heads(
    fields: Fields, words: Mapping[int, tuple[str, ...]], cells: Mapping[int, list[Any]], members: Mapping[int, str],
    found: list[Column],
) -> list[Column]:
    """A list without names of its own but with those of the heads is about the heads (一户一行的名单)."""
    of_heads = fields.about(HEAD)
    again = _assigned(of_heads, words, cells, members)
    if not any(_is_own_name(of_heads, column) and cells[column.index] for column in again):
        return found
    doubt = "表里没有另外的姓名列，按户主本人读，请核对"
    return [replace(column, doubt=column.doubt or doubt)
            if column.path and meaning(words[column.index]).whose == HEAD else column for column in again]


def _assigned(
    fields: Fields, words: Mapping[int, tuple[str, ...]], cells: Mapping[int, list[Any]], members: Mapping[int, str]
) -> list[Column]:
    """Every column with at most one field, every field with at most one column of a member: the best pair first."""
    found = {c: _weighed(fields, words, cells, members, c) for c in words}
    repeated = _repeated(words, members, found)
    columns = {c: Column(c, LEVEL.join(said), why="" if said else "这一列没有列名", member=members.get(c, ""))
               for c, said in words.items()}
    taken: dict[tuple[str, str], int] = {}
    pairs = [(reading, c) for c in words for reading in found[c] if reading.score >= LEAST]
    done: set[int] = {c for c in words if not words[c]}
    for reading, c in sorted(pairs, key=lambda pair: (-pair[0].score, not pair[0].caption.kept)):
        column, path = columns[c], reading.caption.path
        if c in done:
            continue
        if c in repeated:
            columns[c] = replace(column, why=f"“{words[c][-1]}”在表头里出现 {repeated[c]} 次，分不清是谁的，请指定")
        elif not reading.caption.kept:
            columns[c] = replace(column, why=f"是“{reading.caption.names[0]}”，不在这本台账里填")
        elif (path, column.member) in taken:
            other = columns[taken[path, column.member]].caption
            columns[c] = replace(column, why=f"与“{other}”意思相同，已用“{other}”一列")
            if reading.score < columns[taken[path, column.member]].score - MARGIN:
                continue  # the other was better; perhaps something else fits here
        else:
            taken[path, column.member] = c
            doubt = _doubt(reading, found[c], [found[o] for o in words if o != c and members.get(o, "") == column.member])
            columns[c] = replace(column, path=path, score=round(min(reading.score, 1.0), 2), why=reading.why, doubt=doubt)
        done.add(c)
    return [column if column.why else replace(column, why="列名不认得，请指定") for column in columns.values()]


def _weighed(
    fields: Fields, words: Mapping[int, tuple[str, ...]], cells: Mapping[int, list[Any]], members: Mapping[int, str],
    c: int,
) -> list[Reading]:
    """The readings of a column with what its cells and the ledger say."""
    said = words[c][-1:] if members.get(c) else words[c]
    found = []
    for reading in fields.readings(said, _before(words, c)) if said else ():
        if members.get(c) and reading.caption.of:
            continue
        weight = reading.caption.fits(cells[c]) if reading.caption.fits and reading.score >= 0.4 else 0.0
        floor = max(weight, -0.3) if reading.score >= SURE else weight
        found.append(replace(reading, score=reading.score + floor + reading.caption.near, against=weight < 0))
    return sorted(found, key=lambda reading: -reading.score)


def _before(words: Mapping[int, tuple[str, ...]], c: int) -> str:
    """Of whom the nearest of the three columns before spoke that speak of anybody."""
    for other in range(c - 1, c - 4, -1):
        if other in words and (whose := meaning(words[other]).whose) and whose != "他":
            return whose
    return ""


def _repeated(
    words: Mapping[int, tuple[str, ...]], members: Mapping[int, str], found: Mapping[int, list[Reading]]
) -> dict[int, int]:
    """Columns whose words stand in the heading more than once, and how often."""
    text = {c: (re.sub(r"\d", "", bare("".join(said))), members.get(c, "")) for c, said in words.items()}
    first = {c: (found[c][0].caption.path, bare(words[c][-1]), members.get(c, ""), meaning(words[c]).whose)
             for c in words if found[c] and found[c][0].exact}
    twins, rivals = Counter(text.values()), Counter(first.values())
    times = {c: max(twins[text[c]], rivals[first[c]] if c in first else 0) for c in words}
    return {c: count for c, count in times.items() if count > 1}


def _doubt(best: Reading, mine: Sequence[Reading], others: Sequence[Sequence[Reading]]) -> str:
    """What the clerk should look at before he trusts a reading, in a sentence; nothing where it is clear."""
    label = best.caption.names[0]
    if best.against:
        return f"下面的内容不像“{label}”，请核对"
    rival = next((other for other in mine if other.caption.path != best.caption.path and other.exact >= best.exact), None)
    if rival and best.score - rival.score < CLEAR:
        return f"也可能是“{rival.caption.names[0]}”，请核对"
    if not best.exact and best.score < SURE:
        return f"按字面意思当作“{label}”，请核对"
    if any(other.caption.path == best.caption.path and other.exact >= best.exact and best.score - other.score < 0.02
           for readings in others for other in readings[:1]):
        return f"还有一列也像“{label}”，请核对"
    return ""


def _members(words: Mapping[int, tuple[str, ...]]) -> dict[int, str]:
    """Columns of persons laid out sideways → which person: 姓名 身份证号 姓名 身份证号 is two of them.

    The same captions in the same order stand over each of them, a name or an ID number among them.
    """
    order = [c for c in words if words[c]]
    own = {c: re.sub(r"\d", "", bare(words[c][-1])) for c in order}
    for size in range(2, len(order) // 2 + 1):
        for at in range(len(order) - 2 * size + 1):
            first = [own[c] for c in order[at:at + size]]
            count = 1
            while [own[c] for c in order[at + count * size:at + (count + 1) * size]] == first:
                count += 1
            groups = [order[at + n * size:at + (n + 1) * size] for n in range(count)]
            if count > 1 and len(set(first)) == size and _are_persons(words, groups):
                return _numbered(words, order[:at], groups)
    return {}


def _are_persons(words: Mapping[int, tuple[str, ...]], groups: Sequence[Sequence[int]]) -> bool:
    """Whether groups of columns are members of a household: they have names, and none is somebody in particular."""
    whose = [meaning(words[group[0]]).whose for group in groups]
    told = [(idea.name) for c in groups[0] for idea in words_of(words[c][-1])[0]]
    return NAME in told and all(
        not name or name == HOME or is_kind(name, SUBJECT) or (name == HEAD and not at) for at, name in enumerate(whose)
    )


def _numbered(
    words: Mapping[int, tuple[str, ...]], before: Sequence[int], groups: Sequence[Sequence[int]]
) -> dict[int, str]:
    """The first group is the row's own person, unless he stands before it."""
    spoken = [meaning(words[c]) for c in before]
    named = any(NAME in dict(said.says) and said.whose in ("", HEAD) for said in spoken)
    return {c: str(n + named) if n + named else "" for n, group in enumerate(groups) for c in group}
