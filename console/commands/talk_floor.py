"""The floor for ``vaktbord talk``: asked of the site of this home, where there is one."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from console.domain import floor_messages as fm
from console.domain.authors import SUFFIX
from console.domain.floor_state import Level, Verdict
from console.site.address import LinkState, SiteAddress, SiteError
from console.site.find import Use, known_site
from console.site.log.link import SiteLink

COME_IN_S: Final = 3.0
POLL_S: Final = 0.02
ASK_S: Final = 1.0
SILENT_S: Final = 3.0  # without an answer
LET_GO: Final = "let go before it was granted"
WAITS: Final = frozenset[Verdict]({"queued", "settling"})
HOLDS: Final = frozenset[Verdict]({"granted", "queued", "settling"})


class FloorKey:
    """One talk key at a site. ``request`` and ``release`` by one thread; ``tell`` gets what a
    person is to know."""

    def __init__(
        self, address: SiteAddress, talkgroup: str, level: Level, tell: Callable[[str], None]
    ) -> None:
        self._talkgroup = talkgroup
        self._level = level
        self._tell = tell
        self._author = f"{address.identity.name}{SUFFIX}talk-{secrets.token_hex(2)}"
        self._up = threading.Event()
        self._lock = threading.Lock()
        self._answered = threading.Event()
        self._press = ""
        self._answer: fm.FloorAnswer | None = None
        self._began_s = 0.0
        self._link = SiteLink(
            address,
            author=self._author,
            spool=None,
            on_events=lambda _events: None,
            on_state=self._link_is,
            on_said=self._said,
            streams=(),
        )

    def start(self) -> None:
        """Raises SiteError."""
        self._link.start()
        if not self._is_up_in_time():
            self._link.stop()
            if self._link.shut_out is not None:
                raise self._link.shut_out
            raise SiteError("the site does not answer; --no-floor talks without its leave")

    def _is_up_in_time(self) -> bool:
        deadline_s = time.monotonic() + COME_IN_S
        while not self._up.wait(POLL_S):
            if self._link.shut_out is not None or time.monotonic() > deadline_s:
                return False
        return True

    def stop(self) -> None:
        self._link.stop()

    def request(self, ssrc: int, is_up: Callable[[], bool]) -> str:
        """Until it is granted, or ``is_up``: returns why not, empty: it is. Waiting is told."""
        with self._lock:
            self._press, self._answer = secrets.token_urlsafe(12), None
        place, heard_s = 0, time.monotonic()
        while time.monotonic() - heard_s < SILENT_S and self._link.shut_out is None:
            self._answered.clear()
            self._ask(fm.FloorRequest(self._press, self._author, ssrc, self._level))
            if self._answered.wait(fm.RENEW_S):
                heard_s = time.monotonic()
            answer = self._answer
            if is_up():
                self.release()
                return LET_GO
            if answer is not None and answer.verdict == "granted":
                self._began_s = time.monotonic()
                return ""
            if answer is not None and answer.verdict not in WAITS:
                return refusal(answer)
            if answer is not None and answer.place not in (0, place):
                place = answer.place
                self._tell(f"waiting: number {place}, {answer.who or 'somebody'} talks")
        return self._gone() or "the site does not answer; --no-floor talks without its leave"

    def _gone(self) -> str:
        """Why the site gives this position nothing any more, nor takes anything from it."""
        return str(self._link.shut_out or "")

    def renew(self, ssrc: int) -> str:
        """The key is still down. Returns who or what has taken the floor, empty: nobody has (a
        site that is away for a moment takes it from nobody)."""
        if gone := self._gone():
            return gone
        spoken_ms = min(round((time.monotonic() - self._began_s) * 1_000), 600_000)
        self._ask(
            fm.FloorRenew(
                self._press, self._author, ssrc, self._level, held=True, spoken_ms=spoken_ms
            )
        )
        answer = self._answer
        return "" if answer is None or answer.verdict in HOLDS else refusal(answer)

    def release(self) -> None:
        with contextlib.suppress(SiteError):
            self._link.ask(
                fm.FLOOR,
                self._talkgroup,
                fm.encode(fm.FloorRelease(self._press, self._author)),
                ASK_S,
            ).result()

    def _ask(self, asked: fm.FloorAsk) -> None:
        future = self._link.ask(fm.FLOOR, self._talkgroup, fm.encode(asked), ASK_S)
        future.add_done_callback(self._asked)

    def _asked(self, done: Future[bytes]) -> None:
        if done.exception() is None:  # else it is asked again
            self._take(done.result())

    def _said(self, subject: str, payload: bytes) -> None:
        if subject.startswith("vb.to.") and f".{fm.FLOOR}." in subject:
            self._take(payload)

    def _take(self, payload: bytes) -> None:
        answer = fm.decode(payload, fm.FloorAnswer)
        with self._lock:
            if answer is not None and answer.press == self._press:
                self._answer = answer
                self._answered.set()

    def _link_is(self, state: LinkState, _why: str) -> None:
        (self._up.set if state == "up" else self._up.clear)()


def refusal(answer: fm.FloorAnswer) -> str:
    """Why nothing is said, in one sentence."""
    whys = {
        "queue-full": "too many are waiting for the floor",
        "too-many-floors": "the site has too much to do",
        "no-such-group": f"the site does not know the talkgroup {answer.talkgroup}: define it "
        "there, or talk without its leave (--no-floor)",
        "may-not-talk": f"this position may not talk in {answer.talkgroup}",
    }
    if answer.verdict == "denied":
        return whys.get(answer.why, "the floor was denied")
    ends = {"pre-empted": f"{answer.who or 'another'} has taken the floor", "timed-out": "time out"}
    return ends.get(answer.verdict, "the floor was lost; press again")


def floor_of(home: Path, use: Use = "desk") -> SiteAddress | None:
    """The site that would give the floor; None where this home has none. Raises SiteError."""
    return known_site(home, use)
