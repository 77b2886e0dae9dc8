"""A look-ahead limiter: no sample above the ceiling, ever, and no click on the way.

Sliding minimum of the needed gain over the look-ahead, released linearly, then averaged over the
same length: the average of minima can't exceed any of them, so the ceiling holds exactly.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio import fast

LOOK_AHEAD: Final = 96  # samples: 2 ms; also the limiter's delay
CEILING: Final = 10 ** (-1.0 / 20)  # -1 dBFS
RELEASE_PER_SAMPLE: Final = 1.0 / (0.15 * 48_000)  # full gain again after 150 ms at the most


@fast.instead
def is_within(block: NDArray[np.float32], bound: float) -> bool:
    """Whether no sample of (n, 2) is beyond; not so where one is no number."""
    return bool(block.min() >= -bound and block.max() <= bound)


class Limiter:
    """Stereo. ``process`` takes and returns ``(n, 2)`` float32, ``LOOK_AHEAD`` samples later."""

    def __init__(self) -> None:
        self._sound = np.zeros((LOOK_AHEAD, 2), np.float32)
        self._needed = np.ones(LOOK_AHEAD)  # of the samples in _sound
        self._released = np.ones(LOOK_AHEAD - 1)  # minima before the averaging
        self._gain = 1.0
        self._is_idle = True

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        line = np.concatenate((self._sound, block))
        out = line[: len(block)]
        if self._is_idle and is_within(block, CEILING):  # nearly always
            self._sound = line[len(block) :]
            return out
        np.nan_to_num(line, copy=False)  # infinite becomes the largest number, NaN silence
        peaks = np.abs(line[LOOK_AHEAD:]).max(axis=1)
        needed = np.concatenate((self._needed, CEILING / np.maximum(peaks, CEILING)))
        gains = self._gains(needed)
        self._sound, self._needed = line[len(block) :], needed[len(block) :]
        limited = out * gains[:, None].astype(np.float32)
        self._is_idle = (
            self._gain == 1.0 and self._needed.min() == 1.0 and self._released.min() == 1.0
        )
        return np.asarray(np.clip(limited, -CEILING, CEILING), np.float32)  # rounding alone

    def _gains(self, needed: NDArray[np.float64]) -> NDArray[np.float64]:
        """One gain for each of the samples that leave now."""
        minima = np.lib.stride_tricks.sliding_window_view(needed, LOOK_AHEAD + 1).min(axis=1)
        steps = np.arange(1, len(minima) + 1) * RELEASE_PER_SAMPLE
        start = np.minimum.accumulate(np.concatenate(([self._gain], minima - steps)))[1:]
        released = np.minimum(start + steps, 1.0)
        self._gain = float(released[-1])
        line = np.concatenate((self._released, released))
        self._released = line[-(LOOK_AHEAD - 1) :]
        sums = np.cumsum(np.concatenate(([0.0], line)))
        return np.asarray((sums[LOOK_AHEAD:] - sums[:-LOOK_AHEAD]) / LOOK_AHEAD)
