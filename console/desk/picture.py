"""``--screenshot``: what the window shows, once the map stands still; then the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from widgets.app import grab
from widgets.window import DeskWindow

LOOK_MS: Final = 50
PATIENCE_S: Final = 10.0


class Picture(QObject):
    def __init__(
        self, window: DeskWindow, path: Path, leave: Callable[[int], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._path = path
        self._leave = leave
        self._until_s = 0.0

    def take_when_settled(self) -> None:
        if not self._until_s:
            self._until_s = time.monotonic() + PATIENCE_S
        if self._window.is_settled or time.monotonic() > self._until_s:
            self._take()
        else:
            QTimer.singleShot(LOOK_MS, self.take_when_settled)

    def _take(self) -> None:
        try:
            grab(self._window, self._path)
        except OSError as error:
            print(f"vaktbord: {error}", file=sys.stderr)
            self._leave(1)
            return
        print(f"vaktbord: saved {self._path}")
        self._leave(0)
