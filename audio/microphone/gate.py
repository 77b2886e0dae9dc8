"""The microphone's gate: who talks, from the permit tone to the last syllable. Pure.

One client at a time. An over is held open by a key; a *line* stays open for as long as a full
duplex call lasts, gives way to an over of its client, and ends at once. What a state makes of an
event is in :func:`step`, with time given from outside; the shell (:mod:`audio.microphone.talk`)
sounds the tones and sends the sound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from audio.protocol import MAX_OVER_S, TalkCause, TalkState

LEASE_S: Final = 1.5  # after the last renewal: who holds the key has hung or gone
MOST_S: Final = MAX_OVER_S  # of one over; a stuck key does not block a talkgroup for longer
WARN_S: Final = 5.0  # before the time is out; of a short permit, half of it
PERMIT_S: Final = 2.0  # for the permit tone to sound; the mix thread hangs if it takes longer
TAIL_S: Final = 0.1  # after the key: fingers are quicker than the end of a word
DRAIN_S: Final = 0.5  # more for what the device holds; then it closes without

Tone = Literal["permit", "deny", "busy", "preempted", "timeout-warning"]


@dataclass(frozen=True, slots=True)
class Pressed:
    client: int
    publications: tuple[str, ...]
    most_s: float = MOST_S  # of this over, from the permit tone's end
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class Renewed:
    client: int


@dataclass(frozen=True, slots=True)
class Released:
    """The key is up; ``is_line``: the call is over."""

    client: int
    is_line: bool = False


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
class Preempted:
    """Another has been given the floor of these."""

    publications: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Drained:
    """All that was said before the key went up has been sent."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Only time has."""


Event = (
    Pressed | Renewed | Released | Left | Permitted | Failed | Unsent | Preempted | Drained | Passed
)


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
    most_s: float = MOST_S
    is_warned: bool = False  # that the time will soon be out
    why: str = ""
    cause: TalkCause = ""
    again: Pressed | None = None  # was pressed while the last over was still draining
    is_line: bool = False  # stays, so that it is known of what a gate was that has closed


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
        case Permitted() | Failed() | Unsent() | Preempted():
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
        case Released(is_line=True):
            return _hung_up(gate)
        case Released():
            return Step(gate) if gate.is_line else _released(gate, now_s)
        case Left():
            return Step(_shut(gate, "who talked has gone", "gone"))


def _told(gate: Gate, event: Permitted | Failed | Unsent | Preempted, now_s: float) -> Step:
    """By the mix, the microphone, the transmitter or who gives the floor."""
    match event:
        case Permitted(at_s=at_s) if gate.state == "opening":
            return _timed(replace(gate, from_s=at_s), now_s)
        case Failed(why=why) if gate.state in ("opening", "open"):
            return Step(_shut(gate, why, "failed"), "deny")
        case Unsent(publication=lost, why=why) if gate.state != "idle":
            return _without(gate, (lost,), f"{lost}: {why}", "unsent")
        case Preempted(publications=lost, by=by) if gate.state != "idle":
            return _without(gate, lost, f"pre-empted by {by or 'another'}", "preempted")
        case _:
            return Step(gate)


def _pressed(gate: Gate, event: Pressed, now_s: float) -> Step:
    if gate.state == "idle":
        return _begun(event, now_s)
    if event.client != gate.client:
        return Step(gate, None if event.is_line else "busy", busy=True)
    if gate.state == "closing":
        return Step(replace(gate, again=event))
    if gate.is_line and not event.is_line:
        return _begun(event, now_s)
    if event.is_line and not gate.is_line:
        return Step(gate)  # nobody is cut off by a call
    return Step(replace(gate, renewed_s=now_s))  # the same key, said twice


def _begun(event: Pressed, now_s: float) -> Step:
    """An over waits for its permit tone; a line is open."""
    opening = _opening(event, now_s)
    if not event.is_line:
        return Step(opening, "permit")
    return Step(replace(opening, state="open", from_s=now_s, is_line=True))


def _shut(gate: Gate, why: str, cause: TalkCause) -> Gate:
    return Gate(why=why, cause=cause, is_line=gate.is_line)


def _hung_up(gate: Gate) -> Step:
    """No tail: what is said once the call is over is for nobody."""
    if gate.again is not None and gate.again.is_line:
        return Step(replace(gate, again=None))
    return Step(Gate(is_line=True)) if gate.is_line else Step(gate)


def _opening(event: Pressed, now_s: float) -> Gate:
    publications = tuple(dict.fromkeys(event.publications))
    return Gate(
        "opening", event.client, publications, since_s=now_s, renewed_s=now_s, most_s=event.most_s
    )


def _released(gate: Gate, now_s: float) -> Step:
    """A key that is let go before the permit has said nothing."""
    if gate.state == "opening":
        return Step(Gate())
    if gate.state == "open":
        return Step(replace(gate, state="closing", until_s=now_s + TAIL_S))
    keeps = gate.again is not None and gate.again.is_line
    return Step(gate if keeps else replace(gate, again=None))


def _without(gate: Gate, lost: tuple[str, ...], why: str, cause: TalkCause) -> Step:
    """The over goes on, on what is left, if anything is."""
    rest = tuple(one for one in gate.publications if one not in lost)
    if len(rest) == len(gate.publications):
        return Step(gate)
    tone: Tone = "preempted" if cause == "preempted" else "deny"
    if not rest:
        return Step(_shut(gate, why, cause), tone)
    return Step(replace(gate, publications=rest, why=why, cause=cause), tone)


def _closed(gate: Gate, now_s: float) -> Step:
    if gate.again is None:
        return Step(Gate())
    return _begun(gate.again, now_s)


def _timed(gate: Gate, now_s: float) -> Step:
    """What no event may hold open."""
    if gate.state == "closing" and now_s >= gate.until_s + DRAIN_S:
        return _closed(gate, now_s)
    if gate.state not in ("opening", "open"):
        return Step(gate)
    if gate.state == "opening" and now_s >= gate.from_s:
        gate = replace(gate, state="open", since_s=now_s)
    if now_s - gate.renewed_s >= LEASE_S:
        return Step(_shut(gate, "nothing was heard of the key any more", "lease"), "deny")
    if gate.state == "opening" and now_s - gate.since_s >= PERMIT_S:
        return Step(_shut(gate, "the permit tone could not be sounded", "failed"), "deny")
    if gate.state == "open" and not gate.is_line:
        return _timed_out(gate, now_s)
    return Step(gate)


def _timed_out(gate: Gate, now_s: float) -> Step:
    """The time-out timer: a warning while there is still time to end the sentence, then the end."""
    left_s = gate.most_s - (now_s - gate.since_s)
    if left_s <= 0:
        why = f"{gate.most_s:g} s are the most; press again"
        return Step(Gate(why=why, cause="timeout"), "deny")
    if not gate.is_warned and left_s <= min(WARN_S, gate.most_s / 2):
        return Step(replace(gate, is_warned=True), "timeout-warning")
    return Step(gate)


def takes(gate: Gate, begin_s: float, end_s: float) -> bool:
    """Whether sound that was spoken then goes out."""
    if gate.state == "open":
        return end_s > gate.from_s
    return gate.state == "closing" and end_s > gate.from_s and begin_s < gate.until_s
