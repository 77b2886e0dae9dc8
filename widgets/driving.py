"""How long a unit may need to a place, as a range and without roads. Pure.

There is no road network in the program. What is known is the straight line, and by how much roads
are longer and how fast people drive on them, which docs/ARCHITECTURE.md gives with its sources.
Fjords, ferries, winter and mountains make it wrong: so it is two figures, and words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from widgets.contracts.rows import UnitKind

LEGAL_KMH: Final = 110.0  # nowhere in Norway more
BEST_DETOUR, TYPICAL_DETOUR = 1.2, 1.6  # kilometres of road for one of straight line
BEST_TOWN_KM, BEST_TOWN_KMH, BEST_ROAD_KMH = 3.0, 60.0, 90.0
TOWN_KM, TOWN_KMH, ROAD_KMH = 6.0, 35.0, 60.0
TURN_OUT_MIN: Final = 2.0  # until it drives
FLIGHT_KMH, BEST_FLIGHT_KMH, TAKE_OFF_MIN = 210.0, 270.0, 10.0
DRIFT_KMH: Final = 80.0  # how fast a unit may have left the place that it told
MAX_DRIFT_KM: Final = 40.0
UNTOLD_AGE_S: Final = 600.0  # of a position that does not say how old it is
OLDEST_S: Final = 3_600.0  # older ones say nothing about where a unit is now
FARTHEST_KM: Final = 500.0
FINE_MIN: Final = 30  # up to here whole minutes, from here on fives


@dataclass(frozen=True, slots=True)
class Estimate:
    """Whole minutes. ``typical_min`` None: water lies between, and nobody knows how far round it
    is. Typically is no bound: it may be longer."""

    best_min: int
    typical_min: int | None
    flies: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a unit's place: how far it is on the straight line, how old that is (None =
    it does not say), how many kilometres it may be off, and whether water lies between."""

    far_km: float
    age_s: float | None = 0.0
    off_km: float = 0.0
    water: bool = False


def estimate(kind: UnitKind, seen: Seen) -> Estimate | None:
    """None where nothing honest can be said: too far, or the place is too old.

    Never less than the straight line at the highest speed that is legal anywhere; more for what is
    farther, and a wider range for what is older or less exact.
    """
    age_s = UNTOLD_AGE_S if seen.age_s is None else max(0.0, seen.age_s)
    if not 0.0 <= seen.far_km <= FARTHEST_KM or age_s > OLDEST_S:  # nor NaN
        return None
    drift_km = min(MAX_DRIFT_KM, DRIFT_KMH * age_s / 3_600) + max(0.0, seen.off_km)
    near_km, away_km = max(0.0, seen.far_km - drift_km), seen.far_km + drift_km
    if kind == "helicopter":
        best = 60 * seen.far_km / BEST_FLIGHT_KMH
        typical = TAKE_OFF_MIN + 60 * away_km / FLIGHT_KMH
        return Estimate(_whole(best), _rounded(typical), flies=True)
    best = _drive_min(near_km * BEST_DETOUR, BEST_TOWN_KM, BEST_TOWN_KMH, BEST_ROAD_KMH)
    best = max(best, 60 * seen.far_km / LEGAL_KMH)
    typical = TURN_OUT_MIN + _drive_min(away_km * TYPICAL_DETOUR, TOWN_KM, TOWN_KMH, ROAD_KMH)
    return Estimate(_whole(best), None if seen.water else _rounded(typical))


def _drive_min(road_km: float, town_km: float, town_kmh: float, road_kmh: float) -> float:
    """The first kilometres through streets, the rest on a road."""
    return 60 * (min(road_km, town_km) / town_kmh + max(0.0, road_km - town_km) / road_kmh)


def _whole(minutes: float) -> int:
    """Up, so that it is never sooner than :func:`estimate` says; nobody is there in no time."""
    return max(1, math.ceil(minutes))


def _rounded(minutes: float) -> int:
    whole = _whole(minutes)
    return whole if whole <= FINE_MIN else math.ceil(whole / 5) * 5
