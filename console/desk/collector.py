"""Python's collector of cycles, run on Qt's thread alone, and when it is least in the way.

By itself Python collects on whichever thread has just made an object. Were that one of a desk's
links, a part of the window that had died in a cycle would be destroyed there, while Qt's own thread
is at work on the same tables.

A full collection takes as long as a large frame. It comes no more often than every half a minute,
and just after a frame, so that no key waits for both.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer

from console.garbage import FULL_EVERY_S, OLDEST, Pace

LOOK_MS: Final = 1_000


class Collector(QObject):
    """In the place of Python's own, from ``start`` to ``stop``."""

    def __init__(self, parent: QObject, full_every_s: float = FULL_EVERY_S) -> None:
        super().__init__(parent)
        self._pace = Pace(full_every_s)
        self._window: QObject | None = None
        self._is_due = False  # a full collection, as soon as a frame has been painted
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        gc.disable()
        self._timer.start()

    def watch(self, window: QObject) -> None:
        """Whose frames are meant."""
        self._window = window

    def stop(self) -> None:
        self._timer.stop()
        self._forget_frame()
        gc.enable()

    def look(self) -> None:
        """What is due, once a second."""
        if self._is_due:  # nothing has been painted since the last look
            self._collect_all()
            return
        due = self._pace.due()
        if due == OLDEST:
            self._wait_for_frame()
        elif due is not None:
            gc.collect(due)

    def _wait_for_frame(self) -> None:
        if self._window is None:
            self._collect_all()
            return
        self._is_due = True
        self._window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if event.type() == QEvent.Type.UpdateRequest:
            self._forget_frame()
            self._is_due = True
            QTimer.singleShot(0, self, self._collect_all)
        return False

    def _forget_frame(self) -> None:
        self._is_due = False
        if self._window is not None:
            self._window.removeEventFilter(self)

    def _collect_all(self) -> None:
        if self._timer.isActive():
            self._forget_frame()
            self._pace.note_full()
            gc.collect()
