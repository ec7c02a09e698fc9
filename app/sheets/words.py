"""What a caption says, word by word (列名的字面意思): of whom, what, and what nobody explains.

现由谁监护, 监护人 and 监护人/姓名 say the same: the name of the guardian. So a caption is cut into words that are
known, the longest first, and each word stands for an idea; an office may add words to
`resources/codes/caption_words.csv`:

    whose    of whom the column speaks; the last one counts, and the innermost of merged headings
    what     what it says of him; an idea `of` another is a kind of it (迁出 is a kind of 离开, that of 结束)
    light    adds a little and names nothing by itself (现, 是否)
    empty    says nothing (所在, 什么); 的 is left out everywhere

`worth` is how much an idea weighs beside the others: 电话 tells columns apart, 日期 hardly.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from app.sheets.captions import bare

UPPER = 0.4  # what a word of a wider heading weighs beside one of the column's own
UNKNOWN = 0.7  # for each character that no word explains
NAME, SUBJECT, HEAD, HOME = "姓名", "本人", "户主", "户"
_OF_SOMEBODY = {"名称": NAME, "关系": "与人关系"}
RELATION = re.compile(
    r"(?:与|和|跟|同)([^与和跟同]{1,8}?)(?:之间|之|间|是|什么|啥|何种|何)*(?:关系|称谓)|是([^是]{1,6}?)(?:什么人|什么亲戚)")
ANYBODY = re.compile(r"[㐀-鿿]{1,6}?(?:人员|人口|对象|人|者)(?=姓名|名字|身份证|公民身份|证件)")


@dataclass(frozen=True)
class Idea:
    """What a word stands for."""

    kind: str
    name: str
    of: str
    worth: float


@dataclass(frozen=True)
class Meaning:
    """What a caption says: of whom ("" for nobody in particular), which ideas with their worth, and the worth of the
    characters that are left over."""

    whose: str
    says: tuple[tuple[str, float], ...]
    rest: float = 0.0

    @property
    def worth(self) -> float:
        return sum(worth for _, worth in self.says) + self.rest


@cache
def ideas() -> dict[str, Idea]:
    """Every known word and what it stands for. From resources/codes/caption_words.csv."""
    home = Path(__file__).resolve().parents[2] / "resources" / "codes" / "caption_words.csv"
    found: dict[str, Idea] = {}
    with home.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            idea = Idea(line["kind"], line["name"], line["of"], float(line["worth"]))
            for word in line["words"].split("|"):
                found.setdefault(word.replace("的", ""), idea)
    return found


@cache
def _kinds() -> dict[str, str]:
    return {"某人": SUBJECT} | {idea.name: idea.of for idea in ideas().values() if idea.of}


@cache
def _cut() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(ideas(), key=len, reverse=True)))


def is_kind(name: str, of: str) -> bool:
    """Whether an idea is another or a kind of it."""
    while name and name != of:
        name = _kinds().get(name, "")
    return bool(name)


def alike(one: str, other: str) -> float:
    """How near two ideas are: the same 1, one a kind of the other 0.9, both kinds of a beginning or an end 0.7."""
    if one == other:
        return 1.0
    if is_kind(one, other) or is_kind(other, one):
        return 0.9
    return 0.7 if any(is_kind(one, end) and is_kind(other, end) for end in ("开始", "结束")) else 0.0


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[tuple[Idea, ...], int]:
    """The ideas of one caption in their order, and how many characters nothing explains."""
    text = (re.sub(r"[\d_/.,，、()-]+$", "", bare(text)) or bare(text)).replace("的", "")
    found: list[Idea] = []

    def relation(match: re.Match[str]) -> str:
        told = [idea for idea in words_of(match[1] or match[2])[0] if idea.kind == "whose"]
        to = told[-1].name if told else ""
        found.append(Idea("what", "与户主关系" if to in (HEAD, "申请人") else "与人关系", "", 1.0))
        if to and not is_kind(to, SUBJECT) and to != HEAD:
            found.append(told[-1])  # 与联系人关系 is told of him
        return ""

    text = RELATION.sub(relation, text)
    cut = [ideas()[match[0]] for match in _cut().finditer(text)]
    left = re.sub(r"[\W\d_]+", "", _cut().sub("", text))
    if left and not any(idea.kind == "whose" for idea in cut) and (somebody := ANYBODY.match(text)):
        rest, left = words_of(text[somebody.end():])[0], ""
        cut = [Idea("whose", "某人", SUBJECT, 1.0), *rest]  # 参合人姓名: whoever that is
    return (*cut, *found), len(left)


@lru_cache(maxsize=8192)
def meaning(levels: tuple[str, ...]) -> Meaning:
    """What the words over a column say together, the widest first. A person of whom nothing is said is his name."""
    whose = ""
    says: dict[str, float] = {}
    wider: dict[str, float] = {}
    rest, named = 0.0, False
    for depth, level in enumerate(reversed(levels)):
        found, left = words_of(level)
        people = [idea.name for idea in found if idea.kind == "whose"]
        if not whose and people:
            whose = next((name for name in reversed(people) if name != HOME), HOME)
        for idea in found:
            if idea.kind in ("what", "light"):
                into = wider if depth else says
                into[idea.name] = max(into.get(idea.name, 0.0), idea.worth)
                named = named or (idea.kind == "what" and not depth)
        rest += left * UNKNOWN * (UPPER if depth else 1)
    if not named and wider and not rest:
        says, wider, named = {**wider, **says}, {}, True
    if not named and whose and (not rest or len(levels) > 1):
        says[NAME] = 1.0
    for plain, exact in _OF_SOMEBODY.items() if whose not in ("", HEAD, HOME, "他") else ():
        if plain in says:  # 儿童名 is a name, 监护人/关系 the relation to the child
            says[exact] = says.pop(plain)
    for name, worth in wider.items():
        says.setdefault(name, worth * UPPER)
    return Meaning(whose, tuple(says.items()), min(rest, 2.0))


def explained(text: str) -> bool:
    """Whether known words say something of a text and leave nothing over."""
    found, left = words_of(text)
    return not left and len(text) > 1 and any(idea.kind in ("what", "whose") for idea in found)


@lru_cache(maxsize=200_000)
def nearness(one: Meaning, other: Meaning) -> float:
    """How much two captions say the same, from 0 to 1, whoever it is said of."""
    total, common = one.worth + other.worth, 0.0
    if not total or not one.says or not other.says:
        return 0.0
    left = dict(one.says)
    for name, worth in sorted(other.says, key=lambda said: -said[1]):
        near, best = max(((alike(name, mine), mine) for mine in left), default=(0.0, ""))
        if near:
            common += near * (worth + left.pop(best)) / 2
    return 2 * common / total
