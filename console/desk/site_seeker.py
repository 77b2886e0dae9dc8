"""Finds the site and keeps one link to it: the one below this home first, else by mDNS.

One thread. When the site comes back at another address, the link is laid anew. No Qt.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from console.domain.events import AnyBody, Event
from console.site.address import SiteAddress, SiteError
from console.site.link import SiteLink
from console.site.outbox import SpoolError
from console.site.process import ensure_site, find_address
from console.site.wire import EventError
from console.streams.browse import find_sites

log = logging.getLogger(__name__)

LOOK_S: Final = 0.25
BROWSE_AFTER_S: Final = 0.5  # a site of this very home is the rule
BROWSE_S: Final = 1.0
OFFER_AFTER_S: Final = 3.0
MAX_EARLY: Final = 1_000
"""Events published before the first site was found; more are refused, and said so."""

LinkState = Literal["up", "connecting", "down"]


class SiteSeeker:
    """Callbacks run on the seeker's or the link's thread."""

    def __init__(
        self,
        home: Path,
        *,
        interface: str | None,
        author: str,
        person: str,
        on_events: Callable[[Sequence[Event]], None],
        on_state: Callable[[LinkState, str], None],
        on_site: Callable[[SiteAddress], None],
        on_none: Callable[[str], None],
        on_delivered: Callable[[str], None] | None = None,
    ) -> None:
        self._home = home
        self._interface = interface
        self._author = author
        self._person = person
        self._on_events = on_events
        self._on_state = on_state
        self._on_site = on_site
        self._on_none = on_none
        self._on_delivered = on_delivered
        self._link: SiteLink | None = None
        self._address: SiteAddress | None = None
        self._early: list[tuple[AnyBody, str | None, str]] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="site-seeker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(timeout=5.0)
        with self._lock:
            link, self._link = self._link, None
        if link is not None:
            link.stop()

    def start_site(self) -> None:
        """Start a site on this machine (the operator took the offer)."""
        self._wanted.set()

    def relink(self) -> None:
        """Read the log again from its beginning (the window was too far behind)."""
        with self._lock:
            self._address = None

    def publish(self, body: AnyBody, *, cause: str | None = None, person: str = "") -> bool:
        """False: nothing could take it. Before a site is found, events wait here."""
        with self._lock:
            if self._link is not None:
                return _published(self._link, body, cause, person)
            if len(self._early) >= MAX_EARLY:
                return False
            self._early.append((body, cause, person))
            return True

    def figures(self) -> tuple[int, int]:
        """Undelivered and skipped events."""
        with self._lock:
            link, early = self._link, len(self._early)
        return (link.undelivered + early, link.skipped) if link else (early, 0)

    def _run(self) -> None:
        since_s = time.monotonic()
        while not self._ended.is_set():
            unfound_s = time.monotonic() - since_s
            address = self._seek(browse=unfound_s >= BROWSE_AFTER_S and self._address is None)
            if address is not None and address != self._address:
                self._lay(address)
            elif address is None and self._address is None and unfound_s >= OFFER_AFTER_S:
                self._on_none("")
            self._ended.wait(LOOK_S)

    def _seek(self, *, browse: bool) -> SiteAddress | None:
        try:
            if self._wanted.is_set():
                self._wanted.clear()
                return ensure_site(self._home, interface=self._interface)
            own = find_address(self._home)
            return self._browse() if own is None and browse else own
        except (SiteError, OSError) as error:
            log.warning("site: %s", error)
            self._on_none(str(error))
            return None

    def _browse(self) -> SiteAddress | None:
        """A site on the network. A secured one needs enrolment, which has no way in yet."""
        for found in find_sites(self._interface, BROWSE_S):
            if found.insecure:
                return SiteAddress(url=found.url, name=found.site, insecure=True)
            self._on_none(f"site {found.site} was found, but it takes no desks from other machines")
        return None

    def _lay(self, address: SiteAddress) -> None:
        link = SiteLink(
            address,
            author=self._author,
            person=self._person,
            spool=self._home / "desk" / "spool",
            on_events=self._on_events,
            on_state=self._on_state,
            on_delivered=self._on_delivered,
        )
        with self._lock:
            old, self._link, self._address = self._link, None, address
        if old is not None:
            old.stop()
        try:
            link.start()
        except SpoolError as error:
            with self._lock:
                self._address = None  # tried again with the next look
            self._on_none(str(error))
            return
        with self._lock:
            self._link = link
            early, self._early = self._early, []
        self._on_site(address)
        for body, cause, person in early:
            _published(link, body, cause, person)


def _published(link: SiteLink, body: AnyBody, cause: str | None, person: str) -> bool:
    try:
        link.publish(body, cause=cause, person=person)
    except (SpoolError, EventError) as error:
        log.warning("%s could not be kept: %s", type(body).__name__, error)
        return False
    return True
