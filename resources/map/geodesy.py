"""Distance and bearing on the ellipsoid of WGS 84.

Lambert's formula for long lines (W. D. Lambert 1942; P. D. Thomas, Spheroidal Geodesics, 1970): the
great circle between reduced latitudes with a correction of first order in the flattening. Some
10 m off over thousands of kilometres, which tests measure against PROJ's geodesics; a library for
this would be slower than two thousand units have time for.
"""

from __future__ import annotations

import math
from typing import Final

AXIS_KM: Final = 6_378.137
FLATTENING: Final = 1 / 298.257223563


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Between two points in degrees; of two that are each other's antipodes within 0.6 %."""
    a, b = _reduced(lat_a), _reduced(lat_b)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    if half <= 0.0:
        return 0.0
    angle = 2 * math.asin(math.sqrt(min(1.0, half)))
    if half >= 1 - 1e-6:
        return AXIS_KM * angle
    mean, apart = (a + b) / 2, (b - a) / 2
    along = (angle - math.sin(angle)) * (math.sin(mean) * math.cos(apart)) ** 2 / (1 - half)
    across = (angle + math.sin(angle)) * (math.cos(mean) * math.sin(apart)) ** 2 / half
    return AXIS_KM * (angle - FLATTENING / 2 * (along + across))


def bearing_deg(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Of b seen from a, degrees from north, clockwise, from 0 to below 360; within 0.3 degrees."""
    a, b, step = _reduced(lat_a), _reduced(lat_b), math.radians(lon_b - lon_a)
    east = math.sin(step) * math.cos(b)
    north = math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b) * math.cos(step)
    return math.degrees(math.atan2(east, north)) % 360.0 % 360.0


def _reduced(lat: float) -> float:
    """Radians on the auxiliary sphere."""
    return math.atan((1 - FLATTENING) * math.tan(math.radians(lat)))
