"""Card readers that type (键盘式读卡器): a burst of keys no hand can type, ended by Enter.

The Enter that ends a burst must not press a button or jump over fields; it only says that a number was read.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

GAP_MS = 30  # between two keys of a reader at most
LEAST_KEYS = 8
TAIL_MS = 120  # the Enter may come a little later, and a second one with it

ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)  # of the letters, of the number pad


class CardBurst(QObject):
    """An event filter for the inputs and buttons of a form. `read` gives the widget into which a burst was typed."""

    read = Signal(QWidget)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys = 0
        self._last = -1_000_000  # time stamp of the last key, in milliseconds
        self._ended = -1_000_000  # time stamp of the Enter that ended a burst

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        at = event.timestamp() or time.monotonic_ns() // 1_000_000  # a key that a program made has no time
        since = at - self._last
        if event.key() in ENTERS:
            return self._entered(watched, at, since)
        if event.text().isprintable() and event.text() and not event.isAutoRepeat():
            self._keys = self._keys + 1 if since < GAP_MS else 1
            self._last = at
        return self._inside(watched, since)

    def _inside(self, watched: QObject, since: int) -> bool:
        """Keys of a running burst never reach a button: a blank among them would press it."""
        return self._keys > 1 and since < GAP_MS and not hasattr(watched, "value_text")

    def _entered(self, watched: QObject, at: int, since: int) -> bool:
        if 0 <= at - self._ended < TAIL_MS:
            return True  # readers that send both line ends
        if self._keys >= LEAST_KEYS and 0 <= since < TAIL_MS:
            self._ended, self._keys = at, 0
            if isinstance(watched, QWidget):
                self.read.emit(watched)
            return True
        self._keys = 0
        return False
