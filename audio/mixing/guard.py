"""Bounds what an ear gets in a shift: voices that stay loud for minutes are slowly turned down.

A workplace's upper exposure action value is 85 dB(A) over 8 hours (2003/10/EC article 3). A player
sold with its headphones gives 100 dB(A) at the most while it plays the programme simulation noise
of EN 50332-1 (EN 60950-1:2006/A12:2011, which sets that limit). Taking this noise to be -10 dBFS,
the mean of what is played stays 15 dB below it. That is chosen after these figures and proves
nothing about a headset, whose level at full scale nobody here knows. Tones are not counted and not
lowered.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

MEAN_DBFS: Final = -25.0  # of the louder side
MEAN_S: Final = 60.0  # time constant of the mean
MOST_DB: Final = -12.0  # never lower: a voice must still be understood
_MEAN: Final = 10 ** (MEAN_DBFS / 10)
_MOST: Final = 10 ** (MOST_DB / 20)
RATE: Final = 48_000
MEASURE_EVERY: Final = 10  # blocks: what lasts for minutes is seen in a tenth of it


class Guard:
    """``process`` blocks of ``(n, 2)``, changed in place where needed."""

    def __init__(self) -> None:
        self._blocks = 0
        self._power = 0.0
        self._gain = np.float32(1.0)

    def process(self, block: NDArray[np.float32]) -> None:
        self._blocks += 1
        if self._blocks % MEASURE_EVERY == 0:
            self._learn(block)
            before, self._gain = self._gain, self._wanted()
            if before != self._gain:
                block *= np.linspace(before, self._gain, len(block), dtype=np.float32)[:, None]
                return
        if self._gain != 1.0:
            block *= self._gain

    def _learn(self, block: NDArray[np.float32]) -> None:
        left, right = block[:, 0], block[:, 1]
        power = min(max(float(left.dot(left)), float(right.dot(right))) / len(block), 1.0)
        if power >= 0:  # what is no number is the limiter's to silence
            share = MEASURE_EVERY * len(block) / RATE / MEAN_S
            self._power += (power - self._power) * min(share, 1.0)

    def _wanted(self) -> np.float32:
        if self._power <= _MEAN:
            return np.float32(1.0)
        return np.float32(max((_MEAN / self._power) ** 0.5, _MOST))
