"""Evens out how loud talkers are: a slow gain for each, learnt from speech alone. Pure.

After EBU R 128 and ITU-R BS.1770-4: weighted power, an absolute and a relative gate. What lies
below the gates (pauses, hiss) moves nothing, and what has no syllables is never raised. A talker
is known again by stream and SSRC and begins with the gain that was found the last time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio import fast
from audio.receiving.sender import BLOCK
from audio.receiving.voices import MAX_ACTIVE

TARGET_LUFS: Final = -23.0  # EBU R 128
RAISE_DB: Final = 9.0  # at most: hiss below the gate stays below -41 LUFS
LOWER_DB: Final = -15.0  # at most: speech that fills the scale is at about -8 LUFS
# BS.1770 gates at -70 for programmes; what is spoken into a radio this softly is its surroundings.
GATE_LUFS: Final = -50.0
RELATIVE_GATE_LU: Final = -10.0  # BS.1770-4 clause 2.8
UP_DB_PER_S: Final = 3.0
DOWN_DB_PER_S: Final = 6.0  # what is too loud disturbs at once
HOLD_DB: Final = 1.0  # nearer than this is near enough: no gain that is always on the move
MEMORY_S: Final = 3.0  # EBU Tech 3341, short-term
LEARN_S: Final = 0.4  # of speech before anything is done: one gating block of BS.1770
RESTART_S: Final = 5.0  # all below the relative gate: somebody else, or farther away
# Mean power over the square of the mean level: 1.0 for steady noise and hum, 1.8 to 2.7 for speech.
SYLLABLES: Final = 1.5
MAX_TALKERS: Final = 2 * MAX_ACTIVE  # known; then the one who spoke longest ago is forgotten
CYCLE: Final = 13  # ticks, of which
TICKS: Final = 2  # in a row are measured: each frame of 20 ms is due in one of them
MEASURE_S: Final = 0.13  # so between two measurements of a talker
DECIDE_EVERY: Final = 8  # calls of measure: 0.52 s

# BS.1770's weighting lifts what is above 1.5 kHz by 4 dB. So does a - b cos(2 pi f 8 / 48000) for
# power, which takes two sums of products: 1.2 dB from it at most between 100 Hz and 4 kHz.
_LAG: Final = 8
_SAME: Final = 1.75
_LAGGED: Final = 0.75
_OFFSET_LU: Final = -0.691  # BS.1770-4 equation (2)
# What passes the gates in blocks of 10 ms is that much louder than the blocks of 400 ms, with the
# gaps between sounds in them, that BS.1770 gates; measured with the exercise's voices, 3.5 to 3.9.
_DENSE_LU: Final = 3.8
_MOST: Final = 100.0  # 20 dB above full scale; what is no number is nothing
_GATE: Final = 10 ** ((GATE_LUFS - _OFFSET_LU) / 10)
_RELATIVE: Final = 10 ** (RELATIVE_GATE_LU / 10)
_MEMORY: Final = round(MEMORY_S / MEASURE_S)
_LEARN: Final = round(LEARN_S / MEASURE_S)
_RESTART: Final = round(RESTART_S / MEASURE_S)

_NEWEST: Final = 0.3  # share of the last decision's part in what is known of syllables

Talker = tuple[str, int]
"""Stream and SSRC."""


def power(blocks: NDArray[np.float32]) -> NDArray[np.float64]:
    """``blocks``: (k, n). The weighted mean square of each."""
    same = np.einsum("ij,ij->i", blocks, blocks)
    lagged = np.einsum("ij,ij->i", blocks[:, _LAG:], blocks[:, :-_LAG])
    mean = (_SAME * same - _LAGGED * lagged) / blocks.shape[1]
    return np.asarray(mean, np.float64)


@fast.instead
def add_up(
    sums: NDArray[np.float64],
    floors: NDArray[np.float64],
    rows: NDArray[np.intp],
    blocks: NDArray[np.float32],
    *_weighting: float,
) -> None:
    """One measurement of each talker in ``rows``, whose sound is in ``blocks`` (k, n), onto his
    ``sums`` (see :class:`_Sums`); speech is what is above his floor."""
    now = power(blocks)
    is_speech = now > floors[rows]
    one = now * is_speech, is_speech, now > _GATE, now, np.sqrt(now), now >= 0.0
    sums[rows] += np.array(one).T


def lufs(mean_square: float) -> float:
    return 10 * math.log10(max(mean_square, 1e-12)) + _OFFSET_LU


class _Sums:
    """Columns of what is added up between two decisions, one row per talker."""

    POWER = 0  # of speech
    SPEECH = 1  # measurements of it
    LOUD = 2  # measurements above the absolute gate
    ALL = 3  # power of everything
    LEVEL = 4  # square root of that
    COUNT = 5


class Evener:
    """``seat`` who begins to speak, ``measure`` now and then, ``gains`` of all seats.

    ``measure`` only adds up; what follows from it is decided twice a second for all at once.
    """

    def __init__(self) -> None:
        self._rows: dict[Talker, int] = {}  # the one who began longest ago first
        self._free = list(range(MAX_TALKERS - 1, -1, -1))
        self._row_of = np.zeros(MAX_ACTIVE, np.intp)  # by seat
        self._gain_db = np.zeros(MAX_TALKERS)
        self._gain = np.ones(MAX_TALKERS, np.float32)
        self._sums = np.zeros((MAX_TALKERS, _Sums.COUNT + 1))
        self._floor = np.full(MAX_TALKERS, _GATE)  # power from which it is speech
        self._mean = np.zeros(MAX_TALKERS)  # power of speech
        self._heard = np.zeros(MAX_TALKERS)  # measurements in it
        self._below = np.zeros(MAX_TALKERS)  # in a row, under the relative gate
        self._syllables = np.ones(MAX_TALKERS)
        self._calls = 0
        self._is_on = True

    def switch(self, *, is_on: bool) -> None:
        """Off, it goes on learning."""
        self._is_on = is_on

    def seat(self, seats: NDArray[np.intp], talkers: Iterable[Talker]) -> None:
        for seat, talker in zip(seats, talkers, strict=True):
            row = self._rows.pop(talker, None)
            self._row_of[seat] = self._rows[talker] = self._new_row() if row is None else row

    def gains(self) -> NDArray[np.float32]:
        """By seat, of all (MAX_ACTIVE,)."""
        return self._gain[self._row_of] if self._is_on else np.ones(MAX_ACTIVE, np.float32)

    def measure(self, frames: NDArray[np.float32], seats: NDArray[np.intp]) -> bool:
        """``frames``: (k, n * 480); the first block of each is enough. True: gains have moved."""
        rows = self._row_of[seats]
        blocks = frames[:, :BLOCK]
        add_up(self._sums, self._floor, rows, blocks, _LAG, _SAME, _LAGGED, _GATE)
        self._calls += 1
        return self._calls % DECIDE_EVERY == 0 and self._decide()

    def _new_row(self) -> int:
        if self._free:
            return self._free.pop()
        in_use = set(self._row_of.tolist())
        oldest = next(talker for talker, row in self._rows.items() if row not in in_use)
        row = self._rows.pop(oldest)
        self._gain_db[row], self._gain[row], self._floor[row] = 0.0, 1.0, _GATE
        self._mean[row] = self._heard[row] = self._below[row] = 0.0
        self._syllables[row], self._sums[row] = 1.0, 0.0
        return row

    def _decide(self) -> bool:
        rows = np.flatnonzero(self._sums[:, _Sums.LOUD])
        sums = np.nan_to_num(self._sums[rows].T, posinf=_MOST)
        self._sums[:] = 0.0
        self._count_below(rows, sums)
        self._learn(rows, sums)
        self._floor[rows] = np.maximum(self._mean[rows] * _RELATIVE, _GATE)
        return self._move(rows, sums[_Sums.SPEECH])

    def _count_below(self, rows: NDArray[np.intp], sums: NDArray[np.float64]) -> None:
        below = np.where(sums[_Sums.SPEECH] > 0, 0.0, self._below[rows] + sums[_Sums.LOUD])
        self._below[rows] = below
        over = rows[below >= _RESTART]
        self._below[over] = self._heard[over] = self._mean[over] = 0.0

    def _learn(self, rows: NDArray[np.intp], sums: NDArray[np.float64]) -> None:
        speech, count = sums[_Sums.SPEECH], sums[_Sums.COUNT]
        self._heard[rows] = np.minimum(self._heard[rows] + speech, _MEMORY)
        share = speech / np.maximum(self._heard[rows], 1.0)
        mean = sums[_Sums.POWER] / np.maximum(speech, 1.0)
        self._mean[rows] += (mean - self._mean[rows]) * share
        syllables = sums[_Sums.ALL] * count / np.maximum(sums[_Sums.LEVEL], _GATE) ** 2
        self._syllables[rows] += (syllables - self._syllables[rows]) * _NEWEST

    def _move(self, rows: NDArray[np.intp], speech: NDArray[np.float64]) -> bool:
        gain_db = self._gain_db[rows]
        mean_lufs = 10 * np.log10(np.maximum(self._mean[rows], _GATE)) + _OFFSET_LU - _DENSE_LU
        off_db = np.clip(TARGET_LUFS - mean_lufs, LOWER_DB, RAISE_DB) - gain_db
        most_up = UP_DB_PER_S * MEASURE_S * speech * (self._syllables[rows] > SYLLABLES)
        step_db = np.clip(off_db, -DOWN_DB_PER_S * MEASURE_S * speech, most_up)
        step_db[(np.abs(off_db) < HOLD_DB) | (self._heard[rows] < _LEARN)] = 0.0
        self._gain_db[rows] = gain_db + step_db
        self._gain[rows] = 10 ** (self._gain_db[rows] / 20)
        return bool(step_db.any())
