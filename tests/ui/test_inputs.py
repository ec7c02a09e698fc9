"""The one table of inputs: every kind of field reads what a clerk types and shows the normal form."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QEvent, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.ledgers.contents import ledgers
from app.ledgers.forms import places, tables
from app.models import fields
from app.models.database import DataFile
from app.models.dates import PartialDate
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.scans import keep
from app.ui.card_burst import CardBurst
from app.ui.inputs import WIDGETS, input_for
from tests.ui.hand import stroke, type_text

NUMBER = "990001195505123013"
Key = Qt.Key


@pytest.fixture
def page(qtbot: Any, sqlite: DataFile) -> QWidget:
    widget = QWidget()
    widget.resize(400, 500)
    QVBoxLayout(widget)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def put(page: QWidget, fact: Any) -> Any:
    made = input_for(fact)
    page.layout().addWidget(made)
    made.show()
    made.setFocus()
    return made


def type_and_leave(qtbot: Any, page: QWidget, made: Any, text: str) -> None:
    made.setFocus()
    type_text(made, text)
    page.layout().addWidget(other := QLineEdit())
    other.show()
    other.setFocus()


def test_the_table_has_an_input_for_every_fact_of_every_form() -> None:
    kinds = {type(place.fact) for ledger in ledgers().values() for place in places(ledger)}
    kinds |= {type(one.fact) for ledger in ledgers().values() for table in tables(ledger) for one in table.columns}
    assert kinds <= WIDGETS.keys() and len(kinds) > 8
    with pytest.raises(KeyError):
        input_for(fields.Moment("时间"))


@pytest.mark.parametrize(
    ("fact", "typed", "value", "shown"),
    [
        (fields.Text("文字"), " 大米 ", "大米", "大米"),
        (fields.PersonName("姓名"), "王 春 花", "王春花", "王春花"),
        (fields.IdNumber("身份证"), "990001 19550512 3013", NUMBER, NUMBER),
        (fields.Telephone("电话"), "138-8888-0000", "13888880000", "13888880000"),
        (fields.Account("账号"), "6222 0000 1111 2222 333", "6222000011112222333", "6222000011112222333"),
        (fields.Whole("人数"), "3人", 3, "3"),
        (fields.Money("金额"), "1200.5", 120050, "1,200.50"),
        (fields.Day("日期"), "20230501", date(2023, 5, 1), "2023-05-01"),
        (fields.Day("日期"), "2023.5.1", date(2023, 5, 1), "2023-05-01"),
        (fields.Month("月份"), "2023年5月", "2023-05", "2023-05"),
        (fields.Birth("出生"), "1963.05", PartialDate(1963, 5), "1963年5月"),
        (fields.Code("性别", "sex"), "女", "2", "女"),
        (fields.Code("关系", "relation"), "老婆", "12", "妻"),
        (fields.Flag("外出"), "1", True, "是"),
    ],
)
def test_every_shape_is_read_and_shown_in_the_normal_form(
    qtbot: Any, page: QWidget, fact: Any, typed: str, value: Any, shown: str
) -> None:
    made = put(page, fact)
    told: list[str] = []
    made.changed.connect(lambda: told.append(made.value_text()))
    type_and_leave(qtbot, page, made, typed)
    assert (made.read(), made.value_text()) == (value, shown)
    assert told, "the draft is told of what was typed"
    other = put(page, fact)
    other.set_value(value)
    assert (other.value_text(), other.read()) == (shown, value)
    other.set_value(None)
    assert other.read() is None


def test_what_cannot_be_read_stays_as_it_was_typed(qtbot: Any, page: QWidget) -> None:
    made = put(page, fields.Day("日期"))
    type_and_leave(qtbot, page, made, "2023-02-30")
    assert made.value_text() == "2023-02-30"
    with pytest.raises(ValueError, match="不存在"):
        made.read()


def test_a_retired_code_of_an_old_row_is_kept(page: QWidget) -> None:
    made = put(page, fields.Code("关系", "relation"))
    made.set_value("01")
    assert (made.value_text(), made.read()) == ("本人", "01")
    assert "本人" not in [offer.text for offer in made.offers("")]


def test_a_code_is_found_by_initials_code_and_part(qtbot: Any, page: QWidget) -> None:
    made = put(page, fields.Code("民族", "ethnicity"))
    for typed, found in (("yi", "彝族"), ("03", "回族"), ("傈", "傈僳族")):
        made.clear()
        type_text(made, typed[:1] if typed == "yi" else typed)
        assert made.is_open
        assert found in [offer.text for offer in made.offers(made.text())]
    stroke(made, Key.Key_Return)
    assert (made.read(), made.value_text(), made.is_open) == ("20", "傈僳族", False)


def test_the_list_is_walked_by_keys_and_shut_by_escape(qtbot: Any, page: QWidget) -> None:
    made = put(page, fields.Code("性别", "sex"))
    stroke(made, Key.Key_F2)
    assert made.is_open
    first = made.offers("")[0]
    stroke(made, Key.Key_Down)
    stroke(made, Key.Key_Up)
    stroke(made, Key.Key_Escape)
    assert not made.is_open and made.read() is None
    stroke(made, Key.Key_Down)
    stroke(made, Key.Key_Enter)
    assert made.read() == first.value


def test_the_list_lies_inside_the_window(qtbot: Any, page: QWidget) -> None:
    page.layout().addStretch()
    made = put(page, fields.Code("民族", "ethnicity"))
    stroke(made, Key.Key_F2)
    assert page.rect().contains(made._drop.geometry())
    assert len(made._drop.offers) > 50


def test_a_link_is_picked_by_name_initials_and_within_another(qtbot: Any, page: QWidget) -> None:
    with operation("村组"):
        town = Place(name="牛街乡", level="2")
        town.save()
        village, other = Place(name="牛街村", level="3", parent=town), Place(name="大水村", level="3", parent=town)
        village.save()
        other.save()
        for above in (village, other):
            Place(name="一组", level="4", parent=above).save()
    made = put(page, Household.facts()["village"])
    type_text(made, "ds")
    assert made.is_open
    stroke(made, Key.Key_Return)
    assert (made.read(), made.value_text()) == (other.id, "大水村")
    group = put(page, Household.facts()["group"])
    type_and_leave(qtbot, page, group, "一组")
    with pytest.raises(ValueError, match="F2"):
        group.read()
    group.above = lambda: village.id
    group.settle()
    assert Place.get_by_id(group.read()).parent_id == village.id
    assert group.value_text() == "一组 · 牛街村 · 组"
    again = put(page, Household.facts()["group"])
    again.restore(group.kept())
    assert again.read() == group.read()


def picture(kind: str) -> bytes:
    image = QImage(30, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)
    return bytes(buffer.data().data())


def test_a_scan_is_chosen_shown_and_taken_away(page: QWidget, tmp_path: Path) -> None:
    made = put(page, Person.facts()["photo"])
    file = tmp_path / "photo.png"
    file.write_bytes(picture("PNG"))
    made.take(file)
    sha = made.read()
    assert made.chosen == {sha: file.read_bytes()} and made.kept() is None
    with operation("存照片"):
        keep(made.chosen[sha], "image/png")
    other = put(page, Person.facts()["photo"])
    other.set_value(sha)
    assert other.kept() == sha and not other._picture.pixmap().isNull()
    other.clear()
    assert other.read() is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "PNG 或 JPEG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(6 * 1024**2), "最大 5 MB"),
        (b"\xff\xd8\xff\xe0", "已损坏"),
    ],
)
@pytest.mark.qt_log_ignore("JPEG", "propagateSizeHints")
def test_other_files_are_refused_and_the_old_picture_stays(
    page: QWidget, tmp_path: Path, content: bytes, sentence: str
) -> None:
    made = put(page, Person.facts()["photo"])
    good, bad = tmp_path / "good.jpg", tmp_path / "bad.jpg"
    good.write_bytes(picture("JPG"))
    bad.write_bytes(content)
    made.take(good)
    before = made.read()
    made.take(bad)
    assert made.read() == before is not None
    assert sentence in made._fault.text()


# --- card readers -----------------------------------------------------------------------------------------------------


def press(widget: QWidget, key: int, text: str, at: int) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    event.setTimestamp(at)
    QApplication.sendEvent(widget, event)


def scan(widget: QWidget, text: str, gap: int, ends: int = 1, at: int = 10_000) -> int:
    for sign in text:
        press(widget, ord(sign), sign, at)
        at += gap
    for _ in range(ends):
        press(widget, Key.Key_Return, "\r", at)
        at += gap
    return at


@pytest.fixture
def reader(page: QWidget) -> tuple[CardBurst, list[QWidget], list[str]]:
    burst, read, pressed = CardBurst(page), [], []
    burst.read.connect(read.append)
    page.keyPressEvent = lambda event: pressed.append(event.text())  # type: ignore[method-assign]
    return burst, read, pressed


@pytest.mark.parametrize(("gap", "ends"), [(0, 1), (5, 1), (12, 2), (29, 2)])
def test_the_enter_after_a_burst_only_tells_that_a_card_was_read(
    page: QWidget, reader: tuple[CardBurst, list[QWidget], list[str]], gap: int, ends: int
) -> None:
    burst, read, pressed = reader
    made = put(page, fields.IdNumber("身份证"))
    made.installEventFilter(burst)
    scan(made, NUMBER, gap, ends)
    assert made.value_text() == NUMBER
    assert read == [made] and pressed == []


def test_a_hand_is_no_card_reader(page: QWidget, reader: tuple[CardBurst, list[QWidget], list[str]]) -> None:
    burst, read, pressed = reader
    made = put(page, fields.IdNumber("身份证"))
    made.installEventFilter(burst)
    after = scan(made, NUMBER, 45)
    scan(made, "1234567", 5, at=after + 1000)  # seven keys are no card
    assert read == [] and pressed == ["\r", "\r"]


def test_a_burst_never_presses_a_button(page: QWidget, reader: tuple[CardBurst, list[QWidget], list[str]]) -> None:
    burst, _, _ = reader
    button, clicks = QPushButton("保存"), []
    button.setAutoDefault(True)
    button.clicked.connect(lambda: clicks.append(1))
    page.layout().addWidget(button)
    button.installEventFilter(burst)
    scan(button, "9900 119550512 3013", 5)
    assert clicks == []
    after = scan(button, "", 5, ends=1, at=20_000)
    assert clicks == [1], "a hand still presses it"
    assert after > 20_000


def test_a_file_that_is_far_too_large_is_refused_before_it_is_read(
    page: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, large = put(page, Person.facts()["photo"]), tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(2**40)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("it was read"))
    made.take(large)
    assert made._fault.text() == "图片有 1,048,576.0 MB，最大 5 MB，请缩小后再选。" and made.read() is None
