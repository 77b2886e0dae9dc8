"""What the meters show: measured from the rows of the mix, written to shared memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.meters import MASTER_ROW, SILENCE_DBFS, Meters
from audio.mix import BLOCK
from audio.protocol import MAX_STREAMS
from audio.sender import Sender

FLOOR: Final = np.float32(1e-12)  # -120 dBFS, squared


class Levels:
    """Writes one row of the table per stream, and that of the whole mix."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._peak_dbfs = meters.rows["peak_dbfs"]
        self._rms_dbfs = meters.rows["rms_dbfs"]
        self._sums = np.zeros((2, MAX_STREAMS), np.float32)

    def measure(
        self, rows: NDArray[np.float32], slots: NDArray[np.intp], *, has_doubles: bool
    ) -> None:
        """``rows``: (k, 480), one for each of ``slots``; a slot may come more than once."""
        both = np.empty((2, len(slots)), np.float32)  # amplitudes squared: peak, mean
        both[0] = np.square(np.maximum(rows.max(axis=1), -rows.min(axis=1)))
        both[1] = np.vecdot(rows, rows) / np.float32(BLOCK)
        if has_doubles:
            both = self._summed(both, slots)
        levels = 10 * np.log10(np.maximum(both, FLOOR))
        self._peak_dbfs[slots], self._rms_dbfs[slots] = levels

    def _summed(self, values: NDArray[np.float32], slots: NDArray[np.intp]) -> NDArray[np.float32]:
        """Two who speak at once on one stream show together, as uncorrelated sounds add."""
        self._sums[:, slots] = 0.0
        for sums, row in zip(self._sums, values, strict=True):
            np.add.at(sums, slots, row)
        return self._sums[:, slots]

    def measure_slowly(self, active: Sequence[Sender], jumped_ms: float) -> None:
        """Ten times a second: what changes slowly."""
        table = self._meters.rows
        heard = [max(one.buffer.heard_ms + jumped_ms, 0.0) for one in active]
        table["heard_ms"][[one.slot for one in active]] = heard
        talking = [one for one in active if one.talking]
        slots = [one.slot for one in talking]
        table["talking"][slots] = 1
        table["ssrc"][slots] = [one.ssrc for one in talking]
        table["delay_ms"][slots] = [one.delay_ms for one in talking]
        table["target_ms"][slots] = [one.buffer.delays.target_ms for one in talking]

    def measure_master(self, out: NDArray[np.float32]) -> None:
        peak = max(float(out.max()), -float(out.min()), 1e-6)
        self._peak_dbfs[MASTER_ROW] = 20 * math.log10(peak)

    def clear(self, slot: int) -> None:
        row = self._meters.rows[slot]
        row["peak_dbfs"] = row["rms_dbfs"] = SILENCE_DBFS
        row["talking"] = 0
