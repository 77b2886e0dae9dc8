"""Whether a sender whose clock is off is heard for an hour: no click, no delay that grows.

Steady tones in Opus packets, numbered by the sender's clock and arriving by ours, go through the
real jitter buffer and decoder on a simulated clock; arrivals are spread by a little jitter.
Control: the same with a clock that is right. A click is energy above the band of the tones, as
``bench soak`` finds it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from audio.codecs.frame import new_frames
from audio.codecs.opus import OpusDecoder
from audio.network import rtp
from audio.receiving.sender import BLOCK, Sender
from benchmarks.soak import Detector, Sound, count_gaps, decoded, tone_packets

NAME: Final = "drift"
PPM: Final = (0.0, 200.0, -200.0, 50.0, -50.0)
RATE: Final = 48_000
FRAME_MS: Final = 20.0
TICK_MS: Final = 10.0
SAMPLES: Final = 960
JITTER_MS: Final = 3.0  # mean of an exponential: a wired network
SETTLE_S: Final = 5.0
MOST_MS: Final = 20.0  # that the delay may have grown by the end: two ticks
AUDIBLE_CENTS: Final = 5.0  # the least difference in pitch that listeners notice is about 5


def run(quick: bool) -> dict[str, Any]:
    seconds = 300.0 if quick else 3_600.0
    loop = tone_packets()
    detector = Detector(both(decoded(loop)))
    return {"seconds": seconds, "clocks": [one_clock(ppm, seconds, loop, detector) for ppm in PPM]}


def report(result: dict[str, Any]) -> str:
    heads = ("clock ppm", "clicks", "gaps", "invented ms", "late", "delay ms", "grown ms", "cents")
    lines = [
        f"a sender that never pauses, heard for {result['seconds']:.0f} s (simulated)",
        "".join(f"{one:>12}" for one in heads),
    ]
    for row in result["clocks"]:
        name = f"{row['ppm']:+.0f}" if row["ppm"] else "control: 0"
        lines.append(
            f"{name:>12}{row['clicks']:12}{row['gaps']:12}{row['invented_ms']:12.0f}"
            f"{row['late']:12}{row['delay_ms']:12.0f}{row['grown_ms']:12.1f}{row['cents']:12.2f}"
        )
    is_met = all(_is_met(row) for row in result["clocks"])
    goal = f"no click, no gap, delay grown by at most {MOST_MS:.0f} ms, below {AUDIBLE_CENTS} cents"
    return "\n".join([*lines, f"goal {goal}: {'met' if is_met else 'NOT met'}"])


def _is_met(row: dict[str, Any]) -> bool:
    is_whole = row["clicks"] == row["gaps"] == 0
    return bool(is_whole and abs(row["grown_ms"]) <= MOST_MS and row["cents"] < AUDIBLE_CENTS)


def one_clock(ppm: float, seconds: float, loop: list[bytes], detector: Detector) -> dict[str, Any]:
    sender = Sender("drift@bench", 0, 7, RATE, OpusDecoder())
    ear = _Ear(detector)
    delays: list[float] = []
    for now_ms, arrived in _arrivals(ppm, seconds):
        for number in arrived:
            payload = loop[number % len(loop)]
            sequence, timestamp = number & 0xFFFF, number * SAMPLES & 0xFFFFFFFF
            sender.buffer.put(rtp.Packet(96, False, sequence, timestamp, 7, payload), now_ms)
        ear.hear(sender, now_ms)
        if round(now_ms / TICK_MS) % 100 == 0 and now_ms > SETTLE_S * 1e3:
            delays.append(sender.delay_ms)
    counts = sender.buffer.counts
    return {
        "ppm": ppm,
        "clicks": ear.clicks,
        "gaps": ear.gaps,
        "invented_ms": counts.concealed * 1e3 / RATE,
        "late": counts.late,
        "delay_ms": float(np.median(delays)),
        "grown_ms": float(np.median(delays[-60:]) - np.median(delays[:60])),
        "cents": abs(1_200 * np.log2(1 + ppm * 1e-6)),
    }


def _arrivals(ppm: float, seconds: float) -> list[tuple[float, list[int]]]:
    """Ticks of our clock, and the packets found at each, in their order."""
    count = round(seconds * 1e3 / FRAME_MS)
    spread = np.random.default_rng(5).exponential(JITTER_MS, count)
    at_ms = np.arange(count) * FRAME_MS / (1 + ppm * 1e-6) + spread
    at_ms = np.maximum.accumulate(at_ms)  # one way through the network: none overtakes another
    ticks = np.ceil(at_ms / TICK_MS).astype(int)
    found: list[list[int]] = [[] for _ in range(int(ticks[-1]) + 1)]
    for number, tick in enumerate(ticks):
        found[tick].append(number)
    return [(1e6 + tick * TICK_MS, numbers) for tick, numbers in enumerate(found)]


class _Ear:
    """Fetches sound as the mix does, and listens to it a minute at a time."""

    def __init__(self, detector: Detector) -> None:
        _, (self._frame,) = new_frames(1)
        self._detector = detector
        self._ready = 0  # blocks of the frame that are not due yet
        self._sound: list[NDArray[np.float32]] = []
        self._settled_s = 0.0
        self.clicks = self.gaps = 0

    def hear(self, sender: Sender, now_ms: float) -> None:
        if self._ready:
            self._ready -= 1
            return
        blocks = sender.fill(self._frame, now_ms)
        sound = self._frame.samples[: blocks * BLOCK].copy() if blocks else np.zeros(BLOCK)
        self._ready = max(blocks, 1) - 1
        self._sound.append(np.asarray(sound, np.float32))
        if len(self._sound) >= 3_000:
            self._judge()

    def _judge(self) -> None:
        mono = np.concatenate(self._sound)
        self._sound = []
        if self._settled_s < SETTLE_S:  # the stream has only just come up
            self._settled_s = len(mono) / RATE
            mono = mono[round(SETTLE_S * RATE) :]
        self.clicks += self._detector.count_clicks(both(mono))
        self.gaps += count_gaps(both(mono))


def both(mono: NDArray[Any]) -> Sound:
    """(n, 2), whose sum is ``mono``, as the detector has it."""
    return np.asarray(np.stack([mono, mono], axis=1) / 2, np.float32)
