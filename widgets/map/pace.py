"""When the map's own work has its turn: at once while nothing presses, else just after a frame.

Between a hand's move and the picture of it nothing else may stand. Work that is cut into pieces is
therefore done in the gap between a frame and when the next one is likely to come, and freely when
none has come for a while; each piece is short enough for the window to stay quick in any case.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer

S = TypeVar("S")
T = TypeVar("T")
Steps = Generator[None, None, T]
"""Work that can be left for a while wherever it yields."""

Job = Callable[[], bool]
"""Does a piece of its work, a millisecond at the most; True: there is more of it."""

SLICE_S: Final = 0.004  # of work before Qt has its turn again
HAND_SLICE_S: Final = 0.0015  # while a hand moves the map
AHEAD_S: Final = 0.002  # before the next frame work ends
FRAME_S: Final = (0.008, 0.033)  # from one frame to the next, at the least and at the most
LAST: Final = 3  # frames that tell how fast the next one will come
IDLE_S: Final = 0.030  # after a frame none is waited for longer
STARVED_S: Final = 0.100  # so long frames may leave no time at all for work


class Pace(QObject):
    """The first job that has work, by rank, has every turn; those of one rank take turns."""

    def __init__(
        self,
        is_pressed: Callable[[], bool],
        parent: QObject | None = None,
        now_s: Callable[[], float] = time.perf_counter,
    ) -> None:
        """``is_pressed``: whether a hand moves what is shown at this time."""
        super().__init__(parent)
        self._now_s = now_s
        self._is_pressed = is_pressed
        self._ranks: dict[Job, int] = {}
        self._jobs: dict[Job, bool] = {}  # whether each has work
        self._turned: dict[Job, int] = {}  # its last turn of all
        self._turns = 0
        self._frame_s = float("-inf")  # when the last one was begun
        self._worked_s = float("-inf")
        self._apart_s = deque((FRAME_S[0],), LAST)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._work)

    def add(self, job: Job, rank: int) -> None:
        """The smaller ``rank``, the sooner its turn; also to give it another one."""
        self._ranks[job] = rank
        self._jobs.setdefault(job, False)
        self._turned.setdefault(job, 0)

    def wake(self, job: Job) -> None:
        """It has work from now on."""
        self._jobs[job] = True
        if not self._turn.isActive():
            self._turn.start(0)

    def rest(self, job: Job) -> None:
        """It has none any more."""
        self._jobs[job] = False

    def is_awake(self, job: Job) -> bool:
        return self._jobs[job]

    def frame_begins(self) -> None:
        now_s = self._now_s()
        self._apart_s.append(min(max(now_s - self._frame_s, FRAME_S[0]), FRAME_S[1]))
        self._frame_s = now_s

    def frame_ends(self) -> None:
        """Work may go on."""
        if any(self._jobs.values()):
            self._turn.start(0)

    def _work(self) -> None:
        until_s = self._until_s()
        if until_s is None:
            wait_s = min(self._frame_s + IDLE_S, self._worked_s + STARVED_S) - self._now_s()
            self._turn.start(max(1, math.ceil(1_000 * wait_s)))
            return
        try:
            while self._now_s() < until_s and (job := self._next()) is not None:
                self._jobs[job] = False
                self._turns += 1
                self._turned[job] = self._turns
                if job():  # it may have been woken meanwhile, too
                    self._jobs[job] = True
        finally:  # a job that fails is done with, the others are not
            self._worked_s = self._now_s()
            if self._next() is not None:
                self._turn.start(0)

    def _until_s(self) -> float | None:
        """How long work may go on now; None: not before the next frame."""
        now_s = self._now_s()
        if not self._is_pressed():
            return now_s + SLICE_S
        gap_s = self._frame_s + min(self._apart_s) - AHEAD_S
        if now_s < gap_s:
            return min(now_s + HAND_SLICE_S, gap_s)
        is_free = now_s >= self._frame_s + IDLE_S or now_s >= self._worked_s + STARVED_S
        return now_s + HAND_SLICE_S if is_free else None

    def _next(self) -> Job | None:
        ready = (job for job, has_work in self._jobs.items() if has_work)
        return min(ready, key=lambda job: (self._ranks[job], self._turned[job]), default=None)


def finished(steps: Steps[T]) -> T:
    """All of it at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            done: T = end.value
            return done


class Clock:
    """Tells long loops when their piece is done."""

    PIECE_S: Final = 0.0005

    def __init__(self) -> None:
        self._due_s = time.perf_counter() + self.PIECE_S

    def is_up(self) -> bool:
        """True once for each piece."""
        now_s = time.perf_counter()
        if now_s < self._due_s:
            return False
        self._due_s = now_s + self.PIECE_S
        return True


def each(what: Iterable[S], do: Callable[[S], T]) -> Steps[list[T]]:
    """What is made of each, in pieces."""
    found, clock = [], Clock()
    for one in what:
        found.append(do(one))
        if clock.is_up():
            yield
    return found
