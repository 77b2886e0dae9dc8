"""The site as it is reached now: its address and, while there is one, the session with it."""

from __future__ import annotations

import contextlib

from console.site.address import SiteAddress, SiteError
from console.site.log.client import Failure
from console.site.log.counts import LinkCounts
from console.site.log.session import Session
from console.site.security.identity import Identity


class Line:
    """On the link's loop; the address and the figures may be read on any thread."""

    def __init__(self, address: SiteAddress, counts: LinkCounts) -> None:
        self.address = address
        self.session: Session | None = None
        self.round_trip_s: float | None = None  # None: not known, or the site is out of reach
        self._counts = counts

    @property
    def identity(self) -> Identity:
        return self.address.identity

    async def ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> bytes:
        """Raises SiteError when the site is out of reach or silent."""
        session = self.session
        if session is None:
            raise SiteError("the site is out of reach")
        try:
            return await session.ask(service, key, payload, timeout_s)
        except Failure as error:
            raise SiteError(f"the site does not answer: {error or type(error).__name__}") from error

    async def say(self, token: str, key: str, payload: bytes) -> None:
        """Something live that is no event; lost while the site is out of reach."""
        if self.session is None:
            self._counts.dropped += 1
            return
        me = self.identity
        with contextlib.suppress(*Failure):
            await self.session.tell_live(f"vb.live.{token}.{me.role}.{me.name}.{key}", payload)

    async def measure(self) -> None:
        session, self.round_trip_s = self.session, None
        if session is not None:
            with contextlib.suppress(*Failure):
                self.round_trip_s = await session.round_trip_s()
