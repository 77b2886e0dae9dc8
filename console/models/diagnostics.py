"""How the sound engine does: its own figures, each stream's, and ten minutes of delay and loss.

The engine tells once a second in any case; that is noted for all streams, so that who opens the
page sees what was before. Rows are made only when somebody asks for them.
"""

from __future__ import annotations

import time
from array import array
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from audio import protocol
from console.models.status import StatusModel
from widgets.contracts.rows import EngineFigures, History, SiteLinkFigures, StreamRow

HISTORY_S: Final = 600.0
MAX_MOMENTS: Final = 700  # of one stream, 11 KB; then the oldest goes
MAX_TRACES: Final = protocol.MAX_STREAMS  # then the one that was told of longest ago goes
CPU_MOMENTS: Final = 11  # the share is over ten seconds
SAMPLES_PER_MS: Final = 48
NOTHING: Final = float("nan")


class Trace:
    """One stream's last ten minutes, in a ring."""

    def __init__(self) -> None:
        self._times_s = array("d")
        self._delays_ms = array("f")
        self._losses = array("f")
        self._next = 0
        self._counts = (0, 0)
        self.told_s = 0.0

    def note(self, figures: protocol.StreamFigures, delay_ms: float, now_s: float) -> None:
        """``delay_ms``: NaN while nobody talks."""
        self.told_s = now_s
        loss = self._loss(figures)
        if len(self._times_s) < MAX_MOMENTS:
            self._times_s.append(now_s)
            self._delays_ms.append(delay_ms)
            self._losses.append(loss)
            return
        at = self._next
        self._times_s[at], self._delays_ms[at], self._losses[at] = now_s, delay_ms, loss
        self._next = (at + 1) % MAX_MOMENTS

    def _loss(self, figures: protocol.StreamFigures) -> float:
        """Percent since the moment before; NaN when nothing came, or counting began anew."""
        counts = figures.packets + figures.rescued, figures.lost
        came, lost = (now - before for now, before in zip(counts, self._counts, strict=True))
        is_first, self._counts = not self._times_s, counts
        if is_first or min(came, lost) < 0 or not came + lost:
            return NOTHING
        return 100.0 * lost / (came + lost)

    def history(self, now_s: float) -> History:
        order = (*range(self._next, len(self._times_s)), *range(self._next))
        shown = [n for n in order if now_s - self._times_s[n] <= HISTORY_S]
        return History(
            [self._times_s[n] - now_s for n in shown],
            [self._delays_ms[n] for n in shown],
            [self._losses[n] for n in shown],
        )


class DiagnosticsModel(QObject):
    """Implements widgets.contracts.sources.DiagnosticsSource.

    ``name`` and ``order``: the tiles'."""

    changed = Signal()

    def __init__(
        self,
        status: StatusModel,
        *,
        name: Callable[[str], str],
        order: Callable[[], Sequence[str]],
        ticks_s: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._status = status
        self._name = name
        self._order = order
        self._ticks_s = ticks_s
        self._told: protocol.Status | None = None
        self._site = SiteLinkFigures()
        self._traces: dict[str, Trace] = {}
        self._cpu: deque[tuple[float, float]] = deque(maxlen=CPU_MOMENTS)  # when, seconds
        status.changed.connect(self._look_at_link)

    def take(self, told: protocol.Event) -> None:
        """What the engine says, whatever it is."""
        if not isinstance(told, protocol.Status):
            return
        now_s = self._ticks_s()
        if self._cpu and told.cpu_s < self._cpu[-1][1]:  # another engine
            self._cpu.clear()
        self._cpu.append((now_s, told.cpu_s))
        for figures in told.streams:
            trace = self._traces.setdefault(figures.stream, Trace())
            trace.note(figures, _delay_ms(figures, told), now_s)
        self._forget(now_s)
        self._told = told
        self.changed.emit()

    def take_site(self, figures: SiteLinkFigures) -> None:
        """How the link to the site stands now."""
        if figures != self._site:
            self._site = figures
            self.changed.emit()

    def _forget(self, now_s: float) -> None:
        for key in [k for k, one in self._traces.items() if now_s - one.told_s > HISTORY_S]:
            del self._traces[key]
        while len(self._traces) > MAX_TRACES:
            del self._traces[min(self._traces, key=lambda key: self._traces[key].told_s)]

    def _look_at_link(self) -> None:
        if self._told is not None and self._status.status().engine_link != "up":
            self._told = None
            self._cpu.clear()
            self.changed.emit()

    # -- what the widgets ask -----------------------------------------------------------------

    def engine(self) -> EngineFigures | None:
        told = self._told
        if told is None:
            return None
        recall = told.recall
        return EngineFigures(
            device=told.device if told.device_state == "playing" else "",
            device_latency_ms=told.device_latency_ms,
            ahead_ms=told.ahead_ms,
            underflows=told.underflows,
            tick_ms_p99=told.tick_ms_p99,
            cpu_share=self._cpu_share(),
            refused_commands=told.refused_commands,
            kept=recall.bursts,
            kept_bytes=recall.bytes,
            not_kept=recall.lost,
            damaged=recall.damaged,
            publications=len(told.publications),
            unsent=told.unsent,
        )

    def _cpu_share(self) -> float | None:
        if len(self._cpu) < 2:
            return None
        (from_s, before_s), (until_s, after_s) = self._cpu[0], self._cpu[-1]
        return (after_s - before_s) / (until_s - from_s) if until_s > from_s else None

    def site(self) -> SiteLinkFigures:
        return self._site

    def streams(self) -> Sequence[StreamRow]:
        told = self._told
        if told is None:
            return ()
        places = {key: place for place, key in enumerate(self._order())}
        known = sorted(told.streams, key=lambda one: places.get(one.stream, len(places)))
        return tuple(self._row(one, told) for one in known)

    def stream(self, key: str) -> StreamRow | None:
        told = self._told
        found = (one for one in told.streams if one.stream == key) if told else iter(())
        return next((self._row(one, told) for one in found if told), None)

    def history(self, key: str) -> History:
        trace = self._traces.get(key)
        return trace.history(self._ticks_s()) if trace is not None else History()

    def _row(self, figures: protocol.StreamFigures, told: protocol.Status) -> StreamRow:
        return StreamRow(
            key=figures.stream,
            name=self._name(figures.stream),
            talking=figures.talking,
            secured=figures.spec.srtp is not None,
            delay_ms=_delay_ms(figures, told) if figures.talking else None,
            jitter_ms=figures.jitter_ms if figures.talking else None,
            packets=figures.packets,
            lost=figures.lost,
            late=figures.late,
            concealed_ms=figures.concealed / SAMPLES_PER_MS,
            rescued=figures.rescued,
            refused=figures.refused,
            pan=figures.pan,
        )


def _delay_ms(figures: protocol.StreamFigures, told: protocol.Status) -> float:
    """From the packet's coming until its sound leaves the engine."""
    return figures.delay_ms + told.ahead_ms if figures.talking else NOTHING
