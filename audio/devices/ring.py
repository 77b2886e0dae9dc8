"""Finished sound between the mix thread and the device's callback: one writer, one reader."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Ring:
    """Stereo float32 frames. Positions only grow; each side writes its own alone, so no lock."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._sound = np.zeros((frames, 2), np.float32)
        self._written = 0
        self._read = 0

    @property
    def filled(self) -> int:
        """Frames that wait to be played."""
        return self._written - self._read

    def write(self, block: NDArray[np.float32]) -> bool:
        """False when there is no room; nothing is written then."""
        count = len(block)
        if self.filled + count > self._frames:
            return False
        at = self._written % self._frames
        first = min(count, self._frames - at)
        self._sound[at : at + first] = block[:first]
        self._sound[: count - first] = block[first:]
        self._written += count
        return True

    def read_into(self, out: NDArray[np.float32]) -> int:
        """Fills ``out`` (n, 2), with silence where nothing is left. Returns frames read."""
        count = min(len(out), self.filled)
        at = self._read % self._frames
        first = min(count, self._frames - at)
        out[:first] = self._sound[at : at + first]
        out[first:count] = self._sound[: count - first]
        out[count:] = 0.0
        self._read += count
        return count
