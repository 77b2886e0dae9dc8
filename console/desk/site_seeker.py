"""Finds the site and keeps one link to it: the one below this home first, else by mDNS.

One thread. When the site comes back at another address, the link is laid anew. No Qt.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from audio.ready import make_ready
from console.desk.enrolling import BROWSE_S, Enrolling
from console.desk.site_chores import SiteChores
from console.desk.site_figures import Counted, SiteFigures
from console.domain.events import AnyBody, Event
from console.domain.presence import Presence, Sitting
from console.domain.roles import Role
from console.site.address import LinkState, ShutOutError, SiteAddress, SiteError
from console.site.find import moved
from console.site.log.callbacks import OnSaid
from console.site.log.link import SiteLink
from console.site.log.outbox import SpoolError
from console.site.log.subjects import DESK_STREAMS
from console.site.log.wire import EventError
from console.site.node.process import (
    ensure_site,
    find_address,
    read_site_file,
)
from console.site.security.identity import Identity
from console.streams.browse import find_sites

log = logging.getLogger(__name__)

LOOK_S: Final = 0.25
BROWSE_AFTER_S: Final = 0.5  # a site of this very home is the rule
OFFER_AFTER_S: Final = 3.0
LOST_S: Final = 2.0  # a link that is down so long looks for its site at another address
MAX_EARLY: Final = 1_000
"""Events published before the first site was found; more are refused, and said so."""


class SiteSeeker:
    """Callbacks run on the seeker's or the link's thread."""

    def __init__(
        self,
        home: Path,
        *,
        interface: str | None,
        person: str,
        on_events: Callable[[Sequence[Event]], None],
        on_state: Callable[[LinkState, str], None],
        on_site: Callable[[SiteAddress], None],
        on_none: Callable[[str, str], None],
        on_enrolled: Callable[[str, str], None],
        on_delivered: Callable[[str], None] | None = None,
        on_said: OnSaid | None = None,
        on_shut_out: Callable[[ShutOutError, str], None] = lambda _why, _site: None,
        on_presence: Callable[[str, Presence], None] | None = None,
    ) -> None:
        """``on_shut_out`` gets why the site takes this desk no more, and the site's name."""
        self._on_shut_out = on_shut_out
        self._home = home
        self._interface = interface
        self._person = person
        self._on_events = on_events
        self._on_state = on_state
        self._on_site = on_site
        self._on_none = on_none
        self._chores = SiteChores(home)
        self._enrolling = Enrolling(home, interface, on_enrolled)
        self._on_delivered = on_delivered
        self._on_said = on_said
        self._on_presence = on_presence
        self._presence: Presence = {}
        self._sitting: Sitting | None = None
        self._link: SiteLink | None = None
        self._state: LinkState = "connecting"
        self._not_up_since_s = time.monotonic()
        self._why = ""
        self._complaint = ""
        self._kept_s: Mapping[str, int] = {}
        self._counted = Counted()  # by the links before this one
        self._up_since_s = 0.0
        self._valid_until_s: float | None = None
        self._telling = threading.Lock()  # the link's state and "none" must not cross
        self._again = threading.Event()
        self._address: SiteAddress | None = None
        self._early: list[tuple[AnyBody, str | None, str, bool]] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="site-seeker", daemon=True)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        """A link that is just being laid stops itself."""
        self._ended.set()
        self._thread.join(timeout=5.0)
        self._chores.stop()
        with self._lock:
            link, self._link = self._link, None
        if link is not None:
            link.stop()

    def start_site(self) -> None:
        """Start a site on this machine (the operator took the offer)."""
        self._wanted.set()

    def enrol(self, code: str) -> None:
        """At the site that was found, with the code that it shows."""
        self._enrolling.give(code)

    def relink(self) -> None:
        """Read the log again from its beginning (the window was too far behind)."""
        self._again.set()

    def publish(
        self,
        body: AnyBody,
        *,
        cause: str | None = None,
        person: str = "",
        unconfirmed: bool = False,
    ) -> bool:
        """False: nothing could take it, or the site takes nothing from this desk any more. Before
        a site is found, events wait here."""
        with self._lock:
            if self._link is not None:
                if self._link.shut_out is not None:
                    return False
                return _published(self._link, body, cause, person, unconfirmed)
            if self._enrolling.over is not None or len(self._early) >= MAX_EARLY:
                return False
            self._early.append((body, cause, person, unconfirmed))
            return True

    @property
    def member(self) -> str:
        """As whom this desk is at its site, "" = at none."""
        address = self._address
        return "" if address is None else address.identity.name

    def presence(self) -> Presence:
        """Who is here, as :attr:`SiteLink.presence`; nobody while there is no site."""
        with self._lock:
            link = self._link
        return link.presence if link is not None else {}

    @property
    def role(self) -> Role | None:
        """As what, None = at no site."""
        address = self._address
        return None if address is None else address.identity.role

    def ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> Future[bytes]:
        """As :meth:`SiteLink.ask`."""
        with self._lock:
            link = self._link
        if link is not None:
            return link.ask(service, key, payload, timeout_s)
        nobody: Future[bytes] = Future()
        nobody.set_exception(SiteError("no site is found"))
        return nobody

    @property
    def is_caught_up(self) -> bool:
        """Whether all that the site's log holds has been handed on."""
        with self._lock:
            link = self._link
        return link is not None and not self._again.is_set() and link.is_caught_up

    @property
    def identity(self) -> Identity | None:
        """What this desk shows of itself, None = it has enrolled nowhere."""
        address = self._address
        return None if address is None else address.identity

    @property
    def kept_s(self) -> Mapping[str, int]:
        """How long the site's log keeps its streams, as :attr:`SiteLink.kept_s`; as it was said
        last while the site is out of reach."""
        with self._lock:
            link = self._link
        if link is not None and link.kept_s:
            self._kept_s = link.kept_s
        return self._kept_s

    def figures(self) -> SiteFigures:
        with self._lock:
            link, early, address = self._link, len(self._early), self._address
        counted = self._counted.plus(link)
        is_up = self._state == "up" and link is not None
        delay_s = link.round_trip_s if link is not None else None
        return SiteFigures(
            undelivered=early if link is None else link.undelivered,
            skipped=counted.skipped,
            complaint="" if link is None else self._complaint or link.complaint,
            site=address.name if address is not None else "",
            node=urlsplit(address.url).netloc if address is not None else "",
            link=self._state if link is not None else "connecting",
            since_s=self._up_since_s if is_up else None,
            valid_until_s=self._valid_until_s,
            round_trip_ms=delay_s * 1e3 if is_up and delay_s is not None else None,
            dropped=counted.dropped,
            faults=counted.faults,
            malformed_positions=counted.malformed_positions,
            positions_ahead=counted.positions_ahead,
            odd_times=counted.odd_times,
            damaged={} if link is None else link.damaged,
        )

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                if self._enrolling.enrol(self._address, self._shut_out()):
                    self._again.set()
                self._look()
                self._do_chores()
            except Exception as error:  # whatever it is: without this thread no alarm comes
                log.exception("the search for the site failed")
                self._say_none(str(error))
            self._ended.wait(LOOK_S)

    def _do_chores(self) -> None:
        with self._lock:
            link, address = self._link, self._address
        self._chores.revive(address)
        if link is not None:
            self._chores.measure(link)
        if address is None or self._state != "up":
            return
        if self._chores.renew(address):
            self._valid_until_s = _valid_until_s(address)
        self._chores.send_left_over(address)

    def _look(self) -> None:
        address = self._seek()
        if address is None:
            if self._address is None and self._unfound_s() >= OFFER_AFTER_S:
                self._say_none(self._why)
        elif address != self._address or self._again.is_set():
            self._again.clear()
            self._lay(address)
        self._tell_shut_out()

    def _tell_shut_out(self) -> None:
        """After a moment: in a cluster one node hears of a new member before another does."""
        why = self._shut_out()
        if why is not None and self._address is not None and self._is_lost(LOST_S):
            with self._telling:
                if self._state != "up":
                    self._on_shut_out(why, self._address.name)

    def _shut_out(self) -> ShutOutError | None:
        with self._lock:
            return None if self._link is None else self._link.shut_out

    def _unfound_s(self) -> float:
        return time.monotonic() - self._not_up_since_s

    def _seek(self) -> SiteAddress | None:
        try:
            if self._wanted.is_set():
                self._wanted.clear()
                return ensure_site(self._home, interface=self._interface)
            return self._own() or self._other()
        except (SiteError, OSError) as error:
            log.warning("site: %s", error)
            self._why = str(error)
            self._say_none(self._why)
            return None

    def _own(self) -> SiteAddress | None:
        """The site below this home. The one that is linked is not called at again: its link does
        that, four times a second is no way to treat a server."""
        known = read_site_file(self._home)
        if known is None or self._address is None or known.place != self._address.place:
            return None if known is None else find_address(self._home)
        if self._is_lost(OFFER_AFTER_S) and find_address(self._home) is None:
            self._say_none("the site of this machine does not answer")
        return self._address

    def _is_lost(self, since_s: float) -> bool:
        return self._state != "up" and self._unfound_s() >= since_s

    def _other(self) -> SiteAddress | None:
        """The site where this home has enrolled: where it was last, and when it isn't there any
        more, where it is announced."""
        if self._address is not None and not self._is_lost(LOST_S):
            return self._address
        enrolled = self._enrolling.enrolled()
        if enrolled is None:
            if self._unfound_s() >= BROWSE_AFTER_S and self._enrolling.look_around():
                name = self._enrolling.offered
                self._why = f"site {name} was found, but this desk is not enrolled there"
            return self._address
        if self._address is None:
            return enrolled
        return moved(enrolled, find_sites(self._interface, BROWSE_S))

    # -- the link -----------------------------------------------------------------------------

    def _lay(self, address: SiteAddress) -> None:
        with self._lock:
            old, self._link, before = self._link, None, self._address
            self._address = address
            if before is not None and before.place.site != address.place.site:
                self._presence = {}  # of another site
            self._counted = self._counted.plus(old)
        if old is not None:
            old.stop()
        self._not_up_since_s = time.monotonic()
        try:
            link = self._started(address)
        except Exception:
            self._address = None  # tried again with the next look
            raise
        with self._lock:
            is_late = self._ended.is_set()
            self._link = None if is_late else link
            early, self._early = self._early, []
        if not is_late:
            self._on_site(address)
        for body, cause, person, unconfirmed in early:
            _published(link, body, cause, person, unconfirmed)
        if is_late:
            link.stop()

    def _started(self, address: SiteAddress) -> SiteLink:
        """Without a disk for the outbox what others tell is heard all the same: an alarm must be
        seen at a desk whose disk is full."""
        self._valid_until_s = _valid_until_s(address)
        link = self._new_link(address, self._home / "desk" / "spool")
        self._complaint = ""
        try:
            link.start()
        except (SpoolError, sqlite3.Error, OSError) as error:
            log.warning("the outbox can't be used, answers are kept in memory: %s", error)
            self._complaint = str(error)
            link = self._new_link(address, None)
            link.start()
        return link

    def _new_link(self, address: SiteAddress, spool: Path | None) -> SiteLink:
        link = SiteLink(
            address,
            author=address.identity.name,
            person=self._person,
            spool=spool,
            on_events=self._on_events,
            on_state=self._link_is,
            on_delivered=self._on_delivered,
            on_said=self._on_said,
            label=address.identity.name,
            on_presence=lambda presence: self._presence_is(address.place.site, presence),
            presence=self._presence,
            streams=DESK_STREAMS,
        )
        if self._sitting is not None:
            link.sit(self._sitting)
        return link

    def sit(self, sitting: Sitting) -> None:
        """What this desk says of itself to the others."""
        with self._lock:
            self._sitting = sitting
            if self._link is not None:
                self._link.sit(sitting)

    def _presence_is(self, site: str, presence: Presence) -> None:
        self._presence = presence
        if self._on_presence is not None:
            self._on_presence(site, presence)

    def _link_is(self, state: LinkState, why: str) -> None:
        with self._telling:
            if self._state == "up" and state != "up":
                self._not_up_since_s = time.monotonic()
            if state == "up" and self._state != "up":
                self._up_since_s = time.time()
            self._state = state
            self._on_state(state, why)

    def _say_none(self, why: str) -> None:
        """Never of a site that is linked."""
        with self._telling:
            if self._state == "up":
                return
            over, offered = self._enrolling.over, self._enrolling.offered
            if over is not None:
                self._on_shut_out(over, offered)
            else:
                self._on_none(why, offered)


def _valid_until_s(address: SiteAddress) -> float | None:
    """None when nobody can tell: a link without its certificate doesn't come up anyway."""
    try:
        return address.identity.certificate().not_valid_after_utc.timestamp()
    except SiteError:
        return None


def _published(
    link: SiteLink, body: AnyBody, cause: str | None, person: str, unconfirmed: bool
) -> bool:
    try:
        link.publish(body, cause=cause, person=person, unconfirmed=unconfirmed)
    except (SpoolError, EventError) as error:
        log.warning("%s could not be kept: %s", type(body).__name__, error)
        return False
    return True
