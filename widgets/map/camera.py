"""What part of the world the map shows: centre, zoom and size, and how each hand moves them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from widgets.map.projection import forward

TILE_PX: Final = 256  # at zoom 0 the world is one of these
STEPS: Final = 4  # zooms rest on quarters, so that the cached tiles are drawn unscaled
MIN_STEP, MAX_STEP = 18, 17 * STEPS  # the coarsest level ends beyond a wide screen at 18
Floats = NDArray[np.float64]
BOUNDS: Final = (55.0, 82.0, -12.0, 37.0)  # the centre stays over Norway and its seas


@dataclass(frozen=True, slots=True)
class Camera:
    """``x`` and ``y`` are the centre in world units; ``step`` is the zoom in quarters."""

    x: float
    y: float
    step: int
    width: int
    height: int

    @property
    def zoom(self) -> float:
        return self.step / STEPS

    @property
    def scale(self) -> float:
        """Device-independent pixels for the width of the world."""
        return float(TILE_PX * 2.0 ** (self.step / STEPS))

    def origin(self, ratio: float = 1.0) -> tuple[float, float]:
        """World pixels of the top left corner, on a whole pixel of the screen."""
        left = round((self.x * self.scale - self.width / 2) * ratio) / ratio
        top = round((self.y * self.scale - self.height / 2) * ratio) / ratio
        return left, top

    def world_at(self, px: float, py: float) -> tuple[float, float]:
        return (
            self.x + (px - self.width / 2) / self.scale,
            self.y + (py - self.height / 2) / self.scale,
        )

    def sized(self, width: int, height: int) -> Camera:
        return replace(self, width=max(1, width), height=max(1, height))

    def at_step(self, step: int) -> Camera:
        """The same middle at another zoom."""
        return replace(self, step=min(max(step, MIN_STEP), MAX_STEP))

    def moved(self, dx: float, dy: float) -> Camera:
        """The ground follows the hand by so many pixels."""
        return self.centred(self.x - dx / self.scale, self.y - dy / self.scale)

    def centred(self, x: float, y: float) -> Camera:
        south, north, west, east = BOUNDS
        left, top = forward(north, west)
        right, bottom = forward(south, east)
        return replace(
            self,
            x=min(max(x, float(left)), float(right)),
            y=min(max(y, float(top)), float(bottom)),
        )

    def zoomed(self, steps: int, px: float, py: float) -> Camera:
        """The ground below (px, py) stays there."""
        wx, wy = self.world_at(px, py)
        new = replace(self, step=min(max(self.step + steps, MIN_STEP), MAX_STEP))
        return new.centred(
            wx - (px - self.width / 2) / new.scale, wy - (py - self.height / 2) / new.scale
        )

    def fitted(
        self,
        box: tuple[float, float, float, float],
        margins: tuple[int, int, int, int],
        closest: int,
    ) -> Camera:
        """A world box (left, top, right, bottom) in view, not closer than step ``closest``.

        ``margins``: pixels kept free at the left, top, right and bottom.
        """
        left, top, right, bottom = box
        west, north, east, south = margins
        room = max(64, self.width - west - east), max(64, self.height - north - south)
        wide, high = max(right - left, 1e-9), max(bottom - top, 1e-9)
        scale = min(room[0] / wide, room[1] / high)
        step = math.floor(math.log2(scale / TILE_PX) * STEPS)
        new = replace(self, step=min(max(step, MIN_STEP), closest, MAX_STEP))
        x = (left + right) / 2 + (east - west) / 2 / new.scale
        y = (top + bottom) / 2 + (south - north) / 2 / new.scale
        return new.centred(x, y)


@dataclass(frozen=True, slots=True)
class View:
    """A part of the world's picture at the camera's zoom: from (``left``, ``top``), a whole pixel
    of the screen, so wide and high."""

    camera: Camera
    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, camera: Camera, ratio: float) -> View:
        """What the camera sees."""
        return cls(camera, *camera.origin(ratio), camera.width, camera.height)

    def grown(self, px: float, ratio: float) -> View:
        """With so much more on every side."""
        more = math.ceil(px * ratio) / ratio
        return View(
            self.camera,
            self.left - more,
            self.top - more,
            self.width + 2 * more,
            self.height + 2 * more,
        )

    def spare(self, inner: View) -> float:
        """How far ``inner``'s nearest edge lies inside of this; below 0 it reaches out."""
        left, top = inner.left - self.left, inner.top - self.top
        right, bottom = self.width - inner.width - left, self.height - inner.height - top
        return min(left, top, right, bottom)

    def points(self, world: Floats) -> Floats:
        """World units to pixels of this; (n, 2)."""
        moved: Floats = world * self.camera.scale - (self.left, self.top)
        return moved

    def point(self, x: float, y: float) -> tuple[float, float]:
        return x * self.camera.scale - self.left, y * self.camera.scale - self.top
