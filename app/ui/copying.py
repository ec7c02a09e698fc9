"""Rows of a ledger to the clipboard, and a range of a spreadsheet from it into the ledger (复制、粘贴)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from app.models import roles
from app.models.here import standing
from app.models.progress import Progress
from app.ui import clipboard, purpose
from app.ui.ledger_verbs import say_why, why_no_import
from app.work.outgoing import leave

if TYPE_CHECKING:
    from app.ui.ledger_page import LedgerPage

AT_ONCE = 500  # rows copied on the window's thread


def bind(page: LedgerPage) -> None:
    """Let a ledger page copy and, where lists can be taken in, paste: by its keys and its menu."""
    ways = [("复制选中的行", "Ctrl+C", copy, page.table), ("复制选中的行，号码写全", "Ctrl+Shift+C", copy_whole, page)]
    if page.ledger.form:
        ways.append(("粘贴表格里的行", "Ctrl+V", paste, page))
    for title, keys, do, where in ways:
        page.tools.add_seldom(f"{title}\t{keys}", lambda do=do: do(page))
        shortcut = QShortcut(QKeySequence(keys), where)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda do=do: do(page))


def copy(page: LedgerPage) -> None:
    """Copy the chosen rows with their headings, private facts as the list shows them."""
    if _may_copy(page):
        _copy(page, False, "")


def copy_whole(page: LedgerPage) -> None:
    """Copy the chosen rows with private facts as they are; who is signed in says what for."""
    if not _may_copy(page) or say_why(page, roles.why_not("whole")):
        return
    if purpose.asks() and page.listing.but(whole=True).bares:
        purpose.ask(page, f"复制 {page.listing.ledger.title}", lambda what_for: _copy(page, True, what_for))
    else:
        _copy(page, True, "")


def _may_copy(page: LedgerPage) -> bool:
    if not page.table.chosen_keys():
        page.window_.say("请先选中要复制的行。")
        return False
    return not say_why(page, roles.why_not("export"))


def _copy(page: LedgerPage, whole: bool, what_for: str) -> None:
    """Put the rows on the clipboard; where somebody is signed in that is an export, and is told of."""
    keys, listing = page.table.chosen_keys(), page.listing.but(whole=whole)
    more = "，号码写全" if listing.bares else ""

    def put(copied: tuple[str, str]) -> None:
        QApplication.clipboard().setMimeData(clipboard.as_mime(*copied))
        page.window_.say(f"已复制 {len(keys):,} 行（含标题行{more}），可以粘贴到表格里。")

    def tell_and_read(progress: Progress) -> tuple[str, str]:
        with standing(purpose=what_for):
            leave("copy", listing.ledger.title, len(keys), listing.bares, listing.ledger.record.seen_by)
        return clipboard.copied(listing, keys)

    if roles.clerk() is not None:
        page.window_.tasks.write("复制", tell_and_read, put)
    elif len(keys) <= AT_ONCE:
        put(clipboard.copied(listing, keys))
    else:
        page.window_.tasks.read(lambda: clipboard.copied(listing, keys), put)


def paste(page: LedgerPage) -> None:
    """Take what was copied in a spreadsheet into the ledger, with the same look and check as an import; copied files
    are imported."""
    if say_why(page, why_no_import(page)):
        return
    from app.sheets.pasted import NOTHING  # loaded when first pasted

    mime = QApplication.clipboard().mimeData() or QMimeData()
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()] if mime.hasUrls() else []
    html, text = mime.html() if mime.hasHtml() else "", mime.text() if mime.hasText() else ""
    if not files and not html.strip() and not text.strip():
        page.window_.say(NOTHING)
        return
    from app.ledgers.contents import ledger_called
    from app.ui.plan_page import PlanPage

    window = page.window_
    plan = PlanPage(window, ledger_called(window.source_name(page.name)))
    window.show_page(plan, plan.title)
    if files:
        plan.open_files(files)
    else:
        plan.open_pasted(html, text, page.listing.shown)
