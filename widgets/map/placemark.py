"""The mark of a place that was looked for: a pin and its name, unlike anything that is a unit's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from widgets.contracts.rows import PlaceFound
from widgets.look import font
from widgets.map.declutter import Boxes
from widgets.map.projection import forward
from widgets.theme import Palette

PIN_PX = (20.0, 30.0)  # width, height; its tip stands on the place
NAME_PX = 13
MOST_PX = 260.0  # of the name


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """``x``, ``y`` in the world of the map, 0 to 1."""

    x: float
    y: float
    name: str

    @classmethod
    def of(cls, place: PlaceFound) -> PlaceMark:
        x, y = forward(place.lat, place.lon)
        return cls(float(x), float(y), place.name)

    def paint(self, painter: QPainter, scale: float, origin: QPointF, p: Palette) -> None:
        """``scale``: pixels of the whole world; ``origin``: its upper left corner's in them."""
        tip = QPointF(self.x * scale, self.y * scale) - origin
        pin = _pin(tip)
        painter.setPen(QPen(QColor(p.background), 5.0))
        painter.setBrush(QColor(p.selected))
        painter.drawPath(pin)
        painter.setPen(QPen(QColor(p.background), 1.5))
        painter.drawPath(pin)
        painter.setBrush(QColor(p.background))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(tip - QPointF(0, PIN_PX[1] - PIN_PX[0] / 2), 4.0, 4.0)
        self._paint_name(painter, tip, p)

    def boxes(self, scale: float, origin: QPointF) -> Boxes:
        """What pin and name cover."""
        tip = QPointF(self.x * scale, self.y * scale) - origin
        _, name = self._name_box(tip)
        pin = QRectF(tip.x() - PIN_PX[0] / 2, tip.y() - PIN_PX[1], *PIN_PX)
        return np.array([(r.left(), r.top(), r.right(), r.bottom()) for r in (pin, name)])

    def _name_box(self, tip: QPointF) -> tuple[str, QRectF]:
        figures = QFontMetricsF(font(NAME_PX, bold=True))
        shown = figures.elidedText(self.name, Qt.TextElideMode.ElideRight, MOST_PX)
        box = QRectF(0, 0, figures.horizontalAdvance(shown) + 14, figures.height() + 6)
        box.moveCenter(tip - QPointF(0, PIN_PX[1] + box.height() / 2 + 4))
        return shown, box

    def _paint_name(self, painter: QPainter, tip: QPointF, p: Palette) -> None:
        letters = font(NAME_PX, bold=True)
        shown, box = self._name_box(tip)
        painter.setPen(QPen(QColor(p.selected), 1.5))
        painter.setBrush(QColor(p.background))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(p.text))
        painter.setFont(letters)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)


def _pin(tip: QPointF) -> QPainterPath:
    width, height = PIN_PX
    head = QRectF(tip.x() - width / 2, tip.y() - height, width, width)
    path = QPainterPath(tip)
    path.lineTo(head.left(), head.center().y())
    path.arcTo(head, 180.0, -180.0)
    path.closeSubpath()
    return path
