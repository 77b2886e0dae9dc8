"""What there is at a site: talkgroups, units, operator positions and who sits there."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from console.domain.events.base import (
    MAX_CREW,
    Agency,
    Body,
    Id,
    Issi,
    Name,
    Position,
    TalkgroupKind,
    UnitKind,
    Urgency,
)

Count = Annotated[int, Meta(ge=0, lt=2**31)]


class TalkgroupDefined(Body, frozen=True, tag="talkgroup-defined"):
    talkgroup: Id
    name: Name
    group_kind: TalkgroupKind = "other"
    purpose: Annotated[str, Meta(max_length=64)] = ""
    exercise: bool = False


class TalkgroupRemoved(Body, frozen=True, tag="talkgroup-removed"):
    talkgroup: Id


class UnitDefined(Body, frozen=True, tag="unit-defined"):
    """``crew``: who is in it now, by name; the unit is defined anew when that changes."""

    unit: Id
    call_sign: Name
    unit_kind: UnitKind
    agency: Agency = "health"
    issi: Issi | None = None
    talkgroup: Id | None = None
    exercise: bool = False
    crew: Annotated[tuple[Name, ...], Meta(max_length=MAX_CREW)] = ()


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


class PositionJoined(Body, frozen=True, tag="position-joined"):
    """A desk (operator position) came to the site."""

    label: Name


class PositionLeft(Body, frozen=True, tag="position-left"):
    label: Name


class PersonSignedIn(Body, frozen=True, tag="person-signed-in"):
    """From now on this person sits at the author's position, whoever sat there before.
    ``confirmed``: the site has checked a PIN."""

    name: Name
    confirmed: bool = True


class HandoverRead(Body, frozen=True, tag="handover-read"):
    """Who sits at the author's position has read what is open at this site, and takes the shift
    from here: so many alarms, call-outs, unread messages, formed groups, patches, missed calls."""

    alarms: Count = 0
    callouts: Count = 0
    messages: Count = 0
    groups: Count = 0
    patches: Count = 0
    missed: Count = 0


class PersonSignedOut(Body, frozen=True, tag="person-signed-out"):
    """Nobody sits at the author's position any more."""

    name: Name
