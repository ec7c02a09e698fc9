"""Code tables (代码表): what stands in the file and what the clerk sees.

Each is a file `resources/codes/<name>.csv` with the columns code, text, synonyms (separated by |) and retired (1 where
the code is no longer given to anybody). The standards they come from are named in `resources/codes/README.md`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from app.models.text import EMPTY, Cell, squash, text_of

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "codes"

HEAD = "02"  # relation: 户主; 本人 and 01 are read as this one code
SPOUSES = frozenset({"10", "11", "12"})  # relation: 配偶、夫、妻

_FILLED = frozenset({"ethnicity", "politics"})  # a sheet's number 1 is code 01 here; in relations it is not sure to be


class CodeTable:
    """One code table, read from its file `resources/codes/<name>.csv` when it is first asked."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._texts: dict[str, str] | None = None
        self._retired: set[str] = set()
        self._codes: dict[str, str] = {}  # every way of writing → code

    def _load(self) -> dict[str, str]:
        texts: dict[str, str] = {}
        with (FOLDER / f"{self.name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            texts[row["code"]] = row["text"]
            if row["retired"]:
                self._retired.add(row["code"])
        ways: list[tuple[str, str]] = []  # the earlier ones win
        ways += [(row["text"], row["code"]) for row in rows if not row["retired"]]
        ways += [(word, row["code"]) for row in rows for word in row["synonyms"].split("|") if word]
        ways += [(code, code) for code in texts]
        ways += [(row["text"], row["code"]) for row in rows if row["retired"]]
        for way, code in ways:
            self._codes.setdefault(_key(way), code)
        self._texts = texts
        return texts

    @property
    def texts(self) -> dict[str, str]:
        """Every code and its text, also the retired ones, in the order of the file."""
        return self._texts if self._texts is not None else self._load()

    def show(self, code: str | None) -> str:
        """The text of a code; a code that the table does not know is shown itself; "" for None."""
        return "" if code is None else self.texts.get(code, code)

    def choices(self) -> tuple[tuple[str, str], ...]:
        """(code, text) of what may be chosen today."""
        return tuple((code, text) for code, text in self.texts.items() if code not in self._retired)

    def read(self, cell: Cell) -> str | None:
        """The code that a text, synonym or code stands for; None for an empty cell.

        `ValueError` names what is near: no guess is ever taken for an answer.
        """
        texts = self.texts
        if type(cell) is str and cell in self._codes:
            return self._codes[cell]
        if cell is None:
            return None
        if isinstance(cell, (bool, date)):
            raise ValueError(f"“{cell}”不是这里的选项，可填：{self._some(list(texts.values()))}。")
        written = squash(cell) if isinstance(cell, str) else f"{cell:g}"
        key = _key(written)
        code = self._codes.get(key) or (self._codes.get(key.zfill(2)) if self.name in _FILLED else None)
        if code is not None:
            return code
        if written in EMPTY or not text_of(written):
            return None
        raise ValueError(self._unknown(written, key))

    def knows(self, text: str) -> bool:
        """Whether a text stands for a code, without the sentence of `read` about those near, which takes its time."""
        key = _key(text)
        return bool(self.texts) and (key in self._codes or (self.name in _FILLED and key.zfill(2) in self._codes))

    def _unknown(self, written: str, key: str) -> str:
        """The sentence about a word the table does not know, with the nearest that it does."""
        texts = dict(self.choices())
        near = [way for way in self._codes if len(key) > 1 and not way.isdigit() and (key in way or way in key)]
        near += get_close_matches(key, [way for way in self._codes if not way.isdigit()], n=3, cutoff=0.5)
        found = list(dict.fromkeys(texts[self._codes[way]] for way in near if self._codes[way] in texts))
        if found:
            return f"“{written}”不是认得的选项，是不是{'、'.join(f'“{text}”' for text in found[:3])}？"
        return f"“{written}”不是认得的选项，可填：{self._some(list(texts.values()))}。"

    @staticmethod
    def _some(texts: list[str]) -> str:
        return "、".join(texts[:8]) + (" 等" if len(texts) > 8 else "")


class _Words(CodeTable):
    """Words that are their own codes."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__("")
        self._texts = {word: word for word in words}
        self._codes = {_key(word): word for word in words}


def of_words(words: Sequence[str]) -> CodeTable:
    """A table of words that an office wrote down itself (自设选项): each is its own code, in the order given."""
    return _Words(words)


def _key(written: str) -> str:
    """What is compared: without blanks, in one case and width."""
    return "".join(squash(written).split()).upper()


@cache
def table(name: str) -> CodeTable:
    """The code table of that name, one for the whole program."""
    return CodeTable(name)
