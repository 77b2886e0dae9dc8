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

FLOOR: Final = np.float32(1e-6)  # -120 dBFS


class Levels:
    """Writes one row of the table per stream, and that of the whole mix."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._peak_dbfs = meters.rows["peak_dbfs"]
        self._rms_dbfs = meters.rows["rms_dbfs"]
        self._sums = np.zeros(MAX_STREAMS, np.float32)

    def measure(self, rows: NDArray[np.float32], slots: NDArray[np.intp]) -> None:
        """``rows``: (k, 480), one for each of ``slots``; a slot with several shows their sum."""
        peaks = np.maximum(rows.max(axis=1), -rows.min(axis=1))
        powers = np.einsum("ij,ij->i", rows, rows) / np.float32(BLOCK)
        self._peak_dbfs[slots] = 20 * np.log10(np.maximum(self._summed(peaks, slots), FLOOR))
        floor = FLOOR * FLOOR
        self._rms_dbfs[slots] = 10 * np.log10(np.maximum(self._summed(powers, slots), floor))

    def _summed(self, values: NDArray[np.float32], slots: NDArray[np.intp]) -> NDArray[np.float32]:
        self._sums[slots] = 0.0
        np.add.at(self._sums, slots, values)
        return self._sums[slots]

    def measure_slowly(self, active: Sequence[Sender], jumped_ms: float) -> None:
        """Ten times a second: what changes slowly."""
        table = self._meters.rows
        for sender in active:
            row = table[sender.slot]
            row["heard_ms"] = max(sender.buffer.heard_ms + jumped_ms, 0)
            if sender.talking:
                row["talking"] = 1
                row["ssrc"] = sender.ssrc
                row["delay_ms"] = sender.delay_ms
                row["target_ms"] = sender.buffer.delays.target_ms

    def measure_master(self, out: NDArray[np.float32]) -> None:
        peak = max(float(out.max()), -float(out.min()), float(FLOOR))
        self._peak_dbfs[MASTER_ROW] = 20 * math.log10(peak)

    def clear(self, slot: int) -> None:
        row = self._meters.rows[slot]
        row["peak_dbfs"] = row["rms_dbfs"] = SILENCE_DBFS
        row["talking"] = 0
