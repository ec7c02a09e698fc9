"""Keys: whole, growing, unique, below 2^63, and repeatable from a seed."""

from __future__ import annotations

import threading
import time

import pytest

from app.models.keys import EPOCH_MS, RANDOM_BITS, Keys


def test_keys_grow_and_stay_below_sixty_three_bits() -> None:
    keys = Keys()
    made = [keys() for _ in range(20_000)]
    assert made == sorted(set(made)) and made[0] > 0 and made[-1] < 2**63
    moment = (made[0] >> RANDOM_BITS) + EPOCH_MS
    assert abs(moment - time.time() * 1000) < 60_000, "a key says when it was made"


def test_a_clock_set_back_makes_no_key_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    moments = iter([now, now - 10**12, now - 10**12, now, now + 10**9])
    monkeypatch.setattr("app.models.keys.time.time_ns", lambda: next(moments))
    keys = Keys()
    made = [keys() for _ in range(5)]
    assert made == sorted(set(made)) and made[3] == made[0] + 3 and made[4] > made[3] + 1


def test_two_desks_do_not_make_the_same_key() -> None:
    first, second = Keys(), Keys()
    assert not {first() for _ in range(2000)} & {second() for _ in range(2000)}


def test_many_threads_share_one_source() -> None:
    keys, made = Keys(), list[int]()
    threads = [threading.Thread(target=lambda: made.extend([keys() for _ in range(2000)])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000


def test_a_seed_gives_the_same_keys() -> None:
    first, second = Keys(100), Keys(100)
    assert [first() for _ in range(3)] == [second() for _ in range(3)] == [101, 102, 103]
