"""Where units have been since this desk first heard of them: in memory, bounded, never stored."""

from __future__ import annotations

import math
from array import array
from collections.abc import Container, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from widgets.map.table import MAX_UNITS

Floats = NDArray[np.float64]

MAX_POINTS: Final = 96  # of a unit; half of them go when there are more
APART: Final = 1e-6  # world units, some 20 m in Norway: less is the receiver's own noise
APART_S: Final = 10.0
FIELDS: Final = 3


class Trails:
    """Points come in the order of their time; an older one than the last is no news."""

    def __init__(self) -> None:
        self._kept: dict[str, array[float]] = {}
        self.shown: dict[str, None] = {}  # whose trail is drawn, in the order of asking

    def note(self, key: str, x: float, y: float, at_s: float) -> None:
        """World units; ``at_s`` in unix seconds. NaN is no place."""
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) < MAX_UNITS and math.isfinite(x + y):
                self._kept[key] = array("d", (x, y, at_s))
            return
        last_x, last_y, last_s = kept[-FIELDS:]
        far = abs(x - last_x) + abs(y - last_y)
        if at_s - last_s < APART_S or not APART <= far < math.inf:
            return
        if len(kept) >= FIELDS * MAX_POINTS:
            del kept[: FIELDS * MAX_POINTS // 2]
        kept.extend((x, y, at_s))

    def points(self, key: str) -> Floats:
        """(n, 3): x, y in world units and unix seconds, the oldest first."""
        kept: Sequence[float] = self._kept.get(key, ())
        return np.array(kept, np.float64).reshape(-1, FIELDS)

    def has_way(self, key: str) -> bool:
        """Whether it has been seen in more than one place."""
        return len(self._kept.get(key, ())) > FIELDS

    def toggle(self, key: str) -> bool:
        """Whether it is shown now."""
        if key in self.shown:
            del self.shown[key]
            return False
        self.shown[key] = None
        return True

    def forget(self, key: str) -> None:
        self._kept.pop(key, None)
        self.shown.pop(key, None)

    def keep_only(self, keys: Container[str]) -> None:
        for key in [key for key in self._kept if key not in keys]:
            self.forget(key)
