"""What a caption says (列名的字面意思): of whom, what, and how near that is to what the words of a field say.

What a caption is about comes last: 存折户名 is a 户名, and 存折 weighs half there. A field that does not speak of what
the caption is about is far: 走访地点 is no 走访日期. Which words there are is the business of `ideas.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.sheets.ideas import HEAD, SUBJECT, Said, alike, is_kind, words_of

UPPER = 0.4  # what a word of a wider heading weighs beside one of the column's own
BEFORE, BEHIND, MOST = 0.4, 0.7, 3.0  # for each unexplained character, before the last word and behind it; all at most
MODIFIER, STRONG = 0.5, 1.0  # what a word weighs that only describes the one behind it; which one that can be
WEIGHTY = 0.4  # a last word that is worth less says not what the caption is about
APART = 0.75  # fields that do not speak of it
NAME, HOME, HIM, ASKED = "姓名", "户", "他", "是否"
ENTITIES = frozenset({"单位", "学校", "机构"})  # they have an address and a telephone themselves
VAIN = frozenset({"名称", "数量"})  # may be left out: 单位名称
OF_SOMEBODY = {"名称": NAME, "关系": "与人关系"}
NO_HEAD = re.compile("[谁哪啥几咋怎何]|什么|多少|[、/和及]")  # 在哪个单位做事, 单位和职务


@dataclass(frozen=True)
class Meaning:
    """What a caption says: of whom ("" for nobody in particular), which ideas with their worth, the worth of what is
    left over, what it is about ("" where it does not say), and whether it speaks of what no register keeps."""

    whose: str
    says: tuple[tuple[str, float], ...]
    rest: float = 0.0
    head: str = ""
    foreign: bool = False

    @property
    def worth(self) -> float:
        return sum(worth for _, worth in self.says) + self.rest

    @property
    def names(self) -> bool:
        """Whether it says the name of somebody."""
        return any(name == NAME for name, _ in self.says)


@lru_cache(maxsize=8192)
def meaning(levels: tuple[str, ...]) -> Meaning:
    """What the words over a column say together, the widest first. A person of whom nothing is said is his name."""
    if not levels:
        return Meaning("", ())
    own, *above = (words_of(level) for level in reversed(levels))
    says = _weighed(own, levels[-1])
    wider: dict[str, float] = {}
    for said in above:
        for name, worth in _weighed(said).items():
            wider[name] = max(wider.get(name, 0.0), worth)
    whose = next((name for name in map(_whose, (own, *above)) if name), "")
    rest = _rest(own) + UPPER * sum(map(_rest, above))
    named = bool(own.of_kind("what", "other"))
    if not named and wider and not rest:
        says, wider, named = {**wider, **says}, {}, True
    if not named and whose and ASKED not in says and (not own.behind or above):
        says[NAME] = 1.0  # 移民户主 is the head, whatever 移民 may mean
    _told_of(whose, says)
    for name, worth in wider.items():
        says.setdefault(name, worth * UPPER)
    about = "" if NO_HEAD.search(levels[-1]) else _about(own, says)
    return Meaning(whose, tuple(says.items()), min(rest, MOST), about, bool(own.of_kind("other")))


def _whose(said: Said) -> str:
    """Of whom a caption speaks: 党员户 of a household, 监护责任人 of the guardian."""
    people = said.of_kind("whose")
    if people and people[-1].name == HOME and said.ideas[-1] is people[-1]:
        return HOME
    return max(reversed(people), key=lambda idea: idea.worth).name if people else ""


def _rest(said: Said) -> float:
    """The worth of what is left over in a caption, and of what no register keeps."""
    return said.before * BEFORE + said.behind * BEHIND + sum(idea.worth for idea in said.of_kind("other"))


def _weighed(said: Said, text: str = "") -> dict[str, float]:
    """The ideas of a caption with their worth, in their order: half for what only describes a word behind it.

    Who stands last is named, as is who does it: 结对志愿者, 谁迁走了. 是否低保对象 asks something else.
    """
    whats, people = said.of_kind("what", "light"), said.of_kind("whose")
    last = bool(people) and said.ideas[-1] is people[-1] and people[-1].name != HOME and bool(said.of_kind("what"))
    person = (last or (text.startswith("谁") and not people)) and all(idea.name != ASKED for idea in whats)
    strong = [at for at, idea in enumerate(whats) if idea.kind == "what" and idea.worth >= STRONG]
    head = len(whats) if person else strong[-1] if strong else 0
    ends = any(is_kind(idea.name, "结束") for idea in whats)
    weighed: dict[str, float] = {}
    for at, idea in enumerate(whats):
        worth = idea.worth * (MODIFIER if at < head and idea.name not in ENTITIES else 1)
        worth *= MODIFIER if ends and is_kind(idea.name, "开始") else 1  # 派驻结束时间 is when it ends
        weighed[idea.name] = max(weighed.get(idea.name, 0.0), worth)
    return weighed | ({NAME: 1.0} if person else {})


def _told_of(whose: str, says: dict[str, float]) -> None:
    """儿童名 is a name, 监护人关系 the relation to the child, 老师号码 a telephone: put that into what is said."""
    if whose in ("", HOME, HIM):
        return
    for plain, exact in OF_SOMEBODY.items():
        if plain in says and (whose != HEAD or plain == "名称"):
            says[exact] = says.pop(plain)
    if set(says) in ({"编号"}, {"编号", "现"}) and whose != HEAD and not is_kind(whose, SUBJECT):
        says["电话"] = says["编号"]
        says["编号"] *= MODIFIER


def _about(said: Said, says: dict[str, float]) -> str:
    """What a caption is about: the last thing it says, if that says enough."""
    whats = said.of_kind("what")
    if list(says)[-1:] == [NAME]:
        return NAME
    last = whats[-1] if whats else None
    if last is None or last.worth < WEIGHTY or last.name in VAIN:
        return ""
    return last.name if last.name in says else OF_SOMEBODY.get(last.name, "")


def explained(text: str) -> bool:
    """Whether known words say something of a caption of more than one character, and leave nothing over."""
    return len(text) > 1 and words_of(text).whole


@lru_cache(maxsize=200_000)
def nearness(caption: Meaning, field: Meaning) -> float:
    """How much a caption says the same as words of a field, from 0 to 1, whoever it is said of."""
    if not caption.says or not field.says:
        return 0.0
    total, common = caption.worth + field.worth, 0.0
    left = dict(caption.says)
    for name, worth in sorted(field.says, key=lambda said: -said[1]):
        near, best = max(((alike(name, mine), mine) for mine in left), default=(0.0, ""))
        if near:
            common += near * (worth + left.pop(best)) / 2
    if caption.head and not any(alike(caption.head, name) for name, _ in field.says):
        common *= APART
    return 2 * common / total
