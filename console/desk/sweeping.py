"""What has died at a desk and was not let go at once goes once an hour, while nobody speaks and no
alarm is open: it holds Qt's thread up for a tenth of a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from console import garbage

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
        garbage.set_survivors_aside()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        garbage.stop_setting_aside()

    def look(self) -> None:
        if self._now_s() - self._swept_s >= SWEEP_S and self._is_quiet():
            garbage.sweep()
            self._swept_s = self._now_s()
