"""When a link's readers ask whether a quiet stream has more: all in the same moment.

Fifteen streams asked each in a moment of its own wake a desk and its server some twenty times a
second, and each waking costs more than the question: system calls, TLS and a turn of the loop.
Asked together, the questions leave in one write. Two links never keep step: desks that came at
once, as after a cut, would else ask all together, ever after.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

QUIET_S: Final = 2.0
"""A stream of which nothing was heard for so long has been asked: the last word of a server that
dies may have been stored and never told."""
FRESH: Final = 0.25
"""Of QUIET_S: what was heard of since is not asked in this round."""
APART: Final = (0.5, 0.75)
"""Of QUIET_S: between two rounds. The longest and FRESH make one."""

_CHANCE: Final = random.SystemRandom()


class Rounds:
    """Times in seconds of one monotonic clock. One for each link."""

    def __init__(self, chance: Callable[[float, float], float] = _CHANCE.uniform) -> None:
        self._chance = chance
        self._next_s = 0.0

    def next_s(self, now_s: float) -> float:
        """When the next round is: the same moment for whoever asks before it."""
        if self._next_s <= now_s:
            self._next_s = now_s + QUIET_S * self._chance(*APART)
        return self._next_s

    @staticmethod
    def is_quiet(heard_s: float, now_s: float) -> bool:
        """Whether that is to be asked now of which was heard then."""
        return now_s - heard_s >= QUIET_S * FRESH
