"""A line that is measured on the map: leg by leg, in kilometres and degrees, on the ellipsoid."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from resources.map.geodesy import bearing_deg, distance_km
from widgets.landmark_words import far_words, line_words
from widgets.look import font
from widgets.map.camera import Camera
from widgets.map.declutter import Boxes
from widgets.map.line_plates import Floats, LinePlates
from widgets.map.projection import forward_point, valid
from widgets.theme import Palette

MAX_POINTS: Final = 50
WORDS_PX: Final = 12
HINT_PX: Final = 14.0  # from the map's upper edge
HINT_GAP_PX: Final = 4.0
DOT_PX: Final = 5.0
LEAST_NAMED_PX: Final = 90.0  # a shorter leg is not named
NOTHING: Final[Boxes] = np.empty((0, 4))
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
        self._is_still = False  # on a picture: no hand goes on with it

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

    def show_same(self, other: Measuring) -> None:
        """The line that another one has, without what keys do: for a picture."""
        self._is_on, self._points, self._is_still = other.is_on, [*other._points], True

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
        self,
        painter: QPainter,
        camera: Camera,
        corner: tuple[float, float],
        p: Palette,
        *,
        laid: Boxes = NOTHING,
        marks: Boxes = NOTHING,
        labels: Boxes = NOTHING,
    ) -> None:
        """``laid``: what lies on the map; ``marks``: what no words may cover either; ``labels``:
        what they had better not."""
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
        hints = [] if self._is_still else hint_rects(camera, laid, marks)
        edges = np.array([_edges(rect) for _, rect in hints]).reshape(-1, 4)
        plates = LinePlates(
            _segments(line),
            np.vstack((laid, marks, _dots(line), edges)),
            labels,
            QSizeF(camera.width, camera.height),
        )
        for words, rect in (*self._placed(line, plates), *hints):
            _paint_plate(painter, rect, words, p)

    def _placed(self, line: list[QPointF], plates: LinePlates) -> list[tuple[str, QRectF]]:
        """The whole's words at its end, first, then each leg's beside it."""
        legs = self.legs
        if not legs:
            return []
        made = [(self.words, plates.around(line[-1], _size(self.words)))]
        for leg, (begin, end) in zip(legs[:-1], pairwise(line), strict=False):
            if (end - begin).manhattanLength() > LEAST_NAMED_PX:
                words = line_words(leg.metres, leg.bearing)
                made.append((words, plates.beside(begin, end, _size(words))))
        return made


def _segments(line: list[QPointF]) -> Floats:
    ends = [(a.x(), a.y(), b.x(), b.y()) for a, b in pairwise(line)]
    return np.array(ends, np.float64).reshape(-1, 4)


def _dots(line: list[QPointF]) -> Boxes:
    middles = np.array([(at.x(), at.y()) for at in line])
    return np.hstack((middles - DOT_PX, middles + DOT_PX))


def hint_rects(camera: Camera, laid: Boxes, marks: Boxes) -> list[tuple[str, QRectF]]:
    """What keys do, at the map's upper edge and clear of what is there; below one another where it
    is narrow."""
    parts, taken = _hint(), np.vstack((laid, marks))
    buttons = (box[0] for box in laid.tolist() if _is_at_right(box, camera))
    right = min(buttons, default=float(camera.width))
    if _size(" · ".join(parts)).width() <= right - 2 * HINT_GAP_PX:
        parts = (" · ".join(parts),)
    made, top = [], HINT_PX
    for words in parts:
        rect = QRectF(QPointF(), _size(words))
        rect.moveCenter(QPointF(right / 2, top + rect.height() / 2))
        rect.moveTop(_clear_top(rect, taken))
        made.append((words, rect))
        top = rect.bottom() + HINT_GAP_PX
    return made


def _is_at_right(box: list[float], camera: Camera) -> bool:
    """A button."""
    return box[0] > camera.width / 2 and box[1] < camera.height / 2


def _clear_top(rect: QRectF, taken: Boxes) -> float:
    """Down below what is in the way."""
    top = rect.top()
    for left, above, right, below in sorted(taken.tolist(), key=lambda box: float(box[1])):
        beside = rect.right() <= left or rect.left() >= right
        if not beside and above < top + rect.height() and below > top:
            top = below + HINT_GAP_PX
    return top


def _hint() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("Measuring", "Click or Enter: next leg"),
        translate("Measuring", "Backspace: one back"),
        translate("Measuring", "Esc: end"),
    )


def _size(words: str) -> QSizeF:
    figures = QFontMetricsF(font(WORDS_PX, bold=True))
    return QSizeF(figures.horizontalAdvance(words) + 14, figures.height() + 4)


def _edges(rect: QRectF) -> tuple[float, float, float, float]:
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def _on_screen(point: Point, camera: Camera, corner: tuple[float, float]) -> QPointF:
    x, y = forward_point(*point)
    return QPointF(x * camera.scale - corner[0], y * camera.scale - corner[1])


def _paint_plate(painter: QPainter, rect: QRectF, words: str, p: Palette) -> None:
    painter.setPen(QPen(QColor(p.selected), 1.0))
    painter.setBrush(QColor(p.card))
    painter.drawRoundedRect(rect, 4, 4)
    painter.setPen(QColor(p.text))
    painter.setFont(font(WORDS_PX, bold=True))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
