"""Makes a frame shorter or longer by one pitch period, unheard: how a burst catches up, or waits
for longer, in its middle.

One step of WSOLA (Verhelst and Roelands, 1993): the frame's beginning is cross-faded into the place
that looks most like it, one lag further on; or that place into the beginning, heard once more.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

MIN_LAG: Final = 240  # samples at 48 kHz: 5 ms
MAX_LAG: Final = 720  # 15 ms: no further than from late to early, whatever the frame's length
FADE: Final = 240
QUIET_RMS: Final = 0.003  # -50 dBFS: any cut does
LEAST_LIKENESS: Final = 0.5  # normalised correlation; below it the frame stays as it is
_RISE: Final = np.sin(np.linspace(0.0, np.pi / 2, FADE, dtype=np.float32)) ** 2
"""Without a kink: one is heard as a faint click where the two sides differ."""


def shorten(frame: NDArray[np.float32]) -> NDArray[np.float32]:
    """``frame``: (n,). Shorter by a lag of 5 ms or more, or the same where it would be heard."""
    lag = _lag(frame)
    return cross_fade(frame, frame[lag:]) if lag else frame


def lengthen(frame: NDArray[np.float32]) -> NDArray[np.float32]:
    """``frame``: (n,). Longer by a lag of 5 ms or more, or the same where it would be heard."""
    lag = _lag(frame)
    return np.concatenate((frame[:lag], cross_fade(frame[lag:], frame))) if lag else frame


def _lag(frame: NDArray[np.float32]) -> int:
    """Where the frame looks most like its beginning, in samples; 0 = nowhere."""
    longest = min(len(frame) - FADE, MAX_LAG)
    if longest <= MIN_LAG:
        return 0
    head = frame[:FADE]
    windows = np.lib.stride_tricks.sliding_window_view(frame[MIN_LAG : longest + FADE], FADE)
    energy = np.einsum("ij,ij->i", windows, windows)
    own = float(head @ head)
    if own < FADE * QUIET_RMS**2:
        return longest
    likeness = (windows @ head) / np.sqrt(energy * own + 1e-12)
    best = int(np.argmax(likeness))
    return MIN_LAG + best if likeness[best] >= LEAST_LIKENESS else 0


def cross_fade(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
    """``after``, begun from the first samples of ``before``. Both (n,), of any length."""
    count = min(FADE, len(before), len(after))
    joined = after.copy()
    joined[:count] *= _RISE[:count]
    joined[:count] += before[:count] * (1 - _RISE[:count])
    return joined
