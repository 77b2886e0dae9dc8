"""A network and a listener without either: packets with their times, and a playout of them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from audio.network.rtp import Packet
from audio.receiving.jitter import JitterBuffer

FRAME = 960  # samples: 20 ms
FRAME_MS = 20.0
TICK_MS = 10.0

Arrival = tuple[float, Packet]
"""When, in ms; and what."""


def packet(
    number: int, *, sequence: int = 0, timestamp: int = 0, marker: bool = False, gap: int = 0
) -> Packet:
    """The ``number``-th of a sender; its payload is that number. ``gap``: samples of pause."""
    return Packet(
        111,
        marker,
        (sequence + number) & 0xFFFF,
        (timestamp + number * FRAME + gap) & 0xFFFFFFFF,
        7,
        number.to_bytes(4, "big"),
    )


def sent(
    count: int,
    delays_ms: Sequence[float] = (0.0,),
    *,
    lost: Iterable[int] = (),
    doubled: Iterable[int] = (),
    sequence: int = 0,
    timestamp: int = 0,
) -> list[Arrival]:
    """Sent every 20 ms; delays go round."""
    gone, twice = set(lost), set(doubled)
    found = []
    for n in range(count):
        if n not in gone:
            one = packet(n, sequence=sequence, timestamp=timestamp)
            when_ms = n * FRAME_MS + delays_ms[n % len(delays_ms)]
            found += [(when_ms, one)] * (2 if n in twice else 1)
    return found


def bursty(count: int, share: float, seed: int, length: int = 3) -> set[int]:
    """Numbers lost in bursts (Gilbert's model): a share of all, ``length`` in a row."""
    chance = random.Random(seed)
    lost, is_bad = set(), False
    for n in range(count):
        is_bad = chance.random() < (1 - 1 / length if is_bad else share / length / (1 - share))
        if is_bad:
            lost.add(n)
    return lost


class Playout:
    """Takes from the buffer as the engine does, ten milliseconds at a time."""

    def __init__(self, buffer: JitterBuffer) -> None:
        self.buffer = buffer
        self.numbers: list[int] = []  # of the frames played
        self.delays_ms: list[float] = []  # from arrival to playing
        self.kinds: list[str] = []  # all that was taken but idle
        self.steps: list[str] = []
        self._left_ms = 0.0

    def run(self, arrivals: Iterable[Arrival], until_ms: float, from_ms: float = 0.0) -> None:
        waiting = sorted(arrivals, key=lambda one: one[0])
        for tick in range(int(from_ms / TICK_MS), int(until_ms / TICK_MS)):
            now_ms = tick * TICK_MS
            while waiting and waiting[0][0] <= now_ms:
                self.buffer.put(waiting.pop(0)[1], now_ms)
            self._tick(now_ms)

    def _tick(self, now_ms: float) -> None:
        for _ in range(100):
            if self._left_ms > 0:
                self._left_ms -= TICK_MS
                return
            self._left_ms += self._take(now_ms)
            if self._left_ms <= 0:
                self._left_ms = 0.0
                return
        raise AssertionError("there is no end to what is taken")

    def _take(self, now_ms: float) -> float:
        found = self.buffer.take(now_ms)
        if found.kind == "idle":
            return 0.0
        self.kinds.append(found.kind)
        if found.kind != "frame":
            if found.kind != "starved":
                self.buffer.advance(found.samples)
            return found.samples / 48
        self.numbers.append(int.from_bytes(found.payload, "big"))
        self.delays_ms.append(now_ms - found.arrived_ms)
        step = self.buffer.played(FRAME, now_ms)
        self.steps.append(step)
        if step == "resync":
            self.buffer.catch_up(now_ms)
        return FRAME_MS - (7.5 if step == "shorten" else 0.0)


def played(
    arrivals: list[Arrival], *, clock_rate: int = 48_000, more_ms: float = 1_000.0
) -> Playout:
    """All of it, from an empty buffer."""
    one = Playout(JitterBuffer(clock_rate))
    one.run(arrivals, max(when for when, _ in arrivals) + more_ms)
    return one
