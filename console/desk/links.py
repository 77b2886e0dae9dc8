"""The desk's three links to the world, started and stopped together: engine, site, streams.

Everything they hear is posted to one inbox, tagged by type; nothing here knows Qt.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audio import protocol
from console.desk.call_streams import CallStreams
from console.desk.engine_link import EngineLink
from console.desk.group_voice import GroupVoice
from console.desk.keyring import KeyedEngine, first_policy, has_site, remember_policy
from console.desk.news import (
    EngineIs,
    EngineSaid,
    EnrolmentEnded,
    KeysChanged,
    ListedTrouble,
    PolicyTold,
    PresenceIs,
    ShutOut,
    SiteAnswered,
    SiteFound,
    SiteIs,
    SiteMissing,
    SiteSaid,
    SiteTold,
    StreamsFound,
)
from console.desk.site_figures import SiteFigures
from console.desk.site_seeker import SiteSeeker
from console.domain.events import AnyBody
from console.domain.presence import Presence, Sitting
from console.domain.roles import is_exercise, may_say
from console.domain.voice_rights import VoicePolicy
from console.site.address import (
    DamagedError,
    EnrolmentOverError,
    LinkState,
    ShutOutError,
    SiteAddress,
)
from console.site.keyring import KeyRing, station_of
from console.streams.announcement import Announcement
from console.streams.browse import Browser
from console.streams.group_session import is_session
from console.streams.listed import ListedStreams
from console.streams.plan import SiteVoice
from console.streams.sdp import ClientCertificate

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
        self._home = options.home
        self._ring = KeyRing(
            self._ask_for_ring,
            on_change=self._keys_changed,
            on_policy=self._policy_told,
            station=_station(options.home),
        )
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
            on_state=self._site_is,
            on_site=lambda address: post(_found(address)),
            on_none=lambda why, enrol: post(SiteMissing(why, enrol)),
            on_enrolled=lambda why, label: post(EnrolmentEnded(why, label)),
            on_said=self._site_said,
            on_shut_out=lambda why, site: post(ShutOut(str(why), site, _how(why))),
            on_presence=lambda site, presence: post(PresenceIs(site, presence)),
        )
        self._keyed = KeyedEngine(self._ring, self._engine.send)
        self.calls = CallStreams(self._ring, interface=options.interface, home=options.home)
        self.groups = GroupVoice(self._ring, options.interface)
        self._browser = Browser(options.interface, self._streams_found)
        self._listed = ListedStreams(
            self._certificate,
            self._listed_found,
            on_trouble=lambda why: post(ListedTrouble(why)),
        )
        self._listed.listed(first_policy(options.home).listed)

    def start(self) -> None:
        self._engine.start()
        self._ring.start()
        self._site.start()
        self._browser.start()
        self._listed.start()

    def stop(self) -> None:
        self._listed.stop()
        self._browser.stop()
        self.calls.stop()
        self.groups.stop()
        self._site.stop()
        self._ring.stop()
        self._engine.stop()

    def to_engine(self, command: protocol.Command) -> None:
        self._keyed.send(command)

    def voice(self) -> SiteVoice:
        """What the site says of voice, as far as it is known at the start."""
        return SiteVoice(first_policy(self._home), self._ring, enrolled=has_site(self._home))

    def publish(self, body: AnyBody, *, cause: str | None, person: str, unconfirmed: bool) -> bool:
        """False when nothing could keep it."""
        return self._site.publish(body, cause=cause, person=person, unconfirmed=unconfirmed)

    def sit(self, sitting: Sitting) -> None:
        """What the other desks are told of this one, every second."""
        self._site.sit(sitting)

    @property
    def member(self) -> str:
        """As whom this desk is at its site, "" = at none."""
        return self._site.member

    def presence(self) -> Presence:
        """Who is here, by ``time.monotonic``."""
        return self._site.presence()

    def forget_keys(self, talkgroup: str) -> None:
        """Nobody talks there any more."""
        self._ring.forget(talkgroup)

    @property
    def trains(self) -> bool:
        """Whether this desk's role at its site is an exercise's."""
        role = self._site.role
        return role is not None and is_exercise(role)

    @property
    def role(self) -> str:
        """This desk's at its site, "" = it is at none."""
        return self._site.role or ""

    def may_not(self, body: AnyBody) -> str:
        """This desk's role, where that may not say it; "" = it may."""
        role = self._site.role
        return "" if role is None or may_say(role, type(body)) else role

    def ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> None:
        """The answer is posted, or that there is none."""
        future = self._site.ask(service, key, payload, timeout_s)
        future.add_done_callback(
            lambda done: self._post(
                SiteAnswered(service, key, None if done.exception() else done.result())
            )
        )

    def _ask_for_ring(
        self, service: str, key: str, payload: bytes, timeout_s: float
    ) -> Future[bytes]:
        return self._site.ask(service, key, payload, timeout_s)

    def _keys_changed(self, talkgroup: str) -> None:
        self._keyed.keys_changed(talkgroup)
        self._post(KeysChanged(talkgroup))

    def _policy_told(self, policy: VoicePolicy) -> None:
        remember_policy(self._home, policy)
        self._listed.listed(policy.listed)
        self._post(PolicyTold(policy))

    def _site_is(self, state: LinkState, why: str) -> None:
        self._ring.site_is(state == "up")
        self._post(SiteIs(state, why))

    def _site_said(self, subject: str, payload: bytes) -> None:
        self._ring.said(subject, payload)
        self._post(SiteTold(subject, payload))

    def _streams_found(self, new: Sequence[Announcement], gone: Sequence[str]) -> None:
        """Nobody announces what the site's policy lists by its SDP, nor the sessions of groups,
        which are known without: what is said of them moves no desk."""
        mine = tuple(one for one in new if self._is_taken(one.stream))
        for one in mine:
            if one.srtp is not None:
                self._ring.want(one.talkgroup, one.kid)
        lost = tuple(stream for stream in gone if self._is_taken(stream))
        if mine or lost:
            self._post(StreamsFound(mine, lost))

    def _listed_found(self, new: Sequence[Announcement], gone: Sequence[str]) -> None:
        """Of one that is listed no more an announcement may speak again."""
        self._post(StreamsFound(tuple(new), tuple(gone)))
        back = [one for one in self._browser.streams() if one.stream in gone]
        if back:
            self._streams_found(back, ())

    def _certificate(self) -> ClientCertificate | None:
        known = self._site.identity
        return None if known is None else ClientCertificate(*known.files())

    def tell_again(self) -> None:
        """What was told has been lost on the way: how the engine stands, and the site's log from
        its beginning. (For the streams ask :meth:`streams`.)"""
        self._engine.tell_again()
        self._site.relink()

    def streams(self) -> tuple[Announcement, ...]:
        """What is announced or listed now, but for the sessions of groups."""
        listed = self._listed.streams()
        announced = (one for one in self._browser.streams() if self._is_taken(one.stream))
        return (*announced, *listed)

    def _is_taken(self, stream: str) -> bool:
        """Whether what is announced of it counts."""
        return not (is_session(stream) or self._listed.has(stream))

    @property
    def listed_figures(self) -> tuple[int, int]:
        """Streams that the policy lists by their SDP and that were fetched; fetches that failed."""
        return len(self._listed.streams()), self._listed.failures

    @property
    def has_all_of_site(self) -> bool:
        """Whether all that the site's log holds has been posted."""
        return self._site.is_caught_up

    @property
    def kept_s(self) -> Mapping[str, int]:
        """How long the site's log keeps its streams; a stream that is not named, as usual."""
        return self._site.kept_s

    def enrol(self, code: str) -> None:
        """At the site that was found; how it ended is posted."""
        self._site.enrol(code)

    def start_site(self) -> None:
        self._site.start_site()

    def site_figures(self) -> SiteFigures:
        return self._site.figures()


def _found(address: SiteAddress) -> SiteFound:
    return SiteFound(address.name)


def _how(why: ShutOutError) -> Literal["taken-out", "over", "damaged"]:
    if isinstance(why, DamagedError):
        return "damaged"
    return "over" if isinstance(why, EnrolmentOverError) else "taken-out"


def _station(home: Path) -> str:
    """ "" = without a disk to remember it, the engine draws its SSRCs by chance."""
    try:
        return station_of(home)
    except OSError as error:
        log.warning("this station's name could not be kept: %s", error)
        return ""
