"""What comes in, from the log and live: validated, told once, handed on in batches."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from console.domain.events import LIVE, URGENT, Event, UnitMoved
from console.site.log.clocks import with_order
from console.site.log.counts import LinkCounts
from console.site.log.door import Door
from console.site.log.subjects import MANY, LogStream
from console.site.log.wire import EventError, decode_live

BATCH_S: Final = 0.025
"""What comes in is handed on at once, but not more often than this: each time a picture's tables
are copied. An alarm is not kept waiting."""
MAX_BATCH: Final = 1_000
MAX_KNOWN: Final = 50_000
"""Ids remembered per way in, so that an event that comes again is told once."""
MANY_MOVES: Final = f".{MANY}"
MOVES: Final = "vb.live.move."
LIVE_TOKENS: Final = (MOVES, "vb.live.floor.")
"""What is said live and is an event."""


class TakingIn:
    """On the link's loop. ``caught_up``: all that the log held when the session came up has been
    handed on."""

    def __init__(self, hand_on: Callable[[Sequence[Event]], None], counts: LinkCounts) -> None:
        self.caught_up = threading.Event()
        self.door = Door()
        self._hand_on = hand_on
        self._counts = counts
        self._batch: list[Event] = []
        self._flush: asyncio.Handle | None = None
        self._flushed_s = float("-inf")
        self._known = _Known()
        self._known_live = _Known()

    def take_logged(
        self, subject: str, payload: bytes, stream: LogStream, stored_ms: int = 0
    ) -> None:
        try:
            event = self.door.read_logged(subject, payload, stream, stored_ms)
        except EventError as error:
            self._counts.skip(f"{stream.name}: {error}")
            return
        known = self._known_live if isinstance(event.body, LIVE) else self._known
        if known.is_new(event.id):  # as its author has said it, however often it was stored
            self._receive(with_order(event, stored_ms))

    def take_live(self, subject: str, payload: bytes) -> None:
        if subject.endswith(MANY_MOVES):
            self._take_moves(subject, payload)
            return
        try:
            event = decode_live(subject, payload)
        except EventError as error:
            if subject.startswith(MOVES):
                self.door.note_unreadable()
            self._counts.skip(f"live: {error}")
            return
        if self.door.is_far_ahead(event) and not isinstance(event.body, UnitMoved):
            return  # the log's word follows, with when it was stored
        if self._known_live.is_new(event.id):
            self._receive(event)

    def _take_moves(self, subject: str, payload: bytes) -> None:
        try:
            moves, complaints = self.door.read(subject, payload)
        except EventError as error:
            self._counts.skip(f"live: {error}")
            return
        for why in complaints:
            self._counts.skip(f"live: {why}")
        new = [event for event in moves if self._known_live.is_new(event.id)]
        self._batch += self.door.let_in(new)
        self._flush_in_time()

    def _receive(self, event: Event) -> None:
        if isinstance(event.body, UnitMoved) and not self.door.let_in((event,)):
            return
        self._batch.append(event)
        if isinstance(event.body, URGENT) and self.caught_up.is_set():
            self._flush_soon()
        else:
            self._flush_in_time()

    def _flush_in_time(self) -> None:
        """At once after a quiet while: what comes alone waits for nothing."""
        if len(self._batch) >= MAX_BATCH:
            self.flush()
        elif self._flush is None and self._batch:
            loop = asyncio.get_running_loop()
            self._flush = loop.call_at(self._flushed_s + BATCH_S, self.flush)

    def _flush_soon(self) -> None:
        """At the end of this turn of the loop, with whatever else it brings."""
        if self._flush is not None:
            self._flush.cancel()
        self._flush = asyncio.get_running_loop().call_soon(self.flush, self._flushed_s)

    def flush(self, flushed_s: float | None = None) -> None:
        """Hand on what is there; ``flushed_s``: as if it had been at that time."""
        if self._flush is not None:
            self._flush.cancel()
            self._flush = None
        if not self._batch:
            return
        batch, self._batch = tuple(self._batch), []
        self._flushed_s = asyncio.get_running_loop().time() if flushed_s is None else flushed_s
        self._hand_on(batch)

    def has_caught_up(self) -> None:
        self.flush()
        self.caught_up.set()


class _Known:
    """Ids met before, the last ``MAX_KNOWN`` of them."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._oldest: deque[str] = deque()  # first; a dict would look for it ever longer

    def is_new(self, event_id: str) -> bool:
        if event_id in self._ids:
            return False
        self._ids.add(event_id)
        self._oldest.append(event_id)
        if len(self._oldest) > MAX_KNOWN:
            self._ids.discard(self._oldest.popleft())
        return True
