"""Python's collector of cycles, run on Qt's thread alone.

By itself Python collects on whichever thread has just made an object. Were that one of a desk's
links, a part of the window that had died in a cycle would be destroyed there, while Qt's own thread
is at work on the same tables.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

LOOK_MS: Final = 1_000


class Collector(QObject):
    """In the place of Python's own, from ``start`` to ``stop``."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        gc.enable()

    def look(self) -> None:
        """The oldest generation that is due, by Python's own thresholds; each takes the younger
        ones with it."""
        due = [n for n, (count, most) in enumerate(_counts()) if count > most]
        if due:
            gc.collect(due[-1])


def _counts() -> tuple[tuple[int, int], ...]:
    return tuple(zip(gc.get_count(), gc.get_threshold(), strict=True))
