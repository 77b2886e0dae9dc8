"""How late a sender's packets are, and how long they should therefore wait. Pure.

A histogram of how much later than the quickest packets come, in 5 ms buckets with a forgetting
factor (the idea of WebRTC's NetEQ, with finer buckets), and the wait that 95 % of them need, within
40 to 120 ms. Arrival times are those of the tick that found the packet: that is when it can first
be played, so the kernel's finer stamps would promise what no tick can keep.
"""

from __future__ import annotations

from array import array
from typing import Final

from audio import fast

BUCKET_MS: Final = 5
ROUNDING_MS: Final = 0.01  # arrivals are whole ticks apart, at the very edges of buckets
BUCKETS: Final = 64  # up to 320 ms
QUANTILE: Final = 0.95
FORGETTING: Final = 0.998  # per packet: half-forgotten after 346 packets, 7 s of speech
FLOOR_MS: Final = 40.0
CAP_MS: Final = 120.0
BASE_WINDOW_MS: Final = 5_000.0  # how long the quickest packet is remembered, at least
REBASE_MS: Final = 200.0  # a burst this far from what is known has another clock
TICK_MS: Final = 10.0  # a copy is there at the tick after it came
SHRINK_EVERY_MS: Final = 10_000.0  # within a burst that never ends
JITTER_GAIN: Final = 1 / 16  # RFC 3550 6.4.1
MAX_WEIGHT: Final = 1e12
_GROWTH: Final = 1.0 / FORGETTING  # new packets weigh more, which is cheaper than fading all old


@fast.instead
class Histogram:
    """What is learnt from each arrival."""

    __slots__ = (
        "_last_ms", "_next_base_ms", "_shrunk_ms", "_total", "_turn_ms", "_weight", "_weights",
        "base_ms", "copies_ms", "jitter_ms", "target_ms",
    )  # fmt: skip

    def __init__(self) -> None:
        self._weights = array("d", bytes(8 * BUCKETS))  # close together in memory
        self._weight = 1.0  # of the newest packet
        self._total = 0.0
        self._next_base_ms = float("inf")
        self._turn_ms = 0.0
        self._last_ms = 0.0
        self._shrunk_ms = 0.0
        self.target_ms = FLOOR_MS
        self.base_ms = 0.0  # of the quickest packets
        self.copies_ms = 0.0  # how much later than a lost packet its copy comes; 0 = none wanted
        self.jitter_ms = 0.0  # RFC 3550 6.4.1

    def copy_weights(self, other: Histogram) -> None:
        self._weights = other._weights[:]
        self._weight, self._total = other._weight, other._total

    def learn(self, arrivals_ms: list[float], now_ms: float) -> None:
        """The base is the least delay of one to two windows, so that a slow clock is followed."""
        if not arrivals_ms:
            return
        if not 0 <= now_ms - self._turn_ms < BASE_WINDOW_MS:
            self.base_ms, self._next_base_ms = self._next_base_ms, arrivals_ms[0]
            self._turn_ms = now_ms
        self._next_base_ms = min(self._next_base_ms, *arrivals_ms)
        self.base_ms = base_ms = min(self.base_ms, self._next_base_ms)
        weights, weight, total = self._weights, self._weight, self._total
        last_ms, jitter_ms = self._last_ms, self.jitter_ms
        for relative_ms in arrivals_ms:
            weight *= _GROWTH
            total += weight
            weights[min(int((relative_ms - base_ms + ROUNDING_MS) / BUCKET_MS), BUCKETS - 1)] += (
                weight
            )
            jitter_ms += (abs(relative_ms - last_ms) - jitter_ms) * JITTER_GAIN
            last_ms = relative_ms
        self._weight, self._total = weight, total
        self._last_ms, self.jitter_ms = last_ms, jitter_ms
        if weight > MAX_WEIGHT:
            self._rescale()

    def wanted_ms(self) -> float:
        """What the quantile needs; and, where copies stand for what is lost, they too."""
        wanted, gathered = self._total * QUANTILE, 0.0
        more_ms = self.copies_ms + TICK_MS if self.copies_ms else 0.0
        for bucket, weight in enumerate(self._weights):
            gathered += weight
            if gathered >= wanted:
                return min(max((bucket + 1.0) * BUCKET_MS + more_ms, FLOOR_MS), CAP_MS)
        return CAP_MS

    def follow(self, now_ms: float) -> None:
        """Within a burst: up when the network gets worse, down seldom."""
        wanted_ms = self.wanted_ms()
        if wanted_ms > self.target_ms:
            self.target_ms = wanted_ms
        elif now_ms - self._shrunk_ms >= SHRINK_EVERY_MS:
            self.target_ms, self._shrunk_ms = wanted_ms, now_ms

    def _rescale(self) -> None:
        scale = 1.0 / self._weight
        self._weights = array("d", [weight * scale for weight in self._weights])
        self._weight, self._total = 1.0, self._total * scale


class Delays(Histogram):
    """``begin`` at each burst, ``learn`` from its packets, a few at a time. Times in ms of the
    receiver's clock less those of the sender's: only differences between them mean anything."""

    __slots__ = ("_is_based",)

    def __init__(self) -> None:
        super().__init__()
        self._is_based = False

    def learn_from(self, other: Delays) -> None:
        """Another sender of the same stream came the same way."""
        self.copy_weights(other)
        self.target_ms, self.copies_ms = other.target_ms, other.copies_ms

    def begin(self, relative_ms: float, now_ms: float) -> None:
        """A burst begins. A sender whose clock stood still in the pause is learned anew."""
        if not self._is_based or abs(relative_ms - self.base_ms) > REBASE_MS:
            self.base_ms = self._next_base_ms = relative_ms
            self._turn_ms = now_ms
            self._is_based = True
        self._last_ms = relative_ms
        self._shrunk_ms = now_ms
        self.target_ms = self.wanted_ms()

    def grow(self, more_ms: float) -> None:
        self.target_ms = max(self.target_ms, min(self.target_ms + more_ms, CAP_MS))
