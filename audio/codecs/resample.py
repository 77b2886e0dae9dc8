"""Other rates to 48 kHz, block by block without a click: a polyphase FIR with memory.

A windowed-sinc low-pass (Kaiser) at the lower of the two Nyquist rates. Its delay is half the
filter: :data:`HALF` input samples, 2 ms at 8 kHz.
"""

from __future__ import annotations

from functools import cache
from math import gcd
from typing import Final

import numpy as np
from numpy.typing import NDArray

OUT_RATE: Final = 48_000  # Hz
HALF: Final = 16  # taps on each side, in input samples
KAISER_BETA: Final = 8.0  # about 80 dB of stop band


@cache
def _filters(up: int, down: int) -> NDArray[np.float32]:
    """(up, 2*HALF) taps: row p makes the sample p/up after the middle of its inputs."""
    cutoff = min(1.0, up / down) * 0.94
    phase = np.arange(up)[:, None] / up
    distance = np.arange(-HALF + 1, HALF + 1)[None, :] - phase
    window = np.i0(KAISER_BETA * np.sqrt(np.clip(1 - (distance / HALF) ** 2, 0, 1)))
    taps = np.sinc(cutoff * distance) * window
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), np.float32)


class Resampler:
    """One stream's way from ``rate`` to 48 kHz."""

    def __init__(self, rate: int) -> None:
        common = gcd(rate, OUT_RATE)
        self._up, self._down = OUT_RATE // common, rate // common
        self._filters = _filters(self._up, self._down)
        self.reset()

    def reset(self) -> None:
        self._tail = np.zeros(2 * HALF - 1, np.float32)
        self._position = 0  # in 1/up input samples, within the tail's frame

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """All output samples that ``block`` completes."""
        if self._up == self._down or not len(block):
            return block
        line = np.concatenate((self._tail, block))
        usable = (len(line) - (2 * HALF - 1)) * self._up
        steps = np.arange(self._position, usable, self._down)
        index, phase = steps // self._up, steps % self._up
        windows = np.lib.stride_tricks.sliding_window_view(line, 2 * HALF)
        out = np.einsum("ij,ij->i", windows[index], self._filters[phase])
        self._position = int(self._position + len(steps) * self._down - usable)
        self._tail = line[len(line) - (2 * HALF - 1) :]
        return np.asarray(out, np.float32)
