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

from audio.sender import BLOCK
from audio.voices import MAX_ACTIVE

TARGET_LUFS: Final = -23.0  # EBU R 128
RAISE_DB: Final = 9.0  # at most: hiss below the gate stays below -41 LUFS
LOWER_DB: Final = -15.0  # at most: speech that fills the scale is at about -8 LUFS
# BS.1770 gates at -70 for programmes; what is spoken into a radio this softly is its surroundings.
GATE_LUFS: Final = -50.0
RELATIVE_GATE_LU: Final = -10.0  # BS.1770-4 clause 2.8
UP_DB_PER_S: Final = 3.0
DOWN_DB_PER_S: Final = 10.0  # what is too loud disturbs at once
HOLD_DB: Final = 1.0  # nearer than this is near enough: no gain that is always on the move
MEMORY_S: Final = 3.0  # EBU Tech 3341, short-term
LEARN_S: Final = 0.4  # of speech before anything is done: one gating block of BS.1770
RESTART_S: Final = 5.0  # all below the relative gate: somebody else, or farther away
SYLLABLES_DB: Final = 4.0  # that levels are apart in speech; steady noise has 1 to 2
MAX_TALKERS: Final = 2 * MAX_ACTIVE  # known; then the one who spoke longest ago is forgotten
MEASURE_S: Final = 0.07  # between two calls of measure for a talker with frames of 10 or 20 ms

# BS.1770's weighting lifts what is above 1.5 kHz by 4 dB. So does a - b cos(2 pi f 8 / 48000) for
# power, which takes two sums of products: 0.4 dB from it up to 4 kHz, where speech is.
_LAG: Final = 8
_SAME: Final = 1.75
_LAGGED: Final = 0.75
_OFFSET_LU: Final = -0.691  # BS.1770-4 equation (2)
# What passes the gates in blocks of 10 ms is that much louder than the blocks of 400 ms, with the
# gaps between sounds in them, that BS.1770 gates; measured with the exercise's voices, 3.5 to 3.9.
_DENSE_LU: Final = 3.8
_SILENT: Final = 1e-7  # -70 dB
_MOST: Final = 100.0  # 20 dB above full scale; what is no number is nothing
_GATE: Final = 10 ** ((GATE_LUFS - _OFFSET_LU) / 10)
_RELATIVE: Final = 10 ** (RELATIVE_GATE_LU / 10)
_MEMORY: Final = round(MEMORY_S / MEASURE_S)
_LEARN: Final = round(LEARN_S / MEASURE_S)
_RESTART: Final = round(RESTART_S / MEASURE_S)

Talker = tuple[str, int]
"""Stream and SSRC."""


def power(blocks: NDArray[np.float32]) -> NDArray[np.float64]:
    """``blocks``: (k, n). The weighted mean square of each."""
    same = np.einsum("ij,ij->i", blocks, blocks)
    lagged = np.einsum("ij,ij->i", blocks[:, _LAG:], blocks[:, :-_LAG])
    mean = (_SAME * same - _LAGGED * lagged) / blocks.shape[1]
    return np.asarray(np.fmin(np.fmax(mean, 0.0), _MOST), np.float64)


def lufs(mean_square: float) -> float:
    return 10 * math.log10(max(mean_square, 1e-12)) + _OFFSET_LU


class Evener:
    """``seat`` who begins to speak, ``measure`` now and then, ``gains`` of those in seats."""

    def __init__(self) -> None:
        self._rows: dict[Talker, int] = {}  # the one who began longest ago first
        self._free = list(range(MAX_TALKERS - 1, -1, -1))
        self._row_of = np.zeros(MAX_ACTIVE, np.intp)  # by seat
        self._gain_db = np.zeros(MAX_TALKERS)
        self._gain = np.ones(MAX_TALKERS, np.float32)
        self._mean = np.zeros(MAX_TALKERS)  # power of speech
        self._heard = np.zeros(MAX_TALKERS, np.int64)  # measurements in it
        self._below = np.zeros(MAX_TALKERS, np.int64)  # in a row, under the relative gate
        self._seen = np.zeros(MAX_TALKERS, np.int64)  # measurements of what is no silence
        self._level_db = np.zeros(MAX_TALKERS)  # their mean
        self._spread_db = np.zeros(MAX_TALKERS)
        self._is_on = True

    def switch(self, *, is_on: bool) -> None:
        """Off, it goes on learning."""
        self._is_on = is_on

    def seat(self, seats: NDArray[np.intp], talkers: Iterable[Talker]) -> None:
        for seat, talker in zip(seats, talkers, strict=True):
            row = self._rows.pop(talker, None)
            self._row_of[seat] = self._rows[talker] = self._new_row() if row is None else row

    def gains(self, seats: NDArray[np.intp]) -> NDArray[np.float32] | float:
        return self._gain[self._row_of[seats]] if self._is_on else 1.0

    def measure(self, frames: NDArray[np.float32], seats: NDArray[np.intp]) -> None:
        """``frames``: (k, n * 480); the first block of each is enough."""
        rows = self._row_of[seats]
        now = power(frames[:, :BLOCK])
        self._learn_spread(rows, now)
        is_loud = now > _GATE
        is_speech = is_loud & (now > self._mean[rows] * _RELATIVE)
        self._count_below(rows, is_loud & ~is_speech, is_speech)
        speaking = rows[is_speech]
        if len(speaking):
            self._learn(speaking, now[is_speech])
            self._move(speaking)

    def _new_row(self) -> int:
        if self._free:
            return self._free.pop()
        in_use = set(self._row_of.tolist())
        oldest = next(talker for talker, row in self._rows.items() if row not in in_use)
        row = self._rows.pop(oldest)
        self._gain_db[row], self._gain[row] = 0.0, 1.0
        self._mean[row] = self._heard[row] = self._below[row] = self._seen[row] = 0
        self._level_db[row] = self._spread_db[row] = 0.0
        return row

    def _learn_spread(self, rows: NDArray[np.intp], now: NDArray[np.float64]) -> None:
        is_sound = now > _SILENT
        rows = rows[is_sound]
        seen = np.minimum(self._seen[rows] + 1, _MEMORY)
        off_db = 10 * np.log10(now[is_sound]) - self._level_db[rows]
        off_spread_db = np.abs(off_db) * (seen > 1) - self._spread_db[rows]  # the first is the mean
        self._seen[rows] = seen
        self._level_db[rows] += off_db / seen
        self._spread_db[rows] += off_spread_db / seen

    def _count_below(
        self, rows: NDArray[np.intp], is_below: NDArray[np.bool_], is_speech: NDArray[np.bool_]
    ) -> None:
        below = np.where(is_speech, 0, self._below[rows] + is_below)
        self._below[rows] = below
        if below.max() >= _RESTART:
            over = rows[below >= _RESTART]
            self._below[over] = self._heard[over] = 0
            self._mean[over] = 0.0

    def _learn(self, rows: NDArray[np.intp], now: NDArray[np.float64]) -> None:
        heard = np.minimum(self._heard[rows] + 1, _MEMORY)
        self._heard[rows] = heard
        self._mean[rows] += (now - self._mean[rows]) / heard

    def _move(self, rows: NDArray[np.intp]) -> None:
        gain_db = self._gain_db[rows]
        mean_lufs = 10 * np.log10(self._mean[rows]) + _OFFSET_LU - _DENSE_LU
        off_db = np.clip(TARGET_LUFS - mean_lufs, LOWER_DB, RAISE_DB) - gain_db
        most_up = np.where(self._spread_db[rows] > SYLLABLES_DB, UP_DB_PER_S * MEASURE_S, 0.0)
        step_db = np.clip(off_db, -DOWN_DB_PER_S * MEASURE_S, most_up)
        step_db[(np.abs(off_db) < HOLD_DB) | (self._heard[rows] < _LEARN)] = 0.0
        if step_db.any():
            self._gain_db[rows] = gain_db + step_db
            self._gain[rows] = 10 ** (self._gain_db[rows] / 20)
