"""The microphone's gate: who talks, from the permit tone to the last syllable. Pure.

One client at a time. What a state makes of an event is in :func:`step`, with time given from
outside; the shell (:mod:`audio.microphone.talk`) sounds the tones and sends the sound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from audio.protocol import TalkState

LEASE_S: Final = 1.5  # after the last renewal: who holds the key has hung or gone
MOST_S: Final = 60.0  # of one over; a stuck key does not block a talkgroup for longer
PERMIT_S: Final = 2.0  # for the permit tone to sound; the mix thread hangs if it takes longer
TAIL_S: Final = 0.1  # after the key: fingers are quicker than the end of a word
DRAIN_S: Final = 0.5  # more for what the device holds; then it closes without

Tone = Literal["permit", "deny", "busy"]


@dataclass(frozen=True, slots=True)
class Pressed:
    client: int
    publications: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Renewed:
    client: int


@dataclass(frozen=True, slots=True)
class Released:
    client: int


@dataclass(frozen=True, slots=True)
class Left:
    """The client has gone, whatever the reason."""

    client: int


@dataclass(frozen=True, slots=True)
class Permitted:
    """The permit tone's last sample is heard at ``at_s``."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing can be heard of the microphone, or nothing can be made of it."""

    why: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """Nothing goes out on this publication any more."""

    publication: str
    why: str


@dataclass(frozen=True, slots=True)
class Drained:
    """All that was said before the key went up has been sent."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Only time has."""


Event = Pressed | Renewed | Released | Left | Permitted | Failed | Unsent | Drained | Passed


@dataclass(frozen=True, slots=True)
class Gate:
    """Times are those of the clock that ``step`` is given; sound is taken from ``from_s`` on and
    until ``until_s``."""

    state: TalkState = "idle"
    client: int = 0
    publications: tuple[str, ...] = ()
    since_s: float = 0.0  # in "opening" the press, afterwards the permit
    renewed_s: float = 0.0
    from_s: float = float("inf")
    until_s: float = float("inf")
    why: str = ""
    again: Pressed | None = None  # the key was pressed while the last over was still draining


@dataclass(frozen=True, slots=True)
class Step:
    """``busy``: the press came from another client than the one that talks."""

    gate: Gate
    tone: Tone | None = None
    busy: bool = False


def step(gate: Gate, event: Event, now_s: float) -> Step:
    """What becomes of the gate: of the time first, then of the event."""
    timed = _timed(gate, now_s)
    taken = _taken(timed.gate, event, now_s)
    return replace(taken, tone=taken.tone or timed.tone)


def _taken(gate: Gate, event: Event, now_s: float) -> Step:
    match event:
        case Pressed():
            return _pressed(gate, event, now_s)
        case Renewed(client=client) | Released(client=client) | Left(client=client):
            return _held(gate, event, now_s) if _is_holder(gate, client) else Step(gate)
        case Drained() if gate.state == "closing":
            return _closed(gate, now_s)
        case Permitted() | Failed() | Unsent():
            return _told(gate, event, now_s)
        case _:
            return Step(gate)


def _is_holder(gate: Gate, client: int) -> bool:
    return gate.state != "idle" and client == gate.client


def _held(gate: Gate, event: Renewed | Released | Left, now_s: float) -> Step:
    """By the client that talks."""
    match event:
        case Renewed():
            return Step(replace(gate, renewed_s=now_s))
        case Released():
            return _released(gate, now_s)
        case Left():
            return Step(Gate(why="who talked has gone"))


def _told(gate: Gate, event: Permitted | Failed | Unsent, now_s: float) -> Step:
    """By the mix, the microphone or the transmitter."""
    match event:
        case Permitted(at_s=at_s) if gate.state == "opening":
            return _timed(replace(gate, from_s=at_s), now_s)
        case Failed(why=why) if gate.state in ("opening", "open"):
            return Step(Gate(why=why), "deny")
        case Unsent() if gate.state != "idle":
            return _unsent(gate, event)
        case _:
            return Step(gate)


def _pressed(gate: Gate, event: Pressed, now_s: float) -> Step:
    if gate.state == "idle":
        return Step(_opening(event, now_s), "permit")
    if event.client != gate.client:
        return Step(gate, "busy", busy=True)
    if gate.state == "closing":
        return Step(replace(gate, again=event))
    return Step(replace(gate, renewed_s=now_s))  # the same key, said twice


def _opening(event: Pressed, now_s: float) -> Gate:
    publications = tuple(dict.fromkeys(event.publications))
    return Gate("opening", event.client, publications, since_s=now_s, renewed_s=now_s)


def _released(gate: Gate, now_s: float) -> Step:
    """A key that is let go before the permit has said nothing."""
    if gate.state == "opening":
        return Step(Gate())
    if gate.state == "open":
        return Step(replace(gate, state="closing", until_s=now_s + TAIL_S))
    return Step(replace(gate, again=None))


def _unsent(gate: Gate, event: Unsent) -> Step:
    if event.publication not in gate.publications:
        return Step(gate)
    rest = tuple(one for one in gate.publications if one != event.publication)
    why = f"{event.publication}: {event.why}"
    return Step(replace(gate, publications=rest, why=why) if rest else Gate(why=why), "deny")


def _closed(gate: Gate, now_s: float) -> Step:
    if gate.again is None:
        return Step(Gate())
    return Step(_opening(gate.again, now_s), "permit")


def _timed(gate: Gate, now_s: float) -> Step:
    """What no event may hold open."""
    if gate.state == "closing" and now_s >= gate.until_s + DRAIN_S:
        return _closed(gate, now_s)
    if gate.state not in ("opening", "open"):
        return Step(gate)
    if gate.state == "opening" and now_s >= gate.from_s:
        gate = replace(gate, state="open", since_s=now_s)
    if now_s - gate.renewed_s >= LEASE_S:
        return Step(Gate(why="nothing was heard of the key any more"), "deny")
    if gate.state == "opening" and now_s - gate.since_s >= PERMIT_S:
        return Step(Gate(why="the permit tone could not be sounded"), "deny")
    if gate.state == "open" and now_s - gate.since_s >= MOST_S:
        return Step(Gate(why=f"{MOST_S:.0f} s are the most; press again"), "deny")
    return Step(gate)


def takes(gate: Gate, begin_s: float, end_s: float) -> bool:
    """Whether sound that was spoken then goes out."""
    if gate.state == "open":
        return end_s > gate.from_s
    return gate.state == "closing" and end_s > gate.from_s and begin_s < gate.until_s
