"""What of the sightings goes on to the site, and when: judged, one a second and unit, the newest.

Pure; the caller has the clocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from console.domain.events import Position
from console.domain.fixes import AHEAD_MS, is_place
from console.gateways.sighting import Refused, Sighting, Why
from console.gateways.units import GatewayUnit

EVERY_S: Final = 1.0
DAY_MS: Final = 86_400_000
OLDEST_MS: Final = DAY_MS
"""The site keeps positions for a day."""
ROLLOVER_MS: Final = 1_024 * 7 * DAY_MS
ROLLOVER_OFF_MS: Final = 2 * DAY_MS
"""GPS counts weeks in ten bits: a receiver that lost count says a day 19.6 years ago."""


@dataclass(slots=True)
class _Known:
    unit: GatewayUnit
    sighting: Sighting
    is_due: bool = True
    said_s: float = float("-inf")


class Pace:
    """The newest of each unit."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def take(self, unit: GatewayUnit, sighting: Sighting, now_ms: int) -> None:
        """Raises Refused for what may not move the unit."""
        why = _refusal(sighting, now_ms)
        if why is not None:
            raise Refused(why)
        known = self._known.get(unit.unit)
        if known is None:
            self._known[unit.unit] = _Known(unit, sighting)
            return
        before, after = known.sighting.position, sighting.position
        if after.fixed_ms < before.fixed_ms:
            raise Refused("older")
        known.is_due = known.is_due or before != after
        known.unit, known.sighting = unit, sighting

    def due(self, now_s: float, now_ms: int) -> Iterator[tuple[GatewayUnit, Sighting]]:
        """What is to be said now, if :meth:`said` tells that it was."""
        for known in self._known.values():
            if not known.is_due or now_s - known.said_s < EVERY_S:
                continue
            if _refusal(known.sighting, now_ms) is not None:  # it waited for too long
                known.is_due = False
                continue
            yield known.unit, known.sighting

    def said(self, unit: GatewayUnit, now_s: float) -> None:
        known = self._known[unit.unit]
        known.is_due, known.said_s = False, now_s

    def all_again(self) -> None:
        """The site may not have the last that was said."""
        for known in self._known.values():
            known.is_due = True

    @property
    def units(self) -> int:
        """How many have been heard of."""
        return len(self._known)


def _refusal(sighting: Sighting, now_ms: int) -> Why | None:
    at: Position = sighting.position
    if not is_place(at):
        return "malformed"
    if at.fixed_ms > now_ms + AHEAD_MS:
        return "ahead"
    age_ms = now_ms - at.fixed_ms
    if age_ms > OLDEST_MS:
        off_ms = (age_ms + ROLLOVER_OFF_MS) % ROLLOVER_MS
        is_rollover = age_ms > OLDEST_MS + ROLLOVER_OFF_MS and off_ms <= 2 * ROLLOVER_OFF_MS
        return "week-rollover" if is_rollover else "old"
    return "stale" if 0 < sighting.stale_ms <= now_ms else None
