"""Files that villages returned, as one list (合并各村的表), with a report of what does not agree.

Every row that was read is merged, or says nothing else than one that is, or is refused with a reason. Of a person whom
two files tell of differently both rows stay, marked, until somebody decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.models.faults import Trouble
from app.models.people import Person
from app.models.progress import Progress, unwatched
from app.sheets.compare import Pair, compare, side_by_side
from app.sheets.lists import Line, ListColumn, PeopleList, all_private, open_list, written
from app.sheets.read import Cell
from app.sheets.report import Part, Report, must_be_xlsx, write_parts
from app.work.files import not_over
from app.work.outgoing import leave

ENDINGS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".csv", ".txt"})
FIRST, LATER = "先读到的", "后读到的"


@dataclass
class Merging:
    """What became of the lines. `said` is what to mind of a kept line, by its identity."""

    columns: list[ListColumn] = field(default_factory=list)
    kept: list[Line] = field(default_factory=list)
    base: list[Line] = field(default_factory=list)  # of those kept, what the next file is held to: each person once
    conflicts: list[Pair] = field(default_factory=list)
    repeated: list[tuple[Line, str]] = field(default_factory=list)  # of which nothing is lost, and why
    refused: list[tuple[Line, str]] = field(default_factory=list)
    doubts: int = 0
    said: dict[int, list[str]] = field(default_factory=dict)
    has: dict[int, frozenset[str]] = field(default_factory=dict)  # the columns of the file that a line is from

    def add(self, found: PeopleList) -> None:
        """Take the lines of one more file."""
        known, theirs = {column.key for column in self.columns}, frozenset(column.key for column in found.columns)
        self.columns += [column for column in found.columns if column.key not in known]
        self.has |= dict.fromkeys(map(id, found.lines), theirs)
        for lines in _apart(found.lines):
            self._take(lines, theirs)

    def _take(self, lines: Sequence[Line], theirs: frozenset[str]) -> None:
        compared = compare(self.base, lines, theirs)
        alone = {id(line) for line in compared.only_other}
        pairs = {id(pair.other): pair for pair in compared.pairs}
        doubts = {id(doubt.line): doubt.why for doubt in compared.doubts if not doubt.in_one}
        for line in lines:
            if id(line) in alone:
                self.base.append(line)
                self.kept.append(line)
            elif (pair := pairs.get(id(line))) is not None:
                self._same_person(pair)
            elif line.nobody:
                self.refused.append((line, line.nobody))
            else:
                self.doubts += 1
                self.base.append(line)
                self.kept.append(line)
                self._say(line, doubts[id(line)].replace("甲表", "前面的文件").replace("乙表", "这个文件"))

    def _same_person(self, pair: Pair) -> None:
        both = self.has[id(pair.one)]  # what only one of the files has is no contradiction
        pair = replace(pair, differing=tuple(key for key in pair.differing if key in both))
        if not pair.differing:
            self.repeated.append((pair.other, f"与 {pair.one.source} 相同，只留一份{self._take_over(pair)}。"))
            return
        self.conflicts.append(pair)
        self.kept.append(pair.other)
        if pair.other.id_number and not pair.one.id_number:
            self.base.append(pair.other)  # by his number the next file is held to him
        called = {column.key: column.caption for column in self.columns}
        differing = "、".join(called[key] for key in pair.differing)
        for line, twin in ((pair.one, pair.other), (pair.other, pair.one)):
            self._say(line, f"与 {twin.source} 是同一人，不同：{differing}。")

    def _take_over(self, pair: Pair) -> str:
        """Let the line that is kept say what only the other file has a column for; gives the words that tell it."""
        one, other = pair.one, pair.other
        more = [key for key, text in other.texts.items() if text and key not in self.has[id(one)]]
        for key in more:
            one.cells[key], one.texts[key] = other.cells[key], other.texts[key]
        self.has[id(one)] |= set(more)
        one.id_number, one.village = one.id_number or other.id_number, one.village or other.village
        one.birth, one.born = one.birth or other.birth, one.born or other.born
        called = {column.key: column.caption for column in self.columns}
        captions = "、".join(called[key] for key in more if key in called)
        return f"，它的{captions}并进了那一行" if captions else ""

    def _say(self, line: Line, sentence: str) -> None:
        self.said.setdefault(id(line), []).append(sentence)

    def faults(self, line: Line) -> list[str]:
        called = {column.key: column.caption for column in self.columns}
        return [f"{called.get(key, '')}：{sentence}" for key, sentence in line.faults.items()]


def _apart(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of one file in layers, so that nobody stands in a layer twice."""
    layers: list[list[Line]] = []
    seen: list[tuple[set[str], dict[tuple[str, str, str], bool]]] = []
    for line in lines:
        weak = (line.name, line.place, str(line.birth or ""))
        at = 0
        while at < len(layers):
            numbers, names = seen[at]
            twin = names.get(weak) if all(weak) else None  # whether one of that name stands there, and has a number
            if line.id_number not in numbers and (twin is None or (twin and line.id_number)):
                break
            at += 1
        if at == len(layers):
            layers.append([])
            seen.append((set(), {}))
        layers[at].append(line)
        if line.id_number:
            seen[at][0].add(line.id_number)
        seen[at][1][weak] = seen[at][1].get(weak, True) and bool(line.id_number)
    return layers


def files_in(places: Sequence[Path], out: Path, progress: Progress = unwatched) -> list[Path]:
    """The spreadsheets meant by files and folders, in order of their names. Trouble where there are none."""
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            inside = []
            for number, path in enumerate(place.rglob("*")):
                progress(number, number, f"查看文件夹 {place.name}")  # which may be a whole disk
                if path.suffix.lower() in ENDINGS and path.is_file():
                    inside.append(path)
            found += sorted(path for path in inside if not path.name.startswith(("~$", ".")))
        else:
            found.append(place)
    found = [path for path in dict.fromkeys(found) if path.absolute() != out.absolute()]
    if not found:
        raise Trouble("文件夹里没有表格，请检查是不是选错了文件夹。")
    return found


def merge_files(places: Sequence[Path], out: Path, progress: Progress = unwatched) -> Report:
    """Merge files, or those of folders, into one .xlsx with its report. Raises Trouble, Reject, Denied."""
    must_be_xlsx(out)
    not_over(out, *places)
    paths = files_in(places, out, progress)
    lists, unread = [], []
    for path in paths:
        try:
            lists.append(open_list(path, progress))
        except Trouble as error:
            unread.append(str(error))
    if not lists:
        raise Trouble("".join(unread))
    merging = Merging()
    for number, found in enumerate(lists):
        progress(number, len(lists), f"合并 {found.name}")
        merging.add(found)
    read = sum(len(found.lines) for found in lists)
    leave("export", f"合并 {len(lists):,} 个文件", read, all_private(lists), Person.seen_by)
    parts = tuple(_parts(merging))
    write_parts(parts, out, progress)
    return _report(merging, lists, unread, parts, out)


def _report(
    merging: Merging, lists: Sequence[PeopleList], unread: list[str], parts: tuple[Part, ...], out: Path
) -> Report:
    faults = sum(bool(line.faults) for line in merging.kept)
    counts = {
        "files": len(lists), "unread": len(unread), "read": sum(len(found.lines) for found in lists),
        "merged": len(merging.kept), "repeated": len(merging.repeated), "left_out": len(merging.refused),
        "conflicts": len(merging.conflicts), "doubtful": merging.doubts, "faults": faults,
    }  # fmt: skip
    said = (
        f"{counts['files']:,} 个文件 {counts['read']:,} 行，合并成 {counts['merged']:,} 行，"
        f"重复的 {counts['repeated']:,} 行，退回 {counts['left_out']:,} 行；"
        f"同一人内容不同 {counts['conflicts']:,} 处，可能是同一人 {counts['doubtful']:,} 行，"
        f"有格子读不懂 {counts['faults']:,} 行。"
    )
    notes = unread + [f"{found.name}：{len(found.lines):,} 行。" for found in lists]
    notes += [note for found in lists for note in found.notes]
    wrong = sum(counts[name] for name in ("unread", "left_out", "conflicts", "doubtful", "faults"))
    return Report(said, counts, notes, parts, [out], wrong)


def _parts(merging: Merging) -> Iterable[Part]:
    columns = merging.columns
    rows: list[tuple[Cell, ...]] = []
    marked = set()
    for at, line in enumerate(merging.kept):
        said = "".join([*merging.said.get(id(line), ()), *merging.faults(line)])
        rows.append((at + 1, *(written(line, column.key) for column in columns), line.source, said))
        if said:
            marked |= {(at, place) for place in range(1, len(columns) + 3)}
    captions = ("序号", *(column.caption for column in columns), "来源", "说明")
    yield Part("合并", captions, rows, frozenset(marked))
    if merging.conflicts:
        names = (FIRST, LATER)
        yield side_by_side("同一人内容不同", merging.conflicts, columns, names, lambda line: line.source)
    if left := merging.repeated + merging.refused:
        told = [(line.source, why, *(written(line, column.key) for column in columns)) for line, why in left]
        yield Part("没有合并的行", ("来源", "原因", *(column.caption for column in columns)), told)
