"""The alarm of who sits here: a button that has to be held, and a bar that says how it stands.

Deliberate, so that nobody slips on it; silent and small, so that it can be used unseen.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QWindow
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import paint
from widgets.buttons import HoldButton, focus_ring
from widgets.contracts.rows import OwnAlarm
from widgets.contracts.sources import Clock
from widgets.heldkey import HeldKey
from widgets.look import Look, font
from widgets.timedbar import TimedBar
from widgets.tips import tip

HOLD_S: Final = 1.0
TICK_MS: Final = 50
TICKS: Final = round(HOLD_S * 1_000 / TICK_MS)
"""Counted, so that a window that hung while the key was down has not been held by that."""
CHORD: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
CHORD_KEY: Final = Qt.Key.Key_A
CHORD_PARTS: Final = (CHORD_KEY, Qt.Key.Key_Control, Qt.Key.Key_Shift)


class OwnAlarmButton(HoldButton):
    """``raised`` fires when it, or its keys, were held for a second."""

    raised = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, icon_name="alert-circle", parent=parent)
        self._ticks = 0
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.setTimerType(Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._held_on)
        self.pressed.connect(self.begin)
        self.released.connect(self.stop)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.retranslate()

    @property
    def is_held(self) -> bool:
        return self._tick.isActive()

    def begin(self) -> None:
        if not self._tick.isActive():
            self._ticks = 0
            self._tick.start()
            self.update()

    def stop(self) -> None:
        self._tick.stop()
        self._ticks = 0
        self.update()

    def _held_on(self) -> None:
        self._ticks += 1
        self.update()
        if self._ticks >= TICKS:
            self.stop()
            self.raised.emit()

    def retranslate(self) -> None:
        self.set_words(self.tr("OWN ALARM"), self.tr("Raise an alarm of this desk: hold for 1 s"))
        self.setToolTip(
            tip(self.tr("Raise an alarm of this desk: hold for 1 s, or hold Ctrl+Shift+A"))
        )

    def sizeHint(self) -> QSize:
        m = self._look.metrics
        width = QFontMetrics(font(m.small - 1, bold=True)).horizontalAdvance(self.text())
        return QSize(width + 16, m.bottom_bar - 16)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.raised if self.underMouse() else p.card, p.line)
        if self._ticks:
            high = round(self.height() * self._ticks / TICKS)
            paint.box(painter, self.rect().adjusted(0, self.height() - high, 0, 0), p.alarm, None)
        line, hint = m.small + 4, m.small + 2
        top = (self.height() - m.icon - 6 - line - hint) // 2
        ink = p.text
        paint.icon(
            painter, (self.width() - m.icon) // 2, top + m.icon // 2, "alert-circle", ink,
            size=m.icon,
        )  # fmt: skip
        words = QRect(2, top + m.icon + 6, self.width() - 4, line)
        bold = font(m.small - 1, bold=True)
        paint.text(painter, words, self.text(), ink, bold, align=paint.CENTRE)
        words.translate(0, line)
        quiet = p.text if self._ticks else p.muted
        paint.text(
            painter, words, self.tr("hold 1 s"), quiet, font(m.small - 1), align=paint.CENTRE
        )
        if self.hasFocus():
            focus_ring(painter, self.rect(), p.text)
        painter.end()


class AlarmChord(QObject):
    """Ctrl+Shift+A, wherever the focus is, also in a text field: held, not pressed."""

    def __init__(
        self, begin: Callable[[], None], stop: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._begin = begin
        self._stop = stop
        self._is_down = False
        self.held = HeldKey(self.let_go, self)

    def watch(self, window: QWindow) -> None:
        window.installEventFilter(self)

    def let_go(self) -> None:
        if self._is_down:
            self._is_down = False
            self._stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in {QEvent.Type.KeyPress, QEvent.Type.KeyRelease}:
            return isinstance(event, QKeyEvent) and self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if event.type() == QEvent.Type.KeyRelease:
            was_down = self._is_down
            if event.key() in CHORD_PARTS and not event.isAutoRepeat():
                self.held.up()
            return was_down and event.key() == CHORD_KEY
        if event.key() != CHORD_KEY or event.modifiers() != CHORD:
            return False
        is_repeat = event.isAutoRepeat() or self.held.is_still_down()
        if not is_repeat and not self._is_down:
            self._is_down = True
            self._begin()
        return True


class OwnAlarmBar(TimedBar):
    """How it stands, until it is closed; for a while with the way back."""

    cancelled = Signal()

    TICK_MS = 200
    MARGIN = 5

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(look, clock, "x", "", parent)
        self._alarm: OwnAlarm | None = None
        self.button.clicked.connect(self.cancelled)
        self.retranslate()

    def show_alarm(self, alarm: OwnAlarm | None) -> None:
        if alarm != self._alarm:
            self._alarm = alarm
            self._until_s = alarm.cancel_until_s if alarm is not None else None
            self._tell()
        if self._until_s is None:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()
        self.setVisible(alarm is not None)

    def _tell(self) -> None:
        left_s = math.ceil(self._left_s())
        self.button.setVisible(left_s > 0)
        words = self.tr("False press ({0} s)").format(left_s)
        self.button.set_words(words, words)
        said = self._sentence()
        if said != self._words:
            self._words = said
            self.setAccessibleName(said)
            self.setToolTip(tip(said))
            self.update()

    def _sentence(self) -> str:
        alarm = self._alarm
        if alarm is None:
            return ""
        if alarm.state == "not-delivered":
            return self.tr("Your alarm is not delivered yet: it goes out as soon as it can.")
        if alarm.state == "acknowledged":
            return self.tr("Your alarm was seen by {0}. Your talk key breaks in.").format(alarm.who)
        if alarm.state == "in-progress":
            return self.tr("{0} sees to your alarm. Your talk key breaks in.").format(alarm.who)
        return self.tr("Your alarm is raised, nobody has answered yet. Your talk key breaks in.")

    def retranslate(self) -> None:
        self._words = ""
        self._tell()

    def elides(self) -> bool:
        """Whether the sentence doesn't fit."""
        m = self._look.metrics
        width = QFontMetrics(font(m.small, bold=True)).horizontalAdvance(self._words)
        return width > self._line().width()

    def _line(self) -> QRect:
        button = self.button.width() + 10 if not self.button.isHidden() else 0
        return self.rect().adjusted(12 + self._look.metrics.icon + 9, 0, -button - 10, 0)

    def sizeHint(self) -> QSize:
        """As high with the button as without it: nothing jumps when it goes."""
        return QSize(200, self.button.sizeHint().height() + 2 * self.MARGIN)

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.alarm, 2)
        middle = self.rect().center().y()
        paint.icon(painter, 12, middle, "alert-circle", p.text, size=m.icon)
        paint.text(painter, self._line(), self._words, p.text, font(m.small, bold=True))
        painter.end()
