"""Layouts, made in pieces while the last one is shown: when one is due, and how it comes about."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from widgets.map.layout import Layout
from widgets.map.pace import Pace, Steps, finished

RANK: Final = 2  # after news and pictures
PRESSING_RANK: Final = -1
SHARE: Final = 0.2  # of the time goes into layouts when nothing presses


class Making(QObject):
    """``is_stale``: what is shown was begun before the units or the camera last changed."""

    made = Signal(object)  # a Layout

    def __init__(self, begin: Callable[[], Steps[Layout]], pace: Pace, parent: QObject) -> None:
        super().__init__(parent)
        self._begin, self._pace = begin, pace
        self._steps: Steps[Layout] | None = None
        self.is_stale = True
        self.presses = False  # somebody alarms or speaks, and what is shown does not say so
        self.pressed = False  # that was why the last one was begun
        self._spent_s = self._ended_s = 0.0  # of the last one
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(lambda: pace.wake(self._some))
        pace.add(self._some, RANK)

    @property
    def is_busy(self) -> bool:
        return self._steps is not None

    @property
    def wait_ms(self) -> int:
        """Until the next one is begun, at the earliest."""
        return self._due.remainingTime() if self._due.isActive() else 0

    def refresh(self, *, at_once: bool = False, presses: bool = False) -> None:
        """One that needs not be made ``at_once`` waits so long after the last that they take but a
        share of the time. One that ``presses`` goes before all other work, also when it can only
        begin after another one."""
        self.is_stale = True
        self.presses = self.presses or presses
        at_once = at_once or self.presses
        if self.presses:
            self._pace.add(self._some, PRESSING_RANK)
        if self._steps is not None or self._pace.is_awake(self._some):
            return
        due_s = 0.0 if at_once else self._ended_s + self._spent_s / SHARE
        wait_ms = max(0, round(1_000 * (due_s - time.monotonic())))
        if wait_ms == 0:
            self._due.stop()
            self._pace.wake(self._some)
        elif not self._due.isActive() or self._due.remainingTime() > wait_ms:
            self._due.start(wait_ms)

    def halt(self) -> None:
        """What was begun is of no use any more."""
        self._due.stop()
        self._pace.rest(self._some)
        self.is_stale = self.is_stale or self._steps is not None
        self._steps = None

    def now(self) -> Layout:
        """Of what is there now, at once: only where nothing can be shown before it is made."""
        self.halt()
        self._start()
        assert self._steps is not None
        layout = finished(self._steps)
        self._end()
        return layout

    def _start(self) -> None:
        self.pressed, self.presses = self.presses, False
        self.is_stale, self._spent_s = False, 0.0
        self._steps = self._begin()

    def _some(self) -> bool:
        if self._steps is None:
            self._start()
        assert self._steps is not None
        began_s = time.perf_counter()
        try:
            next(self._steps)
        except StopIteration as end:
            self._spent_s += time.perf_counter() - began_s
            self._end()
            self.made.emit(end.value)
            return False
        except BaseException:  # the next one begins anew
            self._end()
            self.is_stale = True
            raise
        self._spent_s += time.perf_counter() - began_s
        return True

    def _end(self) -> None:
        self._steps, self._ended_s = None, time.monotonic()
        if not self.presses:
            self._pace.add(self._some, RANK)
