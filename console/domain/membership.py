"""Who belongs to a talkgroup that somebody made: for keys, floor and the desks that show it."""

from __future__ import annotations

from collections.abc import Mapping

from console.domain.state import State


def members_of(state: State, talkgroup: str) -> frozenset[str] | None:
    """Units and desks of a dynamic group or an individual call, none once it has ended; None for
    a standing talkgroup, whose members no event names."""
    group = state.groups.get(talkgroup)
    if group is not None:
        return frozenset(group.members if group.state == "active" else ())
    call = state.calls.get(talkgroup)
    if call is not None:
        return frozenset(() if call.state == "ended" else call.members)
    return None


def called_out(state: State, receivers: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The people behind the groups among the receivers of a call-out: the members of a dynamic
    group, or the units whose home talkgroup it is."""
    found: dict[str, tuple[str, ...]] = {}
    for receiver in receivers:
        members = members_of(state, receiver)
        if members is None and receiver in state.talkgroups:
            members = frozenset(u.key for u in state.units.values() if u.talkgroup == receiver)
        if members:
            found[receiver] = tuple(sorted(members))
    return found
