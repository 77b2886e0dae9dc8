"""Dynamic talkgroups (DGNA): who is in, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from console.domain.events import (
    Event,
    GroupEnded,
    GroupFormed,
    GroupMemberAdded,
    GroupMemberRemoved,
)
from console.domain.mark import Mark, last, mark_of

GroupState = Literal["active", "ended"]
Step = Literal["add", "remove", "end"]

NEXT: Final[Mapping[GroupState, Mapping[Step, GroupState]]] = {
    "active": {"add": "active", "remove": "active", "end": "ended"},
    "ended": {},
}
"""What may follow what. To form it again under its id brings an ended group back."""

MAX_LAPSE_MS: Final = 7 * 86_400_000
"""No group or patch lasts longer unless somebody says so again: none is forgotten for ever."""
MAX_CHANGES: Final = 256
"""Members added or removed since the group was formed; the newest stay."""


class Change(msgspec.Struct, frozen=True, order=True):
    id: str
    member: str
    is_in: bool


class Group(msgspec.Struct, frozen=True):
    key: str
    name: str
    formed: Mark
    invited: tuple[str, ...]
    lapses_ms: int
    exercise: bool = False
    changes: tuple[Change, ...] = ()  # oldest first, one per member
    ended: Mark | None = None
    reason: str = ""

    @property
    def state(self) -> GroupState:
        is_over = self.ended is not None and self.ended.id > self.formed.id
        return "ended" if is_over else "active"

    @property
    def members(self) -> tuple[str, ...]:
        """Those it was formed with, and what was changed since; an older change is void."""
        inside = set(self.invited)
        for change in self.changes:
            if change.id > self.formed.id:
                (inside.add if change.is_in else inside.discard)(change.member)
        return tuple(sorted(inside))


def from_formed(event: Event, body: GroupFormed) -> Group:
    return Group(
        key=body.group,
        name=body.name,
        formed=mark_of(event),
        invited=body.members,
        lapses_ms=min(body.lapses_ms, event.time_ms + MAX_LAPSE_MS),
        exercise=body.exercise,
    )


def formed_again(old: Group, event: Event, body: GroupFormed) -> Group:
    """The newest word counts."""
    if event.id <= old.formed.id:
        return old
    return msgspec.structs.replace(
        from_formed(event, body), changes=old.changes, ended=old.ended, reason=old.reason
    )


def allowed(state: GroupState, step: Step) -> bool:
    return step in NEXT[state]


def change(group: Group, event: Event, body: GroupMemberAdded | GroupMemberRemoved) -> Group:
    """The newest word on a member counts."""
    known = {one.member: one for one in group.changes}
    old = known.get(body.member)
    if old is not None and old.id >= event.id:
        return group
    known[body.member] = Change(event.id, body.member, isinstance(body, GroupMemberAdded))
    changes = tuple(sorted(known.values())[-MAX_CHANGES:])
    return msgspec.structs.replace(group, changes=changes)


def end(group: Group, event: Event, body: GroupEnded) -> Group:
    ended = last(group.ended, mark_of(event))
    if ended == group.ended:
        return group
    return msgspec.structs.replace(group, ended=ended, reason=body.reason)


def has_lapsed(group: Group, now_ms: int) -> bool:
    """Its time is over, whether or not the site has said so already."""
    return group.state == "active" and group.lapses_ms <= now_ms
