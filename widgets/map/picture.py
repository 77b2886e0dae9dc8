"""The map as a picture in the colours of the day: it goes into a mail, a report or on paper.

A second layer is made for it that nobody sees, with tiles of its own; it is ready when all its
tiles are drawn and its labels stand.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QMarginsF, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPageLayout, QPageSize, QPainter, QPen
from PySide6.QtPrintSupport import QPrinter

from widgets.look import font
from widgets.map.camera import MAX_STEP
from widgets.map.furniture import Furniture
from widgets.map.layer import MapLayer
from widgets.map.tiles import TileStore
from widgets.theme import DAY, Palette

LOOK_MS: Final = 40
PATIENCE_S: Final = 15.0  # then it is taken as it is
LINE_PX: Final = 22  # of a line below it
EDGE_PX: Final = 8
FONT_PX: Final = 12
SHEET_PX: Final = (1_400, 930)  # A4 across, less its margins
NO_MARGINS: Final = (0, 0, 0, 0)
MARGINS_MM: Final = QMarginsF(12, 12, 12, 12)


@dataclass(frozen=True, slots=True)
class Caption:
    """Below a picture, which is passed on without the desk that it was seen at. ``mark``: what
    must not be overlooked, "" = nothing."""

    words: str
    mark: str = ""


class Sheet(QObject):
    """Draws what another layer shows; ``ready`` carries the picture, once."""

    ready = Signal(QImage)

    def __init__(
        self, layer: MapLayer, store: TileStore, caption: Caption, parent: QObject
    ) -> None:
        """Both in the colours of the day and seen by nobody; they end with this."""
        super().__init__(parent)
        self._layer, self._store, self._caption = layer, store, caption
        self._until_s = time.monotonic() + PATIENCE_S
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._take)

    def draw(self, shown: MapLayer) -> None:
        """The same part of the world, on a sheet's form."""
        camera = shown.camera
        corners = (*camera.world_at(0, 0), *camera.world_at(camera.width, camera.height))
        self._begin(shown, *SHEET_PX)
        layer = self._layer
        layer.set_camera(layer.camera.sized(*SHEET_PX).fitted(corners, NO_MARGINS, MAX_STEP))

    def draw_alike(self, shown: MapLayer) -> None:
        """As wide and high as it is seen."""
        self._layer.set_scale(shown.scale)
        self._begin(shown, shown.width(), shown.height())
        self._layer.set_camera(shown.camera.sized(*self._layer.size_of_map))

    def _begin(self, shown: MapLayer, width: int, height: int) -> None:
        layer = self._layer
        layer.setWindowFlag(Qt.WindowType.Tool)
        layer.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        layer.resize(width, height)
        layer.show_same(shown)
        layer.furniture = Furniture(shown.furniture.attribution, shown.furniture.legend)
        layer.show()
        self._look.start()

    def _take(self) -> None:
        seen = self._layer.grab().toImage()  # asks for what is missing
        is_whole = self._store.settled and self._layer.settled
        if not is_whole and time.monotonic() < self._until_s:
            return
        self._look.stop()
        self._store.stop()
        self._layer.close()
        self.ready.emit(_with_caption(seen, self._caption, DAY))
        self._layer.deleteLater()
        self.deleteLater()


def _with_caption(seen: QImage, caption: Caption, p: Palette) -> QImage:
    ratio = seen.devicePixelRatio()
    width, high = seen.width() / ratio, seen.height() / ratio
    mark_width = _mark_width(caption.mark)
    room = QRectF(EDGE_PX + mark_width, high, width - 2 * EDGE_PX - mark_width, 10 * LINE_PX)
    wrapped = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    needed = QFontMetricsF(font(FONT_PX)).boundingRect(room, wrapped, caption.words).height()
    below = max(LINE_PX, needed + 6.0)
    made = QImage(seen.width(), round((high + below) * ratio), QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(ratio)
    made.fill(p.panel)
    painter = QPainter(made)
    painter.drawImage(0, 0, seen)
    if caption.mark:
        _paint_mark(painter, QPointF(EDGE_PX, high + below / 2), caption.mark, p)
    painter.setPen(p.text)
    painter.setFont(font(FONT_PX))
    room.setHeight(below)
    painter.drawText(room, int(wrapped | Qt.AlignmentFlag.AlignVCenter), caption.words)
    painter.end()
    return made


def _mark_width(mark: str) -> float:
    """With the gap to what follows."""
    if not mark:
        return 0.0
    return QFontMetricsF(font(FONT_PX, bold=True)).horizontalAdvance(mark) + 12.0 + EDGE_PX


def _paint_mark(painter: QPainter, left: QPointF, mark: str, p: Palette) -> None:
    plate = QRectF(0, 0, _mark_width(mark) - EDGE_PX, LINE_PX - 4.0)
    plate.moveLeft(left.x())
    plate.moveTop(left.y() - plate.height() / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(p.warning), 1.6))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setFont(font(FONT_PX, bold=True))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, mark)


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
