"""Which of many boxes can stand without touching another: pure, vectorised, most important first.

Boxes claim the cells of a grid; in each round every box that is the first to claim all of its
cells stands, and what it covers is out. Cells are counted generously, so boxes never overlap.
"""

from __future__ import annotations

from copy import copy
from typing import Final

import numpy as np
from numpy.typing import NDArray

from widgets.map.camera import Camera
from widgets.map.pace import Steps

Boxes = NDArray[np.float64]  # (n, 4): left, top, right, bottom in pixels
Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]

CELL_PX: Final = 8
MARGIN_PX: Final = 160
PIECE: Final = 250  # boxes that are placed in one go: less than a millisecond
NOBODY: Final = np.iinfo(np.int64).max
MAX_CELLS: Final = 4_000_000  # a grid of about 12,000 × 12,000 pixels


class Occupancy:
    """A region of pixels, from (left, top), of which some are taken."""

    def __init__(self, left: float, top: float, width: float, height: float) -> None:
        self._left, self._top = left, top
        self._columns = max(1, int(width // CELL_PX))
        self._rows = max(1, int(height // CELL_PX))
        if self._columns * self._rows > MAX_CELLS:
            raise ValueError(f"a region of {width:.0f} × {height:.0f} pixels is too large")
        self._taken = np.zeros(self._columns * self._rows, bool)
        self._claims = np.full(self._columns * self._rows, NOBODY, np.int64)

    def copy(self) -> Occupancy:
        made = copy(self)
        made._taken = self._taken.copy()
        return made

    def block(self, boxes: Boxes) -> None:
        """Take what lies below ``boxes``, whatever was there."""
        _, cells, _ = self._cells(boxes)
        self._taken[cells] = True

    def blocking(self, boxes: Boxes) -> Steps[None]:
        """As :meth:`block`, in pieces."""
        for first in range(0, len(boxes), PIECE):
            self.block(boxes[first : first + PIECE])
            yield

    def choosing(self, boxes: Boxes) -> Steps[Mask]:
        """As :meth:`choose`, in pieces."""
        found = [np.zeros(0, bool)]
        for first in range(0, len(boxes), PIECE):
            found.append(self.choose(boxes[first : first + PIECE]))
            yield
        return np.concatenate(found)

    def choose(self, boxes: Boxes) -> Mask:
        """Which of ``boxes`` (most important first) stand; their room is taken from now on."""
        owner, cells, alive = self._cells(boxes)
        chosen = np.zeros(len(boxes), bool)
        alive &= ~_any(owner, self._taken[cells], len(boxes))
        while alive.any():
            mine = alive[owner]
            owner, cells = owner[mine], cells[mine]
            np.minimum.at(self._claims, cells, owner)
            lost = _any(owner, self._claims[cells] != owner, len(boxes))
            self._claims[cells] = NOBODY
            won: Mask = alive & ~lost
            chosen |= won
            self._taken[cells[won[owner]]] = True
            alive &= ~won & ~_any(owner, self._taken[cells], len(boxes))
        return chosen

    def first(self, boxes: Boxes) -> int | None:
        """The first of ``boxes`` that stands; only its room is taken from now on."""
        owner, cells, alive = self._cells(boxes)
        free = np.flatnonzero(alive & ~_any(owner, self._taken[cells], len(boxes)))
        if not len(free):
            return None
        self._taken[cells[owner == free[0]]] = True
        return int(free[0])

    def _cells(self, boxes: Boxes) -> tuple[Indices, Indices, Mask]:
        """(box, cell) pairs, and which boxes lie wholly inside the region."""
        shifted: Boxes = boxes - np.array((self._left, self._top, self._left, self._top))
        fine = np.asarray(np.isfinite(shifted).all(axis=1))
        low: Boxes = np.floor(np.where(fine[:, None], shifted[:, :2], 0.0) / CELL_PX)
        high: Boxes = np.ceil(np.where(fine[:, None], shifted[:, 2:], 0.0) / CELL_PX)
        limits = np.array((self._columns, self._rows), np.float64)
        inside = fine & (low >= 0).all(axis=1) & (high <= limits).all(axis=1)
        first = np.clip(low, 0.0, limits).astype(np.int64)
        last = np.clip(high, 0.0, limits).astype(np.int64)
        wide, tall = np.maximum(last - first, 0).T
        count = np.where(fine, wide * tall, 0)
        owner = np.repeat(np.arange(len(boxes), dtype=np.int64), count)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        down, across = np.divmod(within, wide[owner])
        cells = (first[owner, 1] + down) * self._columns + first[owner, 0] + across
        return owner, cells, inside & (count > 0)


def _any(owner: Indices, marked: Mask, boxes: int) -> Mask:
    """Which boxes own at least one marked cell."""
    found: Mask = np.bincount(owner[marked], minlength=boxes) > 0
    return found


def within_reach(centres: Boxes, camera: Camera) -> Indices:
    """Which points are in view, or no farther from it than MARGIN_PX; NaN is nowhere."""
    limit = np.array((camera.width, camera.height)) + MARGIN_PX
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(((centres > -MARGIN_PX) & (centres < limit)).all(axis=1))
