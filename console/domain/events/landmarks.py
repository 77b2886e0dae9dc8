"""Places that a site marks on its map: its own, which stay, and pins of a night's incidents."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta

from console.domain.events.base import Body, Id, Latitude, Longitude, Name, UnixMs

MAX_NOTE: Final = 200

Note = Annotated[str, Meta(max_length=MAX_NOTE)]
RemovedName = Annotated[str, Meta(max_length=64)]
LandmarkKind = Literal[
    "hospital", "emergency-reception", "nursing-home", "heliport", "meeting-point", "other"
]


class LandmarkDefined(Body, frozen=True, tag="landmark-defined", kw_only=True):
    """A place of the site's own, WGS 84 degrees. The same id says it anew."""

    landmark: Id
    name: Name
    landmark_kind: LandmarkKind = "other"
    lat: Latitude
    lon: Longitude
    note: Note = ""
    exercise: bool = False


class LandmarkRemoved(Body, frozen=True, tag="landmark-removed"):
    """``name``: what it was called, so that the log says it."""

    landmark: Id
    name: RemovedName = ""


class PinSet(Body, frozen=True, tag="pin-set", kw_only=True):
    """Where an incident is. The same id says it anew; ``since_ms`` is when it was first set, by
    that author's clock. Of a stream with a short life: its words may be about a patient."""

    pin: Id
    name: Name
    lat: Latitude
    lon: Longitude
    since_ms: UnixMs
    note: Note = ""
    exercise: bool = False


class PinRemoved(Body, frozen=True, tag="pin-removed"):
    """As :class:`LandmarkRemoved`."""

    pin: Id
    name: RemovedName = ""
