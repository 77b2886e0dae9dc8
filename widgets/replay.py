"""The line that says what is heard again: which group, who, when, how fast, and how to stop it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import paint, times
from widgets.buttons import FlatButton
from widgets.contracts.rows import Replay
from widgets.look import Look, font
from widgets.tips import tip

NOTHING_MS: Final = 4_000  # that there was nothing to be heard is said for so long


class ReplayBar(QWidget):
    """Above the map, so that neither tiles nor alarms move when it comes or goes."""

    stop_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._replay: Replay | None = None
        self.stop = FlatButton(look, icon_name="x", key="Esc", parent=self)
        self.stop.clicked.connect(self.stop_wanted)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(NOTHING_MS)
        self._leave.timeout.connect(self.hide)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.retranslate()
        self.hide()

    @property
    def is_playing(self) -> bool:
        """Whether there is something to stop."""
        return self._replay is not None and self._replay.state != "nothing"

    def show_replay(self, replay: Replay | None) -> None:
        if replay == self._replay:
            return
        self._replay = replay
        self._leave.stop()
        if replay is not None and replay.state == "nothing":
            self._leave.start()
        self.stop.setVisible(self.is_playing)
        self._describe()
        self.setVisible(replay is not None)

    def _describe(self) -> None:
        words = " ".join(part for part in (self._what(), self._detail()) if part)
        self.setAccessibleName(words)
        self.setToolTip(tip(words))
        self.update()

    def _what(self) -> str:
        replay = self._replay
        if replay is None:
            return ""
        words = {
            "playing": self.tr("Replaying {0}"),
            "waiting-live": self.tr("Replay of {0} waits: the selected group talks"),
            "waiting-alarm": self.tr("Replay of {0} waits: alarm"),
            "nothing": self.tr("Nothing to replay."),
        }
        return words[replay.state].format(replay.group)

    def _detail(self) -> str:
        replay = self._replay
        if replay is None or replay.state == "nothing":
            return ""
        parts = [replay.who or self.tr("Unknown"), times.clock(replay.time_s)]
        if replay.speed != 1.0:
            parts.append(f"{replay.speed:g}×".replace(".", self.locale().decimalPoint()))
        if replay.remaining:
            parts.append(self.tr("{0} more").format(replay.remaining))
        return " · ".join(parts)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.stop.set_look(look)
        self.updateGeometry()
        self._place()
        self.update()

    def retranslate(self) -> None:
        self.stop.set_words(self.tr("Stop"), self.tr("Stop the replay"))
        self._place()
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(200, self._look.metrics.row + 6)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        size = self.stop.sizeHint()
        y = (self.height() - size.height()) // 2
        self.stop.setGeometry(self.width() - size.width() - 8, y, size.width(), size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.receiving, 1.5)
        middle = self.rect().center().y() + 1
        x = 12 + paint.icon(painter, 12, middle, "history", p.receiving, size=m.icon)
        right = self.stop.x() if self.is_playing else self.width()
        rest = QRect(x + 9, 0, right - x - 21, self.height())
        bold = font(m.small, bold=True)
        paint.text(painter, rest, self._what(), p.text, bold)
        rest.setLeft(rest.left() + QFontMetrics(bold).horizontalAdvance(self._what()) + 12)
        paint.text(painter, rest, self._detail(), p.muted, font(m.small))
        painter.end()
