"""Place names: the list that comes with the program, and where a point is in words."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import resources
from resources.map.geodesy import distance_km

PlaceKind = Literal["town", "foreign"]

FARTHEST_KM: Final = 400.0  # farther from every place than this, no words are honest


@dataclass(frozen=True, slots=True)
class Place:
    """``population`` 0 = not known; "town" is every place in Norway, a village too."""

    name: str
    lat: float
    lon: float
    population: int
    kind: PlaceKind


@dataclass(frozen=True, slots=True)
class NearestPlace:
    """A point seen from ``name``: ``bearing`` 0 = north of it, 1 = north-east, … 7 = north-west."""

    name: str
    distance_km: float
    bearing: int


@cache
def load_places() -> tuple[Place, ...]:
    """All, the largest first. Raises OSError or ValueError when the file is broken."""
    rows = json.loads(resources.path("map/places.json").read_text("utf-8"))
    return tuple(Place(*row) for row in rows)


def nearest_place(
    lat: float, lon: float, places: Iterable[Place] | None = None
) -> NearestPlace | None:
    """The nearest Norwegian town or village; None for a point that is nowhere near one."""
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        return None
    towns = [p for p in (load_places() if places is None else places) if p.kind == "town"]
    if not towns:
        return None
    near = min(towns, key=lambda place: distance_km(place.lat, place.lon, lat, lon))
    far_km = distance_km(near.lat, near.lon, lat, lon)
    if far_km > FARTHEST_KM:
        return None
    return NearestPlace(near.name, far_km, compass_point(near.lat, near.lon, lat, lon))


def compass_point(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> int:
    """Of b seen from a, in eighths from north, clockwise."""
    a, b, step = math.radians(lat_a), math.radians(lat_b), math.radians(lon_b - lon_a)
    east = math.sin(step) * math.cos(b)
    north = math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b) * math.cos(step)
    return round(math.degrees(math.atan2(east, north)) / 45.0) % 8
