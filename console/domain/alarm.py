"""A safety alarm: what it is, and how its life goes from raised to closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmEscalated,
    AlarmRaised,
    AlarmState,
    AlarmTaken,
    Event,
    Position,
)

Step = Literal["acknowledge", "take", "close"]
Answer = AlarmAcknowledged | AlarmTaken | AlarmClosed

STEPS: Final[Mapping[type[Answer], Step]] = {
    AlarmAcknowledged: "acknowledge",
    AlarmTaken: "take",
    AlarmClosed: "close",
}

NEXT: Final[Mapping[AlarmState, Mapping[Step, AlarmState]]] = {
    "raised": {"acknowledge": "acknowledged", "take": "in-progress"},
    "acknowledged": {"take": "in-progress", "close": "closed"},
    "in-progress": {"close": "closed"},
    "closed": {},
}
"""What may follow what. An alarm that nobody has answered can't be closed."""

LATE: Final[frozenset[tuple[AlarmState, Step]]] = frozenset(
    {
        ("in-progress", "acknowledge"),
        ("closed", "acknowledge"),
        ("closed", "take"),
    }
)
"""True when it was sent, overtaken when it came: noted, changes no state."""


class Mark(msgspec.Struct, frozen=True):
    """Who did one step, and when by that author's clock."""

    id: str
    time_ms: int
    author: str
    person: str = ""

    @property
    def who(self) -> str:
        return self.person or self.author


class Alarm(msgspec.Struct, frozen=True):
    """One alarm. ``state`` follows from which marks are there, not from the order they came in."""

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
    note: str = ""

    @property
    def answered(self) -> Mark | None:
        """The first sign that an operator has seen it."""
        marks = [m for m in (self.acknowledged, self.taken) if m is not None]
        return min(marks, key=lambda m: m.id, default=None)

    @property
    def latest(self) -> str:
        """The id of the newest event of this alarm: the ``cause`` of an answer to it."""
        steps = (self.raised, self.acknowledged, self.taken, self.closed)
        return max(m.id for m in steps if m is not None)


def mark_of(event: Event) -> Mark:
    return Mark(event.id, event.time_ms, event.author, event.person)


def from_raised(event: Event, body: AlarmRaised) -> Alarm:
    return Alarm(
        key=body.alarm,
        unit=body.unit,
        raised=mark_of(event),
        talkgroup=body.talkgroup,
        position=body.position,
        text=body.text,
        exercise=body.exercise,
    )


def allowed(state: AlarmState, step: Step) -> bool:
    """May a person do this now? (The desk and the command line ask before they publish.)"""
    return step in NEXT[state]


def answer(alarm: Alarm, event: Event, body: Answer) -> Alarm:
    """Note one answer. The first acknowledgement and close stand; the last taker owns it."""
    mark = mark_of(event)
    if isinstance(body, AlarmAcknowledged):
        alarm = _replace(alarm, acknowledged=_first(alarm.acknowledged, mark))
    elif isinstance(body, AlarmTaken):
        alarm = _taken(alarm, mark, body.note)
    else:
        alarm = _closed(alarm, mark, body)
    return _replace(alarm, state=_derive(alarm))


def escalate(alarm: Alarm, event: Event, body: AlarmEscalated) -> Alarm:
    if alarm.escalated is not None and alarm.escalated.id <= event.id:
        return alarm
    return _replace(alarm, escalated=mark_of(event), escalated_after_s=body.after_s)


def _taken(alarm: Alarm, mark: Mark, note: str) -> Alarm:
    if alarm.taken is not None and alarm.taken.id >= mark.id:
        return alarm
    return _replace(alarm, taken=mark, note=note if alarm.closed is None else alarm.note)


def _closed(alarm: Alarm, mark: Mark, body: AlarmClosed) -> Alarm:
    if alarm.closed is not None and alarm.closed.id <= mark.id:
        return alarm
    return _replace(alarm, closed=mark, reason=body.reason, note=body.note)


def _derive(alarm: Alarm) -> AlarmState:
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
    return state


def _first(old: Mark | None, new: Mark) -> Mark:
    return new if old is None or new.id < old.id else old


def _replace(alarm: Alarm, **fields: object) -> Alarm:
    return msgspec.structs.replace(alarm, **fields)
