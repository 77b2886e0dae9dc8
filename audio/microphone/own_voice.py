"""One's own voice in one's own ears: side tone while talking, and the test of the microphone.

Blocks come from the thread that sends, and go into the mix after all that is done to others'
voices. They wait in a queue of bounded length, so that a microphone's clock and the output's may
differ.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.mixing.mix import from_db

BLOCK: Final = 480  # samples: 10 ms
CUSHION: Final = 1  # blocks that wait before the first is heard: both sides come a little late
SLACK: Final = 3  # blocks more than wanted, then the oldest is left out
MAX_BLOCKS: Final = 256  # 2.56 s: the longest delay, and slack
UNDER_ALARM: Final = from_db(-18.0)  # at the most while an alarm's burst sounds


class OwnVoice:
    """``hear`` and ``put`` from one thread, ``add_to`` from another. Nothing is heard at first."""

    def __init__(self) -> None:
        self._blocks: deque[NDArray[np.float32]] = deque(maxlen=MAX_BLOCKS)
        self._gain = 0.0
        self._wait = CUSHION  # blocks between what is said and what is heard
        self._is_begun = False
        self._was = 0.0  # the gain at the end of the last block

    def hear(self, gain: float, delay_s: float = 0.0) -> None:
        """From now on; a ``gain`` of 0 ends it."""
        self._wait = CUSHION + round(delay_s * 100)
        self._gain = gain
        if not gain:
            self._blocks.clear()

    def put(self, block: NDArray[np.float32]) -> None:
        """(480,) in ±1."""
        if self._gain:
            self._blocks.append(block)

    def add_to(self, out: NDArray[np.float32], *, is_alarm: bool) -> None:
        """Adds to ``out`` (480, 2), the same on both sides."""
        block = self._next()
        gain = self._gain if block is not None else 0.0
        gain = min(gain, UNDER_ALARM) if is_alarm else gain
        if block is None or not (gain or self._was):
            self._was = 0.0
            return
        line = np.linspace(self._was, gain, BLOCK, dtype=np.float32)
        out += (block * line)[:, None]
        self._was = gain

    def _next(self) -> NDArray[np.float32] | None:
        waiting = len(self._blocks)
        self._is_begun = waiting > self._wait or (self._is_begun and waiting > 0)
        if not self._is_begun:
            return None
        if waiting > self._wait + SLACK:
            self._blocks.popleft()
        try:
            return self._blocks.popleft()
        except IndexError:  # it was ended between the two lines
            return None
