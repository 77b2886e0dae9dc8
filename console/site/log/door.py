"""Where positions come in: decoded, looked at with this machine's clock, counted when refused.

Only here, and not where events are applied: the picture is a function of events alone, without a
clock. A fix of the future has to be kept out all the same. It would be the newest there is until
its time has come, and the unit would stand still on the map meanwhile.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterable

from console.domain import fixes
from console.domain.events import Event, UnitMoved
from console.domain.fixes import Refusal
from console.site.log.clocks import with_times
from console.site.log.ids import far_ahead
from console.site.log.subjects import ALARMS, TRACKS, LogStream
from console.site.log.wire import (
    EventError,
    decode_logged,
    decode_moves,
    with_readable_time,
    without_place,
)


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Door:
    """``refused`` counts by reason; used by one thread."""

    def __init__(self, now_ms: Callable[[], int] = wall_ms) -> None:
        self._now_ms = now_ms
        self.refused: Counter[Refusal] = Counter()
        self.odd_times = 0  # of events, said to be from when they can't be
        self.unreadable = 0  # those of the malformed that were no position at all

    def read(self, subject: str, payload: bytes) -> tuple[list[Event], list[str]]:
        """:func:`console.site.log.wire.decode_moves`, with what could not be read counted. Raises
        EventError."""
        try:
            events, complaints = decode_moves(subject, payload)
        except EventError:
            self.note_unreadable()
            raise
        self.note_unreadable(len(complaints))
        return events, complaints

    def read_logged(
        self, subject: str, payload: bytes, stream: LogStream, stored_ms: int = 0
    ) -> Event:
        """:func:`console.site.log.wire.decode_logged`; an alarm whose place or time can't be read
        comes without it, and what is said to have been at a time that can't be, is marked
        (:mod:`console.site.log.clocks`). Raises EventError."""
        event = with_times(self._decoded(subject, payload, stream), stored_ms)
        if event.received_ms and event.time_ms == event.received_ms:
            self.odd_times += 1
        return event

    def _decoded(self, subject: str, payload: bytes, stream: LogStream) -> Event:
        try:
            return decode_logged(subject, payload, stream)
        except EventError:
            if stream is TRACKS:
                self.note_unreadable()
            if stream is not ALARMS:
                raise
            return self._salvaged(subject, payload)

    def _salvaged(self, subject: str, payload: bytes) -> Event:
        """Nobody in need is to go unheard because of a radio's position or clock."""
        timely = with_readable_time(payload)
        if timely is not None:
            with contextlib.suppress(EventError):
                return decode_logged(subject, timely, ALARMS)
        placeless = without_place(timely or payload)
        event = decode_logged(subject, placeless or payload, ALARMS)
        self.refused["malformed"] += 1
        return event

    def note_unreadable(self, count: int = 1) -> None:
        """Something came where positions come, and is none."""
        self.refused["malformed"] += count
        self.unreadable += count

    def is_far_ahead(self, event: Event) -> bool:
        """By this machine's clock: its id is of no time yet."""
        return event.id >= far_ahead(self._now_ms())

    def let_in(self, events: Iterable[Event]) -> list[Event]:
        """Those of these positions that may be believed."""
        now_ms = self._now_ms()
        limit = far_ahead(now_ms)
        return [event for event in events if self._is_let_in(event, now_ms, limit)]

    def _is_let_in(self, event: Event, now_ms: int, limit: str) -> bool:
        """Decoded, so its figures are sound. An id that is far ahead is as bad as a fix: no later
        word would count beside it."""
        body = event.body
        if type(body) is not UnitMoved:
            return True
        if event.id < limit and not fixes.is_ahead(event, body.position, now_ms):
            return True
        self.refused["ahead"] += 1
        return False
