"""A radio net over an arrival trace, and what a jitter buffer makes of it. Simulated time.

Speakers take turns in overs of 2 to 20 s. Whatever the buffer, it is asked each 10 ms, as the
engine asks, finds a packet at the tick after it came, and is judged in the same way:

- late loss: of the packets that came, those that were not played, and the sound invented (or
  silent) inside an over while a packet that did come was waited for, in packets;
- delay: from being sent to being played, less the least that the network took about then.
"""

from __future__ import annotations

from typing import Final, Protocol

import msgspec
import numpy as np

from audio.network.rtp import Packet
from audio.receiving.jitter import MS, JitterBuffer
from benchmarks.arrivals import Numbers, Trace

TICK_MS: Final = 10.0
OVER_MS: Final = (2_000.0, 20_000.0)
PAUSE_MS: Final = (400.0, 6_000.0)
SPEAKERS: Final = 4
SYLLABLE_MS: Final = 200.0  # the first of an over
STEP_MS: Final = 8.0  # one pitch period or two of a voice: what a time-scale step makes up
ROOM_MS: Final = 20.0  # that a step needs; shorter frames are joined (sender.py)
AFTER_MS: Final = 1_500.0  # listened on after an over
NEAR_MS: Final = 30_000.0  # clocks that drift apart don't count as delay


class Over(msgspec.Struct, frozen=True):
    """One speaker's packets of a trace, from the first to before the last."""

    speaker: int
    first: int
    last: int
    begun_ms: float  # the sender's time


class Arrivals(msgspec.Struct, frozen=True):
    """An over as it comes; packets that were lost are not there. Times in ms of the trace."""

    numbers: list[int]  # from 0
    media_ms: list[float]  # the sender's time, from 0
    sent_ms: list[float]
    ticks: list[int]  # at which each is found
    period_ms: float
    quickest_ms: float  # that the network took about then
    lost: int  # packets


SUMMED: Final = (
    "came", "unplayed", "hole_ms", "invented_ms", "syllables", "syllables_lost", "stretched",
    "shortened", "jumps", "delays_ms",
)  # fmt: skip


class Judged(msgspec.Struct):
    """What came of it: sums over overs."""

    came: int = 0
    unplayed: int = 0
    hole_ms: float = 0.0
    invented_ms: float = 0.0
    syllables: int = 0  # packets of first syllables that came
    syllables_lost: int = 0
    stretched: int = 0
    shortened: int = 0
    jumps: int = 0
    period_ms: float = 20.0
    delays_ms: list[float] = []

    def add(self, other: Judged) -> None:
        for name in SUMMED:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def figures(self) -> dict[str, float]:
        """Per minute: of speech that came."""
        came_ms = max(self.came, 1) * self.period_ms
        minutes = came_ms / 60_000
        delays_ms = self.delays_ms or [0.0]
        return {
            "late_percent": 100 * (self.unplayed * self.period_ms + self.hole_ms) / came_ms,
            "unplayed_percent": 100 * self.unplayed / max(self.came, 1),
            "mean_ms": float(np.mean(delays_ms)),
            "p95_ms": float(np.percentile(delays_ms, 95)),
            "invented_ms_a_minute": self.invented_ms / minutes,
            "syllables_lost_percent": 100 * self.syllables_lost / max(self.syllables, 1),
            "steps_a_minute": (self.stretched + self.shortened) / minutes,
            "jumps_a_minute": self.jumps / minutes,
        }


class Player(Protocol):
    """A buffer of one stream: an over of one of its speakers after the other."""

    def play(self, over: Over, arrivals: Arrivals) -> Judged: ...


def overs(trace: Trace, seed: int) -> list[Over]:
    """Who speaks when: pauses of the trace's own where it has some, else of a net's."""
    chance = np.random.default_rng(seed)
    found: list[Over] = []
    pauses = np.flatnonzero(np.diff(trace.sent_ms) > PAUSE_MS[0]) + 1
    for run in np.split(np.arange(len(trace.sent_ms)), pauses):
        at, end = int(run[0]), int(run[-1]) + 1
        while at < end:
            length = round(chance.uniform(*OVER_MS) / trace.period_ms)
            if end - at > 2:
                last, begun_ms = min(at + length, end), round(float(trace.sent_ms[at]))
                found.append(Over(int(chance.integers(SPEAKERS)), at, last, begun_ms))
            at += length + round(chance.uniform(*PAUSE_MS) / trace.period_ms)
    return found


def play(trace: Trace, plan: list[Over], player: Player) -> Judged:
    judged = Judged(period_ms=trace.period_ms)
    away = trace.arrived_ms - trace.sent_ms
    for over in plan:
        near = slice(
            np.searchsorted(trace.sent_ms, over.begun_ms - NEAR_MS),
            np.searchsorted(trace.sent_ms, over.begun_ms + NEAR_MS),
        )
        arrivals = _arrivals(trace, over, float(np.nanmin(away[near])))
        if arrivals.numbers:
            judged.add(player.play(over, arrivals))
    return judged


def _arrivals(trace: Trace, over: Over, quickest_ms: float) -> Arrivals:
    """In the order in which they come."""
    part = slice(over.first, over.last)
    sent, arrived = trace.sent_ms[part], trace.arrived_ms[part]
    came = np.argsort(arrived, kind="stable")[: np.isfinite(arrived).sum()]
    return Arrivals(
        numbers=came.tolist(),
        media_ms=_media(sent, trace.period_ms)[came].tolist(),
        sent_ms=sent[came].tolist(),
        ticks=np.ceil(arrived[came] / TICK_MS).astype(int).tolist(),
        period_ms=trace.period_ms,
        quickest_ms=quickest_ms,
        lost=len(sent) - len(came),
    )


def _media(sent: Numbers, period_ms: float) -> Numbers:
    """The sender's own time of each packet: whole packets, and silence where it paused."""
    count = np.arange(len(sent))
    due = np.round((sent - sent[0]) / period_ms)
    return np.asarray((np.maximum.accumulate(due - count) + count) * period_ms)


class Ours:
    """The engine's own buffers, and time-scale steps of a fixed length in place of a codec."""

    def __init__(self) -> None:
        self._buffers: dict[int, JitterBuffer] = {}
        self._newest: JitterBuffer | None = None

    def _buffer(self, speaker: int) -> JitterBuffer:
        if speaker not in self._buffers:
            self._buffers[speaker] = JitterBuffer(48_000)
            if self._newest is not None:
                self._buffers[speaker].learn_from(self._newest)
        self._newest = self._buffers[speaker]
        return self._buffers[speaker]

    def play(self, over: Over, arrivals: Arrivals) -> Judged:
        return _Ear(self._buffer(over.speaker), over, arrivals).hear()


class _Ear:
    """Takes one over's sound from a buffer as the engine does."""

    def __init__(self, buffer: JitterBuffer, over: Over, arrivals: Arrivals) -> None:
        self._buffer = buffer
        self._over = over
        self._arrivals = arrivals
        self._frame = round(arrivals.period_ms * MS)
        self._sent = dict(zip(arrivals.numbers, arrivals.sent_ms, strict=True))
        self._media = dict(zip(arrivals.numbers, arrivals.media_ms, strict=True))
        self._ready_ms = 0.0
        self._hole_ms = 0.0  # since the last frame
        self._starved_ms = 0.0  # the same, as far as sound was invented
        self._heard_to_ms = 0.0  # the sender's time
        self._played: set[int] = set()
        self.judged = Judged(came=len(arrivals.numbers))

    def hear(self) -> Judged:
        one, before, at = self._arrivals, self._buffer.counts.concealed, 0
        for tick in range(min(one.ticks), max(one.ticks) + round(AFTER_MS / TICK_MS)):
            now_ms = tick * TICK_MS
            while at < len(one.ticks) and one.ticks[at] <= tick:
                self._buffer.put(self._packet(one.numbers[at]), now_ms)
                at += 1
            self._tick(now_ms)
        invented_ms = (self._buffer.counts.concealed - before) / MS
        self.judged.invented_ms = invented_ms - self._starved_ms  # less what fades after the end
        self._finish()
        return self.judged

    def _packet(self, number: int) -> Packet:
        at = self._over.first + number
        time = round((self._over.begun_ms + self._media[number]) * MS)
        payload = number.to_bytes(4, "big")
        return Packet(96, number == 0, at & 0xFFFF, time & 0xFFFFFFFF, 7, payload)

    def _tick(self, now_ms: float) -> None:
        while self._ready_ms < TICK_MS:
            got_ms = self._take(now_ms)
            if not got_ms:
                if self._played:
                    self._hole_ms += TICK_MS - self._ready_ms
                self._ready_ms = 0.0
                return
            self._ready_ms += got_ms
        self._ready_ms -= TICK_MS

    def _take(self, now_ms: float) -> float:
        found = self._buffer.take(now_ms)
        if found.kind == "idle":
            return 0.0
        if found.kind == "frame":
            return self._hear(int.from_bytes(found.payload, "big"), now_ms)
        if found.kind == "starved":
            self._hole_ms += found.samples / MS
            self._starved_ms += found.samples / MS
        else:
            self._buffer.advance(found.samples)
        return found.samples / MS

    def _hear(self, number: int, now_ms: float) -> float:
        """What is played, and the hole before it unless that stands for what was lost."""
        period_ms, media_ms = self._arrivals.period_ms, self._media[number]
        missing_ms = media_ms - self._heard_to_ms
        self.judged.hole_ms += max(0.0, self._hole_ms - missing_ms)
        self._hole_ms, self._starved_ms = 0.0, 0.0
        self._heard_to_ms = media_ms + period_ms
        self._note(number, now_ms + self._ready_ms)
        return period_ms + self._step(self._buffer.played(self._frame, now_ms), now_ms)

    def _note(self, number: int, begun_ms: float) -> None:
        self._played.add(number)
        self.judged.delays_ms.append(begun_ms - self._sent[number] - self._arrivals.quickest_ms)

    def _step(self, step: str, now_ms: float) -> float:
        """What it adds to the sound."""
        period_ms = self._arrivals.period_ms
        if step == "resync":
            self.judged.jumps += self._buffer.catch_up(now_ms) > 0
        elif step == "shorten":
            more_ms = self._join(now_ms + self._ready_ms)
            can_scale = period_ms + more_ms >= ROOM_MS
            self.judged.shortened += can_scale
            return more_ms - STEP_MS if can_scale else more_ms
        elif step == "lengthen" and period_ms >= ROOM_MS:
            self.judged.stretched += 1
            return STEP_MS
        return 0.0

    def _join(self, begun_ms: float) -> float:
        """Short frames that follow."""
        period_ms, more_ms = self._arrivals.period_ms, 0.0
        while period_ms + more_ms < ROOM_MS and self._buffer.is_next_here:
            number = int.from_bytes(self._buffer.take(begun_ms).payload, "big")
            self._buffer.advance(self._frame)
            more_ms += period_ms
            self._note(number, begun_ms + more_ms)
            self._heard_to_ms = self._media[number] + period_ms
        return more_ms

    def _finish(self) -> None:
        judged, came = self.judged, self._arrivals.numbers
        judged.unplayed = len(set(came) - self._played)
        opening = {one for one in came if self._media[one] < SYLLABLE_MS}
        judged.syllables = len(opening)
        judged.syllables_lost = len(opening - self._played)
