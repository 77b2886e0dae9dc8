"""How a desk stands with the site's individual calls, and when the other side is lost. Pure.

A desk has voice only in a call that this very program offered or answered (``mine``): one that is
started again finds the calls of the one that died in the log, opens no microphone, and ends them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from console.domain.call import Call, peer
from console.domain.mark import Mark
from console.domain.presence import AWAY_S

BLIND_S: Final = 10.0
"""Without the site nobody hears who is here: a full duplex call whose voice has been away for so
long is over."""
BACK_S: Final = 5.0
"""When the site has been away, others take as long to be back."""
SILENT_S: Final = 0.5
"""Whose voice has come within that time is there, whatever the site says."""
MAX_RINGING: Final = 16
"""Calls that ring at once and are shown; those that came first."""


@dataclass(frozen=True, slots=True)
class Stand:
    """``incoming`` rings here, the oldest first; ``outgoing`` rings elsewhere; ``current`` is the
    one that is talked in."""

    incoming: tuple[Call, ...] = ()
    outgoing: Call | None = None
    current: Call | None = None

    @property
    def all(self) -> tuple[Call, ...]:
        ours = tuple(one for one in (self.current, self.outgoing) if one is not None)
        return (*ours, *self.incoming)


NOTHING: Final = Stand()


def stand(calls: Mapping[str, Call], member: str, mine: Collection[str]) -> Stand:
    """Of two that are connected, the one that was answered last is talked in."""
    if not member:
        return NOTHING
    open_calls = [one for one in calls.values() if one.state != "ended" and member in one.members]
    ringing = sorted((one for one in open_calls if one.state == "ringing"), key=_offered)
    connected = [one for one in open_calls if one.state == "connected" and one.key in mine]
    incoming = tuple(one for one in ringing if one.callee == member)
    outgoing = [one for one in ringing if one.caller == member and one.key in mine]
    return Stand(
        incoming[:MAX_RINGING],
        outgoing[-1] if outgoing else None,
        max(connected, key=_answered, default=None),
    )


def surplus(calls: Mapping[str, Call], member: str, mine: Collection[str]) -> tuple[Call, ...]:
    """Connected calls of ours that are not the one that is talked in: two were answered at once."""
    now = stand(calls, member, mine)
    return tuple(
        one
        for one in calls.values()
        if one.state == "connected" and one.key in mine and one != now.current
    )


def orphans(calls: Mapping[str, Call], member: str, mine: Collection[str]) -> tuple[Call, ...]:
    """What this position's desk was in before it died. Calls that a command of this member offered
    or answered are that command's."""
    return tuple(
        one
        for one in calls.values()
        if one.state != "ended" and one.key not in mine and member and member in _voices(one)
    )


def _voices(call: Call) -> tuple[str, ...]:
    """The programs that offered and answered it, each for the side that it is of."""
    marks = ((call.caller, call.offered), (call.callee, call.answered))
    return tuple(mark.author for side, mark in marks if mark is not None and mark.author == side)


def side_of(call: Call, member: str) -> Mark | None:
    """What this side of the call has said: that it calls, or that it answers."""
    return call.offered if member == call.caller else call.answered


def is_watched(call: Call, member: str) -> bool:
    """Whether the other side is a desk, which says every second that it is here. A unit, or a
    command, does not."""
    other = peer(call, member)
    said = side_of(call, other)
    return said is not None and said.author == other


def is_lost(
    *,
    now_s: float,
    since_s: float,
    seen_s: float | None,
    voice_s: float | None,
    up_s: float | None,
    watched: bool,
    full: bool,
) -> bool:
    """Whether the other side has died. Times of one clock: ``since_s`` the call is known so,
    ``seen_s`` the other desk has said last that it is here, ``voice_s`` its voice came last;
    ``up_s`` the site is in reach, None = it is not. ``full`` duplex: voice never ceases."""
    voice = since_s if voice_s is None else max(voice_s, since_s)
    if up_s is None:
        return full and now_s - voice >= BLIND_S
    seen = max(since_s, up_s + BACK_S, since_s if seen_s is None else seen_s)
    return watched and now_s - seen >= AWAY_S and now_s - voice >= SILENT_S


def _offered(call: Call) -> str:
    return call.offered.id


def _answered(call: Call) -> str:
    return call.answered.id if call.answered is not None else ""
