"""Every name prints: the chain of fonts, widths, breaking of lines, and what a reader copies out of the PDF."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.faults import Trouble
from app.papers import fonts, preview
from app.papers.fonts import Style
from app.papers.page import A4, document

RARE = "𠮷䶮㛃𬭎𡋾𫖯"
STYLES: tuple[Style, ...] = ("sans", "sans-bold", "serif", "serif-bold")
FORM_SIGNS = "□■☐☑☒✔✘√×①②⑩⑳⑴㈠Ⅰ Ⅳㄅあ℃㎡㎏‰℅№￥€※★●○〇々—…·“”‘’《》【】〔〕、。，：；？！（）％＋－→←≥≤≠±÷"
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
TEXTS = st.text(st.one_of(HAN, st.sampled_from(RARE + "，。（）《》0123456789.-Xab "), st.just("、")), max_size=60)


def test_rare_characters_and_form_signs_are_all_bundled() -> None:
    assert fonts.lacking(RARE + FORM_SIGNS) == set()


def test_whole_blocks_are_bundled() -> None:
    blocks = (range(0x20000, 0x2A6D7), range(0x2A700, 0x2B735), range(0x2B740, 0x2B81E), range(0x2B820, 0x2CEA2),
              range(0x2CEB0, 0x2EBE1), range(0x3400, 0x4DB6), range(0x4E00, 0x9FEB))
    for block in blocks:
        assert fonts.lacking("".join(map(chr, block))) == set(), f"from U+{block.start:X}"


def test_what_no_font_has_is_said() -> None:
    private, unassigned_to_fonts = "\ue000", "\U00031350"
    assert fonts.lacking(f"王{private}明{unassigned_to_fonts}") == {private, unassigned_to_fonts}
    assert fonts.lacking("王\u200b明\ufe0f\t\n\u3000\xa0") == set()


@pytest.mark.parametrize("style", STYLES)
def test_runs_keep_the_text_and_change_font_only_where_needed(style: Style) -> None:
    found = fonts.runs("王𠮷明 123", style)
    assert "".join(piece for _, piece in found) == "王𠮷明 123"
    assert found[0][0] == found[2][0] != found[1][0]
    assert fonts.runs("王\u200b明\ufe0f", style) == [(found[0][0], "王明")]
    assert fonts.runs("", style) == []


def test_width_is_one_em_for_han_and_equal_for_digits() -> None:
    for style in STYLES:
        assert fonts.width("王𠮷㛃", style, 10) == pytest.approx(30)
    assert len({fonts.width(digit, "sans", 10) for digit in "0123456789"}) == 1     # figures stand under each other


@given(TEXTS, st.floats(20, 200))
@settings(max_examples=150, deadline=None)
def test_broken_lines_fit_and_lose_nothing(text: str, room: float) -> None:
    broken = fonts.lines(text, "sans", 9, room)
    assert "".join(broken).replace(" ", "") == text.replace(" ", "")
    assert all(fonts.width(line, "sans", 9) <= room + 1e-6 or len(line) == 1 for line in broken)


def test_lines_break_where_chinese_may() -> None:
    assert fonts.lines("一二三四，五", "sans", 10, 40) == ["一二三", "四，五"]
    assert fonts.lines("一二三（四五）", "sans", 10, 40) == ["一二三", "（四五）"]
    assert fonts.lines("电话13900000000", "sans", 10, 70) == ["电话", "13900000000"]
    assert fonts.lines("甲\n乙", "sans", 10, 40) == ["甲", "乙"]


@given(TEXTS, st.floats(10, 200))
@settings(max_examples=100, deadline=None)
def test_shortened_fits_and_says_so(text: str, room: float) -> None:
    short = fonts.shortened(text, "sans", 9, room)
    if short != text:
        assert short.endswith("…") and text.startswith(short[:-1])
        assert fonts.width(short, "sans", 9) <= room or len(short) <= 2


def test_600_rare_characters_are_copied_as_they_were_drawn(tmp_path: Path) -> None:
    chance = random.Random(3)
    blocks = [*range(0x20000, 0x2A6D7), *range(0x2A700, 0x2B735), *range(0x2B820, 0x2CEA2), *range(0x2CEB0, 0x2EBE1)]
    drawn = [*RARE, *map(chr, chance.sample(blocks, 600))]
    path = tmp_path / "rare.pdf"
    with document(path, A4, "rare") as paper:
        for start in range(0, len(drawn), 25):
            paper.text(20, 25 + start * 0.38, "".join(drawn[start:start + 25]), "serif", 10)
    copied = preview.text(path)[0]
    assert [char for char in drawn if char not in copied] == []


def test_unicode_table_has_surrogates_and_short_blocks() -> None:
    table = fonts.to_unicode("X", [0x41, *[0x2CB4E] * 150])
    assert "<01> <d872df4e>" in table
    assert [line for line in table.split("\n") if line.endswith("beginbfchar")] == ["100 beginbfchar", "51 beginbfchar"]


def test_a_lacking_font_file_is_trouble(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    with pytest.raises(Trouble, match="重新安装"):
        fonts.rarest_font()


def test_fonts_stay_small_and_have_their_licences() -> None:
    names = {path.name for path in fonts.FOLDER.iterdir()}
    assert sum(path.stat().st_size for path in fonts.FOLDER.iterdir()) <= 45_000_000
    assert {"OFL-NotoSansSC.txt", "OFL-NotoSerifSC.txt", "LICENCE-LianxinRareSerif.txt",
            "LICENCE-LianxinRareHan.txt"} <= names
    assert all(path.is_file() for path in fonts.font_files())
    assert fonts.rarest_font()[:4] == b"\0\1\0\0"
