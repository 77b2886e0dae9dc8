"""The map as a picture: as it is seen, or in the day's colours on a sheet of paper.

For paper a second layer is made that nobody sees, with tiles of its own in the colours of the day;
it is ready when all its tiles are drawn and its labels stand.
"""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QMarginsF, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from widgets.look import font
from widgets.map.camera import MAX_STEP
from widgets.map.furniture import Furniture
from widgets.map.layer import MapLayer
from widgets.map.tiles import TileStore
from widgets.theme import DAY, Palette

LOOK_MS: Final = 40
PATIENCE_S: Final = 15.0  # then it is taken as it is
LINE_PX: Final = 22  # of the line below it
SHEET_PX: Final = (1_400, 930)  # A4 across, less its margins
NO_MARGINS: Final = (0, 0, 0, 0)
MARGINS_MM: Final = QMarginsF(12, 12, 12, 12)


def as_seen(layer: MapLayer, words: str, p: Palette) -> QImage:
    """What is on the screen now, and a line below it."""
    return _with_line(layer.grab().toImage(), words, p)


class Sheet(QObject):
    """Draws what another layer shows for paper; ``ready`` carries the picture, once."""

    ready = Signal(QImage)

    def __init__(self, layer: MapLayer, store: TileStore, words: str, parent: QObject) -> None:
        """Both in the colours of the day and seen by nobody; they end with this."""
        super().__init__(parent)
        self._layer, self._store, self._words = layer, store, words
        self._until_s = time.monotonic() + PATIENCE_S
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._take)

    def draw(self, shown: MapLayer) -> None:
        layer, camera = self._layer, shown.camera
        layer.setWindowFlag(Qt.WindowType.Tool)
        layer.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        layer.resize(*SHEET_PX)
        layer.table = shown.table.frozen()
        layer.furniture = Furniture(shown.furniture.attribution, shown.furniture.legend)
        corners = (*camera.world_at(0, 0), *camera.world_at(camera.width, camera.height))
        layer.show()
        layer.set_camera(layer.camera.sized(*SHEET_PX).fitted(corners, NO_MARGINS, MAX_STEP))
        self._look.start()

    def _take(self) -> None:
        seen = self._layer.grab().toImage()  # asks for what is missing
        is_whole = self._store.settled and self._layer.settled
        if not is_whole and time.monotonic() < self._until_s:
            return
        self._look.stop()
        self._store.stop()
        self._layer.close()
        self.ready.emit(_with_line(seen, self._words, DAY))
        self._layer.deleteLater()
        self.deleteLater()


def _with_line(seen: QImage, words: str, p: Palette) -> QImage:
    """When it was, and whose desk: a picture is passed on without the desk that it was seen at."""
    ratio = seen.devicePixelRatio()
    high = round(LINE_PX * ratio)
    made = QImage(seen.width(), seen.height() + high, QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(ratio)
    made.fill(p.panel)
    painter = QPainter(made)
    painter.drawImage(0, 0, seen)
    painter.setPen(p.text)
    painter.setFont(font(12))
    line = QRectF(8, seen.height() / ratio, seen.width() / ratio - 16, LINE_PX)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
    return made


def to_pdf(picture: QImage, path: str) -> bool:
    """On a sheet of A4. False where it can't be written."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(path)
    return on_paper(picture, printer)


def on_paper(picture: QImage, printer: QPrinter) -> bool:
    """As large as the sheet takes it, across. False where the printer takes nothing."""
    printer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, MARGINS_MM
        )
    )
    painter = QPainter()
    if not painter.begin(printer):
        return False
    room = QRectF(painter.viewport())
    share = min(room.width() / picture.width(), room.height() / picture.height())
    painter.drawImage(QRectF(0, 0, picture.width() * share, picture.height() * share), picture)
    return painter.end()
