"""Everything that can happen at a site: frozen, versioned structs in one envelope.

An event is an :class:`Event` (id, time, author, sequence) around one *body*. The bodies are a
tagged union; a reader that meets an unknown tag counts it and goes on.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.domain.events.alarms import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmEscalated,
    AlarmNoted,
    AlarmRaised,
    AlarmReopened,
    AlarmState,
    AlarmTaken,
    AlarmUnitsSent,
    AlarmVoiceKept,
    CloseReason,
)
from console.domain.events.audit import LogExported, RecordingExported, RecordingHeard
from console.domain.events.base import (
    Agency,
    Body,
    BodyError,
    Coverage,
    Id,
    Issi,
    Name,
    Position,
    TalkgroupKind,
    Ulid,
    UnitKind,
    UnixMs,
    Urgency,
)
from console.domain.events.duty import DutyEnded, DutySet
from console.domain.events.floor import FloorGranted, FloorReleased
from console.domain.events.groups import (
    CallAnswered,
    CallEnded,
    CallOffered,
    CallReason,
    Duplex,
    GroupEnded,
    GroupFormed,
    GroupMemberAdded,
    GroupMemberRemoved,
    GroupReason,
    PatchEnded,
    PatchMade,
)
from console.domain.events.landmarks import (
    LandmarkDefined,
    LandmarkKind,
    LandmarkRemoved,
    PinRemoved,
    PinSet,
)
from console.domain.events.layouts import (
    LayoutPage,
    LayoutSaved,
    Placed,
    StandardLayoutSaved,
)
from console.domain.events.members import (
    TO_ALL,
    CodeTried,
    MemberEnrolled,
    MemberFlooded,
    MemberRevoked,
    SignInLocked,
)
from console.domain.events.messages import (
    Answer,
    CalloutAnswered,
    CalloutEnded,
    CalloutReason,
    CalloutReminded,
    CalloutSent,
    MessageDelivered,
    MessageRead,
    MessageSent,
    StatusMessageSent,
    StoredMessageDefined,
    StoredMessageRemoved,
)
from console.domain.events.resources import (
    HandoverRead,
    PersonSignedIn,
    PersonSignedOut,
    PositionJoined,
    PositionLeft,
    StatusChanged,
    TalkgroupDefined,
    TalkgroupRemoved,
    UnitDefined,
    UnitMoved,
    UnitRemoved,
)

VERSION: Final = 1
MAX_EVENT_BYTES: Final = 32_768

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
    | AlarmNoted
    | AlarmUnitsSent
    | AlarmClosed
    | AlarmReopened
    | AlarmEscalated
    | AlarmVoiceKept
    | MessageSent
    | StatusMessageSent
    | MessageDelivered
    | MessageRead
    | StoredMessageDefined
    | StoredMessageRemoved
    | CalloutSent
    | CalloutAnswered
    | CalloutReminded
    | CalloutEnded
    | GroupFormed
    | GroupMemberAdded
    | GroupMemberRemoved
    | GroupEnded
    | PatchMade
    | PatchEnded
    | CallOffered
    | CallAnswered
    | CallEnded
    | DutySet
    | DutyEnded
    | HandoverRead
    | PersonSignedIn
    | PersonSignedOut
    | PositionJoined
    | PositionLeft
    | RecordingHeard
    | RecordingExported
    | LogExported
    | MemberEnrolled
    | MemberRevoked
    | CodeTried
    | SignInLocked
    | MemberFlooded
    | LayoutSaved
    | StandardLayoutSaved
    | LandmarkDefined
    | LandmarkRemoved
    | PinSet
    | PinRemoved
)


class Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The envelope. ``author`` is the position (desk, exercise, gateway), ``person`` who sat there.

    ``seq`` counts the author's own events from 1; ``cause`` is the id of the event this one
    answers, and holds it back until that one has arrived. ``exercise``: it may touch what is an
    exercise's alone (:mod:`console.domain.exercise_rule`). ``unconfirmed``: by the position's own
    word, its site had not confirmed that it was this person. ``received_ms``: when the site's log
    took it, where that is not about ``time_ms``, and ``time_ms`` itself where what the author said
    can't be true; set by who reads the log (:mod:`console.site.log.clocks`), never by the author.
    """

    id: Ulid
    time_ms: UnixMs
    author: Id
    seq: Annotated[int, Meta(ge=0)]
    body: AnyBody
    person: Annotated[str, Meta(max_length=64)] = ""
    cause: Ulid | None = None
    exercise: bool = False
    unconfirmed: bool = False
    received_ms: UnixMs = 0
    v: Literal[1] = 1


LIVE: Final = (UnitMoved, FloorGranted, FloorReleased)
"""Kinds that are told live and may be lost; only the newest of them matters."""

URGENT: Final = (
    FloorGranted,
    FloorReleased,
    AlarmRaised,
    AlarmAcknowledged,
    AlarmTaken,
    AlarmUnitsSent,
    AlarmClosed,
    AlarmReopened,
    AlarmEscalated,
    CalloutSent,
    CalloutAnswered,
    CallOffered,
    CallAnswered,
    CallEnded,
)
"""Kinds that never wait for a batch to fill."""

__all__ = [
    "LIVE",
    "MAX_EVENT_BYTES",
    "TO_ALL",
    "URGENT",
    "VERSION",
    "Agency",
    "AlarmAcknowledged",
    "AlarmClosed",
    "AlarmEscalated",
    "AlarmNoted",
    "AlarmRaised",
    "AlarmReopened",
    "AlarmState",
    "AlarmTaken",
    "AlarmUnitsSent",
    "AlarmVoiceKept",
    "Answer",
    "AnyBody",
    "Body",
    "BodyError",
    "CallAnswered",
    "CallEnded",
    "CallOffered",
    "CallReason",
    "CalloutAnswered",
    "CalloutEnded",
    "CalloutReason",
    "CalloutReminded",
    "CalloutSent",
    "CloseReason",
    "CodeTried",
    "Coverage",
    "Duplex",
    "DutyEnded",
    "DutySet",
    "Event",
    "FloorGranted",
    "FloorReleased",
    "GroupEnded",
    "GroupFormed",
    "GroupMemberAdded",
    "GroupMemberRemoved",
    "GroupReason",
    "HandoverRead",
    "Id",
    "Issi",
    "LandmarkDefined",
    "LandmarkKind",
    "LandmarkRemoved",
    "LayoutPage",
    "LayoutSaved",
    "LogExported",
    "MemberEnrolled",
    "MemberFlooded",
    "MemberRevoked",
    "MessageDelivered",
    "MessageRead",
    "MessageSent",
    "Name",
    "PatchEnded",
    "PatchMade",
    "PersonSignedIn",
    "PersonSignedOut",
    "PinRemoved",
    "PinSet",
    "Placed",
    "Position",
    "PositionJoined",
    "PositionLeft",
    "RecordingExported",
    "RecordingHeard",
    "SignInLocked",
    "StandardLayoutSaved",
    "StatusChanged",
    "StatusMessageSent",
    "StoredMessageDefined",
    "StoredMessageRemoved",
    "TalkgroupDefined",
    "TalkgroupKind",
    "TalkgroupRemoved",
    "Ulid",
    "UnitDefined",
    "UnitKind",
    "UnitMoved",
    "UnitRemoved",
    "UnixMs",
    "Urgency",
]  # fmt: skip
