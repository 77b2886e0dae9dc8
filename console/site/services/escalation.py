"""An alarm that nobody acknowledges in time escalates on every desk: when, and by whom told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from typing import Final

from console.domain.alarm import Alarm
from console.domain.events import AlarmEscalated, Event
from console.domain.state import State, apply_all, changed_keys
from console.site.address import LinkState
from console.site.log.link import SiteLink
from console.site.log.subjects import SUFFIX
from console.site.services.service import NodeContext

DEFAULT_AFTER_S: Final = 60
PROGRAM: Final = "escalation"


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


class EscalationService:
    """The escalator at work on the site's own log. ``tick`` is called by the site's main loop.

    The time counts from when the alarm came to the site, so a sender's wrong clock changes
    nothing; only for alarms from before the site's start the sender's clock has to do.
    """

    name = "escalation"

    def __init__(self, context: NodeContext, after_s: int) -> None:
        self._after_s = after_s
        self._escalator = Escalator(after_s)
        self._lock = threading.Lock()
        self._state = State()
        self._link = SiteLink(
            context.address,
            author=f"{context.address.identity.name}{SUFFIX}{PROGRAM}",
            spool=context.folder / "spool",
            on_events=self._on_events,
            on_state=self._on_state,
            live=False,
        )

    def start(self) -> None:
        """Raises SpoolError."""
        self._link.start()

    def stop(self) -> None:
        self._link.stop()

    def tick(self) -> None:
        if not self._link.is_caught_up:
            return
        with self._lock:
            due = self._escalator.take_due(time.monotonic())
        for alarm in due:
            self._link.publish(
                AlarmEscalated(alarm=alarm.key, after_s=self._after_s), cause=alarm.raised.id
            )

    def on_members_changed(self) -> None:
        """An alarm escalates whoever is enrolled."""

    def _on_events(self, events: Sequence[Event]) -> None:
        fresh = self._link.is_caught_up
        now_ms = time.time_ns() // 1_000_000
        old, self._state = self._state, apply_all(self._state, events)
        keys = changed_keys(old.alarms, self._state.alarms)
        changed = [a for key in keys if (a := self._state.alarms.get(key)) is not None]
        ages = [0.0 if fresh else (now_ms - a.raised.time_ms) / 1_000 for a in changed]
        with self._lock:
            self._escalator.observe(zip(changed, ages, strict=True), time.monotonic())

    def _on_state(self, state: LinkState, sentence: str) -> None:
        """The supervisor sees for itself when the server is gone."""
