"""Individual calls of an exercise: its units ring at a desk, answer when called, and speak.

One thread. Which unit calls when is the simulation's to say (:mod:`console.exercise.net`); whether
anybody answers is known here alone.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from audio import protocol
from audio.ready import make_ready
from console.domain.call import Call
from console.domain.events import AnyBody, CallAnswered, CallEnded, CallOffered, CallReason
from console.domain.held_keys import HeldKeys
from console.domain.state import State
from console.exercise.net import Ring
from console.exercise.phrases import Phrase
from console.exercise.scenario import Scenario
from console.exercise.station import PAYLOAD_TYPE, Station
from console.site.log.ids import CALL, new_id
from console.streams.announce import AnnounceError, Offer
from console.streams.keys import engine_key

log = logging.getLogger(__name__)

ANSWER_S: Final = 3.0  # that a unit lets it ring
KEY_S: Final = 10.0  # without a key nothing is said, and the call ends
PAUSE_S: Final = 1.0  # from the answer to the first word: one puts the receiver to the ear
LISTEN_S: Final = 20.0  # to what the desk says, after the last word
TICK_S: Final = 0.2
MAX_CALLS: Final = 8  # at once; more are busy
Stand = Literal["rings", "answers", "wants-key", "opens", "talks"]


class Mouth(Protocol):
    """What is needed of :class:`console.exercise.voice.Voice`."""

    def open(self, wish: protocol.Publish, key: protocol.SetSendKey, /) -> bool: ...
    def say(self, command: protocol.Say, /) -> bool: ...
    def close(self, publication: str, /) -> None: ...


class Announces(Protocol):
    """What is needed of :class:`console.streams.announce.Announcer`."""

    def announce(self, offer: Offer, /) -> str: ...
    def withdraw(self, handle: str, /) -> None: ...


@dataclass(slots=True)
class _Going:
    """A call of one of our units. ``until_s``: then something is due, or nothing will come."""

    key: str
    unit: str
    stand: Stand
    until_s: float
    handle: str = ""


class UnitCalls:
    """``tell`` the site, ``want_keys`` of it (and ``forget_keys``), ``desk``: who is to be called,
    "" = nobody is here. Every public method is for any thread."""

    def __init__(
        self,
        scenario: Scenario,
        station: Station,
        mouth: Mouth,
        *,
        tell: Callable[[AnyBody], None],
        want_keys: Callable[[str], None],
        forget_keys: Callable[[str], None],
        announcer: Callable[[], Announces | None],
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._scenario = scenario
        self._station = station
        self._mouth = mouth
        self._tell = tell
        self._want_keys = want_keys
        self._forget_keys = forget_keys
        self._announcer = announcer
        self._now_s = now_s
        self._words = words_of(scenario)
        self._going: dict[str, _Going] = {}
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="exercise-calls", daemon=True)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        """Nobody is left talking to units that are no more."""
        if self._thread.ident is not None:
            self._work.put(self._end_all)
            self._work.put(None)
            self._thread.join(timeout=2.0)

    def ring(self, wish: Ring, desk: str) -> None:
        self._work.put(lambda: self._ring(wish, desk))

    def state_is(self, state: State) -> None:
        """What the site's log says now."""
        calls = state.calls
        self._work.put(lambda: self._look(calls))

    def keys_are(self, call: str, keys: HeldKeys) -> None:
        self._work.put(lambda: self._speak(call, keys))

    # -- its own thread -------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            try:
                work = self._work.get(timeout=TICK_S if self._going else None)
            except queue.Empty:
                work = self.tick
            if work is None:
                return
            try:
                work()
            except Exception:  # the exercise goes on
                log.exception("a call failed")

    def tick(self) -> None:
        now_s = self._now_s()
        for one in list(self._going.values()):
            if now_s < one.until_s:
                continue
            if one.stand == "answers":
                self._tell(CallAnswered(one.key))
                self._want(one)
            elif one.stand == "opens":
                self._say(one)
            elif one.stand == "talks":
                self._end(one, "hung-up")
            else:
                self._end(one, "lost" if one.stand == "wants-key" else "cancelled")

    def _ring(self, wish: Ring, desk: str) -> None:
        if not desk or len(self._going) >= MAX_CALLS:
            return
        if any(one.unit == wish.unit for one in self._going.values()):
            return
        key = new_id(CALL)
        self._going[key] = _Going(key, wish.unit, "rings", self._now_s() + wish.rings_s)
        self._tell(CallOffered(key, wish.unit, desk, exercise=True))

    def _look(self, calls: Mapping[str, Call]) -> None:
        for one in list(self._going.values()):
            known = calls.get(one.key)
            if known is None:
                continue
            if known.state == "ended":
                self._close(one)
            elif known.state == "connected" and one.stand == "rings":
                self._want(one)
        for call in calls.values():
            if call.state == "ringing" and call.exercise and call.key not in self._going:
                self._take(call)

    def _take(self, call: Call) -> None:
        """A unit of ours is called. One that has nothing to say lets it ring."""
        if not self._words.get(call.callee):
            return
        is_busy = any(one.unit == call.callee for one in self._going.values())
        if is_busy or len(self._going) >= MAX_CALLS:
            self._tell(CallEnded(call.key, "busy"))
            return
        due_s = self._now_s() + ANSWER_S
        self._going[call.key] = _Going(call.key, call.callee, "answers", due_s)

    def _want(self, one: _Going) -> None:
        one.stand, one.until_s = "wants-key", self._now_s() + KEY_S
        self._want_keys(one.key)

    def _speak(self, call: str, keys: HeldKeys) -> None:
        """Never before there is a key."""
        one = self._going.get(call)
        if one is None or one.stand != "wants-key" or keys.current is None:
            return
        wish = self._station.call(call)
        key = engine_key(keys.current)
        offer = Offer(
            call, call, wish.port, wish.address, PAYLOAD_TYPE, srtp=key.profile,
            kid=keys.current.kid,
        )  # fmt: skip
        announcer = self._announcer()
        wish = self._station.secured(wish, key)
        sends = protocol.SetSendKey(wish.publication, key, keys.block)
        if announcer is None or not self._mouth.open(wish, sends):
            self._end(one, "lost")
            return
        try:
            one.handle = announcer.announce(offer)
        except AnnounceError as error:
            log.warning("%s", error)
            self._end(one, "lost")
            return
        one.stand, one.until_s = "opens", self._now_s() + PAUSE_S

    def _say(self, one: _Going) -> None:
        one.stand, one.until_s = "talks", self._now_s() + LISTEN_S
        unit = self._scenario.units[one.unit]
        publication = self._station.call(one.key).publication
        for phrase in self._words.get(one.unit, ()):
            one.until_s += phrase.seconds
            self._mouth.say(
                protocol.Say(publication, str(phrase.path.resolve()), speaker=unit.call_sign)
            )

    def _end(self, one: _Going, reason: CallReason) -> None:
        self._tell(CallEnded(one.key, reason))
        self._close(one)

    def _close(self, one: _Going) -> None:
        del self._going[one.key]
        announcer = self._announcer()
        if one.handle and announcer is not None:
            announcer.withdraw(one.handle)
        self._mouth.close(self._station.call(one.key).publication)
        self._forget_keys(one.key)

    def _end_all(self) -> None:
        for one in list(self._going.values()):
            self._end(one, "cancelled" if one.stand in ("rings", "answers") else "hung-up")


def words_of(scenario: Scenario) -> Mapping[str, tuple[Phrase, ...]]:
    """What each unit says in a call, by the first story in which it calls."""
    found: dict[str, tuple[Phrase, ...]] = {}
    for story in scenario.stories.values():
        for step in story.steps:
            if step.unit is not None and step.call:
                found.setdefault(step.unit, tuple(scenario.phrases[one] for one in step.call))
    return found
