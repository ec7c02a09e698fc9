"""The form of one row (登记、修改), drawn from its ledger: typed, kept as a draft, saved in one operation."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ledgers import forms
from app.ledgers.dossier import page_of, page_word
from app.ledgers.ledger import Ledger
from app.models import drafts
from app.models.faults import Fault, Reject, Stale
from app.models.fields import Link
from app.models.progress import Progress
from app.ui import look
from app.ui.dossier_page import open_from_form
from app.ui.form_kept import kept, restore
from app.ui.form_sheet import FormSheet
from app.ui.form_strips import ChoiceStrip, VersionsStrip, moment, stand, told_of
from app.ui.ledger_verbs import act_on_new
from app.ui.rows import Elided
from app.work import choices

DRAFT_AFTER = 1500  # milliseconds after the last change


class RecordForm(QWidget):
    """A page. `prefill` are values that a new form begins with; `key` is None for a new row."""

    def __init__(
        self, window: Any, ledger: Ledger, key: int | None = None, prefill: dict[str, Any] | None = None
    ) -> None:
        super().__init__(window.stack)
        self.desk, self.ledger, self.key, self.prefill = window, ledger, key, prefill or {}
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.saving = self.again = self.gone = False
        self.versions: VersionsStrip | None = None
        self.offers: list[ChoiceStrip] = []
        self._last: Any = None  # the stop that had the focus when saving began
        self._draft_later = QTimer(self)
        self._draft_later.setSingleShot(True)
        self._draft_later.setInterval(DRAFT_AFTER)
        self._draft_later.timeout.connect(self.keep_draft)
        self._build()
        self._draw()
        self._bind()
        self._load()
        self._offer_drafts()

    # --- drawing ---

    def _build(self) -> None:
        self.back_link = look.link(f"← {self.desk.titles.get(self.desk.page, '返回')}")
        self.title, self.said = Elided(self.ledger.record.word, "title"), look.fault()
        self.save_button = look.button("保存", "Ctrl Enter", primary=True)
        self.again_button = look.button("保存并新登记", "Ctrl Shift Enter")
        self.page_button = look.button(page_word(self.ledger.record), "Ctrl I")
        self.back_button = look.button("返回", "Esc")
        top = QHBoxLayout()
        top.setSpacing(look.gap)
        for widget in (self.back_link, self.title):
            top.addWidget(widget)
        top.addStretch()
        for widget in (self.save_button, self.again_button, self.page_button, self.back_button):
            top.addWidget(widget)
        self.strips = QVBoxLayout()
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.gap + 4, look.gap, look.gap + 4, look.gap)
        column.setSpacing(look.gap)
        column.addLayout(top)
        column.addLayout(self.strips)
        column.addWidget(self.said)
        column.addWidget(self.area, 1)
        self.again_button.setVisible(self.key is None)
        self.page_button.setVisible(self.key is not None and page_of(self.ledger.record) is not None)

    def _bind(self) -> None:
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, do in (
            (("Ctrl+Return", "Ctrl+Enter", "F6", "Ctrl+S"), self.save),
            (("Ctrl+I",), partial(open_from_form, self)),
            (("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), self.save_and_begin_another),
        ):
            for key in keys:
                QShortcut(QKeySequence(key), self, context=inside).activated.connect(do)
        self.save_button.clicked.connect(self.save)
        self.page_button.clicked.connect(partial(open_from_form, self))
        self.again_button.clicked.connect(self.save_and_begin_another)
        self.back_button.clicked.connect(self.go_back)
        self.back_link.clicked.connect(self.go_back)

    def _draw(self) -> None:
        """Draw the sheet anew, as for another size of type."""
        self.sheet = FormSheet(self.ledger, self.area.viewport())
        self.area.setWidget(self.sheet)
        self.sheet.changed.connect(self._draft_later.start)
        self.sheet.ended.connect(self.save_button.setFocus)
        self.sheet.shown.connect(self._show)
        self.area.verticalScrollBar().valueChanged.connect(self._shut_list)
        self.save_button.installEventFilter(self.sheet.burst)

    def restyle(self) -> None:
        content, enabled = kept(self.sheet), self.sheet.isEnabled()
        self._draw()
        self.sheet.fill(self.base)
        restore(self.sheet, content)
        self.sheet.setEnabled(enabled)

    def _show(self, widget: QWidget) -> None:
        self.area.ensureWidgetVisible(widget, 0, 2 * look.field_height())

    def _shut_list(self) -> None:
        """A list below an input does not stay behind when the page moves under it."""
        shut = getattr(self.sheet.focusWidget(), "shut", None)
        if shut is not None:
            shut()

    def _load(self) -> None:
        """Show the row as it stands in the file, or an empty form."""
        word = self.ledger.record.word
        if self.key is None:
            filled = forms.empty(self.ledger)
            filled.values.update({name: value for name, value in self.prefill.items() if name in filled.values})
            self.title.setText(f"登记{word}")
        else:
            try:
                filled = forms.load(self.ledger, self.key)
            except Stale as stale:
                self._was_removed(str(stale))
                return
            called = choices.described(self.ledger.record, [self.key])[0]
            self.title.setText(f"{word} · {called.title or called.more}")
        self.base = filled
        self.sheet.fill(filled)
        if filled.locked:
            self.sheet.setEnabled(False)
            self.save_button.setEnabled(False)
            self.save_button.setToolTip(filled.locked)
            self.strips.addWidget(ChoiceStrip(filled.locked, {}, "accent"))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.sheet.isEnabled():
            self.sheet.go_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.save_button.hasFocus():
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.sheet.go_to(self.sheet.stops[-1], -1) if back else self.save()
        else:
            super().keyPressEvent(event)

    def go_back(self) -> None:
        """Leave the form without a question; what was typed stays as a draft."""
        self.keep_draft()
        self.desk.close_page(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._draft_later.isActive():
            self.keep_draft()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.back_link.setVisible(self.width() >= look.width("page_narrow"))
        self._shut_list()

    # --- drafts ---

    @property
    def name(self) -> str:
        """The name of this form among the drafts."""
        return f"{self.ledger.title}:{self.key or '新'}"

    def _offer_drafts(self) -> None:
        """Offer what was typed and not saved; a draft not answered yet is never written over."""
        self.slot = self.name
        while (draft := drafts.find(self.slot)) is not None:
            slot, content = self.slot, draft.content
            sentence = f"发现 {moment(draft.at)} 未保存的内容。"
            if content.get("rev", self.base.rev) != self.base.rev:
                sentence += "这条记录后来又改过，恢复后请核对。"
            answers = {"恢复": partial(self._restore, slot, content), "丢弃": partial(self._drop, slot)}
            self.offers.append(ChoiceStrip(sentence, answers))
            stand(self.offers[-1], self.strips, after=self.back_button)
            self.slot += "+"

    def _restore(self, slot: str, content: dict[str, Any]) -> None:
        restore(self.sheet, content)
        self._drop(slot)
        self.keep_draft()
        self.sheet.go_first()

    def _drop(self, slot: str) -> None:
        self.desk.tasks.note(lambda: drafts.drop(slot))
        if self.sheet.isEnabled():
            self.sheet.go_first()

    def keep_draft(self) -> None:
        """Keep what was changed, or forget the draft when nothing is."""
        self._draft_later.stop()
        slot, content = self.slot, kept(self.sheet)
        if content and not self.saving:
            content["rev"] = self.base.rev
            self.desk.tasks.note(lambda: drafts.keep(slot, content))
        elif not content:
            self.desk.tasks.note(lambda: drafts.drop(slot))

    # --- saving ---

    def save_and_begin_another(self) -> None:
        """Save and stay with an empty form, in the same village or household."""
        if self.key is None:
            self.save(again=True)

    def save(self, again: bool = False) -> None:
        if self.saving or not self.save_button.isEnabled():
            return
        filled, faults = self.sheet.read()
        if self.versions and self.versions.undecided:
            sentence = "对方也改了这一项，请在上面选用我的还是对方的。"
            faults += [Fault(path, sentence) for path in sorted(self.versions.undecided)]
        if self.gone:
            filled.key, filled.rev = None, 0
        faults += self._rules(filled, {fault.path for fault in faults})
        if faults:
            self._tell(faults)
            return
        ledger, self.saving, self.again = self.ledger, True, bool(again)
        self._draft_later.stop()
        self._last = self.sheet.stop_of(self.focusWidget())
        self._wait(True)

        def work(progress: Progress) -> int:
            return forms.save(ledger, filled)

        self.desk.tasks.write("保存", work, self._saved, self._failed)

    def _rules(self, filled: forms.Filled, told: set[str]) -> list[Fault]:
        """What the rules say of the form as it is, but for fields of which something is told already."""
        with suppress(Stale):
            return [fault for fault in forms.faults_of(self.ledger, filled) if fault.path not in told]
        return []  # the writing thread tells of what somebody else changed

    def _wait(self, on: bool) -> None:
        self.save_button.setText("正在保存…" if on else "保存")
        for widget in (self.save_button, self.again_button, self.sheet):
            widget.setEnabled(not on)

    def _saved(self, key: int) -> None:
        self._wait(False)
        slot = self.slot
        self.desk.tasks.note(lambda: drafts.drop(slot))
        self.desk.say(told_of(self.ledger, key, new := self.key is None))
        self.saving = False
        if self.again:
            self._begin_another()
        else:
            self.desk.close_page(self)
        if new:
            act_on_new(self.desk, self.ledger, key)

    def _begin_another(self) -> None:
        links = {name: field.readable() for name, field in self.sheet.fields.items() if isinstance(field.fact, Link)}
        self.prefill = {name: value for name, value in links.items() if value is not None}
        self._clear_strips()
        self._load()
        self._say("")
        self.sheet.go_first()

    def _failed(self, error: Exception) -> None:
        self._wait(False)
        self.saving = False
        if self._last is not None:
            self.sheet.go_to(self._last)
        self.keep_draft()
        if isinstance(error, Reject):
            self._tell(list(error.faults))
        elif isinstance(error, Stale):
            self._merge(error)
        else:
            self.desk.tell(error)

    def _tell(self, faults: list[Fault]) -> None:
        self._say("\n".join(dict.fromkeys(self.sheet.tell(faults))))

    def _say(self, sentence: str) -> None:
        """Say in red above the form what belongs to no single field."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    # --- somebody else was faster ---

    def _merge(self, stale: Stale) -> None:
        """Lay what was typed over the newer version, and show both where they differ."""
        assert self.key is not None
        try:
            theirs = forms.load(self.ledger, self.key)
        except Stale as gone:
            self._was_removed(str(gone))
            return
        mine, _ = self.sheet.read()
        merged, found = forms.merge(self.ledger, self.base, mine, theirs)
        self.base = theirs
        self.sheet.lay_over(merged, theirs)
        self._clear_strips()
        sentence = "这条记录刚刚被别人改过。您填的都还在，下面是两边不同的地方；选好后再保存。"
        self.versions = VersionsStrip(sentence, found, self._take)
        stand(self.versions, self.strips, after=self.back_button)

    def _take(self, path: str, value: Any) -> None:
        self.sheet.put(path, value)
        if self.versions and not self.versions.undecided:
            self._say("")

    def _was_removed(self, sentence: str) -> None:
        self.gone = True
        self.base = forms.empty(self.ledger)
        self._clear_strips()
        self.save_button.setText("作为新的保存")
        self.strips.addWidget(ChoiceStrip(f"{sentence}您填的都在，保存时会作为新的{self.ledger.record.word}登记。", {}))

    def _clear_strips(self) -> None:
        self.versions, self.offers = None, []
        while (item := self.strips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def refresh(self, tables: frozenset[str]) -> None:
        """Others wrote: show the newest, unless something is being typed; saving then shows both versions."""
        if self.key is None or self.saving or self.gone or kept(self.sheet):
            return
        with suppress(Stale):
            newest = forms.load(self.ledger, self.key)
            if newest != self.base:
                self.base = newest
                self.sheet.fill(newest)
