"""What bodies of events are made of: ids, names, texts, times, and the position of a GPS fix."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

Ulid = Annotated[str, Meta(pattern=r"\A[0-7][0-9A-HJKMNP-TV-Z]{25}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
RadioName = Annotated[str, Meta(min_length=1, max_length=12)]
"""Names on radios have at most 12 characters."""
Id = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,40}\Z")]
"""Talkgroup, unit, alarm ids: safe as one NATS subject token. ``\\Z``: before ``$`` there may be
the end of a line."""
Text = Annotated[str, Meta(max_length=1_000)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
UnixMs = Annotated[int, Meta(ge=0, lt=2**53)]
Issi = Annotated[str, Meta(pattern=r"\A[0-9]{7}\Z")]
Phone = Annotated[str, Meta(pattern=r"\A(\+?[0-9][0-9 ]{2,30})?\Z")]
StatusNumber = Annotated[int, Meta(ge=32_768, le=65_535)]
"""The pre-coded status values that a TETRA net's users may define (ETSI EN 300 392-2, 14.8.34)."""

MAX_RECEIVERS: Final = 64
Receivers = Annotated[tuple[Id, ...], Meta(min_length=1, max_length=MAX_RECEIVERS)]

UnitKind = Literal[
    "ambulance", "doctor", "first-responder", "police", "fire", "helicopter", "other"
]
Agency = Literal["health", "police", "fire", "volunteer", "rescue", "other"]
TalkgroupKind = Literal[
    "legevakt", "amk", "joint", "hospital", "exercise", "rescue", "dynamic", "other"
]
Urgency = Literal["red", "yellow", "green", "none"]


Coverage = Literal["good", "weak", "none"]
MAX_CREW: Final = 8


class Body(msgspec.Struct, frozen=True, tag=True, tag_field="kind", gc=False, omit_defaults=True):
    """What every event's body is."""


class Position(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A GPS fix, WGS 84 degrees, and what the radio told of itself with it: TETRA's location
    protocol (ETSI TS 100 392-18-1) has a low battery and a loss of service among its reasons for
    sending. None: not told."""

    lat: Latitude
    lon: Longitude
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)] = 0.0
    heading_deg: Annotated[float, Meta(ge=0, lt=360)] | None = None
    speed_mps: Annotated[float, Meta(ge=0, le=200)] | None = None
    fixed_ms: UnixMs = 0
    battery_percent: Annotated[int, Meta(ge=0, le=100)] | None = None
    battery_low: bool = False  # by the radio's own word, also where no figure is told
    coverage: Coverage | None = None


class BodyError(ValueError):
    """Fields that are each right and don't go together. A decoder tells it as its own error."""


def each_once(ids: Iterable[str], what: str) -> None:
    """Raises BodyError."""
    known = tuple(ids)
    if len(set(known)) != len(known):
        raise BodyError(f"one of the {what} stands there twice")
