"""The desk's three links to the world, started and stopped together: engine, site, streams.

Everything they hear is posted to one inbox, tagged by type; nothing here knows Qt.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audio import protocol
from console.desk.engine_link import EngineLink
from console.desk.news import (
    EngineIs,
    EngineSaid,
    EnrolmentEnded,
    SiteAnswered,
    SiteFound,
    SiteIs,
    SiteMissing,
    SiteSaid,
    SiteTold,
    StreamsFound,
)
from console.desk.site_seeker import SiteFigures, SiteSeeker
from console.domain.events import AnyBody
from console.site.address import SiteAddress
from console.streams.announcement import Announcement
from console.streams.browse import Browser

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """Who this desk is and where it looks."""

    home: Path
    interface: str | None
    device: str
    log_level: str
    person: str
    linger_s: float | None = None


class Links:
    """``post`` is called from the links' threads."""

    def __init__(self, options: LinkOptions, post: Callable[[object], None]) -> None:
        self._post = post
        self._engine = EngineLink(
            options.home,
            interface=options.interface,
            device=options.device,
            log_level=options.log_level,
            on_event=lambda event: post(EngineSaid(event)),
            on_state=lambda state, why: post(EngineIs(state, why)),
            linger_s=options.linger_s,
        )
        self._site = SiteSeeker(
            options.home,
            interface=options.interface,
            person=options.person,
            on_events=lambda events: post(SiteSaid(tuple(events))),
            on_state=lambda state, why: post(SiteIs(state, why)),
            on_site=lambda address: post(_found(address)),
            on_none=lambda why, enrol: post(SiteMissing(why, enrol)),
            on_enrolled=lambda why: post(EnrolmentEnded(why)),
            on_said=lambda subject, payload: post(SiteTold(subject, payload)),
        )
        self._browser = Browser(options.interface, lambda new, gone: post(_streams(new, gone)))

    def start(self) -> None:
        self._engine.start()
        self._site.start()
        self._browser.start()

    def stop(self) -> None:
        self._browser.stop()
        self._site.stop()
        self._engine.stop()

    def to_engine(self, command: protocol.Command) -> None:
        self._engine.send(command)

    def publish(self, body: AnyBody, *, cause: str | None, person: str) -> bool:
        """False when nothing could keep it."""
        return self._site.publish(body, cause=cause, person=person)

    @property
    def member(self) -> str:
        """As whom this desk is at its site, "" = at none."""
        return self._site.member

    def ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> None:
        """The answer is posted, or that there is none."""
        future = self._site.ask(service, key, payload, timeout_s)
        future.add_done_callback(
            lambda done: self._post(
                SiteAnswered(service, key, None if done.exception() else done.result())
            )
        )

    def tell_again(self) -> None:
        """What was told has been lost on the way: how the engine stands, and the site's log from
        its beginning. (For the streams ask :meth:`streams`.)"""
        self._engine.tell_again()
        self._site.relink()

    def streams(self) -> tuple[Announcement, ...]:
        """What is announced now."""
        return self._browser.streams()

    @property
    def has_all_of_site(self) -> bool:
        """Whether all that the site's log holds has been posted."""
        return self._site.is_caught_up

    def enrol(self, code: str) -> None:
        """At the site that was found; how it ended is posted."""
        self._site.enrol(code)

    def start_site(self) -> None:
        self._site.start_site()

    def site_figures(self) -> SiteFigures:
        return self._site.figures()


def _found(address: SiteAddress) -> SiteFound:
    return SiteFound(address.name)


def _streams(new: Sequence[Announcement], gone: Sequence[str]) -> StreamsFound:
    return StreamsFound(tuple(new), tuple(gone))
