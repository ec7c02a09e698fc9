"""Write resources/codes/initials.txt: for every character pypinyin knows, the initial letters over all its readings.

The program reads this file in a few milliseconds; pypinyin itself takes near half a second to load and is needed only
here and in the test that compares the two. Run: python packaging/make_pinyin.py
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from pypinyin.constants import PINYIN_DICT

FILE = Path(__file__).resolve().parents[1] / "resources" / "codes" / "initials.txt"


def letters_of(readings: str) -> str:
    """ "chóng,zhòng" → "cz": the first letter of each reading, each once, the commonest first."""
    plain = [unicodedata.normalize("NFD", reading.strip().lower()) for reading in readings.split(",")]
    return "".join(dict.fromkeys(reading[0] for reading in plain if reading and "a" <= reading[0] <= "z"))


def content() -> str:
    """The file: one line for each set of letters, the letters, a tab and all characters that have them."""
    groups: dict[str, list[int]] = {}
    for code, readings in sorted(PINYIN_DICT.items()):
        letters = letters_of(readings)
        if letters:
            groups.setdefault(letters, []).append(code)
    return "".join(f"{letters}\t{''.join(map(chr, codes))}\n" for letters, codes in sorted(groups.items()))


if __name__ == "__main__":
    FILE.write_text(content(), encoding="utf-8", newline="\n")
