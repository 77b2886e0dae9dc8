"""One contact: a press at once, a release when it has lasted, and what is wrong with it.

Pure: the time is given. A bouncing contact opens and closes for some milliseconds at each move;
that must neither cut a word nor turn a latch twice.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Literal

SETTLE_S: Final = 0.03
"""A release counts when the contact has been open for so long; mechanical ones settle in 5 to 20
ms. It also joins the pairs of release and press that X11 makes of a key's repetition."""
HELD_S: Final = 65.0
"""Longer than anybody may talk: something stands on the pedal, or it is broken."""
BOUNCES: Final = 6
WITHIN_S: Final = 10.0

Trouble = Literal["", "held", "chattering"]


class Contact:
    """``counts_bounces`` False: where the system itself repeats a key that is held."""

    def __init__(self, *, is_down: bool = False, counts_bounces: bool = True) -> None:
        """``is_down``: at the start already. That is no press: it has to be let go first."""
        self._raw = is_down
        self._told = False
        self._is_stale = is_down
        self._counts = counts_bounces
        self._open_since_s = 0.0
        self._down_since_s = 0.0
        self._bounces: deque[float] = deque(maxlen=BOUNCES)

    @property
    def is_down(self) -> bool:
        """As it was told last."""
        return self._told

    @property
    def is_closed(self) -> bool:
        """As it is, whatever was told."""
        return self._raw

    def move(self, down: bool, now_s: float) -> tuple[bool, ...]:
        """What is to be told, in order."""
        if down == self._raw:
            return ()
        told = self.passed(now_s) if down else ()
        self._raw = down
        if not down:
            self._open_since_s = now_s
            return told
        if self._told or self._is_stale:
            if self._counts:
                self._bounces.append(now_s)
            return told
        self._told = True
        self._down_since_s = now_s
        return (*told, True)

    def passed(self, now_s: float) -> tuple[bool, ...]:
        """Time has gone by; a release may have lasted."""
        if self._raw or now_s - self._open_since_s < SETTLE_S:
            return ()
        self._is_stale = False
        if not self._told:
            return ()
        self._told = False
        return (False,)

    def trouble(self, now_s: float) -> Trouble:
        if self._is_stale or (self._told and now_s - self._down_since_s > HELD_S):
            return "held"
        recent = [at_s for at_s in self._bounces if now_s - at_s <= WITHIN_S]
        return "chattering" if len(recent) >= BOUNCES else ""
