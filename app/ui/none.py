"""Keeps Python 3.11 alive under PySide6 6.12.0, which gives back one reference to None too many at every call of Qt that
returns nothing (measured: 1000 of 1000; none with 6.11.3, and none matters from Python 3.12 on, where None is immortal).

After some thousand calls the interpreter would stop with "none_dealloc". Here None gets references enough for centuries.
"""

from __future__ import annotations

import ctypes
import sys

import PySide6

ENOUGH = 1 << 48

if sys.version_info < (3, 12) and PySide6.__version__.startswith("6.12."):
    ctypes.c_ssize_t.from_address(id(None)).value += ENOUGH
