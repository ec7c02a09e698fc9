"""Linked rows by what a list calls them: a village by name, old name or code; a group by any way of writing 三组."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from app.models.conditions import Compare, read
from app.models.frame import Frame
from app.models.here import here
from app.models.paths import resolve
from app.models.text import text_of

_DIGITS = "零一二三四五六七八九"
_TAIL = re.compile(r"(村民委员会|社区居民委员会|村民小组|居民小组|村委会|村民组|居委会|小组|社区|生产队|队|村|组|社)$")
_NEW = re.compile(r"[^\W\d_]{1,12}|第?\d{1,2}(?:[组社队]|小组|村民小组|村民组|生产队)?")  # names a new group may have


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """A place's name without its tail and with Arabic numbers: 第三村民组, 三组, 3社 → 3."""
    text = re.sub(r"\s", "", name).removeprefix("第")
    text = _TAIL.sub("", text) or text
    if re.fullmatch(f"[{_DIGITS}十]+", text):
        tens, ten, ones = text.rpartition("十")
        number = (int(_digits(tens) or 1) * 10 if ten else 0) + int(_digits(ones) or 0)
        return str(number)
    return text.lstrip("0") if text.isdigit() else text


def _digits(text: str) -> str:
    return "".join(str(_DIGITS.index(sign)) for sign in text)


class Lookup:
    """The rows that a link may lead to, read once, by every name they go by.

    `made` are rows that the list names first and that may be made along, each with its key: a villagers' group of a
    known village. Nothing else is made by being named.
    """

    def __init__(self, link: Any) -> None:
        self.link = link
        record = link.rel_model
        self.names: dict[tuple[int | None, str], set[int]] = {}
        self.titles: dict[int, str] = {}
        self.made: dict[int, dict[str, Any]] = {}
        self._found: dict[tuple[Any, int | None], int | str | None] = {}
        frame = Frame(record)
        title = frame.column(resolve(record, record.shown_by))
        facts = record.facts()
        others = [getattr(frame.root, name) for name in ("code", "number") if name in facts]
        parent = frame.root.parent if "parent" in facts else None
        where = frame.present() & frame.where(read(link.among, record) if link.among else None)
        columns = [frame.root.id, title, *(others), *([parent] if parent is not None else [])]
        for key, text, *more in here().file.database.execute(frame.select(*columns, where=where)).fetchall():
            above = more.pop() if parent is not None else None
            self.titles[key] = text or ""
            for name in (text, *more):
                self._call(key, above, name)
        if record.former and "name" in record.former.facts():
            former = record.former
            owner = former.facts()[former.of].column_name
            sql = f'SELECT "{owner}", name FROM "{former._meta.table_name}"'
            for key, name in here().file.run(sql).fetchall():
                if key in self.titles:
                    self._call(key, None, name)

    def _call(self, key: int, above: int | None, name: str | None) -> None:
        if name:
            for spelling in {str(name), bare(str(name))}:
                for within in {None, above}:
                    self.names.setdefault((within, spelling), set()).add(key)

    def find(self, cell: Any, within: int | None = None) -> int | str | None:
        """The key of the row meant, None for an empty cell, or a sentence why there is none."""
        mark = cell, within
        if mark not in self._found:
            self._found[mark] = self._find(cell, within)
        return self._found[mark]

    def _find(self, cell: Any, within: int | None) -> int | str | None:
        try:
            text = text_of(str(cell))
        except ValueError as error:
            return str(error)
        if not text:
            return None
        if within is not None and self.link.within:
            text = text.removeprefix(self.title_of(within)) or text  # 牛街村三组 within 牛街村 is 三组
        found = self._called(text, within)
        if len(found) == 1:
            return next(iter(found))
        if found:
            return f"叫“{text}”的{self.link.label}有 {len(found):,} 个，请写明上级。"
        if within is not None and self.link.within and _NEW.fullmatch(text):
            return self._make(text, within)
        near = get_close_matches(text, {title for title in self.titles.values() if title}, 1, 0.4)
        hint = f"是不是“{near[0]}”？" if near else ""
        word = self.link.rel_model.word
        return f"没有叫“{text}”的{self.link.label}，{hint}新的请先在“{word}”里登记。"

    def _called(self, text: str, within: int | None) -> set[int]:
        for spelling in (text, bare(text)):
            if found := self.names.get((within, spelling)):
                return found
        return set()

    def knows(self, text: str) -> bool:
        """Whether a row goes by this name."""
        return bool(self._called(text, None))

    def title_of(self, key: int) -> str:
        """What the row is called that a new one would stand under."""
        record = self.link.rel_model
        sql = f'SELECT "{record.shown_by}" FROM "{record._meta.table_name}" WHERE id = ?'
        row = here().file.run(sql, (key,)).fetchone()
        return str(row[0]) if row else ""

    def _make(self, text: str, within: int) -> int:
        """A new row of this name under `within`, with what the link asks of the rows it leads to."""
        name = f"{int(text)}组" if text.isdigit() else text
        asked = read(self.link.among, self.link.rel_model) if self.link.among else None
        key = here().keys()
        self.made[key] = {"name": name, "parent": within}
        if isinstance(asked, Compare):
            self.made[key][asked.path] = asked.value
        self.titles[key] = name
        self._call(key, within, name)
        return key

    def mentioned(self, text: str) -> int | None:
        """The one row whose name stands in a text, as the village in 牛街村农户花名册."""
        named = {key for key, title in self.titles.items() if len(title) > 2 and title in text}
        return next(iter(named)) if len(named) == 1 else None


class Somebody:
    """The people, or whatever else is searched for, whom a list names by their own facts (名单里说的是谁)."""

    def __init__(self, link: Any, told_by: tuple[str, ...]) -> None:
        self.link, self.told_by = link, told_by
        record = link.rel_model
        frame = Frame(record)
        columns = [getattr(frame.root, name) for name in told_by]
        self._known: dict[tuple[str, Any], list[int]] = {}
        for key, *values in here().file.database.execute(frame.select(frame.root.id, *columns, where=frame.present())):
            for name, value in zip(told_by, values, strict=True):
                if value is not None:
                    self._known.setdefault((name, value), []).append(key)

    def find(self, told: dict[str, Any]) -> int | str:
        """The key of the row meant, or a sentence why it cannot be told: the first fact that is written decides."""
        record = self.link.rel_model
        for name in self.told_by:
            if name not in told:
                continue
            found = self._known.get((name, told[name]), [])
            if len(found) == 1:
                return found[0]
            fact, first = record.facts()[name], record.facts()[self.told_by[0]]
            called = fact.mask(told[name])
            if found:
                return f"{fact.label}“{called}”的{record.word}有 {len(found):,} 个，请补上{first.label}。"
            return f"没有登记过{fact.label}“{called}”的{record.word}，请先登记。"
        return f"看不出是哪个{record.word}。"
