"""Where a point lies on the map: Web Mercator (EPSG:3857), the whole world scaled to 0…1.

Conformal, north is up everywhere in Norway (a heading needs no correction, UTM 33 would turn it by
15 degrees in Finnmark), and it is the projection that map tiles come in. The price, a scale that
grows with the latitude, is paid by the scale bar, which asks :func:`ground_m`.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

AXIS_M: Final = 6_378_137.0  # WGS 84, semi-major
ECCENTRICITY_2: Final = 0.006694379990141316
WORLD_M: Final = 2 * np.pi * AXIS_M  # the side of the world in EPSG:3857's metres
MAX_LAT: Final = 85.0  # Mercator ends before the pole


def valid(lat: ArrayLike, lon: ArrayLike) -> NDArray[np.bool_]:
    """False for NaN, infinity and what is outside of the map."""
    a, o = np.asarray(lat, np.float64), np.asarray(lon, np.float64)
    with np.errstate(invalid="ignore"):
        return (np.abs(a) <= MAX_LAT) & (np.abs(o) <= 180.0)


def forward(lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
    """Degrees to (x to the east, y to the south). Points that aren't valid become NaN."""
    good = valid(lat, lon)
    a = np.where(good, np.asarray(lat, np.float64), np.nan)
    o = np.where(good, np.asarray(lon, np.float64), np.nan)
    return o / 360.0 + 0.5, 0.5 - np.arcsinh(np.tan(np.radians(a))) / (2 * np.pi)


def forward_point(lat: float, lon: float) -> tuple[float, float]:
    """:func:`forward` for one point that is valid, many times faster."""
    return lon / 360.0 + 0.5, 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def inverse(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """(lat, lon) in degrees."""
    across, down = np.asarray(x, np.float64), np.asarray(y, np.float64)
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * down))))
    return lat, (across - 0.5) * 360.0


def inverse_point(x: float, y: float) -> tuple[float, float]:
    """:func:`inverse` for one point, many times faster."""
    lat = math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * y))))
    return lat, (x - 0.5) * 360.0


def ground_m(lat: float) -> float:
    """Metres on the ground from west to east for the whole width of the world at a latitude."""
    sine = np.sin(np.radians(lat))
    return float(WORLD_M * np.cos(np.radians(lat)) / np.sqrt(1 - ECCENTRICITY_2 * sine * sine))
