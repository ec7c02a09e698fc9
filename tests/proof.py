"""How much of a long proof is run: LIANXIN_PROOF between 0 and 1, a tenth where nobody says."""

from __future__ import annotations

import os

SHARE = float(os.environ.get("LIANXIN_PROOF", "0.1"))


def many(whole: int, least: int = 1) -> int:
    """So many of `whole` repetitions, at least `least`."""
    return max(least, round(whole * SHARE))
