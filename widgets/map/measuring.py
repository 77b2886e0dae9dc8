"""A line that is measured on the map: leg by leg, in kilometres and degrees, on the ellipsoid."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from resources.map.geodesy import bearing_deg, distance_km
from widgets.landmark_words import far_words, line_words
from widgets.look import font
from widgets.map.camera import Camera
from widgets.map.projection import forward_point, valid
from widgets.theme import Palette

MAX_POINTS: Final = 50
WORDS_PX: Final = 12
HINT_PX: Final = 24.0  # from the map's upper edge, and from one another
BUTTONS_PX: Final = 64.0  # at the map's right
Point = tuple[float, float]  # degrees


@dataclass(frozen=True, slots=True)
class Leg:
    begin: Point
    end: Point
    metres: float
    bearing: float


class Measuring(QObject):
    """``changed``: what is measured, or whether anything is. The last leg follows the hand until
    its end is set."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._points: list[Point] = []
        self._hand: Point | None = None
        self._is_on = False

    @property
    def is_on(self) -> bool:
        return self._is_on

    def begin(self, lat: float, lon: float) -> None:
        """From here; what was measured before is forgotten."""
        self._is_on, self._points, self._hand = True, [], None
        self.add(lat, lon)

    def add(self, lat: float, lon: float) -> None:
        """The end of a leg. The same place twice, and more than fifty, are no leg."""
        point = (lat, lon)
        is_new = not self._points or self._points[-1] != point
        if self._is_on and valid(lat, lon) and is_new and len(self._points) < MAX_POINTS:
            self._points.append(point)
            self._hand = None
        self.changed.emit()

    def take_back(self) -> None:
        """The last end; the first place stays."""
        if len(self._points) > 1:
            self._points.pop()
        self.changed.emit()

    def point_at(self, lat: float, lon: float) -> None:
        """Where the hand is now."""
        if self._is_on and valid(lat, lon):
            self._hand = (lat, lon)
            self.changed.emit()

    def end(self) -> None:
        self._is_on, self._points, self._hand = False, [], None
        self.changed.emit()

    @property
    def legs(self) -> tuple[Leg, ...]:
        """With the one that follows the hand."""
        points = [*self._points, *([self._hand] if self._hand else [])]
        pairs = pairwise(points)
        return tuple(Leg(a, b, 1_000 * distance_km(*a, *b), bearing_deg(*a, *b)) for a, b in pairs)

    @property
    def words(self) -> str:
        """The last leg, and all of them where there are several; "" = none yet."""
        legs = self.legs
        if not legs:
            return ""
        said = line_words(legs[-1].metres, legs[-1].bearing)
        if len(legs) == 1:
            return said
        return f"{said} · Σ {far_words(sum(leg.metres for leg in legs))}"

    # --- drawing ---

    def paint(
        self, painter: QPainter, camera: Camera, corner: tuple[float, float], p: Palette
    ) -> None:
        if not self._is_on:
            return
        spots = [_on_screen(point, camera, corner) for point in self._points]
        hand = None if self._hand is None else _on_screen(self._hand, camera, corner)
        line = [*spots, *([hand] if hand is not None else [])]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((p.card, 5.0), (p.selected, 2.0)):
            style = Qt.PenStyle.SolidLine if colour == p.card else Qt.PenStyle.DashLine
            painter.setPen(QPen(QColor(colour), width, style))
            painter.drawPolyline(line)
        painter.setPen(QPen(QColor(p.card), 1.5))
        painter.setBrush(QColor(p.selected))
        for spot in spots:
            painter.drawEllipse(spot, 4.0, 4.0)
        self._paint_words(painter, line, p)
        self._paint_hint(painter, camera, p)

    def _paint_hint(self, painter: QPainter, camera: Camera, p: Palette) -> None:
        """Beside the buttons; below one another where it is narrow."""
        room, parts = camera.width - BUTTONS_PX, _hint()
        if _width(" · ".join(parts)) <= room:
            parts = (" · ".join(parts),)
        for n, words in enumerate(parts):
            _plate(painter, QPointF(room / 2, HINT_PX * (n + 1)), words, p)

    def _paint_words(self, painter: QPainter, line: list[QPointF], p: Palette) -> None:
        """Each leg's in its middle, the whole at its end."""
        legs = self.legs
        for leg, begin, end in zip(legs, line, line[1:], strict=False):
            if (end - begin).manhattanLength() > 90 and leg is not legs[-1]:
                _plate(painter, (begin + end) / 2, line_words(leg.metres, leg.bearing), p)
        if legs:
            _plate(painter, line[-1] + QPointF(0, -20), self.words, p)


def _hint() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("Measuring", "Click or Enter: next leg"),
        translate("Measuring", "Backspace: one back"),
        translate("Measuring", "Esc: end"),
    )


def _width(words: str) -> float:
    return QFontMetricsF(font(WORDS_PX, bold=True)).horizontalAdvance(words) + 14


def _on_screen(point: Point, camera: Camera, corner: tuple[float, float]) -> QPointF:
    x, y = forward_point(*point)
    return QPointF(x * camera.scale - corner[0], y * camera.scale - corner[1])


def _plate(painter: QPainter, middle: QPointF, words: str, p: Palette) -> None:
    used = font(WORDS_PX, bold=True)
    figures = QFontMetricsF(used)
    rect = QRectF(0, 0, _width(words), figures.height() + 4)
    rect.moveCenter(middle)
    painter.setPen(QPen(QColor(p.selected), 1.0))
    painter.setBrush(QColor(p.card))
    painter.drawRoundedRect(rect, 4, 4)
    painter.setPen(QColor(p.text))
    painter.setFont(used)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
