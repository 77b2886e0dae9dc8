"""What a talkgroup, a unit and a desk are in the picture of the site.

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


class Move(msgspec.Struct, frozen=True, gc=False):
    """Where a unit was, by which event, and when by its author's clock."""

    id: str
    time_ms: int
    position: Position


class Unit(msgspec.Struct, frozen=True, gc=False):
    """A radio user. One that moved before it was defined has its key for a call sign."""

    key: str
    call_sign: str
    unit_kind: UnitKind = "other"
    agency: Agency = "health"
    issi: str | None = None
    talkgroup: str | None = None
    exercise: bool = False
    crew: tuple[str, ...] = ()
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
    aside: tuple[Move, ...] = ()
    """Positions that don't count, and may yet (:mod:`console.domain.fixes`); nearly always none."""


class Desk(msgspec.Struct, frozen=True):
    """An operator position. Its key is the author of its events. ``person`` is who sits there,
    "" = nobody has signed in; ``person_ms`` when the desk said so last.
    ``handover_person`` has read there last what was open, "" = nobody has."""

    key: str
    label: str
    person: str = ""
    present: bool = True
    since_ms: int = 0
    told_by: str = ""
    person_ms: int = 0
    person_by: str = ""
    handover_person: str = ""
    handover_ms: int = 0
    handover_by: str = ""


def blank_unit(key: str) -> Unit:
    return Unit(key=key, call_sign=key)


def blank_desk(key: str) -> Desk:
    """One that was heard of before it came."""
    return Desk(key=key, label=key, present=False)
