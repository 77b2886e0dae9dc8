"""What is drawn round and between the marks, from where they stand: rings, trails, the band."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from widgets.map.camera import View
from widgets.map.layout import Layout
from widgets.map.projection import ground_m, inverse_point
from widgets.map.symbols import Shift
from widgets.map.table import CALM, RAISED
from widgets.map.trails import Trails
from widgets.symbols import colour
from widgets.theme import Palette

Floats = NDArray[np.float64]

RING_PX: Final = (16.0, 600.0)  # accuracy rings smaller or larger than this say nothing
MAX_RINGS: Final = 200
MAX_TRAILS: Final = 20
SPEAKER_PX: Final = 16.5


def paint_rings(painter: QPainter, layout: Layout, view: View, p: Palette) -> None:
    """How far off a position may be."""
    lat, _ = inverse_point(view.camera.x, view.camera.y)
    metre = view.camera.scale / ground_m(lat)
    radii = layout.table.columns["accuracy"][layout.units] * metre
    seen = np.flatnonzero((radii >= RING_PX[0]) & (radii <= RING_PX[1]))[:MAX_RINGS]
    if not len(seen):
        return
    spots = layout.shift_to(view).points(layout.centres[seen])
    edge, ground = QColor(p.muted), QColor(p.muted)
    edge.setAlphaF(0.7)
    ground.setAlphaF(0.10)
    painter.setPen(QPen(edge, 1.2))
    painter.setBrush(ground)
    for (x, y), radius in zip(spots.tolist(), radii[seen].tolist(), strict=True):
        painter.drawEllipse(QPointF(x, y), radius, radius)


def paint_speakers(painter: QPainter, layout: Layout, shift: Shift, p: Palette) -> None:
    speaking = np.flatnonzero(layout.table.columns["speaking"][layout.units])
    if not len(speaking):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(p.receiving), 2.4))
    for x, y in shift.points(layout.centres[speaking]).tolist():
        painter.drawEllipse(QPointF(x, y), SPEAKER_PX, SPEAKER_PX)


def paint_alarms(painter: QPainter, layout: Layout, shift: Shift, p: Palette, phase: float) -> None:
    """Two rings that swell while nobody has acknowledged, one that rests afterwards. ``phase`` of
    the swelling: 0 to 1."""
    states = layout.table.columns["alarm"][layout.units]
    alarming = np.flatnonzero(states != CALM)
    if not len(alarming):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    swelling = tuple((20.0 + 22.0 * t, 1.0 - t) for t in (phase, (phase + 0.5) % 1.0))
    spots = shift.points(layout.centres[alarming]).tolist()
    for (x, y), state in zip(spots, states[alarming].tolist(), strict=True):
        for radius, strength in swelling if state == RAISED else ((22.0, 1.0),):
            ink = QColor(p.alarm)
            ink.setAlphaF(0.25 + 0.75 * strength)
            painter.setPen(QPen(ink, 3.0))
            painter.drawEllipse(QPointF(x, y), radius, radius)


def paint_trails(painter: QPainter, trails: Trails, view: View, layout: Layout, p: Palette) -> None:
    """From where each was first heard of to where it is, the older the fainter."""
    for key in list(trails.shown)[-MAX_TRAILS:]:
        at = layout.table.find(key)
        if at is None:
            continue
        now = layout.table.columns[at]
        world = np.vstack((trails.points(key)[:, :2], (now["x"], now["y"])))
        spots = view.points(world[np.isfinite(world[:, 0])])
        _paint_trail(painter, spots, colour(layout.table.rows[at], p), p)


def _paint_trail(painter: QPainter, spots: Floats, ink: str, p: Palette) -> None:
    line = [QPointF(x, y) for x, y in spots.tolist()]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(
        QPen(QColor(p.water), 5.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
             Qt.PenJoinStyle.RoundJoin)
    )  # fmt: skip
    painter.drawPolyline(QPolygonF(line))
    shade = QColor(ink)
    for n, (start, end) in enumerate(pairwise(line), 1):
        shade.setAlphaF(0.35 + 0.65 * n / len(line))
        painter.setPen(QPen(shade, 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(start, end)


def paint_mark(painter: QPainter, middle: QPointF, p: Palette) -> None:
    """From where distances are measured: a ring and four strokes, a shape that no unit has."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, width in ((p.water, 5.0), (p.text, 2.0)):
        painter.setPen(QPen(QColor(ink), width))
        painter.drawEllipse(middle, 9.0, 9.0)
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way = QPointF(x, y)
            painter.drawLine(middle + way * 5, middle + way * 15)


def paint_band(painter: QPainter, band: QRectF, p: Palette) -> None:
    """What a hand draws round the units that it means."""
    ground = QColor(p.selected)
    ground.setAlphaF(0.12)
    painter.setPen(QPen(QColor(p.selected), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(ground)
    painter.drawRect(band)


def paint_middle(painter: QPainter, middle: QPointF, p: Palette) -> None:
    """What the keyboard's menu and lines are about, while that moves the map: a cross."""
    for ink, width in ((p.card, 4.0), (p.selected, 1.6)):
        painter.setPen(QPen(QColor(ink), width))
        painter.drawLine(middle - QPointF(9, 0), middle + QPointF(9, 0))
        painter.drawLine(middle - QPointF(0, 9), middle + QPointF(0, 9))
