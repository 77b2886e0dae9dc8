"""Who is at the site: this program says every second that it is, and hears who else says so."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Final

import msgspec

from console.domain.presence import (
    SAY_S,
    Presence,
    Sitting,
    at_site_again,
    heard,
    here_of,
    same_words,
    still_here,
)
from console.site.log.client import Failure
from console.site.log.counts import LinkCounts
from console.site.log.here import decode_here, here_subject
from console.site.log.line import Line
from console.site.log.session import Session
from console.site.log.wire import EventError

LOOK_S: Final = 0.2
"""How often it is looked whether somebody has fallen silent."""


class Attendance:
    """On the link's loop. ``now`` may be read and ``sitting`` set on any thread; ``sitting`` None
    says nothing of this program."""

    def __init__(
        self,
        line: Line,
        author: str,
        sitting: Sitting | None,
        *,
        before: Presence,
        tell: Callable[[Presence], None],
        counts: LinkCounts,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """``before``: who was here as far as is known; ``tell`` gets who is whenever somebody
        comes, goes or says otherwise."""
        self.sitting = sitting
        self.now = before
        self._line = line
        self._author = author
        self._tell = tell
        self._counts = counts
        self._now_s = now_s
        self._since_ms = time.time_ns() // 1_000_000

    async def run(self) -> None:
        said_s, said = float("-inf"), self.sitting
        while True:
            now_s, sitting, session = self._now_s(), self.sitting, self._line.session
            is_due = now_s - said_s >= SAY_S or said != sitting
            if is_due and session is not None and sitting is not None:
                said_s, said = now_s, sitting
                await self._say(session, sitting)
            self.look(now_s)
            await asyncio.sleep(LOOK_S)

    async def _say(self, session: Session, sitting: Sitting) -> None:
        here = here_of(self._author, self._since_ms, sitting)
        with contextlib.suppress(*Failure):
            await session.tell_live(
                here_subject(self._line.address, self._author), msgspec.json.encode(here)
            )

    def hear(self, subject: str, payload: bytes) -> None:
        try:
            here = decode_here(subject, payload)
        except EventError as error:
            self._counts.skip(f"presence: {error}")
            return
        self._is(heard(self.now, here, self._now_s()))

    def look(self, now_s: float) -> None:
        """Whether somebody has fallen silent; without a site nobody's silence says a thing."""
        if self._line.session is not None:
            self._is(still_here(self.now, now_s))

    def at_site_again(self) -> None:
        """A session has come up: nobody is missed before they had time to come back, too."""
        self.now = at_site_again(self.now, self._now_s())

    def _is(self, presence: Presence) -> None:
        if presence is self.now:
            return
        changed = not same_words(presence, self.now)
        self.now = presence
        if changed:
            self._tell(presence)
