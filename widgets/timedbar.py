"""What bars have in common that say for how long something is off, with a button to end it."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.buttons import FlatButton
from widgets.contracts.sources import Clock
from widgets.look import Look


class TimedBar(QWidget):
    """Hidden at first. Its sentence is told anew each ``TICK_MS`` while the tick runs."""

    TICK_MS: ClassVar[int]
    MARGIN: ClassVar[int]  # above and below the button

    def __init__(
        self, look: Look, clock: Clock, icon: str, key: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._clock = clock
        self._until_s: float | None = None
        self._words = ""
        self.button = FlatButton(look, icon_name=icon, key=key)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, self.MARGIN, 8, self.MARGIN)
        line.addStretch(1)
        line.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._tick = QTimer(self)
        self._tick.setInterval(self.TICK_MS)
        self._tick.timeout.connect(self._tell)
        self.hide()

    def _tell(self) -> None:
        """Say what is true now."""
        raise NotImplementedError

    def _left_s(self) -> float:
        """By the clock, 0 when it is over or nothing is off."""
        return max(0.0, (self._until_s or 0.0) - self._clock.now_s())

    def set_look(self, look: Look) -> None:
        self._look = look
        self.button.set_look(look)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.button.sizeHint().height() + 2 * self.MARGIN)
