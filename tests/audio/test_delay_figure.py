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
from tests.audio.engine_fixtures import RATE, Listener, engine, listener, read_wav, wait_until

pytestmark = pytest.mark.system

FRAME = 960  # samples: 20 ms
CLICK_EVERY = 24  # packets, of which none is held
HELD_EVERY = 4
HELD_S = 0.070
EVEN, HELD = 46_204, 46_206  # ports
CLICK = b"\x60\x00\xa0\x00" * 24 + bytes(2 * FRAME - 96)
QUIET = b"\x00\x20\xff\xe0" * (FRAME // 2)  # 1/1024 of full scale, so that it is a voice


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
                packet = self._packet(n)
                self._send(packet, EVEN)
                if n % HELD_EVERY == 2:
                    held.append((begun_s + n * 0.02 + HELD_S, packet))
                else:
                    self._send(packet, HELD)
                n += 1
            time.sleep(0.001)
        self._socket.close()

    def _packet(self, n: int) -> bytes:
        head = struct.pack("!BBHII", 0x80, 96, n & 0xFFFF, n * FRAME, 0x7E57)
        return head + (QUIET if n % CLICK_EVERY else CLICK)

    def _send(self, packet: bytes, port: int) -> None:
        self._socket.sendto(packet, ("127.0.0.1", port))


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


def test_held_packets_move_the_figure_as_far_as_they_move_the_sound(tmp_path: Path) -> None:
    out = tmp_path / "mix.wav"
    with engine(tmp_path / "home") as home, listener(home) as tool, two_ways():
        tool.client.send(p.SetMaster(evened=False))
        for stream, port, pan in (("even@here", EVEN, 1.0), ("held@here", HELD, -1.0)):
            tool.client.send(p.Listen(p.StreamSpec(stream, port, 96, "L16", RATE, 1)))
            tool.client.send(p.SetMix(stream, pan=pan))
        wait_until(lambda: shown(tool, "held@here") > HELD_S * 1e3, "the wait has been learnt")
        tool.client.send(p.Record(str(out), 4.0))
        told: dict[str, list[float]] = {"even@here": [], "held@here": []}
        while not any(isinstance(one, p.RecordDone) for one in tool.events):
            for one in tool.client.status().streams:
                told[one.stream].append(one.delay_ms)
            time.sleep(0.033)
    mix = read_wav(out)
    held, even = clicks(mix[:, 0]), clicks(mix[:, 1])
    assert len(held) > 4
    lags_ms = [
        float(np.min(np.where(held >= one, held - one, RATE))) * 1e3 / RATE for one in even[:-1]
    ]
    heard_ms = statistics.median(lags_ms)
    figure_ms = statistics.median(told["held@here"]) - statistics.median(told["even@here"])
    assert heard_ms > 20, "the network's unevenness is waited for"
    assert figure_ms == pytest.approx(heard_ms, abs=12), "ticks are 10 ms"
