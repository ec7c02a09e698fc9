"""What the cells of a column say where its caption says too little (看内容认列): a telephone, a village, a name.

The field that alone can hold such cells, among those of him whom the caption speaks of. Where it speaks of nobody, only
cells that are unmistakable count: numbers, codes, places, and names in a list that has none yet. So do the values
between which a caption lets choose. What is found so is always in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.sheets.captions import Caption, choices
from app.sheets.evidence import FOR, are_people
from app.sheets.ideas import HEAD, SUBJECT, is_kind
from app.sheets.readings import Fields, Reading
from app.sheets.words import HOME, NAME, Meaning, meaning

SEEN, OFFERED = 0.6, 0.75  # what cells alone are worth, and values that the caption itself names
VAGUE, HARDLY = 0.8, 0.4  # 类别, 属性: ideas that are worth less say too little; those that say almost nothing
HIS = 0.8  # how well the person must fit
TIE = 0.01


def seen(fields: Fields, words: Sequence[str], cells: Sequence[Any], before: str) -> list[Reading]:
    """The field that the cells show, if it is one; `before` is of whom the columns before spoke."""
    said, offered = meaning(tuple(words)), choices(words[-1])
    if not cells or said.foreign or all(_is_small(cell) for cell in cells):
        return []
    found: list[tuple[float, Reading]] = []
    for caption in fields.captions:
        his = fields.person(said.whose, fields.whose(caption), caption, before)
        if his >= HIS and _shows(caption, cells, offered, said, fields):
            worth, why = OFFERED if offered else SEEN, f"下面的内容像“{caption.names[0]}”"
            found.append((his + caption.near, Reading(caption, worth, why, False, worth)))
    found.sort(key=lambda one: -one[0])
    if len(found) > 1 and found[0][0] - found[1][0] < TIE:
        return []
    return [found[0][1]] if found else _only_of(fields, said)


def _shows(caption: Caption, cells: Sequence[Any], offered: Sequence[str], said: Meaning, fields: Fields) -> bool:
    """Whether cells under these words can only be what a field holds."""
    vague = said.rest > 0 or bool(offered) or all(worth < VAGUE for _, worth in said.says)
    if caption.fits and (_of_other(said, fields) or (caption.telling and vague)):
        return caption.fits(cells) > 0 or (bool(offered) and caption.fits(offered) >= FOR)
    silent = all(worth < HARDLY or name == NAME for name, worth in said.says)
    return silent and fields.named(caption.path) and are_people(cells)


def _of_other(said: Meaning, fields: Fields) -> bool:
    """Whether words speak of somebody else than whom the rows are about."""
    return said.whose not in ("", HOME, HEAD, *fields.selves) and not is_kind(said.whose, SUBJECT)


def _only_of(fields: Fields, said: Meaning) -> list[Reading]:
    """What is told of somebody whose name nobody keeps: 父, under 父母状况."""
    if not _of_other(said, fields) or said.says != ((NAME, 1.0),):
        return []
    his = [caption for caption in fields.captions if fields.whose(caption) == said.whose]
    if not his or any(caption.person for caption in his):
        return []
    return [Reading(his[0], SEEN, f"“{said.whose}”在这里只有“{his[0].names[0]}”", False, SEEN)]


def _is_small(cell: Any) -> bool:
    """Whether a cell is a number that says nothing, and no code."""
    text = str(cell).strip()
    return text.isdecimal() and len(text) < 7
