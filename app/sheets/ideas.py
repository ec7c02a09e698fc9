"""The words that captions are made of, and a caption cut into them (列名的字与词).

现由谁监护, 监护人 and 监护人姓名 say the same. So a caption is cut into known words, as few characters left over as can
be, then as few words as can be; each word stands for an idea. An office may add words to
`resources/codes/caption_words.csv`:

    whose    of whom the column speaks; the weightiest counts, of several the last
    what     what it says of him; an idea `of` another is a kind of it (迁出 is a kind of 离开, that of 结束)
    light    adds a little and names nothing by itself (现, 是否)
    other    what no register keeps (工资, 照片); it speaks against every field
    empty    says nothing (所在, 什么); 的 is left out everywhere

`worth` is how much an idea weighs beside the others: 电话 tells columns apart, 日期 hardly. A word may be a pattern:
(照料、照顾)(人、者) is four words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

from app.sheets.captions import bare

SUBJECT, HEAD = "本人", "户主"
TO_HEAD, TO_SOMEBODY = "与户主关系", "与人关系"
RELATION = re.compile(
    r"(?:(?<!参)与|和|跟|(?<![共协会])同)([^与和跟同]{1,8}?)(?:之间|之|间|是|系|属|什么|啥|何种|何)*(?:关系|称谓|系$|$)"
    r"|(?<![不联关是])[是系](?!否)([^是系]{1,6}?)(?:什么人|什么亲戚|何人|谁|哪个)?$")
UNIT = re.compile(r"/(?:万?元|人|户|个|件|亩|岁|次|月|年|天|平方米|m2|%).{0,3}$")
SECOND = re.compile(r"[^\d第]2$")
NUMBERED = re.compile(r"[\d_/.,，、()-]+$")
ACTORS = frozenset({"经办人", "走访人", "帮扶人"})  # who does what another (被评估人) is done to
PASSIVE = re.compile(r"[被受][㐀-鿿]{1,4}?(?:人员|对象|人|者|户主|户)")
ANYBODY = re.compile(r"[㐀-鿿]{1,6}?(?:人员|人口|对象|人|者)(?=姓名|名字|身份证|公民身份|证件)")


@dataclass(frozen=True)
class Idea:
    """What a word stands for."""

    kind: str
    name: str
    of: str
    worth: float


SOMEBODY = Idea("whose", "某人", SUBJECT, 0.5)  # whoever that is: 参合人, 被评估人


@dataclass(frozen=True)
class Said:
    """The ideas of one caption in their order, and how many characters no word explains: before the last idea that is
    of somebody or something, and behind it."""

    ideas: tuple[Idea, ...]
    before: int = 0
    behind: int = 0

    def of_kind(self, *kinds: str) -> list[Idea]:
        """Its ideas of some kinds, in their order."""
        return [idea for idea in self.ideas if idea.kind in kinds]

    @property
    def whole(self) -> bool:
        """Whether it says something and leaves nothing over."""
        return bool(self.of_kind("what", "whose", "other")) and not self.before and not self.behind


@cache
def ideas() -> dict[str, Idea]:
    """Every known word and what it stands for. From resources/codes/caption_words.csv."""
    home = Path(__file__).resolve().parents[2] / "resources" / "codes" / "caption_words.csv"
    found: dict[str, Idea] = {}
    with home.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            idea = Idea(line["kind"], line["name"], line["of"], float(line["worth"]))
            for word in line["words"].split("|"):
                for spelled in _spelled(word.replace("的", "")):
                    found.setdefault(spelled, idea)
    return found


def _spelled(pattern: str) -> Iterable[str]:
    """The words that a pattern stands for: (照料、照顾)(人、者) is four, 电话 is one."""
    parts = re.split("[()]", pattern)
    return map("".join, product(*(part.split("、") if n % 2 else [part] for n, part in enumerate(parts))))


@cache
def _longest() -> int:
    return max(map(len, ideas()))


@cache
def _kinds() -> dict[str, str]:
    return {SOMEBODY.name: SUBJECT} | {idea.name: idea.of for idea in ideas().values() if idea.of}


def is_kind(name: str, of: str) -> bool:
    """Whether an idea is another or a kind of it."""
    while name and name != of:
        name = _kinds().get(name, "")
    return bool(name)


def alike(one: str, other: str) -> float:
    """How near two ideas are: the same 1, one a kind of the other 0.9, both kinds of a beginning or an end 0.2."""
    if one == other:
        return 1.0
    if is_kind(one, other) or is_kind(other, one):
        return 0.9
    return 0.2 if any(is_kind(one, end) and is_kind(other, end) for end in ("开始", "结束")) else 0.0


@lru_cache(maxsize=8192)
def words_of(text: str) -> Said:
    """What one caption says."""
    text = UNIT.sub("", bare(text))
    text = f"第二{text}" if SECOND.search(text) else text  # 手机2
    text = (NUMBERED.sub("", text) or text).replace("的", "")
    relation = next((found for found in RELATION.finditer(text) if _asks(found)), None)
    told = _relation(relation[1] or relation[2]) if relation else []
    cut = _with_anybody(text) if relation is None else _cut(text[:relation.start()] + text[relation.end():])
    named = [at for at, idea in enumerate(cut) if idea and idea.kind in ("whose", "what", "other")]
    last = named[-1] if named and not told else len(cut)
    return Said((*filter(None, cut), *told), cut[:last].count(None), cut[last:].count(None))


def _asks(relation: re.Match[str]) -> bool:
    """Whether a relation is asked for: 是学生的 does so, 是汉族 and 参与人员 do not."""
    to = relation[1] or relation[2]
    return not relation[0].endswith(to) or (to in ideas() and ideas()[to].kind == "whose")


def _relation(to: str) -> list[Idea]:
    """The relation to somebody; that to a contact (与联系人关系) is told of him."""
    told = words_of(to).of_kind("whose")[-1:]
    name = told[0].name if told else ""
    others = [] if not name or is_kind(name, SUBJECT) or name == HEAD else told
    return [*others, Idea("what", TO_HEAD if name in (HEAD, "申请人") else TO_SOMEBODY, "", 1.0)]


def _with_anybody(text: str) -> list[Idea | None]:
    """The ideas of a text, with somebody where it speaks of a person whom no word names: 被评估人, 体检人."""
    cut = _cut(text)
    people = {idea.name for idea in cut if idea and idea.kind == "whose"}
    if people <= ACTORS and (passive := PASSIVE.search(text)):
        return [*_cut(text[:passive.start()]), SOMEBODY, *_cut(text[passive.end():])]
    if people:
        return cut
    strange = any(idea is None or idea.kind == "other" for idea in cut)
    if strange and (anybody := ANYBODY.match(text)):
        return [SOMEBODY, *_cut(text[anybody.end():])]
    if text.endswith("人") and cut[-1] and cut[-1].kind == "empty":
        return [*(idea for idea in cut[:-1] if idea and idea.kind != "other"), SOMEBODY]
    return cut


def _cut(text: str) -> list[Idea | None]:
    """The ideas of a text, None for each character that no word explains."""
    known, longest = ideas(), _longest()
    best: list[tuple[int, int, int, Idea | None]] = [(0, 0, 0, None)]  # up to each place: unknown, words, start, idea
    for end in range(1, len(text) + 1):
        unknown, words = best[end - 1][:2]
        strange = text[end - 1].isalpha() and not text[end - 1].isascii()
        ways: list[tuple[int, int, int, Idea | None]] = [(unknown + strange, words + 1, end - 1, None)]
        for start in range(max(0, end - longest), end):
            if idea := known.get(text[start:end]):
                ways.append((best[start][0], best[start][1] + 1, start, idea))
        best.append(min(ways, key=lambda way: way[:3]))
    return _path(best)


def _path(best: Sequence[tuple[int, int, int, Idea | None]]) -> list[Idea | None]:
    """The ideas on the best way to the end."""
    cut: list[Idea | None] = []
    end = len(best) - 1
    while end:
        unknown, _, start, idea = best[end]
        if idea or unknown > best[start][0]:
            cut.append(idea)
        end = start
    return cut[::-1]
