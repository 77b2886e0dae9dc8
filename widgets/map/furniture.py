"""What stands still on the map: scale bar, legend and the line that tells where the map is from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from widgets.contracts.rows import UnitKind
from widgets.look import font
from widgets.map.camera import Camera
from widgets.map.projection import ground_m, inverse_point
from widgets.symbols import paint_symbol
from widgets.theme import Palette

MARGIN: Final = 10.0
SMALL_PX: Final = 11
WORD_PX: Final = 12
BAR_PX: Final = (60.0, 150.0)  # the scale bar's shortest and longest
STEPS_M: Final = tuple(n * 10**e for e in range(6) for n in (1, 2, 5))
BAR_HEIGHT: Final = 26.0
STRIP_PX: Final = 96.0  # of the map's height, at its foot: all of this stands there
LEGEND_FROM_PX: Final = 560  # narrower maps have no legend
CLEAR_PX: Final = 26.0  # an alarm's mark with its ring, which nothing is to cover


@dataclass(frozen=True, slots=True)
class ScaleBar:
    words: str
    length: float  # pixels


def scale_bar(camera: Camera) -> ScaleBar:
    """True at the middle of the map, to a tenth of a degree: it rests while the hand pans."""
    lat, _ = inverse_point(camera.x, camera.y)
    return _scale_bar(round(lat, 1), camera.scale)


@lru_cache(maxsize=64)
def _scale_bar(lat: float, scale: float) -> ScaleBar:
    metres = ground_m(lat) / scale
    length = max((m for m in STEPS_M if m / metres <= BAR_PX[1]), default=STEPS_M[0])
    words = f"{length // 1000} km" if length >= 1000 else f"{length} m"
    return ScaleBar(words, length / metres)


@lru_cache(maxsize=64)
def _advance(words: str, px: int, *, medium: bool = False) -> float:
    return QFontMetricsF(font(px, medium=medium)).horizontalAdvance(words)


class Furniture:
    """Words come translated; :meth:`rects` is where no label may be."""

    def __init__(self, attribution: str, legend: Sequence[tuple[UnitKind, str]]) -> None:
        self.attribution, self.legend = attribution, legend
        self._is_legend_away = False
        self._picture = QPixmap()  # of all this, and of what it was drawn for
        self._drawn_for: tuple[object, ...] = ()

    def rects(self, camera: Camera) -> list[QRectF]:
        made = [self._attribution_rect(camera), self._scale_rect(camera)]
        if self._legend_fits(camera):
            made.append(self._legend_rect(camera))
        return made

    @property
    def is_away(self) -> bool:
        """The legend alone; what is said of the map's source always stands."""
        return self._is_legend_away

    def make_way(self, alarms: Sequence[QPointF], camera: Camera) -> bool:
        """The legend goes while one of these marks is where it stands. Whether that is news."""
        before, self._is_legend_away = self._is_legend_away, False
        if alarms and self._legend_fits(camera):
            ground = self._legend_rect(camera).adjusted(-CLEAR_PX, -CLEAR_PX, CLEAR_PX, CLEAR_PX)
            self._is_legend_away = any(ground.contains(at) for at in alarms)
        return before != self._is_legend_away

    def paint(self, painter: QPainter, camera: Camera, p: Palette, ratio: float) -> None:
        """Two pictures, each drawn anew when anything about it differs."""
        low = QRectF(0, camera.height - STRIP_PX, camera.width, STRIP_PX)
        bar, place = scale_bar(camera), self._scale_rect(camera)
        drawn_for = (place.top(), camera.width, camera.height, p, ratio, self._is_legend_away)
        if drawn_for != self._drawn_for:
            self._picture = self._draw(camera, low, p, ratio)
            self._drawn_for = drawn_for
        painter.drawPixmap(low.topLeft(), self._picture)
        painter.drawPixmap(place.topLeft(), _bar_picture(bar, p, ratio))

    def _draw(self, camera: Camera, low: QRectF, p: Palette, ratio: float) -> QPixmap:
        picture = QPixmap(round(low.width() * ratio), round(low.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-low.topLeft())
        self._paint_attribution(painter, camera, p)
        if self._legend_fits(camera):
            self._paint_legend(painter, camera, p)
        painter.end()
        return picture

    def _attribution_rect(self, camera: Camera) -> QRectF:
        width = min(_advance(self.attribution, SMALL_PX) + 12, camera.width * 1.0)
        return QRectF(camera.width - width, camera.height - 20.0, width, 20.0)

    def _scale_rect(self, camera: Camera) -> QRectF:
        """Above the attribution where the two would meet."""
        width = _bar_width(scale_bar(camera))
        rect = QRectF(4, camera.height - 30.0, width, BAR_HEIGHT)
        if rect.right() + 8 > self._attribution_rect(camera).left():
            rect.translate(0, -18.0)
        return rect

    def _legend_fits(self, camera: Camera) -> bool:
        is_wide = camera.width >= LEGEND_FROM_PX
        return bool(self.legend) and is_wide and not self._is_legend_away

    def _legend_rect(self, camera: Camera) -> QRectF:
        width = sum(_advance(words, WORD_PX) + 38 for _, words in self.legend) + 8
        return QRectF(MARGIN, self._scale_rect(camera).top() - 34.0, width, 30.0)

    def _paint_attribution(self, painter: QPainter, camera: Camera, p: Palette) -> None:
        rect = self._attribution_rect(camera)
        painter.fillRect(rect, _ground(p))
        painter.setPen(QColor(p.muted))
        painter.setFont(font(SMALL_PX))
        shown = QFontMetricsF(font(SMALL_PX)).elidedText(
            self.attribution, Qt.TextElideMode.ElideRight, rect.width() - 8
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_legend(self, painter: QPainter, camera: Camera, p: Palette) -> None:
        rect = self._legend_rect(camera)
        painter.setPen(QPen(QColor(p.line), 1))
        painter.setBrush(QColor(p.panel))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        x = rect.left() + 12
        for kind, words in self.legend:
            mark = QRectF(x, rect.center().y() - 7, 14, 14)
            paint_symbol(painter, mark, kind, p.muted, p.panel)
            painter.setPen(QColor(p.text))
            painter.setFont(font(WORD_PX))
            painter.drawText(QPointF(x + 22, rect.center().y() + 4.5), words)
            x += _advance(words, WORD_PX) + 38


def _ground(p: Palette) -> QColor:
    """Below words that no busy map may make hard to read."""
    ground = QColor(p.panel)
    ground.setAlphaF(0.82)
    return ground


def _bar_width(bar: ScaleBar) -> float:
    return bar.length + _advance(bar.words, WORD_PX, medium=True) + 24


@lru_cache(maxsize=32)
def _bar_picture(bar: ScaleBar, p: Palette, ratio: float) -> QPixmap:
    width = math.ceil(_bar_width(bar))
    picture = QPixmap(round(width * ratio), round(BAR_HEIGHT * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_ground(p))
    painter.drawRoundedRect(QRectF(0, 1, width, BAR_HEIGHT - 2), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    left, low = 8.5, round(BAR_HEIGHT / 2 + 4) + 0.5
    right = round(left + bar.length) + 0.5
    corners = [(left, low - 6), (left, low), (right, low), (right, low - 6)]
    for colour, thick in ((p.water, 4.0), (p.text, 1.6)):
        line, end = Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap
        painter.setPen(QPen(QColor(colour), thick, line, end))
        painter.drawPolyline([QPointF(*corner) for corner in corners])
    painter.setPen(QColor(p.text))
    painter.setFont(font(WORD_PX, medium=True))
    painter.drawText(QPointF(right + 8, low + 1), bar.words)
    painter.end()
    return picture
