"""Delay and loss of one stream over the last ten minutes, drawn with pyqtgraph.

Imported by who opens the page: it takes a third of a second.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets import paint
from widgets.contracts.rows import History
from widgets.labels import Words
from widgets.look import Look, font

SPAN_S: Final = 600
EVERY_S: Final = 120  # between two words on the axis of time
LEAST_DELAY_MS: Final = 100.0  # at the top of its axis
LEAST_LOSS: Final = 5.0  # percent
HEADROOM: Final = 1.15
AXIS_PX: Final = 40
FILL_ALPHA: Final = 60


class Plots(QWidget):
    """Side by side, with one axis of time; what they show stands above them in figures too."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._history = History()
        self.delay_words, self.loss_words = Words(look, bold=True), Words(look, bold=True)
        self.delay_now = Words(look, ink="muted", align=paint.RIGHT)
        self.loss_now = Words(look, ink="muted", align=paint.RIGHT)
        self._delay, self._delay_line = _plot()
        self._loss, self._loss_line = _plot()
        self._sides = QHBoxLayout(self)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._add(self.delay_words, self.delay_now, self._delay)
        self._add(self.loss_words, self.loss_now, self._loss)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def _add(self, words: Words, now: Words, plot: QWidget) -> None:
        side, line = QVBoxLayout(), QHBoxLayout()
        side.setSpacing(2)
        line.addWidget(words)
        line.addWidget(now, 1)
        side.addLayout(line)
        side.addWidget(plot, 1)
        self._sides.addLayout(side, 1)

    def show_history(self, history: History) -> None:
        self._history = history
        ages = np.array(history.age_s)
        delays, losses = np.array(history.delay_ms), np.array(history.loss_percent)
        self._delay_line.setData(ages, delays, connect="finite")
        self._loss_line.setData(ages, losses, connect="finite")
        _set_top(self._delay, delays, LEAST_DELAY_MS)
        _set_top(self._loss, losses, LEAST_LOSS)
        self._tell()

    def _tell(self) -> None:
        """The same in words, also for a screen reader."""
        highest = _highest(self._history.delay_ms)
        self.delay_now.say(
            self.tr("now {0}, highest {1}").format(
                _number(_last(self._history.delay_ms), "ms"), _number(highest, "ms")
            )
        )
        self.loss_now.say(
            self.tr("now {0}, highest {1}").format(
                _number(_last(self._history.loss_percent), "%", 1),
                _number(_highest(self._history.loss_percent), "%", 1),
            )
        )
        self._delay.setAccessibleName(f"{self.delay_words.text()}: {self.delay_now.text()}")
        self._loss.setAccessibleName(f"{self.loss_words.text()}: {self.loss_now.text()}")

    def retranslate(self) -> None:
        self.delay_words.say(self.tr("Delay, ms"))
        self.loss_words.say(self.tr("Lost, %"))
        now, ago = self.tr("now"), self.tr("−{0} min")
        ticks = [(-s, ago.format(s // 60) if s else now) for s in range(0, SPAN_S + 1, EVERY_S)]
        for plot in (self._delay, self._loss):
            plot.getAxis("bottom").setTicks([ticks])
        self._tell()

    def set_look(self, look: Look) -> None:
        self._look = look
        m, p = look.metrics, look.palette
        self._sides.setSpacing(2 * m.gap + 4)
        for words in (self.delay_words, self.loss_words, self.delay_now, self.loss_now):
            words.set_look(look)
        for plot, line, ink in (
            (self._delay, self._delay_line, p.receiving),
            (self._loss, self._loss_line, p.warning),
        ):
            plot.setBackground(p.card)
            line.setPen(pg.mkPen(ink, width=1.5))
            faint = QColor(ink)
            faint.setAlpha(FILL_ALPHA)
            line.setFillBrush(faint)
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(pg.mkPen(p.line))
                axis.setTextPen(pg.mkPen(p.muted))
                axis.setStyle(tickFont=font(m.small - 2), tickLength=-4, tickTextOffset=4)
        self.retranslate()


def _plot() -> tuple[Any, Any]:
    """A plot that nobody drags, and its line."""
    plot = pg.PlotWidget()
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setMouseEnabled(x=False, y=False)
    plot.setXRange(-SPAN_S, 0, padding=0.04)
    plot.showGrid(x=False, y=True, alpha=0.25)
    plot.getAxis("left").setWidth(AXIS_PX)
    plot.getAxis("bottom").setStyle(hideOverlappingLabels=False)  # nor those at its ends
    plot.setMinimumHeight(60)
    return plot, plot.plot(antialias=True, fillLevel=0.0)


def _set_top(plot: Any, values: Any, least: float) -> None:
    known = values[np.isfinite(values)]
    top = max(least, float(known.max()) * HEADROOM) if known.size else least
    plot.setYRange(0.0, top, padding=0.02)


def _last(values: Sequence[float]) -> float:
    return values[-1] if values else math.nan


def _highest(values: Sequence[float]) -> float:
    return max((one for one in values if not math.isnan(one)), default=math.nan)


def _number(value: float, unit: str, digits: int = 0) -> str:
    return "–" if math.isnan(value) else f"{QLocale().toString(value, 'f', digits)} {unit}"
