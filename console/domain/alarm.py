"""A safety alarm: what it is, and how its life goes from raised to closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmEscalated,
    AlarmNoted,
    AlarmRaised,
    AlarmState,
    AlarmTaken,
    AlarmUnitsSent,
    AlarmVoiceKept,
    Event,
    Position,
)
from console.domain.mark import Mark, first, last, mark_of, together

Step = Literal["acknowledge", "take", "note", "send", "close"]
Answer = AlarmAcknowledged | AlarmTaken | AlarmNoted | AlarmUnitsSent | AlarmClosed

STEPS: Final[Mapping[type[Answer], Step]] = {
    AlarmAcknowledged: "acknowledge",
    AlarmTaken: "take",
    AlarmNoted: "note",
    AlarmUnitsSent: "send",
    AlarmClosed: "close",
}

NEXT: Final[Mapping[AlarmState, Mapping[Step, AlarmState]]] = {
    "raised": {
        "acknowledge": "acknowledged",
        "take": "in-progress",
        "note": "raised",
        "send": "raised",
    },
    "acknowledged": {
        "take": "in-progress",
        "note": "acknowledged",
        "send": "acknowledged",
        "close": "closed",
    },
    "in-progress": {
        "take": "in-progress",  # handed over: the last taker owns it
        "note": "in-progress",
        "send": "in-progress",
        "close": "closed",
    },
    "closed": {"note": "closed"},
}
"""What may follow what. An alarm that nobody has answered can't be closed."""

LATE: Final[frozenset[tuple[AlarmState, Step]]] = frozenset(
    {
        ("in-progress", "acknowledge"),
        ("closed", "acknowledge"),
        ("closed", "take"),
        ("closed", "send"),
    }
)
"""True when it was sent, overtaken when it came: noted, changes no state."""

MAX_NOTES: Final = 100
MAX_SENT: Final = 50
MAX_VOICES: Final = 50
"""Of one alarm; the newest stay."""


class Sent(Mark, frozen=True):
    units: tuple[str, ...] = ()


class Voice(Mark, frozen=True):
    """Where the open microphone's words are kept: at the engine of ``author``'s position."""

    stream: str = ""
    bursts: tuple[str, ...] = ()


class Alarm(msgspec.Struct, frozen=True):
    """One alarm. ``state`` follows from which marks are there, not from the order they came in.

    ``ways`` are the authors that told of it, ``aliases`` the ids under which the others than the
    first did (:mod:`console.domain.same_alarm`).
    """

    key: str
    unit: str
    raised: Mark
    state: AlarmState = "raised"
    talkgroup: str | None = None
    position: Position | None = None
    text: str = ""
    exercise: bool = False
    acknowledged: Mark | None = None
    taken: Mark | None = None
    closed: Mark | None = None
    escalated: Mark | None = None
    escalated_after_s: int = 0
    reason: str = ""
    notes: tuple[Mark, ...] = ()
    sent: tuple[Sent, ...] = ()
    voices: tuple[Voice, ...] = ()
    ways: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def answered(self) -> Mark | None:
        """The first sign that an operator has seen it."""
        return first(self.acknowledged, self.taken)

    @property
    def note(self) -> str:
        """What was said when it was closed, before that when it was taken."""
        said = self.closed or self.taken
        return said.text if said is not None else ""

    @property
    def latest(self) -> str:
        """The id of the newest event of this alarm: the ``cause`` of an answer to it."""
        steps = (self.raised, self.acknowledged, self.taken, self.closed)
        return max(m.id for m in steps if m is not None)


def from_raised(event: Event, body: AlarmRaised) -> Alarm:
    return Alarm(
        key=body.alarm,
        unit=body.unit,
        raised=mark_of(event),
        talkgroup=body.talkgroup,
        position=body.position,
        text=body.text,
        exercise=body.exercise,
        ways=(event.author,),
    )


def allowed(state: AlarmState, step: Step) -> bool:
    """May a person do this now? (The desk and the command line ask before they publish.)"""
    return step in NEXT[state]


def answer(alarm: Alarm, event: Event, body: Answer) -> Alarm:
    """Note one answer. The first acknowledgement and close stand; the last taker owns it."""
    match body:
        case AlarmAcknowledged():
            changed = _replace(alarm, acknowledged=first(alarm.acknowledged, mark_of(event)))
        case AlarmTaken():
            changed = _replace(alarm, taken=last(alarm.taken, mark_of(event, body.note)))
        case AlarmNoted():
            changed = _noted(alarm, mark_of(event, body.text))
        case AlarmUnitsSent():
            changed = _sent(alarm, event, body)
        case AlarmClosed():
            changed = _closed(alarm, mark_of(event, body.note), body.reason)
    return with_state(changed)


def escalate(alarm: Alarm, event: Event, body: AlarmEscalated) -> Alarm:
    """Sites of several nodes may tell it more than once: the first stands."""
    if alarm.escalated is not None and alarm.escalated.id <= event.id:
        return alarm
    return _replace(alarm, escalated=mark_of(event), escalated_after_s=body.after_s)


def keep_voice(alarm: Alarm, event: Event, body: AlarmVoiceKept) -> Alarm:
    new = Voice(**_fields(event), stream=body.stream, bursts=body.bursts)
    return _replace(alarm, voices=together(alarm.voices, (new,), MAX_VOICES))


def with_state(alarm: Alarm) -> Alarm:
    """Walk the table with the steps that have been marked, in the order of the life cycle."""
    state: AlarmState = "raised"
    marks: tuple[tuple[Step, Mark | None], ...] = (
        ("acknowledge", alarm.acknowledged),
        ("take", alarm.taken),
        ("close", alarm.closed),
    )
    for step, mark in marks:
        if mark is not None:
            state = NEXT[state].get(step, state)
    return _replace(alarm, state=state)


def _noted(alarm: Alarm, mark: Mark) -> Alarm:
    return _replace(alarm, notes=together(alarm.notes, (mark,), MAX_NOTES))


def _sent(alarm: Alarm, event: Event, body: AlarmUnitsSent) -> Alarm:
    new = Sent(**_fields(event, body.text), units=body.units)
    return _replace(alarm, sent=together(alarm.sent, (new,), MAX_SENT))


def _closed(alarm: Alarm, mark: Mark, reason: str) -> Alarm:
    if alarm.closed is not None and alarm.closed.id <= mark.id:
        return alarm
    return _replace(alarm, closed=mark, reason=reason)


def _fields(event: Event, text: str = "") -> dict[str, Any]:
    return msgspec.structs.asdict(mark_of(event, text))


def _replace(alarm: Alarm, **fields: object) -> Alarm:
    return msgspec.structs.replace(alarm, **fields)
