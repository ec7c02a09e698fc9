"""What would become of each row of a list (核对结果), as a table: where it stands, who it is, what happens and why."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)  # fmt: skip

from app.models.fields import Link
from app.models.paths import resolve
from app.ui import look
from app.ui.sheet_model import shown
from app.work.lookup import Lookup
from app.work.plan import CHANGED, DECIDE, NEW, REFUSED, SAME, WORDS, Item, Plan, differences

TONES = {NEW: "done", CHANGED: "accent", SAME: "plain", DECIDE: "soon", REFUSED: "late"}
LEFT_OUT, DOUBTS = "left_out", "doubts"  # the filters of rows with cells that were not taken, or to be looked at
SEEN = 60  # rows by which a column is made wide enough
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def mask_cell(text: str) -> str:
    """A private cell that could not be read, as a list shows it."""
    return f"****{text[-2:]}" if len(text) > 2 else "****"


class Told:
    """Values of a plan in words: links by the title of their row, private ones masked unless whole."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.record = plan, plan.record
        self.parent = self.record.facts()[plan.link].rel_model if plan.link else None
        self._titles: dict[Any, dict[int, str]] = {}

    def value(self, owner: Any, name: str, value: Any, whole: bool = False) -> str:
        """A value of the fact `name` of `owner`."""
        fact = owner.facts().get(name)
        if value is None or fact is None:
            return ""
        if isinstance(fact, Link):
            if value in self.plan.along:  # named by the list first and made along with it
                record, values = self.plan.along[value]
                return str(values.get(record.shown_by) or "")
            titles = self._titles.get(fact)
            if titles is None:
                titles = self._titles[fact] = Lookup(fact).titles
            return titles.get(value, "")
        return str(fact.show(value) if whole else fact.mask(value))

    def at(self, item: Item, path: str, whole: bool = False) -> str:
        """What an item says at a path, else what the file says, else the cell as it was written."""
        link, _, name = path.rpartition(".")
        if name == "id":
            link, name = "", link
        owner: Any = self.parent if link else self.record
        values, old = item.values, item.old
        if link:
            values, old = (item.parent.values, item.parent.old) if item.parent else ({}, {})
        value = values.get(name)
        if value is None:
            value = old.get(name)
        if value is not None:
            return self.value(owner, name, value, whole)
        cell = shown(item.given.values.get(path))
        return mask_cell(cell) if cell and not whole and resolve(self.record, path).private else cell

    def label(self, owner: Any, name: str) -> str:
        fact = owner.facts().get(name)
        return str(fact.label) if fact is not None else name

    def changes(self, item: Item) -> list[tuple[Any, str, Any, Any]]:
        """What a row changes, its own facts and those of the row it hangs on: owner, name, old and new value."""
        if item.kind != CHANGED and not (item.kind == NEW and item.parent is not None and item.parent.key is not None):
            return []
        return [
            (self.parent if "." in path else self.record, path.rpartition(".")[2], old, new)
            for path, old, new in differences(self.plan, item)
            if item.kind == CHANGED or "." in path
        ]

    def why(self, item: Item) -> str:
        """Why a row becomes what it does, on one line."""
        told = [item.why()] if item.why() else []
        if item.kind == NEW and item.parent is not None and item.parent.key is None and self.parent is not None:
            told.append(f"连同新的{self.parent.word}一起登记。")
        if changes := self.changes(item):
            labels = dict.fromkeys(self.label(owner, name) for owner, name, _, _ in changes)
            told.append(f"改 {'、'.join(labels)}。")
        if item.kind != REFUSED:
            told += [f"没有采用：{fault.sentence}" for fault in item.left_out]
            told += [f"请留意：{fault.sentence}" for fault in item.doubts]
        return "".join(told)


class PlanModel(QAbstractTableModel):
    """The items of a plan that are shown now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: list[Item] = []
        self.told: Told | None = None
        self.paths: list[str] = []
        self.captions: list[str] = []

    def show_plan(self, plan: Plan) -> None:
        self.beginResetModel()
        self.items, self.told = [], Told(plan)
        record = plan.record
        paths = [path for part in record.same_as.split("|") for path in part.split()]
        self.paths = sorted(dict.fromkeys(paths), key=lambda path: path != record.shown_by)
        self.captions = ["来处", *(resolve(record, path).label for path in self.paths), "处理", "说明"]
        self.endResetModel()

    def show_items(self, items: list[Item]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    @property
    def kind_column(self) -> int:
        return len(self.captions) - 2

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.captions)

    def text(self, row: int, column: int) -> str:
        item = self.items[row]
        assert self.told is not None
        if column == 0:
            return item.where()
        if column == self.kind_column:
            return WORDS[item.kind]
        if column > self.kind_column:
            return self.told.why(item)
        return self.told.at(item, self.paths[column - 1])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() > self.kind_column:
            return self.text(index.row(), index.column()) or None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.captions[section]
        return None


class _Cells(QStyledItemDelegate):
    """Paints one cell; what happens stands on the tint of its kind."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        model = index.model()
        assert isinstance(model, PlanModel)
        chosen = bool(state & state.__class__.State_Selected)
        painter.fillRect(rect, look.color(look.ACCENT_TINT if chosen else look.CARD))
        painter.setPen(look.color(look.HAIR))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        column, text = index.column(), model.text(index.row(), index.column())
        pad = look.sizes().of(9)
        inside = rect.adjusted(pad, 0, -pad, 0)
        if column == model.kind_column:
            self._tag(painter, inside, text, TONES[model.items[index.row()].kind], chosen)
            return
        font = look.font(bold=column == 1)
        painter.setFont(font)
        painter.setPen(look.color(look.INK if 0 < column < model.kind_column else look.SOFT))
        painter.drawText(inside, LEFT, QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, inside.width()))

    def _tag(self, painter: QPainter, inside: QRect, text: str, tone: str, chosen: bool) -> None:
        ink, ground = look.TONES[tone]
        font, pad, height = look.font("small"), look.sizes().of(6), look.sizes().of(20)
        wide = QFontMetrics(font).horizontalAdvance(text) + 2 * pad
        box = QRect(inside.left(), inside.center().y() - height // 2, wide, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(look.CARD if chosen else ground))
        painter.drawRoundedRect(box, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(font)
        painter.setPen(QPen(look.color(ink)))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


class PlanTable(QTableView):
    """`current(item)` when another row is looked at, None for none."""

    current = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rows = PlanModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Cells(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heading = self.horizontalHeader()
        heading.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heading.setHighlightSections(False)
        heading.setStretchLastSection(True)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.current.emit(self.item()))
        self.restyle()

    def show_plan(self, plan: Plan) -> None:
        """Show another plan, no rows yet."""
        self.rows.show_plan(plan)

    def show_items(self, items: list[Item], at: int = 0) -> None:
        """Show these rows and look at the one in place `at`."""
        self.rows.show_items(items)
        self._fit()
        if items:
            self.selectRow(min(max(at, 0), len(items) - 1))
        else:
            self.current.emit(None)

    def item(self) -> Item | None:
        """The row that is looked at."""
        index = self.currentIndex()
        return self.rows.items[index.row()] if index.isValid() and index.row() < len(self.rows.items) else None

    def at(self) -> int:
        return self.currentIndex().row()

    def _fit(self) -> None:
        pad, seen = look.sizes().of(20), range(min(SEEN, len(self.rows.items)))
        for column, caption in enumerate(self.rows.captions[:-1]):
            head = look.wide(caption, bold=True)
            body = max((look.wide(self.rows.text(row, column), bold=column == 1) for row in seen), default=0)
            self.setColumnWidth(column, min(max(head, body) + pad, look.width("most_column")))
        last = len(self.rows.captions) - 1
        self.setColumnWidth(last, look.width("search") // 3)

    def restyle(self) -> None:
        """Measure anew after the size of type changed."""
        self.verticalHeader().setDefaultSectionSize(look.row_height())
        self.horizontalHeader().setFixedHeight(look.row_height() + 1)
        self.horizontalHeader().setMinimumSectionSize(look.width("least_column"))
        self._fit()
