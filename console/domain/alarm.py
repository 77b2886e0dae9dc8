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
    AlarmReopened,
    AlarmState,
    AlarmTaken,
    AlarmUnitsSent,
    AlarmVoiceKept,
    Event,
    Position,
)
from console.domain.mark import Mark, first, last, mark_of, together

Step = Literal["acknowledge", "take", "note", "send", "close", "reopen"]
Answer = AlarmAcknowledged | AlarmTaken | AlarmNoted | AlarmUnitsSent | AlarmClosed | AlarmReopened

STEPS: Final[Mapping[type[Answer], Step]] = {
    AlarmAcknowledged: "acknowledge",
    AlarmTaken: "take",
    AlarmNoted: "note",
    AlarmUnitsSent: "send",
    AlarmClosed: "close",
    AlarmReopened: "reopen",
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
    "closed": {
        "note": "closed",
        "reopen": "acknowledged",  # in progress, if it was
    },
}
"""What may follow what. An alarm that nobody has answered can't be closed."""

LATE: Final[frozenset[tuple[AlarmState, Step]]] = frozenset(
    {
        ("in-progress", "acknowledge"),
        ("closed", "acknowledge"),
        ("closed", "take"),
        ("closed", "send"),
        ("raised", "reopen"),
        ("acknowledged", "reopen"),
        ("in-progress", "reopen"),
    }
)
"""True when it was sent, overtaken when it came: noted, changes no state."""

MAX_NOTES: Final = 100
MAX_SENT: Final = 50
MAX_VOICES: Final = 50
MAX_CLOSES: Final = 16
"""Of one alarm; the newest stay."""


class Sent(Mark, frozen=True):
    units: tuple[str, ...] = ()
    callout: str = ""  # that asks them, "" = none does


class Voice(Mark, frozen=True):
    """Where the open microphone's words are kept: at the engine of ``author``'s position."""

    stream: str = ""
    bursts: tuple[str, ...] = ()


class Close(Mark, frozen=True):
    reason: str = ""


class Reopening(Mark, frozen=True):
    """``closes``: the ids of what counts no more."""

    closes: tuple[str, ...] = ()


class Alarm(msgspec.Struct, frozen=True):
    """One alarm. ``state`` follows from which marks are there, not from the order they came in;
    ``closed`` is the first of the ``closes`` that nobody has taken back.

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
    closed: Close | None = None
    escalated: Mark | None = None
    escalated_after_s: int = 0
    reason: str = ""  # why it is closed
    closes: tuple[Close, ...] = ()
    reopened: tuple[Reopening, ...] = ()
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
    def standing_closes(self) -> tuple[str, ...]:
        """The ids of what :class:`AlarmReopened` has to take back."""
        undone = {close for mark in self.reopened for close in mark.closes}
        return tuple(mark.id for mark in self.closes if mark.id not in undone)

    @property
    def note(self) -> str:
        """What was said when it was closed, before that when it was taken."""
        said = self.closed or self.taken
        return said.text if said is not None else ""

    @property
    def latest(self) -> str:
        """The id of the newest event of this alarm: the ``cause`` of an answer to it."""
        steps = (self.raised, self.acknowledged, self.taken, *self.closes, *self.reopened)
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
    """Note one answer. The first acknowledgement stands, and the first close that nobody has
    taken back; the last taker owns it."""
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
            changed = _closed(alarm, event, body)
        case AlarmReopened():
            changed = _reopened(alarm, event, body)
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
    standing = alarm.standing_closes
    closed = next((mark for mark in alarm.closes if mark.id in standing), None)
    state: AlarmState = "raised"
    marks: tuple[tuple[Step, Mark | None], ...] = (
        ("acknowledge", alarm.acknowledged),
        ("take", alarm.taken),
        ("close", closed),
    )
    for step, mark in marks:
        if mark is not None:
            state = NEXT[state].get(step, state)
    reason = closed.reason if closed is not None else ""
    return _replace(alarm, state=state, closed=closed, reason=reason)


def _noted(alarm: Alarm, mark: Mark) -> Alarm:
    return _replace(alarm, notes=together(alarm.notes, (mark,), MAX_NOTES))


def _sent(alarm: Alarm, event: Event, body: AlarmUnitsSent) -> Alarm:
    new = Sent(**_fields(event, body.text), units=body.units, callout=body.callout or "")
    return _replace(alarm, sent=together(alarm.sent, (new,), MAX_SENT))


def _closed(alarm: Alarm, event: Event, body: AlarmClosed) -> Alarm:
    new = Close(**_fields(event, body.note), reason=body.reason)
    return _replace(alarm, closes=together(alarm.closes, (new,), MAX_CLOSES))


def _reopened(alarm: Alarm, event: Event, body: AlarmReopened) -> Alarm:
    new = Reopening(**_fields(event, body.note), closes=body.closes)
    return _replace(alarm, reopened=together(alarm.reopened, (new,), MAX_CLOSES))


def _fields(event: Event, text: str = "") -> dict[str, Any]:
    return msgspec.structs.asdict(mark_of(event, text))


def _replace(alarm: Alarm, **fields: object) -> Alarm:
    return msgspec.structs.replace(alarm, **fields)
