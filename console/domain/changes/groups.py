"""Dynamic talkgroups, patches and individual calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from console.domain import bounds, call, group, patch
from console.domain.call import Call
from console.domain.changes.resources import remove_talkgroup, set_talkgroup
from console.domain.events import (
    CallAnswered,
    CallEnded,
    CallOffered,
    Event,
    GroupEnded,
    GroupFormed,
    GroupMemberAdded,
    GroupMemberRemoved,
    PatchEnded,
    PatchMade,
)
from console.domain.records import Talkgroup

if TYPE_CHECKING:
    from console.domain.draft import Draft


def group_formed(draft: Draft, event: Event, body: GroupFormed) -> None:
    old = draft.groups.get(body.group)
    if old is not None:
        draft.groups.set(body.group, group.formed_again(old, event, body))
    elif draft.make_room(
        draft.groups, bounds.MAX_GROUPS, lambda row: row.state == "ended", "formed.id"
    ):
        draft.groups.set(body.group, group.from_formed(event, body))
    else:
        return
    set_talkgroup(
        draft,
        Talkgroup(body.group, body.name, "dynamic", exercise=body.exercise, defined_by=event.id),
    )


def member_changed(draft: Draft, event: Event, body: GroupMemberAdded | GroupMemberRemoved) -> None:
    old = draft.groups.get(body.group)
    if old is None:
        draft.count("orphaned")
        return
    if old.state == "ended":
        draft.count("late")
    draft.groups.set(body.group, group.change(old, event, body))


def group_ended(draft: Draft, event: Event, body: GroupEnded) -> None:
    old = draft.groups.get(body.group)
    if old is None:
        draft.count("orphaned")
        return
    if old.state == "ended":
        draft.count("duplicates")
    draft.groups.set(body.group, group.end(old, event, body))
    remove_talkgroup(draft, body.group, event.id)


def patch_made(draft: Draft, event: Event, body: PatchMade) -> None:
    old = draft.patches.get(body.patch)
    if old is not None:
        draft.count("duplicates")
        draft.patches.set(body.patch, patch.made_again(old, event, body))
    elif _has_room_for_patch(draft):
        draft.patches.set(body.patch, patch.from_made(event, body))
    _judge(draft)


def patch_ended(draft: Draft, event: Event, body: PatchEnded) -> None:
    old = draft.patches.get(body.patch)
    if old is None:
        draft.count("orphaned")
        return
    if not patch.allowed(old.state, "end"):
        draft.count("duplicates")
    draft.patches.set(body.patch, patch.end(old, event, body))
    _judge(draft)


def call_offered(draft: Draft, event: Event, body: CallOffered) -> None:
    old = draft.calls.get(body.call)
    if old is not None:
        draft.count("duplicates")
        draft.calls.set(body.call, call.offered_again(old, event, body))
    elif draft.make_room(
        draft.calls, bounds.MAX_CALLS, lambda row: row.state == "ended", "offered.id"
    ):
        draft.calls.set(body.call, call.from_offered(event, body))


def call_answered(draft: Draft, event: Event, body: CallAnswered) -> None:
    _step(draft, body.call, "answer", lambda old: call.answer(old, event))


def call_ended(draft: Draft, event: Event, body: CallEnded) -> None:
    _step(draft, body.call, "end", lambda old: call.end(old, event, body))


def _step(draft: Draft, key: str, step: call.Step, change: Callable[[Call], Call]) -> None:
    old = draft.calls.get(key)
    if old is None:
        draft.count("orphaned")
        return
    if not call.allowed(old.state, step):
        draft.count("late" if (old.state, step) in call.LATE else "duplicates")
    draft.calls.set(key, change(old))


def _has_room_for_patch(draft: Draft) -> bool:
    """All that don't stand go together: a refused one must not outlive what it was refused for."""
    if len(draft.patches) >= bounds.MAX_PATCHES:
        rows = draft.patches.done()
        draft.drop(draft.patches, [key for key, row in rows.items() if row.state != "active"])
    return not draft.is_full(draft.patches, bounds.MAX_PATCHES)


def _judge(draft: Draft) -> None:
    for row in patch.judged(draft.patches.done().values()):
        draft.patches.set(row.key, row)


CHANGES: Final[Mapping[type, Callable[[Draft, Event, Any], None]]] = {
    GroupFormed: group_formed,
    GroupMemberAdded: member_changed,
    GroupMemberRemoved: member_changed,
    GroupEnded: group_ended,
    PatchMade: patch_made,
    PatchEnded: patch_ended,
    CallOffered: call_offered,
    CallAnswered: call_answered,
    CallEnded: call_ended,
}
