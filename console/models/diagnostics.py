"""How the sound engine and the link to the site do: figures of now, and of the last ten minutes.

Both tell once a second in any case; that is noted, for all streams, so that who opens the page
sees what was before. Rows are made only when somebody asks for them.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from audio import protocol
from console.models.status import StatusModel
from console.models.traces import HISTORY_S, NOTHING, CpuTrace, SiteTrace, StreamTrace
from widgets.contracts.rows import (
    EngineFigures,
    EngineHistory,
    History,
    SiteHistory,
    SiteLinkFigures,
    StreamRow,
)

MAX_TRACES: Final = protocol.MAX_STREAMS  # then the one that was told of longest ago goes
CPU_MOMENTS: Final = 11  # the share is over ten seconds
SAMPLES_PER_MS: Final = 48


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
        self._traces: dict[str, StreamTrace] = {}  # 14 KB each
        self._cpu_trace, self._site_trace = CpuTrace(), SiteTrace()
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
        self._cpu_trace.note_used(told.cpu_s, now_s)
        for figures in told.streams:
            trace = self._traces.setdefault(figures.stream, StreamTrace())
            trace.note_stream(figures, _delay_ms(figures, told), now_s)
        self._forget(now_s)
        self._told = told
        self.changed.emit()

    def take_site(self, figures: SiteLinkFigures) -> None:
        """How the link to the site stands now: asked for once a second, noted also when it is the
        same."""
        trip = figures.round_trip_ms if figures.link == "up" else None
        self._site_trace.note_link(trip, figures.applied, figures.undelivered, self._ticks_s())
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
            self._cpu_trace.gone()
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
        return History(*trace.read(self._ticks_s())) if trace is not None else History()

    def engine_history(self) -> EngineHistory:
        return EngineHistory(*self._cpu_trace.read(self._ticks_s()))

    def site_history(self) -> SiteHistory:
        return SiteHistory(*self._site_trace.read(self._ticks_s()))

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
