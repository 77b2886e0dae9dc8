"""One session with the site after another, for ever."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from console.site.address import LinkState, ShutOutError, SiteAddress, SiteError, at_servers
from console.site.log.client import Failure
from console.site.log.counts import LinkCounts
from console.site.log.line import Line
from console.site.log.session import Session, end_tasks

log = logging.getLogger(__name__)

BACKOFF_S: Final = (0.1, 0.2, 0.4, 0.8, 1.6, 2.0)
DRAIN_S: Final = 2.0
"""How long the end waits for the site to take what has been published."""
_CHANCE: Final = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Steps:
    """What happens with a session: ``new`` makes one, ``on_up`` and ``on_lost`` when it has come up
    and gone, ``drain`` what is still to be said before the end, ``refresh`` may know another
    address after a failure (it may block)."""

    new: Callable[[SiteAddress], Session]
    on_up: Callable[[], None]
    on_lost: Callable[[], None]
    drain: Callable[[Session], Awaitable[None]]
    on_state: Callable[[LinkState, str], None]
    refresh: Callable[[], SiteAddress | None] | None = None


class Sessions:
    """On the link's loop; ``shut_out`` may be read on any thread."""

    def __init__(self, line: Line, steps: Steps, counts: LinkCounts) -> None:
        self.shut_out: ShutOutError | None = None  # why no session comes up any more
        self._line = line
        self._steps = steps
        self._counts = counts
        self._stopping = asyncio.Event()
        self._state: tuple[LinkState, str] | None = None

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Until :meth:`stop`."""
        self._tell("connecting", f"Looking for {self._name}")
        failures = 0
        while not self._stopping.is_set():
            was_up = await self._one_whatever_happens()
            failures = 0 if was_up else failures + 1
            await self._pause(failures)

    @property
    def _name(self) -> str:
        return self._line.address.name

    async def _pause(self, failures: int) -> None:
        """Not all desks at the same moment."""
        pause_s = BACKOFF_S[min(failures, len(BACKOFF_S) - 1)] * _CHANCE.uniform(0.8, 1.2)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._stopping.wait()

    async def _one_whatever_happens(self) -> bool:
        """A fault of ours costs a session, not the link: it is told, and the next one begins."""
        try:
            return await self._one()
        except Exception as error:
            self._counts.session_faults += 1
            self._line.session = None
            log.exception("a session with %s has ended in a fault", self._name)
            self._tell("down", f"The link to {self._name} has failed ({error!r}); it starts again")
            return False

    async def _one(self) -> bool:
        """Until it is lost or the link stops. True when it was up at all."""
        await self._refresh()
        session = self._steps.new(self._line.address)
        try:
            await session.open()
        except SiteError as error:
            if isinstance(error, ShutOutError):
                self.shut_out = error  # until it comes up: also while the site is out of reach
            self._tell("down", str(error))
            return False
        self._is_up(session)
        await self._until_lost(session)
        await self._close(session)
        return True

    async def _refresh(self) -> None:
        refresh = self._steps.refresh
        if self._state is not None and self._state[0] == "down" and refresh is not None:
            fresh: SiteAddress | None = await asyncio.to_thread(refresh)
            self._line.address = fresh or self._line.address

    def _is_up(self, session: Session) -> None:
        self._line.session, self.shut_out = session, None
        self._steps.on_up()
        self._tell("up", f"Connected to {self._name}")

    async def _until_lost(self, session: Session) -> None:
        waits: list[asyncio.Task[Any]] = [
            asyncio.create_task(session.lost.wait()),
            asyncio.create_task(self._stopping.wait()),
        ]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if self._stopping.is_set() and not session.lost.is_set():
            with contextlib.suppress(*Failure):  # it may be lost at this very moment
                async with asyncio.timeout(DRAIN_S):
                    await self._steps.drain(session)
        await end_tasks(waits)

    async def _close(self, session: Session) -> None:
        self._line.session = None
        self._line.address = at_servers(self._line.address, session.servers)
        self._steps.on_lost()
        await session.close()
        if not self._stopping.is_set():
            self._tell("down", session.reason)

    def _tell(self, state: LinkState, sentence: str) -> None:
        if self._state != (state, sentence):
            self._state = (state, sentence)
            self._steps.on_state(state, sentence)
