"""The square buttons over the map."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget

from widgets import icons, paint
from widgets.theme import Palette

BUTTON_PX: Final = 34
MAX_FACES: Final = 64


class MapButton(QAbstractButton):
    """A square button over the map; its glyph is an icon's name, '+', '-' or 'fit'."""

    def __init__(self, glyph: str, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self._glyph, self.palette_ = glyph, palette
        self._scale = 1.0
        self.set_scale(1.0)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_scale(self, scale: float) -> None:
        self._scale = scale
        self.setFixedSize(round(BUTTON_PX * scale), round(BUTTON_PX * scale))

    def set_glyph(self, glyph: str) -> None:
        self._glyph = glyph
        self.update()

    def set_words(self, words: str) -> None:
        self.setAccessibleName(words)
        self.setToolTip(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """From a picture: the map below takes its buttons along at every frame."""
        lit = self.isEnabled() and (self.underMouse() or self.isDown())
        face = Face(
            self._glyph, self.palette_, lit, self.hasFocus(), self.isEnabled(),
            self.width(), self._scale, self.devicePixelRatioF(),
        )  # fmt: skip
        painter = QPainter(self)
        painter.drawPixmap(0, 0, _picture(face))
        painter.end()


class Face(NamedTuple):
    """Everything that a button's picture depends on."""

    glyph: str
    palette: Palette
    is_lit: bool
    has_focus: bool
    is_enabled: bool
    side: int  # device-independent pixels
    scale: float
    ratio: float


@lru_cache(maxsize=MAX_FACES)
def _picture(face: Face) -> QPixmap:
    side, p = round(face.side * face.ratio), face.palette
    picture = QPixmap(side, side)
    picture.setDevicePixelRatio(face.ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter, whole = QPainter(picture), QRect(0, 0, face.side, face.side)
    edge = p.text if face.has_focus else p.line
    paint.box(painter, whole, p.raised if face.is_lit else p.card, edge)
    painter.scale(face.scale, face.scale)
    _glyph(painter, QRectF(whole).center() / face.scale, face)
    painter.end()
    return picture


def _glyph(painter: QPainter, middle: QPointF, face: Face) -> None:
    ink = face.palette.text if face.is_enabled else face.palette.track
    painter.setPen(QPen(QColor(ink), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    if face.glyph in {"+", "-"}:
        painter.drawLine(middle - QPointF(6, 0), middle + QPointF(6, 0))
    if face.glyph == "+":
        painter.drawLine(middle - QPointF(0, 6), middle + QPointF(0, 6))
    elif face.glyph == "fit":
        _corners(painter, middle)
    elif face.glyph != "-":
        pixmap = icons.pixmap(face.glyph, ink, 20, face.ratio * face.scale)
        painter.drawPixmap(middle - QPointF(10, 10), pixmap)


def _corners(painter: QPainter, middle: QPointF) -> None:
    for x in (-1, 1):
        for y in (-1, 1):
            at = middle + QPointF(7 * x, 7 * y)
            painter.drawLine(at, at - QPointF(4 * x, 0))
            painter.drawLine(at, at - QPointF(0, 4 * y))
    painter.drawPoint(middle)
