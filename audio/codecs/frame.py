"""Where decoders put their sound: memory whose address is known beforehand."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_FRAME: Final = 9_600  # samples at 48 kHz: 200 ms. Opus has 120 at most, a full G.711 packet 182


class Frame(NamedTuple):
    """``samples``: (9600,) float32 in one piece, at ``address``. Asking numpy for an address
    costs more than a call of libopus."""

    samples: NDArray[np.float32]
    address: int


def new_frames(count: int) -> tuple[NDArray[np.float32], list[Frame]]:
    """(count, 9600) of silence, and each of its rows."""
    rows = np.zeros((count, MAX_FRAME), np.float32)
    return rows, [Frame(row, row.ctypes.data) for row in rows]
