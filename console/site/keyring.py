"""The voice keys that a member holds: asked from its site, kept in memory alone, turned in time.

One thread, so that a window that hangs keeps no key from changing. Keys come only as answers to
what was asked here: nothing that is told unasked brings one.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Final

import msgspec

from audio.ready import make_ready
from console.domain.held_keys import HeldKeys, held, passed, told_to_turn
from console.domain.voice_keys import Handout, KeyNews, KeyRequest, KeyTurn, VoiceKey
from console.domain.voice_rights import VoicePolicy
from console.site.address import SiteError
from console.site.security.private import read_private, write_private

log = logging.getLogger(__name__)

AskSite = Callable[[str, str, bytes, float], Future[bytes]]
"""Service, key, payload, seconds: as :meth:`console.site.log.link.SiteLink.ask`."""

TICK_S: Final = 0.1
ANSWER_S: Final = 2.0
RETRY_S: Final = 0.3
MAX_RETRY_S: Final = 30.0
AGAIN_S: Final = 600.0
"""Asked again after so long though nothing was told: a word may be lost."""
MAX_WANTED: Final = 1_024
MAX_ASKED: Final = 32  # at once
MAX_QUEUED: Final = 4_096
TURN: Final = "vb.live.key-turn.site."
POLICY_TOLD: Final = "vb.live.voice-policy.site."
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
STATION_FILE: Final = "voice-station"


class _Wanted:
    """One talkgroup: when it is asked for next, and what came of it last."""

    def __init__(self, now_s: float) -> None:
        self.due_s = now_s
        self.pause_s = RETRY_S
        self.asking = False
        self.again = False  # something was told while an answer was under way
        self.sends = False
        self.kid: str | None = None  # that a station has said last
        self.why = ""


class KeyRing:
    """``on_change`` gets a talkgroup whose keys have changed, ``on_policy`` the site's policy, both
    on the ring's thread. ``station`` names the engine that sends (:func:`station_of`); "" = only
    listening. Every other method is for any thread."""

    def __init__(
        self,
        ask: AskSite,
        *,
        on_change: Callable[[str], None],
        on_policy: Callable[[VoicePolicy], None] = lambda _policy: None,
        station: str = "",
    ) -> None:
        self._ask_site = ask
        self._on_change = on_change
        self._on_policy = on_policy
        self._station = station
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._wanted: dict[str, _Wanted] = {}
        self._held: dict[str, HeldKeys] = {}
        self._asked = 0
        self._policy_due_s: float | None = None
        self._is_up = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keyring", daemon=True)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._post(lambda: None)
        self._thread.join()

    def want(self, talkgroup: str, kid: str | None = None) -> None:
        """Its streams are heard from now on. ``kid``: of the key that a station says it uses."""
        self._post(lambda: self._want(talkgroup, kid))

    def want_to_send(self, talkgroup: str) -> None:
        """Its keys are made where there are none."""
        self._post(lambda: self._want_to_send(talkgroup))

    def forget(self, talkgroup: str) -> None:
        self._post(lambda: self._forget(talkgroup))

    def site_is(self, up: bool) -> None:  # what the link says
        self._post(lambda: self._site_is(up))

    def said(self, subject: str, payload: bytes) -> None:
        """Whatever the link hears that is no event."""
        if subject.endswith(".keys") and subject.startswith("vb.to."):
            self._post(lambda: self._take_news(payload))
        elif subject.startswith(TURN):
            self._post(lambda: self._take_turn(subject.rpartition(".")[2], payload))
        elif subject.startswith(POLICY_TOLD):
            self._post(self._ask_policy)

    def held(self, talkgroup: str) -> HeldKeys | None:
        return self._held.get(talkgroup)

    def keys(self, talkgroup: str) -> tuple[VoiceKey, ...]:
        """What our own are heard under, the current one first; () = there are none."""
        known = self._held.get(talkgroup)
        return known.opening if known is not None else ()

    def find(self, kid: str, talkgroup: str) -> VoiceKey | None:
        known = self._held.get(talkgroup)
        return known.find(kid) if known is not None else None

    def why(self, talkgroup: str) -> str:
        """Why there are no keys of a talkgroup, for a person; "" = there are, or they come."""
        wanted = self._wanted.get(talkgroup)
        return wanted.why if wanted is not None else ""

    # -- the ring's thread --------------------------------------------------------------------

    def _post(self, work: Callable[[], None]) -> None:
        """What doesn't fit is lost, and made good by asking again."""
        if self._work.qsize() < MAX_QUEUED:
            self._work.put(work)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                work = self._work.get(timeout=TICK_S)
            except queue.Empty:
                work = None
            try:
                if work is not None:
                    work()
                self._tick(time.monotonic())
            except Exception:  # whatever it is: without this thread no key changes
                log.exception("the keyring failed")

    def _tick(self, now_s: float) -> None:
        for talkgroup, keys in list(self._held.items()):
            self._hold(talkgroup, passed(keys, now_s))
        if not self._is_up:
            return
        if self._policy_due_s is not None and now_s >= self._policy_due_s:
            self._policy_due_s = now_s + RETRY_S + ANSWER_S
            self._ask("voice-policy", "now", b"{}", self._policy_answered)
        for talkgroup, wanted in self._wanted.items():
            if self._asked >= MAX_ASKED:
                return
            if not wanted.asking and now_s >= wanted.due_s:
                self._ask_keys(talkgroup, wanted)

    def _want(self, talkgroup: str, kid: str | None) -> None:
        wanted = self._entry(talkgroup)
        if wanted is None or kid is None or kid == wanted.kid:
            return
        wanted.kid = kid
        if self.find(kid, talkgroup) is None:
            wanted.due_s, wanted.pause_s = time.monotonic(), RETRY_S

    def _want_to_send(self, talkgroup: str) -> None:
        wanted = self._entry(talkgroup)
        if wanted is not None and not wanted.sends:
            wanted.sends, wanted.due_s, wanted.pause_s = True, time.monotonic(), RETRY_S

    def _entry(self, talkgroup: str) -> _Wanted | None:
        """Made when there is none. Announcements are free: a stranger's talkgroups, of which there
        are no keys, make room for others."""
        known = self._wanted.get(talkgroup)
        if known is not None:
            return known
        if len(self._wanted) >= MAX_WANTED:
            idle = (n for n, w in self._wanted.items() if n not in self._held and not w.sends)
            oldest = next(idle, None)
            if oldest is None:
                return None
            del self._wanted[oldest]
        made = self._wanted[talkgroup] = _Wanted(time.monotonic())
        return made

    def _forget(self, talkgroup: str) -> None:
        self._wanted.pop(talkgroup, None)
        self._held.pop(talkgroup, None)

    def _site_is(self, up: bool) -> None:
        self._is_up = up
        now_s = time.monotonic()
        if up:
            self._policy_due_s = now_s
            for wanted in self._wanted.values():
                wanted.due_s, wanted.pause_s = now_s, RETRY_S
            return
        for talkgroup, wanted in self._wanted.items():
            if talkgroup not in self._held:
                self._say_why(talkgroup, wanted, "the site, which has the keys, can't be reached")

    # -- asking -------------------------------------------------------------------------------

    def _ask_keys(self, talkgroup: str, wanted: _Wanted) -> None:
        wanted.asking, wanted.again = True, False
        request = KeyRequest(1, self._station if wanted.sends else "", sends=wanted.sends)
        payload = msgspec.json.encode(request)
        self._ask("keys", talkgroup, payload, lambda answer: self._answered(talkgroup, answer))

    def _ask(
        self, service: str, key: str, payload: bytes, then: Callable[[bytes | str], None]
    ) -> None:
        """``then`` gets the answer, or in one sentence why there is none."""
        self._asked += 1

        def done(future: Future[bytes]) -> None:
            def work() -> None:
                self._asked -= 1
                then(_result(future))

            self._work.put(work)  # must not be lost, and there are MAX_ASKED at most

        try:
            future = self._ask_site(service, key, payload, ANSWER_S)
        except (SiteError, RuntimeError) as error:
            future = Future()
            future.set_exception(SiteError(str(error)))
        future.add_done_callback(done)

    def _answered(self, talkgroup: str, answer: bytes | str) -> None:
        wanted = self._wanted.get(talkgroup)
        if wanted is None:
            return
        wanted.asking = False
        told = answer if isinstance(answer, str) else _read(answer, talkgroup)
        now_s = time.monotonic()
        if isinstance(told, str):
            wanted.pause_s = min(wanted.pause_s * 2, MAX_RETRY_S)
            wanted.due_s = now_s + (RETRY_S if wanted.again else wanted.pause_s)
            self._say_why(talkgroup, wanted, told)
            return
        keys = held(told, now_s, self._held.get(talkgroup))
        wanted.pause_s = RETRY_S if keys is not None else min(wanted.pause_s * 2, MAX_RETRY_S)
        wait_s = (
            AGAIN_S * random.SystemRandom().uniform(0.8, 1.0)
            if keys is not None
            else wanted.pause_s
        )
        wanted.due_s = now_s if wanted.again else now_s + wait_s
        wanted.why = ""
        self._hold(talkgroup, keys)
        if keys is None:
            self._say_why(talkgroup, wanted, told.refused or "the site has no key of it")

    def _say_why(self, talkgroup: str, wanted: _Wanted, why: str) -> None:
        if wanted.why != why:
            wanted.why = why
            self._on_change(talkgroup)

    def _hold(self, talkgroup: str, keys: HeldKeys | None) -> None:
        """Tells of what senders and receivers go by, not of a date that was told again."""
        old = self._held.get(talkgroup)
        if keys is None:
            self._held.pop(talkgroup, None)
        else:
            self._held[talkgroup] = keys
        if _used(old) != _used(keys):
            self._on_change(talkgroup)

    # -- what is told -------------------------------------------------------------------------

    def _take_news(self, payload: bytes) -> None:
        with contextlib.suppress(*UNREADABLE):
            for talkgroup in msgspec.json.decode(payload, type=KeyNews).talkgroups:
                wanted = self._wanted.get(talkgroup)
                if wanted is not None:
                    wanted.due_s, wanted.again = time.monotonic(), wanted.asking

    def _take_turn(self, talkgroup: str, payload: bytes) -> None:
        keys = self._held.get(talkgroup)
        with contextlib.suppress(*UNREADABLE):
            turn = msgspec.json.decode(payload, type=KeyTurn)
            if keys is not None:
                self._hold(talkgroup, told_to_turn(keys, turn.kid, time.monotonic()))

    def _ask_policy(self) -> None:
        self._policy_due_s = time.monotonic()

    def _policy_answered(self, answer: bytes | str) -> None:
        if isinstance(answer, bytes):
            self._policy_due_s = None
            with contextlib.suppress(*UNREADABLE):
                self._on_policy(msgspec.json.decode(answer, type=VoicePolicy))


def _used(keys: HeldKeys | None) -> object:
    return keys and (keys.opening, keys.foreign, keys.block)


def _result(future: Future[bytes]) -> bytes | str:
    try:
        return future.result()
    except SiteError as error:
        return str(error)
    except Exception as error:  # cancelled, or the loop has ended
        return str(error) or type(error).__name__


def _read(answer: bytes, talkgroup: str) -> Handout | str:
    try:
        told = msgspec.json.decode(answer, type=Handout)
    except UNREADABLE as error:
        return f"the site's answer can't be read: {error}"
    return told if told.talkgroup == talkgroup else "the site answered for another talkgroup"


def station_of(folder: Path) -> str:
    """The name of the engine that lives in ``folder``, where it remembers its SSRCs. Raises
    OSError."""
    path = folder / STATION_FILE
    with contextlib.suppress(OSError, SiteError, UnicodeDecodeError):
        known = read_private(path, 64).decode("ascii").strip()
        if len(known) == 32 and not set(known) - set("0123456789abcdef"):
            return known
    name = f"{random.SystemRandom().getrandbits(128):032x}"
    write_private(path, name)
    return name
