"""The square buttons over the map."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from widgets import icons, paint
from widgets.theme import Palette

BUTTON_PX: Final = 34


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
        p, painter = self.palette_, QPainter(self)
        lit = self.isEnabled() and (self.underMouse() or self.isDown())
        edge = p.text if self.hasFocus() else p.line
        paint.box(painter, self.rect(), p.raised if lit else p.card, edge)
        ink = p.text if self.isEnabled() else p.track
        middle = QRectF(self.rect()).center() / self._scale
        painter.scale(self._scale, self._scale)
        painter.setPen(QPen(QColor(ink), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if self._glyph in {"+", "-"}:
            painter.drawLine(middle - QPointF(6, 0), middle + QPointF(6, 0))
        if self._glyph == "+":
            painter.drawLine(middle - QPointF(0, 6), middle + QPointF(0, 6))
        elif self._glyph == "fit":
            _corners(painter, middle)
        elif self._glyph != "-":
            pixmap = icons.pixmap(self._glyph, ink, 20, self.devicePixelRatioF() * self._scale)
            painter.drawPixmap(middle - QPointF(10, 10), pixmap)
        painter.end()


def _corners(painter: QPainter, middle: QPointF) -> None:
    for x in (-1, 1):
        for y in (-1, 1):
            at = middle + QPointF(7 * x, 7 * y)
            painter.drawLine(at, at - QPointF(4 * x, 0))
            painter.drawLine(at, at - QPointF(0, 4 * y))
    painter.drawPoint(middle)
