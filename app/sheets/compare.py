"""Two lists side by side (两表比对): who stands only in one, who in both with different values.

The same person is told by the ID number; else by name, village and birth, as far as both lists have them. Only where
each side has exactly one who may be meant, and nothing that is known of both differs, are two lines a pair. Whatever
else may be somebody is told (对不准), never guessed. Every line of both lists ends in exactly one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.models.people import Person
from app.models.progress import Progress, unwatched
from app.sheets.lists import (
    ID_NUMBER,
    NAME,
    VILLAGE,
    Line,
    ListColumn,
    PeopleList,
    all_private,
    fits,
    open_list,
    written,
)
from app.sheets.read import Cell
from app.sheets.report import Part, Report, must_be_xlsx, write_parts
from app.work.files import not_over
from app.work.outgoing import leave

ONE, OTHER = "甲表", "乙表"
BY_NUMBER = "身份证号"


@dataclass(frozen=True, eq=False)
class Pair:
    """The same person in both lists: `by` what that is known, `differing` the columns that do not say the same."""

    one: Line
    other: Line
    by: str
    differing: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Doubt:
    """A line of which it is not certain whom it means in the other list, and why."""

    line: Line
    in_one: bool
    why: str


@dataclass
class Comparison:
    """The lines of two lists, each in one place."""

    one: Sequence[Line]
    other: Sequence[Line]
    only_one: list[Line] = field(default_factory=list)
    only_other: list[Line] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def differing(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.differing]

    def counts(self) -> dict[str, int]:
        """How many lines stand where; `one` and `other` are the sums of what they are made of."""
        doubts = sum(doubt.in_one for doubt in self.doubts)
        differing = len(self.differing)
        return {
            "one": len(self.one), "other": len(self.other), "only_one": len(self.only_one),
            "only_other": len(self.only_other), "same": len(self.pairs) - differing, "different": differing,
            "doubtful_one": doubts, "doubtful_other": len(self.doubts) - doubts,
        }  # fmt: skip


def compare(one: Sequence[Line], other: Sequence[Line], shared: Iterable[str]) -> Comparison:
    """Who stands where. `shared` are the keys of the columns that both lists have."""
    return _Comparing(one, other, tuple(shared)).run()


class _Comparing:
    def __init__(self, one: Sequence[Line], other: Sequence[Line], shared: tuple[str, ...]) -> None:
        self.found, self.shared = Comparison(one, other), shared
        self.partners: dict[int, tuple[Line, str]] = {}  # of the lines of `one`
        self.why: dict[int, str] = {}
        self.met: set[int] = set()  # lines that need not be looked for any more
        self.places = _known(one, other, "place")
        self.births = _known(one, other, "born")

    def run(self) -> Comparison:
        found = self.found
        for line in (*found.one, *found.other):
            if line.nobody:
                self._doubt(line, line.nobody)
        self._by_number()
        self._by_name()
        for line in found.one:
            if (partner := self.partners.get(id(line))) is not None:
                other, by = partner
                differing = tuple(key for key in self.shared if line.texts.get(key, "") != other.texts.get(key, ""))
                found.pairs.append(Pair(line, other, by, differing))
            elif id(line) in self.why:
                found.doubts.append(Doubt(line, True, self.why[id(line)]))
            else:
                found.only_one.append(line)
        for line in found.other:
            if id(line) in self.why:
                found.doubts.append(Doubt(line, False, self.why[id(line)]))
            elif id(line) not in self.met:
                found.only_other.append(line)
        return found

    def _doubt(self, line: Line, why: str) -> None:
        self.why[id(line)] = why
        self.met.add(id(line))

    def _pair(self, one: Line, other: Line, by: str) -> None:
        self.partners[id(one)] = other, by
        self.met |= {id(one), id(other)}

    def _by_number(self) -> None:
        others = _grouped((line.id_number, line) for line in self.found.other if id(line) not in self.met)
        mine = _grouped((line.id_number, line) for line in self.found.one if id(line) not in self.met)
        for number, ones in mine.items():
            same = others.get(number, [])
            if len(ones) == len(same) == 1:
                self._pair(ones[0], same[0], BY_NUMBER)
            elif same:
                why = f"身份证号相同的，{ONE}有 {len(ones):,} 行，{OTHER}有 {len(same):,} 行。"
                for line in (*ones, *same):
                    self._doubt(line, why)

    def _by_name(self) -> None:
        others = _grouped((line.name, line) for line in self.found.other if id(line) not in self.met)
        ones = _grouped((line.name, line) for line in self.found.one if id(line) not in self.met)
        for name, mine in ones.items():
            theirs = others.get(name, [])
            may = {id(line): [other for other in theirs if _may_be(line, other)] for line in mine} if theirs else {}
            back: dict[int, int] = defaultdict(int)
            for some in may.values():
                for other in some:
                    back[id(other)] += 1
            told: dict[int, Line] = {}
            for line in mine:
                candidates = may.get(id(line), [])
                if len(candidates) == 1 and back[id(candidates[0])] == 1 and self._certain(line, candidates[0]):
                    self._pair(line, candidates[0], self._by())
                elif candidates:
                    self._doubt(line, self._why(line, candidates, OTHER))
                    told |= {id(other): other for other in candidates}
            for other in told.values():
                self._doubt(other, self._why(other, [line for line in mine if _may_be(line, other)], ONE))

    def _certain(self, one: Line, other: Line) -> bool:
        """Whether all that both lists have of people is known of these two and the same; not both have a number."""
        if one.id_number and other.id_number:
            return False
        placed = bool(one.place and other.place) or not self.places
        return placed and (not self.births or (one.birth is not None and one.birth == other.birth))

    def _by(self) -> str:
        return "、".join(["姓名", *(["行政村"] if self.places else []), *(["出生日期"] if self.births else [])])

    def _why(self, line: Line, candidates: Sequence[Line], where: str) -> str:
        if len(candidates) > 1:
            return f"{where}有 {len(candidates):,} 行可能是他，分不清是哪一行。"
        other = candidates[0]
        if line.id_number and other.id_number:
            return f"与{where}的 {other.where}{self._by()}相同，身份证号却不同。"
        lacking = [word for used, known, word in (
            (self.places, line.place and other.place, "行政村"),
            (self.births, line.birth and other.birth and line.birth == other.birth, "出生日期"),
        ) if used and not known]  # fmt: skip
        if lacking:
            return f"可能是{where}的 {other.where}，{'、'.join(lacking)}没有写全，不能确定。"
        return f"可能是{where}的 {other.where}，那一行还可能是别人。"


def _known(one: Iterable[Line], other: Iterable[Line], name: str) -> bool:
    """Whether both lists say this of anybody."""
    return all(any(getattr(line, name) for line in lines) for lines in (one, other))


def _grouped(lines: Iterable[tuple[str, Line]]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for key, line in lines:
        if key:
            found.setdefault(key, []).append(line)
    return found


def _may_be(one: Line, other: Line) -> bool:
    """Whether nothing that is known of both speaks against it that these two of one name are the same."""
    return (not one.place or not other.place or one.place == other.place) and fits(one.birth, other.birth)


# --- two files --------------------------------------------------------------------------------------------------------


def compare_files(one: Path, other: Path, out: Path, progress: Progress = unwatched) -> Report:
    """Compare two files and write what was found as one .xlsx. Raises Trouble, Reject, Denied."""
    must_be_xlsx(out)
    not_over(out, one, other)
    first, second = open_list(one, progress), open_list(other, progress)
    return report(first, second, out, progress)


def report(first: PeopleList, second: PeopleList, out: Path, progress: Progress = unwatched) -> Report:
    theirs = {column.key for column in second.columns}
    shared = [column for column in first.columns if column.key in theirs]
    found = compare(first.lines, second.lines, [column.key for column in shared])
    counts = found.counts()
    parts = tuple(_parts(first, second, found, shared))
    leave("export", f"两表比对（{first.name}、{second.name}）", counts["one"] + counts["other"],
          all_private((first, second)), Person.seen_by)  # fmt: skip
    write_parts(parts, out, progress)
    sentence = (
        f"{ONE} {counts['one']:,} 行，{OTHER} {counts['other']:,} 行：只在{ONE} {counts['only_one']:,} 行，"
        f"只在{OTHER} {counts['only_other']:,} 行，两表都有 {len(found.pairs):,} 人，"
        f"其中内容不同 {counts['different']:,} 人。"
    )
    notes = [f"{ONE}是 {first.name}，{OTHER}是 {second.name}。", *_notes(found), *first.notes, *second.notes]
    return Report(sentence, counts, notes, parts, [out], len(found.doubts))


def _notes(found: Comparison) -> list[str]:
    said = []
    if found.doubts:
        said.append(f"对不准 {len(found.doubts):,} 行，原因写在“对不准”一页，请自己看一眼。")
    by_name = [pair for pair in found.pairs if pair.by == "姓名"]
    if by_name:
        said.append(f"有 {len(by_name):,} 人两表都没有身份证号、行政村、出生日期可以对，只按姓名对上，请留意同名的人。")
    return said


def _parts(first: PeopleList, second: PeopleList, found: Comparison, shared: Sequence[ListColumn]) -> Iterable[Part]:
    yield of_lines(f"只在{ONE}", found.only_one, first.columns)
    yield of_lines(f"只在{OTHER}", found.only_other, second.columns)
    yield side_by_side("两表不同", found.differing, shared, (ONE, OTHER))
    if found.doubts:
        columns = {column.key: column for column in (*second.columns, *first.columns)}.values()
        told = [(ONE if doubt.in_one else OTHER, doubt.why) for doubt in found.doubts]
        yield of_lines("对不准", [doubt.line for doubt in found.doubts], list(columns), ("哪张表", "原因"), told)


def of_lines(
    title: str, lines: Sequence[Line], columns: Sequence[ListColumn], more: tuple[str, ...] = (),
    told: Sequence[tuple[Cell, ...]] = (), said: str = "",
) -> Part:  # fmt: skip
    """Lines as a table: `more` captions and what is `told` of each line stand before its own columns."""
    captions = (*more, "在原表", *(column.caption for column in columns))
    rows = [
        (*(told[at] if told else ()), line.where, *(written(line, column.key) for column in columns))
        for at, line in enumerate(lines)
    ]
    return Part(title, captions, rows, said=said)


def side_by_side(
    title: str, pairs: Sequence[Pair], shared: Sequence[ListColumn], names: tuple[str, str],
    where: Callable[[Line], str] = lambda line: line.where,
) -> Part:  # fmt: skip
    """Pairs with every column that differs in any of them: both values side by side, marked where they differ."""
    ever = {key for pair in pairs for key in pair.differing}
    columns = [column for column in shared if column.key in ever]
    one, other = names
    who = [ListColumn(NAME, "姓名"), ListColumn(ID_NUMBER, "身份证号"), ListColumn(VILLAGE, "行政村")]
    captions = [*(column.caption for column in who), "怎么对上的", f"在{one}", f"在{other}", "不同的项"]
    for column in columns:
        captions += [f"{column.caption}（{one}）", f"{column.caption}（{other}）"]
    rows, marked = [], set()
    called = {column.key: column.caption for column in shared}
    for at, pair in enumerate(pairs):
        row: list[Cell] = [
            pair.one.name or pair.other.name, pair.one.id_number or pair.other.id_number,
            pair.one.village or pair.other.village, pair.by, where(pair.one), where(pair.other),
            "、".join(called[key] for key in pair.differing),
        ]  # fmt: skip
        for column in columns:
            if column.key in pair.differing:
                marked |= {(at, len(row)), (at, len(row) + 1)}
            row += [written(pair.one, column.key), written(pair.other, column.key)]
        rows.append(tuple(row))
    return Part(title, tuple(captions), rows, frozenset(marked))
