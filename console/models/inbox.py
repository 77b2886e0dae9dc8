"""From any thread into Qt's: a bounded queue that wakes the event loop once per batch."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal

MAX_WAITING: Final = 20_000
"""Items a hung window may be behind. One more and everything is let go: the reader then starts
over from the log, which has it all."""


class Inbox(QObject):
    """``post`` from any thread; ``arrived`` fires on the Qt thread with a tuple of items."""

    arrived = Signal(tuple)
    overflowed = Signal()
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: deque[object] = deque()
        self._lock = threading.Lock()
        self._awake = False
        self._overflow = False
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, item: object) -> None:
        with self._lock:
            if len(self._items) >= MAX_WAITING:
                self._items.clear()
                self._overflow = True
            self._items.append(item)
            wake, self._awake = not self._awake, True
        if wake:
            self._woken.emit()

    def _deliver(self) -> None:
        with self._lock:
            items = tuple(self._items)
            self._items.clear()
            self._awake = False
            overflow, self._overflow = self._overflow, False
        if overflow:
            self.overflowed.emit()
            return
        self.arrived.emit(items)
