"""An alarm that nobody acknowledges in time escalates on every desk: when it does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from console.domain.alarm import Alarm

DEFAULT_AFTER_S: Final = 60


class Escalator:
    """Pure: alarms and times in, alarms that are due out."""

    def __init__(self, after_s: int) -> None:
        self._after_s = after_s
        self._due: dict[str, tuple[float, Alarm]] = {}

    def observe(self, alarms: Iterable[tuple[Alarm, float]], now_s: float) -> None:
        """Alarms that are new or changed, each with how long ago it was raised, in seconds."""
        for alarm, age_s in alarms:
            if alarm.state != "raised" or alarm.escalated is not None:
                self._due.pop(alarm.key, None)
            elif alarm.key not in self._due:
                left_s = self._after_s - min(max(age_s, 0.0), self._after_s)
                self._due[alarm.key] = (now_s + left_s, alarm)

    def take_due(self, now_s: float) -> list[Alarm]:
        """Each alarm is due once."""
        due = [alarm for at_s, alarm in self._due.values() if at_s <= now_s]
        for alarm in due:
            del self._due[alarm.key]
        return due
