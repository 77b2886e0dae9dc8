"""Plays an exercise: streams announced, voices sent, events told. The only place that has a clock.

Nothing here decides what happens; that is console/exercise/net.py's.
"""

from __future__ import annotations

import logging
import secrets
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from audio import protocol
from console.domain.events import (
    AlarmRaised,
    AnyBody,
    Position,
    TalkgroupRemoved,
    UnitMoved,
    UnitRemoved,
)
from console.domain.held_keys import HeldKeys
from console.domain.state import State
from console.exercise.calls import UnitCalls
from console.exercise.floors import Floors
from console.exercise.net import Action, Ring, Talk, Tell, actions
from console.exercise.scenario import Scenario
from console.exercise.site import Site
from console.exercise.station import Station
from console.exercise.voice import Voice
from console.site.node.lock import FolderLock
from console.streams.announce import Announcer, Offer, station_host
from console.streams.keys import engine_key

log = logging.getLogger(__name__)

VOICE_PATIENCE_S: Final = 5.0  # then the units begin to move, and the voices come when they can
POLL_S: Final = 0.05
MAX_LATE_S: Final = 3.0  # a machine that slept goes on from where it was


class AlreadyPlaying(Exception):  # noqa: N818  # an answer rather than an error
    """Another process plays an exercise in this home."""


class Player:
    """One exercise, from :meth:`run` to Ctrl-C."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        home: Path,
        interface: str | None,
        log_level: str,
        seed: int,
        alarm_after_s: float | None,
    ) -> None:
        self._scenario = scenario
        self._interface = interface
        self._actions: Iterator[Action] = actions(scenario, seed, alarm_after_s=alarm_after_s)
        self._run_id = secrets.token_hex(3)  # alarms of two runs are different alarms
        home = home.resolve()
        self._in_home = FolderLock(home / "exercise" / "exercise.lock")
        self._station = Station(station_host(interface), home, interface)
        self._groups = self._station.groups(scenario.talkgroups)
        publications = [
            self._station.publication(one, self._groups[one.key])
            for one in scenario.talkgroups.values()
        ]
        self._talkgroups = {
            one.publication: key for one, key in zip(publications, scenario.talkgroups, strict=True)
        }
        self._publications = {key: name for name, key in self._talkgroups.items()}
        self._floors = Floors()
        self._lock = threading.Lock()  # guards the floors
        self._voice = Voice(
            home / "exercise",
            interface=interface,
            log_level=log_level,
            publications=publications,
            on_event=self._on_engine_event,
            on_up=self._on_engine_up,
            on_down=self._on_engine_down,
        )
        self._site = Site(
            home,
            interface=interface,
            say=_say,
            talkgroups=scenario.talkgroups,
            on_keys=self._secure,
            on_calls=self._calls_are,
        )
        self._calls = UnitCalls(
            scenario,
            self._station,
            self._voice,
            tell=self._site.tell,
            want_keys=self._site.want_keys,
            forget_keys=self._site.forget_keys,
            announcer=lambda: self._announcer,
        )
        self._announcer: Announcer | None = None
        self._announced: dict[str, tuple[str, Offer]] = {}  # talkgroup to handle and offer
        self._kids: dict[str, StreamKid] = {}
        self._announcing = threading.Lock()  # guards these two
        self._complaint = ""  # about the engine, told once
        self._network_complaint = ""

    def run(self) -> None:
        """Until SIGINT or SIGTERM. Raises AlreadyPlaying or OSError."""
        if not self._in_home.take():  # two would cut off each other's voices
            raise AlreadyPlaying
        try:
            _interrupt_on_signals()
            self._voice.start()
            self._site.start()
            self._calls.start()
            self._announce()
            self._play()
        except KeyboardInterrupt:
            _say("The exercise ends.")
        finally:
            self._stop()

    def _announce(self) -> None:
        announcer = Announcer(self._interface, host=self._station.host)
        with self._announcing:
            self._announcer = announcer
            for one in self._scenario.talkgroups.values():
                offer = self._station.offer(one, self._groups[one.key])
                secured = _secured(offer, self._kids.get(one.key))
                self._announced[one.key] = announcer.announce(secured), offer

    def _calls_are(self, state: State) -> None:
        self._calls.state_is(state)

    def _secure(self, talkgroup: str, keys: HeldKeys) -> None:
        """On the keyring's thread. Receivers hold the key already when it takes over, so the voice
        goes on without a gap; the announcement follows."""
        if talkgroup not in self._publications:
            self._calls.keys_are(talkgroup, keys)
            return
        if keys.current is None:
            return
        key = engine_key(keys.current)
        publication = self._publications[talkgroup]
        self._voice.secure(protocol.SetSendKey(publication, key, keys.block))
        kid = StreamKid(key.profile, keys.current.kid)
        with self._announcing:
            is_new = self._kids.get(talkgroup) != kid
            self._kids[talkgroup] = kid
            if is_new and self._announcer is not None and talkgroup in self._announced:
                handle, offer = self._announced[talkgroup]
                self._announcer.change(handle, _secured(offer, kid))

    def _play(self) -> None:
        start_s: float | None = None
        for action in self._actions:
            if action.at_ms > 0 or isinstance(action, Talk):
                start_s = self._wait(action.at_ms, start_s)
            self._do(action)
            self._tell_network_trouble()

    def _tell_network_trouble(self) -> None:
        problem = self._announcer.problem if self._announcer is not None else ""
        if problem != self._network_complaint:
            self._network_complaint = problem
            _say(problem or "The streams are announced again.")

    def _wait(self, at_ms: int, start_s: float | None) -> float:
        """Until it is time; returns when the exercise started."""
        if start_s is None:
            deadline_s = time.monotonic() + VOICE_PATIENCE_S
            while not self._voice.wait_ready(POLL_S) and time.monotonic() < deadline_s:
                pass
            start_s = time.monotonic()
        rest_s = start_s + at_ms / 1_000 - time.monotonic()
        if rest_s < -MAX_LATE_S:
            return start_s - rest_s
        if rest_s > 0:
            time.sleep(rest_s)
        return start_s

    def _do(self, action: Action) -> None:
        match action:
            case Talk():
                self._talk(action)
            case Tell(body=body):
                self._site.tell(self._dated(body))
            case Ring():
                self._calls.ring(action, self._site.desk())

    def _dated(self, body: AnyBody) -> AnyBody:
        """What the simulation can't know: the time of day, and which exercise this is."""
        match body:
            case UnitMoved(position=position):
                return msgspec.structs.replace(body, position=_fixed_now(position))
            case AlarmRaised(position=Position() as position):
                alarm = f"ex-{self._run_id}-{body.alarm}"
                return msgspec.structs.replace(body, alarm=alarm, position=_fixed_now(position))
            case _:
                return body

    def _talk(self, talk: Talk) -> None:
        unit = self._scenario.units[talk.unit]
        command = protocol.Say(
            publication=self._publications[talk.talkgroup],
            path=str(self._scenario.phrases[talk.phrase].path.resolve()),
            speaker=unit.call_sign,
        )
        with self._lock:  # the engine's answer must not overtake what is expected
            if self._voice.say(command):
                self._floors.expect(talk)

    # -- on the engine client's threads -----------------------------------------------------

    def _on_engine_event(self, event: protocol.Event) -> None:
        match event:
            case protocol.BurstSent(publication=name) if name in self._talkgroups:
                self._on_burst(self._talkgroups[name], event)
            case protocol.Refused(command=command, why=why, stream=name):
                log.warning("%s", why)
                if command == "say" and name in self._talkgroups:
                    with self._lock:
                        self._floors.refused(self._talkgroups[name])
            case _:
                pass

    def _on_burst(self, talkgroup: str, burst: protocol.BurstSent) -> None:
        now_ms = time.monotonic_ns() // 1_000_000
        with self._lock:
            told = (
                self._floors.begun(talkgroup, burst.ssrc, now_ms)
                if burst.on
                else self._floors.ended(talkgroup, now_ms)
            )
            for body in told:
                self._site.tell(body)

    def _on_engine_up(self) -> None:
        if self._complaint:
            self._complaint = ""
            _say("The voices are back.")

    def _on_engine_down(self, why: str) -> None:
        self._release_all()
        if why != self._complaint:
            self._complaint = why
            _say(f"The voices pause: {why}")

    def _release_all(self) -> None:
        with self._lock:
            for body in self._floors.all_ended(time.monotonic_ns() // 1_000_000):
                self._site.tell(body)

    # -- the end ------------------------------------------------------------------------------

    def _stop(self) -> None:
        """The voices first, then the goodbyes; the site is told last that all have gone."""
        self._calls.stop()
        self._voice.stop()
        self._release_all()
        if self._announcer is not None:
            self._announcer.close()
        self._leave()
        self._site.stop()
        self._in_home.release()

    def _leave(self) -> None:
        """An alarm stays until a person has closed it, and with it who raised it, and where."""
        alarms = self._site.open_alarms()
        for unit in self._scenario.units.keys() - {one.unit for one in alarms}:
            self._site.tell(UnitRemoved(unit))
        for talkgroup in self._scenario.talkgroups.keys() - {one.talkgroup for one in alarms}:
            self._site.tell(TalkgroupRemoved(talkgroup))


class StreamKid(msgspec.Struct, frozen=True):
    """What an announcement says of its key."""

    profile: protocol.SrtpProfile
    kid: str


def _secured(offer: Offer, kid: StreamKid | None) -> Offer:
    if kid is None:
        return offer
    return msgspec.structs.replace(offer, srtp=kid.profile, kid=kid.kid)


def _fixed_now(position: Position) -> Position:
    return msgspec.structs.replace(position, fixed_ms=time.time_ns() // 1_000_000)


def _interrupt_on_signals() -> None:
    """Once: a second Ctrl-C must not cut off the goodbyes."""

    def interrupt(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
