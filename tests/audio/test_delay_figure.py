"""The delay that is shown is the one that is heard: a real engine, a network that holds packets."""

from __future__ import annotations

import contextlib
import socket
import statistics
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audio import protocol as p
from audio.engine import LIMITER_MS
from audio.receiving.sender import DELAY_FALL_MS
from tests.audio.engine_fixtures import RATE, Listener, engine, listener, read_wav, wait_until
from tests.audio.pipeline_lab import lab
from tests.ports import free_udp_port

pytestmark = pytest.mark.system

FRAME = 960  # samples: 20 ms
CLICK_EVERY = 24  # packets, of which none is held
HELD_EVERY = 4
HELD_S = 0.070
EVEN, HELD = 46_204, 46_206  # ports
WINDOW_S = 3.0
MOST_TRIES = 4
CALM_MS = 6.0
FALL_MS = HELD_EVERY * DELAY_FALL_MS + 0.5
CLICK = b"\x60\x00\xa0\x00" * 24 + bytes(2 * FRAME - 96)
QUIET = b"\x00\x20\xff\xe0" * (FRAME // 2)  # 1/1024 of full scale, so that it is a voice


def packet(n: int) -> bytes:
    head = struct.pack("!BBHII", 0x80, 96, n & 0xFFFF, n * FRAME, 0x7E57)
    return head + (QUIET if n % CLICK_EVERY else CLICK)


class TwoWays(threading.Thread):
    """The same sound to two ports, on one of them each fourth packet held for 70 ms."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def run(self) -> None:
        held: list[tuple[float, bytes]] = []
        begun_s, n = time.monotonic(), 0
        while not self.ended.is_set():
            now_s = time.monotonic()
            while held and held[0][0] <= now_s:
                self._send(held.pop(0)[1], HELD)
            if now_s >= begun_s + n * 0.02:
                sound = packet(n)
                self._send(sound, EVEN)
                if n % HELD_EVERY == 2:
                    held.append((begun_s + n * 0.02 + HELD_S, sound))
                else:
                    self._send(sound, HELD)
                n += 1
            time.sleep(0.001)
        self._socket.close()

    def _send(self, data: bytes, port: int) -> None:
        self._socket.sendto(data, ("127.0.0.1", port))


@contextlib.contextmanager
def two_ways() -> Iterator[None]:
    sender = TwoWays()
    sender.start()
    try:
        yield
    finally:
        sender.ended.set()
        sender.join()


def clicks(channel: NDArray[np.float32]) -> NDArray[np.intp]:
    """Where each begins, in samples."""
    loud = np.flatnonzero(np.abs(channel) > 0.1)
    return loud[np.concatenate(([True], np.diff(loud) > RATE // 10))]


def shown(tool: Listener, stream: str) -> float:
    known = {one.stream: one for one in tool.client.status().streams}
    return known[stream].delay_ms


def lags_ms(mix: NDArray[np.float32]) -> list[float]:
    """By how much later each click is heard on the left, where the held packets are."""
    held, even = clicks(mix[:, 0]), clicks(mix[:, 1])
    found = ([float(one - click) * 1e3 / RATE for one in held if one >= click] for click in even)
    return [each[0] for each in found if each and each[0] < CLICK_EVERY * 20.0 / 2]


def heard_and_told(tool: Listener, out: Path) -> tuple[float, float, float]:
    """How much later the held stream is, in sound and by figures of the same time; and the even
    one's greatest jitter meanwhile, which is this machine's own."""
    tool.events.clear()
    tool.client.send(p.Record(str(out), WINDOW_S))
    told, jitter = [], []
    while not any(isinstance(one, p.RecordDone) for one in tool.events):
        now = {one.stream: one for one in tool.client.status().streams}
        told.append(now["held@here"].delay_ms - now["even@here"].delay_ms)
        jitter.append(now["even@here"].jitter_ms)
        time.sleep(0.033)
    return statistics.median(lags_ms(read_wav(out))), statistics.median(told), max(jitter)


@pytest.mark.long  # a machine that holds packets of its own lets it wait
def test_held_packets_move_the_figure_as_far_as_they_move_the_sound(tmp_path: Path) -> None:
    with engine(tmp_path / "home") as home, listener(home) as tool, two_ways():
        tool.client.send(p.SetMaster(evened=False))
        for stream, port, pan in (("even@here", EVEN, 1.0), ("held@here", HELD, -1.0)):
            tool.client.send(p.Listen(p.StreamSpec(stream, port, 96, "L16", RATE, 1)))
            tool.client.send(p.SetMix(stream, pan=pan))
        wait_until(lambda: shown(tool, "held@here") > HELD_S * 1e3, "the wait is learnt", 60.0)
        for _ in range(MOST_TRIES):
            heard_ms, told_ms, jitter_ms = heard_and_told(tool, tmp_path / "mix.wav")
            if jitter_ms < CALM_MS:
                break
        else:
            pytest.skip("this machine holds packets of its own")
    assert heard_ms > 20, "the network's unevenness is waited for"
    assert told_ms == pytest.approx(heard_ms, abs=12), "ticks are 10 ms"


@pytest.mark.parametrize("held_ticks", [0, 2, 5, 8, 10])
def test_the_figure_is_the_time_from_the_tick_that_found_a_packet_to_its_sound(
    tmp_path: Path, held_ticks: int
) -> None:
    """By a clock that the test turns: each fourth packet is held for so many ticks."""
    with lab(tmp_path) as one:
        spec = p.StreamSpec("a@h", free_udp_port(), 96, "L16", RATE, 1)
        one.pipeline.listen(spec)
        due: dict[int, list[bytes]] = {}
        heard, clicked, told = [], [], []
        for tick in range(1_000):
            n, is_between = divmod(tick, 2)
            if not is_between:
                late = held_ticks if n % HELD_EVERY == 2 else 0
                due.setdefault(tick + late, []).append(packet(n))
                clicked += [] if n % CLICK_EVERY else [tick]
            for data in due.pop(tick, []):
                one.send(spec, data)
            heard.append(one.tick())
            told.append(one.figures().delay_ms)
    found = clicks(np.concatenate(heard)[:, 0])[-3:]
    delays_ms = [
        float(at) * 1e3 / RATE - LIMITER_MS - 10.0 * clicked[-n]
        for n, at in enumerate(found[::-1], 1)
    ]
    # Between two clicks the wait may have grown or shrunk by a pitch period.
    last_second = told[-100:]
    assert min(delays_ms) - FALL_MS < min(last_second)
    assert max(last_second) < max(delays_ms) + FALL_MS
    assert min(last_second) > 10.0 * held_ticks - FALL_MS
