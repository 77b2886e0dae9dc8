"""This desk's keys of the groups that it is in, their sessions, and the announcement of some."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, Protocol

from console.domain.held_keys import HeldKeys
from console.streams.announce import AnnounceError, Announcer, Offer
from console.streams.announcement import Announcement
from console.streams.group_session import offer_of, session

log = logging.getLogger(__name__)

MAX_UNTOLD: Final = 64
"""Groups that could not be announced, and have been complained of; the oldest are forgotten."""


class Ring(Protocol):
    """What is needed of :class:`console.site.keyring.KeyRing`."""

    def held(self, talkgroup: str, /) -> HeldKeys | None: ...
    def want_to_send(self, talkgroup: str, /) -> None: ...
    def forget(self, talkgroup: str, /) -> None: ...


class Announces(Protocol):
    """What is needed of :class:`console.streams.announce.Announcer`."""

    def announce(self, offer: Offer, /, *, host: str | None = None) -> str: ...
    def change(self, handle: str, offer: Offer, /) -> None: ...
    def withdraw(self, handle: str, /) -> None: ...
    def close(self) -> None: ...


class GroupVoice:
    """For one thread."""

    def __init__(
        self,
        ring: Ring,
        interface: str | None,
        *,
        announcer: Callable[[], Announces] | None = None,
    ) -> None:
        """``announcer`` is made when the first group is announced."""
        self._ring = ring
        self._interface = interface
        self._new = announcer or (lambda: Announcer(interface))
        self._announcer: Announces | None = None
        self._announced: dict[str, tuple[str, Offer]] = {}  # by group: handle, what is said
        self._untold: dict[str, None] = {}
        self._is_over = False

    def join(self, group: str) -> None:
        """Its keys are asked for, and made where there are none."""
        self._ring.want_to_send(group)

    def leave(self, group: str) -> None:
        self.withdraw(group)
        self._ring.forget(group)

    def session(self, group: str, name: str) -> Announcement | None:
        """None until the site has given a key: without one nothing is heard, nor sent."""
        held = self._ring.held(group)
        if held is None or held.current is None:
            return None
        return session(group, name, held.current, self._interface)

    def announce(self, found: Announcement) -> None:
        """For those who find streams by DNS-SD; what has changed is said again. Nothing is said
        once this desk has stopped."""
        if self._is_over:
            return
        offer, known = offer_of(found), self._announced.get(found.talkgroup)
        if self._announcer is None:
            self._announcer = self._new()
        try:
            if known is None:
                handle = self._announcer.announce(offer, host=found.host)
                self._announced[found.talkgroup] = handle, offer
            elif known[1] != offer:
                self._announcer.change(known[0], offer)
                self._announced[found.talkgroup] = known[0], offer
        except AnnounceError as error:
            self._complain(found.talkgroup, error)

    def withdraw(self, group: str) -> None:
        known = self._announced.pop(group, None)
        if known is not None and self._announcer is not None:
            self._announcer.withdraw(known[0])

    def stop(self) -> None:
        self._is_over = True
        self._announced.clear()
        if self._announcer is not None:
            self._announcer.close()
            self._announcer = None

    def _complain(self, group: str, error: AnnounceError) -> None:
        """Once: it is tried again every second."""
        if group in self._untold:
            return
        self._untold[group] = None
        if len(self._untold) > MAX_UNTOLD:
            del self._untold[next(iter(self._untold))]
        log.warning("the session of a group could not be announced: %s", error)
