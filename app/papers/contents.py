"""The papers of a shape of their own (纸质件), by name, written by hand; every ledger prints besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.ledgers.contents import ledgers
from app.ledgers.dossier import page_of, page_word
from app.models import roles
from app.models.certificates import Certificate
from app.models.conditions import read
from app.models.faults import Trouble
from app.models.guard import guard_reading
from app.models.help import HelpRecord
from app.models.operation import demand, trying
from app.models.progress import Progress, unwatched
from app.models.query import keys
from app.work.choices import described
from app.work.outgoing import leave


@dataclass(frozen=True)
class OnePaper:
    """A paper drawn for one row of a record.

    `shape(key, path, progress, whole=…)` draws it and gives a sentence: what was drawn, the file's name, and what to
    mind behind it.
    `hindered(key)` says why it cannot be drawn for this row; `private` whether facts stand on it that can be masked.
    """

    title: str
    record: Any
    shape: Callable[..., str]
    hindered: Callable[[int], str | None] = lambda key: None
    private: bool = True

    def why_not(self, key: int) -> str | None:
        """Why this paper cannot be drawn for this row, or None when it can."""
        return roles.why_not("print") or self.hindered(key)

    def draw(self, key: int, path: Path, progress: Progress = unwatched, *, whole: bool = True) -> str:
        """Draw it for one row, where who is signed in may see and print that."""
        with trying(f"打印“{self.title}”"):
            guard_reading(self.record, [key])
        called = described(self.record, [key])[0]
        leave("print", f"{self.title}：{called.title or called.more}", 1, whole and self.private, self.record.seen_by)
        return self.shape(key, path, progress, whole=whole)

    def print_where(self, where: str, path: Path, *, whole: bool = True) -> str:
        """Draw it for the one row that meets a condition; of several, the newest that it can be drawn for.

        Trouble when there is none.
        """
        for power in (self.record.seen_by, "print"):
            demand(power, f"打印“{self.title}”")
        found = keys(self.record, read(where, self.record))
        if not found:
            raise Trouble(f"没有符合条件的{self.record.word}，打不出{self.title}。")
        key = next((key for key in reversed(found) if self.why_not(key) is None), found[-1])
        return self.draw(key, path, whole=whole)


def _signature_sheet(key: int, path: Path, progress: Progress = unwatched, *, whole: bool = True) -> str:
    from app.papers.help import signature_sheet  # drawing is loaded when the first paper is

    return signature_sheet(key, path, progress, whole=whole)


def _nothing_to_sign(key: int) -> str | None:
    from app.papers.help import nothing_to_sign

    return nothing_to_sign(key)


def _certificate(key: int, path: Path, progress: Progress = unwatched, *, whole: bool = True) -> str:
    from app.papers.certificates import certificate

    return certificate(key, path, progress, whole=whole)


def dossier_paper(record: Any) -> OnePaper:
    """The page of a row as a paper (一户一档)."""

    def draw(key: int, path: Path, progress: Progress = unwatched, *, whole: bool = True) -> str:
        from app.papers.dossier import print_dossier

        return print_dossier(record, key, path, progress, whole=whole)

    return OnePaper(page_word(record), record, draw)


PAPERS: dict[str, OnePaper] = {
    "signature-sheet": OnePaper("签领表", HelpRecord, _signature_sheet, hindered=_nothing_to_sign),
    "certificate": OnePaper("证书", Certificate, _certificate, private=False),
}


def papers_for(record: Any) -> list[OnePaper]:
    """The papers that can be drawn for a row of this record."""
    own = [paper for paper in PAPERS.values() if paper.record is record]
    return [*own, dossier_paper(record)] if page_of(record) else own


def paper_called(name: str) -> OnePaper | None:
    """The paper with this English name or Chinese title."""
    pages = [dossier_paper(ledger.record) for ledger in ledgers().values() if page_of(ledger.record) is ledger]
    return PAPERS.get(name) or next((one for one in (*PAPERS.values(), *pages) if one.title == name), None)
