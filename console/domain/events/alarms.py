"""A safety alarm and all that is said of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from console.domain.events.base import Body, Id, Position, Receivers, Text, Ulid, each_once

AlarmState = Literal["raised", "acknowledged", "in-progress", "closed"]
CloseReason = Literal["real", "false-press", "test"]
NoteText = Annotated[str, Meta(min_length=1, max_length=1_000)]
BurstId = Annotated[str, Meta(pattern=r"\A[0-9]{13}-[0-9a-f]{8}\Z")]
"""As the engine names a kept burst: its start in unix milliseconds and a number of chance."""
StreamKey = Annotated[str, Meta(min_length=1, max_length=200)]


class AlarmRaised(Body, frozen=True, tag="alarm-raised"):
    """A safety alarm (TETRA status 0). The event's ``alarm`` id is chosen by who raises it."""

    alarm: Id
    unit: Id
    talkgroup: Id | None = None
    position: Position | None = None
    text: Text = ""
    exercise: bool = False


class AlarmAcknowledged(Body, frozen=True, tag="alarm-acknowledged"):
    alarm: Id


class AlarmTaken(Body, frozen=True, tag="alarm-taken"):
    """The author owns it from now on: raised or acknowledged becomes in progress, one in progress
    is handed over."""

    alarm: Id
    note: Text = ""


class AlarmNoted(Body, frozen=True, tag="alarm-noted"):
    """Something to remember of it; at any time, also when it is closed."""

    alarm: Id
    text: NoteText


class AlarmUnitsSent(Body, frozen=True, tag="alarm-units-sent"):
    """Units (ambulances, police …) that are sent; ``text``: where to, where they hold; ``callout``
    asks them: where that is called off, they are not sent."""

    alarm: Id
    units: Receivers
    text: Text = ""
    callout: Id | None = None

    def __post_init__(self) -> None:
        each_once(self.units, "units")


class AlarmClosed(Body, frozen=True, tag="alarm-closed"):
    alarm: Id
    reason: CloseReason
    note: Text = ""


class AlarmReopened(Body, frozen=True, tag="alarm-reopened"):
    """It was closed by a slip: ``closes`` are the ids of the events that count no more. The alarm
    is where it was before them; the log has both."""

    alarm: Id
    closes: Annotated[tuple[Ulid, ...], Meta(min_length=1, max_length=16)]
    note: Text = ""


class AlarmEscalated(Body, frozen=True, tag="alarm-escalated"):
    """Nobody acknowledged in time."""

    alarm: Id
    after_s: Annotated[int, Meta(ge=0)]


class AlarmVoiceKept(Body, frozen=True, tag="alarm-voice-kept"):
    """What the unit's open microphone said: bursts of a stream, kept by the author's engine."""

    alarm: Id
    stream: StreamKey
    bursts: Annotated[tuple[BurstId, ...], Meta(min_length=1, max_length=64)]
