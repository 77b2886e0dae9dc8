"""Draws a vector map's tiles in the desk's own colours: land, water, buildings, roads, their names.

PySide keeps Python's lock while it draws, and the window waits for it: so nothing is drawn in
larger pieces than :data:`PIECE` points.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from widgets.look import font
from widgets.map.arrays import path_of
from widgets.map.mvt import Named, Shapes, VectorTile
from widgets.map.roads import AREAS, BUILDING, LINES, ROADS, TUNNEL
from widgets.theme import Palette

PIECE: Final = 1_000  # points of one filled path
STROKE_PIECE: Final = 120  # and of one line: what a stroke costs grows faster than its length
GRAIN_PX: Final = 0.7  # points nearer to the one before are left out
BUILDINGS_FROM: Final = 13.5
NUMBERS_FROM, NAMES_FROM = 8.0, 14.5
NUMBER_PX, NAME_PX = 10, 11
MAX_WORDS_DRAWN: Final = 14  # of one picture
MAX_TRIED: Final = 250
APART_PX: Final = 26.0
STRAIGHT: Final = 0.985  # chord over arc, for a name to lie along a road
EDGED_FROM_PX: Final = 2.4  # narrower roads have no edge
EDGE_PX: Final = 0.9
PALE: Final = ("primary", "secondary", "tertiary", "minor", "service")
NUMBERED: Final = ("motorway", "trunk", "primary", "secondary")

Widths = tuple[tuple[float, float], ...]  # zoom, pixels
WIDTHS: Final[dict[str, Widths]] = {
    "motorway": ((4, 0.7), (7, 1.4), (9, 2.2), (11, 3.2), (13, 5.0), (15, 9.0), (17, 18.0)),
    "trunk": ((4, 0.6), (7, 1.2), (9, 2.0), (11, 3.0), (13, 4.6), (15, 8.5), (17, 17.0)),
    "primary": ((7, 0.6), (9, 1.3), (11, 2.4), (13, 4.0), (15, 8.0), (17, 16.0)),
    "secondary": ((8.5, 0.6), (10, 1.2), (12, 2.4), (14, 4.6), (16, 10.0), (17, 14.0)),
    "tertiary": ((10, 0.7), (12, 1.6), (14, 3.8), (16, 8.5), (17, 12.0)),
    "minor": ((11.5, 0.6), (13, 1.2), (14, 2.4), (16, 7.0), (17, 10.0)),
    "service": ((13.5, 0.6), (15, 1.6), (17, 5.0)),
    "track": ((13, 0.8), (17, 1.6)),
    "path": ((13.5, 0.7), (17, 1.3)),
    "rail": ((9, 0.7), (13, 1.2), (17, 2.4)),
    "ferry": ((8, 0.7), (17, 1.2)),
    "runway": ((10, 1.0), (13, 5.0), (17, 40.0)),
    "waterway": ((8, 0.6), (12, 1.1), (17, 3.0)),
    "boundary": ((4, 1.0), (17, 1.6)),
}
DASHES: Final = {
    "boundary": (5.0, 3.0), "ferry": (4.0, 4.0), "path": (3.0, 2.5), "track": (5.0, 2.0),
}  # fmt: skip
TUNNEL_DASH: Final = (2.0, 1.5)


@dataclass(frozen=True, slots=True)
class Placed:
    """One tile of the map in a picture: its corner and side in the picture's pixels, and the part
    of the picture that is drawn from it."""

    tile: VectorTile
    left: float
    top: float
    side: float
    box: QRectF


@dataclass(frozen=True, slots=True)
class Look:
    palette: Palette
    zoom: float
    ratio: float


def width_at(kind: str, zoom: float) -> float:
    """Pixels; 0 = so far out it is not drawn."""
    steps = WIDTHS[kind]
    if zoom < steps[0][0]:
        return 0.0
    zooms, widths = zip(*steps, strict=True)
    return float(np.exp(np.interp(zoom, zooms, np.log(widths))))


def draw_tile(painter: QPainter, placed: Placed, look: Look, *, whole: bool) -> None:
    """``whole``: all that is no water is land, whatever lies below."""
    p, tile, box = look.palette, placed.tile, placed.box
    painter.setClipRect(box)
    if whole:
        painter.fillRect(box, QColor(p.land))
    colours = {
        "earth": p.land, "wood": p.map_wood, "grass": p.map_grass, "residential": p.map_built,
        "industrial": p.map_work, "ice": p.map_ice, "airfield": p.map_work, "water": p.water,
    }  # fmt: skip
    for kind in AREAS:
        _fill(painter, placed, tile.areas.get(kind), colours[kind])
    if look.zoom >= BUILDINGS_FROM:
        _fill(painter, placed, tile.areas.get(BUILDING), p.map_building)
    for kind in LINES:
        _stroke(painter, placed, tile.lines.get(kind), _pen(kind, look))
        _stroke(painter, placed, tile.lines.get(kind + TUNNEL), _pen(kind, look, tunnel=True))
    for kind in reversed(ROADS):
        _stroke(painter, placed, tile.lines.get(kind + TUNNEL), _pen(kind, look, tunnel=True))
    for kind in reversed(ROADS):
        _stroke(painter, placed, tile.lines.get(kind), _edge(kind, look))
    for kind in reversed(ROADS):
        _stroke(painter, placed, tile.lines.get(kind), _pen(kind, look))


def _colour(kind: str, p: Palette) -> str:
    return {
        "motorway": p.map_motorway, "trunk": p.map_motorway, "primary": p.map_road_main,
        "secondary": p.map_road_main, "rail": p.map_rail, "waterway": p.water, "ferry": p.coast,
        "boundary": p.coast, "runway": p.map_road, "path": p.map_rail, "track": p.map_rail,
    }.get(kind, p.map_road)  # fmt: skip


def _pen(kind: str, look: Look, *, tunnel: bool = False) -> QPen | None:
    width = width_at(kind, look.zoom) * look.ratio
    if not width:
        return None
    colour = QColor(_colour(kind, look.palette))
    if width < EDGED_FROM_PX * look.ratio and kind in PALE and look.palette.name == "day":
        colour = QColor(look.palette.map_road_edge)  # white on pale land is no road
    if tunnel:
        colour.setAlphaF(0.55)
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin if width > 2 else Qt.PenJoinStyle.BevelJoin)
    dash = TUNNEL_DASH if tunnel and kind in ROADS else DASHES.get(kind)
    if dash is not None:
        unit = max(width, look.ratio)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([part * look.ratio / width * min(unit, 3.0) for part in dash])
    return pen


def _edge(kind: str, look: Look) -> QPen | None:
    width = width_at(kind, look.zoom)
    if width < EDGED_FROM_PX:
        return None
    pen = QPen(QColor(look.palette.map_road_edge), (width + 2 * EDGE_PX) * look.ratio)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _fill(painter: QPainter, placed: Placed, shapes: Shapes | None, colour: str) -> None:
    if shapes is None:
        return
    brush = QBrush(QColor(colour))
    for path in _paths(placed, shapes, whole_shapes=True):
        path.setFillRule(Qt.FillRule.WindingFill)  # overlapping areas stay filled, holes open
        painter.fillPath(path, brush)


def _stroke(painter: QPainter, placed: Placed, shapes: Shapes | None, pen: QPen | None) -> None:
    if shapes is None or pen is None:
        return
    for path in _paths(placed, shapes, whole_shapes=False):
        painter.strokePath(path, pen)


def _paths(placed: Placed, shapes: Shapes, *, whole_shapes: bool) -> Iterator[QPainterPath]:
    """What of it can be seen, in pieces."""
    counts = shapes.counts
    if not len(counts):
        return
    points = shapes.points * placed.side + (placed.left, placed.top)
    starts = np.cumsum(counts) - counts
    low = np.minimum.reduceat(points, starts)
    high = np.maximum.reduceat(points, starts)
    size = PIECE if whole_shapes else STROKE_PIECE
    for first, last in _pieces(counts, size, shapes.owners if whole_shapes else None):
        seen = _seen(low[first:last], high[first:last], placed.box)
        if whole_shapes and seen.any():
            seen[:] = True
        if seen.any():
            parts = np.arange(first, last)[seen]
            yield _path(points, starts[parts], counts[parts])


def _pieces(
    counts: NDArray[np.int64], size: int, owners: NDArray[np.int64] | None
) -> Iterator[tuple[int, int]]:
    """Runs of parts with some ``size`` points; with ``owners`` none is cut within a shape."""
    ends = np.cumsum(counts)
    first, count = 0, len(counts)
    while first < count:
        begun = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, begun + size, side="right")))
        if owners is not None:
            last = int(np.searchsorted(owners, owners[last - 1], side="right"))
        yield first, last
        first = last


def _seen(low: NDArray[np.float64], high: NDArray[np.float64], box: QRectF) -> NDArray[np.bool_]:
    margin = 40.0  # half of the widest line
    seen: NDArray[np.bool_] = (
        (high[:, 0] >= box.left() - margin)
        & (low[:, 0] <= box.right() + margin)
        & (high[:, 1] >= box.top() - margin)
        & (low[:, 1] <= box.bottom() + margin)
    )
    return seen


def _path(
    points: NDArray[np.float64], starts: NDArray[np.int64], counts: NDArray[np.int64]
) -> QPainterPath:
    total, ends = int(counts.sum()), np.cumsum(counts) - 1
    within = np.arange(total) - np.repeat(ends + 1 - counts, counts)
    chosen = points[np.repeat(starts, counts) + within]
    joined = np.ones(total, bool)
    joined[ends] = False
    grains = np.floor(chosen / GRAIN_PX)
    kept = np.ones(total, bool)
    kept[1:] = (grains[1:] != grains[:-1]).any(axis=1)
    kept[ends] = kept[ends + 1 - counts] = True
    chosen, joined = chosen[kept], joined[kept]
    return path_of(chosen, joined)


# Numbers and names -------------------------------------------------------------------------------


def draw_words(painter: QPainter, tiles: Sequence[Placed], side: int, look: Look) -> None:
    """Road numbers, then names; each wholly inside of this picture, so that none is cut where it
    ends, and each once in it."""
    painter.setClipping(False)
    words = _Words(painter, side, look)
    if look.zoom >= NUMBERS_FROM:
        for named, points in _found(tiles, "ref", NUMBERED, side):
            words.number(named.words, points)
    if look.zoom >= NAMES_FROM:
        for named, points in _found(tiles, "name", ROADS, side):
            words.name(named.words, points)


def _found(
    tiles: Sequence[Placed], what: str, kinds: Sequence[str], side: int
) -> list[tuple[Named, NDArray[np.float64]]]:
    """The most important roads first, the longest of them first."""
    rank = {f"{what} {kind}": n for n, kind in enumerate(kinds)}
    rank |= {f"{what} {kind}{TUNNEL}": n for n, kind in enumerate(kinds)}
    made = []
    for placed in tiles:
        for named in placed.tile.named:
            if named.kind in rank:
                points = named.points * placed.side + (placed.left, placed.top)
                if ((points > 0) & (points < side)).all(axis=1).any():
                    made.append((rank[named.kind], -len(points), named.words, named, points))
    made.sort(key=lambda one: one[:3])
    return [(named, points) for *_, named, points in made[:MAX_TRIED]]


class _Words:
    def __init__(self, painter: QPainter, side: int, look: Look) -> None:
        self._painter, self._side, self._look = painter, side, look
        self._taken: list[QRectF] = []
        self._said: set[str] = set()

    def number(self, words: str, points: NDArray[np.float64]) -> None:
        """On a small plate, at the road's point nearest to the picture's middle."""
        ratio, p = self._look.ratio, self._look.palette
        short = words.split(";", maxsplit=1)[0].strip()[:8]
        letters = font(NUMBER_PX, medium=True)
        letters.setPixelSize(round(NUMBER_PX * ratio))
        width = QFontMetricsF(letters).horizontalAdvance(short) + 9 * ratio
        height = (NUMBER_PX + 5) * ratio
        far = np.hypot(*(points - self._side / 2).T)
        x, y = points[int(far.argmin())].tolist()
        box = QRectF(x - width / 2, y - height / 2, width, height)
        if not self._takes(words, box):
            return
        self._painter.setPen(QPen(QColor(p.map_road_edge), ratio))
        self._painter.setBrush(QColor(p.land))
        self._painter.drawRoundedRect(box, 3 * ratio, 3 * ratio)
        self._painter.setFont(letters)
        self._painter.setPen(QColor(p.map_label))
        self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, short)

    def name(self, words: str, points: NDArray[np.float64]) -> None:
        """Along the road where that is straight enough."""
        ratio = self._look.ratio
        letters = font(NAME_PX)
        letters.setPixelSize(round(NAME_PX * ratio))
        width = QFontMetricsF(letters).horizontalAdvance(words) + 6 * ratio
        place = _straight(points, width, self._side)
        if place is None:
            return
        x, y, turn = place
        height = (NAME_PX + 2) * ratio
        c, s = abs(math.cos(math.radians(turn))), abs(math.sin(math.radians(turn)))
        wide, high = width * c + height * s, width * s + height * c
        if not self._takes(words, QRectF(x - wide / 2, y - high / 2, wide, high)):
            return
        outline = QPainterPath()
        outline.addText(-width / 2 + 3 * ratio, NAME_PX * 0.36 * ratio, letters, words)
        halo = QPen(QColor(self._look.palette.land), 3 * ratio)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self._painter.save()
        self._painter.translate(x, y)
        self._painter.rotate(turn)
        self._painter.strokePath(outline, halo)
        self._painter.fillPath(outline, QColor(self._look.palette.map_label))
        self._painter.restore()

    def _takes(self, words: str, box: QRectF) -> bool:
        """Whether there is room; it is taken then."""
        edge, apart = 2 * self._look.ratio, APART_PX * self._look.ratio
        whole = QRectF(0, 0, self._side, self._side).adjusted(edge, edge, -edge, -edge)
        wide = box.adjusted(-apart, -apart, apart, apart)
        if (
            words in self._said
            or len(self._said) >= MAX_WORDS_DRAWN
            or not whole.contains(box)
            or any(wide.intersects(other) for other in self._taken)
        ):
            return False
        self._said.add(words)
        self._taken.append(box)
        return True


def _straight(
    points: NDArray[np.float64], need: float, side: int
) -> tuple[float, float, float] | None:
    """Middle and turn (degrees, never upside down) of a straight stretch of ``need`` pixels."""
    gone = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    if gone[-1] < need:
        return None
    starts = np.arange(0.0, gone[-1] - need + 1e-9, max(need / 3, 8.0))[:200]
    edges = [
        np.column_stack((np.interp(at, gone, points[:, 0]), np.interp(at, gone, points[:, 1])))
        for at in (starts, starts + need)
    ]
    chord = edges[1] - edges[0]
    middle = (edges[0] + edges[1]) / 2
    inside = ((middle > 0) & (middle < side)).all(axis=1)
    good = np.flatnonzero(inside & (np.hypot(*chord.T) >= STRAIGHT * need))
    if not len(good):
        return None
    at = int(good[np.hypot(*(middle[good] - side / 2).T).argmin()])
    turn = math.degrees(math.atan2(chord[at, 1], chord[at, 0]))
    turn = turn - 180 if turn > 90 else turn + 180 if turn < -90 else turn
    return float(middle[at, 0]), float(middle[at, 1]), turn
