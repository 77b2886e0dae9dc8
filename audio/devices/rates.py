"""The finished mix at another rate: a device that isn't at 48 kHz, or one with a clock of its own.

A windowed-sinc low-pass (Kaiser) at the lower of the two Nyquist rates, of which 256 phases are
kept and the ones between are interpolated (94 dB below the sound). The ratio may change with every
block: where the next sample is read only ever goes on, so there is no seam. Its delay is
:data:`HALF` frames of the lower rate: 0.33 ms at 48 kHz.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

HALF: Final = 16  # zero crossings on each side
PHASES: Final = 256
KAISER_BETA: Final = 8.0  # about 80 dB of stop band
LEAST: Final = 1 / 12  # frames out per frame in: 4 kHz, below any device
MOST: Final = 8.0  # 384 kHz, above any device
_ROUNDING: Final = 1e-9  # of a frame: a window that lacks no more than this is there next time


@lru_cache(maxsize=4)
def _bank(ratio: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Row p of (PHASES, taps) makes the frame p / PHASES after the middle of its window; the second
    array is what leads from each row to the next."""
    cutoff = min(1.0, ratio)
    half = math.ceil(HALF / cutoff)
    distance = np.arange(1 - half, half + 1) - np.arange(PHASES + 1)[:, None] / PHASES
    window = np.i0(KAISER_BETA * np.sqrt(np.clip(1 - (distance / half) ** 2, 0, 1)))
    taps = np.sinc(cutoff * distance) * window
    taps /= taps.sum(axis=1, keepdims=True)
    return taps[:-1].astype(np.float32), np.diff(taps, axis=0).astype(np.float32)


class StereoResampler:
    """``ratio``: frames out per frame in, in LEAST to MOST; :meth:`process` may bend it a little.
    Raises ValueError for one that is no device's."""

    def __init__(self, ratio: float) -> None:
        if not LEAST <= ratio <= MOST:
            raise ValueError(f"no sound at {ratio} times the rate")
        self._ratio = ratio
        self._rows, self._slopes = _bank(ratio)
        self._taps = int(self._rows.shape[1])
        self._tail = np.zeros((2, self._taps - 1), np.float32)
        self._at = 0.0  # where in the tail the next frame's window begins

    @property
    def delay(self) -> int:
        """Frames in."""
        return self._taps // 2

    def process(self, block: NDArray[np.float32], bend: float = 1.0) -> NDArray[np.float32]:
        """(n, 2) to all frames that it completes; ``bend``: of the ratio, near 1."""
        if not len(block):
            return block
        line = np.concatenate((self._tail, block.T), axis=1)
        whole = line.shape[1] - self._taps + 1  # windows
        step = 1.0 / (self._ratio * bend)
        count = max(math.ceil((whole - self._at) / step - _ROUNDING), 0)
        places = self._at + step * np.arange(count)
        self._at += step * count - whole
        self._tail = line[:, whole:]
        index = places.astype(np.intp)
        phases = (places - index) * PHASES
        rows = phases.astype(np.intp)
        taps = self._rows[rows] + (phases - rows).astype(np.float32)[:, None] * self._slopes[rows]
        windows = np.lib.stride_tricks.sliding_window_view(line, self._taps, axis=1)
        return np.asarray(np.einsum("skt,kt->ks", windows[:, index], taps))
