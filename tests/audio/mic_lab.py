"""A microphone for tests: the monitor of a null sink, into which a test speaks."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.audio.pulse import Pulse

RATE = 48_000
PIECE = 480  # samples
SINK = "mic"
NAME = f"pulse:{SINK}.monitor"


class Mouth:
    """Speaks into the sink all the time: faint noise, as a room has, or what it is given."""

    def __init__(self, server: Pulse, sink: str = SINK, noise: float = 1e-4) -> None:
        line = ["pacat", "-d", sink, "--format=float32le", f"--rate={RATE}", "--channels=1"]
        self._process = subprocess.Popen(
            [*line, "--raw", "--latency-msec=20", "--process-time-msec=5"],
            env={**os.environ, **server.env},
            stdin=subprocess.PIPE,
        )
        self._noise = noise
        self._chance = np.random.default_rng(7)
        self._pieces: deque[NDArray[np.float32]] = deque()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._speak, name="mouth")
        self._thread.start()

    def say(self, sound: NDArray[np.float32]) -> None:
        self._pieces.extend(np.array_split(sound, max(len(sound) // PIECE, 1)))

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _speak(self) -> None:
        assert self._process.stdin is not None
        due_s = time.monotonic()
        while not self._ended.is_set():
            piece = self._pieces.popleft() if self._pieces else np.zeros(PIECE, np.float32)
            sound = piece + self._noise * self._chance.standard_normal(len(piece))
            try:
                self._process.stdin.write(sound.astype("<f4").tobytes())
                self._process.stdin.flush()
            except OSError:
                return  # the server has gone
            due_s = max(due_s + len(piece) / RATE, time.monotonic() - 0.1)
            time.sleep(max(due_s - time.monotonic(), 0.0))


@contextlib.contextmanager
def mouth(server: Pulse, sink: str = SINK, noise: float = 1e-4) -> Iterator[Mouth]:
    one = Mouth(server, sink, noise)
    try:
        yield one
    finally:
        one.close()


def tone(hz: float, seconds: float, level: float = 0.3) -> NDArray[np.float32]:
    times = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * hz * times)).astype(np.float32)
