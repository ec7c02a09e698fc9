"""From a PDF to a printer: its pages as pictures, on whatever sheet and printer the clerk chooses (打印)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from app.models.faults import Cancelled, Trouble
from app.models.progress import Progress
from app.ui import look

DPI = 300  # of the pages sent to a printer
NOT_TAKEN = "打印机没有接受这份打印件。请检查打印机是否开机、接通、有纸，再打印一次。"


def image_of(file: Path, page: int, width: int) -> QImage:
    """One page of a PDF as a picture, `width` pixels wide. Raises Trouble if the file cannot be read."""
    from app.papers.preview import page_image

    drawn = page_image(file, page, width)
    image = QImage(drawn.pixels, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB32)
    return image.copy()  # the bytes belong to the page


def framed(image: QImage) -> QImage:
    """The page with the edge of its sheet drawn as a thin line."""
    painter = QPainter(image)
    painter.setPen(look.color(look.LINE))
    size = image.deviceIndependentSize()
    painter.drawRect(QRectF(0, 0, size.width() - 1, size.height() - 1))
    painter.end()
    return image


def is_upright(file: Path) -> bool:
    """Whether the pages of a PDF are higher than they are wide."""
    image = image_of(file, 0, 32)
    return image.height() > image.width()


def ask(
    parent: QWidget, title: str, count: int, paper: str, upright: bool, print_on: Callable[[QPrinter], None]
) -> None:
    """Ask for a printer and the pages, without blocking the window; `print_on(printer)` when that was answered."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    set_up(printer, title, paper, upright)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setMinMax(1, count)
    dialog.accepted.connect(lambda *_: print_on(printer))
    dialog.open()


def set_up(printer: QPrinter, title: str, paper: str, upright: bool) -> None:
    """Propose the sheet that the file was drawn for."""
    printer.setResolution(DPI)
    printer.setDocName(title)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A3 if paper == "A3" else QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait if upright else QPageLayout.Orientation.Landscape)
    printer.setFullPage(True)


def print_pages(printer: QPrinter, file: Path, progress: Progress) -> str:
    """Print the pages asked for in the printer's dialog, each as large as its sheet, and say how many.

    Raises Trouble when the printer does not take them.
    """
    from app.papers.preview import page_count

    count = page_count(file)
    first, last = printer.fromPage() or 1, min(printer.toPage() or count, count)
    painter = QPainter()
    if not painter.begin(printer):
        raise Trouble(NOT_TAKEN)
    try:
        for number in range(first, last + 1):
            progress(number - first, last - first + 1, "正在打印")
            if number > first and not printer.newPage():
                raise Trouble(NOT_TAKEN)
            sheet = QRectF(painter.viewport())
            page = image_of(file, number - 1, max(1, int(sheet.width())))
            size = page.size().scaled(sheet.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRectF(0, 0, size.width(), size.height()), page)
    except (Cancelled, Trouble):
        printer.abort()
        raise
    finally:
        painter.end()
    return f"已送往打印机：{last - first + 1:,} 页。"
