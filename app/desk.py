"""The desk: what the window is wired to. Welcome, opening a data file, printing, exporting, importing, backing up."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from app.models.faults import Reject, Stale, Trouble
from app.settings import Settings, log_folder


def open_window(place: str) -> int:
    """Show the window on a data file, or the welcome page, until it is closed; the exit code of the program."""
    from app import opening  # noqa: F401  (before Qt: once it is there, it reads the source of whatever is imported)

    from PySide6.QtWidgets import QApplication  # isort: skip

    from app.ui import look, trouble

    settings = Settings.load()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("连心台账")
    look.apply(app, settings.type_size)
    trouble.log_to(log_folder())
    desk = Desk(settings)
    trouble.catch_all(lambda: desk.strip)
    if not (place and desk.open(place)) and not desk.shown:
        desk.welcome("")
    return app.exec()


class Desk:
    """One window at a time, on one data file at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.window: Any = None
        self.greeting: Any = None
        self._open = ExitStack()  # the data file and its window lock

    @property
    def shown(self) -> bool:
        return self.window is not None or self.greeting is not None

    @property
    def strip(self) -> Any:
        """Where a message stands: in the window, or on the welcome page."""
        return getattr(self.window or self.greeting, "strip", None)

    # --- welcome ---

    def welcome(self, sentence: str) -> None:
        """Show the welcome page, with what went wrong if something did."""
        from app.ui.welcome import Welcome

        page = Welcome(self.settings.recent)
        page.open_asked.connect(self.open)
        page.new_asked.connect(self.make_new)
        page.demo_asked.connect(self.make_demo)
        page.restore_asked.connect(self.restore)
        if sentence:
            page.strip.tell(sentence, "late")
        self.greeting = page
        page.show()

    def make_new(self, place: str, county: str, township: str, villages: list[str]) -> None:
        from app.work.places import found_township

        self._make(place, lambda: found_township(county, township, villages))

    def make_demo(self, place: str) -> None:
        from datetime import date

        from app.work.demo import make_demo

        self._make(place, lambda: make_demo(seed=1, day=date.today()))

    def _make(self, place: str, fill: Any) -> None:
        from app.opening import opened

        try:
            with opened(place, new=True):
                fill()
        except (Reject, Trouble) as error:
            self.strip.tell(str(error), "late")
            return
        self.open(place)

    def restore(self, backup: str, place: str) -> None:
        from app.work.backup import restore

        try:
            restore(Path(backup), place)
        except (Reject, Stale, Trouble) as error:
            self.strip.tell(str(error), "late")
            return
        self.open(place)

    # --- the window ---

    def open(self, place: str) -> bool:
        """Open a data file in the window; False when it cannot be, and why stands on the welcome page."""
        from app.models.here import stand
        from app.opening import opened
        from app.settings import who
        from app.work.window_lock import only_window

        self._open.close()
        try:
            if "://" not in place:
                self._open.enter_context(only_window(Path(place), who()))
            stand(self._open.enter_context(opened(place)))
        except Trouble as error:
            self._open.close()
            if self.greeting is None:
                self.welcome(str(error))
            else:
                self.greeting.strip.tell(str(error), "late")
            return False
        self.settings.opened(place)
        self._show()
        return True

    def _show(self) -> None:
        from app.ui.window import Window
        from app.work.office import demo_day, office_name

        day = demo_day()
        band = ""
        if day:
            band = f"演示数据，人物全部虚构，以 {day.year}年{day.month}月{day.day}日 为今天；打印件带有标记。"
        self.window = Window(office_name(), band)
        wire(self.window)
        self.window.size_chosen.connect(self._keep_size)
        self.window.closing.connect(self._leave)
        self.window.open_ledger("households")
        self.window.show()
        if self.greeting is not None:
            self.greeting.close()
            self.greeting = None

    def _keep_size(self, size: str) -> None:
        self.settings.type_size = size
        self.settings.save()

    def _leave(self) -> None:
        """Back up and let go of the file when the window closes; it is out of sight before that."""
        from app.work import backup

        self.window.hide()
        try:
            backup.automatic("exit", self.settings.backup_folder())
        except Trouble as error:
            print(error, file=sys.stderr)
        self._open.close()


def wire(window: Any) -> None:
    """Answer what the window asks of papers and sheets; what they need is loaded when they are first asked."""
    from app.ui.contents_bar import Entry

    window.print_asked.connect(lambda listing, keys: _outputs().print_listing(window, listing, list(keys or ())))
    window.export_asked.connect(lambda listing, keys: _outputs().export_listing(window, listing, list(keys or ())))
    window.paper_asked.connect(lambda paper, key: _outputs().print_paper(window, paper, key))
    window.import_asked.connect(lambda name: _import(window, name))
    window.entries.add("数据", Entry("import", "导入名单", lambda: _import(window, "persons")))
    window.entries.add("数据", Entry("backup", "备份…", lambda: _back_up(window)))


def _back_up(window: Any) -> None:
    """Ask where to, and write a backup of the open data file."""
    from datetime import datetime

    from app.models.here import here
    from app.models.progress import Progress
    from app.work.backup import back_up

    name = f"{Path(here().file.name).stem}-{datetime.now():%Y-%m-%d-%H%M}.db"
    place = _outputs().ask_place(window, "备份数据文件", name, "数据文件 (*.db)")
    if place is not None:

        def work(progress: Progress) -> str:
            return "已备份。" + back_up(place, progress).sentence()

        window.tasks.write("备份", work, window.say)


def _outputs() -> Any:
    from app.ui import outputs

    return outputs


def _import(window: Any, name: str) -> None:
    from app.ledgers.contents import ledger_called
    from app.ui.plan_page import PlanPage

    page = PlanPage(window, ledger_called(window.source_name(name)))
    window.show_page(page, page.title)
