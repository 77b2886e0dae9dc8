"""Figures of the last ten minutes, drawn with pyqtgraph: sound, processor, and the site's link.

Imported by who opens the page: it takes a third of a second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets import paint
from widgets.contracts.rows import EngineHistory, History, SiteHistory
from widgets.labels import Words
from widgets.look import Look, font
from widgets.theme import Palette

SPAN_S: Final = 600
EVERY_S: Final = 120  # between two words on the axis of time
SELDOM_S: Final = 300  # where it is narrow
NARROW_PX: Final = 24  # times the height of a letter
HEADROOM: Final = 1.15
AXIS_PX: Final = 34
FILL_ALPHA: Final = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over time. ``words``: how it is told now; empty where it is alone."""

    words: str
    values: Sequence[float]


class Plot(QWidget):
    """What is drawn, in what unit; what it is now and was at most, in words; and the curves.

    The second curve, if there is one, is dashed: told from the first without its colour.
    """

    def __init__(
        self,
        look: Look,
        inks: Sequence[Callable[[Palette], str]],
        *,
        unit: str,
        least: float,
        digits: int = 0,
    ) -> None:
        """``least``: what the axis reaches to at any rate."""
        super().__init__()
        self._look = look
        self._inks = inks
        self._unit, self._least, self._digits = unit, least, digits
        self._lines: tuple[Line, ...] = ()
        self.words, self.now = Words(look, bold=True), Words(look, ink="muted", align=paint.RIGHT)
        self.view = _view()
        self._curves = [self.view.plot(antialias=True) for _ in inks]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._column.addWidget(self.words)
        self._column.addWidget(self.now)
        self._column.addWidget(self.view, 1)

    def say(self, words: str) -> None:
        """What it shows, its unit included."""
        self.words.say(words)

    def show_lines(self, ages: Sequence[float], *lines: Line) -> None:
        self._lines = lines
        known = [0.0]
        for curve, line in zip(self._curves, lines, strict=True):
            values = np.array(line.values)
            curve.setData(np.array(ages), values, connect="finite")
            known.extend(values[np.isfinite(values)].tolist())
        self.view.setYRange(0.0, max(self._least, max(known) * HEADROOM), padding=0.02)
        self.tell()

    def tell(self) -> None:
        """The same in words, also for a screen reader."""
        self.now.say(" · ".join(self._said(line) for line in self._lines))
        self.view.setAccessibleName(f"{self.words.text()}: {self.now.text()}")

    def _said(self, line: Line) -> str:
        highest = max((one for one in line.values if not math.isnan(one)), default=math.nan)
        last = line.values[-1] if line.values else math.nan
        if line.words:
            return line.words.format(self._number(last))
        return self.tr("now {0}, highest {1}").format(self._number(last), self._number(highest))

    def _number(self, value: float) -> str:
        if math.isnan(value):
            return "–"
        return f"{QLocale().toString(value, 'f', self._digits)} {self._unit}".strip()

    def set_ticks(self) -> None:
        """Fewer words where the plot is narrow."""
        is_narrow = self.width() < NARROW_PX * self._look.metrics.small
        step = SELDOM_S if is_narrow else EVERY_S
        now, ago = self.tr("now"), self.tr("−{0} min")
        ticks = [(-s, ago.format(s // 60) if s else now) for s in range(0, SPAN_S + 1, step)]
        self.view.getAxis("bottom").setTicks([ticks])

    def set_look(self, look: Look) -> None:
        self._look = look
        m, p = look.metrics, look.palette
        for words in (self.words, self.now):
            words.set_look(look)
        self.view.setBackground(p.card)
        for n, (curve, ink) in enumerate(zip(self._curves, self._inks, strict=True)):
            style = Qt.PenStyle.DashLine if n else Qt.PenStyle.SolidLine
            curve.setPen(pg.mkPen(ink(p), width=1.5, style=style))
            if not n:
                faint = QColor(ink(p))
                faint.setAlpha(FILL_ALPHA)
                curve.setFillLevel(0.0)
                curve.setFillBrush(faint)
        self.view.getAxis("left").setWidth(AXIS_PX * m.small // 12)
        self.view.getAxis("bottom").setHeight(m.small + 10)
        self.view.getPlotItem().layout.setContentsMargins(0, 0, m.small // 2, 0)  # for "now"
        for side in ("left", "bottom"):
            axis = self.view.getAxis(side)
            axis.setPen(pg.mkPen(p.muted))
            axis.setTextPen(pg.mkPen(p.muted))
            axis.setStyle(tickFont=font(m.small - 2), tickLength=-4, tickTextOffset=4)

    def resizeEvent(self, _event: object) -> None:
        self.set_ticks()


class Plots(QWidget):
    """Of one kind at a time, side by side: ``show_sound`` or ``show_site``."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.delay = Plot(look, (_receiving, _warning), unit="ms", least=100.0)
        self.loss = Plot(look, (_warning,), unit="%", least=5.0, digits=1)
        self.cpu = Plot(look, (_good,), unit="%", least=25.0, digits=1)
        self.round_trip = Plot(look, (_receiving,), unit="ms", least=20.0, digits=1)
        self.events = Plot(look, (_good,), unit="", least=10.0, digits=1)
        self.undelivered = Plot(look, (_warning,), unit="", least=5.0)
        self._sound = (self.delay, self.loss, self.cpu)
        self._site = (self.round_trip, self.events, self.undelivered)
        self._sides = QHBoxLayout(self)
        self._sides.setContentsMargins(0, 0, 0, 0)
        for plot in self.all():
            self._sides.addWidget(plot, 1)
        self._show_only(self._sound)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def all(self) -> tuple[Plot, ...]:
        return *self._sound, *self._site

    def show_sound(self, stream: History, engine: EngineHistory) -> None:
        self._show_only(self._sound)
        delay, jitter = self.tr("now {0}"), self.tr("jitter (- -) {0}")
        self.delay.show_lines(
            stream.age_s, Line(delay, stream.delay_ms), Line(jitter, stream.jitter_ms)
        )
        self.loss.show_lines(stream.age_s, Line("", stream.loss_percent))
        self.cpu.show_lines(engine.age_s, Line("", engine.cpu_percent))

    def show_site(self, site: SiteHistory) -> None:
        self._show_only(self._site)
        self.round_trip.show_lines(site.age_s, Line("", site.round_trip_ms))
        self.events.show_lines(site.age_s, Line("", site.events_a_second))
        self.undelivered.show_lines(site.age_s, Line("", site.undelivered))

    def _show_only(self, shown: Sequence[Plot]) -> None:
        for plot in self.all():
            plot.setVisible(plot in shown)

    def retranslate(self) -> None:
        self.delay.say(self.tr("Delay and jitter, ms"))
        self.loss.say(self.tr("Lost, %"))
        self.cpu.say(self.tr("Processor, %"))
        self.round_trip.say(self.tr("Round trip, ms"))
        self.events.say(self.tr("Events a second"))
        self.undelivered.say(self.tr("Undelivered events"))
        for plot in self.all():
            plot.set_ticks()
            plot.tell()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._sides.setSpacing(look.metrics.gap + 5)
        for plot in self.all():
            plot.set_look(look)
        self.retranslate()


def _receiving(p: Palette) -> str:
    return p.receiving


def _warning(p: Palette) -> str:
    return p.warning


def _good(p: Palette) -> str:
    return p.good


def _view() -> Any:
    """A plot that nobody drags."""
    view = pg.PlotWidget()
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.setMenuEnabled(False)
    view.hideButtons()
    view.setMouseEnabled(x=False, y=False)
    view.setXRange(-SPAN_S, 0, padding=0.04)
    view.showGrid(x=False, y=True, alpha=0.25)
    view.getAxis("bottom").setStyle(hideOverlappingLabels=False)  # nor those at its ends
    view.setMinimumHeight(60)
    return view
