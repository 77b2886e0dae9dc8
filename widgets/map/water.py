"""Whether water parts two places, so that who drives has far to go round it: by the base map.

A line may cross a bay that the road beside it hardly notices. So the land is flooded from one
place, a few hundred metres at a time, and water is told of where the way over land is much longer
than the straight line, or where there is none. Sound within that map's own faults (a nominal scale
of 1:250,000), and without bridges, tunnels and ferries: the words that go with it say "may".
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.map.basemap import AREA, EXTENT, BaseMap
from widgets.map.camera import TILE_PX
from widgets.map.projection import forward, ground_m, valid
from widgets.map.tiles import _path

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
Steps = NDArray[np.int32]

ZOOM: Final = 9
SIDE: Final = 2_048  # pixels: some 150 km to each side in the south, 100 km in the north
CELL: Final = 3  # pixels: some 450 m in the south
CELLS: Final = SIDE // CELL
LEAST_LAND: Final = 4  # of the nine pixels of a cell that one can walk on
AROUND: Final = 2  # cells: a quay may lie in the sea
ROUND: Final = 1.5
"""The way over land is so many times the straight line, and ``ROUND_M`` more: then it is told."""
ROUND_M: Final = 2_000.0
UNREACHED: Final = -1
FOUR: Final = np.array((1, -1, CELLS, -CELLS))
EIGHT: Final = np.array((*FOUR, CELLS + 1, CELLS - 1, -CELLS + 1, -CELLS - 1))


def parted(
    path: Path, here: tuple[float, float], places: Mapping[str, tuple[float, float]]
) -> frozenset[str]:
    """The keys of those places (degrees) that water parts from ``here``; of what is farther than
    the picture reaches nothing is said. Some 200 ms: not on Qt's thread. Raises OSError or
    BaseMapError for a base map that can't be read."""
    near = {key: place for key, place in places.items() if valid(*place)}
    if not near or not valid(*here):
        return frozenset()
    x, y = forward(*here)
    corner = float(x) * _scale() - SIDE / 2, float(y) * _scale() - SIDE / 2
    base = BaseMap(path)
    try:
        land = land_picture(base, corner)
    finally:
        base.close()
    steps = flooded(_cells(land))
    cell_m = CELL * ground_m(here[0]) / _scale()
    spots = _pixels(np.array(list(near.values())), corner)
    return frozenset(
        key for key, spot in zip(near, spots, strict=True) if _is_parted(steps, spot, cell_m)
    )


def land_picture(base: BaseMap, corner: tuple[float, float]) -> Mask:
    """True where land is, (SIDE, SIDE) from ``corner`` in pixels of the world."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    scale = _scale()
    left, top = corner
    box = (left / scale, top / scale, (left + SIDE) / scale, (top + SIDE) / scale)
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(Qt.GlobalColor.white))
    try:
        for patch in base.patches(ZOOM, box):
            a, b, c, d = np.rint(np.array(patch.box) * scale - np.tile(corner, 2))
            painter.setClipRect(QRectF(a, b, c - a, d - b))
            side = scale * 2.0**-patch.z
            points = (patch.shapes.points / EXTENT + (patch.x, patch.y)) * side - corner
            painter.drawPath(_path(patch, points, AREA))
    finally:
        painter.end()
    grey = np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, image.bytesPerLine())
    return np.asarray(grey[:, :SIDE] > 127)


def flooded(land: Mask) -> Steps:
    """How many steps from the middle each cell is, over land alone; UNREACHED: none leads there.
    Steps to four and to eight sides by turns: a circle is one within 6 %."""
    steps = np.full(CELLS * CELLS, UNREACHED, np.int32)
    free = land.copy()
    free[[0, -1], :] = free[:, [0, -1]] = False  # no step leads over an edge
    open_ = free.reshape(-1)
    wave = _start(free)
    open_[wave] = False
    steps[wave] = 0
    count = 0
    while len(wave):
        count += 1
        ways = FOUR if count % 2 else EIGHT
        reached = (wave[:, None] + ways).reshape(-1)
        reached = reached[open_[reached]]
        open_[reached] = False
        wave = np.unique(reached)
        steps[wave] = count
    return steps.reshape(CELLS, CELLS)


def _start(free: Mask) -> NDArray[np.int64]:
    """The land nearest to the middle; none: it lies out at sea."""
    middle, low = CELLS // 2, CELLS // 2 - AROUND
    rows, columns = np.nonzero(free[low : low + 2 * AROUND + 1, low : low + 2 * AROUND + 1])
    if not len(rows):
        return np.zeros(0, np.int64)
    far = np.hypot(rows - AROUND, columns - AROUND)
    first = int(far.argmin())
    row, column = rows[first] + middle - AROUND, columns[first] + middle - AROUND
    return np.array((int(row) * CELLS + int(column),), np.int64)


def _cells(land: Mask) -> Mask:
    cut = land[: CELLS * CELL, : CELLS * CELL].astype(np.int8)
    count = cut.reshape(CELLS, CELL, CELLS, CELL).sum(axis=(1, 3))
    return np.asarray(count >= LEAST_LAND)


def _is_parted(steps: Steps, spot: Floats, cell_m: float) -> bool:
    column, row = (spot / CELL).astype(np.int64)
    if not (0 <= column < CELLS and 0 <= row < CELLS):
        return False
    rows = slice(max(0, row - AROUND), row + AROUND + 1)
    columns = slice(max(0, column - AROUND), column + AROUND + 1)
    straight_m = float(np.hypot(*(spot / CELL - CELLS / 2))) * cell_m
    if straight_m <= (2 * AROUND + 1) * cell_m:
        return False
    there = steps[rows, columns]
    there = there[there != UNREACHED]
    if not len(there):
        return True
    return float(there.min()) * cell_m > ROUND * straight_m + ROUND_M


def _scale() -> float:
    return float(TILE_PX * 2.0**ZOOM)


def _pixels(places: Floats, corner: tuple[float, float]) -> Floats:
    x, y = forward(places[:, 0], places[:, 1])
    return np.column_stack((x, y)) * _scale() - corner
