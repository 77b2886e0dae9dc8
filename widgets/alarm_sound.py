"""Below the alarms while any of them sounds: pauses the tone, and says how long it is paused."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets import paint
from widgets.contracts.rows import DeskStatus
from widgets.contracts.sources import Clock
from widgets.look import Look, font
from widgets.timedbar import TimedBar

MINUTE_S: Final = 60
KEY: Final = "F6"


class AlarmSoundBar(TimedBar):
    """Filled while the tone is paused (IEC 60601-1-8: "audio paused" is shown as long as it is)."""

    pause_wanted = Signal(bool)

    TICK_MS = 500
    MARGIN = 4

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(look, clock, "volume-off", KEY, parent)
        self.button.clicked.connect(self.toggle)
        self.retranslate()

    def show_status(self, status: DeskStatus) -> None:
        is_other = status.alarm_paused_until_s != self._until_s
        self._until_s = status.alarm_paused_until_s
        self.setVisible(status.alarms_sounding > 0)
        if not is_other:
            return
        if self._until_s is None:
            self._tick.stop()
        else:
            self._tick.start()
        self.retranslate()

    def toggle(self) -> None:
        if self.isVisible():
            self.pause_wanted.emit(self._until_s is None)

    @property
    def is_paused(self) -> bool:
        return self._until_s is not None

    def _tell(self) -> None:
        words = self.tr("The alarm sounds.")
        if self._until_s is not None:
            left_s = math.ceil(self._left_s())
            left = f"{left_s // MINUTE_S}:{left_s % MINUTE_S:02}"
            words = self.tr("Alarm sound paused, {0}").format(left)
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.update()

    def retranslate(self) -> None:
        words = self.tr("Sound again") if self.is_paused else self.tr("Pause sound")
        self.button.set_words(words, words)
        self._words = ""
        self._tell()

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        ink = p.background if self.is_paused else p.text
        fill, edge = (p.warning, p.warning) if self.is_paused else (p.card, p.line)
        paint.box(painter, self.rect(), fill, edge)
        middle = self.rect().center().y()
        icon = "volume-off" if self.is_paused else "volume"
        x = 11 + paint.icon(painter, 11, middle, icon, ink, size=m.icon) + 8
        line = self.rect().adjusted(x, 0, -self.button.width() - 14, 0)
        paint.text(painter, line, self._words, ink, font(m.small, bold=self.is_paused))
        painter.end()
