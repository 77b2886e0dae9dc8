"""How late a sender's packets are, and how long they should therefore wait. Pure.

A histogram of how much later than the quickest packets come, in 5 ms buckets with a forgetting
factor (the idea of WebRTC's NetEQ, with finer buckets), of the last 20 to 40 s of speech; and the
least wait, within 40 to 120 ms, with which no more than a wanted share comes too late. With a long
wait a larger share is put up with, as delay is disturbing too. What the longest wait would not save
counts for nothing, unless it is much. Arrival times are those of the tick that found the packet:
then it can first be played; the kernel's finer stamps would promise what no tick can keep.
"""

from __future__ import annotations

from array import array
from typing import Final

from audio import fast

BUCKET_MS: Final = 5
ROUNDING_MS: Final = 0.01  # arrivals are whole ticks apart, at the very edges of buckets
BUCKETS: Final = 64  # up to 315 ms
CAP_BUCKET: Final = 24  # of CAP_MS
QUIET_BUCKET: Final = 2  # 10 ms: a tick
LATE_SHARE: Final = 0.0015  # of packets, wanted while the wait is below PATIENT_MS
PATIENT_MS: Final = 65.0
LATE_SHARE_PER_MS: Final = 0.00009  # more above it: 0.65 % at CAP_MS
HOPELESS_SHARE: Final = 0.01  # of packets, later than CAP_MS: one gap of 400 ms in 40 s
LEAST_KNOWN: Final = 1_000.0  # packets; as if so many had come in time, while fewer have come
FORGETTING: Final = 0.9995  # per packet: half-forgotten after 1,386 packets, 28 s of speech
WINDOW_MS: Final = 20_000.0  # of speech: wholly forgotten after one to two
PAUSE_MS: Final = 400.0  # between two lessons: nobody spoke
FLOOR_MS: Final = 40.0
QUIET_FLOOR_MS: Final = 30.0  # when nothing within memory came later than a tick
CAP_MS: Final = 120.0
BASE_WINDOW_MS: Final = 5_000.0  # how long the quickest packet is remembered, at least
REBASE_MS: Final = 200.0  # a burst this far from what is known has another clock
COPY_TICK_MS: Final = 15.0  # a copy is there at the tick after it came; playout may be 5 ms early
SHRINK_EVERY_MS: Final = 5_000.0  # within a burst
JITTER_GAIN: Final = 1 / 16  # RFC 3550 6.4.1
MAX_WEIGHT: Final = 1e12
_GROWTH: Final = 1.0 / FORGETTING  # new packets weigh more, which is cheaper than fading all old


@fast.instead
class Histogram:
    """What is learnt from each arrival."""

    __slots__ = (
        "_before", "_last_ms", "_learnt_ms", "_next_base_ms", "_shrunk_ms", "_spoken_ms", "_total",
        "_total_before", "_turn_ms", "_weight", "_weights", "base_ms", "copies_ms", "jitter_ms",
        "target_ms",
    )  # fmt: skip

    def __init__(self) -> None:
        self._weights = array("d", bytes(8 * BUCKETS))  # close together in memory
        self._before = array("d", bytes(8 * BUCKETS))  # of the window before
        self._weight = 1.0  # of the newest packet
        self._total = 0.0
        self._total_before = 0.0
        self._spoken_ms = 0.0  # of this window
        self._learnt_ms = 0.0
        self._next_base_ms = float("inf")
        self._turn_ms = 0.0
        self._last_ms = 0.0
        self._shrunk_ms = 0.0
        self.target_ms = FLOOR_MS
        self.base_ms = 0.0  # of the quickest packets
        self.copies_ms = 0.0  # how much later than a lost packet its copy comes; 0 = none wanted
        self.jitter_ms = 0.0  # RFC 3550 6.4.1

    def copy_weights(self, other: Histogram) -> None:
        self._weights, self._before = other._weights[:], other._before[:]
        self._weight, self._spoken_ms = other._weight, other._spoken_ms
        self._total, self._total_before = other._total, other._total_before

    def learn(self, arrivals_ms: list[float], now_ms: float) -> None:
        """The base is the least delay of one to two windows, so that a slow clock is followed."""
        if not arrivals_ms:
            return
        if not 0 <= now_ms - self._turn_ms < BASE_WINDOW_MS:
            self.base_ms, self._next_base_ms = self._next_base_ms, arrivals_ms[0]
            self._turn_ms = now_ms
        self._next_base_ms = min(self._next_base_ms, *arrivals_ms)
        self.base_ms = base_ms = min(self.base_ms, self._next_base_ms)
        self._count_time(now_ms)
        weights, weight, total = self._weights, self._weight, self._total
        last_ms, jitter_ms = self._last_ms, self.jitter_ms
        for relative_ms in arrivals_ms:
            weight *= _GROWTH
            total += weight
            later = (relative_ms - base_ms - ROUNDING_MS) / BUCKET_MS + 1.0
            weights[min(int(later), BUCKETS - 1)] += weight
            jitter_ms += (abs(relative_ms - last_ms) - jitter_ms) * JITTER_GAIN
            last_ms = relative_ms
        self._weight, self._total = weight, total
        self._last_ms, self.jitter_ms = last_ms, jitter_ms
        if weight > MAX_WEIGHT:
            self._rescale()

    def _count_time(self, now_ms: float) -> None:
        """After a window of speech the one before it is forgotten."""
        since_ms, self._learnt_ms = now_ms - self._learnt_ms, now_ms
        if 0 < since_ms < PAUSE_MS:
            self._spoken_ms += since_ms
        if self._spoken_ms >= WINDOW_MS:
            self._spoken_ms = 0.0
            self._before, self._total_before = self._weights, self._total
            self._weights, self._total = array("d", bytes(8 * BUCKETS)), 0.0

    def wanted_ms(self) -> float:
        """The least wait with which few enough are late; and copies, where they stand for what is
        lost, are waited for too."""
        total = max(self._total + self._total_before, LEAST_KNOWN * self._weight)
        given_up = -HOPELESS_SHARE * total
        late, floor_ms, wait_ms, is_quiet = given_up, FLOOR_MS, 0.0, self._total_before > 0.0
        for bucket in range(BUCKETS - 1, 0, -1):
            late += self._weights[bucket] + self._before[bucket]
            if bucket == CAP_BUCKET + 1:
                is_quiet = is_quiet and late <= given_up
                late = max(late, 0.0)
            if bucket == QUIET_BUCKET + 1 and is_quiet and late <= 0.0:
                floor_ms = QUIET_FLOOR_MS
            wait_ms = float(bucket * BUCKET_MS)
            if late > total * (LATE_SHARE + max(wait_ms - PATIENT_MS, 0.0) * LATE_SHARE_PER_MS):
                break
            wait_ms = 0.0
        if self.copies_ms:
            wait_ms += self.copies_ms + COPY_TICK_MS
        return min(max(wait_ms, floor_ms), CAP_MS)

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
        self._before = array("d", [weight * scale for weight in self._before])
        self._weight, self._total = 1.0, self._total * scale
        self._total_before *= scale


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
