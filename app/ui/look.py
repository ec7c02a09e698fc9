"""How everything looks: the only place that names a colour or a pixel.

Values come from the pictures the program was drawn after: white cards on a cool grey ground, one accent colour, thin
lines. Three sizes of type; every text has a contrast of at least 4.5 : 1 on what it stands on (WCAG 2.1, 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleFactory,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)  # fmt: skip

from app.papers.fonts import font_files
from app.ui.look_sheet import sheet

INK, SOFT, FAINT = "#1d2630", "#55616d", "#606a75"
GROUND, CARD, LINE, HAIR = "#f4f6f8", "#ffffff", "#dde2e7", "#eceff2"
ACCENT, ACCENT_TINT, ACCENT_DARK = "#1b5e8c", "#e6f0f7", "#154a6f"
LATE, LATE_TINT = "#b3261e", "#fbeae9"
SOON, SOON_TINT = "#8a5a00", "#fdf3dc"
DONE, DONE_TINT = "#1c6b3a", "#e6f3ea"
PLAIN_TINT, BAR = "#e9ecef", "#9fc1da"
ON_ACCENT = "#ffffff"

TONES = {  # of a tag or a message: its text, its ground
    "plain": (INK, PLAIN_TINT),
    "accent": (ACCENT, ACCENT_TINT),
    "late": (LATE, LATE_TINT),
    "soon": (SOON, SOON_TINT),
    "done": (DONE, DONE_TINT),
}
TEXT_ON = (  # every pair of text and ground that the window uses; a test measures them
    *((text, CARD) for text in (INK, SOFT, FAINT, ACCENT, LATE, SOON, DONE)),
    *((text, GROUND) for text in (INK, SOFT, FAINT, ACCENT, LATE)),
    *TONES.values(),
    (INK, ACCENT_TINT), (SOFT, ACCENT_TINT), (FAINT, ACCENT_TINT), (INK, SOON_TINT), (INK, LATE_TINT),
    (ON_ACCENT, ACCENT), (ON_ACCENT, ACCENT_DARK), (ON_ACCENT, LATE), (INK, HAIR), (SOFT, HAIR),
)  # fmt: skip

FAMILIES = ["Noto Sans SC", "Noto Serif SC", "Lianxin Rare Serif", "Lianxin Rare Han"]
ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"


@dataclass(frozen=True)
class Sizes:
    """One size of type, all in logical pixels: text small, middle and of titles."""

    small: int
    text: int
    title: int

    def of(self, pixels: int) -> int:
        """A length of the middle size, grown with the type."""
        return round(pixels * self.text / SIZES["middle"].text)


SIZES = {"middle": Sizes(12, 14, 20), "large": Sizes(14, 16, 23), "largest": Sizes(17, 20, 28)}
SIZE_WORDS = {"middle": "中", "large": "大", "largest": "特大"}

window_size = (1366, 768)  # at first
gap = 12  # between cards, and from a page's edge to its contents


def apply(app: QApplication, size: str = "middle") -> None:
    """Give the whole application this look; may be called again with another size of type."""
    if not app.property("fonts"):
        # The bold fonts hold few characters, and Qt does not look for the others in a regular one of the same family: a
        # bold name with a rare character would have boxes. So bold is drawn from the regular fonts.
        for file in font_files():
            if not file.stem.endswith("Bold"):
                QFontDatabase.addApplicationFont(str(file))
        app.setProperty("fonts", True)
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setProperty("size", size)
    app.setPalette(_palette())
    app.setFont(font())
    app.setStyleSheet(sheet(sizes(), globals()))


def add_rare(data: bytes) -> None:
    """Add the font of the rarest characters, unpacked elsewhere because that takes a second."""
    QFontDatabase.addApplicationFontFromData(data)


def sizes() -> Sizes:
    app = QApplication.instance()
    return SIZES[(app.property("size") if app else None) or "middle"]


def font(kind: str = "text", bold: bool = False) -> QFont:
    """A font of the kind small, text or title. The digits of the bundled fonts are all equally wide."""
    made = QFont()
    made.setFamilies(FAMILIES)
    made.setPixelSize(getattr(sizes(), kind))
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return made


def number_font() -> QFont:
    """Of a number that is seen from afar."""
    made = font("title", bold=True)
    made.setPixelSize(sizes().of(30))
    return made


def row_height() -> int:
    """Of one row of a ledger."""
    return sizes().of(30)


def field_height() -> int:
    """Of one field of a form, and of a button."""
    return sizes().of(32)


def width(of: str) -> int:
    """A fixed length of the window by its name, grown with the type."""
    return sizes().of(WIDTHS[of])


WIDTHS = {
    "contents": 222, "top": 44, "status": 26, "side": 300, "search": 460, "search_list": 640, "popup": 280,
    "popup_list": 260, "dialog": 460, "dialog_list": 360, "narrow": 760, "day_shown": 1000, "township_shown": 860,
    "page_narrow": 780, "least_column": 40, "most_column": 260, "caption": 84, "form": 980, "least_window": 560,
    "least_window_height": 320, "least_table": 90, "bar": 96, "list_row": 28, "progress": 160, "sentence": 200,
    "welcome": 640, "villages": 130, "dossier_side": 370, "dossier_narrow": 1080, "least_cell": 100,
    "tile": 200, "home_column": 300, "most_caption": 120,
}  # fmt: skip


def wide(text: str, kind: str = "text", bold: bool = False) -> int:
    """How many pixels a text takes."""
    return QFontMetrics(font(kind, bold)).horizontalAdvance(text)


def color(value: str) -> QColor:
    return QColor(value)


# --- made of it -------------------------------------------------------------------------------------------------------


def mark(widget: QWidget, **properties: object) -> QWidget:
    """Set properties that the style sheet looks at, and draw the widget anew."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
    return widget


def label(text: str, tone: str = "", wrap: bool = False) -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if tone:
        made.setProperty("tone", tone)
    return made


def title(text: str) -> QLabel:
    """The name of a page."""
    return label(text, "title")


def heading(text: str) -> QLabel:
    """The name of a card or a section."""
    return label(text, "heading")


def soft(text: str, wrap: bool = False) -> QLabel:
    return label(text, "soft", wrap)


def faint(text: str, wrap: bool = False) -> QLabel:
    """Small and faint: captions and hints."""
    return label(text, "faint", wrap)


def fault(text: str = "") -> QLabel:
    """A sentence in red under what is wrong; hidden while there is none."""
    made = label(text, "fault", wrap=True)
    made.setVisible(bool(text))
    return made


def tag(text: str, tone: str = "plain") -> QLabel:
    """A word on a tint: plain, accent, late, soon or done."""
    made = label(text, f"tag-{tone}")
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def card() -> QFrame:
    made = QFrame()
    made.setProperty("card", True)
    return made


def line() -> QFrame:
    """A hair line across."""
    made = QFrame()
    made.setProperty("hair", True)
    made.setFixedHeight(1)
    return made


def button(text: str, key: str = "", primary: bool = False) -> Button:
    """A button with its key written on it, as `F5`. The key is only shown; the page binds it."""
    return Button(text, key, "primary" if primary else "")


def link(text: str) -> Button:
    """A button that looks like a word to click."""
    return Button(text, "", "link")


def inline(text: str) -> Button:
    """A word to click that stands among facts."""
    return Button(text, "", "inline")


def chip(text: str, on: bool = False) -> Button:
    """A round button of a filter bar."""
    return Button(text, "", "chip-on" if on else "chip")


class Button(QPushButton):
    """A push button that draws its key in a small frame after its text."""

    def __init__(self, text: str, key: str = "", kind: str = "") -> None:
        super().__init__(text)
        self.key = key
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _key_font(self) -> QFont:
        made = font("small")
        made.setPixelSize(sizes().small - 1)
        return made

    def _key_width(self) -> int:
        return QFontMetrics(self._key_font()).horizontalAdvance(self.key) + sizes().of(12) if self.key else 0

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + (self._key_width() + sizes().of(10) if self.key else 0), hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: object) -> None:
        if not self.key:
            super().paintEvent(event)  # type: ignore[arg-type]
            return
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        primary = self.property("kind") == "primary" and self.isEnabled()
        ink = ON_ACCENT if primary else INK if self.isEnabled() else FAINT
        text_width = self.fontMetrics().horizontalAdvance(self.text())
        key_width, space = self._key_width(), sizes().of(10)
        left = (self.width() - text_width - space - key_width) // 2
        painter.setPen(color(ink))
        painter.drawText(QRect(left, 0, text_width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        height = sizes().of(18)
        cap = QRect(left + text_width + space, (self.height() - height) // 2, key_width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color(ON_ACCENT if primary else LINE))
        painter.drawRoundedRect(cap, 3, 3)
        painter.setPen(color(ON_ACCENT if primary else SOFT if self.isEnabled() else FAINT))
        painter.setFont(self._key_font())
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.key)


def _palette() -> QPalette:
    made = QPalette()
    for role, value in (
        (QPalette.ColorRole.Window, GROUND), (QPalette.ColorRole.WindowText, INK), (QPalette.ColorRole.Base, CARD),
        (QPalette.ColorRole.AlternateBase, GROUND), (QPalette.ColorRole.Text, INK), (QPalette.ColorRole.Button, CARD),
        (QPalette.ColorRole.ButtonText, INK), (QPalette.ColorRole.Highlight, ACCENT_TINT),
        (QPalette.ColorRole.HighlightedText, INK), (QPalette.ColorRole.PlaceholderText, FAINT),
        (QPalette.ColorRole.Link, ACCENT), (QPalette.ColorRole.ToolTipBase, CARD),
        (QPalette.ColorRole.ToolTipText, INK),
        (QPalette.ColorRole.Mid, LINE), (QPalette.ColorRole.Accent, ACCENT),
    ):  # fmt: skip
        made.setColor(role, color(value))
    made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, color(FAINT))
    made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, color(FAINT))
    made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText, color(FAINT))
    return made
