"""What is asked while a list is taken in: which files, a copy of the rows that come back, and taking it all back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

from app.models import notes
from app.models.progress import Progress
from app.ui.outputs import ask_place
from app.ui.plan_steps import KINDS

if TYPE_CHECKING:
    from app.ui.plan_page import PlanPage

FOLDER = "import_folder"  # the note that keeps where the last list lay


def ask_files(page: PlanPage) -> None:
    """Let the clerk choose a file, or several."""
    if page.working:
        return
    places, _ = QFileDialog.getOpenFileNames(page, f"选择要{page.title}的表格", _folder(), KINDS)
    if places:
        page.open_files([Path(place) for place in places])


def ask_folder(page: PlanPage) -> None:
    """Let the clerk choose a folder with files."""
    if not page.working and (place := QFileDialog.getExistingDirectory(page, "选择放着表格的文件夹", _folder())):
        page.open_files([Path(place)])


def keep_returned(page: PlanPage) -> None:
    """Write the rows that are not taken in, with the reasons, to a copy of each of the clerk's files."""
    plan, intake, path = page.plan, page.intake, page.path
    if plan is None or intake is None or path is None or page.working:
        return
    from app.sheets import refused

    work: Callable[[Progress], str]
    if page.several:
        if not (folder := QFileDialog.getExistingDirectory(page, "退回行另存到哪个文件夹", _folder())):
            return
        work = lambda progress: refused.write_all_refused(intake, plan, Path(folder), progress)  # noqa: E731
    else:
        place = ask_place(page, "退回行另存", f"{path.stem}-退回.xlsx", "表格 (*.xlsx)")
        if place is None:
            return
        work = lambda progress: refused.write_refused(path, intake, plan, place, progress)  # noqa: E731

    def done(said: str) -> None:
        page.show_state()
        page.window_.say(said)

    page.work("另存退回行", work, done)


def undo(page: PlanPage) -> None:
    """Undo this import, and say what came back."""
    number = page.number

    def work(progress: Progress) -> str:
        from app.work.undo import undo as take_back

        return take_back(number, progress).sentence()

    def done(said: str) -> None:
        page.number = 0
        page.written_step.tell(said, "可以换一种读法，或改好文件后再导入。")
        page.window_.say(said)
        page.show_state()

    page.work("撤销本次导入", work, done)


def _folder() -> str:
    """Where the last list lay."""
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    return notes.recall(FOLDER) or QStandardPaths.writableLocation(documents)
