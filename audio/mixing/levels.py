"""What the meters show: measured from the frames that go into the mix, in shared memory."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio import fast
from audio.meters import MASTER_ROW, SILENCE_DBFS, Meters
from audio.receiving.sender import Sender

FLOOR: Final = 1e-6  # -120 dBFS


@fast.instead
def peak(block: NDArray[np.float32]) -> float:
    """Of (n, 2)."""
    return max(float(block.max()), -float(block.min()))


@fast.instead
def show_peaks(
    table: NDArray[np.float32], slots: NDArray[np.intp], peaks: NDArray[np.float32], floor: float
) -> None:
    """``peaks`` into the rows ``slots`` of ``table``, in dBFS; ``floor`` is the lowest of them."""
    table[slots] = 20 * np.log10(np.maximum(peaks, np.float32(floor)))


class Levels:
    """Writes one row of the table per stream, and that of the whole mix."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._peak_dbfs = meters.rows["peak_dbfs"]

    def measure(self, frames: NDArray[np.float32], slots: NDArray[np.intp]) -> None:
        """``frames``: (k, n), one for each of ``slots``. Of two who speak at once on one stream
        the one whose frame came last is shown."""
        self.show(np.maximum(frames.max(axis=1), -frames.min(axis=1)), slots)

    def show(self, peaks: NDArray[np.float32], slots: NDArray[np.intp]) -> None:
        """Those of :meth:`measure`'s frames."""
        show_peaks(self._peak_dbfs, slots, peaks, FLOOR)

    def measure_slowly(self, active: Collection[Sender], jumped_ms: float) -> None:
        """Now and then: what changes slowly."""
        table = self._meters.rows
        heard = [max(one.buffer.heard_ms + jumped_ms, 0.0) for one in active]
        table["heard_ms"][[one.slot for one in active]] = heard
        talking = [one for one in active if one.talking]
        slots = [one.slot for one in talking]
        table["talking"][slots] = 1
        table["ssrc"][slots] = [one.ssrc for one in talking]
        table["delay_ms"][slots] = [one.delay_ms for one in talking]
        table["target_ms"][slots] = [one.buffer.delays.target_ms for one in talking]

    def measure_master(self, outs: Iterable[NDArray[np.float32]]) -> None:
        """Of all devices."""
        highest = max(peak(out) for out in outs)
        self._peak_dbfs[MASTER_ROW] = 20 * math.log10(max(highest, FLOOR))

    def clear(self, slot: int) -> None:
        row = self._meters.rows[slot]
        row["peak_dbfs"] = SILENCE_DBFS
        row["talking"] = 0
