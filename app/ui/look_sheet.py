"""The style sheet of the window, written from the values of `look`."""

from __future__ import annotations

from typing import Any

SHEET = """
QWidget {{ color: {INK}; font-size: {text}px; }}
QMainWindow, QDialog, #page, #ground {{ background: {GROUND}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QStackedWidget {{ background: transparent; }}
QStackedWidget#pages {{ background: {GROUND}; }}
QToolTip {{ background: {CARD}; color: {INK}; border: 1px solid {LINE}; padding: 4px 6px; }}

QLabel {{ background: transparent; }}
QLabel[tone="title"] {{ font-size: {title}px; font-weight: bold; }}
QLabel[tone="name"] {{ font-size: {name}px; font-weight: bold; }}
QLabel[tone="heading"] {{ font-weight: bold; }}
QLabel[tone="soft"] {{ color: {SOFT}; }}
QLabel[tone="accent"] {{ color: {ACCENT}; }}
QLabel[tone="faint"] {{ color: {FAINT}; font-size: {small}px; }}
QLabel[tone="small"] {{ color: {SOFT}; font-size: {small}px; }}
QLabel[tone="fault"] {{ color: {LATE}; font-size: {small}px; }}
QLabel[tone="brand"] {{ color: {ACCENT}; font-size: {brand}px; font-weight: bold; }}
QLabel[tone="key"] {{ color: {SOFT}; background: {CARD}; border: 1px solid {LINE}; border-radius: 3px; padding: 0 5px;
    font-size: {key}px; }}
QLabel[tone="corner"] {{
    color: {SOFT}; background: {CARD}; font-size: {heading}px; font-weight: bold; padding-right: 8px;
}}
QLabel[tone="empty"] {{ color: {SOFT}; }}
{tags}

QFrame[card="true"] {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 8px; }}
QFrame[hair="true"] {{ background: {HAIR}; border: none; }}
QFrame[popup="true"] {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 8px; }}
QFrame[place="open"] {{ background: {SOON_TINT}; border: none; border-radius: 6px; }}
QFrame[strip="late"] {{ background: {LATE_TINT}; border: 1px solid {LATE}; border-radius: 6px; }}
QFrame[strip="soon"] {{ background: {SOON_TINT}; border: 1px solid {SOON}; border-radius: 6px; }}
QFrame[strip="accent"] {{ background: {ACCENT_TINT}; border: 1px solid {ACCENT}; border-radius: 6px; }}
QFrame[strip="done"] {{ background: {DONE_TINT}; border: 1px solid {DONE}; border-radius: 6px; }}
#top {{ background: {CARD}; border: none; border-bottom: 1px solid {LINE}; }}
#contents {{ background: {CARD}; border: none; border-right: 1px solid {LINE}; }}
#status {{ background: {CARD}; border: none; border-top: 1px solid {LINE}; }}
#status QLabel {{ color: {SOFT}; font-size: {small}px; }}
#band {{ background: {SOON_TINT}; border: none; border-bottom: 1px solid {LINE}; }}

QPushButton {{
    background: {CARD}; border: 1px solid {LINE}; border-radius: 6px; padding: 0 {pad}px; min-height: {button}px;
}}
QPushButton:hover {{ border-color: {ACCENT}; }}
QPushButton:focus {{ border-color: {ACCENT}; outline: none; }}
QPushButton:pressed {{ background: {ACCENT_TINT}; }}
QPushButton:disabled {{ color: {FAINT}; background: {CARD}; border: 1px solid {HAIR}; }}
QPushButton[kind="primary"] {{ background: {ACCENT}; color: {ON_ACCENT}; border-color: {ACCENT}; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:focus, QPushButton[kind="primary"]:pressed {{
    background: {ACCENT_DARK}; border-color: {INK};
}}
QPushButton[kind="primary"]:disabled {{ color: {FAINT}; background: {CARD}; border: 1px solid {LINE}; }}
QPushButton[kind="chip"], QPushButton[kind="chip-on"] {{
    border-radius: {chip_round}px; min-height: {chip}px; padding: 0 {chip_pad}px;
}}
QPushButton[kind="chip-on"] {{ background: {ACCENT_TINT}; color: {ACCENT}; border-color: {chip_line}; }}
QPushButton[kind="chip-on"]:hover, QPushButton[kind="chip-on"]:focus {{ border-color: {ACCENT}; }}
QPushButton[kind="link"] {{ border: 1px solid transparent; background: transparent; color: {ACCENT}; padding: 0 3px;
    min-height: {small_button}px; }}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="link"]:focus {{ border-color: {ACCENT}; }}
QPushButton[kind="link"]:disabled {{ color: {FAINT}; }}
QPushButton[kind="inline"] {{ border: none; background: transparent; color: {ACCENT}; padding: 0; min-height: 0; }}
QPushButton[kind="inline"]:hover, QPushButton[kind="inline"]:focus {{ text-decoration: underline; }}
QPushButton[kind="quiet"] {{ border: 1px solid transparent; background: transparent; color: {SOFT}; padding: 0 6px;
    min-height: {small_button}px; }}
QPushButton[kind="quiet"]:hover, QPushButton[kind="quiet"]:focus {{ border-color: {LINE}; color: {INK}; }}
QPushButton::menu-indicator {{ width: 0; }}

QLineEdit, QComboBox, QDateEdit, QSpinBox, QPlainTextEdit, QTextEdit {{
    background: {CARD}; border: 1px solid {LINE}; border-radius: 6px; padding: 0 8px;
    selection-background-color: {ACCENT}; selection-color: {ON_ACCENT};
}}
QLineEdit, QComboBox, QDateEdit, QSpinBox {{ min-height: {field}px; }}
QPlainTextEdit, QTextEdit {{ padding: 4px 4px; }}
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {{
    border-color: {ACCENT};
}}
QLineEdit[wrong="true"], QComboBox[wrong="true"], QPlainTextEdit[wrong="true"], QDateEdit[wrong="true"] {{
    border-color: {LATE};
}}
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QLineEdit[readOnly="true"] {{
    background: {GROUND}; color: {SOFT};
}}
QLineEdit#search {{ background: {GROUND}; min-height: {search}px; }}
QLineEdit#search:focus {{ background: {CARD}; }}
QTableView QLineEdit, QTableView QComboBox {{ border-radius: 0; min-height: 0; padding: 0 4px; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{icons}/down.svg"); width: 12px; height: 12px; }}
QSpinBox::up-button, QSpinBox::down-button, QDateEdit::up-button, QDateEdit::down-button {{
    width: 0; height: 0; border: none;
}}
QComboBox QAbstractItemView {{ background: {CARD}; border: 1px solid {LINE}; outline: none; }}

QCheckBox, QRadioButton {{ background: transparent; spacing: 8px; }}
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator, QTableView::indicator, QTreeView::indicator {{
    width: {tick}px; height: {tick}px; border: 1px solid {FAINT}; background: {CARD}; border-radius: 3px;
}}
QRadioButton::indicator {{ border-radius: {tick_half}px; }}
QCheckBox::indicator:checked, QListView::indicator:checked, QTableView::indicator:checked,
QTreeView::indicator:checked {{ background: {ACCENT}; border-color: {ACCENT}; image: url("{icons}/check.svg"); }}
QCheckBox::indicator:indeterminate {{ background: {ACCENT_TINT}; border-color: {ACCENT}; }}
QRadioButton::indicator:checked {{ background: {ACCENT}; border-color: {ACCENT}; image: url("{icons}/dot.svg"); }}
QCheckBox:focus, QRadioButton:focus {{ color: {ACCENT}; }}

QAbstractItemView {{ background: {CARD}; border: none; outline: none; gridline-color: {HAIR};
    selection-background-color: {ACCENT_TINT}; selection-color: {INK}; }}
QListView::item, QTreeView::item {{ min-height: {list_row}px; padding: 0 6px; }}
QListView::item:hover, QTreeView::item:hover {{ background: {GROUND}; }}
QListView::item:selected, QTreeView::item:selected {{ background: {ACCENT_TINT}; color: {INK}; }}
QTableView::item {{ padding: 0 8px; }}
QHeaderView {{ background: {CARD}; border: none; }}
QHeaderView::section {{
    background: {CARD}; color: {SOFT}; border: none; border-bottom: 1px solid {LINE}; padding: 0 8px;
    font-size: {heading}px; font-weight: bold;
}}
QHeaderView::section:vertical {{ color: {FAINT}; font-size: {small}px; font-weight: normal;
    border-bottom: 1px solid {HAIR}; }}
QTableView[frozen="true"] {{ border-right: 1px solid {LINE}; }}
QTableCornerButton::section {{ background: {CARD}; border: none; border-bottom: 1px solid {LINE}; }}

QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {bar}; border-radius: 4px; margin: 1px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {FAINT}; }}
QScrollBar::handle:disabled {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: {CARD}; border: none; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QMenu {{ background: {CARD}; border: 1px solid {LINE}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 14px; border-radius: 4px; }}
QMenu::item:selected {{ background: {ACCENT_TINT}; }}
QMenu::item:disabled {{ color: {FAINT}; }}
QMenu::separator {{ height: 1px; background: {HAIR}; margin: 4px 6px; }}
QProgressBar {{ background: {HAIR}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {ACCENT}; border-radius: 3px; }}
QTabBar::tab {{ background: transparent; color: {SOFT}; padding: 6px 12px; border: none;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {ACCENT}; border-bottom-color: {ACCENT}; }}
QTabBar::tab:focus {{ color: {INK}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {LINE}; }}
QSplitter::handle {{ background: transparent; }}
QCalendarWidget QToolButton {{ color: {INK}; background: {CARD}; border: none; padding: 4px 8px; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; }}
QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {CARD}; }}
QCalendarWidget QAbstractItemView {{ selection-background-color: {ACCENT}; selection-color: {ON_ACCENT}; }}
"""

TAG = """QLabel[tone="tag-{name}"] {{
    color: {ink}; background: {ground}; border-radius: 4px; padding: 1px 6px; font-size: {small}px;
}}"""


def sheet(sizes: Any, values: dict[str, Any]) -> str:
    """The style sheet for one size of type; `values` are the colours of `look` by name."""
    tones = values["TONES"].items()
    tags = "\n".join(TAG.format(name=name, ink=ink, ground=ground, small=sizes.small) for name, (ink, ground) in tones)
    colours = {name: value for name, value in values.items() if isinstance(value, str) and value.startswith("#")}
    return SHEET.format(
        **colours, tags=tags, icons=values["ICONS"].as_posix(), small=sizes.small, text=sizes.text, title=sizes.title,
        key=sizes.small - 1, name=sizes.of(17), brand=sizes.of(17), heading=sizes.small + 1,
        pad=sizes.of(12), button=sizes.of(29),
        small_button=sizes.of(22), chip=sizes.of(24), chip_round=sizes.of(24) // 2 + 1, chip_pad=sizes.of(10),
        chip_line="#b9d3e5", field=sizes.of(30), search=sizes.of(28), tick=sizes.of(14), tick_half=sizes.of(14) // 2,
        list_row=sizes.of(28), bar="#c3cad1",
    )  # fmt: skip
