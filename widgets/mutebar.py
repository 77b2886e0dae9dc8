"""Says that all voices are muted and for how long still, and ends it by one press."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets import paint
from widgets.contracts.sources import Clock
from widgets.look import Look, font
from widgets.timedbar import TimedBar


class MuteBar(TimedBar):
    """Above the map like the notices, but filled: nobody may take this silence for a quiet net."""

    ended = Signal()

    TICK_MS = 200
    MARGIN = 5

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(look, clock, "volume", "Ctrl+M", parent)
        self.button.clicked.connect(self.ended)
        self.retranslate()

    def show_until(self, until_s: float | None) -> None:
        """By the clock; None: nothing is muted."""
        self._until_s = until_s
        self._tell()
        if until_s is None:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()
        self.setVisible(until_s is not None)

    def _tell(self) -> None:
        left_s = math.ceil(self._left_s())
        words = self.tr("All voices are muted for {0} s more.").format(left_s)
        if words != self._words:
            self._words = words
            rest = self.tr("Alarms are heard.")
            self.setAccessibleName(f"{words} {rest}")
            self.update()

    def retranslate(self) -> None:
        self.button.set_words(self.tr("Hear voices again"), self.tr("Hear voices again"))
        self._words = ""
        self._tell()

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.warning, p.warning)
        middle = self.rect().center().y()
        ink = p.background
        x = 12 + paint.icon(painter, 12, middle, "volume-off", ink, size=m.icon) + 9
        line = self.rect().adjusted(x, 0, -self.button.width() - 18, 0)
        bold = font(m.body, bold=True)
        paint.text(painter, line, self._words, ink, bold)
        line.setLeft(line.left() + QFontMetrics(bold).horizontalAdvance(self._words) + 10)
        paint.text(painter, line, self.tr("Alarms are heard."), ink, font(m.small))
        painter.end()
