"""The page of the list tools: each tool from its files to its result, what is lacking, cancelling, and who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.desk import wire
from app.models.here import Clerk, here, standing
from app.models.people import Person
from app.ui import look, purpose
from app.ui.pages import list_tools
from app.ui.pages.list_tools import ListToolsPage, open_list_tools
from app.ui.pages.tools import TOOLS
from app.ui.window import Window
from tests.ui.test_fits import SCREENS, faults

HEAD = ["姓名", "身份证号", "行政村", "联系电话"]


@pytest.fixture
def page(township: Window, monkeypatch: pytest.MonkeyPatch) -> Iterator[ListToolsPage]:
    monkeypatch.setattr(list_tools.QDesktopServices, "openUrl", lambda url: None)
    yield open_list_tools(township)


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where every result is put."""
    place = tmp_path / "结果.xlsx"
    monkeypatch.setattr(list_tools, "ask_place", lambda *asked: place)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *asked: str(tmp_path / "各村"))
    return place


def sheet(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    book.save(path)
    return path


def people(number: int) -> list[list[Any]]:
    found = list(Person.select().order_by(Person.id).limit(number))
    return [[one.name, one.id_number, one.household.village.name, one.telephone] for one in found]


def at(title: str) -> int:
    return next(number for number, tool in enumerate(TOOLS) if tool.title == title)


def finished(qtbot: Any, page: ListToolsPage) -> None:
    qtbot.waitUntil(lambda: not page.working and not page.window_.tasks.busy, timeout=30_000)


def test_it_stands_in_the_contents_for_who_may_export(township: Window) -> None:
    wire(township)
    assert "表格工具" in [entry.title for entry in township.entries.extras["数据"]]
    with standing(clerk=Clerk("ld", "某人", ("3",), None, 1)):
        township.entries.extras.clear()
        wire(township)
        assert "表格工具" not in [entry.title for entry in township.entries.extras.get("数据", ())]


def test_comparing_shows_its_three_tables_and_writes_them(
    qtbot: Any, page: ListToolsPage, out: Path, tmp_path: Path
) -> None:
    rows = people(4)
    other = [rows[0], [*rows[1][:3], "13900000000"], rows[2]]
    page.inputs["one"].take([sheet(tmp_path / "甲.xlsx", *rows)])
    page.inputs["other"].take([sheet(tmp_path / "乙.xlsx", *other)])
    page.start()
    finished(qtbot, page)
    assert page.report.isVisible() and "内容不同 1 人" in page.report.said.text()
    assert openpyxl.load_workbook(out).sheetnames == [part.title for part in page.report.parts]
    page.report.choose(2)
    model = page.report.model
    assert model.rowCount() == 1
    shown = [model.index(0, column).data() for column in range(model.columnCount())]
    assert rows[1][0] in shown and {rows[1][3], "13900000000"} <= set(shown)
    assert page.report.open_button.isVisible() and page.report.folder_button.isVisible()
    assert "两表都有" in page.window_.status.said.text()


def test_what_is_lacking_is_said_and_nothing_begins(page: ListToolsPage, out: Path) -> None:
    page.start()
    assert page.wrong.text() == "请选择甲表。"
    page.choose(at("按名单查台账"))
    page.start()
    assert "两样做一样" in page.wrong.text()
    page.choose(at("按村拆台账"))
    page.inputs["where"].input.setText("身高体重 > 3")
    page.start()
    assert "身高体重" in page.wrong.text() and page.wrong.isVisible()
    assert not page.working and not out.exists()


def test_looking_up_splitting_merging_and_the_template(
    qtbot: Any, page: ListToolsPage, out: Path, tmp_path: Path
) -> None:
    rows = people(6)
    page.choose(at("按名单查台账"))
    box = page.inputs["ledger"].input
    box.setCurrentIndex(box.findText("人员台账"))
    page.inputs["text"].input.setPlainText(f"{rows[3][1]}\n没有此人\n")
    page.start()
    finished(qtbot, page)
    assert "找到 1 人，没有找到 1 人" in page.report.said.text()
    page.choose(at("按村拆名单"))
    assert not page.report.isVisible() and page.out is None
    page.inputs["list"].take([sheet(tmp_path / "名单.xlsx", *rows)])
    page.start()
    finished(qtbot, page)
    made = list((tmp_path / "各村").iterdir())
    assert len(made) == len({row[2] for row in rows}) and not page.report.table.isVisible()
    assert not page.report.open_button.isVisible() and page.report.folder_button.isVisible()
    page.choose(at("合并各村的表"))
    page.inputs["files"].take([tmp_path / "各村"])
    page.start()
    finished(qtbot, page)
    assert "合并成 6 行" in page.report.said.text()
    page.choose(at("空表"))
    page.start()
    finished(qtbot, page)
    assert "空表" in page.report.said.text() and out.exists()
    page.choose(at("按村拆台账"))
    box = page.inputs["ledger"].input
    box.setCurrentIndex(box.findText("户台账"))
    page.start()
    finished(qtbot, page)
    assert len(list((tmp_path / "各村").iterdir())) == len(made) + 3


def test_trouble_is_told_and_the_page_can_go_on(qtbot: Any, page: ListToolsPage, out: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    page.inputs["one"].take([tmp_path / "坏.xlsx"])
    page.inputs["other"].take([sheet(tmp_path / "乙.xlsx", *people(1))])
    page.start()
    finished(qtbot, page)
    assert page.window_.strip.isVisible() and page.start_button.isEnabled() and not out.exists()


def test_it_can_be_stopped_and_leaves_nothing(
    qtbot: Any, page: ListToolsPage, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[f"某人{at}", None, "牛街村", None] for at in range(4_000)]
    page.inputs["one"].take([sheet(tmp_path / "甲.xlsx", *rows)])
    page.inputs["other"].take([sheet(tmp_path / "乙.xlsx", *rows)])
    page.start()
    page.window_.tasks.cancel()
    finished(qtbot, page)
    assert not out.exists() and not page.report.isVisible() and page.start_button.isEnabled()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_who_is_signed_in_is_asked_what_for(
    qtbot: Any, page: ListToolsPage, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(parent: Any, title: str, done: Any, otherwise: Any = None) -> None:
        asked.append(title)
        done("核对低保名单")

    monkeypatch.setattr(purpose, "ask", ask)
    rows = people(2)
    for name in ("one", "other"):
        page.inputs[name].take([sheet(tmp_path / f"{name}.xlsx", *rows)])
    with standing(clerk=Clerk("yxz", "某人", ("1",), None, 1), who="yxz"):
        page.start()
        finished(qtbot, page)
    assert asked == ["比对两份名单"] and out.exists()
    told = [row[0] for row in here().file.run("SELECT title FROM operation ORDER BY id").fetchall()]
    assert told[-1].endswith("写全号码，用途：核对低保名单")


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", look.SIZES)
def test_every_tool_fits(
    qtbot: Any, page: ListToolsPage, out: Path, tmp_path: Path, styled: QApplication, screen: str, size: str
) -> None:
    look.apply(styled, size)
    page.window_.resize(*SCREENS[screen])
    rows = people(4)
    page.restyle()
    for number in range(len(TOOLS)):
        page.choose(number)
        QApplication.processEvents()
        assert faults(page) == [], TOOLS[number].title
    page.choose(0)
    page.inputs["one"].take([sheet(tmp_path / "一份名字很长很长的名单一份名字很长很长的名单.xlsx", *rows)])
    page.inputs["other"].take([sheet(tmp_path / "乙.xlsx", rows[0])])
    page.start()
    finished(qtbot, page)
    QApplication.processEvents()
    assert faults(page) == []
