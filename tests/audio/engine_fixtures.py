"""Engine processes for tests: started for real, ended whatever happens."""

from __future__ import annotations

import contextlib
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from audio import protocol
from audio.client import EngineClient, ensure_engine, stop_engine

RATE = 48_000
T = TypeVar("T")


class Listener:
    """A client that remembers what it was told."""

    def __init__(self, home: Path, role: Literal["desk", "tool"] = "tool") -> None:
        self.events: list[protocol.Event] = []
        self.lost: list[str] = []
        self._news = threading.Condition()
        self.client = EngineClient(home, role=role, on_event=self._event, on_lost=self._gone)
        self.welcome = self.client.connect(timeout_s=5.0)

    def _event(self, event: protocol.Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def _gone(self, why: str) -> None:
        with self._news:
            self.lost.append(why)
            self._news.notify_all()

    def wait(self, condition: Callable[[], bool], timeout_s: float = 15.0) -> None:
        with self._news:
            assert self._news.wait_for(condition, timeout_s), self.events

    def wait_for(self, kind: type[T], timeout_s: float = 15.0) -> T:
        self.wait(lambda: any(isinstance(one, kind) for one in self.events), timeout_s)
        return next(one for one in self.events if isinstance(one, kind))


@contextlib.contextmanager
def engine(home: Path, device: str = "null") -> Iterator[Path]:
    """A running engine; a later one below the same home is ended too."""
    try:
        ensure_engine(home, interface="127.0.0.1", device=device)
        yield home
    finally:
        stop_engine(home)


@contextlib.contextmanager
def listener(home: Path, role: Literal["desk", "tool"] = "tool") -> Iterator[Listener]:
    one = Listener(home, role)
    try:
        yield one
    finally:
        one.client.close()


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = 15.0) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, f"not within {timeout_s} s: {what}"
        time.sleep(0.01)


def write_tone(path: Path, hz: float, seconds: float, level: float = 0.3) -> None:
    times = np.arange(round(seconds * RATE)) / RATE
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((level * np.sin(2 * np.pi * hz * times) * 32_767).astype("<i2").tobytes())


def read_wav(path: Path) -> NDArray[np.float32]:
    """(n, 2) in ±1."""
    with wave.open(str(path), "rb") as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return (raw.reshape(-1, 2) / 32_768).astype(np.float32)


def peak_hz(sound: NDArray[np.float32]) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * RATE / len(sound))


def silent_blocks(sound: NDArray[np.float32]) -> int:
    """Blocks of 5 ms without sound between the first and the last that has some."""
    levels = np.abs(sound[: len(sound) // 240 * 240]).reshape(-1, 240).max(axis=1)
    loud = np.flatnonzero(levels > 0.01)
    assert len(loud), "nothing is heard"
    return int((levels[loud[0] : loud[-1] + 1] <= 0.01).sum())
