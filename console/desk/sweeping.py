"""Python's collector of cycles, kept from holding Qt's thread up.

A full collection looks at every object there is: with 2,000 units that is 70 ms in which no key is
answered. What has survived one is therefore set aside (:func:`gc.freeze`), so that the next looks
only at what has come since; once an hour, while nobody speaks and no alarm is open, at all of it.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

FULL: Final = 2  # the oldest generation
SWEEP_S: Final = 3_600.0
LOOK_MS: Final = 10_000


class Sweeper(QObject):
    """``is_quiet``: whether a short pause is noticed by nobody just now."""

    def __init__(
        self,
        is_quiet: Callable[[], bool],
        parent: QObject,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._is_quiet = is_quiet
        self._now_s = now_s
        self._swept_s = now_s()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        gc.callbacks.append(_set_aside)
        self._timer.start()

    def stop(self) -> None:
        """What was set aside is looked at again, as in any other program."""
        self._timer.stop()
        if _set_aside in gc.callbacks:
            gc.callbacks.remove(_set_aside)
            gc.unfreeze()

    def look(self) -> None:
        if self._now_s() - self._swept_s >= SWEEP_S and self._is_quiet():
            gc.unfreeze()
            gc.collect()
            self._swept_s = self._now_s()


def _set_aside(phase: str, told: Mapping[str, Any]) -> None:
    if phase == "stop" and told["generation"] == FULL:
        gc.freeze()
