"""What a map says about itself, made fit to be shown and to reckon with."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

MAX_NAME: Final = 60
MAX_ATTRIBUTION: Final = 160
MAX_LAYERS: Final = 200
MAX_ZOOM: Final = 24
WORLD: Final = (-180.0, -85.06, 180.0, 85.06)
TAG: Final = re.compile(r"<[^<>]{0,500}>")

Kind = Literal["raster", "vector"]
Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees


@dataclass(frozen=True, slots=True)
class Facts:
    """Zooms count as everywhere on the web: at 0 the world is one tile."""

    name: str
    kind: Kind
    attribution: str = ""
    bounds: Bounds = WORLD
    least: int = 0
    most: int = MAX_ZOOM
    layers: tuple[str, ...] = ()  # of a vector map, as far as it names them


def one_line(words: object, most: int) -> str:
    """Of what a stranger wrote, markup and all: plain text, cut."""
    plain = html.unescape(TAG.sub("", str(words)[: 4 * most]))
    kept = "".join(c if c.isprintable() else " " for c in plain)
    return " ".join(kept.split())[:most]


def bounds_of(edges: Iterable[object]) -> Bounds:
    """The world where they make no sense."""
    try:
        west, south, east, north = (float(edge) for edge in edges)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return WORLD
    finite = all(math.isfinite(edge) for edge in (west, south, east, north))
    if not finite or west >= east or south >= north:
        return WORLD
    inside = (max(west, WORLD[0]), max(south, WORLD[1]), min(east, WORLD[2]), min(north, WORLD[3]))
    return inside if inside[0] < inside[2] and inside[1] < inside[3] else WORLD


def zooms_of(least: object, most: object) -> tuple[int, int] | None:
    """None where they make no sense."""
    try:
        low, high = int(str(least)[:9]), int(str(most)[:9])
    except ValueError:
        return None
    return (low, high) if 0 <= low <= high <= MAX_ZOOM else None


def touches(bounds: Bounds, z: int, x: int, y: int) -> bool:
    """Whether a tile has some of them in it."""
    west, east = ((x + n) / (1 << z) * 360 - 180 for n in (0, 1))
    north, south = (_latitude((y + n) / (1 << z)) for n in (0, 1))
    return west < bounds[2] and east > bounds[0] and south < bounds[3] and north > bounds[1]


def _latitude(down: float) -> float:
    """Of Web Mercator; 0 is the north end of the world, 1 the south end."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


def is_tile(z: int, x: int, y: int) -> bool:
    return 0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z
