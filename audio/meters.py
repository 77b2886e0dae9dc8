"""Levels in shared memory: one writer (the engine), any readers, a loss is no loss.

A file of fixed size below ``--home``, mapped by both sides. Row *n* belongs to the stream whose
slot is *n* (:class:`audio.protocol.Slots`); then come the whole mix, and the microphone as its
device gives it (``talking``: the gate is open). A reader may see a row half old, half new: every
field stands alone, so that only ever shows one stale number.
"""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from audio.protocol import MAX_STREAMS

ROWS: Final = MAX_STREAMS + 2
MASTER_ROW: Final = MAX_STREAMS
MICROPHONE_ROW: Final = MAX_STREAMS + 1
SILENCE_DBFS: Final = -120.0

ROW: Final = np.dtype(
    [
        ("peak_dbfs", "<f4"),
        ("delay_ms", "<f4"),  # RTP in to sample out, without the device's buffer
        ("target_ms", "<f4"),  # the jitter buffer's aim
        ("talking", "<u4"),
        ("ssrc", "<u4"),
        ("heard_ms", "<u8"),  # monotonic ms of the last packet, 0 = never
    ]
)


class Meters:
    """The mapped table: ``rows`` is a ``(ROWS,)`` structured array."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Raises OSError when the file is missing (``create`` makes it, mode 0600)."""
        size = ROWS * ROW.itemsize
        if create:
            path.touch(mode=0o600)
            with path.open("r+b") as file:
                file.truncate(size)
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), size)
        self.rows: NDArray[Any] = np.frombuffer(self._map, dtype=ROW)
        if create:
            self.clear()

    def clear(self) -> None:
        self.rows[:] = 0
        self.rows["peak_dbfs"] = SILENCE_DBFS
