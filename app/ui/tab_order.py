"""Tab in a window whose pages have a widget where the keyboard begins.

Such a page has that widget as its focus proxy, and Qt then leaps from the page to it: everything that stands before it
on the page, as the buttons beside the title, could be reached backwards only.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QWidget


class TabbedWindow(QMainWindow):
    """A window in which Tab and Shift+Tab stop at every widget that takes them, in the order of the focus chain."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        begun = at = self.focusWidget() or self
        while True:
            at = at.nextInFocusChain() if forward else at.previousInFocusChain()
            if at is begun or at is None:
                return False
            if self._stops_at(at):
                reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
                at.setFocus(reason)
                return True

    def _stops_at(self, widget: QWidget) -> bool:
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        return bool(takes and widget.isEnabled() and widget.focusProxy() is None and widget.isVisibleTo(self))
