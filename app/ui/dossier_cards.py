"""The cards on the page of a row: its facts, the rows that belong to it, and what happened to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.ledgers.changes import Happened
from app.ledgers.dossier import Dossier, Part, Told, counted_in, page_word
from app.ui import look
from app.ui.part_table import PartTable
from app.ui.rows import Elided

FIRST_HAPPENED = 4  # operations shown at first
FIRST_ROWS = 3  # rows told of one operation
TOP = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
MOST_LINKED = 12  # signs of a name that is a link


def _card(
    title: str, said: str = "", link: look.Button | None = None, parent: QWidget | None = None
) -> tuple[QFrame, QVBoxLayout]:
    """A card with its heading: a title, a word more, and what can be opened.

    What has its parent from the beginning costs half of what is put into it when it has been styled.
    """
    card = look.card()
    card.setParent(parent)
    column = QVBoxLayout(card)
    column.setContentsMargins(1, 8, 1, 8)
    column.setSpacing(4)
    head = QHBoxLayout()
    head.setContentsMargins(9, 0, 11, 0)
    head.setSpacing(look.gap)
    head.addWidget(look.heading(title))
    head.addWidget(Elided(said, "soft"), 1)
    if link is not None:
        head.addWidget(link)
    column.addLayout(head)
    return card, column


def part_card(
    part: Part, open_row: Callable[[int], None], open_all: Callable[[], None] | None, parent: QWidget | None = None
) -> tuple[QFrame, PartTable]:
    """Rows that belong to the row, as a table, with their number and sums; `open_all` opens the whole ledger."""
    link = None
    if open_all is not None:
        link = look.link(f"全部 {part.count:,} {counted_in(part.listing.ledger.record.word)} ›")
        link.setToolTip(f"在“{part.title}”里打开这些行")
        link.clicked.connect(lambda _=False: open_all())
    card, column = _card(part.title, part.counts(), link, parent)
    table = PartTable(part, card)
    table.opened.connect(open_row)
    column.addWidget(table)
    return card, table


def facts_card(
    found: Dossier, across: int, open_page: Callable[[Any, int], None], unmask: look.Button | None
) -> QFrame:
    """The facts by the sections of the form, so many beside each other; a row that has a page of its own is a link."""
    card, column = _card("登记内容", link=unmask)
    grid = QGridLayout()
    grid.setContentsMargins(9, 0, 11, 0)
    grid.setHorizontalSpacing(look.gap)
    grid.setVerticalSpacing(5)
    row = 0
    for title, facts in found.sections:
        if title and len(found.sections) > 1:
            grid.addWidget(look.faint(title), row, 0, 1, 2 * across)
            row += 1
        for number, told in enumerate(facts):
            at = number % across
            caption = Elided(told.caption, "soft")
            caption.setFixedWidth(look.width("caption"))
            grid.addWidget(caption, row + number // across, 2 * at, TOP)
            value = _value(told, open_page)
            if isinstance(value, look.Button):
                grid.addWidget(value, row + number // across, 2 * at + 1, TOP)
            else:  # fills its cell, so that it knows how many lines its text takes
                grid.addWidget(value, row + number // across, 2 * at + 1)
            grid.setColumnStretch(2 * at + 1, 1)
        row += (len(facts) + across - 1) // across
    column.addLayout(grid)
    return card


def _value(told: Told, open_page: Callable[[Any, int], None]) -> QWidget:
    if told.leads is None:
        value = look.label(told.text, wrap=True)
        value.setAlignment(TOP)
        value.setMinimumWidth(1)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return value
    ledger, key = told.leads
    link = look.inline(f"{told.text[:MOST_LINKED]}{'…' if len(told.text) > MOST_LINKED else ''} ›")
    link.setToolTip(f"打开{page_word(ledger.record)}：{told.text}")
    link.clicked.connect(lambda _=False: open_page(ledger.record, key))
    return link


def happened_card(happened: tuple[Happened, ...], every: bool, show_every: Callable[[], None]) -> QFrame:
    """What happened to the row, newest first; the older only when they are asked for."""
    link = None
    if len(happened) > FIRST_HAPPENED and not every:
        link = look.link(f"全部 {len(happened):,} 次 ›")
        link.clicked.connect(lambda _=False: show_every())
    card, column = _card("变动记录", link=link)
    inside = QVBoxLayout()
    inside.setContentsMargins(9, 0, 11, 4)
    inside.setSpacing(2)
    for number, one in enumerate(happened if every else happened[:FIRST_HAPPENED]):
        if number:
            inside.addSpacing(6)
        inside.addWidget(look.label(one.title, wrap=True))
        inside.addWidget(look.faint(f"{one.at[:16]}　{one.who}"))
        for change in one.rows[:FIRST_ROWS]:
            inside.addWidget(look.label(change.sentence(), "small", wrap=True))
        if len(one.rows) > FIRST_ROWS:
            inside.addWidget(look.faint(f"等 {len(one.rows):,} 行"))
    if not happened:
        inside.addWidget(look.faint("没有操作记录。"))
    column.addLayout(inside)
    return card


def lacking_card(lacking: tuple[str, ...]) -> QFrame:
    """One line for all that there is nothing of."""
    card = look.card()
    column = QVBoxLayout(card)
    column.setContentsMargins(10, 8, 12, 8)
    column.addWidget(look.label(f"没有：{'、'.join(lacking)}", "soft", wrap=True))
    return card


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while layout.count():
        item = layout.takeAt(0)
        widget: QWidget | None = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
