"""Keeps Python 3.11 alive under PySide6 6.12.0, which gives back None, True and False once too often.

Every call of Qt that returns nothing loses one reference to None (measured: 1000 of 1000; with 6.11.3 none), and some
lose one to True or False; after some thousand calls the interpreter stops with "none_dealloc" or "bool_dealloc". From
Python 3.12 on these values are immortal and nothing is lost. Here they get references enough for centuries.
"""

from __future__ import annotations

import ctypes
import sys

ENOUGH = 1 << 48

if sys.version_info < (3, 12):
    for value in (None, True, False, NotImplemented, Ellipsis):
        ctypes.c_ssize_t.from_address(id(value)).value += ENOUGH
