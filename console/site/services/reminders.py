"""Who has not answered a call-out is reminded; a call that nobody answers stops ringing: when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from console.domain.call import RING_S, Call
from console.domain.callout import Callout

FIRST: Final = 1


class Reminder(msgspec.Struct, frozen=True):
    callout: str
    number: int


class Reminders:
    """Pure: call-outs and times in, reminders that are due out."""

    def __init__(self) -> None:
        self._due: dict[str, tuple[float, Reminder]] = {}

    def observe(self, callouts: Iterable[tuple[Callout, float]], now_s: float) -> None:
        """Call-outs that are new or changed, each with how long ago it was sent or, if there was
        one, last reminded of, in seconds. A reminder told by another node is one like ours."""
        for callout, age_s in callouts:
            number = next_number(callout)
            if number is None:
                self._due.pop(callout.key, None)
                continue
            reminder = Reminder(callout.key, number)
            known = self._due.get(callout.key)
            if known is None or known[1] != reminder:
                left_s = callout.reminder_s - min(max(age_s, 0.0), callout.reminder_s)
                self._due[callout.key] = (now_s + left_s, reminder)

    def take_due(self, now_s: float) -> list[Reminder]:
        """Each once."""
        due = [reminder for at_s, reminder in self._due.values() if at_s <= now_s]
        for reminder in due:
            del self._due[reminder.callout]
        return due


class Ringing:
    """Pure: calls and times in, calls out that have rung for :data:`RING_S`."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}

    def observe(self, calls: Iterable[tuple[Call, float]], now_s: float) -> None:
        """Calls that are new or changed, each with how long ago it was offered, in seconds."""
        for call, age_s in calls:
            if call.state != "ringing":
                self._due.pop(call.key, None)
            elif call.key not in self._due:
                self._due[call.key] = now_s + RING_S - min(max(age_s, 0.0), RING_S)

    def take_due(self, now_s: float) -> list[str]:
        """Each once."""
        due = [key for key, at_s in self._due.items() if at_s <= now_s]
        for key in due:
            del self._due[key]
        return due


def next_number(callout: Callout) -> int | None:
    """Of the reminder that comes next, None = none does."""
    told = [number for number, _ in callout.reminded]
    number = max(told, default=0) + FIRST
    is_wanted = callout.state == "open" and callout.reminder_s > 0
    return number if is_wanted and number <= callout.reminders else None
