"""The window for tests: a real one, offscreen, on a small data file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from app.models.database import DataFile
from app.ui import look
from app.ui.window import Window
from tests.ui.township import settle

# What the platform without a screen cannot do is no fault of ours.
OFFSCREEN = ("propagateSizeHints", "grabbing the keyboard", r"does not support raise\(\)", "grabbing the mouse")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/ui/" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore(*OFFSCREEN, extend=True))


@pytest.fixture
def styled(qapp: QApplication) -> Iterator[QApplication]:
    """The application with its look, back at the middle size afterwards."""
    look.apply(qapp)
    yield qapp
    if qapp.property("size") != "middle":
        look.apply(qapp)


@pytest.fixture
def township(qtbot: Any, styled: QApplication, sqlite: DataFile) -> Iterator[Window]:
    """A window on sixty households in three villages."""
    settle()
    window = Window("牛街乡")
    window.resize(1366, 768)
    window.show()
    yield window
    window.close()
    window.tasks.close()
    shiboken6.delete(window)
