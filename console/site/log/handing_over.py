"""What was published goes on: durable events to the outbox, live ones to the wire."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Sequence
from typing import Final

from console.domain.events import Event, UnitMoved
from console.site.log.client import Failure
from console.site.log.counts import LinkCounts
from console.site.log.line import Line
from console.site.log.publishing import Publishing
from console.site.log.session import Session
from console.site.log.spool import Spool
from console.site.log.subjects import live_subject, moves_subject
from console.site.log.wire import together

log = logging.getLogger(__name__)

GATHER_S: Final = 0.04
"""So long positions are gathered before they are told together: a message costs each of thirty
readers ten times what one more position in it does."""
MAX_TRACKED: Final = 20_000
"""Units whose last logged position is remembered; beyond it all start over."""
LOG_MOVE_S: Final = 10.0
LOG_MOVE_SPREAD: Final = 1.2
"""At most one position per unit and this time goes to the log, and not those of all units at the
same moment: each of them is a write that the server syncs to disk."""
MAX_MOVES_LOGGED: Final = 250
"""In a second: two thousand new units must not keep the site's disk from an alarm. A unit beyond it
is logged with a later position."""
_CHANCE: Final = random.SystemRandom()


class HandingOver:
    """On the link's loop."""

    def __init__(self, line: Line, published: Publishing, spool: Spool, counts: LinkCounts) -> None:
        self._line = line
        self._published = published
        self._spool = spool
        self._counts = counts
        self._wanted = asyncio.Event()
        self._logged = LoggedMoves()

    def wake(self) -> None:
        self._wanted.set()

    def log_all_anew(self) -> None:
        """Who comes back after us finds in the log where everybody is."""
        self._logged.forget()

    async def run(self) -> None:
        while True:
            await self._until_wanted()
            await self._gather_moves()
            try:
                await self.hand_over()
            except Exception:
                self._counts.hand_over_errors += 1
                log.exception("events could not be handed over")

    async def _until_wanted(self) -> None:
        await self._wanted.wait()
        self._wanted.clear()

    async def _gather_moves(self) -> None:
        """Until there is something that does not wait for others."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GATHER_S):
                while not self._published.is_pressing:
                    await self._until_wanted()

    async def hand_over(self) -> None:
        """All that waits."""
        events = self._published.take()
        moves = [pair for pair in events if isinstance(pair[0].body, UnitMoved)]
        durable = [pair for pair in events if not isinstance(pair[0].body, UnitMoved)]
        for event, payload in durable:  # floor changes among them are told live as well
            await self._tell_live(event, payload)
        if durable:
            await self._store(durable)
        if moves:  # last: an alarm does not wait behind a thousand positions
            await self._tell_moves(moves)
        await self._published.count_on()

    async def drain(self, session: Session) -> None:
        """Hand over, and wait until this session has sent it. Raises Failure."""
        await self.hand_over()
        session.send()
        await session.sent_all()
        await session.flush()

    async def _store(self, events: Sequence[tuple[Event, bytes]]) -> None:
        await self._spool.add(events, time.time_ns() // 1_000_000)
        self._published.stored(events)
        if self._line.session is not None:
            self._line.session.send()

    async def _tell_live(self, event: Event, payload: bytes) -> None:
        subject = live_subject(event, self._line.identity.role)
        if subject is None:
            return
        session = self._line.session
        if session is None:
            self._counts.dropped += 1
            return
        try:
            await session.tell_live(subject, payload)
        except Failure as error:
            self._counts.dropped += 1
            log.debug("a live event was lost with the connection: %s", error)

    async def _tell_moves(self, moves: Sequence[tuple[Event, bytes]]) -> None:
        """All of them in as few messages as may be: thirty desks read each of these."""
        session = self._line.session
        if session is None:
            self._counts.dropped += len(moves)
            return
        me = self._line.identity
        subject = moves_subject(me.name, me.role)
        try:
            for payload in together([payload for _, payload in moves]):
                await session.tell_live(subject, payload)
            for event, payload in moves:
                if isinstance(event.body, UnitMoved) and self._logged.is_due(event.body.unit):
                    await session.log_loosely(event, payload)
        except Failure as error:
            self._counts.dropped += len(moves)
            log.debug("positions were lost with the connection: %s", error)


class LoggedMoves:
    """Which positions go to the log as well."""

    def __init__(self) -> None:
        self._due_s: dict[str, float] = {}  # by unit
        self._second_s = float("-inf")
        self._in_second = 0  # logged since then

    def forget(self) -> None:
        self._due_s.clear()

    def is_due(self, unit: str) -> bool:
        """Whether this unit's position of now does; True counts it."""
        now_s = time.monotonic()
        if now_s < self._due_s.get(unit, 0.0):
            return False
        if now_s - self._second_s >= 1.0:
            self._second_s, self._in_second = now_s, 0
        if self._in_second >= MAX_MOVES_LOGGED:
            return False
        self._in_second += 1
        if len(self._due_s) >= MAX_TRACKED:
            self._due_s.clear()
        self._due_s[unit] = now_s + LOG_MOVE_S * _CHANCE.uniform(1.0, LOG_MOVE_SPREAD)
        return True
