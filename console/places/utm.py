"""Universal Transverse Mercator on the ellipsoid of EUREF89 (GRS 1980), for numbers and arrays.

Krüger's series to the sixth power of the third flattening (C. F. F. Karney, "Transverse Mercator
with an accuracy of a few nanometers", 2011): Kartverket gives the whole country in zone 33, up to
18° from its middle, where the shorter series that packages offer are tens of metres wrong.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_A: Final = 6_378_137.0
_F: Final = 1 / 298.257222101
_N: Final = _F / (2 - _F)
_SCALE: Final = 0.9996
_EAST_M: Final = 500_000.0
_E: Final = float(np.sqrt(_F * (2 - _F)))
_RADIUS: Final = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256) * _SCALE

_ALPHA: Final = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180 - 127 * _N**5 / 288,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440 + 281 * _N**5 / 630,
    61 * _N**3 / 240 - 103 * _N**4 / 140 + 15061 * _N**5 / 26880,
    49561 * _N**4 / 161280 - 179 * _N**5 / 168,
    34729 * _N**5 / 80640,
)
_BETA: Final = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360 - 81 * _N**5 / 512,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440 + 46 * _N**5 / 105,
    17 * _N**3 / 480 - 37 * _N**4 / 840 - 209 * _N**5 / 4480,
    4397 * _N**4 / 161280 - 11 * _N**5 / 504,
    4583 * _N**5 / 161280,
)


def middle_of(zone: int) -> float:
    """The central meridian, degrees east."""
    return zone * 6.0 - 183.0


def zone_of(lat: float, lon: float) -> int:
    """With the exceptions of south-western Norway (32V) and Svalbard (31X, 33X, 35X, 37X)."""
    if 56.0 <= lat < 64.0 and 3.0 <= lon < 12.0:
        return 32
    if 72.0 <= lat <= 84.0 and 0.0 <= lon < 42.0:
        return 31 + 2 * int((lon + 3.0) // 12.0)
    return min(60, int((lon + 180.0) // 6.0) + 1)


def to_utm(lat: Numbers | float, lon: Numbers | float, zone: int) -> tuple[Numbers, Numbers]:
    """Easting and northing of the northern half, metres. Good to a millimetre within 25° of the
    zone's middle."""
    phi = np.radians(np.asarray(lat, np.float64))
    step = np.radians(np.asarray(lon, np.float64) - middle_of(zone))
    sine = np.sin(phi)
    tangent = np.sinh(np.arctanh(sine) - _E * np.arctanh(_E * sine))
    xi = np.arctan2(tangent, np.cos(step))
    eta = np.arcsinh(np.sin(step) / np.hypot(tangent, np.cos(step)))
    north, east = xi, eta
    for n, one in enumerate(_ALPHA, 1):
        north = north + one * np.sin(2 * n * xi) * np.cosh(2 * n * eta)
        east = east + one * np.cos(2 * n * xi) * np.sinh(2 * n * eta)
    return _EAST_M + _RADIUS * east, _RADIUS * north


def from_utm(
    east_m: Numbers | float, north_m: Numbers | float, zone: int
) -> tuple[Numbers, Numbers]:
    """Latitude and longitude in degrees; the inverse of :func:`to_utm`."""
    xi = np.asarray(north_m, np.float64) / _RADIUS
    eta = (np.asarray(east_m, np.float64) - _EAST_M) / _RADIUS
    flat, far = xi, eta
    for n, one in enumerate(_BETA, 1):
        flat = flat - one * np.sin(2 * n * xi) * np.cosh(2 * n * eta)
        far = far - one * np.cos(2 * n * xi) * np.sinh(2 * n * eta)
    wide = np.hypot(np.sinh(far), np.cos(flat))
    goal = np.sin(flat) / wide
    step = np.arctan2(np.sinh(far), np.cos(flat))
    tangent = goal
    for _ in range(5):  # Newton: three are enough for a nanometre
        hypotenuse = np.hypot(1.0, tangent)
        sigma = np.sinh(_E * np.arctanh(_E * tangent / hypotenuse))
        here = tangent * np.hypot(1.0, sigma) - sigma * hypotenuse
        slope = (1 - _E**2) * np.hypot(1.0, here) * hypotenuse / (1 + (1 - _E**2) * tangent**2)
        tangent = tangent + (goal - here) / slope
    return np.degrees(np.arctan(tangent)), np.degrees(step) + middle_of(zone)
