"""The window: top bar, contents, pages with back and forward, and the status line. It knows no register by name."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ledgers import forms
from app.ledgers.ledger import Ledger
from app.ledgers.listing import Listing
from app.models import history
from app.models.faults import Trouble
from app.models.here import here
from app.models.progress import Progress
from app.papers.fonts import rarest_font
from app.ui import look, trouble
from app.ui.contents_bar import ContentsBar
from app.ui.menu import KEPT, Menu
from app.ui.rows import Elided
from app.ui.search_box import can_search, open_found, searched_ledger
from app.ui.status_line import StatusLine
from app.ui.tab_order import TabbedWindow
from app.ui.tasks import Tasks
from app.ui.top_bar import TopBar

POLL = 1000  # milliseconds between two looks at the history
RARE = 5000  # milliseconds until the font of the rarest characters is unpacked, when nobody waits for rows
KEPT_PAGES = 20


class Window(TabbedWindow):
    """`band` is a sentence that stands above everything, as for a demonstration file.

    A page is a widget, best a child of `stack` from the beginning: moved there later, all of it is styled anew. It may
    have `name` (its entry in the contents), `refresh(tables)` (called with the names of the tables that changed),
    `search(text)`, `restyle()` and `leave()`. `print_asked(listing, keys)`, `export_asked(listing, keys)` and
    `import_asked(name)` are answered by whoever wires the window.
    """

    closing = Signal()  # everything is written and the threads have ended
    size_chosen = Signal(str)  # of type, to be remembered for this computer
    print_asked = Signal(object, object)
    export_asked = Signal(object, object)
    paper_asked = Signal(object, object)
    import_asked = Signal(str)

    def __init__(self, township: str = "", band: str = "", place: str = "本机数据文件") -> None:
        super().__init__()
        self.tasks = Tasks(self)
        self.setWindowTitle("连心台账")
        self.pages: list[QWidget] = []
        self.titles: dict[QWidget, str] = {}
        self.at = -1
        self._waiting: dict[QWidget, frozenset[str]] = {}
        self._build(township, band, place)
        self.entries = Menu(self.contents, self.tasks, self._open_entry)
        self._bind()
        self.seen = history.last_number()
        self.entries.load_own()
        self._poll = QTimer(self)
        self._poll.setInterval(POLL)
        self._poll.timeout.connect(self.look_for_news)
        self._poll.start()
        self._rare = QTimer(self)
        self._rare.setSingleShot(True)
        self._rare.timeout.connect(lambda: self.tasks.aside(rarest_font, look.add_rare))
        self._rare.start(RARE)
        self._count_later = QTimer(self)
        self._count_later.setSingleShot(True)
        self._count_later.timeout.connect(self.entries.count)
        self._count_later.start(POLL)

    # --- building ---

    def _build(self, township: str, band: str, place: str) -> None:
        self.top, self.status = TopBar(self.tasks, township), StatusLine(self.tasks, place)
        self.search, self.menu, self.day, self.fold = self.top.search, self.top.menu, self.top.day, self.top.fold
        self.selection, self.said = self.status.selection, self.status.said
        self.strip = trouble.Strip()
        self.contents = ContentsBar()
        self.stack = QStackedWidget()
        self.stack.setObjectName("pages")
        self.band = QFrame()
        self.band.setObjectName("band")
        row = QHBoxLayout(self.band)
        row.setContentsMargins(16, 3, 16, 3)
        row.addWidget(Elided(band))
        self.band.setVisible(bool(band))
        above = QVBoxLayout()
        above.setContentsMargins(16, 0, 16, 0)
        above.addWidget(self.strip)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(above)
        right.addWidget(self.stack, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.contents)
        body.addLayout(right, 1)
        whole = QWidget()
        whole.setObjectName("ground")
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.band)
        column.addLayout(body, 1)
        column.addWidget(self.status)
        self.setCentralWidget(whole)
        self.setMinimumSize(look.width("least_window"), look.width("least_window_height"))
        self.resize(*look.window_size)

    def _bind(self) -> None:
        for keys, do in (
            (("F3", "Ctrl+F"), self.focus_search),
            (("F4",), self.focus_contents),
            (("Alt+Left",), self.back),
            (("Alt+Right",), self.forward),
            (("Ctrl+Z",), self.undo),
        ):
            for key in keys:
                QShortcut(QKeySequence(key), self).activated.connect(do)
        self.search.entered.connect(self.search_for)
        self.search.picked.connect(lambda key, page: open_found(self, key, page))
        self.fold.clicked.connect(self.toggle_contents)
        self.top.back.clicked.connect(self.back)
        self.top.forward.clicked.connect(self.forward)
        self.top.size_asked.connect(self.set_size)
        self.tasks.finished.connect(self.look_for_news)
        self.tasks.failed.connect(self.tell)

    # --- what pages use ---

    def show_page(self, page: QWidget, title: str) -> None:
        """Show a new page; those one had gone back from are closed."""
        for old in self.pages[self.at + 1 :]:
            self._drop(old)
        del self.pages[self.at + 1 :]
        while len(self.pages) >= KEPT_PAGES:
            self._drop(self.pages.pop(0))
        self.pages.append(page)
        self.titles[page] = title
        self.stack.addWidget(page)
        self._go(len(self.pages) - 1)

    def close_page(self, page: QWidget) -> None:
        """Close a page that is done with, as a form after saving, and show the one before it."""
        if page in self.pages:
            at = self.pages.index(page)
            self.pages.remove(page)
            self._drop(page)
            if self.pages:
                self._go(min(max(at - 1, 0), len(self.pages) - 1))
            else:
                self.at = -1

    def open_ledger(self, name: str, **changes: Any) -> QWidget:
        """Open the ledger of this English name, or a kept arrangement, with some parts of its listing changed."""
        return self.open_listing(name, Listing(self.entries.ledger(name)).but(**changes))

    def open_listing(self, name: str, listing: Listing) -> QWidget:
        """Open a listing as a page; `name` says which columns and widths its clerk keeps."""
        from app.ui.ledger_page import LedgerPage

        page = LedgerPage(self, name, listing)
        self.show_page(page, listing.ledger.title)
        return page

    def open_form(self, ledger: Ledger, key: int | None, prefill: dict[str, Any] | None = None) -> None:
        """Open the form of one row, or of a new one for None; say why where that is not allowed."""
        if why := forms.why_not_opened(ledger, key):
            self.say(why)
            return
        from app.ui.record_form import RecordForm

        page = RecordForm(self, ledger, key, prefill or {})
        self.show_page(page, f"{ledger.record.word}登记" if key is None else ledger.record.word)

    def say(self, text: str) -> None:
        """Say in the status line what was done; it goes away by itself."""
        self.status.say(text)

    def say_selection(self, text: str) -> None:
        """What is chosen on the page, at the left of the status line."""
        self.selection.setText(text)
        self.selection.setVisible(bool(text))  # so that what is said stands at the left where nothing is chosen

    def tell(self, error: BaseException) -> None:
        """Tell what went wrong, by its kind."""
        trouble.tell(self.strip, error)

    def source_name(self, name: str) -> str:
        """The English name of the declared ledger behind a name in the contents."""
        return self.entries.source_name(name)

    @property
    def page(self) -> QWidget | None:
        return self.pages[self.at] if 0 <= self.at < len(self.pages) else None

    @property
    def back_title(self) -> str:
        """The title of the page that 后退 leads to, or nothing."""
        return self.titles[self.pages[self.at - 1]] if self.at > 0 else ""

    # --- going about ---

    def _go(self, at: int) -> None:
        self.at = at
        page = self.pages[at]
        self.say_selection("")
        self.top.back.setEnabled(at > 0)
        self.top.forward.setEnabled(at + 1 < len(self.pages))
        self.stack.setCurrentWidget(page)
        self.setWindowTitle(f"{self.titles[page]} — 连心台账")
        self.contents.show_current(getattr(page, "name", ""))
        self.search.setText(getattr(getattr(page, "listing", None), "search", ""))
        if tables := self._waiting.pop(page, None):
            page.refresh(tables)
        (page.focusProxy() or page).setFocus(Qt.FocusReason.OtherFocusReason)
        if told := getattr(page, "tell_selection", None):
            told()

    def back(self) -> None:
        if self.at > 0:
            self._go(self.at - 1)

    def forward(self) -> None:
        if self.at + 1 < len(self.pages):
            self._go(self.at + 1)

    def _drop(self, page: QWidget) -> None:
        self.stack.removeWidget(page)
        self.titles.pop(page, None)
        self._waiting.pop(page, None)
        self._leave(page)
        page.deleteLater()

    def _leave(self, page: QWidget) -> None:
        if leave := getattr(page, "leave", None):
            leave()

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def focus_contents(self) -> None:
        self.contents.show()
        self.contents.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_contents(self) -> None:
        self.contents.setVisible(self.contents.isHidden())

    def search_for(self, text: str) -> None:
        """Filter the page that lies open, or else the ledger that the box searches in."""
        listing = getattr(page := self.page, "listing", None)
        if listing is not None and can_search(listing.ledger):
            page.search(text)  # type: ignore[union-attr]
            page.setFocus()  # type: ignore[union-attr]
        elif text:
            self.open_ledger(searched_ledger()[0], search=text)

    def _open_entry(self, name: str) -> None:
        self.entries.show(self, name)
        if self.fold.isVisible():
            self.contents.hide()

    # --- news ---

    def look_for_news(self) -> None:
        """Ask the history whether anything was written, here or at another desk, and let the pages know."""
        try:
            number = history.last_number()
            tables = history.tables_since(self.seen) if number != self.seen else frozenset()
        except Trouble as error:
            self.tell(error)
            return
        self.seen = number
        if not tables:
            return
        here().file.hear(tables)
        if tables & KEPT:
            self.entries.load_own()
        for page in self.pages:
            if hasattr(page, "refresh"):
                self._waiting[page] = self._waiting.get(page, frozenset()) | tables
        if self.page in self._waiting:
            self.page.refresh(self._waiting.pop(self.page))  # type: ignore[union-attr]
        self._count_later.start(POLL)

    def undo(self) -> None:
        """Undo my last operation and say what came back."""
        from app.work.undo import undo_last

        who = here().who

        def work(progress: Progress) -> str:
            return undo_last(who, progress)

        self.tasks.write("撤销", work, self.say)

    # --- size ---

    def set_size(self, size: str) -> None:
        """Another size of type for the whole window, kept for this clerk."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        look.apply(app, size)
        for part in (self.top, self.status, self.contents):
            part.restyle()
        for page in self.pages:
            if hasattr(page, "restyle"):
                page.restyle()
        self._fit()
        self.size_chosen.emit(size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a narrow window the contents fold away behind a word in the top bar."""
        narrow = self.top.fit(self.width())
        if narrow != self.fold.isVisibleTo(self):
            self.fold.setVisible(narrow)
            self.contents.setVisible(not narrow)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.tasks.busy:
            wait = f"正在{self.tasks.doing}，还没有做完。请稍等，或在右下角点“停止”，再关闭窗口。"
            self.strip.tell(wait, "soon")
            event.ignore()
            return
        self._poll.stop()
        self._count_later.stop()
        self._rare.stop()
        for page in self.pages:
            self._leave(page)
        self.tasks.close()
        self.closing.emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self._poll.isActive():
            self.look_for_news()
