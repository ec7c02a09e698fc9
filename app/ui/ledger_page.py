"""THE page of a ledger: every list in the program is shown by it, and it knows none of them by name."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.ledgers.dossier import counted_in
from app.ledgers.ledger import Column
from app.ledgers.listing import Group, Listing, in_words
from app.models import notes, roles
from app.models.conditions import Compare, Condition, both
from app.ui import copying, look
from app.ui import ledger_verbs as verbs
from app.ui.filters import parts, paths_of, without
from app.ui.heading import Heading, Marks
from app.ui.heading_filter import HeadingFilter
from app.ui.ledger_frame import LedgerFrame
from app.ui.search_box import has_words
from app.ui.tasks import Job

if TYPE_CHECKING:
    from app.ui.window import Window

QUICK = 0.05  # seconds that the window's thread may read; what took longer is read by the other thread next time
SUMMED = 50_000  # rows up to which the title says sums
SUMMED_AT_ONCE = 50  # chosen rows whose sums are read on the window's thread
LATER = 80  # milliseconds after the last change of the choice


class LedgerPage(LedgerFrame):
    """`name` is the ledger's entry in the contents, under which its clerk's columns and widths are kept."""

    def __init__(self, window: Window, name: str, listing: Listing) -> None:
        super().__init__(listing.ledger, window.tasks, window.stack)
        self.window_, self.name = window, name
        self.listing = listing if listing.columns else listing.but(columns=self._kept_columns())
        self._widths: dict[str, int] = notes.recall(f"widths:{name}") or {}
        self._job: Job | None = None
        self._sums: Job | None = None
        self._took = QUICK + 1  # unknown yet: read by the other thread
        self._bind()
        self.filters.show_listing(self.listing)
        self.load()

    def _bind(self) -> None:
        for button, do in (
            (self.new, self.new_row), (self.bulk, lambda: verbs.bulk(self)), (self.groups_button, self.toggle_groups),
            (self.print, lambda: verbs.print_(self)), (self.export, lambda: verbs.export(self)),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, do=do: do())
        for action, button in self.whole:
            button.clicked.connect(lambda _=False, action=action: verbs.act(self, action))
        for text, do in (
            ("选择列…", self.choose_columns), ("恢复列宽", self.forget_widths),
            ("恢复原来的排序", lambda: self.change(order=())),
            ("保存为我的台账…", lambda: verbs.keep(self)), ("加入临时台账…\tCtrl+J", lambda: verbs.to_list(self)),
            ("填上级空表…", lambda: verbs.fill_form(self)), ("显示或隐藏详情\tF8", self.toggle_detail),
        ):  # fmt: skip
            self.tools.add_seldom(text, do)
        copying.bind(self)
        if self.ledger.form:
            self.tools.add_seldom("从表格导入…", self.ask_import)
        if ":" in self.name:
            self.tools.add_seldom("删除这个自设台账", lambda: verbs.drop_own(self))
        keys: list[tuple[str, Any]] = [
            ("F5", self.new_row), ("Ctrl+P", lambda: verbs.print_(self)), ("Ctrl+G", self.toggle_groups),
            ("F8", self.toggle_detail), ("Ctrl+I", self.open_dossier), ("Ctrl+J", lambda: verbs.to_list(self)),
        ]  # fmt: skip
        keys += [(one.key, lambda one=one: verbs.act(self, one)) for one in self.ledger.actions if one.key]
        for key, do in keys:
            QShortcut(QKeySequence(key), self).activated.connect(do)
        self.filters.changed.connect(lambda changes: self.change(**changes))
        self.filters.column_asked.connect(self.open_filter)
        self.table.opened.connect(self.open_row)
        self.table.sorted_by.connect(self.sort_by)
        self.table.filter_asked.connect(self._filter_column)
        self.detail.page_asked.connect(self.open_dossier)
        self.detail.open_asked.connect(lambda: self.open_row(self.table.current_key()))
        self.detail.action_asked.connect(lambda action: verbs.act(self, action))
        self.detail.paper_asked.connect(lambda paper: self.window_.paper_asked.emit(paper, self.detail.key))
        self.groups.opened.connect(self.open_group)
        self.groups.closed.connect(self.toggle_groups)
        self.empty.new.clicked.connect(self.new_row)
        self.empty.load.clicked.connect(self.ask_import)
        self.empty.clear.clicked.connect(lambda: self.change(where=None, search="", day=None))
        self._choice, self._widen = QTimer(self), QTimer(self)
        for timer, wait, do in ((self._choice, LATER, self._show_choice), (self._widen, 1000, self._keep_widths)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(do)
        self.table.chosen.connect(self._choice.start)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._choice.start())
        self.table.resized.connect(self._set_width)

    # --- rows ---

    def load(self) -> None:
        """Read the keys anew and show the rows: here if it was quick last time, else by the reading thread."""
        if self._job:
            self._job.drop()
        listing = self.listing.but()
        if self._took <= QUICK:
            self._show(_loaded(listing))
        else:
            self._job = self.window_.tasks.read(lambda: _loaded(listing), self._show)

    def _show(self, loaded: tuple[Listing, float]) -> None:
        self._job = None
        self.listing, self._took = loaded
        self.table.show_listing(self.listing, self._widths)
        some = bool(self.table.rows.keys)
        self.middle.setCurrentWidget(self.table if some else self.empty)
        self.empty.show_for(self.listing)
        self._mark_headings()
        self._say_counts()
        self.groups.show_listing(self.listing)
        empty = None if some else "现在没有可以打印、导出的行。"
        for button, why in (
            (self.print, roles.why_not("print") or empty), (self.export, roles.why_not("export") or empty),
            (self.new, verbs.why_no_new(self)), (self.empty.new, verbs.why_no_new(self)),
            (self.empty.load, verbs.why_no_import(self)),
        ):  # fmt: skip
            button.setEnabled(why is None)
            button.setToolTip(why or "")
        self._enable_bulk()
        self._choice.start()

    def _say_counts(self) -> None:
        number, word = len(self.table.rows.keys), self.ledger.record.word
        said = f"{number:,} {counted_in(word)}" + (f" · {told()}" if (told := self.ledger.record.told) else "")
        self.counts.setText(said)
        adding = any(column.path.adds for column in self.listing.shown)
        if self._sums:
            self._sums.drop()
        if adding and 0 < number <= SUMMED:
            listing = self.listing
            tell = lambda sums: self.counts.setText(said + self._summed(sums))  # noqa: E731
            self._sums = self.window_.tasks.read(listing.sums, tell)

    def _summed(self, sums: dict[str, str]) -> str:
        captions = {column.text: column.caption for column in self.listing.shown}
        return "".join(f" · {captions[path]} {in_words(total)}" for path, total in sums.items())

    def change(self, **changes: Any) -> None:
        """Change parts of the listing: filter, search, order, day, columns."""
        self.listing = self.listing.but(**changes)
        self.filters.show_listing(self.listing)
        self.load()

    def search(self, text: str) -> None:
        """Show the rows that the words find; where rows have no words, those whose name holds the text."""
        name = self.ledger.shown[0].text
        if has_words(self.ledger):
            self.change(search=text)
        else:
            self._filter(name, Compare(name, "含", text) if text else None)

    def refresh(self, tables: frozenset[str]) -> None:
        """Something was written: read again; the chosen rows and the place on the page stay."""
        self.load()

    def look_at(self, record: Any, key: int) -> None:
        """Go to a row of this record that was just registered."""
        if record is self.ledger.record:
            self.table.look_at(key)

    def leave(self) -> None:
        """The page is about to go, or the file to be closed: nothing more is asked."""
        self._choice.stop()
        self._widen.stop()
        for job in (self._job, self._sums):
            if job:
                job.drop()

    def restyle(self) -> None:
        """The size of type changed."""
        self.side.setFixedWidth(look.width("side"))
        self.table.restyle()
        self.filters.show_listing(self.listing)
        self.tools.arrange()
        self.load()

    # --- order and filters ---

    def order(self) -> tuple[str, ...]:
        """The order that counts now."""
        return self.listing.order or tuple(self.ledger.order.split())

    def sort_by(self, at: int, add: bool = False) -> None:
        """Order by a column, the other way round when it is so already; with `add` after what it is ordered by."""
        path = self.listing.shown[at].text
        order = list(self.listing.order)
        now = next((one for one in order if one.lstrip("-") == path), None)
        turned = f"-{path}" if now == path else path
        if not add:
            order = [turned]
        elif now is None:
            order.append(path)
        else:
            order[order.index(now)] = turned
        self.change(order=tuple(order))

    def _mark_headings(self) -> None:
        at = {column.text: number for number, column in enumerate(self.listing.shown)}
        order = [one for one in self.listing.order if one.lstrip("-") in at]
        several = len(order) > 1
        sorts = {at[one.lstrip("-")]: (number if several else 0, one[0] == "-") for number, one in enumerate(order, 1)}
        filtered = {at[path] for part in parts(self.listing.where) for path in paths_of(part) if path in at}
        for heading in (self.table.heading, self.table.frozen_heading):
            assert isinstance(heading, Heading)
            heading.show_marks(Marks(sorts, frozenset(filtered)))

    def _filter_column(self, at: int) -> None:
        heading = self.table.frozen_heading if at == 0 else self.table.heading
        assert isinstance(heading, Heading)
        self.open_filter(self.listing.shown[at].text, heading, heading.section_rect(at).bottomLeft())

    def open_filter(self, path: str, under: QWidget, at: QPoint | None = None) -> HeadingFilter:
        """Open the drop-down of a column under a heading or a chip."""
        popup = HeadingFilter(self, self.window_.tasks, self.listing, path)
        popup.answered.connect(lambda condition: self._filter(path, condition))
        popup.sorted.connect(lambda down: self.change(order=(f"-{path}" if down else path,)))
        popup.open_below(under, at)
        return popup

    def _filter(self, path: str, condition: Condition | None) -> None:
        self.change(where=both(without(self.listing.where, path), condition))

    # --- columns ---

    def _kept_columns(self) -> tuple[Column, ...]:
        found = []
        for text in notes.recall(f"columns:{self.name}") or ():
            try:
                found.append(self.ledger.column(text))
            except LookupError:  # the fact is gone since
                continue
        return tuple(found)

    def choose_columns(self) -> None:
        from app.ui.columns_dialog import ColumnsDialog

        dialog = ColumnsDialog(self, self.ledger, self.listing.shown)
        dialog.chosen.connect(self.set_columns)
        dialog.new_asked.connect(lambda: verbs.new_column(self))
        dialog.open_below(self.tools.more)

    def set_columns(self, columns: tuple[Column, ...]) -> None:
        """Show these columns from now on, or those of the ledger for none; kept for this clerk."""
        if ":" in self.name and columns and roles.may("arrange"):
            verbs.keep_columns(self, columns)
        else:
            kept = [f"{column.text}={column.caption}" for column in columns] or None
            self.window_.tasks.note(lambda: notes.remember(f"columns:{self.name}", kept))
        self.change(columns=columns)

    def _set_width(self, path: str, width: int) -> None:
        self._widths[path] = width
        self._widen.start()

    def _keep_widths(self) -> None:
        kept = dict(self._widths)
        self.window_.tasks.note(lambda: notes.remember(f"widths:{self.name}", kept))

    def forget_widths(self) -> None:
        """Widths by what stands in the columns again."""
        self._widths = {}
        self.window_.tasks.note(lambda: notes.remember(f"widths:{self.name}", None))
        self.load()

    # --- what is chosen ---

    def side_changed(self) -> None:
        self._show_choice()

    def _show_choice(self) -> None:
        key, count = self.table.current_key(), self.table.chosen_count()
        keys = self.table.chosen_keys(verbs.MOST_CHOSEN) if count or key is None else [key]
        if self._is_side_shown() and self.side.currentWidget() is self.detail:
            self.detail.show_row(self.listing, key, keys)
        self._enable_bulk()
        self._selected = f"选中 {count:,} 行" if count else ""
        self.tell_selection()
        if count >= 1 and any(column.path.adds for column in self.listing.shown):
            self._sum_choice(count)

    def _enable_bulk(self) -> None:
        why = verbs.why_no_bulk(self)
        self.bulk.setEnabled(why is None)
        self.bulk.setToolTip(why or "")

    def _sum_choice(self, count: int) -> None:
        listing = self.listing
        if count <= SUMMED_AT_ONCE:
            self._say_sums(listing.sums(self.table.chosen_keys()))
        elif count == len(self.table.rows.keys):
            self.window_.tasks.read(listing.sums, self._say_sums)
        else:
            keys = self.table.chosen_keys()
            self.window_.tasks.read(lambda: listing.sums(keys), self._say_sums)

    def _say_sums(self, sums: dict[str, str]) -> None:
        if self._selected:
            self._selected = self._selected.partition(" · ")[0] + self._summed(sums)
            self.tell_selection()

    def tell_selection(self) -> None:
        if self.window_.page is self:
            self.window_.say_selection(getattr(self, "_selected", ""))

    def new_row(self) -> None:
        if not verbs.say_why(self, verbs.why_no_new(self)):
            self.window_.open_form(self.ledger, None)

    def ask_import(self) -> None:
        """Ask whoever imports for a spreadsheet into this ledger."""
        if not verbs.say_why(self, verbs.why_no_import(self)):
            self.window_.import_asked.emit(self.window_.source_name(self.name))

    def open_row(self, key: int | None) -> None:
        if key is not None and self.ledger.form:
            self.window_.open_form(self.ledger, key)
        elif key is not None:
            verbs.lead(self, key)

    def open_dossier(self) -> None:
        """Open the page (档) of the row that is looked at."""
        if (key := self.table.current_key()) is not None:
            from app.ui.dossier_page import open_dossier  # loaded when the first is opened

            open_dossier(self.window_, self.ledger.record, key)

    def open_group(self, group: Group) -> None:
        """Open the rows of one value as a page of their own."""
        where = both(self.listing.where, group.condition)
        self.window_.open_listing(self.name, self.listing.but(where=where))


def _loaded(listing: Listing) -> tuple[Listing, float]:
    """The listing with its keys read, and how many seconds that took."""
    began = time.perf_counter()
    listing.keys()
    return listing, time.perf_counter() - began
