"""What a place of the site's own and an incident's pin are in the picture of the site. Pure."""

from __future__ import annotations

import msgspec

from console.domain.events import Event, LandmarkDefined, PinSet
from console.domain.events.landmarks import LandmarkKind
from console.domain.mark import Mark, mark_of


class Landmark(msgspec.Struct, frozen=True):
    """``set``: by whom it is as it is now."""

    key: str
    name: str
    landmark_kind: LandmarkKind
    lat: float
    lon: float
    set: Mark
    note: str = ""
    exercise: bool = False


class Pin(msgspec.Struct, frozen=True):
    """``since_ms``: when it was first set; ``set``: by whom it is as it is now."""

    key: str
    name: str
    lat: float
    lon: float
    since_ms: int
    set: Mark
    note: str = ""
    exercise: bool = False


def landmark_of(event: Event, body: LandmarkDefined) -> Landmark:
    return Landmark(
        body.landmark,
        body.name,
        body.landmark_kind,
        body.lat,
        body.lon,
        mark_of(event),
        body.note,
        body.exercise,
    )


def pin_of(event: Event, body: PinSet) -> Pin:
    return Pin(
        body.pin,
        body.name,
        body.lat,
        body.lon,
        body.since_ms,
        mark_of(event),
        body.note,
        body.exercise,
    )
