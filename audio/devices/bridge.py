"""From the clock that sound is mixed by to the clock of another device, without a click.

One thread writes blocks, another reads some; the ring between them takes no lock. Time is given
from outside.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.devices.follow import Follower
from audio.devices.rates import StereoResampler
from audio.devices.ring import Ring

RATE: Final = 48_000
BLOCK: Final = 480
RING: Final = 48 * BLOCK  # frames: 0.48 s; what doesn't fit is let go
WANTED_S: Final = 0.05  # of sound that waits: the mix comes in bursts of what its device asks for
MORE_S: Final = 0.01  # after each time that it was too little
MOST_S: Final = 0.12
EXCESS_S: Final = 0.06  # above the wanted: the newest is heard, the rest is left out
LATE_S: Final = 0.03  # that a reader may wait for the next block: its device holds 80 ms
SETTLE_S: Final = 0.25  # a device that begins asks for much at once
FADE: Final = 240  # frames
_RISE: Final = np.sin(np.linspace(0.0, np.pi / 2, FADE, dtype=np.float32))[:, None] ** 2


class Bridge:
    """``write`` and ``read``: one thread each."""

    def __init__(self, follower: Follower | None = None) -> None:
        self._ring = Ring(RING)
        self._written_s = float("-inf")
        self._follower = follower or Follower()
        self._resampler = StereoResampler(1.0)
        self._wanted_s = WANTED_S
        self._quiet_until_s = float("-inf")
        self._rising = False  # out of silence
        self.is_open = False  # sound goes through
        self.resyncs = 0  # times at which it was waited for, or left out

    @property
    def waiting_s(self) -> float:
        """Of sound."""
        return self._ring.filled / RATE

    @property
    def is_dry(self) -> bool:
        """The next block should be here and is not; what the device holds gives it a moment."""
        return self.is_open and self._ring.filled < BLOCK

    def write(self, block: NDArray[np.float32], now_s: float) -> None:
        self._ring.write(block)
        self._written_s = now_s

    def restart(self, now_s: float) -> None:
        """Another device reads."""
        self.is_open = False
        self._quiet_until_s = now_s + SETTLE_S

    def read(self, now_s: float) -> NDArray[np.float32]:
        """(n, 2): ten milliseconds by the reader's clock, or one frame more or less."""
        if not self.is_open and not self._may_open(now_s):
            return np.zeros((BLOCK, 2), np.float32)
        if self._ring.filled < BLOCK:
            self._starve(now_s)
            return np.zeros((BLOCK, 2), np.float32)
        if self._ring.filled > (self._wanted_s + EXCESS_S) * RATE:
            block = self._leap()
        else:
            block = self._take()
        return self._resampler.process(block, self._bend(now_s))

    def _may_open(self, now_s: float) -> bool:
        """Once enough waits; what is too old by then is let go."""
        excess = self._ring.filled - round(self._wanted_s * RATE)
        if excess < 0 or now_s < self._quiet_until_s:
            return False
        self._let_go(excess)
        self._follower.restart()
        self.is_open = True
        self._rising = True
        return True

    def _starve(self, now_s: float) -> None:
        """Longer is waited from now on."""
        self.is_open = False
        self.resyncs += 1
        self._wanted_s = min(self._wanted_s + MORE_S, MOST_S)
        self._quiet_until_s = now_s

    def _take(self) -> NDArray[np.float32]:
        block = np.empty((BLOCK, 2), np.float32)
        self._ring.read_into(block)
        if self._rising:
            self._rising = False
            block[:FADE] *= _RISE
        return block

    def _leap(self) -> NDArray[np.float32]:
        """From what would have been next into what is due now."""
        self.resyncs += 1
        before = self._take()
        self._let_go(self._ring.filled - round(self._wanted_s * RATE))
        after = self._take()
        after[:FADE] = before[:FADE] * (1 - _RISE) + after[:FADE] * _RISE
        self._follower.restart()
        return after

    def _let_go(self, frames: int) -> None:
        if frames > 0:
            self._ring.read_into(np.empty((frames, 2), np.float32))

    def _bend(self, now_s: float) -> float:
        """Blocks come whole; what the writer has made of the next one is counted too, by time."""
        since_s = min(max(now_s - self._written_s, 0.0), MOST_S)
        return self._follower.look((self._ring.filled + BLOCK) / RATE + since_s, self._wanted_s)
