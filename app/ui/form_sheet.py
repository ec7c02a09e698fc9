"""The sheet of a form: a ledger's picture drawn as fields and tables, walked with Enter, read and filled as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ledgers.forms import Filled
from app.ledgers.layout import Place, Section, Table
from app.ledgers.ledger import Ledger
from app.models import fields
from app.models.dates import age_on
from app.models.derived import Age
from app.models.faults import Fault
from app.models.here import today
from app.ui import look
from app.ui.card_burst import ENTERS, CardBurst
from app.ui.field import Field
from app.ui.lines_table import LinesTable
from app.ui.link_input import LinkInput
from app.ui.rows import Elided
from app.ui.scan_input import ScanInput

_SHORT = (fields.Code, fields.Flag, fields.Whole, fields.Money, fields.Day, fields.Month, fields.Birth)  # in one column
_IN_LINE = re.compile(r"(\w+)\[(\d+)\]\.?(.*)")


class FormSheet(QWidget):
    """`changed` when the clerk changed anything, `ended` when Enter left the last field, `shown` asks to be seen."""

    changed = Signal()
    ended = Signal()
    shown = Signal(QWidget)

    def __init__(self, ledger: Ledger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ledger, self.record = ledger, ledger.record
        self.fields: dict[str, Field] = {}
        self.tables: dict[str, LinesTable] = {}
        self.stops: list[Field | LinesTable] = []  # what Enter goes through, in order
        self._columns: dict[int, list[Field]] = {}
        self.notes: dict[str, Any] = {}  # the label under each table that tells what is wrong in its lines
        self.loaded = Filled(ledger.record)
        self.burst = CardBurst(self)
        self.burst.read.connect(self._was_read)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.gap)
        for section in ledger.sections:
            layout.addWidget(self._card(section))
        layout.addStretch()
        self._line_up()
        self._connect_links()

    # --- drawing ---

    def _card(self, section: Section) -> QWidget:
        card = look.card()
        card.setParent(self)
        column = QVBoxLayout(card)
        column.setContentsMargins(look.gap + 4, look.gap, look.gap + 4, look.gap)
        column.setSpacing(look.gap // 2)
        tables = [part for row in section.rows for part in row if isinstance(part, Table)]
        if section.title and [table.lines.label for table in tables] != [section.title]:
            column.addWidget(look.heading(section.title))
        if len(tables) < len(section.rows):
            column.addLayout(self._grid(section, card))
        for table in tables:
            self._add_table(table, column)
        return card

    def _grid(self, section: Section, card: QWidget) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * look.gap)
        grid.setVerticalSpacing(look.gap // 2 + 2)
        rows = [[part for part in row if isinstance(part, Place)] for row in section.rows]
        width = max(map(len, rows), default=1)
        for number, row in enumerate(filter(None, rows)):
            span = width // len(row)
            for column, place in enumerate(row):
                field = self._add_field(place, card)
                self._columns.setdefault(column, []).append(field)
                last = width - column * span if place is row[-1] and not isinstance(place.fact, _SHORT) else 1
                grid.addWidget(field, number, column * span, 1, last, Qt.AlignmentFlag.AlignTop)
        for column in range(width):
            grid.setColumnStretch(column, 1)
        return grid

    def _line_up(self) -> None:
        """Captions of one column are as wide as the widest, over all sections."""
        for column in self._columns.values():
            caption = max(field.caption_width() for field in column)
            for field in column:
                field.set_caption_width(caption)

    def _add_field(self, place: Place, card: QWidget) -> Field:
        field = Field(place.fact, place.name, card)
        field.changed.connect(self._typed)
        field.left.connect(self._complete)
        (field.input.focusProxy() or field.input).installEventFilter(self.burst)
        self.fields[place.name] = field
        self.stops.append(field)
        return field

    def _add_table(self, table: Table, column: QVBoxLayout) -> None:
        made = LinesTable(table, self.burst)
        made.changed.connect(self._typed)
        made.opened.connect(self.shown)
        made.passed.connect(lambda step: self.move_from(made, step))
        add, remove = look.button("加一行", "Insert"), look.button("删除行", "Ctrl Delete")
        add.clicked.connect(made.insert_below)
        remove.clicked.connect(made.remove_current)
        above = QHBoxLayout()
        above.addWidget(look.heading(table.lines.label))
        above.addSpacing(look.gap)
        above.addWidget(Elided("回车到下一格，最后一格回车加一行；在空行第一格回车结束", "faint"))
        above.addStretch(1)
        for button in (add, remove):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            above.addWidget(button)
        note = look.fault()
        column.addLayout(above)
        column.addWidget(made)
        column.addWidget(note)
        self.tables[table.name], self.notes[table.name] = made, note
        self.stops.append(made)

    def _connect_links(self) -> None:
        """A link that must lie within another of this form asks that one for its row."""
        for name, field in self.fields.items():
            part, dot, _ = name.rpartition(".")
            within = f"{part}{dot}{getattr(field.fact, 'within', '')}"
            if isinstance(field.input, LinkInput) and within in self.fields:
                field.input.above = self.fields[within].readable

    # --- filling and reading ---

    def fill(self, filled: Filled) -> None:
        """Show these values; what the clerk then changes is told apart from them."""
        self.loaded = filled
        for name, field in self.fields.items():
            field.set_value(filled.values.get(name))
            if isinstance(field.input, ScanInput):
                field.input.take_over(filled.scans)
        for name, table in self.tables.items():
            table.lines.fill(filled.lines.get(name, []))
        self.clear_faults()
        self.show_ages()

    def lay_over(self, merged: Filled, base: Filled) -> None:
        """Show `merged`; what differs from `base` counts as changed by the clerk."""
        self.fill(merged)
        self.loaded = base

    def put(self, path: str, value: Any) -> None:
        """Put one value into the field or cell at a path."""
        inside = _IN_LINE.fullmatch(path)
        if inside:
            self.tables[inside[1]].lines.put_value(int(inside[2]), inside[3], value)
        else:
            self.fields[path].set_value(value)
        self.changed.emit()

    def read(self) -> tuple[Filled, list[Fault]]:
        """What stands in the form, and what in it cannot be read."""
        loaded, faults = self.loaded, list[Fault]()
        filled = Filled(self.record, loaded.key, loaded.rev, parts=loaded.parts, locked=loaded.locked)
        filled.values = {name: value for name, value in loaded.values.items() if name not in self.fields}
        for name, field in self.fields.items():
            try:
                filled.values[name] = field.read()
            except ValueError as wrong:
                faults.append(Fault(name, str(wrong)))
            if isinstance(field.input, ScanInput):
                filled.scans.update(field.input.chosen)
        for name, table in self.tables.items():
            table.finish()
            rows = [row for row in table.lines.rows if not row.is_empty]
            filled.lines[name] = [dict(row.values) for row in rows]
            for number, row in enumerate(rows):
                if not row.removed:
                    faults.extend(Fault(f"{name}[{number}].{fact}", row.wrong.get(fact, "")) for fact in row.typed)
        return filled, faults

    def tell(self, faults: Iterable[Fault]) -> list[str]:
        """Show each sentence where it belongs, go to the first; gives those that belong to no place here."""
        self.clear_faults()
        general: list[str] = []
        wrong: list[tuple[int, int, str]] = []  # stop, row, name
        for fault in faults:
            inside = _IN_LINE.fullmatch(fault.path)
            where = fault.path if fault.path in self.fields else fault.path.split(".")[0]
            if inside and inside[1] in self.tables:
                table = self.tables[inside[1]]
                rows = [at for at, row in enumerate(table.lines.rows) if not row.is_empty]
                table.lines.mark(rows[int(inside[2])], inside[3], fault.sentence)
                wrong.append((self.stops.index(table), rows[int(inside[2])], inside[3]))
            elif where in self.fields:
                self.fields[where].tell(fault.sentence)
                wrong.append((self.stops.index(self.fields[where]), 0, ""))
            else:
                general.append(fault.sentence)
        self._show_notes()
        if wrong:
            self._go_to(*min(wrong))
        return general

    def clear_faults(self) -> None:
        for field in self.fields.values():
            field.tell("")
        for table in self.tables.values():
            table.lines.clear_wrong()
        self._show_notes()

    def _show_notes(self) -> None:
        for name, table in self.tables.items():
            sentences = table.lines.sentences()
            self.notes[name].setText("\n".join(sentences))
            self.notes[name].setVisible(bool(sentences))

    # --- while the clerk types ---

    def _typed(self) -> None:
        self.show_ages()
        self._show_notes()
        self.changed.emit()

    def _complete(self) -> None:
        """Fill in what follows from other facts, as birth and sex from an ID number, where nothing is written."""
        values = {name: field.readable() for name, field in self.fields.items()}
        known = {name: value for name, value in values.items() if value is not None}
        self.record.complete(known)
        for name, value in known.items():
            if name in self.fields and values[name] is None and not self.fields[name].input.value_text():
                self.fields[name].set_value(value)
        self.show_ages()

    def show_ages(self) -> None:
        for derived in self.record.derived.values():
            if isinstance(derived, Age) and derived.born in self.fields:
                field = self.fields[derived.born]
                born = field.readable()
                told = age_on(born, today()) if born else None
                field.set_hint(f"{derived.show(told)} 周岁" if told and told[0] >= 0 else "")

    # --- going from field to field ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        simple = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        at = self.stop_of(self.focusWidget())
        if event.key() in ENTERS and simple == Qt.KeyboardModifier.NoModifier and at is not None:
            self.move_from(at, -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def stop_of(self, widget: QWidget | None) -> Field | LinesTable | None:
        return next((stop for stop in self.stops if stop is widget or (widget and stop.isAncestorOf(widget))), None)

    def move_from(self, stop: Field | LinesTable, step: int) -> None:
        at = self.stops.index(stop) + step
        if at >= len(self.stops):
            self.ended.emit()
        elif at >= 0:
            self.go_to(self.stops[at], step)

    def go_to(self, stop: Field | LinesTable, step: int = 1) -> None:
        if isinstance(stop, LinesTable):
            stop.enter(step)
        else:
            stop.input.setFocus(Qt.FocusReason.TabFocusReason if step > 0 else Qt.FocusReason.BacktabFocusReason)
            self.shown.emit(stop)

    def go_first(self) -> None:
        """To the first field that is empty and must be filled in, or the first of all."""
        needed = (one for one in self.fields.values() if one.fact.required and not one.input.value_text())
        self.go_to(next(needed, self.stops[0]))

    def _go_to(self, at: int, row: int, name: str) -> None:
        stop = self.stops[at]
        self.go_to(stop)
        if isinstance(stop, LinesTable):
            names = [place.name for place in stop.table.columns]
            stop.open(row, names.index(name) if name in names else 0)

    def _was_read(self, widget: QWidget) -> None:
        """A card was read into this input: go on one field, whatever Enter would have done."""
        for table in self.tables.values():
            if table.isAncestorOf(widget) and hasattr(widget, "value_text"):
                table.cells.finish(widget)
                table.go(1)
                return
        stop = self.stop_of(widget)
        if isinstance(stop, Field):
            self.move_from(stop, 1)
