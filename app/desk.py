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
        self.session: Any = None
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
        self._greet(page)

    def make_new(self, place: str, county: str, township: str, villages: list[str]) -> None:
        from app.work.places import found_township

        if self._make(place, lambda: found_township(county, township, villages)) and self.session is not None:
            self.session.ask_first_account()

    def make_demo(self, place: str) -> None:
        from datetime import date

        from app.work.demo import make_demo

        self._make(place, lambda: make_demo(seed=1, day=date.today()))

    def _make(self, place: str, fill: Any) -> bool:
        from app.opening import opened

        try:
            with opened(place, new=True):
                fill()
        except (Reject, Trouble) as error:
            self.strip.tell(str(error), "late")
            return False
        return self.open(place)

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
        from app.models.here import NOBODY, here, stand
        from app.opening import opened
        from app.settings import who
        from app.terminal import sign_in_by_environment
        from app.work.window_lock import only_window

        self._open.close()
        try:
            if "://" not in place:
                self._open.enter_context(only_window(Path(place), who()))
            stand(self._open.enter_context(opened(place, sign_in=lambda: sign_in_by_environment() or NOBODY)))
        except Trouble as error:
            self._open.close()
            if self.greeting is None:
                self.welcome(str(error))
            else:
                self.greeting.strip.tell(str(error), "late")
            return False
        self.settings.opened(place)
        if here().clerk is NOBODY:
            self._ask_who()
        else:
            self._show()
        return True

    def _ask_who(self) -> None:
        """Show the sign-in page, and the window when somebody has signed in."""
        from app.models.progress import Progress
        from app.ui.session import signed_in
        from app.ui.sign_in import SignInPage
        from app.ui.tasks import Tasks
        from app.work import demo_staff, staff
        from app.work.office import office_name

        offered = [account for account, _, _ in demo_staff.ACCOUNTS] if demo_staff.demo_account() else []
        page = SignInPage(office_name(), offered=offered, password=demo_staff.PASSWORD)
        tasks = Tasks(page)

        def enter(account: str, password: str) -> None:
            def work(progress: Progress) -> Any:
                return staff.sign_in(account, password)

            tasks.write("登录", work, entered, page.tell)

        def entered(clerk: Any) -> None:
            tasks.close()
            signed_in(clerk)
            self._show()

        def leave() -> None:
            tasks.close()
            self._open.close()
            self.welcome("")

        page.entered.connect(enter)
        page.left.connect(leave)
        self._greet(page)

    def _greet(self, page: Any) -> None:
        """Show a page before the window, in place of the one that is shown."""
        page.show()
        if self.greeting is not None:
            self.greeting.close()
        self.greeting = page

    def sign_out(self, sentence: str = "") -> None:
        """Close the window and ask who is there; `sentence` says why. What was typed stays as a draft."""
        from PySide6.QtWidgets import QApplication

        from app.models.here import here

        place, app = here().file.place, QApplication.instance()
        assert isinstance(app, QApplication)
        app.setQuitOnLastWindowClosed(False)
        if self.window.close():
            self.window.deleteLater()
            self.window = self.session = None
            if self.open(place) and sentence:
                self.strip.tell(sentence, "accent")
        app.setQuitOnLastWindowClosed(True)

    def _show(self) -> None:
        from app.ui.session import Session
        from app.ui.window import Window
        from app.work import demo_staff
        from app.work.office import demo_day, office_name

        day = demo_day()
        band = ""
        if day:
            band = f"演示数据，人物全部虚构，以 {day.year}年{day.month}月{day.day}日 为今天；打印件带有标记。"
            band += demo_staff.band()
        self.window = Window(office_name(), band)
        wire(self.window)
        self.window.size_chosen.connect(self._keep_size)
        self.window.closing.connect(self._leave)
        self.session = Session(self.window, self.settings.lock_minutes)
        self.session.out_asked.connect(self.sign_out)
        self.session.minutes_chosen.connect(self._keep_minutes)
        self._open_first()
        self.window.show()
        if self.greeting is not None:
            self.greeting.close()
            self.greeting = None

    def _open_first(self) -> None:
        """Show the page of the morning to who sees registers, and make it an entry of the contents; else a ledger."""
        from app.models import roles
        from app.ui.contents_bar import Entry
        from app.ui.home_page import ENTRY, TITLE, open_home
        from app.ui.session import first_ledger

        if not roles.may("see"):
            self.window.open_ledger(first_ledger())
            return
        window, backups = self.window, self.settings.backup_folder()

        def show_home() -> None:
            open_home(window, backups)

        window.entries.add("", Entry(ENTRY, TITLE, show_home))
        show_home()

    def _keep_size(self, size: str) -> None:
        self.settings.type_size = size
        self.settings.save()

    def _keep_minutes(self, minutes: int) -> None:
        self.settings.lock_minutes = minutes
        self.settings.save()

    def _leave(self) -> None:
        """Back up and let go of the file when the window closes; it is out of sight before that."""
        from app.work import backup, staff

        self.window.hide()
        try:
            staff.sign_out()
            backup.automatic("exit", self.settings.backup_folder())
        except Trouble as error:
            print(error, file=sys.stderr)
        self._open.close()


def wire(window: Any) -> None:
    """Answer what the window asks of papers and sheets; what they need is loaded when they are first asked."""
    from app.models import roles
    from app.ui.contents_bar import Entry

    window.print_asked.connect(lambda listing, keys: _outputs().print_listing(window, listing, list(keys or ())))
    window.export_asked.connect(lambda listing, keys: _outputs().export_listing(window, listing, list(keys or ())))
    window.paper_asked.connect(lambda paper, key: _outputs().print_paper(window, paper, key))
    window.import_asked.connect(lambda name: _import(window, name))
    for name, power, title, do in (
        ("import", "import", "导入名单", lambda: _import(window, "persons")),
        ("list_tools", "export", "表格工具", lambda: _list_tools(window)),
        ("backup", "backup", "备份…", lambda: _back_up(window)),
    ):
        if roles.may(power):
            window.entries.add("数据", Entry(name, title, do))


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


def _list_tools(window: Any) -> None:
    from app.ui.pages.list_tools import open_list_tools

    open_list_tools(window)


def _outputs() -> Any:
    from app.ui import outputs

    return outputs


def _import(window: Any, name: str) -> None:
    from app.ledgers.contents import ledger_called
    from app.ui.plan_page import PlanPage

    page = PlanPage(window, ledger_called(window.source_name(name)))
    window.show_page(page, page.title)
