"""What stands on a ledger page and where: title and tools, filter bar, table, and the panel at its side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ledgers.ledger import Action, Ledger
from app.ledgers.listing import Listing
from app.models import roles
from app.ui import look
from app.ui.detail_panel import DetailPanel
from app.ui.filters import FilterBar
from app.ui.groups_panel import GroupsPanel
from app.ui.ledger_table import LedgerTable
from app.ui.rows import Elided, ToolRow
from app.ui.tasks import Tasks


class LedgerFrame(QWidget):
    """The widgets of a ledger page, without what they do. In a narrow page the side panel shows only when asked for."""

    def __init__(self, ledger: Ledger, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ledger = ledger
        self._side_wanted = ""  # detail, groups or none, where the clerk said so
        self.setObjectName("page")
        self._build(tasks)

    def side_changed(self) -> None:
        """The side panel shows something else."""

    def _build(self, tasks: Tasks) -> None:
        self.title, self.counts = look.title(self.ledger.title), Elided("", "soft")
        self.tools = ToolRow(self)
        self.new = look.button("新登记", "F5", primary=True)
        self.bulk = look.button("批量修改")
        self.groups_button = look.button("分类汇总", "Ctrl G")
        self.print, self.export = look.button("打印", "Ctrl P"), look.button("导出表格")
        if self.ledger.form:
            self.tools.add(self.new)
        self.whole: list[tuple[Action, look.Button]] = []  # what is done to the ledger as it is
        for action in (one for one in self.ledger.actions if one.whole):
            self.whole.append((action, self.tools.add(look.button(action.title, action.key, primary=True))))
        for button in (self.groups_button, self.bulk, self.print, self.export):
            self.tools.add(button)
        head = QHBoxLayout()
        head.setSpacing(look.gap)
        head.addWidget(self.title)
        head.addWidget(self.counts, 1)
        head.addWidget(self.tools, 2)
        frame = look.card()
        frame.setParent(self)
        self.filters, self.middle, self.side = FilterBar(self), QStackedWidget(frame), QStackedWidget(self)
        self.table, self.empty = LedgerTable(self.middle), Empty(self.middle)
        self.whole += [(action, self.empty.add(look.button(action.title, action.key))) for action, _ in self.whole]
        self.middle.addWidget(self.table)
        self.middle.addWidget(self.empty)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.middle)
        self.detail, self.groups = DetailPanel(self.ledger, self.side), GroupsPanel(tasks, self.side)
        self.side.addWidget(self.detail)
        self.side.addWidget(self.groups)
        self.side.setFixedWidth(look.width("side"))
        for stack in (self.middle, self.side):  # so that a low window squeezes the table and not the words above it
            stack.setMinimumHeight(look.width("least_table"))
        self.middle.setMinimumWidth(look.width("least_table"))
        body = QHBoxLayout()
        body.setSpacing(look.gap)
        body.addWidget(frame, 1)
        body.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, look.gap, 16, look.gap)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.filters)
        column.addLayout(body, 1)
        self.setFocusProxy(self.table)

    # --- the side panel ---

    def toggle_groups(self) -> None:
        """Show 分类汇总 beside the table, or the row's details again."""
        to_groups = self.side.currentWidget() is self.detail or not self._is_side_shown()
        self.side.setCurrentWidget(self.groups if to_groups else self.detail)
        self._side_wanted = "groups" if to_groups else "" if self._is_narrow() else "detail"
        self._fit()
        (self.groups if to_groups else self.table).setFocus()
        self.side_changed()

    def toggle_detail(self) -> None:
        """Show the row's details, or hide them."""
        shown = self._is_side_shown() and self.side.currentWidget() is self.detail
        self.side.setCurrentWidget(self.detail)
        self._side_wanted = "none" if shown else "detail"
        self._fit()
        self.side_changed()

    def _is_side_shown(self) -> bool:
        return not self.side.isHidden()

    def _is_narrow(self) -> bool:
        return self.width() < look.width("page_narrow")

    def _fit(self) -> None:
        wanted = self._side_wanted in ("detail", "groups") or (self._side_wanted == "" and not self._is_narrow())
        self.side.setVisible(wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()


class Empty(QFrame):
    """What to do where there are no rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said = look.label("", "empty", wrap=True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.new, self.load = look.button("新登记", "F5"), look.button("从表格导入")
        self.clear = look.button("清除条件")
        row = self.row = QHBoxLayout()
        row.addStretch()
        for button in (self.new, self.load, self.clear):
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self.said)
        column.addSpacing(look.gap)
        column.addLayout(row)
        column.addStretch(3)

    def add(self, button: look.Button) -> look.Button:
        """Add a button for what can be done here."""
        self.row.insertWidget(self.row.count() - 1, button)
        return button

    def show_for(self, listing: Listing) -> None:
        hidden = roles.why_not(listing.ledger.record.seen_by)
        filtered = bool(listing.where or listing.search or listing.day) and not hidden
        form = bool(listing.ledger.form) and not hidden
        if hidden:
            said = hidden
        elif filtered:
            said = f"没有符合条件的{listing.ledger.record.word}：{listing.sentence() or '换个条件试试'}。"
        elif form:
            said = f"“{listing.ledger.title}”还没有登记。按 F5 登记第一条，或者从原来的表格导入。"
        elif whole := "、".join(one.title for one in listing.ledger.actions if one.whole):
            said = f"“{listing.ledger.title}”现在是空的，可以{whole}。"
        else:
            said = f"“{listing.ledger.title}”现在是空的，有了相关登记就会自动出现在这里。"
        self.said.setText(said)
        self.new.setVisible(form and not filtered)
        self.load.setVisible(form and not filtered)
        self.clear.setVisible(filtered)
