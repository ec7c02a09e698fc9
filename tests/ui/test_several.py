"""Several files taken in on the page: the list of their sheets, one of them looked at, and one operation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from app.models.history import last_number
from app.models.people import Person
from app.sheets.intake import Intake
from app.ui import look, plan_verbs
from app.ui.plan_page import FILE, LIST, READING, RESULT, WRITTEN, PlanPage
from tests.ui import hand
from tests.ui.test_fits import SCREENS, faults
from tests.ui.test_plan_page import FRESH, HEADING, arrive
from tests.ui.test_plan_page import page as page  # the fixture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two villages, one with a sheet that is no list, and a damaged file."""
    place = tmp_path / "各村"
    place.mkdir()
    rows = {
        "牛街村": [
            [1, "甲一", "甲一", FRESH[0], "牛街村", "上海", None], [2, "乙一", "乙一", "123", "牛街村", None, None],
        ],
        "保邑村": [[1, "丙一", "丙一", FRESH[1], "保邑村", "上海", None]],
    }
    for name, lines in rows.items():
        book = openpyxl.Workbook()
        book.active.title = "名单"
        for line in (HEADING, *lines):
            book.active.append(line)
        book.create_sheet("说明").append(["请按时填报"])
        book.save(place / f"{name}.xlsx")
    (place / "坏的.xlsx").write_bytes(b"PK\x03\x04 nothing")
    return place


def texts(page: PlanPage) -> list[list[str]]:
    rows = page.list.rows
    return [[rows.text(row, at) for at in range(rows.columnCount())] for row in range(rows.rowCount())]


def listed(qtbot: Any, page: PlanPage) -> None:
    arrive(qtbot, page, LIST)
    qtbot.waitUntil(lambda: page.list._job is None and page.list.rows.rowCount() > 0)


def test_a_folder_is_looked_through_and_written_as_one(
    qtbot: Any, page: PlanPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_verbs.QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    page.file_step.folder.click()
    listed(qtbot, page)
    assert [row[:5] for row in texts(page)] == [
        ["✓ 读", "保邑村.xlsx", "名单", "人员台账", "1"], ["不读", "保邑村.xlsx", "说明", "", ""],
        ["✓ 读", "牛街村.xlsx", "名单", "人员台账", "2"], ["不读", "牛街村.xlsx", "说明", "", ""],
        ["不读", "坏的.xlsx", "", "", ""],
    ]  # fmt: skip
    assert texts(page)[4][6].startswith("“坏的.xlsx”") and texts(page)[1][6] == "没有找到标题行。"
    page.list.table.selectRow(4)
    assert page.list.more.text() == texts(page)[4][6]
    page.list.table.selectRow(0)
    assert "3 个文件 4 张表，读 2 张，要读的共 3 行。" in page.list.said.text()
    assert "1 个文件没有读成。" in page.list.said.text() and faults(page.window_) == []

    # the keyboard reads a sheet or not, and opens it
    hand.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: texts(page)[0][0] == "不读")
    assert "要读的共 2 行" in page.list.said.text() and "没有勾选它" in texts(page)[0][6]
    hand.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: texts(page)[0][0] == "✓ 读")
    hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_Return)
    arrive(qtbot, page, READING)
    assert "“牛街村.xlsx” 2 张表，读 1 张" in page.about.text() and page.next.text() == "回到清单"
    page.intake_view.set_field(5, "away_place")
    assert page.window_.said.text() == "同样标题的另外 1 张表也照这样读。"
    hand.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    listed(qtbot, page)

    number = last_number()
    page.step_on()
    arrive(qtbot, page, RESULT)
    assert page.plan is not None and page.plan.counts()["new"] == 2
    page.step_back()
    listed(qtbot, page)
    page.step_on()
    arrive(qtbot, page, RESULT)
    page.step_on()
    arrive(qtbot, page, WRITTEN)
    assert last_number() == number + 2, "the list, and before it how it was read"
    assert {Person.get(Person.name == name).away_place for name in ("甲一", "丙一")} == {"上海"}

    back = folder.parent / "退回"
    back.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(back))
    page.written_step.keep.click()
    qtbot.waitUntil(lambda: (back / "牛街村-退回.xlsx").exists() and not page.working, timeout=20_000)
    assert [path.name for path in back.iterdir()] == ["牛街村-退回.xlsx"]
    page.written_step.undo.click()
    qtbot.waitUntil(lambda: not page.working)
    assert Person.get_or_none(Person.name == "甲一") is None


def test_files_are_dropped_and_gone_back_from(qtbot: Any, page: PlanPage, folder: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder / f"{name}.xlsx")) for name in ("牛街村", "保邑村")])
    action, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.file_step.dropEvent(QDropEvent(QPointF(5, 5), action, mime, button, none))
    listed(qtbot, page)
    assert isinstance(page.intake, Intake) and len(page.intake.paths) == 2
    for row in (0, 2):
        page.list.toggle(row)
    assert not page.next.isEnabled() and "没有要读的表" in page.wrong.text()
    page.step_back()
    assert page.step == FILE
    page.open_file(folder / "保邑村.xlsx")
    arrive(qtbot, page, READING)
    assert page.next.text() == "下一步" and page.about.text() == "“保邑村.xlsx” 2 张表，读 1 张"
    page.open_file(folder / "坏的.xlsx")
    qtbot.waitUntil(lambda: not page.working)
    assert page.wrong.text().startswith("“坏的.xlsx”")


@pytest.mark.parametrize("size", look.SIZES)
@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_cut_off(qtbot: Any, page: PlanPage, folder: Path, screen: str, size: str) -> None:
    page.window_.set_size(size)
    page.window_.resize(*SCREENS[screen])
    page.open_files([folder])
    listed(qtbot, page)
    assert faults(page.window_) == []
