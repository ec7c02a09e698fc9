"""What clerks write over a column, and which field it means (列名与同义词).

The words are data: `resources/codes/captions.csv`. A caption is compared without blanks, stars, numbering and the unit
in brackets; what is left over after the exact words is compared by likeness, and then only cautiously, because
父亲电话 and 母亲电话 differ in one character and mean two telephones.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from app.models.words import initials

LIKENESS = 80.0  # of 100; five characters with one wrong
SUBJECT = re.compile(r"^(?:老人|儿童|残疾人|救助对象|对象|享受人员?|申请人|本人|学生|孤儿|受益人|困难群众)(?=..)")
OTHERS = re.compile(
    "户主|父|母|监护|照料|照管|领款|收款|领取|代领|代办|受托|委托|帮扶|结对|联系人|紧急|网格|子女|配偶|经办|班主任|干部|包抓"
    "|成员|户名|开户|年月|起|始|止|停|上|下|应|实|户籍|现|有|无|非|不|否"
)
NUMBERING = re.compile(r"^(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、]|\([\d一二三四五六七八九十]{1,2}\)[.、]?)")
DATED = re.compile(r"(?:19|20)\d\d年?(?:\d{1,2}月份?)?|\d{1,2}月份?")  # what changes in a form from month to month
CHOICE = re.compile(r"[/、,，;；|]|还是|或者|或")
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


@dataclass(frozen=True)
class Caption:
    """A field that a column may mean: its path, and what it may be called, the label first.

    Without `kept` it is known, so that its column is not taken for another, and not filled. `near` is what the
    ledger adds for what it shows. `of` is whom it speaks of where its label does not say (户, 帮扶人). `short` is what
    it is called where the subject is plain (残疾等级: 等级). `fits` gives how well cells suit it: above 0 for it, below
    against; where it is `telling`, nothing else looks like those cells (ID numbers). `person` fields hold a name. A
    `literal` one is known by its words, not by what they might mean: 序号, and an office's own columns (自设项目).
    """

    path: str
    names: tuple[str, ...]
    kept: bool = True
    near: float = 0.0
    of: str = ""
    short: tuple[str, ...] = ()
    telling: bool = False
    person: bool = False
    literal: bool = False
    fits: Callable[[Sequence[Any]], float] | None = None


@dataclass(frozen=True)
class Match:
    """A field for a column: score 0 to 1 (1 the label itself), which words matched, and a Chinese sentence why."""

    path: str
    score: float
    key: str
    why: str


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """The label of a fact → what else clerks call it. From resources/codes/captions.csv."""
    return {line["name"]: tuple(word for word in line["synonyms"].split("|") if word) for line in _lines()}


@cache
def also() -> dict[str, tuple[str, ...]]:
    """The label of a fact → the groups of synonyms whose words mean it too."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _lines():
        for label in filter(None, line["also"].split("|")):
            found[label] = (*found.get(label, ()), line["name"])
    return found


@cache
def _lines() -> list[dict[str, str]]:
    home = Path(__file__).resolve().parents[2] / "resources" / "codes" / "captions.csv"
    with home.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A caption as it is compared: half-width, without blanks, stars, numbering and closing colon; 帐 is 账."""
    text = unicodedata.normalize("NFKC", text).replace("_x000D_", "")
    text = "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")
    text = NUMBERING.sub("", re.sub(r"[*※★☆▲#]", "", text).replace("帐", "账"))
    return text.rstrip(":：。")


def bare(text: str) -> str:
    """A plain caption without what stands in brackets, which is mostly a unit: 金额(元) → 金额."""
    return BRACKETS.sub("", plain(text)) or plain(text)


def undated(text: str) -> str:
    """A plain caption without year and month: 2026年10月金额 → 金额, by which next month's column is known again."""
    return DATED.sub("", plain(text)) or plain(text)


def asides(text: str) -> list[str]:
    """What stands in brackets in a caption: 小区（组） → 组."""
    return [found[1:-1] for found in BRACKETS.findall(plain(text))]


def choices(text: str) -> list[str]:
    """The values between which a caption lets choose: 集中/分散, 类别(孤儿、事孤); none where it names only one."""
    for part in (*asides(text), plain(text)):
        found = [word for word in CHOICE.split(part) if word]
        if len(found) > 1 and all(len(word) < 8 for word in found):
            return found
    return []


class Lexicon:
    """Fields by every word they may be called."""

    def __init__(self, captions: Sequence[Caption]) -> None:
        self.words: dict[str, dict[str, tuple[float, str]]] = {}  # word → path → (score, label)
        for caption in captions:
            for place, name in enumerate((*caption.names, *caption.short)):
                worth = 1.0 if place == 0 else 0.97
                for key, score in ((plain(name), worth), (bare(name), worth - 0.01)):
                    known = self.words.setdefault(key, {})
                    if score > known.get(caption.path, (0.0, ""))[0]:
                        known[caption.path] = score, caption.names[0]

    def exact(self, text: str) -> list[Match]:
        """Fields whose word the text is, apart from blanks, stars, brackets and the subject (老人姓名 is 姓名)."""
        found: dict[str, Match] = {}
        for key, off in ((plain(text), 0.0), (bare(text), 0.01), (SUBJECT.sub("", bare(text)), 0.08)):
            if found:
                break
            for path, (score, label) in self.words.get(key, {}).items():
                why = f"列名就是“{label}”" if key == plain(label) else f"“{plain(text)}”是“{label}”的另一种写法"
                found[path] = Match(path, score - off, key, why)
        return list(found.values())

    def alike(self, text: str) -> list[Match]:
        """Fields whose word is written almost like the text. None where they differ in whom or when they speak of.

        A word that sounds the same is one that was typed wrongly: 姓明 is 姓名.
        """
        from rapidfuzz import fuzz

        key = bare(text)
        found: dict[str, Match] = {}
        if len(key) < 2 or len(key) > 20:
            return []
        whose = set(OTHERS.findall(key))
        for word, paths in self.words.items():
            ratio = fuzz.ratio(key, word)
            sounds = len(key) == len(word) and ratio >= 50 and initials(key) == initials(word)
            if not sounds and (ratio < LIKENESS or len(key) < 4 or len(word) < 4):
                continue
            if set(OTHERS.findall(word)) != whose:
                continue
            ratio = max(ratio, LIKENESS)
            for path, (_, label) in paths.items():
                score = 0.6 + 0.25 * (ratio - LIKENESS) / (100 - LIKENESS)
                why = f"“{plain(text)}”与“{word}”相近（{ratio:.0f}%），当作“{label}”，请核对"
                if path not in found or score > found[path].score:
                    found[path] = Match(path, score, key, why)
        return list(found.values())
