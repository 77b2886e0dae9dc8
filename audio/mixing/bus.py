"""From the voices to what a device gets: guard, room under an alarm, and, after tones, the limiter.

Each device has one of its own, so that what is loud on one turns nothing down on the other, and
neither is ever above the ceiling.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audio.mixing.duck import Room
from audio.mixing.guard import Guard
from audio.mixing.limiter import Limiter


class Bus:
    """``tame`` the voices, ``(n, 2)`` in place; what is added then passes the limiter with them."""

    def __init__(self) -> None:
        self.room = Room()
        self._guard = Guard()
        self._limiter = Limiter()

    def tame(self, voices: NDArray[np.float32], now_ms: float, *, is_alarm: bool) -> None:
        self._guard.process(voices)
        self.room.process(voices, now_ms, is_alarm=is_alarm)

    def limit(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._limiter.process(block)
