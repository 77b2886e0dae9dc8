"""A look-ahead true-peak limiter: nothing above -1 dBTP, ever, and no click on the way.

Between two samples the sound may be higher than both (ITU-R BS.1770-4 Annex 2), so the gain that
is needed is found from the interpolated peaks. Its sliding minimum, released steadily, is averaged
over the look-ahead, all in decibels: the average of minima exceeds none of them. A gain that moves
within the interpolator's 12 samples lets a little through; a second stage takes that, and moves so
little that nothing is left.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio import fast

CEILING: Final = 10 ** (-1.0 / 20)  # -1 dBTP (EBU R 128)
# What four points between samples miss of a peak: 0.47 dB at 20 kHz, the most that Opus has.
MISSED_DB: Final = 0.5
LOOK_AHEADS: Final = (96, 48)  # samples of the two stages' attack: 2 ms and 1 ms
RELEASE_DB_PER_S: Final = 60.0
MOST: Final = 64.0  # full scale of as many voices at once; what is above is no sound

# ITU-R BS.1770-4 Annex 2, table 1: two of four phases, the others are these backwards.
_PHASES: Final = (
    (
        0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875,
        0.1373291015625, 0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250,
        0.0148925781250, -0.0083007812500,
    ),
    (
        -0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500,
        0.4650878906250, 0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625,
        0.0330810546875, -0.0189208984375,
    ),
)  # fmt: skip
TAPS: Final = 12
INTERPOLATOR: Final[NDArray[np.float32]] = np.array(
    [*_PHASES, *(one[::-1] for one in reversed(_PHASES))], np.float32
)
"""(4, 12)"""

LIMIT: Final = CEILING * 10 ** (-MISSED_DB / 20)
# No interpolated value exceeds the highest sample times the sum of the weights (2.02): a sound
# that stays below this, -7.6 dBFS, has no peak worth looking for.
HARMLESS: Final = LIMIT / float(np.abs(INTERPOLATOR).sum(axis=1).max())
_STEP: Final = RELEASE_DB_PER_S / 20 * math.log(10) / 48_000  # of the gain's logarithm per sample


_CHUNK: Final = 16  # samples whose four points each are one row of a matrix product


def _make_matrix() -> NDArray[np.float32]:
    """(16 + 11, 64): all points about 16 samples at once."""
    matrix = np.zeros((_CHUNK + TAPS - 1, _CHUNK, len(INTERPOLATOR)), np.float32)
    for n in range(_CHUNK):
        matrix[n : n + TAPS, n] = INTERPOLATOR.T
    return matrix.reshape(len(matrix), -1)


_MATRIX: Final = _make_matrix()


@fast.instead
def raise_to_peaks(
    peaks: NDArray[np.float32], sound: NDArray[np.float32], _interpolator: NDArray[np.float32]
) -> None:
    """``sound``: (n + 11, 2), finite. ``peaks`` (1, n) are raised to the highest of both channels,
    of the samples and of the points between them, about each of n."""
    count = peaks.shape[1]
    chunks = -(-count // _CHUNK)
    rows = np.zeros((2, chunks * _CHUNK + TAPS - 1), np.float32)
    rows[:, : len(sound)] = sound.T
    windows = np.lib.stride_tricks.sliding_window_view(rows, _CHUNK + TAPS - 1, axis=1)
    points = windows[:, ::_CHUNK].reshape(-1, _CHUNK + TAPS - 1) @ _MATRIX
    np.abs(points, out=points)
    highest = np.maximum(points[:chunks], points[chunks:]).reshape(-1, len(INTERPOLATOR))
    middle = np.abs(rows[:, TAPS // 2 : TAPS // 2 + count])
    for line in (*highest[:count].T, *middle):
        np.maximum(peaks[0], line, out=peaks[0])


def true_peaks(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """``sound``: (n + 11, 2). The highest of both channels about each of n points, (n,)."""
    peaks = np.zeros((1, len(sound) - TAPS + 1), np.float32)
    raise_to_peaks(peaks, sound, INTERPOLATOR)
    return np.asarray(peaks[0])


def _sliding_minimum(line: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """By doubling: a few passes instead of one per sample of the window."""
    width = 1
    while width < window:
        step = min(width, window - width)
        line = np.minimum(line[:-step], line[step:])
        width += step
    return line


class _Stage:
    """Works on logarithms of gains. Its sound leaves ``delay`` samples later."""

    def __init__(self, look_ahead: int) -> None:
        self._look_ahead = look_ahead
        self.delay = look_ahead + TAPS - 2
        self._sound = np.zeros((self.delay, 2), np.float32)
        self._needed = np.zeros(self.delay)  # at the newest points
        self._released = np.zeros(look_ahead - 1)  # minima before the averaging
        self._gain = 0.0
        self._harmless = self.delay  # samples in a row
        self._is_idle = True
        self._untouched = self.delay

    @property
    def is_harmless(self) -> bool:
        """Whether what has left has no peak above the limit, nor has it with what comes next."""
        return self._untouched >= TAPS

    def process(self, block: NDArray[np.float32], *, is_harmless: bool) -> NDArray[np.float32]:
        is_known = is_harmless and self._harmless >= TAPS
        self._harmless = self._harmless + len(block) if is_harmless else 0
        if is_known and self._is_idle:  # nearly always
            return self._untouched_by(block)
        peaks = true_peaks(np.concatenate((self._sound[1 - TAPS :], block)))
        if self._is_idle and peaks.max() <= LIMIT:
            return self._untouched_by(block)
        gains = self._gains(np.log(LIMIT / np.maximum(peaks, LIMIT, dtype=np.float64)))
        self._untouched = 0
        return np.asarray(self._later(block) * np.exp(gains, dtype=np.float32)[:, None])

    def _untouched_by(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        self._untouched += len(block)
        return self._later(block)

    def _later(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        out = np.empty_like(block)
        pass_on(self._sound, block, out)
        return out

    def _gains(self, needed: NDArray[np.float64]) -> NDArray[np.float64]:
        """One for each of the samples that leave now: the mean of the minima of all points whose
        interpolation it has a part in."""
        line = np.concatenate((self._needed, needed))
        minima = _sliding_minimum(line, self.delay + 1)
        self._needed = line[-self.delay :]
        steps = np.arange(1, len(minima) + 1) * _STEP
        lowest = np.minimum.accumulate(np.concatenate(([self._gain], minima - steps)))[1:]
        released = np.minimum(lowest + steps, 0.0)
        self._gain = float(released[-1])
        line = np.concatenate((self._released, released))
        self._released = line[1 - self._look_ahead :]
        self._is_idle = not (self._gain or self._needed.any() or self._released.any())
        sums = np.cumsum(np.concatenate(([0.0], line)))
        means = (sums[self._look_ahead :] - sums[: -self._look_ahead]) / self._look_ahead
        return np.asarray(np.minimum(means, 0.0))


@fast.instead
def pass_on(
    held: NDArray[np.float32], block: NDArray[np.float32], out: NDArray[np.float32]
) -> None:
    """A delay line: of ``held`` and ``block`` after it the first ones go to ``out``, which is as
    long as the block; the last ones stay in ``held``. All (n, 2) and in one piece."""
    line = np.concatenate((held, block))
    out[:], held[:] = line[: len(block)], line[len(block) :]


@fast.instead
def is_within(block: NDArray[np.float32], bound: float) -> bool:
    """Whether no sample of (n, 2) is beyond; not so where one is no number."""
    return bool(block.min() >= -bound and block.max() <= bound)


class Limiter:
    """Stereo. ``process`` takes and returns ``(n, 2)`` float32, ``DELAY`` samples later. Below
    the ceiling sound passes to the bit."""

    DELAY: Final = sum(LOOK_AHEADS) + len(LOOK_AHEADS) * (TAPS - 2)

    def __init__(self) -> None:
        self._first, self._second = (_Stage(one) for one in LOOK_AHEADS)

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        if not len(block):
            return block
        is_harmless = is_within(block, HARMLESS)
        if not (is_harmless or is_within(block, MOST)):  # NaN becomes silence
            block = np.clip(np.nan_to_num(block), -MOST, MOST)
        once = self._first.process(block, is_harmless=is_harmless)
        return self._second.process(once, is_harmless=self._first.is_harmless)
