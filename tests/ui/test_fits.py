"""Every page and dialog at 1366 × 768, at three scalings and in three sizes of type: nothing outside, nothing cut off.

A scaling of 125 % or 150 % leaves a page 1093 × 614 or 911 × 512 logical pixels. There a page may scroll and buttons
may move into a menu, but what is shown is shown whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QWidget,
)  # fmt: skip

from app.ledgers.contents import ledgers
from app.ledgers.dossier import sections
from app.ledgers.listing import Listing
from app.models.conditions import read
from app.models.faults import Trouble
from app.ui import ledger_verbs, look
from app.ui.ask import Ask, BulkChange
from app.ui.columns_dialog import ColumnsDialog
from app.ui.detail_panel import DetailPanel
from app.ui.filters import DayPopup
from app.ui.heading_filter import HeadingFilter
from app.ui.ledger_page import LedgerPage
from app.ui.rows import Elided
from app.ui.trouble import BugDialog
from app.ui.welcome import Welcome
from app.ui.window import Window
from tests import town

SCREENS = {"100%": (1366, 768), "125%": (1093, 614), "150%": (911, 512)}
TASKBAR = 0  # the sizes are those that remain for the window
VIEWS = (QAbstractItemView, QScrollBar)


def inside(widget: QWidget) -> bool:
    """Whether a widget belongs to one that clips its children itself: a list, a scroll bar, a frozen column."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, VIEWS):
            return True
        parent = parent.parentWidget()
    return False


def shown(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        if widget.isVisibleTo(root) and not widget.isWindow() and not inside(widget):
            yield widget


def outside(root: QWidget) -> list[str]:
    """Widgets that stand outside their parent's rectangle, except in what scrolls."""
    found = []
    for widget in shown(root):
        parent = widget.parentWidget()
        if parent is None or isinstance(parent.parentWidget(), QScrollArea) or isinstance(parent, QScrollArea):
            continue
        if not parent.rect().contains(widget.geometry()):
            found.append(f"{name_of(widget)} {box(widget.geometry())} outside {name_of(parent)} {box(parent.rect())}")
    return found


def sideways(root: QWidget) -> list[str]:
    """What scrolls may be longer than what is seen of it, but not wider."""
    return [
        f"{name_of(area.widget())} {area.widget().width()} wider than {area.viewport().width()}"
        for area in root.findChildren(QScrollArea)
        if area.isVisibleTo(root) and area.widget() is not None and area.widget().width() > area.viewport().width()
    ]


def clipped(root: QWidget) -> list[str]:
    """Labels and buttons whose text does not fit; one cut on purpose has the whole text as its tooltip."""
    found = []
    for widget in shown(root):
        if isinstance(widget, Elided):
            if widget.is_cut() and widget.toolTip() != widget.text():
                found.append(f"{widget.text()} is cut without a tooltip")
        elif isinstance(widget, QLabel) and widget.text():
            if not label_fits(widget):
                found.append(f"label “{widget.text()}” {box(widget.rect())}, wants {widget.sizeHint()}")
        elif isinstance(widget, QPushButton | QCheckBox | QComboBox):
            text = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
            wants = widget.fontMetrics().horizontalAdvance(text)
            if isinstance(widget, QAbstractButton):
                wants = widget.sizeHint().width()
            if widget.width() < wants:
                found.append(f"“{text}” {box(widget.rect())}, wants {widget.sizeHint()}")
            if widget.height() < widget.fontMetrics().height():
                found.append(f"“{text}” is too low: {widget.height()}")
    return found


def label_fits(label: QLabel) -> bool:
    room, metrics = label.contentsRect(), label.fontMetrics()
    if label.wordWrap():
        return label.height() >= label.heightForWidth(label.width()) - 1 or label.heightForWidth(label.width()) < 0
    wants = max(metrics.horizontalAdvance(line) for line in label.text().split("\n"))
    return wants <= room.width() + 1 and metrics.height() <= room.height() + 2


def name_of(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    said = text() if callable(text) else ""
    return f"{type(widget).__name__}“{said}”"


def box(rect: QRect) -> str:
    return f"{rect.x()},{rect.y()} {rect.width()}×{rect.height()}"


def faults(root: QWidget) -> list[str]:
    for _ in range(4):  # a scroll bar that appears lays out what is beside it anew
        QApplication.processEvents()
    return outside(root) + sideways(root) + clipped(root)


@pytest.fixture(params=[(screen, size) for screen in SCREENS for size in look.SIZES], ids="-".join)
def room(request: pytest.FixtureRequest, township: Window) -> Window:
    """The window on one of the screens, in one size of type."""
    screen, size = request.param
    township.set_size(size)
    township.resize(*SCREENS[screen])
    return township


def settled(qtbot: Any, page: LedgerPage) -> None:
    qtbot.waitUntil(lambda: page._job is None and not page._choice.isActive())  # and the row stands beside it
    QApplication.processEvents()


def test_what_is_wrong_would_be_found(qtbot: Any, styled: QApplication) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    root.resize(100, 40)
    narrow = QLabel("这几个字放不下", root)
    narrow.setGeometry(0, 0, 20, 20)
    far = look.button("按钮")
    far.setParent(root)
    far.move(80, 10)
    root.show()
    assert len(clipped(root)) == 1 and len(outside(root)) == 1


def test_every_ledger(qtbot: Any, room: Window) -> None:
    wrong = {}
    for name in ledgers():
        page: Any = room.open_ledger(name)
        settled(qtbot, page)
        assert (room.width(), room.height()) in SCREENS.values(), f"{name} makes the window {room.size()}"
        if found := faults(room):
            wrong[name] = found
    assert wrong == {}


def test_a_ledger_in_use(qtbot: Any, room: Window) -> None:
    page: Any = room.open_ledger("persons")
    settled(qtbot, page)
    wrong = {}
    long = "年龄 >= 60 且 行政村 = 牛街村 且 (与户主关系 = 户主 或 外出 = 是) 且 公民身份号码 不为空"
    page.change(where=read(long, page.ledger.record), search="王")
    settled(qtbot, page)
    wrong["filtered"] = faults(room)
    page.change(where=None, search="", day=None)
    settled(qtbot, page)
    page.filters.open_input()
    page.filters.input.setText("年龄 >= 七十")
    page.filters._read()
    wrong["condition"] = faults(room)
    page.filters.close_input()
    page.table.choose_row(0)
    page.toggle_detail()
    page.toggle_detail()
    page._show_choice()
    wrong["detail"] = faults(room)
    page.toggle_groups()
    qtbot.waitUntil(lambda: page.groups.list.count() > 0)
    wrong["groups"] = faults(room)
    page.change(search="查无此人")
    settled(qtbot, page)
    wrong["empty"] = faults(room)
    room.tell(Trouble("数据文件正在被另一个窗口或命令写入，等了 5 秒仍未空出，请稍后再试。" * 2))
    wrong["strip"] = faults(room)
    room.search.setFocus()
    room.search.found.show_rows([(1, ("王建国",) + ("很长的一栏",) * 9)])
    wrong["search"] = faults(room)
    room.search.found.hide()
    assert {name: found for name, found in wrong.items() if found} == {}
    assert (room.width(), room.height()) in SCREENS.values()


def test_dialogs(qtbot: Any, room: Window) -> None:
    page: Any = room.open_ledger("households")
    settled(qtbot, page)
    page.table.selectAll()
    ask = Ask(page, "保存", "把现在的列、条件和排序保存下来。", {"title": page.ledger.record.facts()["note"]}, "保存")
    dialogs: list[QWidget] = [
        HeadingFilter(page, room.tasks, page.listing, "village"),
        ColumnsDialog(page, page.ledger, page.listing.shown),
        DayPopup(page, page.listing),
        BulkChange(page, page.ledger.record, ledger_verbs.changeable(page), 60),
        ask,
        BugDialog(room, ValueError("错")),
    ]
    wrong = {}
    for dialog in dialogs:
        dialog.adjustSize()
        dialog.show()
        qtbot.wait(20)
        found = faults(dialog)
        if dialog.width() > room.width() or dialog.height() > room.height():
            found.append(f"larger than the window: {dialog.size()}")
        if found:
            wrong[type(dialog).__name__] = found
        dialog.close()
    assert wrong == {}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", look.SIZES)
def test_welcome(qtbot: Any, styled: QApplication, screen: str, size: str) -> None:
    look.apply(styled, size)
    page = Welcome(["/很长的/文件夹/里的/又一个/文件夹/牛街乡的数据文件.db"], "/数据")
    qtbot.addWidget(page)
    page.resize(*SCREENS[screen])
    page.show()
    wrong = faults(page)
    page._to_form()
    page.form.make.click()
    page.strip.tell("这份数据文件里已有登记，演示数据只写入新建的空文件。")
    wrong += faults(page)
    assert wrong == [] and (page.width(), page.height()) == SCREENS[screen]


def test_tools_that_do_not_fit_stand_in_the_menu(qtbot: Any, township: Window) -> None:
    page: Any = township.open_ledger("households")
    settled(qtbot, page)
    township.resize(911, 512)
    QApplication.processEvents()
    page.tools._fill()
    words = [action.text().partition("\t")[0] for action in page.tools.menu.actions()]
    shown_now = [button.text() for button in page.tools._buttons if button.isVisible()]
    for button in (page.new, page.groups_button, page.bulk, page.print, page.export):
        assert (button.text() in shown_now) != (button.text() in words)
    assert page.new.isVisible() and page.tools.more.mapTo(page, QPoint(0, 0)).x() < page.width()


@pytest.mark.parametrize("size", look.SIZES)
def test_every_heading_of_the_side_panel_is_whole(qtbot: Any, styled: QApplication, sqlite: Any, size: str) -> None:
    town.build(seed=5)
    look.apply(styled, size)
    seen = set[str]()
    for name, ledger in ledgers().items():
        listing = Listing(ledger, gone=True)
        panel = DetailPanel(ledger)
        qtbot.addWidget(panel)
        panel.resize(look.width("side"), 600)
        panel.show()
        for key in list(listing.keys())[:6]:
            panel.show_row(listing, key, [key])
            assert faults(panel) == [], name
            captions = [label for label in panel.facts.findChildren(Elided) if label.isVisible()]
            assert not [label.text() for label in captions if label.is_cut()], name
            seen.update(label.text() for label in captions)
        panel.close()
        widths = {look.wide(column.caption) for _, columns in sections(ledger) for column in columns}
        assert max(widths) <= panel._caption_width(), "those of facts that no row here has"
    assert "与之互斥的类别" in seen
