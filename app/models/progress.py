"""How long work tells how far it is, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with what is done of a total (both in the work's own unit) and a Chinese word for the step.

    It may raise `Cancelled`, which must pass through the work untouched.
    """

    def __call__(self, done: int, total: int, text: str) -> None: ...


def unwatched(done: int, total: int, text: str) -> None:
    """Progress that nobody watches."""
