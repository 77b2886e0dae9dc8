"""Patches: two to four talkgroups heard in each other. A group is in one patch at most.

That refuses every loop. Of two patches with a group in common the older one stands; the other is
refused, by every desk alike, and stays so: it has to be made anew when the group is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from console.domain.events import Event, PatchEnded, PatchMade
from console.domain.group import MAX_LAPSE_MS
from console.domain.mark import Mark, mark_of

PatchState = Literal["active", "refused", "ended"]
Step = Literal["end"]

NEXT: Final[Mapping[PatchState, Mapping[Step, PatchState]]] = {
    "active": {"end": "ended"},
    "refused": {},
    "ended": {},
}


class Patch(msgspec.Struct, frozen=True):
    """``refused_for`` is the older patch that has one of its groups, "" = none has."""

    key: str
    groups: tuple[str, ...]
    made: Mark
    lapses_ms: int
    ended: Mark | None = None
    reason: str = ""
    refused_for: str = ""

    @property
    def state(self) -> PatchState:
        return "refused" if self.refused_for else "active" if self.ended is None else "ended"


def from_made(event: Event, body: PatchMade) -> Patch:
    lapses_ms = min(body.lapses_ms, event.time_ms + MAX_LAPSE_MS)
    return Patch(body.patch, body.groups, mark_of(event), lapses_ms)


def made_again(old: Patch, event: Event, body: PatchMade) -> Patch:
    """Two under one id: the older one says what it is."""
    if event.id >= old.made.id:
        return old
    return msgspec.structs.replace(from_made(event, body), ended=old.ended, reason=old.reason)


def allowed(state: PatchState, step: Step) -> bool:
    return step in NEXT[state]


def end(patch: Patch, event: Event, body: PatchEnded) -> Patch:
    """The first end stands."""
    if patch.ended is not None and patch.ended.id <= event.id:
        return patch
    return msgspec.structs.replace(patch, ended=mark_of(event), reason=body.reason)


def judged(patches: Iterable[Patch]) -> tuple[Patch, ...]:
    """All there are, oldest first, each with whether it is refused: a function of the set."""
    standing: list[Patch] = []
    out: list[Patch] = []
    for patch in sorted(patches, key=lambda p: p.made.id):
        holder = next((p.key for p in standing if _holds(p, patch)), "")
        if patch.refused_for != holder:
            patch = msgspec.structs.replace(patch, refused_for=holder)  # noqa: PLW2901
        if not holder:
            standing.append(patch)
        out.append(patch)
    return tuple(out)


def in_the_way(groups: Iterable[str], patches: Iterable[Patch]) -> Patch | None:
    """The patch that has one of these groups now. (A desk asks before it makes one.)"""
    wanted = set(groups)
    return next((p for p in patches if p.state == "active" and wanted & {*p.groups}), None)


def has_lapsed(patch: Patch, now_ms: int) -> bool:
    return patch.state == "active" and patch.lapses_ms <= now_ms


def _holds(older: Patch, patch: Patch) -> bool:
    """Had it one of the groups when the other was made?"""
    has_ended = older.ended is not None and older.ended.id < patch.made.id
    return not has_ended and not {*older.groups}.isdisjoint(patch.groups)
