"""Keeps two clocks together: how much faster sound is to be read than it is written. Pure.

Between the engine's clock (that of the first device) and a second device's lies a queue. Its length
is steered to a wanted one by a proportional and an integral part, critically damped and slow enough
to be heard by nobody: 1,000 ppm are 1.7 cents, and about 5 are the least that listeners notice.
"""

from __future__ import annotations

from typing import Final

RATE: Final = 48_000
TICK_S: Final = 0.01
SMOOTH_S: Final = 2.0  # sound is written and read in bursts: the mean of so long is looked at
SWING: Final = 0.05  # rad/s of the loop: settled within a minute or two
PROPORTIONAL: Final = 2 * SWING  # 1/s
INTEGRAL: Final = SWING**2  # 1/s²
MAX_BEND: Final = 1_000e-6  # sound cards are within 200 ppm; what is further off is resynced


class Follower:
    """``look`` once a tick at the seconds of sound that wait."""

    def __init__(self) -> None:
        self._drift = 0.0  # of the writer's clock against the reader's, as learnt
        self.restart()

    def restart(self) -> None:
        """The queue has been filled anew. What is known of the clocks stays."""
        self._error_s = 0.0

    @property
    def drift_ppm(self) -> float:
        """By how much the writer's clock is the faster one, as far as that is known."""
        return self._drift * 1e6

    def look(self, waiting_s: float, wanted_s: float) -> float:
        """How many frames are to be made of one: below 1 where sound waits for too long."""
        self._error_s += (waiting_s - wanted_s - self._error_s) * TICK_S / SMOOTH_S
        drift = self._drift + INTEGRAL * self._error_s * TICK_S
        self._drift = min(max(drift, -MAX_BEND), MAX_BEND)
        bend = self._drift + PROPORTIONAL * self._error_s
        return 1.0 - min(max(bend, -MAX_BEND), MAX_BEND)
