"""How long a word takes from its RTP packet to the sink's monitor, at the settings of the soak.

One L16 stream whose packets carry a tick now and then is heard by an engine that plays to a null
sink of a private PulseAudio; the monitor is recorded, and each tick found in it. The time of a
sample at the monitor is that of the earliest word about it, so the recorder's own delay counts as
ours. Beside it a bare C timer says how late anything wakes on this machine. Linux, PulseAudio.
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from audio.client import EngineClient, ensure_engine, stop_engine
from audio.meters import Meters
from audio.protocol import Listen, Status, StreamSpec
from benchmarks.figures import quantile
from benchmarks.receive import _compiled
from benchmarks.soak import environment, wait_for_device, why_not

NAME: Final = "delay"
PORT: Final = 44_000
PAYLOAD_TYPE: Final = 97
RATE: Final = 48_000
FRAME: Final = 960  # samples: 20 ms
TICK_EVERY: Final = 17  # packets: 340 ms, which is no multiple of anything else
TICK_SAMPLES: Final = 48
SETTLE_S: Final = 8.0  # the jitter buffer has learnt, the device runs
PATIENCE_S: Final = 30.0
GOAL_MS: Final = 25.0  # beyond the jitter target and the device's own latency
SPREAD_GOAL_MS: Final = 5.0  # of p99 - p50, beyond the C timer's
LONGEST_S: Final = 1.0


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError without PulseAudio, its tools or a C compiler."""
    wanting = why_not()
    if wanting:
        raise RuntimeError(wanting)
    seconds = 15.0 if quick else 120.0
    from tests.audio.pulse import pulse

    with (
        tempfile.TemporaryDirectory(prefix="vd-") as name,
        pulse() as server,
        environment(server.env),
    ):
        return _measure(Path(name), seconds, server.env)


def report(result: dict[str, Any]) -> str:
    spread, timer = result["p99_ms"] - result["p50_ms"], result["timer_spread_ms"]
    allowed = result["target_ms"] + result["device_latency_ms"] + GOAL_MS
    return "\n".join(
        [
            f"RTP in to the sink's monitor, {result['ticks']} ticks in {result['seconds']:.0f} s",
            f"  p50 {result['p50_ms']:7.1f} ms   p99 {result['p99_ms']:7.1f} ms",
            f"  of which the jitter buffer's target {result['target_ms']:.0f} ms, the device's own "
            f"latency {result['device_latency_ms']:.0f} ms, kept ahead of it "
            f"{result['ahead_ms']:.0f} ms",
            f"  shown live as the stream's delay, without the device: {result['shown_ms']:.0f} ms",
            f"goal p50 ≤ target + device + {GOAL_MS:.0f} = {allowed:.0f} ms: "
            f"{_verdict(result['p50_ms'] <= allowed)}",
            f"control: a bare C timer wakes p50 {result['timer_p50_ms']:.2f}, "
            f"p99 {result['timer_p99_ms']:.2f} ms late",
            f"goal p99 - p50 ≤ the timer's {timer:.1f} + {SPREAD_GOAL_MS:.0f} ms: "
            f"{spread:.1f} ms: {_verdict(spread <= timer + SPREAD_GOAL_MS)}",
        ]
    )


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "NOT met"


def _measure(folder: Path, seconds: float, server_environment: dict[str, str]) -> dict[str, Any]:
    timer = _compiled("ctimer.c", folder)
    home = folder / "home"
    try:
        ensure_engine(home, interface="127.0.0.1", device="default")
        client = EngineClient(home, role="tool", on_event=lambda _: None, on_lost=lambda _: None)
        with contextlib.closing(client):
            meters = Meters(Path(client.connect().meters))
            client.send(Listen(StreamSpec("t@delay", PORT, PAYLOAD_TYPE, "L16", RATE, 1)))
            wait_for_device(client)
            with Monitor(server_environment) as monitor, _Sender() as sender:
                time.sleep(SETTLE_S)
                from_s = time.monotonic()
                late = subprocess.Popen([str(timer), str(seconds)], stdout=subprocess.PIPE)
                shown, target = _watch_meters(meters, seconds)
                until_s = time.monotonic()
                words, _ = late.communicate(timeout=PATIENCE_S)
                status = client.status(PATIENCE_S)
    finally:
        stop_engine(home)
    sent_s = [one for one in sender.ticks_s if from_s < one < until_s - LONGEST_S]
    delays_ms = match(sent_s, monitor.ticks_s())
    if len(delays_ms) < 0.9 * len(sent_s):
        raise RuntimeError(f"of {len(sent_s)} ticks {len(delays_ms)} were found at the monitor")
    return {**_figures(delays_ms, words, status, shown, target), "seconds": seconds}


def _figures(
    delays_ms: Sequence[float], words: bytes, status: Status, shown: float, target: float
) -> dict[str, Any]:
    timer_p50, timer_p99 = (float(one) for one in words.split())
    return {
        "ticks": len(delays_ms),
        "p50_ms": quantile(delays_ms, 0.50),
        "p99_ms": quantile(delays_ms, 0.99),
        "worst_ms": max(delays_ms),
        "target_ms": target,
        "shown_ms": shown,
        "device_latency_ms": status.device_latency_ms,
        "ahead_ms": status.ahead_ms,
        "timer_p50_ms": timer_p50,
        "timer_p99_ms": timer_p99,
        "timer_spread_ms": timer_p99 - timer_p50,
        "underflows": status.underflows,
    }


def match(sent_s: Sequence[float], heard_s: Sequence[float]) -> list[float]:
    """Milliseconds from each tick's packet to the first tick heard after it, if one is."""
    found = []
    heard = np.asarray(heard_s)
    for at_s in sent_s:
        later = heard[(heard > at_s) & (heard < at_s + TICK_EVERY * FRAME / RATE)]
        if len(later):
            found.append(float(later[0] - at_s) * 1e3)
    return found


def _watch_meters(meters: Meters, seconds: float) -> tuple[float, float]:
    """Medians of what the table shows: the stream's delay and its target, ms."""
    rows, until_s = [], time.monotonic() + seconds
    while time.monotonic() < until_s:
        row = meters.rows[0]
        rows.append((float(row["delay_ms"]), float(row["target_ms"])))
        time.sleep(0.1)
    delays, targets = zip(*rows, strict=True)
    return statistics.median(delays), statistics.median(targets)


class _Sender:
    """A thread that sends a packet every 20 ms, and notes when those with a tick went."""

    def __init__(self) -> None:
        self.ticks_s: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._send, name="delay-sender")
        time_s = np.arange(TICK_SAMPLES) / RATE
        tick = np.zeros(FRAME)
        tick[:TICK_SAMPLES] = 0.5 * np.sin(2 * np.pi * 4_000 * time_s) * np.hanning(TICK_SAMPLES)
        self._payloads = [(one * 32_767).astype(">i2").tobytes() for one in (0 * tick, tick)]

    def __enter__(self) -> _Sender:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _send(self) -> None:
        due_s = time.monotonic()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            number = 0
            while not self._ended.is_set():
                has_tick = number % TICK_EVERY == 0
                head = struct.pack("!BBHII", 0x80, PAYLOAD_TYPE, number & 0xFFFF, number * FRAME, 7)
                if has_tick:
                    self.ticks_s.append(time.monotonic())
                out.sendto(head + self._payloads[has_tick], ("127.0.0.1", PORT))
                number += 1
                due_s += FRAME / RATE
                time.sleep(max(0.0, due_s - time.monotonic()))


class Monitor:
    """Records what the sink plays, and when each sample was known of first."""

    def __init__(self, server_environment: dict[str, str], sink: str = "spk") -> None:
        line = [
            "parec",
            "-d",
            f"{sink}.monitor",
            "--format=float32le",
            "--rate=48000",
            "--channels=1",
        ]
        self._process = subprocess.Popen(
            [*line, "--raw", "--latency-msec=5", "--process-time-msec=5"],
            env={**os.environ, **server_environment},
            stdout=subprocess.PIPE,
        )
        self._raw = bytearray()
        self._begin_s = float("inf")  # of sample 0: the earliest that any chunk allows
        self._chunks: list[tuple[float, float]] = []  # when each came, and what it allows
        self._thread = threading.Thread(target=self._read, name="delay-monitor")

    def __enter__(self) -> Monitor:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._thread.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        got = 0
        with self._process.stdout as stream:
            while part := os.read(stream.fileno(), 1 << 16):
                got += len(part)
                now_s = time.monotonic()
                self._begin_s = min(self._begin_s, now_s - got / 4 / RATE)
                self._chunks.append((now_s, now_s - got / 4 / RATE))
                self._raw += part

    def since(self, from_s: float, length_s: float = 1e9) -> tuple[float, NDArray[np.float32]]:
        """What was played from then on, and when the first of it was."""
        count = len(self._raw) // 4
        first = min(max(round((from_s - self._begin_s) * RATE), 0), count) if count else 0
        last = min(first + round(length_s * RATE), count)
        piece = np.frombuffer(bytes(self._raw[first * 4 : last * 4]), "<f4")
        return self._begin_s + first / RATE, piece

    def near(self, at_s: float, length_s: float) -> tuple[float, NDArray[np.float32]]:
        """As :meth:`since`, by what the chunks of that second allow: a sink that was starved has
        lost some time before, and its samples are later than their number says."""
        close = [begin_s for when_s, begin_s in self._chunks if abs(when_s - at_s) < 1.0]
        begin_s = min(close, default=self._begin_s)
        first = max(round((at_s - begin_s) * RATE), 0)
        raw = bytes(self._raw[first * 4 : (first + round(length_s * RATE)) * 4])
        piece = np.frombuffer(raw[: len(raw) // 4 * 4], "<f4")
        return begin_s + first / RATE, piece

    def ticks_s(self) -> list[float]:
        """When each tick began."""
        begin_s, sound = self.since(0.0)
        return [begin_s + one / RATE for one in ticks_in(sound)]


def ticks_in(sound: NDArray[np.float32]) -> list[int]:
    """The sample at which each tick of a recording begins."""
    loud = np.flatnonzero(np.abs(sound) > 0.02)
    return [int(one) for one in loud[np.diff(loud, prepend=-RATE) > RATE // 20]]
