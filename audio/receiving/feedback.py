"""When a receiver reports how it hears a stream, and what it says. Pure, with time from outside.

Regular reports are as far apart as RFC 3550 section 6.2 wants: 5 s or more, by chance 0.5 to 1.5
times that, so that all receivers together take a twentieth of the stream's bit rate at most.
When loss begins or gets worse, a report comes early (the idea of RFC 4585 section 3.5), after a
wait by chance that grows with the number of receivers; again, a few times, while no copies come: a
report may be lost as well. Who hears nothing says nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Final

import msgspec

from audio.network.rtcp import MAX_RUN, Quality

INTERVAL_MS: Final = 5_000.0  # RFC 3550 section 6.2
MAX_INTERVAL_MS: Final = 15_000.0  # however many there seem to be; a sender forgets after 30 s
RECEIVERS_BYTES_S: Final = 64_000 / 8 * 0.05 * 0.75  # theirs of a stream of 64 kbit/s (6.2)
REPORT_BYTES: Final = 128  # of a report with its headers, about
EARLY_SHARE: Final = 0.02  # lost since the last report
EARLY_LOST: Final = 2  # packets: one alone is no beginning
MAX_EARLY: Final = 3  # in one interval
EARLY_AFTER_MS: Final = 400.0  # another report, at least: an answer takes as long as it takes
WORSE: Final = 2.0  # times what was reported last: worth another early one
DITHER_MS: Final = 20.0  # for each receiver known: some 50 early reports a second
MAX_DITHER_MS: Final = 2_000.0
MAX_MEMBERS: Final = 1_024  # other receivers remembered; then the one silent for longest goes
MEMBER_MS: Final = 60_000.0  # without a report: gone
RESUME_MS: Final = 1_000.0  # without a look: the stream was silent
MAX_SOURCES: Final = 32  # SSRCs remembered; the oldest goes


class Tally(msgspec.Struct, frozen=True):
    """What has come of one sender since it began anew at ``first``."""

    ssrc: int
    first: int = 0  # extended sequence number
    highest: int = 0
    received: int = 0  # packets
    gaps: int = 0
    missing: int = 0  # packets within the gaps
    jitter: int = 0  # timestamp units

    @property
    def expected(self) -> int:
        return self.highest - self.first + 1


class Feedback:
    """One stream's. ``is_due`` about ten times a second while somebody speaks; if so, ``make``.
    ``note_loss`` before it when packets have been lost since."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.ssrc = chance.getrandbits(31) + 1
        self._members: dict[int, float] = {}
        self._told: dict[int, Tally] = {}  # at the last report
        self._sent_at: dict[int, tuple[int, float]] = {}  # of sender reports
        self._looked_ms = float("-inf")
        self._next_ms = float("inf")
        self._early_ms = float("inf")
        self._early = 0  # since the last regular report
        self._made_ms = float("-inf")
        self._worst_told = 0.0  # share lost, in the last report

    def begin_anew(self) -> None:
        """Reports are another receiver's from now on, for all that their readers know."""
        self.ssrc = self._chance.getrandbits(31) + 1

    # -- what is heard of others -------------------------------------------------------------

    def note_member(self, ssrc: int, now_ms: float) -> None:
        """Another receiver has reported."""
        if ssrc == self.ssrc:
            return
        self._members.pop(ssrc, None)
        self._members[ssrc] = now_ms
        if len(self._members) > MAX_MEMBERS:
            del self._members[next(iter(self._members))]

    def note_sent_at(self, ssrc: int, middle: int, now_ms: float) -> None:
        """A sender report came; ``middle``: the middle 32 bits of its NTP time."""
        self._sent_at.pop(ssrc, None)
        self._sent_at[ssrc] = (middle, now_ms)
        if len(self._sent_at) > MAX_SOURCES:
            del self._sent_at[next(iter(self._sent_at))]

    # -- when -------------------------------------------------------------------------------

    def note_loss(self, tallies: Iterable[Tally], now_ms: float, *, has_copies: bool) -> None:
        """There are new gaps. ``has_copies``: the sender has answered, what is lost comes so."""
        may_early = self._early < MAX_EARLY and now_ms - self._made_ms >= EARLY_AFTER_MS
        if may_early and self._early_ms == float("inf") and self._is_bad(tallies, has_copies):
            self._early_ms = now_ms + self._dither_ms()

    def is_due(self, now_ms: float) -> bool:
        if now_ms - self._looked_ms > RESUME_MS:
            self._next_ms = now_ms + self._interval_ms(now_ms) / 2
            self._early_ms = float("inf")
        self._looked_ms = now_ms
        return now_ms >= self._next_ms or now_ms >= self._early_ms

    def _is_bad(self, tallies: Iterable[Tally], has_copies: bool) -> bool:
        """Bad enough to be told at once."""
        wanted = max(EARLY_SHARE, WORSE * self._worst_told) if has_copies else EARLY_SHARE
        return any(
            since.expected - since.received >= EARLY_LOST and _share(since) >= wanted
            for since in map(self._since, tallies)
        )

    def _interval_ms(self, now_ms: float) -> float:
        while self._members and now_ms - next(iter(self._members.values())) > MEMBER_MS:
            del self._members[next(iter(self._members))]
        fair_ms = 1_000.0 * REPORT_BYTES * (len(self._members) + 1) / RECEIVERS_BYTES_S
        base_ms = min(max(INTERVAL_MS, fair_ms), MAX_INTERVAL_MS)
        return base_ms * self._chance.uniform(0.5, 1.5)

    def _dither_ms(self) -> float:
        return self._chance.uniform(0.0, min(DITHER_MS * len(self._members), MAX_DITHER_MS))

    # -- what -------------------------------------------------------------------------------

    def make(self, tallies: Iterable[Tally], now_ms: float) -> tuple[list[Quality], float]:
        """Of all that were heard since the last one; and how many packets are lost in a row, on
        average. Nothing when none was."""
        if now_ms >= self._next_ms:
            self._early = 0
            self._next_ms = now_ms + self._interval_ms(now_ms)
        else:
            self._early += 1
        self._made_ms = now_ms
        self._early_ms = float("inf")
        blocks, gaps, missing = [], 0, 0
        for tally in tallies:
            since = self._since(tally)
            if since.received <= 0:
                continue
            self._remember(tally)
            blocks.append(self._quality(tally, _share(since), now_ms))
            gaps, missing = gaps + since.gaps, missing + since.missing
        self._worst_told = max((one.share for one in blocks), default=0.0)
        return blocks, min(max(missing / gaps, 1.0), MAX_RUN) if gaps > 0 else 1.0

    def _since(self, tally: Tally) -> Tally:
        """What has come since the last report."""
        told = self._told.get(tally.ssrc)
        if told is None or told.first != tally.first or told.highest > tally.highest:
            return tally
        return Tally(
            tally.ssrc,
            told.highest + 1,
            tally.highest,
            tally.received - told.received,
            tally.gaps - told.gaps,
            tally.missing - told.missing,
        )

    def _remember(self, tally: Tally) -> None:
        self._told.pop(tally.ssrc, None)
        self._told[tally.ssrc] = tally
        if len(self._told) > MAX_SOURCES:
            del self._told[next(iter(self._told))]

    def _quality(self, tally: Tally, share: float, now_ms: float) -> Quality:
        middle, came_ms = self._sent_at.get(tally.ssrc, (0, now_ms))
        return Quality(
            tally.ssrc,
            share,
            tally.expected - tally.received,
            tally.highest,
            tally.jitter,
            middle,
            int((now_ms - came_ms) * 65.536),  # 1/65,536 s
        )


def _share(since: Tally) -> float:
    """Lost of those expected; doubled packets may make up for it (RFC 3550 A.3)."""
    return max(0.0, 1 - since.received / since.expected) if since.expected > 0 else 0.0
