"""How late a sender's packets are, and how long they should therefore wait. Pure.

A histogram of how much later than the quickest packets come, in 5 ms buckets with a forgetting
factor (the idea of WebRTC's NetEQ, with finer buckets), and the wait that 95 % of them need, within
40 to 120 ms. Arrival times are those of the tick that found the packet: that is when it can first
be played, so the kernel's finer stamps would promise what no tick can keep.
"""

from __future__ import annotations

from typing import Final

BUCKET_MS: Final = 5
BUCKETS: Final = 64  # up to 320 ms
QUANTILE: Final = 0.95
FORGETTING: Final = 0.998  # per packet: half-forgotten after 346 packets, 7 s of speech
FLOOR_MS: Final = 40.0
CAP_MS: Final = 120.0
BASE_WINDOW_MS: Final = 5_000.0  # how long the quickest packet is remembered, at least
REBASE_MS: Final = 200.0  # a burst this far from what is known has another clock
SHRINK_EVERY_MS: Final = 10_000.0  # within a burst that never ends
MAX_WEIGHT: Final = 1e12
_GROWTH: Final = 1.0 / FORGETTING  # new packets weigh more, which is cheaper than fading all old


class Delays:
    """``begin`` at each burst, ``add`` for each packet. Times in ms of the receiver's clock less
    those of the sender's: only differences between them mean anything."""

    __slots__ = (
        "_is_based", "_last_ms", "_next_base_ms", "_shrunk_ms", "_turn_ms", "_weight", "_weights",
        "base_ms", "jitter_ms", "target_ms",
    )  # fmt: skip

    def __init__(self) -> None:
        self._weights = [0.0] * BUCKETS
        self._weight = 1.0
        self._is_based = False
        self._next_base_ms = float("inf")
        self._turn_ms = 0.0
        self._last_ms = 0.0
        self._shrunk_ms = 0.0
        self.base_ms = 0.0  # of the quickest packets
        self.jitter_ms = 0.0  # RFC 3550 6.4.1
        self.target_ms = FLOOR_MS

    def learn_from(self, other: Delays) -> None:
        """Another sender of the same stream came the same way."""
        self._weights, self._weight = other._weights.copy(), other._weight
        self.target_ms = other.target_ms

    def begin(self, relative_ms: float, now_ms: float) -> None:
        """A burst begins. A sender whose clock stood still in the pause is learned anew."""
        if not self._is_based or abs(relative_ms - self.base_ms) > REBASE_MS:
            self.base_ms = self._next_base_ms = relative_ms
            self._turn_ms = now_ms
            self._is_based = True
        self._last_ms = relative_ms
        self._shrunk_ms = now_ms
        self.target_ms = self.wanted_ms()

    def add(self, relative_ms: float, now_ms: float) -> None:
        """The base is the least delay of one to two windows, so that a slow clock is followed."""
        if relative_ms < self._next_base_ms:
            self._next_base_ms = relative_ms
            self.base_ms = min(self.base_ms, relative_ms)
        if not 0 <= now_ms - self._turn_ms < BASE_WINDOW_MS:
            self.base_ms, self._next_base_ms = self._next_base_ms, relative_ms
            self._turn_ms = now_ms
        bucket = int((relative_ms - self.base_ms) / BUCKET_MS)
        weight = self._weight = self._weight * _GROWTH
        self._weights[bucket if bucket < BUCKETS else BUCKETS - 1] += weight
        if weight > MAX_WEIGHT:
            self._rescale()
        self.jitter_ms += (abs(relative_ms - self._last_ms) - self.jitter_ms) * 0.0625
        self._last_ms = relative_ms

    def wanted_ms(self) -> float:
        wanted, gathered = sum(self._weights) * QUANTILE, 0.0
        for bucket, weight in enumerate(self._weights):
            gathered += weight
            if gathered >= wanted:
                return min(max((bucket + 1.0) * BUCKET_MS, FLOOR_MS), CAP_MS)
        return CAP_MS

    def follow(self, now_ms: float) -> None:
        """Within a burst: up when the network gets worse, down seldom."""
        wanted_ms = self.wanted_ms()
        if wanted_ms > self.target_ms:
            self.target_ms = wanted_ms
        elif now_ms - self._shrunk_ms >= SHRINK_EVERY_MS:
            self.target_ms, self._shrunk_ms = wanted_ms, now_ms

    def grow(self, more_ms: float) -> None:
        self.target_ms = max(self.target_ms, min(self.target_ms + more_ms, CAP_MS))

    def _rescale(self) -> None:
        scale = 1.0 / self._weight
        self._weights = [weight * scale for weight in self._weights]
        self._weight = 1.0
