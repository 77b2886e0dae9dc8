"""Where the words of a measured line stand: beside it, clear of lines, alarms and one another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

from widgets.map.declutter import Boxes

GAP_PX: Final = 7.0
ALONG: Final = (0.5, 0.35, 0.65, 0.22, 0.78)  # of a leg
TURNS: Final = (-45, -135, 45, 135, -90, 90, 0, 180)  # round an end, degrees from the right
FARTHER: Final = (0.0, 22.0, 46.0, 80.0, 120.0)
HARD, OUTSIDE, LATER = 20.0, 4.0, 0.08  # what a touch, the map's edge, the next try cost

Floats = NDArray[np.float64]


class LinePlates:
    """``lines`` as (n, 4): x, y of both ends; ``taken``: what no words may cover, ``better``: what
    they had better not. In pixels."""

    def __init__(self, lines: Floats, taken: Boxes, better: Boxes, view: QSizeF) -> None:
        self._lines, self._taken, self._better = lines, taken, better
        self._view = np.array((view.width(), view.height()))

    def beside(self, begin: QPointF, end: QPointF, size: QSizeF) -> QRectF:
        """A leg's own words."""
        return self._best(_along(begin, end, size), size)

    def around(self, at: QPointF, size: QSizeF) -> QRectF:
        """Near an end."""
        return self._best(_round(at, size), size)

    def _best(self, middles: Iterable[QPointF], size: QSizeF) -> QRectF:
        """Where least is touched; of equals the first."""
        tries = np.array([(at.x(), at.y()) for at in middles])
        half = np.array((size.width(), size.height())) / 2
        boxes = np.hstack((tries - half, tries + half))
        wide = boxes + np.array((-2.0, -2.0, 2.0, 2.0))
        outside = (wide[:, :2] < 0).any(axis=1) | (wide[:, 2:] > self._view).any(axis=1)
        touched = _meeting(wide, self._taken) + crossed(wide, self._lines) + OUTSIDE * outside
        cost = HARD * touched + _meeting(wide, self._better) + LATER * np.arange(len(tries))
        best = boxes[int(cost.argmin())]
        self._taken = np.vstack((self._taken, best))
        left, top, right, bottom = best.tolist()
        return QRectF(QPointF(left, top), QPointF(right, bottom))


def _meeting(boxes: Boxes, others: Boxes) -> Floats:
    """How many of the others each box touches."""
    low, high = boxes[:, None, :2], boxes[:, None, 2:]
    meets = (low < others[None, :, 2:]) & (high > others[None, :, :2])
    return np.asarray(meets.all(axis=2).sum(axis=1), np.float64)


def crossed(boxes: Boxes, lines: Floats) -> Floats:
    """How many of the lines go through each box: on none of three axes is there room between."""
    left, top, right, bottom = (edge[:, None] for edge in boxes.T)
    x0, y0, x1, y1 = lines.T
    near = (
        (np.minimum(x0, x1) <= right)
        & (np.maximum(x0, x1) >= left)
        & (np.minimum(y0, y1) <= bottom)
        & (np.maximum(y0, y1) >= top)
    )
    sides = np.array(
        [(x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) for x in (left, right) for y in (top, bottom)]
    )
    through = near & (sides.min(axis=0) <= 0) & (sides.max(axis=0) >= 0)
    return np.asarray(through.sum(axis=1), np.float64)


def _along(begin: QPointF, end: QPointF, size: QSizeF) -> Iterator[QPointF]:
    way = end - begin
    length = math.hypot(way.x(), way.y()) or 1.0
    normal = QPointF(-way.y() / length, way.x() / length)
    if normal.y() > 0:
        normal = -normal  # above the line first
    far = abs(normal.x()) * size.width() / 2 + abs(normal.y()) * size.height() / 2 + GAP_PX
    for more in FARTHER:
        for share in ALONG:
            for side in (1.0, -1.0):
                yield begin + way * share + normal * (side * (far + more))


def _round(at: QPointF, size: QSizeF) -> Iterator[QPointF]:
    for more in FARTHER:
        for turn in TURNS:
            x, y = math.cos(math.radians(turn)), math.sin(math.radians(turn))
            reach = QPointF(
                math.copysign(size.width() / 2 + GAP_PX + 5, x) if abs(x) > 0.1 else 0.0,
                math.copysign(size.height() / 2 + GAP_PX + 5, y) if abs(y) > 0.1 else 0.0,
            )
            yield at + reach + QPointF(x, y) * more
