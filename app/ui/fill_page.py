"""A county's blank form before it is filled (填上级空表): from which ledger and rows, and each place from what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from app.ledgers.listing import Listing
from app.models import roles
from app.models.county_forms import BoundForm
from app.models.faults import Cancelled, Trouble
from app.models.here import here
from app.models.progress import Progress
from app.sheets.blank import Blank
from app.sheets.bound_form import choices_of, kind_of, listing_of
from app.sheets.county_form import MOST_COPIES, match_sheets
from app.sheets.form_source import SINGLE, Match
from app.ui import fill_verbs as verbs
from app.ui import look
from app.ui.card_burst import ENTERS
from app.ui.fill_from import FillFrom
from app.ui.fill_verbs import Form
from app.ui.place_card import PlaceCard
from app.ui.rows import Elided, Scrolled, ToolRow
from app.ui.tasks import Job

SOON = 300  # milliseconds after a choice until it is matched anew
MATCHING = "正在核对空表，请稍等。"
STOPPED = "核对已停止，请从“更多”里点“重新核对”。"


class FillPage(QWidget):
    """A page. `blanks` are the sheets of the form; `ledger` is the entry in the contents that it is filled from."""

    name = ""

    def __init__(self, window: Any, form: Form, blanks: list[Blank], ledger: str, listing: Listing) -> None:
        super().__init__()
        self.window_, self.form, self.blanks = window, form, blanks
        self.kinds: dict[str, str] = {}  # what the clerk said that a sheet is
        self.choices: dict[str, str] = {}  # what he said that a place is filled from
        self.matches: list[Match] = []
        self.filled_at: Path | None = None
        self._why = ""  # why nothing could be matched
        self._job: Job | None = None
        self._filling: Job | None = None
        self.setObjectName("page")
        self._build(ledger, listing)
        self._bind()

    # --- building ---

    def _build(self, ledger: str, listing: Listing) -> None:
        self.back_link = look.link("← 返回")
        self.title = Elided("", "title")
        self.tools = ToolRow()
        self.fill_button = self.tools.add(look.button("填好并保存…", "Ctrl Enter", primary=True))
        self.keep_button = self.tools.add(look.button("记住这张报表…"))
        self.tools.add_seldom("重新核对", self.match)
        self.drop_action = self.tools.add_seldom("删除这张上级报表", lambda: verbs.drop(self))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.back_link)
        top.addWidget(self.title)
        top.addWidget(self.tools, 1)
        self.rows = FillFrom(self.window_, ledger, listing)
        self.note, self.use_kept = look.soft("", wrap=True), look.link("改用记住的台账和条件")
        noted = QHBoxLayout()
        noted.addWidget(self.note, 1)
        noted.addWidget(self.use_kept, 0, Qt.AlignmentFlag.AlignTop)
        self.wrong = look.fault()
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for blank in self.blanks:
            self.tabs.addTab(blank.name)
        self.tabs.setVisible(len(self.blanks) > 1)
        self.card = PlaceCard()
        self.apart = self.card.apart
        column = QVBoxLayout(self)
        column.setContentsMargins(16, look.gap, 16, look.gap)
        column.setSpacing(8)
        column.addLayout(top)
        inside = QWidget()
        column.addWidget(Scrolled(inside), 1)
        below = QVBoxLayout(inside)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        below.addWidget(self.rows)
        below.addLayout(noted)
        for widget in (self.wrong, self._result(), self.tabs):
            below.addWidget(widget)
        below.addWidget(self.card, 1)
        self.setFocusProxy(self.fill_button)

    def _result(self) -> QFrame:
        """What was filled, and where it lies."""
        self.result = QFrame()
        self.said = look.label("", wrap=True)
        self.open_button, self.folder_button = look.link("打开"), look.link("打开文件夹")
        row = QHBoxLayout(self.result)
        row.setContentsMargins(look.gap, 6, look.gap, 6)
        row.addWidget(self.said, 1)
        for button in (self.open_button, self.folder_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        look.mark(self.result, strip="done")
        self.result.hide()
        return self.result

    def _bind(self) -> None:
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON)
        self._soon.timeout.connect(self.match)
        for button, do in (
            (self.back_link, lambda: self.window_.close_page(self)), (self.fill_button, lambda: verbs.fill(self)),
            (self.keep_button, lambda: verbs.remember(self)), (self.use_kept, self.take_kept),
            (self.open_button, lambda: self._open(self.filled_at)),
            (self.folder_button, lambda: self._open(self.filled_at.parent if self.filled_at else None)),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, do=do: do())
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda: verbs.fill(self))
        self.rows.changed.connect(self._from_others)
        self.tabs.currentChanged.connect(lambda _: self.show_sheet())
        self.card.kind_said.connect(self.set_kind)
        self.card.said.connect(lambda caption, words: verbs.choose(self, caption, words))
        self.apart.toggled.connect(lambda _: self._show_state())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.back_link.setText(f"← {self.window_.back_title or '返回'}")

    # --- what the office keeps of it ---

    def recall(self) -> None:
        """Match it; as it was chosen for one like it where that is kept and its words mean the same here."""
        kept, note, differs, now = self.form.kept, "", False, self.rows.listing
        if kept is not None:
            note = f"这张空表和记住的“{kept.title}”一样，"
            try:
                theirs = listing_of(kept)
            except (LookupError, ValueError):
                note += "但它的台账或条件已经不在了，现在按题名重新认。"
            else:
                same = theirs.ledger.record is now.ledger.record
                if same:
                    self.choices, self.kinds = choices_of(kept), self._kinds(kept)
                differs = (theirs.ledger.title, theirs.where) != (now.ledger.title, now.where)
                note += "已用上次的取数。" if same else f"上次取自“{theirs.ledger.title}”。"
        self._note(note, differs)
        self._name()
        self.match()

    def take_kept(self) -> None:
        """Fill it as it was remembered: ledger, condition, kinds and choices."""
        kept = self.form.kept
        assert kept is not None
        try:
            theirs = listing_of(kept)
        except (LookupError, ValueError) as gone:
            self._note(f"记住的台账或条件用不了了：{gone}")
        else:
            named = self.window_.entries.named().items()
            name = next((name for name, ledger in named if ledger.title == theirs.ledger.title), "")
            self.choices, self.kinds = choices_of(kept), self._kinds(kept)
            self.rows.show_listing(name, theirs)
            self._note("")
        self._name()
        self.match()

    def _kinds(self, kept: BoundForm) -> dict[str, str]:
        kind = kind_of(kept)
        return {blank.name: kind for blank in self.blanks if kind} if isinstance(kind, str) else dict(kind)

    def now_kept(self, kept: BoundForm) -> None:
        """It was remembered."""
        self.form = Form(self.form.name, self.form.path, kept)
        self._note("")
        self._name()

    def _name(self) -> None:
        """Its title, its entry in the contents, and whether it can be forgotten."""
        kept, path = self.form.kept, self.form.path
        self.name = verbs.name_of(kept) if kept and path is None else ""
        self.title.setText(kept.title if kept and path is None else self.form.name)
        self.drop_action.setEnabled(kept is not None)

    def _note(self, sentence: str, differs: bool = False) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self.use_kept.setVisible(differs)

    # --- what goes where ---

    def match(self) -> None:
        """Find out anew what would be filled, on the reading thread."""
        self._soon.stop()
        if self._job is not None:
            self._job.drop()
        name, blanks, listing = self.form.name, self.blanks, self.rows.listing.but()
        kinds, choices = dict(self.kinds), dict(self.choices)

        def work(progress: Progress) -> list[Match]:
            with here().file.reading():
                found = match_sheets(name, blanks, listing, kinds, choices, progress)
            progress(len(blanks), len(blanks), "核对空表")
            return found

        self._job = self.window_.tasks.read_long("核对空表", work, self._matched, self._unmatched)
        self._show_state()

    def _matched(self, matches: list[Match]) -> None:
        first = not self.matches
        self._job, self._why, self.matches = None, "", matches
        at = next((at for at, match in enumerate(matches) if match.kind), 0)
        with QSignalBlocker(self.tabs):
            if first:
                self.tabs.setCurrentIndex(at)
            for number, match in enumerate(matches):
                self.tabs.setTabText(number, match.sheet if match.kind else f"{match.sheet} · 不填")
        self.show_sheet()
        if first and self.isVisible():
            self.fill_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _unmatched(self, error: Exception) -> None:
        """Nothing is recognised, or nobody waited for it: another ledger or kind may do."""
        self._job, self.matches = None, []
        self._why = STOPPED if isinstance(error, Cancelled) else str(error) if isinstance(error, Trouble) else ""
        if not self._why:
            self.window_.tell(error)
        self.show_sheet()

    def show_sheet(self) -> None:
        """Show the sheet whose tab is chosen."""
        at = max(self.tabs.currentIndex(), 0)
        match = self.matches[at] if self.matches else Match(self.blanks[at].name if self.blanks else "", "")
        kinds = {one.kind for one in self.matches if one.kind}
        self.card.show_match(match, self.choices, self.rows.listing.ledger.record, kinds == {SINGLE})
        self._show_state()

    def set_kind(self, kind: str) -> None:
        """The clerk says what the sheet that is shown is."""
        self.kinds[self.blanks[self.tabs.currentIndex()].name] = kind
        self.match()

    def choose(self, caption: str, words: str | None) -> None:
        """The clerk says what a place is filled from: "" for blank, None for what is recognised."""
        self.choices.pop(caption, None)
        if words is not None:
            self.choices[caption] = words
        self._soon.start()
        self._show_state()

    def _from_others(self, others: bool) -> None:
        if others:
            self.choices = {}
        self.match()

    def settle(self) -> bool:
        """Take what stands in all inputs; whether it can be read."""
        return self.rows.settle() and self.card.table.settle()

    @property
    def is_apart(self) -> bool:
        """Whether each row gets a file of its own."""
        return self.apart.isChecked() and {one.kind for one in self.matches if one.kind} == {SINGLE}

    def why_no_match(self) -> str:
        """Why nobody knows yet what would be filled, or nothing."""
        return MATCHING if self._job is not None or self._soon.isActive() else self._why

    def why_not(self) -> str:
        """Why it cannot be filled now, or nothing."""
        if why := roles.why_not("export") or self.why_no_match():
            return why
        if self._filling is not None:
            return "正在填表，请稍等。"
        if not any(match.cells for match in self.matches):
            return "这个条件下没有要填的内容，请改条件或换一个台账。"
        copies = sum(match.rows for match in self.matches if match.kind == SINGLE)
        if copies > MOST_COPIES and not self.is_apart:
            most = f"一个工作簿最多 {MOST_COPIES:,} 份，现有 {copies:,} 份"
            return f"{most}，请缩小条件，或勾选“{self.apart.text()}”。"
        return ""

    def _show_state(self) -> None:
        """What can be done now, and why not."""
        why, no_match = self.why_not(), self.why_no_match()
        self.fill_button.setEnabled(not why)
        self.fill_button.setToolTip(why)
        why_not_kept = roles.why_not("arrange") or no_match
        self.keep_button.setEnabled(not why_not_kept)
        self.keep_button.setToolTip(why_not_kept)
        said = "" if why == MATCHING or self._filling is not None else why
        self.wrong.setText(said)
        self.wrong.setVisible(bool(said))

    # --- filled ---

    def begin(self, job: Job) -> None:
        """It is being filled."""
        self._filling = job
        self.result.hide()
        self._show_state()

    def end(self, said: str = "", place: Path | None = None) -> None:
        """It is filled, or was stopped; where it lies and what was kept."""
        self._filling, self.filled_at = None, place
        self.said.setText(said)
        self.result.setVisible(bool(said))
        self._show_state()
        if said and self.isVisible():
            self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, place: Path | None) -> None:
        if place is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))

    # --- of a page ---

    def refresh(self, tables: frozenset[str]) -> None:
        """Something was written: the numbers may be others."""
        if tables - {"bound_form"}:
            self._soon.start()
            self._show_state()

    def restyle(self) -> None:
        """The size of type changed."""
        self.card.restyle()
        self.tools.arrange()

    def leave(self) -> None:
        """The page is about to go."""
        self._soon.stop()
        if self._job is not None:
            self._job.drop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a button presses it, Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.window_.close_page(self)
        elif event.key() in ENTERS and isinstance(focused := self.focusWidget(), look.Button):
            focused.click()
        else:
            super().keyPressEvent(event)
