"""Look at a PDF: how many pages, a page as a picture, its words.

PDFium only: a window makes its own kind of picture of the bytes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.models.faults import Trouble

_one_at_a_time = threading.Lock()      # PDFium is not made for threads


@dataclass(frozen=True)
class PageImage:
    """A page in pixels: rows from the top, `stride` bytes each, four bytes a pixel: blue, green, red, 255."""

    width: int
    height: int
    stride: int
    pixels: bytes


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pypdfium2

    with _one_at_a_time:
        try:
            pdf = pypdfium2.PdfDocument(path.read_bytes())     # from memory: the file stays free to be replaced
        except (OSError, pypdfium2.PdfiumError) as error:
            raise Trouble(f"“{path.name}”打不开：文件不存在或不是完整的 PDF，请重新生成。") from error
        try:
            yield pdf
        finally:
            pdf.close()


def page_count(path: Path) -> int:
    """How many pages a PDF has. Raises Trouble if it cannot be read."""
    with _opened(path) as pdf:
        return len(pdf)


def page_image(path: Path, page: int, width_px: int) -> PageImage:
    """Draw page `page` (from 0) `width_px` pixels wide, on white.

    Raises Trouble if the file cannot be read, IndexError past its end.
    """
    import pypdfium2.raw

    with _opened(path) as pdf:
        if not 0 <= page < len(pdf):
            raise IndexError(f"page {page} of {len(pdf)}")
        sheet = pdf[page]
        bitmap = sheet.render(scale=width_px / sheet.get_width(), force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGRA,
                              fill_color=(255, 255, 255, 255))
        return PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))


def text(path: Path) -> list[str]:
    """The words of every page, as a reader would copy them, in the order they were drawn."""
    with _opened(path) as pdf:
        return [str(page.get_textpage().get_text_range()) for page in pdf]
