"""Everything that can happen at a site: frozen, versioned structs in one envelope.

An event is an :class:`Event` (id, time, author, sequence) around one *body*. The bodies are a
tagged union; a reader that meets an unknown tag counts it and goes on.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

VERSION: Final = 1
MAX_EVENT_BYTES: Final = 32_768

Ulid = Annotated[str, Meta(pattern="^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
"""Talkgroup, unit, alarm ids: safe as one NATS subject token."""
Text = Annotated[str, Meta(max_length=1_000)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
UnixMs = Annotated[int, Meta(ge=0, lt=2**53)]
Issi = Annotated[str, Meta(pattern="^[0-9]{7}$")]

UnitKind = Literal[
    "ambulance", "doctor", "first-responder", "police", "fire", "helicopter", "other"
]
Agency = Literal["health", "police", "fire", "volunteer", "rescue", "other"]
TalkgroupKind = Literal["legevakt", "amk", "joint", "hospital", "exercise", "rescue", "other"]
Urgency = Literal["red", "yellow", "green", "none"]
AlarmState = Literal["raised", "acknowledged", "in-progress", "closed"]


class Body(msgspec.Struct, frozen=True, tag=True, tag_field="kind"):
    """What every event's body is."""


class Position(msgspec.Struct, frozen=True):
    """A GPS fix, WGS 84 degrees."""

    lat: Latitude
    lon: Longitude
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)] = 0.0
    heading_deg: Annotated[float, Meta(ge=0, lt=360)] | None = None
    speed_mps: Annotated[float, Meta(ge=0, le=200)] | None = None
    fixed_ms: UnixMs = 0


class TalkgroupDefined(Body, frozen=True, tag="talkgroup-defined"):
    talkgroup: Id
    name: Name
    group_kind: TalkgroupKind = "other"
    purpose: Annotated[str, Meta(max_length=64)] = ""
    exercise: bool = False


class TalkgroupRemoved(Body, frozen=True, tag="talkgroup-removed"):
    talkgroup: Id


class UnitDefined(Body, frozen=True, tag="unit-defined"):
    unit: Id
    call_sign: Name
    unit_kind: UnitKind
    agency: Agency = "health"
    issi: Issi | None = None
    talkgroup: Id | None = None
    exercise: bool = False


class UnitRemoved(Body, frozen=True, tag="unit-removed"):
    """The unit leaves the picture (an exercise has ended, a radio was handed back)."""

    unit: Id


class UnitMoved(Body, frozen=True, tag="unit-moved"):
    unit: Id
    position: Position


class StatusChanged(Body, frozen=True, tag="status-changed"):
    """``status`` is a key of resources/status.toml (the Norwegian list is not public)."""

    unit: Id
    status: Id
    urgency: Urgency = "none"
    text: Annotated[str, Meta(max_length=120)] = ""


class FloorGranted(Body, frozen=True, tag="floor-granted"):
    talkgroup: Id
    unit: Id
    ssrc: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    emergency: bool = False


class FloorReleased(Body, frozen=True, tag="floor-released"):
    talkgroup: Id
    unit: Id
    spoke_ms: Annotated[int, Meta(ge=0)] = 0


class AlarmRaised(Body, frozen=True, tag="alarm-raised"):
    """A safety alarm (TETRA status 0). The event's ``alarm`` id is chosen by who raises it."""

    alarm: Id
    unit: Id
    talkgroup: Id | None = None
    position: Position | None = None
    text: Text = ""
    exercise: bool = False


class AlarmAcknowledged(Body, frozen=True, tag="alarm-acknowledged"):
    alarm: Id


class AlarmTaken(Body, frozen=True, tag="alarm-taken"):
    """Somebody handles it: raised or acknowledged becomes in progress."""

    alarm: Id
    note: Text = ""


class AlarmClosed(Body, frozen=True, tag="alarm-closed"):
    alarm: Id
    reason: Literal["real", "false-press", "test"]
    note: Text = ""


class AlarmEscalated(Body, frozen=True, tag="alarm-escalated"):
    """Nobody acknowledged in time."""

    alarm: Id
    after_s: Annotated[int, Meta(ge=0)]


class MessageSent(Body, frozen=True, tag="message-sent"):
    """A text message (TETRA SDS) from the author to a unit or a talkgroup."""

    to: Id
    text: Text
    sender: Id | None = None


class PositionJoined(Body, frozen=True, tag="position-joined"):
    """A desk (operator position) came to the site."""

    label: Name


class PositionLeft(Body, frozen=True, tag="position-left"):
    label: Name


class MemberEnrolled(Body, frozen=True, tag="member-enrolled"):
    """Said by the site, as are all of these. The same name again: its earlier certificate counts
    no more."""

    member: Id
    role: Annotated[str, Meta(max_length=24)]
    label: Annotated[str, Meta(max_length=64)] = ""


class MemberRevoked(Body, frozen=True, tag="member-revoked"):
    member: Id


class CodeVoided(Body, frozen=True, tag="code-voided"):
    """Somebody tried too many wrong codes: nobody gets in by this member's any more."""

    member: Id
    role: Annotated[str, Meta(max_length=24)]


class SignInLocked(Body, frozen=True, tag="sign-in-locked"):
    """Too many wrong PINs for one name, or at one position."""

    member: Id
    who: Name
    seconds: Annotated[int, Meta(ge=0)]


AnyBody = (
    TalkgroupDefined
    | TalkgroupRemoved
    | UnitDefined
    | UnitRemoved
    | UnitMoved
    | StatusChanged
    | FloorGranted
    | FloorReleased
    | AlarmRaised
    | AlarmAcknowledged
    | AlarmTaken
    | AlarmClosed
    | AlarmEscalated
    | MessageSent
    | PositionJoined
    | PositionLeft
    | MemberEnrolled
    | MemberRevoked
    | CodeVoided
    | SignInLocked
)


class Event(msgspec.Struct, frozen=True):
    """The envelope. ``author`` is the position (desk, exercise, gateway), ``person`` who sat there.

    ``seq`` counts the author's own events from 1; ``cause`` is the id of the event this one
    answers, and holds it back until that one has arrived.
    """

    id: Ulid
    time_ms: UnixMs
    author: Id
    seq: Annotated[int, Meta(ge=0)]
    body: AnyBody
    person: Annotated[str, Meta(max_length=64)] = ""
    cause: Ulid | None = None
    v: Literal[1] = 1


LIVE: Final = (UnitMoved, FloorGranted, FloorReleased)
"""Kinds that are told live and may be lost; only the newest of them matters."""

URGENT: Final = (
    FloorGranted,
    FloorReleased,
    AlarmRaised,
    AlarmAcknowledged,
    AlarmTaken,
    AlarmClosed,
    AlarmEscalated,
)
"""Kinds that never wait for a batch to fill."""
