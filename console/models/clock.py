"""The wall clock, as the widgets are given it."""

from __future__ import annotations

import time


class WallClock:
    def now_s(self) -> float:
        """Unix seconds."""
        return time.time()
