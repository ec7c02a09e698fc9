"""Which fields the words over a column may mean (列名与字段), each with a score and a reason.

    the words are those of the field, or of its synonyms        0.97 to 1    (`Lexicon.exact`)
    the words mean the same (`words.meaning`, `nearness`)       up to 0.93
    the words are written almost the same (`Lexicon.alike`)     up to 0.85
    times how well the person fits, of whom the caption speaks  0 to 1       (`Fields.person`)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from app.sheets.captions import CHOICE, Caption, Lexicon, asides, bare, plain
from app.sheets.ideas import HEAD, SUBJECT, alike, is_kind, words_of
from app.sheets.words import HIM, HOME, NAME, Meaning, meaning, nearness

MEANT = 0.93  # words that mean the same, beside 1 for the label itself
FAR = 0.4  # what is farther is not looked at
BESIDE, INSTEAD = 0.95, 0.7  # what is only said in brackets, with the words before them and without
MODIFIERS = ("第二", "原")  # 备用, 原
LOOSE = 0.5  # a synonym whose words are farther than that from the label's
ALONE = 0.05  # off where a column's own word is read without the wider ones above it
# whom one list calls this and another that
OFTEN_THE_SAME = {("监护人", "照料人"), ("照料人", "监护人"), ("联系人", "帮扶人"), ("子女", "联系人"),
                  ("班主任", "帮扶人"), ("负责人", "帮扶人")}


@dataclass(frozen=True, slots=True)
class Reading:
    """A field for a column. `words` is what its words are worth, `score` what everything is; `exact` are words of the
    field's own, `loose` ones that say by themselves something else or less than its label (去向 for 务工地); `against`
    says that the cells do not look like it.
    """

    caption: Caption
    words: float
    why: str
    exact: bool
    score: float = 0.0
    against: bool = False
    loose: bool = False


class Fields:
    """The fields that a list may fill, ready to be compared. `selves` are the ideas of whom the rows are about."""

    def __init__(self, captions: Sequence[Caption], selves: Collection[str] = ()) -> None:
        self.captions, self.selves = captions, frozenset(selves)
        self.lexicon = Lexicon(captions)
        self.by_path = {caption.path: caption for caption in captions}
        self.means = {caption.path: _meanings(caption) for caption in captions}
        self.tells_members = any(path.startswith("household.") for path in self.by_path)
        self._found: dict[tuple[tuple[str, ...], str], list[Reading]] = {}

    def about(self, others: str) -> Fields:
        """The same for a list that is about others, so that nothing is told of them besides."""
        left = [caption for caption in self.captions if self.whose(caption) != others]
        return Fields(left, self.selves | {others})

    def whose(self, caption: Caption) -> str:
        """Of whom the label of a field speaks."""
        return self.means[caption.path][0].whose

    def named(self, path: str) -> bool:
        """Whether a field is the name of somebody."""
        return self.means[path][0].says == ((NAME, 1.0),)

    def known(self, levels: Sequence[str]) -> list[Reading]:
        """Fields whose own words these are."""
        return sorted(self._exact(tuple(levels), ""), key=lambda reading: -reading.words)

    def readings(self, levels: tuple[str, ...], before: str = "") -> list[Reading]:
        """Fields for the words over a column, best first; `before` is of whom the columns before it spoke."""
        key = levels, before
        if key not in self._found:
            found: dict[str, Reading] = {}
            readings = [*self._exact(levels, before), *self._meant(levels, before), *self._alike(levels, before)]
            readings += self._in_brackets(levels, before)
            for reading in readings:
                known = found.get(reading.caption.path)
                if known is None or reading.words > known.words:
                    found[reading.caption.path] = reading
            self._found[key] = sorted(found.values(), key=lambda reading: -reading.words)
        return self._found[key]

    def _in_brackets(self, levels: tuple[str, ...], before: str) -> list[Reading]:
        """What is said in brackets beside the caption or instead of it: 小区（组）, 父（状态）, 联系电话（监护人）."""
        found = []
        for aside in asides(levels[-1]):
            if not words_of(aside).whole or CHOICE.search(aside):
                continue
            out = bare(levels[-1])
            texts = {f"{aside}{out}": BESIDE, f"{out}{aside}": BESIDE} | ({aside: INSTEAD} if len(aside) > 1 else {})
            for text, worth in texts.items():
                found += [replace(reading, words=reading.words * worth, exact=False)
                          for reading in self.readings((*levels[:-1], text), before) if words_of(text).whole]
        return found

    def _exact(self, levels: tuple[str, ...], before: str) -> list[Reading]:
        """Words of a field: all levels read together (户主/姓名 is 户主姓名), then the lower ones alone."""
        found = []
        of_others = _adds(levels)
        for start in range(len(levels)):
            text = "".join(levels[start:])
            for match in self.lexicon.exact(text):
                if of_others and match.key != plain(text):
                    continue  # 联系电话（监护人） is not 联系电话
                caption = self.by_path[match.path]
                own = meaning((text,)).whose
                fits = self.person(meaning(levels).whose, own, caption, before)
                fits = fits if start else max(fits, 0.9)
                strange = any(said.before or said.behind for said in map(words_of, levels[:start]))  # of whom, then?
                if fits:
                    worth = (match.score - ALONE * min(start, 1)) * fits
                    alone = meaning((text,))
                    loose = bool(alone.says) and nearness(alone, self.means[match.path][0]) < LOOSE and match.score < 1
                    found.append(Reading(caption, worth, match.why, fits >= 0.9 and not strange, loose=loose))
        return found

    def _meant(self, levels: tuple[str, ...], before: str) -> list[Reading]:
        """Fields of which the words say the same in other words."""
        said, text = meaning(levels), "".join(levels[-1:])
        found = []
        for path, meanings in self.means.items():
            caption = self.by_path[path]
            fits = {whose: self.person(said.whose, whose, caption, before) for whose in {own.whose for own in meanings}}
            best = max((nearness(said, own) * fits[own.whose] for own in meanings if fits[own.whose]), default=0.0)
            if best >= FAR:
                why = f"“{bare(text)}”说的是“{caption.names[0]}”"
                found.append(Reading(caption, MEANT * best, why, False))
        return found

    def _alike(self, levels: tuple[str, ...], before: str) -> list[Reading]:
        """Fields whose words are written almost like these."""
        if len(levels) != 1 or self.lexicon.exact(levels[0]):
            return []
        found = []
        for match in self.lexicon.alike(levels[0]):
            caption, said = self.by_path[match.path], meaning(levels)
            fits = max(self.person(said.whose, own.whose, caption, before) for own in self.means[match.path])
            if said.foreign or (not said.rest and nearness(said, self.means[match.path][0]) < FAR):
                continue  # all its words are known, and they mean something else
            found.append(Reading(caption, match.score * fits, match.why, False))
        return found

    def person(self, said: str, own: str, caption: Caption, before: str) -> float:
        """How well the person a caption speaks of fits a field, 1 the same, 0 somebody else.

        `own` is whom the field's words name. What is said of nobody is said of whom the row is about, or else of whom
        the columns before spoke: 有事找谁, 他的电话.
        """
        if said in (HIM, "责任人") and before:
            said = before
        wanted = caption.of if not own or is_kind(own, SUBJECT) or own in self.selves else own
        if not wanted:
            if not said or any(is_kind(said, name) for name in self.selves):
                return 1.0
            if said == HEAD and HOME in self.selves:
                return 0.8
            return 0.85 if is_kind(said, SUBJECT) else 0.6 if said == HOME else 0.0
        if said == wanted:
            return 1.0
        if is_kind(said, wanted) or is_kind(wanted, said):
            return 0.95 if is_kind(said, wanted) else 0.8
        if (said, wanted) in OFTEN_THE_SAME:
            return 0.7
        if wanted == HOME:
            return {"": 0.97, HEAD: 0.8}.get(said, 0.5 if is_kind(said, SUBJECT) or said in self.selves else 0.0)
        if not said:
            return 0.85 if before == wanted else 0.6
        return 0.0


def _adds(levels: Sequence[str]) -> bool:
    """Whether words in brackets say of somebody or something else what stands before them: 电话（监护人）."""
    outside = meaning((bare(levels[-1]),)).says
    for idea in (idea for aside in asides(levels[-1]) for idea in words_of(aside).ideas):
        other = idea.kind == "whose" and not is_kind(idea.name, SUBJECT) and idea.name not in (HEAD, HOME)
        strange = idea.kind == "what" and idea.worth >= 1 and not any(alike(idea.name, name) for name, _ in outside)
        if other or strange or idea.name in MODIFIERS:
            return True
    return False


def _meanings(caption: Caption) -> list[Meaning]:
    """What each of a field's words means; those that name nobody speak of whom the label does.

    Words that name somebody else than the label are known as they stand only (孩子在哪, of 子女及务工地).
    """
    if caption.literal:
        return [Meaning("", ())]
    first, *others = [meaning((name,)) for name in (*caption.names, *caption.short)]
    found = [said for said in others if not said.rest and (said.whose in ("", first.whose) or first.whose == HOME
             or (not first.whose and _may_name(caption, said)))]
    return list(dict.fromkeys([first, *(said if said.whose else replace(said, whose=first.whose) for said in found)]))


def _may_name(caption: Caption, said: Meaning) -> bool:
    """Whether words that speak of somebody are words for a field: 开户人 for 户名, but not 跟谁住 for 居住情况."""
    return caption.person or said.says != ((NAME, 1.0),)
