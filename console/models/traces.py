"""Ten minutes of a few figures, in a ring of fixed size. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final

from audio import protocol

HISTORY_S: Final = 600.0
MAX_MOMENTS: Final = 700  # then the oldest goes
NOTHING: Final = float("nan")


class Trace:
    """``width`` figures a moment, 4 bytes each; NaN where there is nothing to say."""

    def __init__(self, width: int) -> None:
        self._times_s = array("d")
        self._columns = tuple(array("f") for _ in range(width))
        self._next = 0
        self.told_s = 0.0

    def note(self, now_s: float, *figures: float) -> None:
        self.told_s = now_s
        if len(self._times_s) < MAX_MOMENTS:
            self._times_s.append(now_s)
            for column, figure in zip(self._columns, figures, strict=True):
                column.append(figure)
            return
        at = self._next
        self._times_s[at] = now_s
        for column, figure in zip(self._columns, figures, strict=True):
            column[at] = figure
        self._next = (at + 1) % MAX_MOMENTS

    @property
    def is_empty(self) -> bool:
        return not self._times_s

    def read(self, now_s: float) -> tuple[Sequence[float], ...]:
        """The ages (0 or less) and each figure, oldest first."""
        order = (*range(self._next, len(self._times_s)), *range(self._next))
        shown = [n for n in order if now_s - self._times_s[n] <= HISTORY_S]
        ages = [self._times_s[n] - now_s for n in shown]
        return ages, *([column[n] for n in shown] for column in self._columns)


class StreamTrace(Trace):
    """Delay, jitter and loss of one stream."""

    def __init__(self) -> None:
        super().__init__(3)
        self._counts = (0, 0)

    def note_stream(self, figures: protocol.StreamFigures, delay_ms: float, now_s: float) -> None:
        """``delay_ms``: NaN while nobody talks."""
        loss = self._loss(figures)
        jitter = figures.jitter_ms if figures.talking else NOTHING
        self.note(now_s, delay_ms, jitter, loss)

    def _loss(self, figures: protocol.StreamFigures) -> float:
        """Percent since the moment before; NaN when nothing came, or counting began anew."""
        counts = figures.packets + figures.rescued, figures.lost
        came, lost = (now - before for now, before in zip(counts, self._counts, strict=True))
        is_first, self._counts = self.is_empty, counts
        if is_first or min(came, lost) < 0 or not came + lost:
            return NOTHING
        return 100.0 * lost / (came + lost)


class CpuTrace(Trace):
    """What one process uses of a processor, in percent, from the seconds that it has used."""

    def __init__(self) -> None:
        super().__init__(1)
        self._before: tuple[float, float] | None = None  # when, seconds used

    def note_used(self, used_s: float, now_s: float) -> None:
        """Nothing is known of a new process until its second word."""
        before, self._before = self._before, (now_s, used_s)
        if before is None or used_s < before[1] or now_s <= before[0]:
            self.note(now_s, NOTHING)
        else:
            self.note(now_s, 100.0 * (used_s - before[1]) / (now_s - before[0]))

    def gone(self) -> None:
        """The process ended; the next one counts from nothing."""
        self._before = None


class SiteTrace(Trace):
    """Round trip, events a second, and what waits to be sent, of the link to the site."""

    def __init__(self) -> None:
        super().__init__(3)
        self._before: tuple[float, int] | None = None

    def note_link(
        self, round_trip_ms: float | None, applied: int, undelivered: int, now_s: float
    ) -> None:
        """``round_trip_ms``: None while there is no link."""
        before, self._before = self._before, (now_s, applied)
        rate = NOTHING
        if before is not None and applied >= before[1] and now_s > before[0]:
            rate = (applied - before[1]) / (now_s - before[0])
        trip = NOTHING if round_trip_ms is None else round_trip_ms
        self.note(now_s, trip, rate, float(undelivered))
