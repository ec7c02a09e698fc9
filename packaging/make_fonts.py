"""Rebuild resources/fonts from public packages, fetched by name.

    python packaging/make_fonts.py [--sources FOLDER]

Needs fonttools, npm, apt-get and dpkg (any Debian). `FOLDER` keeps the downloads for the next time; without it they go
to a temporary folder. ReportLab embeds TrueType outlines only and needs no hinting and no layout tables, so every
font is cut down to glyphs, advances and a character map. About five minutes.

| file                  | made from                                | characters                              |
|-----------------------|------------------------------------------|-----------------------------------------|
| NotoSansSC-Regular    | npm @expo-google-fonts/noto-sans-sc      | GBK and all of U+4E00..9FFF, non-BMP    |
| NotoSansSC-Bold       | the same                                 | GB 2312                                 |
| NotoSerifSC-Regular   | npm @expo-google-fonts/noto-serif-sc     | everything it has, with extension A     |
| NotoSerifSC-Bold      | the same                                 | GB 2312                                 |
| LianxinRareSerif      | Debian fonts-noto-cjk, Noto Serif CJK SC | its Han characters beyond U+FFFF, ☐ ☑ ☒ |
| LianxinRareHan.ttf.xz | Debian fonts-hanazono, HanaMinB          | the rest of extensions B to F           |
"""

from __future__ import annotations

import argparse
import lzma
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "resources" / "fonts"
LIMIT_MB = 45
SIGNS = (
    range(0x20, 0x7F),
    range(0xA0, 0x250),
    range(0x370, 0x460),
    range(0x2000, 0x2E80),
    range(0x3000, 0x3400),
    range(0xFE30, 0xFE50),
    range(0xFF00, 0xFFF0),
)
Point = tuple[float, float]


def signs() -> set[int]:
    """Letters, punctuation, numerals in circles, units: everything a form may hold that is not a Han character."""
    return {code for block in SIGNS for code in block}


def characters_of(encoding: str) -> set[int]:
    """Code points below U+10000 that an encoding such as gb2312 or gbk can write, with the signs of every font."""
    found = signs()
    for code in range(0x80, 0xFFFF):
        if not 0xD800 <= code <= 0xF8FF:
            try:
                chr(code).encode(encoding)
            except UnicodeEncodeError:
                continue
            found.add(code)
    return found


def fetch(sources: Path) -> None:
    """Download the four packages into `sources` and unpack them there; what is there already is kept."""
    for package in ("noto-sans-sc", "noto-serif-sc"):
        if not (sources / package).is_dir():
            subprocess.run(
                ["npm", "pack", f"@expo-google-fonts/{package}@0.4.3"], cwd=sources, check=True, capture_output=True
            )
            archive = next(sources.glob(f"expo-google-fonts-{package}-*.tgz"))
            with tarfile.open(archive) as tar:
                tar.extractall(sources / package, filter="data")
    for package in ("fonts-noto-cjk", "fonts-hanazono"):
        if not (sources / package).is_dir():
            subprocess.run(["apt-get", "download", package], cwd=sources, check=True, capture_output=True)
            archive = next(sources.glob(f"{package}_*.deb"))
            subprocess.run(["dpkg", "-x", archive.name, package], cwd=sources, check=True)


def cut(source: Path, target: Path, codes: Iterable[int] | None) -> None:
    """Keep the glyphs of `codes` (None: all the font has) and only the tables that drawing needs."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(
        layout_features=[],
        hinting=False,
        glyph_names=False,
        notdef_outline=True,
        name_IDs=["*"],
        recalc_timestamp=False,
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=set(font.getBestCmap()) if codes is None else codes)
    cutter.subset(font)
    font.save(target)


def build(
    target: Path,
    family: str,
    copyright: str,
    em: int,
    ascent: int,
    descent: int,
    glyphs: dict[int, Any],
    notdef: Any,
    advances: dict[int, int],
) -> None:
    """Write a TrueType font of `glyphs` (code point -> outline), drawn on an em of `em` units."""
    names = {code: f"u{code:X}" for code in glyphs}
    outlines = {".notdef": notdef, **{names[code]: glyph for code, glyph in glyphs.items()}}
    builder = FontBuilder(em, isTTF=True)
    builder.setupGlyphOrder(list(outlines))
    builder.setupCharacterMap(names)
    builder.setupGlyf(outlines)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {
            ".notdef": (em, 0),
            **{names[code]: (advances[code], getattr(table[names[code]], "xMin", 0)) for code in glyphs},
        }
    )
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupNameTable(
        {
            "copyright": copyright,
            "familyName": family,
            "styleName": "Regular",
            "fullName": family,
            "uniqueFontIdentifier": f"{family} 1",
            "psName": family.replace(" ", ""),
            "version": "Version 1.000",
        }
    )
    builder.setupOS2(sTypoAscender=ascent, sTypoDescender=descent, usWinAscent=ascent, usWinDescent=-descent, fsType=0)
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].created = builder.font["head"].modified = 3_800_000_000
    builder.font.recalcTimestamp = False
    builder.save(target)


OUTER = [(100, -20), (100, 780), (900, 780), (900, -20)]
INNER = [(856, 24), (856, 736), (144, 736), (144, 24)]
TICK = [(230, 400), (290, 440), (420, 260), (720, 640), (770, 600), (430, 130)]
CROSS = [
    (260, 180),
    (460, 380),
    (260, 580),
    (300, 620),
    (500, 420),
    (700, 620),
    (740, 580),
    (540, 380),
    (740, 180),
    (700, 140),
    (500, 340),
    (300, 140),
]
BOXES = {
    0x2610: [OUTER, INNER],
    0x2611: [OUTER, INNER, TICK],
    0x2612: [OUTER, INNER, CROSS],
    0x2714: [TICK],
    0x2718: [CROSS],
}
"""Boxes to tick (☐ ☑ ☒ ✔ ✘), which county forms use and none of the fonts has: drawn here, in 1/1000 em."""


def shape(outlines: Iterable[list[tuple[int, int]]], em: int) -> Any:
    """A glyph of straight lines, said in 1/1000 em."""
    pen = TTGlyphPen(None)
    for outline in outlines:
        points = [(round(x * em / 1000), round(y * em / 1000)) for x, y in outline]
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def han_beyond_bmp(font: TTFont) -> dict[int, str]:
    """Han characters beyond U+FFFF and the glyphs a font draws them with."""
    return {code: glyph for code, glyph in font.getBestCmap().items() if 0x20000 <= code <= 0x3FFFF}


def rare_serif(source: Path, target: Path) -> set[int]:
    """Noto Serif CJK's rare characters with quadratic outlines instead of cubic ones (to 1/1000 em); their codes."""
    font = TTFont(source, fontNumber=2, lazy=True)
    if "SC" not in str(font["name"].getDebugName(1)):
        raise SystemExit(f"{source}: the third face is not the Simplified Chinese one")
    codes = han_beyond_bmp(font)
    shapes, glyphs = font.getGlyphSet(), {}
    for code, name in codes.items():
        pen = TTGlyphPen(None)
        shapes[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        glyphs[code] = pen.glyph()
    advances = {code: int(font["hmtx"][name][0]) for code, name in codes.items()}
    glyphs |= {code: shape(outlines, 1000) for code, outlines in BOXES.items()}
    advances |= dict.fromkeys(BOXES, 1000)
    origin = str(font["name"].getDebugName(0))
    build(target, "Lianxin Rare Serif", origin, 1000, 880, -120, glyphs, shape(BOXES[0x2610], 1000), advances)
    return set(codes)


def thinned(points: list[Point], tolerance: float) -> list[Point]:
    """Leave out points of a closed outline within `tolerance` of the line without them (Ramer, Douglas, Peucker)."""
    ring = [*points, points[0]]
    keep = {0, len(points)}
    waiting = [(0, len(points))]
    while waiting:
        first, last = waiting.pop()
        (x0, y0), (x1, y1) = ring[first], ring[last]
        dx, dy = x1 - x0, y1 - y0
        length = (dx * dx + dy * dy) ** 0.5
        worst, where = tolerance, -1
        for index in range(first + 1, last):
            x, y = ring[index][0] - x0, ring[index][1] - y0
            distance = abs(x * dy - y * dx) / length if length else (x * x + y * y) ** 0.5
            if distance > worst:
                worst, where = distance, index
        if where > 0:
            keep.add(where)
            waiting += [(first, where), (where, last)]
    return [ring[index] for index in sorted(keep)[:-1]]


def rare_han(source: Path, target: Path, known: set[int]) -> None:
    """HanaMinB's characters that are not `known`, on half its units, without points nobody sees (2 of 1024 units)."""
    font = TTFont(source)
    codes = {code: glyph for code, glyph in han_beyond_bmp(font).items() if code not in known}
    table, glyphs = font["glyf"], {}
    for code, name in codes.items():
        drawn, pen, start = table[name], TTGlyphPen(None), 0
        for end in getattr(drawn, "endPtsOfContours", ()):
            outline = thinned([(float(x), float(y)) for x, y in drawn.coordinates[start : end + 1]], 2.0)
            start = end + 1
            if len(outline) > 2:
                pen.moveTo((round(outline[0][0] / 2), round(outline[0][1] / 2)))
                for x, y in outline[1:]:
                    pen.lineTo((round(x / 2), round(y / 2)))
                pen.closePath()
        glyphs[code] = pen.glyph()
    plain = target.with_suffix("")
    build(
        plain,
        "Lianxin Rare Han",
        "Created by GlyphWiki (http://glyphwiki.org/), changed: fewer points, half the units.",
        512,
        450,
        -62,
        glyphs,
        shape(BOXES[0x2610], 512),
        dict.fromkeys(codes, 512),
    )
    target.write_bytes(lzma.compress(plain.read_bytes(), preset=9))
    plain.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description="Rebuild resources/fonts.")
    parser.add_argument("--sources", type=Path, help="keep the downloads here")
    given = parser.parse_args().sources
    sources = Path(given or tempfile.mkdtemp(prefix="lianxin-fonts-"))
    sources.mkdir(parents=True, exist_ok=True)
    FONTS.mkdir(parents=True, exist_ok=True)
    fetch(sources)
    sans, serif = sources / "noto-sans-sc/package", sources / "noto-serif-sc/package"
    common = characters_of("gb2312")
    wide = characters_of("gbk") | set(range(0x4E00, 0xA000)) | set(range(0xF900, 0xFB00)) | set(range(0x20000, 0x32000))
    noto = sources / "fonts-noto-cjk/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
    hana = sources / "fonts-hanazono/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"
    steps: list[tuple[str, Callable[[Path], object]]] = [
        ("NotoSansSC-Regular.ttf", lambda to: cut(sans / "400Regular/NotoSansSC_400Regular.ttf", to, wide)),
        ("NotoSansSC-Bold.ttf", lambda to: cut(sans / "700Bold/NotoSansSC_700Bold.ttf", to, common)),
        ("NotoSerifSC-Regular.ttf", lambda to: cut(serif / "400Regular/NotoSerifSC_400Regular.ttf", to, None)),
        ("NotoSerifSC-Bold.ttf", lambda to: cut(serif / "700Bold/NotoSerifSC_700Bold.ttf", to, common)),
        ("LianxinRareSerif.ttf", lambda to: rare_serif(noto, to)),
        (
            "LianxinRareHan.ttf.xz",
            lambda to: rare_han(hana, to, set(han_beyond_bmp(TTFont(FONTS / "LianxinRareSerif.ttf")))),
        ),
    ]
    for name, make in steps:
        make(FONTS / name)
        print(f"{name:24} {(FONTS / name).stat().st_size / 1e6:6.2f} MB", flush=True)
    shutil.copy(sans / "LICENSE_FONT", FONTS / "OFL-NotoSansSC.txt")
    shutil.copy(serif / "LICENSE_FONT", FONTS / "OFL-NotoSerifSC.txt")
    shutil.copy(
        sources / "fonts-noto-cjk/usr/share/doc/fonts-noto-cjk/copyright", FONTS / "LICENCE-LianxinRareSerif.txt"
    )
    shutil.copy(sources / "fonts-hanazono/usr/share/doc/fonts-hanazono/copyright", FONTS / "LICENCE-LianxinRareHan.txt")
    total = sum(path.stat().st_size for path in FONTS.iterdir()) / 1e6
    print(f"{total:.1f} MB of at most {LIMIT_MB}")
    if total > LIMIT_MB:
        raise SystemExit("resources/fonts has grown too large")


if __name__ == "__main__":
    main()
