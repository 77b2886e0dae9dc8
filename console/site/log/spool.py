"""The outbox on a thread of its own: a disk that is slow to sync must not hold up the link."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from console.domain.events import AlarmAcknowledged, AlarmClosed, AlarmRaised, AlarmTaken, Event
from console.site.log.outbox import Outbox, Outgoing, SpoolError
from console.site.log.subjects import CALLS, STREAM_OF, tail
from console.site.log.wire import EventError, decode

log = logging.getLogger(__name__)

MAX_UNSAVED: Final = 1_000
"""Events kept in memory when the disk takes none; beyond it they are lost, and counted."""
MAX_WAITING: Final = 5_000
"""Of what an earlier run left: as many as are told to who asks."""

Answer = TypeVar("Answer")


class Spool:
    """``open``, ``waiting`` and ``close`` block; the rest is for the link's event loop."""

    def __init__(self, path: Path | None, name: str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"outbox-{name}")
        self._unsaved: dict[str, Outgoing] = {}
        self._undelivered = 0
        self._unanswered: set[str] = set()
        self._answering: set[asyncio.Task[None]] = set()
        self._waiting: list[str] = []
        self.lost = 0
        self.complaint = ""

    def open(self) -> None:
        """Raises SpoolError."""
        try:
            self._thread.submit(self._open).result()
        except BaseException:
            self._thread.shutdown()
            raise

    def _open(self) -> None:
        self._outbox = Outbox(self._path)
        self.complaint = self._outbox.complaint
        self._outbox.prune(time.time_ns() // 1_000_000)
        self._unanswered = self._outbox.unanswered()
        self._undelivered = self._outbox.undelivered()
        self._waiting = self._outbox.pending_ids(MAX_WAITING)

    def waiting(self) -> list[Event]:
        """What the site had not got when the outbox was opened, alarms first, then the oldest: by
        their ids, so it is the same also when all of it has gone out meanwhile. For any thread,
        until it is closed."""
        return list(_decoded(self._thread.submit(self._outbox.of, self._waiting).result()))

    def reserve(self, count: int) -> int:
        return self._thread.submit(self._outbox.reserve, count).result()

    def last_id(self) -> str:
        return self._thread.submit(self._outbox.last_id).result()

    def close(self, next_seq: int, end: int) -> None:
        """Give back unused sequence numbers and end the thread."""
        try:
            self._thread.submit(self._outbox.give_back, next_seq, end).result()
        except sqlite3.Error as error:
            log.warning("unused sequence numbers could not be given back: %s", error)
        self._thread.submit(self._outbox.close).result()
        self._thread.shutdown()

    @property
    def undelivered(self) -> int:
        return self._undelivered + len(self._unsaved)

    async def reserve_soon(self, count: int) -> int:
        return await self._run(self._outbox.reserve, count)

    async def add(self, events: Sequence[tuple[Event, bytes]], now_ms: int) -> None:
        """Store; what the disk refuses is kept in memory and still sent."""
        try:
            self._undelivered = await self._run(self._add, events, now_ms)
        except (SpoolError, sqlite3.Error) as error:
            self.complaint = f"events are kept in memory only: {error}"
            log.warning("%s", self.complaint)
            self._keep_unsaved(events)
        self._unanswered |= {e.body.alarm for e, _ in events if isinstance(e.body, AlarmRaised)}

    def _add(self, events: Sequence[tuple[Event, bytes]], now_ms: int) -> int:
        self._outbox.add(events, now_ms)
        return self._outbox.undelivered()

    async def pending(self, limit: int) -> list[Outgoing]:
        stored = await self._run(self._outbox.pending, limit)
        self.complaint = self._outbox.complaint or self.complaint
        return [*self._unsaved.values(), *stored][:limit]

    async def acked(self, events: Sequence[tuple[str, str, int]]) -> None:
        for event_id, _, _ in events:
            self._unsaved.pop(event_id, None)
        self._undelivered = await self._run(self._acked, events)

    def _acked(self, events: Sequence[tuple[str, str, int]]) -> int:
        self._outbox.acked(events)
        return self._outbox.undelivered()

    async def refused(self, ids: Sequence[str]) -> None:
        """The site says that we may not say these."""
        if not ids:
            return
        for event_id in ids:
            self._unsaved.pop(event_id, None)
        self.complaint = f"the site refused {len(ids)} events: this position may not say them"
        log.warning("%s", self.complaint)
        await self._run(self._outbox.refused, ids)
        await self._count()

    def note_answers(self, events: Iterable[Event]) -> None:
        """Our own alarms need no more care once an operator has answered."""
        answered = [
            event.body.alarm
            for event in events
            if isinstance(event.body, AlarmAcknowledged | AlarmTaken | AlarmClosed)
        ]
        if not self._unanswered.isdisjoint(answered):
            task = asyncio.create_task(self._answered(answered), name="site-answered")
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def settle(self) -> None:
        """Until the answers that were noted are on disk."""
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def _answered(self, alarms: Iterable[str]) -> None:
        ours = self._unanswered.intersection(alarms)
        if ours:
            self._unanswered -= ours
            await self._run(self._outbox.answered, ours)
            await self._count()

    async def seen_stream(self, stream: str, epoch: str, last_seq: int) -> int:
        again = await self._run(self._outbox.seen_stream, stream, epoch, last_seq)
        await self._count()
        return again

    async def prune(self, now_ms: int) -> None:
        await self._run(self._outbox.prune, now_ms)

    async def _count(self) -> None:
        self._undelivered = await self._run(self._outbox.undelivered)

    async def _run(self, work: Callable[..., Answer], *args: object) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    def _keep_unsaved(self, events: Sequence[tuple[Event, bytes]]) -> None:
        for event, payload in events:
            if len(self._unsaved) >= MAX_UNSAVED:
                self.lost += 1
                continue
            stream = STREAM_OF[type(event.body)]
            if stream is not CALLS:
                self._unsaved[event.id] = Outgoing(event.id, stream.name, tail(event), payload)


def _decoded(waiting: Iterable[Outgoing]) -> Iterable[Event]:
    """Without those that a newer program can't read: the site will say so of them."""
    for one in waiting:
        with contextlib.suppress(EventError):
            yield decode(one.payload)
