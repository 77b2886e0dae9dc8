"""One unit on its way: where it is at any moment of the exercise. Pure."""

from __future__ import annotations

from typing import Final

import msgspec

from console.domain.events import Position
from console.exercise.roads import Point, Way, way_through

ACCURACY_M: Final = 8.0


class Trip(msgspec.Struct, frozen=True):
    """From ``start_ms`` along ``way``, at an even speed; then it stands at its end."""

    way: Way
    start_ms: int
    speed_mps: float

    @property
    def arrives_ms(self) -> int:
        return self.start_ms + round(self.way.length_m / self.speed_mps * 1_000)

    def point(self, at_ms: int) -> Point:
        return self.way.at(self._metres(at_ms))[0]

    def position(self, at_ms: int) -> Position:
        """As a GPS receiver would tell it; ``fixed_ms`` is for who knows the time of day."""
        (lat, lon), heading_deg = self.way.at(self._metres(at_ms))
        moves = at_ms < self.arrives_ms
        return Position(
            lat=round(lat, 6),
            lon=round(lon, 6),
            accuracy_m=ACCURACY_M,
            heading_deg=round(heading_deg, 1) % 360.0 if moves else None,
            speed_mps=round(self.speed_mps, 1) if moves else 0.0,
        )

    def _metres(self, at_ms: int) -> float:
        return min((at_ms - self.start_ms) / 1_000 * self.speed_mps, self.way.length_m)


def standing(at: Point) -> Trip:
    return Trip(way_through((at,)), 0, 1.0)
