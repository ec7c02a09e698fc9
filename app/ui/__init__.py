"""The window. Importing it makes None, True and False last, which PySide6 6.12 takes for granted.

Its library was built for the lasting constants of Python 3.12 (PEP 683): every method that gives nothing back, and
every `emit`, takes one reference of None or True away. On Python 3.11 those run out while one works and the interpreter
aborts (`none_dealloc: deallocating None`); `tests/ui/test_lasting.py` shows it.
"""

from __future__ import annotations

import ctypes
import sys

ENOUGH = 1 << 40  # references: a million a second would last twelve days


def _make_lasting() -> None:
    for constant in (None, True, False):
        ctypes.c_ssize_t.from_address(id(constant)).value += ENOUGH  # the count stands first in every object


if sys.version_info < (3, 12) and sys.getrefcount(None) < ENOUGH // 2:
    _make_lasting()
