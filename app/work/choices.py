"""What a link may lead to (选择): the rows that fit what was typed, and the one that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import peewee

from app.models import query, search, words
from app.models.conditions import Finds, read
from app.models.derived import Derived
from app.models.frame import Frame
from app.models.here import here
from app.models.paths import Path, resolve
from app.work.lookup import bare

MOST = 5000  # rows whose names are looked through one by one


@dataclass(frozen=True)
class Choice:
    """One row: its name, and where it belongs, which tells rows of one name apart."""

    key: int
    title: str
    more: str

    @property
    def whole(self) -> str:
        return " · ".join(filter(None, (self.title, self.more)))


def choices(link: Any, text: str, above: int | None = None, limit: int = 20) -> list[Choice]:
    """At most `limit` rows that fit the text, the likeliest first; all of them for no text.

    Names are found by their beginning, a part, or pinyin initials; persons and households also by ID number, telephone
    and village. `above` is the row that the link's `within` leads to: the linked row's parent, or what it shares.
    """
    record, wanted = link.rel_model, text.strip()
    frame = Frame(record)
    where = frame.present() & frame.where(read(link.among, record) if link.among else None) & frame.seen()
    if above is not None:
        by = link.within[1:] if link.within.startswith(".") else "parent"
        where &= getattr(frame.root, by) == above
    if wanted and record.search_by and above is None:
        found = search.suggest(wanted, limit * 2)
        fitting = set(_keys(frame.select(frame.root.id, where=where & frame.root.id.in_(found))))
        return described(record, [key for key in found if key in fitting][:limit])
    if wanted and (record.search_by or record.search_in):
        where &= frame.where(Finds(wanted))
        return described(record, _keys(frame.select(frame.root.id, where=where).limit(limit)))
    if record.search_by or record.search_in:
        return described(record, _keys(frame.select(frame.root.id, where=where).order_by(frame.root.id).limit(limit)))
    title = frame.column(_title(record))
    named = here().file.database.execute(frame.select(frame.root.id, title, where=where).limit(MOST)).fetchall()
    ranked = [(_rank(name or "", wanted), _ordered(name or ""), key) for key, name in named]
    return described(record, [key for rank, _, key in sorted(ranked) if rank < 9][:limit])


def _ordered(name: str) -> tuple[int, str]:
    """Names in their order, those that are numbers (一组, 十二组) as numbers."""
    number = bare(name)
    return (int(number), "") if number.isdecimal() else (10**6, name)


def _keys(select: Any) -> list[int]:
    return [row[0] for row in here().file.database.execute(select).fetchall()]


def _rank(name: str, text: str) -> int:
    """How well a name fits: 0 the very name … 9 not at all."""
    if not text or name == text:
        return 0
    if bare(name) == bare(text):
        return 1
    if name.startswith(text):
        return 2
    if text.isascii() and text.isalpha():
        strings = words.initials(name)
        if any(one.startswith(text.lower()) for one in strings):
            return 3
        if any(text.lower() in one for one in strings):
            return 5
    return 4 if text in name else 9


@cache
def _title(record: Any) -> Path:
    return resolve(record, record.shown_by)


@cache
def _more(record: Any) -> tuple[Path, ...]:
    """The facts that tell rows of one name apart: where they are, and what makes two the same."""
    texts = [*record.placed_by.split(), *record.same_as.rpartition("|")[2].split()]
    titles = record.shown_by, record.shown_by.rpartition(".")[0]  # the title, or the row whose title it is
    texts = list(dict.fromkeys(text.removesuffix(".id") for text in texts))
    return tuple(resolve(record, text) for text in texts if text not in titles)


def described(record: Any, keys: Sequence[int]) -> list[Choice]:
    """The choices for these keys, in their order."""
    paths = [_title(record), *_more(record)]
    result = []
    for key, values in zip(keys, query.rows(record, paths, keys), strict=True):
        shown = [path.fact.mask(value) for path, value in zip(paths, values, strict=True)]
        result.append(Choice(key, shown[0], " · ".join(dict.fromkeys(filter(None, shown[1:])))))
    return result


def shared(record: Any, name: str, keys: Sequence[int]) -> int | None:
    """The row that all of these rows lead to by the link `name`; None where they lead to several."""
    path = resolve(record, f"{name}.id")
    found = {values[0] for values in query.rows(record, [path], keys)}
    return found.pop() if len(found) == 1 else None


def called(record: Any, key: int) -> str:
    """What stands in a field for this row: its name, with where it belongs unless the name is the only one."""
    return called_all(record, [key])[key]


def called_all(record: Any, keys: Sequence[int]) -> dict[int, str]:
    """What stands in a field for each of these rows, by key."""
    path, found = _title(record), described(record, keys)
    only = frozenset[str]()
    if not isinstance(path.fact, Derived) and not path.links:
        only = _only(record, path, [choice.title for choice in found])
    return {
        one.key: one.title if one.title in only else one.whole or f"第 {one.key} 号{record.word}" for one in found
    }


def _only(record: Any, path: Path, titles: Sequence[str]) -> frozenset[str]:
    """Those of the names that one row alone has."""
    frame = Frame(record)
    name, number = frame.column(path), peewee.fn.COUNT(frame.root.id)
    counted = frame.select(name, number, where=name.in_(list(dict.fromkeys(titles)))).group_by(name)
    rows = here().file.database.execute(counted).fetchall()
    return frozenset(title for title, many in rows if many == 1 and title)


def _gone(record: Any, called: str) -> str:
    """Why a row of this very name cannot be chosen: it is no longer present; "" where there is none."""
    title, until = _title(record), record.facts().get("until")
    if until is None or title.links or isinstance(title.fact, Derived):
        return ""
    frame = Frame(record)
    where = frame.seen() & ~frame.present() & (frame.column(title) == called)
    keys = _keys(frame.select(frame.root.id, where=where).limit(2))
    if len(keys) != 1:
        return f"叫“{called}”的{record.word}都已不在册，请另选一个。" if keys else ""
    ((day,),) = query.rows(record, [resolve(record, "until")], keys)
    return f"{called}已不在册（{until.label} {until.show(day)}），请另选一个。"


def meant(link: Any, text: str, above: int | None = None) -> int | None:
    """The key of the row that the typed text means. ValueError with a sentence when there is none or several."""
    wanted = text.strip()
    if not wanted:
        return None
    found = choices(link, wanted.split(" · ")[0], above)
    exact = [one for one in found if wanted in (one.title, one.whole)] or [
        one for one in found if bare(one.title) == bare(wanted)
    ]
    if len(exact or found) == 1:
        return (exact or found)[0].key
    word = link.rel_model.word
    if found:
        raise ValueError(f"与“{wanted}”相符的{word}不止一个，请按 F2 从列表里选。")
    if said := _gone(link.rel_model, wanted):
        raise ValueError(said)
    raise ValueError(f"没有找到“{wanted}”，请按 F2 查找；新的{word}请先登记。")
