"""Python's collector of cycles, kept from holding a process up.

A full collection looks at every object there is: at a desk with 2,000 units that was 70 to 80 ms
in which no key was answered, and most of what it looked at were the program's own modules, classes
and functions, which never die.
"""

from __future__ import annotations

import gc
import time
from typing import Final

FULL_EVERY_S: Final = 30.0
OLDEST: Final = 2


class Pace:
    """Which generation is to be collected, in the place of Python's own choice: by its thresholds,
    but the oldest no more often than every :data:`FULL_EVERY_S`."""

    def __init__(self, full_every_s: float = FULL_EVERY_S) -> None:
        self._full_every_s = full_every_s
        self._full_s = time.monotonic()

    def due(self) -> int | None:
        """None: nothing. Each generation takes the younger ones with it."""
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [n for n, (count, most) in enumerate(counts) if count > most]
        if not due:
            return None
        is_early = time.monotonic() - self._full_s < self._full_every_s
        return OLDEST - 1 if due[-1] == OLDEST and is_early else due[-1]

    def note_full(self) -> None:
        self._full_s = time.monotonic()


def set_code_aside() -> None:
    """What is there by now is never looked at again: to be called when most is imported, and
    before anything is made that may die. Not later: a Python object that stands for a part of a
    window and dies in a cycle would stay, and stand for whatever C++ makes at its address next."""
    gc.freeze()
