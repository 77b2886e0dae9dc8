"""One picture that holds every mark and label on the map, each drawn once, and the pen for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt import internals
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from widgets.contracts import UnitKind, UnitRow
from widgets.look import font
from widgets.map.table import alarm_code
from widgets.symbols import colour, paint_symbol
from widgets.theme import Palette

ATLAS_WIDTH: Final = 2_048  # pixels of the screen
MAX_HEIGHT: Final = 4_096  # then everything is forgotten and drawn again as it is needed
SYMBOL_PX: Final = 20.0
SYMBOL_BOX: Final = 30.0
LABEL_HEIGHT: Final = 20.0
LABEL_FONT_PX: Final = 12
MAX_LABEL_PX: Final = 150.0  # longer call signs end in an ellipsis
GAP: Final = 1
MAX_WIDTHS: Final = 20_000  # of call signs and of names; measuring text is slow

Painting = Callable[[QPainter, QRectF], None]


@dataclass(frozen=True, slots=True)
class Sprite:
    """Where it lies in the atlas, in pixels of the screen."""

    x: int
    y: int
    width: int
    height: int


class Atlas:
    """Sprites by key. ``generation`` grows when all earlier ones have become void."""

    def __init__(self, palette: Palette, ratio: float) -> None:
        self.palette, self.ratio = palette, ratio
        self.generation = 0
        self._clear()

    def _clear(self) -> None:
        self._sprites: dict[object, Sprite] = {}
        self.pixmap = QPixmap(ATLAS_WIDTH, 512)
        self.pixmap.fill(Qt.GlobalColor.transparent)
        self._x = self._y = self._shelf = 0
        self.generation += 1

    def sprite(self, key: object, width: float, height: float, painting: Painting) -> Sprite:
        """Found, or drawn now; sizes are device-independent."""
        found = self._sprites.get(key)
        if found is None:
            found = self._room(round(width * self.ratio), round(height * self.ratio))
            painter = QPainter(self.pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(found.x, found.y)
            painter.scale(self.ratio, self.ratio)
            painting(painter, QRectF(0, 0, found.width / self.ratio, found.height / self.ratio))
            painter.end()
            self._sprites[key] = found
        return found

    def _room(self, width: int, height: int) -> Sprite:
        width = min(width, ATLAS_WIDTH)
        if self._x + width > ATLAS_WIDTH:
            self._x, self._y, self._shelf = 0, self._y + self._shelf + GAP, 0
        if self._y + height > MAX_HEIGHT:
            self._clear()
        while self._y + height > self.pixmap.height():
            self._grow()
        made = Sprite(self._x, self._y, width, height)
        self._x += width + GAP
        self._shelf = max(self._shelf, height)
        return made

    def _grow(self) -> None:
        larger = QPixmap(ATLAS_WIDTH, self.pixmap.height() * 2)
        larger.fill(Qt.GlobalColor.transparent)
        painter = QPainter(larger)
        painter.drawPixmap(0, 0, self.pixmap)
        painter.end()
        self.pixmap = larger

    # What the map is made of ---------------------------------------------------------------

    def symbol(self, row: UnitRow) -> Sprite:
        fill = colour(row, self.palette)
        key = ("symbol", row.kind, fill, alarm_code(row) > 0)
        alarm = alarm_code(row) > 0
        ink = self.palette.alarm_text if alarm else self.palette.ink
        edge = self.palette.selected if alarm else self.palette.water
        return self.sprite(
            key,
            SYMBOL_BOX,
            SYMBOL_BOX,
            lambda p, r: _symbol(p, r, row.kind, fill=fill, ink=ink, edge=edge),
        )

    def tick(self, row: UnitRow) -> Sprite:
        fill = colour(row, self.palette)
        return self.sprite(("tick", fill), 12, 9, lambda p, r: _tick(p, r, fill))

    def label(self, row: UnitRow) -> Sprite:
        p, alarm = self.palette, alarm_code(row) > 0
        edge = p.receiving if row.speaking and not alarm else colour(row, p)
        ground = p.alarm if alarm else p.card
        ink = p.alarm_text if alarm else p.text
        return self.sprite(
            ("label", row.call_sign, edge, ground),
            label_width(row.call_sign),
            LABEL_HEIGHT,
            lambda painter, r: _label(painter, r, row.call_sign, ground=ground, edge=edge, ink=ink),
        )

    def place(self, name: str, used: QFont, ink: str) -> Sprite:
        width, height = place_size(name, used)
        halo = self.palette.land
        return self.sprite(
            ("place", name, used.pixelSize(), ink),
            width,
            height,
            lambda p, _: _place(p, name, used, ink, halo),
        )

    def dot(self, ink: str) -> Sprite:
        return self.sprite(("dot", ink), 6, 6, lambda p, r: _dot(p, r, ink))


def label_font() -> QFont:
    return font(LABEL_FONT_PX, bold=True)


@lru_cache(maxsize=MAX_WIDTHS)
def label_width(call_sign: str) -> float:
    width = QFontMetricsF(label_font()).horizontalAdvance(call_sign)
    return float(min(MAX_LABEL_PX, round(width + 0.5) + 12.0))


def place_size(name: str, used: QFont) -> tuple[float, float]:
    return _measured(name, used.pixelSize(), used.weight())


@lru_cache(maxsize=MAX_WIDTHS)
def _measured(name: str, px: int, weight: QFont.Weight) -> tuple[float, float]:
    used = font(px)
    used.setWeight(weight)
    figures = QFontMetricsF(used)
    return float(round(figures.horizontalAdvance(name) + 0.5) + 6), float(
        round(figures.height()) + 4
    )


def _symbol(
    painter: QPainter, rect: QRectF, kind: UnitKind, *, fill: str, ink: str, edge: str
) -> None:
    """The mark, with an edge all round that parts it from what lies below."""
    inner = QRectF(0, 0, SYMBOL_PX, SYMBOL_PX)
    inner.moveCenter(rect.center())
    grown = inner.adjusted(-2.0, -2.0, 2.0, 2.0)
    if kind == "first-responder":
        grown = inner.adjusted(-3.4, -3.0, 3.4, 1.8)
    paint_symbol(painter, grown, "other" if kind in ROUND else kind, edge, edge)
    paint_symbol(painter, inner, kind, fill, ink)


ROUND: Final = {"doctor", "helicopter", "other"}


def _tick(painter: QPainter, rect: QRectF, fill: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    middle = rect.center().x()
    painter.drawPolygon(
        QPolygonF([QPointF(middle, 1), QPointF(middle + 5, 8), QPointF(middle - 5, 8)])
    )


def _label(
    painter: QPainter, rect: QRectF, words: str, *, ground: str, edge: str, ink: str
) -> None:
    painter.setPen(QPen(QColor(edge), 1.3))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(rect.adjusted(0.7, 0.7, -0.7, -0.7), 4, 4)
    painter.setPen(QColor(ink))
    painter.setFont(label_font())
    figures = QFontMetricsF(label_font())
    shown = figures.elidedText(words, Qt.TextElideMode.ElideRight, rect.width() - 8)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)


def _place(painter: QPainter, name: str, used: QFont, ink: str, halo: str) -> None:
    path = QPainterPath()
    path.addText(QPointF(3, 2 + QFontMetricsF(used).ascent()), used, name)
    pen = QPen(QColor(halo), 3.0)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.setPen(QColor(ink))
    painter.setFont(used)
    painter.drawText(QPointF(3, 2 + QFontMetricsF(used).ascent()), name)


def _dot(painter: QPainter, rect: QRectF, ink: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ink))
    painter.drawEllipse(rect.center(), 1.8, 1.8)


class Batch:
    """Sprites to be drawn in one call: rows of (x, y, sprite, rotation, opacity)."""

    def __init__(self) -> None:
        self._array = internals.PrimitiveArray(QPainter.PixmapFragment, 10)

    def draw(
        self, painter: QPainter, atlas: Atlas, rows: NDArray[np.float64], dx: float, dy: float
    ) -> None:
        """``rows`` are from :func:`fragments`, moved by (dx, dy)."""
        if not len(rows):
            return
        self._array.resize(len(rows))
        out = self._array.ndarray()
        out[:] = rows
        out[:, 0] += dx
        out[:, 1] += dy
        first, count = self._array.drawargs()  # PySide takes the address of the first and a count
        painter.drawPixmapFragments(first, count, atlas.pixmap)


def fragments(
    centres: NDArray[np.float64],
    sprites: Sequence[Sprite],
    ratio: float,
    *,
    opacity: NDArray[np.float64] | float = 1.0,
    rotation: NDArray[np.float64] | float = 0.0,
) -> NDArray[np.float64]:
    """(n, 10) as QPainter.PixmapFragment has them; unturned ones lie on whole pixels."""
    rows = np.empty((len(sprites), 10))
    if not len(sprites):
        return rows
    rows[:, 2:6] = [(s.x, s.y, s.width, s.height) for s in sprites]
    half = rows[:, 4:6] / (2 * ratio)
    rows[:, :2] = np.rint((centres - half) * ratio) / ratio + half
    rows[:, 6:8] = 1.0 / ratio
    rows[:, 8] = rotation
    rows[:, 9] = opacity
    return rows
