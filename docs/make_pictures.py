"""The pictures of the manual (docs/manual.md), drawn without a screen from a demonstration file made for them.

    .venv/bin/python docs/make_pictures.py            # all of them, into docs/pictures
    .venv/bin/python docs/make_pictures.py 登记 台账    # those named

Each is 1366 × 768 and stands there in 128 colours. The file is made in a temporary folder with seed 1 and the day
2026-11-21, and the entry clerk signs in; so the same picture comes out as long as the program draws the same. Only the
moments at which the file was made (变动记录) are those of the day.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app import opening  # noqa: E402, I001  (before Qt: once it is there, it reads the source of whatever is imported)

from openpyxl import Workbook, load_workbook  # noqa: E402
from PIL import Image  # noqa: E402
from PySide6.QtCore import QBuffer, QPoint  # noqa: E402
from PySide6.QtGui import QColor, QPainter, QPixmap  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from app.desk import wire  # noqa: E402
from app.ledgers.contents import ledger_called  # noqa: E402
from app.ledgers.listing import Listing  # noqa: E402
from app.ledgers.own import own_ledgers  # noqa: E402
from app.models.conditions import read  # noqa: E402
from app.models.operation import operation  # noqa: E402
from app.models.people import Person  # noqa: E402
from app.models.query import keys  # noqa: E402
from app.ui import look  # noqa: E402
from app.ui.ask import Ask  # noqa: E402
from app.ui.contents_bar import Entry  # noqa: E402
from app.ui.dossier_page import open_dossier  # noqa: E402
from app.ui.home_page import ENTRY, TITLE, open_home  # noqa: E402
from app.ui.ledger_verbs import act  # noqa: E402
from app.ui.pages.list_tools import open_list_tools  # noqa: E402
from app.ui.plan_page import PlanPage  # noqa: E402
from app.ui.session import Session  # noqa: E402
from app.ui.sign_in import SignInPage  # noqa: E402
from app.ui.welcome import Welcome  # noqa: E402
from app.ui.window import Window  # noqa: E402
from app.work import demo_staff  # noqa: E402
from app.work.check import check_up  # noqa: E402
from app.work.demo import make_demo  # noqa: E402
from app.work.office import office_name  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
SAMPLE = ROOT / "resources" / "demo" / "sample.xlsx"
DAY, SEED = date(2026, 11, 21), 1
WIDTH, HEIGHT, COLOURS = 1366, 768, 128
PATIENCE, QUIET = 60.0, 0.5  # seconds for one page; seconds without work until a page counts as drawn
COUNTED = 3.0  # seconds until the contents say how many rows each ledger has
MOST = 120 * 1024  # bytes


class Camera:
    """Shows one page after the other in a window on the open data file, and keeps a picture of each that is asked."""

    def __init__(self, wanted: list[str]) -> None:
        self.wanted = wanted
        band = f"演示数据，人物全部虚构，以 {DAY.year}年{DAY.month}月{DAY.day}日 为今天；打印件带有标记。"
        self.window = Window(office_name(), band + demo_staff.band())
        wire(self.window)
        self.session = Session(self.window, 0)
        self.window.resize(WIDTH, HEIGHT)
        self.window.show()
        self.window.entries.add("", Entry(ENTRY, TITLE, self.home))
        self.home()
        self.settle(COUNTED)

    def home(self) -> None:
        open_home(self.window, None)

    def take(self, name: str, show: Callable[[], Any]) -> None:
        """Show a page and write the picture; a window that asks something is drawn over the page."""
        if self.wanted and name not in self.wanted:
            return
        over = show()
        self.settle()
        picture = self.window.grab()
        if isinstance(over, QWidget) and over.isVisible() and over.isWindow():
            picture = self._over(picture, over)
        write(name, picture)
        if isinstance(over, QWidget) and over.isWindow():
            over.close()

    def _over(self, picture: QPixmap, over: QWidget) -> QPixmap:
        grabbed = over.grab()
        at = QPoint((WIDTH - grabbed.width()) // 2, (HEIGHT - grabbed.height()) // 2)
        painter = QPainter(picture)
        painter.drawPixmap(at, grabbed)
        painter.setPen(QColor("#8a8f98"))
        painter.drawRect(at.x(), at.y(), grabbed.width(), grabbed.height())
        painter.end()
        return picture

    def settle(self, quiet: float = QUIET) -> None:
        """Let the window work until nothing is under way and nothing waits to be drawn."""
        end = time.monotonic() + PATIENCE
        quiet_since = time.monotonic()
        while time.monotonic() < end and time.monotonic() - quiet_since < quiet:
            QApplication.processEvents()
            if self.window.tasks.busy:
                quiet_since = time.monotonic()
            time.sleep(0.01)

    def close(self) -> None:
        self.window.close()
        self.window.tasks.close()
        QApplication.processEvents()


def write(name: str, picture: QPixmap) -> None:
    """Write a picture in few colours."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.ReadWrite)
    picture.save(buffer, "PNG")
    image = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    path = FOLDER / f"{name}.png"
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > MOST:
        raise OSError(f"{path.name} has {path.stat().st_size:,} bytes, at most {MOST:,} are wanted")
    print(f"{path.name}  {path.stat().st_size / 1024:.0f} KB")


def make_doubtful() -> None:
    """Give the check-up something to find: three who work away are no longer said to, and one is of the other sex."""
    with operation("演示：几处疑点"):
        for key in keys(Person, read("外出 = 是 且 行政村 = 康朗村", Person))[:3]:
            person = Person.by_key(key)
            person.away = None
            person.save()
        wife = Person.by_key(keys(Person, read("与户主关系 = 妻 且 行政村 = 荣华村", Person))[0])
        wife.sex = "1"
        wife.save()


def a_changed_list(folder: Path) -> tuple[Path, Path]:
    """The aged of a village as they were listed last year, and the same list with some telephones changed and a few
    gone."""
    listing = Listing(ledger_called("persons"), read("年龄 >= 75 且 行政村 = 牛街村", Person), whole=True)
    columns = ("name", "id_number", "household.village", "household.group", "telephone", "away")
    listing = listing.but(columns=tuple(listing.ledger.column(path) for path in columns))
    rows = [[column.caption for column in listing.shown], *map(list, listing.cells(listing.keys()))]
    paths = []
    for name in ("去年高龄名单.xlsx", "今年高龄名单.xlsx"):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.active.title = "牛街村"
        book.save(folder / name)
        paths.append(folder / name)
        rows = [rows[0], *([*row[:4], "13900000001", *row[5:]] if at % 4 == 0 else row
                           for at, row in enumerate(rows[4:]))]  # fmt: skip
    return paths[0], paths[1]


def returned_files(folder: Path) -> Path:
    """The sample as three villages would return it, and a file that cannot be read."""
    for name in ("牛街村", "保邑村", "荣华村"):
        book = load_workbook(SAMPLE)
        for sheet in book.sheetnames:
            if sheet not in (name, "汇总"):
                del book[sheet]
        book.save(folder / f"{name}花名册.xlsx")
    (folder / "朗碧村花名册.xlsx").write_bytes(b"PK\x03\x04")
    return folder


def before_the_window(wanted: list[str]) -> None:
    """The welcome page and the sign-in page."""
    offered = [account for account, _, _ in demo_staff.ACCOUNTS]
    for name, page in (
        ("开始", Welcome([])), ("登录", SignInPage("牛街乡", offered=offered, password=demo_staff.PASSWORD)),
    ):  # fmt: skip
        if not wanted or name in wanted:
            page.resize(WIDTH, HEIGHT)
            page.show()
            QApplication.processEvents()
            write(name, page.grab())
            page.close()


def pages(camera: Camera) -> None:
    """The pages of the window, in the order of the manual."""
    window, people, homes = camera.window, ledger_called("persons"), ledger_called("households")

    def chosen(name: str, where: str, title: str, several: int = 1) -> Any:
        page: Any = window.open_ledger(name, where=read(where, ledger_called(name).record))
        camera.settle()
        page.table.selectRow(0)
        for row in range(1, several):
            page.table.selectionModel().select(
                page.table.model().index(row, 0),
                page.table.selectionModel().SelectionFlag.Select | page.table.selectionModel().SelectionFlag.Rows,
            )
        camera.settle()
        act(page, next(action for action in page.ledger.actions if action.title == title))
        return next(one for one in page.findChildren(Ask) if one.isVisible())

    def grouped() -> None:
        page: Any = window.open_ledger("persons", where=read("年龄 >= 80", people.record))
        camera.settle()
        page.table.selectRow(2)
        page.toggle_groups()

    def imported(step: str) -> None:
        page = PlanPage(window, people)
        window.show_page(page, page.title)
        page.open_file(SAMPLE)
        camera.settle()
        if step == "plan":
            page.make_plan()
            camera.settle()

    def several() -> None:
        page = PlanPage(window, people)
        window.show_page(page, page.title)
        page.open_files([returned_files(Path(tempfile.mkdtemp(prefix="lianxin-")))])

    def compared() -> None:
        page = open_list_tools(window)
        lists = a_changed_list(Path(tempfile.mkdtemp(prefix="lianxin-")))
        for need, path in zip(("one", "other"), lists, strict=True):
            page.inputs[need].take([path])
        page.write(page.values()[0], lists[0].with_name("差异.xlsx"), "演示")
        camera.settle()
        page.report.choose(2)

    first = keys(homes.record, read("家庭人口 = 5", homes.record), tuple(homes.order.split()))[0]
    camera.take("工作台", camera.home)
    camera.take("台账", lambda: window.open_ledger("persons"))
    camera.take("分类汇总", grouped)
    camera.take("临时台账", lambda: window.open_ledger(f"own:{next(iter(own_ledgers()))}"))
    camera.take("登记", lambda: window.open_form(homes, first))
    camera.take("记一次帮助", lambda: chosen("persons", "年龄 >= 80 且 行政村 = 牛街村", "记一次帮助", 3))
    camera.take("纳入类别", lambda: chosen("persons", "年龄 >= 80", "纳入类别"))
    camera.take("结对接替", lambda: chosen("pairings", "行政村 = 牛街村", "解除或接替"))
    camera.take("户档", lambda: open_dossier(window, homes.record, first))
    camera.take("导入清单", several)
    camera.take("导入读表", lambda: imported("read"))
    camera.take("导入核对", lambda: imported("plan"))
    camera.take("表格工具", compared)
    camera.take("数据体检", lambda: window.open_ledger("findings"))


def main(wanted: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(["lianxin"])
    assert isinstance(app, QApplication)
    look.apply(app)
    app.setCursorFlashTime(0)
    with tempfile.TemporaryDirectory(prefix="lianxin-") as folder:
        book = str(Path(folder) / "demo.db")
        with opening.opened(book, new=True):
            make_demo(seed=SEED, day=DAY)
        before_the_window(wanted)
        with opening.opened(book):  # the entry clerk of a demonstration file signs in by himself
            make_doubtful()
            check_up()
            camera = Camera(wanted)
            try:
                pages(camera)
            finally:
                camera.close()


if __name__ == "__main__":
    main(sys.argv[1:])
