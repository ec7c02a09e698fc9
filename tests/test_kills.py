"""Killed while writing: all or nothing, nothing lost that was acknowledged. `benchmarks/kills.py` does all 200."""

from __future__ import annotations

import os

import pytest

from benchmarks.kills import kill_many

PROOF = float(os.environ.get("LIANXIN_PROOF", "0.1"))


@pytest.mark.heavy
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL and its timing are those of Linux")
def test_kills_leave_all_or_nothing() -> None:
    kills = kill_many(max(10, round(200 * PROOF)), seed=990001)
    assert [(kill.work, kill.faults) for kill in kills if kill.faults] == []
    assert sum(kill.acknowledged - kill.kept for kill in kills if kill.acknowledged > kill.kept) == 0
    assert sum(kill.in_commit for kill in kills) >= len(kills) // 4
    assert {kill.work for kill in kills if kill.acknowledged} == {"import", "save"}, "they did write"
