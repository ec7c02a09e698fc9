"""Asks for a few facts before something is done: an action's answers, what to change in many rows, a ledger's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.faults import Fault, Reject
from app.models.paths import resolve
from app.ui import look
from app.ui.card_burst import ENTERS, CardBurst
from app.ui.field import Field
from app.ui.link_input import LinkInput
from app.ui.rows import Scrolled


class Ask(QDialog):
    """A small window that does not block the page. `answered(values)` when every field can be read.

    Enter goes from field to field and to the button, Ctrl+Enter answers, Esc leaves. Whoever asked calls `close` when
    it is done, or `tell` with what was wrong, so that nothing typed is lost. `shared(name)` is the row to which
    everything asked about leads by this link.
    """

    answered = Signal(object)

    def __init__(
        self, parent: QWidget, title: str, sentence: str, facts: Mapping[str, Any], do: str,
        shared: Callable[[str], int | None] = lambda name: None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._shared = shared
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._burst = CardBurst(self)
        self._burst.read.connect(lambda widget: self._move_from(widget, 1))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*[look.gap * 2 - 4] * 4)
        self.column.setSpacing(look.gap)
        self.sentence = look.soft(sentence, wrap=True)
        self.column.addWidget(self.sentence)
        self.fields: dict[str, Field] = {}
        self._fit_later = QTimer(self)  # once what is said is laid out
        self._fit_later.setSingleShot(True)
        self._fit_later.setInterval(0)
        self._fit_later.timeout.connect(self._fit)
        self.place = QVBoxLayout()
        self.place.setSpacing(look.gap)
        self.area = _Fields(self.place)
        self.column.addWidget(self.area, 1)
        self.fault = look.fault()
        self.column.addWidget(self.fault)
        row = QHBoxLayout()
        row.addStretch()
        cancel = look.button("取消", "Esc")
        cancel.clicked.connect(self.reject)
        self.do_button = look.button(do, "Ctrl Enter", primary=True)
        self.do_button.clicked.connect(self.answer)
        self.do_button.installEventFilter(self._burst)
        self._do = do
        row.addWidget(cancel)
        row.addWidget(self.do_button)
        self.column.addLayout(row)
        self.setMinimumWidth(look.width("dialog"))
        self.show_facts(facts)

    def show_facts(self, facts: Mapping[str, Any]) -> None:
        """Ask for these facts in place of the earlier ones."""
        for field in self.fields.values():
            field.hide()
            field.deleteLater()
        self.fields = {name: Field(fact, name, self) for name, fact in facts.items()}
        widest = max((field.caption_width() for field in self.fields.values()), default=0)
        for field in self.fields.values():
            field.set_caption_width(widest)
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)  # a long sentence is whole
            (field.input.focusProxy() or field.input).installEventFilter(self._burst)
            within = getattr(field.fact, "within", "")
            if isinstance(field.input, LinkInput) and within.startswith("."):
                field.input.above = partial(self._shared, within[1:])
            elif isinstance(field.input, LinkInput) and within in self.fields:
                field.input.above = self.fields[within].readable
            self.place.addWidget(field)
            field.told.connect(self._fit_later.start)
        if self.fields:
            next(iter(self.fields.values())).input.setFocus()
        self._fit()

    def _fit(self) -> None:
        """As high as its fields, but never higher than the window that asks: then the fields scroll."""
        layout, parent = self.layout(), self.parentWidget()
        assert layout is not None
        self.area.ask_for(self.width() - 2 * self.column.contentsMargins().left())
        layout.activate()
        wanted = layout.totalSizeHint().height()
        if layout.hasHeightForWidth():
            wanted = layout.totalHeightForWidth(self.width())
        room = parent.window().height() - 2 * look.gap if parent is not None else wanted
        self.resize(self.width(), max(min(wanted, room), layout.totalMinimumSize().height()))
        screen = self.screen().availableGeometry()
        if self.isVisible() and (over := self.frameGeometry().bottom() - screen.bottom()) > 0:
            self.move(self.x(), max(screen.top(), self.y() - over))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def answer(self) -> None:
        """Read every field; tell under it what is missing or cannot be read, and go to the first of those."""
        if not self.do_button.isEnabled():
            return
        values, faults = {}, []
        for name, field in self.fields.items():
            try:
                values[name] = field.read()
            except ValueError as error:
                faults.append(Fault(name, str(error)))
                continue
            if values[name] is None and field.fact.required:
                faults.append(Fault(name, f"请填写{field.fact.label}。"))
        if faults:
            self.tell(Reject(*faults))
            return
        self.fault.hide()
        self._wait(True)
        self.answered.emit(values)

    def _wait(self, on: bool) -> None:
        self.do_button.setEnabled(not on)
        self.do_button.setText("正在办理…" if on else self._do)

    def tell(self, error: BaseException) -> None:
        """Say what was wrong, under its field where it has one."""
        self._wait(False)
        faults = error.faults if isinstance(error, Reject) else (Fault("", str(error)),)
        rest: list[str] = []
        wrong = [self.fields[fault.path] for fault in faults if fault.path in self.fields]
        for fault in faults:
            if fault.path in self.fields:
                self.fields[fault.path].tell(fault.sentence)
            else:
                rest.append(fault.sentence)
        self.fault.setText("\n".join(dict.fromkeys(rest[:3])))
        self.fault.setVisible(bool(rest))
        self._fit()
        if wrong:
            self._go(wrong[0].input)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() not in ENTERS:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier or focused is self.do_button:
            self.answer()
        elif focused is not None:
            self._move_from(focused, -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)

    def _move_from(self, widget: QWidget, step: int) -> None:
        """To the next field, and from the last to the button."""
        stops: list[QWidget] = [*(field.input for field in self.fields.values()), self.do_button]
        at = next((at for at, stop in enumerate(stops) if stop is widget or stop.isAncestorOf(widget)), -1)
        self._go(stops[min(max(at + step, 0), len(stops) - 1)])

    def _go(self, stop: QWidget) -> None:
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        if self.area.isAncestorOf(stop):
            self.area.ensureWidgetVisible(stop, 0, look.field_height())


class _Fields(Scrolled):
    """The fields of a question, one under the other. It asks for all the height they need, and scrolls in less."""

    def __init__(self, place: QVBoxLayout) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(place)
        column.addStretch(1)
        super().__init__(inside)
        self._wanted = QSize()

    def ask_for(self, width: int) -> None:
        """Ask for the height that the fields need in this width."""
        layout = self.widget().layout()
        assert layout is not None
        layout.activate()
        high = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        self._wanted = QSize(width, high)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return self._wanted

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self._wanted.height(), 2 * look.field_height()))


class BulkChange(Ask):
    """批量修改: which fact, and its new value. `answered({name: value})`."""

    def __init__(self, parent: QWidget, record: Any, names: list[str], count: int) -> None:
        self.record = record
        self.which = QComboBox()
        sentence = f"将修改选中的 {count:,} 行。改完可以用 Ctrl+Z 一次撤销。"
        super().__init__(parent, "批量修改", sentence, {}, f"修改 {count:,} 行")
        for name in names:
            self.which.addItem(resolve(record, name).label, name)
        row = QHBoxLayout()
        row.setSpacing(look.gap)
        self.which_caption = look.soft("改哪一项")
        row.addWidget(self.which_caption)
        row.addWidget(self.which, 1)
        self.column.insertLayout(1, row)
        self.which.currentIndexChanged.connect(lambda _: self._choose())
        self._choose()

    def _choose(self) -> None:
        name = self.which.currentData()
        if name:
            path = resolve(self.record, name)
            self.show_facts({name: path.ends_in or path.fact})
            width = max(self.fields[name].caption_width(), self.which_caption.sizeHint().width())
            self.which_caption.setFixedWidth(width)
            self.fields[name].set_caption_width(width)
