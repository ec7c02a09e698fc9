"""Opening a county's blank form: a file that the clerk chooses, or one that the office keeps (上级报表)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

from app.ledgers.listing import Listing
from app.models import notes
from app.models.county_forms import BoundForm
from app.models.faults import Stale
from app.models.progress import Progress
from app.sheets.blank import Blank, read_blank
from app.sheets.bound_form import blank_file, known_sheets
from app.ui.fill_page import FillPage
from app.ui.fill_verbs import Form

TITLE = "填上级空表"  # to go back to; file names are long
KINDS = "空表 (*.xlsx *.xlsm *.xls *.et);;所有文件 (*)"
FOLDER = "form_folder"  # the note that keeps where the last form lay


def ask_form(window: Any, name: str, listing: Listing) -> None:
    """Let the clerk choose a blank form, to be filled from this listing of the ledger `name`."""
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    folder = notes.recall(FOLDER) or QStandardPaths.writableLocation(documents)
    place, _ = QFileDialog.getOpenFileName(window, "选择上级发的空表", folder, KINDS)
    if place:
        open_file(window, Path(place), name, listing)


def open_file(window: Any, path: Path, name: str, listing: Listing) -> None:
    """Read a blank form, and show what it would be filled with; what was chosen for one like it counts again."""
    window.tasks.note(lambda: notes.remember(FOLDER, str(path.parent)))

    def work(progress: Progress) -> tuple[list[Blank], BoundForm | None]:
        blanks = read_blank(path, progress)
        return blanks, known_sheets(blanks)

    def done(read: tuple[list[Blank], BoundForm | None]) -> None:
        blanks, kept = read
        page = FillPage(window, Form(path.name, path, kept), blanks, name, listing)
        page.recall()
        window.show_page(page, TITLE)

    window.tasks.read_long(f"读取 {path.name}", work, done)


def open_bound(window: Any, key: int) -> None:
    """Show a kept form with everything set, ready to be filled."""
    try:
        kept = BoundForm.by_key(key)
    except Stale as gone:
        window.tell(gone)
        return

    def work(progress: Progress) -> list[Blank]:
        with blank_file(kept) as path:
            return read_blank(path, progress)

    def done(blanks: list[Blank]) -> None:
        first, ledger = next(iter(window.entries.named().items()))
        page = FillPage(window, Form(kept.file, None, kept), blanks, first, Listing(ledger))
        page.take_kept()
        window.show_page(page, TITLE)

    window.tasks.read_long(f"打开上级报表“{kept.title}”", work, done)
