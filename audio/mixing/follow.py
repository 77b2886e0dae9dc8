"""One group is followed for a while: it is in front, the others are dimmed, none of them is off.

It ends by itself, so that no group stays dimmed because a desk died: so long after the followed
group's last burst, when another alarm comes, or a minute after the window was last there. What is
said in a dimmed group counts as missed, so it is caught up on. Never dimmed: where an alarm or an
emergency is, and what is not kept, because nobody could catch up on it. Pure, with time given from
outside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from audio.mixing.duck import DUCKED_DB
from audio.mixing.mix import BEHIND_DB, from_db
from audio.protocol import MAX_PRIORITY, Followed, FollowEnd, SetMix

DIMMED_DB: Final = BEHIND_DB + DUCKED_DB
"""All others, as a monitored group under one of high priority: a voice that is still followed in a
quiet room."""
LEAST_DB: Final = -6.0  # the followed group is no softer by a volume that was turned down before
RISE_DB_PER_S: Final = 10.0  # the others come back as slowly as after any ducking
STEP_MS: Final = 50.0
ORPHANED_MS: Final = 60_000.0  # longer than a window hangs that comes back
SPANS: Final = 2  # one of two different groups was not the one that is asked about


class Follow:
    """``begin`` and ``end`` by command, ``look`` some times a second; ``take_news`` tells what has
    changed since it was last called."""

    def __init__(self) -> None:
        self.stream = ""  # that is followed; empty: none
        self._is_turned = False  # a hand has turned its volume since
        self._spared = ""  # the same, and the last one while the others come back
        self._hold_ms = 0.0
        self._ends_ms: float | None = None  # None: it is talked in
        self._orphaned_ms: float | None = None  # since when nobody is at the window
        self._depth_db = 0.0  # by which the others are dimmed now, 0 or less
        self._stepped_ms = float("-inf")
        self._spans: list[tuple[str, float]] = []  # that are over: followed, until when
        self._news: Followed | None = None

    def begin(self, stream: str, hold_s: float, now_ms: float, *, talks: bool) -> None:
        """The same again: it is counted anew from now on."""
        if self.stream and stream != self.stream:
            self._note_span(now_ms)
        if stream != self.stream:
            self._is_turned = False
        self.stream = self._spared = stream
        self._hold_ms = hold_s * 1_000
        self._ends_ms = None if talks else now_ms + self._hold_ms
        self._orphaned_ms = None
        self._depth_db = DIMMED_DB
        self._news = self.figures(now_ms)

    def end(self, now_ms: float, why: FollowEnd) -> None:
        if not self.stream:
            return
        self._note_span(now_ms)
        self._news = Followed("", why=why, was=self.stream)
        self.stream, self._ends_ms, self._stepped_ms = "", None, now_ms

    def _note_span(self, now_ms: float) -> None:
        others = [one for one in self._spans if one[0] != self.stream]
        self._spans = [*others, (self.stream, now_ms)][-SPANS:]

    def look(self, now_ms: float, *, talks: bool, is_orphan: bool) -> None:
        """``talks``: somebody does in the followed group; ``is_orphan``: the window is empty."""
        if not self.stream:
            return
        self._orphaned_ms = (self._orphaned_ms or now_ms) if is_orphan else None
        if self._orphaned_ms is not None and now_ms - self._orphaned_ms >= ORPHANED_MS:
            self.end(now_ms, "desk-gone")
        elif talks and self._ends_ms is not None:
            self._ends_ms = None
            self._news = self.figures(now_ms)
        elif not talks and self._ends_ms is None:
            self._ends_ms = now_ms + self._hold_ms
            self._news = self.figures(now_ms)
        elif self._ends_ms is not None and now_ms >= self._ends_ms:
            self.end(now_ms, "over")

    def step(self, now_ms: float) -> bool:
        """The others come back by and by; True when their gains have changed."""
        if self.stream or not self._depth_db or now_ms - self._stepped_ms < STEP_MS:
            return False
        self._stepped_ms = now_ms
        self._depth_db = min(self._depth_db + RISE_DB_PER_S * STEP_MS / 1_000, 0.0)
        return True

    def turned(self, old: SetMix, new: SetMix, now_ms: float) -> None:
        """A hand has changed how a stream is heard. Who silences what is followed wants to hear it
        no more, and its volume is as loud as it is turned from now on."""
        if new.stream != self.stream:
            return
        was_silent = old.muted or old.attention == "off"
        if (new.muted or new.attention == "off") and not was_silent:
            self.end(now_ms, "asked")
        elif new.gain_db != old.gain_db:
            self._is_turned = True

    # -- the mix --------------------------------------------------------------------------------

    def as_heard(self, mix: SetMix) -> SetMix:
        """The followed group in front, also one that was muted, off or turned down."""
        if not self.stream or mix.stream != self.stream:
            return mix
        return msgspec.structs.replace(
            mix,
            attention="selected",
            muted=False,
            gain_db=mix.gain_db if self._is_turned else max(mix.gain_db, LEAST_DB),
        )

    def rank(self, mix: SetMix) -> int:
        """By which others may duck it: an alarm alone is above what is followed."""
        if self.stream and mix.stream == self.stream:
            return max(mix.priority, MAX_PRIORITY - 1)
        return mix.priority

    def is_dimmed(self, mix: SetMix, *, is_kept: bool) -> bool:
        """Also while it comes back."""
        is_other = bool(self._depth_db) and mix.stream != self._spared
        return is_other and _may_be_dimmed(mix, is_kept=is_kept)

    def gain(self, *, is_behind: bool) -> float:
        """Of a dimmed group: what it is turned down by already (behind a selected one) counts."""
        return from_db(min(self._depth_db - (BEHIND_DB if is_behind else 0.0), 0.0))

    def was_dimmed(self, mix: SetMix, since_ms: float, *, is_kept: bool) -> bool:
        """At any time since then, so that some of it may not have been heard. What was dimmed
        before an alarm came there is not known any more, so in doubt it was."""
        is_other = bool(self.stream) and mix.stream != self.stream
        if is_other and _may_be_dimmed(mix, is_kept=is_kept):
            return True
        return is_kept and any(one != mix.stream and until > since_ms for one, until in self._spans)

    # -- telling --------------------------------------------------------------------------------

    def figures(self, now_ms: float) -> Followed | None:
        """None: no group is followed."""
        if not self.stream:
            return None
        left_s = None if self._ends_ms is None else max(self._ends_ms - now_ms, 0.0) / 1_000
        return Followed(self.stream, self._hold_ms / 1_000, left_s)

    def take_news(self, tell: Callable[[Followed], None]) -> None:
        news, self._news = self._news, None
        if news is not None:
            tell(news)


def _may_be_dimmed(mix: SetMix, *, is_kept: bool) -> bool:
    return is_kept and mix.priority < MAX_PRIORITY
