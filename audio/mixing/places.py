"""Where groups are heard that nobody has placed: apart, and each in its own place. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Final

FRONT: Final = 0.0
# Brungart & Simpson's seven places, -90, -30, -10, 0, 10, 30 and 90 degrees, as pans: 5 dB between
# the ears at 10 degrees, 11 dB at 30. The far ones are taken first; the middle, where the selected
# group is, last.
PLACES: Final = (-1.0, 1.0, -0.33, 0.33, -0.67, 0.67, FRONT)


class Places:
    """A group gets a place when it first talks, and keeps it until it is forgotten."""

    def __init__(self) -> None:
        self._pans: dict[str, float] = {}

    def pan(self, stream: str) -> float:
        """The middle for one that has not talked yet."""
        return self._pans.get(stream, FRONT)

    def take(self, stream: str) -> bool:
        """``stream`` talks. True when it has got a place by that: one that the fewest share."""
        if stream in self._pans:
            return False
        taken = Counter(self._pans.values())
        self._pans[stream] = min(PLACES, key=lambda pan: taken[pan])
        return True

    def forget(self, stream: str) -> None:
        self._pans.pop(stream, None)
