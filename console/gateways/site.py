"""A gateway's way to its site: finds it, waits for it, and says units and where they are."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from audio.ready import make_ready
from console.domain.events import Event, Position, UnitDefined, UnitMoved, UnitRemoved
from console.gateways.units import GatewayUnit
from console.site.address import LinkState, SiteAddress, SiteError
from console.site.find import enrolled_as, find_site
from console.site.log.link import SiteLink
from console.site.log.outbox import SpoolError
from console.site.log.subjects import RESOURCES
from console.site.log.wire import EventError
from console.site.services.renewal import renew_if_due

log = logging.getLogger(__name__)

SEARCH_S: Final = 1.0
LOOK_S: Final = 1.0
RENEW_EVERY_S: Final = 3_600.0
JOIN_S: Final = 6.0
NOT_ENROLLED: Final = (
    "this home is enrolled as no gateway: run `vaktbord enrol --name NAME --role gateway` at the "
    "site, then `vaktbord enrol --join` here with the code that it shows"
)


class GatewaySite:
    """``say`` gets sentences for a person, on this class's threads."""

    def __init__(
        self, home: Path, *, source: str, interface: str | None, say: Callable[[str], None]
    ) -> None:
        """``source`` tells this gateway from others of its home: its inputs, in words."""
        self._home = home
        self._program = program_of(source)
        self._interface = interface
        self._say = say
        self._lock = threading.Lock()
        self._link: SiteLink | None = None
        self._is_up = False
        self._is_news = False
        self._told: dict[str, tuple[str, str, UnitDefined | None]] = {}  # id, author, what
        self._settled: set[str] = set()  # units of which nothing is to be said
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gateway-site", daemon=True)
        self._sentence = "no site has been found yet"
        self.dropped = 0

    def start(self) -> None:
        """Raises SiteError where this home has enrolled as no gateway: nothing that is waited for
        would help. A site that is away is none of these. Raises SpoolError, OSError."""
        self._lay(self._seek())
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        """Hands over what has been said, if there is a site to take it."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=JOIN_S)
        with self._lock:
            link, self._link = self._link, None
        if link is not None:
            link.stop()

    @property
    def is_ready(self) -> bool:
        """Whether what is said now gets there, and what others have said of our units is known."""
        with self._lock:
            link = self._link
            return self._is_up and link is not None and link.is_caught_up

    def is_here_again(self) -> bool:
        """Once after each time that the site was out of reach."""
        with self._lock:
            is_news, self._is_news = self._is_news, False
        return is_news

    def in_words(self) -> str:
        with self._lock:
            return self._sentence

    def tell(self, unit: GatewayUnit, wanted: UnitDefined, at: Position) -> bool:
        """Where it is, and before that what it is, if nobody has said so. False: not now."""
        with self._lock:
            link = self._link
        if link is None or not self.is_ready:
            return False
        try:
            if unit.unit not in self._settled:
                self._define(link, wanted)
            link.publish(UnitMoved(unit.unit, at))
        except (EventError, SpoolError) as error:
            self.dropped += 1
            log.warning("not told: %s", error)
        return True

    def _define(self, link: SiteLink, wanted: UnitDefined) -> None:
        """What another has said of it stands: it may know the ISSI, the talkgroup and the crew, and
        the site gives a unit's voice keys to the gateway that has said last what the unit is."""
        with self._lock:
            _, author, known = self._told.get(wanted.unit, ("", "", None))
        self._settled.add(wanted.unit)
        if known is None or (author == link.author and known != wanted):
            link.publish(wanted)
        elif known != wanted and author != link.author:
            self._say(
                f"{wanted.unit} is {known.call_sign} ({known.unit_kind}) by the word of {author}; "
                "that stands, and its positions are sent on."
            )

    # -- the link's thread ----------------------------------------------------------------

    def _on_events(self, events: Sequence[Event]) -> None:
        with self._lock:
            for event in events:
                body = event.body
                if event.exercise or not isinstance(body, UnitDefined | UnitRemoved):
                    continue
                if event.id > self._told.get(body.unit, ("",))[0]:
                    what = body if isinstance(body, UnitDefined) else None
                    self._told[body.unit] = event.id, event.author, what
                    if what is None:
                        self._settled.discard(body.unit)

    def _on_state(self, state: LinkState, sentence: str) -> None:
        with self._lock:
            self._is_up = state == "up"
            self._is_news = self._is_news or self._is_up
            is_new, self._sentence = sentence != self._sentence, sentence
        if is_new and state != "connecting":
            self._say(f"Site: {sentence}")

    # -- this class's thread ---------------------------------------------------------------

    def _run(self) -> None:
        """A certificate lasts for 30 days; a gateway for longer."""
        renew_s = 0.0
        while not self._ended.wait(LOOK_S):
            if not self._is_up or time.monotonic() < renew_s:
                continue
            renew_s = time.monotonic() + RENEW_EVERY_S
            try:
                renew_if_due(self._address)
            except (SiteError, OSError) as error:
                log.warning("the certificate could not be renewed yet: %s", error)

    def _seek(self) -> SiteAddress:
        """Raises SiteError."""
        if enrolled_as(self._home, "gateway") is None:
            raise SiteError(NOT_ENROLLED)
        return find_site(self._home, interface=self._interface, use="gateway", seconds=SEARCH_S)

    def _lay(self, address: SiteAddress) -> None:
        """What an earlier run has said counts, also where the site has not got it yet. Raises
        SpoolError, OSError."""
        link = SiteLink(
            address,
            author=f"{address.identity.name}_{self._program}",
            spool=self._home / "gateway" / "spool",
            on_events=self._on_events,
            on_state=self._on_state,
            streams=(RESOURCES,),
            live=False,
            refresh=self._refreshed,
        )
        self._address = address
        link.start()
        self._on_events(link.waiting)
        with self._lock:
            self._link = link

    def _refreshed(self) -> SiteAddress | None:
        """The same site at its newest address, with the newest certificate."""
        try:
            return self._seek()
        except (SiteError, OSError):
            return None


def program_of(source: str) -> str:
    """The part of the author that tells gateways of one member apart, the same at every start."""
    return "gw-" + hashlib.sha256(source.encode()).hexdigest()[:8]
