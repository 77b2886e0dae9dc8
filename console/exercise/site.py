"""The exercise's way to the site: finds it, waits for it, and then tells it what happens."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from audio.ready import make_ready
from console.domain.events import (
    AlarmClosed,
    AlarmRaised,
    AnyBody,
    CallAnswered,
    CallEnded,
    CallOffered,
    Event,
    FloorGranted,
    FloorReleased,
    PositionJoined,
    PositionLeft,
    StatusChanged,
    TalkgroupDefined,
    TalkgroupRemoved,
    UnitDefined,
    UnitMoved,
    UnitRemoved,
)
from console.domain.held_keys import HeldKeys
from console.domain.state import State, apply_all
from console.site.address import LinkState, SiteAddress, SiteError
from console.site.find import find_site
from console.site.keyring import KeyRing, station_of
from console.site.log.link import SiteLink
from console.site.log.outbox import SpoolError
from console.site.log.wire import EventError
from console.site.node.process import find_address

log = logging.getLogger(__name__)

POLL_S: Final = 0.06
OWN_FIRST_S: Final = 2.0  # a site of this home that is just starting is waited for so long
BROWSE_S: Final = 1.0
SAY_SO_S: Final = 3.0  # how long nobody is told that there is no site yet
SAY_AGAIN_S: Final = 60.0
JOIN_S: Final = 5.0
FOLLOWED: Final = (
    PositionJoined, PositionLeft, CallOffered, CallAnswered, CallEnded,
    TalkgroupDefined, TalkgroupRemoved, UnitDefined, UnitRemoved,
)  # fmt: skip
MAX_EARLY: Final = 5_000  # kept until a site is found; of one thing only the newest


class Site:
    """``say`` gets sentences for a person, on the threads of this class."""

    def __init__(
        self,
        home: Path,
        *,
        interface: str | None,
        say: Callable[[str], None],
        talkgroups: Iterable[str] = (),
        on_keys: Callable[[str, HeldKeys], None] = lambda _talkgroup, _keys: None,
        on_calls: Callable[[State], None] = lambda _state: None,
    ) -> None:
        """``on_keys`` gets the keys under which a talkgroup is sent from now on, ``on_calls`` what
        the log says, whenever an individual call has changed."""
        self._home = home
        self._interface = interface
        self._author = ""  # as the site knows us
        self._say = say
        self._lock = threading.Lock()
        self._early: dict[tuple[str, str], AnyBody] = {}
        self._link: SiteLink | None = None
        self._ended = threading.Event()
        self._alarms: dict[str, AlarmRaised] = {}  # those that nobody has closed
        self._positions: dict[str, UnitMoved] = {}  # newest; live ones are lost while out of reach
        self._is_up = False
        self._begun_ms = time.time_ns() // 1_000_000
        self._talkgroups = tuple(talkgroups)
        self._on_keys = on_keys
        self._on_calls = on_calls
        self._state = State()  # desks, calls, and what is real
        self._ring: KeyRing | None = None
        self._left_over: dict[str, str] = {}  # groups that a run that was killed still holds
        self._thread = threading.Thread(target=self._run, name="exercise-site", daemon=True)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def tell(self, body: AnyBody) -> None:
        """Before there is a site, what lasts is kept."""
        with self._lock:
            match body:
                case AlarmRaised(alarm=alarm):
                    self._alarms[alarm] = body
                case UnitMoved(unit=unit):
                    self._positions[unit] = body
                case FloorGranted(talkgroup=talkgroup):
                    self._left_over.pop(talkgroup, None)  # the new grant takes the old one's place
            if self._link is not None:
                self._publish(self._link, body)
            elif (key := _lasting(body)) is not None and len(self._early) < MAX_EARLY:
                self._early[key] = body

    def open_alarms(self) -> list[AlarmRaised]:
        """Raised in this exercise, and not closed yet."""
        with self._lock:
            return list(self._alarms.values())

    def desk(self) -> str:
        """The operator's position that came last and has not left, "" = none is to be called: at a
        site with anything real in it an exercise rings at nobody's desk."""
        with self._lock:
            state = self._state
        here = [one for one in state.desks.values() if one.present]
        is_real = any(not one.exercise for one in state.talkgroups.values())
        is_real = is_real or any(not one.exercise for one in state.units.values())
        return max(here, key=lambda one: one.since_ms).key if here and not is_real else ""

    def want_keys(self, talkgroup: str) -> None:
        """To send there."""
        if self._ring is not None:
            self._ring.want_to_send(talkgroup)

    def forget_keys(self, talkgroup: str) -> None:
        if self._ring is not None:
            self._ring.forget(talkgroup)

    def stop(self) -> None:
        """Hands over what has been told, if there is a site to take it."""
        self._ended.set()
        self._thread.join(timeout=JOIN_S)
        with self._lock:
            link, self._link = self._link, None
        if link is not None:
            link.stop()
        if self._ring is not None:
            self._ring.stop()

    def _publish(self, link: SiteLink, body: AnyBody) -> None:
        try:
            link.publish(body)
        except (EventError, SpoolError) as error:
            log.warning("not told: %s", error)

    def _run(self) -> None:
        address = self._seek()
        if address is None:
            return
        with self._lock:
            self._author = address.identity.name
        ring = self._new_ring()
        link = SiteLink(
            address,
            author=self._author,
            person="",
            spool=self._home / "exercise" / "spool",
            on_events=self._on_events,
            on_state=self._on_state,
            on_said=ring.said,
            refresh=lambda: find_address(self._home, "trainer"),
        )
        try:
            link.start()
        except (SpoolError, OSError) as error:
            self._say(f"Nothing can be told to the site: {error}")
            return
        with self._lock:
            for body in self._early.values():
                self._publish(link, body)
            self._early.clear()
            self._link, self._ring = link, ring
            self._tell_positions()
        ring.start()
        ring.site_is(self._is_up)
        for talkgroup in self._talkgroups:  # when the site knows that they are an exercise's
            ring.want_to_send(talkgroup)

    def _new_ring(self) -> KeyRing:
        ring: KeyRing
        ring = KeyRing(
            self._ask,
            on_change=lambda talkgroup: self._keys_changed(ring, talkgroup),
            station=_station(self._home / "exercise"),
        )
        return ring

    def _ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> Future[bytes]:
        with self._lock:
            link = self._link
        if link is None:
            raise SiteError("the exercise has ended")
        return link.ask(service, key, payload, timeout_s)

    def _keys_changed(self, ring: KeyRing, talkgroup: str) -> None:
        held = ring.held(talkgroup)
        if held is not None and held.current is not None:
            self._on_keys(talkgroup, held)

    def _seek(self) -> SiteAddress | None:
        """None when the exercise has ended before there was one."""
        started_s = time.monotonic()
        say_s = started_s + SAY_SO_S
        while not self._ended.is_set():
            now_s = time.monotonic()
            try:
                address = self._look(browse=now_s - started_s > OWN_FIRST_S)
                if address is not None:
                    return address
                why = "no site answers yet"
            except (SiteError, OSError) as error:
                why = str(error)
            if now_s >= say_s:
                say_s = now_s + SAY_AGAIN_S
                self._say(f"Still looking for a site, the voices go on without it ({why})")
            self._ended.wait(POLL_S)
        return None

    def _look(self, *, browse: bool) -> SiteAddress | None:
        """Raises SiteError."""
        if not browse:
            return find_address(self._home, "trainer")
        return find_site(self._home, interface=self._interface, use="exercise", seconds=BROWSE_S)

    def _on_events(self, events: Sequence[Event]) -> None:
        ours = [one for one in events if isinstance(one.body, FOLLOWED)]
        with self._lock:
            before, self._state = self._state, apply_all(self._state, ours)
            state = self._state
            is_news = self._link is not None and self._link.is_caught_up
            for event in events:
                self._take_in(event)
            if self._link is not None and self._link.is_caught_up:
                for talkgroup, unit in self._left_over.items():
                    self._publish(self._link, FloorReleased(talkgroup, unit))
                self._left_over.clear()
        if is_news and state.calls is not before.calls:
            self._on_calls(state)

    def _take_in(self, event: Event) -> None:
        match event.body:
            case AlarmClosed(alarm=alarm):
                self._alarms.pop(alarm, None)
            case FloorGranted(talkgroup=talkgroup, unit=unit) if self._is_of_earlier_run(event):
                self._left_over[talkgroup] = unit
            case FloorReleased(talkgroup=talkgroup) if self._is_of_earlier_run(event):
                self._left_over.pop(talkgroup, None)

    def _is_of_earlier_run(self, event: Event) -> bool:
        return event.author == self._author and event.time_ms < self._begun_ms

    def _tell_positions(self) -> None:
        """Where everybody is, as soon as somebody hears it. Under the lock."""
        if self._is_up and self._link is not None:
            for body in self._positions.values():
                self._publish(self._link, body)

    def _on_state(self, state: LinkState, sentence: str) -> None:
        with self._lock:
            self._is_up = state == "up"
            self._tell_positions()
            ring = self._ring
        if ring is not None:
            ring.site_is(state == "up")
        if state != "connecting":
            self._say(f"Site: {sentence}")


def _station(folder: Path) -> str:
    """ "" = without a disk to remember it, the engine draws its SSRCs by chance."""
    try:
        return station_of(folder)
    except OSError as error:
        log.warning("this station's name could not be kept: %s", error)
        return ""


def _lasting(body: AnyBody) -> tuple[str, str] | None:
    """What of a thing is newest: its kind and key. None for what is only true at its moment."""
    match body:
        case TalkgroupDefined(talkgroup=key):
            return "talkgroup", key
        case UnitDefined(unit=key):
            return "unit", key
        case StatusChanged(unit=key):
            return "status", key
        case AlarmRaised(alarm=key):
            return "alarm", key
        case _:
            return None
