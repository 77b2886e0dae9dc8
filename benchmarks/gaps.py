"""How long Qt's thread is away from its loop."""

from __future__ import annotations

import time
from typing import Any, Final

from PySide6.QtCore import QObject, Qt


class Gaps:
    """How long Qt's thread was away from its loop: the time between two turns of a timer of
    ``EVERY_MS``, from ``start`` to ``stop``."""

    EVERY_MS: Final = 2

    def __init__(self) -> None:
        self.ms: list[float] = []
        self._last_s = 0.0

    def start(self) -> None:
        self._last_s = time.perf_counter()
        self._ticker = _Ticker(self._turned, self.EVERY_MS)

    def stop(self) -> None:
        self._ticker.end()

    def _turned(self) -> None:
        now_s = time.perf_counter()
        self.ms.append(1_000 * (now_s - self._last_s))
        self._last_s = now_s


class _Ticker(QObject):
    def __init__(self, turned: Any, every_ms: int) -> None:
        super().__init__()
        self._turned = turned
        self._id = self.startTimer(every_ms, Qt.TimerType.PreciseTimer)

    def timerEvent(self, _event: Any) -> None:
        self._turned()

    def end(self) -> None:
        self.killTimer(self._id)
