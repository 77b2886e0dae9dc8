"""NATS subjects, and which kinds of event are kept in which stream for how long.

``vb.log.<token>.<role>.<member>.<kind>.<key…>`` are the streams of the event log;
``vb.told.…`` is the same after the log has stored it (published by the server alone);
``vb.live.<token>.<role>.<member>.<key>`` is core NATS: told now or never;
``vb.ask.<service>.<role>.<member>.<generation>.<key…>`` is what a member asks the site.

Role and member stand in the subject because the server lets each member publish below its own
alone: who said a thing is proved by where it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from console.domain.authors import member_of
from console.domain.events import (
    LIVE,
    AlarmAcknowledged,
    AlarmClosed,
    AlarmEscalated,
    AlarmNoted,
    AlarmRaised,
    AlarmReopened,
    AlarmTaken,
    AlarmUnitsSent,
    AlarmVoiceKept,
    CallAnswered,
    CallEnded,
    CallOffered,
    CalloutAnswered,
    CalloutEnded,
    CalloutReminded,
    CalloutSent,
    CodeTried,
    DutyEnded,
    DutySet,
    Event,
    FloorGranted,
    FloorReleased,
    GroupEnded,
    GroupFormed,
    GroupMemberAdded,
    GroupMemberRemoved,
    HandoverRead,
    LandmarkDefined,
    LandmarkRemoved,
    LayoutSaved,
    LogExported,
    MemberEnrolled,
    MemberFlooded,
    MemberRevoked,
    MessageDelivered,
    MessageRead,
    MessageSent,
    PatchEnded,
    PatchMade,
    PersonSignedIn,
    PersonSignedOut,
    PinRemoved,
    PinSet,
    PositionJoined,
    PositionLeft,
    RecordingExported,
    RecordingHeard,
    SignInLocked,
    StandardLayoutSaved,
    StatusChanged,
    StatusMessageSent,
    StoredMessageDefined,
    StoredMessageRemoved,
    TalkgroupDefined,
    TalkgroupRemoved,
    UnitDefined,
    UnitMoved,
    UnitRemoved,
)
from console.domain.layout import key_of, token_of
from console.domain.roles import ROLES, Role

if TYPE_CHECKING:
    from console.site.security.pki import MemberName

MANY: Final = "many.units"
DAY_S: Final = 86_400
MB: Final = 1_000_000

Replay = Literal["all", "newest", "last-per-key"]
NEWEST: Final = 2_000
"""How many events a desk reads back of a stream that it needs no more of."""


class LogStream(msgspec.Struct, frozen=True):
    """One JetStream stream. At ``max_age_s`` and ``max_bytes`` the oldest events go."""

    name: str
    token: str
    kinds: tuple[type, ...]
    max_age_s: int
    max_bytes: int
    max_per_key: int
    replay: Replay  # what a desk reads when it starts

    @property
    def subjects(self) -> str:
        return f"vb.log.{self.token}.>"

    @property
    def told(self) -> str:
        """Where the server tells what it has stored."""
        return f"vb.told.{self.token}.>"

    @property
    def fill(self) -> str:
        """What ends a block of the store (console.site.services.turnover); nobody is told."""
        return f"vb.fill.{self.token}"


ALARMS: Final = LogStream(
    "VB_ALARMS",
    "alarm",
    (
        AlarmRaised,
        AlarmAcknowledged,
        AlarmTaken,
        AlarmNoted,
        AlarmUnitsSent,
        AlarmClosed,
        AlarmReopened,
        AlarmEscalated,
        AlarmVoiceKept,
    ),
    max_age_s=90 * DAY_S,
    max_bytes=256 * MB,
    max_per_key=-1,
    replay="all",
)
MESSAGES: Final = LogStream(
    "VB_MESSAGES",
    "message",
    (MessageSent, StatusMessageSent, MessageDelivered, MessageRead),
    max_age_s=30 * DAY_S,
    max_bytes=256 * MB,
    max_per_key=-1,
    replay="newest",
)
RESOURCES: Final = LogStream(
    "VB_RESOURCES",
    "resource",
    (
        TalkgroupDefined,
        TalkgroupRemoved,
        UnitDefined,
        UnitRemoved,
        StoredMessageDefined,
        StoredMessageRemoved,
        PositionJoined,
        PositionLeft,
    ),
    max_age_s=365 * DAY_S,
    max_bytes=256 * MB,
    max_per_key=8,
    replay="all",
)
CALLOUTS: Final = LogStream(
    "VB_CALLOUTS",
    "callout",
    (CalloutSent, CalloutAnswered, CalloutReminded, CalloutEnded),
    max_age_s=30 * DAY_S,
    max_bytes=128 * MB,
    max_per_key=-1,
    replay="all",
)
GROUPS: Final = LogStream(
    "VB_GROUPS",
    "group",
    (GroupFormed, GroupMemberAdded, GroupMemberRemoved, GroupEnded, PatchMade, PatchEnded),
    max_age_s=30 * DAY_S,
    max_bytes=64 * MB,
    max_per_key=-1,
    replay="all",
)
PEOPLE: Final = LogStream(
    "VB_PEOPLE",
    "people",
    (DutySet, DutyEnded, PersonSignedIn, PersonSignedOut, HandoverRead),
    max_age_s=90 * DAY_S,
    max_bytes=64 * MB,
    max_per_key=-1,
    replay="all",
)
PRIVATE: Final = LogStream(
    "VB_PRIVATE",
    "call",
    (CallOffered, CallAnswered, CallEnded),
    max_age_s=7 * DAY_S,
    max_bytes=64 * MB,
    max_per_key=-1,
    replay="newest",
)
STATUS: Final = LogStream(
    "VB_STATUS",
    "status",
    (StatusChanged,),
    max_age_s=7 * DAY_S,
    max_bytes=256 * MB,
    max_per_key=-1,
    replay="last-per-key",
)
CALLS: Final = LogStream(
    "VB_CALLS",
    "floor",
    (FloorGranted, FloorReleased),
    max_age_s=7 * DAY_S,
    max_bytes=512 * MB,
    max_per_key=-1,
    replay="newest",
)
TRACKS: Final = LogStream(
    "VB_TRACKS",
    "move",
    (UnitMoved,),
    max_age_s=DAY_S,
    max_bytes=1_024 * MB,
    max_per_key=-1,
    replay="last-per-key",
)
MEMBERS: Final = LogStream(
    "VB_MEMBERS",
    "member",
    (MemberEnrolled, MemberRevoked, CodeTried, SignInLocked, MemberFlooded),
    max_age_s=365 * DAY_S,
    max_bytes=64 * MB,
    max_per_key=-1,
    replay="newest",
)
AUDIT: Final = LogStream(
    "VB_AUDIT",
    "audit",
    (RecordingHeard, RecordingExported, LogExported),
    max_age_s=3 * 365 * DAY_S,
    max_bytes=256 * MB,
    max_per_key=-1,
    replay="all",
)
LAYOUTS: Final = LogStream(
    "VB_LAYOUTS",
    "layout",
    (LayoutSaved, StandardLayoutSaved),
    max_age_s=365 * DAY_S,
    max_bytes=64 * MB,
    max_per_key=1,
    replay="all",
)
LANDMARKS: Final = LogStream(
    "VB_LANDMARKS",
    "landmark",
    (LandmarkDefined, LandmarkRemoved),
    max_age_s=3_650 * DAY_S,
    max_bytes=32 * MB,
    max_per_key=1,
    replay="all",
)
PINS: Final = LogStream(
    "VB_PINS",
    "pin",
    (PinSet, PinRemoved),
    max_age_s=DAY_S,
    max_bytes=32 * MB,
    max_per_key=4,
    replay="all",
)
NOW_NAME: Final = "VB_NOW"
"""Of the streams with ``replay="last-per-key"`` the newest of each subject, kept by the server, so
that a desk needn't read a week of positions."""
STREAMS: Final = (
    ALARMS, MESSAGES, CALLOUTS, RESOURCES, GROUPS, PEOPLE, STATUS, CALLS, PRIVATE, TRACKS, AUDIT,
    MEMBERS, LAYOUTS, LANDMARKS, PINS,
)  # fmt: skip
MAX_LOG_BYTES: Final = sum(stream.max_bytes for stream in STREAMS) + 64 * MB

STREAM_OF: Final[Mapping[type, LogStream]] = {
    kind: stream for stream in STREAMS for kind in stream.kinds
}
DESK_STREAMS: Final = tuple(stream for stream in STREAMS if stream is not AUDIT)
"""What a desk reads: who has listened to what is for those who ask for it."""
STREAM_NAMED: Final[Mapping[str, LogStream]] = {stream.name: stream for stream in STREAMS}


def kind_of(body_type: type) -> str:
    """An event kind's name on the wire."""
    config: Any = body_type.__struct_config__  # type: ignore[attr-defined]  # msgspec's
    return str(config.tag)


def log_subject(event: Event, role: Role) -> str:
    token = STREAM_OF[type(event.body)].token
    return f"vb.log.{token}.{role}.{member_of(event.author)}.{tail(event)}"


def tail(event: Event) -> str:
    """What of an event's subject depends on the event alone."""
    return f"{kind_of(type(event.body))}.{_key(event)}"


def live_subject(event: Event, role: Role) -> str | None:
    """Where the event is told live, None for kinds that are only logged."""
    body = event.body
    member = member_of(event.author)
    if isinstance(body, UnitMoved):
        return f"vb.live.move.{role}.{member}.{body.unit}"
    if isinstance(body, LIVE):
        return f"vb.live.floor.{role}.{member}.{body.talkgroup}"
    return None


def moves_subject(member: str, role: Role) -> str:
    """Where many positions are told in one message: a unit's own key is one token alone."""
    return f"vb.live.move.{role}.{member}.{MANY}"


def asks_of(service: str, who: MemberName) -> str:
    """Where a member asks, without the key. The generation of its enrolment stands there because
    nobody else knows it: what another has the server repeat (:mod:`console.site.log.spoken`) can't
    come here, and so can't use up this member's share."""
    return f"vb.ask.{service}.{who.role}.{who.name}.{who.generation}"


def role_in(subject: str) -> Role | None:
    """Of ``vb.log.…``, ``vb.live.…`` and ``vb.ask.…`` alike; None when it names none."""
    tokens = subject.split(".")
    return _ROLE_NAMED.get(tokens[ROLE_AT]) if len(tokens) > MEMBER_AT else None


def member_in(subject: str) -> str:
    return subject.split(".")[MEMBER_AT]


ROLE_AT: Final = 3
MEMBER_AT: Final = 4
ASKED_KEY_AT: Final = 6
_ROLE_NAMED: Final[Mapping[str, Role]] = {role: role for role in ROLES}


def _key(event: Event) -> str:
    body: Any = event.body
    stream = STREAM_OF[type(body)]
    if stream is ALARMS:
        return str(body.alarm)
    if stream in (RESOURCES, AUDIT, LAYOUTS):
        return _resource_key(event)
    if stream is MESSAGES:
        return str(getattr(body, "to", "") or body.message)
    if stream in (GROUPS, PEOPLE):
        return _people_key(event)
    if stream in (CALLOUTS, PRIVATE, MEMBERS, LANDMARKS, PINS):
        return str(getattr(body, stream.token))
    return str(body.talkgroup if stream is CALLS else body.unit)


def _resource_key(event: Event) -> str:
    body = event.body
    if isinstance(body, TalkgroupDefined | TalkgroupRemoved):
        return f"talkgroup.{body.talkgroup}"
    if isinstance(body, UnitDefined | UnitRemoved):
        return f"unit.{body.unit}"
    if isinstance(body, StoredMessageDefined | StoredMessageRemoved):
        return f"stored.{body.stored}"
    if isinstance(body, LayoutSaved | StandardLayoutSaved):
        return token_of(key_of(event))
    return f"desk.{event.author}"


def _people_key(event: Event) -> str:
    body = event.body
    if isinstance(body, DutySet | DutyEnded):
        return f"duty.{body.duty}"
    if isinstance(body, PersonSignedIn | PersonSignedOut | HandoverRead):
        return f"desk.{event.author}"
    if isinstance(body, PatchMade | PatchEnded):
        return f"patch.{body.patch}"
    assert isinstance(body, GroupFormed | GroupMemberAdded | GroupMemberRemoved | GroupEnded)
    return f"group.{body.group}"
