"""What can be done with the chosen rows of a ledger page; a write runs on the writing thread and says what it did."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from app.ledgers import own
from app.ledgers.contents import ledgers, where_written
from app.ledgers.layout import Place
from app.ledgers.ledger import Action, Ledger
from app.models import roles
from app.models.arrangements import OwnLedger
from app.models.declared import Lead
from app.models.faults import Stale
from app.models.fields import Scan
from app.models.progress import Progress
from app.ui.detail_panel import NO_FORM, why_not
from app.work import choices

if TYPE_CHECKING:
    from app.ui.ask import Ask
    from app.ui.dossier_page import DossierPage
    from app.ui.ledger_page import LedgerPage
    from app.ui.window import Window

NAMED = 3  # chosen rows that are called by name
MOST_CHOSEN = 5000  # rows that actions and the details look at while one chooses


def changeable(page: LedgerPage) -> list[str]:
    """The facts that can be changed in many rows: those of the form, what tells rows apart last."""
    alike = {name for way in page.ledger.record.same_as.split("|") for name in way.split()}
    parts = [part for section in page.ledger.sections for row in section.rows for part in row]
    found = [part.name for part in parts if isinstance(part, Place) and not isinstance(part.fact, Scan)]
    return sorted(found, key=lambda name: name in alike)


def why_no_new(page: LedgerPage) -> str | None:
    """Why no row can be written in this ledger, or None."""
    if not page.ledger.form:
        return "这个台账是由程序记下或推算的，不能修改。"
    return roles.why_not(page.ledger.record.written_by)


def why_no_import(page: LedgerPage) -> str | None:
    """Why no list can be taken in, or None."""
    return roles.why_not("import") or why_no_new(page)


def say_why(page: LedgerPage, why: str | None) -> bool:
    """Say why not, if there is a reason; whether there was."""
    if why:
        page.window_.say(why)
    return bool(why)


def why_no_bulk(page: LedgerPage) -> str | None:
    """Why the chosen rows cannot be changed together, or None."""
    if why := roles.why_not("bulk") or why_no_new(page):
        return why
    if not page.table.chosen_count():
        return "请先选中要修改的行；Ctrl+A 选中全部。"
    return None


def bulk(page: LedgerPage) -> None:
    """Ask which fact of the chosen rows becomes what, and change it in one operation."""
    if why_no_bulk(page):
        return
    keys, record = page.table.chosen_keys(), page.ledger.record
    from app.ui.ask import BulkChange  # the inputs of every kind come with it: loaded when first asked
    from app.work.bulk import change_all

    dialog = BulkChange(page, record, changeable(page), len(keys))

    def do(values: dict[str, Any]) -> None:
        ((name, value),) = values.items()

        def work(progress: Progress) -> str:
            return change_all(record, keys, name, value, progress)

        _write(page.window_, page, "批量修改", work, dialog)

    dialog.answered.connect(do)
    dialog.show()


def act(page: LedgerPage, action: Action) -> None:
    """Do one of the ledger's own verbs with the chosen rows, after asking what it asks."""
    current = page.table.current_key()
    keys = list(page.table.chosen_keys()) or ([] if current is None else [current])
    act_for(page, action, [] if action.whole else keys)


def act_for(page: LedgerPage | DossierPage, action: Action, keys: list[int]) -> None:
    """Do a verb with these rows of the page's register."""
    _act_on(page.window_, page, page.ledger.record, action, keys)


def act_on_new(window: Window, ledger: Ledger, key: int) -> None:
    """Go to a row that was just registered, and ask at once for what it needs."""
    look_at = getattr(window.page, "look_at", None)
    if look_at is not None:
        look_at(ledger.record, key)
    for action in ledger.actions:
        if action.due and window.page is not None and why_not(action, [key]) is None:
            _act_on(window, window.page, ledger.record, action, [key])


def _act_on(window: Window, page: QWidget, record: Any, action: Action, keys: list[int]) -> None:
    if why := why_not(action, keys):
        window.say(why)
        return
    if action.writes or action.reads:
        if place := _place(page, action):
            _write(window, page, action.title, lambda progress: _do(action, keys, {"place": place}, progress))
        return
    if not action.asks:
        _write(window, page, action.title, lambda progress: _do(action, keys, {}, progress))
        return
    try:
        whom = _named(record, keys)
    except Stale as gone:
        window.say(str(gone))
        return
    from app.ui.ask import Ask

    shared = cache(lambda name: choices.shared(record, name, keys[:MOST_CHOSEN]))
    told = f"{action.title}：{whom}。{action.warns(keys)}"
    dialog = Ask(page, action.title, told, action.asks, action.title, shared)

    def do(values: dict[str, Any]) -> None:
        _write(window, page, action.title, lambda progress: _do(action, keys, values, progress), dialog)

    dialog.answered.connect(do)
    dialog.show()


def _place(page: QWidget, action: Action) -> Path | None:
    """The file that a verb writes or reads; None where the clerk thinks better of it."""
    if action.writes:
        from app.ui.outputs import ask_place

        return ask_place(page, action.title, action.writes, f"文件 (*{Path(action.writes).suffix})")
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    chosen, _ = QFileDialog.getOpenFileName(page, action.title, documents, f"文件 ({action.reads});;所有文件 (*)")
    return Path(chosen) if chosen else None


def _do(action: Action, keys: list[int], answers: dict[str, Any], progress: Progress) -> str | Lead:
    return action.do(keys, **answers, progress=progress) if action.watched else action.do(keys, **answers)


def lead(page: LedgerPage, key: int) -> None:
    """Open what a row stands for, or the form in which it is written; say so where there is neither."""
    if not page.ledger.opens:
        written = where_written(page.ledger.record, key)
        if written is None:
            page.window_.say(NO_FORM)
        else:
            page.window_.open_form(page.window_.entries.ledger(written[0]), written[1])
        return
    try:
        follow(page.window_, page.ledger.record.leads_to(key))
    except Stale as gone:
        page.window_.say(str(gone))


def follow(window: Window, where: Lead, ask: bool = False) -> None:
    """Open the form of one row or the list of several; with `ask` also ask for the action that it names."""
    key, *others = where.keys
    if not others and not (ask and where.action):
        written = where_written(where.record, key)
        if written is None:
            window.say(f"{where.record.word}没有自己的表单，请在有它的台账里找。")
        else:
            window.open_form(window.entries.ledger(written[0]), written[1])
        return
    known = {name: ledger for name, ledger in ledgers().items() if ledger.record is where.record}
    name = next((name for name, ledger in known.items() if ledger.form), next(iter(known), None))
    if name is None:
        window.say(f"{where.record.word}没有自己的台账。")
        return
    opened = window.open_ledger(name, where=where.where, gone=where.gone)
    for action in known[name].actions if ask else ():
        if action.title == where.action:
            act_for(opened, action, list(where.keys))  # type: ignore[arg-type]


def _named(record: Any, keys: list[int]) -> str:
    """Whom an action is for, so that nobody need look back at the table: the row, or the first few and how many."""
    first = choices.described(record, keys[:NAMED])
    if len(keys) == 1:
        return first[0].whole
    names = "、".join(one.title for one in first) + ("等" if len(keys) > NAMED else "")
    return f"选中的 {len(keys):,} 行（{names}）"


def _write(window: Window, page: QWidget, title: str, work: Any, dialog: Ask | None = None) -> None:
    """Write on the writing thread; what was typed stays open until it is kept. `page` is where it was asked for."""

    def done(said: str | Lead) -> None:
        if dialog is not None:
            dialog.close()
        if isinstance(said, Lead):
            follow(window, said, ask=True)
            return
        window.say(said)
        if page in window.pages and hasattr(page, "load"):
            page.load()  # what is no fact is no news either
        window.entries.count()

    window.tasks.write(title, work, done, dialog.tell if dialog is not None else None)


def keep(page: LedgerPage) -> None:
    """保存为我的台账: ask for a title, and keep the arrangement as it is."""
    if say_why(page, roles.why_not("arrange")):
        return
    source, listing = page.window_.source_name(page.name), page.listing
    facts = {"title": OwnLedger.facts()["title"]}
    sentence = "把现在的列、条件和排序保存下来，以后从左边“我的台账”直接打开。"
    from app.ui.ask import Ask

    dialog = Ask(page, "保存为我的台账", sentence, facts, "保存")

    def do(values: dict[str, Any]) -> None:
        kept = values["title"] or ""
        _write(page.window_, page, "保存自设台账", lambda progress: own.keep(kept, source, listing), dialog)

    dialog.answered.connect(do)
    dialog.show()


def to_list(page: LedgerPage) -> None:
    """加入临时台账: put those whom the chosen rows are about on a list, an old one or a new one."""
    record, current = page.ledger.record, page.table.current_key()
    keys = list(page.table.chosen_keys()) or ([] if current is None else [current])
    why = roles.why_not("arrange") or own.why_no_list(record) or (None if keys else "请先选中要加入的行。")
    if say_why(page, why):
        return
    from app.ui.ask import Ask

    sentence = f"把选中的 {len(keys):,} 行所说的人或户放进一份名单，从左边“我的台账”打开，可以再加自己的列。"
    dialog = Ask(page, "加入临时台账", sentence, own.list_facts(record), "加入")

    def do(values: dict[str, Any]) -> None:
        work = lambda progress: own.put_on_list(record, keys, **values)  # noqa: E731
        _write(page.window_, page, "加入临时台账", work, dialog)

    dialog.answered.connect(do)
    dialog.show()


def new_column(page: LedgerPage) -> None:
    """新增自设项目: ask what it is called and of what kind, and show it as the last column."""

    def show(path: str, title: str) -> None:
        page.set_columns((*page.listing.shown, page.ledger.column(path)))
        page.window_.say(f"已新增自设项目“{title}”，显示在最后一列。")

    if not say_why(page, roles.why_not("arrange")):
        from app.ui.new_column import ask_new_column

        ask_new_column(page, page.ledger.record, show)


def keep_columns(page: LedgerPage, columns: Any) -> None:
    """The columns of a kept ledger belong to it, not to the clerk who looks at it."""
    key = int(page.name.partition(":")[2])
    page.window_.tasks.write("调整列", lambda progress: own.keep_columns(key, columns), page.window_.say)


def drop_own(page: LedgerPage) -> None:
    """Take a kept arrangement out of the contents; Ctrl+Z brings it back."""
    key = int(page.name.partition(":")[2])
    _write(page.window_, page, "删除自设台账", lambda progress: own.drop(key))
    page.window_.close_page(page)


def print_(page: LedgerPage) -> None:
    """Ask whoever prints for this listing; with several chosen rows they may be meant alone."""
    if page.table.rows.keys and not say_why(page, roles.why_not("print")):
        page.window_.print_asked.emit(page.listing, page.table.chosen_keys())


def export(page: LedgerPage) -> None:
    if page.table.rows.keys and not say_why(page, roles.why_not("export")):
        page.window_.export_asked.emit(page.listing, page.table.chosen_keys())


def fill_form(page: LedgerPage) -> None:
    """填上级空表: ask for a blank form, to be filled from the ledger as it lies open."""
    if not say_why(page, roles.why_not("export")):
        from app.ui.fill_open import ask_form

        ask_form(page.window_, page.name, page.listing)
