"""The fonts of every paper: which font has a character, how wide a text is, and how it is written into a PDF.

Each style is a chain of fonts. A character is drawn by the first of them that has it, so a rare character in a name
(𬭎, 㛃, 𡋾) is never an empty box as long as any bundled font has it; `lacking` says which characters none has, before
anything is printed. Fonts are opened when a character first needs them: most papers open one or two of the six.
"""

from __future__ import annotations

import io
import lzma
import threading
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from app.models.faults import Trouble

Style = Literal["sans", "sans-bold", "serif", "serif-bold"]

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"
SANS, SANS_BOLD = "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"
SERIF, SERIF_BOLD = "NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf"
RARE, RAREST = "LianxinRareSerif.ttf", "LianxinRareHan.ttf.xz"
CHAINS: dict[Style, tuple[str, ...]] = {
    "sans": (SANS, SERIF, RARE, RAREST),
    "sans-bold": (SANS_BOLD, SANS, SERIF, RARE, RAREST),
    "serif": (SERIF, SANS, RARE, RAREST),
    "serif-bold": (SERIF_BOLD, SERIF, SANS, RARE, RAREST),
}
NOT_FIRST = frozenset("，。、；：？！）》」』】〕”’…—·％℃%),.;:?!")   # never begins a line (避头)
NOT_LAST = frozenset("（《「『【〔“‘￥(")                            # never ends one (避尾)
_opening = threading.Lock()


def font_files() -> list[Path]:
    """The bundled TrueType fonts, for whoever shows characters on a screen; `rarest_font` has the remaining one."""
    return [FOLDER / name for name in (SANS, SANS_BOLD, SERIF, SERIF_BOLD, RARE)]


def rarest_font() -> bytes:
    """The bundled font of CJK extensions B to F, unpacked (about 25 MB, under a second: not on a window's thread).

    Raises Trouble if the file is lacking or damaged.
    """
    return _unpacked(RAREST)


def _unpacked(name: str) -> bytes:
    try:
        data = (FOLDER / name).read_bytes()
        return lzma.decompress(data) if name.endswith(".xz") else data
    except (OSError, lzma.LZMAError) as error:
        raise Trouble(f"字体文件“{name}”缺失或损坏，请重新安装连心台账。") from error


@cache
def _opened(name: str) -> Any:
    """ReportLab's font object for a bundled file, registered under the file's name without its ending."""
    from reportlab.pdfbase import pdfmetrics, ttfonts

    ttfonts.makeToUnicodeCMap = to_unicode
    stem = name.partition(".")[0]
    try:
        font = ttfonts.TTFont(stem, io.BytesIO(_unpacked(name)), shapable=False)
    except ttfonts.TTFError as error:
        raise Trouble(f"字体文件“{name}”缺失或损坏，请重新安装连心台账。") from error
    font.face.filename = stem      # a font read from memory is else named by its address, different in every run
    pdfmetrics.registerFont(font)
    return font


def to_unicode(fontname: str, subset: list[int]) -> str:
    """The table by which a reader copies and searches text; stands in for ReportLab's `makeToUnicodeCMap`.

    ReportLab 5.1 writes a character beyond U+FFFF as five hexadecimal digits, which readers cut off (𬭎 is copied as
    Ⲵ), and all 256 characters in one block. PDF 32000-1, 9.10.3 asks for UTF-16BE (surrogate pairs) and at most 100
    in a block.
    """
    written = [f"<{code:02X}> <{chr(char).encode('utf-16-be').hex()}>" for code, char in enumerate(subset)]
    blocks = [written[start:start + 100] for start in range(0, len(written), 100)]
    return "\n".join([
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
        "/CIDSystemInfo", f"<< /Registry ({fontname})", f"/Ordering ({fontname})", "/Supplement 0", ">> def",
        f"/CMapName /{fontname} def", "/CMapType 2 def",
        "1 begincodespacerange", f"<00> <{len(subset) - 1:02X}>", "endcodespacerange",
        *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
        "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


class Chain(dict[str, tuple[str, str, float]]):
    """One style's fonts: character -> (font, or "" if none has it; what is drawn for it, may be ""; advance in em)."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.files = CHAINS[style]

    def __missing__(self, char: str) -> tuple[str, str, float]:
        kind = unicodedata.category(char)
        if kind == "Cf" or 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF:
            found = (self.files[0].partition(".")[0], "", 0.0)   # joiners, directions, variants: nothing to draw
        else:
            found = self._found(" " if char != "\u3000" and kind in ("Cc", "Zs", "Zl", "Zp") else char)
        self[char] = found
        return found

    def _found(self, char: str) -> tuple[str, str, float]:
        with _opening:
            for name in self.files:
                face = _opened(name).face
                if ord(char) in face.charToGlyph:
                    return name.partition(".")[0], char, face.charWidths[ord(char)] / 1000
            return "", char, _opened(self.files[0]).face.defaultWidth / 1000


@cache
def chain(style: Style) -> Chain:
    """What is known so far of a style's characters."""
    return Chain(style)


@lru_cache(maxsize=8192)
def _runs(text: str, style: Style) -> tuple[tuple[str, str], ...]:
    known, found = chain(style), list[tuple[str, str]]()
    first = known.files[0].partition(".")[0]
    for char in text:
        font, drawn, _ = known[char]
        font = font or first
        if drawn and found and found[-1][0] == font:
            found[-1] = (font, found[-1][1] + drawn)
        elif drawn:
            found.append((font, drawn))
    return tuple(found)


def runs(text: str, style: Style) -> list[tuple[str, str]]:
    """Split a text into pieces of one font each: (ReportLab font name, text). What cannot be seen is left out."""
    return list(_runs(text, style))


def width(text: str, style: Style, size: float) -> float:
    """How wide a text is, in the unit of `size` (points)."""
    known = chain(style)
    return sum([known[char][2] for char in text]) * size


def lacking(text: str) -> set[str]:
    """Characters of a text that no bundled font has: say so before printing, they come out as empty boxes."""
    known = chain("sans")
    return {char for char in set(text) if not known[char][0]}


def lines(text: str, style: Style, size: float, room: float) -> list[str]:
    """Break a text into lines no wider than `room` points.

    Han text breaks anywhere but before a closing and after an opening mark; a number or a Latin word stays whole as
    long as it fits a line. A newline in the text breaks too. At least one line comes back.
    """
    broken = list[str]()
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for word in _words(paragraph):
            wide = width(word, style, size)
            if line and used + wide > room:
                broken.append(line.rstrip(" "))
                line, used, word = "", 0.0, word.lstrip(" ")
                wide = width(word, style, size)
            while wide > room and len(word) > 1:
                cut = fitting(word, style, size, room)
                broken.append(word[:cut])
                word = word[cut:]
                wide = width(word, style, size)
            line, used = line + word, used + wide
        broken.append(line)
    return broken


def fitting(text: str, style: Style, size: float, room: float) -> int:
    """How many characters of a text fit `room` points; at least one."""
    known, used = chain(style), 0.0
    for place, char in enumerate(text):
        used += known[char][2] * size
        if used > room:
            return max(place, 1)
    return len(text)


def shortened(text: str, style: Style, size: float, room: float) -> str:
    """A text that fits `room` points, its end cut off and marked with … where it did not."""
    if width(text, style, size) <= room:
        return text
    return text[:fitting(text, style, size, max(room - width("…", style, size), 0))] + "…"


def _words(text: str) -> list[str]:
    """Pieces that a line does not break: a Han character with its marks, a Latin word or number."""
    words = list[str]()
    for char in text:
        if words and (char in NOT_FIRST or words[-1][-1] in NOT_LAST or (_western(char) and _western(words[-1][-1]))):
            words[-1] += char
        else:
            words.append(char)
    return words


def _western(char: str) -> bool:
    return char.isascii() and not char.isspace()


class Ink:
    """The texts of one document as PDF operators, with each character looked up once for the whole document."""

    def __init__(self, document: Any) -> None:
        self.document = document       # reportlab.pdfbase.pdfdoc.PDFDocument
        self.codes = dict[tuple[str, str], tuple[str, str]]()

    def _code(self, font: str, char: str) -> tuple[str, str]:
        """(name of the subset in the PDF, code in hexadecimal)."""
        from reportlab.pdfbase import pdfmetrics

        face = pdfmetrics.getFont(font)
        subset, code = face.splitString(char, self.document)[0]
        return face.getSubsetInternalName(subset, self.document), code.hex()

    def operators(self, text: str, style: Style, size: float) -> str:
        """Operators that show a text at the place where a text object stands, e.g. `/F2+0 9 Tf <4142> Tj`."""
        known, codes = chain(style), self.codes
        first = known.files[0].partition(".")[0]
        pieces, current, run = list[str](), "", list[str]()
        for char in text:
            font, drawn, _ = known[char]
            if not drawn:
                continue
            key = (font or first, drawn)
            found = codes.get(key)
            if found is None:
                found = codes[key] = self._code(*key)
            if found[0] != current:
                if run:
                    pieces.append(f"{current} {size:g} Tf <{''.join(run)}> Tj")
                current, run = found[0], []
            run.append(found[1])
        if run:
            pieces.append(f"{current} {size:g} Tf <{''.join(run)}> Tj")
        return " ".join(pieces)
