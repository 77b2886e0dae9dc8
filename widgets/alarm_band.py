"""The alarm that waits, in one red line on top of what has a window of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import paint
from widgets.look import Look, font
from widgets.tips import tip


@dataclass(frozen=True, slots=True)
class Waiting:
    """``what`` was raised by ``who``, and ``more`` besides it; ``by_key``: F1 answers it now.
    Without ``who`` no alarm waits to be acknowledged."""

    what: str = ""
    who: str = ""
    more: int = 0
    by_key: bool = False


NOTHING: Final = Waiting()


class AlarmBand(QWidget):
    """There only while an alarm waits: where somebody reads and writes nobody may miss it.
    ``pressed``: to the alarms. No stop of Tab: F1 works wherever the keyboard is."""

    pressed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._waiting = NOTHING
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_waiting(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self.retranslate()
        self.setVisible(bool(waiting.who))

    def words(self) -> str:
        one = self._waiting
        more = self.tr("{0} more").format(one.more) if one.more else ""
        return " · ".join(part for part in (f"{one.what}: {one.who}", more) if part)

    def _deed(self) -> str:
        return self.tr("Acknowledge") if self._waiting.by_key else ""

    def retranslate(self) -> None:
        key = f"{self._deed()} (F1)" if self._waiting.by_key else ""
        self.setAccessibleName(". ".join(part for part in (self.words(), key) if part))
        self.setToolTip(tip(self.accessibleName()))
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._look.metrics.row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.alarm)
        ink, middle = p.alarm_text, self.rect().center().y() + 1
        left = 10 + paint.icon(painter, 10, middle, "alert-circle", ink, size=m.icon) + 9
        line = QRect(left, 0, self.width() - left - 10, self.height())
        if self._waiting.by_key:
            line.setRight(self._paint_key(painter, line) - 12)
        paint.text(painter, line, self.words(), ink, font(m.small, bold=True))
        painter.end()

    def _paint_key(self, painter: QPainter, line: QRect) -> int:
        """At the right end. Returns where it begins."""
        m, ink = self._look.metrics, self._look.palette.alarm_text
        wide, high = paint.key_cap_width("F1", m.small - 2), m.small + 5
        cap = QRect(line.right() - wide, line.center().y() - high // 2, wide, high)
        paint.key_cap(painter, cap, "F1", ink, ink, px=m.small - 2)
        words = QRect(line.left(), line.top(), cap.left() - 8 - line.left(), line.height())
        used = paint.text(painter, words, self._deed(), ink, font(m.small), align=paint.RIGHT)
        return words.right() - used
