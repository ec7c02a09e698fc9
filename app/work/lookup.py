"""Linked rows by what a list calls them: a village by its name, its old name or its code; a group by any way of writing 三组."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from app.models.conditions import read
from app.models.frame import Frame
from app.models.here import here
from app.models.paths import resolve

_DIGITS = "零一二三四五六七八九"
_TAIL = re.compile(r"(村民委员会|社区居民委员会|村民小组|居民小组|村委会|村民组|居委会|小组|社区|生产队|队|村|组|社)$")


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
    """The rows that a link may lead to, read once, by every name they go by."""

    def __init__(self, link: Any) -> None:
        self.link = link
        record, self.names = link.rel_model, {}
        self.titles: dict[int, str] = {}
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
        text = str(cell).strip()
        if not text:
            return None
        for spelling in (text, bare(text)):
            found = self.names.get((within, spelling), set())
            if len(found) == 1:
                return next(iter(found))
            if found:
                return f"叫“{text}”的{self.link.label}有 {len(found)} 个，请写明上级。"
        near = get_close_matches(text, {title for title in self.titles.values() if title}, 1, 0.5)
        hint = f"，是不是“{near[0]}”？" if near else "，"
        return f"没有叫“{text}”的{self.link.label}{hint}新的请先在“{self.link.rel_model.word}”里登记。"
