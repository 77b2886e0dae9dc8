"""Faster, at the same pitch (WSOLA, Verhelst and Roelands, 1993), and without long pauses. Pure.

Every 20 ms of what is heard is taken from 20 ms × speed further on, at the place within ±10 ms
that goes on most like what was heard last. It is sought at 6 kHz first, then to the sample.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

STEP: Final = 960  # samples of output at a time: 20 ms at 48 kHz
OVERLAP: Final = 480
REACH: Final = 480  # to both sides; a period of the lowest voices (66 Hz) fits in
COARSE: Final = 8  # samples that are one while seeking
MARGIN: Final = REACH + COARSE
QUIET_RMS: Final = 0.003  # -50 dBFS, as for shortening in the middle of a burst
BLOCK: Final = 480
KEPT_BLOCKS: Final = 30  # of a pause: 0.3 s
ONSET_BLOCKS: Final = 5  # of them before sound goes on
_RISE: Final = np.linspace(0.0, 1.0, OVERLAP, dtype=np.float32)


class Stretcher:
    """``process`` sound as it comes, ``flush`` at its end. ``speed``: 1.0 to 2.0; another one holds
    from the next step on, with no gap."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._reset()

    def _reset(self) -> None:
        self._line = np.zeros(0, np.float32)
        self._gone = 0  # samples before the line
        self._at = 0.0  # where the next step would begin, from the very first sample
        self._tail: Sound | None = None  # what would have followed

    @property
    def _is_idle(self) -> bool:
        """Sound passes as it is, until it is to be faster."""
        return self.speed == 1.0 and self._tail is None and not len(self._line)

    def process(self, sound: Sound) -> Sound:
        if self._is_idle:
            return sound
        self._line = np.concatenate((self._line, sound))
        made = []
        while int(self._at) - self._gone + MARGIN + STEP + OVERLAP <= len(self._line):
            made.append(self._step())
        spare = max(0, int(self._at) - self._gone - MARGIN)
        self._line = self._line[spare:]
        self._gone += spare
        return np.concatenate(made) if made else self._line[:0]

    def flush(self) -> Sound:
        """The rest; then it can begin anew."""
        if self._is_idle:
            return self._line[:0]
        left = (self._gone + len(self._line) - self._at) / self.speed
        made = self.process(np.zeros(MARGIN + STEP + 2 * OVERLAP, np.float32))
        self._reset()
        return made[: max(0, round(left))]

    def _step(self) -> Sound:
        start = int(self._at) - self._gone
        if self._tail is None:
            out = self._line[start : start + STEP].copy()
        else:
            start = self._seek(start)
            out = self._line[start : start + STEP].copy()
            out[:OVERLAP] *= _RISE
            out[:OVERLAP] += self._tail * (1 - _RISE)
        self._tail = self._line[start + STEP : start + STEP + OVERLAP].copy()
        self._at += STEP * self.speed
        return out

    def _seek(self, about: int) -> int:
        """The place near ``about`` that goes on most like the tail."""
        tail = self._tail
        assert tail is not None
        low = max(0, about - REACH)
        area = self._line[low : about + REACH + OVERLAP]
        area = area[: len(area) // COARSE * COARSE]
        rough = _likest(_coarse(area), _coarse(tail)) * COARSE
        first = max(0, low + rough - COARSE)
        return first + _likest(self._line[first : first + 2 * COARSE + OVERLAP], tail)


def _coarse(sound: Sound) -> Sound:
    return np.asarray(sound.reshape(-1, COARSE).mean(axis=1), np.float32)


def _likest(area: Sound, tail: Sound) -> int:
    """Where in ``area`` it is most like ``tail``, by normalised correlation."""
    likeness = np.correlate(area, tail, "valid")
    power = np.cumsum(np.concatenate((np.zeros(1), np.square(area, dtype=np.float64))))
    energy = power[len(tail) :] - power[: -len(tail)]
    return int(np.argmax(likeness / np.sqrt(energy + 1e-9)))


class PauseSkipper:
    """Of a pause 0.3 s are left."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._quiet = 0  # blocks in a row
        self._held: deque[Sound] = deque(maxlen=ONSET_BLOCKS)

    def process(self, sound: Sound) -> Sound:
        line = np.concatenate((self._rest, sound))
        count = len(line) // BLOCK * BLOCK
        self._rest = line[count:]
        blocks = line[:count].reshape(-1, BLOCK)
        levels = np.sqrt(np.square(blocks).mean(axis=1))
        passed: list[Sound] = []
        for block, level in zip(blocks, levels, strict=True):
            self._take(block, bool(level < QUIET_RMS), passed)
        return np.concatenate(passed) if passed else line[:0]

    def _take(self, block: Sound, is_quiet: bool, passed: list[Sound]) -> None:
        self._quiet = self._quiet + 1 if is_quiet else 0
        if self._quiet > KEPT_BLOCKS - ONSET_BLOCKS:
            self._held.append(block)
            return
        passed += [*self._held, block]
        self._held.clear()

    def flush(self) -> Sound:
        """What did not make a block. A pause at the end is left out."""
        rest, self._rest = self._rest, self._rest[:0]
        return rest
