"""How many codes may be tried at the door, by one address and in all. Pure; bounded.

A stranger may guess, but may not use up what newcomers need: an address is counted beside those
alone that have tried as often as it has. Who comes for the first time shares with nobody who has
guessed before, and takes nothing from who mistyped once.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

WINDOW_S: Final = 60.0
TRIES_BY_RANK: Final = (30, 30, 30, 10)
"""A minute, of all addresses with no try behind them, with one, with two, and with more."""
TRIES_TOGETHER: Final = sum(TRIES_BY_RANK)
REMEMBERED_S: Final = 86_400.0
"""After its last try an address is as one that never tried."""
MAX_ADDRESSES: Final = 4_096
"""At the bound the one whose last try is oldest is forgotten."""


@dataclass(slots=True)
class _Tried:
    count: int
    last_s: float


class Tries:
    def __init__(self) -> None:
        self._tried: dict[str, _Tried] = {}  # the oldest last try first
        self._windows: tuple[deque[float], ...] = tuple(deque() for _ in TRIES_BY_RANK)

    def allows(self, host: str, now_s: float) -> bool:
        """True counts as a try until :meth:`right`; False counts nothing."""
        self._forget(now_s)
        known = self._tried.get(host)
        rank = min(known.count if known is not None else 0, len(TRIES_BY_RANK) - 1)
        window = self._windows[rank]
        while window and window[0] <= now_s - WINDOW_S:
            window.popleft()
        if len(window) >= TRIES_BY_RANK[rank]:
            return False
        window.append(now_s)
        self._note(host, now_s)
        return True

    def right(self, host: str) -> None:
        """It knew the code: whatever it tried before counts no more."""
        self._tried.pop(host, None)

    def _note(self, host: str, now_s: float) -> None:
        known = self._tried.pop(host, None)
        self._tried[host] = _Tried(known.count + 1 if known is not None else 1, now_s)
        if len(self._tried) > MAX_ADDRESSES:
            del self._tried[next(iter(self._tried))]

    def _forget(self, now_s: float) -> None:
        while self._tried:
            host, oldest = next(iter(self._tried.items()))
            if now_s - oldest.last_s < REMEMBERED_S:
                return
            del self._tried[host]
