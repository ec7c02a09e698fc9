"""The look: contrast, sizes of type, fonts that have what the office writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from app.ui import look

UI = Path(look.__file__).parent


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_the_largest() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("text", "ground"), look.TEXT_ON)
def test_every_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


def test_no_other_file_names_a_colour() -> None:
    others = [path for path in UI.rglob("*.py") if path.name not in ("look.py", "look_sheet.py")]
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|setStyleSheet")
    assert [path.name for path in others if colour.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("size", look.SIZES)
def test_sizes_of_type(styled: QApplication, size: str) -> None:
    look.apply(styled, size)
    assert look.font().pixelSize() == look.SIZES[size].text
    assert look.font("title").pixelSize() == look.SIZES[size].title
    assert look.row_height() > QFontMetrics(look.font()).height()
    assert look.field_height() >= look.row_height()


def test_rows_are_30_pixels_at_the_middle_size(styled: QApplication) -> None:
    assert (look.row_height(), look.field_height(), look.width("contents")) == (30, 32, 222)


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("sign", ["牛", "𬭎", "㛃", "喆", "龘", "𠮷", "·", "①"])
def test_a_bundled_font_has_what_names_are_written_with(styled: QApplication, sign: str, bold: bool) -> None:
    from PySide6.QtGui import QRawFont

    have = []
    for family in look.FAMILIES[:3]:
        font = look.font(bold=bold)
        font.setFamilies([family])
        have.append(QRawFont.fromFont(font).supportsCharacter(ord(sign)))
    assert any(have)


def test_digits_are_equally_wide(styled: QApplication) -> None:
    assert len({look.wide(digit * 50) for digit in "0123456789"}) == 1


def test_a_key_makes_its_button_wider(styled: QApplication) -> None:
    plain, keyed = look.button("打印"), look.button("打印", "Ctrl P")
    assert keyed.sizeHint().width() >= plain.sizeHint().width() + look.wide("Ctrl P", "small") - 6
