"""What a talkgroup, a unit, a desk and a message are in the picture of the site.

``*_by`` fields are the id (a ULID) of the event that set the value: the newest id wins, whichever
comes first, so two readers of the same events show the same.
"""

from __future__ import annotations

import msgspec

from console.domain.events import Agency, Position, TalkgroupKind, UnitKind, Urgency


class Talkgroup(msgspec.Struct, frozen=True):
    key: str
    name: str
    group_kind: TalkgroupKind = "other"
    purpose: str = ""
    exercise: bool = False
    defined_by: str = ""


class Unit(msgspec.Struct, frozen=True):
    """A radio user. One that moved before it was defined has its key for a call sign."""

    key: str
    call_sign: str
    unit_kind: UnitKind = "other"
    agency: Agency = "health"
    issi: str | None = None
    talkgroup: str | None = None
    exercise: bool = False
    defined_by: str = ""  # "" = nobody has defined it yet
    position: Position | None = None
    moved_ms: int = 0  # by the author's clock
    moved_by: str = ""
    status: str = ""
    status_text: str = ""
    urgency: Urgency = "none"
    status_ms: int = 0
    status_by: str = ""
    speaking: tuple[str, ...] = ()  # the talkgroups it speaks in now, sorted


class Desk(msgspec.Struct, frozen=True):
    """An operator position. Its key is the author of its events."""

    key: str
    label: str
    person: str = ""
    present: bool = True
    since_ms: int = 0
    told_by: str = ""


class Message(msgspec.Struct, frozen=True):
    key: str  # the event's id
    time_ms: int
    author: str
    person: str
    to: str
    text: str
    sender: str | None = None


def blank_unit(key: str) -> Unit:
    return Unit(key=key, call_sign=key)
