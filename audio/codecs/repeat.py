"""Concealment for codecs that have none: the last pitch period again, fading (after ITU-T G.711
Appendix I: repeat from 10 ms, silence after 60 ms)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.receiving.timescale import cross_fade

HISTORY: Final = 1_440  # samples at 48 kHz: 30 ms
MIN_PITCH: Final = 240  # 5 ms: 200 Hz
MAX_PITCH: Final = 720  # 15 ms: 66 Hz
HOLD: Final = 480  # samples at full level
FADE: Final = 2_400  # then down to silence over 50 ms
FADE_IN: Final = 240  # samples of what was invented under the first that are real again


class Repeater:
    """Remembers what was played and goes on with it."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._history = np.zeros(HISTORY, np.float32)
        self._made = 0
        self._cycle = self._history[:0]

    def heard(self, samples: NDArray[np.float32], out: NDArray[np.float32]) -> int:
        """Passes ``samples`` on to ``out``; after a loss they fade in over what was invented."""
        count = len(samples)
        out[:count] = samples
        if self._made:
            out[:count] = cross_fade(self._going_on(FADE_IN), samples)
            self._made = 0
        if count >= HISTORY:
            self._history = samples[-HISTORY:].copy()
        elif count:
            self._history = np.concatenate((self._history[count:], samples))
        return count

    def invent(self, count: int, out: NDArray[np.float32]) -> None:
        if self._made == 0:
            self._cycle = self._history[-self._pitch() :].copy()
        out[:count] = self._going_on(count)
        self._made += count

    def _going_on(self, count: int) -> NDArray[np.float32]:
        at = np.arange(self._made, self._made + count)
        gain = np.clip(1.0 - (at - HOLD) / FADE, 0.0, 1.0)
        return np.asarray(self._cycle[at % len(self._cycle)] * gain, np.float32)

    def _pitch(self) -> int:
        """The lag at which the last 10 ms look most like what came before."""
        piece = self._history[-HOLD:]
        windows = np.lib.stride_tricks.sliding_window_view(self._history, HOLD)
        lags = np.arange(MIN_PITCH, MAX_PITCH + 1)
        before = windows[HISTORY - HOLD - lags]
        energy = np.einsum("ij,ij->i", before, before) + 1e-9
        return int(lags[np.argmax((before @ piece) / np.sqrt(energy))])
