"""In which formed groups a desk has voice: in the group's own session or in a station's. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from console.domain.group import Group

MAX_HERE: Final = 64
"""Groups in which one desk has voice: whoever forms a thousand with this desk in them takes no more
of it. Those that were formed first, so that nobody who is talked with is lost."""


def groups_here(groups: Mapping[str, Group], member: str) -> tuple[Group, ...]:
    """Those that this desk is in, in the order in which they were formed."""
    if not member:
        return ()
    inside = [one for one in groups.values() if one.state == "active" and member in one.members]
    return tuple(sorted(inside, key=lambda one: one.formed.id)[:MAX_HERE])


class Plan(msgspec.Struct, frozen=True):
    """``join`` and ``leave``: keys are asked for, or let go; ``heard``: in the group's session;
    ``left``: its session is no more, a station's is there instead."""

    join: tuple[str, ...]
    leave: tuple[str, ...]
    heard: tuple[str, ...]
    left: tuple[str, ...]


def plan(
    here: tuple[Group, ...],
    joined: Collection[str],
    in_session: Collection[str],
    *,
    stationed: Collection[str],
    busy: Collection[str],
) -> Plan:
    """``joined`` and ``in_session``: until now. A group that a station announces is the station's,
    but nobody is interrupted for it: in ``busy`` ones somebody talks."""
    keys = [one.key for one in here]
    theirs = {one for one in stationed if one not in in_session or one not in busy}
    return Plan(
        join=tuple(one for one in keys if one not in joined),
        leave=tuple(one for one in joined if one not in keys),
        heard=tuple(one for one in keys if one not in theirs),
        left=tuple(one for one in in_session if one in keys and one in theirs),
    )
