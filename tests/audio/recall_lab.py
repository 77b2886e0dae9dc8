"""Bursts to keep, and kept ones to play, without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio import protocol as p
from audio.recall.burst import Facts, KeptPacket, Piece, pack, unpack
from audio.recall.decode import decode
from audio.recall.store import Store
from tests.audio.pipeline_lab import FRAME, opus, sine

HOUR_MS = 3_600_000
START_MS = 1_795_554_000_000


class Wall:
    """A clock on the wall that a test sets."""

    def __init__(self) -> None:
        self.now_ms: float = START_MS

    def __call__(self) -> float:
        return self.now_ms


def facts(start_ms: int = START_MS, stream: str = "a@h", **more: object) -> Facts:
    given = {
        "burst": "", "stream": stream, "ssrc": 7, "speaker": "AMB 3-1 Tønsberg",
        "start_ms": start_ms, "length_ms": 1_000, "encoding": "opus", "clock_rate": 48_000,
        "channels": 2, "secured": True, "heard": True,
    }  # fmt: skip
    return Facts(**{**given, **more})  # type: ignore[arg-type]  # as the test says


def body(payloads: list[bytes], *, sequence: int = 65_530, timestamp: int = 2**32 - 5_000) -> bytes:
    """Both counters wrap soon."""
    return b"".join(
        pack((sequence + n) & 0xFFFF, (timestamp + n * FRAME) & 0xFFFFFFFF, n * 20, payload)
        for n, payload in enumerate(payloads)
    )


def tone(hz: float = 800.0, seconds: float = 1.0) -> bytes:
    return body(opus(sine(hz, seconds)))


def packets_of(kept: bytes) -> list[KeptPacket]:
    return list(unpack(kept))


def played(known: Facts, packets: list[KeptPacket]) -> NDArray[np.float32]:
    return np.concatenate(list(decode(known, packets)))


def store(folder: Path, wall: Callable[[], float] | None = None, **bounds: int) -> Store:
    return Store(folder, wall or Wall(), **bounds)


def kept(one: Store, start_ms: int = START_MS, stream: str = "a@h", **more: object) -> p.BurstId:
    return one.add(Piece(facts(start_ms, stream, **more), tone())).burst
