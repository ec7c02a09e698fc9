"""Keys of rows: 63-bit whole numbers that this program makes itself.

A key is the milliseconds since 2020 in the upper 41 bits and 22 random bits below; within one millisecond, or when the
clock is set back, the last key is counted on. So a key is known before the insert, keys grow with time, are unique
across files (two desks would have to draw the same of four million numbers in the same millisecond) and take 8 bytes.
"""

from __future__ import annotations

import secrets
import threading
import time

EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z
RANDOM_BITS = 22


class Keys:
    """A source of keys. `first` starts a repeatable one, for a demonstration file made from a seed."""

    def __init__(self, first: int | None = None) -> None:
        self._lock = threading.Lock()
        self._last = first or 0
        self._repeatable = first is not None

    def __call__(self) -> int:
        with self._lock:
            if self._repeatable:
                self._last += 1
                return self._last
            moment = time.time_ns() // 1_000_000 - EPOCH_MS
            if moment > self._last >> RANDOM_BITS:
                self._last = moment << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
            else:
                self._last += 1
            return self._last
