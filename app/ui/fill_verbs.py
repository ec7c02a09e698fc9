"""What can be done with a blank form that was matched: fill it and keep it, remember it, forget it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

from app.models import roles
from app.models.county_forms import BoundForm
from app.models.faults import Trouble
from app.models.here import here, standing
from app.models.paths import labels
from app.models.progress import Progress
from app.sheets.bound_form import bind, blank_file, bound_forms, drop_form
from app.sheets.county_form import Kind, fill_form
from app.sheets.form_source import Match
from app.ui import purpose
from app.ui.contents_bar import BOUND, OWN
from app.ui.outputs import ask_place
from app.ui.place_card import how_much
from app.ui.place_input import NEW

if TYPE_CHECKING:
    from app.ui.fill_page import FillPage

TOLD = 5  # sentences about what could not be kept


@dataclass(frozen=True)
class Form:
    """A blank form: a file of the clerk's, or one that the office keeps. `kept` also where a file is known again."""

    name: str
    path: Path | None = None
    kept: BoundForm | None = None

    @contextmanager
    def opened(self) -> Iterator[Path]:
        """The form as a file, while the block lasts."""
        if self.path is not None:
            yield self.path
        else:
            assert self.kept is not None
            with blank_file(self.kept) as path:
                yield path


def fill(page: FillPage) -> None:
    """填好并保存: say what for where that is asked, then where to, and fill the form there."""
    if not page.settle():
        return
    if why := page.why_not():
        page.window_.say(why)
        return
    private = any(match.private for match in page.matches)
    if not purpose.asks() or not roles.may("whole") or not private:
        _fill(page, roles.may("whole"), "")
    else:
        purpose.ask(page, f"填表 {page.form.name}", lambda said: _fill(page, True, said))


def _fill(page: FillPage, whole: bool, what_for: str) -> None:
    form, listing, stem = page.form, page.rows.listing.but(whole=whole), Path(page.form.name).stem
    window, kinds = page.window_, dict(page.kinds)
    choices, apart = dict(page.choices), page.is_apart
    if apart:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        answer = QFileDialog.getExistingDirectory(page, "填好的表放到哪个文件夹", documents)
        place = Path(answer) if answer else None
    else:
        place = ask_place(page, "填好并保存", f"{stem}{listing.on:%Y%m%d}.xlsx", "表格 (*.xlsx)")
    if place is None:
        return
    if form.path is not None and place.exists() and place.samefile(form.path):
        window.tell(Trouble("填好的表不能盖住空表，请换一个文件名或文件夹。"))
        return

    def work(progress: Progress) -> tuple[list[Match], list[str]]:
        with standing(purpose=what_for), here().file.reading(), form.opened() as template:
            return fill_form(template, place, listing, kinds, apart, choices, progress)

    def done(answer: tuple[list[Match], list[str]]) -> None:
        matches, lost = answer
        filled = "；".join(f"“{match.sheet}”{how_much(match)}" for match in matches if match.kind)
        said = f"已填好{filled}，保存在 {place.name}。"
        more = [f"另有 {len(lost) - TOLD:,} 处没有保留。"] if len(lost) > TOLD else []
        window.say(said)
        if page in window.pages:
            page.end("\n".join([said, *lost[:TOLD], *more]), place)

    def failed(error: Exception) -> None:
        if page in window.pages:
            page.end()
        window.tell(error)

    page.begin(window.tasks.read_long("填表", work, done, failed))


def remember(page: FillPage) -> None:
    """记住这张报表: ask for a title, and keep the form with what it is filled from."""
    if not page.settle():
        return
    if why := roles.why_not("arrange") or page.why_no_match():
        page.window_.say(why)
        return
    from app.ui.ask import Ask

    form, listing, source = page.form, page.rows.listing, source_of(page)
    kind, choices = kind_said(page), dict(page.choices)
    sentence = (
        "空表连同取自哪个台账、什么条件、各处取什么一起记住，以后从左边“上级报表”打开，一次填好。"
        "同名的会被这一张替换；截至日期不记，填的时候按当天。"
    )
    dialog = Ask(page, "记住这张报表", sentence, {"title": BoundForm.facts()["title"]}, "记住")
    dialog.fields["title"].set_value(form.kept.title if form.kept else Path(form.name).stem)

    def do(values: dict[str, Any]) -> None:
        title = values["title"]

        def work(progress: Progress) -> str:
            with form.opened() as template:
                return bind(title, template, listing, source, kind, choices)

        def done(said: str) -> None:
            dialog.close()
            page.window_.say(said)
            key = next((key for key, known in bound_forms().items() if known == title), None)
            if key is not None:
                page.now_kept(BoundForm.by_key(key))

        page.window_.tasks.write("记住上级报表", work, done, dialog.tell)

    dialog.answered.connect(do)
    dialog.show()


def choose(page: FillPage, caption: str, words: str | None) -> None:
    """The clerk says what a place is filled from; what the office never kept becomes an own column, filled in once."""
    if words != NEW:
        page.choose(caption, words)
        return
    page.show_sheet()  # as it was, until there is something new to fill it from
    if why := roles.why_not("arrange"):
        page.window_.say(why)
        return
    from app.ui.new_column import ask_new_column

    record = page.rows.listing.ledger.record

    def then(path: str, title: str) -> None:
        page.choose(caption, next(words for words, known in labels(record).items() if known == path))
        page.window_.say(f"已新增自设项目“{title}”，内容在登记表单里填写，以后这张表就取自它。")

    ask_new_column(page, record, then, caption.rpartition("/")[2])


def source_of(page: FillPage) -> str:
    """By which name the ledger is found again: its own in plain English, or the title of one that the office made."""
    return page.rows.listing.ledger.title if page.rows.name.startswith(OWN) else page.rows.name


def kind_said(page: FillPage) -> Kind:
    """What the clerk said that the sheets are: one word where it is the same of all, because their names may change."""
    said = {page.kinds.get(blank.name, "") for blank in page.blanks}
    return said.pop() if len(said) == 1 else dict(page.kinds)


def drop(page: FillPage) -> None:
    """删除这张上级报表: forget it; Ctrl+Z brings it back."""
    kept, window = page.form.kept, page.window_
    if kept is None or (why := roles.why_not("arrange")):
        window.say("这张空表没有记住过，不用删除。" if kept is None else why)
        return
    key = kept.id

    def done(said: str) -> None:
        window.say(said)
        window.close_page(page)

    window.tasks.write("删除上级报表", lambda progress: drop_form(key), done)


def name_of(kept: BoundForm) -> str:
    """The entry of a kept form in the contents."""
    return f"{BOUND}{kept.id}"
