"""Persons laid out sideways (横排): 姓名 身份证号 姓名 身份证号 under one row are two persons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.sheets.captions import bare
from app.sheets.ideas import HEAD, SUBJECT, is_kind
from app.sheets.words import HOME, NAME, meaning

Words = Mapping[int, tuple[str, ...]]  # column → what stands over it, the widest first
RELATIVES = ("配偶", "子女", "父亲", "母亲")  # who may stand beside the head: 户主, 配偶, 第一个孩子
WIDEST = 12  # columns of one member


def sideways(words: Words) -> dict[int, str]:
    """Columns of persons laid out sideways → which person: 姓名 身份证号 姓名 身份证号 is two of them.

    The same captions in the same order stand over each of them, a name or an ID number among them.
    """
    order = [c for c in words if words[c]]
    own = {c: unnumbered(words[c][-1]) for c in order}
    found: list[tuple[bool, int, int, list[list[int]]]] = []
    for size in range(2, min(len(order) // 2, WIDEST) + 1):
        for at in range(len(order) - 2 * size + 1):
            first = [own[c] for c in order[at:at + size]]
            count = 1
            while [own[c] for c in order[at + count * size:at + (count + 1) * size]] == first:
                count += 1
            groups = [order[at + n * size:at + (n + 1) * size] for n in range(count)]
            if count > 1 and len(set(first)) == size and _are_persons(words, groups):
                found.append((not _names(words[groups[0][0]]), -count, at, groups))
    if not found:
        return {}
    _, _, at, groups = min(found)  # they begin with a name, if any do, and are as many as can be
    return _numbered(words, order[:at], groups)


def unnumbered(text: str) -> str:
    """A caption without the number of the member: 成员二姓名, 姓名2."""
    return re.sub(r"(?<=[员人口])[一二三四五六七八九十]+|\d", "", bare(text))


def _names(levels: Sequence[str]) -> bool:
    """Whether the words over a column are of a name."""
    return NAME in dict(meaning((unnumbered(levels[-1]),)).says)


def _are_persons(words: Words, groups: Sequence[Sequence[int]]) -> bool:
    """Whether groups of columns are members of a household: they have names, and none is somebody in particular."""
    whose = [meaning((*words[group[0]][:-1], unnumbered(words[group[0]][-1]))).whose for group in groups]
    if not any(_names(words[c]) for c in groups[0]):
        return False
    return (len(set(whose)) == 1 and whose[0] not in RELATIVES) or all(
        not name or name in (HOME, *RELATIVES) or is_kind(name, SUBJECT) or (name == HEAD and not at)
        for at, name in enumerate(whose)
    )


def _numbered(words: Words, before: Sequence[int], groups: Sequence[Sequence[int]]) -> dict[int, str]:
    """The first group is the row's own person, unless he stands before it."""
    spoken = [meaning(words[c]) for c in before]
    named = any(NAME in dict(said.says) and said.whose in ("", HEAD) for said in spoken)
    return {c: str(n + named) if n + named else "" for n, group in enumerate(groups) for c in group}
