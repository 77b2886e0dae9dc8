"""Who speaks in a talkgroup: the newest grant, until that unit has released it."""

from __future__ import annotations

from typing import Final

import msgspec

from console.domain.events import Event, FloorGranted, FloorReleased

MAX_RELEASES: Final = 8
"""Releases remembered per talkgroup, so that one of an older burst ends no newer burst."""


class Release(msgspec.Struct, frozen=True, order=True):
    id: str
    unit: str
    time_ms: int
    spoke_ms: int


class Floor(msgspec.Struct, frozen=True):
    """The floor of one talkgroup. Times are the author's clock."""

    talkgroup: str
    unit: str = ""  # holds, or held last
    granted: str = ""  # id of the newest grant
    since_ms: int = 0
    ssrc: int = 0
    emergency: bool = False
    releases: tuple[Release, ...] = ()  # oldest first

    @property
    def speaker(self) -> str:
        """The unit that speaks now, "" = nobody."""
        return "" if self._ended else self.unit

    @property
    def last_speaker(self) -> str:
        return self.unit if self._ended and self.granted else self._last_released.unit

    @property
    def ended_ms(self) -> int:
        """When the newest burst ended, 0 = none has."""
        return self._last_released.time_ms

    @property
    def _ended(self) -> bool:
        return any(r.unit == self.unit and r.id > self.granted for r in self.releases)

    @property
    def _last_released(self) -> Release:
        return self.releases[-1] if self.releases else NO_RELEASE


NO_RELEASE: Final = Release("", "", 0, 0)


def grant(floor: Floor, event: Event, body: FloorGranted) -> Floor:
    if event.id <= floor.granted:
        return floor
    return msgspec.structs.replace(
        floor,
        unit=body.unit,
        granted=event.id,
        since_ms=event.time_ms,
        ssrc=body.ssrc,
        emergency=body.emergency,
    )


def release(floor: Floor, event: Event, body: FloorReleased) -> Floor:
    new = Release(event.id, body.unit, event.time_ms, body.spoke_ms)
    if any(r.id == new.id for r in floor.releases):
        return floor
    return msgspec.structs.replace(
        floor, releases=tuple(sorted((*floor.releases, new)))[-MAX_RELEASES:]
    )
