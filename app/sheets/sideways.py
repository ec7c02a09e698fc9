"""Persons laid out sideways (横排): 姓名 身份证号 姓名 身份证号 under one row are two persons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.sheets.captions import bare
from app.sheets.words import HEAD, HOME, NAME, SUBJECT, is_kind, meaning, words_of

Words = Mapping[int, tuple[str, ...]]  # column → what stands over it, the widest first


def sideways(words: Words) -> dict[int, str]:
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


def _are_persons(words: Words, groups: Sequence[Sequence[int]]) -> bool:
    """Whether groups of columns are members of a household: they have names, and none is somebody in particular."""
    whose = [meaning(words[group[0]]).whose for group in groups]
    told = [idea.name for c in groups[0] for idea in words_of(words[c][-1])[0]]
    return NAME in told and all(
        not name or name == HOME or is_kind(name, SUBJECT) or (name == HEAD and not at) for at, name in enumerate(whose)
    )


def _numbered(
    words: Words, before: Sequence[int], groups: Sequence[Sequence[int]]
) -> dict[int, str]:
    """The first group is the row's own person, unless he stands before it."""
    spoken = [meaning(words[c]) for c in before]
    named = any(NAME in dict(said.says) and said.whose in ("", HEAD) for said in spoken)
    return {c: str(n + named) if n + named else "" for n, group in enumerate(groups) for c in group}
