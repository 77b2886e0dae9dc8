"""What is published, on whatever thread: made an event, numbered, put in line to be handed over.

Id, sequence number and place in the line are given under one lock, so that all three say the same
order.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import Final

from console.domain.events import LIVE, AnyBody, Event, UnitMoved
from console.domain.exercise_rule import is_marked
from console.domain.roles import is_exercise, may_say, who_may_say
from console.domain.texts import plain, plain_body
from console.site.log.counts import LinkCounts
from console.site.log.ids import EventIds
from console.site.log.line import Line
from console.site.log.outbox import SpoolError
from console.site.log.spool import Spool
from console.site.log.subjects import kind_of
from console.site.log.wire import EventError, MayNotSayError, encode
from console.site.security.identity import Identity

MAX_QUEUED: Final = 20_000
"""Published and not yet handed to disk or wire. Beyond it live events are dropped and counted, a
durable one is refused with SpoolError."""
SEQ_BLOCK: Final = 100_000


class Publishing:
    """For any thread, but ``take``, ``observe`` and ``count_on``, which are the loop's."""

    def __init__(
        self, line: Line, author: str, person: str, spool: Spool, counts: LinkCounts
    ) -> None:
        self.author = author
        self._line = line
        self._person = person
        self._spool = spool
        self._counts = counts
        self._lock = threading.Lock()  # guards all below
        self._ids = EventIds()
        self._seq = _Sequence(0, 0)
        self._queue: deque[tuple[Event, bytes]] = deque()
        self._durable_queued = 0
        self._woken = False
        self._pressing = False

    def open(self) -> None:
        """Go on where this author's outbox had come to. Raises SpoolError."""
        self._spool.open()
        first = self._spool.reserve(SEQ_BLOCK)
        self._seq = _Sequence(first, first + SEQ_BLOCK)
        self._ids = EventIds(self._spool.last_id())

    def close(self) -> None:
        self._spool.close(self._seq.next, self._seq.end)

    def publish(
        self, body: AnyBody, cause: str | None, person: str | None, *, unconfirmed: bool
    ) -> tuple[str, bool]:
        """The event's id, and whether who hands over is to be woken. Raises EventError,
        MayNotSayError, SpoolError."""
        me = self._line.identity
        if not may_say(me.role, type(body)):
            raise MayNotSayError(_may_not(me, type(body)))
        with self._lock:
            who = plain(self._person if person is None else person)
            event = self._new_event(plain_body(body), cause, who, unconfirmed=unconfirmed)
            if not is_marked(event):
                raise EventError(f"{kind_of(type(body))} of an exercise does not say so")
            payload = encode(event)
            return event.id, self._has_room(event) and self._put(event, payload)

    def _new_event(
        self, body: AnyBody, cause: str | None, person: str, *, unconfirmed: bool
    ) -> Event:
        now_ms = time.time_ns() // 1_000_000
        return Event(
            id=self._ids.next(now_ms),
            time_ms=now_ms,
            author=self.author,
            seq=self._seq.take(),
            body=body,
            person=person,
            cause=cause,
            exercise=is_exercise(self._line.identity.role),
            unconfirmed=unconfirmed and bool(person),
        )

    def _has_room(self, event: Event) -> bool:
        if len(self._queue) < MAX_QUEUED:
            return True
        if not isinstance(event.body, LIVE):
            raise SpoolError(f"{MAX_QUEUED} events are waiting already; this one was refused")
        self._counts.dropped += 1
        return False

    def _put(self, event: Event, payload: bytes) -> bool:
        """True when it is the first to wait, or waits for no others."""
        self._queue.append((event, payload))
        self._durable_queued += not isinstance(event.body, LIVE)
        pressing = not isinstance(event.body, UnitMoved)
        wake, self._woken = pressing or not self._woken, True
        self._pressing = self._pressing or pressing
        return wake

    def set_person(self, person: str) -> None:
        with self._lock:
            self._person = person

    @property
    def is_pressing(self) -> bool:
        """Whether something other than positions waits."""
        return self._pressing

    @property
    def unstored(self) -> int:
        """Durable events that are not in the outbox yet."""
        return self._durable_queued

    # -- for the link's loop --------------------------------------------------------------

    def take(self) -> tuple[tuple[Event, bytes], ...]:
        """All that waits."""
        with self._lock:
            events = tuple(self._queue)
            self._queue.clear()
            self._woken = self._pressing = False
        return events

    def stored(self, events: Iterable[tuple[Event, bytes]]) -> None:
        """These are in the outbox now."""
        with self._lock:
            self._durable_queued -= sum(not isinstance(e.body, LIVE) for e, _ in events)

    def observe(self, events: Iterable[Event]) -> None:
        """Ids to come follow those of what was heard."""
        with self._lock:
            self._ids.observe((e.id for e in events), time.time_ns() // 1_000_000)

    async def count_on(self) -> None:
        """Have sequence numbers on disk before they are used."""
        if self._seq.running_out:
            self._seq.refill(await self._spool.reserve_soon(SEQ_BLOCK), SEQ_BLOCK)


def _may_not(me: Identity, kind: type) -> str:
    others = ", ".join(who_may_say(kind)) or "the site alone"
    return (
        f"this position is enrolled as {me.name}, {me.role}: {kind_of(kind)} is not for that "
        f"role to say; who may: {others}"
    )


class _Sequence:
    """Sequence numbers from blocks that are on disk before they are used."""

    def __init__(self, first: int, end: int) -> None:
        self.next = first
        self.end = end
        self._spare: tuple[int, int] | None = None

    @property
    def running_out(self) -> bool:
        return self._spare is None and self.end - self.next < SEQ_BLOCK // 2

    def refill(self, first: int, count: int) -> None:
        self._spare = (first, first + count)

    def take(self) -> int:
        if self.next >= self.end:
            if self._spare is None:
                raise SpoolError("events are published faster than the disk can count them")
            (self.next, self.end), self._spare = self._spare, None
        self.next += 1
        return self.next - 1
