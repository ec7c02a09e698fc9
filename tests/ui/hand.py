"""A clerk's hand: keys for what a keyboard has, ten a second, and the input method for Chinese."""

from __future__ import annotations

from itertools import count, groupby

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

PLAIN = Qt.KeyboardModifier.NoModifier
_clock = count(1_000_000, 200)  # milliseconds


def stroke(widget: QWidget, key: int, text: str = "", modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """Press and let go one key, at a moment of its own."""
    moment = next(_clock)
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, modifiers, text)
        event.setTimestamp(moment)
        QApplication.sendEvent(widget, event)


def type_text(widget: QWidget, text: str) -> None:
    """Type a text into a widget as a keyboard with an input method does."""
    for is_ascii, signs in groupby(text, str.isascii):
        if is_ascii:
            for sign in signs:
                typed_into = QApplication.focusWidget() if widget.isAncestorOf(focused()) else widget
                stroke(typed_into or widget, ord(sign.upper()), sign)
        else:
            event = QInputMethodEvent()
            event.setCommitString("".join(signs))
            QApplication.sendEvent(widget, event)


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """Press a key where the focus is; one with Ctrl, or F6, as a shortcut of the window."""
    if modifiers & Qt.KeyboardModifier.ControlModifier or Qt.Key.Key_F3 <= key <= Qt.Key.Key_F12:
        QTest.keyClick(focused(), key, modifiers)
    else:
        stroke(focused(), key, "\r" if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) else "", modifiers=modifiers)


def write(text: str) -> None:
    """Type a text where the focus is."""
    type_text(focused(), text)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    return widget
