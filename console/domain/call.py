"""An individual call between two desks or units, from ringing to its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from console.domain.events import CallEnded, CallOffered, CallReason, Event
from console.domain.mark import Mark, first, mark_of

CallState = Literal["ringing", "connected", "ended"]
Step = Literal["answer", "end"]

NEXT: Final[Mapping[CallState, Mapping[Step, CallState]]] = {
    "ringing": {"answer": "connected", "end": "ended"},
    "connected": {"end": "ended"},
    "ended": {},
}

LATE: Final[frozenset[tuple[CallState, Step]]] = frozenset({("ended", "answer")})
"""The other side had gone already: noted, changes no state."""

RING_S: Final = 45
"""An unanswered call is ended by the site after this time."""


class Call(msgspec.Struct, frozen=True):
    """``key`` serves as a talkgroup's id for its voice. Who is in it: ``caller``, ``callee``."""

    key: str
    caller: str
    callee: str
    duplex: str
    offered: Mark
    exercise: bool = False
    answered: Mark | None = None
    ended: Mark | None = None
    reason: CallReason | Literal[""] = ""

    @property
    def state(self) -> CallState:
        """Walk the table with the steps that have been marked."""
        state: CallState = "ringing"
        marks: tuple[tuple[Step, Mark | None], ...] = (
            ("answer", self.answered),
            ("end", self.ended),
        )
        for step, mark in marks:
            if mark is not None:
                state = NEXT[state].get(step, state)
        return state

    @property
    def members(self) -> tuple[str, str]:
        return (self.caller, self.callee)


def from_offered(event: Event, body: CallOffered) -> Call:
    return Call(body.call, body.caller, body.callee, body.duplex, mark_of(event), body.exercise)


def offered_again(old: Call, event: Event, body: CallOffered) -> Call:
    """Two under one id: the older one says what it is, the answers stay."""
    if event.id >= old.offered.id:
        return old
    return msgspec.structs.replace(
        from_offered(event, body), answered=old.answered, ended=old.ended, reason=old.reason
    )


def allowed(state: CallState, step: Step) -> bool:
    return step in NEXT[state]


def answer(call: Call, event: Event) -> Call:
    """The first to answer has it."""
    return msgspec.structs.replace(call, answered=first(call.answered, mark_of(event)))


def end(call: Call, event: Event, body: CallEnded) -> Call:
    """The first end stands."""
    if call.ended is not None and call.ended.id <= event.id:
        return call
    return msgspec.structs.replace(call, ended=mark_of(event), reason=body.reason)


def peer(call: Call, of: str) -> str:
    """The other side."""
    return call.callee if call.caller == of else call.caller
