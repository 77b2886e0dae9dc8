"""From any thread into Qt's: a bounded queue that wakes the event loop once per batch."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal

MAX_WAITING: Final = 100_000
"""What a hung window may be behind, in events (some 60 MB). More, and everything is let go: the
reader then has to ask again for all of it."""


def one(_item: object) -> int:
    return 1


class Inbox(QObject):
    """``post`` from any thread; ``arrived`` fires on the Qt thread with a tuple of items.

    ``weigh`` says for how many an item counts.
    """

    arrived = Signal(tuple)
    overflowed = Signal()
    _woken = Signal()

    def __init__(
        self, parent: QObject | None = None, *, weigh: Callable[[object], int] = one
    ) -> None:
        super().__init__(parent)
        self._weigh = weigh
        self._items: deque[object] = deque()
        self._weight = 0
        self._lock = threading.Lock()
        self._awake = False
        self._overflow = False
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_empty(self) -> bool:
        """Whether all that was posted has been handed on (on the Qt thread)."""
        with self._lock:
            return not self._items and not self._overflow

    def post(self, item: object) -> None:
        weight = self._weigh(item)
        with self._lock:
            if self._weight + weight > MAX_WAITING:
                self._items.clear()
                self._weight = 0
                self._overflow = True
            self._items.append(item)
            self._weight += weight
            wake, self._awake = not self._awake, True
        if wake:
            self._woken.emit()

    def _deliver(self) -> None:
        with self._lock:
            items = tuple(self._items)
            self._items.clear()
            self._weight = 0
            self._awake = False
            overflow, self._overflow = self._overflow, False
        if overflow:
            self.overflowed.emit()
            return
        self.arrived.emit(items)
