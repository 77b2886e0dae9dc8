"""Many mono rows to one stereo block: gain, place and mute with ramps, in one matrix product."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.protocol import MAX_STREAMS, SetMix

BLOCK: Final = 480  # samples: 10 ms
BEHIND_DB: Final = -9.0  # monitored groups while another is selected
_RAMP: Final = np.linspace(0.0, 1.0, BLOCK, endpoint=False, dtype=np.float32) + 1 / BLOCK


def from_db(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))


def place(mix: SetMix, *, is_any_selected: bool) -> tuple[float, float]:
    """Left and right gain of a stream: constant power, 0 dB to both sides in the middle's sum."""
    if mix.muted or mix.attention == "off":
        return 0.0, 0.0
    behind = BEHIND_DB if is_any_selected and mix.attention == "monitored" else 0.0
    gain = from_db(mix.gain_db + behind)
    angle = (mix.pan + 1) * math.pi / 4
    return gain * math.cos(angle), gain * math.sin(angle)


class Mixer:
    """Rows by slot. ``mix`` takes the rows in use; gains move to their aims within a block."""

    def __init__(self) -> None:
        self._aims = np.zeros((2, MAX_STREAMS), np.float32)
        self._gains = np.zeros((2, MAX_STREAMS), np.float32)
        self._is_moving = False
        self._master = 1.0
        self._master_aim = 1.0

    def aim(self, places: Mapping[int, tuple[float, float]]) -> None:
        """Slot to left and right gain."""
        for slot, (left, right) in places.items():
            self._aims[0, slot], self._aims[1, slot] = left, right
        self._is_moving = True

    def set_master(self, gain_db: float) -> None:
        self._master_aim = from_db(gain_db)

    def mix(self, rows: NDArray[np.float32], slots: NDArray[np.intp]) -> NDArray[np.float32]:
        """``rows``: (k, 480), one for each of ``slots``. Returns (480, 2)."""
        sound = self._aims[:, slots] @ rows
        if self._is_moving:
            old = self._gains[:, slots] @ rows
            sound = old + (sound - old) * _RAMP
            self._gains[:] = self._aims  # rows not in use are silent: no ramp for them
            self._is_moving = False
        return np.ascontiguousarray(self._mastered(sound).T, np.float32)

    def _mastered(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        start, end = self._master, self._master_aim
        if start == end:
            return sound if end == 1.0 else sound * np.float32(end)
        self._master = end
        return sound * (start + (end - start) * _RAMP)
