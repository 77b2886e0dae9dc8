"""Talkgroups formed at the desk (DGNA), patches of talkgroups, and individual calls."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from console.domain.events.base import Body, Id, RadioName, Receivers, UnixMs, each_once

GroupReason = Literal["ended", "lapsed"]
Duplex = Literal["half", "full"]
CallReason = Literal["hung-up", "rejected", "busy", "no-answer", "cancelled", "lost"]


class GroupFormed(Body, frozen=True, tag="group-formed"):
    """A dynamic talkgroup (TETRA DGNA): ``group`` is a talkgroup's id from now on. The same id
    again says anew what it is, which also prolongs it. Members are units and desks."""

    group: Id
    name: RadioName
    members: Receivers
    lapses_ms: UnixMs
    exercise: bool = False

    def __post_init__(self) -> None:
        each_once(self.members, "members")


class GroupMemberAdded(Body, frozen=True, tag="group-member-added"):
    group: Id
    member: Id


class GroupMemberRemoved(Body, frozen=True, tag="group-member-removed"):
    group: Id
    member: Id


class GroupEnded(Body, frozen=True, tag="group-ended"):
    """``lapsed``: told by the site when its time was over."""

    group: Id
    reason: GroupReason = "ended"


class PatchMade(Body, frozen=True, tag="patch-made"):
    """What is said in one of the groups is heard in all. A group is in one patch at most."""

    patch: Id
    groups: Annotated[tuple[Id, ...], Meta(min_length=2, max_length=4)]
    lapses_ms: UnixMs

    def __post_init__(self) -> None:
        each_once(self.groups, "groups")


class PatchEnded(Body, frozen=True, tag="patch-ended"):
    patch: Id
    reason: GroupReason = "ended"


class CallOffered(Body, frozen=True, tag="call-offered"):
    """An individual call rings at ``callee``. Its id is that of a talkgroup of two: floor, keys
    and stream of the voice go by it. ``half`` duplex takes turns by the floor, ``full`` doesn't."""

    call: Id
    caller: Id
    callee: Id
    duplex: Duplex = "half"
    exercise: bool = False

    def __post_init__(self) -> None:
        each_once((self.caller, self.callee), "two")


class CallAnswered(Body, frozen=True, tag="call-answered"):
    call: Id


class CallEnded(Body, frozen=True, tag="call-ended"):
    """``no-answer`` is told by the site when it has rung for long enough."""

    call: Id
    reason: CallReason
