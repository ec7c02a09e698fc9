"""The first page of the morning (工作台), drawn from its declaration: numbers that open into the rows they count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ledgers.home import EMPTY, HOME, Chart, Count, Told
from app.ledgers.listing import Group
from app.ui import look
from app.ui.bars import Bars, Line, Stops, Tiles
from app.ui.rows import Elided, Scrolled
from app.ui.tasks import Job

if TYPE_CHECKING:
    from app.ui.window import Window

Work = Callable[[], Any]
Show = Callable[[Any], None]
AHEAD = 4  # numbers asked for at once
HINT = "每个数都能打开，看到的就是数出来的那些行。方向键选，Enter 打开。"
ENTRY, TITLE = "home", "工作台"
BESIDE, BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


def open_home(window: Window, backups: Path | None = None) -> HomePage:
    """Open the page; `backups` is where automatic backups of a data file on a server lie."""
    page = HomePage(window, backups)
    window.show_page(page, TITLE)
    return page


class HomePage(QWidget):
    """Everything is read on the reading thread, number by number; `told()` when the last of it stands there."""

    name = ENTRY
    told = Signal()

    def __init__(self, window: Window, backups: Path | None = None) -> None:
        super().__init__(window.stack)
        self.window_, self.backups, self.home = window, backups, HOME.seen()
        self.tiles, self.lacking, self.counts = Tiles(), Bars(), Bars()
        self.charts = [(chart, Bars()) for chart in self.home.charts]
        self.found: dict[Count, Told] = {}
        self.groups: dict[Chart, list[Group]] = {}
        self.is_told = False
        self._jobs: list[Job] = []
        self.setObjectName("page")
        self._build()
        self.setFocusProxy(self.stops[0])
        self.load()

    # --- what stands there ---

    @property
    def parts(self) -> list[tuple[Stops, tuple[Count, ...]]]:
        """What shows which numbers."""
        return [(self.tiles, self.home.first), (self.lacking, self.home.lacking), (self.counts, self.home.counts)]

    @property
    def stops(self) -> list[Stops]:
        return [self.tiles, self.lacking, self.counts, *(bars for _, bars in self.charts)]

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(look.gap)
        head.addWidget(look.title(TITLE))
        self.hint = Elided(HINT, "soft")
        head.addWidget(self.hint, 1)
        for stops, counts in self.parts:
            stops.show_lines([Line(count.title) for count in counts])
            stops.opened.connect(partial(self._open_count, stops, counts))
        self.lasts = [look.label("", "soft", wrap=True) for _ in range(3)]
        last = QVBoxLayout()
        last.setContentsMargins(look.gap, 0, look.gap, 4)
        for label in self.lasts:
            last.addWidget(label)
        cards = [[_card("待办与缺项", self.lacking), _card("导入、备份和体检", last)], [_card("现有", self.counts)], []]
        for at, (chart, bars) in enumerate(self.charts):
            cards[1 if at == 0 else 2].append(_card(chart.title, bars))
            bars.opened.connect(partial(self._open_bar, chart, bars))
        self.columns, self.right = QBoxLayout(BESIDE), QBoxLayout(BESIDE)
        for layout, some in ((self.columns, cards[:1]), (self.right, cards[1:])):
            layout.setSpacing(look.gap)
            for column in some:
                layout.addLayout(_column(column), 1)
        self.columns.addLayout(self.right, 2)
        inside = QWidget()
        shown = QVBoxLayout(inside)
        shown.setContentsMargins(0, 0, 0, 0)
        shown.setSpacing(look.gap)
        shown.addWidget(self.tiles)
        shown.addLayout(self.columns)
        shown.addStretch(1)
        self.area = Scrolled(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, look.gap, 16, look.gap)
        whole.setSpacing(look.gap)
        whole.addLayout(head)
        whole.addWidget(self.area, 1)
        for stops in self.stops:
            stops.stepped.connect(partial(self._step, stops))
            stops.reached.connect(partial(self._reveal, stops))

    # --- reading ---

    def load(self) -> None:
        """Count all of it anew; what stands there stays until then. The next is asked for when one has been shown, so
        that whatever else is read meanwhile waits for a few numbers at most."""
        self.leave()
        self.is_told = False
        pieces = self._pieces()
        for _ in range(AHEAD):
            self._read(pieces)

    def _pieces(self) -> Iterator[tuple[Work, Show]]:
        """What is to be read, and what then shows it, in the order in which it is looked at."""
        for stops, counts in self.parts:
            for at, count in enumerate(counts):
                yield partial(_counted, count), partial(self._show_count, stops, at, count)
        for chart, bars in self.charts:
            yield chart.bars, partial(self._show_bars, chart, bars)
        yield partial(_last, self.backups), self._show_last

    def _read(self, pieces: Iterator[tuple[Work, Show]]) -> None:
        """Ask for the next piece; when it has been shown, for another one."""
        work, show = next(pieces, (None, None))
        if work is None or show is None:
            if not self._jobs and not self.is_told:
                self.is_told = True
                self.hint.setText(HINT if any(told.number for told in self.found.values()) else EMPTY)
                self.told.emit()
            return

        def shown(answer: Any) -> None:
            self._jobs.remove(job)
            show(answer)
            self._read(pieces)

        job = self.window_.tasks.read(work, shown, self._failed)
        self._jobs.append(job)

    def _failed(self, error: Exception) -> None:
        """What went wrong is told once, and the rest not asked for."""
        self.leave()
        self.window_.tell(error)

    def refresh(self, tables: frozenset[str]) -> None:
        """Something was written: count again."""
        self.load()

    def leave(self) -> None:
        for job in self._jobs:
            job.drop()
        self._jobs.clear()

    def _show_count(self, stops: Stops, at: int, count: Count, answer: tuple[Told, str]) -> None:
        told, sentence = answer
        self.found[count] = told
        lines = list(stops.lines)
        tone = count.tone if told.number and count.tone else "" if told.number else "faint"
        lines[at] = Line(count.title, f"{told.number:,}", told.said, None, tone, sentence)
        stops.show_lines(lines)

    def _show_bars(self, chart: Chart, bars: Bars, groups: list[Group]) -> None:
        self.groups[chart] = groups
        bars.parentWidget().setVisible(bool(groups))
        most = max((group.count for group in groups), default=0) or 1
        bars.show_lines([Line(group.text, f"{group.count:,}", "", group.count / most) for group in groups])

    def _show_last(self, sentences: tuple[str, ...]) -> None:
        for label, sentence in zip(self.lasts, sentences, strict=True):
            label.setText(sentence)

    # --- going about ---

    def _open_count(self, stops: Stops, counts: tuple[Count, ...], at: int) -> None:
        self.setFocusProxy(stops)  # where the keyboard is when one comes back
        self.window_.open_listing(counts[at].name, counts[at].listing())

    def _open_bar(self, chart: Chart, bars: Bars, at: int) -> None:
        self.setFocusProxy(bars)
        self.window_.open_listing(chart.name, chart.listing().but(where=self.groups[chart][at].condition))

    def _rect(self, stops: Stops, at: int) -> QRect:
        rect = stops.place(at)
        return QRect(stops.mapTo(self.area.widget(), rect.topLeft()), rect.size())

    def _step(self, stops: Stops, x: int, y: int) -> None:
        """To the nearest line in a direction: up and down to what stands above or below, else to what is beside."""
        here = self._rect(stops, stops.current)
        found: tuple[int, Stops, int] | None = None
        for other in self.stops:
            for at in range(len(other.lines)):
                rect = self._rect(other, at)
                apart = rect.center() - here.center()
                above = rect.left() <= here.right() and rect.right() >= here.left()
                if apart.x() * x + apart.y() * y <= 0 or bool(y) != above:
                    continue
                far = QPoint.dotProduct(apart, apart) if y else abs(apart.x()) + 3 * abs(apart.y())
                if found is None or far < found[0]:
                    found = (far, other, at)
        if found:
            found[1].choose(found[2])

    def _reveal(self, stops: Stops) -> None:
        """Scroll the page to the line that has the keyboard."""
        if stops.lines:
            rect, edge = self._rect(stops, stops.current), look.row_height()
            self.area.ensureVisible(0, rect.top(), 0, edge)
            self.area.ensureVisible(0, rect.bottom(), 0, edge)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.area.verticalScrollBar()
        step = self.area.viewport().height() - look.row_height()
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            bar.setValue(bar.value() + (step if event.key() == Qt.Key.Key_PageDown else -step))
        elif event.key() == Qt.Key.Key_Home:
            self.stops[0].choose(0)
        else:
            super().keyPressEvent(event)

    # --- size ---

    def restyle(self) -> None:
        """The size of type changed."""
        for stops in self.stops:
            stops.updateGeometry()
            stops.update()
        self._fit()

    def _fit(self) -> None:
        """Three columns, or as many as there is room for."""
        room = self.width() // look.width("home_column")
        self.columns.setDirection(BESIDE if room > 1 else BELOW)
        self.right.setDirection(BESIDE if room > 2 else BELOW)
        self.columns.setStretch(1, 2 if room > 2 else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        if self.is_told:  # what is no fact changes without news: findings, backups, the day
            self.load()


def _last(backups: Path | None) -> tuple[str, ...]:
    from app.work.last import told_of_backup, told_of_check_up, told_of_import  # what writes backups comes with it

    return told_of_import(), told_of_backup(backups), told_of_check_up()


def _counted(count: Count) -> tuple[Told, str]:
    return count.tell(), count.listing().sentence()


def _column(cards: list[QFrame]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(look.gap)
    for card in cards:
        column.addWidget(card)
    column.addStretch()
    return column


def _card(title: str, inside: Any) -> QFrame:
    card = look.card()
    column = QVBoxLayout(card)
    column.setContentsMargins(1, 8, 1, 8)
    column.setSpacing(4)
    head = QHBoxLayout()
    head.setContentsMargins(look.gap, 0, look.gap, 0)
    head.addWidget(look.heading(title))
    column.addLayout(head)
    if isinstance(inside, QWidget):
        column.addWidget(inside)
    else:
        column.addLayout(inside)
    return card
