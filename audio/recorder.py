"""Writes the mix to a WAV file on a thread of its own; the mix thread only hands blocks over."""

from __future__ import annotations

import logging
import queue
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

RATE: Final = 48_000
MAX_BLOCKS: Final = 1_000  # 10 s waiting for a slow disk; then blocks are lost, and counted


class Recorder:
    """Raises OSError when the file can't be written. ``on_done(seconds, lost)`` comes from the
    recorder's thread, once."""

    def __init__(self, path: Path, seconds: float, on_done: Callable[[float, int], None]) -> None:
        self._file = wave.open(str(path), "wb")  # noqa: SIM115 - closed by its thread
        self._file.setnchannels(2)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE)
        self._left = round(seconds * RATE)
        self._on_done = on_done
        self._blocks: queue.Queue[NDArray[np.float32] | None] = queue.Queue(MAX_BLOCKS + 1)
        self._lost = 0
        self._is_stopped = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        return self._left <= 0

    def add(self, block: NDArray[np.float32]) -> None:
        """Never blocks. ``block``: (n, 2) in ±1."""
        if self.finished:
            return
        piece = block[: self._left]
        self._left -= len(piece)
        if self._blocks.qsize() < MAX_BLOCKS:
            self._blocks.put_nowait(piece.copy())
        else:
            self._lost += 1
        if self.finished:
            self.stop()

    def stop(self) -> None:
        """What has been handed over is still written. Never blocks: one place is kept for it."""
        self._left = 0
        if not self._is_stopped:
            self._is_stopped = True
            self._blocks.put_nowait(None)

    def join(self) -> None:
        self._thread.join(timeout=10.0)

    def _run(self) -> None:
        frames = 0
        try:
            with self._file:
                while (block := self._blocks.get()) is not None:
                    self._file.writeframes((block * 32_767).round().astype("<i2").tobytes())
                    frames += len(block)
        except OSError as error:
            log.warning("recording stopped: %s", error)
            self._lost += 1
        self._on_done(frames / RATE, self._lost)
