"""Who speaks in a talkgroup."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from console.domain.events.base import Body, Id


class FloorGranted(Body, frozen=True, tag="floor-granted"):
    talkgroup: Id
    unit: Id
    ssrc: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    emergency: bool = False


class FloorReleased(Body, frozen=True, tag="floor-released"):
    talkgroup: Id
    unit: Id
    spoke_ms: Annotated[int, Meta(ge=0)] = 0
