"""Pictures of the main pages (截图), drawn without a screen: for the tour and for looking at what one made."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.ledgers.contents import ledger_called
from app.models.query import keys
from app.ui import look
from app.ui.plan_page import PlanPage
from app.ui.window import Window

WIDTH, HEIGHT = 1366, 768
PATIENCE = 30.0  # seconds for one page
QUIET = 0.3  # seconds without work until a page counts as drawn


def take_pictures(township: str, sample: Path, folder: Path) -> list[Path]:
    """Draw ledgers, a form and the import of `sample`, each into a PNG in `folder`. The data file is open already."""
    app = QApplication.instance() or QApplication(["lianxin"])
    assert isinstance(app, QApplication)
    look.apply(app)
    window = Window(township)
    window.resize(WIDTH, HEIGHT)
    window.show()
    taken: list[Path] = []

    def take(name: str, show: Callable[[], Any]) -> Any:
        made = show()
        _settle(window)
        path = folder / f"{name}.png"
        if not window.grab().save(str(path)):
            raise OSError(f"{path} was not written")
        taken.append(path)
        return made

    try:
        households = ledger_called("households")
        take("户台账", lambda: window.open_ledger("households"))
        take("人员台账", lambda: window.open_ledger("persons"))
        take("帮扶记录", lambda: window.open_ledger("help"))
        first = keys(households.record, None, tuple(households.order.split()))[0]
        take("户登记", lambda: window.open_form(households, first))
        page = PlanPage(window, ledger_called("persons"))
        window.show_page(page, page.title)
        take("导入-读表", lambda: page.open_file(sample))
        take("导入-核对", page.make_plan)
    finally:
        window.close()
        window.tasks.close()
        QApplication.processEvents()
    return taken


def _settle(window: Window) -> None:
    """Let the window work until nothing is under way and nothing waits to be drawn."""
    read: list[None] = []
    end = time.monotonic() + PATIENCE
    quiet_since = time.monotonic()
    window.tasks.read(lambda: None, read.append)  # answered after everything asked before it
    while time.monotonic() < end and time.monotonic() - quiet_since < QUIET:
        QApplication.processEvents()
        if window.tasks.busy or not read:
            quiet_since = time.monotonic()
        time.sleep(0.01)
